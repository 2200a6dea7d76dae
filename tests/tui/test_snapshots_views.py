"""The views beside a list and the drawer that saves one, as they look at both sizes."""

from __future__ import annotations

import pytest

from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]


@pytest.mark.parametrize("size", SIZES)
async def test_views(album, demo, size):
    async with desk(demo, size=size) as session:
        await session.press("2", "v", "down", "down")
        album.take(session, "among_views")
        await session.press("escape", "V")
        await session.write("Mine")
        await session.press("down", "right", "down", "right", "down")
        album.take(session, "save")
