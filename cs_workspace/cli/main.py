"""The headless command: its name, its global options, and where each command lives."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from cs_workspace.cli.commands import LazyGroup
from cs_workspace.cli.session import APP, COMPLETE, Session
from cs_workspace.cli.sink import guarded

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("start:demo", "Make a store with made-up data and open it."),
    "init": ("start:init", "Make an empty store."),
    "import": ("interchange:import_", "Take records in from a spreadsheet."),
    "export": ("interchange:export", "Write a list to a file."),
    "list": ("records:list_", "The rows of a list."),
    "search": ("search:search", "Records of any object by their name."),
    "show": ("records:show", "One record."),
    "set": ("records:set_", "Change a record."),
    "history": ("records:history", "What happened to a record."),
    "merge": ("merge:merge", "Make one record of two."),
    "delete": ("bin:delete", "Put records into the bin."),
    "bin": ("bin:bin_", "What was deleted, and bringing it back."),
    "views": ("views:views", "Saved views of lists."),
    "health": ("health:health", "How a health score came about and why it changed."),
    "bulk": ("bulk:bulk", "Change, assign or delete many records at once."),
    "log": ("log:log", "Log a note, call, e-mail, meeting or task with a record."),
    "follow": ("follows:follow", "Hear of what others do with records."),
    "unfollow": ("follows:unfollow", "Hear of records no longer."),
    "follows": ("follows:follows_", "The records you follow."),
    "tasks": ("tasks:tasks", "Daily work."),
    "goals": ("goals:goals", "Goals, their progress and their targets."),
    "notifications": ("notices:notifications", "What you were told of your milestones and records."),
    "pipelines": ("pipelines:pipelines", "Pipelines and their stages."),
    "panels": ("panels:panels", "What the panels of objects show."),
    "properties": ("properties:properties", "Properties of records, and those of your own."),
    "users": ("users:users", "Users, their seats, rights and SSH keys."),
    "teams": ("teams:teams", "Teams and who is in them."),
    "undo": ("undo:undo", "Take back what you did."),
    "worker": ("worker:worker", "Keep goals fresh, as a process of its own."),
    "backup": ("care:backup", "Copy the store to a file."),
    "restore": ("care:restore", "Put a backup in the store's place."),
    "migrate": ("care:migrate", "Bring the store to this program's version."),
    "doctor": ("care:doctor", "Look whether the store is well."),
    "info": ("care:info", "What the store holds."),
    "paths": ("care:paths", "Where things are kept."),
    "config": ("config:config", "Settings of the account."),
    "completion": ("completion:completion", "The script that completes commands in a shell."),
    "authorized-keys": ("keys:authorized_keys", "The line OpenSSH's AuthorizedKeysCommand wants."),
}


class Root(LazyGroup):
    """The command itself: every failure ends in the sink."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run, and leave with the exit code."""
        given = list(sys.argv[1:] if args is None else args)
        session = extra.pop("obj", None) or Session()
        extra.pop("standalone_mode", None)
        name = prog_name or APP
        if asked := os.environ.get(COMPLETE):
            from click.shell_completion import shell_complete

            sys.exit(shell_complete(self, {}, name, COMPLETE, asked))

        def act() -> object:
            with self.make_context(name, list(given), obj=session, **extra) as context:
                return self.invoke(context)

        sys.exit(guarded(act, session, given))


def _show_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"{APP} {version(APP)}")
        context.exit()


@click.command(
    APP,
    cls=Root,
    lazy=COMMANDS,
    shown=True,
    invoke_without_command=True,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show it.")
@click.pass_context
def cli(context: click.Context) -> int:
    """A customer success workspace: records, goals and daily work over SQLite or PostgreSQL.

    Without a command it opens the workspace. The global options may stand before or after a command's name. Output is
    data on standard output: a table on a terminal, JSON lines in a pipe. Exit codes: 0 done, 1 failed, 2 wrong use,
    3 store unreachable, 4 partly done, 5 refused, 130 interrupted.
    """
    if context.invoked_subcommand is None:
        from cs_workspace.cli.start import open_workspace

        return open_workspace(context.obj)
    return 0


def main() -> NoReturn:
    """The console script."""
    if sys.stdout is None or sys.stderr is None:  # closed by whoever started it: data go nowhere, errors too
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is None:
                setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # the same bytes in every locale
    cli.main(prog_name=APP)
