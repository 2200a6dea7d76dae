"""Pages of records: one query, one order, a window at a time (LST-3).

A page is read by keyset: from the key of the row before it, never by counting rows from the start. Unknown values come
last in either direction. So a list is several runs, one behind the other: the rows whose first key is known, then those
without it whose second key is known, and so on, and at last those that have none.

What refers to something is sorted as people know it: users by name, stages and pipelines in their order, options in
that of their enumeration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from cs_workspace.domain.query.bound import BoundAll, BoundAnd, BoundNot, BoundOr, Condition, Search
from cs_workspace.domain.schema.model import Property, PropertyType
from cs_workspace.domain.schema.standard import USERS
from cs_workspace.store.compile import Compiler
from cs_workspace.store.journal import batches, read_links
from cs_workspace.store.search import frequent
from cs_workspace.store.tables.records import RECORD_TABLES
from cs_workspace.store.tables.system import pipelines, stages

OFTEN = 100  # a word that one in so many records has is looked for row by row along the order
OFTEN_BY_TITLE = 10  # the same in the order of titles, where records with the same words stand together
TOGETHER = 64  # users whose records one statement reads at most
STAGES = 1_000_000  # more than a pipeline has
BY_PLACE = frozenset({PropertyType.PIPELINE, PropertyType.STAGE, PropertyType.ENUMERATION})

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
    words = tuple(dict.fromkeys(_words(where)))
    if words:
        often = OFTEN_BY_TITLE if keys[0].column is compiler.table.c.search_text else OFTEN
        compiler = replace(compiler, frequent=frequent(connection, compiler, words, often))
    conditions = [compiler.living(), *(() if isinstance(where, BoundAll) else (compiler.where(where),))]
    stored = [name for name in dict.fromkeys(columns) if name != "id" and not _is_link(compiler, name)]
    wanted = [*(key.column for key in keys), *(compiler.column(compiler.kind.properties[name]) for name in stored)]
    # By number: a custom property may be called as a word of SQL.
    numbered = [column.label(f"c{number}") for number, column in enumerate(wanted)]
    rows: list[dict[str, Any]] = []
    found: list[Key] = []
    for run in range(certain, -1, -1) if backwards else range(certain + 1):
        if start is not None and (run > start if backwards else run < start):
            continue
        unknown = [key.stored.is_(None) for key in keys[:run]]
        border = after[run:] if after is not None and run == start else None
        query = select(*numbered).where(*conditions, *unknown)
        for part in _parts(connection, keys[run:], border, whole=isinstance(where, BoundAll)):
            ordered = _in_order(query.where(part.which), part.keys, part.border, backwards)
            for values in connection.execute(ordered.limit(limit - len(rows))):
                key = tuple(values[: len(keys)])
                found.append(key)
                rows.append({"id": key[-1], **dict(zip(stored, values[len(keys) :], strict=True))})
            if len(rows) >= limit:
                break
        if len(rows) >= limit:
            break
    if backwards:
        rows.reverse()
        found.reverse()
    fill_links(connection, compiler, columns, rows)
    return Page(tuple(rows), tuple(found))


def in_order(connection: Connection, compiler: Compiler, ids: Iterable[int], order: Order) -> list[int]:
    """Some records in the order of a list."""
    keys = _sort_keys(compiler, order, backwards=False)
    ways = [(key.stored.is_(None), key.column.desc() if key.down else key.column) for key in keys]
    query = select(compiler.table.c.id).order_by(*(way for both in ways for way in both))
    # By many more than anybody marks: the order holds among those that are sorted together.
    return [
        record
        for some in batches(ids, 30_000)
        for record in connection.scalars(query.where(compiler.table.c.id.in_(some)))
    ]


def _is_link(compiler: Compiler, name: str) -> bool:
    return compiler.kind.properties[name].type is PropertyType.ASSOCIATION


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
    stored: ColumnElement[Any]  # what tells whether it is known
    prop: Property | None  # what is stored, if that is a column of its own
    is_indexed: bool  # whether an index begins with what is stored
    object: int  # whose property it is

    @property
    def is_stored(self) -> bool:
        """Whether it orders by what is stored, and not by the place of that."""
        return self.column is self.stored

    def beyond(self, value: Any) -> ColumnElement[bool]:
        border = literal(value, self.column.type)
        return self.column < border if self.down else self.column > border


def _sort_keys(compiler: Compiler, order: Order, backwards: bool) -> list[_SortKey]:
    """The keys of an order; the last one is the id."""
    t = compiler.table.c
    names = order.keys if order.keys[-1][0] == "id" else (*order.keys, ("id", order.keys[-1][1]))
    keys = []
    for name, descending in names:
        column, prop = sort_column(compiler, name), compiler.kind.properties.get(name)
        # Among custom values there may be a user nobody knows any more.
        prop = None if prop is None or prop.custom or name == compiler.kind.title else prop
        stored = column if prop is None else compiler.column(prop)
        certain = column is t.search_text or column is t.id
        is_indexed = certain or any(stored is next(iter(index.columns)) for index in compiler.table.indexes)
        keys.append(_SortKey(column, descending != backwards, certain, stored, prop, is_indexed, compiler.kind.code))
    return keys


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a run: which of its rows, by what they are ordered, and from where on."""

    which: ColumnElement[bool]
    keys: Sequence[_SortKey]
    border: Key | None


def _parts(connection: Connection, keys: Sequence[_SortKey], border: Key | None, *, whole: bool) -> Iterator[_Part]:
    """By what a run is read, part after part until there are enough rows.

    Users by name where an index has theirs; in a `whole` list stages and options one after the other, for within one of
    them nothing is left to sort by.
    """
    key, prop = keys[0], keys[0].prop
    if prop is not None and prop.type is PropertyType.USER and key.is_indexed:
        for users in _users(connection, key, border):
            yield _Part(key.stored.in_(users), keys, border)
    elif prop is not None and prop.type in BY_PLACE and not key.is_stored and whole and keys[1].never_unknown:
        for place, which in _places(connection, prop, key):
            if border is None or (place < border[0] if key.down else place > border[0]):
                yield _Part(which, keys[1:], None)
            elif place == border[0]:
                yield _Part(which, keys[1:], border[1:])
    else:
        yield _Part(true(), keys, border)


def _places(connection: Connection, prop: Property, key: _SortKey) -> list[tuple[int, ColumnElement[bool]]]:
    """The places of all options, pipelines or stages, as the list is read, and which rows are there."""
    if prop.type is PropertyType.ENUMERATION:
        names = [option.name for option in prop.options]
        found = [(place, key.stored == name) for place, name in enumerate(names)]
        if not key.is_indexed or _has_others(connection, key.stored, sorted(names)):
            found.append((len(names), key.stored.not_in(names)))
        return found[::-1] if key.down else found
    by_place: dict[int, list[int]] = {}
    query = select(_STAGE_PLACE, stages.c.id).where(pipelines.c.id == stages.c.pipeline)
    if prop.type is PropertyType.PIPELINE:
        query = select(pipelines.c.position, pipelines.c.id)
    for place, number in connection.execute(query.where(pipelines.c.object == key.object)):
        by_place.setdefault(place, []).append(number)
    return [(place, key.stored.in_(by_place[place])) for place in sorted(by_place, reverse=key.down)]


def _has_others(connection: Connection, column: ColumnElement[Any], names: Sequence[str]) -> bool:
    """Whether there are values besides these sorted ones; an index tells what is between them."""
    between = (and_(column > low, column < high) for low, high in pairwise(names))
    gaps = (column < names[0], *between, column > names[-1])
    return bool(connection.scalar(select(or_(*(select(column).where(gap).exists() for gap in gaps)))))


def _users(connection: Connection, key: _SortKey, border: Key | None) -> Iterator[Sequence[int]]:
    name = RECORD_TABLES[USERS.name].c.search_text
    query = select(RECORD_TABLES[USERS.name].c.id).order_by(name.desc() if key.down else name)
    if border is not None:
        query = query.where(name <= border[0] if key.down else name >= border[0])
    users, size = list(connection.scalars(query)), 1
    while users:
        yield users[:size]
        users, size = users[size:], min(2 * size, TOGETHER)


def _in_order(query: Select[Any], keys: Sequence[_SortKey], after: Key | None, backwards: bool) -> Select[Any]:
    """The rows of a run, in which the first key is known, from a key on."""
    first, *others = keys
    if not first.never_unknown:
        query = query.where(first.stored.is_not(None))
    ordering = [first.column.desc() if first.down else first.column]
    for key in others:
        if not key.never_unknown:
            unknown = key.stored.is_(None)
            ordering.append(unknown.desc() if backwards else unknown)
        # Without an index by an expression: SQLite would walk along any that has the id, and look up row after row.
        column = key.column if key is not keys[-1] or (first.is_indexed and first.is_stored) else key.column + 0
        ordering.append(column.desc() if key.down else column)
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
        same, further = key.stored.is_(None), key.stored.is_not(None) if backwards else false()
    else:
        same, further = key.column == literal(value, key.column.type), key.beyond(value)
        if not (key.never_unknown or backwards):
            further = or_(further, key.stored.is_(None))
    return or_(further, and_(same, _beyond_within(others, tuple(rest), backwards))) if others else further


_STAGE_PLACE = cast(pipelines.c.position, BigInteger) * STAGES + stages.c.position


def sort_column(compiler: Compiler, name: str) -> ColumnElement[Any]:
    """What a list is sorted by: the folded search text stands for the title, what is referred to for its place."""
    if name == "id":
        return compiler.table.c.id
    if name == compiler.kind.title:
        return compiler.table.c.search_text
    prop = compiler.kind.properties[name]
    column = compiler.column(prop)
    match prop.type:
        case PropertyType.USER:
            other = RECORD_TABLES[USERS.name].alias(f"sorted_{name}")
            return select(other.c.search_text).where(other.c.id == column).scalar_subquery()
        case PropertyType.PIPELINE:
            return select(pipelines.c.position).where(pipelines.c.id == column).scalar_subquery()
        case PropertyType.STAGE:
            its = and_(stages.c.id == column, pipelines.c.id == stages.c.pipeline)
            return select(_STAGE_PLACE).where(its).scalar_subquery()
        case PropertyType.ENUMERATION if prop.options:
            # A value that is no option any more comes after those that are.
            places = [(column == option.name, literal(place)) for place, option in enumerate(prop.options)]
            return case(*places, (column.is_not(None), literal(len(places))))
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
