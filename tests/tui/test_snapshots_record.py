"""A record's page as it looks, at both sizes."""

from __future__ import annotations

import pytest

from cs_workspace.tui.messages import OpenRecord
from cs_workspace.workspace import records
from tests.tui.desk import desk
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]

RECORDS = [("ticket", "tickets", 1), ("deal", "deals", 5), ("contact", "contacts", 1), ("gone", "deals", 99_999)]


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
        for name in ("company", "related", "history"):
            album.take(session, name)
            await session.press("tab")
        await go_to(session, "contacts", await session.run_elsewhere(records.add, "contacts", {"last_name": "Ødegård"}))
        await session.press("tab")
        album.take(session, "nothing_yet")
