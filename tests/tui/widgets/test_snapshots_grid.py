"""The grid of targets as it looks, layer by layer and while one types, at both sizes."""

from __future__ import annotations

import pytest

from cs_workspace.domain.goals.model import Aggregate, Unit
from cs_workspace.domain.goals.sheet import Sheet
from cs_workspace.tui.text import cell, part
from cs_workspace.tui.widgets.milestone_grid import Layer
from tests.tui.test_snapshots import SIZES, Album
from tests.tui.widgets.test_milestone_grid import ROWS, numbers, seat

STEPS = [
    ("targets", []),
    ("range", ["down", "down", "right", "shift+right", "shift+right", "shift+up"]),
    ("typing", ["escape", *"12k"]),
    ("wrong", ["backspace", "x", "enter", "up"]),
    ("spread", ["space", "S", *"1203", "tab"]),
    ("apply", ["escape", "asterisk", "A", *"60"]),
    ("actuals", ["escape", "L"]),
    ("pipelines", ["L", "L"]),
]
BLOCK = "51\t1,250\tx\n70\t71\t72"


@pytest.fixture
def album(snapshot):
    album = Album(snapshot)
    yield album
    assert not album.differ


@pytest.mark.parametrize("size", SIZES)
async def test_grid(album, size):
    """GOL-25 to GOL-29 at both sizes."""
    async with seat(numbers(team=200), size=size) as it:
        it.grid.weights = lambda _: range(1, 13)
        it.app.cells = {
            Layer.ACTUALS: {(row, column): cell(30 + row * column) for row in range(4) for column in range(10)},
            Layer.PROGRESS: {(1, 0): (part("82 % "), part("▶", "accent"))},
            Layer.PIPELINES: {(row, column): cell("All", "quiet") for row in range(4) for column in range(12)},
        }
        it.grid.show(it.grid.sheet, cells=it.app.cells)
        for name, keys in STEPS:
            await it.press(*keys)
            album.take(it, name)
        await it.press("H", "H", "H")
        await it.paste(BLOCK)
        album.take(it, "paste")


@pytest.mark.parametrize("size", SIZES)
async def test_weeks_of_durations(album, size):
    """GOL-27, GOL-28: an average in hours over 53 weeks, scrolled."""
    weeks = tuple(f"W{week:02}" for week in range(1, 54))
    targets = {(row, week): 3600 + 61 * row * week for row in range(4) for week in range(0, 53, 2)}
    async with seat(Sheet(Unit.DURATION, Aggregate.AVERAGE, "EUR", ROWS, weeks, targets), size=size) as it:
        await it.press("down", *["ctrl+right"] * 3)
        album.take(it, "weeks")
        await it.press(*"1h30")
        album.take(it, "typing")
