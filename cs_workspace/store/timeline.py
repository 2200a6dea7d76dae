"""What happened with a record, newest first: calls, e-mails, meetings, notes, tasks, and what contacts did (CUS-9).

One statement takes the newest of each object and merges them: only what is shown is carried, however much there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    cast,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.types import TypeEngine

from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.store.tables.records import associations
from cs_workspace.store.tables.registry import table_of
from cs_workspace.store.tables.types import BigInt, Words

COMPANIES, CONTACTS = (STANDARD[name].code for name in ("companies", "contacts"))
Key = tuple[int, int, int]  # time, object and id: no two items have the same


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened. `what` is what a contact did; `state` is an outcome, a status or a tool."""

    object: int
    id: int
    at: int
    title: str | None
    what: str | None
    state: str | None
    owner: int | None

    @property
    def key(self) -> Key:
        """Where it is among the others."""
        return self.at, self.object, self.id


def timeline(
    connection: Connection,
    kinds: Sequence[ObjectType],
    target: ObjectType,
    record: int,
    *,
    limit: int,
    before: Key | None = None,
    until: int | None = None,
) -> list[Row]:
    """Living records of these objects that belong to a record, newest first, older ones than `before`.

    Of a company it is also what its contacts did. `until` leaves out what was written down later.
    """
    parts = []
    for kind in kinds:
        ids = _belonging(kind, target, record)
        if ids is not None:
            newest = _newest(kind, ids, before, until).limit(limit).subquery()
            parts.append(select(newest))
    if not parts:
        return []
    every = union_all(*parts).subquery()
    query = select(every).order_by(every.c.at.desc(), every.c.object.desc(), every.c.id.desc()).limit(limit)
    return [Row(*row) for row in connection.execute(query)]


def _belonging(kind: ObjectType, target: ObjectType, record: int) -> Select[tuple[int]] | None:
    """The ids of an object's records that belong to the record; None where none ever does."""
    a, targets = associations.c, {prop.target for prop in kind.associations}
    mine = select(a.from_id).where(a.from_object == kind.code)
    if target.name in targets:
        return mine.where(a.to_object == target.code, a.to_id == record)
    if target.code == COMPANIES and "contacts" in targets:
        b = associations.alias("of_company").c
        contacts = select(b.from_id).where(b.to_object == COMPANIES, b.to_id == record, b.from_object == CONTACTS)
        return mine.where(a.to_object == CONTACTS, a.to_id.in_(contacts))
    return None


def _newest(kind: ObjectType, ids: Select[tuple[int]], before: Key | None, until: int | None) -> Select[Any]:
    table, belonging = table_of(kind), ids.subquery()
    at = table.c["due_at" if kind.name == "tasks" else "at"]
    conditions: list[ColumnElement[bool]] = [table.c.deleted_at.is_(None)]
    if before is not None:
        conditions.append(_older(kind.code, at, table.c.id, before))
    if until is not None:
        conditions.append(or_(table.c.created_at.is_(None), table.c.created_at <= until))
    return (
        select(
            literal(kind.code).label("object"),
            table.c.id.label("id"),
            at.label("at"),
            table.c.title.label("title"),
            _column(table, "kind", Words).label("what"),
            _column(table, {"tasks": "status", "activities": "tool"}.get(kind.name, "outcome"), Words).label("state"),
            _column(table, kind.owner, BigInt).label("owner"),
        )
        .join_from(belonging, table, table.c.id == belonging.c.from_id)
        .where(*conditions)
        .order_by(at.desc(), table.c.id.desc())
    )


def _column(table: Table, name: str, type: TypeEngine[Any]) -> ColumnElement[Any]:
    return table.c[name] if name in table.c else cast(null(), type)


def _older(code: int, at: ColumnElement[int], id: ColumnElement[int], before: Key) -> ColumnElement[bool]:
    moment, other, number = before
    if code == other:
        return tuple_(at, id) < tuple_(literal(moment, at.type), literal(number, id.type))
    return at <= moment if code < other else at < moment


def contacts_of(connection: Connection, rows: Iterable[Row]) -> dict[tuple[int, int], int]:
    """The first contact of each of these, by object and id."""
    ids: dict[int, list[int]] = {}
    for row in rows:
        ids.setdefault(row.object, []).append(row.id)
    if not ids:
        return {}
    a = associations.c
    query = (
        select(a.from_object, a.from_id, a.to_id)
        .where(a.to_object == CONTACTS, or_(*(and_(a.from_object == o, a.from_id.in_(i)) for o, i in ids.items())))
        .order_by(a.rank.desc())
    )
    return {(row.from_object, row.from_id): row.to_id for row in connection.execute(query)}
