"""The syntax tree of a query: what the filter line is read into and the filter form builds (QRY-3).

Values keep their written text; only binding gives them a meaning. `at` is the column something was written at,
counted from 1, or 0; it is no part of what a node is, so trees compare by meaning. Build groups with `all_of` and
`any_of`, which keep a tree in the one shape that the parser gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Value:
    """One written value."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    """Equal to a value, or within the period it names."""

    value: Value


@dataclass(frozen=True, slots=True)
class Compare:
    """`<`, `<=`, `>` or `>=` a value."""

    sign: str
    value: Value


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high`, both included, at most one of them open."""

    low: Value | None
    high: Value | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """`none`: the record has no value."""


@dataclass(frozen=True, slots=True)
class Known:
    """`any`: the record has a value."""


Test = Is | Compare | Range | Unknown | Known


@dataclass(frozen=True, slots=True)
class Everything:
    """Nothing is asked: every record matches."""


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word or a quoted phrase, looked for in what names a record."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A property that passes any of the tests; `name` as written, resolved by binding."""

    name: str
    tests: tuple[Test, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """What every part matches; two parts or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What some part matches; two parts or more."""

    parts: tuple[Node, ...]


Leaf = Word | Term
Node = Everything | Leaf | Not | And | Or


def all_of(nodes: Iterable[Node]) -> Node:
    """The nodes joined by AND: nested groups flattened, `Everything` left out."""
    parts = tuple(p for n in nodes for p in (n.parts if isinstance(n, And) else (n,)) if not isinstance(p, Everything))
    return And(parts) if len(parts) > 1 else parts[0] if parts else Everything()


def any_of(nodes: Iterable[Node]) -> Node:
    """The nodes joined by OR: nested groups flattened, `Everything` if one of them is or there is none."""
    parts = tuple(p for n in nodes for p in (n.parts if isinstance(n, Or) else (n,)))
    if not parts or Everything() in parts:
        return Everything()
    return Or(parts) if len(parts) > 1 else parts[0]


def rewrite(node: Node, leaf: Callable[[Leaf], Node]) -> Node:
    """The tree with every word and term replaced by what `leaf` makes of it."""
    match node:
        case And(parts):
            return all_of(rewrite(p, leaf) for p in parts)
        case Or(parts):
            return any_of(rewrite(p, leaf) for p in parts)
        case Not(part):
            return Not(rewrite(part, leaf))
        case Everything():
            return node
        case _:
            return leaf(node)
