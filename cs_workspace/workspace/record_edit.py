"""Editing a record's properties in place: what was seen is held against what is there, so that nothing is lost (REC-7).

Two people who change different properties never meet. Who changes a property that somebody else changed since he began
gets it back as a clash: what he wrote, what the other wrote, and what stood there before both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.domain.schema.values import print_value
from cs_workspace.store.history import Last, last_changes
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.naming import Naming
from cs_workspace.workspace.record_page import living_row
from cs_workspace.workspace.records import change_raw, check_may, checked_names, property_of, record_refusal

T = PropertyType
PLACE = ("pipeline", "stage")  # one value of two properties
COMPUTED = "is calculated: it follows from other values and cannot be typed"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen for a property: the text that is written, and how it is called."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Editable:
    """A property of a record as somebody begins to edit it.

    `text` reads back as the value; `seen` is what `change` wants to know later; `locked` says why it cannot be edited.
    """

    kind: ObjectType
    id: int
    title: str
    prop: Property
    raw: Any
    text: str
    seen: Mapping[str, Any]
    currency: str = ""  # of money
    choices: tuple[Choice, ...] = ()
    locked: str = ""

    @property
    def may_be_empty(self) -> bool:
        """Whether the record can be without it."""
        return not self.prop.required


@dataclass(frozen=True, slots=True)
class Clash:
    """A property that somebody else changed since it was seen.

    The three values are as a screen shows them: raw, or the name of what they stand for. Each has the texts that
    `change` takes to make it stand, together with `seen`, which is theirs.
    """

    prop: Property
    mine: Any
    theirs: Any
    original: Any
    texts: Mapping[str, str]
    original_texts: Mapping[str, str]
    seen: Mapping[str, Any]
    currency: str = ""
    who: str = ""
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The properties that were changed, and those that were left alone because somebody else was first."""

    changed: tuple[str, ...]
    clashes: tuple[Clash, ...] = ()


@reads(Permission.SESSION)
def editable(tx: Tx, object: str, id: int, prop: str) -> Editable:
    """A property of a record, ready to be edited. Raises NotFound, Invalid, Refused."""
    kind, row = living_row(tx, object, id)
    found = property_of(kind, prop)
    naming = Naming(tx)
    reason = record_refusal(tx, kind, write=True)
    return Editable(
        kind,
        id,
        str(row.get(kind.title) or ""),
        found,
        row.get(prop),
        _written(naming, row, found),
        {name: row.get(name) for name in _parts_of(kind, prop)},
        _currency(tx, found, row),
        _choices(tx, kind, found, row),
        f"{found.label} {COMPUTED}." if found.computed else f"Not yours to edit: it {reason}." if reason else "",
    )


@writes(Permission.SESSION, "edit a record")
def change(tx: Tx, object: str, id: int, texts: Mapping[str, str], seen: Mapping[str, Any]) -> Edited:
    """Give a record new values, written as text, as far as each is still what was `seen` (raw, by property).

    A property that is not in `seen` is written whatever it holds. To settle a clash, call it again with the texts of
    the value that shall stand and the clash's `seen`. Raises Invalid, Refused, NotFound: then nothing is changed.
    """
    kind, row = living_row(tx, object, id)
    check_may(tx, kind, write=True)
    checked_names(kind, list(texts))
    naming = Naming(tx)
    began = {name: _raw(value) for name, value in seen.items()}
    wanted = dict(texts)
    if wanted.get("stage", "").strip() and not wanted.get("pipeline", "").strip():
        # A stage is chosen among those of the pipeline that was seen.
        seen_one = began.get("pipeline", row.get("pipeline"))
        wanted["pipeline"] = next((each.label for each in tx.pipelines if each.id == seen_one), "")
    new = naming.references.parse(kind, wanted, row)
    clashes: list[Clash] = []
    for part in _parts(kind, new):
        moved = any(name in began and row.get(name) != began[name] for name in part)
        if moved and any(row.get(name) != new[name] for name in part):
            clashes.append(_clash(tx, naming, kind, row, began, new, part, {n: wanted[n] for n in part if n in wanted}))
    left = {name for clash in clashes for name in clash.seen}
    kept = {name: text for name, text in texts.items() if name not in left}
    if kept:
        change_raw(tx, kind, {id: kept})
    changed = tuple(name for name, value in new.items() if name not in left and row.get(name) != value)
    return Edited(changed, tuple(clashes))


def _parts(kind: ObjectType, names: Iterable[str]) -> list[tuple[str, ...]]:
    """The names, those that are one value together."""
    return list(dict.fromkeys(_parts_of(kind, name) for name in names))


def _parts_of(kind: ObjectType, name: str) -> tuple[str, ...]:
    return PLACE if name in PLACE and kind.has_pipeline else (name,)


def _clash(
    tx: Tx,
    naming: Naming,
    kind: ObjectType,
    row: Mapping[str, Any],
    began: Mapping[str, Any],
    new: Mapping[str, Any],
    part: tuple[str, ...],
    texts: Mapping[str, str],
) -> Clash:
    before = {**row, **{name: began[name] for name in part if name in began}}
    prop = kind.properties[part[-1]]
    states = ({**row, **new}, row, before)
    if len({state[part[0]] for state in states}) > 1 and len(part) > 1:
        mine, theirs, original = (
            " · ".join(str(naming.readable(kind.properties[name], state.get(name))) for name in part)
            for state in states
        )
    else:
        mine, theirs, original = (naming.readable(prop, state.get(prop.name)) for state in states)
    last = last_changes(tx.connection, kind.code, [row["id"]], prop.name).get(row["id"], Last(None, None))
    return Clash(
        prop,
        mine,
        theirs,
        original,
        texts,
        {name: _written(naming, before, kind.properties[name]) for name in part},
        {name: row.get(name) for name in part},
        _currency(tx, prop, row),
        naming.user(last.user) if last.user in tx.directory.people else "",
        last.at,
    )


def _written(naming: Naming, row: Mapping[str, Any], prop: Property) -> str:
    """A value as text that reads back as the same one, whatever other records are called."""
    raw = row.get(prop.name)
    if prop.type is T.ASSOCIATION:
        return ";".join(f"#{each}" for each in raw or ())
    return print_value(prop, raw, naming.references.edge, row.get(prop.currency) if prop.currency else None)


def _currency(tx: Tx, prop: Property, row: Mapping[str, Any]) -> str:
    if prop.type is not T.MONEY:
        return ""
    return (row.get(prop.currency) if prop.currency else None) or tx.account.currency


def _choices(tx: Tx, kind: ObjectType, prop: Property, row: Mapping[str, Any]) -> tuple[Choice, ...]:
    match prop.type:
        case T.ENUMERATION:
            return tuple(Choice(each.name, each.label) for each in prop.options)
        case T.BOOLEAN:
            return Choice("yes", "yes"), Choice("no", "no")
        case T.USER:
            people = sorted((p for p in tx.directory.people.values() if p.active), key=lambda p: p.name.casefold())
            return tuple(Choice(each.login, each.name or each.login) for each in people)
        case T.PIPELINE:
            return tuple(Choice(each.label, each.label) for each in tx.pipelines if each.object == kind.code)
        case T.STAGE:
            place = next((each for each in tx.pipelines if each.id == row.get("pipeline")), None)
            return tuple(Choice(each.label, each.label) for each in (place.stages if place else ()))
        case _:
            return ()


def _raw(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
