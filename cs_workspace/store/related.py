"""Which records point at a record, the latest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store.tables.records import associations
from cs_workspace.store.tables.registry import table_of


@dataclass(frozen=True, slots=True)
class Pointing:
    """How many living records of one object point at a record, and which of them come first."""

    total: int
    ids: tuple[int, ...]


def pointing_at(
    connection: Connection, kind: ObjectType, target: ObjectType, record: int, *, dated_by: str, limit: int
) -> Pointing:
    """Living records of `kind` that are associated with a record, by a column of dates, the latest first."""
    a, table = associations.c, table_of(kind)
    found = connection.execute(
        select(table.c.id, func.count().over())
        .join(table, table.c.id == a.from_id)
        .where(a.to_object == target.code, a.to_id == record, a.from_object == kind.code, table.c.deleted_at.is_(None))
        .order_by(table.c[dated_by].desc().nulls_last(), table.c.id.desc())
        .limit(limit)
        .select_from(associations)
    ).all()
    return Pointing(found[0][1] if found else 0, tuple(each[0] for each in found))
