"""What records stand on, and cannot lose while they do: users, pipelines and stages (UND-3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, select

from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType, Schema
from cs_workspace.store.journal import batches
from cs_workspace.store.tables.goals import contributors
from cs_workspace.store.tables.registry import JOURNALED, table_of
from cs_workspace.store.tables.system import entries

# Records have values of these: they come back before the records, and go after them.
GROUND = ("objects", "properties", "pipelines", "stages")
_TYPES = {"users": PropertyType.USER, "pipelines": PropertyType.PIPELINE, "stages": PropertyType.STAGE}


def in_use(connection: Connection, schema: Schema, name: str, ids: Iterable[int]) -> set[int]:
    """Of these rows, those that living records, entries or goals refer to."""
    columns = list(_columns(schema, name)) if name in _TYPES else []
    found: set[int] = set()
    for batch in batches(ids):
        for column, living in columns:
            found.update(connection.scalars(select(column).where(column.in_(batch), *living).distinct()))
    return found


def _columns(schema: Schema, name: str) -> Iterator[tuple[ColumnElement[int], Sequence[ColumnElement[bool]]]]:
    """Where rows are referred to, and from which rows that counts."""
    for kind in schema.objects.values():
        t = table_of(kind).c
        yield from ((t[prop.name], [t.deleted_at.is_(None)]) for prop in _referring(kind, _TYPES[name]))
    if name == "users":  # what somebody did stays theirs
        yield entries.c.user, ()
        yield contributors.c.user, ()


def gone(
    connection: Connection, kind: ObjectType | None, values: Mapping[int, Mapping[str, object]]
) -> Iterator[tuple[int, str]]:
    """Which of these values, by record and property, refer to a user, pipeline or stage in the bin."""
    for name, kind_of_value in _TYPES.items():
        for prop in _referring(kind, kind_of_value) if kind else ():
            given = {record: each[prop.name] for record, each in values.items() if each.get(prop.name) is not None}
            if given:
                t = JOURNALED[name].c
                dead = select(t.id).where(t.id.in_(set(given.values())), t.deleted_at.is_not(None))
                binned = set(connection.scalars(dead))
                yield from ((record, prop.name) for record, value in given.items() if value in binned)


def _referring(kind: ObjectType, of: PropertyType) -> list[Property]:
    return [prop for prop in kind.properties.values() if prop.type is of and not prop.custom]
