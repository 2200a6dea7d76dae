"""Which records point at a record, the latest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store.tables.records import associations
from cs_workspace.store.tables.registry import table_of


@dataclass(frozen=True, slots=True)
class Pointing:
    """How many living records of one object point at a record, and which of them come first.

    For those in `primary` the record is the first of those that they point at (REC-6).
    """

    total: int
    ids: tuple[int, ...]
    primary: frozenset[int]


def pointing_at(
    connection: Connection,
    kind: ObjectType,
    target: ObjectType,
    record: int,
    *,
    dated_by: str,
    limit: int,
    until: int | None = None,
) -> Pointing:
    """Living records of `kind` that are associated with a record, by a column of dates, the latest first.

    `until` leaves out those made later.
    """
    a, table = associations.c, table_of(kind)
    made = () if until is None else (or_(table.c.created_at.is_(None), table.c.created_at <= until),)
    found = connection.execute(
        select(table.c.id, func.count().over(), a.rank)
        .join(table, table.c.id == a.from_id)
        .where(
            a.to_object == target.code,
            a.to_id == record,
            a.from_object == kind.code,
            table.c.deleted_at.is_(None),
            *made,
        )
        .order_by(table.c[dated_by].desc().nulls_last(), table.c.id.desc())
        .limit(limit)
        .select_from(associations)
    ).all()
    primary = frozenset(each[0] for each in found if each.rank == 0)
    return Pointing(found[0][1] if found else 0, tuple(each[0] for each in found), primary)
