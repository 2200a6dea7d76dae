"""Notifications as they look, at both sizes."""

from __future__ import annotations

import pytest

from cs_workspace.workspace import notices
from tests.tui.desk import desk
from tests.tui.panels.test_notices import look, told
from tests.tui.test_snapshots import SIZES, album

__all__ = ["album"]

STEPS = [
    ("badge", ["1"]),
    ("list", ["N"]),
    ("one_read", ["j", "x"]),
    ("unread_only", ["v"]),
    ("all_read", ["asterisk"]),
    ("read", ["v"]),
]


@pytest.mark.parametrize("size", SIZES)
async def test_notifications(album, demo, size):
    async with desk(demo) as session:
        await session.run_elsewhere(notices.write)
    async with desk(demo, size=size, toasts=True) as session:
        for name, keys in STEPS:
            await session.press(*keys)
            album.take(session, name)
        await session.press("escape")
        await told(session)
        await look(session)
        album.take(session, "toast")


@pytest.mark.parametrize("size", SIZES)
async def test_none_yet(album, empty, size):
    async with desk(empty, size=size) as session:
        await session.press("1", "N")
        album.take(session, "none")
