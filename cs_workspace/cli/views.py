"""Saved views: list, add, set, delete, default, move, restore."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from cs_workspace.cli.ask import confirm
from cs_workspace.cli.commands import Group
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage

if TYPE_CHECKING:
    from cs_workspace.domain.views import View

FIELDS = (
    "id",
    "object",
    "name",
    "shared",
    "default",
    "description",
    "query",
    "columns",
    "sort",
    "layout",
    "group_by",
    "owner",
    "builtin",
)


def words(text: str | None) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def _fields(session: Session, views: list[View]) -> list[dict[str, Any]]:
    from cs_workspace.workspace import records

    users = session.run(records.listing, "users", columns=("id", "login"))
    people = {user["id"]: user["login"] for user in users}
    return [
        {
            "id": view.id,
            "object": view.object,
            "name": view.name,
            "shared": view.shared,
            "default": number if view.is_default else None,  # its place on the Summary
            "description": view.description,
            "query": view.query,
            "columns": list(view.columns),
            "sort": list(view.sort),
            "layout": view.layout,
            "group_by": view.group_by,
            "owner": people.get(view.owner) if view.owner is not None else None,
            "builtin": view.builtin is not None,
        }
        for number, view in enumerate(views, 1)  # defaults come first
    ]


@click.group(cls=Group)
def views() -> None:
    """Saved views of lists: private ones, and those for everyone."""


@views.command("list")
@click.argument("object", default="companies")
@pass_session
def list_(session: Session, object: str) -> None:
    """The views of OBJECT that you see: defaults, private ones, the others for everyone."""
    from cs_workspace.workspace import views as operations

    session.output.rows(_fields(session, session.run(operations.listing, object)), FIELDS)


@views.command()
@click.argument("object")
@click.argument("name")
@click.argument("query", nargs=-1)
@click.option("--columns", metavar="A,B", help="Properties to show, by internal name.")
@click.option("--sort", metavar="[-]A,B", help="Sorted by properties; with a minus, the largest first.")
@click.option("--everyone", is_flag=True, help="For everyone, and not for you alone.")
@click.option("--default", "description", metavar="DESCRIPTION", help="A default on the Summary; with --everyone.")
@pass_session
def add(
    session: Session,
    object: str,
    name: str,
    query: tuple[str, ...],
    columns: str | None,
    sort: str | None,
    everyone: bool,
    description: str | None,
) -> None:
    """Save a view of OBJECT that shows what QUERY asks for. Prints its id."""
    from cs_workspace.domain.views import Shape
    from cs_workspace.workspace import views as operations

    shape = Shape(" ".join(query), words(columns), words(sort))
    view = session.run(operations.create, object, name, shape, shared=everyone, description=description)
    session.output.value(view.id)


@views.command("set")
@click.argument("object")
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", help="Call it otherwise.")
@click.option("--everyone/--private", default=None, help="Who sees it.")
@click.option("--query", help="What it shows.")
@click.option("--columns", metavar="A,B", help="Properties to show; empty for those the list opens with.")
@click.option("--sort", metavar="[-]A,B", help="What it is sorted by; empty for the usual order.")
@pass_session
def set_(
    session: Session,
    object: str,
    name: str,
    new_name: str | None,
    everyone: bool | None,
    query: str | None,
    columns: str | None,
    sort: str | None,
) -> None:
    """Change a view. A default view that becomes private is a default no longer."""
    from cs_workspace.domain.views import Shape
    from cs_workspace.workspace import views as operations

    if all(each is None for each in (new_name, everyone, query, columns, sort)):
        raise Usage("Nothing to change is given.", "Say --name, --everyone, --private, --query, --columns or --sort.")
    view = session.run(operations.find, object, name)
    shape = Shape(view.query, view.columns, view.sort, view.layout, view.group_by)
    shape = shape if query is None else replace(shape, query=query)
    shape = shape if columns is None else replace(shape, columns=words(columns))
    shape = shape if sort is None else replace(shape, sort=words(sort))
    after = session.run(operations.edit, view.id, name=new_name, shared=everyone, shape=shape)
    session.output.record({"id": view.id, "changed": after != view})


@views.command()
@click.argument("object")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def delete(session: Session, object: str, name: str, yes: bool) -> None:
    """Delete a view; `undo` brings it back. One for everyone asks before, and without a terminal needs --yes."""
    from cs_workspace.workspace import views as operations

    view = session.run(operations.find, object, name)
    if view.shared:
        confirm(f"Delete the view {view.name} for everyone?", yes=yes)
    session.run(operations.delete, view.id)
    session.output.record({"id": view.id, "deleted": True})


@views.command()
@click.argument("object")
@click.argument("name")
@click.argument("description", required=False)
@click.option("--remove", is_flag=True, help="Make it a default no longer.")
@pass_session
def default(session: Session, object: str, name: str, description: str | None, remove: bool) -> None:
    """Highlight a view for everyone on the Summary, with a DESCRIPTION of what it shows."""
    from cs_workspace.workspace import views as operations

    view = session.run(operations.find, object, name)
    if remove:
        view = session.run(operations.remove_default, view.id)
    else:
        view = session.run(operations.set_default, view.id, description or "")
    session.output.record({"id": view.id, "default": view.is_default, "description": view.description})


@views.command()
@click.argument("object")
@click.argument("name")
@click.argument("direction", type=click.Choice(("up", "down")))
@pass_session
def move(session: Session, object: str, name: str, direction: str) -> None:
    """Move a view up or down: a default among the defaults, a private one among your own."""
    from cs_workspace.workspace import views as operations

    view = session.run(operations.find, object, name)
    moved = session.run(operations.move, view.id, -1 if direction == "up" else 1)
    session.output.record({"id": view.id, "changed": moved})


@views.command()
@click.argument("object", default="companies")
@pass_session
def restore(session: Session, object: str) -> None:
    """Bring the deleted built-in views of OBJECT back, and list them."""
    from cs_workspace.workspace import views as operations

    back = {view.id for view in session.run(operations.restore_builtin, object)}
    every = _fields(session, session.run(operations.listing, object))
    session.output.rows([row for row in every if row["id"] in back], FIELDS)
