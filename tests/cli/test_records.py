"""Records, tasks and the undo list from the command line."""

from __future__ import annotations

import json

from tests.cli.conftest import deal


def test_headless_contract_list_filters_sorts_and_limits(team):
    for name, amount in (("Alpha", "100"), ("Beta", "300"), ("Gamma", "200")):
        deal(team, name, amount)
    rows = team.rows("list", "deals", "amount:>=150", "owner:dana", "--columns", "name,amount", "--sort", "-amount")
    assert rows == [{"name": "Beta", "amount": "300.00"}, {"name": "Gamma", "amount": "200.00"}]
    assert len(team.rows("list", "deals", "--limit", "2")) == 2
    table = team.done("list", "deals", "--columns", "name,amount,close_date", "--limit", "1", "--format", "table")
    assert table.splitlines()[2] == "Alpha  100.00  2026-02-10T00:00:00+01:00"


def test_lst_3_a_list_is_sorted_by_several_properties(team):
    for name, amount in (("Alpha", "100"), ("Beta", "300"), ("Gamma", "100"), ("Delta", "")):
        deal(team, name, amount)
    rows = team.rows("list", "deals", "--columns", "name", "--sort", "-amount,-name")
    assert [row["name"] for row in rows] == ["Beta", "Gamma", "Alpha", "Delta"]
    assert "no such property" in team.refused(2, "list", "deals", "--sort", "-amount,nmae")


def test_qry_6_search_finds_records_of_every_object(team):
    deal(team, "Łódź Robotics", "100")
    found = {"object": "deals", "id": 1, "title": "Łódź Robotics"}
    for words in (("lodz", "rob"), ("#1", "--object", "deals"), ("1", "--object", "deals", "--limit", "1")):
        (row,) = team.rows("search", *words)
        assert row | found == row
    assert team.rows("search", "oslo") == []
    assert "There is no object 'dals'" in team.refused(1, "search", "lodz", "--object", "dals")


def test_headless_contract_set_and_show_and_history(team):
    deal(team, "Alpha", "100")
    assert team.one("set", "deals", "Alpha", "amount=1,250.50", "close_date=") == {"id": 1, "changed": True}
    assert team.one("set", "deals", "1", "amount=1250.5") == {"id": 1, "changed": False}
    record = team.one("show", "deals", "1")
    assert (record["amount"], record["close_date"], record["amount_home"]) == ("1250.50", None, "1250.50")
    lines = team.rows("history", "deals", "1", "amount")
    assert [(line["old"], line["new"], line["user"], line["source"]) for line in lines] == [
        ("100.00", "1250.50", "boss", "cli")
    ]
    assert lines[0]["at"] == "2026-03-15T12:00:00+01:00"


def test_headless_contract_set_refuses_what_cannot_be(team):
    deal(team, "Alpha", "100")
    assert "no such property" in team.refused(2, "set", "deals", "1", "amonut=1")
    assert "calculated" in team.refused(2, "set", "deals", "1", "amount_home=1")
    assert "not an amount" in team.refused(2, "set", "deals", "1", "name=Beta", "amount=lots")
    assert team.one("show", "deals", "1")["name"] == "Alpha"


def test_headless_contract_tasks(team):
    deal(team, "Alpha", "100")
    first = int(team.done("tasks", "add", "Call", "--due", "2026-04-01", "--for", "deal:Alpha", "--assignee", "dana"))
    second = int(team.done("tasks", "add", "Write", "--due", "2026-04-01T09:30"))
    task = team.one("show", "tasks", first)
    assert (task["deals"], task["assignee"], task["due_at"]) == (["Alpha"], "dana", "2026-04-01T00:00:00+02:00")
    assert team.one("show", "tasks", second)["assignee"] == "boss"
    assert team.one("tasks", "done", first, second) == {"done": 2}
    assert {row["status"] for row in team.rows("list", "tasks")} == {"completed"}
    assert team.one("undo")["changed"] == 2  # UND-2: one action is one entry
    assert {row["status"] for row in team.rows("list", "tasks")} == {"open"}
    assert "is not OBJECT:REF" in team.refused(2, "tasks", "add", "Call", "--due", "2026-04-01", "--for", "Alpha")


def test_und_2_undo_redo_and_the_list(team):
    deal(team, "Alpha", "100")
    team.done("set", "deals", "1", "name=Beta")
    assert team.one("undo") == {"undone": "set name of deal Alpha", "changed": 1, "left": []}
    assert team.one("show", "deals", "1")["name"] == "Alpha"
    assert team.one("undo", "--redo") == {"redone": "set name of deal Alpha", "changed": 1, "left": []}
    assert team.one("show", "deals", "1")["name"] == "Beta"
    newest, *older = team.rows("undo", "--list")
    assert (newest["action"], newest["undone"], newest["changes"]) == ("set name of deal Alpha", False, 1)
    assert older[0]["action"] == "create deal Alpha"
    assert team.one("undo", "--entry", newest["entry"])["changed"] == 1
    assert team.one("undo", "--redo", "--entry", newest["entry"])["redone"] == "set name of deal Alpha"
    assert "is not undone" in team.refused(1, "undo", "--redo", "--entry", newest["entry"])
    assert "takes neither" in team.refused(2, "undo", "--list", "--redo")
    assert "nothing to undo" in team.refused(1, "undo", login="eve")


def test_und_3_what_somebody_changed_since_is_left_alone_and_named(team):
    deal(team, "Alpha", "100")
    team.done("set", "deals", "1", "name=Beta", "amount=200")
    team.done("set", "deals", "1", "name=Gamma", login="dana")
    result = team("undo")
    assert result.exit_code == 4
    assert json.loads(result.stdout) == {
        "undone": "set amount, name of deal Alpha",
        "changed": 1,
        "left": ["deals 1 name"],
    }
    record = team.one("show", "deals", "1")
    assert (record["name"], record["amount"]) == ("Gamma", "100.00")


def test_headless_contract_pipelines(team):
    stages = ("--stage", "Talk", "--stage", "Offer=40%", "--stage", "Won=won", "--stage", "Lost=lost")
    pipeline = int(team.done("pipelines", "add", "deals", "Renewals", *stages))
    found = next(row for row in team.rows("pipelines", "list", "deals") if row["id"] == pipeline)
    assert [(s["label"], s["closed"], s["probability"]) for s in found["stages"]] == [
        ("Talk", False, None),
        ("Offer", False, 0.4),
        ("Won", True, 1.0),
        ("Lost", True, 0.0),
    ]
    assert "already" in team.refused(2, "pipelines", "add", "deals", "renewals", "--stage", "Talk")
    assert "won or lost" in team.refused(2, "pipelines", "add", "deals", "New", "--stage", "Done=closed")
    assert "neither open nor closed" in team.refused(2, "pipelines", "add", "tickets", "New", "--stage", "Done=won")
    assert "between 0 and 1" in team.refused(2, "pipelines", "add", "deals", "New", "--stage", "Offer=2")
    assert "twice" in team.refused(2, "pipelines", "add", "tickets", "New", "--stage", "A", "--stage", "a")
    assert "have no pipelines" in team.refused(2, "pipelines", "add", "companies", "New", "--stage", "A")
    assert "Offer=0.4" in team.done("pipelines", "list", "deals", "--format", "csv")
