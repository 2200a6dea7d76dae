"""An account to try goals on: three teams, five users, a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import FixedClock, parse_instant
from cs_workspace.store.engine import Store
from cs_workspace.workspace import records
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.setup import NewAccount, found_account

ROME = ZoneInfo("Europe/Rome")
SEATS = {"service_seat": "enterprise", "sales_seat": "professional", "workspace": "yes", "goals_view": "everyone"}


def at(text: str, tz: ZoneInfo = ROME) -> int:
    """An instant in Rome."""
    return parse_instant(text, tz)


@contextmanager
def account(url: str, now: str = "2026-03-15T10:00", time_zone: str = "Europe/Rome") -> Iterator[Workspace]:
    """A store with EMEA over Italy and Poland, Dana and Lee in Italy, Ewa in Poland, Kari in EMEA itself, Ola extra."""
    store = Store(url)
    try:
        found_account(
            store,
            NewAccount("Northwind", "dana", time_zone=time_zone, rates={"PLN": "0.25"}),
            FixedClock(at("2024-01-01")),
        )
        workspace = Workspace(store, FixedClock(at(now)), "dana")
        workspace.run(records.add, "teams", {"name": "EMEA"})
        for name in ("Italy", "Poland"):
            workspace.run(records.add, "teams", {"name": name, "parent": "EMEA"})
        workspace.run(records.change, "users", "dana", {"teams": "Italy"})
        for login, teams in (("lee", "Italy"), ("ewa", "Poland;Italy"), ("kari", "EMEA"), ("ola", "")):
            workspace.run(records.add, "users", {"login": login, "name": login.title(), "teams": teams, **SEATS})
        yield workspace
    finally:
        store.close()


def go_to(workspace: Workspace, now: str) -> None:
    """Set the clock."""
    assert isinstance(workspace.clock, FixedClock)
    workspace.clock.instant = at(now)
