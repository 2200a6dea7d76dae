"""What a goal measures: the aggregate of a property of an object type, in a window, under filters (GOL-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from fractions import Fraction

# What the store measures for one slice: the total in small steps (None over nothing), and from how many records.
Measured = tuple[int | None, int]


class Aggregate(StrEnum):
    """How the measured values of many records become one."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"

    @property
    def additive(self) -> bool:
        """Whether values of users and slices add up, and nothing counts as 0 (GOL-28, GOL-36, GOL-37)."""
        return self in {Aggregate.COUNT, Aggregate.SUM}


class Direction(StrEnum):
    """Which way is better (GOL-34)."""

    HIGHER = "higher"
    LOWER = "lower"


class Unit(StrEnum):
    """What an actual and a target are given in: plain numbers, the home currency, or seconds."""

    NUMBER = "number"
    CURRENCY = "currency"
    DURATION = "duration"


class Duration(StrEnum):
    """How long a slice is (GOL-16)."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    CUSTOM = "custom"


class Status(StrEnum):
    """What has come of a slice (GOL-34, GOL-36)."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    ACHIEVED = "achieved"
    EXCEEDED = "exceeded"
    MISSED = "missed"
    NO_DATA = "no_data"


class Pace(StrEnum):
    """How a running slice stands against the time gone by (GOL-38)."""

    ON_TRACK = "on_track"
    BEHIND = "behind"
    AT_RISK = "at_risk"


class Category(StrEnum):
    """What kind of goal it is (GOL-5, GOL-23)."""

    SERVICE = "service"
    SALES = "sales"
    FORECAST = "forecast"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Kpi:
    """The one shape of templates and from-scratch goals (GOL-1).

    A record has the value `measure`, or the whole seconds from `since` to `measure` (the milliseconds between them
    divided by 1000 and rounded down) when `since` is set. A count has no measure.
    """

    object: str
    aggregate: Aggregate
    dated_by: str  # the date or date-time property that must lie in the slice
    direction: Direction
    unit: Unit
    measure: str = ""
    since: str = ""
    filter: str = ""  # text of the query language (QRY-5)


def to_json(kpi: Kpi) -> dict[str, str]:
    """The KPI as it is stored; `from_json` reads it back (GOL-1)."""
    return {name: str(value) for name, value in asdict(kpi).items()}


def from_json(stored: Mapping[str, str]) -> Kpi:
    """The KPI that `to_json` wrote; anything else is a bug and raises KeyError or ValueError."""
    return Kpi(
        object=stored["object"],
        aggregate=Aggregate(stored["aggregate"]),
        dated_by=stored["dated_by"],
        direction=Direction(stored["direction"]),
        unit=Unit(stored["unit"]),
        measure=stored["measure"],
        since=stored["since"],
        filter=stored["filter"],
    )


def scale(unit: Unit, currency_exponent: int) -> int:
    """How many small steps one unit has: targets are stored, and all but counts measured, in whole small steps.

    Millionths of a number, minor units of the home currency (its ISO 4217 exponent), seconds (GOL-27, GOL-35).
    """
    return {Unit.NUMBER: 1_000_000, Unit.CURRENCY: int(10**currency_exponent), Unit.DURATION: 1}[unit]


def in_units(steps: int, unit: Unit, currency_exponent: int) -> Fraction:
    """A stored target in its unit, exactly (GOL-35)."""
    return Fraction(steps, scale(unit, currency_exponent))
