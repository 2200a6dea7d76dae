"""Values that have an order, as half-open spans of raw values: `2026-03` is a month, `40` is [40, 41) (QRY-2)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from math import inf, nextafter
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from cs_workspace.domain.clock import HOUR, day_of, local_day, parse_date, parse_instant, start_of_day
from cs_workspace.domain.durations import parse_duration
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.money import parse_money
from cs_workspace.domain.numbers import parse_number
from cs_workspace.domain.periods import Period, month_range, quarter_range, year_range
from cs_workspace.domain.schema.model import PropertyType

Span = tuple[int, int] | tuple[float, float]

# What each type with an order takes, as an error says it.
EXPECTED = {
    PropertyType.INTEGER: "a whole number such as 40 or 12k",
    PropertyType.NUMBER: "a number such as 0.5, 12k or 1.5m",
    PropertyType.MONEY: "an amount such as 900, 12k or 1.5m",
    PropertyType.DATE: "a day or period such as today, -30d, 2026-03-31, 2026-Q1 or this-month",
    PropertyType.DATETIME: "a time, day or period such as now, -12h, today, -30d, 2026-03-31T14:00 or 2026-Q1",
    PropertyType.DURATION: "a duration such as 90m, 1h30 or 2d",
}

_LIMIT = 2**63  # what a store's integers hold
_NAMED_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_NAMED_PERIODS = {"last": -1, "this": 0, "next": 1}
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_SHIFTED = re.compile(r"([+-]\d{1,5})([dwmy])", re.ASCII)
_HOURS = re.compile(r"([+-]\d{1,5})h", re.ASCII)  # a moment, whatever clocks do between now and then
_NAMED = re.compile(r"(last|this|next)-(week|month|quarter|year)")
_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})|-q([1-4]))?", re.ASCII)
_TIMED = re.compile(r"\d{4}-\d{2}-\d{2}[t ]\d{1,2}:\d{2}(:\d{2}(\.\d)?)?", re.ASCII)


def is_relative(text: str) -> bool:
    """Whether a date means something else tomorrow."""
    text = text.strip().lower()
    patterns = (_HOURS, _SHIFTED, _NAMED)
    return text == "now" or text in _NAMED_DAYS or any(each.fullmatch(text) for each in patterns)


def span_of(text: str, type: PropertyType, *, now: int, tz: ZoneInfo, currency: str, week_start: int = 0) -> Span:
    """The raw values a written one stands for, from the first to the first after.

    `now` is an instant; days are those of `tz`; `currency` is what money is written in; weeks start on `week_start`
    (Monday is 0). A date-time stands for the minute, second or millisecond it is written to. Raises Invalid.
    """
    try:
        low, high = _span(text.strip(), type, now, tz, currency, week_start)
    except (OverflowError, ValueError) as error:
        raise Invalid("value", "is out of range") from error
    if not -_LIMIT < low <= high < _LIMIT and isinstance(low, int):
        raise Invalid("value", "is out of range")
    return low, high


def _span(text: str, type: PropertyType, now: int, tz: ZoneInfo, currency: str, week_start: int) -> Span:
    match type:
        case PropertyType.NUMBER:
            number = float(parse_number(text))
            return number, nextafter(number, inf)
        case PropertyType.INTEGER:
            return _point(_whole(parse_number(text)))
        case PropertyType.MONEY:
            return _point(parse_money(text, currency))
        case PropertyType.DURATION:
            return _point(parse_duration(text))
        case PropertyType.DATETIME if text.lower() == "now":
            return _point(now)
        case PropertyType.DATETIME if found := _HOURS.fullmatch(text.lower()):
            return _point(now + int(found[1]) * HOUR)
        case PropertyType.DATETIME if found := _TIMED.match(text.lower()):
            start = parse_instant(text, tz)
            return start, start + (1 if found[2] else 1_000 if found[1] else 60_000)
    first, after = _days(text.lower(), local_day(now, tz), week_start)
    if type is PropertyType.DATETIME:
        return start_of_day(first, tz), start_of_day(after, tz)
    return day_of(first), day_of(after)


def _point(raw: int) -> Span:
    return raw, raw + 1


def _whole(number: Fraction) -> int:
    if number.denominator != 1:
        raise Invalid("number", "is not a whole number")
    return int(number)


def _days(text: str, today: date, week_start: int) -> Period:
    if found := _NAMED.fullmatch(text):
        return _named_period(found[2], _NAMED_PERIODS[found[1]], today, week_start)
    if found := _PERIOD.fullmatch(text):
        year, month, quarter = (int(part) if part else 0 for part in found.groups())
        return month_range(year, month) if found[2] else quarter_range(year, quarter) if quarter else year_range(year)
    if found := _SHIFTED.fullmatch(text):
        day = today + relativedelta(**{_UNITS[found[2]]: int(found[1])})  # type: ignore[arg-type]
    elif text in _NAMED_DAYS:
        day = today + timedelta(days=_NAMED_DAYS[text])
    elif text == "now" or _HOURS.fullmatch(text) or _TIMED.match(text):
        raise Invalid("date", "is a time, not a day")
    else:
        day = parse_date(text)
    return day, day + timedelta(days=1)


def _named_period(unit: str, step: int, today: date, week_start: int) -> Period:
    match unit:
        case "week":
            first = today + timedelta(weeks=step, days=-((today.weekday() - week_start) % 7))
            return first, first + timedelta(weeks=1)
        case "month":
            day = today + relativedelta(months=step)
            return month_range(day.year, day.month)
        case "quarter":
            day = today + relativedelta(months=3 * step)
            return quarter_range(day.year, (day.month + 2) // 3)
        case _:
            return year_range(today.year + step)
