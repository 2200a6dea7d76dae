"""Every screen and state as it looks, at both sizes."""

from __future__ import annotations

import pytest
import pytest_textual_snapshot

from tests.tui.desk import desk

SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((120, 40), id="120x40")]

GOALS = [
    ("list", []),
    ("cursor", ["j", "j"]),
    ("sorted", ["s", "s", "s", "s", "s", "S"]),
    ("typing", ["slash", *"status", "colon"]),
    ("filtered", [*"miss", "enter"]),
    ("mistake", ["slash", "space", *"statis", "colon", "x"]),
    ("nothing_matches", ["escape", *"nothing", "enter"]),
    ("preview", ["escape", "g", "enter"]),
    ("why", ["w"]),
    ("help", ["escape", "question_mark"]),
    ("help_narrowed", [*"half"]),
    ("palette", ["escape", "colon"]),
    ("palette_company", [*"aas"]),
]
CUSTOMERS = [
    ("list", ["2"]),
    ("end", ["G"]),
    ("preview", ["g", "enter"]),
    ("filtered", ["escape", "slash", "ctrl+u", *"owner", "colon", *"lee", "enter"]),
]


class Album:
    """Snapshots of one session by name; all that differ are reported."""

    def __init__(self, snapshot) -> None:
        self.snapshot = snapshot.use_extension(pytest_textual_snapshot.SVGImageExtension)
        self.differ: list[str] = []

    def take(self, session, name: str) -> None:
        if self.snapshot(name=name) != session.app.export_screenshot(simplify=True):
            self.differ.append(name)


@pytest.fixture
def album(snapshot):
    album = Album(snapshot)
    yield album
    assert not album.differ


@pytest.mark.parametrize("size", SIZES)
async def test_goals(album, demo, size):
    async with desk(demo, size=size) as session:
        for name, keys in GOALS:
            await session.press(*keys)
            album.take(session, name)


@pytest.mark.parametrize("size", SIZES)
async def test_customers(album, demo, size):
    async with desk(demo, size=size) as session:
        for name, keys in CUSTOMERS:
            await session.press(*keys)
            album.take(session, name)


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_being_built(album, demo, size):
    async with desk(demo, size=size) as session:
        for number, name in enumerate(("summary", "", "services", "revenue", "actions", "schedule", "feed"), 1):
            if name:
                await session.press(str(number))
                album.take(session, name)


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_yet(album, empty, size):
    async with desk(empty, size=size) as session:
        album.take(session, "goals")
        await session.press("2")
        album.take(session, "customers")


@pytest.mark.parametrize("size", SIZES)
async def test_no_store(album, tmp_path, monkeypatch, size):
    monkeypatch.chdir(tmp_path)
    async with desk(tmp_path / "gone.db", size=size) as session:
        album.take(session, "failed")


async def test_too_small(album, demo):
    async with desk(demo, size=(59, 17)) as session:
        album.take(session, "notice")
        await session.pilot.resize_terminal(60, 18)
        await session.settle()
        album.take(session, "smallest")


async def test_without_colour(album, demo, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with desk(demo, size=(80, 24)) as session:
        album.take(session, "goals")
