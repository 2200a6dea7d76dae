"""Custom properties of an object: made, called otherwise, given other options, taken away; values stay (REC-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.query.bound import InSet
from cs_workspace.domain.query.folding import squash
from cs_workspace.domain.schema.custom import (
    RESERVED,
    check_label,
    check_name,
    options_of,
    property_name,
    property_type,
)
from cs_workspace.domain.schema.model import ObjectType, Option, Property, PropertyType
from cs_workspace.store import lists
from cs_workspace.store.properties import custom_properties, taken_names
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.records import PEOPLE, check_may, kind_of


@dataclass(frozen=True, slots=True)
class PropertyLine:
    """A property of an object, standard or custom."""

    object: str
    prop: Property


@reads(Permission.SESSION)
def listing(tx: Tx, object: str | None = None) -> list[PropertyLine]:
    """All properties of an object, or the custom ones of all objects. Raises NotFound, Refused."""
    if object is None:
        return [
            PropertyLine(kind.name, prop)
            for kind in tx.schema.objects.values()
            for prop in kind.properties.values()
            if prop.custom
        ]
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    return [PropertyLine(kind.name, prop) for prop in kind.properties.values()]


@writes(Permission.SETTINGS, "add a property")
def add(
    tx: Tx, object: str, label: str, type: str = "text", *, options: Sequence[str] = (), name: str | None = None
) -> str:
    """Make a custom property; its internal name. Raises NotFound, Invalid."""
    kind = _kind(tx, object)
    label = check_label("label", label)
    chosen = property_type(type)
    _check_free_label(kind, label)
    taken = taken_names(tx.connection, kind) | RESERVED
    if name is None:
        name = property_name(label, taken)
    else:
        check_name(name)
        if name in kind.properties:
            raise Invalid("name", f"{kind.plural.lower()} have a property {name!r} already", "Choose another name.")
        if name in taken:
            hint = "Choose another name, or take the deletion back with u."
            raise Invalid("name", f"{name!r} is taken: a deleted property may have had it", hint)
    row = {"object": kind.code, "name": name, "label": label, "type": str(chosen), "options": None}
    if chosen is PropertyType.ENUMERATION:
        row["options"] = _pairs(options_of(options))
    elif options:
        raise Invalid("options", f"are of an enumeration, and this is {chosen}")
    tx.describe(f"add property {label} of {kind.name}")
    tx.journal.create("properties", [row])
    tx.reload()
    return name


@writes(Permission.SETTINGS, "change a property")
def change(tx: Tx, object: str, name: str, *, label: str | None = None, options: Sequence[str] | None = None) -> bool:
    """Call a custom property otherwise, or give it other options; whether anything changed. Raises NotFound, Invalid.

    An option is its label, or `NAME=LABEL` to call one that is there otherwise; those that are not named are gone.
    """
    kind, prop, row = _custom(tx, object, name)
    values: dict[str, Any] = {}
    if label is not None:
        label = check_label("label", label)
        _check_free_label(kind, label, but=name)
        values["label"] = label
    if options is not None:
        if prop.type is not PropertyType.ENUMERATION:
            raise Invalid("options", f"are of an enumeration, and {prop.label} is {prop.type}")
        wanted = options_of(options, prop.options)
        _check_unused(tx, kind, prop, {each.name for each in wanted})
        values["options"] = _pairs(wanted)
    tx.describe(f"change property {prop.label} of {kind.name}")
    changed = bool(tx.journal.update("properties", {row: values}))
    tx.reload()
    return changed


@writes(Permission.SETTINGS, "delete a property")
def delete(tx: Tx, object: str, name: str) -> None:
    """Take a custom property away; undo brings it back with all its values. Raises NotFound, Invalid."""
    kind, prop, row = _custom(tx, object, name)
    tx.describe(f"delete property {prop.label} of {kind.name}")
    tx.journal.delete("properties", [row])
    tx.reload()


def _kind(tx: Tx, object: str) -> ObjectType:
    kind = kind_of(tx, object)
    if kind.name in PEOPLE:
        raise Invalid("object", f"{kind.plural.lower()} have no custom properties")
    return kind


def _custom(tx: Tx, object: str, name: str) -> tuple[ObjectType, Property, int]:
    kind = _kind(tx, object)
    own = [each for each in kind.properties.values() if each.custom]
    for each in custom_properties(tx.connection, kind.code):
        if each.name == name and not each.is_deleted:
            return kind, kind.properties[name], each.id
    if name in kind.properties:
        raise Invalid("name", f"{name} comes with every store and stays as it is")
    hint = nearest(name, (each.name for each in own))
    raise Invalid("name", f"{kind.plural.lower()} have no custom property {name!r}", hint)


def _check_free_label(kind: ObjectType, label: str, but: str = "") -> None:
    for each in kind.properties.values():
        if each.name != but and squash(each.label) == squash(label):
            raise Invalid("label", f"{kind.plural.lower()} have a property {each.label!r} already", "Choose another.")


def _check_unused(tx: Tx, kind: ObjectType, prop: Property, kept: set[str]) -> None:
    """An option that records have is not taken from them."""
    for option in prop.options:
        if option.name not in kept:
            used = lists.count(tx.connection, tx.compiler(kind), InSet(prop, frozenset({option.name})))
            if used:
                what = f"{used:,} {(kind.label if used == 1 else kind.plural).lower()}"
                raise Invalid("options", f"{option.label!r} is the value of {what}", "Give them another one first.")


def _pairs(options: Sequence[Option]) -> list[list[str]]:
    return [[each.name, each.label] for each in options]
