"""Ending a read that nobody waits for any more, in the driver, from another thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from cs_workspace.domain.errors import StoreUnavailable

STEPS = 10_000  # of SQLite's machine between two questions whether to stop: some tens of microseconds

AGAIN = 0.05  # seconds between two interrupts of the same read

_CURRENT: ContextVar[Stopper | None] = ContextVar("stopper", default=None)


class Stopper:
    """Covers the reads of one piece of work; `stop` may be called from any thread and never waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._driver: Any = None
        self._stopped = False

    @contextmanager
    def cover(self) -> Iterator[None]:
        """Reads of this thread answer to this stopper within the block."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped

    def stop(self) -> None:
        """Interrupt the statement that runs, and let no other begin."""
        if not self._stopped:
            self._stopped = True
            threading.Thread(target=self._interrupt, name="stopper", daemon=True).start()

    def _interrupt(self) -> None:
        """Interrupt until the connection is given back: what is told between two statements is lost."""
        while True:
            # Under the lock, so that it cannot meet the next user of the connection.
            with self._lock:
                if self._driver is None:
                    return
                if hasattr(self._driver, "interrupt"):
                    self._driver.interrupt()
                else:
                    self._driver.cancel_safe(timeout=5.0)
            time.sleep(AGAIN)

    @contextmanager
    def _hold(self, driver: Any) -> Iterator[None]:
        # SQLite asks while it works, so that no moment to stop it can be missed.
        ask = getattr(driver, "set_progress_handler", None)
        with self._lock:
            self._driver = driver
        if ask is not None:
            ask(lambda: self._stopped, STEPS)
        try:
            if self._stopped:
                raise StoreUnavailable("The read was stopped before it began.", "Try again.")
            yield
        finally:
            with self._lock:
                self._driver = None
            if ask is not None:
                ask(None, STEPS)


@contextmanager
def stoppable(driver: Any) -> Iterator[None]:
    """What runs on a driver's connection within the block ends when the stopper of this thread says so."""
    stopper = _CURRENT.get()
    if stopper is None:
        yield
    else:
        with stopper._hold(driver):  # noqa: SLF001 - the two are one mechanism
            yield
