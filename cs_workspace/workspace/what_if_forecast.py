"""Where a goal would end: what goes on as it went, or what is won and, of what is open, as much as it is likely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from cs_workspace.domain.goals.forecast import REVENUE
from cs_workspace.domain.goals.model import Unit, scale
from cs_workspace.domain.goals.progress import Standing
from cs_workspace.domain.goals.what_if import (
    could,
    projected,
)
from cs_workspace.domain.money import exponent
from cs_workspace.domain.query.binding import bind
from cs_workspace.domain.query.bound import Between, BoundAnd, InSet
from cs_workspace.domain.query.parser import parse
from cs_workspace.store import lists
from cs_workspace.store.goals import Goal, SliceRow
from cs_workspace.store.lists import Order
from cs_workspace.workspace.goals import (
    ProgressRow,
)
from cs_workspace.workspace.names import query_context
from cs_workspace.workspace.what_if_desk import Desk, Move

EVERY = 1_000_000  # open deals that a forecast weighs


def is_weighted(goal: Goal) -> bool:
    """Whether the forecast weighs what is open, so that it matters when that is due and what it is worth (GOL-24)."""
    return goal.template in REVENUE


Forecast = Callable[[ProgressRow, ProgressRow], tuple[Fraction | None, Fraction | None]]


def straight(now: int) -> Forecast:
    """What goes on as it went, and what is supposed on top of it."""

    def forecast(before: ProgressRow, after: ProgressRow) -> tuple[Fraction | None, Fraction | None]:
        kpi, each = before.kpi, before.slice
        was, would = before.reading.actual, after.reading.actual
        plain = projected(kpi, Standing(each.start, each.end, was, before.reading.target), now)
        if not kpi.aggregate.additive:
            return plain, projected(kpi, Standing(each.start, each.end, would, after.reading.target), now)
        return plain, None if plain is None else plain + (would or 0) - (was or 0)

    return forecast


def unknown(_before: ProgressRow, _after: ProgressRow) -> tuple[None, None]:
    """Of somebody who may not see what is open."""
    return None, None


class Weighted:
    """What is won and, of what is open, as much as it is likely (REV-3)."""

    def __init__(self, desk: Desk, moves: Mapping[int, Move]) -> None:
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
        found = lists.page(tx.connection, tx.compiler(kind), where, Order.by("id"), columns, limit=EVERY).rows
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
