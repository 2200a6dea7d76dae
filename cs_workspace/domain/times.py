"""Days and times as people write them at the keyboard: `next fri 14:30`, `in 3 days`, `2 weeks ago`, `eom`, ISO 8601.

What could be a day to come or one that is over, `fri`, `3 nov`, is one to come, or the last one where `past` is asked
for. What is relative by a sign, a period or a name of its own is read as in a query (QRY-2).
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from cs_workspace.domain.clock import SECOND, date_of, instant_of, local_day, moment_of, parse_instant, print_instant
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.periods import Period, month_range, quarter_range, year_range
from cs_workspace.domain.query.spans import span_of
from cs_workspace.domain.schema.model import Property, PropertyType

DAY_HINT = "Write it as 2026-03-31, 31 mar, tomorrow, fri, +2w or eom."
TIME_HINT = "Write it as 14:30, tomorrow 9:00, fri 14:30, -2h or 2026-03-31T14:00."
PAST_HINT = "3 Nov 2026 09:00, yesterday, last fri, 2 weeks ago, -30d or last-month"
MIDNIGHT, NOON, EVENING = time(), time(12), time(17)  # what a day without a time may stand for

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAY = re.compile(r"(?:(next|this|on|last) )?([a-z]{3,9})\.?")
_DAY_MONTH = re.compile(r"(\d{1,2})\.? ?([a-z]{3,9})\.?(?: (\d{4}))?", re.ASCII)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?: (\d{4}))?", re.ASCII)
_PERIOD = re.compile(r"(last|this|next) (week|month|quarter|year)")
_LONG = r"([dwmy]|days?|weeks?|months?|years?)"
_SHORT = r"(h|hours?|min|minutes?)"
_SHIFTED = (
    (re.compile(rf"(?:in )?(\d{{1,4}}) ?{_LONG}", re.ASCII), "+"),
    (re.compile(rf"(\d{{1,4}}) ?{_LONG} ago", re.ASCII), "-"),
)
_MOVED = (
    (re.compile(rf"(?:in |\+)(\d{{1,4}}) ?{_SHORT}", re.ASCII), 1),
    (re.compile(rf"-(\d{{1,4}}) ?{_SHORT}", re.ASCII), -1),
    (re.compile(rf"(\d{{1,4}}) ?{_SHORT} ago", re.ASCII), -1),
)
_SECONDS = {"h": 3600, "m": 60}
_CLOCK = re.compile(r"(?:(.*?) )??(?:at )?(\d{1,2}):(\d{2})", re.ASCII)
_OVER = frozenset({"notes", "calls", "emails", "activities"})


def meant(object: str) -> tuple[time, bool]:
    """What a day of this object stands for, and whether days are past: tasks are due in the evening, calls are over."""
    return EVENING if object == "tasks" else NOON, object in _OVER


def parse_day(text: str, *, now: int, tz: ZoneInfo, past: bool = False) -> date:
    """The day that somebody wrote. Raises Invalid."""
    first, after = _days(_words(text), now, tz, past)
    if after - first != timedelta(1):
        raise Invalid("date", f"{text.strip()!r} is more than a day", DAY_HINT)
    return first


def parse_time(text: str, *, now: int, tz: ZoneInfo, bare: time = NOON, past: bool = False) -> int:
    """The instant that somebody wrote; a day without a time gets the one in `bare`. Raises Invalid."""
    first, after = _instants(text, now, tz, bare, past)
    if first != after:
        raise Invalid("time", f"{text.strip()!r} is more than a day", TIME_HINT)
    return first


def parse_moment(text: str, *, now: int, tz: ZoneInfo) -> int:
    """The instant that somebody looks back at, of a day or period its beginning. Raises Invalid where it is to come."""
    try:
        instant, _ = _instants(text, now, tz, MIDNIGHT, past=True)
    except Invalid as error:
        raise Invalid("time", error.why, f"Write {PAST_HINT}.") from error
    if instant > now:
        raise Invalid("time", f"{text.strip()!r} is not over yet", f"Write {PAST_HINT}.")
    return instant


def plainly(prop: Property, text: str, *, now: int, tz: ZoneInfo, bare: time = NOON, past: bool = False) -> str:
    """What somebody wrote for a property, as text that means the same tomorrow. Raises Invalid."""
    if not text.strip():
        return text
    try:
        if prop.type is PropertyType.DATE:
            return parse_day(text, now=now, tz=tz, past=past).isoformat()
        if prop.type is PropertyType.DATETIME:
            return print_instant(parse_time(text, now=now, tz=tz, bare=bare, past=past), tz)
    except Invalid as error:
        raise Invalid(prop.name, error.why, error.hint) from error
    return text


def editable_instant(instant: int, tz: ZoneInfo) -> str:
    """An instant as one would write it, `2026-11-22 09:32`, as exactly as it is."""
    local = moment_of(instant, tz)
    if instant % SECOND or instant_of(local.replace(fold=0)) != instant:  # the hour that comes twice in autumn
        return print_instant(instant, tz)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def _words(text: str) -> str:
    return " ".join(text.lower().replace(",", " ").split())


def _instants(text: str, now: int, tz: ZoneInfo, bare: time, past: bool) -> tuple[int, int]:
    """The first instant and the last that is meant: the same, but for a period."""
    words = _words(text)
    if words == "now":
        return now, now
    for pattern, sign in _MOVED:
        if found := pattern.fullmatch(words):
            moved = now + sign * int(found[1]) * _SECONDS[found[2][0]] * SECOND
            return moved, moved
    if len(words) > 10:  # longer than a day, which has its time of the day in `bare`
        with suppress(Invalid):
            return (exact := parse_instant(words.upper(), tz)), exact
    if not (found := _CLOCK.fullmatch(words)):
        first, after = _days(words, now, tz, past, hint=TIME_HINT)
        return _at(first, bare, tz), _at(after - timedelta(1), bare, tz)
    if int(found[2]) > 23 or int(found[3]) > 59:
        raise Invalid("time", f"{text.strip()!r} is not a time of the day", TIME_HINT)
    first, after = _days(found[1] or "today", now, tz, past, hint=TIME_HINT)
    if after - first != timedelta(1):
        raise Invalid("time", f"{text.strip()!r} is more than a day", TIME_HINT)
    instant = _at(first, time(int(found[2]), int(found[3])), tz)
    return instant, instant


def _at(day: date, moment: time, tz: ZoneInfo) -> int:
    try:
        return instant_of(datetime.combine(day, moment, tzinfo=tz))
    except OverflowError as error:
        raise Invalid("time", f"{day} has no such time", TIME_HINT) from error


def _days(words: str, now: int, tz: ZoneInfo, past: bool, hint: str = DAY_HINT) -> Period:
    """The first day that is meant, and the first after."""
    today = local_day(now, tz)
    try:
        named = _named(words, today, past)
        if named is not None:
            return named, named + timedelta(1)
        if found := _PERIOD.fullmatch(words):
            words = f"{found[1]}-{found[2]}"
        for pattern, sign in _SHIFTED:
            if found := pattern.fullmatch(words):
                words = f"{sign}{found[1]}{found[2][0]}"
        low, high = span_of(words, PropertyType.DATE, now=now, tz=tz, currency="")
        return date_of(int(low)), date_of(int(high))
    except (Invalid, OverflowError, ValueError) as error:
        what = "time" if hint is TIME_HINT else "day"
        raise Invalid("date", f"{words!r} is not a {what}", hint) from error


def _named(words: str, today: date, past: bool) -> date | None:
    """The day of a weekday, of a month, or the last of a week, month, quarter or year."""
    ends: dict[str, Period] = {
        "eow": (today, today + timedelta(days=7 - today.weekday())),
        "eom": month_range(today.year, today.month),
        "eoq": quarter_range(today.year, (today.month + 2) // 3),
        "eoy": year_range(today.year),
    }
    if words in ends:
        return ends[words][1] - timedelta(1)
    if (found := _WEEKDAY.fullmatch(words)) and (weekday := _begun(found[2], _WEEKDAYS)) is not None:
        if found[1] == "last" or (past and found[1] in {None, "on"}):
            return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if found := _DAY_MONTH.fullmatch(words):
        number, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(words):
        name, number, year = found.groups()
    else:
        return None
    month = _begun(name, _MONTHS)
    if month is None:
        return None
    step = relativedelta(years=-1 if past else 1)
    first = date(int(year) if year else today.year, month + 1, 1)
    for each in (first + step * n for n in range(1 if year else 9)):  # 29 February comes within eight years
        with suppress(ValueError):
            chosen = each.replace(day=int(number))
            if year or (chosen <= today if past else chosen >= today):
                return chosen
    raise Invalid("date", f"{words!r} is not a day of the calendar", DAY_HINT)


def _begun(word: str, names: tuple[str, ...]) -> int | None:
    return next((number for number, name in enumerate(names) if len(word) > 2 and name.startswith(word)), None)
