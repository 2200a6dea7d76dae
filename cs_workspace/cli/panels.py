"""What the panels of objects show: show, set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cs_workspace.cli.commands import Group
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage

if TYPE_CHECKING:
    from cs_workspace.workspace.panels import Layout


@click.group(cls=Group)
def panels() -> None:
    """What the panel of an object shows, and in which order."""


@panels.command()
@click.argument("object")
@pass_session
def show(session: Session, object: str) -> None:
    """The properties, activities and related objects in the panel of OBJECT."""
    from cs_workspace.workspace import panels as operations

    session.output.record(_fields(object, session.run(operations.layout, object)))


@panels.command("set")
@click.argument("object")
@click.option("--properties", metavar="A,B", help="Properties in order, by internal name.")
@click.option("--activities", metavar="A,B", help="What can be logged, in order: notes,calls,emails,meetings,tasks.")
@click.option("--related", metavar="A,B", help="Objects whose records are listed, in order.")
@click.option("--reset", is_flag=True, help="Back to what it shows by itself.")
@pass_session
def set_(
    session: Session, object: str, properties: str | None, activities: str | None, related: str | None, reset: bool
) -> None:
    """Choose what the panel of OBJECT shows; what is not given stays."""
    from cs_workspace.workspace import panels as operations

    given = {"properties": properties, "activities": activities, "related": related}
    if reset == any(text is not None for text in given.values()):
        raise Usage("Give --properties, --activities or --related, or --reset alone.")
    chosen = {name: _words(text) for name, text in given.items() if text is not None}
    set_to = session.run(operations.reset, object) if reset else session.run(operations.set_layout, object, **chosen)
    session.output.record(_fields(object, set_to))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _fields(object: str, layout: Layout) -> dict[str, Any]:
    lists = {"properties": layout.properties, "activities": layout.activities, "related": layout.related}
    return {"object": object, **{name: list(names) for name, names in lists.items()}}
