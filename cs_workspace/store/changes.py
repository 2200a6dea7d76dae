"""Noticing that somebody changed the store: a doorbell per database, then the journal's position.

SQLite answers `PRAGMA data_version` in microseconds on a connection of its own; PostgreSQL rings by NOTIFY.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, func, select

from cs_workspace.store.engine import Store
from cs_workspace.store.tables.system import changes

POLL = 0.25  # seconds between looks at a SQLite store


def position(connection: Connection) -> int:
    """The number of the newest change in the journal."""
    return connection.scalar(select(func.max(changes.c.id))) or 0


class Doorbell:
    """Waits for somebody else's commit; one thread uses it, any thread may call `stop`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stopped = threading.Event()
        self._rung = threading.Event()
        self._connection: Any = None
        self._version = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reset()

    def reset(self) -> None:
        """Let go of the connection, after a fault; the next `wait` makes another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._version = -1

    def ring(self) -> None:
        """Let `wait` return at once, this time."""
        self._rung.set()

    def stop(self) -> None:
        """Let `wait` return at once, now and later."""
        self._stopped.set()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long for a commit by somebody else, `ring` or `stop`; False when nothing rang."""
        left = seconds
        while not self._stopped.is_set():
            if self._rung.is_set():
                self._rung.clear()
                return True
            if self._committed(min(POLL, max(left, 0.0))):
                return True
            left -= POLL
            if left <= 0:
                return False
        return False

    def _committed(self, seconds: float) -> bool:
        driver = self._driver()
        if not self._store.is_sqlite:
            return any(True for _ in driver.notifies(timeout=seconds, stop_after=1))
        version = driver.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            first, self._version = self._version == -1, version
            if not first:
                return True
        self._stopped.wait(seconds)
        return False

    def _driver(self) -> Any:
        if self._connection is None:
            # Outside any transaction and of no pool: inside one, data_version stands still.
            self._connection = self._store.engine.raw_connection()
            self._connection.detach()
            if not self._store.is_sqlite:
                self._connection.driver_connection.autocommit = True
                self._connection.driver_connection.execute("LISTEN cs_workspace")
        return self._connection.driver_connection
