"""Calendar and fiscal periods (GOL-18, QRY-2, SET-12)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.periods import (
    fiscal_year_of,
    month_range,
    months_of,
    quarter_range,
    weeks_of,
    working_days,
    year_range,
)

YEARS, MONTHS = st.integers(1900, 2999), st.integers(1, 12)


def test_qry_2_months_quarters_and_years_are_half_open():
    assert month_range(2024, 2) == (date(2024, 2, 1), date(2024, 3, 1))
    assert month_range(2026, 12) == (date(2026, 12, 1), date(2027, 1, 1))
    assert quarter_range(2026, 4) == (date(2026, 10, 1), date(2027, 1, 1))
    assert year_range(2026) == (date(2026, 1, 1), date(2027, 1, 1))


def test_gol_17_periods_are_those_of_the_calendar_unless_said_otherwise():
    assert months_of(2026)[0] == month_range(2026, 1)
    assert weeks_of(2025)[0] == (date(2025, 1, 6), date(2025, 1, 13))
    assert fiscal_year_of(date(2026, 1, 1)) == 2026


def test_gol_18_fiscal_periods_start_with_the_fiscal_month():
    assert year_range(2025, 4) == (date(2025, 4, 1), date(2026, 4, 1))
    assert quarter_range(2025, 4, 2) == (date(2025, 11, 1), date(2026, 2, 1))


@given(YEARS, MONTHS)
def test_gol_18_months_and_quarters_partition_the_year(year, fiscal_start):
    first, until = year_range(year, fiscal_start)
    for periods in (months_of(year, fiscal_start), [quarter_range(year, q, fiscal_start) for q in range(1, 5)]):
        edges = [periods[0][0], *(each[1] for each in periods)]
        assert (edges[0], edges[-1]) == (first, until)
        assert [each[0] for each in periods] == edges[:-1]


@given(YEARS, MONTHS, st.integers(0, 6))
def test_gol_18_weeks_are_whole_and_begin_within_the_year(year, fiscal_start, week_start):
    first, until = year_range(year, fiscal_start)
    weeks = weeks_of(year, fiscal_start, week_start)
    assert len(weeks) in {52, 53}
    assert all(first <= start < until and start.weekday() == week_start for start, _ in weeks)
    assert weeks[0][0] - first < timedelta(days=7)
    assert weeks[-1][1] >= until


@given(st.dates(date(1901, 1, 1), date(2998, 12, 31)), MONTHS)
def test_set_12_every_day_lies_in_its_fiscal_year(day, fiscal_start):
    first, until = year_range(fiscal_year_of(day, fiscal_start), fiscal_start)
    assert first <= day < until


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(-3, 400))
def test_gol_38_working_days_are_monday_to_friday(first, length):
    last = first + timedelta(days=length)
    days = (first + timedelta(days=i) for i in range(length + 1))
    assert working_days(first, last) == sum(day.weekday() < 5 for day in days)


@pytest.mark.parametrize(
    "call",
    [
        lambda: month_range(2026, 13),
        lambda: month_range(2026, 0),
        lambda: quarter_range(2026, 5),
        lambda: quarter_range(2026, 1, 13),
        lambda: year_range(0),
        lambda: year_range(3000),
        lambda: year_range(2026, 13),
        lambda: months_of(2026, 13),
        lambda: year_range(9999),
        lambda: months_of(2026, 0),
        lambda: weeks_of(2026, 1, 7),
        lambda: fiscal_year_of(date(2026, 1, 1), 13),
    ],
)
def test_gol_18_periods_that_do_not_exist_are_refused(call):
    with pytest.raises(Invalid):
        call()
