"""Which records belong to which: added and removed from either side, one of them first (REC-6).

A property of one side holds the relation. From that side it goes by the property's name, `companies`; from the other by
the object that has it as well, `contacts.companies`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType, Property
from cs_workspace.store import lookups
from cs_workspace.store.related import pointing_at
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.naming import Naming
from cs_workspace.workspace.panels import HAPPENED
from cs_workspace.workspace.record_page import living_row
from cs_workspace.workspace.records import PEOPLE, check_may, may_see, tx_rows

SHOWN = 50  # records of one relation that are listed
_NOTES = ("domain", "email", "stage", "status", "job_title", "kind")  # what tells two records of one name apart


@dataclass(frozen=True, slots=True)
class Relation:
    """A way in which records of an object belong to records of another one, seen from one side.

    `holder` has the property; `other` is the object on the far side.
    """

    key: str
    label: str
    holder: ObjectType
    prop: Property
    other: ObjectType
    is_own: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A record: its name, and something that tells it from others of that name."""

    id: int
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """A record that belongs to another one; the holder puts one `first` where it has `several`."""

    record: Named
    first: bool
    several: bool


@dataclass(frozen=True, slots=True)
class Links:
    """What belongs to a record by one relation: how many there are, and the first of them."""

    relation: Relation
    total: int
    linked: tuple[Linked, ...]


@reads(Permission.SESSION)
def links(tx: Tx, object: str, id: int) -> list[Links]:
    """All relations of a record's object that the user may see, with what belongs to it. Raises NotFound, Refused."""
    kind, row = living_row(tx, object, id)
    found = []
    for relation in relations(tx, kind):
        other = relation.other
        if relation.is_own:
            alive = lookups.living(tx.connection, other, row[relation.prop.name])
            ids = [each for each in row[relation.prop.name] if each in alive]
            first, total = set(ids[:1]), len(ids)
            several = set(ids if total > 1 else ())
        else:
            pointing = pointing_at(tx.connection, other, kind, id, dated_by="created_at", limit=SHOWN)
            ids, total = list(pointing.ids), pointing.total
            held = {i: each[relation.prop.name] for i, each in tx_rows(tx, other, ids).items()}
            first = {i for i, each in held.items() if each[:1] == (id,)}
            several = {i for i, each in held.items() if len(each) > 1}
        known = {each.id: each for each in _described(tx, other, ids[:SHOWN])}
        found.append(
            Links(relation, total, tuple(Linked(known[each], each in first, each in several) for each in ids[:SHOWN]))
        )
    return found


@writes(Permission.SESSION, "add related records")
def link(tx: Tx, object: str, id: int, relation: str, others: Sequence[int]) -> int:
    """Let records belong to this one; how many did not yet. One that takes one only gives up the one it had."""
    side = _side(tx, object, id, relation, others)

    def wanted(held: tuple[int, ...], added: Sequence[int]) -> tuple[int, ...]:
        together = (*held, *(each for each in added if each not in held))
        return together[-1:] if side.relation.prop.single else together

    return _write(tx, side, "add", "to", {i: wanted(held, added) for i, held, added in side.holders})


@writes(Permission.SESSION, "remove related records")
def unlink(tx: Tx, object: str, id: int, relation: str, others: Sequence[int]) -> int:
    """Let records belong to this one no longer; how many did."""
    side = _side(tx, object, id, relation, others)
    values = {i: tuple(each for each in held if each not in gone) for i, held, gone in side.holders}
    return _write(tx, side, "remove", "from", values)


@writes(Permission.SESSION, "choose the primary record")
def make_primary(tx: Tx, object: str, id: int, relation: str, other: int) -> int:
    """Put one of several first: of what this record holds, or this record among what the other one holds."""
    side = _side(tx, object, id, relation, [other])
    values = {}
    for holder, held, (chosen,) in side.holders:
        values[holder] = (chosen, *(each for each in held if each != chosen))
        if chosen not in held:
            raise Invalid(
                side.relation.prop.name, "only what belongs to a record can be its primary one", "Add it first."
            )
    return _write(tx, side, "make", "primary for", values)


def relations(tx: Tx, kind: ObjectType) -> list[Relation]:
    """How records of this object may belong to others, as far as the user may see those.

    People have their own ways, and what happened with a record is said where it is logged.
    """
    own = [
        Relation(prop.name, prop.label, kind, prop, tx.schema[prop.target], is_own=True)
        for prop in kind.associations
        if prop.target not in PEOPLE
    ]
    pointing = [
        Relation(f"{other.name}.{prop.name}", other.plural, other, prop, other, is_own=False)
        for other in tx.schema.objects.values()
        for prop in other.associations
        if prop.target == kind.name and other.name not in {*PEOPLE, *HAPPENED}
    ]
    return [each for each in (*own, *pointing) if may_see(tx, each.other)]


@dataclass(frozen=True, slots=True)
class _Side:
    """What is written: of each holder its id, what it holds, and which of that is meant."""

    kind: ObjectType
    row: Mapping[str, Any]
    relation: Relation
    others: tuple[int, ...]
    holders: tuple[tuple[int, tuple[int, ...], tuple[int, ...]], ...]


def _side(tx: Tx, object: str, id: int, key: str, others: Sequence[int]) -> _Side:
    kind, row = living_row(tx, object, id)
    known = {each.key: each for each in relations(tx, kind)}
    if key not in known:
        raise Invalid(key, f"{kind.plural.lower()} are not related by it", nearest(key, known))
    relation = known[key]
    check_may(tx, relation.holder, write=True)
    ids = tuple(dict.fromkeys(others))
    missing = set(ids) - lookups.living(tx.connection, relation.other, ids)
    if missing:
        raise NotFound(f"There is no {relation.other.label.lower()} {min(missing)}.", "It may have been deleted.")
    name = relation.prop.name
    if relation.is_own:
        if relation.prop.single and len(ids) > 1:
            raise Invalid(name, "takes one only")
        if kind is relation.other and id in ids:
            raise Invalid(name, f"a {kind.label.lower()} cannot belong to itself")
        return _Side(kind, row, relation, ids, ((id, row[name], ids),))
    rows = tx.journal.rows(relation.holder.name, ids)
    return _Side(kind, row, relation, ids, tuple((i, rows[i][name], (id,)) for i in ids))


def _write(tx: Tx, side: _Side, verb: str, how: str, values: Mapping[int, tuple[int, ...]]) -> int:
    """One entry for all; how many records are related otherwise than before."""
    names = {each.id: each.title for each in _described(tx, side.relation.other, side.others[:1])}
    other = side.relation.other
    what = (
        f"{other.label.lower()} {names[side.others[0]]}"
        if len(side.others) == 1
        else f"{len(side.others)} {other.name}"
    )
    where = f"{side.kind.label.lower()} {side.row.get(side.kind.title) or side.row['id']}"
    tx.describe(f"{verb} {what} {how} {where}")
    before = {i: held for i, held, _ in side.holders}
    tx.journal.update(side.relation.holder.name, {i: {side.relation.prop.name: ids} for i, ids in values.items()})
    if side.relation.is_own:
        (held,), (now,) = before.values(), values.values()
        return max(len(set(held) - set(now)), len(set(now) - set(held))) or int(held != now)
    return sum(before[i] != ids for i, ids in values.items())


def _described(tx: Tx, kind: ObjectType, ids: Sequence[int]) -> list[Named]:
    rows = tx_rows(tx, kind, ids)
    naming = Naming(tx)
    note = next((kind.properties[name] for name in _NOTES if name in kind.properties), None)

    def told(row: Mapping[str, Any]) -> str:
        value = naming.readable(note, row.get(note.name)) if note else None
        return next((each.label for each in (note.options if note else ()) if each.name == value), str(value or ""))

    return [Named(i, str(rows[i].get(kind.title) or f"#{i}"), told(rows[i])) for i in ids]
