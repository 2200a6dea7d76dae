"""Giving records out so that they find back: what they refer to is named so that an import understands it (IMP-6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cs_workspace.domain.goals.targets import target_number
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.domain.schema.values import json_value
from cs_workspace.domain.selection import Selection
from cs_workspace.store import lists, lookups
from cs_workspace.store.journal import batches
from cs_workspace.store.lists import Key
from cs_workspace.workspace import goals
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.import_plan import ID, TARGETS
from cs_workspace.workspace.records import bound_query, check_may, kind_of, order_of, property_of, tx_rows
from cs_workspace.workspace.references import References
from cs_workspace.workspace.selections import resolve

PAGE = 1000
Write = Callable[[Mapping[str, Any]], None]


@reads(Permission.SESSION)
def columns(tx: Tx, object: str) -> tuple[str, ...]:
    """The columns of an export that names none: everything. Raises NotFound."""
    if object == TARGETS.name:
        return tuple(TARGETS.properties)
    return (ID, *kind_of(tx, object).properties)


@reads(Permission.SESSION)
def records(tx: Tx, object: str, query: str, columns: Sequence[str], sort: str, write: Write) -> None:
    """All rows of a list, one after another, as they stand at one moment. Raises Invalid, NotFound, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    for name in columns:
        if name != ID:
            property_of(kind, name)
    currencies = (p.currency for name in columns if (p := kind.properties.get(name)) and p.currency)
    needed = tuple(dict.fromkeys((*columns, *currencies)))
    where, order = bound_query(tx, kind, query).where, order_of(kind, sort)
    references = References(tx)
    after: Key | None = None
    while True:
        found = lists.page(tx.connection, tx.compiler(kind), where, order, needed, limit=PAGE, after=after)
        names = _names(tx, kind, columns, found.rows)
        for row in found.rows:
            write({name: _value(kind, name, row, references, names) for name in columns})
        if len(found.rows) < PAGE:
            return
        after = found.keys[-1]


@reads(Permission.SESSION)
def selected(tx: Tx, selection: Selection, columns: Sequence[str], sort: str, write: Write) -> None:
    """The rows of some records in the order that is asked for: all of a query, or those that are marked.

    Raises Invalid, NotFound, Refused.
    """
    if selection.query is not None:
        records(tx, selection.object, selection.query, columns, sort, write)
        return
    kind = kind_of(tx, selection.object)
    check_may(tx, kind, write=False)
    references = References(tx)
    ids = lists.in_order(tx.connection, tx.compiler(kind), resolve(tx, selection), order_of(kind, sort))
    for batch in batches(ids, PAGE):
        found = tx_rows(tx, kind, batch)
        rows = [found[each] for each in batch]
        names = _names(tx, kind, columns, rows)
        for row in rows:
            write({name: _value(kind, name, row, references, names) for name in columns})


@reads(Permission.GOALS_VIEW)
def targets(tx: Tx, query: str, columns: Sequence[str], write: Write) -> None:
    """The targets of the goals the actor may see, a row for each slice."""
    for name in columns:
        property_of(TARGETS, name)
    rows = goals.progress(tx, query)
    shared: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        shared[row.goal.name].add(row.goal.id)
    for row in rows:
        target = row.slice.target
        values = {
            "goal": row.goal.name if len(shared[row.goal.name]) == 1 else str(row.goal.id),
            "contributor": row.contributor_login or row.contributor_name,
            "slice": row.slice.label,
            "target": None if target is None else target_number(target, row.kpi.unit, tx.account.currency),
        }
        write({name: values[name] for name in columns})


def _value(
    kind: ObjectType,
    name: str,
    row: Mapping[str, Any],
    references: References,
    names: Mapping[str, Mapping[int, str]],
) -> Any:
    if name == ID:
        return row["id"]
    prop = kind.properties[name]
    if prop.type is PropertyType.ASSOCIATION:
        known = names[prop.target]
        return [known[i] for i in row.get(name) or () if i in known]
    return json_value(prop, row.get(name), references.edge, row.get(prop.currency) if prop.currency else None)


def _names(
    tx: Tx, kind: ObjectType, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> dict[str, dict[int, str]]:
    """What living related records are called: the title where it means this record alone, else the number."""
    wanted: dict[str, set[int]] = {p.target: set() for p in kind.associations if p.name in columns}
    for row in rows:
        for prop in kind.associations:
            if prop.name in columns:
                wanted[prop.target].update(row.get(prop.name) or ())
    found: dict[str, dict[int, str]] = {}
    for target, ids in wanted.items():
        other = tx.schema[target]
        titles = lookups.titles(tx.connection, other, lookups.living(tx.connection, other, ids))
        references = References(tx)
        pointer = Property(target, other.label, PropertyType.ASSOCIATION, target=target)
        sayable = {i: title for i, title in titles.items() if _is_sayable(title)}
        meant = references.meant(pointer, sayable.values())
        found[target] = {i: title if meant.get(sayable.get(i, "")) == [i] else f"#{i}" for i, title in titles.items()}
    return found


def _is_sayable(title: str) -> bool:
    """Not mistaken for several names or for a number, and the same after a spreadsheet's trimming."""
    return bool(title) and ";" not in title and title[0] != "#" and title == title.strip()
