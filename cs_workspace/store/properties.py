"""Custom properties as rows, the deleted ones too: their names stay taken as long as records hold their values."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store.tables.registry import table_of
from cs_workspace.store.tables.system import properties


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A custom property of an object."""

    id: int
    name: str
    is_deleted: bool


def custom_properties(connection: Connection, object_code: int) -> list[PropertyRow]:
    """All custom properties an object has or had."""
    p = properties.c
    rows = connection.execute(select(p.id, p.name, p.deleted_at).where(p.object == object_code).order_by(p.id))
    return [PropertyRow(row.id, row.name, row.deleted_at is not None) for row in rows]


def taken_names(connection: Connection, kind: ObjectType) -> set[str]:
    """Names no new property of an object may have."""
    columns = table_of(kind).c.keys()
    return {*kind.properties, *columns, *(each.name for each in custom_properties(connection, kind.code))}
