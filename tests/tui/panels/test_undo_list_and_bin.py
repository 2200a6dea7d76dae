"""The list of what one did (`Z`), and the bin (`B`) (UND-2, UND-3, UND-4)."""

from __future__ import annotations

from typing import Any

from cs_workspace.tui.panels import long_list
from cs_workspace.tui.panels.bin import Bin
from cs_workspace.tui.panels.undo_list import UndoList
from cs_workspace.workspace import records
from tests.tui.desk import desk


async def test_und_2_any_entry_is_taken_back_and_done_again(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(records.change, "companies", "blabaer.no", {"phone": "111"})
        await session.run_elsewhere(records.change, "companies", "blabaer.no", {"industry": "Berries"})
        await session.press("Z")
        drawer: Any = session.open
        assert type(drawer) is UndoList
        assert "set industry of company Blåbær AS" in session.text
        await session.press("j", "enter")
        assert session.said == "Undone: set phone of company Blåbær AS"
        assert session.open.table.current.undone
        assert "undone 09:32" in session.text
        await session.press("enter")
        assert session.said == "Done again: set phone of company Blåbær AS"
        # what somebody else changed since is left alone and named
        other = session.elsewhere("lee")
        other.run(records.change, "companies", "blabaer.no", {"phone": "222"})
        other.store.close()
        await session.press("enter")
        assert session.said == "Left alone, changed or needed since: phone of Blåbær AS."
        await session.press("escape", "U")
        assert session.app.screen is session.app.main


async def test_und_2_a_long_list_is_read_as_one_goes(demo, monkeypatch):
    monkeypatch.setattr(long_list, "PIECE", 25)
    async with desk(demo) as session:
        await session.press("Z")
        assert "25 and more" in session.text
        await session.press("G")
        assert session.open.table.window.total > 25
        await session.press("G", "G")
        assert "and more" not in session.text


async def test_und_2_nothing_done_yet(empty):
    async with desk(empty, size=(80, 24)) as session:
        await session.press("B")
        assert "The bin is empty." in session.text
        await session.press("escape", "Z")
        assert "What you did" in session.text
        await session.press("enter", "escape")


async def test_und_4_what_was_deleted_comes_back(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(records.delete, "companies", ["blabaer.no"])
        await session.run_elsewhere(records.delete, "companies", ["1", "2"])
        await session.press("B")
        drawer: Any = session.open
        assert type(drawer) is Bin
        assert "90 days more" in session.text
        assert session.open.table.window.total == 3
        await session.write("blåb")
        assert session.open.table.window.total == 1
        await session.press("enter")
        assert session.said == "Blåbær AS is back. u puts it into the bin again."
        assert "Nothing in the bin is called that." in session.text
        await session.press("ctrl+u", *["backspace"] * 4)
        assert session.open.table.window.total == 2
        await session.press("down", "up", "down")
        assert session.open.table.cursor == 1
        found = await session.run_elsewhere(records.show, "companies", "blabaer.no")
        assert found["name"] == "Blåbær AS"
        await session.press("escape")
        assert session.app.screen is session.app.main
