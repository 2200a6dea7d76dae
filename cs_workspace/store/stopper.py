"""Ending a read that nobody waits for any more, in the driver, from another thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from cs_workspace.domain.errors import StoreUnavailable

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
        self._stopped = True
        driver = self._driver
        if hasattr(driver, "interrupt"):
            self._interrupt()
        elif driver is not None:  # PostgreSQL is told over a connection of its own, which takes a moment
            threading.Thread(target=self._interrupt, name="stopper", daemon=True).start()

    def _interrupt(self) -> None:
        # Under the lock, so that it cannot meet the next user of the connection.
        with self._lock:
            if hasattr(self._driver, "interrupt"):
                self._driver.interrupt()
            elif self._driver is not None:
                self._driver.cancel_safe(timeout=5.0)

    @contextmanager
    def _hold(self, driver: Any) -> Iterator[None]:
        with self._lock:
            self._driver = driver
        try:
            if self._stopped:
                raise StoreUnavailable("The read was stopped before it began.", "Try again.")
            yield
        finally:
            with self._lock:
                self._driver = None


@contextmanager
def stoppable(driver: Any) -> Iterator[None]:
    """What runs on a driver's connection within the block ends when the stopper of this thread says so."""
    stopper = _CURRENT.get()
    if stopper is None:
        yield
    else:
        with stopper._hold(driver):  # noqa: SLF001 - the two are one mechanism
            yield
