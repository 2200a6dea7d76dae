"""Calendar and fiscal periods as half-open ranges of days.

A fiscal year is named by the calendar year it starts in and begins with month `fiscal_start` (1–12; SET-12). Days of
the week count from Monday = 0.
"""

from __future__ import annotations

from datetime import date, timedelta

from cs_workspace.domain.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2999

Period = tuple[date, date]  # the first day, and the first day after


def month_range(year: int, month: int) -> Period:
    """A calendar month, 1–12. Raises Invalid."""
    return _months(year, _within("month", month, 12), 1)


def quarter_range(year: int, quarter: int, fiscal_start: int = 1) -> Period:
    """A quarter, 1–4, of the calendar or the fiscal year. Raises Invalid."""
    start = _within("fiscal start", fiscal_start, 12)
    return _months(year, start + 3 * (_within("quarter", quarter, 4) - 1), 3)


def year_range(year: int, fiscal_start: int = 1) -> Period:
    """A calendar or fiscal year. Raises Invalid."""
    return _months(year, _within("fiscal start", fiscal_start, 12), 12)


def months_of(year: int, fiscal_start: int = 1) -> tuple[Period, ...]:
    """The twelve months of a calendar or fiscal year (GOL-18). Raises Invalid."""
    start = _within("fiscal start", fiscal_start, 12)
    return tuple(_months(year, start + i, 1) for i in range(12))


def weeks_of(year: int, fiscal_start: int = 1, week_start: int = 0) -> tuple[Period, ...]:
    """The weeks whose first day lies in the year: 52 or 53, never clipped (GOL-18). Raises Invalid."""
    first, until = year_range(year, fiscal_start)
    first += timedelta(days=(_within("week start", week_start, 6, lowest=0) - first.weekday()) % 7)
    starts = (first + timedelta(days=offset) for offset in range(0, (until - first).days, 7))
    return tuple((start, start + timedelta(days=7)) for start in starts)


def fiscal_year_of(day: date, fiscal_start: int = 1) -> int:
    """The fiscal year a day lies in. Raises Invalid."""
    return day.year if day.month >= _within("fiscal start", fiscal_start, 12) else day.year - 1


def working_days(first: date, last: date) -> int:
    """How many days from Monday to Friday lie between two days, both counted; 0 when `last` comes before `first`."""
    weeks, rest = divmod(max((last - first).days + 1, 0), 7)
    return weeks * 5 + sum((first.weekday() + i) % 7 < 5 for i in range(rest))


def _months(year: int, month: int, count: int) -> Period:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid("year", f"{year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return _month_start(year, month), _month_start(year, month + count)


def _month_start(year: int, month: int) -> date:
    years, index = divmod(month - 1, 12)
    return date(year + years, index + 1, 1)


def _within(what: str, value: int, highest: int, *, lowest: int = 1) -> int:
    if not lowest <= value <= highest:
        raise Invalid(what, f"{value} is not between {lowest} and {highest}")
    return value
