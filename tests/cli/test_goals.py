"""Goals from the command line."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import deal

FIELDS = [
    "goal_id",
    "goal",
    "template",
    "category",
    "contributor",
    "slice",
    "pipelines",
    "unit",
    "direction",
    "target",
    "actual",
    "progress_percent",
    "status",
    "pace",
    "frozen",
    "calculated_at",
]


@pytest.fixture
def goal(team):
    """Dana's revenue by quarters of 2026 with 1,000 € won in February, and the shell."""
    team.done("users", "set", "boss", "sales_seat=enterprise")
    deal(team, "Alpha", "1000")
    words = (
        "--template",
        "revenue",
        "--name",
        "Revenue",
        "--user",
        "dana",
        "--year",
        "2026",
        "--duration",
        "quarterly",
    )
    assert team.done("goals", "create", *words, "--target", "2,000").strip() == "1"
    return team


def test_headless_contract_the_fields_of_goals_progress(goal):
    row = goal.rows("goals", "progress")[0]
    assert list(row) == FIELDS
    assert row == {
        "goal_id": 1,
        "goal": "Revenue",
        "template": "revenue",
        "category": "forecast",
        "contributor": {"kind": "user", "name": "Dana Ruiz", "login": "dana"},
        "slice": {"label": "2026-Q1", "start": "2026-01-01", "end": "2026-03-31"},
        "pipelines": ["All"],
        "unit": "currency",
        "direction": "higher",
        "target": "2000.00",
        "actual": "1000.00",
        "progress_percent": 50,
        "status": "in_progress",
        "pace": "at_risk",
        "frozen": False,
        "calculated_at": "2026-03-15T12:00:00+01:00",
    }


def test_headless_contract_formats_of_goals_progress(goal):
    assert [list(row) for row in json.loads(goal.done("goals", "progress", "--format", "json"))] == [FIELDS] * 4
    header, first, *_ = goal.done("goals", "progress", "--format", "csv").splitlines()
    assert header.startswith(
        "goal_id,goal,template,category,contributor.kind,contributor.name,contributor.login,slice."
    )
    assert first.startswith("1,Revenue,revenue,forecast,user,Dana Ruiz,dana,2026-Q1,2026-01-01,2026-03-31,All,currency")
    table = goal.done("goals", "progress", "--format", "table").splitlines()
    assert table[2].split()[:4] == ["Revenue", "Dana", "Ruiz", "2026-Q1"]
    empty = goal.done("goals", "progress", "--status", "missed", "--format", "csv")
    assert empty.strip() == header


def test_gol_39_numbers_are_true_without_a_worker(goal):
    goal.done("set", "deals", "Alpha", "amount=1500")
    assert goal.rows("goals", "progress")[0]["actual"] == "1500.00"


def test_gol_39_read_only_says_when_numbers_are_behind(goal):
    goal.done("goals", "progress")
    assert not goal("--read-only", "goals", "progress").stderr
    goal.done("set", "deals", "Alpha", "amount=1500")
    result = goal("--read-only", "goals", "progress", "--format", "jsonl")
    assert result.exit_code == 0
    assert "behind" in result.stderr
    assert json.loads(result.stdout.splitlines()[0])["actual"] == "1000.00"


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        (["--template", "revenue", "--template", "calls_made"], 4),
        (["--template", "calls_made"], 0),
        (["--name", "reven"], 4),
        (["--name", 'a "quoted" name: or ('], 0),
        (["--duration", "quarterly"], 4),
        (["--team", "Europe"], 0),
        (["--user", "dana"], 4),
        (["--pipeline", "All"], 4),
        (["--milestone", "Q1"], 1),
        (["--status", "pending"], 3),
        (["--status", "pending", "--status", "in_progress"], 4),
        (["--from", "2026-04-01"], 3),
        (["--to", "2026-04-01"], 2),
        (["--from", "2026-04-01", "--to", "2026-06-30"], 1),
        (["--progress", "50"], 1),
        (["--progress", ">=50%"], 1),
        (["--progress", "0..49"], 3),
        (["status:in_progress", "or", "milestone:Q4"], 2),
        (["status:in_progress", "or", "milestone:Q4", "--milestone", "Q4"], 1),
        (["--current"], 1),
    ],
)
def test_gol_43_filters(goal, words, labels):
    assert len(goal.rows("goals", "progress", *words)) == labels


@pytest.mark.parametrize(
    "words", [["--progress", "50 or x"], ["--progress", "lots"], ["--user", "nobody"], ["--status", "x"]]
)
def test_qry_4_a_filter_that_means_nothing_is_refused(goal, words):
    goal.refused(2, "goals", "progress", *words)


def test_headless_contract_as_of(goal):
    assert goal.rows("goals", "progress", "--at", "2026-02-01")[0]["actual"] == "0.00"
    later = goal.rows("goals", "progress", "--at", "2026-04-01")
    assert [row["status"] for row in later] == ["missed", "in_progress", "pending", "pending"]


def test_gol_42_set_targets(goal):
    assert goal.one("goals", "set", "Revenue", "--contributor", "dana", "--slice", "2026-Q1", "1k") == {"changed": 1}
    assert goal.rows("goals", "progress")[0]["progress_percent"] == 100
    assert goal.one("goals", "set", "1", "--contributor", "Dana Ruiz", "--slice", "all", "none") == {"changed": 4}
    row = goal.rows("goals", "progress")[0]
    assert (row["target"], row["status"], row["pace"], row["progress_percent"]) == (None, None, None, None)
    assert "Did you mean" in goal.refused(2, "goals", "set", "1", "--contributor", "dana", "--slice", "2026-Q5", "1")
    assert "negative" in goal.refused(2, "goals", "set", "1", "--contributor", "dana", "--slice", "all", "--", "-1")


def test_gol_45_gol_46_clone_and_delete(goal):
    assert goal.done("goals", "clone", "Revenue", "--name", "Next", "--shift-years", "1") == "2\n"
    assert [(row["goal"], row["year"]) for row in goal.rows("goals", "list")] == [("Revenue", 2026), ("Next", 2027)]
    assert goal.one("goals", "delete", "Next", "--contributor", "dana") == {"deleted": 1, "goal_deleted": True}
    assert len(goal.rows("goals", "list")) == 1


def test_headless_contract_explain(goal):
    found = goal.one("goals", "explain", "1", "--contributor", "dana", "--slice", "2026-Q1")
    assert list(found)[: len(FIELDS)] == FIELDS
    assert (found["counted_users"], found["filter"], found["stands"]) == (["dana"], "is_won:yes", True)
    assert found["records"] == [
        {"id": 1, "title": "Alpha", "owner": "dana", "date": "2026-02-10T00:00:00+01:00", "value": "1000.00"}
    ]
    table = goal.done("goals", "explain", "1", "--contributor", "dana", "--slice", "2026-Q1", "--format", "table")
    assert "Actual 1,000 €, target 2,000 €." in table
    assert "dated by close_date from 2026-01-01 to 2026-03-31." in table
    assert "Alpha" in table


def test_gol_40_ended_milestones_are_calculated_anew_on_purpose_only(goal):
    goal.now = "2026-05-01"
    assert goal.rows("goals", "progress")[0]["frozen"]
    goal.done("set", "deals", "Alpha", "amount=5000")
    assert goal.one("goals", "refresh", "--full") == {"changed": 0}
    assert goal.rows("goals", "progress")[0]["actual"] == "1000.00"
    assert "--yes" in goal.refused(2, "goals", "refresh", "--ended", "Revenue")
    assert goal.one("goals", "refresh", "--ended", "Revenue", "--yes") == {"changed": 1}
    assert goal.rows("goals", "progress")[0]["actual"] == "5000.00"
    assert goal.rows("undo", "--list")[0]["action"] == "calculate the ended milestones of Revenue anew"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("contributor,slice,target\ndana,2026-01,5\ndana,2026-02,6\n", 5),
        ("\ufeffTarget;Slice;Contributor\n7;all;Dana Ruiz\n\n", 7),
        ("note\tSLICE\ttarget\tcontributor\nx\t2026-01\t8\tdana\n", 8),
    ],
)
def test_gol_29_targets_from_a_file(team, tmp_path, text, first):
    path = tmp_path / "targets.csv"
    path.write_text(text, encoding="utf-8")
    words = ("--template", "tickets_closed", "--name", "Closed", "--user", "dana", "--year", "2026")
    team.done("goals", "create", *words, "--duration", "monthly", "--targets", path)
    assert team.rows("goals", "progress")[0]["target"] == first


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("contributor,slice\ndana,2026-01\n", 2, "'target'"),
        ("contributor,slice,target\ndana\n", 2, "line 2"),
        ("contributor,slice,target\nkim,2026-01,5\n", 2, "'kim' has no row"),
        ("contributor,slice,target\ndana,2026-13,5\n", 2, "is not a slice"),
        ("", 2, "needs one column"),
    ],
)
def test_gol_29_a_file_that_cannot_be_is_refused_and_nothing_made(team, tmp_path, text, code, part):
    path = tmp_path / "targets.csv"
    path.write_text(text, encoding="utf-8")
    words = ("--template", "tickets_closed", "--name", "Closed", "--user", "dana", "--year", "2026")
    assert part in team.refused(code, "goals", "create", *words, "--duration", "monthly", "--targets", path)
    assert team.rows("goals", "list") == []


def test_gol_8_a_goal_from_scratch(team):
    deal(team, "Alpha", "1000")
    deal(team, "Beta", "500")
    words = (
        "--template",
        "custom",
        "--name",
        "Deal size",
        "--user",
        "dana",
        "--start",
        "2026-01-01",
        "--end",
        "2026-06-30",
    )
    kpi = ("--object", "deals", "--aggregate", "average", "--measure", "amount_home", "--dated-by", "close_date")
    team.done("goals", "create", *words, *kpi, "--filter", "is_won:yes", "--target", "600")
    row = team.one("goals", "progress")
    assert (row["actual"], row["category"], row["slice"]["label"]) == ("750.00", "custom", "2026-01-01..2026-06-30")
    assert "--dated-by" in team.refused(2, "goals", "create", *words, *kpi[:-2])
    other = ("--template", "revenue", "--name", "R", "--user", "dana", "--year", "2026", "--duration", "yearly")
    assert "--object goes with --template custom" in team.refused(2, "goals", "create", *other, "--object", "deals")


def test_gol_9_a_team_goal(team):
    words = ("--template", "tickets_closed", "--name", "Closed", "--team", "Europe", "--year", "2026")
    team.done("goals", "create", *words, "--duration", "yearly")
    rows = team.rows("goals", "progress")
    assert [row["contributor"] for row in rows] == [
        {"kind": "team", "name": "Europe", "login": None},
        {"kind": "user", "name": "Dana Ruiz", "login": "dana"},
    ]
    assert len(team.rows("goals", "progress", "--team", "Europe")) == 2


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["--template", "revenu", "--year", "2026", "--duration", "yearly"], 2, "Did you mean revenue?"),
        (["--template", "revenue"], 2, "needs a period"),
        (["--template", "revenue", "--year", "2026", "--duration", "dayly"], 2, "not a duration"),
        (["--template", "revenue", "--start", "2026-02-30", "--end", "2026-03-01"], 2, "start: "),
        (["--template", "revenue", "--start", "2026-03-02", "--end", "2026-03-01"], 2, "before the start"),
        (["--template", "revenue", "--year", "2026", "--duration", "yearly", "--target", "lots"], 2, "target: "),
        (["--template", "revenue", "--year", "2026", "--duration", "yearly", "--notify", "x"], 2, "not an event"),
        (["--template", "revenue", "--year", "2026", "--duration", "yearly", "--pipeline", "x"], 2, "no pipeline 'x'"),
        (["--template", "revenue", "--year", "2026", "--duration", "yearly", "--user", "kim"], 2, "no user 'kim'"),
        (["--template", "revenue", "--year", "2026", "--duration", "yearly", "--user", "eve"], 5, "Sales Professional"),
    ],
)
def test_gol_4_what_cannot_be_made_is_refused(team, words, code, part):
    assert part in team.refused(code, "goals", "create", "--name", "G", "--user", "dana", *words)
    assert team.rows("goals", "list") == []


def test_set_12_a_rate_moves_deals_goals_and_comes_back(goal):
    deal(goal, "Dollar", "1000", currency="USD")
    assert goal.rows("goals", "progress")[0]["actual"] == "1900.00"
    assert goal.one("config", "rate", "usd", "0.8") == {"currency": "USD", "changed": True}
    assert goal.one("show", "deals", "Dollar")["amount_home"] == "800.00"
    assert goal.rows("--read-only", "goals", "progress")[0]["actual"] == "1800.00"
    assert goal.one("config", "rate", "USD", "0.80") == {"currency": "USD", "changed": False}
    assert goal.one("config", "show")["rates"] == {"USD": "0.8"}
    assert "no exchange rate from USD" in goal.refused(2, "config", "rate", "USD", "none")
    assert goal.one("undo")["undone"] == "set the exchange rate of USD to 0.8"
    assert goal.one("show", "deals", "Dollar")["amount_home"] == "900.00"
    assert goal.rows("goals", "progress")[0]["actual"] == "1900.00"


@pytest.mark.parametrize(
    ("value", "part"), [("0", "positive"), ("lots", "not a number"), ("0.00000000000001", "too fine")]
)
def test_set_12_a_rate_that_cannot_be_is_refused(shell, value, part):
    assert part in shell.refused(2, "config", "rate", "PLN", value)


def test_headless_contract_a_bar_is_drawn_for_people_only(goal):
    assert goal("goals", "refresh", "--full").stderr == ""
