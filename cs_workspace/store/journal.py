"""The one place where rows change: each change is written with its journal entry, in the same transaction (UND-1).

Property history, undo, conflict detection, incremental goals and live screens all read what is written here.
Creating a record is one change, not one per property.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from cs_workspace.domain.errors import NotFound
from cs_workspace.domain.schema.derived import Facts, derive
from cs_workspace.domain.schema.model import ObjectType, PropertyType, Schema
from cs_workspace.store.account import load_facts
from cs_workspace.store.rates import rederive_amounts
from cs_workspace.store.tables.records import associations, custom_records
from cs_workspace.store.tables.registry import JOURNALED, code_of
from cs_workspace.store.tables.system import changes, entries

T = TypeVar("T")
BATCH = 1000  # rows per statement


class Kind(StrEnum):
    """What happened to a record."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    RESTORED = "restored"
    MERGED = "merged"  # put into the bin in favour of another one, which the new value names (REC-4)


@dataclass(frozen=True, slots=True)
class Entry:
    """One user action: when, by whom, from where, in words; `undoes` names the entry it takes back (UND-2)."""

    at: int
    user: int | None
    source: str
    label: str
    undoes: int | None = None
    undoable: bool = True


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


@dataclass(slots=True)
class Journal:
    """Changes rows within one write transaction and writes down what changed."""

    connection: Connection
    schema: Schema
    entry: Entry
    entry_id: int | None = None  # known once something changed
    touched: set[tuple[str, int]] = field(default_factory=set)  # what a message to the user may count
    _next_ids: dict[Any, int] = field(default_factory=dict)
    _facts: Facts | None = None

    # --- what callers do

    def create(self, name: str, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert records of the object or table `name` and give their ids, in order."""
        kind = self.schema.objects.get(name)
        ids: list[int] = []
        table = self._table(name)
        for batch in batches(rows):
            first = self._allocate(name, len(batch))
            numbered = list(enumerate(batch, first))
            if kind is None:
                self.connection.execute(insert(table), self._even([{"id": i, **row} for i, row in numbered]))
            else:
                self.connection.execute(insert(table), self._even([self._new_row(kind, i, row) for i, row in numbered]))
                self._associate(kind, numbered)
            self._write((name, i, Kind.CREATED, None, None, None) for i, _ in numbered)
            ids += [i for i, _ in numbered]
        if name == "stages":
            self._facts = None
        return ids

    def update(self, name: str, values: Mapping[int, Mapping[str, Any]]) -> set[int]:
        """Give records new values; returns the ids that really changed. Raises NotFound."""
        kind = self.schema.objects.get(name)
        changed: set[int] = set()
        for ids in batches(values):
            before = self.rows(name, ids)
            missing = [i for i in ids if i not in before]
            if missing:
                raise NotFound(f"There is no {kind.label.lower() if kind else name} {missing[0]}.")
            written: list[tuple[str, int, Kind, str | None, Any, Any]] = []
            updates: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
            linked: list[tuple[int, dict[str, Any]]] = []
            for i in ids:
                old = before[i]
                new = {key: value for key, value in values[i].items() if old.get(key) != value}
                if not new:
                    continue
                changed.add(i)
                written += ((name, i, Kind.CHANGED, key, old.get(key), value) for key, value in new.items())
                columns = self._changed_columns(kind, old, new) if kind else dict(new)
                updates[tuple(sorted(columns))].append({"_id": i, **columns})
                if kind:
                    linked.append((i, new))
            self._apply(self._table(name), updates)
            if kind:
                self._associate(kind, linked, replace=True)
            self._write(written)
            if name == "account" and any(prop == "rates" for _, _, _, prop, _, _ in written):
                self._facts = None
                rederive_amounts(self.connection, self.facts)
        return changed

    def delete(self, name: str, ids: Iterable[int]) -> set[int]:
        """Put records into the bin, associations and all (UND-4). Returns those that were not there."""
        return self._bin(name, ids, Kind.DELETED)

    def merge(self, name: str, former: int, into: int) -> bool:
        """Put a record into the bin in favour of another one; whether it was not there yet (REC-4)."""
        return bool(self._bin(name, [former], Kind.MERGED, into))

    def restore(self, name: str, ids: Iterable[int]) -> set[int]:
        """Take records out of the bin."""
        return self._bin(name, ids, Kind.RESTORED)

    def rows(self, name: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Records by id with all their values, custom ones and associations too, in the bin or not."""
        return read_rows(self.connection, self.schema, name, ids)

    # --- how

    def _table(self, name: str) -> Table:
        return JOURNALED.get(name, custom_records)

    def code(self, name: str) -> int:
        """The number the journal gives rows of this object or table."""
        kind = self.schema.objects.get(name)
        return kind.code if kind else code_of(name)

    @property
    def facts(self) -> Facts:
        """Stages and rates as they stand in this transaction."""
        if self._facts is None:
            self._facts = load_facts(self.connection)
        return self._facts

    def _allocate(self, name: str, count: int) -> int:
        """The first of `count` ids never used before; the journal remembers purged ones."""
        table = self._table(name)
        if table.name not in self._next_ids:
            highest = self.connection.scalar(select(func.max(table.c.id))) or 0
            if name in self.schema.objects:
                journaled = select(func.max(changes.c.record)).where(changes.c.object == self.code(name))
                highest = max(highest, self.connection.scalar(journaled) or 0)
            self._next_ids[table.name] = highest + 1
        first = self._next_ids[table.name]
        self._next_ids[table.name] += count
        return first

    def _new_row(self, kind: ObjectType, record: int, values: Mapping[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = {"id": record, "created_at": self.entry.at}
        custom: dict[str, Any] = {}
        for key, value in values.items():
            prop = kind.properties[key]
            if prop.type is PropertyType.ASSOCIATION:
                continue
            (custom if prop.custom else row)[key] = value
        if custom:
            row["custom"] = custom
        if kind.custom:
            row["object"] = kind.code
        row["updated_at"] = self.entry.at
        if "owner_assigned_at" in kind.properties and row.get(kind.owner) is not None:
            row["owner_assigned_at"] = self.entry.at
        row.update(derive(kind, row, self.facts))
        return row

    def _changed_columns(self, kind: ObjectType, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
        now = {**old, **new}
        columns: dict[str, Any] = {}
        for key, value in new.items():
            prop = kind.properties.get(key)
            if prop is None or prop.custom:
                columns["custom"] = self._custom_values(kind, now) or None
            elif prop.type is not PropertyType.ASSOCIATION:
                columns[key] = value
        columns["updated_at"] = self.entry.at
        if "owner_assigned_at" in kind.properties and kind.owner in new:
            columns["owner_assigned_at"] = None if new[kind.owner] is None else self.entry.at
        derived = derive(kind, now, self.facts)
        columns.update((key, value) for key, value in derived.items() if old.get(key) != value)
        return columns

    def _custom_values(self, kind: ObjectType, row: Mapping[str, Any]) -> dict[str, Any]:
        """Values of custom properties, those of deleted ones too: they come back with their property."""
        own = {*self._table(kind.name).c.keys(), *(name for name, p in kind.properties.items() if not p.custom)}
        return {name: value for name, value in row.items() if name not in own and value is not None}

    def _apply(self, table: Table, updates: Mapping[tuple[str, ...], list[dict[str, Any]]]) -> None:
        for columns, rows in updates.items():
            statement = update(table).where(table.c.id == bindparam("_id"))
            self.connection.execute(
                statement.values({c: bindparam(f"v_{c}") for c in columns}),
                [{"_id": row["_id"], **{f"v_{c}": row[c] for c in columns}} for row in rows],
            )

    def _associate(
        self, kind: ObjectType, rows: Iterable[tuple[int, Mapping[str, Any]]], *, replace: bool = False
    ) -> None:
        links: list[dict[str, Any]] = []
        for prop in kind.associations:
            target = self.schema[prop.target].code
            concerned = [(i, values[prop.name]) for i, values in rows if prop.name in values]
            if replace and concerned:
                gone = delete(associations).where(
                    associations.c.from_object == kind.code,
                    associations.c.from_id == bindparam("_id"),
                    associations.c.to_object == target,
                )
                self.connection.execute(gone, [{"_id": i} for i, _ in concerned])
            links += (
                {"from_object": kind.code, "from_id": i, "to_object": target, "to_id": to, "rank": rank}
                for i, ids in concerned
                for rank, to in enumerate(ids or ())
            )
        for batch in batches(links):
            self.connection.execute(insert(associations), batch)

    def _bin(self, name: str, ids: Iterable[int], kind: Kind, new: Any = None) -> set[int]:
        table = self._table(name)
        into_bin = kind is not Kind.RESTORED
        done: set[int] = set()
        for batch in batches(ids):
            wanted = select(table.c.id).where(table.c.id.in_(batch))
            state = table.c.deleted_at.is_(None) if into_bin else table.c.deleted_at.is_not(None)
            found = list(self.connection.scalars(wanted.where(state)))
            if not found:
                continue
            values = {"deleted_at": self.entry.at if into_bin else None}
            self.connection.execute(update(table).where(table.c.id.in_(found)).values(values))
            self._write((name, i, kind, None, None, new) for i in found)
            done.update(found)
        return done

    def _write(self, rows: Iterable[tuple[str, int, Kind, str | None, Any, Any]]) -> None:
        noted = list(rows)
        if not noted:
            return
        entry = self.begin()
        if "changes" not in self._next_ids:
            self._next_ids["changes"] = (self.connection.scalar(select(func.max(changes.c.id))) or 0) + 1
        for batch in batches(noted):
            first = self._next_ids["changes"]
            self._next_ids["changes"] += len(batch)
            self.connection.execute(
                insert(changes),
                [
                    {
                        "id": number,
                        "entry": entry,
                        "object": self.code(name),
                        "record": record,
                        "kind": str(kind),
                        "property": prop,
                        "old": old,
                        "new": new,
                    }
                    for number, (name, record, kind, prop, old, new) in enumerate(batch, first)
                ],
            )
        self.touched.update((name, record) for name, record, *_ in noted)

    def begin(self) -> int:
        """The entry's id; the entry is written when the first change is."""
        if self.entry_id is None:
            self.entry_id = (self.connection.scalar(select(func.max(entries.c.id))) or 0) + 1
            self.connection.execute(
                insert(entries).values(
                    id=self.entry_id,
                    at=self.entry.at,
                    user=self.entry.user,
                    source=self.entry.source,
                    label=self.entry.label,
                    undoes=self.entry.undoes,
                    undoable=self.entry.undoable,
                )
            )
        return self.entry_id

    @staticmethod
    def _even(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The same keys in every row, as one insert of many needs them."""
        keys = dict.fromkeys(key for row in rows for key in row)
        return [{key: row.get(key) for key in keys} for row in rows]


def read_rows(connection: Connection, schema: Schema, name: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Records by id with all their values, custom ones and associations too, in the bin or not."""
    kind = schema.objects.get(name)
    table = JOURNALED.get(name, custom_records)
    found: dict[int, dict[str, Any]] = {}
    for batch in batches(ids):
        for row in connection.execute(select(table).where(table.c.id.in_(batch))).mappings():
            values = dict(row)
            if kind:
                values.update(values.pop("custom") or {})
                values.update((prop.name, ()) for prop in kind.associations)
            found[values["id"]] = values
        if kind and kind.associations:
            for record, prop, ids_ in read_links(connection, schema, kind, batch):
                if record in found:
                    found[record][prop] = ids_
    return found


def read_links(
    connection: Connection, schema: Schema, kind: ObjectType, ids: Sequence[int]
) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """Association values of records: (record, property, ids in order)."""
    properties = {schema[prop.target].code: prop.name for prop in kind.associations}
    a = associations.c
    rows = connection.execute(
        select(a.from_id, a.to_object, a.to_id)
        .where(a.from_object == kind.code, a.from_id.in_(ids))
        .order_by(a.from_id, a.to_object, a.rank)
    )
    gathered: dict[tuple[int, int], list[int]] = defaultdict(list)
    for record, target, to in rows:
        gathered[record, target].append(to)
    for (record, target), found in gathered.items():
        if target in properties:
            yield record, properties[target], tuple(found)
