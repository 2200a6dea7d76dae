"""Making one record of two (REC-4)."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.merging import Side


@click.command(cls=Command)
@click.argument("object")
@click.argument("primary")
@click.argument("secondary")
@click.option("--take", multiple=True, metavar="PROPERTY", help="Let the secondary's value of this property stand.")
@click.option("--dry-run", is_flag=True, help="Only show what would stand, and why.")
@pass_session
def merge(session: Session, object: str, primary: str, secondary: str, take: tuple[str, ...], dry_run: bool) -> None:
    """Make one record of two: PRIMARY stands, SECONDARY fills its blanks and becomes a former name of it.

    The earliest create date, the furthest lifecycle stage and the primary's domain are kept in any case. What belonged
    to the secondary belongs to the primary then. One undo takes it all back.
    """
    from cs_workspace.workspace import merge as operations

    choices: dict[str, Side] = dict.fromkeys(take, "secondary")
    first, second = session.run(operations.two, object, primary, secondary)
    if dry_run:
        seen = session.run(operations.preview, object, first, second, choices)
        session.output.rows(
            (
                {
                    "property": each.standing.prop.name,
                    "primary": each.primary,
                    "secondary": each.secondary,
                    "result": each.result,
                    "why": each.standing.why,
                }
                for each in seen.differing
            ),
            ("property", "primary", "secondary", "result", "why"),
        )
        along = ", ".join(f"{count:,} {name}" for name, count in seen.moves.items())
        session.note(f"Nothing was changed. {along} would come along." if along else "Nothing was changed.")
        return
    moved = session.run(operations.merge, object, first, second, choices)
    session.output.record({"id": first, "former": second, "moved": moved})
