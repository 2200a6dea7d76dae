"""What-ifs from the command line: the same numbers as the screen's, for programs."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from cs_workspace.domain.clock import FixedClock, parse_instant
from cs_workspace.store.engine import Store
from cs_workspace.workspace import records
from cs_workspace.workspace.door import Workspace
from tests.cli.conftest import NOW, deal
from tests.workspace.account import ROME


@pytest.fixture
def house(team):
    """Dana's revenue by quarters of 2026: target 2,000 €, 1,000 € won in February, a deal of 500 € open for March."""
    team.done("users", "set", "boss", "sales_seat=enterprise")
    deal(team, "Alpha", "1000")
    what = ("--template", "revenue", "--name", "Revenue", "--target", "2000")
    team.done("goals", "create", *what, "--user", "dana", "--year", "2026", "--duration", "quarterly")
    beta = {"name": "Beta", "amount": "500", "owner": "dana", "stage": "Contract sent", "close_date": "2026-03-25"}
    with closing(Store(team.db)) as store:
        Workspace(store, FixedClock(parse_instant(NOW, ROME)), "boss").run(records.add, "deals", beta)
    return team


def test_headless_contract_a_what_if_says_before_and_after(house):
    row = house.one("goals", "what-if", "Revenue", "--won", "Beta", "--target", "dana:2026-Q1=1,500")
    assert (row["goal"], row["contributor"]["login"], row["slice"]["label"]) == ("Revenue", "dana", "2026-Q1")
    assert row["before"] == {
        "target": "2000.00", "actual": "1000.00", "progress_percent": 50, "status": "in_progress", "pace": "at_risk",
        "forecast": "1450.00",
    }  # fmt: skip
    assert (row["after"]["target"], row["after"]["actual"]) == ("1500.00", "1500.00")
    assert (row["after"]["progress_percent"], row["after"]["pace"], row["after"]["forecast"]) == (
        100,
        "on_track",
        "1500.00",
    )
    assert house.rows("goals", "progress", "--current")[0]["actual"] == "1000.00"  # nothing is saved


def test_a_what_if_moves_weighs_and_lists(house):
    (listed,) = house.rows("goals", "what-if", "Revenue", "--candidates")
    assert (listed["title"], listed["value"], listed["probability"]) == ("Beta", "500.00", 0.9)
    first, second = house.rows("goals", "what-if", "Revenue", "--move", "Beta=2026-04-02", "--amount", "Beta=1k")
    assert [(row["before"]["forecast"], row["after"]["forecast"]) for row in (first, second)] == [
        ("1450.00", "1000.00"),
        ("0.00", "900.00"),
    ]
    assert "1,450 € → 1,000 €" in house.done("--format", "table", "goals", "what-if", "Revenue", "--move", "Beta=+30d")


def test_tasks_of_a_what_if(house):
    made = json.loads(house.done("--format", "json", "goals", "what-if", "Revenue", "--won", "Beta", "--tasks"))
    assert (len(made["tasks"]), made["already"]) == (1, 0)
    (task,) = house.rows("list", "tasks", "--columns", "title,assignee,due_at")
    assert (task["title"], task["assignee"]) == ("Win Beta by 25 Mar 2026", "dana")


def test_a_mistake_is_one_line(house):
    assert "is not RECORD=DATE" in house.refused(2, "goals", "what-if", "Revenue", "--move", "Beta")
    assert "is not C:LABEL=VALUE" in house.refused(2, "goals", "what-if", "Revenue", "--target", "dana=3")
    assert "is not a day" in house.refused(2, "goals", "what-if", "Revenue", "--move", "Beta=soon")
    assert "is below zero" in house.refused(2, "goals", "what-if", "Revenue", "--amount", "Beta=-5")
    assert "There is no deal" in house.refused(1, "goals", "what-if", "Revenue", "--won", "Gamma")
    assert "--tasks" in house.refused(2, "goals", "what-if", "Revenue", "--due", "+1d")
