from __future__ import annotations

import re
from fractions import Fraction

import pytest

from cs_workspace.tui.panels.explain import Explain
from cs_workspace.tui.watcher import Watcher
from cs_workspace.workspace import calculation, goal_changes, goals, records, undo
from tests.tui.desk import desk


def names(session):
    table = session.goals.table
    return [table.window.row(i).contributor_name for i in range(table.window.total)]


async def test_opens_on_goals_with_true_progress(demo):
    async with desk(demo) as session:
        rows = await session.run_elsewhere(goals.progress, current_only=True)
        assert session.goals.table.window.total == len(rows)
        first = rows[0]
        line = session.shown(session.goals.table)[1]
        assert first.goal.name[:10] in line
        assert f"{first.reading.progress_percent} %" in line
        assert "Dana Kim" in session.lines[0]
        assert "Northwind" in session.lines[0]
        assert f"{len(rows)} rows" in session.text


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (["down"], 1),
        (["j", "j"], 2),
        (["j", "j", "up"], 1),
        (["j", "k"], 0),
        (["G"], -1),
        (["end"], -1),
        (["G", "g"], 0),
        (["end", "home"], 0),
        (["ctrl+d"], 17),
        (["ctrl+d", "ctrl+u"], 0),
        (["pagedown"], 33),
        (["pagedown", "pageup"], 0),
        (["k"], 0),
        (["G", "j"], -1),
    ],
)
async def test_moving(demo, keys, place):
    async with desk(demo) as session:
        table = session.goals.table
        assert table.room == 34
        await session.press(*keys)
        assert table.cursor == (place if place >= 0 else table.window.total - 1)
        assert table.top <= table.cursor < table.top + table.room
        marked = [line for line in session.shown(table) if line.startswith("▸")]
        assert len(marked) == 1
        assert table.current.contributor_name[:6] in marked[0]


async def test_filtering_follows_the_typing_and_enter_returns_to_the_list(demo):
    async with desk(demo) as session:
        await session.press("slash")
        await session.write("pace:at_risk")
        found = await session.run_elsewhere(goals.progress, "pace:at_risk", current_only=True)
        assert session.goals.table.window.total == len(found)
        assert 0 < len(found) < 126
        assert f"{len(found)} of 126 rows" in session.text
        await session.press("enter")
        assert session.table is session.goals.table
        await session.press("slash", "escape", "escape")
        assert session.goals.table.window.total == 126
        assert session.table is session.goals.table


async def test_down_leaves_the_filter_line_for_the_list(demo):
    async with desk(demo) as session:
        await session.press("slash", "x", "down")
        assert session.table is session.goals.table
        assert session.goals.line.text == "x"


async def test_esc_in_the_list_takes_the_filter_away(demo):
    async with desk(demo) as session:
        await session.press("slash")
        await session.write("user:me")
        await session.press("enter")
        assert session.goals.table.window.total < 126
        await session.press("escape")
        assert session.goals.table.window.total == 126
        await session.press("escape")
        assert session.app.is_running


async def test_a_mistake_is_shown_with_its_column_and_the_list_stays(demo):
    async with desk(demo) as session:
        await session.press("slash")
        await session.paste("user:me")
        await session.paste("user:me stattus:missed")
        assert "column 9" in session.text
        assert "Did you mean status?" in session.text
        mine = await session.run_elsewhere(goals.progress, "user:me", current_only=True)
        assert session.goals.table.window.total == len(mine)


async def test_half_a_property_name_does_not_empty_the_list(demo):
    async with desk(demo) as session:
        await session.press("slash")
        await session.paste("stat")
        assert session.goals.table.window.total == 126
        await session.press("enter")
        assert session.goals.table.window.total == 0
        assert "Nothing matches the filter." in session.text


async def test_tab_completes_names_and_values(demo):
    async with desk(demo) as session:
        await session.press("slash")
        await session.write("stat")
        await session.press("tab")
        assert session.goals.line.text == "status:"
        await session.write("mis")
        await session.press("tab")
        assert session.goals.line.text == "status:missed "
        assert session.goals.line.input.has_focus
        await session.press("tab")
        assert session.table is session.goals.table


async def test_sorting_by_the_next_column_and_the_other_way_round(demo):
    async with desk(demo) as session:
        own = names(session)
        await session.press("s", "s")
        assert re.search(r"Contrib\S* ↑", session.text)
        assert names(session) == sorted(own, key=str.casefold)
        await session.press("S")
        assert re.search(r"Contrib\S* ↓", session.text)
        await session.press("s", "s", "s", "s", "s", "s", "s")
        assert names(session) == own


async def test_sorting_keeps_the_cursor_on_its_row_and_unknown_values_last(demo):
    async with desk(demo) as session:
        await session.press("j", "j", "j")
        row = session.goals.table.current
        await session.press("s", "s", "s", "s")
        assert session.goals.table.sort.column == "target"
        assert session.goals.table.current == row
        table = session.goals.table
        targets = [table.window.row(i).reading.target for i in range(table.window.total)]
        known = [t for t in targets if t is not None]
        assert known == sorted(known)
        assert targets[: len(known)] == known
        await session.press("S")
        targets = [table.window.row(i).reading.target for i in range(table.window.total)]
        assert targets[: len(known)] == sorted(known, reverse=True)


async def test_the_panel_shows_all_milestones_and_follows_the_cursor(demo):
    async with desk(demo) as session:
        await session.press("enter")
        panel = session.goals.preview
        row = session.goals.table.current
        assert panel.display
        assert panel.table.window.total == 12
        assert panel.table.current.slice.id == row.slice.id
        assert row.goal.name in session.shown(panel)[0]
        await session.press("j")
        assert session.goals.table.current.contributor_name in session.shown(panel)[1]
        await session.press("enter")
        assert session.table is panel.table
        await session.press("escape")
        assert not panel.display
        assert session.table is session.goals.table


async def test_where_there_is_no_room_the_panel_takes_the_place_of_the_list(demo):
    async with desk(demo, size=(80, 24)) as session:
        await session.press("enter")
        assert session.table is session.goals.preview.table
        assert not session.goals.table.region
        await session.press("escape")
        assert session.table is session.goals.table
        assert session.goals.table.region


async def test_w_explains_the_number_and_lists_its_records(demo):
    async with desk(demo) as session:
        await session.press("j", "w")
        row = session.goals.table.current
        panel = session.app.screen
        assert isinstance(panel, Explain)
        assert panel.table.window.total == row.reading.actual
        assert f"{row.reading.actual} records behind it" in session.text
        assert "the number of tickets" in session.text
        assert "closed is yes" in session.text
        await session.press("down")
        assert panel.table.cursor == 1
        await session.press("escape")
        assert session.table is session.goals.table


async def test_w_in_the_panel_explains_that_milestone(demo):
    async with desk(demo) as session:
        await session.press("enter", "enter", "g", "w")
        assert isinstance(session.app.screen, Explain)
        assert "Jan 2026" in session.text


async def test_a_ticket_closed_elsewhere_moves_the_list(demo):
    async with desk(demo) as session:
        assert session.app.session is not None
        watcher = Watcher(session.session, session.app.post_message)
        watcher.look()
        await session.settle()
        before = session.goals.table.window.row(0)
        await session.press("j", "j")
        (ticket,) = await session.run_elsewhere(
            records.page, "tickets", f"owner:{'sofia'} -stage:Closed", columns=("subject",), limit=1
        )
        await session.run_elsewhere(records.change, "tickets", str(ticket.id), {"stage": "Closed"})
        watcher.look()
        await session.settle()
        # There is no worker in this session: the list calculates what it finds behind, and the watcher sees that.
        watcher.look()
        await session.settle()
        after = session.goals.table.window.row(0)
        assert after.contributor == before.contributor
        assert after.reading.actual == before.reading.actual + Fraction(1)
        assert session.goals.table.cursor == 2


async def test_a_hidden_list_catches_up_when_it_is_shown(demo):
    async with desk(demo) as session:
        await session.press("2")
        assert session.app.session is not None
        before = await session.run_elsewhere(goals.progress, current_only=True)
        name = before[0].goal.name
        await session.run_elsewhere(goal_changes.delete, str(before[0].goal.id), [before[0].contributor_name])
        watcher = Watcher(session.session, session.app.post_message)
        watcher.look()
        await session.settle()
        await session.press("8")
        assert session.goals.table.window.total == 125
        assert name


async def test_undo_and_redo(demo):
    async with desk(demo) as session:
        rows = await session.run_elsewhere(goals.progress, current_only=True)
        first = rows[0]
        await session.run_elsewhere(
            goal_changes.set_target, str(first.goal.id), first.contributor_name, first.slice.label, "7"
        )
        await session.press("r")
        assert session.goals.table.current.reading.target == 7
        await session.press("u")
        assert "Undone: set target 7" in session.said
        assert session.goals.table.current.reading.target == first.reading.target
        await session.press("U")
        assert "Done again: set target 7" in session.said
        assert session.goals.table.current.reading.target == 7
        await session.press("j")
        assert not session.said


async def test_nothing_to_undo_is_said(empty):
    async with desk(empty) as session:
        await session.press("u")
        assert "nothing to undo" in session.said
        assert not await session.run_elsewhere(undo.entries)


async def test_calculating_all_goals_says_what_came_of_it(demo):
    async with desk(demo) as session:
        await session.press("R")
        assert session.said == "All goals are calculated: 0 milestones changed."


async def test_esc_stops_the_calculation_of_all_goals(demo, monkeypatch):
    async with desk(demo) as session:
        before = await session.run_elsewhere(calculation.standpoint)

        real = session.app.say

        def say(text, tone=""):
            if text.startswith("Calculating all"):
                session.app.give_up()
            real(text, tone)

        monkeypatch.setattr(session.app, "say", say)
        await session.press("R")
        assert "stopped" in session.said
        assert (await session.run_elsewhere(calculation.standpoint)).run == before.run


async def test_read_only_reads(demo):
    async with desk(demo, read_only=True) as session:
        assert session.goals.table.window.total == 126
        await session.press("u")
        assert "reading only" in session.said
