"""What a goal would make of records supposed to be won or moved; nothing of it is saved, but tasks to get there.

A supposed reading is what would really be measured after really making these changes now: see `domain.goals.what_if`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Measured
from cs_workspace.domain.goals.teams import pool
from cs_workspace.domain.goals.what_if import (
    ONCE,
    Counted,
    Counting,
    Supposition,
    WhatIf,
    could,
    read_amount,
    read_date,
    shifted,
)
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.query.binding import ID, bind
from cs_workspace.domain.query.bound import Between, BoundAnd, BoundNot, Condition, InSet, IsNone
from cs_workspace.domain.query.parser import parse
from cs_workspace.store import goals as goal_store
from cs_workspace.store import lists
from cs_workspace.store.goals import Cell, Goal, SliceRow
from cs_workspace.store.lists import Order
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.goal_draft import target_steps
from cs_workspace.workspace.goals import (
    ProgressRow,
    find_goal,
    progress_rows,
    refuse,
    row_of,
    row_refusal,
    slice_of,
)
from cs_workspace.workspace.names import query_context
from cs_workspace.workspace.records import bound_query, check_may, find, may_see
from cs_workspace.workspace.what_if_desk import Candidate, Desk, Move, columns_of, described, desk_of, moves_of
from cs_workspace.workspace.what_if_forecast import Weighted, is_weighted, straight, unknown

LIMIT = 500  # candidates on a screen; a filter finds the others

# What a record must be to be won or done yet; an object that is not here has nothing that closes.
_OPEN = {"tasks": "status:open"}


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
        return is_weighted(self.goal)


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


# --- what could be supposed


@reads(Permission.GOALS_VIEW)
def candidates(tx: Tx, goal: int, limit: int = LIMIT, query: str = "") -> Candidates:
    """Open records of the users who count that do not count yet and could. Raises NotFound, Invalid, Refused."""
    desk = desk_of(tx, goal)
    counting, kind = desk.counting, desk.counting.kind
    check_may(tx, kind, write=False)
    where = _candidate_condition(desk, bound_query(tx, kind, query).where)
    compiler = tx.compiler(kind)
    order = Order.by("created_at" if counting.amount is None else f"-{desk.goal.kpi.measure}")
    found = lists.page(
        tx.connection,
        compiler,
        where,
        order,
        columns_of(counting),
        limit=limit,
    )
    total = len(found.rows) if len(found.rows) < limit else lists.count(tx.connection, compiler, where)
    return Candidates(desk.goal, counting, tuple(described(desk, found.rows)), total)


def _candidate_condition(desk: Desk, asked: Condition) -> Condition:
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


# --- what would be


@reads(Permission.GOALS_VIEW)
def suppose(tx: Tx, goal: int, what_if: WhatIf) -> Supposed:
    """All milestones before and after. Records that are gone change nothing. Raises NotFound, Refused.

    Who may not see the records can suppose targets only, and learns nothing of what a forecast weighs.
    """
    desk = desk_of(tx, goal)
    moves = moves_of(desk, what_if)
    measured = _measured(desk, moves)
    after = [new for each in desk.slices if (new := _supposed_slice(each, measured, what_if)) != each]
    rows = progress_rows(tx, desk.loaded, desk.slices, tx.now)
    supposed = {row.slice.id: row for row in progress_rows(tx, desk.loaded, after, tx.now)}
    forecast = straight(tx.now)
    if is_weighted(desk.goal):
        forecast = Weighted(desk, moves).forecast if may_see(tx, desk.counting.kind) else unknown
    pairs = [(row, supposed.get(row.slice.id, row)) for row in rows]
    return Supposed(
        desk.goal,
        tuple(SupposedRow(one, other, *forecast(one, other)) for one, other in pairs),
        {each.id: each for each in described(desk, (move.after for move in moves.values()))},
    )


def _supposed_slice(each: SliceRow, measured: Mapping[int, Measured], what_if: WhatIf) -> SliceRow:
    total, records = measured.get(each.id, (each.total, each.records))
    return replace(each, total=total, records=records, target=what_if.targets.get(each.id, each.target))


def _measured(desk: Desk, moves: Mapping[int, Move]) -> dict[int, Measured]:
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


def _within(desk: Desk, each: SliceRow, some: Iterable[Counted]) -> list[int]:
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
    desk: Desk, unsure: Mapping[int, tuple[SliceRow, list[int]]], supposed: frozenset[int]
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
    desk = desk_of(tx, found.id)
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
