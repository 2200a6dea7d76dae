"""Where a store is and how one talks to it: reads see a snapshot, writes come one at a time.

SQLite writes take the lock at once (BEGIN IMMEDIATE); PostgreSQL writes take one advisory lock. So journal positions
are in commit order on both, and no write has to be tried again because of another.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from cs_workspace.domain.errors import StoreFault, StoreUnavailable, Usage, WorkspaceError
from cs_workspace.domain.query.folding import fold
from cs_workspace.store.stopper import stoppable

__all__ = ["Connection", "Store"]

T = TypeVar("T")
BUSY_MS = 2000
WRITE_DEADLINE = 10.0  # seconds a write waits for others before it gives up
WRITERS_LOCK = 0x63737731  # any constant of our own; PostgreSQL locks by number
APPLICATION_ID = 0x63737773  # marks a SQLite file as ours
_WAL_LIMIT = 16 << 20  # bytes of write-ahead log after which it is folded into the file
_PRAGMAS = (
    f"busy_timeout={BUSY_MS}",
    "synchronous=FULL",
    "foreign_keys=ON",
    "wal_autocheckpoint=0",  # SQLite before 3.51.3 may lose frames when it does it by itself: see checkpoint()
    f"journal_size_limit={_WAL_LIMIT}",  # a log that once was large is cut, or each write would fold it again
    "cache_size=-16000",
    "temp_store=MEMORY",
)


def parse_url(text: str) -> URL:
    """A store's address: a PostgreSQL URL, a SQLite URL or a file name. Raises Usage."""
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser().absolute()))
    try:
        url = make_url(text)
    except (SQLAlchemyError, ValueError) as error:
        raise Usage(
            f"{text.rsplit('@', maxsplit=1)[-1]!r} is not the address of a store.", "Give a file or postgresql://…"
        ) from error
    name = url.get_backend_name()
    if name == "sqlite" and url.database:
        return url.set(database=str(Path(url.database).expanduser().absolute()))
    if name == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise Usage(f"A store is SQLite or PostgreSQL, not {name}.", "Give a file or postgresql://…")


class Store:
    """One store, open. Several threads may use it; each call borrows a connection."""

    def __init__(self, address: str | URL, *, read_only: bool = False, pool_size: int = 4) -> None:
        self.url = address if isinstance(address, URL) else parse_url(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.is_closed_to_us = self.is_sqlite and _is_closed(Path(self.url.database or ""))
        self.read_only = read_only or self.is_closed_to_us
        self.engine = self._sqlite(pool_size) if self.is_sqlite else self._postgresql(pool_size)
        self._closed = False
        event.listen(self.engine, "checkin", self._given_back)

    @property
    def path(self) -> Path | None:
        """The file of a SQLite store."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @property
    def label(self) -> str:
        """How the status line names it; never with a password."""
        return f"sqlite {self.path.name}" if self.path else f"postgresql {self.url.host or 'local'}/{self.url.database}"

    def is_read_only(self) -> StoreFault:
        """Why nothing can be changed."""
        if self.is_closed_to_us:
            return StoreFault(
                f"{self.label} may only be read: its file or folder is closed to you.", "Check its permissions."
            )
        return StoreFault(f"{self.label} is open for reading only.", "Start without --read-only to change it.")

    def _sqlite(self, pool_size: int) -> Engine:
        path = self.path
        assert path is not None
        mode = "ro" if self.read_only else "rw"  # rw: a missing file is an error, never a fresh empty store
        if self.is_closed_to_us and not path.with_name(f"{path.name}-wal").exists():
            mode += "&immutable=1"  # nobody can write beside it, and SQLite could not make the files it shares

        def connect() -> sqlite3.Connection:
            uri = f"{path.as_uri()}?mode={mode}"
            connection = sqlite3.connect(uri, uri=True, timeout=BUSY_MS / 1000, check_same_thread=False)
            connection.isolation_level = None
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.create_function("csw_fold", 1, lambda s: None if s is None else fold(str(s)), deterministic=True)
            return connection

        engine = create_engine(
            "sqlite://", creator=connect, poolclass=QueuePool, pool_size=pool_size, max_overflow=4, hide_parameters=True
        )

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

        return engine

    def _postgresql(self, pool_size: int) -> Engine:
        wait = int(WRITE_DEADLINE * 1000)
        options = f"-c statement_timeout=0 -c lock_timeout={wait} -c timezone=UTC -c jit=off"
        if self.read_only:
            options += " -c default_transaction_read_only=on"
        return create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=4,
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args={"connect_timeout": 5, "options": options, "keepalives": 1, "keepalives_idle": 30},
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot of the store. Raises StoreUnavailable."""
        try:
            with self.engine.connect() as connection:
                if not self.is_sqlite:
                    connection.execution_options(isolation_level="REPEATABLE READ")
                with stoppable(connection.connection.driver_connection), connection.begin():
                    yield connection
        except SQLAlchemyError as error:
            raise explain(error, self.label) from error
        except sqlite3.Error as error:
            raise explain_driver(error, self.label) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one write transaction of the moment: committed when the block ends, rolled back when it raises.

        Waits for other writers up to `WRITE_DEADLINE` seconds. Raises StoreUnavailable.
        """
        if self.read_only:
            raise self.is_read_only()
        try:
            with self._begin_write() as connection:
                yield connection
            self._fold_log()
        except SQLAlchemyError as error:
            raise explain(error, self.label) from error
        except sqlite3.Error as error:
            raise explain_driver(error, self.label) from error

    @contextmanager
    def _begin_write(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            _patiently(connection.begin)
            try:
                if not self.is_sqlite:
                    connection.execute(select(func.pg_advisory_xact_lock(WRITERS_LOCK)))
                yield connection
            except BaseException:
                connection.rollback()
                raise
            if not self.is_sqlite:
                connection.exec_driver_sql("NOTIFY cs_workspace")
            connection.commit()

    def _fold_log(self) -> None:
        path = self.path
        if path is None:
            return
        log = path.with_name(path.name + "-wal")
        try:
            large = log.stat().st_size > _WAL_LIMIT
        except OSError:
            return
        if large:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Fold the write-ahead log into a SQLite file while no writer can run.

        The lock is held on a connection that writes nothing, so the passive checkpoint on the second one cannot meet
        a writer that restarts the log: the fault of SQLite 3.7.0 to 3.51.2.
        """
        if not self.is_sqlite or self.read_only:
            return
        with self.engine.connect() as guard, self.engine.connect() as worker:
            lock = guard.connection.driver_connection
            other = worker.connection.driver_connection
            assert lock is not None
            assert other is not None
            try:
                lock.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return  # somebody writes; the next one folds
            try:
                other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            finally:
                lock.execute("ROLLBACK")

    def close(self) -> None:
        """Close all connections: those at rest now, those that still read as soon as they are given back."""
        self._closed = True
        self.engine.dispose()

    def _given_back(self, _connection: Any, entry: ConnectionPoolEntry) -> None:
        if self._closed:
            entry.invalidate()


def _patiently(begin: Callable[[], Any]) -> None:
    """Begin a write transaction, waiting for other writers with growing pauses."""
    deadline = time.monotonic() + WRITE_DEADLINE
    pause = 0.02
    while True:
        try:
            begin()
        except DBAPIError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
            if code not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or time.monotonic() > deadline:
                raise
            time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads writers, guards nothing
            pause = min(pause * 2, 0.5)
        else:
            return


_BUSY = (StoreUnavailable, "is busy: another program is writing to it.", "Try again in a moment.")
_FULL = (StoreFault, "cannot grow: the disk is full. Nothing was saved.", "Free some space and try again.")
_NO_TABLES = (Usage, "is not a store: it has no tables of ours.", "Make one with `cs-workspace init`.")
_READ_ONLY = (StoreFault, "may only be read. Nothing was saved.", "Check its permissions.")
_STOPPED = (StoreUnavailable, "was told to stop reading.", "Try again.")
_SQLITE_REASONS: dict[int, tuple[type[WorkspaceError], str, str]] = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_INTERRUPT: _STOPPED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: (
        StoreFault,
        "cannot be read or written: the disk reports a fault. Nothing was saved.",
        "Check the disk.",
    ),
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: (Usage, "cannot be opened.", "Check the path, or make a store with `cs-workspace init`."),
    sqlite3.SQLITE_NOTADB: (StoreFault, "is not a store: the file is something else.", "Name another file with --db."),
    sqlite3.SQLITE_CORRUPT: (StoreFault, "is damaged.", "Restore a backup with `cs-workspace restore`."),
    sqlite3.SQLITE_PERM: (StoreFault, "may not be opened by you.", "Check the file's permissions."),
}
_POSTGRESQL_REASONS: dict[str, tuple[type[WorkspaceError], str, str]] = {
    "53100": _FULL,
    "25006": _READ_ONLY,
    "55P03": _BUSY,
    "40001": _BUSY,
    "57014": _STOPPED,
    "28P01": (Usage, "refused the password.", "Check the URL or your .pgpass."),
    "3D000": (Usage, "does not exist on the server.", "Create the database, then run `cs-workspace init`."),
    "42P01": _NO_TABLES,
    "42501": (StoreFault, "does not let you do this.", "Ask whoever runs the server for the right."),
}
_UNREACHABLE = (StoreUnavailable, "cannot be reached.", "Check that the server runs, then try again.")


def explain_driver(error: BaseException, label: str) -> WorkspaceError:
    """One sentence for what a database driver raised; a bug is raised again."""
    found = reason_of(error, label)
    if found is None:
        raise error
    return found


def reason_of(error: BaseException, label: str) -> WorkspaceError | None:
    """One sentence for what a database driver raised; none for a bug."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        missing = code == sqlite3.SQLITE_ERROR and "no such table" in str(error)
        reason = _NO_TABLES if missing else _SQLITE_REASONS.get(code)
    else:
        state = getattr(error, "sqlstate", None)
        reason = _POSTGRESQL_REASONS.get(state or "")
        if reason is None and (state is None or state.startswith(("08", "57P"))):
            reason = _UNREACHABLE
    if reason is None:
        return None
    kind, what, hint = reason
    return kind(f"{label} {what}", hint)


def explain(error: SQLAlchemyError, label: str) -> WorkspaceError:
    """One sentence for what SQLAlchemy raised; what is a bug is raised again."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        found = reason_of(error.orig, label)
        if found is not None:
            return found
    raise error


def _is_closed(path: Path) -> bool:
    """Whether a file is there and this user can write neither it nor beside it."""
    return path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def create_sqlite_file(path: Path) -> None:
    """Make an empty SQLite file only its owner may read, in WAL mode. Raises Usage when it exists.

    It is made under another name, so that nobody ever sees it unfinished.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        making.unlink(missing_ok=True)
        os.close(os.open(making, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        connection = sqlite3.connect(making)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        finally:
            connection.close()
        _put_in_place(making, path)
    except OSError as error:
        raise StoreFault(f"{path} cannot be made: {error.strerror}.", "Choose another place with --db.") from error
    except sqlite3.Error as error:
        raise explain_driver(error, f"sqlite {path.name}") from error
    finally:
        with suppress(OSError):
            making.unlink(missing_ok=True)


def _put_in_place(made: Path, path: Path) -> None:
    try:
        os.link(made, path)  # unlike a renaming it fails where there is a file already
    except FileExistsError:
        raise Usage(f"{path} exists already.", "Choose another file with --db.") from None
    except OSError:  # a file system without links, such as a memory stick's
        if path.exists():
            raise Usage(f"{path} exists already.", "Choose another file with --db.") from None
        made.rename(path)
