"""Properties of an object, and the custom ones among them."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Group
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage


@click.group(cls=Group)
def properties() -> None:
    """Properties of records: all of them, and those of your own."""


@properties.command("list")
@click.argument("object", required=False)
@pass_session
def list_(session: Session, object: str | None) -> None:
    """Properties of OBJECT, or the custom ones of all objects."""
    from cs_workspace.workspace import properties as operations

    columns = ("object", "name", "label", "type", "custom", "required", "calculated", "options")
    session.output.rows(
        (
            {
                "object": line.object,
                "name": line.prop.name,
                "label": line.prop.label,
                "type": str(line.prop.type),
                "custom": line.prop.custom,
                "required": line.prop.required,
                "calculated": line.prop.computed,
                "options": [
                    each.label if session.output.is_table else f"{each.name}={each.label}" for each in line.prop.options
                ],
            }
            for line in session.run(operations.listing, object)
        ),
        columns,
    )


@properties.command()
@click.argument("object")
@click.argument("label")
@click.option("--type", "type_", default="text", show_default=True, help="What it holds, such as date or money.")
@click.option("--option", "options", multiple=True, metavar="LABEL", help="Of an enumeration; give it again for more.")
@click.option("--name", help="The internal name; made from the label when left out.")
@pass_session
def add(session: Session, object: str, label: str, type_: str, options: tuple[str, ...], name: str | None) -> None:
    """Add a custom property to OBJECT. Prints its internal name."""
    from cs_workspace.workspace import properties as operations

    session.output.value(session.run(operations.add, object, label, type_, options=options, name=name))


@properties.command("set")
@click.argument("object")
@click.argument("name")
@click.option("--label", help="How people read it.")
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="LABEL|NAME=LABEL",
    help="All options in order; NAME=LABEL calls one that is there otherwise.",
)
@pass_session
def set_(session: Session, object: str, name: str, label: str | None, options: tuple[str, ...]) -> None:
    """Call a custom property otherwise, or give it other options."""
    from cs_workspace.workspace import properties as operations

    if label is None and not options:
        raise Usage("There is nothing to change.", "Say --label or --option.")
    changed = session.run(operations.change, object, name, label=label, options=options or None)
    session.output.record({"object": object, "name": name, "changed": changed})


@properties.command()
@click.argument("object")
@click.argument("name")
@pass_session
def delete(session: Session, object: str, name: str) -> None:
    """Take a custom property away. Its values stay in the records and come back with undo."""
    from cs_workspace.workspace import properties as operations

    session.run(operations.delete, object, name)
    session.output.record({"object": object, "name": name, "deleted": True})
