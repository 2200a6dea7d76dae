"""What a look at the health of a store asks the database."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, exists, func, select

from cs_workspace.store.account import load_schema
from cs_workspace.store.engine import Store
from cs_workspace.store.journal import Kind
from cs_workspace.store.tables.registry import table_of
from cs_workspace.store.tables.system import changes, entries

# SQLite 3.7.0 to 3.51.2 may lose frames when a checkpoint meets a writer; these two carry the correction too.
_FIRST_AFFECTED, _FIRST_SOUND = (3, 7, 0), (3, 51, 3)
_CORRECTED = {(3, 50): 7, (3, 44): 6}


def database_version(connection: Connection) -> str:
    """What runs the store, in words."""
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    version = connection.dialect.server_version_info or ()
    return f"PostgreSQL {'.'.join(str(part) for part in version)}"


def is_affected(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the fault of the write-ahead log's reset."""
    corrected = _CORRECTED.get((version[0], version[1]))
    if corrected is not None and version[2] >= corrected:
        return False
    return _FIRST_AFFECTED <= version < _FIRST_SOUND


def sqlite_is_affected() -> bool:
    """Whether the SQLite of this Python has the fault."""
    return is_affected(sqlite3.sqlite_version_info)


def checkpoints_are_guarded(store: Store) -> bool:
    """Whether this program's connections never checkpoint on their own (`Store.checkpoint`)."""
    with store.reading() as connection:
        return connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0


def journal_faults(connection: Connection) -> list[str]:
    """Where journal and records disagree; empty when all is well."""
    c = changes.c
    found: list[str] = []
    lost = select(func.count()).select_from(changes).where(~exists(select(entries.c.id).where(entries.c.id == c.entry)))
    if count := connection.scalar(lost) or 0:
        found.append(f"{count:,} changes belong to no entry")
    for kind in load_schema(connection).objects.values():
        table = table_of(kind)
        made = exists(
            select(c.id)
            .where(c.object == kind.code, c.record == table.c.id, c.kind == str(Kind.CREATED))
            .correlate(table)
        )
        query = select(func.count()).select_from(table).where(~made)
        if kind.custom:
            query = query.where(table.c.object == kind.code)
        if count := connection.scalar(query) or 0:
            found.append(f"{count:,} {kind.name} are not in the journal")
    return found


def counts(connection: Connection) -> dict[str, int]:
    """How many living records each object has."""
    found: dict[str, int] = {}
    for kind in load_schema(connection).objects.values():
        table = table_of(kind)
        query = select(func.count()).select_from(table).where(table.c.deleted_at.is_(None))
        if kind.custom:
            query = query.where(table.c.object == kind.code)
        found[kind.name] = connection.scalar(query) or 0
    return found
