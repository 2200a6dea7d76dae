"""Teams and who is in them."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Group
from cs_workspace.cli.session import Session, pass_session


@click.group(cls=Group)
def teams() -> None:
    """Teams and who is in them."""


@teams.command()
@click.argument("name")
@click.option("--parent", metavar="NAME", help="The team it is part of.")
@click.option("--external-id", metavar="ID")
@pass_session
def add(session: Session, name: str, parent: str | None, external_id: str | None) -> None:
    """Add a team. Prints its id."""
    from cs_workspace.workspace import records

    texts = {"name": name, "parent": parent, "external_id": external_id}
    session.output.value(session.run(records.add, "teams", {k: v for k, v in texts.items() if v is not None}))


@teams.command("list")
@pass_session
def list_(session: Session) -> None:
    """All teams with how many belong to them."""
    from cs_workspace.workspace import people

    columns = ("id", "name", "parent", "main_members", "extra_members")
    rows = session.run(people.teams)
    session.output.rows(({name: getattr(row, name) for name in columns} for row in rows), columns)


@teams.command()
@click.argument("name")
@click.option("--add", "main", multiple=True, metavar="LOGIN", help="Make this the user's main team.")
@click.option("--add-extra", "extra", multiple=True, metavar="LOGIN", help="Make the user an extra member.")
@click.option("--remove", "gone", multiple=True, metavar="LOGIN", help="Take the user out.")
@pass_session
def members(session: Session, name: str, main: tuple[str, ...], extra: tuple[str, ...], gone: tuple[str, ...]) -> None:
    """Who is in the team; extra members are no part of its values. Change it first with the options."""
    from cs_workspace.workspace import people

    if main or extra or gone:
        session.run(people.change_members, name, main=main, extra=extra, gone=gone)
    columns = ("login", "name", "main", "active")
    rows = session.run(people.members, name)
    session.output.rows(({name: getattr(row, name) for name in columns} for row in rows), columns)
