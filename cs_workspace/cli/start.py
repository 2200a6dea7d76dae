"""Making stores and opening the workspace: init, demo, and the command without a command."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.progress import bar
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import StoreFault, Usage

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SIZES = ("small", "medium", "large")
SCREENS = "cs_workspace.tui.app"  # by name: nothing of the headless command imports the screens


def on_terminal() -> bool:
    """Whether screens can be shown: input and output are on a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_workspace(session: Session) -> int:
    """The screens, over the store at hand; without one it asks which to make."""
    if not on_terminal():
        raise Usage("The workspace needs a terminal.", "For scripts there are commands: see `cs-workspace --help`.")
    if not session.exists() and not _first_store(session):
        return 0
    return _start_screens(session)


def _start_screens(session: Session) -> int:
    now = session.clock.now() if session.now is not None else None
    session.close()
    # Nothing has looked into the store yet: the first frame comes before SQLAlchemy is imported.
    screens = importlib.import_module(SCREENS)
    code: int = screens.run(
        session.address, login=session.login, now=now, read_only=session.read_only, proven=session.proven
    )
    return code


def _first_store(session: Session) -> bool:
    """Ask for a store and make it; whether the screens are to be opened now."""
    click.echo(f"There is no store at {session.address} yet.\n", err=True)
    for number, text in enumerate(
        (
            "Look around in a demo with made-up data",
            "Start with an empty store",
            "Start with an empty store and import spreadsheets",
            "Use the database of my team",
        ),
        1,
    ):
        click.echo(f"  {number}  {text}", err=True)
    match click.prompt("\nWhich", type=click.IntRange(1, 4), err=True):
        case 1:
            _make_demo(session, "small", None)
        case 4:
            address = click.prompt("Its address, such as postgresql://host/database", err=True)
            session.db = address
            if not session.exists():
                raise Usage("That database holds no store.", f"Make one with `cs-workspace --db {address} init`.")
            click.echo("Set CS_WORKSPACE_DB to it to have it opened from now on.", err=True)
        case choice:
            _ask_account(session)
            if choice == 3:
                click.echo("Import with `cs-workspace import FILE --object companies`, then start again.", err=True)
                return False
    return True


def _ask_account(session: Session) -> None:
    from cs_workspace.domain.clock import SystemClock
    from cs_workspace.workspace.identity import os_user
    from cs_workspace.workspace.setup import NewAccount, make_store

    name = click.prompt("Name of the account", err=True)
    admin = click.prompt("Your login", default=os_user(), err=True)
    tz = click.prompt("Time zone", default=_time_zone_here(), err=True)
    currency = click.prompt("Home currency", default="EUR", err=True)
    make_store(session.connect(), NewAccount(name, admin, tz, currency.upper()), SystemClock())


def _time_zone_here() -> str:
    """The machine's time zone where it says so."""
    from cs_workspace.domain.clock import zone
    from cs_workspace.domain.errors import Invalid

    name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    try:
        return zone(name).key
    except Invalid:
        return "UTC"


@click.command(cls=Command)
@click.option("--size", type=click.Choice(SIZES), default="small", show_default=True)
@click.option("--seed", type=int, metavar="N", help="The same seed makes the same data.")
@click.option("--no-open", is_flag=True, help="Make it, then end.")
@pass_session
def demo(session: Session, size: str, seed: int | None, no_open: bool) -> int:
    """Make a store with made-up data if there is none, and open it."""
    if session.exists():
        session.note(f"There is a store at {session.address} already: nothing was made.")
        session.require_store()
    else:
        _make_demo(session, size, seed)
    if no_open or not on_terminal():
        session.output.record({"store": session.store.label, "address": _shown(session)})
        return 0
    return _start_screens(session)


def _make_demo(session: Session, size: str, seed: int | None) -> None:
    from cs_workspace.demo.generate import make_demo
    from cs_workspace.domain.clock import Clock, FixedClock, SystemClock, parse_instant, zone

    _refuse_read_only(session)
    clock: Clock = SystemClock()
    if session.now is not None:
        clock = FixedClock(parse_instant(session.now, zone("UTC")))
    with bar("Making the demo") as draw:
        chosen = {} if seed is None else {"seed": seed}
        make_demo(session.connect(), size=size, clock=clock, progress=draw.part, **chosen)


def _refuse_read_only(session: Session) -> None:
    if session.read_only:
        raise StoreFault("--read-only makes no store.", "Leave it out.")


def _shown(session: Session) -> str:
    from cs_workspace.domain.text import masked

    path = session.connect().path
    return str(path) if path is not None else masked(session.address)


@click.command(cls=Command)
@click.option("--name", required=True, help="What the account is called.")
@click.option("--admin", required=True, metavar="LOGIN", help="The first user: a super admin with every seat.")
@click.option("--tz", "time_zone", default="UTC", show_default=True, metavar="ZONE", help="The account's time zone.")
@click.option("--currency", default="EUR", show_default=True, help="The home currency.")
@click.option("--rate", "rates", multiple=True, metavar="CUR=VALUE", help="What one CUR is worth at home.")
@click.option("--fiscal-start", type=int, default=1, show_default=True, metavar="M", help="Month, 1 to 12.")
@click.option("--week-start", type=click.Choice(WEEKDAYS), default="monday", show_default=True)
@click.option("--subscription", default="enterprise", show_default=True, help="Starter, professional or enterprise.")
@pass_session
def init(
    session: Session,
    name: str,
    admin: str,
    time_zone: str,
    currency: str,
    rates: tuple[str, ...],
    fiscal_start: int,
    week_start: str,
    subscription: str,
) -> None:
    """Make an empty store with its account, its first user and the usual pipelines."""
    from cs_workspace.domain.clock import Clock, FixedClock, SystemClock, parse_instant, zone
    from cs_workspace.workspace.account import parse_rate
    from cs_workspace.workspace.setup import NewAccount, found_account, is_founded, make_store

    _refuse_read_only(session)
    home = currency.strip().upper()
    worth: dict[str, str] = {}
    for text in rates:
        code, sign, value = text.partition("=")
        if not sign:
            raise Usage(f"{text!r} is not CUR=VALUE.", "Write it as USD=0.92.")
        worth[code.strip().upper()] = parse_rate(home, code.strip().upper(), value)
    account = NewAccount(
        name,
        admin,
        time_zone,
        home,
        fiscal_start,
        WEEKDAYS.index(week_start),
        subscription,
        worth,
    )
    account.check()
    clock: Clock = SystemClock()
    if session.now is not None:
        clock = FixedClock(parse_instant(session.now, zone(time_zone)))
    store = session.connect()
    if session.exists() and not is_founded(store):
        found_account(store, account, clock)  # somebody was interrupted between tables and account
    else:
        make_store(store, account, clock)
    session.output.record({"store": store.label, "address": _shown(session), "admin": admin.strip().casefold()})
