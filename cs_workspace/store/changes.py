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
        self._version = 0  # of SQLite: counts the commits of others

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

    def ring(self) -> None:
        """Let `wait` return at once, this time."""
        self._rung.set()

    def stop(self) -> None:
        """Let `wait` return at once, now and later."""
        self._stopped.set()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long for a commit by somebody else, `ring` or `stop`; False when nothing rang.

        The first wait, and the first after `reset`, rings at once: nobody listened before.
        """
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
        if self._connection is None:
            self._listen()
            return True
        driver = self._connection.dbapi_connection  # a detached connection has no driver_connection any more
        if not self._store.is_sqlite:
            return any(True for _ in driver.notifies(timeout=seconds, stop_after=1))
        before, self._version = self._version, _version_of(driver)
        if self._version != before:
            return True
        self._stopped.wait(seconds)
        return False

    def _listen(self) -> None:
        # Outside any transaction and of no pool: inside one, data_version stands still.
        connection: Any = self._store.engine.raw_connection()
        connection.detach()
        try:
            if self._store.is_sqlite:
                self._version = _version_of(connection.dbapi_connection)
            else:
                connection.dbapi_connection.autocommit = True
                connection.dbapi_connection.execute("LISTEN cs_workspace")
        except BaseException:
            connection.close()
            raise
        self._connection = connection


def _version_of(driver: Any) -> int:
    version: int = driver.execute("PRAGMA data_version").fetchone()[0]
    return version
