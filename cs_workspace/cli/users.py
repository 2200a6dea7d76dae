"""Users, their seats and rights, and the SSH keys that open their sessions."""

from __future__ import annotations

import sys

import click

from cs_workspace.cli.commands import Group
from cs_workspace.cli.records import assignments
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage

SEATS = click.Choice(("none", "starter", "professional", "enterprise"))
SCOPES = click.Choice(("none", "own", "team", "everyone"))


@click.group(cls=Group)
def users() -> None:
    """Users, their seats, rights and SSH keys."""


@users.command()
@click.argument("login", required=False)
@click.option("--login", "login_option", metavar="LOGIN", help="The login, when not given as the argument.")
@click.option("--name", help="As others read it; the login when left out.")
@click.option("--email")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="May be given again; the first is the main one.")
@click.option("--service-seat", type=SEATS)
@click.option("--sales-seat", type=SEATS)
@click.option("--super-admin", is_flag=True)
@click.option("--workspace", is_flag=True, help="May use the customer success workspace.")
@click.option("--manage-settings", is_flag=True)
@click.option("--goals-view", type=SCOPES)
@click.option("--goals-edit", type=SCOPES)
@click.option("--time-zone", "--tz", "time_zone", metavar="ZONE")
@pass_session
def add(
    session: Session,
    /,
    login: str | None,
    login_option: str | None,
    teams: tuple[str, ...],
    super_admin: bool,
    workspace: bool,
    manage_settings: bool,
    **others: str | None,
) -> None:
    """Add a user. Prints its id."""
    from cs_workspace.workspace import records

    chosen = login or login_option
    if chosen is None or (login and login_option and login != login_option):
        raise Usage("A user needs one login.", "Write `users add LOGIN`.")
    texts = {"login": chosen} | {name: text for name, text in others.items() if text is not None}
    if teams:
        texts["teams"] = ";".join(teams)
    flags = {"super_admin": super_admin, "workspace": workspace, "manage_settings": manage_settings}
    texts |= {name: "yes" for name, given in flags.items() if given}
    session.output.value(session.run(records.add, "users", texts))


@users.command("list")
@click.argument("query", nargs=-1)
@pass_session
def list_(session: Session, query: tuple[str, ...]) -> None:
    """Users that match QUERY, deactivated ones too."""
    from cs_workspace.workspace import records

    columns = session.run(records.columns, "users")
    rows = session.run(records.listing, "users", " ".join(query), sort="login")
    session.output.rows(rows, columns)


@users.command("set")
@click.argument("login")
@click.argument("values", nargs=-1, required=True, metavar="PROPERTY=VALUE...")
@pass_session
def set_(session: Session, login: str, values: tuple[str, ...]) -> None:
    """Change a user: users set dana service_seat=enterprise teams='Europe;Onboarding'."""
    _change(session, login, assignments(values))


@users.command()
@click.argument("login")
@pass_session
def deactivate(session: Session, login: str) -> None:
    """End a user's access. Their records stay; their goal rows stand still."""
    _change(session, login, {"active": "no"})


@users.command()
@click.argument("login")
@pass_session
def activate(session: Session, login: str) -> None:
    """Let a deactivated user back in."""
    _change(session, login, {"active": "yes"})


def _change(session: Session, login: str, texts: dict[str, str]) -> None:
    from cs_workspace.workspace import records

    record, changed = session.run(records.change, "users", login, texts)
    session.output.record({"id": record, "changed": changed})


@users.group()
def keys() -> None:
    """SSH keys: each opens sessions of one user."""


@keys.command("add")
@click.argument("login")
@click.argument("key", nargs=-1)
@pass_session
def add_key(session: Session, login: str, key: tuple[str, ...]) -> None:
    """Add the public KEY, a line such as `ssh-ed25519 AAAA… name`, or `-` to read it from a pipe. Prints its id."""
    from cs_workspace.workspace import people

    line = " ".join(key)
    if line in {"", "-"}:
        if sys.stdin.isatty():
            raise Usage("The key is missing.", "Give the line of a .pub file, or pipe it in.")
        line = sys.stdin.read(10_000)
    session.output.value(session.run(people.add_key, login, line))


@keys.command("list")
@click.argument("login", required=False)
@pass_session
def list_keys(session: Session, login: str | None) -> None:
    """Keys of a user, or of everybody."""
    from cs_workspace.workspace import people

    columns = ("id", "login", "type", "fingerprint", "comment")
    rows = session.run(people.keys, login)
    session.output.rows(({name: getattr(row, name) for name in columns} for row in rows), columns)


@keys.command("remove")
@click.argument("login")
@click.argument("key", metavar="ID|FINGERPRINT")
@pass_session
def remove_key(session: Session, login: str, key: str) -> None:
    """Take a key away from a user."""
    from cs_workspace.workspace import people

    session.run(people.remove_key, login, key)
    session.output.record({"removed": key})
