"""What all pages have in common: they paint at once, load in the background, and say what failed.

A tab is a stack of pages: its list at the bottom, a record or a form above it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from inspect import CORO_CREATED, getcoroutinestate
from typing import Any

from textual.containers import Horizontal
from textual.widget import Widget

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.tui import faults
from cs_workspace.tui.messages import Say
from cs_workspace.tui.session import Host, Session


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed at a place, such as `goal grid 12`; None means there is nothing left to keep."""

    place: str
    content: dict[str, Any] | None


LastWords = Callable[[Session], None]


def keep(draft: Draft, session: Session) -> None:
    """Write down what was typed, or that nothing is left of it."""
    from cs_workspace.workspace import drafts

    if not session.read_only:
        session.run(drafts.keep, draft.place, draft.content)


class Page(Horizontal):
    """What stands between the two lines of the frame. It lives on while another is shown, and catches up afterwards."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.host = host
        self.stale = True  # what it shows may have changed since it was loaded
        self._lanes: dict[str, tuple[Coroutine[Any, Any, None], ...]] = {}  # what was begun last in each

    @property
    def first_focus(self) -> Widget | None:
        """What takes the keys when the page is shown for the first time."""
        return None

    def ready(self) -> None:
        """The session is open, or opened long ago: load."""
        if self.host.session is not None and self.stale:
            self.stale = False
            self.load()

    def touched(self, *, shown: bool) -> None:
        """The store has changed."""
        self.stale = True
        if shown:
            self.ready()

    def load(self) -> None:
        """Read what is shown."""

    def failed(self, error: WorkspaceError) -> None:
        """Say why there is nothing to show."""

    @property
    def is_changing(self) -> bool:
        """Whether what has the keys is about to be another thing; what is typed waits for it."""
        return False

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step back."""
        return False

    def back(self) -> None:
        """Go one step back."""

    def draft(self) -> Draft | None:
        """What was typed here and is not in the store; it is kept when the program ends, however it ends (UND-5)."""
        return None

    def last_words(self) -> LastWords | None:
        """What to write when the page closes or the program ends, however it ends; it runs off the screen's thread."""
        draft = self.draft()
        return None if draft is None else partial(keep, draft)

    async def catch_up(self, session: Session) -> None:
        """Without a worker in this session it is the page shown that calculates what is not calculated yet."""
        from cs_workspace.workspace import calculation

        if self.host.works or session.read_only:
            return
        if await self.host.loader.run(partial(session.run, calculation.is_behind)):
            await self.host.loader.run(partial(session.run, calculation.catch_up))

    def work(self, lane: str, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do something in the background; what is still under way in the same lane is given up."""
        guarded = self._guarded(coroutine)
        self.run_worker(guarded, group=lane, exclusive=True, exit_on_error=False)
        for given_up in self._lanes.get(lane, ()):
            if getcoroutinestate(given_up) == CORO_CREATED:
                given_up.close()  # it never began, and Python would complain
        self._lanes[lane] = guarded, coroutine

    async def _guarded(self, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            await coroutine
        except WorkspaceError as error:
            self.failed(error)
        except Exception as error:  # noqa: BLE001 - a bug is logged and said; the session goes on
            self.failed(WorkspaceError(faults.record(error), "Press r to try again."))

    def doing(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do what a key asked for; a refusal is said in the bottom line and leaves the page alone."""
        self.work("doing", self._done(coroutine))

    async def _done(self, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            await coroutine
        except WorkspaceError as error:
            self.post_message(Say(str(error), "bad"))
