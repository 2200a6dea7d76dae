"""Which record a row of a file is about (IMP-3): external id, then unique key, then exact name, then all it says.

Names alone say who somebody is for companies, contacts and users. Tickets, deals and activities share their names
with others; without a key such a row is the record that was made at the same instant under the same name, or the one
that says everything the row says. So a file without keys can be imported twice, and still never merges two of its rows.

A key or number of a record that was merged names the one that stands for it, and does not take its place (REC-4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs_workspace.domain.schema.model import ObjectType, PropertyType
from cs_workspace.store import lookups, merges
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.import_plan import Plan
from cs_workspace.workspace.import_values import Item

NAMED = frozenset({"companies", "contacts", "users"})  # teams have a unique name
BIRTH = {"tasks": "due_at", "calls": "at", "emails": "at", "meetings": "at", "notes": "at", "activities": "at"}

Says = Callable[[Item, Mapping[str, Any]], bool]  # whether a record has all the values of a row


def called(kind: ObjectType, values: Mapping[str, Any]) -> str | None:
    """What a record is called."""
    if kind.name == "contacts":
        return " ".join(p for p in (values.get("first_name"), values.get("last_name")) if p) or values.get("email")
    return values.get(kind.title)


@dataclass(slots=True)
class Matcher:
    """Finds the records of one import, batch by batch, and remembers what the file said already."""

    tx: Tx
    kind: ObjectType
    plan: Plan
    says: Says
    first_new: int | None = None  # the first id this import gave: what it made itself is no match
    _claimed: dict[str, dict[Any, int]] = field(default_factory=lambda: defaultdict(dict))  # key, value: line
    _names: dict[str, int] = field(default_factory=dict)
    _taken: dict[int, int] = field(default_factory=dict)  # record: line
    _found: dict[str, dict[Any, int]] = field(default_factory=dict)
    _former: dict[str, dict[Any, int]] = field(default_factory=dict)  # by a key that a merged record had
    _standing: dict[int, int] = field(default_factory=dict)  # by the number of a merged record
    _rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    _named: dict[str, list[int]] = field(default_factory=dict)
    _alike: dict[tuple[str, Any], list[int]] = field(default_factory=dict)

    keys: tuple[str, ...] = ()  # the unique ones, the external id first

    def __post_init__(self) -> None:
        self.keys = tuple(sorted((p.name for p in self.kind.unique_keys), key=lambda name: name != "external_id"))

    def look_up(self, items: Sequence[Item]) -> None:
        """Ask the store at once for all records these rows may be about."""
        connection, kind = self.tx.connection, self.kind
        self._found = {
            key: lookups.by_key(connection, kind, key, [i.raw[key] for i in items if key in i.raw]) for key in self.keys
        }
        for key, found in self._found.items():
            missing = {i.raw[key] for i in items if key in i.raw} - found.keys()
            self._former[key] = merges.former_by_key(connection, kind, key, missing)
        numbers = {number for i in items if (number := _number(i.id)) is not None}
        self._standing = merges.all_standing_for(connection, kind.code, numbers)
        wanted = {record for found in (*self._found.values(), *self._former.values()) for record in found.values()}
        wanted |= {*numbers, *self._standing.values()}
        keyless = [i for i in items if not i.id and not self._is_keyed(i)]
        self._named, self._alike = {}, {}
        if kind.name in NAMED:
            self._named = lookups.by_name(connection, kind, [n for i in keyless if (n := called(kind, i.raw))])
            wanted.update(record for ids in self._named.values() for record in ids)
        asked: dict[str, set[Any]] = defaultdict(set)
        for item in keyless:
            if (by := self._witness(item)) is not None:
                asked[by].add(item.raw[by])
        for by, values in asked.items():
            for value, ids in lookups.by_value(connection, kind, by, values).items():
                self._alike[by, value] = ids
                wanted.update(ids)
        self._rows = self.tx.journal.rows(kind.name, sorted(wanted))

    def is_by_former(self, item: Item) -> bool:
        """Whether a row names a record that was merged; what names the one that stands goes first."""
        number = _number(item.id)
        return self._standing.get(number or 0, number) != number or any(
            item.raw.get(key) in self._former[key] for key in self.keys
        )

    def row(self, record: int) -> dict[str, Any]:
        """A record that was found, as it stands in the store."""
        return self._rows[record]

    def holder(self, key: str, value: Any) -> int | None:
        """The living record that has this value of a unique key."""
        return self._found[key].get(value)

    def drop_former_keys(self, item: Item, record: int) -> None:
        """A record keeps its own keys where a row names it by those of one that was merged into it."""
        for key in self.keys:
            if self._rows[record].get(key) is not None and self._former[key].get(item.raw.get(key)) == record:
                del item.raw[key]

    def _is_keyed(self, item: Item) -> bool:
        said = ((key, item.raw.get(key)) for key in self.keys)
        return any(text in self._found[key] or text in self._former[key] for key, text in said)

    def find(self, item: Item) -> int | None:
        """The record a row is about, none when it is a new one; what speaks against the row is noted on it."""
        for key in self.keys:
            line = self._claimed[key].get(item.raw.get(key)) if key in item.raw else None
            if line is not None:
                item.fail(f"{key}: the same as on line {line}")
                return None
        record = self._by_number(item) if item.id else None
        for key in self.keys:
            found = self.holder(key, item.raw[key]) if key in item.raw else None
            if found is not None and record is not None and found != record:
                item.fail(f"{key}: {item.raw[key]!r} belongs to {self.kind.label.lower()} {found} already")
                return None
            record = found if record is None else record
        if record is None and not item.id:
            by_former = (self._former[key].get(item.raw.get(key)) for key in self.keys)
            record = next((i for i in by_former if i is not None and self._rows[i]["deleted_at"] is None), None)
        if record is None and not item.id and not item.problems:
            record = self._by_name(item) if self.kind.name in NAMED else None
            record = self._by_everything(item) if record is None else record
        if record is not None and record in self._taken:
            item.fail(f"the same {self.kind.label.lower()} as on line {self._taken[record]}")
        return record

    def accept(self, item: Item, record: int | None, values: Mapping[str, Any]) -> None:
        """Remember what a row that is taken said."""
        for key in self.keys:
            if values.get(key) is not None:
                self._claimed[key][values[key]] = item.line
        if record is not None:
            self._taken[record] = item.line
        if self.kind.name in NAMED and (name := called(self.kind, values)):
            self._names.setdefault(name, item.line)

    # --- how

    def _by_number(self, item: Item) -> int | None:
        label = self.kind.label.lower()
        number = _number(item.id)
        record = self._standing.get(number, number) if number is not None else None
        row = self._rows.get(record) if record is not None else None
        hint = "Say --map id=external_id if the ids are another program's"
        if row is None or row["deleted_at"] is not None:
            item.fail(f"id: there is no {label} {item.id}. {hint}.")
            return None
        if not self.plan.trust_ids and not self._witnessed(item, self._rows.get(number or 0, row)):
            item.fail(f"id: {label} {item.id} is another one here. {hint}, --map id=id if they are ours.")
            return None
        return record

    def _witnessed(self, item: Item, row: Mapping[str, Any]) -> bool:
        """Whether something besides the number says that this is the record."""
        names = {*self.keys, "created_at", self.kind.title, "first_name", "last_name", *BIRTH.values()}
        told = [name for name in names if name in item.raw]
        return not told or any(row.get(name) == item.raw[name] for name in told)

    def _may_be(self, item: Item, record: int) -> bool:
        """Not made by this file, and no key speaks against it."""
        if self.first_new is not None and record >= self.first_new:
            return False
        row = self._rows[record]
        return all(row.get(key) in (None, item.raw.get(key)) or key not in item.raw for key in self.keys)

    def _by_name(self, item: Item) -> int | None:
        name = called(self.kind, item.raw)
        if name is None:
            return None
        if not any(key in item.raw for key in self.keys) and name in self._names:
            item.fail(f"the same name as on line {self._names[name]}. Give {' or '.join(self.keys)}.")
            return None
        some = [record for record in self._named.get(name, ()) if self._may_be(item, record)]
        keyless = [record for record in some if not any(self._rows[record].get(key) for key in self.keys)]
        if len(some) > 1 and len(keyless) == 1:
            some = keyless  # what a row without a key made
        if len(some) > 1:
            item.fail(f"{name!r} may be any of {len(some)} {self.kind.name}. Give {' or '.join(self.keys)}.")
        return some[0] if len(some) == 1 else None

    def _witness(self, item: Item) -> str | None:
        """The value by which to look for the record of a row without a key."""
        if self.kind.name in NAMED and called(self.kind, item.raw):
            return None
        if any(key in item.raw for key in self.keys):
            return None
        scalar = [
            name
            for name in item.raw
            if not self.kind.properties[name].custom and self.kind.properties[name].type is not PropertyType.ASSOCIATION
        ]
        first = (BIRTH.get(self.kind.name, "created_at"), self.kind.title)
        return next((name for name in (*first, *scalar) if name in scalar), None)

    def _by_everything(self, item: Item) -> int | None:
        by = self._witness(item)
        if by is None:
            return None
        some = [
            record
            for record in self._alike.get((by, item.raw[by]), ())
            if record not in self._taken and self._may_be(item, record)
        ]
        same = next((record for record in some if self.says(item, self._rows[record])), None)
        if same is not None:
            return same
        birth, title = BIRTH.get(self.kind.name, "created_at"), self.kind.title
        if birth not in item.raw or title not in item.raw:
            return None
        twins = [r for r in some if self._rows[r].get(birth) == item.raw[birth]]
        return next((r for r in twins if self._rows[r].get(title) == item.raw[title]), None)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def faultless(items: Collection[Item]) -> list[Item]:
    """The rows nothing speaks against."""
    return [item for item in items if not item.problems]
