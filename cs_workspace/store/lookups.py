"""Finding records by what people call them: external id, unique key, exact name; many at a time (IMP-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, select

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
        found.update(connection.execute(query).tuples().all())
    return found


def by_name(connection: Connection, kind: ObjectType, names: Iterable[str]) -> dict[str, list[int]]:
    """Living records by their exact title; several may share one."""
    table = table_of(kind)
    title = "name" if kind.name == "contacts" else kind.title
    found: dict[str, list[int]] = defaultdict(list)
    for batch in batches(dict.fromkeys(names)):
        query = select(table.c[title], table.c.id).where(table.c[title].in_(batch), table.c.deleted_at.is_(None))
        if kind.custom:
            query = query.where(table.c.object == kind.code)
        for name, record in connection.execute(query):
            found[name].append(record)
    return dict(found)


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
