"""The grid of targets at the door: what it shows, what it writes, and two people at it (GOL-25 to GOL-31, REC-7)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.numbers import NumberFormat
from cs_workspace.workspace import goal_changes, goal_grid, goal_making, records, undo
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.goal_grid import CellEdit
from cs_workspace.workspace.goal_making import NewGoal
from tests.workspace.account import account

MONTHLY = NewGoal("tickets_closed", "Closed", users=("dana", "lee"), duration="monthly", year=2026, target="50")
UNIT = 1_000_000


@pytest.fixture
def workspace(store_url):
    with account(store_url) as one:
        yield one


def other(workspace: Workspace, login: str = "lee", **rights: str) -> Workspace:
    """Somebody else at another copy of the program."""
    workspace.run(records.change, "users", login, {"goals_edit": "everyone", **rights})
    return Workspace(workspace.store, workspace.clock, login)


def edits(grid: goal_grid.Grid, *cells: tuple[int, int, int | None]) -> list[CellEdit]:
    """What a screen that shows this grid would send: row, column and target in units."""
    return [
        CellEdit(grid.sheet.rows[r].key, c, None if t is None else t * UNIT, grid.sheet.targets.get((r, c)))
        for r, c, t in cells
    ]


def targets(workspace: Workspace, goal: str) -> dict[tuple[int, int], int]:
    sheet = workspace.run(goal_grid.grid, goal).sheet
    return {place: steps // UNIT for place, steps in sheet.targets.items()}


def test_gol_25_a_grid_is_rows_by_milestones_in_the_users_number_format(workspace):
    workspace.run(records.change, "users", "dana", {"number_format": "comma"})
    goal = workspace.run(goal_making.create, MONTHLY)
    grid = workspace.run(goal_grid.grid, str(goal))
    assert [row.name for row in grid.sheet.rows] == [row.name for row in grid.rows]
    assert len(grid.sheet.columns) == 12
    assert grid.sheet.columns[2] == "2026-03"
    assert grid.sheet.targets[1, 11] == 50 * UNIT
    assert grid.sheet.style is NumberFormat.COMMA
    assert not any(row.locked for row in grid.sheet.rows)
    assert [cell.slice.label for cell in grid.rows[0].cells] == list(grid.sheet.columns)


def test_per_7_rows_are_shown_and_locked_by_scope(workspace):
    goal = str(workspace.run(goal_making.create, MONTHLY))
    lee = other(workspace, goals_view="everyone", goals_edit="own")
    assert [bool(row.locked) for row in lee.run(goal_grid.grid, goal).sheet.rows] == [True, False]
    assert "needs a wider Goals permission to edit than own" in lee.run(goal_grid.grid, goal).rows[0].locked
    with pytest.raises(Refused, match="wider"):
        lee.run(goal_grid.set_targets, goal, edits(lee.run(goal_grid.grid, goal), (0, 0, 9), (1, 0, 9)))
    assert targets(workspace, goal)[1, 0] == 50
    lee = other(workspace, goals_view="own", goals_edit="own")
    assert [row.name for row in lee.run(goal_grid.grid, goal).rows] == ["Lee"]
    ola = other(workspace, "ola", goals_view="own", goals_edit="own")
    with pytest.raises(Refused, match="Ola may not see a row of Closed"):
        ola.run(goal_grid.grid, goal)


def test_und_2_a_paste_is_one_entry_and_one_undo(workspace):
    goal = str(workspace.run(goal_making.create, MONTHLY))
    before = targets(workspace, goal)
    grid = workspace.run(goal_grid.grid, goal)
    done = workspace.run(
        goal_grid.set_targets, goal, edits(grid, *((0, c, 10 + c) for c in range(12)), (1, 3, None)), "paste 13 targets"
    )
    assert (done.changed, done.clashes) == (13, ())
    assert targets(workspace, goal)[0, 11] == 21
    assert (1, 3) not in targets(workspace, goal)
    assert workspace.run(undo.entries)[0].label == "paste 13 targets in Closed"
    workspace.run(undo.undo)
    assert targets(workspace, goal) == before
    workspace.run(undo.redo)
    assert targets(workspace, goal)[0, 0] == 10


def test_gol_27_what_is_no_target_changes_nothing(workspace):
    goal = str(workspace.run(goal_making.create, MONTHLY))
    grid = workspace.run(goal_grid.grid, goal)
    for wrong in (edits(grid, (0, 0, 7), (0, 1, -1)), edits(grid, (0, 0, 7), (0, 1, 10**15))):
        with pytest.raises(Invalid):
            workspace.run(goal_grid.set_targets, goal, wrong)
    with pytest.raises(Invalid, match="milestone"):
        workspace.run(goal_grid.set_targets, goal, edits(grid, (0, 12, 7)))
    assert set(targets(workspace, goal).values()) == {50}
    workspace.run(goal_changes.delete, goal, ["lee"])
    with pytest.raises(NotFound, match="taken off"):
        workspace.run(goal_grid.set_targets, goal, edits(grid, (1, 0, 7)))


def test_rec_7_two_managers_in_one_grid(workspace):
    """Different cells merge silently; the same cell comes back with mine, theirs and the original."""
    goal = str(workspace.run(goal_making.create, MONTHLY))
    dana, lee = workspace, other(workspace)
    grid = dana.run(goal_grid.grid, goal)
    lee.run(goal_grid.set_targets, goal, edits(lee.run(goal_grid.grid, goal), (0, 0, 60), (1, 1, 61), (1, 2, 70)))
    done = dana.run(goal_grid.set_targets, goal, edits(grid, (0, 0, 80), (0, 1, 81), (1, 1, 82), (1, 2, 70)))
    assert done.changed == 1
    assert targets(dana, goal) | {(0, 1): 81} == targets(dana, goal)
    first, second = done.clashes
    assert (first.mine, first.theirs, first.original) == (80 * UNIT, 60 * UNIT, 50 * UNIT)
    assert (first.name, first.label, first.who, first.at) == ("dana", "2026-01", "Lee", dana.clock.now())
    assert (second.name, second.label) == ("Lee", "2026-02")
    mine = [CellEdit(first.contributor, first.position, first.mine, first.theirs)]
    original = [CellEdit(second.contributor, second.position, second.original, second.theirs)]
    assert dana.run(goal_grid.set_targets, goal, [*mine, *original]) == goal_grid.Outcome(2)
    assert [targets(dana, goal)[place] for place in ((0, 0), (1, 1), (1, 2))] == [80, 50, 70]


def test_per_7_taking_back_targets_asks_for_the_scope_of_their_rows(workspace):
    goal = str(workspace.run(goal_making.create, MONTHLY))
    lee = other(workspace, goals_view="everyone")
    lee.run(goal_grid.set_targets, goal, edits(lee.run(goal_grid.grid, goal), (0, 0, 60)))
    workspace.run(records.change, "users", "lee", {"goals_edit": "own"})
    with pytest.raises(Refused, match="take back a change of this row of Closed: it needs a wider Goals permission"):
        lee.run(undo.undo)
    assert targets(workspace, goal)[0, 0] == 60
    workspace.run(records.change, "users", "lee", {"goals_edit": "everyone"})
    lee.run(undo.undo)
    assert targets(workspace, goal)[0, 0] == 50
    workspace.run(records.change, "users", "lee", {"goals_edit": "own"})
    with pytest.raises(Refused, match="take back"):
        lee.run(undo.redo)


def test_per_8_who_made_a_goal_may_take_that_back(workspace):
    """Without a paid seat one may make a service goal, and so take it back."""
    kari = other(workspace, "kari", service_seat="none", sales_seat="none", goals_edit="own", goals_view="own")
    goal = str(kari.run(goal_making.create, MONTHLY))
    kari.run(undo.undo)
    with pytest.raises(NotFound):
        workspace.run(goal_grid.grid, goal)


def test_gol_30_notifications_are_chosen_and_taken_back(workspace):
    goal = str(workspace.run(goal_making.create, MONTHLY))
    assert workspace.run(goal_grid.set_notify, goal, ["missed", "assigned"])
    assert not workspace.run(goal_grid.set_notify, goal, ["assigned", "missed"])
    assert workspace.run(goal_grid.grid, goal).goal.notify == ("assigned", "missed")
    with pytest.raises(Invalid, match="not an event"):
        workspace.run(goal_grid.set_notify, goal, ["miss"])
    workspace.run(undo.undo)
    assert workspace.run(goal_grid.grid, goal).goal.notify == ()
    lee = other(workspace, goals_edit="own", goals_view="everyone")
    with pytest.raises(Refused, match="wider Goals permission"):
        lee.run(goal_grid.set_notify, goal, ["missed"])


def chosen(workspace: Workspace, goal: str) -> dict[tuple[int, int], tuple[str, ...] | None]:
    """The milestones with a choice of their own."""
    rows = enumerate(workspace.run(goal_grid.grid, goal).rows)
    return {(r, c): e.slice.notify for r, row in rows for c, e in enumerate(row.cells) if e.slice.notify is not None}


def test_gol_30_a_milestone_may_have_a_choice_of_its_own(workspace):
    """Made, given back and taken back cell by cell; a clone has it too, and only who may edit the rows may do it."""
    goal = str(workspace.run(goal_making.create, replace(MONTHLY, notify=("missed",))))
    dana, lee = (row.key for row in workspace.run(goal_grid.grid, goal).sheet.rows)
    assert workspace.run(goal_grid.set_notify, goal, ["exceeded", "assigned"], [(dana, 0), (dana, 1), (lee, 2)]) == 3
    assert workspace.run(goal_grid.set_notify, goal, ["assigned", "exceeded"], [(dana, 0)]) == 0
    assert workspace.run(undo.entries)[0].label == "choose notifications of 3 milestones in Closed"
    workspace.run(goal_grid.set_notify, goal, [], [(dana, 1)])
    expected = {(0, 0): ("assigned", "exceeded"), (0, 1): (), (1, 2): ("assigned", "exceeded")}
    assert chosen(workspace, goal) == expected
    cells = workspace.run(goal_grid.grid, goal).rows[0].cells
    assert [cell.notify for cell in cells[:3]] == [("assigned", "exceeded"), (), ("missed",)]
    assert chosen(workspace, str(workspace.run(goal_making.clone, goal))) == expected
    workspace.run(undo.undo)
    assert workspace.run(goal_grid.set_notify, goal, None, [(dana, 0), (dana, 5)]) == 1
    assert workspace.run(goal_grid.set_notify, goal, None) == 2
    assert chosen(workspace, goal) == {}
    workspace.run(undo.undo)
    workspace.run(undo.undo)
    assert chosen(workspace, goal) == expected
    assert workspace.run(goal_grid.grid, goal).goal.notify == ("missed",)
    with pytest.raises(Invalid, match="not an event"):
        workspace.run(goal_grid.set_notify, goal, ["miss"], [(dana, 0)])
    with pytest.raises(Invalid, match="milestone"):
        workspace.run(goal_grid.set_notify, goal, [], [(dana, 12)])
    with pytest.raises(NotFound, match="taken off"):
        workspace.run(goal_grid.set_notify, goal, [], [(999, 0)])
    them = other(workspace, goals_edit="own", goals_view="everyone")
    assert them.run(goal_grid.set_notify, goal, [], [(lee, 0)]) == 1
    with pytest.raises(Refused, match="wider Goals permission"):
        them.run(goal_grid.set_notify, goal, [], [(lee, 1), (dana, 1)])


def test_und_2_targets_and_notifications_saved_together_are_one_entry(workspace):
    goal = str(workspace.run(goal_making.create, MONTHLY))
    grid, before = workspace.run(goal_grid.grid, goal), targets(workspace, goal)
    assert workspace.run(goal_grid.save, goal, edits(grid, (0, 0, 7), (0, 1, 8)), ["missed"]) == goal_grid.Outcome(
        2, told=1
    )
    assert workspace.run(undo.entries)[0].label == "change targets and notifications of Closed"
    workspace.run(undo.undo)
    assert targets(workspace, goal) == before
    assert workspace.run(goal_grid.grid, goal).goal.notify == ()
    workspace.run(undo.redo)
    assert (targets(workspace, goal)[0, 1], workspace.run(goal_grid.grid, goal).goal.notify) == (8, ("missed",))
    assert workspace.run(goal_grid.save, goal, (), ["missed"]) == goal_grid.Outcome(0)
    fresh = workspace.run(goal_grid.grid, goal)
    assert workspace.run(goal_grid.save, goal, edits(fresh, (1, 0, 9)), ["missed"]).changed == 1
    assert workspace.run(undo.entries)[0].label == "set target 9 for Lee in Closed, 2026-01"
    workspace.run(goal_changes.set_target, goal, "lee", "all", "12")
    assert workspace.run(undo.entries)[0].label == "set target 12 for lee in Closed"


def test_last_year_measures_the_same_milestones_one_year_before(workspace):
    for day, owner in (("2025-02-10", "dana"), ("2025-02-11", "dana"), ("2025-12-31", "lee"), ("2026-02-10", "lee")):
        texts = {"subject": day, "owner": owner, "stage": "Closed", "closed_at": day, "created_at": "2025-01-01"}
        workspace.run(records.add, "tickets", texts)
    goal = workspace.run(goal_making.create, MONTHLY)
    grid = workspace.run(goal_grid.grid, str(goal))
    dana, lee = (row.contributor.id for row in grid.rows)
    found = workspace.run(goal_grid.last_year, str(goal))
    assert found == {dana: (0, 2, *[0] * 10), lee: (*[0] * 11, 1)}
    by_week = NewGoal("tickets_closed", "Weekly", users=("dana",), duration="weekly", year=2026)
    weekly = workspace.run(goal_making.create, by_week)
    (weeks,) = workspace.run(goal_grid.last_year, str(weekly)).values()
    assert len(weeks) == 52
    assert sum(weeks) == 2


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=max(8, settings().max_examples // 6)
)
@given(
    st.lists(
        st.tuples(
            st.booleans(),  # dana or lee
            st.booleans(),  # reads the grid again before
            st.dictionaries(
                st.tuples(st.integers(0, 1), st.integers(0, 2)), st.one_of(st.none(), st.integers(0, 9)), min_size=1
            ),
        ),
        max_size=6,
    )
)
def test_rec_7_und_3_edits_of_two_people_never_get_lost_and_all_can_be_taken_back(new_store_url, steps):
    """What is written is what was asked for, what is not is handed back; undoing all of it restores every target."""
    with account(new_store_url()) as dana:
        goal = str(dana.run(goal_making.create, MONTHLY))
        people = {True: dana, False: other(dana)}
        begin = targets(dana, goal)
        seen = {who: each.run(goal_grid.grid, goal) for who, each in people.items()}
        written: list[Workspace] = []
        for who, fresh, cells in steps:
            if fresh:
                seen[who] = people[who].run(goal_grid.grid, goal)
            before = targets(dana, goal)
            asked = edits(seen[who], *((r, c, t) for (r, c), t in cells.items()))
            done = people[who].run(goal_grid.set_targets, goal, asked)
            keys = [row.key for row in seen[who].sheet.rows]
            clashed = {(keys.index(each.contributor), each.position) for each in done.clashes}
            after = targets(dana, goal)
            for place in begin:
                wanted = cells[place] if place in cells and place not in clashed else before.get(place)
                assert after.get(place) == wanted
            written += [people[who]] * bool(done.changed)
        for each in reversed(written):
            assert not each.run(undo.undo).left
        assert targets(dana, goal) == begin
