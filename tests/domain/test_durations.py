"""Lengths of time (GOL-27, QRY-2)."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.durations import LONGEST, parse_duration, print_duration
from cs_workspace.domain.errors import Invalid

WRITTEN = "0123456789dhms:., "


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90m", 5400),
        ("1h30", 5400),
        ("1h30m", 5400),
        ("1H 30 Min", 5400),
        ("1.5h", 5400),
        ("1,5 h", 5400),
        ("1:30", 5400),
        ("1:30:15", 5415),
        ("2d", 172_800),
        ("2 days", 172_800),
        ("1d 2h", 93_600),
        ("1d2", 93_600),
        ("2 h 00", 7200),
        ("2 h 00 m 01 s", 7201),
        ("1 h 12", 4320),
        ("1\u00a0h\u00a012", 4320),
        ("1h 5s", 3605),
        ("5m30", 330),
        ("45s", 45),
        ("0", 0),
        ("0m", 0),
        (" 36h ", 129_600),
        ("36500d", LONGEST),
    ],
)
def test_gol_27_a_duration_is_read_in_seconds(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "h",
        "-1h",
        "1h-5",
        "m30",
        "1:60",
        "1:3",
        "1h60",
        "1m60",
        "1h90",
        "1h 90m",
        "1d 24h",
        "30m 1h",
        "1h 1h",
        "1h 12 30",
        "30s 5",
        "1w",
        "1.333h30",
        "0.01s",
        "1e3s",
        "١h",
        "１h",
        "1\u017f",
        "36501d",
        "999999999999d",
        "9" * 30 + "s",
    ],
)
def test_gol_27_what_is_no_duration_is_refused(text):
    with pytest.raises(Invalid):
        parse_duration(text)


def test_gol_27_a_number_without_a_unit_is_refused():
    with pytest.raises(Invalid, match="no unit"):
        parse_duration("90")


@given(st.one_of(st.text(max_size=50), st.text(WRITTEN, max_size=12)))
def test_gol_27_any_text_is_a_duration_or_invalid(text):
    with suppress(Invalid):
        assert 0 <= parse_duration(text) <= LONGEST


@given(st.one_of(st.integers(0, LONGEST), st.integers(0, 200_000)))
def test_gol_27_a_printed_duration_reads_back(seconds):
    assert parse_duration(print_duration(seconds)) == seconds


@given(st.fractions(0, 10**6))
def test_gol_27_a_printed_fraction_reads_back_as_its_whole_seconds(seconds):
    assert parse_duration(print_duration(seconds)) == int(seconds)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (30, "30 s"),
        (2700, "45 m"),
        (90, "1 m 30 s"),
        (4320, "1 h 12"),
        (7200, "2 h 00"),
        (7201, "2 h 00 m 01 s"),
        (187_200, "2 d 04 h"),
        (172_800, "2 d"),
        (172_860, "2 d 00 h 01"),
        (172_801, "2 d 00 h 00 m 01 s"),
        (Fraction(14_401, 2), "2 h 00"),
        (-4320, "-1 h 12"),
    ],
)
def test_gol_27_a_duration_is_printed_as_on_screen(seconds, text):
    assert print_duration(seconds) == text
