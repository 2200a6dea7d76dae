"""Pages of records: one query, one order, a window at a time (LST-3).

A page is read by keyset: from the key of the row before it, never by counting rows from the start. Unknown values come
last in either direction, so a sorted list is two runs, the known values and then the unknown ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, tuple_

from cs_workspace.domain.query.bound import BoundAll, Condition
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.store.compile import Compiler
from cs_workspace.store.journal import read_links

Key = tuple[Any, int]  # the sort value of a row, None when unknown, and its id


@dataclass(frozen=True, slots=True)
class Order:
    """Sorted by one property, then by id in the same direction; the title is sorted by its folded text."""

    property: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list with the key of each."""

    rows: tuple[dict[str, Any], ...]
    keys: tuple[Key, ...]


def count(connection: Connection, compiler: Compiler, where: Condition) -> int:
    """How many records a query matches."""
    matching = select(func.count()).select_from(compiler.table).where(compiler.living(), compiler.where(where))
    return connection.scalar(matching) or 0


def page(
    connection: Connection,
    compiler: Compiler,
    where: Condition,
    order: Order,
    columns: Sequence[str],
    *,
    limit: int,
    after: Key | None = None,
    backwards: bool = False,
) -> Page:
    """At most `limit` rows after a key, or before it when `backwards`; always in the list's order.

    `backwards` without a key gives the end of the list.
    """
    rows: list[tuple[Key, dict[str, Any]]] = []
    for known in (False, True) if backwards else (True, False):
        if after is not None and not _reaches(after, known, backwards):
            continue
        rows += _run(connection, compiler, where, order, columns, known, limit - len(rows), after, backwards)
        if len(rows) >= limit:
            break
    if backwards:
        rows.reverse()
    _fill_links(connection, compiler, columns, [row for _, row in rows])
    return Page(tuple(row for _, row in rows), tuple(key for key, _ in rows))


def _reaches(after: Key, known: bool, backwards: bool) -> bool:
    """Whether a run of known or unknown values has rows beyond a key."""
    return known or after[0] is None if backwards else not known or after[0] is not None


def _run(
    connection: Connection,
    compiler: Compiler,
    where: Condition,
    order: Order,
    columns: Sequence[str],
    known: bool,
    limit: int,
    after: Key | None,
    backwards: bool,
) -> list[tuple[Key, dict[str, Any]]]:
    table, kind = compiler.table, compiler.kind
    sort = sort_column(compiler, order.property)
    downwards = order.descending != backwards
    conditions = [compiler.living()]
    if not isinstance(where, BoundAll):
        conditions.append(compiler.where(where))
    never_unknown = sort is table.c.search_text or sort is table.c.id
    if never_unknown and not known:
        return []
    if not never_unknown:
        conditions.append(sort.is_not(None) if known else sort.is_(None))
    if after is not None and (after[0] is not None) == known:
        conditions.append(_beyond(sort, table.c.id, after, known, downwards))
    ordering = [sort, table.c.id] if known else [table.c.id]
    wanted = [
        compiler.column(kind.properties[name]).label(name)
        for name in columns
        if name != "id" and kind.properties[name].type is not PropertyType.ASSOCIATION
    ]
    query = (
        select(table.c.id, sort.label("_sort"), *wanted)
        .where(*conditions)
        .order_by(*(each.desc() if downwards else each for each in ordering))
        .limit(limit)
    )
    found: list[tuple[Key, dict[str, Any]]] = []
    for row in connection.execute(query).mappings():
        values = dict(row)
        found.append(((values.pop("_sort"), values["id"]), values))
    return found


def _beyond(sort: ColumnElement[Any], key: ColumnElement[Any], after: Key, known: bool, downwards: bool) -> Any:
    if not known:
        return key < after[1] if downwards else key > after[1]
    border = tuple_(literal(after[0], sort.type), literal(after[1], key.type))
    row = tuple_(sort, key)
    return row < border if downwards else row > border


def sort_column(compiler: Compiler, name: str) -> ColumnElement[Any]:
    """What a list is sorted by: the folded search text stands for the title."""
    if name == "id":
        return compiler.table.c.id
    if name == compiler.kind.title:
        return compiler.table.c.search_text
    prop = compiler.kind.properties[name]
    column = compiler.column(prop)
    # A column has its collation from its table, a custom value has not.
    as_text = prop.custom and column.type.python_type is str and not compiler.is_sqlite
    return column.collate("C") if as_text else column


def _fill_links(connection: Connection, compiler: Compiler, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    linked = [p.name for p in compiler.kind.associations if p.name in columns]
    if not linked or not rows:
        return
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        row.update(dict.fromkeys(linked, ()))
    for record, name, ids in read_links(connection, compiler.schema, compiler.kind, list(by_id)):
        if name in linked:
            by_id[record][name] = ids


def matching_ids(connection: Connection, compiler: Compiler, where: Condition) -> list[int]:
    """Ids of all living records that match, in no order that means anything."""
    table = compiler.table
    return list(connection.scalars(select(table.c.id).where(and_(compiler.living(), compiler.where(where)))))
