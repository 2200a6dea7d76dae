"""Which record stands for a former one, also when the bin was emptied: the journal knows (REC-4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, exists, literal_column, select

from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store.journal import Kind, batches
from cs_workspace.store.tables.registry import table_of
from cs_workspace.store.tables.system import changes

MERGED: ColumnElement[str] = literal_column("'merged'")  # Kind.MERGED, as the partial index has it


def _standing() -> ColumnElement[bool]:
    """A merge that nobody took back."""
    back = changes.alias("back")
    return ~exists(
        select(back.c.id).where(
            back.c.object == changes.c.object,
            back.c.record == changes.c.record,
            back.c.id > changes.c.id,
            back.c.kind == str(Kind.RESTORED),
        )
    )


def merged_into(connection: Connection, object_code: int, records: Iterable[int]) -> dict[int, int]:
    """For each of the records that was merged, the one it was merged into."""
    c = changes.c
    found: dict[int, int] = {}
    for batch in batches(dict.fromkeys(records)):
        query = select(c.record, c.new).where(
            c.kind == MERGED, c.object == object_code, c.record.in_(batch), _standing()
        )
        found.update(connection.execute(query.order_by(c.id)).all())
    return found


def standing_for(connection: Connection, object_code: int, record: int) -> int:
    """The record that stands for this one by now: itself, or the last of those it was merged into."""
    return all_standing_for(connection, object_code, [record])[record]


def all_standing_for(connection: Connection, object_code: int, records: Iterable[int]) -> dict[int, int]:
    """For each record the one that stands for it by now."""
    asked = list(records)
    into: dict[int, int] = {}
    newest = set(asked)
    while newest:
        found = merged_into(connection, object_code, newest)
        into |= found
        newest = set(found.values()) - into.keys()

    def last(record: int) -> int:
        seen = {record}
        while into.get(record, record) not in seen:
            record = into[record]
            seen.add(record)
        return record

    return {record: last(record) for record in asked}


def formers(connection: Connection, object_code: int, record: int) -> set[int]:
    """All records that were merged into this one, and into those."""
    c = changes.c
    found: set[int] = set()
    newest = {record}
    while newest:
        query = select(c.record).where(c.kind == MERGED, c.object == object_code, c.new.in_(list(newest)), _standing())
        newest = set(connection.scalars(query)) - found - {record}
        found |= newest
    return found


def former_by_key(connection: Connection, kind: ObjectType, key: str, texts: Collection[str]) -> dict[str, int]:
    """Records that stand for merged ones by a unique key that the merged ones had."""
    table, c = table_of(kind), changes.c
    found: dict[str, int] = {}
    merged = select(c.record).where(c.kind == MERGED, c.object == kind.code)
    if not texts or connection.scalar(merged.limit(1)) is None:
        return found  # as nearly always; an import asks for thousands
    for batch in batches(dict.fromkeys(texts)):
        query = select(table.c.id, table.c[key]).where(
            table.c[key].in_(batch), table.c.deleted_at.is_not(None), table.c.id.in_(merged)
        )
        if kind.custom:
            query = query.where(table.c.object == kind.code)
        rows = connection.execute(query.order_by(table.c.id)).all()
        into = all_standing_for(connection, kind.code, (record for record, _ in rows))
        found.update((text, into[record]) for record, text in rows if into[record] != record)
    return found
