"""Values as people write them at the keyboard, as text that means the same tomorrow: `next fri` is `2026-11-27`.

Everything that reads values, `domain.schema.values`, takes what comes out of here; files and commands do without it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import SECOND, date_of, local_day, moment_of, parse_instant, print_instant
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.spans import span_of
from cs_workspace.domain.schema.model import Property, PropertyType

T = PropertyType
DAY_HINT = "Write it as 2026-03-31, 31 mar, tomorrow, fri or +2w."
TIME_HINT = "Write it as 14:30, tomorrow 9:00, fri 14:30 or 2026-03-31T14:00."
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAY = re.compile(r"(?:(?:next|this|on)\s+)?([a-z]{3,9})\.?")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?\s*([a-z]{3,9})\.?(?:\s+(\d{4}))?", re.ASCII)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?", re.ASCII)
_AHEAD = re.compile(r"(?:in\s+)?(\d{1,4})\s*(d|w|m|y)(?:ays?|eeks?|onths?|ears?)?", re.ASCII)
_TIME = re.compile(r"(?:(.*?)\s+)?(\d{1,2}:\d{2})", re.ASCII)


def plainly(prop: Property, text: str, now: int, tz: ZoneInfo) -> str:
    """What somebody wrote for a property, without words that mean something else tomorrow. Raises Invalid."""
    if not text.strip():
        return text
    try:
        if prop.type is T.DATE:
            return day(text, local_day(now, tz), now, tz).isoformat()
        if prop.type is T.DATETIME:
            return _instant(text.strip(), now, tz)
    except Invalid as error:
        raise Invalid(prop.name, error.why, error.hint) from error
    return text


def day(text: str, today: date, now: int, tz: ZoneInfo) -> date:
    """A day: `fri` and `next fri` are the next such day, `27 nov` the one to come, `2 weeks` are from now."""
    written = " ".join(text.lower().split())
    if (named := _named(written, today)) is not None:
        return named
    if found := _AHEAD.fullmatch(written):
        written = f"+{found[1]}{found[2]}"
    try:
        low, high = span_of(written, T.DATE, now=now, tz=tz, currency="")
    except Invalid as error:
        raise Invalid("date", f"{text.strip()!r} is not a day", DAY_HINT) from error
    if high - low != 1:
        raise Invalid("date", f"{text.strip()!r} is more than a day", DAY_HINT)
    return date_of(int(low))


def editable_instant(instant: int, tz: ZoneInfo) -> str:
    """An instant as one would write it, `2026-11-22 09:32`, as exactly as it is."""
    if instant % SECOND:
        return print_instant(instant, tz)
    local = moment_of(instant, tz)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def _named(written: str, today: date) -> date | None:
    if found := _WEEKDAY.fullmatch(written):
        weekday = _begun(found[1], _WEEKDAYS)
        return None if weekday is None else today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if found := _DAY_MONTH.fullmatch(written):
        number, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(written):
        name, number, year = found.groups()
    else:
        return None
    month = _begun(name, _MONTHS)
    if month is None:
        return None
    for each in (int(year),) if year else range(today.year, today.year + 9):  # 29 February comes within eight years
        try:
            chosen = date(each, month + 1, int(number))
        except ValueError:
            continue
        if year or chosen >= today:
            return chosen
    raise Invalid("date", f"{written!r} is not a day of the calendar", DAY_HINT)


def _begun(word: str, names: tuple[str, ...]) -> int | None:
    return next((number for number, name in enumerate(names) if len(word) > 2 and name.startswith(word)), None)


def _instant(text: str, now: int, tz: ZoneInfo) -> str:
    with suppress(Invalid):
        parse_instant(text, tz)
        return text
    if text.lower() == "now":
        return print_instant(now - now % (60 * SECOND), tz)
    found = _TIME.fullmatch(text)
    head, clock = found.groups() if found else (text, None)
    try:
        written = day(head or "today", local_day(now, tz), now, tz).isoformat()
        return print_instant(parse_instant(f"{written}T{clock}" if clock else written, tz), tz)
    except Invalid as error:
        raise Invalid("date-time", f"{text!r} is not a time", TIME_HINT) from error
