"""The wizard as it looks, step by step, at both sizes (GOL-4, GOL-8)."""

from __future__ import annotations

import pytest

from tests.tui.desk import desk
from tests.tui.screens.test_goal_wizard import Hand, open_wizard
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]

STEPS = [
    ("template", ["j", "j"]),
    ("setup_search", ["enter", *"nor"]),
    ("setup_team", ["enter"]),
    ("performance_set", ["ctrl+n", "asterisk", "A", "5", "0", "enter"]),
    ("pipelines_choice", ["L", "enter"]),
    ("notifications", ["escape", "ctrl+n"]),
    ("done", ["ctrl+n"]),
    ("gone", ["u"]),
    ("scratch_sum", ["n", "G", "enter", "d", "down", "s"]),
    ("setup_nobody", ["ctrl+n", "ctrl+n"]),
]


@pytest.mark.parametrize("size", SIZES)
async def test_gol_4_every_step(album, demo, size):
    async with desk(demo, size=size) as session:
        press = Hand(session)
        await open_wizard(session)
        for name, keys in STEPS:
            await press(*keys)
            album.take(session, name)
