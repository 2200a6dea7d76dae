"""Money in minor units (GOL-27, GOL-35)."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.money import LIMIT, convert, decimal_string, exponent, parse_money, print_money

WRITTEN = "0123456789km.,' +-€$EUR"
CURRENCIES = st.sampled_from(
    ["EUR", "USD", "CAD", "GBP", "JPY", "CNY", "KWD", "CLF", "CHF", "SEK", "PLN", "CZK", "XTS"]
)
AMOUNTS = st.integers(-LIMIT, LIMIT - 1)


@pytest.mark.parametrize(
    ("currency", "places"), [("EUR", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("TND", 3), ("CLF", 4), ("XTS", 2)]
)
def test_gol_27_minor_units_follow_iso_4217(currency, places):
    assert exponent(currency) == places


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "EU", "E R", "ЕUR", "€", "EUR\n"])
def test_gol_27_a_currency_is_three_capitals(currency):
    with pytest.raises(Invalid):
        exponent(currency)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1,234.56", "EUR", 123_456),
        ("1.234,56", "EUR", 123_456),
        ("1 234,56 €", "EUR", 123_456),
        ("12k", "EUR", 1_200_000),
        ("12k€", "EUR", 1_200_000),
        ("1.5 m EUR", "EUR", 150_000_000),
        ("1.234k", "EUR", 123_400),
        ("48,000 €", "EUR", 4_800_000),
        ("EUR 100", "EUR", 10_000),
        ("eur100", "EUR", 10_000),
        ("€100", "EUR", 10_000),
        ("-€5.50", "EUR", -550),
        ("€-5.50", "EUR", -550),
        ("$1,000", "CAD", 100_000),
        ("100 zł", "PLN", 10_000),
        ("12k zł", "PLN", 1_200_000),
        ("12 Kč", "CZK", 1_200),
        ("12 kr", "SEK", 1_200),
        ("12 kr.", "DKK", 1_200),
        ("CHF 1'234.50", "CHF", 123_450),
        ("Fr. 12.50", "CHF", 1_250),
        ("500 ¥", "JPY", 500),
        ("48000.00", "JPY", 48_000),
        ("1.234", "KWD", 1_234),
        (".5", "EUR", 50),
        ("0.500", "EUR", 50),
        ("0", "EUR", 0),
        ("92233720368547758.07", "EUR", LIMIT - 1),
    ],
)
def test_gol_27_money_is_read_in_minor_units(text, currency, minor):
    assert parse_money(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("100 $", "not in EUR"),
        ("USD 100", "not in EUR"),
        ("100 EURO", "not in EUR"),
        ("€100€", "not an amount"),
        ("-€-5", "not an amount"),
        ("1.999", "two ways"),
        ("1.500", "two ways"),
        ("12.345k€!", "not in EUR"),
        ("12.3456", "too many decimals"),
        ("92233720368547758.08", "beyond"),
        ("999999999999m", "beyond"),
        ("", "not an amount"),
        ("€", "not an amount"),
        ("nan", "not an amount"),
        ("1e5", "not an amount"),
        ("1_000", "not an amount"),
        ("١٢", "not an amount"),
        ("1 2 3", "not a number"),
    ],
)
def test_gol_27_what_is_no_money_is_refused(text, why):
    with pytest.raises(Invalid, match=why):
        parse_money(text, "EUR")


@given(st.one_of(st.text(max_size=50), st.text(WRITTEN, max_size=12)))
def test_gol_27_any_text_is_money_or_invalid(text):
    with suppress(Invalid):
        assert -LIMIT <= parse_money(text, "EUR") < LIMIT


@given(AMOUNTS, CURRENCIES)
def test_gol_27_printed_money_reads_back(minor, currency):
    assert parse_money(print_money(minor, currency), currency) == minor


@given(AMOUNTS, st.sampled_from(["EUR", "JPY", "CLF"]))
def test_gol_27_a_decimal_string_is_exact(minor, currency):
    assert Fraction(decimal_string(minor, currency)) * 10 ** exponent(currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "decimal", "screen"),
    [
        (123_450, "EUR", "1234.50", "1,234.50 €"),
        (4_800_000, "EUR", "48000.00", "48,000 €"),
        (-5, "USD", "-0.05", "-0.05 $"),
        (1_234, "JPY", "1234", "1,234 ¥"),
        (1_500, "KWD", "1.500", "1.500 KWD"),
        (9_900, "CHF", "99.00", "99 CHF"),
        (9_900, "CAD", "99.00", "99 CAD"),
    ],
)
def test_gol_27_money_is_printed_for_scripts_and_screens(minor, currency, decimal, screen):
    assert (decimal_string(minor, currency), print_money(minor, currency)) == (decimal, screen)


@pytest.mark.parametrize(
    ("minor", "source", "home", "rate", "result"),
    [
        (10_000, "USD", "EUR", "0.9", 9_000),
        (1, "USD", "EUR", "0.5", 0),
        (3, "USD", "EUR", "0.5", 2),
        (-3, "USD", "EUR", "0.5", -2),
        (1_000, "JPY", "EUR", "0.00615", 615),
        (100, "EUR", "JPY", "162.5", 162),
        (1_000, "KWD", "EUR", "3", 300),
        (7, "EUR", "EUR", "2", 7),
    ],
)
def test_gol_6_home_currency_is_rounded_half_to_even(minor, source, home, rate, result):
    assert convert(minor, source, home, Fraction(rate)) == result


@pytest.mark.parametrize(("minor", "rate"), [(1, 0), (1, -1), (LIMIT - 1, 2)])
def test_gol_6_impossible_conversions_are_refused(minor, rate):
    with pytest.raises(Invalid):
        convert(minor, "USD", "EUR", Fraction(rate))
