"""Numbers as people write them, read exactly (QRY-2, GOL-27).

House style is `1,234.5`: commas between thousands, a point before decimals. Other ways are read where they can mean one
thing only: blanks or apostrophes between thousands, `1.234,5`, `12,5`. Somebody who writes another way by habit says so
with a number format, and then `1.234` is a thousand and more.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from math import floor

from cs_workspace.domain.errors import Invalid


class NumberFormat(StrEnum):
    """How a user writes and reads numbers; the value is what it looks like."""

    POINT = "1,234.5"
    COMMA = "1.234,5"
    BLANK = "1 234,5"


LONGEST = 40  # characters; longer text is no number a person wrote
MULTIPLIERS = {"": 1, "k": 1_000, "m": 1_000_000}

# What spreadsheets and web pages put in the place of ASCII: no-break and thin blanks, apostrophe, minus.
_PLAIN = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2019": "'", "\u2212": "-"})

_SHAPE = re.compile(r"([+-]?)([\d., ']*\d) ?([km]?)", re.ASCII | re.IGNORECASE)
_POINT = re.compile(r"(\d*|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:'\d{3})+)(?:\.(\d+))?")
_COMMA = re.compile(r"(\d+|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:'\d{3})+)(?:,(\d+))?")
_EITHER_WAY = re.compile(r"[1-9]\d{3,},\d{3}")  # 1234,567: a forgotten comma or a decimal one
_HINT = "Write thousands as 1,234,567 and decimals as 12.5."


def plain(text: str) -> str:
    """`text` with typographic blanks, apostrophes and minus signs as ASCII, stripped."""
    return text.translate(_PLAIN).strip()


def parse_number(text: str, style: NumberFormat = NumberFormat.POINT) -> Fraction:
    """The exact number in `text`: `12`, `-1,234.5`, `1 234,5`, `12k`, `1.5m` (QRY-2). Raises Invalid.

    Digits are ASCII; there is no exponent, underscore, infinity or not-a-number. `1,234` is a thousand and more,
    `1.234` a little over one; `1234,567` is refused because it could be either. In the other styles the comma stands
    before decimals, and so `1.234` is a thousand and more; what can be read in one way only is read in every style.
    """
    written = plain(text)
    shape = _SHAPE.fullmatch(written) if len(written) <= LONGEST else None
    if shape is None:
        raise Invalid("number", f"{text[:LONGEST]!r} is not a number", "Write it as 1234.5, 12k or 1.5m.")
    sign, body, suffix = shape.groups()
    if style is NumberFormat.POINT:
        if _EITHER_WAY.fullmatch(body):
            raise Invalid("number", f"{text!r} can be read in two ways", _HINT)
        found = _POINT.fullmatch(body) or _COMMA.fullmatch(body)
    else:
        found = _COMMA.fullmatch(body) or _POINT.fullmatch(body)
    if found is None:
        raise Invalid("number", f"{text!r} is not a number", _HINT)
    whole, decimals = re.sub(r"\D", "", found[1]), found[2] or ""
    value = Fraction(int(whole + decimals), 10 ** len(decimals)) * MULTIPLIERS[suffix.lower()]
    return -value if sign == "-" else value


def print_number(value: Fraction | int, places: int = 6, style: NumberFormat = NumberFormat.POINT) -> str:
    """With at most `places` decimals, cut off (towards minus infinity) and without trailing zeros."""
    cut = floor(value * 10**places)
    whole, decimals = divmod(abs(cut), 10**places)
    tail = f"{decimals:0{places}}".rstrip("0") if places else ""
    return in_style(f"{'-' if cut < 0 else ''}{whole:,}{'.' + tail if tail else ''}", style)


def in_style(text: str, style: NumberFormat) -> str:
    """A number written in house style in another one."""
    return text if style is NumberFormat.POINT else text.translate(_STYLES[style])


_STYLES = {
    NumberFormat.COMMA: str.maketrans(",.", ".,"),
    NumberFormat.BLANK: str.maketrans(",.", " ,"),
}
