"""From measured values to progress, status and pace, always exactly (GOL-32 to GOL-38).

Actuals and targets are fractions in the unit of the goal: a count, an amount in the home currency, seconds. Instants
are milliseconds since 1970-01-01 UTC, and the end of a slice is exclusive. Nothing here raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import local_day
from cs_workspace.domain.goals.model import Aggregate, Direction, Kpi, Pace, Status
from cs_workspace.domain.periods import working_days

HIGHEST = 999  # per cent; more is shown as this (GOL-33)
ON_TRACK, BEHIND = 99, 81  # per cent of what is expected: the lower ends of the two bands (GOL-38)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one slice: its bounds, its actual (None: no data) and its target (None: not set)."""

    start: int
    end: int
    actual: Fraction | None
    target: Fraction | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is shown of one slice."""

    actual: Fraction | None
    target: Fraction | None
    progress_percent: int | None
    status: Status | None
    pace: Pace | None
    needed_per_day: Fraction | None  # see `needed_per_day`
    target_reached: bool  # the badge beside In progress; also true of Achieved and Exceeded


def actual(aggregate: Aggregate, scale: int, total: int | None, records: int) -> Fraction | None:
    """The measured value in units (GOL-32): `total` has `scale` small steps to the unit, save a count, which has none.

    An average is the total over the number of records, never rounded. Average, minimum and maximum over nothing are
    None; count and sum are 0.
    """
    if aggregate is Aggregate.COUNT:
        return Fraction(total or 0)
    if total is None or records == 0:
        return Fraction(0) if aggregate is Aggregate.SUM else None
    return Fraction(total, scale * records if aggregate is Aggregate.AVERAGE else scale)


def progress(actual: Fraction | None, target: Fraction | None, direction: Direction) -> Fraction | None:
    """Exact per cent, not clamped (GOL-33); None without an actual or a target.

    It is 100 or more exactly where the target is reached, also for negative values, for which a quotient has no
    meaning: a lower-is-better actual of 0 or less under its target counts as 999, a higher-is-better one below a target
    of 0 as 0.
    """
    if actual is None or target is None:
        return None
    if direction is Direction.HIGHER:
        if target:
            return 100 * actual / target
        return Fraction(100 if actual == 0 else HIGHEST if actual > 0 else 0)
    if actual > 0:
        return 100 * target / actual
    return Fraction(HIGHEST if actual < target else 100)


def progress_percent(actual: Fraction | None, target: Fraction | None, direction: Direction) -> int | None:
    """Whole per cent, at most 999, rounded down: 100 is never shown for a target not reached (GOL-33, GOL-35)."""
    exact = progress(actual, target, direction)
    return None if exact is None else min(floor(exact), HIGHEST)


def status(kpi: Kpi, standing: Standing, now: int) -> Status | None:
    """Pending, running, or what became of it, from exact values (GOL-34 to GOL-36); None without a target (GOL-3)."""
    if standing.target is None:
        return None
    if now < standing.start:
        return Status.PENDING
    if now < standing.end:
        return Status.IN_PROGRESS
    return _outcome(kpi, standing.actual, standing.target)


def overall_status(kpi: Kpi, standings: Sequence[Standing], now: int) -> Status | None:
    """The status of a whole row of slices, given in order (GOL-37); None when none has a target.

    Slices without a target have no say. After the last end, sums and counts compare the summed actuals with the summed
    targets; other aggregates do not add up and show the last slice's status.
    """
    judged = [each for each in standings if each.target is not None]
    if not judged:
        return None
    last = judged[-1]
    if not kpi.aggregate.additive:
        whole = Standing(judged[0].start, last.end, last.actual, last.target)
    else:
        total = sum((each.actual or Fraction(0) for each in judged), Fraction(0))
        target = sum((each.target or Fraction(0) for each in judged), Fraction(0))
        whole = Standing(judged[0].start, last.end, total, target)
    return status(kpi, whole, now)


def matches_status(actual: Status | None, wanted: Status) -> bool:
    """Whether a status filter lets a slice through: No data is found under Missed too (GOL-36, GOL-43)."""
    return actual is wanted or (wanted is Status.MISSED and actual is Status.NO_DATA)


def pace(kpi: Kpi, standing: Standing, now: int) -> Pace | None:
    """On track at 99 % or more of what is expected, behind from 81 %, else at risk (GOL-38); None unless running.

    Sums and counts expect `target × elapsed / length`. Where lower is better the target is an allowance that may be
    used up in proportion to the time gone by, so the quotient is turned round, as progress is: expected over actual.
    Once more is used than the whole allowance, the slice is at risk whatever the quotient says. Averages, minima and
    maxima compare progress with 100 %, and have no pace without data.
    """
    value, target = standing.actual, standing.target
    if status(kpi, standing, now) is not Status.IN_PROGRESS or target is None:
        return None
    expected = target * Fraction(now - standing.start, standing.end - standing.start)
    return pace_against(kpi, value, target, expected)


def pace_against(kpi: Kpi, value: Fraction | None, target: Fraction | None, expected: Fraction | None) -> Pace | None:
    """The pace of what runs, given what is expected by now (GOL-38); None without a target.

    Averages, minima and maxima are not expected by parts.
    """
    if target is None or expected is None:
        return None
    if not kpi.aggregate.additive:
        reached = progress(value, target, kpi.direction)
        return None if reached is None else _band(reached, Fraction(100))
    value = value or Fraction(0)
    if kpi.direction is Direction.HIGHER:
        return _band(value, expected)
    return Pace.AT_RISK if value > target else _band(expected, value)


def needed_per_day(kpi: Kpi, standing: Standing, now: int, tz: ZoneInfo) -> Fraction | None:
    """What each remaining working day must bring to reach the target, or may bring if lower is better (GOL-38).

    Monday to Friday count, today included, on the calendar of `tz`. 0 when nothing is missing or left. None unless a
    sum or count is running and a working day remains.
    """
    if standing.target is None or not kpi.aggregate.additive or status(kpi, standing, now) is not Status.IN_PROGRESS:
        return None
    days = working_days(local_day(now, tz), local_day(standing.end - 1, tz))
    return max(standing.target - (standing.actual or 0), Fraction(0)) / days if days else None


def target_reached(kpi: Kpi, standing: Standing, now: int) -> bool:
    """Whether the actual is at least as good as the target by now; never before the start.

    A sum or count that is better low stays under its target until it is passed, so it has reached it only at the end.
    """
    value, target = standing.actual, standing.target
    certain_late = kpi.aggregate.additive and kpi.direction is Direction.LOWER
    if value is None or target is None or now < (standing.end if certain_late else standing.start):
        return False
    return value == target or _better(kpi, value, target)


def read(kpi: Kpi, standing: Standing, now: int, tz: ZoneInfo) -> Reading:
    """Everything that is shown of a slice at `now`; `tz` is the account's time zone."""
    return Reading(
        actual=standing.actual,
        target=standing.target,
        progress_percent=progress_percent(standing.actual, standing.target, kpi.direction),
        status=status(kpi, standing, now),
        pace=pace(kpi, standing, now),
        needed_per_day=needed_per_day(kpi, standing, now, tz),
        target_reached=target_reached(kpi, standing, now),
    )


def _outcome(kpi: Kpi, value: Fraction | None, target: Fraction) -> Status:
    if value is None:
        if not kpi.aggregate.additive:
            return Status.NO_DATA
        value = Fraction(0)
    if _better(kpi, value, target):
        return Status.EXCEEDED
    return Status.ACHIEVED if value == target else Status.MISSED


def _better(kpi: Kpi, value: Fraction, target: Fraction) -> bool:
    return value > target if kpi.direction is Direction.HIGHER else value < target


def _band(value: Fraction, expected: Fraction) -> Pace:
    # Multiplied out, because what is expected is 0 at the start.
    if 100 * value >= ON_TRACK * expected:
        return Pace.ON_TRACK
    return Pace.BEHIND if 100 * value >= BEHIND * expected else Pace.AT_RISK
