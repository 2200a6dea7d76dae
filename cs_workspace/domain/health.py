"""Health scores as plain values: what each rule gave, what a group makes of it, and what changed between two scores.

A score is made of groups whose maxima add up to 100; a group counts for what its rules give together, but never less
than nothing and never more than its maximum (HEA-3, HEA-5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

MAXIMUM = 100


class Category(StrEnum):
    """What a score means (HEA-7)."""

    AT_RISK = "at_risk"
    NEUTRAL = "neutral"
    HEALTHY = "healthy"

    @property
    def symbol(self) -> str:
        """Says it without colour."""
        return {"at_risk": "▲", "neutral": "◆", "healthy": "●"}[self]

    @property
    def word(self) -> str:
        """What people call it."""
        return {"at_risk": "At risk", "neutral": "Neutral", "healthy": "Healthy"}[self]


class CutOffs(NamedTuple):
    """The lowest scores that are neutral and healthy."""

    neutral: int = 40
    healthy: int = 70


CUT_OFFS = CutOffs()


def category(score: int, cut_offs: CutOffs = CUT_OFFS) -> Category:
    """At risk below the first cut-off, healthy from the second on."""
    if score < cut_offs.neutral:
        return Category.AT_RISK
    return Category.NEUTRAL if score < cut_offs.healthy else Category.HEALTHY


@dataclass(frozen=True, slots=True)
class RulePoints:
    """What one rule gave: how many events or records met it, and the points for them."""

    label: str
    matched: int
    points: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that count together, up to a maximum."""

    name: str
    label: str
    maximum: int
    rules: tuple[RulePoints, ...] = ()


# What a new score begins with.
DEFAULT_GROUPS = (
    Group("engagement", "1:1 engagement", 25),
    Group("calls", "1:1 calls", 15),
    Group("tickets", "Support tickets", 30),
    Group("sentiment", "CSM sentiment", 20),
    Group("nps", "NPS", 10),
)


def points(group: Group) -> int:
    """What a group counts for."""
    return max(0, min(group.maximum, sum(rule.points for rule in group.rules)))


def score(groups: Iterable[Group]) -> int:
    """What the groups make together."""
    return sum(points(group) for group in groups)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule at two moments; a rule that was not there gave nothing."""

    label: str
    before: RulePoints
    after: RulePoints

    @property
    def points(self) -> int:
        """How many points more it gives."""
        return self.after.points - self.before.points


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A group in which something changed: its points after their limit, and the rules behind them."""

    label: str
    before: int
    after: int
    rules: tuple[RuleChange, ...]

    @property
    def points(self) -> int:
        """What the group added to the score. Its rules may say more where the limit bites."""
        return self.after - self.before


def differences(before: Sequence[Group], after: Sequence[Group]) -> tuple[GroupChange, ...]:
    """Why a score changed: the groups with other points or rules, what changed it most first (HEA-9).

    Their points add up to the change of the score. Groups are matched by name, rules by label.
    """
    then, now = ({group.name: group for group in groups} for groups in (before, after))
    found: list[GroupChange] = []
    for name in {**now, **then}:
        old, new = then.get(name), now.get(name)
        label = (new or old or Group(name, name, 0)).label
        change = GroupChange(label, points(old) if old else 0, points(new) if new else 0, _rule_changes(old, new))
        if change.rules or change.points:
            found.append(change)
    return tuple(sorted(found, key=lambda change: -abs(change.points)))


def _rule_changes(before: Group | None, after: Group | None) -> tuple[RuleChange, ...]:
    then, now = ({rule.label: rule for rule in (group.rules if group else ())} for group in (before, after))
    changes = (
        RuleChange(label, then.get(label, RulePoints(label, 0, 0)), now.get(label, RulePoints(label, 0, 0)))
        for label in {**now, **then}
    )
    return tuple(sorted((each for each in changes if each.points), key=lambda each: -abs(each.points)))


def to_json(groups: Iterable[Group]) -> list[Any]:
    """Groups as the store keeps them: lists, because there are many and the names would outweigh them."""
    return [
        [group.name, group.label, group.maximum, [[rule.label, rule.matched, rule.points] for rule in group.rules]]
        for group in groups
    ]


def from_json(value: Iterable[Sequence[Any]]) -> tuple[Group, ...]:
    """The groups `to_json` wrote."""
    return tuple(
        Group(name, label, maximum, tuple(RulePoints(*rule) for rule in rules)) for name, label, maximum, rules in value
    )
