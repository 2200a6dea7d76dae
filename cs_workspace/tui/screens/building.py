"""The tabs that are not there yet: what is coming, and what works now."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui.page import Page
from cs_workspace.tui.session import Host
from cs_workspace.tui.text import lines, part

# Per tab: what it will show, and what the shell shows of it already.
COMING: dict[str, tuple[str, Sequence[str]]] = {
    "Summary": ("your day, the health of your customers, alerts and reports", ()),
    "Services": ("what is delivered to customers, as a list and as a board", ("cs-workspace list services",)),
    "Revenue": (
        "deals and subscriptions, as lists and as boards",
        ("cs-workspace list deals", "cs-workspace list subscriptions"),
    ),
    "Actions": ("tasks and what should be done next", ("cs-workspace list tasks",)),
    "Schedule": ("meetings and tasks in a calendar", ("cs-workspace list meetings",)),
    "Feed": ("what contacts did, newest first", ("cs-workspace list activities",)),
}


class Words(Static, can_focus=True):
    """Something to rest on, so that keys have a place."""


class BuildingScreen(Page):
    """A calm page."""

    def __init__(self, host: Host, name: str) -> None:
        super().__init__(host)
        self._title = name

    @property
    def first_focus(self) -> Widget | None:
        """The page."""
        return self.query_one(Words)

    def compose(self) -> ComposeResult:
        what, commands = COMING[self._title]
        rows = [
            (part(self._title, "strong"),),
            (),
            (part(f"This tab is being built. It will show {what}."),),
            (),
            *((part("From the shell, now:  ", "quiet"), part(command)) for command in commands),
            (
                part("In the workspace, now:  ", "quiet"),
                *(part("8"), part(" Goals  ", "quiet")),
                *(part("2"), part(" Customers", "quiet")),
            ),
        ]
        with Vertical():
            yield Words(lines(rows), markup=False)
