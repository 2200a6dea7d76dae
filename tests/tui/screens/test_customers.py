from __future__ import annotations

import pytest

from cs_workspace.tui.panels.filter_form import FilterForm
from cs_workspace.workspace import records
from tests.tui.desk import desk


def names(session):
    table = session.customers.table
    return [row.text["name"] for i in range(table.window.total) if (row := table.window.row(i)) is not None]


@pytest.fixture
async def customers(demo):
    """All of them: the filter of the view one begins with is taken away."""
    async with desk(demo) as session:
        await session.press("2", "slash", "escape", "escape", "g")
        yield session


async def test_a_plain_list_of_companies(customers):
    total = await customers.run_elsewhere(records.count, "companies")
    assert customers.customers.table.window.total == total == 300
    assert "300 companies" in customers.text
    first = names(customers)[0]
    assert first in customers.shown(customers.customers.table)[1]


async def test_a_jump_to_the_end_and_back_up(customers):
    table = customers.customers.table
    await customers.press("G")
    every = await customers.run_elsewhere(records.page, "companies", columns=("name",), limit=1000)
    assert table.current.id == every[-1].id
    for _ in range(12):
        await customers.press("pageup")
    assert table.cursor == 0
    assert [table.window.row(i).id for i in range(300)] == [row.id for row in every]


async def test_filter_sort_and_mistakes(customers):
    await customers.press("slash")
    await customers.write("owner:me arr:>20k")
    count = await customers.run_elsewhere(records.count, "companies", "owner:me arr:>20k")
    assert 0 < count < 300
    assert customers.customers.table.window.total == count
    # What is narrower than the view in use is counted within it.
    mine = await customers.run_elsewhere(records.count, "companies", "owner:me")
    assert f"{count} of {mine} companies" in customers.text
    await customers.press("enter", "s")
    assert customers.customers.table.sort.column == "health"
    await customers.press("S")
    assert customers.customers.table.sort.descending
    await customers.press("slash")
    await customers.paste("owner:me arr:>20k arr:many")
    assert "column 23" in customers.text
    assert customers.customers.table.window.total == count


async def test_the_panel_has_the_properties(customers):
    await customers.press("j", "enter")
    panel = customers.customers.preview
    row = customers.customers.table.current
    shown = "\n".join(customers.shown(panel))
    assert row.text["name"] in shown
    assert row.text["domain"] in shown
    assert "Lifecycle stage" in shown
    await customers.press("enter", "down", "escape")
    assert not panel.display


async def test_the_filter_form_and_the_page_of_a_company(customers):
    await customers.press("f")
    assert isinstance(customers.open, FilterForm)
    await customers.press("escape", "j", "o")
    assert customers.tab.record.id == customers.app.main._tabs[2][0].table.current.id
    await customers.press("escape")
    assert customers.customers.table.has_focus


async def test_a_change_elsewhere_keeps_the_place(customers):
    table = customers.customers.table
    await customers.press("G", "k", "k")
    row = table.current
    await customers.run_elsewhere(records.add, "companies", {"name": "Aaa first of all"})
    await customers.run_elsewhere(records.change, "companies", str(row.id), {"domain": "elsewhere.example"})
    await customers.press("r")
    assert table.window.total == 301
    assert table.current.id == row.id
    assert table.current.text["domain"] == "elsewhere.example"
    await customers.press("g")
    assert table.current.text["name"] == "Aaa first of all"


async def test_clicking_a_header_sorts_and_clicking_a_row_goes_there(customers):
    table = customers.customers.table
    await customers.pilot.click(table, offset=(4, 3))
    await customers.settle()
    assert table.cursor == 2
    await customers.pilot.click(table, offset=(4, 0))
    await customers.settle()
    assert table.sort.column == "name"
    assert table.sort.descending
    await customers.pilot.click(table, offset=(4, table.cursor - table.top + 1))
    await customers.settle()
    assert customers.customers.preview.display


async def test_the_wheel_scrolls(customers):
    table = customers.customers.table
    table.action_move(0)
    for _ in range(3):
        customers.pilot.app.screen  # noqa: B018 - the wheel has no pilot of its own
        table._wheel(3)
    await customers.settle()
    assert table.top == 9
    assert table.cursor == 9
    table._wheel(-3)
    assert table.top == 6
