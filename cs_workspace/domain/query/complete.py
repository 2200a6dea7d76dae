"""What may be written at the cursor of a filter line: names of properties, then their values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cs_workspace.domain.query.binding import ID, Names, find_property
from cs_workspace.domain.query.errors import QueryError
from cs_workspace.domain.query.folding import squash, tails, words
from cs_workspace.domain.query.listed import Listed, listed
from cs_workspace.domain.query.printer import print_name, print_value
from cs_workspace.domain.query.spans import EXPECTED
from cs_workspace.domain.query.tree import Value
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType

T = PropertyType

DAYS = (
    *("today", "yesterday", "tomorrow", "-30d", "+30d"),
    *(f"{which}-{unit}" for unit in ("week", "month", "quarter", "year") for which in ("this", "last", "next")),
)
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}

# Quoted text is stepped over, also where its end is not written yet; the group is what separates.
_BETWEEN_ITEMS = re.compile(r'"(?:[^"]|"")*+"?|([\s()])')
_BETWEEN_VALUES = re.compile(r'"(?:[^"]|"")*+"?|(,|\.\.|[<>]=?)')
_NAME = re.compile(r'(?:"((?:[^"]|"")*+)"|([^":]+)):')
_SHIFT = re.compile(r"[+-]\d{0,5}", re.ASCII)
_YEAR = re.compile(r"(\d{4})-?[qQ]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Completion:
    """`text` takes the place of what stands from `start` (counted from 0) to the cursor; `label` is shown."""

    text: str
    start: int
    label: str


class _Place(NamedTuple):
    """What is being written at the cursor: the beginning of a property's name, or of one of its values."""

    begun: str
    start: int
    named: bool
    prop: Property | None  # of a value: none where there is no such property


def complete(text: str, cursor: int, object_type: ObjectType, names: Names, limit: int = 20) -> list[Completion]:
    """What can stand at the cursor, at most `limit`; nothing where nothing is known.

    What begins as it is written comes first, then what has a later word that does; each in the order of the schema.
    """
    place = _place(text, cursor, object_type)
    offered: Iterable[Listed]
    if not place.named:
        offered = (Listed(f"{print_name(p.name)}:", p.label) for p in (ID, *object_type.properties.values()))
        return _beginning(place, offered)[:limit]
    if place.prop is None:
        return []
    if place.prop.type in {T.DATE, T.DATETIME} and (days := _days(place.begun)):
        return [Completion(day.text, place.start, day.label) for day in days]
    values = (Listed(print_value(each.text), each.label, each.also) for each in _values(place.prop, object_type, names))
    return _beginning(place, (*values, Listed("none", "unknown"), Listed("any", "known")))[:limit]


def expected(text: str, cursor: int, object_type: ObjectType) -> str:
    """What a value at the cursor looks like, where it is one that has an order; empty elsewhere."""
    prop = _place(text, cursor, object_type).prop
    return EXPECTED.get(prop.type, "") if prop is not None else ""


def _place(text: str, cursor: int, object_type: ObjectType) -> _Place:
    head = text[: max(cursor, 0)]
    item = head[_after_last(_BETWEEN_ITEMS, head) :].lstrip("-!")
    named = _NAME.match(item)
    if named is None:
        return _Place(item, len(head) - len(item), named=False, prop=None)
    values = item[named.end() :]
    begun = values[_after_last(_BETWEEN_VALUES, values) :]
    try:
        prop = find_property(Value((named[1] or named[2] or "").replace('""', '"')), object_type)
    except QueryError:
        prop = None
    return _Place(begun, len(head) - len(begun), named=True, prop=prop)


def _after_last(separator: re.Pattern[str], text: str) -> int:
    return max((found.end() for found in separator.finditer(text) if found[1]), default=0)


def _beginning(place: _Place, offered: Iterable[Listed]) -> list[Completion]:
    key = "".join(words(place.begun))
    ranked: dict[int, list[Completion]] = {0: [], 1: []}
    for each in offered:
        rank = _rank(key, each)
        if rank is not None:
            ranked[rank].append(Completion(each.text, place.start, each.label))
    return ranked[0] + ranked[1]


def _rank(key: str, offered: Listed) -> int | None:
    """0 where one of the names begins so, 1 where a later word of one does, none otherwise."""
    if any(squash(name).startswith(key) for name in offered.names):
        return 0
    return 1 if any(tail.startswith(key) for name in offered.names for tail in tails(name)) else None


def _values(prop: Property, object_type: ObjectType, names: Names) -> list[Listed]:
    if prop.type in {T.DATE, T.DATETIME}:
        return [Listed(day, day) for day in DAYS]
    return listed(prop, object_type, names)


def _days(begun: str) -> list[Listed]:
    """Days counted from today, and the quarters of a year, once their beginning is written."""
    if _SHIFT.fullmatch(begun):
        number = begun if begun[1:] else f"{begun}30"
        return [Listed(f"{number}{unit}", f"{number} {words}") for unit, words in _UNITS.items()]
    if year := _YEAR.fullmatch(begun):
        return [Listed(f"{year[1]}-Q{quarter}", f"{quarter} {year[1]}") for quarter in (1, 2, 3, 4)]
    return []
