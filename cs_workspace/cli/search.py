"""Finding any record by a few letters of its name."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import Session, pass_session


@click.command(cls=Command)
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--object", "objects", multiple=True, metavar="OBJECT", help="Only records of this object; several times."
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=8, show_default=True, help="At most so many of each object."
)
@pass_session
def search(session: Session, words: tuple[str, ...], objects: tuple[str, ...], limit: int) -> None:
    """Records in which every word begins a word, whatever its accents: `search lodz rob`; a number is an id.

    Titles that begin so come first, your own before others'.
    """
    from cs_workspace.workspace import search as operations

    found = session.run(operations.find, " ".join(words), limit, objects or None)
    columns = ("object", "id", "title", "beside", "owner")
    session.output.rows(({name: getattr(each, name) for name in columns} for each in found), columns)
