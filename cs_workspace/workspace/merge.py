"""Making one record of two: the one that was begun from stands, the other one becomes a former name of it (REC-4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cs_workspace.domain import merging, rules
from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.merging import Choices, Standing
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store import follows as follow_store
from cs_workspace.store import linked, lookups, merges
from cs_workspace.workspace import following
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.records import PEOPLE, check_may, find, kind_of, property_of, text_of, tx_rows
from cs_workspace.workspace.references import References


@dataclass(frozen=True, slots=True)
class Merged:
    """One property: what both records say, what will stand, and both as people read them."""

    standing: Standing
    primary: str
    secondary: str
    result: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What would become of two records."""

    kind: ObjectType
    primary: int
    secondary: int
    primary_title: str
    secondary_title: str
    values: tuple[Merged, ...]
    moves: Mapping[str, int] = field(default_factory=dict)  # living records that move along, by object in words
    followers: int = 0  # who follows the secondary and not yet the primary

    @property
    def differing(self) -> tuple[Merged, ...]:
        """The properties of which the records say different things."""
        return tuple(each for each in self.values if each.standing.differs)


@reads(Permission.SESSION)
def two(tx: Tx, object: str, primary: str, secondary: str) -> tuple[int, int]:
    """The ids of two records from what people call them. Raises NotFound, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    return find(tx, kind, primary), find(tx, kind, secondary)


@reads(Permission.SESSION)
def preview(tx: Tx, object: str, primary: int, secondary: int, choices: Choices | None = None) -> MergePreview:
    """What would stand if two records were merged, and why. Raises Invalid, NotFound, Refused."""
    kind, a, b = _two(tx, object, primary, secondary, choices or {})
    references = References(tx)
    references.prefetch_titles(kind, (a, b))
    moves: dict[str, int] = {}
    pointing = linked.pointers(tx.connection, tx.schema, kind, b["id"])
    for name, other in tx.schema.objects.items():
        count = len(lookups.living(tx.connection, other, pointing.get(name, ())))
        if count:
            moves[(other.plural if count > 1 else other.label).lower()] = count
    return MergePreview(
        kind,
        a["id"],
        b["id"],
        _title(kind, a),
        _title(kind, b),
        tuple(_readable(kind, each, a, b, references) for each in merging.plan(kind, a, b, choices or {}).values()),
        moves,
        len(_new_followers(tx, kind, a["id"], b["id"])),
    )


@writes(Permission.SESSION, "merge records")
def merge(tx: Tx, object: str, primary: int, secondary: int, choices: Choices | None = None) -> int:
    """Make one record of two; how many other records moved along. Raises Invalid, NotFound, Refused.

    `choices` says by property whose value stands where the primary's would; what is kept regardless is kept.
    """
    kind, a, b = _two(tx, object, primary, secondary, choices or {})
    record, former = a["id"], b["id"]
    planned = merging.plan(kind, a, b, choices or {})
    values = {name: each.result for name, each in planned.items()}
    own = next((p.name for p in kind.associations if p.target == kind.name), None)
    if own is not None:  # a record does not belong to itself
        values[own] = tuple(each for each in values[own] if each not in (record, former))
    rules.check(kind, {**a, **values})
    tx.describe(f"merge {kind.label.lower()} {_title(kind, b)} into {_title(kind, a)}")
    tx.journal.merge(kind.name, former, record)  # first, so that its unique keys are free
    tx.journal.update(kind.name, {record: values})
    if values.get(kind.owner) != a.get(kind.owner):
        following.follow_owners(tx, kind, {record: values[kind.owner]})
    moved = _move_along(tx, kind, former, record)
    following.begin(tx, kind, ((user, record) for user in _new_followers(tx, kind, record, former)))
    return moved


def _two(
    tx: Tx, object: str, primary: int, secondary: int, choices: Choices
) -> tuple[ObjectType, dict[str, Any], dict[str, Any]]:
    """Both records as they stand. Raises Invalid for two that cannot be merged, NotFound, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=True)
    if kind.name in PEOPLE:
        raise Invalid(kind.name, "cannot be merged", "Change one of them and deactivate or delete the other.")
    for name in choices:
        property_of(kind, name)
    into = merges.all_standing_for(tx.connection, kind.code, (primary, secondary))
    a, b = into[primary], into[secondary]
    if a == b:
        raise Invalid(f"{kind.label.lower()} {a}", "cannot be merged with itself", "Name another record.")
    living = lookups.living(tx.connection, kind, (a, b))
    for each in (a, b):
        if each not in living:
            raise NotFound(f"There is no {kind.label.lower()} {each}.", "It may be in the bin.")
    rows = tx_rows(tx, kind, [a, b])
    return kind, rows[a], rows[b]


def _move_along(tx: Tx, kind: ObjectType, former: int, record: int) -> int:
    """Let everything that points at the former record point at the other one, in the same place, without doubles."""
    moved = 0
    for name, ids in linked.pointers(tx.connection, tx.schema, kind, former).items():
        other = tx.schema[name]
        prop = next(p.name for p in other.associations if p.target == kind.name)
        new = {
            i: {prop: tuple(dict.fromkeys(record if each == former else each for each in row[prop]))}
            for i, row in tx.journal.rows(name, [i for i in ids if (name, i) != (kind.name, record)]).items()
        }
        moved += len(tx.journal.update(name, new))
    return moved


def _new_followers(tx: Tx, kind: ObjectType, record: int, former: int) -> list[int]:
    already = set(follow_store.followers(tx.connection, kind.code, record))
    return [user for user in follow_store.followers(tx.connection, kind.code, former) if user not in already]


def _readable(
    kind: ObjectType, each: Standing, a: Mapping[str, Any], b: Mapping[str, Any], references: References
) -> Merged:
    name = each.prop.name

    def read(row: Mapping[str, Any]) -> str:
        return text_of(kind, name, row, references)

    first, second = read(a), read(b)
    if each.side == "both":
        return Merged(each, first, second, read({**a, name: each.result}))
    return Merged(each, first, second, first if each.side == "primary" else second)


def _title(kind: ObjectType, row: Mapping[str, Any]) -> str:
    return str(row.get(kind.title) or f"#{row['id']}")
