"""What belongs to a record: what it points at and what points at it, by object (REC-6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_workspace.domain.schema.model import ObjectType, Property
from cs_workspace.store import lookups
from cs_workspace.store.related import pointing_at
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.naming import Naming
from cs_workspace.workspace.panels import HAPPENED
from cs_workspace.workspace.records import may_see, tx_rows

_DATED = {
    "companies": "last_activity_at",
    "contacts": "last_activity_at",
    "deals": "close_date",
    "services": "target_end_date",
    "subscriptions": "end_date",
    "tasks": "due_at",
}
_STATE = ("stage", "status", "outcome", "job_title", "lifecycle_stage", "kind")  # the first that a kind has
_FACT = ("email", "amount", "priority", "mrr", "domain")  # the first that a kind has


@dataclass(frozen=True, slots=True)
class Related:
    """A record that belongs to another one, and what there is to say of it in a line."""

    kind: ObjectType
    id: int
    title: str
    state: Property | None
    state_value: Any
    dated: Property
    date: int | None
    owner: str
    fact: Property | None = None
    fact_value: Any = None
    currency: str | None = None  # of the fact
    is_primary: bool = False  # of a contact and a company: one is the main one of the other (REC-6)


@dataclass(frozen=True, slots=True)
class Group:
    """Records that belong to another one in the same way: how many there are, and the first of them."""

    label: str
    total: int
    rows: tuple[Related, ...]
    object: str = ""


def groups(
    tx: Tx,
    naming: Naming,
    kind: ObjectType,
    row: Mapping[str, Any],
    moment: int | None,
    limit: int,
    more: Mapping[str, int],
) -> list[Group]:
    """Records of other objects that the user may see: `limit` of each object at most, or as many as `more` says."""
    found: list[Group] = []
    for prop in kind.associations:
        target = tx.schema[prop.target]
        if may_see(tx, target):
            alive = lookups.living(tx.connection, target, row[prop.name])
            ids = [each for each in row[prop.name] if each in alive]
            main = frozenset(ids[:1] if {kind.name, target.name} == {"contacts", "companies"} else ())
            shown = ids[: more.get(target.name, limit)]
            found.append(_group(tx, naming, prop.label, target, len(ids), shown, main))
    for other in tx.schema.objects.values():
        points = any(prop.target == kind.name for prop in other.associations)
        if points and other.name not in HAPPENED and may_see(tx, other):
            count = more.get(other.name, limit)
            dated = _dated_by(other)
            at = pointing_at(tx.connection, other, kind, row["id"], dated_by=dated, limit=count, until=moment)
            main = at.primary if {kind.name, other.name} == {"contacts", "companies"} else frozenset()
            found.append(_group(tx, naming, other.plural, other, at.total, at.ids, main))
    return [group for group in found if group.rows]


def _group(
    tx: Tx, naming: Naming, label: str, kind: ObjectType, total: int, ids: Sequence[int], main: frozenset[int]
) -> Group:
    rows = tx_rows(tx, kind, ids)
    state, fact = (_first(kind, names) for names in (_STATE, _FACT))
    dated = kind.properties[_dated_by(kind)]
    found = [
        Related(
            kind,
            row["id"],
            str(row.get(kind.title) or ""),
            state,
            naming.readable(state, row.get(state.name)) if state else None,
            dated,
            row.get(dated.name),
            naming.user(row.get(kind.owner)) if kind.owner else "",
            fact,
            row.get(fact.name) if fact else None,
            row.get(fact.currency) if fact and fact.currency else None,
            row["id"] in main,
        )
        for row in map(rows.__getitem__, ids)
    ]
    return Group(label, total, tuple(found), kind.name)


def _first(kind: ObjectType, names: Sequence[str]) -> Property | None:
    return next((kind.properties[name] for name in names if name in kind.properties), None)


def _dated_by(kind: ObjectType) -> str:
    return "at" if "at" in kind.properties and not kind.custom else _DATED.get(kind.name, "created_at")
