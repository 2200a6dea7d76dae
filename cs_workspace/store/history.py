"""What happened to a record, newest first (REC-1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from cs_workspace.store.journal import batches
from cs_workspace.store.merges import formers
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
    record: int  # another one than was asked for where it is of a record that was merged into it


def history(
    connection: Connection,
    object_code: int,
    record: int,
    prop: str | None,
    limit: int | None,
    before: int | None = None,
    *,
    until: int | None = None,
    since: int | None = None,
    whole: bool = False,
) -> list[ChangeRow]:
    """Changes of a record, or of one of its properties, newest first; older ones than the change `before`.

    `until` is an instant: what was changed later is left out; of `since`, what was changed until then. The `whole`
    history is also that of the records that were merged into this one (REC-4).
    """
    c, e = changes.c, entries.c
    records = [record, *(formers(connection, object_code, record) if whole else ())]
    query: Select[Any] = (
        select(c.id, c.entry, e.at, e.user, e.source, e.label, c.kind, c.property, c.old, c.new, c.record)
        .join(entries, e.id == c.entry)
        .where(c.object == object_code, c.record.in_(records))
        .order_by(c.id.desc())
        .limit(limit)
    )
    if prop is not None:
        query = query.where(c.property == prop)
    if before is not None:
        query = query.where(c.id < before)
    if until is not None:
        query = query.where(e.at <= until)
    if since is not None:
        query = query.where(e.at > since)
    return [ChangeRow(*row) for row in connection.execute(query)]


def last_changed(connection: Connection, object_code: int, record: int) -> int:
    """When anything of a record was changed last; 0 where it never was."""
    c, e = changes.c, entries.c
    newest = select(func.max(c.id)).where(c.object == object_code, c.record == record).scalar_subquery()
    return connection.scalar(select(e.at).join(changes, e.id == c.entry).where(c.id == newest)) or 0


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
