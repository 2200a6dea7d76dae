"""What the panel of an object shows, and in which order (CUS-11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store import panels as store
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.records import kind_of

ACTIVITIES = ("notes", "calls", "emails", "meetings", "tasks")  # that are logged by hand, as they are offered
HAPPENED = ("calls", "emails", "meetings", "notes", "activities")  # shown as what happened, not as what belongs
_FIRST = ("contacts", "deals", "tickets", "services", "subscriptions", "tasks", "companies")  # of what belongs to one
_PROPERTIES = {
    "companies": "domain owner lifecycle_stage renewal_date arr sentiment phone country industry employees",
    "contacts": "email phone job_title companies owner first_name last_name",
    "deals": "pipeline stage amount close_date owner deal_type companies contacts",
    "tickets": "pipeline stage priority category owner companies contacts",
    "services": "pipeline stage status owner start_date target_end_date cost companies",
    "subscriptions": "pipeline stage owner mrr billing_frequency start_date end_date companies",
    "tasks": "status due_at type priority assignee companies contacts notes",
    "calls": "at direction outcome duration owner companies contacts body",
    "emails": "at direction outcome owner companies contacts body",
    "notes": "at owner companies contacts body",
    "meetings": "at starts_at ends_at location url outcome owner companies contacts body",
    "activities": "kind at contact tool sequence",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Names in order: properties, kinds of activity that are offered, and objects whose records are listed."""

    properties: tuple[str, ...]
    activities: tuple[str, ...]
    related: tuple[str, ...]


@reads(Permission.SESSION)
def layout(tx: Tx, object: str) -> Layout:
    """What the panel of an object shows. Raises NotFound."""
    return layout_of(tx, kind_of(tx, object))


def layout_of(tx: Tx, kind: ObjectType) -> Layout:
    """The same within a transaction; what is named there and gone is left out."""
    chosen = store.find(tx.connection, kind.code)
    own = default(tx, kind)
    if chosen is None:
        return own
    return Layout(
        own.properties if chosen.properties is None else _known(chosen.properties, kind.properties),
        own.activities if chosen.activities is None else _known(chosen.activities, ACTIVITIES),
        own.related if chosen.related is None else _known(chosen.related, relatable(tx, kind)),
    )


def _known(names: Iterable[str], offered: Iterable[str]) -> tuple[str, ...]:
    there = set(offered)
    return tuple(name for name in names if name in there)


def default(tx: Tx, kind: ObjectType) -> Layout:
    """What it shows where nobody chose: what is looked at and edited most."""
    named = _PROPERTIES.get(kind.name)
    properties = named.split() if named else [p.name for p in kind.properties.values() if not p.computed]
    custom = (p.name for p in kind.properties.values() if p.custom)
    names = (name for name in dict.fromkeys((*properties, *custom)) if name != kind.title)
    related = relatable(tx, kind)
    return Layout(tuple(names), ACTIVITIES, tuple(sorted(related, key=_rank)))


def _rank(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def relatable(tx: Tx, kind: ObjectType) -> tuple[str, ...]:
    """The objects whose records may belong to one of this object; what happened is a list of its own."""
    near = [prop.target for prop in kind.associations]
    near += (
        other.name
        for other in tx.schema.objects.values()
        if other.name not in HAPPENED and any(prop.target == kind.name for prop in other.associations)
    )
    return tuple(dict.fromkeys(near))


@reads(Permission.SESSION)
def relatable_to(tx: Tx, object: str) -> tuple[str, ...]:
    """The objects of which the panel may list records. Raises NotFound."""
    return relatable(tx, kind_of(tx, object))


@writes(Permission.SETTINGS, "choose what a panel shows")
def set_layout(
    tx: Tx,
    object: str,
    *,
    properties: Sequence[str] | None = None,
    activities: Sequence[str] | None = None,
    related: Sequence[str] | None = None,
) -> Layout:
    """Choose what the panel of an object shows; what is not given stays as it is. Raises Invalid."""
    kind = kind_of(tx, object)
    found = store.find(tx.connection, kind.code)
    given = {
        "properties": _chosen("properties", properties, [name for name in kind.properties if name != kind.title]),
        "activities": _chosen("activities", activities, ACTIVITIES),
        "related": _chosen("related", related, relatable(tx, kind)),
    }
    row = {name: names for name, names in given.items() if names is not None}
    tx.describe(f"choose what the panel of {kind.plural.lower()} shows")
    if found is not None:
        tx.journal.update("panels", {found.id: row})
    elif row:
        tx.journal.create("panels", [{"object": kind.code, **row}])
    return layout_of(tx, kind)


@writes(Permission.SETTINGS, "let a panel show what it shows by itself")
def reset(tx: Tx, object: str) -> Layout:
    """Take back what was chosen for the panel of an object. Raises NotFound."""
    kind = kind_of(tx, object)
    found = store.find(tx.connection, kind.code)
    tx.describe(f"let the panel of {kind.plural.lower()} show what it shows by itself")
    if found is not None:
        tx.journal.delete("panels", [found.id])
    return layout_of(tx, kind)


def _chosen(what: str, names: Sequence[str] | None, offered: Sequence[str]) -> list[str] | None:
    if names is None:
        return None
    for name in names:
        if name not in offered:
            raise Invalid(what, f"there is no {name!r} to show here", nearest(name, offered))
    return list(dict.fromkeys(names))
