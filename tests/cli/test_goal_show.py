"""A goal as a whole from the command line: the same numbers as its progress (GOL-47, headless contract)."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import deal

MAKE = ("--template", "revenue", "--name", "Revenue", "--year", 2026, "--duration", "quarterly", "--target", 2000)


@pytest.fixture
def goal(team):
    """Europe with Dana and her row, 1,000 € won in February, and the shell."""
    team.done("users", "set", "boss", "sales_seat=enterprise")
    deal(team, "Alpha", "1000")
    team.done("goals", "create", *MAKE, "--team", "Europe", "--user", "dana")
    return team


def test_gol_47_everything_as_one_object(goal):
    goal.done("goals", "set", "1", "--contributor", "dana", "--slice", "2026-Q1", "1500")
    shown = goal.one("goals", "show", "Revenue", "--to", "2026-06-30")
    progress = goal.rows("goals", "progress", "--goal", "1", "--to", "2026-06-30")
    assert shown["shown"] == {"start": "2026-01-01", "end": "2026-06-30"}
    assert shown["total"]["actual"] == "1000.00"
    assert shown["total"]["target"] == "4000.00"
    assert shown["total"]["progress_percent"] == 25
    assert shown["user_goals"] == {"in_progress": 1, "achieved": 0}
    europe, dana = shown["contributors"]
    assert (europe["kind"], europe["users_target"], europe["target_gap"]) == ("team", "3500.00", "-500.00")
    assert (dana["rank"], dana["login"], dana["progress_percent"]) == (1, "dana", 28)
    fields = ("target", "actual", "progress_percent", "status", "pace", "frozen")
    of_team = [row for row in progress if row["contributor"]["kind"] == "team"]
    assert [[each[name] for name in fields] for each in shown["milestones"]] == [
        [row[name] for name in fields] for row in of_team
    ]
    assert len(shown["days"]) == 181
    assert shown["days"][39]["actual"] == "0.00"
    assert shown["days"][40] == {
        "date": "2026-02-10", "actual": "1000.00", "ahead": None, "target": "4000.00",
        "pace": shown["days"][40]["pace"],
    }  # fmt: skip
    assert (shown["total"]["slice"], shown["total"]["actual_without_target"]) == (None, None)
    assert shown["days"][-1]["actual"] is None
    assert shown["days"][-1]["pace"] == "4000.00"
    assert shown["changes"][0]["contributor"] == "Dana Ruiz"
    assert (shown["changes"][0]["what"], shown["changes"][0]["old"], shown["changes"][0]["new"]) == (
        "target", "2000.00", "1500.00"
    )  # fmt: skip
    assert json.loads(goal.done("--format", "json", "goals", "show", "1"))["goal_id"] == 1


def test_gol_47_for_people_and_for_spreadsheets(goal):
    text = goal.done("--format", "table", "goals", "show", "1")
    assert text.startswith("Revenue · Revenue · quarterly · All · 2026-01-01 to 2026-12-31\n")
    assert "Total 1,000 € of 8,000 €, 12 %, in progress" in text
    assert "Dana Ruiz" in text
    goal.done("goals", "set", "1", "--contributor", "Europe", "--slice", "2026-Q1", "none")
    text = goal.done("--format", "table", "goals", "show", "1")
    assert "Total 0 € of 6,000 €, 0 %, pending, 1,000 € more without a target." in text
    header, *rows = goal.done("--format", "csv", "goals", "show", "1").splitlines()
    assert header.startswith("rank,kind,name,login,target,actual")
    assert len(rows) == 2


def test_refusals_are_one_line(goal):
    assert "no milestone" in goal.refused(2, "goals", "show", "1", "--from", "2027-01-01")
    assert "no goal" in goal.refused(1, "goals", "show", "9")
    assert "not a date" in goal.refused(2, "goals", "show", "1", "--from", "soon")
    goal.refused(5, "goals", "show", "1", login="eve")
