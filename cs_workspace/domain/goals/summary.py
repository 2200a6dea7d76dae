"""Several milestones as one: what came of them, how they pace, who leads (GOL-37, GOL-38, GOL-47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from cs_workspace.domain.goals.model import Kpi, Pace, Status
from cs_workspace.domain.goals.progress import (
    Standing,
    needed_per_day,
    overall_status,
    pace_against,
    progress,
    progress_percent,
)


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
    needed_per_day: Fraction | None
    of: int | None  # the milestone the values are of, where they do not add up


def judged(standings: Sequence[Standing]) -> list[int]:
    """The places of the milestones that have a say: those with a target, or all where none has one."""
    return [i for i, each in enumerate(standings) if each.target is not None] or list(range(len(standings)))


def summary(kpi: Kpi, standings: Sequence[Standing], now: int, tz: ZoneInfo) -> Summary:
    """Milestones in order as one (GOL-37).

    Sums and counts add up, over the milestones that have a target. Other aggregates have no combined outcome: the last
    milestone that is over stands for all, or the first while none is.
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
    daily = [n for each in several if (n := needed_per_day(kpi, each, now, tz)) is not None]
    return Summary(
        actual,
        target,
        progress(actual, target, kpi.direction),
        progress_percent(actual, target, kpi.direction),
        status,
        pace_against(kpi, actual, target, expected) if running else None,
        expected,
        sum(daily, Fraction(0)) if daily else None,
        None,
    )


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
