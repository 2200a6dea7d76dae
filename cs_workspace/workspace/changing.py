"""The one place where it is worked out what becomes of records that get new values, and what follows from it.

One record or thousands, from a screen, a command or a bulk action: values are read, held against the rules and written
the same way, in statements by set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs_workspace.domain import rules
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.schema.derived import Facts, derive
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store import lookups
from cs_workspace.store.account import load_facts
from cs_workspace.store.journal import read_rows
from cs_workspace.workspace import following
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.references import References

PEOPLE = frozenset({"users", "teams"})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change, by record; a record that stays as it is is in neither."""

    rows: Mapping[int, Row]  # as they stand
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    refused: dict[int, Invalid] = field(default_factory=dict)


def plan(tx: Tx, kind: ObjectType, wanted: Mapping[int, Mapping[str, str]]) -> Plan:
    """Work out what records become with what was written for each; what the rules refuse is left out and named."""
    reader, facts = _Reader(References(tx), kind), _facts(tx)
    found = Plan(tx_rows(tx, kind, wanted))
    for record, row in found.rows.items():
        try:
            asked = reader.read(wanted[record], row)
            if all(row.get(name) == value for name, value in asked.items()):
                continue
            new = asked | rules.follow_ups(kind, row, asked, facts, tx.now)
            rules.check(kind, {**row, **new})
            _check_worth(tx, kind, {**row, **new}, facts)
        except Invalid as error:
            found.refused[record] = error
        else:
            found.values[record] = new
    _refuse(found, shared_keys(tx, kind, found.values))
    if kind.name == "users":
        _refuse(found, _last_admins(tx, found))
    return found


def carry_out(tx: Tx, kind: ObjectType, planned: Plan) -> set[int]:
    """Write what was planned and what follows from it; the records that really changed."""
    values = planned.values
    if kind.name == "users":
        gone = [i for i, new in values.items() if "active" in new and new["active"] != planned.rows[i]["active"]]
        _before_activity_changes(tx, gone)
    changed = tx.journal.update(kind.name, values) if values else set()
    owners = {i: values[i].get(kind.owner) for i in changed if kind.owner in values[i]}
    following.follow_owners(
        tx, kind, {i: owner for i, owner in owners.items() if owner != planned.rows[i].get(kind.owner)}
    )
    if kind.name in PEOPLE and changed:
        tx.reload()
    return changed


def make(tx: Tx, kind: ObjectType, values: Mapping[str, Any]) -> int:
    """Make a record of raw values, with its defaults and what follows; its id. Raises Invalid."""
    row = dict(values)
    row.update(rules.defaults(kind, row, tx.now))
    row.update(rules.follow_ups(kind, None, row, tx.journal.facts, tx.now))
    row["created_at"] = row.get("created_at") or tx.now
    rules.check(kind, row)
    for error in shared_keys(tx, kind, {None: row}).values():
        raise error
    (record,) = tx.journal.create(kind.name, [row])
    if kind.name in PEOPLE:
        tx.reload()
    return record


def tx_rows(tx: Tx, kind: ObjectType, ids: Mapping[int, Any] | Sequence[int]) -> dict[int, dict[str, Any]]:
    """Whole records by id, in the bin or not, in the order of the ids."""
    rows = read_rows(tx.connection, tx.schema, kind.name, ids)
    return {record: rows[record] for record in ids if record in rows}


def _facts(tx: Tx) -> Facts:
    """Stages and rates as they stand in this transaction, also in one that only reads."""
    return tx.journal.facts if tx.writes else load_facts(tx.connection)


class _Reader:
    """Reads what was written for a record; for records alike it is read once."""

    def __init__(self, references: References, kind: ObjectType) -> None:
        self._references = references
        self._kind = kind
        self._leans_on = [p.currency for p in kind.properties.values() if p.currency]
        if kind.has_pipeline:
            self._leans_on.append("pipeline")
        self._known: dict[tuple[Any, ...], dict[str, Any] | Invalid] = {}

    def read(self, texts: Mapping[str, str], row: Row) -> dict[str, Any]:
        """Raw values. Raises Invalid."""
        key = (*texts.items(), *(row.get(name) for name in self._leans_on))
        if key not in self._known:
            try:
                self._known[key] = self._references.parse(self._kind, texts, row)
            except Invalid as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, Invalid):
            raise found
        return found


def _refuse(found: Plan, errors: Mapping[Any, Invalid]) -> None:
    for record, error in errors.items():
        found.refused[record] = error
        del found.values[record]


def shared_keys(tx: Tx, kind: ObjectType, values: Mapping[Any, Row]) -> dict[Any, Invalid]:
    """Why records cannot have the unique keys they would have: another living record has them, or several want them."""
    found: dict[Any, Invalid] = {}
    for key in kind.unique_keys:
        wanted: dict[str, list[Any]] = defaultdict(list)
        for record, row in values.items():
            if row.get(key.name) is not None:
                wanted[row[key.name]].append(record)
        holders = lookups.by_key(tx.connection, kind, key.name, wanted) if wanted else {}
        for value, records in wanted.items():
            holder = holders.get(value)
            for record in records:
                if len(records) > 1:
                    found[record] = Invalid(key.name, f"{value!r} cannot belong to several {kind.name}")
                elif holder not in (None, record):
                    why = f"{value!r} belongs to {kind.label.lower()} {holder} already"
                    found[record] = Invalid(key.name, why)
    return found


def _check_worth(tx: Tx, kind: ObjectType, row: Row, facts: Facts) -> None:
    """A foreign amount needs an exchange rate. Raises Invalid."""
    if "amount_home" in kind.properties and row.get("currency") not in (None, tx.account.currency):
        derive(kind, row, facts)


def _last_admins(tx: Tx, found: Plan) -> dict[int, Invalid]:
    """The last super admin stays one, and active."""
    left = {p.id for p in tx.directory.people.values() if p.super_admin and p.active}
    refused: dict[int, Invalid] = {}
    for record, new in found.values.items():
        if record in left and (new.get("active") is False or new.get("super_admin") is False):
            if len(left) > 1:
                left.remove(record)
            else:
                why = f"{found.rows[record]['name']} is the last super admin"
                refused[record] = Invalid("super_admin", why, "Make somebody else one first.")
    return refused


def _before_activity_changes(tx: Tx, users: Sequence[int]) -> None:
    """The last values of somebody about to leave are calculated while they still count (GOL-41)."""
    from cs_workspace.workspace.calculation import catch_up_within

    if users:
        catch_up_within(tx)
