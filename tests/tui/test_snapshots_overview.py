"""The Goals overview with marks, milestones in place, chips, form and edit panel, at both sizes (GOL-43 to GOL-45)."""

from __future__ import annotations

import pytest

from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]

OVERVIEW = [
    ("marks", ["j", "space", "space", "shift+down"]),
    ("question", ["d"]),
    ("expanded", ["escape", "right", "j", "j"]),
    ("sorted_by_two", ["left", "s", "s", "plus", "s"]),
    ("edit_targets", ["g", "e", *"12k", "enter", *"abc", "enter"]),
    ("edit_notifications", ["tab"]),
    ("edit_not_saved", ["escape"]),
]
FILTER = [
    ("chips", ["enter"]),
    ("form_values", ["f", "tab"]),
    ("form_range", ["shift+tab", "G", "k", "tab", *"5x"]),
]


@pytest.mark.parametrize("size", SIZES)
async def test_overview(album, demo, size):
    async with desk(demo, size=size) as session:
        for name, keys in OVERVIEW:
            await session.press(*keys)
            album.take(session, name)


@pytest.mark.parametrize("size", SIZES)
async def test_filter(album, demo, size):
    async with desk(demo, size=size) as session:
        await session.press("slash")
        await session.paste("status:in_progress,missed template:tickets_closed -user:sofia")
        for name, keys in FILTER:
            await session.press(*keys)
            album.take(session, name)
