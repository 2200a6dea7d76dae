"""Instants and days: integers inside, ISO 8601 and the account's time zone at the edges.

An *instant* is milliseconds since 1970-01-01 UTC, a *day* is days since 1970-01-01. `now` is always an argument.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cs_workspace.domain.errors import Invalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()
SECOND = 1000
HOUR = 3600 * SECOND
DAY = 24 * HOUR

# Four digits of year, then ISO 8601 with the blanks, single-digit hours and zone names that exports write.
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_LIKE = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)? ?(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.ASCII,
)


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""


class FixedClock:
    """A clock that stands still: `--now`, tests and demos."""

    def __init__(self, instant: int) -> None:
        self.instant = instant

    def now(self) -> int:
        """The instant it was set to."""
        return self.instant


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """The present instant."""
        return instant_of(datetime.now(UTC))


def zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name; raises Invalid."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("time zone", f"{name!r} is not a time zone", "Use an IANA name such as Europe/Rome.") from error


def instant_of(moment: datetime) -> int:
    """The instant of an aware datetime."""
    delta = moment - EPOCH
    return (delta.days * 86400 + delta.seconds) * SECOND + delta.microseconds // 1000


def moment_of(instant: int, tz: ZoneInfo) -> datetime:
    """The aware datetime of an instant in a time zone."""
    return (EPOCH + timedelta(milliseconds=instant)).astimezone(tz)


def day_of(value: date) -> int:
    """The day number of a date."""
    return value.toordinal() - EPOCH_DAY


def date_of(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(day + EPOCH_DAY)


def local_day(instant: int, tz: ZoneInfo) -> date:
    """The calendar day of an instant in a time zone."""
    return moment_of(instant, tz).date()


def start_of_day(day: date, tz: ZoneInfo) -> int:
    """The first instant of a calendar day in a time zone, also where midnight does not exist."""
    try:
        return instant_of(datetime.combine(day, time(), tzinfo=tz).astimezone(UTC))
    except OverflowError as error:
        raise Invalid("date", f"{day} has no beginning in UTC", "Choose a later day.") from error


def parse_date(text: str) -> date:
    """A date from ISO 8601 text; a date-time gives its date. Raises Invalid."""
    text = text.strip()
    head = text[:10]
    if _ISO_DAY.fullmatch(text) or (_ISO_DAY.fullmatch(head) and _ISO_LIKE.fullmatch(text)):
        try:
            return date.fromisoformat(head)
        except ValueError as error:
            raise Invalid("date", f"{text!r} is not a day of the calendar") from error
    raise Invalid("date", f"{text!r} is not a date", "Write it as 2026-03-31.")


def parse_instant(text: str, tz: ZoneInfo) -> int:
    """An instant from ISO 8601 text (headless contract).

    One without an offset is in `tz`; a bare date is the start of that day there. Raises Invalid.
    """
    text = text.strip()
    if _ISO_DAY.fullmatch(text):
        return start_of_day(parse_date(text), tz)
    if text.isascii() and text.isdigit() and len(text) == 13:  # milliseconds, as web exports write them
        return int(text)
    found = _ISO_LIKE.fullmatch(text)
    if found is None:
        raise Invalid("date-time", f"{text!r} is not a date-time", "Write it as 2026-03-31T14:00 or 2026-03-31.")
    day, hour, minute, second, fraction, offset = found.groups()
    micro = (fraction or "").ljust(6, "0")[:6]
    iso = f"{day}T{int(hour):02}:{minute}:{second or '00'}.{micro}{'' if offset in (None, 'UTC') else offset}"
    try:
        if hour == "24":
            raise ValueError(iso)  # newer Pythons would take it for the next midnight
        moment = datetime.fromisoformat(iso)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC if offset == "UTC" else tz)
        return instant_of(moment.astimezone(UTC))
    except (ValueError, OverflowError) as error:  # beyond the first or the last day of the calendar, in UTC
        raise Invalid("date-time", f"{text!r} is not a time of the calendar") from error


def print_instant(instant: int, tz: ZoneInfo) -> str:
    """ISO 8601 with offset, to the second, or to the millisecond where there is one."""
    moment = moment_of(instant, tz)
    return moment.isoformat(timespec="milliseconds" if instant % SECOND else "seconds")


def print_date(day: int) -> str:
    """ISO 8601."""
    return date_of(day).isoformat()
