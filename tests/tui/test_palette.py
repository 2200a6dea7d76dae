"""The palette: everything by name, as one types (QRY-6)."""

from __future__ import annotations

import asyncio

from cs_workspace.domain.views import Shape
from cs_workspace.tui.screens.records import RecordsScreen
from cs_workspace.workspace import records, views
from tests.tui.desk import desk


def offered(session):
    window = session.open.table.window
    return [window.row(i) for i in range(window.total)]


async def test_qry_6_records_of_every_object_are_found_and_opened(demo):
    async with desk(demo) as session:
        (ticket,) = await session.run_elsewhere(records.page, "tickets", "", columns=("subject",), sort="-id", limit=1)
        await session.press("colon")
        await session.paste(f"#{ticket.id}")
        kinds = [choice.front for choice in offered(session)]
        assert kinds == sorted(kinds, key=["company", "contact", "deal", "ticket", "service", "subscription"].index)
        place = kinds.index("ticket")
        assert offered(session)[place].label == ticket.text["subject"]
        await session.press(*["down"] * place, "enter")
        assert (session.tab.record.kind.name, session.tab.record.id) == ("tickets", ticket.id)


async def test_lists_and_views_are_opened_by_name(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(views.create, "deals", "Zebra hunt", Shape("amount:>1k", ("name",), ("-amount",)))
        await session.press("colon")
        await session.paste("contacts")
        assert offered(session)[0].front == "list"
        await session.press("enter")
        assert isinstance(session.tab, RecordsScreen)
        assert session.tab.object == "contacts"
        await session.press("colon")
        await session.paste("zebra")
        assert [(choice.front, choice.label) for choice in offered(session)] == [("view", "Zebra hunt")]
        await session.press("enter")
        assert session.tab.view is not None
        assert (session.tab.object, session.tab.shown.query) == ("deals", "amount:>1k")


async def test_what_was_found_for_other_letters_is_not_offered_and_its_search_is_cancelled(demo, monkeypatch):
    async with desk(demo) as session:
        await session.press("colon")
        await session.paste("lo")
        assert any(choice.front == "company" for choice in offered(session))
        begun, ended = [], []

        async def stuck(_function):
            begun.append(1)
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(1)

        with monkeypatch.context() as patch:
            patch.setattr(session.app.loader, "run", stuck)
            for key in "qx":
                before = len(begun)
                await session.pilot.press(key)
                assert not offered(session)
                while len(begun) == before:
                    await session.pilot.pause()
            assert len(ended) == 1
        await session.press("backspace", "backspace")
        assert len(ended) == 2
        assert any(choice.front == "company" for choice in offered(session))
