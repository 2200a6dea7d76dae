"""Typed numbers (QRY-2, GOL-27)."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.numbers import parse_number, print_number

WRITTEN = "0123456789km.,' +-"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("0", 0),
        ("007", 7),
        ("-5", -5),
        ("+5", 5),
        ("\u22125", -5),
        (" 12.5 ", "12.5"),
        (".5", "0.5"),
        ("0.125", "0.125"),
        ("1.234", "1.234"),
        ("1,234", 1234),
        ("48,000", 48000),
        ("1,234.5", "1234.5"),
        ("1,234,567.891", "1234567.891"),
        ("1 234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u202f567,25", "1234567.25"),
        ("1 234,567", "1234.567"),
        ("1'234.50", "1234.5"),
        ("1\u2019234", 1234),
        ("1.234,56", "1234.56"),
        ("1.234.567", 1234567),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("1234,56", "1234.56"),
        ("12k", 12_000),
        ("12 K", 12_000),
        ("1.5m", 1_500_000),
        ("1,5M", 1_500_000),
        ("-2k", -2_000),
    ],
)
def test_qry_2_a_number_is_read_exactly(text, value):
    assert parse_number(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "k",
        "12x",
        "12kk",
        "12 km",
        "nan",
        "inf",
        "1e309",
        "1e3",
        "1_000",
        "0x10",
        "١٢",
        "１２",
        "12\u212a",
        "1,23,456",
        "1,2345.6",
        "12,34,5",
        "1 23",
        "1  234",
        "1.2.3",
        "1.234.56",
        "5.",
        "--5",
        "- 5",
        "1\n2",
        "9" * 41,
    ],
)
def test_qry_2_what_is_no_number_is_refused(text):
    with pytest.raises(Invalid):
        parse_number(text)


def test_qry_2_a_number_of_two_meanings_is_refused():
    with pytest.raises(Invalid, match="two ways"):
        parse_number("1234,567")


@given(st.one_of(st.text(max_size=50), st.text(WRITTEN, max_size=12)))
def test_qry_2_any_text_is_a_number_or_invalid(text):
    with suppress(Invalid):
        assert isinstance(parse_number(text), Fraction)


@given(st.integers(-(10**18), 10**18))
def test_gol_27_a_printed_number_reads_back(millionths):
    value = Fraction(millionths, 10**6)
    assert parse_number(print_number(value)) == value


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, 6, "0"),
        (1234, 6, "1,234"),
        ("1234.5", 6, "1,234.5"),
        ("49.999", 2, "49.99"),
        ("-0.5", 2, "-0.5"),
        ("4.7", 0, "4"),
    ],
)
def test_gol_35_a_printed_number_is_cut_off(value, places, text):
    assert print_number(Fraction(value), places) == text
