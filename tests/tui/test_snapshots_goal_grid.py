"""The page of a goal's targets in every state, at both sizes."""

from __future__ import annotations

import pytest

from cs_workspace.workspace import goal_grid
from tests.tui.desk import desk
from tests.tui.screens.test_goal_grid import open_grid, paste, type_in
from tests.tui.test_snapshots import SIZES, album  # noqa: F401 - a fixture

LAYERS = ("actuals", "progress", "pipelines", "notifications")


@pytest.mark.parametrize("size", SIZES)
async def test_grid(album, demo, size):  # noqa: F811 - the fixture
    async with desk(demo, size=size) as session:
        page = await open_grid(session)
        album.take(session, "targets")
        for layer in LAYERS:
            await session.press("L")
            album.take(session, layer)
        await session.press("enter")
        album.take(session, "choosing_notifications")
        await session.press("space", "enter")
        album.take(session, "own_notifications")
        await session.press("L")
        await type_in(session, "1x")
        album.take(session, "wrong")
        await session.press("home", "right")
        await paste(session, "40\t41\t42\n50\tfifty\t52")
        album.take(session, "paste")
        await session.press("enter")
        album.take(session, "pasted")
        found = await session.run_elsewhere(goal_grid.grid, "1")
        cells = [(row, column) for row in (3, 4) for column in (5, 6)]
        edits = [
            goal_grid.CellEdit(found.sheet.rows[r].key, c, 77_000_000, found.sheet.targets[r, c]) for r, c in cells
        ]
        await session.run_elsewhere(goal_grid.set_targets, "1", edits)
        await session.press("home", "down", "down", *["right"] * 5)
        assert page.grid.cursor == (3, 5)
        await paste(session, "61\t62\n63\t64", "enter")
        await session.press("m", "t")
        album.take(session, "clash")
        await session.press("escape", "I")
        album.take(session, "import")
