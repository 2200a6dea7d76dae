"""The acting user's undo list."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage

PARTLY = 4


@click.command(cls=Command)
@click.option("--list", "listed", is_flag=True, help="Show your entries instead, newest first.")
@click.option("--redo", is_flag=True, help="Do again what was undone last.")
@click.option("--entry", type=int, metavar="ID", help="Undo, or redo, this entry instead of the newest.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Entries of --list.")
@pass_session
def undo(session: Session, listed: bool, redo: bool, entry: int | None, limit: int) -> int:
    """Take back what you did last. What was changed since, or is needed, is left alone and named: exit code 4."""
    from cs_workspace.workspace import undo as operations

    if listed and (redo or entry is not None):
        raise Usage("--list takes neither --redo nor --entry.")
    if listed:
        _list(session, limit)
        return 0
    done = session.run(operations.redo if redo else operations.undo, entry)
    session.output.record(
        {
            "redone" if redo else "undone": done.label.removeprefix("undo: "),
            "changed": done.changed,
            "left": [
                f"{left.object} {left.record}{f' {left.property}' if left.property else ''}" for left in done.left
            ],
        }
    )
    if done.left:
        what = "One change was" if len(done.left) == 1 else f"{len(done.left)} changes were"
        session.note(f"{what} left alone, for it was changed or is needed since: {'; '.join(done.names)}.")
    return PARTLY if done.left else 0


def _list(session: Session, limit: int) -> None:
    from cs_workspace.domain.clock import print_instant, zone
    from cs_workspace.workspace import undo as operations

    tz = zone(session.time_zone)
    session.output.rows(
        (
            {
                "entry": each.id,
                "at": print_instant(each.at, tz),
                "source": each.source,
                "action": each.label,
                "changes": each.changes,
                "undone": each.undone,
            }
            for each in session.run(operations.entries, limit)
        ),
        ("entry", "at", "source", "action", "changes", "undone"),
    )
