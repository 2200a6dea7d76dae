"""The wizard as it looks, step by step, at both sizes (GOL-4)."""

from __future__ import annotations

import pytest

from tests.tui.desk import desk
from tests.tui.screens.test_goal_wizard import open_wizard
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]

STEPS = [
    ("template", ["j", "j"]),
    ("setup", ["enter"]),
    ("setup_search", [*"nor"]),
    ("setup_team", ["enter"]),
    ("performance", ["ctrl+n"]),
    ("performance_set", ["asterisk", "A", "5", "0", "enter"]),
    ("pipelines", ["L"]),
    ("pipelines_choice", ["enter"]),
    ("notifications", ["escape", "ctrl+n"]),
    ("done", ["ctrl+n"]),
]
OTHERS = [
    ("scratch", ["G", "enter"]),
    ("scratch_sum", ["d", "down", "s"]),
    ("setup_nobody", ["ctrl+n", "ctrl+n"]),
    ("back", ["ctrl+b", "ctrl+b"]),
]


@pytest.mark.parametrize("size", SIZES)
async def test_gol_4_every_step(album, demo, size):
    async with desk(demo, size=size) as session:
        await open_wizard(session)
        for name, keys in STEPS:
            await session.press(*keys)
            album.take(session, name)


@pytest.mark.parametrize("size", SIZES)
async def test_gol_8_from_scratch_what_is_refused_and_what_is_missing(album, demo, size):
    async with desk(demo, size=size) as session:
        await open_wizard(session)
        for name, keys in OTHERS:
            await session.press(*keys)
            album.take(session, name)
    async with desk(demo, size=size, login="giulia") as session:
        await open_wizard(session)
        album.take(session, "refused")
