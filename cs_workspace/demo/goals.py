"""The company's goals: of every template, duration and outcome, with targets near what was reached."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from cs_workspace.demo.days import DAY, HOUR, MINUTE
from cs_workspace.demo.people import Staff
from cs_workspace.demo.stages import ESCALATIONS, RENEWALS
from cs_workspace.demo.words import COUNTRIES
from cs_workspace.demo.world import World
from cs_workspace.domain.clock import FixedClock, start_of_day, zone
from cs_workspace.domain.goals.model import Aggregate, Direction, Unit
from cs_workspace.domain.periods import fiscal_year_of
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.store import goals as goal_store
from cs_workspace.store.engine import Store
from cs_workspace.store.goals import Goal, SliceRow
from cs_workspace.store.journal import Entry, Journal, batches
from cs_workspace.workspace import goal_making
from cs_workspace.workspace.door import Operation, Tx, Workspace
from cs_workspace.workspace.goal_making import CustomKpi, NewGoal

MADE_AT_ONCE = 50  # goals in one transaction, where there are many
DEALS, TICKETS = "Sales pipeline", "Support pipeline"
SALES_PEOPLE = ("luca", "piotr", "ola")
SUPPORTERS = ("francesca", "zofia", "hakon", "sofia")
CSMS = ("dana", "lee", "kari", "marta", "giulia", "jakub", "ingrid")
TEAMS = tuple(c.name for c in COUNTRIES)
NOTIFY = ("assigned", "75_percent", "100_percent", "missed")


def by_hand(today: date, fiscal_start: int) -> list[NewGoal]:
    """The goals somebody thought about: a company with habits, and every feature in use."""
    year, fiscal = today.year, fiscal_year_of(today, fiscal_start)

    def day(offset: int) -> date:
        return today + timedelta(days=offset)

    return [
        NewGoal(
            "tickets_closed", f"Tickets closed {year}", teams=TEAMS, users=SUPPORTERS, include_others=True,
            duration="monthly", year=year, notify=NOTIFY,
        ),
        NewGoal(
            "avg_ticket_response_time", f"First reply {year}", users=SUPPORTERS[:3], duration="weekly", year=year
        ),
        NewGoal(
            "avg_ticket_resolution_time", f"Time to resolution {year}", teams=TEAMS, users=SUPPORTERS,
            duration="quarterly", year=year, pipelines=[TICKETS],
        ),
        NewGoal(
            "avg_ticket_resolution_time", "Escalations resolved", teams=["EMEA"], whole_team=True, duration="monthly",
            year=fiscal, fiscal=True, pipelines=[ESCALATIONS],
        ),
        NewGoal("revenue", f"Revenue {year}", users=SALES_PEOPLE, duration="yearly", year=year, notify=NOTIFY),
        NewGoal(
            "revenue", f"Team revenue FY{fiscal}", teams=TEAMS, users=SALES_PEOPLE, duration="monthly", year=fiscal,
            fiscal=True,
        ),
        NewGoal("revenue", "Renewals by quarter", teams=TEAMS, whole_team=True, duration="quarterly", year=year,
                pipelines=[RENEWALS]),
        NewGoal("revenue", "All pipelines together", users=("dana", "lee"), duration="monthly", year=year,
                pipelines=[DEALS, RENEWALS], notify=NOTIFY),
        NewGoal(
            "forecasted_revenue", f"Forecast FY{fiscal}", teams=TEAMS, users=SALES_PEOPLE, duration="quarterly",
            year=fiscal, pipelines=[DEALS], notify=NOTIFY,
        ),
        NewGoal("forecasted_revenue", "Monthly forecast", users=SALES_PEOPLE, duration="monthly", year=fiscal),
        NewGoal(
            "deals_created", f"New deals FY{fiscal}", users=SALES_PEOPLE, duration="quarterly", year=fiscal, fiscal=True
        ),
        NewGoal("calls_made", f"Calls {year}", users=CSMS[:4], duration="weekly", year=year, notify=NOTIFY),
        NewGoal("meetings_booked", f"Meetings {year}", teams=TEAMS, whole_team=True, duration="monthly", year=year),
        NewGoal("meetings_booked", "Meetings of the year", users=CSMS, duration="yearly", year=fiscal, fiscal=True),
        NewGoal(
            "tickets_closed", f"Tickets closed {year - 1}", users=SUPPORTERS[:3], duration="monthly", year=year - 1
        ),
        NewGoal("revenue", f"Revenue {year - 1}", users=(*SALES_PEOPLE, "paolo"), duration="quarterly", year=year - 1),
        NewGoal("calls_made", f"Calls {year + 1}", users=CSMS[:4], duration="quarterly", year=year + 1),
        NewGoal("revenue", f"Revenue FY{fiscal + 1}", teams=TEAMS, whole_team=True, duration="quarterly",
                year=fiscal + 1, fiscal=True),
        NewGoal("deals_created", "Autumn push", users=SALES_PEOPLE, start=day(-24), end=day(17), notify=NOTIFY),
        NewGoal("calls_made", "Win-back calls", users=CSMS, start=day(-45), end=day(5),
                notify=(*NOTIFY, "7_days_left")),
        NewGoal("tickets_closed", "Backlog sprint", users=SUPPORTERS[:3], start=day(-12), end=day(2),
                pipelines=[TICKETS]),
        NewGoal("tickets_closed", "Clean-up week", users=SUPPORTERS[:3], start=day(-75), end=day(-62)),
        NewGoal("meetings_booked", "Spring campaign", users=CSMS, start=day(-200), end=day(-150)),
        NewGoal("avg_ticket_response_time", "Faster replies", users=SUPPORTERS, start=day(-130), end=day(-100)),
        NewGoal("deals_created", "Year-end sprint", users=SALES_PEOPLE, start=day(20), end=day(50)),
        NewGoal("custom", "Biggest deal", users=SALES_PEOPLE, duration="quarterly", year=year,
                custom=CustomKpi("deals", "maximum", "close_date", measure="amount_home", filter="is_won:yes")),
        NewGoal("custom", "Urgent tickets kept low", users=SUPPORTERS[:3], duration="monthly", year=year,
                custom=CustomKpi("tickets", "count", "created_at", direction="lower", filter="priority:urgent")),
        NewGoal("custom", "Hours in meetings", teams=TEAMS, whole_team=True, duration="monthly", year=year,
                custom=CustomKpi("meetings", "sum", "starts_at", measure="duration")),
        NewGoal("custom", "Length of a good call", users=CSMS[:4], duration="quarterly", year=fiscal, fiscal=True,
                custom=CustomKpi("calls", "average", "at", measure="duration", filter="outcome:Connected")),
        NewGoal("custom", "New customers", teams=["EMEA"], whole_team=True, duration="quarterly", year=year,
                custom=CustomKpi("companies", "count", "created_at")),
        NewGoal("custom", "Renewing ARR", users=CSMS, duration="quarterly", year=year,
                custom=CustomKpi("companies", "sum", "renewal_date", measure="arr")),
        NewGoal("custom", "Quickest solution", users=SUPPORTERS[:3], duration="yearly", year=year,
                custom=CustomKpi("tickets", "minimum", "closed_at", direction="lower", measure="closed_at",
                                 since="created_at", filter="is_closed:yes")),
    ]  # fmt: skip


def in_bulk(staff: Staff, count: int, year: int) -> Iterator[NewGoal]:
    """Many monthly goals of one row each: users and teams, all templates, with and without pipelines."""
    roles: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
        "tickets_closed": ("support", ((), (TICKETS,), (TICKETS, ESCALATIONS))),
        "avg_ticket_response_time": ("support", ((), (TICKETS,))),
        "avg_ticket_resolution_time": ("support", ((), (ESCALATIONS,), (TICKETS, ESCALATIONS))),
        "revenue": ("sales", ((), (DEALS,), (DEALS, RENEWALS))),
        "deals_created": ("sales", ((), (DEALS,))),
        "calls_made": ("csm", ((),)),
        "meetings_booked": ("csm", ((),)),
    }
    templates = tuple(roles)
    teams = sorted({t for each in staff.people for t in each.teams})
    for number in range(count):
        template = templates[number % len(templates)]
        role, choices = roles[template]
        pipelines = choices[number // len(templates) % len(choices)]
        name = f"{template.replace('_', ' ').capitalize()} {year} #{number + 1}"
        if number % 3 == 0:
            team = teams[number // 3 % len(teams)]
            yield NewGoal(
                template, name, teams=[team], whole_team=True, duration="monthly", year=year, pipelines=pipelines
            )
            continue
        people = [p.login for p in staff.people if p.role == role and p.left is None]
        login = people[number // len(templates) % len(people)]
        yield NewGoal(template, name, users=[login], duration="monthly", year=year, pipelines=pipelines)


def make(store: Store, world: World, fiscal_start: int, tz_name: str, done: Callable[[int], None]) -> None:
    """Make all goals as Dana did, each at the time she did it, then set their targets."""
    tz, today = zone(tz_name), world.days.today
    clock = FixedClock(world.now)
    dana = Workspace(store, clock, "dana", "tui")
    for number, new in enumerate(by_hand(today, fiscal_start)):
        begins = new.start or date(new.year or today.year, fiscal_start if new.fiscal else 1, 1)
        clock.instant = min(start_of_day(begins - timedelta(days=5), tz) + 10 * HOUR + number * MINUTE, world.now - DAY)
        dana.run(goal_making.create, new)
        done(1)
    clock.instant = start_of_day(date(today.year, 1, 1) - timedelta(days=5), tz) + 11 * HOUR
    for some in batches(in_bulk(world.staff, world.size.bulk_goals, today.year), MADE_AT_ONCE):
        dana.run(_CREATE_MANY, some)
        done(len(some))
    _set_targets(store, world)


def _create_many(tx: Tx, several: Sequence[NewGoal]) -> None:
    for new in several:
        goal_making.create(tx, new)


# One transaction for many: the settings are read and the disk is waited for once.
_CREATE_MANY = Operation("demo.goals", Permission.GOALS_EDIT, True, "create goals", False, _create_many)


def _set_targets(store: Store, world: World) -> None:
    """Targets as somebody who knew what was to come would have set them: some reached, some not."""
    rng = world.stream("targets")
    dana = world.staff["dana"].id
    with store.writing() as connection:
        loaded = goal_store.load_goals(connection)
        rows = goal_store.load_contributors(connection)
        of_goal: dict[int, dict[int, list[SliceRow]]] = {}
        for each in goal_store.load_slices(connection):
            of_goal.setdefault(rows[each.contributor].goal, {}).setdefault(each.contributor, []).append(each)
        for goal_id, by_row in of_goal.items():
            goal = loaded[goal_id]
            targets: dict[int, dict[str, int | None]] = {}
            for number, own in enumerate(by_row.values()):
                if goal.creator is not None and len(by_row) > 4 and number == len(by_row) - 1:
                    continue  # a row nobody has set a target for yet (GOL-3)
                for each, target in zip(own, _targets(rng, goal, own, world.now, number), strict=True):
                    targets[each.id] = {"target": target}
            label = f"set targets of {goal.name}"
            entry = Entry(goal.created_at + HOUR, dana, "tui", label, undoable=False)
            Journal(connection, STANDARD, entry).update("slices", targets)


def _targets(rng: random.Random, goal: Goal, own: Sequence[SliceRow], now: int, row: int) -> list[int]:
    """One target for each slice of a row, in small steps."""
    kpi = goal.kpi
    values = [_value(goal, each) for each in own]
    known = [v for each, v in zip(own, values, strict=True) if v and each.end <= now]
    usual = sum(known) / len(known) if known else None
    found: list[int] = []
    for number, (each, value) in enumerate(zip(own, values, strict=True)):
        if each.start <= now < each.end and value and kpi.aggregate.additive:
            # What would be reached at this rate, so that the pace goes through its bands from row to row.
            gone = (now - each.start) / (each.end - each.start)
            wanted = value / max(gone, 0.01) / (1.06, 0.9, 0.6)[row % 3]
            if kpi.direction is Direction.LOWER:
                wanted = value / max(gone, 0.01) * (1.06, 0.9, 0.6)[row % 3]
        elif each.start <= now < each.end and value:
            better = (1.1, 0.9, 0.6)[row % 3]
            wanted = value * better if kpi.direction is Direction.LOWER else value / better
        elif value and (number + row) % 6 == 2 and each.end <= now:
            found.append(round(value))
            continue
        else:
            base = value if value and rng.random() < 0.4 else usual
            wanted = (base or _guess(goal)) * (0.86 + rng.random() * 0.26)
        found.append(_rounded(goal, wanted))
    return found


def _value(goal: Goal, each: SliceRow) -> float | None:
    """What was measured, in the small steps of targets."""
    if each.total is None or not each.records:
        return None
    if goal.kpi.aggregate is Aggregate.COUNT:
        return each.total * 1_000_000
    return each.total / each.records if goal.kpi.aggregate is Aggregate.AVERAGE else each.total


def _step(goal: Goal, wanted: float) -> int:
    """How round a target somebody thinks up is."""
    match goal.kpi.unit:
        case Unit.NUMBER:
            return 5_000_000 if wanted > 40_000_000 else 1_000_000
        case Unit.CURRENCY:
            return 500_000 if wanted > 5_000_000 else 50_000
        case Unit.DURATION:
            return 3600 if wanted > 86_400 else 300


def _rounded(goal: Goal, wanted: float) -> int:
    step = _step(goal, wanted)
    return max(round(wanted / step), 1) * step


def _guess(goal: Goal) -> int:
    return {Unit.NUMBER: 12_000_000, Unit.CURRENCY: 4_000_000, Unit.DURATION: 4 * 3600}[goal.kpi.unit]
