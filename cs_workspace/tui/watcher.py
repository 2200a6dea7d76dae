"""The thread that notices changes of the store, whoever made them, and the moments at which slices begin and end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.tui.messages import Noticed, Touched, WatchFailed

if TYPE_CHECKING:
    from cs_workspace.tui.session import Session
    from cs_workspace.workspace.calculation import Standpoint

LONGEST_WAIT = 30.0  # seconds after which it looks although nothing rang


class Watcher:
    """Posts `Touched` when the journal or the goals have moved on, `Noticed` when notices alone have.

    `start` once, `stop` from any thread.
    """

    def __init__(self, session: Session, post: Callable[[Message], object]) -> None:
        from cs_workspace.store.changes import Doorbell

        self._session = session
        self._post = post
        self._doorbell = Doorbell(session.store)
        self._stopping = threading.Event()
        self._seen: tuple[int, int] | None = None
        self._noticed: int | None = None
        self._border: int | None = None

    def start(self) -> None:
        """Begin, on a thread that ends with the process."""
        threading.Thread(target=self._watch, name="watcher", daemon=True).start()

    def stop(self) -> None:
        """End soon."""
        self._stopping.set()
        self._doorbell.stop()

    def look(self) -> None:
        """Compare the store with what was seen last, and tell about it. Raises WorkspaceError."""
        from cs_workspace.workspace.calculation import standpoint

        found = self._session.run(standpoint)
        crossed = self._border is not None and self._session.clock.now() >= self._border
        self._border = found.next_border
        if (found.position, found.run) != self._seen or crossed:
            self._seen = (found.position, found.run)
            self._post(Touched(found))
        elif found.noticed != self._noticed:
            self._post(Noticed())
        self._noticed = found.noticed

    def _pause(self) -> float:
        if self._border is None:
            return LONGEST_WAIT
        return min(LONGEST_WAIT, max(0.25, (self._border - self._session.clock.now()) / 1000))

    def _watch(self) -> None:
        with self._doorbell:
            while not self._stopping.is_set():
                try:
                    # The first wait begins to listen; only then is a look sure to miss nothing.
                    self._doorbell.wait(0 if self._seen is None else self._pause())
                    if not self._stopping.is_set():
                        self.look()
                except WorkspaceError as error:
                    self._post(WatchFailed(error))
                    self._seen = None
                    self._stopping.wait(2.0)
                except Exception as error:  # noqa: BLE001 - the driver's own words when the server went away
                    self._post(WatchFailed(WorkspaceError(f"The store cannot be watched: {type(error).__name__}.")))
                    self._seen = None
                    self._doorbell.reset()
                    self._stopping.wait(2.0)


def same(one: Standpoint | None, other: Standpoint) -> bool:
    """Whether two standpoints show the same data."""
    return one is not None and (one.position, one.run) == (other.position, other.run)
