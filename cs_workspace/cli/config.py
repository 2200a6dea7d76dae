"""Settings of the account."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Group
from cs_workspace.cli.session import Session, pass_session

WRONG = 2


@click.group(cls=Group)
def config() -> None:
    """Settings of the account."""


@config.command()
@pass_session
def show(session: Session) -> None:
    """All settings."""
    from cs_workspace.workspace import account

    settings = session.run(account.settings)
    session.output.record(settings)


@config.command()
@pass_session
def validate(session: Session) -> int:
    """Look whether the settings can be worked with. Exit code 2 when something is wrong."""
    from cs_workspace.workspace import account

    found = session.run(account.problems)
    session.output.rows(({"problem": each} for each in found), ("problem",))
    if not found:
        session.note("The settings are fine.")
    return WRONG if found else 0


@config.command()
@click.argument("currency", metavar="CUR")
@click.argument("value")
@pass_session
def rate(session: Session, currency: str, value: str) -> None:
    """Say what one CUR is worth in the home currency, or `none` to forget it. Deals and goals follow at once."""
    from cs_workspace.workspace import account, calculation

    changed = session.run(account.set_rate, currency, value)
    if changed:
        session.run(calculation.catch_up)
    session.output.record({"currency": currency.strip().upper(), "changed": changed})
