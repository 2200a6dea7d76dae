"""What is supposed reads as what really happens when somebody does it (GOL-13, GOL-32 to GOL-40)."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.goals.what_if import Supposition, WhatIf
from cs_workspace.domain.permissions import Permission
from cs_workspace.workspace import calculation, goal_making, goals, records, undo, what_if, what_if_tasks
from cs_workspace.workspace.door import writes
from cs_workspace.workspace.goal_making import CustomKpi, NewGoal
from cs_workspace.workspace.what_if import Written
from tests.workspace.account import account, at, go_to

NOW = "2026-03-15T10:00"
USERS = ("dana", "lee", "ewa", "kari")
DAYS = ("2026-01-20", "2026-02-28", "2026-03-02", "2026-03-31", "2026-04-01", "2026-05-05T13:00", "2027-01-02")
REVENUE, CLOSED, RESOLUTION, GREATEST, LEAST, DONE, ANSWERED = range(1, 8)


def make_goals(workspace):
    def deals(name, aggregate):
        kpi = CustomKpi("deals", aggregate, "close_date", measure="amount_home", filter="is_won:yes deal_type:renewal")
        return NewGoal("custom", name, teams=["Italy"], duration="quarterly", year=2026, custom=kpi, target="150")

    done = CustomKpi("tasks", "count", "completed_at", filter="status:completed")
    for each in (
        NewGoal("revenue", "v", teams=["EMEA", "Poland"], include_others=True, duration="monthly", year=2026,
                pipelines=["Sales pipeline"], target="300"),
        NewGoal("tickets_closed", "c", teams=["Italy"], duration="weekly", year=2026, target="2"),
        NewGoal("avg_ticket_resolution_time", "r", teams=["Italy"], duration="monthly", year=2026, target="20d"),
        deals("g", "maximum"),
        deals("l", "minimum"),
        NewGoal("custom", "t", users=["dana", "ewa"], duration="yearly", year=2026, custom=done, target="3"),
        NewGoal("avg_ticket_response_time", "a", users=list(USERS), duration="quarterly", year=2026, target="3d"),
    ):  # fmt: skip
        workspace.run(goal_making.create, each)


def make_records(workspace, rng):
    for number in range(10):
        stage = rng.choice(("Closed won", "Closed won", "Contract sent", "Qualified to buy", "Closed lost"))
        texts = {"name": f"D{number}", "owner": rng.choice((*USERS, "ola")), "stage": stage}
        texts |= {"amount": rng.choice(("10", "99.99", "200", "")), "currency": rng.choice(("EUR", "PLN"))}
        texts |= {"close_date": rng.choice((*DAYS, "")), "deal_type": rng.choice(("renewal", "new_business"))}
        workspace.run(records.add, "deals", texts)
    for number in range(8):
        texts = {"subject": f"T{number}", "owner": rng.choice((*USERS, "ola")), "created_at": rng.choice(DAYS[:3])}
        if rng.random() < 0.5:
            texts |= {"stage": "Closed", "closed_at": rng.choice(DAYS[2:4])}
        if rng.random() < 0.5:
            texts["first_reply_at"] = DAYS[2]
        workspace.run(records.add, "tickets", texts)
    for number in range(3):
        workspace.run(records.add, "tasks", {"title": f"J{number}", "due_at": DAYS[3], "assignee": rng.choice(USERS)})
    workspace.run(calculation.catch_up)


# By goal: the object, what a won record is, the date, and the days that somebody may write.
WAYS = {
    REVENUE: ("deals", {"stage": "Closed won"}, "close_date", DAYS),
    GREATEST: ("deals", {"stage": "Closed won"}, "close_date", DAYS),
    LEAST: ("deals", {"stage": "Closed won"}, "close_date", DAYS),
    CLOSED: ("tickets", {"stage": "Closed"}, "closed_at", DAYS[2:5]),
    RESOLUTION: ("tickets", {"stage": "Closed"}, "closed_at", DAYS[2:5]),
    DONE: ("tasks", {"status": "completed"}, "completed_at", DAYS),
    ANSWERED: ("tickets", {}, "first_reply_at", DAYS[2:5]),
}
HOW_MANY = {"deals": 10, "tickets": 8, "tasks": 3}
AMOUNTS = {"": None, "50": 5000, "1000": 100_000}


def values(rows):
    """Everything that is read of each slice."""
    return {row.slice.id: (row.reading, row.slice.frozen) for row in rows}


@writes(Permission.SESSION, "set a target")
def set_target(tx, slice_id, steps):
    tx.journal.update("slices", {slice_id: {"target": steps}})


def check_law(workspace, rng, goal):
    """Suppose something at random, really do it, and compare."""

    def real():
        return values(workspace.run(goals.progress, goal=str(goal)))

    object_, won, dated_by, days = WAYS[goal]
    supposed, done = WhatIf(), {}
    for record in rng.sample(range(1, HOW_MANY[object_] + 1), k=3):
        day, wins = rng.choice(days), rng.random() < 0.7
        amount = rng.choice(sorted(AMOUNTS)) if object_ == "deals" else ""
        supposed = supposed.suppose(Supposition(record, wins, at(day), AMOUNTS[amount]))
        done[record] = {**(won if wins else {}), dated_by: day, **({"amount": amount} if amount else {})}
    aimed = rng.choice(sorted(real()))
    supposed = supposed.aim([aimed], 7_000_000)

    before = real()
    found = workspace.run(what_if.suppose, goal, supposed)
    assert values(row.before for row in found.rows) == before == real()  # nothing is saved
    for record, texts in done.items():
        workspace.run(records.change, object_, str(record), texts)
    workspace.run(set_target, aimed, 7_000_000)
    workspace.run(calculation.catch_up)
    assert values(row.after for row in found.rows) == real()


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), order=st.permutations(sorted(WAYS)))
def test_gol_32_to_40_a_supposed_reading_is_what_is_measured_after_really_doing_it(new_store_url, seed, order):
    rng = random.Random(seed)
    with account(new_store_url(), NOW) as workspace:
        make_goals(workspace)
        make_records(workspace, rng)
        for goal in order:
            check_law(workspace, rng, goal)


@pytest.fixture
def house(store_url):
    """Italy's revenue by months of 2026: 100 € won in March, three deals open, one lost, one won in January."""
    with account(store_url, "2026-01-25") as workspace:
        new = NewGoal("revenue", "Revenue", teams=["Italy"], duration="monthly", year=2026, target="1000")
        workspace.run(goal_making.create, new)
        workspace.run(records.add, "companies", {"name": "Łódź Robotics", "domain": "lodz.pl"})
        add_deal(workspace, "January", "dana", "500", "2026-01-20", "Closed won")
        go_to(workspace, NOW)
        add_deal(workspace, "March", "dana", "100", "2026-03-10", "Closed won")
        add_deal(workspace, "Renewal", "lee", "400", "2026-03-30", "Contract sent", companies="lodz.pl")
        add_deal(workspace, "Late", "dana", "800", "2026-02-10", "Qualified to buy")
        add_deal(workspace, "Next", "dana", "1000", "2026-04-10", "Qualified to buy")
        add_deal(workspace, "Lost", "dana", "900", "2026-03-20", "Closed lost")
        add_deal(workspace, "Elsewhere", "ola", "700", "2026-03-20", "Contract sent")
        workspace.run(calculation.catch_up)
        yield workspace


def add_deal(workspace, name, owner, amount, day, stage, **more):
    texts = {"name": name, "owner": owner, "amount": amount, "close_date": day, "stage": stage, **more}
    return workspace.run(records.add, "deals", texts)


def march(found):
    """By contributor, the milestone of March."""
    return {row.before.contributor_name: row for row in found.at(2)}


RENEWAL, LATE, NEXT = 3, 4, 5


def test_candidates_are_open_records_of_those_who_count_the_greatest_first(house):
    found = house.run(what_if.candidates, 1)
    assert [(c.title, c.owner, c.company, c.stage, c.probability) for c in found.rows] == [
        ("Next", "dana", "", "Qualified to buy", 0.4),
        ("Late", "dana", "", "Qualified to buy", 0.4),
        ("Renewal", "Lee", "Łódź Robotics", "Contract sent", 0.9),
    ]
    assert [(c.value, c.date, c.counts) for c in found.rows[2:]] == [(400, at("2026-03-30"), False)]
    some = house.run(what_if.candidates, 1, 1, "owner:dana")
    assert ([c.title for c in some.rows], some.total) == (["Next"], 2)
    with pytest.raises(Invalid, match="amont"):
        house.run(what_if.candidates, 1, query="amont:3")


def test_deals_supposed_won_or_moved_and_targets(house):
    """GOL-13, GOL-33, GOL-40: won on its date, or today where that is over; February is frozen and stays."""
    supposed = WhatIf().suppose(Supposition(RENEWAL, won=True)).suppose(Supposition(LATE, won=True))
    found = house.run(what_if.suppose, 1, supposed)
    assert {name: (row.before.reading.actual, row.after.reading.actual) for name, row in march(found).items()} == {
        "Italy": (100, 1300),
        "dana": (100, 900),
        "Lee": (0, 400),
    }
    assert march(found)["Italy"].after.reading.progress_percent == 130
    assert {row.before.slice.label for row in found.rows if row.moved} == {"2026-03"}
    assert (found.records[LATE].date, found.records[LATE].counts) == (at(NOW), True)

    # REV-3: won, and as much of the open deals of the month as they are likely.
    first = march(house.run(what_if.suppose, 1, WhatIf()))["Italy"]
    assert (first.forecast_before, first.forecast_after) == (100 + 360, 100 + 360)
    moved = WhatIf().suppose(Supposition(NEXT, date=at("2026-03-31"), amount=200_00))
    row = march(house.run(what_if.suppose, 1, moved))["Italy"]
    assert (row.forecast_before, row.forecast_after) == (460, 460 + 80)
    assert row.after.reading.actual == 100

    # GOL-15, GOL-42: a supposed target moves progress and pace and nothing else.
    aimed = march(house.run(what_if.suppose, 1, WhatIf().aim([first.before.slice.id], 100_00)))
    assert aimed["Italy"].after.reading.progress_percent == 100
    assert not aimed["dana"].moved


def test_another_forecast_goes_on_as_it_went(house):
    """What was closed in half a month is closed again in the other half, and what is supposed comes on top."""
    house.run(goal_making.create, NewGoal("tickets_closed", "T", users=["dana"], duration="monthly", year=2026))
    for stage in ("Closed", "New"):
        texts = {"subject": stage, "owner": "dana", "stage": stage, "created_at": "2026-03-02"}
        house.run(records.add, "tickets", texts)
    go_to(house, "2026-03-16T12:00")
    house.run(calculation.catch_up)
    (open_one,) = house.run(what_if.candidates, 2).rows
    (row,) = house.run(what_if.suppose, 2, WhatIf().suppose(Supposition(open_one.id, won=True))).at(2)
    gone = Fraction(at("2026-03-16T12:00") - row.before.slice.start, row.before.slice.end - row.before.slice.start)
    assert (row.forecast_before, row.forecast_after) == (1 / gone, 1 / gone + 1)
    assert row.after.reading.actual == 2


def test_und_2_tasks_are_one_entry_and_are_not_made_twice(house):
    supposed = (
        WhatIf()
        .suppose(Supposition(RENEWAL, won=True, amount=450_00))
        .suppose(Supposition(NEXT, date=at("2026-03-31")))
    )
    made = house.run(what_if_tasks.as_tasks, 1, supposed)
    rows = [house.run(records.show, "tasks", str(i)) for i in made.ids]
    assert [(row["title"], row["assignee"], row["due_at"][:10], row["status"]) for row in rows] == [
        ("Win Renewal for 450 € by 30 Mar 2026", "lee", "2026-03-30", "open"),
        ("Bring Next to 31 Mar 2026", "dana", "2026-03-31", "open"),
    ]
    assert (rows[0]["deals"], rows[0]["companies"]) == (["Renewal"], ["Łódź Robotics"])
    again = house.run(what_if_tasks.as_tasks, 1, supposed)
    assert (again.ids, again.already) == ((), 2)
    house.run(undo.undo)
    assert house.run(records.count, "tasks") == 0
    with pytest.raises(Invalid, match="nothing of a record"):
        house.run(what_if_tasks.as_tasks, 1, WhatIf())


def test_per_7_only_rows_and_records_that_one_may_see(house):
    house.run(records.change, "users", "lee", {"goals_view": "own"})
    house.login = "lee"
    assert {row.before.contributor_name for row in house.run(what_if.suppose, 1, WhatIf()).rows} == {"Lee"}
    assert [c.title for c in house.run(what_if.candidates, 1).rows] == ["Renewal"]
    house.login = "dana"
    house.run(records.change, "users", "lee", {"workspace": "no"})
    house.login = "lee"
    with pytest.raises(Refused, match="may not see deals"):
        house.run(what_if.candidates, 1)
    with pytest.raises(Refused, match="may not see deals"):
        house.run(what_if.suppose, 1, WhatIf().suppose(Supposition(RENEWAL, won=True)))
    (lee,) = house.run(what_if.suppose, 1, WhatIf()).at(2)
    (lee,) = house.run(what_if.suppose, 1, WhatIf().aim([lee.before.slice.id], 0)).at(2)
    assert (lee.after.reading.target, lee.forecast_after) == (0, None)  # supposing targets needs no records
    goal, understood = house.run(what_if.understand, "1", Written(targets=[("lee", "2026-03", "500")]))
    assert (goal, list(understood.targets.values())) == (1, [500_00])
    with pytest.raises(Refused, match="may not see deals"):
        house.run(what_if.understand, "1", Written(won=["Renewal"]))
    with pytest.raises(NotFound):
        house.run(what_if.suppose, 99, WhatIf())
