"""A session on a store, as a person at the keyboard meets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from textual._context import visible_screen_stack
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Input
from textual.worker import WorkerError

from cs_workspace.domain.clock import FixedClock
from cs_workspace.store.engine import Store
from cs_workspace.tui.app import WorkspaceApp
from cs_workspace.tui.screens.customers import CustomersScreen
from cs_workspace.tui.screens.goals import GoalsScreen
from cs_workspace.tui.widgets.record_table import RecordTable
from cs_workspace.workspace.door import Operation, Workspace

NOW = 1_795_336_320_000  # 2026-11-22 09:32 in Rome


class Desk:
    """What one sees and does."""

    def __init__(self, app: WorkspaceApp, pilot: Pilot[int], path: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.path = path

    async def settle(self) -> None:
        """Until nothing is under way."""
        while True:
            await self.pilot.pause()
            busy = [worker for worker in self.app.workers if not worker.is_finished]
            if not busy:
                await self.pilot.pause()
                if all(worker.is_finished for worker in self.app.workers):
                    return
            for worker in busy:
                with suppress(WorkerError):
                    await worker.wait()

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def write(self, text: str) -> None:
        names = {" ": "space", ":": "colon", "/": "slash", "<": "less_than_sign", ">": "greater_than_sign"}
        for character in text:
            await self.pilot.press(names.get(character, character))
        await self.settle()

    async def paste(self, text: str) -> None:
        """Put a whole text into the line that has the keys."""
        line = self.app.focused
        assert isinstance(line, Input)
        line.value = text
        line.cursor_position = len(text)
        await self.settle()

    @property
    def open(self) -> Any:
        """The panel that is open, or the frame."""
        return self.app.screen

    @property
    def session(self) -> Any:
        """The open store."""
        return self.app.session

    @property
    def tab(self) -> Any:
        return self.app.main.page

    @property
    def goals(self) -> Any:
        assert isinstance(self.tab, GoalsScreen)
        return self.tab

    @property
    def customers(self) -> Any:
        assert isinstance(self.tab, CustomersScreen)
        return self.tab

    @property
    def table(self) -> RecordTable[Any]:
        focused = self.app.focused
        assert isinstance(focused, RecordTable)
        return focused

    @property
    def lines(self) -> list[str]:
        """The screen as text, line by line."""
        screen = self.app.screen
        visible_screen_stack.set(self.app._background_screens)  # what shows through beside a panel
        strips = screen._compositor.render_strips(screen.size)
        return [strip.text for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def shown(self, widget: Any) -> list[str]:
        """A widget's part of the screen."""
        region: Region = widget.region
        return [line[region.x : region.right] for line in self.lines[region.y : region.bottom]]

    @property
    def said(self) -> str:
        return self.app.main.bottom.said

    def elsewhere(self, login: str = "dana") -> Workspace:
        """Another program on the same store."""
        return Workspace(Store(str(self.path)), FixedClock(NOW), login)

    async def run_elsewhere(self, operation: Operation[Any, Any], *args: Any, **kwargs: Any) -> Any:
        def run() -> Any:
            workspace = self.elsewhere()
            try:
                return workspace.run(operation, *args, **kwargs)
            finally:
                workspace.store.close()

        return await asyncio.to_thread(run)


@asynccontextmanager
async def desk(
    path: Path,
    *,
    size: tuple[int, int] = (120, 40),
    login: str = "dana",
    read_only: bool = False,
    toasts: bool = False,
) -> AsyncIterator[Desk]:
    """A session whose store is open and whose first tab is read; nothing of it runs by itself."""
    app = WorkspaceApp(str(path), login=login, now=NOW, read_only=read_only, watch=False)
    try:
        async with app.run_test(size=size, notifications=toasts) as pilot:
            one = Desk(app, pilot, path)
            while app.session is None and "▲" not in app.main.bottom.state_text:
                await pilot.pause()
            await one.settle()
            yield one
    finally:
        app.finish()
