"""What a goal would make of records supposed to be won or moved; nothing of it is saved, but tasks to get there.

A supposed reading is what would really be measured after really making these changes now: see `domain.goals.what_if`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from cs_workspace.domain import rules
from cs_workspace.domain.clock import date_of, local_day, start_of_day
from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.goals.forecast import REVENUE
from cs_workspace.domain.goals.model import Aggregate, Measured, Unit, in_units, scale
from cs_workspace.domain.goals.progress import Standing
from cs_workspace.domain.goals.teams import pool
from cs_workspace.domain.goals.what_if import (
    ONCE,
    Counted,
    Counting,
    Supposition,
    WhatIf,
    could,
    projected,
    read_amount,
    read_date,
    shifted,
    winning_stage,
)
from cs_workspace.domain.money import exponent, print_money
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.query.binding import ID, bind
from cs_workspace.domain.query.bound import Between, BoundAnd, BoundNot, Condition, InSet, IsNone
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.store import account as account_store
from cs_workspace.store import goals as goal_store
from cs_workspace.store import lists, lookups
from cs_workspace.store.goals import Cell, Goal, SliceRow
from cs_workspace.store.lists import Order
from cs_workspace.workspace import calculation
from cs_workspace.workspace.calculation import Goals
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.goal_draft import target_steps
from cs_workspace.workspace.goals import (
    ProgressRow,
    find_goal,
    may,
    progress_rows,
    refuse,
    row_of,
    row_refusal,
    slice_of,
)
from cs_workspace.workspace.names import query_context
from cs_workspace.workspace.records import bound_query, check_may, find, kind_of, may_see, tx_rows
from cs_workspace.workspace.references import References

LIMIT = 500  # candidates on a screen; a filter finds the others
EVERY = 1_000_000  # open deals that a forecast weighs

# What a record must be to be won or done yet; an object that is not here has nothing that closes.
_OPEN = {"tasks": "status:open"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that does not count yet and could, or one that is supposed of."""

    id: int
    title: str
    company: str
    owner: str
    stage: str
    probability: float | None
    date: int | None  # as the goal dates its records: an instant, or a day
    amount: int | float | None  # raw, in `currency`
    currency: str
    value: Fraction | None  # in the goal's unit
    counts: bool


@dataclass(frozen=True, slots=True)
class Candidates:
    """The records worth supposing, the greatest first, and how many there are."""

    goal: Goal
    counting: Counting
    rows: tuple[Candidate, ...]
    total: int

    @property
    def is_weighted(self) -> bool:
        """Whether the forecast weighs what is open, so that it matters when that is due and what it is worth."""
        return _is_weighted(self.goal)


@dataclass(frozen=True, slots=True)
class SupposedRow:
    """One milestone as it is and as it would be; a forecast is in the goal's unit."""

    before: ProgressRow
    after: ProgressRow
    forecast_before: Fraction | None
    forecast_after: Fraction | None

    @property
    def moved(self) -> bool:
        """Whether anything would be different."""
        return self.before.reading != self.after.reading or self.forecast_before != self.forecast_after


@dataclass(frozen=True, slots=True)
class Supposed:
    """All milestones of the rows the actor may see, and the supposed records as they would be."""

    goal: Goal
    rows: tuple[SupposedRow, ...]
    records: Mapping[int, Candidate]

    def at(self, position: int) -> list[SupposedRow]:
        """Of each contributor the milestone at a place."""
        return [row for row in self.rows if row.before.slice.position == position]


@dataclass(slots=True)
class _Desk:
    """A goal with what is needed to look at its records."""

    tx: Tx
    goal: Goal
    loaded: Goals
    slices: list[SliceRow]  # of the rows the actor may see
    counting: Counting

    @property
    def owners(self) -> frozenset[int]:
        """Whose records count for any of the rows."""
        return frozenset().union(*(self.loaded.counted[each.contributor] for each in self.slices))

    @property
    def span(self) -> tuple[int, int]:
        """From the first slice to the last, as records are dated."""
        bounds = [self.bounds(each) for each in self.slices]
        return min(start for start, _ in bounds), max(end for _, end in bounds)

    def bounds(self, each: SliceRow) -> tuple[int, int]:
        """A slice as records are dated."""
        return (each.first_day, each.last_day + 1) if self.counting.by_day else (each.start, each.end)

    def rows(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        """Living records by id."""
        found = tx_rows(self.tx, self.counting.kind, sorted(ids))
        return {i: row for i, row in found.items() if row["deleted_at"] is None}


def _desk(tx: Tx, goal: int) -> _Desk:
    loaded = calculation.load(tx, [goal])
    seen = [i for i, row in loaded.contributors.items() if may(tx, "view", loaded, row)]
    slices = goal_store.load_slices(tx.connection, goal_store.of_contributors(seen)) if seen else []
    if not slices:
        raise NotFound(f"There is no goal {goal} of which you may see a row.", "See `cs-workspace goals list`.")
    found = loaded.goals[goal]
    kind, facts = tx.schema[found.kpi.object], account_store.load_facts(tx.connection)
    stages = {
        p.id: winning_stage((stage.id, facts.stages[stage.id]) for stage in p.stages)
        for p in tx.pipelines
        if p.object == kind.code
    }
    counting = Counting(
        kind,
        found.kpi,
        calculation.goal_filter(tx, found.kpi),
        facts,
        {pipeline: stage for pipeline, stage in stages.items() if stage is not None},
        tx.now,
        tx.tz,
    )
    return _Desk(tx, found, loaded, slices, counting)


# --- what could be supposed


@reads(Permission.GOALS_VIEW)
def candidates(tx: Tx, goal: int, limit: int = LIMIT, query: str = "") -> Candidates:
    """Open records of the users who count that do not count yet and could. Raises NotFound, Invalid, Refused."""
    desk = _desk(tx, goal)
    counting, kind = desk.counting, desk.counting.kind
    check_may(tx, kind, write=False)
    where = _candidate_condition(desk, bound_query(tx, kind, query).where)
    compiler = tx.compiler(kind)
    order = Order("created_at") if counting.amount is None else Order(desk.goal.kpi.measure, descending=True)
    found = lists.page(
        tx.connection,
        compiler,
        where,
        order,
        _columns(counting),
        limit=limit,
    )
    total = len(found.rows) if len(found.rows) < limit else lists.count(tx.connection, compiler, where)
    return Candidates(desk.goal, counting, tuple(_described(desk, found.rows)), total)


def _candidate_condition(desk: _Desk, asked: Condition) -> Condition:
    counting, kind = desk.counting, desk.counting.kind
    dated = kind.properties[desk.goal.kpi.dated_by]
    within = Between(dated, *desk.span)
    parts: list[Condition] = [
        asked,
        InSet(kind.properties[kind.owner], desk.owners),
        could(counting.filter, counting.changing),
        BoundNot(BoundAnd((counting.filter, within))),
    ]
    still_open = "is_closed:no" if kind.has_pipeline else _OPEN.get(kind.name)
    if still_open is not None:
        parts.append(bind(parse(still_open), kind, query_context(desk.tx)).where)
    if not counting.is_movable:
        parts.append(within)
    if dated.name in ONCE:
        parts.append(IsNone(dated))
    return BoundAnd(tuple(parts))


def _columns(counting: Counting) -> tuple[str, ...]:
    kind, kpi = counting.kind, counting.kpi
    names = (
        kind.title, kind.owner, "created_at", "pipeline", "stage", "is_closed", "is_won", "amount", "currency",
        "status", "companies", kpi.dated_by, kpi.measure, kpi.since,
    )  # fmt: skip
    return tuple(dict.fromkeys(name for name in names if name in kind.properties))


def _described(desk: _Desk, rows: Iterable[Mapping[str, Any]]) -> list[Candidate]:
    tx, counting = desk.tx, desk.counting
    some, references = list(rows), References(tx)
    references.prefetch_titles(counting.kind, some)
    kind, amount, decimals = counting.kind, counting.amount, exponent(tx.account.currency)
    people = tx.directory.people
    described = []
    for row in some:
        value = counting.value(row) if counting.kpi.aggregate is not Aggregate.COUNT else None
        owner, stage = people.get(row.get(kind.owner) or 0), row.get("stage")
        companies = row.get("companies") or ()
        described.append(
            Candidate(
                row["id"],
                str(row.get("name" if kind.name == "contacts" else kind.title) or f"#{row['id']}"),
                references.titles("companies", companies[:1]).get(companies[0], "") if companies else "",
                owner.name if owner else "",
                references.name(kind.properties["stage"], stage) if stage is not None else "",
                counting.facts.stages[stage].probability if stage is not None else None,
                row.get(counting.kpi.dated_by),
                row.get(amount.name) if amount is not None else None,
                row.get("currency") or tx.account.currency,
                None if value is None else in_units(value, counting.kpi.unit, decimals),
                counting.counted({**row, "deleted_at": None}) is not None,
            )
        )
    return described


# --- what would be


@dataclass(frozen=True, slots=True)
class _Move:
    """A record before and after."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


@reads(Permission.GOALS_VIEW)
def suppose(tx: Tx, goal: int, what_if: WhatIf) -> Supposed:
    """All milestones before and after. Records that are gone change nothing. Raises NotFound, Refused.

    Who may not see the records can suppose targets only, and learns nothing of what a forecast weighs.
    """
    desk = _desk(tx, goal)
    moves = _moves(desk, what_if)
    measured = _measured(desk, moves)
    after = [new for each in desk.slices if (new := _supposed_slice(each, measured, what_if)) != each]
    rows = progress_rows(tx, desk.loaded, desk.slices, tx.now)
    supposed = {row.slice.id: row for row in progress_rows(tx, desk.loaded, after, tx.now)}
    forecast = _straight(tx.now)
    if _is_weighted(desk.goal):
        forecast = _Weighted(desk, moves).forecast if may_see(tx, desk.counting.kind) else _unknown
    pairs = [(row, supposed.get(row.slice.id, row)) for row in rows]
    return Supposed(
        desk.goal,
        tuple(SupposedRow(one, other, *forecast(one, other)) for one, other in pairs),
        {each.id: each for each in _described(desk, (move.after for move in moves.values()))},
    )


def _moves(desk: _Desk, what_if: WhatIf) -> dict[int, _Move]:
    if not what_if.records:
        return {}
    check_may(desk.tx, desk.counting.kind, write=False)
    rows = desk.rows(what_if.records)
    return {i: _Move(row, desk.counting.after(row, what_if.records[i])) for i, row in rows.items()}


def _supposed_slice(each: SliceRow, measured: Mapping[int, Measured], what_if: WhatIf) -> SliceRow:
    total, records = measured.get(each.id, (each.total, each.records))
    return replace(each, total=total, records=records, target=what_if.targets.get(each.id, each.target))


def _measured(desk: _Desk, moves: Mapping[int, _Move]) -> dict[int, Measured]:
    """The new values of the slices that move: neither those that are over (GOL-40) nor those that stand still."""
    counting, aggregate = desk.counting, desk.goal.kpi.aggregate
    gone = [counted for move in moves.values() if (counted := counting.counted(move.before)) is not None]
    come = [counted for move in moves.values() if (counted := counting.counted(move.after)) is not None]
    found: dict[int, Measured] = {}
    unsure: dict[int, tuple[SliceRow, list[int]]] = {}
    for each in desk.slices if moves else ():
        if each.frozen or each.end <= desk.tx.now or each.contributor in desk.loaded.stopped:
            continue
        less, more = _within(desk, each, gone), _within(desk, each, come)
        if less == more:
            continue
        value = shifted(aggregate, (each.total, each.records or 0), less, more)
        if value is None:
            unsure[each.id] = (each, more)
        else:
            found[each.id] = value
    if unsure:
        found.update(_measured_anew(desk, unsure, frozenset(moves)))
    return found


def _within(desk: _Desk, each: SliceRow, some: Iterable[Counted]) -> list[int]:
    """The values of the records that count in a slice."""
    start, end = desk.bounds(each)
    owners = desk.loaded.counted[each.contributor]
    return [
        one.value
        for one in some
        if start <= one.date < end
        and one.owner in owners
        and (each.pipelines is None or one.pipeline in each.pipelines)
    ]


def _measured_anew(
    desk: _Desk, unsure: Mapping[int, tuple[SliceRow, list[int]]], supposed: frozenset[int]
) -> dict[int, Measured]:
    """Slices whose other records have to be asked: measured without the supposed ones, and what comes added."""
    counting, kpi, tx = desk.counting, desk.goal.kpi, desk.tx
    cells = {
        i: [
            Cell(owner, pipeline, *desk.bounds(each))
            for owner in desk.loaded.counted[each.contributor]
            for pipeline in ((None,) if each.pipelines is None else each.pipelines)
        ]
        for i, (each, _) in unsure.items()
    }
    others = BoundAnd((counting.filter, BoundNot(InSet(ID, supposed))))
    distinct = list(dict.fromkeys(cell for some in cells.values() for cell in some))
    found = goal_store.measure(tx.connection, tx.compiler(counting.kind), kpi, others, distinct)
    return {
        i: pool(kpi.aggregate, [*(found[cell] for cell in cells[i] if cell in found), *((value, 1) for value in more)])
        for i, (_, more) in unsure.items()
    }


# --- forecast


def _is_weighted(goal: Goal) -> bool:
    return goal.template in REVENUE


Forecast = Callable[[ProgressRow, ProgressRow], tuple[Fraction | None, Fraction | None]]


def _straight(now: int) -> Forecast:
    """What goes on as it went, and what is supposed on top of it."""

    def forecast(before: ProgressRow, after: ProgressRow) -> tuple[Fraction | None, Fraction | None]:
        kpi, each = before.kpi, before.slice
        was, would = before.reading.actual, after.reading.actual
        plain = projected(kpi, Standing(each.start, each.end, was, before.reading.target), now)
        if not kpi.aggregate.additive:
            return plain, projected(kpi, Standing(each.start, each.end, would, after.reading.target), now)
        return plain, None if plain is None else plain + (would or 0) - (was or 0)

    return forecast


def _unknown(_before: ProgressRow, _after: ProgressRow) -> tuple[None, None]:
    return None, None


class _Weighted:
    """What is won and, of what is open, as much as it is likely (REV-3)."""

    def __init__(self, desk: _Desk, moves: Mapping[int, _Move]) -> None:
        self._desk = desk
        self._moves = moves
        self._sums: dict[tuple[int, int, bool], dict[tuple[int, int], Fraction]] = {}

    def forecast(self, before: ProgressRow, after: ProgressRow) -> tuple[Fraction | None, Fraction | None]:
        """Actual and open deals of a milestone; one that is over is what it is."""
        if before.slice.end <= self._desk.tx.now:
            return before.reading.actual, after.reading.actual
        was, would = (self._open(before.slice, supposed=supposed) for supposed in (False, True))
        return (before.reading.actual or 0) + was, (after.reading.actual or 0) + would

    def _open(self, each: SliceRow, *, supposed: bool) -> Fraction:
        sums = self._of_period(*self._desk.bounds(each), supposed)
        owners = self._desk.loaded.counted[each.contributor]
        total = sum(
            (
                value
                for (owner, pipeline), value in sums.items()
                if owner in owners and (each.pipelines is None or pipeline in each.pipelines)
            ),
            Fraction(0),
        )
        return total / scale(Unit.CURRENCY, exponent(self._desk.tx.account.currency))

    def _of_period(self, start: int, end: int, supposed: bool) -> dict[tuple[int, int], Fraction]:
        key = (start, end, supposed)
        if key not in self._sums:
            sums: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
            for owner, pipeline, date, value in self._worth[supposed]:
                if start <= date < end:
                    sums[owner, pipeline] += value
            self._sums[key] = sums
        return self._sums[key]

    @cached_property
    def _worth(self) -> tuple[list[tuple[int, int, int, Fraction]], list[tuple[int, int, int, Fraction]]]:
        """Owner, pipeline, date and likely value of each open deal, as it is and as it would be."""
        desk = self._desk
        counting, tx = desk.counting, desk.tx
        kind, kpi = counting.kind, desk.goal.kpi
        where = BoundAnd(
            (
                InSet(kind.properties[kind.owner], desk.owners),
                Between(kind.properties[kpi.dated_by], *desk.span),
                bind(parse("is_closed:no"), kind, query_context(tx)).where,
                could(counting.filter, counting.changing),
            )
        )
        columns = (kind.owner, "pipeline", "stage", kpi.dated_by, kpi.measure)
        found = lists.page(tx.connection, tx.compiler(kind), where, Order("id"), columns, limit=EVERY).rows
        others = [each for row in found if row["id"] not in self._moves for each in self._likely(row)]
        before = [each for move in self._moves.values() for each in self._likely(move.before)]
        after = [each for move in self._moves.values() for each in self._likely(move.after)]
        return others + before, others + after

    def _likely(self, row: Mapping[str, Any]) -> Iterable[tuple[int, int, int, Fraction]]:
        counting = self._desk.counting
        stage = counting.facts.stages[row["stage"]]
        date, value, owner = row[counting.kpi.dated_by], row[counting.kpi.measure], row[counting.kind.owner]
        if not stage.is_closed and stage.probability and None not in (date, value, owner):
            yield owner, row["pipeline"], date, value * Fraction(str(stage.probability))


# --- from supposing to doing


@dataclass(frozen=True, slots=True)
class Made:
    """The tasks that were added, and how many of what is supposed were open tasks already."""

    ids: tuple[int, ...]
    already: int


@writes(Permission.WORKSPACE, "add tasks from a what-if")
def as_tasks(tx: Tx, goal: int, what_if: WhatIf, due: int | None = None) -> Made:
    """One task per supposed record for its owner, due on the supposed date or at `due`; one entry to undo.

    A record whose task is open already gets no second one. Raises NotFound, Invalid, Refused.
    """
    desk = _desk(tx, goal)
    tasks = kind_of(tx, "tasks")
    if desk.counting.kind is tasks:
        raise Invalid("what-if", "is of tasks, and these are there already")
    check_may(tx, tasks, write=True)
    moves = _moves(desk, what_if)
    if not moves:
        raise Invalid("what-if", "supposes nothing of a record", "Suppose that something is won or moved first.")
    rows = [_task(desk, move, what_if.records[i], due) for i, move in moves.items()]
    known = lookups.by_value(tx.connection, tasks, "title", [row["title"] for row in rows])
    again = tx_rows(tx, tasks, [i for ids in known.values() for i in ids])
    waiting = {(row["title"], row["assignee"]) for row in again.values() if row["status"] == "open"}
    new = [row for row in rows if (row["title"], row["assignee"]) not in waiting]
    for row in new:
        rules.check(tasks, row)
    tx.describe(f"add {len(new)} task{'s' * (len(new) != 1)} from a what-if of {desk.goal.name}")
    return Made(tuple(tx.journal.create("tasks", new)), len(rows) - len(new))


def _task(desk: _Desk, move: _Move, supposed: Supposition, due: int | None) -> dict[str, Any]:
    tx, counting = desk.tx, desk.counting
    kind, row = counting.kind, move.after
    date, when = row.get(counting.kpi.dated_by), tx.now
    if date is not None:
        when = max(when, start_of_day(date_of(date), tx.tz) if counting.by_day else date)
    task = {
        "title": _task_title(counting, row, supposed, local_day(when, tx.tz)),
        "due_at": when if due is None else due,
        "assignee": row.get(kind.owner) or tx.actor.id,
        "created_at": tx.now,
        "companies": (row["id"],) if kind.name == "companies" else tuple(row.get("companies") or ()),
    }
    tasks = tx.schema["tasks"]
    if kind.name in tasks.properties:
        task[kind.name] = (row["id"],)
    return {**task, **rules.defaults(tasks, task, tx.now)}


def _task_title(counting: Counting, row: Mapping[str, Any], supposed: Supposition, day: date) -> str:
    kind = counting.kind
    title = row.get("name" if kind.name == "contacts" else kind.title) or f"{kind.label.lower()} {row['id']}"
    when = f"{day.day} {day:%b %Y}"
    worth = ""
    if supposed.amount is not None and counting.amount is not None and counting.amount.type is PropertyType.MONEY:
        worth = f" for {print_money(int(supposed.amount), row.get('currency') or counting.facts.home)}"
    if row.get("is_won"):
        return f"Win {title}{worth} by {when}"
    if supposed.won:
        return f"{'Close' if row.get('is_closed') else 'Answer' if kind.name == 'tickets' else 'Do'} {title} by {when}"
    return f"Bring {title}{worth} to {when}"


# --- written down


@dataclass(frozen=True, slots=True)
class Written:
    """A what-if as somebody writes it into a command: records and amounts in the ways they are known by."""

    won: Sequence[str] = ()
    dates: Sequence[tuple[str, str]] = ()  # record, day
    amounts: Sequence[tuple[str, str]] = ()  # record, amount
    targets: Sequence[tuple[str, str, str]] = ()  # contributor, milestone, target


@reads(Permission.GOALS_VIEW)
def understand(tx: Tx, goal: str, written: Written) -> tuple[int, WhatIf]:
    """The goal's id and what is supposed of it. Raises NotFound, Invalid, Refused."""
    found = find_goal(tx, goal)
    desk = _desk(tx, found.id)
    counting, what_if = desk.counting, WhatIf()
    kind = counting.kind

    if written.won or written.dates or written.amounts:
        check_may(tx, kind, write=False)

    def known(reference: str) -> Supposition:
        return what_if.of(find(tx, kind, reference))

    for reference in written.won:
        what_if = what_if.suppose(replace(known(reference), won=True))
    for reference, text in written.dates:
        if not counting.is_movable:
            raise Invalid("move", f"{found.name} counts {kind.plural.lower()} by when they were made")
        day = read_date(text, kind.properties[found.kpi.dated_by].type, now=tx.now, tz=tx.tz)
        what_if = what_if.suppose(replace(known(reference), date=day))
    for reference, text in written.amounts:
        if counting.amount is None:
            raise Invalid("amount", f"{found.name} does not measure one")
        one = known(reference)
        currency = desk.rows([one.record])[one.record].get("currency") or tx.account.currency
        amount = read_amount(text, counting.amount, currency, tx.actor.number_format)
        what_if = what_if.suppose(replace(one, amount=amount))
    for contributor, label, text in written.targets:
        row = row_of(tx, desk.loaded, found, contributor)
        refuse(row_refusal(tx, "view", desk.loaded, row), tx, "see this row")
        each = slice_of([one for one in desk.slices if one.contributor == row.id], label)
        what_if = what_if.aim([each.id], target_steps(tx, found.kpi, text))
    return found.id, what_if
