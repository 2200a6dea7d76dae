"""Finding records by what people call them: external id, unique key, exact name; many at a time (IMP-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from cs_workspace.domain.query.folding import search_text
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store.journal import batches
from cs_workspace.store.tables.registry import table_of


def by_key(connection: Connection, kind: ObjectType, key: str, texts: Iterable[str]) -> dict[str, int]:
    """Living records by a unique key."""
    table = table_of(kind)
    found: dict[str, int] = {}
    for batch in batches(dict.fromkeys(texts)):
        query = select(table.c[key], table.c.id).where(table.c[key].in_(batch), table.c.deleted_at.is_(None))
        if kind.custom:
            query = query.where(table.c.object == kind.code)
        found.update(connection.execute(query).all())
    return found


def by_name(connection: Connection, kind: ObjectType, names: Iterable[str]) -> dict[str, list[int]]:
    """Living records by their exact title; several may share one."""
    return by_value(connection, kind, "name" if kind.name == "contacts" else kind.title, names)


def by_value(connection: Connection, kind: ObjectType, column: str, values: Iterable[Any]) -> dict[Any, list[int]]:
    """Living records by what they have in one column; several may share a value."""
    table = table_of(kind)
    found: dict[Any, list[int]] = defaultdict(list)
    for batch in batches(dict.fromkeys(values)):
        query = select(table.c[column], table.c.id).where(table.c[column].in_(batch), table.c.deleted_at.is_(None))
        if kind.custom:
            query = query.where(table.c.object == kind.code)
        for value, record in connection.execute(query.order_by(table.c.id)):
            found[value].append(record)
    return dict(found)


def similar(connection: Connection, kind: ObjectType, name: str) -> str | None:
    """The title of a living record that begins with the same words, case and accents aside."""
    table = table_of(kind)
    folded = search_text([name])
    if not folded:
        return None
    query = (
        select(table.c[kind.title])
        .where(table.c.search_text >= folded, table.c.search_text < folded + "\U0010ffff", table.c.deleted_at.is_(None))
        .order_by(table.c.search_text, table.c.id)
        .limit(1)
    )
    if kind.custom:
        query = query.where(table.c.object == kind.code)
    return connection.scalar(query)


def living(connection: Connection, kind: ObjectType, ids: Iterable[int]) -> set[int]:
    """The ids that are of living records."""
    table = table_of(kind)
    found: set[int] = set()
    for batch in batches(dict.fromkeys(ids)):
        query = select(table.c.id).where(table.c.id.in_(batch), table.c.deleted_at.is_(None))
        if kind.custom:
            query = query.where(table.c.object == kind.code)
        found.update(connection.scalars(query))
    return found


def titles(connection: Connection, kind: ObjectType, ids: Iterable[int]) -> dict[int, str]:
    """What records are called, those in the bin too."""
    table = table_of(kind)
    title = table.c[kind.title]
    found: dict[int, str] = {}
    for batch in batches(dict.fromkeys(ids)):
        found.update(
            (i, name or "") for i, name in connection.execute(select(table.c.id, title).where(table.c.id.in_(batch)))
        )
    return found
