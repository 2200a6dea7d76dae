"""Pages of records: one query, one order, a window at a time (LST-3).

A page is read by keyset: from the key of the row before it, never by counting rows from the start. Unknown values come
last in either direction. So a list is several runs, one behind the other: the rows whose first key is known, then those
without it whose second key is known, and so on, and at last those that have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, literal, or_, select, tuple_

from cs_workspace.domain.query.bound import BoundAll, BoundAnd, BoundNot, BoundOr, Condition, Search
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.store.compile import Compiler
from cs_workspace.store.journal import read_links
from cs_workspace.store.search import frequent

OFTEN = 100  # a word that one in so many records has is looked for row by row along the order
OFTEN_BY_TITLE = 10  # the same in the order of titles, where records with the same words stand together

Key = tuple[Any, ...]  # the sort values of a row, None where unknown; the last one is its id


@dataclass(frozen=True, slots=True)
class Order:
    """Properties and whether each descends, the most important one first; equals follow by id as the last one does."""

    keys: tuple[tuple[str, bool], ...]

    @classmethod
    def by(cls, *names: str) -> Order:
        """`name` or `-name`, each once; what follows the id decides nothing."""
        keys: dict[str, bool] = {}
        for name in names:
            keys.setdefault(name.removeprefix("-"), name.startswith("-"))
            if "id" in keys:
                break
        return cls(tuple(keys.items()))


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
    keys = _sort_keys(compiler, order, backwards)
    certain = next(place for place, key in enumerate(keys) if key.never_unknown)
    start = None if after is None else next(place for place, value in enumerate(after) if value is not None)
    wanted = _wanted(compiler, keys, columns)
    words = tuple(dict.fromkeys(_words(where)))
    if words:
        often = OFTEN_BY_TITLE if keys[0].column is compiler.table.c.search_text else OFTEN
        compiler = replace(compiler, frequent=frequent(connection, compiler, words, often))
    conditions = [compiler.living(), *(() if isinstance(where, BoundAll) else (compiler.where(where),))]
    rows: list[tuple[Key, dict[str, Any]]] = []
    for run in range(certain, -1, -1) if backwards else range(certain + 1):
        if start is not None and (run > start if backwards else run < start):
            continue
        unknown = [key.column.is_(None) for key in keys[:run]]
        query = select(*wanted).where(*conditions, *unknown).limit(limit - len(rows))
        query = _in_order(query, keys[run:], after[run:] if after is not None and run == start else None, backwards)
        for row in connection.execute(query).mappings():
            values = dict(row)
            key = tuple(values.pop(f"_sort{place}") for place in range(len(keys) - 1))
            rows.append(((*key, values["id"]), values))
        if len(rows) >= limit:
            break
    if backwards:
        rows.reverse()
    fill_links(connection, compiler, columns, [row for _, row in rows])
    return Page(tuple(row for _, row in rows), tuple(key for key, _ in rows))


def _words(where: Condition) -> Iterator[str]:
    match where:
        case Search(words):
            yield from words
        case BoundAnd(parts) | BoundOr(parts):
            for part in parts:
                yield from _words(part)
        case BoundNot(part):
            yield from _words(part)


@dataclass(frozen=True, slots=True)
class _SortKey:
    """One key of an order, in the direction in which it is read."""

    column: ColumnElement[Any]
    down: bool
    never_unknown: bool

    def beyond(self, value: Any) -> ColumnElement[bool]:
        border = literal(value, self.column.type)
        return self.column < border if self.down else self.column > border


def _sort_keys(compiler: Compiler, order: Order, backwards: bool) -> list[_SortKey]:
    """The keys of an order; the last one is the id."""
    t = compiler.table.c
    names = order.keys if order.keys[-1][0] == "id" else (*order.keys, ("id", order.keys[-1][1]))
    columns = [(sort_column(compiler, name), descending != backwards) for name, descending in names]
    return [_SortKey(column, down, column is t.search_text or column is t.id) for column, down in columns]


def _wanted(compiler: Compiler, keys: Sequence[_SortKey], columns: Sequence[str]) -> list[ColumnElement[Any]]:
    properties = (compiler.kind.properties[name] for name in columns if name != "id")
    return [
        compiler.table.c.id,
        *(key.column.label(f"_sort{place}") for place, key in enumerate(keys[:-1])),
        *(compiler.column(p).label(p.name) for p in properties if p.type is not PropertyType.ASSOCIATION),
    ]


def _in_order(query: Select[Any], keys: Sequence[_SortKey], after: Key | None, backwards: bool) -> Select[Any]:
    """The rows of a run, in which the first key is known, from a key on."""
    first, *others = keys
    if not first.never_unknown:
        query = query.where(first.column.is_not(None))
    ordering = [first.column.desc() if first.down else first.column]
    for key in others:
        if not key.never_unknown:
            unknown = key.column.is_(None)
            ordering.append(unknown.desc() if backwards else unknown)
        ordering.append(key.column.desc() if key.down else key.column)
    if after is not None:
        query = query.where(_beyond(keys, after, backwards))
    return query.order_by(*ordering)


def _beyond(keys: Sequence[_SortKey], after: Key, backwards: bool) -> ColumnElement[bool]:
    first = keys[0]
    if all(key.never_unknown and key.down == first.down for key in keys[1:]):
        # As one comparison of rows, which an index over these columns answers.
        row = tuple_(*(key.column for key in keys))
        border = tuple_(*(literal(value, key.column.type) for key, value in zip(keys, after, strict=True)))
        return row < border if first.down else row > border
    known = literal(after[0], first.column.type)
    within = first.column <= known if first.down else first.column >= known
    return and_(within, _beyond_within(keys, after, backwards))


def _beyond_within(keys: Sequence[_SortKey], after: Key, backwards: bool) -> ColumnElement[bool]:
    """Beyond by this key, or equal by it and beyond by the ones that decide among equals; unknown values are last."""
    (key, *others), (value, *rest) = keys, after
    same: ColumnElement[bool]
    further: ColumnElement[bool]
    if value is None:
        same, further = key.column.is_(None), key.column.is_not(None) if backwards else false()
    else:
        same, further = key.column == literal(value, key.column.type), key.beyond(value)
        if not (key.never_unknown or backwards):
            further = or_(further, key.column.is_(None))
    return or_(further, and_(same, _beyond_within(others, tuple(rest), backwards))) if others else further


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


def fill_links(connection: Connection, compiler: Compiler, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    """Give rows the ids of their related records, where that is among the columns."""
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
