"""Records of any object: lists, one record, its history, changes, the bin (LST, UND, REC)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_workspace.domain.columns import opening
from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import Permission, refusal
from cs_workspace.domain.query.binding import bind
from cs_workspace.domain.query.bound import Bound
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.domain.schema.values import json_value, print_value
from cs_workspace.store import history as history_store
from cs_workspace.store import lists, lookups, merges
from cs_workspace.store.lists import Key, Order
from cs_workspace.workspace import changing
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.names import query_context
from cs_workspace.workspace.references import References

PEOPLE = changing.PEOPLE
PAGE = 1_000  # rows in memory at a time


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a list: raw values, and text as people read it, by column."""

    id: int
    raw: Mapping[str, Any]
    text: Mapping[str, str]
    key: Key


def kind_of(tx: Tx, name: str) -> ObjectType:
    """The object type of this name. Raises NotFound with the nearest."""
    if name not in tx.schema.objects:
        raise NotFound(f"There is no object {name!r}.", nearest(name, tx.schema.objects))
    return tx.schema[name]


def property_of(kind: ObjectType, name: str) -> Property:
    """A property by internal name. Raises Invalid with the nearest."""
    if name not in kind.properties:
        raise Invalid(name, f"{kind.plural.lower()} have no such property", nearest(name, kind.properties))
    return kind.properties[name]


def default_columns(kind: ObjectType) -> tuple[str, ...]:
    """The columns a list opens with, and of what currency its amounts are."""
    names = opening(kind)
    return tuple(dict.fromkeys(("id", *names, *(p.currency for n in names if (p := kind.properties[n]).currency))))


def check_may(tx: Tx, kind: ObjectType, *, write: bool) -> None:
    """Users and teams are for super admins to change and for everybody to see; the rest is the workspace's (PER-1)."""
    reason = record_refusal(tx, kind, write=write)
    if reason is not None:
        verb = "change" if write else "see"
        raise Refused(f"{tx.actor.name} may not {verb} {kind.name}: it {reason}.", "Ask a super admin.")


def may_see(tx: Tx, kind: ObjectType) -> bool:
    """Whether the acting user may see this object's records."""
    return record_refusal(tx, kind, write=False) is None


def record_refusal(tx: Tx, kind: ObjectType, *, write: bool = False) -> str | None:
    """Why the acting user may not see, or change, this object's records (PER-1)."""
    permission = Permission.WORKSPACE
    if kind.name in PEOPLE:
        permission = Permission.PEOPLE if write else Permission.SESSION
    return refusal(tx.actor, permission)


def bound_query(tx: Tx, kind: ObjectType, text: str) -> Bound:
    """A query's meaning for this user now. Raises Invalid (QRY-4)."""
    return bind(parse(text), kind, query_context(tx))


def order_of(kind: ObjectType, sort: str) -> Order:
    """`name` or `-name`, several with commas; the title where nothing is asked for. Raises Invalid."""
    asked = [name.strip() for name in sort.split(",")]
    names = [f"-{kind.title}" if name == "-" else name for name in asked if name] or [kind.title]
    for name in (name.removeprefix("-") for name in names):
        if name != "id" and property_of(kind, name).type is PropertyType.ASSOCIATION:
            raise Invalid(name, "a list cannot be sorted by related records")
    return Order.by(*names)


@reads(Permission.SESSION)
def columns(tx: Tx, object: str) -> tuple[str, ...]:
    """The columns a list of this object opens with. Raises NotFound."""
    return default_columns(kind_of(tx, object))


@reads(Permission.SESSION)
def count(tx: Tx, object: str, query: str = "") -> int:
    """How many records match."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    return lists.count(tx.connection, tx.compiler(kind), bound_query(tx, kind, query).where)


@reads(Permission.SESSION)
def page(
    tx: Tx,
    object: str,
    query: str = "",
    *,
    columns: Sequence[str] = (),
    sort: str = "",
    limit: int = 100,
    after: Key | None = None,
    backwards: bool = False,
) -> list[Row]:
    """Rows of a list after a key, or the last ones before it; raises Invalid for a query that means nothing."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    chosen = tuple(columns) or default_columns(kind)
    for name in chosen:
        if name != "id":
            property_of(kind, name)
    needed = tuple(
        dict.fromkeys((*chosen, *(p.currency for n in chosen if (p := kind.properties.get(n)) and p.currency)))
    )
    found = lists.page(
        tx.connection,
        tx.compiler(kind),
        bound_query(tx, kind, query).where,
        order_of(kind, sort),
        needed,
        limit=limit,
        after=after,
        backwards=backwards,
    )
    references = References(tx)
    references.prefetch_titles(kind, found.rows)
    return [
        Row(row["id"], row, {name: text_of(kind, name, row, references) for name in chosen}, key)
        for row, key in zip(found.rows, found.keys, strict=True)
    ]


def text_of(kind: ObjectType, name: str, row: Mapping[str, Any], references: References) -> str:
    """One value of a record as people read it."""
    if name == "id":
        return str(row["id"])
    prop = kind.properties[name]
    return print_value(prop, row.get(name), references.edge, row.get(prop.currency) if prop.currency else None)


def json_of(kind: ObjectType, row: Mapping[str, Any], names: Sequence[str], references: References) -> dict[str, Any]:
    """Values of a record for machines, by internal name."""
    found: dict[str, Any] = {}
    for name in names:
        if name == "id":
            found["id"] = row["id"]
            continue
        prop = kind.properties[name]
        found[name] = json_value(
            prop, row.get(name), references.edge, row.get(prop.currency) if prop.currency else None
        )
    return found


@reads(Permission.SESSION)
def listing(
    tx: Tx, object: str, query: str = "", *, columns: Sequence[str] = (), sort: str = "", limit: int | None = None
) -> list[dict[str, Any]]:
    """All rows of a list for machines, in its order."""
    rows: list[dict[str, Any]] = []
    write_listing(tx, object, query, rows.append, columns=columns, sort=sort, limit=limit)
    return rows


@reads(Permission.SESSION)
def write_listing(
    tx: Tx,
    object: str,
    query: str,
    write: Callable[[dict[str, Any]], object],
    *,
    columns: Sequence[str] = (),
    sort: str = "",
    limit: int | None = None,
) -> None:
    """Hand over all rows of a list for machines, in its order, a page in memory at a time."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    chosen = tuple(columns) or default_columns(kind)
    for name in chosen:
        if name != "id":
            property_of(kind, name)
    needed = tuple(
        dict.fromkeys((*chosen, *(p.currency for n in chosen if (p := kind.properties.get(n)) and p.currency)))
    )
    where, order = bound_query(tx, kind, query).where, order_of(kind, sort)
    left = limit
    after: Key | None = None
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        found = lists.page(tx.connection, tx.compiler(kind), where, order, needed, limit=size, after=after)
        references = References(tx)
        references.prefetch_titles(kind, found.rows)
        for row in found.rows:
            write(json_of(kind, row, chosen, references))
        if len(found.rows) < size:
            return
        after = found.keys[-1]
        left = None if left is None else left - size


def find(tx: Tx, kind: ObjectType, reference: str) -> int:
    """A living record's id from an id, an external id, a unique key or an exact name. Raises NotFound."""
    references = References(tx)
    if reference.isascii() and reference.isdigit() and len(reference) < 19:
        record = merges.standing_for(tx.connection, kind.code, int(reference))
        if lookups.living(tx.connection, kind, [record]):
            return record
    pointer = Property(kind.name, kind.label, PropertyType.ASSOCIATION, target=kind.name, single=True)
    try:
        return references.records(pointer, reference)[0]
    except (Invalid, IndexError) as error:
        hint = error.hint if isinstance(error, Invalid) and "any of" in error.why else ""
        raise NotFound(f"There is no {kind.label.lower()} {reference!r}.", hint) from error


@reads(Permission.SESSION)
def ids_of(tx: Tx, object: str, references: Sequence[str]) -> list[int]:
    """The ids of living records by whatever names them. Raises NotFound, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    return [find(tx, kind, reference) for reference in references]


@reads(Permission.SESSION)
def owner_property(tx: Tx, object: str) -> str:
    """What says whose a record is. Raises NotFound, Invalid."""
    kind = kind_of(tx, object)
    if not kind.owner:
        raise Invalid(object, "belong to nobody")
    return kind.owner


def tx_rows(tx: Tx, kind: ObjectType, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Whole records by id, in the bin or not."""
    from cs_workspace.store.journal import read_rows

    return read_rows(tx.connection, tx.schema, kind.name, ids)


@reads(Permission.SESSION)
def show(tx: Tx, object: str, reference: str, as_of: int | None = None) -> dict[str, Any]:
    """All values of one record for machines, as they stood at an instant. Raises NotFound."""
    from cs_workspace.workspace.past import find_at

    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    row = find_at(tx, kind, reference, as_of)
    return json_of(kind, row, ("id", *kind.properties), References(tx))


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change as people read it."""

    at: int
    user: str
    source: str
    action: str
    kind: str
    property: str | None
    old: str
    new: str


@reads(Permission.SESSION)
def history(tx: Tx, object: str, reference: str, prop: str | None = None, limit: int = 1000) -> list[HistoryLine]:
    """What happened to a record or one of its properties, newest first (REC-1)."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    if prop is not None:
        property_of(kind, prop)
    record = find(tx, kind, reference)
    row_now = tx_rows(tx, kind, [record])[record]
    references = References(tx)
    people = tx.directory.people

    def text(name: str | None, value: Any) -> str:
        if name is None or name not in kind.properties:
            return "" if value is None else str(value)
        raw = tuple(value) if isinstance(value, list) else value
        return text_of(kind, name, {**row_now, name: raw}, references)

    return [
        HistoryLine(
            row.at,
            people[row.user].login if row.user in people else "system",
            row.source,
            row.label,
            row.kind,
            row.property,
            text(row.property, row.old),
            text(row.property, row.new),
        )
        for row in history_store.history(tx.connection, kind.code, record, prop, limit, whole=True)
    ]


def checked_names(kind: ObjectType, names: Sequence[str]) -> None:
    """Raise Invalid for a property that is not there or that nobody may write."""
    for name in names:
        if property_of(kind, name).computed:
            raise Invalid(name, "is calculated and cannot be set")


@writes(Permission.SESSION, "edit records")
def change_many(tx: Tx, object: str, references: Sequence[str], texts: Mapping[str, str]) -> int:
    """Give several records the same new values in one action; how many changed. Raises Invalid, Refused, NotFound."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=True)
    checked_names(kind, list(texts))
    return len(change_raw(tx, kind, {find(tx, kind, reference): texts for reference in references}))


@writes(Permission.SESSION, "edit a record")
def change(tx: Tx, object: str, reference: str, texts: Mapping[str, str]) -> tuple[int, bool]:
    """Give a record new values, written as text: its id and whether anything changed. Raises Invalid, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=True)
    checked_names(kind, list(texts))
    record = find(tx, kind, reference)
    return record, bool(change_raw(tx, kind, {record: texts}))


def change_raw(tx: Tx, kind: ObjectType, wanted: Mapping[int, Mapping[str, str]]) -> set[int]:
    """Change records by id within one action; what follows from a change is done with it. Raises Invalid."""
    planned = changing.plan(tx, kind, wanted)
    for error in planned.refused.values():
        raise error
    names = sorted({name for texts in wanted.values() for name in texts})
    what = (
        f"{len(wanted)} {kind.name}"
        if len(wanted) > 1
        else f"{kind.label.lower()} {_title(kind, planned.rows[next(iter(wanted))])}"
    )
    tx.describe(f"set {', '.join(names)} of {what}")
    return changing.carry_out(tx, kind, planned)


def _title(kind: ObjectType, row: Mapping[str, Any]) -> str:
    name = row.get("name") if kind.name == "contacts" else row.get(kind.title)
    return str(name or row["id"])


@writes(Permission.SESSION, "create a record")
def add(tx: Tx, object: str, texts: Mapping[str, str]) -> int:
    """Make a record from written values; its id. Raises Invalid, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=True)
    checked_names(kind, list(texts))
    values = References(tx).parse(kind, texts, None)
    tx.describe(f"create {kind.label.lower()} {values.get(kind.title) or ''}".strip())
    return changing.make(tx, kind, values)


@writes(Permission.SESSION, "delete a record")
def delete(tx: Tx, object: str, references: Sequence[str]) -> int:
    """Put records into the bin; how many were not there yet (UND-4)."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=True)
    if kind.name == "users":
        raise Invalid("users", "cannot be deleted", "Deactivate the user instead.")
    ids = list(dict.fromkeys(find(tx, kind, reference) for reference in references))
    rows = tx_rows(tx, kind, ids[:1])
    what = f"{len(ids):,} {kind.name}" if len(ids) > 1 else f"{kind.label.lower()} {_title(kind, rows[ids[0]])}"
    tx.describe(f"delete {what}")
    done = tx.journal.delete(kind.name, ids)
    if kind.name in PEOPLE:
        tx.reload()
    return len(done)
