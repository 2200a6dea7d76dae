"""Amounts of money as integer minor units (cents, öre, fils) of an ISO 4217 currency (GOL-27)."""

from __future__ import annotations

import re
from fractions import Fraction

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.numbers import LONGEST, NumberFormat, in_style, parse_number, plain

LIMIT = 2**63  # what a stored integer can hold

# The currencies whose minor unit is not a hundredth, by its decimals.
_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

# Each sign with the currencies it may stand for; it is printed for the first of them only.
_SIGNS = {
    "€": ("EUR",),
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS"),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₩": ("KRW",),
    "₪": ("ILS",),
    "₺": ("TRY",),
    "₴": ("UAH",),
    "₫": ("VND",),
    "₱": ("PHP",),
    "zł": ("PLN",),
    "Kč": ("CZK",),
    "kr": ("", "SEK", "NOK", "DKK", "ISK"),
    "Fr": ("", "CHF"),
}
_PRINTED = {currencies[0]: sign for sign, currencies in _SIGNS.items()}

_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
# A sign or code, the figures with their k or m, a sign or code.
_WORD = r"((?:[^0-9\s.,'+-]+\.?)?)"
_SHAPE = re.compile(rf"([+-]?) ?{_WORD} ?([+-]?[0-9., ']*[0-9])( ?[km](?![^\W\d_]))? ?{_WORD}", re.IGNORECASE)
_EITHER_WAY = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)


def exponent(currency: str) -> int:
    """How many decimals the minor unit of a currency has; 2 for codes without an entry. Raises Invalid."""
    if not _CODE.fullmatch(currency):
        raise Invalid("currency", f"{currency!r} is not a currency", "Use an ISO 4217 code such as EUR.")
    return next((places for places, codes in _DECIMALS.items() if currency in codes), 2)


def parse_money(text: str, currency: str, style: NumberFormat = NumberFormat.POINT) -> int:
    """The minor units in `1,234.56`, `12k`, `48,000 €` or `EUR 100`. Raises Invalid.

    Refused: a sign or code of another currency, more decimals than the currency has, more than 64 bits hold, and
    `1.234`, which is a thousand to some and a little over one to others, unless the currency has three decimals or the
    style says which.
    """
    places = exponent(currency)
    written = plain(text)
    shape = _SHAPE.fullmatch(written) if len(written) <= LONGEST else None
    if shape is None:
        raise Invalid("amount", f"{text[:LONGEST]!r} is not an amount of money", "Write it as 1,234.56 or 12k.")
    sign, before, figures, suffix, after = (part or "" for part in shape.groups())
    for word in (before, after):
        if word and not _stands_for(word, currency):
            raise Invalid("amount", f"{text!r} is not in {currency}", f"Write it in {currency}, or without a currency.")
    if (before and after) or (sign and figures[0] in "+-"):
        raise Invalid("amount", f"{text!r} is not an amount of money", "Write it as 1,234.56 or 12k.")
    either_way = style is NumberFormat.POINT and places < 3 and _EITHER_WAY.fullmatch(figures)
    if either_way and not suffix:
        raise Invalid("amount", f"{text!r} can be read in two ways", "Write thousands as 1,234 and decimals as 1.23.")
    try:
        minor = parse_number(sign + figures + suffix, style) * 10**places
    except Invalid as error:
        raise Invalid("amount", error.why, error.hint) from error
    if minor.denominator != 1:
        raise Invalid("amount", f"{text!r} has too many decimals", f"{currency} has {places or 'no'} decimals.")
    return _fitting(int(minor))


def decimal_string(minor: int, currency: str) -> str:
    """The amount as scripts want it, with all its decimals: `1234.50` (headless contract). Raises Invalid."""
    places = exponent(currency)
    whole, part = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole}" + (f".{part:0{places}}" if places else "")


def print_money(minor: int, currency: str, style: NumberFormat = NumberFormat.POINT) -> str:
    """The amount as screens show it: `48,000 €`, `1,234.50 €`, `99 CHF`. Raises Invalid for an impossible currency."""
    whole, _, part = decimal_string(minor, currency).partition(".")
    decimals = f".{part}" if part.strip("0") else ""
    sign = "-" if minor < 0 else ""
    figures = in_style(f"{sign}{int(whole.lstrip('-')):,}{decimals}", style)
    return f"{figures} {_PRINTED.get(currency, currency)}"


def convert(minor: int, source: str, home: str, rate: Fraction) -> int:
    """The amount in the home currency, half a minor unit to even; `rate` is home units for one source unit.

    Raises Invalid for a rate that is not positive and for a result beyond 64 bits.
    """
    if source == home:
        return minor
    if rate <= 0:
        raise Invalid("rate", f"{rate} is not a positive rate", f"Say how many {home} one {source} is worth.")
    return _fitting(round(minor * rate * Fraction(10) ** (exponent(home) - exponent(source))))


def _stands_for(word: str, currency: str) -> bool:
    written = word.rstrip(".").lower()
    return written == currency.lower() or any(
        currency in currencies for sign, currencies in _SIGNS.items() if sign.lower() == written
    )


def _fitting(minor: int) -> int:
    if not -LIMIT <= minor < LIMIT:
        raise Invalid("amount", "is beyond what can be stored", "Check the number of digits.")
    return minor
