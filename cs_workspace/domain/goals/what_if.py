"""What would be if: records won, moved or worth something else, other targets, and what a goal would make of them.

Nothing of it is saved. A record is looked at before and after; what it brings to a slice before goes, what it brings
after comes, and the slice reads as if somebody had really changed the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from cs_workspace.domain import rules
from cs_workspace.domain.clock import day_of, local_day
from cs_workspace.domain.durations import parse_duration
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Aggregate, Kpi, Measured
from cs_workspace.domain.goals.progress import Standing
from cs_workspace.domain.money import parse_money
from cs_workspace.domain.numbers import NumberFormat, parse_number
from cs_workspace.domain.query.bound import BoundAll, BoundAnd, BoundNot, BoundOr, Condition, Related, Search
from cs_workspace.domain.query.match import matches
from cs_workspace.domain.query.spans import span_of
from cs_workspace.domain.schema.derived import Facts, StageFacts, derive
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType

# Dates that say when something happened: nobody supposes another one.
PAST = frozenset({"created_at", "updated_at", "booked_at", "at"})
# Dates of what happens once: a record that has one is not waited for any more.
ONCE = frozenset({"closed_at", "completed_at", "first_reply_at"})
_DAY = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Supposition:
    """One record as it might be. `date` and `amount` are raw values of the properties the goal looks at."""

    record: int
    won: bool = False  # it counts: won, closed, answered, done
    date: int | None = None
    amount: int | float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it supposes nothing."""
        return not self.won and self.date is None and self.amount is None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Everything that is supposed of a goal: records by id, targets in small steps by slice (None: no target)."""

    records: Mapping[int, Supposition] = field(default_factory=dict)
    targets: Mapping[int, int | None] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is supposed."""
        return not self.records and not self.targets

    def of(self, record: int) -> Supposition:
        """What is supposed of a record."""
        return self.records.get(record) or Supposition(record)

    def suppose(self, each: Supposition) -> WhatIf:
        """With this in place of what was supposed of the record."""
        others = {i: one for i, one in self.records.items() if i != each.record}
        return replace(self, records=others if each.is_empty else {**others, each.record: each})

    def aim(self, slices: Iterable[int], target: int | None) -> WhatIf:
        """With another target for these slices."""
        return replace(self, targets={**self.targets, **dict.fromkeys(slices, target)})

    def forget_target(self, slice_id: int) -> WhatIf:
        """With the slice's own target."""
        return replace(self, targets={i: target for i, target in self.targets.items() if i != slice_id})


def to_json(what_if: WhatIf) -> dict[str, Any]:
    """As a draft keeps it; `from_json` reads it back."""
    return {
        "records": [[each.record, each.won, each.date, each.amount] for each in what_if.records.values()],
        "targets": [list(pair) for pair in what_if.targets.items()],
    }


def from_json(stored: Mapping[str, Any]) -> WhatIf:
    """What `to_json` wrote."""
    return WhatIf(
        {each[0]: Supposition(*each) for each in stored.get("records", ())},
        dict(stored.get("targets", ())),
    )


# --- one record


@dataclass(frozen=True, slots=True)
class Counted:
    """What one record brings to the slices of its owner: its date in instants or days, its value in small steps."""

    owner: int
    pipeline: int | None
    date: int
    value: int


@dataclass(frozen=True, slots=True)
class Counting:
    """How a KPI looks at one record, now."""

    kind: ObjectType
    kpi: Kpi
    filter: Condition
    facts: Facts
    winning: Mapping[int, int]  # by pipeline, the stage of what is won or closed
    now: int
    tz: ZoneInfo

    @property
    def by_day(self) -> bool:
        """Whether records are dated by days rather than by instants."""
        return self.kind.properties[self.kpi.dated_by].type is PropertyType.DATE

    @property
    def today(self) -> int:
        """Now, as the KPI dates its records."""
        return day_of(local_day(self.now, self.tz)) if self.by_day else self.now

    @property
    def is_movable(self) -> bool:
        """Whether a record might have another date."""
        return self.kpi.dated_by not in PAST

    @property
    def amount(self) -> Property | None:
        """The property that says what a record is worth, where it says so by itself."""
        if self.kpi.aggregate is Aggregate.COUNT or self.kpi.since:
            return None
        measured = self.kind.properties[self.kpi.measure]
        return self.kind.properties.get("amount") if measured.name == "amount_home" else measured

    @property
    def changing(self) -> frozenset[str]:
        """The properties that a supposition may change, and those that follow from them."""
        dated = {self.kpi.dated_by} if self.is_movable else set()
        amount = {self.amount.name, self.kpi.measure} if self.amount is not None else set()
        return frozenset({"stage", "is_closed", "is_won", "closed_at", "close_date", *dated, *amount}) | (
            {"status", "completed_at"} if self.kind.name == "tasks" else frozenset()
        )

    def changes(self, row: Mapping[str, Any], supposed: Supposition) -> dict[str, Any]:
        """The new values somebody would have to write into the record.

        What is won is won on its date, or today where that is over or not known. Its stage changes only if it would
        not count otherwise.
        """
        kpi = self.kpi
        new: dict[str, Any] = {}
        if supposed.amount is not None and self.amount is not None:
            new[self.amount.name] = supposed.amount
        if supposed.date is not None and self.is_movable:
            new[kpi.dated_by] = supposed.date
        if supposed.won:
            if self.is_movable and kpi.dated_by not in new:
                own = row.get(kpi.dated_by)
                new[kpi.dated_by] = self.today if own is None or own < self.today else own
            if not matches(self.filter, self.settled(row, new)):
                new.update(self._closing(row))
        return new

    def _closing(self, row: Mapping[str, Any]) -> dict[str, Any]:
        if self.kind.name == "tasks":
            return {"status": "completed"}
        stage = self.winning.get(row["pipeline"]) if self.kind.has_pipeline else None
        return {} if stage is None else {"stage": stage}

    def settled(self, row: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
        """The record with new values and all that follows from them."""
        after = {**row, **new, **rules.follow_ups(self.kind, row, new, self.facts, self.now)}
        return {**after, **derive(self.kind, after, self.facts)}

    def after(self, row: Mapping[str, Any], supposed: Supposition) -> dict[str, Any]:
        """The record as it would be."""
        new = self.changes(row, supposed)
        return self.settled(row, new) if new else dict(row)

    def counted(self, row: Mapping[str, Any]) -> Counted | None:
        """What the record brings to the goal; nothing if it does not count or has no value."""
        owner, date, value = row.get(self.kind.owner), row.get(self.kpi.dated_by), self.value(row)
        unknown = owner is None or date is None or value is None
        if unknown or row.get("deleted_at") is not None or not matches(self.filter, row):
            return None
        assert owner is not None
        assert date is not None
        assert value is not None
        return Counted(owner, row.get("pipeline"), date, value)

    def value(self, row: Mapping[str, Any]) -> int | None:
        """What one record is worth, in small steps; a count counts one."""
        if self.kpi.aggregate is Aggregate.COUNT:
            return 1
        value = row.get(self.kpi.measure)
        if value is None:
            return None
        if self.kpi.since:
            since = row.get(self.kpi.since)
            return None if since is None else (int(value) - int(since)) // 1000
        match self.kind.properties[self.kpi.measure].type:
            case PropertyType.NUMBER:
                return round(float(value) * 1_000_000)
            case PropertyType.INTEGER:
                return int(value) * 1_000_000
            case _:
                return int(value)


def winning_stage(stages: Iterable[tuple[int, StageFacts]]) -> int | None:
    """The stage of what is won, or closed where nothing can be won or lost, of a pipeline's stages in order."""
    closed = [(number, stage) for number, stage in stages if stage.is_closed]
    won = [number for number, stage in closed if stage.is_won]
    return next(iter(won or (number for number, stage in closed if stage.probability != 0)), None)


def could(condition: Condition, changing: frozenset[str]) -> Condition:
    """What a record must meet that could meet the condition if the `changing` properties were other ones."""
    return _bent(condition, changing, would_do=True)


def _bent(condition: Condition, changing: frozenset[str], *, would_do: bool) -> Condition:
    """The condition with its changing leaves taken as met, or, under a not, as missed."""
    match condition:
        case BoundAnd(parts):
            return BoundAnd(tuple(_bent(p, changing, would_do=would_do) for p in parts))
        case BoundOr(parts):
            return BoundOr(tuple(_bent(p, changing, would_do=would_do) for p in parts))
        case BoundNot(part):
            return BoundNot(_bent(part, changing, would_do=not would_do))
        case BoundAll() | Search() | Related():
            return condition
        case _ if condition.property.name in changing:
            return BoundAll() if would_do else BoundNot(BoundAll())
        case _:
            return condition


# --- one slice


def shifted(aggregate: Aggregate, before: Measured, gone: Sequence[int], come: Sequence[int]) -> Measured | None:
    """What a slice measures when some values go and others come; None where only its other records can tell.

    That is so where the least or the greatest value goes and others remain.
    """
    total, records = before
    left = records - len(gone)
    if left < 0:
        return None
    if aggregate in {Aggregate.MINIMUM, Aggregate.MAXIMUM}:
        best = min if aggregate is Aggregate.MINIMUM else max
        if left and total in gone:
            return None
        values = [*([total] if left and total is not None else []), *come]
        return (best(values) if values else None), left + len(come)
    if not left + len(come):
        return None, 0
    return (total or 0) - sum(gone) + sum(come), left + len(come)


def projected(kpi: Kpi, standing: Standing, now: int) -> Fraction | None:
    """Where a slice ends if it goes on as it went until now; a slice that is over is where it is.

    Averages, minima and maxima stay what they are. None before the start.
    """
    if now <= standing.start:
        return None
    if not kpi.aggregate.additive or now >= standing.end or standing.actual is None:
        return standing.actual
    return standing.actual * Fraction(standing.end - standing.start, now - standing.start)


# --- what people type


def read_date(text: str, type: PropertyType, *, now: int, tz: ZoneInfo) -> int:
    """A day or a time as people type it: `+7d`, `2026-11-30`, `tomorrow`. Raises Invalid."""
    try:
        low, high = span_of(text, type, now=now, tz=tz, currency="EUR")
    except Invalid as error:
        raise Invalid("date", f"{text!r} is not a day", "Write it as +7d, tomorrow or 2026-11-30.") from error
    longest = 1 if type is PropertyType.DATE else _DAY + _DAY // 12  # the day when clocks are put back is longer
    if high - low > longest:
        raise Invalid("date", f"{text!r} is longer than a day", "Write the day, as in 2026-11-30.")
    return int(low)


def read_amount(text: str, prop: Property, currency: str, style: NumberFormat) -> int | float:
    """What a record is worth as people type it, in the record's `currency`. Raises Invalid."""
    amount = _amount(text, prop, currency, style)
    if amount < 0:
        raise Invalid(prop.name, f"{text.strip()!r} is below zero", "Write 0 or more.")
    return amount


def _amount(text: str, prop: Property, currency: str, style: NumberFormat) -> int | float:
    match prop.type:
        case PropertyType.MONEY:
            return parse_money(text, currency, style)
        case PropertyType.DURATION:
            return parse_duration(text)
    number = parse_number(text, style)
    if prop.type is PropertyType.NUMBER:
        return float(number)
    if number.denominator != 1:
        raise Invalid(prop.name, f"{text!r} is not a whole number", "Write it without decimals.")
    return int(number)
