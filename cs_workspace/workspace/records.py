"""Records of any object: lists, one record, its history, changes, the bin (LST, UND, REC)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_workspace.domain import rules
from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import Permission, refusal
from cs_workspace.domain.query.binding import bind
from cs_workspace.domain.query.bound import Bound
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.domain.schema.values import json_value, print_value
from cs_workspace.store import history as history_store
from cs_workspace.store import lists
from cs_workspace.store.lists import Key, Order
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.names import query_context
from cs_workspace.workspace.references import References

PEOPLE = frozenset({"users", "teams"})
PAGE = 1_000  # rows in memory at a time
DEFAULT_COLUMNS: dict[str, tuple[str, ...]] = {
    "users": (
        "id",
        "login",
        "name",
        "email",
        "teams",
        "service_seat",
        "sales_seat",
        "goals_view",
        "goals_edit",
        "active",
    ),
    "teams": ("id", "name", "parent"),
    "companies": ("id", "name", "domain", "owner", "health", "renewal_date", "arr", "last_activity_at"),
    "contacts": ("id", "name", "email", "job_title", "companies", "owner"),
    "deals": ("id", "name", "pipeline", "stage", "amount", "currency", "close_date", "owner"),
    "tickets": ("id", "subject", "pipeline", "stage", "priority", "owner", "created_at", "closed_at"),
    "services": ("id", "name", "pipeline", "stage", "status", "owner", "start_date", "target_end_date"),
    "subscriptions": ("id", "name", "pipeline", "stage", "owner", "mrr", "currency", "end_date"),
    "tasks": ("id", "title", "type", "priority", "status", "due_at", "assignee"),
    "meetings": ("id", "title", "starts_at", "ends_at", "owner", "location"),
    "activities": ("id", "kind", "at", "title", "contact", "tool"),
}


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
    """The columns a list opens with."""
    return DEFAULT_COLUMNS.get(kind.name) or ("id", *(name for name in list(kind.properties)[:7]))


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
    """`name` or `-name`; the title where nothing is asked for. Raises Invalid."""
    name = sort.removeprefix("-") or kind.title
    if name != "id" and property_of(kind, name).type is PropertyType.ASSOCIATION:
        raise Invalid(name, "a list cannot be sorted by related records")
    return Order(name, descending=sort.startswith("-"))


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
        row = tx_rows(tx, kind, [int(reference)]).get(int(reference))
        if row is not None and row["deleted_at"] is None:
            return int(reference)
    pointer = Property(kind.name, kind.label, PropertyType.ASSOCIATION, target=kind.name, single=True)
    try:
        return references.records(pointer, reference)[0]
    except (Invalid, IndexError) as error:
        hint = error.hint if isinstance(error, Invalid) and "any of" in error.why else ""
        raise NotFound(f"There is no {kind.label.lower()} {reference!r}.", hint) from error


def tx_rows(tx: Tx, kind: ObjectType, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Whole records by id, in the bin or not."""
    from cs_workspace.store.journal import read_rows

    return read_rows(tx.connection, tx.schema, kind.name, ids)


@reads(Permission.SESSION)
def show(tx: Tx, object: str, reference: str) -> dict[str, Any]:
    """All values of one record for machines."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    row = tx_rows(tx, kind, [record := find(tx, kind, reference)])[record]
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
        for row in history_store.history(tx.connection, kind.code, record, prop, limit)
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
    """Change records by id within one action; what follows from a change is done with it."""
    references = References(tx)
    rows = tx.journal.rows(kind.name, wanted)
    values: dict[int, dict[str, Any]] = {}
    holders: dict[tuple[str, Any], int] = {}
    for record, texts in wanted.items():
        row = rows[record]
        new = references.parse(kind, texts, row)
        new.update(rules.follow_ups(kind, row, new, tx.journal.facts, tx.now))
        if kind.name == "users":
            _guard_user(tx, row, new)
        rules.check(kind, {**row, **new})
        check_unique(tx, kind, record, new)
        for key in kind.unique_keys:
            value = new.get(key.name)
            if value is not None and holders.setdefault((key.name, value), record) != record:
                raise Invalid(key.name, f"{value!r} cannot belong to several {kind.name}")
        values[record] = new
    names = sorted({name for texts in wanted.values() for name in texts})
    what = (
        f"{len(wanted)} {kind.name}"
        if len(wanted) > 1
        else f"{kind.label.lower()} {_title(kind, rows[next(iter(wanted))])}"
    )
    tx.describe(f"set {', '.join(names)} of {what}")
    if kind.name == "users" and any("active" in new for new in values.values()):
        _before_activity_changes(tx, [i for i, new in values.items() if new.get("active") != rows[i]["active"]])
    changed = tx.journal.update(kind.name, values)
    if kind.name in PEOPLE and changed:
        tx.reload()
    return changed


def _title(kind: ObjectType, row: Mapping[str, Any]) -> str:
    name = row.get("name") if kind.name == "contacts" else row.get(kind.title)
    return str(name or row["id"])


def _guard_user(tx: Tx, row: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    if new.get("active") is False or new.get("super_admin") is False:
        others = [p for p in tx.directory.people.values() if p.super_admin and p.active and p.id != row["id"]]
        if row["super_admin"] and not others:
            raise Invalid("super_admin", f"{row['name']} is the last super admin", "Make somebody else one first.")


def _before_activity_changes(tx: Tx, users: Sequence[int]) -> None:
    """The last values of somebody about to leave are calculated while they still count (GOL-41)."""
    from cs_workspace.workspace.calculation import catch_up_within

    if users:
        catch_up_within(tx)


def check_unique(tx: Tx, kind: ObjectType, record: int | None, values: Mapping[str, Any]) -> None:
    """Raise Invalid when another living record has the same key."""
    from cs_workspace.store import lookups

    for key in kind.unique_keys:
        value = values.get(key.name)
        if value is None:
            continue
        other = lookups.by_key(tx.connection, kind, key.name, [value]).get(value)
        if other is not None and other != record:
            raise Invalid(key.name, f"{value!r} belongs to {kind.label.lower()} {other} already")


@writes(Permission.SESSION, "create a record")
def add(tx: Tx, object: str, texts: Mapping[str, str]) -> int:
    """Make a record from written values; its id. Raises Invalid, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=True)
    checked_names(kind, list(texts))
    values = References(tx).parse(kind, texts, None)
    values.update(rules.defaults(kind, values, tx.now))
    values.update(rules.follow_ups(kind, None, values, tx.journal.facts, tx.now))
    values["created_at"] = values.get("created_at") or tx.now
    rules.check(kind, values)
    check_unique(tx, kind, None, values)
    tx.describe(f"create {kind.label.lower()} {values.get(kind.title) or ''}".strip())
    (record,) = tx.journal.create(kind.name, [values])
    if kind.name in PEOPLE:
        tx.reload()
    return record


@writes(Permission.SESSION, "delete a record")
def delete(tx: Tx, object: str, references: Sequence[str]) -> int:
    """Put records into the bin; how many were not there yet (UND-4)."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=True)
    if kind.name == "users":
        raise Invalid("users", "cannot be deleted", "Deactivate the user instead.")
    ids = [find(tx, kind, reference) for reference in references]
    tx.describe(f"delete {len(ids)} {kind.name}" if len(ids) > 1 else f"delete {kind.label.lower()} {ids[0]}")
    done = tx.journal.delete(kind.name, ids)
    if kind.name in PEOPLE:
        tx.reload()
    return len(done)
