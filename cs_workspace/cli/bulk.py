"""One action on many records: set, assign, delete (ACT-6, ACT-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cs_workspace.cli.ask import confirm
from cs_workspace.cli.commands import Command
from cs_workspace.cli.progress import bar
from cs_workspace.cli.records import assignments
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage
from cs_workspace.domain.selection import Selection

if TYPE_CHECKING:
    from cs_workspace.workspace.bulk import Outcome

PARTLY_DONE = 4
ACTIONS = ("set", "assign", "delete")
NAMED = 20  # refused records that are told one by one


@click.command(cls=Command)
@click.argument("object")
@click.argument("query")
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("values", nargs=-1, metavar="[PROPERTY=VALUE...|LOGIN]")
@click.option("--dry-run", is_flag=True, help="Say what would happen and save nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting.")
@pass_session
def bulk(
    session: Session, object: str, query: str, action: str, values: tuple[str, ...], dry_run: bool, yes: bool
) -> int:
    """Do one thing with all rows of OBJECT that match QUERY, such as `bulk tickets 'owner:lee' assign dana`.

    It is one action: `undo` takes all of it back. Rows the rules refuse stay as they are and are named; then the exit
    code is 4.
    """
    from cs_workspace.workspace import bulk as operations
    from cs_workspace.workspace import records

    selection = Selection(object, query=query, count=session.run(records.count, object, query))
    if action == "delete":
        if values:
            raise Usage("delete takes no values.")
        if not dry_run:
            confirm(f"Delete {selection.count:,} {object}?", yes=yes)
            return _told(session, session.run(operations.delete, selection))
        session.output.record({"total": selection.count, "changed": selection.count, "unchanged": 0, "refused": 0})
        return 0
    texts = _texts(session, object, action, values)
    if dry_run:
        return _told(session, session.run(operations.preview, selection, texts))
    with bar(f"edit {object}") as draw:
        done = session.run(operations.change, selection, texts, draw)
    return _told(session, done)


def _texts(session: Session, object: str, action: str, values: tuple[str, ...]) -> dict[str, str]:
    from cs_workspace.workspace import records

    if action == "set":
        if not values:
            raise Usage("set needs PROPERTY=VALUE.", "Write it as renewal_date=2027-03-31.")
        return assignments(values)
    owner = session.run(records.owner_property, object)
    if len(values) != 1:
        raise Usage("assign needs one LOGIN.", "Write it as assign lee; assign '' takes the owner away.")
    return {owner: values[0]}


def _told(session: Session, outcome: Outcome) -> int:
    for each in outcome.refused[:NAMED]:
        session.note(f"{each.title or each.id} stays as it is: {each.reason}")
    if len(outcome.refused) > NAMED:
        session.note(f"And {len(outcome.refused) - NAMED:,} more.")
    session.output.record(
        {
            "total": outcome.total,
            "changed": outcome.changed,
            "unchanged": outcome.unchanged,
            "refused": len(outcome.refused),
        }
    )
    return PARTLY_DONE if outcome.refused else 0
