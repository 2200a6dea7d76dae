"""Which records point at a record, in whatever place, in the bin or not."""

from __future__ import annotations

from sqlalchemy import Connection, select

from cs_workspace.domain.schema.model import ObjectType, Schema
from cs_workspace.store.tables.records import associations


def pointers(connection: Connection, schema: Schema, kind: ObjectType, record: int) -> dict[str, list[int]]:
    """The records that point at one, by object."""
    a = associations.c
    query = select(a.from_object, a.from_id).where(a.to_object == kind.code, a.to_id == record).order_by(a.from_id)
    found: dict[str, list[int]] = {}
    for code, other in connection.execute(query):
        found.setdefault(schema.by_code(code).name, []).append(other)
    return found
