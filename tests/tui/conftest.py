"""Stores that screens are tried on, made once per run and copied per test."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual import _wait
from textual._compositor import Compositor
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from cs_workspace.demo.generate import make_demo
from cs_workspace.domain.clock import FixedClock
from cs_workspace.store.engine import Store
from cs_workspace.workspace.setup import NewAccount, make_store
from tests.tui.desk import NOW

# What waits for somebody who types need not wait for a pilot, who is waited for after each key.
PAUSES = (
    ("list_tab", "TYPING"),
    ("list_tab", "SETTLE"),
    ("screens.what_if", "TYPING"),
    ("screens.wizard.page", "TYPING"),
    ("palette", "PAUSE"),
    ("panels.bin", "PAUSE"),
    ("panels.merge", "PAUSE"),
    ("widgets.view_list", "_REST"),
)


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory) -> Path:
    """A small demo store; the workers of pytest-xdist share it."""
    folder: Path = tmp_path_factory.getbasetemp()
    if folder.name.startswith("popen-"):
        folder = folder.parent
    path = folder / "demo-template.db"
    with (folder / "demo-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            with closing(Store(str(path))) as store:
                make_demo(store, size="small", clock=FixedClock(NOW))
    return path


@pytest.fixture
def demo(demo_template, tmp_path) -> Path:
    path: Path = tmp_path / "northwind.db"
    shutil.copy(demo_template, path)
    return path


@pytest.fixture
def empty(tmp_path) -> Path:
    """A store with nothing in it but its first user."""
    path: Path = tmp_path / "empty.db"
    with closing(Store(str(path))) as store:
        make_store(store, NewAccount("Empty", "dana", time_zone="Europe/Rome"), FixedClock(NOW))
    return path


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch) -> None:
    """Textual's pilot looks for a quiet moment after each key; what takes longer `Desk.settle` waits for."""
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 1 / 200)
    for module, pause in PAUSES:
        monkeypatch.setattr(f"cs_workspace.tui.{module}.{pause}", 0.0)


@pytest.fixture(autouse=True)
def _painted_when_looked_at(monkeypatch) -> None:
    """Nobody sees what is painted between two keys; a screenshot and `Desk.lines` paint the whole screen."""
    paint = Compositor.render_update

    def paint_if_whole(compositor: Compositor, full: bool = False, *stack: Any, **options: Any) -> Any:
        if full:
            return paint(compositor, full, *stack, **options)
        compositor._dirty_regions.clear()
        return None

    monkeypatch.setattr(Compositor, "render_update", paint_if_whole)


@pytest.fixture(scope="session", autouse=True)
def _style_sheets_parsed_once() -> Iterator[None]:
    """Every program parses the same style sheets, which is a large part of what it does to begin."""
    parse, parsed = Stylesheet._parse_rules, {}

    def parse_once(sheet: Stylesheet, css: str, **options: Any) -> list[RuleSet]:
        key = (css, *options.values(), *sheet._variables.items())
        if key not in parsed:
            parsed[key] = parse(sheet, css, **options)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture(autouse=True)
def _no_faults_elsewhere(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("cs_workspace.tui.faults.log_folder", lambda: tmp_path / "log")
