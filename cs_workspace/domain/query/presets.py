"""What is asked of dates most often, by one key: quick filters (CUS-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cs_workspace.domain.query.tree import Compare, Is, Range, Test, Unknown, Value
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType

AHEAD = frozenset({"due_at", "remind_at", "starts_at", "ends_at"})  # times that lie ahead as a rule
FIRST = ("created_at", "last_activity_at")  # what quick filters ask of every record


@dataclass(frozen=True, slots=True)
class Preset:
    """A quick filter: how it is called, and what it asks of a property."""

    label: str
    tests: tuple[Test, ...]


def _is(label: str, text: str) -> Preset:
    return Preset(label, (Is(Value(text)),))


def _range(label: str, low: str, high: str) -> Preset:
    return Preset(label, (Range(Value(low), Value(high)),))


_QUARTER = _is("This quarter", "this-quarter")
_PAST = (
    _is("Today", "today"),
    _is("Yesterday", "yesterday"),
    *(_range(f"Last {days} days", f"-{days}d", "today") for days in (7, 30, 90)),
    _QUARTER,
    Preset("Older than 30 days", (Compare("<", Value("-30d")),)),
)
_FUTURE = (
    _is("Today", "today"),
    _is("Tomorrow", "tomorrow"),
    *(_range(f"Next {days} days", "today", f"+{days}d") for days in (7, 30, 90)),
    _QUARTER,
    Preset("Before today", (Compare("<", Value("today")),)),
)
_NEVER = Preset("Never", (Unknown(),))
_NO_DATE = Preset("No date", (Unknown(),))


def presets(prop: Property) -> tuple[Preset, ...]:
    """The quick filters of a property: what was, of a time things happened at; what is to come, of a planned day."""
    if prop.type is PropertyType.DATETIME and prop.name not in AHEAD:
        return _PAST if prop.name == "created_at" else (*_PAST, _NEVER)
    return (*_FUTURE, _NO_DATE) if prop.type in {PropertyType.DATE, PropertyType.DATETIME} else ()


def preset_of(prop: Property, tests: Iterable[Test]) -> Preset | None:
    """The quick filter that asks just this."""
    asked = tuple(tests)
    return next((each for each in presets(prop) if each.tests == asked), None)


def quick_first(kind: ObjectType) -> list[Property]:
    """The properties of an object, those of its quick filters first."""
    first = (kind.owner, *FIRST) if kind.has_pipeline else FIRST
    names = [name for name in first if name in kind.properties and FIRST[0] in kind.properties]
    return [kind.properties[name] for name in dict.fromkeys((*names, *kind.properties))]
