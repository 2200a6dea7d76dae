"""Lengths of time in whole seconds, on the 24/7 clock (GOL-6, GOL-27)."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.numbers import plain

SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
LONGEST = 36_500 * SECONDS["d"]  # a hundred years

_SMALLER = {"d": "h", "h": "m", "m": "s"}
_BELOW = {"h": 24, "m": 60, "s": 60}  # what a part may be when a larger one stands before it
_WORDS = r"d|days?|h|hours?|hrs?|m|min|mins|minutes?|s|sec|secs|seconds?"
_PARTS = re.compile(rf"(?:\d{{1,12}} ?(?:{_WORDS}) ?){{1,4}}(?:\d{{1,2}})?", re.ASCII | re.IGNORECASE)
_PART = re.compile(r"(\d+) ?([a-z]*)", re.ASCII | re.IGNORECASE)
_DECIMAL = re.compile(rf"(\d{{1,9}})[.,](\d{{1,2}}) ?({_WORDS})", re.ASCII | re.IGNORECASE)
_COLON = re.compile(r"(\d{1,9}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_HINT = "Write it as 90m, 1h30 or 2d."


def parse_duration(text: str) -> int:
    """The seconds in `90m`, `1h30`, `1 h 12`, `2d`, `1d 2h`, `45s`, `1.5h` or `1:30` (h:mm). Raises Invalid.

    A last part without a unit takes the next smaller one. A bare number has no unit and is refused, save 0 (GOL-27).
    """
    written = plain(text)
    if written == "0":
        return 0
    if written.isascii() and written.isdigit():
        raise Invalid("duration", f"{text!r} has no unit", f"Write {written[:9]}m, {written[:9]}h or {written[:9]}d.")
    if colon := _COLON.fullmatch(written):
        seconds = sum(int(part or 0) * SECONDS[unit] for part, unit in zip(colon.groups(), "hms", strict=True))
    elif decimal := _DECIMAL.fullmatch(written):
        exact = Fraction(f"{decimal[1]}.{decimal[2]}") * SECONDS[decimal[3][0].lower()]
        if exact.denominator != 1:
            raise Invalid("duration", f"{text!r} is not a whole number of seconds", _HINT)
        seconds = int(exact)
    elif _PARTS.fullmatch(written):
        seconds = _sum_of_parts(written)
    else:
        raise Invalid("duration", f"{text[:40]!r} is not a duration", _HINT)
    if seconds > LONGEST:
        raise Invalid("duration", f"{text!r} is longer than a hundred years", _HINT)
    return seconds


def _sum_of_parts(written: str) -> int:
    total, larger = 0, ""
    for figure, word in _PART.findall(written):
        unit = word[:1].lower() or _SMALLER.get(larger, "")
        if not unit or (larger and SECONDS[unit] >= SECONDS[larger]):
            raise Invalid("duration", f"{written!r} is out of order", "Days come first, then hours, minutes, seconds.")
        if larger and int(figure) >= _BELOW[unit]:
            raise Invalid("duration", f"{figure} {unit} is too much after {larger}", _HINT)
        total += int(figure) * SECONDS[unit]
        larger = unit
    return total


def print_duration(seconds: int | Fraction) -> str:
    """The screen form, rounded down to whole seconds: `30 s`, `45 m`, `1 h 12`, `2 h 00 m 01 s`, `2 d 04 h`.

    `parse_duration` reads it back to the same number of seconds. A negative difference has a minus before it.
    """
    whole = floor(seconds)
    minutes, second = divmod(abs(whole), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        parts = [f"{days} d"]
        if hour or minute or second:
            parts.append(f"{hour:02} h")
    else:
        parts = [f"{hour} h"] if hour else []
    # Minutes close the usual form without a unit (1 h 12); with seconds after them they need it.
    if second:
        parts += [f"{minute:02} m" if parts else f"{minute} m"] if parts or minute else []
        parts.append(f"{second:02} s" if parts else f"{second} s")
    elif minute or (hour and not days):
        parts.append(f"{minute:02}" if parts else f"{minute} m")
    return ("-" if whole < 0 else "") + (" ".join(parts) or "0 s")
