"""A goal's page on both databases: equal to the lists where they overlap (GOL-15, GOL-37, GOL-42, GOL-47)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from cs_workspace.domain.clock import day_of
from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.goals.model import Pace, Status
from cs_workspace.workspace import calculation, goal_changes, goal_making, goal_page, goals, records
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.goal_making import CustomKpi, NewGoal
from tests.workspace.account import account, go_to
from tests.workspace.test_goals import deal, ticket


@pytest.fixture
def workspace(store_url):
    with account(store_url) as opened:
        yield opened


def made(workspace, template="tickets_closed", **more):
    more = {"duration": "monthly", "year": 2026, "target": "10", **more}
    return str(workspace.run(goal_making.create, NewGoal(template, f"{template} of the year", **more)))


def seen(workspace, goal, *days):
    workspace.run(calculation.catch_up)
    return workspace.run(goal_page.page, goal, *days)


def line(page, name):
    (found,) = [each for each in page.lines if name in (each.login, each.name)]
    return found


def as_user(workspace, login):
    return Workspace(workspace.store, workspace.clock, login)


@pytest.fixture
def team_goal(workspace):
    """EMEA with Italy in it, Dana and Lee in Italy; 3 tickets of Dana in February, 2 of Lee in March."""
    go_to(workspace, "2026-01-02")
    goal = made(workspace, teams=["EMEA", "Italy"], users=["dana", "lee"], include_others=True)
    for _ in range(3):
        ticket(workspace, "dana", "2026-02-01", "2026-02-05T10:00")
    go_to(workspace, "2026-03-16T00:00")
    for day in ("02", "16"):
        ticket(workspace, "lee", "2026-03-01", f"2026-03-{day}T00:30")
    return goal


def test_gol_15_the_tree_shows_the_users_targets_against_the_teams_own(workspace, team_goal):
    workspace.run(goal_changes.set_target, team_goal, "Italy", "2026-03", "25")
    page = seen(workspace, team_goal)
    assert [(each.name, each.depth) for each in page.lines] == [("EMEA", 0), ("Italy", 1), ("dana", 2), ("Lee", 2)]
    italy = line(page, "Italy")
    assert (italy.summary.target, italy.users.target) == (11 * 10 + 25, 2 * 12 * 10)
    assert line(page, "EMEA").users.target == 240
    assert line(page, "dana").users is None


def test_gol_37_the_whole_is_the_outermost_rows_and_equals_the_lists(workspace, team_goal):
    page = seen(workspace, team_goal)
    assert [each.name for each in page.lines if each.contributor.id in page.whole] == ["EMEA"]
    assert (page.summary.actual, page.summary.target, page.summary.progress_percent) == (5, 120, 4)
    rows = workspace.run(goals.progress, goal=team_goal)
    for each in page.lines:
        own = [row for row in rows if row.contributor.id == each.contributor.id]
        assert [row.reading for row in own] == [row.reading for row in each.milestones]
        assert each.summary.actual == sum(row.reading.actual for row in own)
        assert each.summary.target == sum(row.reading.target for row in own)
    emea = [row.reading for row in rows if row.contributor_name == "EMEA"]
    assert [each.reading for each in page.milestones] == emea


def test_gol_37_what_the_total_leaves_out_is_said_and_what_it_needs_is_of_the_whole(workspace, team_goal):
    page = seen(workspace, team_goal)
    assert page.summary.needed_per_day == Fraction(115, 209)  # from Monday the 16th of March on
    workspace.run(goal_changes.set_target, team_goal, "EMEA", "2026-02", "none")
    page = seen(workspace, team_goal)
    assert (page.summary.actual, page.summary.target, page.summary.unaimed) == (2, 110, 3)


def test_gol_32_meetings_that_are_planned_are_in_the_total_and_not_in_its_pace(workspace):
    go_to(workspace, "2026-03-16T00:00")
    kpi = CustomKpi("meetings", "count", "starts_at")
    goal = made(workspace, "custom", users=["dana"], duration="quarterly", target="4", custom=kpi)
    for day in ("2026-03-02", "2026-03-20", "2026-03-25", "2026-03-30"):
        texts = {"title": day, "owner": "dana", "starts_at": f"{day}T10:00", "duration": "1h"}
        workspace.run(records.add, "meetings", texts)
    page = seen(workspace, goal, date(2026, 1, 1), date(2026, 3, 31))
    assert (page.summary.actual, page.by_now, page.summary.pace) == (4, 1, Pace.AT_RISK)
    assert page.burn_up.actual[-1] == 1
    assert page.burn_up.ahead[-1] == 4


def test_gol_37_users_stand_for_a_team_without_targets(workspace, team_goal):
    for team in ("EMEA", "Italy"):
        workspace.run(goal_changes.set_target, team_goal, team, "all", "none")
    page = seen(workspace, team_goal)
    assert page.whole == {line(page, "dana").contributor.id, line(page, "lee").contributor.id}
    assert (page.summary.actual, page.summary.target) == (5, 240)


def test_gol_47_leaders_are_the_users_by_progress(workspace, team_goal):
    page = seen(workspace, team_goal)
    assert [(each.login, each.rank) for each in page.leaders] == [("dana", 1), ("lee", 2)]
    workspace.run(goal_changes.set_target, team_goal, "dana", "all", "none")
    assert [(each.login, each.rank) for each in seen(workspace, team_goal).leaders] == [("lee", 1), ("dana", None)]


def test_gol_47_a_range_of_days_takes_the_milestones_it_touches(workspace, team_goal):
    page = seen(workspace, team_goal, date(2026, 2, 28), date(2026, 3, 1))
    assert page.shown == (1, 2)
    assert (page.summary.actual, page.summary.target) == (5, 20)
    assert [each.reading is None for each in page.milestones[:4]] == [True, False, False, True]
    assert line(page, "dana").summary.actual == 3
    assert (page.burn_up.first, page.burn_up.last) == (day_of(date(2026, 2, 1)), day_of(date(2026, 3, 31)))
    with pytest.raises(Invalid, match="is before"):
        seen(workspace, team_goal, date(2026, 3, 1), date(2026, 2, 1))
    with pytest.raises(Invalid, match="no milestone"):
        seen(workspace, team_goal, date(2027, 3, 1), date(2027, 4, 1))


def test_gol_47_the_burn_up_counts_local_days_across_a_clock_change(workspace):
    """Rome's clocks go forward on 29 March 2026; records at both ends of the days around it fall on their own day."""
    go_to(workspace, "2026-03-01")
    goal = made(workspace, users=["dana"])
    for closed in ("28T00:00", "28T23:59", "29T00:00", "29T23:59", "30T00:00", "31T23:59"):
        ticket(workspace, "dana", "2026-03-01", f"2026-03-{closed}")
    go_to(workspace, "2026-03-31T23:59:30")
    lines = seen(workspace, goal, date(2026, 3, 1), date(2026, 3, 31)).burn_up
    assert lines.actual[-5:] == (0, 2, 4, 5, 6)
    assert lines.target[-1] == lines.pace[-1] == 10


def test_gol_47_days_of_a_property_that_is_a_day_and_of_chosen_pipelines(workspace):
    workspace.run(records.change, "users", "dana", {"sales_seat": "enterprise", "service_seat": "enterprise"})
    goal = made(workspace, "revenue", users=["dana", "lee"], target="100", pipelines=["Sales pipeline"])
    deal(workspace, "dana", "40", "2026-03-02")
    deal(workspace, "lee", "5.50", "2026-03-10")
    page = seen(workspace, goal, date(2026, 3, 1), date(2026, 3, 31))
    assert page.burn_up.actual[:2] == (0, 40)
    assert page.burn_up.actual[-1] == page.summary.actual == Fraction(91, 2)
    assert page.pipelines == ("Sales pipeline",)
    assert (page.category, page.forecastable, page.in_forecast) == ("forecast", True, True)


def test_gol_24_a_goal_of_another_duration_than_the_forecast_is_not_shown_in_it(workspace):
    goal = made(workspace, "revenue", users=["dana"], duration="quarterly")
    page = seen(workspace, goal)
    assert (page.forecastable, page.in_forecast) == (True, False)


def test_gol_13_averages_are_pooled_and_have_no_common_target_unless_it_is_the_same(workspace):
    goal = made(workspace, "avg_ticket_resolution_time", users=["dana", "lee"], target="10h")
    for owner, hour in (("dana", 2), ("lee", 12), ("lee", 12)):
        ticket(workspace, owner, "2026-03-02T00:00", f"2026-03-02T{hour:02}:00")
    page = seen(workspace, goal, date(2026, 3, 1), date(2026, 3, 31))
    assert page.summary.actual == Fraction(26 * 3600, 3)
    assert page.summary.target == 36000
    assert page.burn_up.actual[1] == Fraction(26 * 3600, 3)
    assert page.ranking.label == "2026-03"
    whole = seen(workspace, goal)
    assert (whole.summary.of, whole.ranking.label) == (1, "2026-03")
    assert [each.summary.status for each in whole.leaders] == [Status.IN_PROGRESS] * 2
    workspace.run(goal_changes.set_target, goal, "lee", "all", "9h")
    assert seen(workspace, goal).summary.target is None


def test_gol_47_user_goals_of_the_same_creator_are_counted(workspace, team_goal):
    made(
        workspace, users=["ewa"], duration="custom", year=None, start=date(2026, 3, 1), end=date(2026, 3, 2), target="0"
    )
    page = seen(workspace, team_goal)
    assert (page.running, page.reached) == (2, 1)


def test_gol_42_the_log_says_who_set_which_target_from_what_to_what(workspace, team_goal):
    lee = as_user(workspace, "lee")
    workspace.run(records.change, "users", "lee", {"goals_edit": "everyone"})
    workspace.run(goal_changes.set_target, team_goal, "dana", "2026-04", "12")
    lee.run(goal_changes.set_target, team_goal, "Italy", "2026-02", "none")
    last, before = workspace.run(goal_page.log, team_goal, None, 2)
    assert (last.user, last.contributor, last.milestone, last.old, last.new) == ("Lee", "Italy", "2026-02", 10, None)
    assert (before.user, before.contributor, before.old, before.new) == ("dana", "dana", 10, 12)
    assert workspace.run(goal_page.log, team_goal, before.id) == []


def test_gol_40_the_log_names_milestones_calculated_anew(workspace, team_goal):
    ticket(workspace, "dana", "2026-02-01", "2026-02-20T10:00")
    assert seen(workspace, team_goal).ended == 2 * 4
    workspace.run(goal_changes.recalculate_ended, team_goal)
    newest = workspace.run(goal_page.log, team_goal)[0]
    assert (newest.measured, newest.old, newest.new, newest.milestone) == (True, 3, 4, "2026-02")
    assert seen(workspace, team_goal).burn_up.actual[day_of(date(2026, 2, 28)) - day_of(date(2026, 1, 1))] == 4


def test_per_7_and_per_11_rows_out_of_scope_are_not_there_nor_in_sums(workspace, team_goal):
    workspace.run(records.change, "users", "ewa", {"goals_view": "own"})
    with pytest.raises(Refused, match="wider Goals permission"):
        as_user(workspace, "ewa").run(goal_page.page, team_goal)
    workspace.run(
        records.change, "users", "lee", {"goals_view": "everyone", "sales_seat": "none", "service_seat": "professional"}
    )
    page = as_user(workspace, "lee").run(goal_page.page, team_goal)
    assert {each.name for each in page.lines} == {"EMEA", "Italy", "Lee"}
    assert page.hidden
    assert line(page, "Italy").users is None
    assert {each.contributor for each in as_user(workspace, "lee").run(goal_page.log, team_goal)} <= {
        "EMEA",
        "Italy",
        "Lee",
    }


def test_gol_47_a_goal_that_is_gone(workspace, team_goal):
    with pytest.raises(NotFound):
        workspace.run(goal_page.page, "99")
