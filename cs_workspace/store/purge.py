"""Emptying the bin: what was put there long ago goes for good; the journal keeps what was (UND-4)."""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, or_, select

from cs_workspace.domain.schema.model import Schema
from cs_workspace.store.journal import batches
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
        for ids in batches(connection.scalars(select(table.c.id).where(*condition)).all()):
            linked = or_(
                and_(a.from_object == kind.code, a.from_id.in_(ids)), and_(a.to_object == kind.code, a.to_id.in_(ids))
            )
            connection.execute(delete(associations).where(linked))
            h = health_points.c
            connection.execute(delete(health_points).where(h.object == kind.code, h.record.in_(ids)))
            connection.execute(delete(table).where(table.c.id.in_(ids)))
            gone += len(ids)
    return gone
