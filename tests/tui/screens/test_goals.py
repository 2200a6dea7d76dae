from __future__ import annotations

import re
from fractions import Fraction

import pytest

from cs_workspace.domain.query.folding import fold
from cs_workspace.tui.panels.choice import ChoiceDrawer
from cs_workspace.tui.panels.explain import Explain
from cs_workspace.tui.panels.filter_form import FilterForm
from cs_workspace.tui.panels.goal_edit import GoalEdit, place_of
from cs_workspace.tui.watcher import Watcher
from cs_workspace.tui.widgets.chips import Chips
from cs_workspace.workspace import calculation, drafts, goal_changes, goals, records, undo
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
        assert session.goals.line.input.value == "status:missed "
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


# --- filters by form and chips


async def test_gol_43_the_form_writes_the_line_and_the_line_fills_the_form(demo):
    async with desk(demo) as session:
        await session.press("slash")
        await session.paste("acme user:Dana -pace:at_risk")
        await session.paste("user:Dana -pace:at_risk")
        await session.press("enter", "f")
        form = session.open
        assert isinstance(form, FilterForm)
        assert (asked := form.fields.current) is not None
        assert asked.name == "user"
        await session.press("tab")
        (ticked,) = form.values.marked
        assert (value := form.values.window.row(ticked)) is not None
        assert value.label == "Dana Kim"
        await session.press("space")  # me besides Dana
        await session.press("shift+tab")
        form.fields.cursor = [prop.name for prop in form.fields.window.known()].index("start")
        await session.settle()
        await session.press("tab")
        await session.write("2026-02-30")
        assert "▲" in session.text
        await session.press("enter")
        assert session.open is form
        for _ in range(10):
            await session.press("backspace")
        await session.write("2026-11-01")
        await session.press("enter")
        assert session.goals.line.text == "user:me,dana -pace:at_risk start:2026-11-01.."
        assert session.table is session.goals.table
        found = await session.run_elsewhere(goals.progress, session.goals.line.text, current_only=True)
        assert session.goals.table.window.total == len(found) > 0
        await session.press("f", "delete", "escape")
        assert session.goals.line.text == "user:me,dana -pace:at_risk start:2026-11-01.."
        await session.press("f", "delete", "enter")
        assert session.goals.line.text == "-pace:at_risk start:2026-11-01.."


async def test_gol_43_chips_say_the_filter_and_their_cross_takes_a_term_away(demo):
    async with desk(demo) as session:
        await session.press("slash")
        await session.paste("status:in_progress,missed template:tickets_closed Sofia")
        await session.press("enter")
        assert "status: In progress or Missed ✕   template: Tickets closed ✕   Sofia ✕" in session.text
        chips = session.goals.query_one(Chips)
        line = session.shown(chips)[0]
        await session.pilot.click(chips, offset=(line.index("✕"), 0))
        await session.settle()
        assert session.goals.line.text == "template:tickets_closed Sofia"
        assert session.goals.filter == "template:tickets_closed Sofia"


async def test_a_filter_that_cannot_be_read_opens_no_form(demo):
    async with desk(demo) as session:
        await session.press("slash")
        await session.paste("stattus:missed")
        await session.press("enter", "f")
        assert session.goals.line.input.has_focus
        assert "Did you mean status?" in session.text


# --- marks and milestones in place


async def test_lst_4_marks_are_counted_and_survive_the_filter(demo):
    async with desk(demo) as session:
        await session.press("space", "space", "j", "shift+down")
        assert "4 marked · 32 goals · 126 rows" in session.text
        name = session.goals.table.current.contributor_name.split()[0]
        await session.press("slash")
        await session.paste(name)
        await session.press("enter")
        assert "4 marked, 3 not shown" in session.text
        await session.press("asterisk", "asterisk")
        assert "3 marked, 3 not shown" in session.text
        await session.press("escape", "asterisk")
        assert "126 marked" in session.text


async def test_gol_43_a_row_opens_into_its_milestones(demo):
    async with desk(demo) as session:
        table = session.goals.table
        await session.press("j", "right")
        row = table.current
        assert table.window.total == 126 + 12
        assert "Jan 2026" in session.shown(table)[3]
        await session.press("j", "j", "w")
        assert "Feb 2026" in session.text
        await session.press("escape", "space")
        assert table.marked == {row.contributor.id}
        await session.press("k", "r")
        assert table.current.slice.label == "2026-02"
        assert table.window.total == 126 + 12
        await session.press("left")
        assert (table.window.total, table.current.contributor, table.current.slice.label) == (
            126,
            row.contributor,
            "2026-11",
        )
        await session.press("left")
        assert table.window.total == 126


async def test_gol_43_milestones_say_which_they_are_where_their_column_has_no_room(demo):
    async with desk(demo, size=(80, 24)) as session:
        await session.press("right")
        assert "Jan 2026" in session.shown(session.goals.table)[2]


async def test_lst_3_equals_are_sorted_by_a_second_column(demo):
    async with desk(demo) as session:
        await session.press("plus")
        assert "first column" in session.said
        await session.press("s", "s", "plus", "s")
        table = session.goals.table
        rows = [table.window.row(i) for i in range(126)]
        assert table.sort.keys == (("contributor", False), ("goal", False))
        assert rows == sorted(rows, key=lambda row: (fold(row.contributor_name), fold(row.goal.name)))


# --- what can be done


@pytest.mark.parametrize(
    ("key", "page"),
    [("n", "GoalWizard"), ("C", "GoalWizard"), ("o", "GoalScreen"), ("E", "GoalGridScreen"), ("W", "WhatIfScreen")],
)
async def test_gol_44_keys_that_open_pages(demo, key, page):
    async with desk(demo) as session:
        await session.press("j", key)
        assert type(session.tab).__name__ == page
        if key != "n":
            assert "Tickets closed 2026" in session.text


async def test_gol_45_d_deletes_the_row_and_undo_brings_it_back(demo):
    async with desk(demo) as session:
        before = names(session)
        await session.press("j", "d")
        assert session.said == "1 row of Tickets closed 2026 deleted · u undoes"
        assert names(session) == before[:1] + before[2:]
        await session.press("u")
        assert names(session) == before


async def test_gol_45_many_rows_ask_first_and_are_one_entry(demo):
    async with desk(demo) as session:
        before = names(session)
        await session.press("G", "shift+up", "shift+up", "g", "space", "d")
        assert isinstance(session.open, ChoiceDrawer)
        rows = len(session.goals.table.marked)
        assert f"Delete {rows} rows of" in session.text
        await session.press("down", "enter")
        assert names(session) == before
        await session.press("d", "enter")
        assert f"{rows} rows of" in session.said
        assert "deleted" in session.said
        assert len(names(session)) == 126 - rows
        assert "marked" not in session.text
        await session.press("u")
        assert names(session) == before


async def test_per_10_a_refusal_names_what_is_missing(demo):
    async with desk(demo, login="sofia") as session:
        before = names(session)
        await session.press("d")
        assert "may not do this: it needs" in session.said
        assert names(session) == before


async def test_y_copies_rows_as_text(demo):
    async with desk(demo) as session:
        await session.press("y")
        row = session.goals.table.current
        assert session.app.clipboard.split("\t")[:3] == [row.goal.name, row.contributor_name, "Nov 2026"]
        await session.press("space", "space", "y")
        assert session.said == "2 rows copied."
        assert session.app.clipboard.count("\n") == 2


async def test_gol_44_targets_are_edited_beside_the_list_and_saved_as_one_entry(demo):
    async with desk(demo) as session:
        await session.press("j", "e")
        panel, row = session.open, session.goals.table.current
        assert isinstance(panel, GoalEdit)
        assert panel.targets.current == row.slice.position
        await session.write("abc")
        assert "is not a number" in session.text
        await session.press("up")
        await session.write("1.5k")
        assert "→ 1,500" in session.text
        await session.press("ctrl+s")
        assert session.open is panel
        assert "▲ abc" in session.text
        assert panel.line.value == "abc"
        await session.paste("70")
        await session.press("ctrl+s")
        assert "2 targets of Tickets closed 2026" in session.said
        assert session.goals.table.current.reading.target == 70
        await session.press("u")
        assert session.goals.table.current.reading.target == row.reading.target
        own = (await session.run_elsewhere(goals.milestones, [row.contributor.id]))[row.contributor.id]
        assert all(each.reading.target != 1500 for each in own)


async def test_gol_30_notifications_are_chosen_on_the_second_page(demo):
    async with desk(demo) as session:
        await session.press("e")
        row = session.goals.table.current
        before = set(row.goal.notify)
        await session.write("70")
        await session.press("tab", "space", "ctrl+s")
        assert set(session.goals.table.current.goal.notify) == before ^ {"assigned"}
        assert session.goals.table.current.reading.target == 70
        await session.press("u")  # both are one action (UND-2)
        assert session.goals.table.current.goal.notify == row.goal.notify
        assert session.goals.table.current.reading.target == row.reading.target


async def test_rec_7_a_target_somebody_changed_meanwhile_is_said_and_mine_is_kept(demo):
    async with desk(demo) as session:
        await session.press("j", "e")
        row = session.goals.table.current
        await session.write("70")
        await session.run_elsewhere(
            goal_changes.set_target, str(row.goal.id), row.contributor_login, row.slice.label, "33"
        )
        await session.press("ctrl+s")
        assert "set 33" in session.text
        assert session.open.line.value == "70"
        await session.press("ctrl+s")
        assert session.goals.table.current.reading.target == 70


async def test_und_5_what_is_typed_is_dropped_only_on_purpose_and_survives_the_end_of_the_program(demo):
    async with desk(demo) as session:
        await session.press("j", "e")
        row = session.goals.table.current
        await session.write("70")
        await session.press("escape")
        assert "Not saved yet" in session.text
        place = place_of(row.goal.id, row.contributor.id)
        assert session.goals.draft().content == {"texts": {str(row.slice.position): "70"}}
        await session.run_elsewhere(drafts.keep, place, session.goals.draft().content)
        await session.press("escape", "e")
        assert "typed before" not in session.text
        await session.press("escape")
        await session.run_elsewhere(drafts.keep, place, {"texts": {str(row.slice.position): "71"}})
        await session.press("e")
        assert "1 target typed before and not saved: back again." in session.text
        assert session.open.line.value == "71"


async def test_lst_5_nothing_yet_says_how_to_make_the_first(empty):
    async with desk(empty) as session:
        assert "n makes the first one" in session.text
        for key in ("e", "o", "E", "C", "W", "d", "y", "w"):
            await session.press(key)
            assert session.said.startswith("There is no")
