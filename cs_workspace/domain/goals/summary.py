"""Several milestones as one: what came of them, how they pace, who leads (GOL-37, GOL-38, GOL-47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import local_day
from cs_workspace.domain.goals.model import Kpi, Pace, Status
from cs_workspace.domain.goals.progress import (
    Standing,
    overall_status,
    pace_against,
    progress,
    progress_percent,
    read,
)
from cs_workspace.domain.periods import working_days


@dataclass(frozen=True, slots=True)
class Summary:
    """What is shown of several milestones together."""

    actual: Fraction | None
    target: Fraction | None
    progress: Fraction | None  # exact per cent, not clamped
    progress_percent: int | None
    status: Status | None
    pace: Pace | None
    expected: Fraction | None  # by now, of a running sum or count
    needed_per_day: Fraction | None  # of what is missing, on each working day that is left of them all
    of: int | None  # the milestone the values are of, where they do not add up
    unaimed: Fraction | None = None  # measured beside them where nothing is aimed at, where others have a target


def judged(standings: Sequence[Standing]) -> list[int]:
    """The places of the milestones that have a say: those with a target, or all where none has one."""
    return [i for i, each in enumerate(standings) if each.target is not None] or list(range(len(standings)))


def summary(
    kpi: Kpi, standings: Sequence[Standing], now: int, tz: ZoneInfo, *, by_now: Fraction | None = None
) -> Summary:
    """Milestones in order as one (GOL-37).

    Sums and counts add up, over the milestones that have a target. Their pace compares what is expected with `by_now`
    where some of the records are dated later. Other aggregates have no combined outcome: the last milestone that is
    over stands for all, or the first while none is.
    """
    places = judged(standings)
    status = overall_status(kpi, standings, now)
    if not places:
        return Summary(None, None, None, None, status, None, None, None, None)
    if not kpi.aggregate.additive:
        of = max((i for i in places if standings[i].end <= now), default=places[0])
        one = standings[of]
        exact = progress(one.actual, one.target, kpi.direction)
        percent = progress_percent(one.actual, one.target, kpi.direction)
        speed = pace_against(kpi, one.actual, one.target, one.target) if one.start <= now < one.end else None
        return Summary(one.actual, one.target, exact, percent, status, speed, None, None, of)
    several = [standings[i] for i in places]
    actual = sum((each.actual or Fraction(0) for each in several), Fraction(0))
    target = None
    if any(each.target is not None for each in several):
        target = sum((each.target or Fraction(0) for each in several), Fraction(0))
    running = status is Status.IN_PROGRESS
    expected = expected_by(several, now) if running else None
    return Summary(
        actual,
        target,
        progress(actual, target, kpi.direction),
        progress_percent(actual, target, kpi.direction),
        status,
        pace_against(kpi, actual if by_now is None else by_now, target, expected) if running else None,
        expected,
        _needed(several, target - actual, now, tz) if running and target is not None else None,
        None,
        sum((each.actual or Fraction(0) for i, each in enumerate(standings) if i not in places), Fraction(0)) or None,
    )


def of_one(kpi: Kpi, standings: Sequence[Standing], place: int, now: int, tz: ZoneInfo) -> Summary:
    """One of the milestones for all of them, with its own status: where they do not add up."""
    one = standings[place]
    found = read(kpi, one, now, tz)
    exact = progress(one.actual, one.target, kpi.direction)
    return Summary(one.actual, one.target, exact, found.progress_percent, found.status, found.pace, None, None, place)


def ranked_by(rows: Sequence[Sequence[Standing]], now: int) -> int:
    """The milestone that contributors are ranked by, where milestones do not add up; each row holds all of them.

    It is the one that runs if any of them has a value in it, else the last that is over, else the first.
    """
    periods = list(zip(*rows, strict=True))
    judged_ = [i for i, each in enumerate(periods) if any(one.target is not None for one in each)]
    places = judged_ or list(range(len(periods)))
    for i in places:
        one = periods[i][0]
        if one.start <= now < one.end and any(each.actual is not None for each in periods[i]):
            return i
    return max((i for i in places if periods[i][0].end <= now), default=places[0])


def _needed(standings: Sequence[Standing], missing: Fraction, now: int, tz: ZoneInfo) -> Fraction | None:
    """What each working day that is left must bring (GOL-38), or may bring; None where nothing is missing or left."""
    days = sum(
        working_days(local_day(max(now, each.start), tz), local_day(each.end - 1, tz))
        for each in standings
        if each.end > now
    )
    return missing / days if missing > 0 and days else None


def expected_by(standings: Sequence[Standing], now: int) -> Fraction:
    """What sums and counts should have reached by an instant: of each target the part whose time has gone (GOL-38)."""
    return sum(
        (
            each.target * Fraction(min(max(now - each.start, 0), each.end - each.start), each.end - each.start)
            for each in standings
            if each.target is not None
        ),
        Fraction(0),
    )


def ranks(progresses: Sequence[Fraction | None]) -> list[int | None]:
    """The place of each by progress, the highest first: equals share a place, and without progress there is none."""
    known = sorted((each for each in progresses if each is not None), reverse=True)
    return [None if each is None else known.index(each) + 1 for each in progresses]
