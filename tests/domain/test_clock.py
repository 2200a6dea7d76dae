"""Instants and days at the edges: formats, zones, days without a midnight (R15)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.clock import (
    DAY,
    FixedClock,
    SystemClock,
    date_of,
    day_of,
    instant_of,
    local_day,
    moment_of,
    parse_date,
    parse_instant,
    print_date,
    print_instant,
    start_of_day,
    zone,
)
from cs_workspace.domain.errors import Invalid

HOUR = 3_600_000
ROME, NEW_YORK, CAIRO, KATHMANDU, LORD_HOWE, APIA = map(
    zone, ("Europe/Rome", "America/New_York", "Africa/Cairo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")
)
ZONES = st.sampled_from([ROME, NEW_YORK, CAIRO, KATHMANDU, LORD_HOWE, APIA, zone("UTC")])
INSTANTS = st.integers(instant_of(datetime(1999, 1, 1, tzinfo=UTC)), instant_of(datetime(2100, 1, 1, tzinfo=UTC)))
DATES = st.dates(date(1999, 1, 1), date(2100, 1, 1))


def utc(year, month, day, hour=0, minute=0, second=0):
    return instant_of(datetime(year, month, day, hour, minute, second, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-31T14:00", utc(2026, 3, 31, 12)),
        ("2026-03-31 14:00", utc(2026, 3, 31, 12)),
        (" 2026-03-31T14:00:05 ", utc(2026, 3, 31, 12, 0, 5)),
        ("2026-03-31 9:05", utc(2026, 3, 31, 7, 5)),
        ("2026-03-31T14:00:05.2", utc(2026, 3, 31, 12, 0, 5) + 200),
        ("2026-03-31T14:00:05.123456789", utc(2026, 3, 31, 12, 0, 5) + 123),
        ("2026-03-31T14:00Z", utc(2026, 3, 31, 14)),
        ("2026-03-31 14:00:00 UTC", utc(2026, 3, 31, 14)),
        ("2026-03-31T14:00+05:30", utc(2026, 3, 31, 8, 30)),
        ("2026-03-31T14:00-0400", utc(2026, 3, 31, 18)),
        ("2026-03-31T14:00+02", utc(2026, 3, 31, 12)),
        ("2026-03-31", utc(2026, 3, 30, 22)),
        ("2026-01-31", utc(2026, 1, 30, 23)),
        ("1774958400000", utc(2026, 3, 31, 12)),
    ],
)
def test_written_instants(text, instant):
    assert parse_instant(text, ROME) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-02-29",
        "2026-13-01",
        "2026-03-31T24:01",
        "2026-03-31T14:60",
        "31.03.2026",
        "03/31/2026 14:00",
        "26-03-31",
        "2026-3-1",
        "2026-03-31T14",
        "2026-03-31T14:00 CET",
        "2026-03-31T14:00+25:00",
        "２０２６-03-31",
        "177495840000",
    ],
)
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(Invalid):
        parse_instant(text, ROME)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-29T01:59", utc(2026, 3, 29, 0, 59)),
        ("2026-03-29T02:30", utc(2026, 3, 29, 1, 30)),  # the clock never shows it; an hour later it shows 03:30
        ("2026-03-29T03:00", utc(2026, 3, 29, 1)),
        ("2026-10-25T02:30", utc(2026, 10, 25, 0, 30)),  # it shows it twice; the first time is meant
        ("2026-10-25T02:30+01:00", utc(2026, 10, 25, 1, 30)),
        ("2026-10-25T03:00", utc(2026, 10, 25, 2)),
    ],
)
def test_r15_instants_at_the_change_to_and_from_summer_time(text, instant):
    assert parse_instant(text, ROME) == instant


def test_r15_a_day_begins_also_where_there_is_no_midnight():
    """Cairo set its clocks from 00:00 to 01:00 on Friday 26 April 2024."""
    begin = start_of_day(date(2024, 4, 26), CAIRO)
    assert begin == utc(2024, 4, 25, 22)
    assert moment_of(begin, CAIRO).isoformat() == "2024-04-26T01:00:00+03:00"
    assert start_of_day(date(2024, 4, 27), CAIRO) - begin == 23 * HOUR
    assert parse_instant("2024-04-26", CAIRO) == begin


def test_r15_days_have_23_24_and_25_hours():
    def length(*day):
        return start_of_day(date(*day) + timedelta(days=1), ROME) - start_of_day(date(*day), ROME)

    assert (length(2026, 3, 29), length(2026, 6, 1), length(2026, 10, 25)) == (23 * HOUR, 24 * HOUR, 25 * HOUR)


def test_r15_half_hours_and_a_day_that_was_left_out():
    assert start_of_day(date(2026, 4, 6), LORD_HOWE) - start_of_day(date(2026, 4, 5), LORD_HOWE) == DAY + HOUR // 2
    assert start_of_day(date(2026, 4, 6), KATHMANDU) % HOUR == HOUR // 4
    # Apia went from Thursday 29 December 2011 to Saturday the 31st.
    assert start_of_day(date(2011, 12, 30), APIA) == start_of_day(date(2011, 12, 31), APIA)


@given(DATES, ZONES)
def test_r15_days_follow_each_other_without_gap_or_overlap(day, tz):
    begin, end = start_of_day(day, tz), start_of_day(day + timedelta(days=1), tz)
    assert begin <= end
    if begin < end:
        assert local_day(begin, tz) == day == local_day(end - 1, tz)
        assert local_day(begin - 1, tz) < day < local_day(end, tz)


@given(INSTANTS, ZONES)
def test_what_is_printed_is_read_back(instant, tz):
    assert parse_instant(print_instant(instant, tz), ROME) == instant
    assert instant_of(moment_of(instant, tz)) == instant


@given(DATES)
def test_dates_are_read_back(day):
    assert parse_date(print_date(day_of(day))) == day
    assert date_of(day_of(day)) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        (" 2026-03-31 ", date(2026, 3, 31)),
        ("2026-03-31T23:59:59Z", date(2026, 3, 31)),
        ("2026-03-31 9:00", date(2026, 3, 31)),
    ],
)
def test_written_dates(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["", "2026-02-29", "2026-03-31x", "2026-03", "20260331", "today"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(Invalid):
        parse_date(text)


def test_instants_before_1970_and_to_the_millisecond():
    assert parse_instant("1969-12-31T23:59:59.999Z", ROME) == -1
    assert print_instant(-1, zone("UTC")) == "1969-12-31T23:59:59.999+00:00"
    assert print_instant(0, zone("UTC")) == "1970-01-01T00:00:00+00:00"


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "/etc/localtime", "a\0b"])
def test_s6_a_time_zone_is_a_name_and_no_path(name):
    with pytest.raises(Invalid, match="not a time zone"):
        zone(name)


def test_clocks():
    assert FixedClock(5).now() == 5
    first, second = SystemClock().now(), SystemClock().now()
    assert utc(2026, 1, 1) < first <= second
