"""One record as its page shows it: what it holds, what belongs to it, and what happened to it (REC-1).

Values are raw, so that a screen can write them as people read them; only what stands for something else, a user, a
stage or another record, is given by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs_workspace.domain.errors import NotFound
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType, Property
from cs_workspace.store import history, lookups
from cs_workspace.store import timeline as timeline_store
from cs_workspace.store.journal import Kind
from cs_workspace.store.merges import standing_for
from cs_workspace.store.timeline import Key
from cs_workspace.workspace import belonging
from cs_workspace.workspace.belonging import Group
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.naming import Naming
from cs_workspace.workspace.panels import HAPPENED, Layout, layout_of
from cs_workspace.workspace.past import moment_shown, row_at
from cs_workspace.workspace.records import check_may, kind_of, may_see, tx_rows

RELATED = 50  # records of one object at most
CHANGES = 100  # changes read at once
ITEMS = 50  # of what happened, read at once
_TIMELINE = (*HAPPENED, "tasks")


@dataclass(frozen=True, slots=True)
class Record:
    """A record and its values by property, as far as it has any; `as_of` is when, where that is not now."""

    kind: ObjectType
    id: int
    title: str
    values: Mapping[str, Any]
    raw: Mapping[str, Any] = field(default_factory=dict)  # with ids, as an editor needs them
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happened with a record. `what` is what a contact did, such as `page view`."""

    key: Key  # before which older ones are read on
    kind: ObjectType
    id: int
    at: int
    title: str
    what: str
    state: Property | None
    state_value: Any
    owner: str
    contact: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A record in the bin: when it was deleted, and by whom."""

    kind: ObjectType
    id: int
    title: str
    at: int
    user: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that a record's page or panel shows, read at once."""

    record: Record
    layout: Layout
    items: tuple[Item, ...]
    groups: tuple[Group, ...]
    changes: tuple[Change, ...]
    is_followed: bool
    trend: tuple[tuple[int, int], ...]  # of its health: instants and scores, the oldest first


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a record; `prop` is none where it was made, deleted or restored as a whole.

    `former` is what the record is called that the change is of, where that was merged into this one (REC-4).
    """

    id: int
    at: int
    user: str
    source: str
    action: str
    kind: str
    prop: Property | None
    old: Any
    new: Any
    former: str = ""


@reads(Permission.SESSION)
def record(tx: Tx, object: str, id: int, as_of: int | None = None) -> Record:
    """A record with all its values, as it stood at an instant. Raises NotFound, Refused."""
    return _record(Naming(tx), *_row(tx, object, id, as_of))


@reads(Permission.SESSION)
def related(
    tx: Tx, object: str, id: int, as_of: int | None = None, limit: int = RELATED, more: Mapping[str, int] | None = None
) -> list[Group]:
    """What the record points at and what points at it, as far as the user may see it. Raises NotFound, Refused.

    Of each object there are `limit` at most, or as many as `more` says. At an earlier time it is what the record itself
    pointed at then, and of those that point at it now the ones that were there by then.
    """
    kind, row, moment = _row(tx, object, id, as_of)
    return belonging.groups(tx, Naming(tx), kind, row, moment, limit, more or {})


@reads(Permission.SESSION)
def timeline(
    tx: Tx, object: str, id: int, before: Key | None = None, limit: int = ITEMS, as_of: int | None = None
) -> list[Item]:
    """What happened with a record, newest first, from the item before on. Raises NotFound, Refused.

    Calls, e-mails, meetings, notes and tasks that belong to it, and what its contacts did.
    """
    kind, row, moment = _row(tx, object, id, as_of)
    return _timeline(tx, Naming(tx), kind, row["id"], moment, before, limit)


@reads(Permission.SESSION)
def changes(
    tx: Tx,
    object: str,
    id: int,
    before: int | None = None,
    limit: int = CHANGES,
    as_of: int | None = None,
    prop: str | None = None,
) -> list[Change]:
    """What was changed of a record, or of one property, newest first, from the change `before` on.

    Raises NotFound, Refused.
    """
    kind, row, moment = _row(tx, object, id, as_of)
    return _changes(tx, Naming(tx), kind, row["id"], moment, before, limit, prop)


@reads(Permission.SESSION)
def page(
    tx: Tx,
    object: str,
    id: int,
    as_of: int | None = None,
    *,
    items: int = ITEMS,
    related: int = RELATED,
    more: Mapping[str, int] | None = None,
    changes: int = CHANGES,
) -> Page:
    """A record with all that its page shows, so much of each. Raises NotFound, Refused."""
    from cs_workspace.workspace import follows, health

    kind, row, moment = _row(tx, object, id, as_of)
    id = row["id"]  # noqa: A001 - of the one it was merged into, if it was
    naming = Naming(tx)
    layout = layout_of(tx, kind)
    with_trend = "health" in kind.properties and moment is None
    return Page(
        _record(naming, kind, row, moment),
        layout,
        tuple(_timeline(tx, naming, kind, id, moment, None, items) if items else ()),
        _in_order(layout, belonging.groups(tx, naming, kind, row, moment, related, more or {})),
        tuple(_changes(tx, naming, kind, id, moment, None, changes) if changes else ()),
        follows.is_following(tx, object, id),
        tuple(health.trend(tx, object, id)) if with_trend else (),
    )


@reads(Permission.SESSION)
def gone(tx: Tx, object: str, id: int) -> Gone:
    """Who deleted a record. Raises NotFound where it is not in the bin, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    row = tx_rows(tx, kind, [id]).get(id)
    if row is None or row["deleted_at"] is None:
        raise NotFound(f"There is no {kind.label.lower()} {id} in the bin.")
    found = history.history(tx.connection, kind.code, id, None, None)
    last = next((each for each in found if each.kind == Kind.DELETED), None)
    at, user = (row["deleted_at"], "system") if last is None else (last.at, Naming(tx).person(last.user))
    return Gone(kind, id, str(row.get(kind.title) or ""), at, user)


def _row(tx: Tx, object: str, id: int, as_of: int | None) -> tuple[ObjectType, dict[str, Any], int | None]:
    """A record's values at an instant, and the instant where that is not now."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    row = tx_rows(tx, kind, [id]).get(id)
    if row is None or (kind.custom and row["object"] != kind.code):
        return _instead(tx, kind, id, as_of)
    moment = moment_shown(tx, kind, id, as_of)
    if moment is not None:
        row = row_at(tx, kind, row, moment)
    if row["deleted_at"] is not None:
        if standing_for(tx.connection, kind.code, id) != id:
            return _instead(tx, kind, id, as_of)
        hint = "It stays in the bin for 90 days; whoever deleted it takes that back with u."
        raise NotFound(f"The {kind.label.lower()} {row.get(kind.title) or id} was deleted.", hint)
    return kind, row, moment


def _instead(tx: Tx, kind: ObjectType, id: int, as_of: int | None) -> tuple[ObjectType, dict[str, Any], int | None]:
    """The record that one was merged into (REC-4)."""
    into = standing_for(tx.connection, kind.code, id)
    if into == id:
        raise NotFound(f"There is no {kind.label.lower()} {id}.", "Its list shows those that are there.")
    return _row(tx, kind.name, into, as_of)


def _record(naming: Naming, kind: ObjectType, row: Mapping[str, Any], moment: int | None) -> Record:
    naming.references.prefetch_titles(kind, [row])
    values = {name: naming.readable(p, row.get(name)) for name, p in kind.properties.items()}
    filled = {name: value for name, value in values.items() if value not in (None, "")}
    return Record(kind, row["id"], str(row.get(kind.title) or ""), filled, row, moment)


def _in_order(layout: Layout, groups: Sequence[Group]) -> tuple[Group, ...]:
    return tuple(group for name in layout.related for group in groups if group.object == name)


def _timeline(
    tx: Tx, naming: Naming, kind: ObjectType, id: int, moment: int | None, before: Key | None, limit: int
) -> list[Item]:
    kinds = {each.code: each for name in _TIMELINE if may_see(tx, each := tx.schema[name])}
    rows = timeline_store.timeline(
        tx.connection, list(kinds.values()), kind, id, limit=limit, before=before, until=moment
    )
    contacts = timeline_store.contacts_of(tx.connection, rows)
    names = naming.references.titles("contacts", set(contacts.values()))
    found = []
    for row in rows:
        each = kinds[row.object]
        state = next((each.properties[n] for n in ("status", "outcome", "tool") if n in each.properties), None)
        contact = names.get(contacts.get((row.object, row.id), 0), "")
        what = (row.what or each.label).replace("_", " ")
        owner = naming.user(row.owner)
        found.append(Item(row.key, each, row.id, row.at, row.title or "", what, state, row.state, owner, contact))
    return found


def _changes(
    tx: Tx,
    naming: Naming,
    kind: ObjectType,
    id: int,
    moment: int | None,
    before: int | None,
    limit: int,
    prop: str | None = None,
) -> list[Change]:
    rows = history.history(tx.connection, kind.code, id, prop, limit, before, until=moment, whole=moment is None)
    formers = lookups.titles(tx.connection, kind, {each.record for each in rows} - {id})
    named = [{each.property: value} for each in rows if each.property for value in (each.old, each.new)]
    naming.references.prefetch_titles(kind, named)
    found = []
    for each in rows:
        one = kind.properties.get(each.property or "")
        old, new = (naming.readable(one, value) for value in (each.old, each.new))
        user = naming.person(each.user)
        former = "" if each.record == id else formers.get(each.record) or f"#{each.record}"
        found.append(Change(each.id, each.at, user, each.source, each.label, each.kind, one, old, new, former))
    return found


def living_row(tx: Tx, object: str, id: int) -> tuple[ObjectType, dict[str, Any]]:
    """A living record with its object type. Raises NotFound with what became of it, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    row = tx_rows(tx, kind, [id]).get(id)
    if row is not None and id in lookups.living(tx.connection, kind, [id]):
        return kind, row
    into = standing_for(tx.connection, kind.code, id)
    if into != id:
        now = lookups.titles(tx.connection, kind, [into]).get(into) or f"#{into}"
        raise NotFound(f"The {kind.label.lower()} {(row or {}).get(kind.title) or id} was merged into {now}.")
    if row is not None and row["deleted_at"] is not None:
        hint = "It stays in the bin for 90 days; whoever deleted it takes that back with u."
        raise NotFound(f"The {kind.label.lower()} {row.get(kind.title) or id} was deleted.", hint)
    raise NotFound(f"There is no {kind.label.lower()} {id}.", "Its list shows those that are there.")
