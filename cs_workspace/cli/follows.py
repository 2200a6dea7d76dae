"""Following records: who hears of what others do with them (REC-5)."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.selection import Selection


@click.command(cls=Command)
@click.argument("object")
@click.argument("ids", nargs=-1, required=True)
@pass_session
def follow(session: Session, object: str, ids: tuple[str, ...]) -> None:
    """Follow records: `notifications` tells what others do with them. IDS as `show` takes them."""
    from cs_workspace.workspace import follows

    session.output.record({"followed": session.run(follows.follow, _selection(session, object, ids))})


@click.command(cls=Command)
@click.argument("object")
@click.argument("ids", nargs=-1, required=True)
@pass_session
def unfollow(session: Session, object: str, ids: tuple[str, ...]) -> None:
    """Follow records no longer."""
    from cs_workspace.workspace import follows

    session.output.record({"unfollowed": session.run(follows.unfollow, _selection(session, object, ids))})


@click.command("follows", cls=Command)
@pass_session
def follows_(session: Session) -> None:
    """The records you follow."""
    from cs_workspace.workspace import follows

    rows = session.run(follows.listing)
    columns = ("object", "id", "title")
    session.output.rows(({"object": row.object, "id": row.id, "title": row.title} for row in rows), columns)


def _selection(session: Session, object: str, ids: tuple[str, ...]) -> Selection:
    from cs_workspace.workspace import records

    return Selection.of(object, *session.run(records.ids_of, object, ids))
