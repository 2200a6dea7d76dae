"""Health scores: limits, categories, and why a score changed (HEA-3, HEA-5, HEA-7, HEA-9)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.health import (
    DEFAULT_GROUPS,
    Category,
    CutOffs,
    Group,
    RulePoints,
    category,
    differences,
    from_json,
    points,
    score,
    to_json,
)

RULES = st.builds(RulePoints, st.sampled_from("abcdef"), st.integers(0, 9), st.integers(-50, 50))


@st.composite
def groups(draw):
    """Groups whose maxima add up to 100, each with rules of different names."""
    borders = sorted(draw(st.lists(st.integers(1, 99), max_size=5, unique=True)))
    maxima = [after - before for before, after in zip([0, *borders], [*borders, 100], strict=True)]
    return tuple(
        Group(f"g{i}", f"Group {i}", maximum, tuple(draw(st.lists(RULES, max_size=4, unique_by=lambda r: r.label))))
        for i, maximum in enumerate(maxima)
    )


def test_the_default_maxima_make_a_hundred():
    """HEA-3."""
    assert sum(group.maximum for group in DEFAULT_GROUPS) == 100


@given(groups())
def test_a_score_is_between_nothing_and_a_hundred(some):
    """HEA-5: every group counts within its limits, whatever its rules give."""
    assert 0 <= score(some) <= 100
    assert all(0 <= points(group) <= group.maximum for group in some)
    assert score(some) == sum(min(max(sum(r.points for r in g.rules), 0), g.maximum) for g in some)


@given(groups(), groups())
def test_differences_add_up_to_the_change(before, after):
    """HEA-9: what the groups changed is what the score changed; nothing changed where all is the same."""
    found = differences(before, after)
    assert sum(change.points for change in found) == score(after) - score(before)
    assert all(change.points == change.after - change.before for change in found)
    assert all(rule.points for change in found for rule in change.rules)
    assert differences(before, before) == ()
    assert sum(change.points for change in differences(after, before)) == score(before) - score(after)


@given(groups())
def test_groups_come_back_from_json(some):
    assert from_json(json.loads(json.dumps(to_json(some)))) == some


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "▲ At risk"), (39, "▲ At risk"), (40, "◆ Neutral"), (69, "◆ Neutral"), (70, "● Healthy")],
)
def test_categories(value, expected):
    """HEA-7: below 40, below 70, from 70 on."""
    found = category(value)
    assert f"{found.symbol} {found.word}" == expected


def test_cut_offs_can_be_others():
    """HEA-7."""
    assert [category(value, CutOffs(10, 20)) for value in (9, 10, 20)] == list(Category)
