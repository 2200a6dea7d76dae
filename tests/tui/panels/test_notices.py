"""Notifications: a badge, a list, and a line when one comes in (GOL-30, GOL-31, LST-5)."""

from __future__ import annotations

from typing import Any

from textual.widgets._toast import Toast

from cs_workspace.domain.errors import StoreUnavailable
from cs_workspace.domain.selection import Selection
from cs_workspace.tui.messages import Noticed
from cs_workspace.tui.panels.notices import Notices
from cs_workspace.tui.screens.goal_page import GoalScreen
from cs_workspace.tui.watcher import Watcher
from cs_workspace.workspace import follows, goal_making, log, notices, records
from cs_workspace.workspace.goal_making import NewGoal
from tests.tui.desk import Desk, desk


async def told(session: Desk, name: str = "Quick calls", **more: Any) -> None:
    """Lee gives Dana a goal, and the worker tells her."""
    people = {"users": ("dana",), "duration": "monthly", "year": 2026, "target": "1", "notify": ("assigned",)}
    lee = session.elsewhere("lee")
    try:
        lee.run(goal_making.create, NewGoal("calls_made", name, **{**people, **more}))
        lee.run(notices.write)
    finally:
        lee.store.close()


async def look(session: Desk) -> None:
    """What the watching thread does."""
    Watcher(session.session, session.app.post_message).look()
    await session.settle()


def toasts(session: Desk) -> list[str]:
    return [str(toast.render()) for toast in session.app.screen.query(Toast)]


async def test_gol_31_the_badge_the_list_and_its_keys(demo):
    async with desk(demo) as session:
        assert "8 Goals " in session.lines[0]
        await session.run_elsewhere(notices.write)
        await session.press("2", "r", "colon", "escape")
        await look(session)
        number = session.app._mail.unread
        assert number > 4
        assert f"8 Goals {number}" in session.lines[0]
        await session.press("N")
        assert isinstance(session.open, Notices)
        assert f"{number} unread" in session.text
        table = session.open.table
        first = table.current
        assert "You have 7 days left for Win-back calls, 8 Oct – 27 Nov 2026." in session.text
        await session.press("j")
        second = table.current
        assert second != first
        await session.press("x")
        third = table.current
        assert third is not None
        assert second is not None
        assert (third.id, third.read) == (second.id, True)
        assert f"{number - 1} unread" in session.text
        assert session.app._mail.unread == number - 1
        await session.press("v")
        assert table.window.total == number - 1
        await session.press("asterisk")
        assert "You have read them all." in session.text
        assert session.app._mail.unread == 0
        await session.press("v")
        assert table.window.total == number
        await session.press("g", "x", "escape")
        assert f"8 Goals {1}" in session.lines[0]
        await session.press("N", "g")
        await session.press("enter")
        assert session.app.main.number == 8
        assert isinstance(session.tab, GoalScreen)
        assert "Win-back calls" in session.text
        assert session.app._mail.unread == 0
        pages = session.app.main.pages
        await session.press("N", "enter")
        assert session.app.main.pages == pages, "it is on top already"


async def test_gol_31_what_comes_in_is_mentioned_once_and_holds_no_key_up(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(notices.write)
    async with desk(demo, toasts=True) as session:
        assert toasts(session) == []
        await told(session)
        await look(session)
        assert toasts(session) == ["You were given the goal Quick calls. N shows it."]
        cursor = session.goals.table.cursor
        await session.press("j")
        assert session.goals.table.cursor == cursor + 1
        await look(session)
        assert len(toasts(session)) == 1
        await session.press("N")
        assert toasts(session) == []
        await told(session, "More calls")
        await look(session)
        assert toasts(session) == []
        assert "More calls" in session.text
        await session.press("escape")
        await session.run_elsewhere(notices.mark)
        await look(session)
        assert toasts(session) == []
        assert session.app._mail.unread == 0
        assert "8 Goals  " in session.lines[0]
        await told(session, "Third")
        await told(session, "Fourth")
        await look(session)
        assert toasts(session) == ["2 notifications have come in. N shows them."]


async def test_wrk_2_the_watcher_tells_when_somebody_is_told(demo):
    async with desk(demo) as session:
        posted: list[Any] = []
        watcher = Watcher(session.session, posted.append)
        watcher.look()
        posted.clear()
        await session.run_elsewhere(notices.write)
        watcher.look()
        watcher.look()
        assert [type(message) for message in posted] == [Noticed]


async def test_s1_a_name_is_shown_and_not_obeyed(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(notices.write)
    async with desk(demo, toasts=True) as session:
        await told(session, "[/b] [red]Ltd \x1b[31m\u202e calls")
        await look(session)
        assert "[/b] [red]Ltd" in toasts(session)[0]
        await session.press("N")
        assert "[/b] [red]Ltd" in session.text
        assert not {"\x1b", "\u202e"} & set(session.text)


async def test_lst_5_nothing_yet_and_what_cannot_be_read(demo, empty, monkeypatch):
    async with desk(empty, size=(80, 24)) as session:
        await session.press("N", "x", "asterisk", "enter")
        assert "You have no notifications." in session.text
        await session.press("escape")
        assert session.open is session.app.main
    async with desk(demo) as session:
        await session.press("N")

        def broken(*_: Any, **__: Any) -> None:
            raise StoreUnavailable("The store is away.", "Try again.")

        monkeypatch.setattr(session.session.workspace.__class__, "run", broken)
        session.open.load()
        await session.settle()
        assert "This could not be read." in session.text
        assert "The store is away." in session.text


async def test_who_may_only_read_can_look_and_go_there(demo):
    async with desk(demo) as session:
        await told(session)
    async with desk(demo, read_only=True) as session:
        await session.press("N", "x")
        assert not session.open.table.current.read
        assert session.said
        await session.press("enter")
        assert isinstance(session.tab, GoalScreen)


async def test_there_is_nothing_to_list_before_the_store_is_open(tmp_path):
    async with desk(tmp_path / "gone.db") as session:
        await session.press("N")
        assert session.said == "The store is not open yet."


async def test_rec_5_what_others_did_with_a_followed_record_leads_to_its_page(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(notices.write)
        await session.run_elsewhere(notices.mark)
        await session.run_elsewhere(follows.follow, Selection.of("companies", 7))
        lee = session.elsewhere("lee")
        try:
            lee.run(log.log, "calls", {"title": "Hello"}, ("companies", 7))
            lee.run(notices.write)
        finally:
            lee.store.close()
        await session.press("N")
        (company,) = await session.run_elsewhere(records.listing, "companies", "id:7", columns=("name",))
        assert f"logged a call with {company['name']}." in session.text
        assert "1 unread" in session.text
        await session.press("enter")
        assert (session.tab.object, session.tab.record_id) == ("companies", 7)
        assert session.app._mail.unread == 0
