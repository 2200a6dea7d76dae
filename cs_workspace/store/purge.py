"""Emptying the bin: what was put there long ago goes for good; the journal keeps what was (UND-4).

A record that was merged stays as long as the one that stands for it: it is asked for by its keys (REC-4).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, and_, delete, or_, select

from cs_workspace.domain.schema.model import ObjectType, Schema
from cs_workspace.store.journal import batches
from cs_workspace.store.merges import all_standing_for
from cs_workspace.store.tables.records import associations
from cs_workspace.store.tables.registry import table_of
from cs_workspace.store.tables.system import health_points

KEPT = frozenset({"users", "teams"})  # others point to them for ever: owners of the past, authors of entries


def purge(connection: Connection, schema: Schema, before: int) -> int:
    """Remove records put into the bin before an instant; how many."""
    gone = 0
    a = associations.c
    for kind in schema.objects.values():
        if kind.name in KEPT:
            continue
        table = table_of(kind)
        condition = [table.c.deleted_at < before]
        if kind.custom:
            condition.append(table.c.object == kind.code)
        due = connection.scalars(select(table.c.id).where(*condition)).all()
        for ids in batches(_alone(connection, kind, due)):
            linked = or_(
                and_(a.from_object == kind.code, a.from_id.in_(ids)), and_(a.to_object == kind.code, a.to_id.in_(ids))
            )
            connection.execute(delete(associations).where(linked))
            h = health_points.c
            connection.execute(delete(health_points).where(h.object == kind.code, h.record.in_(ids)))
            connection.execute(delete(table).where(table.c.id.in_(ids)))
            gone += len(ids)
    return gone


def _alone(connection: Connection, kind: ObjectType, due: Collection[int]) -> list[int]:
    """Of records that are due, those for which none stands that is not due itself."""
    into = all_standing_for(connection, kind.code, due)
    table, going = table_of(kind), set(due)
    stay: set[int] = set()
    for batch in batches({record for record in into.values() if record not in going}):
        stay.update(connection.scalars(select(table.c.id).where(table.c.id.in_(batch))))
    return [record for record in due if into[record] not in stay]
