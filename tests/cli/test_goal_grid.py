"""The target grid from the command line (GOL-25 to GOL-30; headless contract)."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def goal(team):
    """Calls of Dana and the boss, by quarter, 2,000 each."""
    team.done("users", "set", "boss", "sales_seat=professional", "name=Ada")
    words = ("--template", "calls_made", "--name", "Calls", "--user", "dana", "--user", "boss", "--year", "2026")
    team.done("goals", "create", *words, "--duration", "quarterly", "--target", "2000")
    return team


def test_headless_contract_the_grid_as_data_and_as_a_table(goal):
    dana, boss = goal.rows("goals", "grid", "calls")
    assert list(dana) == ["goal_id", "goal", "contributor", "unit", "direction", "locked", "cells"]
    assert dana["contributor"] == {"kind": "user", "name": "Dana Ruiz", "login": "dana"}
    assert [cell["target"] for cell in boss["cells"]] == [2000] * 4
    assert dana["cells"][0] == {
        "slice": {"label": "2026-Q1", "start": "2026-01-01", "end": "2026-03-31"},
        "pipelines": ["All"],
        "target": 2000,
        "actual": 0,
        "progress_percent": 0,
        "status": "in_progress",
        "pace": "at_risk",
        "frozen": False,
        "notify": [],
    }
    table = [line.split() for line in goal.done("goals", "grid", "1", "--format", "table").splitlines()]
    assert table[0] == ["contributor", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "total"]
    assert table[2] == ["Dana", "Ruiz", "2,000", "2,000", "2,000", "2,000", "8,000"]
    for layer, first in (("actuals", "0"), ("progress", "0%"), ("pipelines", "All")):
        lines = goal.done("goals", "grid", "1", "--layer", layer, "--format", "table").splitlines()
        assert lines[2].split()[2] == first
    csv = goal.done("goals", "grid", "1", "--format", "csv").splitlines()
    assert csv[1] == "Dana Ruiz,2000,2000,2000,2000,8000"
    locked = goal.rows("goals", "grid", "1", login="dana")
    assert [bool(row["locked"]) for row in locked] == [False, True]


def test_gol_29_paste_from_standard_input(goal):
    block = "100\t1,200\n10\tx\t30\t40\t50\n"
    asked = ("goals", "paste", "1", "--contributor", "dana", "--slice", "2026-q1")
    dry = goal("--format", "json", *asked, "--dry-run", stdin=block)
    assert dry.exit_code == 4
    assert json.loads(dry.stdout)["changes"][0] == "Dana Ruiz, 2026-Q1: 2,000 → 100"
    assert goal.rows("goals", "grid", "1")[0]["cells"][0]["target"] == 2000
    done = goal("--format", "json", *asked, stdin=block)
    assert done.exit_code == 4
    found = json.loads(done.stdout)
    assert (found["changed"], found["outside"], found["clashes"]) == (5, 1, [])
    assert found["wrong"][0].startswith("Ada, 2026-Q2: 'x': ")
    assert [[cell["target"] for cell in row["cells"]] for row in goal.rows("goals", "grid", "1")] == [
        [100, 1200, 2000, 2000],
        [10, 2000, 30, 40],
    ]
    assert goal.one("undo")["undone"] == "paste 5 targets in Calls"
    assert goal.one(*asked, stdin="7")["changed"] == 1
    assert "no row" in goal.refused(1, "goals", "paste", "1", "--contributor", "eve", stdin="7")
    assert "not a slice" in goal.refused(2, "goals", "paste", "1", "--slice", "2026-Q5", stdin="7")


def test_gol_28_spread_a_total(goal):
    spread = ("goals", "spread", "1", "1k", "--contributor", "dana", "--contributor", "Ada")
    assert goal.one(*spread, "--dry-run")["changes"][0] == "Dana Ruiz, 2026-Q1: 2,000 → 250"
    assert goal.one(*spread)["changed"] == 8
    assert goal.one(*spread, "--by-last-year")["changed"] == 0
    assert "negative" in goal.refused(2, "goals", "spread", "1", "--contributor", "dana", "--", "-5")


def test_gol_30_notifications(goal):
    assert goal.one("goals", "notify", "1", "missed", "assigned")["changed"] == 1
    assert goal.one("goals", "notify", "1", "none")["changed"] == 1
    assert "not an event" in goal.refused(2, "goals", "notify", "1", "miss")
    goal.refused(5, "goals", "notify", "1", "missed", login="dana")
    some = ("--contributor", "dana", "--slice", "2026-q2", "--slice", "2026-Q3")
    assert goal.one("goals", "notify", "1", "missed", *some)["changed"] == 2
    assert goal.one("goals", "notify", "1", "assigned")["changed"] == 1
    assert [cell["notify"] for cell in goal.rows("goals", "grid", "1")[0]["cells"]] == [
        ["assigned"],
        ["missed"],
        ["missed"],
        ["assigned"],
    ]
    assert goal.one("goals", "notify", "1", "goal", "--slice", "2026-Q2")["changed"] == 1
    lines = goal.done("goals", "grid", "1", "--layer", "notifications", "--format", "csv").splitlines()
    assert lines[1:] == ["Dana Ruiz,assigned,assigned,missed,assigned", "Ada,assigned,assigned,assigned,assigned"]
    assert goal.one("goals", "notify", "1", "goal")["changed"] == 1
    assert "not a slice" in goal.refused(2, "goals", "notify", "1", "missed", "--slice", "2026-Q5")
