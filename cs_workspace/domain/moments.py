"""Moments that are over, as people say them: `yesterday 15:00`, `3 Nov 2026`, `2 weeks ago`, `2026-11-03T09:00`."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import local_day, parse_instant, print_date
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.spans import span_of
from cs_workspace.domain.schema.model import PropertyType

HINT = "3 Nov 2026 09:00, yesterday, 2 weeks ago, -30d or last-month"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:(?: at)? (\d{1,2}:\d{2}))?"
_NAMED = re.compile(rf"(today|yesterday){_TIME}", re.ASCII)
_AGO = re.compile(r"(\d{1,5}) ?(h|d|w|m|y)[a-z]* ago", re.ASCII)
_WRITTEN = re.compile(rf"(\d{{1,2}})\.? ([a-z]{{3}})[a-z]*\.?(?: (\d{{4}}))?{_TIME}", re.ASCII)


def parse_moment(text: str, *, now: int, tz: ZoneInfo) -> int:
    """The instant a text means, of a period its beginning. Raises Invalid for what means none, or one to come."""
    words = " ".join(text.lower().replace(",", " ").split())
    if found := _AGO.fullmatch(words):
        words = f"-{found[1]}{found[2]}"
    elif found := _NAMED.fullmatch(words):
        day = span_of(found[1], PropertyType.DATE, now=now, tz=tz, currency="")
        words = _at(int(day[0]), found[2])
    elif (found := _WRITTEN.fullmatch(words)) and found[2] in _MONTHS:
        today = local_day(now, tz)
        month = _MONTHS.index(found[2]) + 1
        year = int(found[3] or today.year - ((month, int(found[1])) > (today.month, today.day)))
        words = f"{year:04}-{month:02}-{int(found[1]):02}" + (f"T{found[4]}" if found[4] else "")
    elif re.fullmatch(r"(last|this) \w+", words):
        words = words.replace(" ", "-")
    instant = _instant(words, now, tz)
    if instant > now:
        raise Invalid("time", f"{text.strip()!r} is not over yet", f"Write {HINT}.")
    return instant


def _at(day: int, time: str | None) -> str:
    return print_date(day) + (f"T{time}" if time else "")


def _instant(words: str, now: int, tz: ZoneInfo) -> int:
    try:
        return int(span_of(words, PropertyType.DATETIME, now=now, tz=tz, currency="")[0])
    except Invalid as error:
        try:
            return parse_instant(words.upper(), tz)
        except Invalid:
            raise Invalid("time", f"{words!r} is not a time", f"Write {HINT}.") from error
