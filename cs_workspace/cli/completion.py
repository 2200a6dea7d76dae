"""The script that completes commands in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import APP, COMPLETE, Session, pass_session


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
@pass_session
def completion(session: Session, context: click.Context, shell: str) -> None:
    """Print the script for a shell, to be read by its start-up file: eval "$(cs-workspace completion bash)"."""
    kind = get_completion_class(shell)
    assert kind is not None
    root = context.find_root().command
    # Its own constructor asks bash for its version; the script is the same for all.
    made = kind(root, {}, APP, COMPLETE)
    session.output.line((made.source_template % made.source_vars()).rstrip("\n"))
