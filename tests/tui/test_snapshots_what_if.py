"""The what-if of a goal as it looks, at both sizes."""

from __future__ import annotations

import pytest

from cs_workspace.tui.screens.what_if import WhatIfScreen
from cs_workspace.workspace import goals
from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]

STATES = [
    ("nothing_supposed", []),
    ("ticked", ["j", "space", "space"]),
    ("mistake", ["e", *"3x"]),
    ("moved", ["escape", "e", *"+3d", "enter"]),
    ("target", ["tab", "j", "t", *"5k", "enter"]),
]
WIDE_STATES = [
    ("later", ["greater_than_sign"]),
    ("tasks", ["T"]),
    ("nothing_matches", ["slash", *"zzz", "enter"]),
]


async def opened(session, name):
    (goal,) = [line.goal.id for line in await session.run_elsewhere(goals.goals) if line.goal.name == name]
    await session.app.main.open_page(WhatIfScreen(session.app, goal))
    await session.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_what_if(album, demo, size):
    async with desk(demo, size=size) as session:
        await opened(session, "Team revenue FY2026")
        for name, keys in STATES if size == (80, 24) else [*STATES, *WIDE_STATES]:
            await session.press(*keys)
            album.take(session, name)
        if size == (80, 24):
            return
        await opened(session, "Tickets closed 2026")
        await session.press("space")
        album.take(session, "tickets")
        await opened(session, "Calls 2026")
        album.take(session, "nothing_to_suppose")
