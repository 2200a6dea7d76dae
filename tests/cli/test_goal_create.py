"""Goals looked at before they are made, from the command line (GOL-4, GOL-11)."""

from __future__ import annotations

import json

from tests.cli.conftest import deal

WORDS = ("--template", "revenue", "--name", "Revenue", "--user", "dana", "--duration", "quarterly")


def test_gol_4_a_dry_run_says_what_the_goal_would_be_and_makes_nothing(team):
    team.done("users", "set", "boss", "sales_seat=enterprise")
    deal(team, "Alpha", "1000")
    found = json.loads(team.done("--format", "json", "goals", "create", *WORDS, "--year", "2026", "--dry-run"))
    assert found["meaning"].startswith("Adds up the amount in home currency of deals where won is yes")
    assert found["contributors"] == ["dana"]
    assert found["slices"] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert (found["milestones"], found["unit"], found["forecastable"]) == (4, "currency", True)
    assert (found["so_far"], found["last_year"], found["questions"]) == ("1000.00", "0.00", [])
    assert "meaning" in team.done("goals", "create", *WORDS, "--year", "2026", "--dry-run")
    assert team.rows("goals", "list") == []
    assert "9999999 is not between" in team.refused(2, "goals", "create", *WORDS, "--year", "9999999", "--dry-run")


def test_gol_11_a_carrier_is_given_by_login_and_team(team):
    line = team.refused(2, "goals", "create", *WORDS, "--year", "2026", "--carrier", "dana")
    assert "LOGIN=TEAM" in line
    assert "no user" in team.refused(2, "goals", "create", *WORDS, "--year", "2026", "--carrier", "nobody=none")
