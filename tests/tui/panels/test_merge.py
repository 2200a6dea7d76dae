"""Merging two records from the keyboard (REC-4)."""

from __future__ import annotations

from typing import Any

from cs_workspace.tui.panels.merge import Merge, Other
from cs_workspace.workspace import records
from tests.tui.desk import desk


def opened(session, drawer) -> Any:
    """The drawer that is open."""
    assert isinstance(session.open, drawer)
    return session.open


async def shown(session, query):
    return await session.run_elsewhere(records.listing, "companies", query, columns=("name", "phone", "domain"))


async def test_rec_4_merge_with_one_that_is_looked_for(demo):
    async with desk(demo) as session:
        await session.press("2", "m")
        opened(session, Other)
        await session.write("blabaer")
        assert "Blåbær AS" in session.text
        await session.press("enter")
        drawer = opened(session, Merge)
        text = session.text
        assert "Blåbær AS becomes part of Aasen Maritim Norge" in text
        assert "With it come " in text
        assert "the primary's" in text
        # a choice, back, and again by the arrows; what is fixed says so
        await session.press("down", "down", "space")
        assert drawer.table.current.standing.side == "secondary"
        assert "chosen" in session.text
        await session.press("space")
        assert drawer.table.current.standing.side == "primary"
        await session.press("right", "left", "right")
        assert drawer.table.current.standing.side == "secondary"
        await session.press(*["down"] * 20, "space")
        assert session.said.endswith(", whatever is chosen.")
        # swapped, the chosen value stays
        await session.press("s")
        assert "Aasen Maritim Norge becomes part of Blåbær AS" in session.text
        await session.press("s", "enter")
        assert session.app.screen is session.app.main
        assert session.said.startswith("Blåbær AS is part of Aasen Maritim Norge now; ")
        assert session.said.endswith("records came along. u undo")
        assert await shown(session, "domain:blabaer.no") == []
        await session.press("u")
        assert session.said == "Undone: merge company Blåbær AS into Aasen Maritim Norge"
        assert len(await shown(session, "domain:blabaer.no")) == 1


async def test_rec_4_merge_two_marked_ones_and_be_refused_kindly(demo):
    async with desk(demo, size=(80, 24)) as session:
        await session.press("2", "space", "space", "space", "m")
        assert session.said == "Two records become one; 3 are marked."
        await session.press("k", "space", "k", "m")
        drawer = opened(session, Merge)
        names = drawer.table.window.row(0)
        # somebody else deletes one of them meanwhile: the drawer stays, with what was chosen
        await session.press("space")
        await session.run_elsewhere(records.delete, "companies", [names.secondary])
        await session.press("enter")
        opened(session, Merge)
        assert session.said.startswith("There is no company")
        assert drawer.table.current.standing.side == "secondary"
        await session.press("escape")
        assert session.app.screen is session.app.main
