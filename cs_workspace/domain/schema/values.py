"""Text to raw values and back, by a property's type: the edge between people or files and the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import day_of, parse_date, parse_instant, print_date, print_instant
from cs_workspace.domain.durations import parse_duration, print_duration
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.money import decimal_string, exponent, parse_money
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.numbers import parse_number
from cs_workspace.domain.query.folding import squash
from cs_workspace.domain.schema.model import Property, PropertyType, Raw

T = PropertyType
MAX_TEXT = 1_000  # characters of a line
MAX_LONG_TEXT = 100_000
YES = frozenset({"yes", "true", "1", "y", "on"})
NO = frozenset({"no", "false", "0", "n", "off"})
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Edge:
    """What reading and printing values needs: the account's time zone and currency, and names of what ids stand for.

    `resolve(property, text)` gives the raw value of users, pipelines, stages and associations and raises Invalid;
    `name(property, raw)` gives their text.
    """

    tz: ZoneInfo
    currency: str
    resolve: Callable[[Property, str], Raw]
    name: Callable[[Property, Any], str]


REFERENCES = frozenset({T.USER, T.PIPELINE, T.STAGE, T.ASSOCIATION})


def parse_value(prop: Property, text: str, edge: Edge, currency: str | None = None) -> Raw:
    """The raw value of what somebody wrote; blank is no value. `currency` is the record's own. Raises Invalid."""
    text = text.strip() if prop.type is not T.LONG_TEXT else text
    if not text:
        return () if prop.type is T.ASSOCIATION else None
    if "\0" in text:
        raise Invalid(prop.name, "holds a NUL character")
    try:
        return _parse(prop, text, edge, currency or edge.currency)
    except Invalid as error:
        raise Invalid(prop.name, error.why, error.hint) from error


def _parse(prop: Property, text: str, edge: Edge, currency: str) -> Raw:
    match prop.type:
        case T.TEXT | T.LONG_TEXT:
            return _text(prop, text)
        case T.INTEGER:
            number = parse_number(text)
            if number.denominator != 1 or abs(number) > LARGEST:
                raise Invalid(prop.name, f"{text!r} is not a whole number")
            return int(number)
        case T.NUMBER:
            return float(parse_number(text))
        case T.MONEY:
            return parse_money(text, currency)
        case T.DATE:
            return day_of(parse_date(text))
        case T.DATETIME:
            return parse_instant(text, edge.tz)
        case T.DURATION:
            return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else parse_duration(text)
        case T.BOOLEAN:
            return _boolean(text)
        case T.ENUMERATION:
            return _option(prop, text)
        case _:
            return edge.resolve(prop, text)


def _text(prop: Property, text: str) -> str:
    limit = MAX_LONG_TEXT if prop.type is T.LONG_TEXT else MAX_TEXT
    if len(text) > limit:
        raise Invalid(prop.name, f"longer than {limit:,} characters")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid(prop.name, "holds half a character") from None
    if prop.name == "currency":
        exponent(text.upper())
        return text.upper()
    return text.casefold() if prop.name in {"login", "email", "domain"} else text


def _boolean(text: str) -> bool:
    word = text.casefold()
    if word in YES or word in NO:
        return word in YES
    raise Invalid("", f"{text!r} is neither yes nor no")


def _option(prop: Property, text: str) -> str:
    wanted = squash(text)
    for option in prop.options:
        if wanted in (squash(option.name), squash(option.label)):
            return option.name
    raise Invalid(prop.name, f"{text!r} is not one of its choices", nearest(text, (o.label for o in prop.options)))


def print_value(prop: Property, raw: Any, edge: Edge, currency: str | None = None) -> str:
    """A raw value as text that `parse_value` reads back; no value is blank."""
    if raw is None or raw == ():
        return ""
    match prop.type:
        case T.MONEY:
            return decimal_string(raw, currency or edge.currency)
        case T.DATE:
            return print_date(raw)
        case T.DATETIME:
            return print_instant(raw, edge.tz)
        case T.DURATION:
            return print_duration(raw)
        case T.BOOLEAN:
            return "yes" if raw else "no"
        case T.USER | T.PIPELINE | T.STAGE | T.ASSOCIATION:
            return edge.name(prop, raw)
        case _:
            return str(raw)


def json_value(prop: Property, raw: Any, edge: Edge, currency: str | None = None) -> Any:
    """A raw value for machines: numbers and truth values as such, money as a decimal string, the rest as text."""
    if raw is None:
        return None
    if prop.type is T.ASSOCIATION:
        names = [edge.name(prop, (one,)) for one in raw]
        return (names[0] if names else None) if prop.single else names
    if prop.type in {T.INTEGER, T.NUMBER, T.DURATION, T.BOOLEAN}:
        return raw
    return print_value(prop, raw, edge, currency)
