"""Targets and actuals as text, and as figures for scripts (GOL-27, GOL-28; headless contract)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from math import floor

from cs_workspace.domain.durations import parse_duration, print_duration
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Aggregate, Unit, in_units, scale
from cs_workspace.domain.money import LIMIT, decimal_string, exponent, parse_money, print_money
from cs_workspace.domain.numbers import NumberFormat, parse_number, print_number

_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)


def parse_target(
    text: str, unit: Unit, currency: str, style: NumberFormat = NumberFormat.POINT, *, whole: bool = False
) -> int:
    """A typed target in small steps of the unit (see `model.scale`); `whole` for counts: `1.200` may mean many of them.

    Raises Invalid, also for a negative one (GOL-27).
    """
    try:
        steps = _steps(text, unit, currency, style)
    except Invalid as error:
        raise Invalid("target", error.why, error.hint) from error
    if steps < 0:
        raise Invalid("target", f"{text!r} is negative", "A target is 0 or more.")
    if whole and style is NumberFormat.POINT and _THOUSANDS.fullmatch(text.strip()):
        raise Invalid("target", f"{text!r} can be read in two ways", "Write thousands as 1,200 and decimals as 1.2.")
    return steps


def print_target(steps: int, unit: Unit, currency: str, style: NumberFormat = NumberFormat.POINT) -> str:
    """A stored target as screens show it; `parse_target` reads it back (GOL-27)."""
    match unit:
        case Unit.NUMBER:
            return print_number(in_units(steps, unit, 0), style=style)
        case Unit.CURRENCY:
            return print_money(steps, currency, style)
        case Unit.DURATION:
            return print_duration(steps)


def print_value(value: Fraction, unit: Unit, currency: str) -> str:
    """An actual, or any value in the unit, as screens show it.

    Cut off after two decimals, the minor unit or the second, never rounded up: 49.999 of 50 must not read 50 (GOL-35).
    """
    if unit is Unit.NUMBER:
        return print_number(value, 2)
    return print_target(floor(value * scale(unit, exponent(currency))), unit, currency)


def number(value: Fraction, unit: Unit, currency: str) -> int | float | str:
    """An actual as a figure for scripts: a number, a decimal string cut off at the minor unit, or seconds."""
    if unit is Unit.CURRENCY:
        return decimal_string(floor(value * scale(unit, exponent(currency))), currency)
    return int(value) if value.denominator == 1 else float(value)


def target_number(steps: int, unit: Unit, currency: str) -> int | float | str:
    """A stored target as a figure for scripts, as `number` gives it."""
    return number(in_units(steps, unit, exponent(currency)), unit, currency)


def row_total(targets: Iterable[int], aggregate: Aggregate) -> int | None:
    """The total of a row or column of the target grid, None where values do not add up (GOL-15, GOL-28)."""
    return sum(targets) if aggregate.additive else None


def _steps(text: str, unit: Unit, currency: str, style: NumberFormat) -> int:
    match unit:
        case Unit.CURRENCY:
            return parse_money(text, currency, style)
        case Unit.DURATION:
            return parse_duration(text)
        case Unit.NUMBER:
            steps = parse_number(text, style) * scale(unit, 0)
            if steps.denominator != 1 or steps >= LIMIT:
                raise Invalid("number", f"{text!r} is too fine or too large", "Use at most six decimals.")
            return int(steps)
