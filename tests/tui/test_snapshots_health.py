"""Why a health score is what it is, and the filter form with its quick filters, at both sizes."""

from __future__ import annotations

import pytest

from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]


@pytest.mark.parametrize("size", SIZES)
async def test_health_and_filters(album, demo, size):
    async with desk(demo, size=size) as session:
        await session.press("2", "f", "g", "5")
        album.take(session, "filter_form")
        await session.press("escape", "slash")
        await session.paste("domain:blabaer.no owner:")
        album.take(session, "suggestions")
        await session.paste("domain:blabaer.no")
        await session.press("enter", "w")
        album.take(session, "drawer")
