"""Merging, the list of what one did, and the bin, as they look at both sizes."""

from __future__ import annotations

import pytest

from cs_workspace.workspace import merge, records
from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]


@pytest.mark.parametrize("size", SIZES)
async def test_two_become_one_and_all_comes_back(album, demo, size):
    async with desk(demo, size=size) as session:
        await session.run_elsewhere(records.change, "companies", "blabaer.no", {"phone": ""})
        await session.run_elsewhere(merge.merge, "companies", 2, 3)
        await session.run_elsewhere(records.delete, "companies", ["4"])
        await session.press("Z")
        album.take(session, "undo_list")
        await session.press("escape", "B")
        album.take(session, "bin")
        await session.press("escape", "2", "m")
        await session.write("blabaer")
        await session.press("enter", "down", "space")
        album.take(session, "merge")
