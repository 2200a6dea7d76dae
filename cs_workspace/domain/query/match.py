"""Whether one record answers to a query: for lists computed here, and what the SQL compiler is tested against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from cs_workspace.domain.query.bound import (
    Between,
    BoundAll,
    BoundAnd,
    BoundNot,
    BoundOr,
    Condition,
    Contains,
    InSet,
    IsNone,
    Related,
    RelatedIds,
    Search,
)
from cs_workspace.domain.query.folding import fold
from cs_workspace.domain.schema.model import Raw

NOTHING: Mapping[str, Iterable[str]] = MappingProxyType({})


def matches(
    condition: Condition,
    record: Mapping[str, Raw],
    *,
    search_text: str = "",
    related: Mapping[str, Iterable[str]] = NOTHING,
) -> bool:
    """Whether a record's raw values, by internal name, meet the condition; a missing name is an unknown value.

    `search_text` is the record's folded words, as `folding.search_text` gives them; `related` has, by association,
    the texts that related records are known by.
    """
    match condition:
        case BoundAll():
            return True
        case BoundAnd(parts):
            return all(matches(p, record, search_text=search_text, related=related) for p in parts)
        case BoundOr(parts):
            return any(matches(p, record, search_text=search_text, related=related) for p in parts)
        case BoundNot(part):
            return not matches(part, record, search_text=search_text, related=related)
        case Search(words):
            return all(f" {word}" in f" {search_text}" for word in words)
        case Related(prop, text):
            return any(text in fold(each) for each in related.get(prop.name, ()))
        case _:
            return _holds(condition, record.get(condition.property.name))


def _holds(condition: IsNone | InSet | Between | Contains | RelatedIds, raw: Raw) -> bool:
    if raw is None or raw == ():
        return isinstance(condition, IsNone)
    match condition:
        case InSet(_, raws):
            return raw in raws
        case Between(_, low, high) if isinstance(raw, int | float):
            return (low is None or low <= raw) and (high is None or raw < high)
        case Contains(_, text):
            return text in fold(str(raw))
        case RelatedIds(_, ids) if isinstance(raw, tuple):
            return not ids.isdisjoint(raw)
        case _:
            return False
