"""Settings of the whole account: shown, checked, and what foreign currencies are worth (SET-12)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from cs_workspace.domain.clock import zone
from cs_workspace.domain.errors import Invalid, WorkspaceError
from cs_workspace.domain.money import exponent
from cs_workspace.domain.numbers import parse_number, print_number
from cs_workspace.domain.permissions import Permission
from cs_workspace.store.account import Account
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.setup import SUBSCRIPTIONS

ACCOUNT_ID = 1
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PLACES = 12  # decimals a rate may have


@reads(Permission.SESSION)
def account(tx: Tx) -> Account:
    """The account's settings."""
    return tx.account


@reads(Permission.SESSION)
def settings(tx: Tx) -> dict[str, Any]:
    """The account's settings as people read them."""
    own = tx.account
    admin = tx.directory.people.get(own.admin) if own.admin is not None else None
    return {
        "name": own.name,
        "time_zone": own.time_zone,
        "currency": own.currency,
        "rates": dict(sorted(own.rates.items())),
        "fiscal_start": own.fiscal_start,
        "week_start": WEEKDAYS[own.week_start],
        "subscription": own.subscription,
        "refresh_hours": own.refresh_hours,
        "admin": admin.login if admin else None,
    }


@reads(Permission.SESSION)
def problems(tx: Tx) -> list[str]:
    """What is wrong with the settings, each a sentence; empty when all is well."""
    own = tx.account
    found: list[str] = []
    for check in (lambda: zone(own.time_zone), lambda: exponent(own.currency)):
        try:
            check()
        except WorkspaceError as error:
            found.append(str(error))
    for currency, rate in own.rates.items():
        try:
            parse_rate(own.currency, currency, rate)
        except WorkspaceError as error:
            found.append(str(error))
    if own.subscription not in SUBSCRIPTIONS:
        found.append(f"The subscription {own.subscription!r} is not one of {', '.join(SUBSCRIPTIONS)}.")
    if not any(person.super_admin and person.active for person in tx.directory.people.values()):
        found.append("There is no active super admin.")
    found += [
        f"{kind.plural} have no pipeline."
        for kind in tx.schema.objects.values()
        if kind.has_pipeline and not any(p.object == kind.code for p in tx.pipelines)
    ]
    found += [f"Pipeline {p.label} has no stages." for p in tx.pipelines if not p.stages]
    return found


@writes(Permission.SETTINGS, "set an exchange rate")
def set_rate(tx: Tx, currency: str, value: str) -> bool:
    """Say what one unit of a currency is worth at home, or `none` to forget it; whether that is new.

    What deals in it are worth follows at once, and with it every goal that is not frozen. Raises Invalid.
    """
    code = currency.strip().upper()
    rates = dict(tx.account.rates)
    if value.strip().casefold() == "none":
        rates.pop(code, None)
    else:
        rates[code] = parse_rate(tx.account.currency, code, value)
    tx.describe(f"set the exchange rate of {code} to {rates.get(code, 'none')}")
    changed = tx.journal.update("account", {ACCOUNT_ID: {"rates": rates}})
    tx.reload()
    return bool(changed)


def parse_rate(home: str, currency: str, text: str) -> str:
    """A rate as it is stored: plain decimal text. Raises Invalid."""
    exponent(currency)
    if currency == home:
        raise Invalid("currency", f"{home} is the home currency: one is worth one")
    number = parse_number(text)
    if number <= 0:
        raise Invalid("rate", f"{text!r} is not a positive rate", f"Say how many {home} one {currency} is worth.")
    stored = print_number(number, _PLACES).replace(",", "")
    if Fraction(stored) != number or len(stored) > 2 * _PLACES:
        raise Invalid("rate", f"{text!r} is too fine or too large", f"Use at most {_PLACES} decimals.")
    return stored
