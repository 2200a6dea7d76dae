"""What happened to a record, newest first (REC-1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from cs_workspace.store.journal import batches
from cs_workspace.store.tables.system import changes, entries


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change with the entry it belongs to."""

    id: int
    entry: int
    at: int
    user: int | None
    source: str
    label: str
    kind: str
    property: str | None
    old: Any
    new: Any


def history(
    connection: Connection, object_code: int, record: int, prop: str | None, limit: int, before: int | None = None
) -> list[ChangeRow]:
    """Changes of a record, or of one of its properties, newest first; older ones than the change `before`."""
    c, e = changes.c, entries.c
    query: Select[Any] = (
        select(c.id, c.entry, e.at, e.user, e.source, e.label, c.kind, c.property, c.old, c.new)
        .join(entries, e.id == c.entry)
        .where(c.object == object_code, c.record == record)
        .order_by(c.id.desc())
        .limit(limit)
    )
    if prop is not None:
        query = query.where(c.property == prop)
    if before is not None:
        query = query.where(c.id < before)
    return [ChangeRow(*row) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Last:
    """Who changed something last, and when; nobody where it never was."""

    user: int | None
    at: int | None


def last_changes(connection: Connection, object_code: int, records: Collection[int], prop: str) -> dict[int, Last]:
    """The last change of one property of each of these records, by record."""
    c, e = changes.c, entries.c
    found: dict[int, Last] = {}
    for batch in batches(records):
        newest = select(func.max(c.id)).where(c.object == object_code, c.record.in_(batch), c.property == prop)
        query = select(c.record, e.user, e.at).join(entries, e.id == c.entry).where(c.id.in_(newest.group_by(c.record)))
        found.update((record, Last(user, at)) for record, user, at in connection.execute(query))
    return found
