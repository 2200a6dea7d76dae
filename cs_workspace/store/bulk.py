"""Many new records at once, with their associations and their journal: for making a store, not for daily work.

What a row becomes is the same as by `Journal.create`; only the way is shorter: one statement per batch on the driver
(COPY on PostgreSQL), and indexes that are built once at the end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Index, Table, bindparam, column, func, insert, select, table, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, DropIndex
from sqlalchemy.sql.ddl import ExecutableDDLElement

from cs_workspace.domain.schema.derived import Facts, derive
from cs_workspace.domain.schema.model import Schema
from cs_workspace.store.account import load_facts
from cs_workspace.store.journal import Kind, batches
from cs_workspace.store.tables.records import RECORD_TABLES, associations
from cs_workspace.store.tables.registry import table_of
from cs_workspace.store.tables.system import changes, entries, health_points
from cs_workspace.store.tables.types import Flag

BATCH = 5000  # rows per statement
DAY = 24 * 3600 * 1000
_UNFILLED = {"custom", "deleted_at"}

Row = Mapping[str, Any]
HealthRow = tuple[int, int, int, int, str]  # object, record, instant, score, and its groups as JSON text


@dataclass(frozen=True, slots=True)
class PastChange:
    """One change of one property that happened before the store was made."""

    at: int
    user: int | None
    object: str
    record: int
    property: str
    old: Any
    new: Any
    label: str


@dataclass(slots=True)
class Bulk:
    """Writes new records within one transaction; their journal says they were created when they were."""

    connection: Connection
    schema: Schema
    source: str
    label: str
    _facts: Facts | None = None
    _next: dict[str, int] = field(default_factory=dict)

    def reserve(self, name: str, count: int) -> int:
        """The first of `count` ids for records of this object."""
        return self._reserve(table_of(self.schema[name]), count)

    def create(
        self, name: str, rows: Iterable[Row], first: int | None = None, *, done: Callable[[int], None] | None = None
    ) -> int:
        """Insert records, numbered in order from a reserved id or the next free one; how many there were.

        A row holds raw values and its `created_at`; `done` hears of each batch.
        """
        kind = self.schema[name]
        target = table_of(kind)
        names = [c.name for c in target.columns if c.name not in _UNFILLED]
        flags = [i for i, n in enumerate(names) if isinstance(target.c[n].type, Flag)]
        links = [(prop.name, self.schema[prop.target].code) for prop in kind.associations]
        days: dict[int, int] = {}
        count = 0
        for batch in batches(rows, BATCH):
            start = self.reserve(name, len(batch)) if first is None else first + count
            written: list[tuple[Any, ...]] = []
            linked: list[tuple[Any, ...]] = []
            entry_of: list[int] = []
            new_entries: list[tuple[Any, ...]] = []
            for record, given in enumerate(batch, start):
                row = {"id": record, "updated_at": given["created_at"], **given}
                if "owner_assigned_at" in kind.properties and row.get(kind.owner) is not None:
                    row.setdefault("owner_assigned_at", row["created_at"])
                row.update(derive(kind, row, self.facts))
                values: list[Any] = [row.get(n) for n in names]
                for i in flags:
                    if values[i] is not None:
                        values[i] = int(values[i])
                written.append(tuple(values))
                for prop, code in links:
                    for rank, to in enumerate(given.get(prop, ())):
                        linked.append((kind.code, record, code, to, rank))
                day = row["created_at"] // DAY
                entry = days.get(day)
                if entry is None:
                    entry = days[day] = self._reserve(entries, 1)
                    new_entries.append((entry, row["created_at"], None, self.source, self.label, None, 0))
                entry_of.append(entry)
            self._insert(target, names, written)
            self._insert(associations, ["from_object", "from_id", "to_object", "to_id", "rank"], linked)
            self._insert(entries, _ENTRY, new_entries)
            number = self._reserve(changes, len(batch))
            self._insert(
                changes,
                _CHANGE,
                [
                    (number + i, entry, kind.code, start + i, str(Kind.CREATED), None, None, None)
                    for i, entry in enumerate(entry_of)
                ],
            )
            count += len(batch)
            if done is not None:
                done(len(batch))
        return count

    def past(self, noted: Iterable[PastChange]) -> int:
        """Write down changes of the past, oldest first; the records have their last values already."""
        noted = list(noted)
        self._assigned(noted)
        count = 0
        for batch in batches(sorted(noted, key=lambda c: c.at), BATCH):
            first_entry = self._reserve(entries, len(batch))
            first_change = self._reserve(changes, len(batch))
            self._insert(
                entries,
                _ENTRY,
                [(first_entry + i, c.at, c.user, self.source, c.label, None, 0) for i, c in enumerate(batch)],
            )
            self._insert(
                changes,
                _CHANGE,
                [
                    (
                        first_change + i,
                        first_entry + i,
                        self.schema[c.object].code,
                        c.record,
                        str(Kind.CHANGED),
                        c.property,
                        _json(c.old),
                        _json(c.new),
                    )
                    for i, c in enumerate(batch)
                ],
            )
            count += len(batch)
        return count

    def health(self, points: Iterable[HealthRow]) -> int:
        """Write down health points of the past; how many."""
        names = [column.name for column in health_points.columns]
        count = 0
        for batch in batches(points, BATCH):
            self._insert(health_points, names, batch)
            count += len(batch)
        return count

    def _assigned(self, noted: Iterable[PastChange]) -> None:
        """Since when records have their owners, where these came later than the records."""
        since: dict[str, dict[int, int]] = {}
        for each in sorted(noted, key=lambda c: c.at):
            kind = self.schema[each.object]
            if each.property == kind.owner and "owner_assigned_at" in kind.properties:
                since.setdefault(each.object, {})[each.record] = each.at
        for name, records in since.items():
            target = table_of(self.schema[name])
            statement = update(target).where(target.c.id == bindparam("_id"))
            self.connection.execute(
                statement.values(owner_assigned_at=bindparam("_at")),
                [{"_id": record, "_at": at} for record, at in records.items()],
            )

    @property
    def facts(self) -> Facts:
        """Stages and rates as they stand in this transaction."""
        if self._facts is None:
            self._facts = load_facts(self.connection)
        return self._facts

    def _reserve(self, target: Table, count: int) -> int:
        first = self._next.get(target.name)
        if first is None:
            first = (self.connection.scalar(select(func.max(target.c.id))) or 0) + 1
        self._next[target.name] = first + count
        return first

    def _insert(self, target: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        if self.connection.dialect.name == "sqlite":
            compiled = insert(target).compile(self.connection, column_keys=list(names))
            order = [names.index(str(name)) for name in compiled.positiontup or ()]
            assert order == list(range(len(names))), "columns are given in the table's order"
            statement = str(compiled)
            self.connection.exec_driver_sql(statement, list(rows))
            return
        from psycopg.sql import SQL, Identifier

        driver: Any = self.connection.connection.driver_connection
        columns = SQL(", ").join(Identifier(name) for name in names)
        into = SQL("COPY {} ({}) FROM STDIN").format(Identifier(target.name), columns)
        with driver.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)


_ENTRY = [c.name for c in entries.columns]
_CHANGE = [c.name for c in changes.columns]


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class _DropTrigger(ExecutableDDLElement):
    """DROP TRIGGER, for which SQLAlchemy has no words."""

    def __init__(self, name: str) -> None:
        self.name = name


@compiles(_DropTrigger, "sqlite")
def _drop_trigger(element: _DropTrigger, compiler: Any, **_: Any) -> str:
    return f"DROP TRIGGER {compiler.preparer.quote(element.name)}"


@contextmanager
def unindexed(connection: Connection, done: Callable[[], None] | None = None) -> Iterator[int]:
    """Indexes come off for the time of the block and are built at its end: once and in order, not row by row.

    Gives the number of things to build; `done` hears of each.
    """
    indexes: list[Index] = [
        index
        for each in (*RECORD_TABLES.values(), associations, changes, entries)
        for index in sorted(each.indexes, key=lambda i: str(i.name))
    ]
    for index in indexes:
        connection.execute(DropIndex(index))
    triggers = _full_text_triggers(connection)
    for name in triggers:
        connection.execute(_DropTrigger(name))
    searched = sorted({name.removesuffix("_insert") for name in triggers if name.endswith("_insert")})
    yield len(indexes) + len(searched)
    for index in indexes:
        connection.execute(CreateIndex(index))
        if done is not None:
            done()
    for name in searched:
        words = table(name, column(name))
        connection.execute(insert(words).values({name: "rebuild"}))
        if done is not None:
            done()
    for statement in triggers.values():
        connection.exec_driver_sql(statement)


def _full_text_triggers(connection: Connection) -> dict[str, str]:
    """The triggers that keep SQLite's full text up, by name."""
    if connection.dialect.name != "sqlite":
        return {}
    master = table("sqlite_master", column("type"), column("name"), column("sql"))
    query = select(master.c.name, master.c.sql).where(
        master.c.type == "trigger", master.c.name.contains("_words_", autoescape=True)
    )
    return dict(connection.execute(query.order_by(master.c.name)).all())


def analyze(connection: Connection) -> None:
    """Let the database learn what it holds, so that it chooses the right indexes."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit=1000")  # a sample: all of it takes a minute and tells no more
    connection.exec_driver_sql("ANALYZE")
