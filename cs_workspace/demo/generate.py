"""Making a demo store: the same for the same seed, size and time of making."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cs_workspace.demo import deals, deliveries, engagement, goals, health, past, tasks, tickets, views
from cs_workspace.demo.customers import Customers
from cs_workspace.demo.days import HOUR, PAST, WorkDays, stream
from cs_workspace.demo.people import LEFT_DAYS_AGO, hire
from cs_workspace.demo.sizes import SIZES, Size
from cs_workspace.demo.stages import add_own, ways
from cs_workspace.demo.world import World
from cs_workspace.domain.clock import Clock, FixedClock, zone
from cs_workspace.domain.errors import Invalid, Usage
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.store.bulk import Bulk, analyze, unindexed
from cs_workspace.store.engine import Store
from cs_workspace.store.journal import Entry, Journal
from cs_workspace.workspace import calculation, records
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.setup import NewAccount, make_store

TIME_ZONE = "Europe/Rome"
FISCAL_START = 4
DEFAULT_SEED = 7
RATES = {"PLN": "0.2345", "NOK": "0.0862"}

Progress = Callable[[str, int, int], None]  # what is being made, how much is done, of how much


def make_demo(
    store: Store, *, size: str, seed: int = DEFAULT_SEED, clock: Clock, progress: Progress | None = None
) -> None:
    """Make a store and fill it. Raises Invalid for an unknown size, Usage when there is a store already.

    A SQLite file appears under its name only when all is there.
    """
    if size not in SIZES:
        raise Invalid("size", f"{size!r} is not a size", nearest(size, SIZES))
    frozen = FixedClock(clock.now())
    with _beside(store) as target:
        _fill(target, SIZES[size], seed, frozen, progress or (lambda _what, _done, _total: None))


@contextmanager
def _beside(store: Store) -> Iterator[Store]:
    path = store.path
    if path is None:
        yield store
        return
    if path.exists():
        raise Usage(f"{path} exists already.", "Choose another file with --db.")
    making = path.with_name(f"{path.name}.making")
    making.unlink(missing_ok=True)
    target = Store(str(making))
    try:
        yield target
        target.checkpoint()
        target.close()
        making.replace(path)
    finally:
        target.close()
        for suffix in ("", "-wal", "-shm"):
            making.with_name(making.name + suffix).unlink(missing_ok=True)


def _fill(store: Store, size: Size, seed: int, clock: FixedClock, progress: Progress) -> None:
    now = clock.now()
    tz = zone(TIME_ZONE)
    days = WorkDays(now, tz)
    founded = FixedClock(days.start(-PAST) + 8 * HOUR)
    account = NewAccount(
        "Northwind", "dana", time_zone=TIME_ZONE, fiscal_start=FISCAL_START, subscription="enterprise", rates=RATES
    )
    make_store(store, account, founded)
    world = _write_records(store, size, seed, days, progress)
    views.make(store, world)
    _write_goals(store, world, progress)
    clock_then = FixedClock(days.start(-LEFT_DAYS_AGO) + 17 * HOUR)
    Workspace(store, clock_then, "dana", "tui").run(records.change, "users", "paolo", {"active": "no"})
    Workspace(store, clock, None, "worker").run(calculation.full)
    with store.writing() as connection:
        analyze(connection)


def _write_records(store: Store, size: Size, seed: int, days: WorkDays, progress: Progress) -> World:
    with store.writing() as connection:
        journal = Journal(
            connection, STANDARD, Entry(days.start(-PAST) + 9 * HOUR, 1, "tui", "set the company up", undoable=False)
        )
        add_own(journal)
        staff = hire(journal, stream(seed, "people"), days, size.extra_users)
        bulk = Bulk(connection, STANDARD, "demo", "demo data")
        customers = Customers(stream(seed, "customers"), days, staff, size)
        world = World(
            seed,
            size,
            days,
            staff,
            customers,
            ways(connection),
            bulk.reserve("companies", size.customers),
            bulk.reserve("contacts", size.contacts),
        )
        made = 0

        def write(name: str, rows: Iterable[Mapping[str, Any]], first: int | None = None) -> None:
            def done(count: int) -> None:
                nonlocal made
                made += count
                progress(name, made, size.records)

            bulk.create(name, rows, first, done=done)

        built = 0

        def index_built() -> None:
            nonlocal built
            built += 1
            progress("indexes", built, to_build)

        with unindexed(connection, index_built) as to_build:
            # What touches customers first, then the customers with their last activity.
            write("calls", engagement.calls(world))
            write("emails", engagement.emails(world))
            write("notes", engagement.notes(world))
            write("meetings", engagement.meetings(world))
            write("activities", engagement.activities(world))
            write("companies", customers.company_rows(world.stream("companies")), world.first_company)
            write(
                "contacts", customers.contact_rows(world.stream("contacts"), world.first_company), world.first_contact
            )
            first_deal = bulk.reserve("deals", size.deals)
            write("deals", deals.rows(world, first_deal), first_deal)
            first_ticket = bulk.reserve("tickets", size.tickets)
            write("tickets", tickets.rows(world, first_ticket), first_ticket)
            write("services", deliveries.services(world))
            write("subscriptions", deliveries.subscriptions(world))
            write("tasks", tasks.rows(world))
            past.add(world)
            bulk.past(world.past)
            bulk.health(health.rows(world))
        analyze(connection)
    return world


def _write_goals(store: Store, world: World, progress: Progress) -> None:
    total = len(goals.by_hand(world.days.today, FISCAL_START)) + world.size.bulk_goals
    made = 0

    def done(count: int) -> None:
        nonlocal made
        made += count
        progress("goals", made, total)

    goals.make(store, world, FISCAL_START, TIME_ZONE, done)
