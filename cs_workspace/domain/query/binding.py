"""Trees to conditions: names and written values get their meaning for one object, one user and one moment (QRY-2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.bound import (
    Between,
    Bound,
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
from cs_workspace.domain.query.choices import choose, choose_one
from cs_workspace.domain.query.errors import QueryError, shown
from cs_workspace.domain.query.folding import fold, squash, tails, words
from cs_workspace.domain.query.parser import MAX_LENGTH
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.query.spans import EXPECTED, Span, is_relative, span_of
from cs_workspace.domain.query.tree import (
    And,
    Compare,
    Everything,
    Is,
    Known,
    Leaf,
    Node,
    Not,
    Or,
    Range,
    Term,
    Test,
    Unknown,
    Value,
    Word,
    rewrite,
)
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType

T = PropertyType

ID = Property("id", "Id", T.INTEGER, required=True, computed=True)  # every record has one, no object lists it
YES_NO = (("yes", True), ("no", False), ("true", True), ("false", False))

_NUMBERED = re.compile(r"#(\d{1,18})", re.ASCII)


class Names(Protocol):
    """The (name, id) pairs a value may use; several names for one id and several ids for one name are fine."""

    def users(self) -> Iterable[tuple[str, int]]:
        """Logins, e-mail addresses and names."""

    def teams(self) -> Iterable[tuple[str, int]]:
        """Names of teams."""

    def pipelines(self, object_type: str) -> Iterable[tuple[str, int]]:
        """Labels of the pipelines of an object."""

    def stages(self, object_type: str) -> Iterable[tuple[str, int]]:
        """Labels of the stages of all pipelines of an object."""


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, when and where.

    `now` is an instant, `user` the id that `me` stands for, `currency` what money is written in, `week_start` the first
    day of the week (Monday is 0).
    """

    now: int
    tz: ZoneInfo
    currency: str
    user: int
    names: Names
    week_start: int = 0


def bind(node: Node, object_type: ObjectType, context: Context, *, allow_relative: bool = True) -> Bound:
    """What a tree asks of records of an object (QRY-1, QRY-2).

    Without `allow_relative` only what means the same to everybody for ever is taken: relative dates, `me`, bare words
    and related records are refused. Raises QueryError (QRY-4).
    """
    binder = _Binder(object_type, context, allow_relative)
    tree = rewrite(node, binder.resolve)
    return Bound(binder.condition(tree), tree)


def canonical(bound: Bound) -> str:
    """The text to keep: internal names of properties and options, other values as written (QRY-3).

    Raises QueryError if it is longer than `parse` reads.
    """
    text = print_tree(bound.tree)
    if len(text) > MAX_LENGTH:
        raise QueryError(f"longer than {MAX_LENGTH:,} characters with all names written out")
    return text


def find_property(written: Value, object_type: ObjectType) -> Property:
    """The property by internal name, label, unique beginning of one, or of one's later words. Raises QueryError.

    Of several that begin so, the one whose name is what all their names begin with is meant: `own` is `owner` and not
    `owner_assigned_at`.
    """
    every = {ID.name: ID, **object_type.properties}
    if written.text in every:
        return every[written.text]
    pairs = [(name, p.name) for p in every.values() for name in (p.label, p.name)]
    try:
        return every[choose_one(written, pairs, "property")]
    except QueryError as unknown:
        key = squash(written.text)
        begun = dict.fromkeys(prop for name, prop in pairs if key and squash(name).startswith(key))
        common = [name for name in begun if all(f"{each}_".startswith(f"{name}_") for each in begun)]
        if common:
            return every[common[0]]
        if begun or not key:
            raise  # it may be several
        found = dict.fromkeys(name for text, name in pairs if any(tail.startswith(key) for tail in tails(text)))
        if not found:
            raise
        if len(found) > 1:
            some = ", ".join(sorted(found)[:5])
            raise QueryError(
                f"{shown(written.text)} may be {some}", column=written.at, expected="one property"
            ) from unknown
        return every[next(iter(found))]


@dataclass(frozen=True, slots=True)
class _Binder:
    object_type: ObjectType
    context: Context
    allow_relative: bool

    def resolve(self, leaf: Leaf) -> Leaf:
        """The leaf with the internal names of its property and options."""
        if isinstance(leaf, Word):
            return leaf
        prop = find_property(Value(leaf.name, leaf.at), self.object_type)
        tests = tuple(self._option(prop, t) for t in leaf.tests) if prop.type is T.ENUMERATION else leaf.tests
        return replace(leaf, name=prop.name, tests=tests)

    def _option(self, prop: Property, test: Test) -> Test:
        if not isinstance(test, Is):
            return test
        pairs = [(name, o.name) for o in prop.options for name in (o.label, o.name)]
        return Is(replace(test.value, text=choose_one(test.value, pairs, prop.label.lower())))

    def condition(self, node: Node) -> Condition:
        match node:
            case Everything():
                return BoundAll()
            case And(parts):
                return BoundAnd(tuple(self.condition(p) for p in parts))
            case Or(parts):
                return BoundOr(tuple(self.condition(p) for p in parts))
            case Not(part):
                return BoundNot(self.condition(part))
            case Word(text, at):
                self._only_relative("a word to search for", at)
                found = words(text)
                return Search(found) if found else BoundAll()
            case Term():
                return self._term(node)

    def _term(self, term: Term) -> Condition:
        prop = find_property(Value(term.name, term.at), self.object_type)
        if prop.type is T.ASSOCIATION:
            self._only_relative("a related record", term.at)
        return _any_of(prop, [self._test(prop, test, term.at) for test in term.tests])

    def _test(self, prop: Property, test: Test, at: int) -> Condition:
        match test:
            case Is(value):
                return self._equal(prop, value)
            case Unknown():
                return self._unknown(prop)
            case Known():
                return BoundNot(self._unknown(prop))
            case Compare(sign, value):
                low, high = self._span(prop, value)
                border = low if sign in {"<", ">="} else high
                return Between(prop, border, None) if sign[0] == ">" else Between(prop, None, border)
            case Range(low_value, high_value):
                first = self._span(prop, low_value)[0] if low_value else None
                after = self._span(prop, high_value)[1] if high_value else None
                if first is not None and after is not None and first >= after:
                    raise QueryError("the range ends before it begins", column=low_value.at if low_value else at)
                return Between(prop, first, after)

    def _unknown(self, prop: Property) -> Condition:
        # An option called "None" says what an empty value says.
        if prop.type is T.ENUMERATION and any(option.name == "none" for option in prop.options):
            return BoundOr((IsNone(prop), InSet(prop, frozenset({"none"}))))
        return IsNone(prop)

    def _equal(self, prop: Property, value: Value) -> Condition:
        match prop.type:
            case T.TEXT | T.LONG_TEXT:
                return Contains(prop, _text(value))
            case T.BOOLEAN:
                return InSet(prop, choose(value, YES_NO, "yes or no"))
            case T.ENUMERATION:
                return InSet(prop, frozenset({value.text}))
            case T.USER:
                return InSet(prop, self._users(value))
            case T.PIPELINE:
                return InSet(prop, _ids(value, self.context.names.pipelines(self.object_type.name), "pipeline"))
            case T.STAGE:
                return InSet(prop, _ids(value, self.context.names.stages(self.object_type.name), "stage"))
            case T.ASSOCIATION:
                return self._related(prop, value)
            case _:
                low, high = self._span(prop, value)
                return (
                    InSet(prop, frozenset({low}))
                    if isinstance(low, int) and high == low + 1
                    else Between(prop, low, high)
                )

    def _users(self, value: Value) -> frozenset[int]:
        if fold(value.text) == "me":
            self._only_relative("me", value.at)
            return frozenset({self.context.user})
        return _ids(value, self.context.names.users(), "user")

    def _related(self, prop: Property, value: Value) -> Condition:
        if prop.target == "teams":
            return RelatedIds(prop, _ids(value, self.context.names.teams(), "team"))
        if prop.target == "users":
            return RelatedIds(prop, self._users(value))
        if numbered := _NUMBERED.fullmatch(value.text):
            return RelatedIds(prop, frozenset({int(numbered[1])}))
        return Related(prop, _text(value))

    def _span(self, prop: Property, value: Value) -> Span:
        expected = EXPECTED.get(prop.type)
        if expected is None:
            raise QueryError(
                f"{prop.name} has no order: <, > and .. do not apply",
                column=value.at,
                expected="a value, a list with commas, none or any",
            )
        if prop.type in {T.DATE, T.DATETIME} and is_relative(value.text):
            self._only_relative(value.text, value.at)
        ctx = self.context
        try:
            return span_of(
                value.text, prop.type, now=ctx.now, tz=ctx.tz, currency=ctx.currency, week_start=ctx.week_start
            )
        except Invalid as error:
            why = f"{prop.name} cannot be {shown(value.text)}: {error.why}"
            raise QueryError(why, column=value.at, expected=expected) from error

    def _only_relative(self, what: str, at: int) -> None:
        """Refuses where the query must mean the same for ever."""
        if not self.allow_relative:
            raise QueryError(
                f"{what} may mean something else tomorrow or to somebody else",
                column=at,
                expected="terms with fixed values, as in owner:dana or close_date:2026-03",
            )


def _any_of(prop: Property, parts: list[Condition]) -> Condition:
    """Any of the conditions on one property, its single values as one set."""
    raws = frozenset(raw for part in parts if isinstance(part, InSet) for raw in part.raws)
    ids = frozenset(each for part in parts if isinstance(part, RelatedIds) for each in part.ids)
    merged: list[Condition] = [part for part in parts if not isinstance(part, InSet | RelatedIds)]
    merged += [InSet(prop, raws)] if raws else []
    merged += [RelatedIds(prop, ids)] if ids else []
    return merged[0] if len(merged) == 1 else BoundOr(tuple(merged))


def _ids(value: Value, pairs: Iterable[tuple[str, int]], what: str) -> frozenset[int]:
    numbered = _NUMBERED.fullmatch(value.text)
    return frozenset({int(numbered[1])}) if numbered else choose(value, pairs, what)


def _text(value: Value) -> str:
    text = fold(value.text)
    if not text.strip():
        raise QueryError("a value is missing", column=value.at, expected="some text, none or any")
    return text
