"""What is in the bin, the latest first, of all objects together (UND-4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal, or_, select, union_all

from cs_workspace.domain.query.folding import fold
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store.journal import Kind, batches
from cs_workspace.store.tables.registry import table_of
from cs_workspace.store.tables.system import changes, entries

Place = tuple[int, int, int]  # when it was deleted, the object's code, the id


@dataclass(frozen=True, slots=True)
class Binned:
    """A deleted record."""

    object: int
    id: int
    title: str
    deleted_at: int

    @property
    def place(self) -> Place:
        """Where it is in the list."""
        return self.deleted_at, self.object, self.id


@dataclass(frozen=True, slots=True)
class Deletion:
    """How a record went into the bin: by whom, and in favour of which one if it was merged."""

    user: int | None
    into: int | None


def binned(
    connection: Connection, kinds: Iterable[ObjectType], words: str, limit: int, before: Place | None
) -> list[Binned]:
    """Deleted records of some objects whose text holds the words, after a place in the list."""
    parts = [_of(kind, words, before).limit(limit).subquery() for kind in kinds]
    if not parts:
        return []
    every = union_all(*(select(part) for part in parts)).subquery()
    query = select(every).order_by(every.c.deleted_at.desc(), every.c.object.desc(), every.c.id.desc()).limit(limit)
    return [Binned(*row) for row in connection.execute(query)]


def count(connection: Connection, kinds: Iterable[ObjectType], words: str) -> int:
    """How many deleted records there are."""
    counts = [select(func.count()).select_from(_of(kind, words, None).subquery()).scalar_subquery() for kind in kinds]
    return sum(connection.execute(select(*counts)).one()) if counts else 0


def deletions(connection: Connection, object_code: int, records: Sequence[int]) -> dict[int, Deletion]:
    """How each of these records went into the bin last."""
    c = changes.c
    found: dict[int, Deletion] = {}
    for batch in batches(records):
        into_bin = c.kind.in_((str(Kind.DELETED), str(Kind.MERGED)))
        last = select(func.max(c.id)).where(c.object == object_code, c.record.in_(batch), into_bin).group_by(c.record)
        query = select(c.record, entries.c.user, c.new).join(entries, entries.c.id == c.entry).where(c.id.in_(last))
        found.update((record, Deletion(user, new)) for record, user, new in connection.execute(query))
    return found


def _of(kind: ObjectType, words: str, before: Place | None) -> Select[Any]:
    table = table_of(kind)
    at, code = table.c.deleted_at, kind.code
    query = select(
        literal(code).label("object"), table.c.id, func.coalesce(table.c[kind.title], "").label("title"), at
    ).where(at.is_not(None))
    if kind.custom:
        query = query.where(table.c.object == code)
    for word in fold(words).split():
        query = query.where(table.c.search_text.contains(word, autoescape=True))
    if before is not None:
        instant, other, record = before
        same = table.c.id < record if code == other else literal(code < other)
        query = query.where(or_(at < instant, and_(at == instant, same)))
    return query.order_by(at.desc(), table.c.id.desc())
