from __future__ import annotations

from typing import Any

import pytest
from textual.events import Key

from cs_workspace.domain.errors import StoreUnavailable
from cs_workspace.tui.messages import WatchFailed, WorkerTold
from cs_workspace.tui.palette import Help, Palette
from cs_workspace.tui.watcher import Watcher
from cs_workspace.worker.runner import WorkerState
from cs_workspace.workspace import records
from tests.tui.desk import desk


@pytest.mark.parametrize("number", range(1, 9))
async def test_a_digit_goes_to_its_tab(demo, number):
    async with desk(demo, size=(100, 30)) as session:
        await session.press(str(number))
        assert session.app.main.number == number
        if number not in {2, 8}:
            assert "This tab is being built." in session.text


async def test_a_tab_is_found_again_as_it_was_left(demo):
    async with desk(demo) as session:
        await session.press("j", "j", "enter", "enter")
        focused = session.app.focused
        await session.press("2", "j", "8")
        assert session.goals.table.cursor == 2
        assert session.app.focused is focused


async def test_tabs_can_be_clicked(demo):
    async with desk(demo) as session:
        x = session.lines[0].index("2 Customers")
        await session.pilot.click(offset=(x + 1, 0))
        await session.settle()
        assert session.app.main.number == 2


async def test_tabs_are_shortened_at_80_columns_and_none_is_lost(demo):
    async with desk(demo, size=(80, 24)) as session:
        top = session.lines[0]
        assert "1 Sum 2 Cust 3 Serv 4 Rev 5 Act 6 Sched 7 Feed 8 Goals" in top
        assert "Northwind" in top
        assert "Dana Kim" in top


async def test_the_bottom_line_says_which_keys_work_here(demo):
    async with desk(demo) as session:
        assert session.lines[-1].startswith(" 1–8 tabs  ? here  / filter  enter preview  s sort")
        await session.press("slash")
        assert session.lines[-1].startswith(" f1 here  tab complete  enter to the list  esc clear")
        await session.press("escape", "enter")
        assert session.lines[-1].startswith(" esc back  1–8 tabs")
        await session.press("question_mark")
        assert session.lines[-1].startswith(" ↑↓ choose  enter do it  esc close")
        await session.press("escape")
        assert session.lines[-1].startswith(" esc back  1–8 tabs")


async def test_panes(demo):
    async with desk(demo) as session:
        line, table = session.goals.line.input, session.goals.table
        await session.press("tab")
        assert session.app.focused is line
        await session.press("escape", "enter", "tab")
        assert session.app.focused is session.goals.preview.table
        await session.press("shift+tab")
        assert session.app.focused is table


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting(demo, key):
    async with desk(demo) as session:
        await session.pilot.press(key)
        assert session.app.return_value == 0


async def test_quitting_at_once_works_within_a_panel_and_letters_do_not(demo):
    async with desk(demo) as session:
        await session.press("colon", "q")
        assert session.app.return_value is None
        assert isinstance(session.app.screen, Palette)
        await session.pilot.press("ctrl+q")
        assert session.app.return_value == 0


async def test_the_help_lists_what_works_here_and_does_it(demo):
    async with desk(demo) as session:
        await session.press("question_mark")
        assert isinstance(session.app.screen, Help)
        assert "Explain the number and list the records behind it." in session.text
        await session.write("last row")
        assert session.open.table.window.total == 1
        await session.press("enter")
        assert session.goals.table.cursor == session.goals.table.window.total - 1


async def test_f1_is_help_too_and_esc_closes_it(demo):
    async with desk(demo) as session:
        await session.press("f1")
        assert isinstance(session.app.screen, Help)
        await session.press("down", "up", "escape")
        assert session.open is session.app.main


async def test_the_palette_goes_to_tabs(demo):
    async with desk(demo) as session:
        await session.press("ctrl+p")
        assert isinstance(session.app.screen, Palette)
        await session.write("schedule")
        await session.press("enter")
        assert session.app.main.number == 6


async def test_the_palette_does_what_its_keys_do(demo):
    async with desk(demo) as session:
        await session.press("colon")
        await session.write("calculate all")
        await session.press("enter")
        assert session.said.startswith("All goals are calculated")


async def test_the_palette_finds_a_company(demo):
    async with desk(demo) as session:
        (row,) = await session.run_elsewhere(records.page, "companies", "owner:lee", columns=("name",), limit=1)
        await session.press("colon")
        await session.write(row.text["name"].split()[-1].lower())
        await session.settle()
        names = [session.open.table.window.row(i).label for i in range(session.open.table.window.total)]
        assert any(row.text["name"].split()[-1] in name for name in names)
        await session.press("escape", "colon")
        await session.paste(row.text["name"])
        await session.press("enter")
        assert session.tab.record.id == row.id


async def test_nothing_is_found_is_said(demo):
    async with desk(demo) as session:
        await session.press("colon")
        await session.paste("zzzzzz")
        assert "Nothing is called that." in session.text
        await session.press("enter")
        assert isinstance(session.app.screen, Palette)


async def test_esc_never_quits(demo):
    async with desk(demo) as session:
        await session.press("escape", "escape", "escape")
        assert session.app.return_value is None


async def test_how_the_worker_is(demo):
    async with desk(demo) as session:
        assert "goals as of 09:32" in session.lines[-1]
        session.app.works = True
        session.app.post_message(WorkerTold(WorkerState(holder=True, text="works here")))
        await session.settle()
        assert "goals live · 09:32  sqlite northwind.db" in session.lines[-1]
        session.app.post_message(WorkerTold(WorkerState(holder=True, text="failed", error="the disk is full")))
        await session.settle()
        assert "▲ goals stand since 09:32: the disk is full" in session.lines[-1]
        session.app.post_message(WatchFailed(StoreUnavailable("the server is away.")))
        await session.settle()
        assert "▲ the server is away." in session.lines[-1]
        watcher = Watcher(session.session, session.app.post_message)
        watcher.look()
        session.app.post_message(WorkerTold(WorkerState(holder=True, text="works here")))
        await session.settle()
        assert "goals live" in session.lines[-1]


async def test_the_watcher_tells_only_what_is_new(demo):
    async with desk(demo) as session:
        told: list[Any] = []
        watcher = Watcher(session.session, told.append)
        watcher.look()
        watcher.look()
        assert len(told) == 1
        await session.run_elsewhere(records.add, "companies", {"name": "New"})
        watcher.look()
        assert len(told) == 2


async def test_the_watcher_tells_when_a_milestone_begins_or_ends(demo):
    async with desk(demo) as session:
        told: list[Any] = []
        watcher = Watcher(session.session, told.append)
        watcher.look()
        border = told[0].standpoint.next_border
        session.session.clock.instant = border
        watcher.look()
        assert len(told) == 2


async def test_a_store_that_is_not_there_is_said_and_r_tries_again(demo, tmp_path):
    away = tmp_path / "away.db"
    async with desk(away) as session:
        assert "This could not be read." in session.text
        assert "r tries again." in session.text
        demo.rename(away)
        await session.press("r")
        while session.app.session is None:
            await session.settle()
        await session.settle()
        assert session.goals.table.window.total == 126


async def test_somebody_without_the_permission_reads_why(demo):
    async with desk(demo) as session:
        user = await session.run_elsewhere(records.add, "users", {"login": "noseat", "name": "No Seat"})
        assert user
    async with desk(demo, login="noseat") as session:
        assert "needs the Goals permission to view" in session.text
        await session.press("2")
        assert "needs a Service seat" in session.text


async def test_a_bug_in_a_read_is_logged_and_said(demo, monkeypatch, tmp_path):
    async with desk(demo) as session:

        def broken(*_, **__):
            raise ZeroDivisionError("secret")

        monkeypatch.setattr(session.session.workspace.__class__, "run", broken)
        await session.press("r")
        assert "A fault in the program (ZeroDivisionError)" in session.said
    log = tmp_path / "log" / "cs-workspace.log"
    assert "ZeroDivisionError" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


async def test_an_action_nobody_listed_is_refused(demo):
    async with desk(demo) as session:
        assert not await session.app.run_action("screenshot")
        assert not await session.app.run_action("app.deliver_screenshot")
        assert not await session.app.run_action("screen.dismiss", session.app.main)


async def test_tabs_asked_for_at_once_open_in_order(demo):
    async with desk(demo) as session:
        for key in "1284":
            session.app.post_message(Key(key, key))
        await session.settle()
        assert session.app.main.number == 4
        assert session.app.is_running
