"""Goals described, looked at before they are made, and made from others (GOL-4 to GOL-23, GOL-46, PER-9, PER-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cs_workspace.domain.errors import Invalid, Refused
from cs_workspace.store import goals as goal_store
from cs_workspace.workspace import goal_making, goal_preview, goals, records, undo
from cs_workspace.workspace.door import reads
from cs_workspace.workspace.goal_draft import CustomKpi, NewGoal
from tests.workspace.account import account
from tests.workspace.test_goals import deal, ticket

MONTHLY = NewGoal("tickets_closed", "Tickets", users=("dana",), duration="monthly", year=2026)


@pytest.fixture
def workspace(store_url):
    with account(store_url) as opened:
        yield opened


@pytest.fixture
def asked(workspace):
    """Ola is in Italy and Poland, and main in neither."""
    workspace.run(records.change, "users", "ola", {"teams": "EMEA;Italy;Poland"})
    return replace(MONTHLY, users=(), teams=("Italy", "Poland"))


def look(workspace, new):
    return workspace.run(goal_preview.preview, new)


def carried(workspace, goal):
    """Who has a row, under which team."""
    teams = {team.id: team.name for team in workspace.run(goal_preview.choices).teams}
    rows = workspace.run(goals.progress, goal=str(goal), current_only=True)
    return {r.contributor_login or r.contributor_name: teams.get(r.contributor.team) for r in rows}


def test_gol_11_an_extra_member_of_two_teams_is_asked_about_and_not_dropped(workspace, asked):
    (question,) = look(workspace, asked).questions
    assert (question.login, question.teams) == ("ola", ("Italy", "Poland"))
    with pytest.raises(Invalid, match="Ola may carry the goal for one team only: Italy or Poland"):
        workspace.run(goal_making.create, asked)
    in_poland = replace(asked, carriers={"ola": "Poland"})
    assert look(workspace, in_poland).questions == ()
    assert carried(workspace, workspace.run(goal_making.create, in_poland))["ola"] == "Poland"
    nowhere = replace(asked, carriers={"ola": "none"})
    assert "ola" not in carried(workspace, workspace.run(goal_making.create, nowhere))
    # A main team leaves nothing to ask, and a team the user may not carry the goal for is refused.
    with pytest.raises(Invalid, match="Ewa cannot carry the goal for Italy"):
        workspace.run(goal_making.create, replace(in_poland, carriers={"ola": "Poland", "ewa": "Italy"}))


def test_gol_21_pipelines_by_contributor_and_milestone(workspace):
    ticket(workspace, "dana", "2026-01-02", "2026-01-10", pipeline="Support pipeline")
    new = replace(MONTHLY, users=("dana", "lee"))
    name = workspace.run(goal_preview.choices).pipelines["tickets"][0]
    chosen = replace(new, cell_pipelines=[("dana", "all", [name]), ("dana", "2026-02", ["All"])])
    rows = workspace.run(goals.progress, goal=str(workspace.run(goal_making.create, chosen)))
    found = {(r.contributor_login, r.slice.label): r.pipelines for r in rows}
    assert found["dana", "2026-01"] == (name,)
    assert found["dana", "2026-02"] == found["lee", "2026-01"] == ("All",)
    with pytest.raises(Invalid, match="'ewa' has no row"):
        workspace.run(goal_making.create, replace(new, cell_pipelines=[("ewa", "all", [name])]))


@pytest.mark.parametrize(
    "new",
    [
        replace(MONTHLY, users=(), teams=("Italy",), include_others=True),
        replace(MONTHLY, template="revenue", users=("dana", "lee"), duration="weekly"),
        replace(MONTHLY, template="avg_ticket_resolution_time", users=(), teams=("Italy",), duration="quarterly"),
        replace(MONTHLY, users=(), teams=("EMEA", "Italy"), whole_team=True, duration="yearly"),
    ],
    ids=["team", "weekly", "average", "nested"],
)
def test_gol_4_what_a_preview_measures_is_what_the_goal_measures(workspace, new):
    """The numbers shown before are those of the goal once it is made."""
    for who, day in (("dana", "2026-01-10"), ("lee", "2026-02-11"), ("lee", "2025-05-05"), ("kari", "2026-03-01")):
        ticket(workspace, who, f"{day[:8]}01", day)
        deal(workspace, who, "100.50", day)
    preview = look(workspace, new)
    shown = {row.contributor: row.so_far for row in preview.rows}
    goal = workspace.run(goal_making.create, new)
    rows = workspace.run(goals.progress, goal=str(goal))
    assert preview.milestones == len(rows)
    additive = preview.kpi.aggregate.additive
    for who, so_far in shown.items():
        own = [r for r in rows if who in (r.contributor_login, r.contributor_name)]
        actuals = [r.reading.actual for r in own if r.reading.actual is not None]
        assert (sum(actuals) if additive else next(iter(actuals), None)) == so_far
    if additive:
        last_year = look(workspace, replace(new, year=2027)).last_year
        assert last_year == preview.so_far, "next year's goal shows this year as last year"


def test_gol_4_everybody_counts_once_in_the_total_and_last_year_has_a_shape(workspace):
    ticket(workspace, "dana", "2026-01-02", "2026-01-10")
    ticket(workspace, "lee", "2025-04-02", "2025-04-10")
    found = look(workspace, replace(MONTHLY, users=(), teams=("EMEA", "Italy")))
    assert (found.so_far, found.last_year) == (1, 1)
    lee = next(row for row in found.rows if row.contributor == "lee")
    assert [place for place, steps in enumerate(lee.shape) if steps] == [3]


def test_gol_4_unfinished_input_gets_as_much_of_an_answer_as_it_allows(workspace):
    before = len(workspace.run(undo.entries))
    found = look(workspace, NewGoal("tickets_closed", "", duration="monthly", year=2026))
    assert set(found.refusals) == {"name", "contributors"}
    assert found.meaning.startswith("Counts tickets where closed is yes, dated by close date, in each month of 2026")
    found = look(workspace, replace(MONTHLY, duration="custom", year=None))
    assert set(found.refusals) == {"period"}
    found = look(workspace, replace(MONTHLY, year=99999, notify=("soon",), targets=[("dana", "all", "many")]))
    assert set(found.refusals) == {"period", "targets", "notify"}
    scratch = CustomKpi("tickets", "count", "closed_at", filter="statsu:x")
    found = look(workspace, replace(MONTHLY, template="custom", custom=scratch))
    assert "statsu" in str(found.refusals["custom"])
    assert len(workspace.run(undo.entries)) == before


def test_gol_23_a_preview_says_whether_the_goal_can_be_forecast(workspace):
    revenue = replace(MONTHLY, template="revenue")
    names = workspace.run(goal_preview.choices).pipelines["deals"]
    assert look(workspace, revenue).forecastable
    assert not look(workspace, replace(revenue, duration="yearly")).forecastable
    assert not look(workspace, replace(revenue, cell_pipelines=[("dana", "2026-02", names[:1])])).forecastable


def test_per_9_per_12_refusals_name_the_seat(workspace):
    seats = {"service_seat": "professional", "sales_seat": "none", "goals_edit": "team", "goals_view": "team"}
    workspace.run(records.change, "users", "lee", seats)
    found = look(workspace, replace(MONTHLY, template="revenue", users=("dana", "lee")))
    assert "Lee needs a Sales Professional or Enterprise seat" in str(found.refusals["contributors"])
    assert [row.contributor for row in found.rows] == ["dana", "lee"]
    workspace.login = "lee"
    offered = {each.name: each.refusal for each in workspace.run(goal_preview.choices).templates}
    assert not offered["tickets_closed"]
    assert "Sales Professional or Enterprise seat" in offered["deals_created"]
    assert "Enterprise" in offered["custom"]
    assert "Sales Professional" in str(look(workspace, replace(MONTHLY, template="deals_created")).refusals["template"])
    workspace.login = "ola"
    offered = {each.name: each.refusal for each in workspace.run(goal_preview.choices).templates}
    assert not offered["tickets_closed"]  # PER-8
    assert "needs the Goals permission to edit" in offered["calls_made"]
    with pytest.raises(Refused, match="needs the Goals permission to edit"):
        workspace.run(goal_making.create, replace(MONTHLY, template="calls_made"))


@reads(goal_making.create.permission)
def everything(tx, goal):
    """A goal as it is stored, without ids."""
    found = goal_store.load_goals(tx.connection, [goal])[goal]
    rows = goal_store.load_contributors(tx.connection, [goal])
    slices = goal_store.load_slices(tx.connection, goal_store.of_contributors(list(rows)))
    return (
        (found.template, found.kpi, found.duration, found.year, found.aligned, found.notify),
        [(r.user, r.team, r.include_others, r.whole_team) for r in rows.values()],
        [(s.label, s.first_day, s.last_day, s.target, s.pipelines, s.notify) for s in slices],
    )


@pytest.mark.parametrize("years", [0, 1])
@pytest.mark.parametrize(
    "new",
    [
        replace(
            MONTHLY,
            users=(),
            teams=("Italy", "Poland"),
            include_others=True,
            target="12.5",
            notify=("missed",),
            cell_notify=[("Italy", "all", ["exceeded"]), ("Italy", "2026-03", [])],
        ),
        replace(MONTHLY, template="revenue", targets=[("dana", "2026-03", "1,234.50")], cell_pipelines=[]),
        replace(MONTHLY, duration="custom", year=None, start=date(2024, 2, 29), end=date(2024, 3, 9), target="5"),
        replace(MONTHLY, users=(), teams=("EMEA",), whole_team=True, fiscal=True, duration="weekly"),
        replace(
            MONTHLY,
            template="custom",
            target="90m",
            custom=CustomKpi("tickets", "average", "closed_at", "lower", "closed_at", "created_at", "priority:high"),
        ),
    ],
    ids=["teams", "revenue", "custom period", "whole team", "from scratch"],
)
def test_gol_46_asking_for_a_goal_anew_makes_what_a_clone_makes(workspace, new, years):
    """Template, contributors, duration, targets, pipelines and notifications are those of the original."""
    original = str(workspace.run(goal_making.create, new))
    again = workspace.run(goal_making.as_new, original, shift_years=years)
    assert again.name == "Tickets (copy)"
    made = workspace.run(goal_making.create, again)
    cloned = workspace.run(goal_making.clone, original, shift_years=years)
    assert workspace.run(everything, made) == workspace.run(everything, cloned)
    workspace.run(undo.undo)
    workspace.run(undo.undo)
    assert [line.goal.id for line in workspace.run(goals.goals)] == [int(original)], "each was one entry"
