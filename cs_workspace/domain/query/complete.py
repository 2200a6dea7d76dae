"""What may be written at the cursor of a filter line: names of properties, then their values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cs_workspace.domain.query.binding import ID, YES_NO, Names, find_property
from cs_workspace.domain.query.errors import QueryError
from cs_workspace.domain.query.folding import squash, words
from cs_workspace.domain.query.printer import print_name, print_value
from cs_workspace.domain.query.tree import Value
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType

T = PropertyType

DAYS = (
    *("today", "yesterday", "tomorrow", "-30d", "+30d"),
    *(f"{which}-{unit}" for unit in ("week", "month", "quarter", "year") for which in ("this", "last", "next")),
)

# Quoted text is stepped over, also where its end is not written yet; the group is what separates.
_BETWEEN_ITEMS = re.compile(r'"(?:[^"]|"")*+"?|([\s()])')
_BETWEEN_VALUES = re.compile(r'"(?:[^"]|"")*+"?|(,|\.\.|[<>]=?)')
_NAME = re.compile(r'(?:"((?:[^"]|"")*+)"|([^":]+)):')


@dataclass(frozen=True, slots=True)
class Completion:
    """`text` takes the place of what stands from `start` (counted from 0) to the cursor; `label` is shown."""

    text: str
    start: int
    label: str


def complete(text: str, cursor: int, object_type: ObjectType, names: Names, limit: int = 20) -> list[Completion]:
    """What can stand at the cursor, in the order of the schema, at most `limit`; nothing where nothing is known."""
    head = text[: max(cursor, 0)]
    item = head[_after_last(_BETWEEN_ITEMS, head) :].lstrip("-!")
    named = _NAME.match(item)
    if named is None:
        pairs = [(f"{print_name(p.name)}:", p.label) for p in (ID, *object_type.properties.values())]
        return _beginning(item, len(head) - len(item), pairs)[:limit]
    try:
        prop = find_property(Value((named[1] or named[2] or "").replace('""', '"')), object_type)
    except QueryError:
        return []
    values = item[named.end() :]
    begun = values[_after_last(_BETWEEN_VALUES, values) :]
    return _beginning(begun, len(head) - len(begun), _values(prop, object_type, names))[:limit]


def _after_last(separator: re.Pattern[str], text: str) -> int:
    return max((found.end() for found in separator.finditer(text) if found[1]), default=0)


def _beginning(begun: str, start: int, pairs: Iterable[tuple[str, str]]) -> list[Completion]:
    key = "".join(words(begun))
    return [
        Completion(text, start, label) for text, label in pairs if any(squash(t).startswith(key) for t in (text, label))
    ]


def _values(prop: Property, object_type: ObjectType, names: Names) -> Iterable[tuple[str, str]]:
    found: Iterable[tuple[str, object]] = ()
    match prop.type:
        case T.ENUMERATION:
            found = ((option.name, option.label) for option in prop.options)
        case T.BOOLEAN:
            found = YES_NO[:2]
        case T.USER:
            found = (("me", 0), *names.users())
        case T.PIPELINE:
            found = names.pipelines(object_type.name)
        case T.STAGE:
            found = names.stages(object_type.name)
        case T.ASSOCIATION if prop.target == "teams":
            found = names.teams()
        case T.DATE | T.DATETIME:
            found = ((day, day) for day in DAYS)
    known = {print_value(name): other if isinstance(other, str) else name for name, other in found}
    return {**known, "none": "unknown", "any": "known"}.items()
