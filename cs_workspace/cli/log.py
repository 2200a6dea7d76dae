"""Logging notes, calls, e-mails, meetings and tasks with a record (CUS-9)."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage

KINDS = {"note": "notes", "call": "calls", "email": "emails", "meeting": "meetings", "task": "tasks"}


@click.command(cls=Command)
@click.argument("kind", type=click.Choice(tuple(KINDS)))
@click.argument("object")
@click.argument("id")
@click.option("--title", help="A line that says what it was.")
@click.option("--body", help="The text; of a task its notes.")
@click.option("--at", metavar="TIME", help="When: now, 14:30, 'fri 9:00', -2h, 3 nov, ISO 8601. [default: now]")
@click.option("--outcome", help="How a call or meeting went, such as Connected.")
@click.option("--direction", type=click.Choice(("inbound", "outbound")), help="Of a call or e-mail.")
@click.option("--duration", metavar="D", help="Such as 15m or 1h30.")
@click.option("--due", metavar="TIME", help="When a task is due: fri, eom, 'in 3 days'. [default: tomorrow 9:00]")
@click.option("--assignee", metavar="LOGIN", help="Whose task it is; yours otherwise.")
@click.option("--priority", type=click.Choice(("none", "low", "medium", "high")), help="Of a task.")
@pass_session
def log(session: Session, /, kind: str, object: str, id: str, **given: str | None) -> None:
    """Log a KIND with a record, and so with its company and contacts. ID as `show` takes it. Prints the number."""
    from cs_workspace.workspace import log as operations
    from cs_workspace.workspace import records

    given["due_at"] = given.pop("due")
    texts = {name: text for name, text in given.items() if text is not None}
    of_task = {"due_at", "assignee", "priority", "title", "body"}
    wrong = texts.keys() - of_task if kind == "task" else texts.keys() & {"due_at", "assignee", "priority"}
    if wrong:
        options = ", ".join(f"--{name.removesuffix('_at') if name == 'due_at' else name}" for name in sorted(wrong))
        raise Usage(f"{options}: not for a {kind}.")
    if kind == "task":
        texts = {"notes" if name == "body" else name: text for name, text in texts.items()}
    (record,) = session.run(records.ids_of, object, [id])
    session.output.record({"id": session.run(operations.log, KINDS[kind], texts, (object, record))})
