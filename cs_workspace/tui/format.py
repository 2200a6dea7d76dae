"""Values as screens show them: short, right for a column, never more exact than what is true."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import date_of, day_of, local_day, moment_of
from cs_workspace.domain.durations import print_duration
from cs_workspace.domain.goals.model import Aggregate, Kpi, Pace, Status, Unit
from cs_workspace.domain.money import exponent, print_money
from cs_workspace.domain.numbers import print_number
from cs_workspace.tui.text import Cell, Part, part, plain

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BAR = 10  # cells

STATUS: dict[Status | None, tuple[str, str]] = {
    Status.PENDING: ("○ Pending", "quiet"),
    Status.IN_PROGRESS: ("▶ In progress", ""),
    Status.ACHIEVED: ("✓ Achieved", "good"),
    Status.EXCEEDED: ("★ Exceeded", "good"),
    Status.MISSED: ("✗ Missed", "bad"),
    Status.NO_DATA: ("– No data", "quiet"),
    None: ("", "quiet"),
}
PACE: dict[Pace | None, tuple[str, str]] = {
    Pace.ON_TRACK: ("● on track", "good"),
    Pace.BEHIND: ("◆ behind", "warn"),
    Pace.AT_RISK: ("▲ at risk", "bad"),
    None: ("", "quiet"),
}

# Of the values of a property those that are good or bad news; what is called otherwise has no sign.
STATES: dict[tuple[str, str], tuple[str, str]] = {
    ("status", "on_track"): ("●", "good"),
    ("status", "at_risk"): ("▲", "bad"),
    ("status", "delayed"): ("◆", "warn"),
    ("status", "blocked"): ("✗", "bad"),
    ("status", "completed"): ("✓", "quiet"),
    ("status", "open"): ("○", ""),
    ("sentiment", "positive"): ("●", "good"),
    ("sentiment", "neutral"): ("◆", "warn"),
    ("sentiment", "negative"): ("▲", "bad"),
}

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_PIECE = re.compile(r"(FY\d{4}/\d{2}|\d{4})-([QW]\d{1,2})")
_WEEK = re.compile(r".*-W\d{1,2}")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def milestone(label: str) -> str:
    """A slice's label as people say it: `Nov 2026`, `Q4 2026`, `W07 2026`, `10 Feb – 9 Mar 2026`."""
    if found := _MONTH.fullmatch(label):
        return f"{MONTHS[int(found[2]) - 1]} {found[1]}"
    if found := _PIECE.fullmatch(label):
        return f"{found[2]} {found[1].replace('FY20', 'FY')}"
    if found := _DAYS.fullmatch(label):
        (first, last) = (each.split("-") for each in found.groups())
        start = f"{int(first[2])} {MONTHS[int(first[1]) - 1]}" + (f" {first[0]}" if first[0] != last[0] else "")
        return f"{start} – {int(last[2])} {MONTHS[int(last[1]) - 1]} {last[0]}"
    return label


def period(label: str, first_day: int, last_day: int) -> str:
    """A slice as people say it, a week by its days: its number is not that of every calendar (GOL-18)."""
    if not _WEEK.fullmatch(label):
        return milestone(label)
    first, last = date_of(first_day), date_of(last_day)
    month = "" if first.month == last.month else f" {MONTHS[first.month - 1]}"
    return f"{first.day}{month}–{last.day} {MONTHS[last.month - 1]}"


def titles(labels: Sequence[str], first_days: Sequence[date]) -> list[str]:
    """Slices as column titles, weeks by their first day, with the year only where there are several: `Sep ’26`."""
    if labels and _WEEK.fullmatch(labels[0]):
        return [f"{day.day} {MONTHS[day.month - 1]}" for day in first_days]
    words = [milestone(label) for label in labels]
    if len(words) == 1:
        return words
    parts = [each.rpartition(" ") for each in words]
    several = len({year for _, _, year in parts}) > 1
    return [f"{name} ’{year[-2:]}" if several else name for name, _, year in parts]


def amount(value: Fraction | None, kpi: Kpi, currency: str) -> str:
    """An actual or a target in its unit; `–` where there is none."""
    if value is None:
        return "–"
    match kpi.unit:
        case Unit.CURRENCY:
            return money(floor(value * 10 ** exponent(currency)), currency)
        case Unit.DURATION:
            return duration(floor(value))
        case _:
            return print_number(value, 0 if kpi.aggregate is Aggregate.COUNT else 2)


def amount_cell(value: Fraction | None, kpi: Kpi, currency: str, tone: str = "") -> Cell:
    """The same for a column: rounded down to thousands or millions where the figures do not fit, never cut."""
    text = plain(amount(value, kpi, currency))
    return (Part(text, tone, short_amount(value, kpi, currency)),)


def short_amount(value: Fraction | None, kpi: Kpi, currency: str) -> str | None:
    """`339 k €`, `1.2 M`, `55 m`; None where figures are short anyway."""
    if value is None:
        return None
    if kpi.unit is Unit.DURATION:
        return print_duration(floor(value / 60) * 60) if 60 < abs(value) < 3600 else None
    if abs(value) < 10_000:
        return None
    sign = f" {money(0, currency).partition(' ')[2]}" if kpi.unit is Unit.CURRENCY else ""
    if abs(value) < 1_000_000:
        return f"{print_number(value / 1_000, 0)} k{sign}"
    return f"{print_number(value / 1_000_000, 1)} M{sign}"


def duration(seconds: int) -> str:
    """A length of time to three figures or so: days and hours, hours and minutes, minutes and seconds."""
    step = 3600 if abs(seconds) >= 86400 else 60 if abs(seconds) >= 3600 else 1
    return print_duration(seconds - seconds % step)


def money(minor: int, currency: str) -> str:
    """An amount without decimals, which no column of a list has room for."""
    return print_money(minor - minor % 10 ** exponent(currency), currency)


def percent(value: int | None) -> str:
    """A progress."""
    return "" if value is None else f"{value} %"


def bar(value: int | None, *, quiet: bool = False) -> Cell:
    """Progress as ten cells; more than all of it is a full bar."""
    if value is None:
        return ()
    filled = max(0, min(BAR, value * BAR // 100))
    return (Part("█" * filled, "quiet" if quiet else "bar"), Part("░" * (BAR - filled), "track"))


def status(value: Status | None) -> Cell:
    """Symbol and word."""
    text, tone = STATUS[value]
    return (part(text, tone),)


def pace(value: Pace | None, needed: Fraction | None, kpi: Kpi, currency: str) -> Cell:
    """Symbol and word, and what the days that are left must bring where that is not a matter of course."""
    text, tone = PACE[value]
    if value is None:
        return ()
    if value is Pace.ON_TRACK or not needed:
        return (part(text, tone),)
    daily = f"{needed_a_day(needed, kpi, currency)} / day"
    return (part(text, tone), Part(f"  needs {daily}", "quiet", f"  {daily}"))


def needed_a_day(needed: Fraction, kpi: Kpi, currency: str) -> str:
    """Rounded up: what is shown, done every day, is enough."""
    match kpi.unit:
        case Unit.CURRENCY:
            step = 10 ** exponent(currency)
            return print_money(ceil(needed) * step, currency)
        case Unit.DURATION:
            return print_duration(ceil(needed))
        case _:
            return print_number(Fraction(ceil(needed * 10), 10), 1)


def state(name: str, value: str, label: str) -> Cell:
    """A value of an enumeration, with its sign where it is good or bad news: `▲ At risk`."""
    sign, tone = STATES.get((name, value), ("", ""))
    return (part(f"{sign} {label}".strip(), tone),)


def day(value: int) -> str:
    """A calendar day: `12 Jan 2027`."""
    date = date_of(value)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def weekday_and_day(value: date) -> str:
    """A calendar day with what day of the week it is: `Tue 12 Jan 2027`."""
    return f"{WEEKDAYS[value.weekday()]} {day(day_of(value))}"


def clock_time(instant: int, tz: ZoneInfo) -> str:
    """Hours and minutes."""
    return f"{moment_of(instant, tz):%H:%M}"


def day_and_time(instant: int, tz: ZoneInfo) -> str:
    """`12 Jan 2027 09:30`."""
    return f"{day(day_of(local_day(instant, tz)))} {clock_time(instant, tz)}"


def ago(instant: int, now: int, tz: ZoneInfo) -> str:
    """How long ago by the calendar: `today`, `3 d`, `5 mo`, `2 y`; a day to come is written out."""
    days = (local_day(now, tz) - local_day(instant, tz)).days
    if days < 0:
        return day(day_of(local_day(instant, tz)))
    if days == 0:
        return "today"
    if days < 90:
        return f"{days} d"
    return f"{days // 30} mo" if days < 720 else f"{days // 365} y"
