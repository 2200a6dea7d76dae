"""Full equals incremental equals counting by hand, whatever happens in whatever order (WRK-2 to WRK-4, GOL-39)."""

from __future__ import annotations

import random
from collections import defaultdict
from contextlib import suppress
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_workspace.domain.clock import DAY, SECOND, FixedClock, print_instant
from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.permissions import Permission
from cs_workspace.store import goals as goal_store
from cs_workspace.store.journal import read_rows
from cs_workspace.workspace import calculation, goal_making, goals, records, undo
from cs_workspace.workspace.calculation import load
from cs_workspace.workspace.door import reads
from cs_workspace.workspace.goal_making import CustomKpi, NewGoal
from tests.workspace.account import account, at, go_to

HOUR = 3600 * SECOND
USERS = ("dana", "lee", "ewa", "kari")
START = "2026-03-10T10:00"
DAYS = [
    f"2026-{month:02}-{day:02}T{hour:02}:30" for month in (2, 3, 4, 5) for day in (1, 15, 28) for hour in (0, 12, 23)
]
AMOUNTS = ("10", "99.99", "0.01", "250")


def make_goals(workspace):
    new = (
        NewGoal("tickets_closed", "m", teams=["EMEA"], duration="monthly", year=2026, target="2"),
        NewGoal("tickets_closed", "w", users=["dana", "lee"], duration="weekly", year=2026, target="1"),
        NewGoal(
            "avg_ticket_resolution_time", "a", teams=["Italy"], include_others=True, duration="quarterly", year=2026
        ),
        NewGoal("avg_ticket_response_time", "r", teams=["EMEA"], whole_team=True, duration="yearly", year=2026),
        NewGoal("revenue", "v", teams=["Italy", "Poland"], duration="monthly", year=2026, pipelines=["Sales pipeline"]),
        NewGoal("deals_created", "d", users=["dana"], start=at_day("2026-03-05"), end=at_day("2026-04-04")),
        NewGoal(
            "custom",
            "x",
            users=["dana", "ewa"],
            duration="monthly",
            year=2026,
            custom=CustomKpi("deals", "maximum", "close_date", measure="amount_home", filter="deal_type:renewal"),
        ),
    )
    for each in new:
        workspace.run(goal_making.create, each)


def at_day(text):
    return date.fromisoformat(text)


@reads(Permission.SESSION)
def stored(tx):
    """Every slice's value as stored: {slice id: (frozen, total, records)}."""
    return {s.id: (s.frozen, s.total, s.records or 0) for s in goal_store.load_slices(tx.connection)}


@reads(Permission.SESSION)
def by_hand(tx):
    """Every slice's value counted record by record in plain Python."""
    loaded = load(tx)
    rows = {
        name: list(read_rows(tx.connection, tx.schema, name, range(1, 200)).values()) for name in ("tickets", "deals")
    }
    values = {}
    for each in goal_store.load_slices(tx.connection):
        if each.contributor not in loaded.contributors or each.contributor in loaded.stopped:
            continue
        kpi = loaded.goal_of(each).kpi
        found = []
        for row in rows[kpi.object]:
            if row["deleted_at"] is not None or row["owner"] not in loaded.counted[each.contributor]:
                continue
            if row[kpi.dated_by] is None or not each.start <= row[kpi.dated_by] < each.end:
                continue
            if each.pipelines is not None and row["pipeline"] not in each.pipelines:
                continue
            if kpi.filter == "is_closed:yes" and not row["is_closed"]:
                continue
            if kpi.filter == "is_won:yes" and not row["is_won"]:
                continue
            if kpi.filter == "deal_type:renewal" and row["deal_type"] != "renewal":
                continue
            if kpi.since:
                found.append((row[kpi.measure] - row[kpi.since]) // 1000)
            else:
                found.append(row[kpi.measure] if kpi.measure else 1)
        found = [value for value in found if value is not None]
        combine = max if kpi.aggregate == "maximum" else sum
        values[each.id] = (combine(found) if found else None, len(found))
    return values


def random_ticket(rng):
    created = rng.choice(DAYS[:18])
    texts = {"subject": "T", "owner": rng.choice(USERS), "created_at": created}
    if rng.random() < 0.7:
        texts |= {"stage": "Closed", "closed_at": rng.choice([d for d in DAYS if d >= created])}
    if rng.random() < 0.5:
        texts["first_reply_at"] = rng.choice([d for d in DAYS if d >= created])
    return texts


def random_deal(rng):
    return {
        "name": "D",
        "owner": rng.choice(USERS),
        "created_at": rng.choice(DAYS),
        "close_date": rng.choice(DAYS),
        "amount": rng.choice(AMOUNTS),
        "currency": rng.choice(("EUR", "PLN", "")),
        "deal_type": rng.choice(("renewal", "new_business")),
        "stage": rng.choice(("Closed won", "Closed lost", "Contract sent")),
    }


class Story:
    """One random history: what people do, in any order, with calculations in between or not."""

    def __init__(self, workspace, rng):
        self.workspace, self.rng = workspace, rng
        self.count = defaultdict(int)
        self.frozen = {}  # slice id -> value counted by hand at its end

    def step(self, action):
        with suppress(WorkspaceError):  # refused: the same law holds
            getattr(self, action)()

    def add_ticket(self):
        self.workspace.run(records.add, "tickets", random_ticket(self.rng))
        self.count["tickets"] += 1

    def add_deal(self):
        self.workspace.run(records.add, "deals", random_deal(self.rng))
        self.count["deals"] += 1

    def _change(self, name, texts):
        if self.count[name]:
            record = str(self.rng.randint(1, self.count[name]))
            some = self.rng.sample(sorted(texts), k=self.rng.randint(1, len(texts)))
            self.workspace.run(records.change, name, record, {key: texts[key] for key in some})

    def change_ticket(self):
        texts = random_ticket(self.rng)
        texts.setdefault("stage", "New")
        self._change("tickets", texts)

    def change_deal(self):
        self._change("deals", random_deal(self.rng))

    def delete(self):
        name = self.rng.choice(("tickets", "deals"))
        if self.count[name]:
            self.workspace.run(records.delete, name, [str(self.rng.randint(1, self.count[name]))])

    def undo(self):
        self.workspace.run(undo.undo)

    def redo(self):
        self.workspace.run(undo.redo)

    def move_user(self):
        teams = self.rng.choice(("Italy", "Poland", "EMEA", "Italy;Poland", ""))
        self.workspace.run(records.change, "users", self.rng.choice(USERS), {"teams": teams})

    def come_or_go(self):
        active = self.rng.choice(("yes", "no"))
        self.workspace.run(records.change, "users", self.rng.choice(USERS[1:]), {"active": active})

    def catch_up(self):
        self.workspace.run(calculation.catch_up)

    def pass_time(self):
        """Time goes by; what ends meanwhile stands as it is now, for nobody writes in between."""
        clock = self.workspace.clock
        assert isinstance(clock, FixedClock)
        then = clock.now() + self.rng.choice((1, 5, 20)) * DAY
        now_values, state = self.workspace.run(by_hand), self.workspace.run(stored)
        for each in self.workspace.run(open_slices):
            if each.end <= then and not state[each.id][0] and each.id in now_values:
                self.frozen[each.id] = now_values[each.id]
        clock.instant = then


@reads(Permission.SESSION)
def open_slices(tx):
    """Slices not frozen."""
    return goal_store.load_slices(tx.connection, goal_store.not_frozen())


ACTIONS = (
    "add_ticket", "add_ticket", "add_deal", "change_ticket", "change_deal", "delete", "undo", "redo", "move_user",
    "come_or_go", "catch_up", "pass_time",
)  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), actions=st.lists(st.sampled_from(ACTIONS), min_size=5, max_size=40))
def test_wrk_4_incremental_equals_full_equals_by_hand(new_store_url, seed, actions):
    with account(new_store_url(), START) as workspace:
        make_goals(workspace)
        story = Story(workspace, random.Random(seed))
        for action in actions:
            story.step(action)
        workspace.run(calculation.catch_up)
        incremental = workspace.run(stored)
        workspace.run(calculation.full)
        assert workspace.run(stored) == incremental
        counted = workspace.run(by_hand)
        going = {i: (total, n) for i, (frozen, total, n) in incremental.items() if not frozen and i in counted}
        assert going == {i: counted[i] for i in going}
        ended = {i: (total, n) for i, (frozen, total, n) in incremental.items() if frozen and i in story.frozen}
        assert ended == {i: story.frozen[i] for i in ended}


def test_gol_40_recomputing_a_frozen_slice_changes_nothing(store_url):
    with account(store_url, START) as workspace:
        make_goals(workspace)
        for _ in range(5):
            workspace.run(records.add, "tickets", random_ticket(random.Random(1)))
        go_to(workspace, "2026-06-10")
        workspace.run(records.add, "tickets", random_ticket(random.Random(2)))
        frozen = {i: v for i, v in workspace.run(stored).items() if v[0]}
        workspace.run(calculation.full)
        assert {i: v for i, v in workspace.run(stored).items() if v[0]} == frozen


def test_wrk_2_only_touched_slices_are_taken(store_url, monkeypatch):
    with account(store_url, START) as workspace:
        make_goals(workspace)
        workspace.run(calculation.catch_up)
        taken = []
        measure = calculation.measure

        def measured(tx, loaded, slices, until=None):
            taken.extend(slices)
            return measure(tx, loaded, slices, until)

        monkeypatch.setattr(calculation, "measure", measured)
        workspace.run(
            records.add, "tickets", {"subject": "T", "owner": "dana", "stage": "Closed", "created_at": "2026-03-02",
                                     "closed_at": "2026-03-09"}
        )  # fmt: skip
        workspace.run(calculation.catch_up)
        assert {each.label for each in taken} == {"2026-03", "2026-W10", "2026-Q1"}


def test_wrk_4_nothing_changed_means_nothing_to_do(store_url):
    with account(store_url, START) as workspace:
        make_goals(workspace)
        workspace.run(calculation.catch_up)
        assert workspace.run(calculation.is_behind) is False
        assert workspace.run(calculation.catch_up) == 0
        assert workspace.run(calculation.full) == 0


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
def test_gol_2_a_daylight_saving_change_neither_adds_nor_drops_an_hour(store_url, zone):
    tz = ZoneInfo(zone)
    with account(store_url, "2026-01-02", time_zone=zone) as workspace:
        workspace.run(goal_making.create, NewGoal("tickets_closed", "w", users=["dana"], duration="weekly", year=2026))
        hours = [at("2026-03-23", tz) + number * 6 * HOUR for number in range(56)]
        for instant in hours:
            closed = {"stage": "Closed", "created_at": "2026-01-01", "closed_at": print_instant(instant, tz)}
            workspace.run(records.add, "tickets", {"subject": "T", "owner": "dana", **closed})
        workspace.run(calculation.catch_up)
        assert sum(r.reading.actual or 0 for r in workspace.run(goals.progress)) == len(hours)
