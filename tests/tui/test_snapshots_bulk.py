"""Actions on records as they look: the forms that edit, log and make, and what was refused (CUS-9, ACT-7)."""

from __future__ import annotations

import pytest

from cs_workspace.domain.selection import Selection
from cs_workspace.tui.panels import bulk
from cs_workspace.tui.panels.bulk import RefusedList
from cs_workspace.workspace.bulk import Outcome, Refusal
from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]


@pytest.mark.parametrize("size", SIZES)
async def test_actions(album, demo, size):
    async with desk(demo, size=size) as session:
        await session.press("2", "r")
        await session.press("i")
        await session.write("call")
        await session.press("enter")
        album.take(session, "log")
        await session.press("escape")
        await session.press("n")
        album.take(session, "new")
        await session.press("escape")
        page, kind = session.tab, session.session.around.schema["companies"]
        bulk.edit(page, Selection("companies", query="", count=300))
        await session.settle()
        await session.write("renewal")
        await session.press("enter")
        await session.paste("+90d")
        album.take(session, "edit")
        await session.press("escape")
        refused = Refusal(1, "Acme", "closed_at: the close date lies before the create date")
        await session.app.push_screen(RefusedList(Outcome(23, 20, 2, (refused,)), kind))
        await session.settle()
        album.take(session, "refused")
