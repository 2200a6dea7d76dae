"""What a query asks of records, in raw values: the few kinds of condition that a store compiles and `matches` decides.

There are two answers only: a condition on an unknown value is false and its negation is true. SQL has a third answer,
so under a `BoundNot` a compiler writes each leaf as `column IS NOT NULL AND …`, or wraps it in `coalesce(…, false)`.

Texts to look for are folded (QRY-6) and literal: `%` and `_` in them are characters, so a compiler escapes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from cs_workspace.domain.query.tree import Node
from cs_workspace.domain.schema.model import Property


@dataclass(frozen=True, slots=True)
class BoundAll:
    """Every record."""


@dataclass(frozen=True, slots=True)
class BoundAnd:
    """What every part matches; two parts or more."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class BoundOr:
    """What some part matches; two parts or more."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class BoundNot:
    """What the part does not match, unknown values included."""

    part: Condition


@dataclass(frozen=True, slots=True)
class IsNone:
    """The property has no value; of an association, no related record."""

    property: Property


@dataclass(frozen=True, slots=True)
class InSet:
    """The value is one of these raw values: never empty, all of the property's raw type, none of them None."""

    property: Property
    raws: frozenset[str | int]


@dataclass(frozen=True, slots=True)
class Between:
    """`low <= value < high` in raw values, where None is no border; at least one is there, and low lies below high.

    Half-open for every type: `<= 40` of an integer has high 41, of a number the next float after 40.
    """

    property: Property
    low: int | float | None
    high: int | float | None


@dataclass(frozen=True, slots=True)
class Contains:
    """The folded text value contains this folded text, which is not empty."""

    property: Property
    text: str


@dataclass(frozen=True, slots=True)
class Search:
    """Each of these folded words is the beginning of a word of the record's search text; at least one."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Some related record contains this folded text in its title, domain, e-mail, login or external id."""

    property: Property
    text: str


@dataclass(frozen=True, slots=True)
class RelatedIds:
    """Some related record has one of these ids; never empty."""

    property: Property
    ids: frozenset[int]


Condition = (
    BoundAll | BoundAnd | BoundOr | BoundNot | IsNone | InSet | Between | Contains | Search | Related | RelatedIds
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A query that has a meaning: its condition, and its tree with names resolved, for printing."""

    where: Condition
    tree: Node
