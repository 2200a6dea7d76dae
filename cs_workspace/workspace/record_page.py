"""One record as its page shows it: what it holds, what belongs to it, and what happened to it (REC-1).

Values are raw, so that a screen can write them as people read them; only what stands for something else, a user, a
stage or another record, is given by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_workspace.domain.errors import NotFound
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.store import history, lookups
from cs_workspace.store.related import pointing_at
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.records import check_may, kind_of, may_see, tx_rows
from cs_workspace.workspace.references import References

T = PropertyType
RELATED = 50  # records of one object at most
CHANGES = 100  # changes read at once
_DATED = {
    "companies": "last_activity_at",
    "contacts": "last_activity_at",
    "deals": "close_date",
    "services": "target_end_date",
    "subscriptions": "end_date",
    "tasks": "due_at",
}
_STATE = ("stage", "status", "outcome", "job_title", "lifecycle_stage", "kind")  # the first that a kind has


@dataclass(frozen=True, slots=True)
class Record:
    """A record and its values by property, as far as it has any."""

    kind: ObjectType
    id: int
    title: str
    values: Mapping[str, Any]


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


@dataclass(frozen=True, slots=True)
class Group:
    """Records that belong to another one in the same way: how many there are, and the first of them."""

    label: str
    total: int
    rows: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a record; `prop` is none where it was made, deleted or restored as a whole."""

    id: int
    at: int
    user: str
    source: str
    action: str
    kind: str
    prop: Property | None
    old: Any
    new: Any


@reads(Permission.SESSION)
def record(tx: Tx, object: str, id: int) -> Record:
    """A living record with all its values. Raises NotFound, Refused."""
    kind, row = _living(tx, object, id)
    naming = _Naming(tx)
    naming.references.prefetch_titles(kind, [row])
    values = {name: naming.readable(p, row.get(name)) for name, p in kind.properties.items()}
    return Record(kind, id, str(row.get(kind.title) or ""), {n: v for n, v in values.items() if v not in (None, "")})


@reads(Permission.SESSION)
def related(tx: Tx, object: str, id: int) -> list[Group]:
    """What the record points at and what points at it, as far as the user may see it. Raises NotFound, Refused."""
    kind, row = _living(tx, object, id)
    naming = _Naming(tx)
    groups: list[Group] = []
    for prop in kind.associations:
        target = tx.schema[prop.target]
        if may_see(tx, target):
            alive = lookups.living(tx.connection, target, row[prop.name])
            ids = [each for each in row[prop.name] if each in alive]
            groups.append(_group(tx, naming, prop.label, target, len(ids), ids[:RELATED]))
    for other in tx.schema.objects.values():
        if may_see(tx, other) and any(prop.target == kind.name for prop in other.associations):
            found = pointing_at(tx.connection, other, kind, id, dated_by=_dated_by(other), limit=RELATED)
            groups.append(_group(tx, naming, other.plural, other, found.total, found.ids))
    return [group for group in groups if group.rows]


@reads(Permission.SESSION)
def changes(tx: Tx, object: str, id: int, before: int | None = None, limit: int = CHANGES) -> list[Change]:
    """What happened to the record, newest first, from the change `before` on. Raises NotFound, Refused."""
    kind, _ = _living(tx, object, id)
    rows = history.history(tx.connection, kind.code, id, None, limit, before)
    naming = _Naming(tx)
    named = [{each.property: value} for each in rows if each.property for value in (each.old, each.new)]
    naming.references.prefetch_titles(kind, named)
    people = tx.directory.people
    found = []
    for each in rows:
        prop = kind.properties.get(each.property or "")
        old, new = (naming.readable(prop, value) for value in (each.old, each.new))
        user = (people[each.user].name or people[each.user].login) if each.user in people else "system"
        found.append(Change(each.id, each.at, user, each.source, each.label, each.kind, prop, old, new))
    return found


def _living(tx: Tx, object: str, id: int) -> tuple[ObjectType, dict[str, Any]]:
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    row = tx_rows(tx, kind, [id]).get(id)
    if row is not None and id in lookups.living(tx.connection, kind, [id]):
        return kind, row
    if row is not None and row["deleted_at"] is not None:
        hint = "It stays in the bin for 90 days; whoever deleted it takes that back with u."
        raise NotFound(f"The {kind.label.lower()} {row.get(kind.title) or id} was deleted.", hint)
    raise NotFound(f"There is no {kind.label.lower()} {id}.", "Its list shows those that are there.")


def _group(tx: Tx, naming: _Naming, label: str, kind: ObjectType, total: int, ids: Sequence[int]) -> Group:
    rows = tx_rows(tx, kind, ids)
    state = next((kind.properties[name] for name in _STATE if name in kind.properties), None)
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
        )
        for row in map(rows.__getitem__, ids)
    ]
    return Group(label, total, tuple(found))


def _dated_by(kind: ObjectType) -> str:
    return "at" if "at" in kind.properties and not kind.custom else _DATED.get(kind.name, "created_at")


class _Naming:
    """What users, pipelines, stages and related records are called."""

    def __init__(self, tx: Tx) -> None:
        self.references = References(tx)
        self._people = tx.directory.people

    def user(self, raw: Any) -> str:
        """A user as colleagues say it."""
        if raw is None:
            return ""
        person = self._people.get(raw)
        return (person.name or person.login) if person else f"#{raw}"

    def readable(self, prop: Property | None, raw: Any) -> Any:
        """A raw value, or the name of what it stands for."""
        if prop is None or raw is None:
            return raw
        match prop.type:
            case T.USER:
                return self.user(raw)
            case T.PIPELINE | T.STAGE:
                return self.references.name(prop, raw)
            case T.ASSOCIATION:
                titles = self.references.titles(prop.target, raw)
                return ", ".join(titles.get(each) or f"#{each}" for each in raw)
            case _:
                return raw
