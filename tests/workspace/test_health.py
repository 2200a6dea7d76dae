"""Health scores as kept: how one came about, why it changed, how it went (HEA-7, HEA-9)."""

from __future__ import annotations

import pytest
from sqlalchemy import event, insert

from cs_workspace.domain.clock import DAY
from cs_workspace.domain.errors import NotFound, Refused
from cs_workspace.domain.health import Category, Group, RulePoints, score, to_json
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.store.tables.system import health_points
from cs_workspace.workspace import health, records
from cs_workspace.workspace.door import Workspace
from tests.workspace.account import account, at

NOW = at("2026-03-15T10:00")
COMPANIES = STANDARD["companies"].code


def given(open_tickets: int, meetings: int) -> tuple[Group, ...]:
    """Two groups; the limit of the second one bites."""
    return (
        Group("tickets", "Support tickets", 60, (RulePoints("Open tickets", open_tickets, 60 - 10 * open_tickets),)),
        Group("engagement", "1:1 engagement", 40, (RulePoints("Meetings held", meetings, 15 * meetings),)),
    )


@pytest.fixture
def told(store_url):
    """Acme with three points, Beta with one, Gamma with none."""
    with account(store_url) as workspace:
        acme, beta, gamma = (workspace.run(records.add, "companies", {"name": n}) for n in ("Acme", "Beta", "Gamma"))
        points = [
            (acme, 60, given(1, 3)),
            (acme, 20, given(3, 3)),
            (acme, 2, given(5, 2)),
            (beta, 5, given(0, 1)),
            (acme, -1, given(0, 0)),  # tomorrow: a stopped clock does not know it
        ]
        with workspace.store.writing() as connection:
            connection.execute(
                insert(health_points),
                [
                    {"object": COMPANIES, "record": r, "at": NOW - ago * DAY, "score": score(g), "groups": to_json(g)}
                    for r, ago, g in points
                ],
            )
        yield workspace, acme, beta, gamma


def test_a_score_is_explained_by_what_was_kept(told):
    """HEA-9: the score, its groups, and the rules that made the difference to the last one and to 30 days ago."""
    workspace, acme, *_ = told
    found = workspace.run(health.explain, "companies", acme)
    assert (found.title, found.score, found.category, found.at) == ("Acme", 40, Category.NEUTRAL, NOW - 2 * DAY)
    assert [(group.label, group.rules[0].points) for group in found.groups] == [
        ("Support tickets", 10),
        ("1:1 engagement", 30),
    ]
    last, month = found.since_last, found.since_month
    assert (last.at, last.score, last.points) == (NOW - 20 * DAY, 70, -30)
    assert [(g.label, g.points, [(r.label, r.points) for r in g.rules]) for g in last.groups] == [
        ("Support tickets", -20, [("Open tickets", -20)]),
        ("1:1 engagement", -10, [("Meetings held", -15)]),  # five of them were beyond the limit
    ]
    assert (month.at, month.score, month.points) == (NOW - 60 * DAY, 90, -50)
    assert workspace.run(health.explain, "companies", "Acme") == found


def test_a_first_score_has_nothing_to_compare_with_and_some_records_have_none(told):
    workspace, _, beta, gamma = told
    first = workspace.run(health.explain, "companies", beta)
    assert (first.score, first.category, first.since_last, first.since_month) == (75, Category.HEALTHY, None, None)
    nothing = workspace.run(health.explain, "companies", gamma)
    assert (nothing.score, nothing.category, nothing.at, nothing.groups) == (None, None, None, ())
    with pytest.raises(NotFound):
        workspace.run(health.explain, "companies", 4711)


def test_a_trend_begins_with_what_held_then(told):
    """HEA-9: oldest first, nothing of the time to come."""
    workspace, acme, beta, gamma = told
    assert workspace.run(health.trend, "companies", acme) == [
        (NOW - 60 * DAY, 90),
        (NOW - 20 * DAY, 70),
        (NOW - 2 * DAY, 40),
    ]
    assert workspace.run(health.trend, "companies", acme, 30)[0] == (NOW - 60 * DAY, 90)
    assert workspace.run(health.trend, "companies", beta, 30) == [(NOW - 5 * DAY, 75)]
    assert workspace.run(health.trend, "companies", gamma) == []


def test_earlier_scores_of_a_whole_list_take_one_statement(told):
    workspace, acme, beta, gamma = told
    statements = []

    def heard(_connection, _cursor, statement, *_):
        if "health_points" in statement:
            statements.append(statement)

    engine = workspace.store.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        assert workspace.run(health.at_many, "companies", [acme, beta, gamma]) == {acme: 90}
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    assert len(statements) == 1
    assert workspace.run(health.at_many, "companies", [acme, beta, gamma], 3) == {acme: 70, beta: 75}
    assert workspace.run(health.at_many, "companies", []) == {}


def test_only_workspace_users_see_scores(told):
    """PER-1."""
    workspace, acme, *_ = told
    workspace.run(records.add, "users", {"login": "nobody", "name": "Nobody"})
    with pytest.raises(Refused, match="it needs"):
        Workspace(workspace.store, workspace.clock, "nobody").run(health.explain, "companies", acme)
