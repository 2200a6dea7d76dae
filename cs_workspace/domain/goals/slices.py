"""The periods a goal is cut into: closed for people, half-open instants inside (GOL-2, GOL-16 to GOL-19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import start_of_day
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Duration
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.periods import FIRST_YEAR, LAST_YEAR, months_of, quarter_range, weeks_of, year_range


@dataclass(frozen=True, slots=True)
class Slice:
    """One period of a goal; screens call it a milestone."""

    index: int  # its place in the goal, from 0
    label: str  # 2026-03, 2026-Q2, FY2026/27-Q1, 2026-W07, 2026, 2026-02-10..2026-03-09
    first_day: date
    last_day: date  # inclusive
    start: int  # milliseconds since 1970-01-01 UTC
    end: int  # the same, exclusive


def slices(
    duration: Duration,
    year: int,
    *,
    fiscal_start: int = 1,
    aligned: bool = False,
    week_start: int = 0,
    tz: ZoneInfo,
) -> tuple[Slice, ...]:
    """All slices of a goal that is not custom, in order (GOL-18). Raises Invalid.

    `year` is the one the (fiscal, when `aligned`) year starts in, `fiscal_start` its first month 1–12, `week_start` the
    first day of the week from Monday = 0 (SET-12). Slices of consecutive years follow each other without gap or
    overlap.
    """
    begin = fiscal_start if aligned else 1
    named = str(year) if begin == 1 else f"FY{year}/{(year + 1) % 100:02}"
    match duration:
        case Duration.YEARLY:
            labelled = [(named, year_range(year, begin))]
        case Duration.QUARTERLY:
            labelled = [(f"{named}-Q{q}", quarter_range(year, q, begin)) for q in range(1, 5)]
        case Duration.MONTHLY:
            labelled = [(f"{period[0]:%Y-%m}", period) for period in months_of(year, begin)]
        case Duration.WEEKLY:
            weeks = weeks_of(year, begin, week_start)
            labelled = [(f"{named}-W{number:02}", period) for number, period in enumerate(weeks, start=1)]
        case _:
            raise Invalid("duration", "a custom goal has a start and an end date instead of a year")
    return tuple(_slice(i, label, first, until, tz) for i, (label, (first, until)) in enumerate(labelled))


def custom_slice(first: date, last: date, tz: ZoneInfo) -> Slice:
    """The one slice of a custom goal, from the first to the last day, both included (GOL-16). Raises Invalid."""
    if last < first:
        raise Invalid("end", f"{last} is before the start, {first}", "Choose an end date on or after the start date.")
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise Invalid("year", f"{first}..{last} is not within {FIRST_YEAR} to {LAST_YEAR}")
    return _slice(0, f"{first}..{last}", first, last + timedelta(days=1), tz)


def closed_interval(each: Slice) -> tuple[int, int]:
    """The slice from its first to its last millisecond, both included, as it is shown and exported (GOL-2)."""
    return each.start, each.end - 1


def find_slice(among: Sequence[Slice], text: str) -> Slice:
    """The slice with this label, capitals or not. Raises Invalid with the nearest label."""
    wanted = text.strip().upper()
    for each in among:
        if each.label.upper() == wanted:
            return each
    raise Invalid("slice", f"{text!r} is not a slice of this goal", nearest(text, (each.label for each in among)))


def _slice(index: int, label: str, first: date, until: date, tz: ZoneInfo) -> Slice:
    return Slice(index, label, first, until - timedelta(days=1), start_of_day(first, tz), start_of_day(until, tz))
