"""The list machine on screen, with few long sessions of many keys each."""

from __future__ import annotations

import json
from threading import Event

import pytest
from click.testing import CliRunner

from cs_workspace.cli.main import cli
from cs_workspace.domain.errors import NotFound
from cs_workspace.domain.selection import Selection
from cs_workspace.tui import places
from cs_workspace.tui.panels.columns import ColumnChooser
from cs_workspace.tui.panels.record_history import RecordHistory
from cs_workspace.tui.record_columns import sort_of
from cs_workspace.tui.record_list import RecordList
from cs_workspace.tui.widgets.record_table import RecordTable
from cs_workspace.workspace import list_states, records
from cs_workspace.workspace.door import Operation
from tests.tui.desk import desk

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
ALL = ("slash", "escape", "escape", "g")  # out of the view, to all records


async def open_list(session, name):
    await session.app.main.open_page(places.record_list(session.app, name))
    await session.settle()
    assert isinstance(session.tab, RecordList)
    return session.tab


async def expected(session, object, query="", sort=""):
    rows = await session.run_elsewhere(records.page, object, query, columns=("id",), sort=sort, limit=10_000)
    return [row.id for row in rows]


def ids(page):
    window = page.table.window
    return [window.id_at(place) for place in range(window.total)]


async def test_lst_2_columns_order_and_filter_come_back_at_the_next_start(demo):
    """LST-2: columns by property name, widths, order, filter and view are remembered per user."""
    async with desk(demo) as session:
        await session.press("2", "c")
        assert isinstance(session.open, ColumnChooser)
        await session.press("down", "down", "shift+up", "right", "right")
        page = session.customers
        assert page.shown.columns[:3] == ("name", "renewal_date", "health")
        assert [column.name for column in page.table.columns[:2]] == ["name", "renewal_date"]
        wide = page.shown.widths["renewal_date"]
        assert page.table.widths["renewal_date"] == wide
        await session.write("emplo")
        await session.press("enter")
        assert "employees" in page.shown.columns
        assert page.table.window.row(0).raw["employees"] is not None  # what was not read yet is read
        await session.press(*["backspace"] * 5, "down", "down", "enter")
        assert "health" not in page.shown.columns
        await session.press("escape", "s", "S")
        assert page.shown.sort == ("-renewal_date",)
        await session.press("slash", "end")
        await session.write(" arr:>20k")
        await session.press("enter")
        assert "Owned by me •" in session.text
        left, rows = page.shown, ids(page)
        assert rows == await expected(session, "companies", "owner:me arr:>20k", "-renewal_date")
        session.app.exit(0)
    async with desk(demo) as session:
        await session.press("2")
        page = session.customers
        assert page.shown == left
        assert ids(page) == rows
        assert page.table.widths["renewal_date"] == wide
        await session.press("c", "ctrl+r", "escape", "escape")
        assert page.shown.columns[1] == "health"
        assert not page.shown.widths
        assert page.line.text == "owner:me"
    async with desk(demo, login="lee") as session:
        await session.press("2")
        assert session.customers.shown.sort == ("name",)
        assert "Owned by me" in session.text


async def test_what_was_kept_by_another_version_or_of_a_view_that_is_gone_does_no_harm(demo):
    """LST-2."""
    async with desk(demo) as session:
        state = {
            "query": "owner:me",
            "columns": ["gone", "arr", 3],
            "widths": {"arr": "x"},
            "sort": ["-gone"],
            "view": 99,
        }
        await session.run_elsewhere(list_states.keep, "companies", state)
        await session.press("2")
        page = session.customers
        assert page.shown.columns == ("name", "arr")
        assert page.shown.sort == ("name",)
        assert page.view is None
        assert "Customers" in session.lines[2]
    async with desk(demo, read_only=True) as session:
        await session.press("2", "s")
        kept = await session.run_elsewhere(list_states.find, "companies")
    async with desk(demo) as session:
        assert await session.run_elsewhere(list_states.find, "companies") == kept  # reading keeps nothing


async def test_lst_3_any_object_is_listed_in_the_order_of_several_columns(demo):
    """LST-1, LST-3."""
    async with desk(demo) as session:
        page = await open_list(session, "tickets")
        total = await session.run_elsewhere(records.count, "tickets")
        assert f"{total:,} tickets" in session.text
        await session.press("s", "plus", "s", "S")
        assert page.shown.sort == ("stage", "-subject")
        assert "↓2" in session.text
        head = await expected(session, "tickets", "", "stage,-subject")
        assert [page.table.window.id_at(place) for place in range(60)] == head[:60]
        await session.press("G")
        assert page.table.current.id == head[-1]
        assert page.place(head[-1]) == f"{total:,} of {total:,}"
        for name in ("contacts", "deals", "services", "subscriptions", "tasks", "calls", "meetings", "activities"):
            page = await open_list(session, name)
            assert page.table.window.total == await session.run_elsewhere(records.count, name)
            assert page.table.current.id == (await expected(session, name))[0]
            assert page.kind.plural in session.text


async def test_lst_4_marks_in_sight_then_all_then_none(demo):
    """LST-4: marks survive filtering, the header counts them, and what is acted on is what was marked."""
    async with desk(demo) as session:
        await session.press("2", *ALL)
        page, table = session.customers, session.customers.table
        assert page.selection == Selection.of("companies", table.current.id)
        await session.press("space", "space")
        two = table.marked
        assert "2 marked" in session.text
        await session.press("slash")
        await session.paste("owner:me")
        await session.press("enter")
        assert table.marked == two
        assert page.selection == Selection.of("companies", *sorted(two))
        await session.press("asterisk", "asterisk")
        total = await session.run_elsewhere(records.count, "companies", "owner:me")
        assert f"all {total:,} marked" in session.text
        assert page.selection == Selection("companies", (), "owner:me", total)
        await session.press("G")
        assert "●" in session.shown(table)[-1][:3]
        await session.press("asterisk")
        assert not table.marked
        assert not table.all_marked
        await session.press("asterisk", "asterisk", "slash")
        await session.paste("owner:lee")
        assert not table.all_marked
        assert "let go" in session.said
        # All that a filter shows is acted on, rows that nobody has read included.
        await session.paste("owner:me")
        await session.press("enter", "asterisk", "asterisk")
        lees = await session.run_elsewhere(records.count, "companies", "owner:lee")
        await session.press("a")
        assert f"{total} companies: whose?" in session.text
        await session.write("lee")
        await session.press("enter")
        assert session.said == f"{total} given to Lee Park, 0 as they were, 0 refused · u undoes"
        assert await session.run_elsewhere(records.count, "companies", "owner:lee") == lees + total
        assert not table.all_marked
        assert page.selection is None
        await session.press("u")
        assert len(ids(page)) == total


async def test_lst_3_another_filter_ends_in_the_driver_what_was_read_for_the_one_before(demo, monkeypatch):
    """LST-3: the next page and the count are cancelled, wherever they stand."""
    begun, ended = {"count": Event(), "page": Event()}, {"count": Event(), "page": Event()}

    def endless(name, real, is_slow):
        def read(tx, /, object, query="", **how):
            if query != "employees:any" or not is_slow(how):
                return real(tx, object, query, **how)
            begun[name].set()
            try:
                return tx.connection.exec_driver_sql(ENDLESS).scalar()
            finally:
                ended[name].set()

        monkeypatch.setattr(records, name, Operation(name, real.permission, False, "", False, read))

    async with desk(demo) as session:
        await session.press("2", *ALL)
        page = session.customers
        endless("count", records.count, lambda _: True)
        endless("page", records.page, lambda how: how["after"] is not None)
        page.line.write("employees:any")
        for one in begun.values():
            while not one.is_set():
                await session.pilot.pause()
        assert page.filter == "employees:any", "the first rows are there meanwhile"
        assert not any(one.is_set() for one in ended.values())
        page.line.write("owner:me")
        for one in ended.values():
            while not one.is_set():
                await session.pilot.pause()
        await session.settle()
        assert ids(page) == await expected(session, "companies", "owner:me")


async def test_qry_4_half_a_word_that_finds_nothing_does_not_take_the_last_good_list_away(demo, monkeypatch):
    """QRY-4: its rows come when more is typed already, which cannot be read yet."""
    async with desk(demo) as session:
        await session.press("2", *ALL, "slash")
        page, real = session.customers, records.page

        def typing(tx, /, object, query="", **how):
            found = real(tx, object, query, **how)
            if query == "renew":
                session.app.call_from_thread(page.line.write, "renew:this-q")
            return found

        monkeypatch.setattr(records, "page", Operation("page", real.permission, False, "", False, typing))
        await session.paste("renew")
        assert page.line.text == "renew:this-q"
        assert "column 7" in session.text
        assert "Expected a day or period" in session.text, "below the mistake where it has no room behind it"
        assert page.table.window.total == 300


async def test_qry_5_the_command_lists_what_the_screen_shows_in_its_order(demo):
    """QRY-5, LST-1, LST-3: by a text, a view, or an order of people, stages and urgency."""
    async with desk(demo) as session:
        shown: dict[tuple[str, ...], list[int]] = {}
        await session.press("2")
        page = session.customers
        for query, sort in (("owner:me health:<50 renewal:..+90d", ""), ("-own:me", "-owner,lifecycle_stage,-arr")):
            page.view = None
            await session.press("slash")
            await session.paste(query)
            await session.press("enter")
            if sort:
                page.on_record_table_sorted(RecordTable.Sorted(page.table, sort_of(sort.split(","), page.kind)))
                await session.press("G", "g")
            shown["companies", query, "--sort", sort] = ids(page)
        await session.press("v", "home", "down", "enter")
        shown["companies", "--view", page.view.name] = ids(page)
        page = await open_list(session, "tickets")
        page.on_record_table_sorted(RecordTable.Sorted(page.table, sort_of(("-priority", "stage"), page.kind)))
        await session.settle()
        head = [page.table.window.id_at(place) for place in range(100)]
        shown["tickets", "--sort", "-priority,stage", "--limit", "100"] = head
        assert page.table.current.text["priority"] == "urgent"
    for words, rows in shown.items():
        begin = ("--db", str(demo), "--as", "dana", "--now", "2026-11-22T09:32:00+01:00", "--format", "jsonl", "list")
        listed = CliRunner().invoke(cli, [*begin, *words, "--columns", "id"])
        assert [json.loads(line)["id"] for line in listed.stdout.splitlines()] == rows, listed.stderr
        assert rows


async def test_lst_6_next_and_previous_from_inside_a_record(demo):
    """LST-6: through the whole list, over pages that nobody has read, and back to where one got to."""
    async with desk(demo, size=(80, 24)) as session:
        await session.press("2", *ALL)
        page, order = session.customers, await expected(session, "companies")
        await session.press("enter", "o")
        assert session.tab.record_id == order[0]
        await session.press("greater_than_sign", "greater_than_sign")
        assert session.tab.record_id == order[2]
        assert page.place(order[2]) == "3 of 300"
        await session.press("escape")
        assert page.table.current.id == order[2]
        here = order[2]
        for place in range(3, len(order)):
            here = await page.neighbour(here, 1)
            assert here == order[place]
        assert await page.neighbour(here, 1) is None
        assert await page.neighbour(order[0], -1) is None or page.table.window.index_of(order[0]) is None
        assert page.table.cursor == 299


async def test_views_beside_the_list_and_in_its_place(demo):
    """CUS-1, CUS-2: the first visit shows what is one's own; a view brings filter, columns and order."""
    async with desk(demo) as session:
        await session.press("2")
        page = session.customers
        mine = await session.run_elsewhere(records.count, "companies", "owner:me")
        assert page.line.text == "owner:me"
        assert f"{mine} of 300 companies" in session.text
        assert page.views.display
        await session.press("v", "down", "enter")
        assert page.view.builtin == "assigned_lately"
        assert page.shown.sort == ("-owner_assigned_at",)
        assert ids(page) == await expected(session, "companies", page.view.query, "-owner_assigned_at")
        assert page.table.has_focus
        await session.press("enter")
        assert page.preview.display
        assert not page.views.display  # list and panel need the room
        await session.press("escape", "slash", "end")
        await session.write(" nothing like it")
        assert "esc goes back to the view" in session.text
        await session.press("enter", "escape")
        assert page.line.text == page.view.query
        await session.pilot.resize_terminal(80, 24)
        await session.settle()
        assert not page.views.display
        await session.press("v")
        assert page.views.display
        assert page.size.width - page.views.size.width < 3
        await session.press("escape")
        assert page.table.has_focus
        assert page.table.window.row(0) is not None


async def test_keys_of_a_list_that_mean_nothing_for_its_object_are_not_offered(demo):
    async with desk(demo) as session:
        await session.press("2")
        offered = {choice.label for choice in session.app.main.here()}
        assert {"Why this health", "Assign", "Columns", "Save view"} <= offered
        await session.press("h")
        assert isinstance(session.open, RecordHistory)
        await session.press("escape", "y")
        assert "Copied: " in session.said
        await session.press("greater_than_sign")
        assert session.customers.table.cursor == 1
        await open_list(session, "contacts")
        offered = {choice.label for choice in session.app.main.here()}
        assert not {"Why this health", "Stage"} & offered
        await open_list(session, "tickets")
        assert "Stage" in {choice.label for choice in session.app.main.here()}


async def test_lst_5_three_empty_states_and_a_failure_keeps_the_last_good_list(empty, demo, monkeypatch):
    """LST-5: nothing yet, filtered to nothing, failed."""
    async with desk(empty) as session:
        await session.press("2")
        assert "There are no customers yet." in session.text
        await open_list(session, "deals")
        assert "n makes the first deal" in session.text
    async with desk(demo) as session:
        await session.press("2", *ALL, "slash")
        await session.write("zzzz")
        assert "Nothing matches the filter." in session.text
        await session.press("escape")
        page = session.customers
        shown = ids(page)[:40]

        def broken(*_, **__):
            raise NotFound("The store is away.", "Ask for it.")

        monkeypatch.setattr(
            records, "page", type(records.page)("broken", records.page.permission, False, "", False, broken)
        )
        await session.press("r")
        assert "The store is away." in session.said
        assert ids(page)[:40] == shown
        page.filter = page.line.text
        await open_list(session, "contacts")
        assert "This could not be read." in session.text
        assert "r tries again." in session.text


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (200, 60)])
async def test_columns_stand_in_the_room_there_is(demo, size):
    async with desk(demo, size=size) as session:
        await session.press("2")
        widths = session.customers.table.widths
        assert next(iter(widths)) == "name"
        assert sum(widths.values()) < size[0]
