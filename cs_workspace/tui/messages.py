"""What screens, threads and the frame tell each other: frozen values, ids instead of widgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from textual.message import Message

from cs_workspace.domain.errors import WorkspaceError

if TYPE_CHECKING:
    from cs_workspace.tui.page import Page
    from cs_workspace.worker.runner import WorkerState
    from cs_workspace.workspace.calculation import Standpoint


class Touched(Message):
    """The store has changed, or a slice began or ended; whoever shows something of it loads again."""

    def __init__(self, standpoint: Standpoint) -> None:
        super().__init__()
        self.standpoint = standpoint


class Noticed(Message):
    """Somebody was told something of a milestone, or has read it; nothing else has changed."""


class WorkerTold(Message):
    """The worker of this session says how it is."""

    def __init__(self, state: WorkerState) -> None:
        super().__init__()
        self.state = state


class WatchFailed(Message):
    """The store cannot be watched at the moment."""

    def __init__(self, error: WorkspaceError) -> None:
        super().__init__()
        self.error = error


class Say(Message):
    """A sentence for the bottom line, until the next key."""

    def __init__(self, text: str, tone: str = "") -> None:
        super().__init__()
        self.text = text
        self.tone = tone


class Hints(Message):
    """Which keys work in a panel that has just opened, for the bottom line."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self.keys = keys


class Walk(Protocol):
    """A list one can go through from inside a record (LST-6)."""

    async def neighbour(self, id: int, step: int) -> int | None:
        """The record before (-1) or after (1) this one in the list, and the list's cursor on it; None at the end."""

    def place(self, id: int) -> str:
        """Where the record is in the list, such as `3 of 128`; empty where that is not known."""


class OpenRecord(Message):
    """Show a record's page above the page that is shown; `walk` is the list it was opened from."""

    def __init__(self, object: str, id: int, walk: Walk | None = None) -> None:
        super().__init__()
        self.object = object
        self.id = id
        self.walk = walk


class OpenPage(Message):
    """Show a page above the one that asks; closing it comes back here."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page


class ClosePage(Message):
    """Leave the page that asks for the one below it."""
