from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from textual.app import App

from cs_workspace.tui.text import cell
from cs_workspace.tui.widgets.record_table import Column, RecordTable, Sort
from cs_workspace.tui.widgets.window import Rows


class OneList(App[None]):
    """Numbers from 0 to 29, marked by their tens and ones."""

    def __init__(self, mark) -> None:
        super().__init__()
        columns = (Column("number", "Number", 6), Column("half", "Half", 6), Column("word", "Word", 6, sortable=False))
        self.table = RecordTable(columns, lambda row, names: [cell(row) for _ in names], mark=mark)
        self.sorts: list[Sort] = []
        self.told = 0

    def compose(self):
        yield self.table

    def on_mount(self):
        self.table.show(Rows(range(30), int))

    def on_record_table_marked(self, _):
        self.told += 1

    def on_record_table_sorted(self, event):
        self.sorts.append(event.sort)
        self.table.set_sort(event.sort)

    def line(self, y):
        return self.table.render_line(y).text


@asynccontextmanager
async def one_list(mark=int):
    app = OneList(mark)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        yield app, pilot


async def test_lst_4_marks_by_key():
    async with one_list() as (app, pilot):
        await pilot.press("space", "space")
        assert (app.table.marked, app.table.cursor) == ({0, 1}, 2)
        await pilot.press("up", "space")
        assert app.table.marked == {0}
        await pilot.press("shift+down", "shift+down")
        assert app.table.marked == {0, 2, 3, 4}
        await pilot.press("shift+up", "shift+up", "shift+up")
        assert (app.table.marked, app.table.cursor) == ({0, 1, 2, 3, 4}, 1)
        assert app.line(1).startswith(" ● 0")
        assert app.line(2).startswith("▸● 1")
        assert app.line(6).startswith("   5")
        await pilot.press("asterisk")
        assert app.table.marked == set(range(30))
        await pilot.press("asterisk")
        assert not app.table.marked
        assert app.told == 8


async def test_lst_4_marks_survive_filtering_scrolling_and_reading_again():
    async with one_list() as (app, pilot):
        await pilot.press("space", "down", "space", "G", "space")
        assert app.table.marked == {0, 2, 29}
        app.table.show(Rows([1, 2, 3], int))
        await pilot.pause()
        assert [app.line(y)[:5] for y in (1, 2, 3)] == ["▸  1 ", " ● 2 ", "   3 "]
        await pilot.press("asterisk")
        assert app.table.marked == {0, 1, 2, 3, 29}
        await pilot.press("asterisk")
        assert app.table.marked == {0, 29}
        app.table.show(Rows(range(30), int))
        assert app.table.marked == {0, 29}


async def test_a_list_without_actions_on_marks_has_none():
    async with one_list(mark=None) as (app, pilot):
        await pilot.press("space", "shift+down", "asterisk")
        assert (app.table.marked, app.table.cursor) == (frozenset(), 0)
        assert app.line(1).startswith("▸ 0")


async def test_lst_3_several_columns_decide_one_after_the_other():
    async with one_list() as (app, pilot):
        table = app.table
        for step in (table.next_sort, table.reverse_sort, table.more_sort, table.next_sort, table.more_sort):
            step()
            await pilot.pause()
        assert app.sorts == [
            Sort("number"),
            Sort("number", descending=True),
            Sort(first=(("number", True),)),
            Sort("half", first=(("number", True),)),
            Sort(first=(("number", True), ("half", False))),
        ]
        assert table.sort.keys == (("number", True), ("half", False))
        assert ["↓1" in app.line(0), "↑2" in app.line(0)] == [True, True]


@pytest.mark.parametrize("keys", [(), (("half", False),), (("half", True), ("number", False))])
def test_the_keys_of_a_sort_are_in_their_order(keys):
    *first, last = keys or (("", False),)
    assert Sort(last[0], last[1], tuple(first)).keys == keys


async def test_lst_3_rows_that_arrive_out_of_sight_paint_nothing(monkeypatch):
    async with one_list() as (app, _):
        painted: list[object] = []
        app.table.arrived()
        monkeypatch.setattr(app.table, "refresh", lambda *regions, **_: painted.append(regions))
        app.table.arrived()
        assert not painted
        app.table.show(Rows(range(10, 40), int))
        assert painted
