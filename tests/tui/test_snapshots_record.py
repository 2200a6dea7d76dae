"""A record's page and its card beside a list as they look, at both sizes."""

from __future__ import annotations

import pytest

from cs_workspace.tui.messages import OpenRecord
from cs_workspace.workspace import records
from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]

RECORDS = [("ticket", "tickets", 1), ("deal", "deals", 5), ("gone", "deals", 99_999)]
COMPANY = [
    ("company", []),
    ("activity", ["tab"]),
    ("related", ["tab"]),
    ("history", ["tab"]),
    ("as_of_asked", ["tab", "T", *"3 nov 2025"]),
    ("as_of", ["enter"]),
    ("layout", ["escape", "c"]),
]


async def go_to(session, object, id):
    session.app.post_message(OpenRecord(object, id))
    await session.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_records(album, demo, size):
    async with desk(demo, size=size) as session:
        for name, *which in RECORDS:
            await go_to(session, *which)
            album.take(session, name)
        await go_to(session, "companies", 10)
        for name, keys in COMPANY:
            await session.press(*("space" if key == " " else key for key in keys))
            album.take(session, name)
        await session.press("escape")
        new = await session.run_elsewhere(records.add, "contacts", {"last_name": "Ødegård"})
        await go_to(session, "contacts", new)
        album.take(session, "nothing_yet")
        await session.run_elsewhere(records.delete, "contacts", [str(new)])
        await session.press("r")
        album.take(session, "deleted")


@pytest.mark.parametrize("size", SIZES)
async def test_card(album, demo, size):
    """CUS-9: the panel of a customer."""
    async with desk(demo, size=size) as session:
        await session.press("2", "j", "j", "enter", "enter", *["j"] * 4)
        album.take(session, "card")
