"""Health scores from the command line (HEA-7, HEA-9)."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import insert

from cs_workspace.domain.clock import DAY, FixedClock
from cs_workspace.domain.health import Group, RulePoints, to_json
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.store.engine import Store
from cs_workspace.store.tables.system import health_points
from cs_workspace.workspace import records
from cs_workspace.workspace.door import Workspace

NOON = 1_773_572_400_000  # 2026-03-15T12:00+01:00


def company(team):
    """The id of a company."""
    with closing(Store(team.db)) as store:
        return Workspace(store, FixedClock(NOON), "boss").run(records.add, "companies", {"name": "Łódź Robotics"})


def keep(team, record, days_ago, open_tickets):
    groups = (Group("tickets", "Support tickets", 100, (RulePoints("Open tickets", open_tickets, -20 * open_tickets),
              RulePoints("To begin with", 1, 80))),)  # fmt: skip
    with closing(Store(team.db)) as store, store.writing() as connection:
        connection.execute(
            insert(health_points).values(
                object=STANDARD["companies"].code,
                record=record,
                at=NOON - days_ago * DAY,
                score=80 - 20 * open_tickets,
                groups=to_json(groups),
            )
        )


def test_headless_contract_health(team):
    """HEA-9: score, category, groups, changes and trend; the fields never change."""
    record = company(team)
    keep(team, record, 40, 0)
    keep(team, record, 2, 3)
    found = team.one("health", "companies", "Łódź Robotics")
    assert list(found) == ["id", "name", "score", "category", "at", "groups", "changes", "trend"]
    assert (found["score"], found["category"], found["at"]) == (20, "at_risk", "2026-03-13T12:00:00+01:00")
    assert found["groups"] == [
        {
            "name": "tickets",
            "label": "Support tickets",
            "points": 20,
            "maximum": 100,
            "rules": [
                {"label": "Open tickets", "matched": 3, "points": -60},
                {"label": "To begin with", "matched": 1, "points": 80},
            ],
        }
    ]
    assert [(change["since"], change["score"], change["points"]) for change in found["changes"]] == [
        ("last", 80, -60),
        ("30_days", 80, -60),
    ]
    assert found["changes"][0]["groups"][0]["rules"] == [
        {"label": "Open tickets", "matched_before": 0, "matched": 3, "points": -60}
    ]
    assert [point["score"] for point in found["trend"]] == [80, 20]
    table = team.done("health", "companies", record, "--format", "table")
    assert "Łódź Robotics: At risk 20 since 2026-03-13" in table
    assert "Before it was 80: Open tickets -60 (0 to 3)." in table


def test_headless_contract_health_of_a_record_without_score(team):
    record = company(team)
    found = team.one("health", "companies", record)
    assert (found["score"], found["category"], found["groups"], found["trend"]) == (None, None, [], [])
    assert "has no health score" in team.done("health", "companies", record, "--format", "table")
    assert "There is no company" in team.refused(1, "health", "companies", "4711")
