"""Views from the command line, and lists as views show them (headless contract, CUS-4 to CUS-8, LST-2)."""

from __future__ import annotations

import pytest

BUILT_IN = ["Owned by me", "Assigned in the last 30 days"]


@pytest.fixture
def customers(team):
    from contextlib import closing

    from cs_workspace.domain.clock import FixedClock, parse_instant, zone
    from cs_workspace.store.engine import Store
    from cs_workspace.workspace import records
    from cs_workspace.workspace.door import Workspace

    clock = FixedClock(parse_instant("2026-01-15T12:00", zone("Europe/Rome")))
    with closing(Store(team.db)) as store:
        boss = Workspace(store, clock, "boss")
        for name, owner, arr in (("Alpha", "dana", "100"), ("Beta", "boss", "300"), ("Gamma", "dana", "200")):
            boss.run(records.add, "companies", {"name": name, "owner": owner, "arr": arr})
    return team


def names(shell, **how):
    return [row["name"] for row in shell.rows("views", "list", "companies", **how)]


def test_cus_4_views_are_added_listed_and_used(customers):
    first = customers.rows("views", "list")[0]
    assert first == {
        "id": 1,
        "object": "companies",
        "name": "Owned by me",
        "shared": True,
        "default": 1,
        "description": "All that is yours.",
        "query": "owner:me",
        "columns": [],
        "sort": [],
        "layout": "table",
        "group_by": None,
        "owner": None,
        "builtin": True,
    }
    made = customers.done(
        *("views", "add", "companies", "Large or Dana's", "arr:>=200", "or", "OWNER:dana"),
        *("--columns", "name,arr", "--sort", "-arr", "--everyone", "--default", "What counts."),
    )
    row = customers.rows("views", "list", login="dana")[2]
    assert (row["id"], row["query"], row["default"], row["owner"]) == (int(made), "arr:>=200 or owner:dana", 3, "boss")
    rows = customers.rows("list", "companies", "--view", "large OR dana's", login="dana")
    assert rows == [{"name": n, "arr": f"{a}.00"} for n, a in (("Beta", 300), ("Gamma", 200), ("Alpha", 100))]
    narrowed = customers.rows("list", "companies", "owner:dana", "--view", "Large or Dana's", "--sort", "name")
    assert [each["name"] for each in narrowed] == ["Alpha", "Gamma"]
    either = ("list", "companies", "alpha", "or", "beta", "--view", "Owned by me", "--columns", "name")
    assert customers.rows(*either) == [{"name": "Beta"}]
    assert customers.rows(*either, login="dana") == [{"name": "Alpha"}]
    assert "column 7" in customers.refused(2, "list", "companies", "alpha hlth:3", "--view", "Owned by me")
    assert "has no view 'Owned by him'. Did you mean Owned by me?" in customers.refused(
        1, "list", "companies", "--view", "Owned by him"
    )


def test_cus_5_to_8_views_are_changed_moved_deleted_and_restored(customers):
    customers.done("views", "add", "companies", "One", "--everyone")
    customers.done("views", "add", "companies", "Two", "arr:>100", "--everyone")
    assert customers.one("views", "set", "companies", "one", "--name", "First", "--query", "arr:<100")["changed"]
    assert not customers.one("views", "set", "companies", "First", "--query", "arr:<100")["changed"]
    assert "Nothing to change is given" in customers.refused(2, "views", "set", "companies", "First")
    assert "description: is empty" in customers.refused(2, "views", "default", "companies", "Two")
    assert customers.one("views", "default", "companies", "Two", "Above 100.")["default"]
    assert names(customers) == [*BUILT_IN, "Two", "First"]
    assert customers.one("views", "move", "companies", "Two", "up")["changed"]
    assert names(customers) == ["Owned by me", "Two", "Assigned in the last 30 days", "First"]
    assert not customers.one("views", "default", "companies", "Two", "--remove")["default"]
    assert customers.one("views", "set", "companies", "Two", "--private")["changed"]
    assert names(customers, login="dana") == [*BUILT_IN, "First"]
    assert customers.one("views", "delete", "companies", "Two")["deleted"], "a private one at once"
    assert "Say --yes" in customers.refused(2, "views", "delete", "companies", "Owned by me")
    assert customers.one("views", "delete", "companies", "Owned by me", "--yes") == {"id": 1, "deleted": True}
    assert names(customers) == ["Assigned in the last 30 days", "First"]
    assert [row["name"] for row in customers.rows("views", "restore", "companies")] == ["Owned by me"]
    assert customers.rows("views", "restore", "companies") == []


def test_per_5_per_14_a_refusal_names_what_is_missing(customers):
    missing = "it needs super admin or the Manage Customer Success Settings permission"
    assert missing in customers.refused(5, "views", "add", "companies", "Ours", "--everyone", login="dana")
    assert missing in customers.refused(5, "views", "delete", "companies", "Owned by me", "--yes", login="dana")
    assert "it needs a Service seat" in customers.refused(5, "views", "list", login="eve")
    customers.done("views", "add", "companies", "Mine", login="dana")
    assert names(customers, login="dana") == [*BUILT_IN, "Mine"]
    assert names(customers) == BUILT_IN
