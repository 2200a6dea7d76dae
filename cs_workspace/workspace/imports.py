"""Taking a file of records in: one transaction, one entry of the undo list, all of it or nothing (IMP-3 to IMP-5).

Rows come in batches. Each batch is read, matched and written with a handful of statements, never a look-up per row. A
blank cell leaves a value as it is. What follows when a person changes a record follows here too, save that a new record
gets no closing date it does not bring; conditional rules do not apply (REC-2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs_workspace.domain import rules
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.query.folding import words
from cs_workspace.domain.schema.derived import derive
from cs_workspace.domain.schema.model import ObjectType, PropertyType
from cs_workspace.store import lookups
from cs_workspace.store.journal import batches
from cs_workspace.workspace import following, import_targets
from cs_workspace.workspace.calculation import catch_up_within
from cs_workspace.workspace.door import Tx, Workspace, reads, writes
from cs_workspace.workspace.import_matching import Matcher, faultless
from cs_workspace.workspace.import_places import Places
from cs_workspace.workspace.import_plan import TARGETS, Plan, Progress, Reject, Rejected, Report, Rows
from cs_workspace.workspace.import_values import Item, Values
from cs_workspace.workspace.records import PEOPLE, check_may, kind_of
from cs_workspace.workspace.references import References

BATCH = 2000  # rows that are read, matched and written together


class _Abandoned(Exception):
    """Ends the transaction without keeping anything."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def load(workspace: Workspace, plan: Plan, rows: Rows, reject: Reject, progress: Progress) -> Report:
    """Take a file in, or see what would happen in a dry run; nothing is kept of an import that changes nothing.

    Rejected rows are handed over in the order of the file. Raises Refused, NotFound, StoreUnavailable, and whatever
    reading the rows raises; then nothing was saved.
    """
    operation = run_targets if plan.object == TARGETS.name else run_import
    try:
        return workspace.run(operation, plan, rows, reject, progress)
    except _Abandoned as abandoned:
        return abandoned.report


@reads(Permission.SESSION)
def shape(tx: Tx, object: str) -> ObjectType:
    """What an import into this object may fill. Raises NotFound, Refused."""
    if object == TARGETS.name:
        return TARGETS
    kind = kind_of(tx, object)
    check_may(tx, kind, write=True)
    return kind


@writes(Permission.SESSION, "import")
def run_import(tx: Tx, plan: Plan, rows: Rows, reject: Reject, progress: Progress) -> Report:
    """Take the rows of a file in; for `load`, which knows how to leave without keeping anything."""
    kind = kind_of(tx, plan.object)
    check_may(tx, kind, write=True)
    tx.describe(f"import {kind.plural.lower()} from {plan.label}")
    if plan.new_properties:
        tx.journal.create(
            "properties",
            [
                {"object": kind.code, "name": each.name, "label": each.label, "type": str(PropertyType.TEXT)}
                for each in plan.new_properties
            ],
        )
        tx.reload()
        kind = tx.schema[plan.object]
    loader = _Loader.of(tx, plan, kind)
    done = 0
    for level in _levels(kind, rows, plan):
        for batch in batches(level, BATCH):
            for rejected in loader.take(batch):
                reject(rejected)
            done += len(batch)
            progress(done, max(done, plan.total))
    report = loader.report()
    if plan.dry_run or not (report.new or report.changed):
        raise _Abandoned(report)
    if kind.name in PEOPLE:
        tx.reload()
    return report


@writes(Permission.GOALS_EDIT, "import targets")
def run_targets(tx: Tx, plan: Plan, rows: Rows, reject: Reject, progress: Progress) -> Report:
    """Set the targets of goals from a file (GOL-29); for `load`."""
    tx.describe(f"import targets from {plan.label}")
    report = import_targets.take(tx, plan, rows, reject, progress)
    if plan.dry_run or not report.changed:
        raise _Abandoned(report)
    return report


def _levels(kind: ObjectType, rows: Rows, plan: Plan) -> Iterator[Rows]:
    """The rows as they come; teams after the teams around them, so that one file may hold both."""
    parent = next((c.numbers[0] for c in plan.columns if kind.name == "teams" and c.property == "parent"), None)
    if parent is None:
        yield rows
        return
    names = [c.numbers[0] for c in plan.columns if c.property in {"name", "external_id"}]
    waiting = list(rows)
    while waiting:
        inside = {row[1][n].strip() for row in waiting for n in names if len(row[1]) == plan.width}
        bound = [row for row in waiting if len(row[1]) == plan.width and row[1][parent].strip() in inside]
        if len(bound) == len(waiting):
            yield bound  # a circle, for the references to refuse
            return
        held = {row[0] for row in bound}
        yield [row for row in waiting if row[0] not in held]
        waiting = bound


@dataclass(slots=True)
class _Loader:
    tx: Tx
    plan: Plan
    kind: ObjectType
    values: Values
    places: Places
    matcher: Matcher
    admins: set[int]
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    caught_up: bool = False
    _creating: list[dict[str, Any]] = field(default_factory=list)
    _changing: dict[int, dict[str, Any]] = field(default_factory=dict)
    _living: set[int] | None = None

    @classmethod
    def of(cls, tx: Tx, plan: Plan, kind: ObjectType) -> _Loader:
        values = Values(tx.schema, plan, kind, References(tx))
        places = Places(tx, kind, plan.create_missing)
        matcher = Matcher(tx, kind, plan, lambda item, row: not loader._differences(item, row))
        admins = {p.id for p in tx.directory.people.values() if p.super_admin and p.active}
        loader = cls(tx, plan, kind, values, places, matcher, admins)
        return loader

    def report(self) -> Report:
        return Report(self.new, self.changed, self.unchanged, self.rejected, tuple(self.places.made))

    def take(self, rows: Sequence[tuple[int, Sequence[str]]]) -> list[Rejected]:
        """Read, match and write some rows; those that cannot be taken."""
        items = self.values.read(rows)
        good = faultless(items)
        for item in good:
            self._complete(item)
        if self.kind.has_pipeline:
            self.places.prepare(_places_of(good))
        self.matcher.look_up(good)
        self._creating, self._changing = [], {}
        for item in sorted(good, key=self.matcher.is_by_former):
            try:
                self._place(item)
            except Invalid as error:
                item.fail(error)
        self._write()
        failed = sorted((item for item in items if item.problems), key=lambda item: item.line)
        self.rejected += len(failed)
        return [Rejected(item.line, item.cells, "; ".join(item.problems)) for item in failed]

    def _complete(self, item: Item) -> None:
        """What a row means without saying it."""
        raw = item.raw
        if self.kind.name == "meetings" and "starts_at" in raw:
            raw["at"] = raw["starts_at"]

    def _place(self, item: Item) -> None:
        record = self.matcher.find(item)
        if item.problems:
            return
        if record is None:
            self._new(item)
        else:
            self._known(item, record)

    def _new(self, item: Item) -> None:
        tx, kind = self.tx, self.kind
        values = dict(item.raw)
        if kind.name == "users" and "login" not in values:
            values["login"] = _login(values)
            self._require_free("login", values["login"])
        if kind.has_pipeline:
            over = kind.name == "tickets" and "closed_at" in values
            values.update(self.places.of(item.pipeline, item.stage, None, over=over))
        values.update(rules.defaults(kind, values, tx.now))
        if kind.name == "users":
            values.update(rules.follow_ups(kind, None, values, tx.journal.facts, tx.now))
        if kind.name == "tickets" and "created_at" not in values and {"closed_at", "first_reply_at"} & values.keys():
            values["created_at"] = None  # unknown, not now: it counts as closed, but has no time to resolution
        rules.check(kind, values)
        self._check_worth(values)
        self._creating.append(values)
        self.matcher.accept(item, None, values)
        self.new += 1

    def _known(self, item: Item, record: int) -> None:
        tx, kind = self.tx, self.kind
        row = self.matcher.row(record)
        self.matcher.drop_former_keys(item, record)
        by_id = item.id or self.matcher.holder("external_id", item.raw.get("external_id")) == record
        if not by_id and row.get("external_id") is not None:
            item.raw.pop("external_id", None)  # found by another key: it keeps the external id it has
        new = self._differences(item, row)
        if new:
            new |= rules.follow_ups(kind, row, new, tx.journal.facts, tx.now)
            self._guard_admins(record, row, new)
            merged = {**row, **new}
            rules.check(kind, merged)
            self._check_worth(merged)
            self._changing[record] = new
            self.changed += 1
        else:
            self.unchanged += 1
        self.matcher.accept(item, record, item.raw)

    def _differences(self, item: Item, row: Mapping[str, Any]) -> dict[str, Any]:
        """What a row of the file would change. Raises Invalid."""
        wanted = dict(item.raw)
        if self.kind.has_pipeline:
            wanted.update(self.places.of(item.pipeline, item.stage, row["pipeline"]))
        new = {name: value for name, value in wanted.items() if row.get(name) != value}
        for prop in self.kind.associations:
            # What is in the bin is not named in exports and comes back with a restore.
            if prop.name in new and len(row[prop.name]) > len(new[prop.name]):
                living = lookups.living(self.tx.connection, self.tx.schema[prop.target], row[prop.name])
                if tuple(i for i in row[prop.name] if i in living) == new[prop.name]:
                    del new[prop.name]
        return new

    def _require_free(self, key: str, value: str) -> None:
        taken = lookups.by_key(self.tx.connection, self.kind, key, [value]).get(value)
        if taken is not None or any(values.get(key) == value for values in self._creating):
            who = f"{self.kind.label.lower()} {taken}" if taken is not None else "another row"
            raise Invalid(key, f"{value!r} belongs to {who} already", f"Give a column {key}.")

    def _check_worth(self, values: Mapping[str, Any]) -> None:
        """A foreign amount needs an exchange rate."""
        if "amount_home" in self.kind.properties and values.get("currency") not in (None, self.tx.account.currency):
            derive(self.kind, values, self.tx.journal.facts)

    def _guard_admins(self, record: int, row: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        if self.kind.name == "users" and (new.get("active") is False or new.get("super_admin") is False):
            if self.admins == {record}:
                raise Invalid("super_admin", f"{row['name']} is the last super admin", "Make somebody else one first.")
            self.admins.discard(record)

    def _write(self) -> None:
        journal, name = self.tx.journal, self.kind.name
        if not self.caught_up and any("active" in new for new in self._changing.values()) and name == "users":
            catch_up_within(self.tx)  # the last values of who leaves are calculated while they count (GOL-41)
            self.caught_up = True
        if self._changing:
            journal.update(name, self._changing)
            given = {i: new[self.kind.owner] for i, new in self._changing.items() if self.kind.owner in new}
            following.follow_owners(self.tx, self.kind, given)
        if self._creating:
            ids = journal.create(name, self._creating)
            if self.matcher.first_new is None:
                self.matcher.first_new = ids[0]
            if any(prop.target == name for prop in self.kind.associations):
                self.values.forget()


def _places_of(items: Sequence[Item]) -> list[tuple[str, str, bool]]:
    """The pairs of pipeline and stage in some rows, and whether all rows of a pair have a close date."""
    over: dict[tuple[str, str], bool] = {}
    for item in items:
        if item.pipeline or item.stage:
            pair = (item.pipeline, item.stage)
            over[pair] = over.get(pair, True) and "closed_at" in item.raw
    return [(*pair, all_over) for pair, all_over in over.items()]


def _login(values: Mapping[str, Any]) -> str:
    """A login for somebody who comes without: the e-mail, else the words of the name."""
    login = values.get("email") or ".".join(words(values.get("name") or ""))
    if not login:
        raise Invalid("login", "a user needs one, or an e-mail or a name to make it from")
    return str(login)
