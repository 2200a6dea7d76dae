"""Deleting records and bringing them back (UND-4)."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Command, Group
from cs_workspace.cli.session import Session, pass_session


@click.command(cls=Command)
@click.argument("object")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@pass_session
def delete(session: Session, object: str, ids: tuple[str, ...]) -> None:
    """Put records into the bin, as one action; `undo` or `bin restore` brings them back within 90 days."""
    from cs_workspace.workspace import records

    session.output.record({"deleted": session.run(records.delete, object, ids)})


@click.group("bin", cls=Group)
def bin_() -> None:
    """What was deleted, and bringing it back."""


@bin_.command("list")
@click.argument("object", required=False)
@click.argument("words", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, help="At most so many records.")
@pass_session
def list_(session: Session, object: str | None, words: tuple[str, ...], limit: int) -> None:
    """Deleted records, of one OBJECT or of all, the latest first; those with WORDS in their name."""
    from cs_workspace.domain.clock import print_instant, zone
    from cs_workspace.workspace import bin as operations

    tz = zone(session.time_zone)
    session.output.rows(
        (
            {
                "object": each.kind.name,
                "id": each.id,
                "title": each.title,
                "deleted_at": print_instant(each.deleted_at, tz),
                "user": each.user,
                "days_left": each.days_left,
                "merged_into": each.into,
            }
            for each in session.run(operations.listing, object, " ".join(words), limit)
        ),
        ("object", "id", "title", "deleted_at", "user", "days_left", "merged_into"),
    )


@bin_.command()
@click.argument("object")
@click.argument("ids", nargs=-1, required=True, type=int, metavar="ID...")
@pass_session
def restore(session: Session, object: str, ids: tuple[int, ...]) -> None:
    """Bring records back with what belongs to them, as one action."""
    from cs_workspace.workspace import bin as operations

    session.output.record({"restored": session.run(operations.restore, object, ids)})
