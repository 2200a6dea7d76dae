"""The list machine as it looks, at both sizes."""

from __future__ import annotations

import pytest

from cs_workspace.tui import places
from cs_workspace.workspace import records
from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]

STATES = [
    ("views", ["2"]),
    ("marked", ["space", "space", "asterisk", "asterisk"]),
    ("columns", ["asterisk", "c", "down", "shift+down", "right"]),
    ("nothing_matches", ["escape", "slash", "end", *"zz", "enter"]),
]


@pytest.mark.parametrize("size", SIZES)
async def test_customers(album, demo, size, monkeypatch):
    async with desk(demo, size=size) as session:
        for name, keys in STATES:
            await session.press(*keys)
            album.take(session, name)
        # Another object, whose rows cannot be read.
        refused = type(records.page)("page", records.page.permission, False, "", False, _refused)
        monkeypatch.setattr(records, "page", refused)
        await session.app.main.open_page(places.record_list(session.app, "tickets"))
        await session.settle()
        album.take(session, "failed")


def _refused(*_, **__):
    from cs_workspace.domain.errors import WorkspaceError

    raise WorkspaceError("The store does not answer.", "Look whether its server is running.")
