"""Goals from creation to frozen result, on both databases (GOL-1 to GOL-46)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.workspace import calculation, goal_changes, goal_making, goals, records, undo
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.goal_making import CustomKpi, NewGoal
from tests.workspace.account import account, at, go_to


@pytest.fixture
def workspace(store_url):
    with account(store_url) as opened:
        yield opened


def ticket(workspace, owner, created, closed=None, **more):
    texts = {"subject": "Printer", "owner": owner, "created_at": created, **more}
    if closed:
        texts |= {"stage": "Closed", "closed_at": closed}
    return str(workspace.run(records.add, "tickets", texts))


def deal(workspace, owner, amount, close_date, stage="Closed won", **more):
    texts = {"name": "Renewal", "owner": owner, "amount": amount, "close_date": close_date, "stage": stage, **more}
    return str(workspace.run(records.add, "deals", texts))


def row(workspace, goal, contributor, label, **more):
    workspace.run(calculation.catch_up)
    found = workspace.run(goals.progress, goal=str(goal), **more)
    (one,) = [r for r in found if r.slice.label == label and contributor in (r.contributor_login, r.contributor_name)]
    return one


def reading(workspace, goal, contributor="dana", label="2026-03", **more):
    return row(workspace, goal, contributor, label, **more).reading


def monthly(workspace, template, target="50", **more):
    more = {"users": ["dana"], **more}
    return workspace.run(
        goal_making.create, NewGoal(template, template, duration="monthly", year=2026, target=target, **more)
    )


# --- section 13, through the store


@pytest.mark.parametrize(
    ("closed", "target", "now", "percent", "status"),
    [
        (0, "3", "2026-02-28T23:59:59.999", 0, "pending"),
        (4, "3", "2026-03-15", 133, "in_progress"),
        (4, "3", "2026-04-01", 133, "exceeded"),
        (3, "3", "2026-04-01", 100, "achieved"),
        (2, "3", "2026-04-01", 66, "missed"),
    ],
)
def test_gol_34_tickets_closed_vectors_1_to_5(workspace, closed, target, now, percent, status):
    go_to(workspace, "2026-02-01")
    goal = monthly(workspace, "tickets_closed", target)
    for _ in range(closed):
        ticket(workspace, "dana", "2026-03-02", "2026-03-10")
    go_to(workspace, now)
    got = reading(workspace, goal)
    assert (got.progress_percent, got.status) == (percent, status)


def test_gol_35_vector_6_a_cent_short_is_missed(workspace):
    goal = monthly(workspace, "revenue", "1000000.00")
    deal(workspace, "dana", "999999.99", "2026-03-10")
    go_to(workspace, "2026-04-02")
    got = reading(workspace, goal)
    assert (got.progress_percent, got.status) == (99, "missed")


@pytest.mark.parametrize(
    ("replied", "percent", "status"),
    [
        ("2026-03-02T09:30", 133, "exceeded"),
        ("2026-03-02T10:00", 100, "achieved"),
        ("2026-03-02T10:00:01", 99, "missed"),
        (None, None, "no_data"),
    ],
)
def test_gol_36_average_response_vectors_7_to_10(workspace, replied, percent, status):
    goal = monthly(workspace, "avg_ticket_response_time", "2h")
    if replied:
        ticket(workspace, "dana", "2026-03-02T08:00", first_reply_at=replied)
    go_to(workspace, "2026-04-01")
    got = reading(workspace, goal)
    assert (got.progress_percent, got.status) == (percent, status)


def test_gol_13_vector_11_a_team_average_is_pooled(workspace):
    goal = monthly(workspace, "avg_ticket_resolution_time", "10h", users=(), teams=["Italy"])
    ticket(workspace, "dana", "2026-03-02T08:00", "2026-03-02T09:00")
    for _ in range(9):
        ticket(workspace, "lee", "2026-03-02T08:00", "2026-03-02T19:00")
    go_to(workspace, "2026-04-01")
    got = reading(workspace, goal, "Italy")
    assert (got.actual, got.status) == (Fraction(36000), "achieved")


def test_gol_33_vector_12_nothing_asked_and_nothing_done(workspace):
    goal = monthly(workspace, "deals_created", "0")
    go_to(workspace, "2026-04-01")
    got = reading(workspace, goal)
    assert (got.progress_percent, got.status) == (100, "achieved")


def test_gol_3_vector_13_no_target_no_status(workspace):
    goal = monthly(workspace, "tickets_closed", None)
    ticket(workspace, "dana", "2026-03-02", "2026-03-10")
    got = reading(workspace, goal)
    assert (got.actual, got.status) == (1, None)


def test_gol_40_vector_14_a_deal_won_after_the_end_does_not_count(workspace):
    goal = monthly(workspace, "revenue", "100")
    number = deal(workspace, "dana", "100", "2026-03-30", "Contract sent")
    go_to(workspace, "2026-04-02")
    workspace.run(records.change, "deals", number, {"stage": "Closed won"})  # before any calculation of April
    got = row(workspace, goal, "dana", "2026-03")
    assert (got.reading.actual, got.reading.status, got.slice.frozen) == (0, "missed", True)
    workspace.run(calculation.full)
    assert reading(workspace, goal).status == "missed"


def test_gol_40_ended_slices_can_be_calculated_anew_on_purpose_and_that_is_logged(workspace):
    goal = monthly(workspace, "tickets_closed", "1")
    go_to(workspace, "2026-04-02")
    ticket(workspace, "dana", "2026-03-02", "2026-03-10")
    assert reading(workspace, goal).status == "missed"
    assert workspace.run(goal_changes.recalculate_ended, str(goal)) == 1
    assert reading(workspace, goal).status == "achieved"
    assert "anew" in workspace.run(undo.entries)[0].label


def test_gol_40_slices_over_at_creation_are_computed_once(workspace):
    ticket(workspace, "dana", "2026-01-02", "2026-01-10")
    goal = monthly(workspace, "tickets_closed", "1")
    ticket(workspace, "dana", "2026-01-02", "2026-01-11")
    assert (reading(workspace, goal, label="2026-01").actual, row(workspace, goal, "dana", "2026-01").slice.frozen) == (
        1,
        True,
    )


# --- contributors and teams


def test_gol_13_include_others_and_the_whole_team_count_everybody(workspace):
    for login in ("dana", "lee"):
        ticket(workspace, login, "2026-03-02", "2026-03-10")
    chosen = monthly(workspace, "tickets_closed", teams=["Italy"], users=["dana"])
    others = monthly(workspace, "tickets_closed", teams=["Italy"], users=["dana"], include_others=True)
    whole = monthly(workspace, "tickets_closed", teams=["Italy"], users=(), whole_team=True)
    assert [reading(workspace, g, "Italy").actual for g in (chosen, others, whole)] == [1, 2, 2]


def test_gol_13_a_parent_team_counts_nested_teams_once(workspace):
    for login in ("dana", "ewa", "kari"):
        ticket(workspace, login, "2026-03-02", "2026-03-10")
    goal = monthly(workspace, "tickets_closed", teams=["EMEA"], users=(), whole_team=True)
    assert reading(workspace, goal, "EMEA").actual == 3


def test_gol_12_extra_members_do_not_count_towards_a_team(workspace):
    ticket(workspace, "ewa", "2026-03-02", "2026-03-10")
    goal = monthly(workspace, "tickets_closed", teams=["Italy"], users=(), whole_team=True)
    assert reading(workspace, goal, "Italy").actual == 0


def test_gol_11_a_user_of_two_picked_teams_stands_under_the_main_one(workspace):
    goal = monthly(workspace, "tickets_closed", teams=["Italy", "Poland"], users=())
    found = [
        (r.contributor_name, r.contributor.team)
        for r in workspace.run(goals.progress, goal=str(goal), current_only=True)
    ]
    poland = next(team for name, team in found if name == "Poland")
    assert [team for name, team in found if name == "Ewa"] == [poland]


def test_gol_14_who_leaves_a_team_stops_counting_for_what_is_not_frozen(workspace):
    goal = monthly(workspace, "tickets_closed", teams=["Italy"], users=(), include_others=True)
    ticket(workspace, "lee", "2026-03-02", "2026-03-10")
    ticket(workspace, "lee", "2026-02-02", "2026-02-10")
    assert reading(workspace, goal, "Italy").actual == 1
    workspace.run(records.change, "users", "lee", {"teams": "Poland"})
    assert reading(workspace, goal, "Italy").actual == 0
    assert reading(workspace, goal, "lee").actual == 1


def test_gol_7_the_owner_at_calculation_time_counts(workspace):
    goal = monthly(workspace, "tickets_closed", users=["dana", "lee"])
    number = ticket(workspace, "dana", "2026-03-02", "2026-03-10")
    assert [reading(workspace, goal, who).actual for who in ("dana", "lee")] == [1, 0]
    workspace.run(records.change, "tickets", number, {"owner": "lee"})
    assert [reading(workspace, goal, who).actual for who in ("dana", "lee")] == [0, 1]


def test_gol_41_a_deactivated_user_keeps_the_last_values_and_teams_go_on(workspace):
    goal = monthly(workspace, "tickets_closed", "2", teams=["Italy"], users=())
    ticket(workspace, "lee", "2026-03-02", "2026-03-10")
    workspace.run(records.change, "users", "lee", {"active": "no"})
    ticket(workspace, "lee", "2026-03-02", "2026-03-11")
    assert [reading(workspace, goal, who).actual for who in ("lee", "Italy")] == [1, 2]
    go_to(workspace, "2026-04-02")
    assert reading(workspace, goal, "lee").status == "in_progress"  # as it stood when Lee left
    go_to(workspace, "2026-03-20")
    workspace.run(records.change, "users", "lee", {"active": "yes"})
    assert reading(workspace, goal, "lee").actual in (1, 2)


def test_gol_41_reactivation_resumes(workspace):
    goal = monthly(workspace, "tickets_closed", "2", users=["lee"])
    workspace.run(records.change, "users", "lee", {"active": "no"})
    ticket(workspace, "lee", "2026-03-02", "2026-03-11")
    assert reading(workspace, goal, "lee").actual == 0
    workspace.run(records.change, "users", "lee", {"active": "yes"})
    assert reading(workspace, goal, "lee").actual == 1


# --- durations, pipelines, KPIs


def test_gol_18_a_fiscal_quarter_counts_its_own_months(store_url):
    with account(store_url) as workspace:
        ticket(workspace, "dana", "2026-03-02", "2026-03-31T23:59:59")
        goal = workspace.run(
            goal_making.create,
            NewGoal("tickets_closed", "Q", users=["dana"], duration="quarterly", year=2026, target="1"),
        )
        assert [reading(workspace, goal, label=q).actual for q in ("2026-Q1", "2026-Q2")] == [1, 0]


def test_gol_16_a_custom_period_is_one_slice_of_whole_days(workspace):
    ticket(workspace, "dana", "2026-03-02", "2026-03-09T23:59:59.999")
    ticket(workspace, "dana", "2026-03-02", "2026-03-10T00:00")
    goal = workspace.run(
        goal_making.create,
        NewGoal("tickets_closed", "C", users=["dana"], start=date(2026, 2, 10), end=date(2026, 3, 9), target="1"),
    )
    assert reading(workspace, goal, label="2026-02-10..2026-03-09").actual == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"duration": "custom", "start": date(2026, 3, 2), "end": date(2026, 3, 1)}, "before the start"),
        ({"duration": "custom"}, "start and an end"),
        ({"duration": "monthly"}, "needs a year"),
        ({"duration": "fortnightly", "year": 2026}, "not a duration"),
        ({"duration": "monthly", "year": 2026, "target": "-5"}, "negative"),
        ({"duration": "monthly", "year": 2026, "pipelines": ["Nowhere"]}, "no pipeline"),
        ({"duration": "monthly", "year": 2026, "users": ["nobody"]}, "no user"),
        ({"duration": "monthly", "year": 2026, "users": []}, "at least one"),
        ({"duration": "monthly", "year": 2026, "notify": ["lunch"]}, "not an event"),
        ({"duration": "monthly", "year": 2026, "template": "tickets"}, "not a template"),
        ({"duration": "monthly", "year": 2026, "targets": [("dana", "2026-13", "5")]}, "not a slice"),
    ],
)
def test_gol_4_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_saved(workspace, fields, sentence):
    with pytest.raises(Invalid, match=sentence):
        workspace.run(
            goal_making.create, NewGoal(**{"template": "tickets_closed", "name": "T", "users": ["dana"], **fields})
        )
    assert workspace.run(goals.goals) == []


def test_gol_21_a_goal_on_one_pipeline_counts_only_its_records(workspace):
    goal = monthly(workspace, "tickets_closed", pipelines=["Support pipeline"])
    everything = monthly(workspace, "tickets_closed")
    ticket(workspace, "dana", "2026-03-02", "2026-03-10")
    assert [reading(workspace, g).actual for g in (goal, everything)] == [1, 1]
    with pytest.raises(Invalid, match="no pipelines"):
        monthly(workspace, "calls_made", pipelines=["Support pipeline"])


def test_gol_6_revenue_is_in_the_home_currency(workspace):
    goal = monthly(workspace, "revenue", "1000")
    deal(workspace, "dana", "1000", "2026-03-10", currency="PLN")
    deal(workspace, "dana", "10.01", "2026-03-10")
    deal(workspace, "dana", "500", "2026-03-10", "Contract sent")
    deal(workspace, "dana", "500", "2026-03-10", "Closed lost")
    assert reading(workspace, goal).actual == Fraction("260.01")


def test_gol_6_calls_meetings_and_deals_are_dated_as_the_template_says(workspace):
    workspace.run(records.add, "calls", {"title": "c", "at": "2026-03-10", "owner": "dana"})
    workspace.run(
        records.add, "meetings", {"title": "m", "at": "2026-06-10", "booked_at": "2026-03-10", "owner": "dana"}
    )
    deal(workspace, "dana", "1", "2026-12-01", "Contract sent", created_at="2026-03-11")
    made = [monthly(workspace, t) for t in ("calls_made", "meetings_booked", "deals_created")]
    assert [reading(workspace, g).actual for g in made] == [1, 1, 1]
    assert [reading(workspace, g, label="2026-06").actual for g in made] == [0, 0, 0]


@pytest.mark.parametrize(
    ("aggregate", "expected"), [("sum", 300), ("average", 100), ("minimum", 50), ("maximum", 200), ("count", 3)]
)
def test_gol_8_a_goal_from_scratch_takes_every_aggregate(workspace, aggregate, expected):
    for name, arr in (("a", "50"), ("b", "50"), ("c", "200"), ("d", "7")):
        texts = {"name": name, "owner": "dana", "arr": arr, "renewal_date": "2026-03-31", "industry": "Energy"}
        workspace.run(records.add, "companies", texts | ({"industry": "Food"} if name == "d" else {}))
    kpi = CustomKpi(
        "companies", aggregate, "renewal_date", measure="" if aggregate == "count" else "arr", filter="industry:energy"
    )
    goal = monthly(workspace, "custom", "10", custom=kpi)
    assert reading(workspace, goal).actual == expected
    assert reading(workspace, goal, label="2026-04").actual in (0, None)


def test_gol_8_a_filter_that_changes_its_meaning_is_refused(workspace):
    with pytest.raises(Invalid):
        monthly(workspace, "custom", custom=CustomKpi("companies", "count", "renewal_date", filter="created_at:-30d.."))


# --- permissions


def test_per_9_only_a_sales_seat_can_be_given_a_sales_goal(workspace):
    workspace.run(records.change, "users", "lee", {"sales_seat": "none"})
    with pytest.raises(Refused, match="Lee needs a Sales"):
        monthly(workspace, "deals_created", users=["lee"])


def test_per_7_own_scope_sees_only_its_rows(workspace):
    goal = monthly(workspace, "tickets_closed", users=["dana", "lee"])
    workspace.run(records.change, "users", "lee", {"goals_view": "own", "goals_edit": "none"})
    workspace.login = "lee"
    assert {r.contributor_login for r in workspace.run(goals.progress)} == {"lee"}
    with pytest.raises(Refused):
        workspace.run(goal_changes.set_target, str(goal), "lee", "all", "3")


def test_per_11_the_users_inside_a_team_goal_need_a_seat_to_be_seen(workspace):
    monthly(workspace, "tickets_closed", teams=["Italy"], users=())
    workspace.run(records.change, "users", "ola", {"sales_seat": "none", "service_seat": "professional"})
    workspace.login = "ola"
    assert {r.contributor_name for r in workspace.run(goals.progress)} == {"Italy"}


# --- adjusting


def test_gol_42_a_target_edit_judges_the_frozen_actual_anew_and_undo_takes_it_back(workspace):
    goal = monthly(workspace, "tickets_closed", "2")
    ticket(workspace, "dana", "2026-03-02", "2026-03-10")
    go_to(workspace, "2026-04-02")
    assert reading(workspace, goal).status == "missed"
    assert workspace.run(goal_changes.set_target, str(goal), "dana", "2026-03", "1") == 1
    assert reading(workspace, goal).status == "achieved"
    workspace.run(undo.undo)
    assert reading(workspace, goal).status == "missed"


def test_gol_45_the_last_row_takes_the_goal_with_it_and_undo_brings_all_back(workspace):
    goal = monthly(workspace, "tickets_closed", "2", users=["dana", "lee"])
    ticket(workspace, "lee", "2026-03-02", "2026-03-10")
    before = [(r.contributor_login, r.slice.label, r.reading) for r in workspace.run(goals.progress)]
    assert workspace.run(goal_changes.delete, str(goal), ["lee"]) is False
    assert workspace.run(goal_changes.delete, str(goal), ["dana"]) is True
    assert workspace.run(goals.goals) == []
    workspace.run(undo.undo)
    workspace.run(undo.undo)
    workspace.run(calculation.catch_up)
    after = [(r.contributor_login, r.slice.label, r.reading) for r in workspace.run(goals.progress)]
    assert [line[:2] for line in after] == [line[:2] for line in before]
    assert reading(workspace, goal, "lee").actual == 1


def test_gol_46_a_clone_a_year_later_copies_targets_not_actuals(workspace):
    goal = monthly(workspace, "tickets_closed", "7")
    ticket(workspace, "dana", "2026-03-02", "2026-03-10")
    copy = workspace.run(goal_making.clone, str(goal), "Next year", shift_years=1)
    got = reading(workspace, copy, label="2027-03")
    assert (got.actual, got.target) == (0, 7)


def test_und_2_undoing_a_creation_takes_the_whole_goal_away(workspace):
    monthly(workspace, "tickets_closed", "7")
    workspace.run(undo.undo)
    assert workspace.run(goals.progress) == []
    workspace.run(undo.redo)
    assert len(workspace.run(goals.progress)) == 12


# --- seeing


def test_gol_43_filters_combine(workspace):
    monthly(workspace, "tickets_closed", "7", users=["dana", "lee"])
    monthly(workspace, "calls_made", "7", users=["lee"])
    found = workspace.run(goals.progress, "template:tickets_closed,calls_made user:lee milestone:2026-03")
    assert {(r.goal.template, r.contributor_login) for r in found} == {("tickets_closed", "lee"), ("calls_made", "lee")}
    assert workspace.run(goals.progress, "status:pending user:dana")[0].slice.label == "2026-04"


def test_gol_36_no_data_is_found_under_missed(workspace):
    go_to(workspace, "2026-02-10")
    monthly(workspace, "avg_ticket_response_time", "2h")
    assert [r.reading.status for r in workspace.run(goals.progress, "status:missed")] == ["no_data"]


def test_explain_lists_the_records_behind_a_number(workspace):
    goal = monthly(workspace, "tickets_closed", "7", users=["dana", "lee"])
    number = ticket(workspace, "dana", "2026-03-02", "2026-03-10")
    ticket(workspace, "lee", "2026-03-02", "2026-03-10")
    workspace.run(calculation.catch_up)
    why = workspace.run(goals.explain, str(goal), "dana", "2026-03")
    assert ([str(r["id"]) for r in why.records], why.counted, why.stands) == ([number], ("dana",), True)


def test_progress_at_an_instant_counts_only_what_was_dated_before(workspace):
    goal = monthly(workspace, "tickets_closed", "2")
    ticket(workspace, "dana", "2026-03-02", "2026-03-05")
    ticket(workspace, "dana", "2026-03-02", "2026-03-12")
    assert reading(workspace, goal, at=at("2026-03-10")).actual == 1


def test_unknown_goals_and_rows_are_named(workspace):
    goal = monthly(workspace, "tickets_closed")
    with pytest.raises(NotFound, match="tickets_close"):
        workspace.run(goals.progress, goal="tickets_clsed")
    with pytest.raises(NotFound, match="no row"):
        workspace.run(goals.explain, str(goal), "lee", "2026-03")


# --- the overview


@pytest.mark.parametrize(
    "now", ["2025-12-31", "2026-01-01", "2026-03-15T10:00", "2026-12-31T23:59:59.999", "2027-01-01"]
)
def test_gol_43_the_current_milestone_runs_or_is_next_or_is_the_last(workspace, now):
    for duration, users in (("monthly", ["dana", "lee"]), ("yearly", ["ewa"])):
        new = NewGoal("tickets_closed", duration, users=users, duration=duration, year=2026, target="5")
        workspace.run(goal_making.create, new)
    go_to(workspace, now)
    every = workspace.run(goals.progress)
    chosen: dict[int, goals.ProgressRow] = {}
    for row in every:
        best = chosen.get(row.contributor.id)
        if best is None or best.slice.end <= at(now):
            chosen[row.contributor.id] = row
    assert workspace.run(goals.progress, current_only=True) == list(chosen.values())


def test_gol_43_rows_that_are_here_are_filtered_as_the_store_filters_them(workspace):
    for number, template in enumerate(("tickets_closed", "revenue", "avg_ticket_response_time")):
        monthly(workspace, template, str(number), users=["dana", "lee"])
    rows = workspace.run(goals.progress)
    for query in ("", "user:me", "status:missed,pending -revenue", "template:revenue or contributor:lee", "category:x"):
        try:
            expected = workspace.run(goals.progress, query)
        except Invalid as error:
            with pytest.raises(Invalid, match=str(error)[:20]):
                workspace.run(goals.matching, rows, query)
        else:
            assert workspace.run(goals.matching, rows, query) == expected


def test_gol_43_the_milestones_of_some_rows_are_those_of_the_goal(workspace):
    goal = monthly(workspace, "tickets_closed", users=["dana", "lee"])
    monthly(workspace, "deals_created")
    own = workspace.run(goals.progress, goal=str(goal))
    first = own[0].contributor.id
    found = workspace.run(goals.milestones, [first, 999])
    assert found == {first: [row for row in own if row.contributor.id == first]}


def test_gol_23_the_category_is_that_of_the_whole_goal_however_little_of_it_is_read(workspace):
    goal = monthly(workspace, "revenue")
    assert {row.category for row in workspace.run(goals.progress, current_only=True)} == {"forecast"}
    assert [line.category for line in workspace.run(goals.goals)] == ["forecast"]
    assert {row.category for row in workspace.run(goals.progress, goal=str(goal))} == {"forecast"}


def test_gol_45_rows_of_several_goals_go_in_one_entry(workspace):
    two = monthly(workspace, "tickets_closed", users=["dana", "lee"])
    one = monthly(workspace, "deals_created")
    rows = workspace.run(goals.progress, current_only=True)
    ids = [row.contributor.id for row in rows if (row.goal.id, row.contributor_login) != (two, "dana")]
    done = workspace.run(goal_changes.delete_rows, ids)
    assert (done.rows, done.goals, done.gone) == (2, ("tickets_closed", "deals_created"), ("deals_created",))
    assert [row.goal.id for row in workspace.run(goals.progress, current_only=True)] == [two]
    workspace.run(undo.undo)
    assert workspace.run(goals.progress, current_only=True) == rows
    with pytest.raises(NotFound):
        workspace.run(goal_changes.delete_rows, [999])
    assert one


def test_per_7_deleting_asks_for_every_row(workspace):
    monthly(workspace, "tickets_closed", users=["dana", "lee"])
    workspace.run(records.change, "users", "lee", {"goals_edit": "own", "goals_view": "everyone"})
    lee = Workspace(workspace.store, workspace.clock, "lee")
    rows = {row.contributor_login: row.contributor.id for row in lee.run(goals.progress, current_only=True)}
    with pytest.raises(Refused, match="wider Goals permission"):
        lee.run(goal_changes.delete_rows, list(rows.values()))
    assert lee.run(goal_changes.delete_rows, [rows["lee"]]).rows == 1


def test_per_11_per_1_an_explanation_keeps_back_what_the_actor_may_not_see(workspace):
    """A team's number is explained without its users, and any number without the records, and both are said."""
    new = NewGoal("tickets_closed", "Closed", teams=("Italy",), duration="monthly", year=2026)
    goal = workspace.run(goal_making.create, new)
    ticket(workspace, "lee", "2026-03-02", "2026-03-10")
    workspace.run(calculation.catch_up)
    workspace.run(records.change, "users", "lee", {"service_seat": "professional", "sales_seat": "none"})
    workspace.login = "lee"
    why = workspace.run(goals.explain, str(goal), "Italy", "2026-03")
    assert (why.counted, [record["owner"] for record in why.records]) == ((), [None])
    assert "needs a paid Sales seat or a Service Enterprise seat" in why.withheld[0]
    workspace.login = "dana"
    workspace.run(records.change, "users", "lee", {"service_seat": "none", "sales_seat": "professional"})
    workspace.login = "lee"
    why = workspace.run(goals.explain, str(goal), "Italy", "2026-03")
    assert (why.records, why.row.reading.actual) == ((), 1)
    assert "needs a Service seat" in why.withheld[0]
