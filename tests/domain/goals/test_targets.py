"""Targets as text and as figures (GOL-27, GOL-28)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.durations import LONGEST
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Aggregate, Unit
from cs_workspace.domain.goals.targets import (
    number,
    parse_target,
    print_target,
    print_value,
    row_total,
    target_number,
)


@pytest.mark.parametrize(
    ("text", "unit", "currency", "steps"),
    [
        ("50", Unit.NUMBER, "EUR", 50_000_000),
        ("12.5", Unit.NUMBER, "EUR", 12_500_000),
        ("12k", Unit.NUMBER, "EUR", 12_000_000_000),
        ("1.5m", Unit.CURRENCY, "EUR", 150_000_000),
        ("48,000 €", Unit.CURRENCY, "EUR", 4_800_000),
        ("500", Unit.CURRENCY, "JPY", 500),
        ("90m", Unit.DURATION, "EUR", 5_400),
        ("1h30", Unit.DURATION, "EUR", 5_400),
        ("2d", Unit.DURATION, "EUR", 172_800),
        ("0", Unit.DURATION, "EUR", 0),
    ],
)
def test_gol_27_a_target_is_stored_in_small_steps(text, unit, currency, steps):
    assert parse_target(text, unit, currency) == steps


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("text", ["-1", "-1h", "", "x", "1e309", "0.0000001", "9" * 30])
def test_gol_27_impossible_targets_are_refused(text, unit):
    with pytest.raises(Invalid) as refusal:
        parse_target(text, unit, "EUR")
    assert refusal.value.field == "target"


@pytest.mark.parametrize("unit", Unit)
@given(steps=st.integers(0, LONGEST))
def test_gol_27_a_printed_target_reads_back(unit, steps):
    assert parse_target(print_target(steps, unit, "EUR"), unit, "EUR") == steps


@pytest.mark.parametrize(
    ("value", "unit", "currency", "screen", "figure"),
    [
        (50, Unit.NUMBER, "EUR", "50", 50),
        ("49.999", Unit.NUMBER, "EUR", "49.99", 49.999),
        ("1234.5", Unit.CURRENCY, "EUR", "1,234.50 €", "1234.50"),
        ("999999.999", Unit.CURRENCY, "EUR", "999,999.99 €", "999999.99"),
        (1234, Unit.CURRENCY, "JPY", "1,234 ¥", "1234"),
        (4320, Unit.DURATION, "EUR", "1 h 12", 4320),
        ("4320.5", Unit.DURATION, "EUR", "1 h 12", 4320.5),
    ],
)
def test_gol_35_an_actual_is_never_printed_better_than_it_is(value, unit, currency, screen, figure):
    assert print_value(Fraction(value), unit, currency) == screen
    assert number(Fraction(value), unit, currency) == figure


@pytest.mark.parametrize(
    ("steps", "unit", "figure"),
    [
        (50_000_000, Unit.NUMBER, 50),
        (12_500_000, Unit.NUMBER, 12.5),
        (123_450, Unit.CURRENCY, "1234.50"),
        (5_400, Unit.DURATION, 5_400),
    ],
)
def test_gol_27_a_target_as_a_figure_for_scripts(steps, unit, figure):
    found = target_number(steps, unit, "EUR")
    assert (found, type(found)) == (figure, type(figure))


def test_gol_28_only_sums_and_counts_have_a_row_total():
    assert row_total([1, 2, 3], Aggregate.SUM) == row_total([1, 2, 3], Aggregate.COUNT) == 6
    assert row_total([1, 2, 3], Aggregate.AVERAGE) is None
