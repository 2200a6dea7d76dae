"""Something long is under way: how far it has come; esc gives it up and nothing has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.tui.keys import some
from cs_workspace.tui.page import Page
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.text import lines, part

R = TypeVar("R")
BAR = 40


class Running(Drawer[None]):
    """Open as long as it takes."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.close")
    HINTS = ("esc stop",)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.given_up = False

    def inside(self) -> Iterable[Widget]:
        """One line and a bar."""
        yield Static(lines([(part(self._title, "strong"),)]), classes="heading", markup=False)

    def so_far(self, done: int, total: int) -> None:
        """Show how far it has come."""
        filled = BAR * done // total if total else BAR
        bar = (part("█" * filled, "accent"), part("░" * (BAR - filled), "quiet"), part(f"  {done:,} of {total:,}"))
        self.query_one(Static).update(lines([(part(self._title, "strong"),), bar]))

    def action_close(self) -> None:
        """Give it up; it closes when the work has stopped."""
        self.given_up = True


async def run(page: Page, title: str, work: Callable[[Callable[[int, int], None]], R]) -> R:
    """Do something long in the background, to which it is told how far it has come. Raises what the work raises."""
    drawer, loop = Running(title), asyncio.get_running_loop()

    def progress(done: int, total: int) -> None:
        if drawer.given_up:
            raise WorkspaceError("Stopped; nothing has changed.")
        loop.call_soon_threadsafe(_draw, drawer, done, total)

    await page.app.push_screen(drawer)
    try:
        return await page.host.loader.run(lambda: work(progress))
    finally:
        if drawer.is_attached:
            drawer.dismiss(None)


def _draw(drawer: Running, done: int, total: int) -> None:
    if drawer.is_mounted and drawer.is_attached:
        drawer.so_far(done, total)
