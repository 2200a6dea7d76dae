"""Editing in place as it looks: a line with a mistake in it, a clash, the panel of related records (CUS-10, REC-6)."""

from __future__ import annotations

import pytest

from cs_workspace.tui.messages import OpenRecord
from cs_workspace.workspace import records
from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]


@pytest.mark.parametrize("size", SIZES)
async def test_editing(album, demo, size):
    async with desk(demo, size=size) as session:
        session.app.post_message(OpenRecord("companies", 10))
        await session.settle()
        page = session.tab
        page.editing.edit(("companies", 10), "arr")
        await session.settle()
        await session.write("12k")
        album.take(session, "understood")
        await session.write("%")
        await session.press("enter")
        album.take(session, "mistaken")
        await session.press("backspace")
        await session.run_elsewhere(records.change, "companies", "10", {"arr": "9k"})
        await session.press("enter", "m")
        album.take(session, "clash")
        await session.press("escape", "escape", "A")
        album.take(session, "links")
