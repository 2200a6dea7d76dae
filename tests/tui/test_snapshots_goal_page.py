"""A goal's page as it looks, at both sizes."""

from __future__ import annotations

import pytest

from cs_workspace.tui.messages import OpenPage
from cs_workspace.tui.screens.goal_page import GoalScreen
from cs_workspace.workspace import goal_making
from cs_workspace.workspace.goal_making import NewGoal
from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]

# Of the demo store: a count with teams, an average that is better low, one not begun, planned meetings.
GOALS = [("average", 3), ("pending", 17), ("planned", 28)]


async def go_to(session, goal):
    session.app.main.post_message(OpenPage(GoalScreen(session.app, goal)))
    await session.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_states(album, demo, size):
    async with desk(demo, size=size) as session:
        await go_to(session, 1)
        album.take(session, "teams")
        if size == (80, 24):
            for name in ("leaders", "milestones", "teams_section", "changes"):
                await session.press("tab")
                album.take(session, name)
            await session.press("tab")
        await session.press("w")
        album.take(session, "why_whole")
        if size == (80, 24):
            return
        await session.press("escape", "down", "less_than_sign")
        album.take(session, "one_milestone")
        await session.press("w")
        album.take(session, "why")
        await session.press("escape", "v")
        album.take(session, "range")
        await session.press("escape", "A")
        album.take(session, "anew")
        await session.press("escape")
        for name, goal in GOALS:
            await go_to(session, goal)
            album.take(session, name)
        new = NewGoal("tickets_closed", "Next year", users=("zofia",), duration="monthly", year=2027)
        await go_to(session, await session.run_elsewhere(goal_making.create, new))
        album.take(session, "nothing_yet")
        await go_to(session, 999)
        album.take(session, "gone")


async def test_without_colour(album, demo, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with desk(demo, size=(120, 40)) as session:
        await go_to(session, 5)
        album.take(session, "revenue")
