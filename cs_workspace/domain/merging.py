"""What stands when one record is made of two (REC-4): the primary's value, and the secondary's where it has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType

Side = Literal["primary", "secondary", "both"]
Choices = Mapping[str, Side]

# What is told by another property stands with it: the closing of a ticket with its stage.
_TOLD_BY = {("tickets", "closed_at"): "stage", ("tasks", "completed_at"): "status"}


@dataclass(frozen=True, slots=True)
class Standing:
    """One property of two records: both values, the one that stands, whose it is, and why."""

    prop: Property
    primary: Any
    secondary: Any
    result: Any
    side: Side
    why: str
    fixed: bool  # no choice changes it

    @property
    def differs(self) -> bool:
        """Whether the two records say different things."""
        return bool(self.primary != self.secondary)


def plan(
    kind: ObjectType, primary: Mapping[str, Any], secondary: Mapping[str, Any], choices: Choices
) -> dict[str, Standing]:
    """What every property that is not calculated will be, in the order of the schema."""
    led = {leader(kind, name): side for name, side in choices.items() if name in ("pipeline", "currency")}
    choices = {**led, **choices}
    return {
        prop.name: _standing(kind, prop, primary, secondary, choices)
        for prop in kind.properties.values()
        if not prop.computed
    }


def leader(kind: ObjectType, name: str) -> str:
    """The property with which this one is chosen: an amount brings its currency, a stage its pipeline."""
    if kind.has_pipeline and name == "pipeline":
        return "stage"
    if name == "currency":
        return next((p.name for p in kind.properties.values() if p.currency == name), name)
    return _TOLD_BY.get((kind.name, name), name)


def _standing(
    kind: ObjectType, prop: Property, primary: Mapping[str, Any], secondary: Mapping[str, Any], choices: Choices
) -> Standing:
    a, b = primary.get(prop.name), secondary.get(prop.name)
    if prop.type is PropertyType.ASSOCIATION and not prop.single:
        a, b = tuple(a or ()), tuple(b or ())
        return Standing(prop, a, b, tuple(dict.fromkeys((*a, *b))), "both", "united", fixed=True)
    if prop.type is PropertyType.ASSOCIATION:
        a, b = tuple(a or ()), tuple(b or ())
    fixed = _fixed(kind, prop, a, b)
    if fixed is not None:
        side, why = fixed
        return Standing(prop, a, b, a if side == "primary" else b, side, why, fixed=True)
    head = leader(kind, prop.name)
    if head != prop.name and primary.get(head) != secondary.get(head):
        side = _standing(kind, kind.properties[head], primary, secondary, choices).side
        why = f"with {kind.properties[head].label.lower()}"
        return Standing(prop, a, b, a if side == "primary" else b, side, why, fixed=True)
    side, why = _chosen(a, b, choices.get(prop.name) or choices.get(head))
    return Standing(prop, a, b, a if side == "primary" else b, side, why, fixed=False)


def _chosen(a: Any, b: Any, choice: Side | None) -> tuple[Side, str]:
    if a == b:
        return "primary", "the same"
    if choice in ("primary", "secondary"):
        return choice, "chosen"
    if a in (None, "", ()):
        return "secondary", "fills a blank"
    return "primary", "the primary's"


def _fixed(kind: ObjectType, prop: Property, a: Any, b: Any) -> tuple[Side, str] | None:
    """What is kept whatever is chosen."""
    if a == b:
        return None
    if prop.name == "created_at":
        return _by_rank(a, b, lambda at: -at), "the earliest is kept"
    if kind.name == "companies" and prop.name == "lifecycle_stage":
        places = {option.name: place for place, option in enumerate(prop.options)}
        return _by_rank(a, b, lambda name: places.get(name, -1)), "the furthest is kept"
    if kind.name == "companies" and prop.name == "domain":
        return ("secondary", "fills a blank") if a is None else ("primary", "the primary's is kept")
    return None


def _by_rank(a: Any, b: Any, rank: Callable[[Any], int]) -> Side:
    if a is None or b is None:
        return "primary" if b is None else "secondary"
    return "primary" if rank(a) >= rank(b) else "secondary"
