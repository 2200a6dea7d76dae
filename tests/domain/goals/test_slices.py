"""Slices, with the vectors and laws of section 13 (GOL-2, GOL-16 to GOL-19)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.clock import instant_of, local_day
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Duration
from cs_workspace.domain.goals.slices import closed_interval, custom_slice, find_slice, slices

ROME = ZoneInfo("Europe/Rome")
HOUR = 3_600_000
CUT = [each for each in Duration if each is not Duration.CUSTOM]

# With and without daylight saving, both hemispheres, changes at midnight, half hours, a day that never was (Apia).
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Rome",
        "America/New_York",
        "America/Sao_Paulo",
        "America/Havana",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    )
]
calendars = st.fixed_dictionaries(
    {
        "fiscal_start": st.integers(1, 12),
        "aligned": st.booleans(),
        "week_start": st.integers(0, 6),
        "tz": st.sampled_from(ZONES),
    }
)


def _days(duration, year, **calendar):
    return [
        (each.first_day.isoformat(), each.last_day.isoformat()) for each in slices(duration, year, tz=ROME, **calendar)
    ]


def test_gol_18_vector_quarters_of_an_april_year():
    assert _days(Duration.QUARTERLY, 2025, fiscal_start=4, aligned=True) == [
        ("2025-04-01", "2025-06-30"),
        ("2025-07-01", "2025-09-30"),
        ("2025-10-01", "2025-12-31"),
        ("2026-01-01", "2026-03-31"),
    ]


def test_gol_17_vector_quarters_not_aligned():
    assert _days(Duration.QUARTERLY, 2025, fiscal_start=4, aligned=False) == [
        ("2025-01-01", "2025-03-31"),
        ("2025-04-01", "2025-06-30"),
        ("2025-07-01", "2025-09-30"),
        ("2025-10-01", "2025-12-31"),
    ]


def test_gol_18_vector_quarters_of_a_february_year():
    assert _days(Duration.QUARTERLY, 2025, fiscal_start=2, aligned=True) == [
        ("2025-02-01", "2025-04-30"),
        ("2025-05-01", "2025-07-31"),
        ("2025-08-01", "2025-10-31"),
        ("2025-11-01", "2026-01-31"),
    ]


def test_gol_18_vector_months_of_a_july_year():
    months = slices(Duration.MONTHLY, 2025, fiscal_start=7, aligned=True, tz=ROME)
    assert [each.label for each in months] == [
        *(f"2025-{month:02}" for month in range(7, 13)),
        *(f"2026-{month:02}" for month in range(1, 7)),
    ]
    february = find_slice(months, "2026-02")
    assert (february.index, february.first_day, february.last_day) == (7, date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("year", "count", "first", "last"),
    [
        (2024, 53, ("2024-01-01", "2024-01-07"), ("2024-12-30", "2025-01-05")),
        (2025, 52, ("2025-01-06", "2025-01-12"), ("2025-12-29", "2026-01-04")),
    ],
)
def test_gol_18_vector_weeks(year, count, first, last):
    weeks = _days(Duration.WEEKLY, year)
    assert (len(weeks), weeks[0], weeks[-1]) == (count, first, last)


def test_gol_16_vector_custom_of_one_day():
    day = custom_slice(date(2026, 2, 10), date(2026, 2, 10), ROME)
    assert (day.index, day.first_day, day.last_day) == (0, date(2026, 2, 10), date(2026, 2, 10))
    assert day.end - day.start == 24 * HOUR


@pytest.mark.parametrize(
    ("duration", "year", "calendar", "first", "last"),
    [
        (Duration.MONTHLY, 2026, {}, "2026-01", "2026-12"),
        (Duration.MONTHLY, 2025, {"fiscal_start": 4, "aligned": True}, "2025-04", "2026-03"),
        (Duration.QUARTERLY, 2026, {}, "2026-Q1", "2026-Q4"),
        (Duration.QUARTERLY, 2026, {"fiscal_start": 1, "aligned": True}, "2026-Q1", "2026-Q4"),
        (Duration.QUARTERLY, 2026, {"fiscal_start": 4}, "2026-Q1", "2026-Q4"),
        (Duration.QUARTERLY, 2026, {"fiscal_start": 4, "aligned": True}, "FY2026/27-Q1", "FY2026/27-Q4"),
        (Duration.WEEKLY, 2026, {}, "2026-W01", "2026-W52"),
        (Duration.WEEKLY, 2025, {"fiscal_start": 4, "aligned": True}, "FY2025/26-W01", "FY2025/26-W52"),
        (Duration.YEARLY, 2026, {}, "2026", "2026"),
        (Duration.YEARLY, 2026, {"fiscal_start": 7, "aligned": True}, "FY2026/27", "FY2026/27"),
        (Duration.YEARLY, 2099, {"fiscal_start": 7, "aligned": True}, "FY2099/00", "FY2099/00"),
    ],
)
def test_gol_18_labels_name_the_period(duration, year, calendar, first, last):
    labels = [each.label for each in slices(duration, year, tz=ROME, **calendar)]
    assert (labels[0], labels[-1]) == (first, last)
    assert len(set(labels)) == len(labels)


def test_gol_16_a_custom_label_names_both_days():
    assert custom_slice(date(2026, 2, 10), date(2026, 3, 9), ROME).label == "2026-02-10..2026-03-09"


def test_gol_2_closed_form_ends_with_the_last_millisecond():
    february = slices(Duration.MONTHLY, 2025, tz=ROME)[1]
    first, last = closed_interval(february)
    assert first == instant_of(datetime(2025, 2, 1, tzinfo=ROME).astimezone(UTC))
    assert last == instant_of(datetime(2025, 2, 28, 23, 59, 59, 999_000, tzinfo=ROME).astimezone(UTC))


def test_set_12_weeks_may_start_on_any_day():
    for day in range(7):
        weeks = slices(Duration.WEEKLY, 2026, week_start=day, tz=ROME)
        assert {each.first_day.weekday() for each in weeks} == {day}


@given(st.sampled_from(CUT), st.integers(1999, 2100), calendars)
def test_gol_18_consecutive_years_partition_the_time_line(duration, year, calendar):
    run = [*slices(duration, year, **calendar), *slices(duration, year + 1, **calendar)]
    assert all(before.end == after.start for before, after in pairwise(run))
    assert all(before.last_day + timedelta(days=1) == after.first_day for before, after in pairwise(run))
    assert all(each.start < each.end for each in run)


@given(st.sampled_from(CUT), st.integers(1999, 2100), calendars, st.data())
def test_gol_2_every_instant_lies_in_the_slice_of_its_day(duration, year, calendar, data):
    run = slices(duration, year, **calendar)
    instant = data.draw(st.integers(run[0].start, run[-1].end - 1))
    (holder,) = [each for each in run if each.start <= instant < each.end]
    assert holder.first_day <= local_day(instant, calendar["tz"]) <= holder.last_day


@given(st.sampled_from(CUT), st.integers(1999, 2100), calendars)
def test_gol_2_daylight_saving_neither_adds_nor_drops_an_hour(duration, year, calendar):
    run = slices(duration, year, **calendar)
    hours = sum(each.end - each.start for each in run) / HOUR
    days = (run[-1].last_day - run[0].first_day).days + 1
    shift = _offset(run[0].first_day, calendar["tz"]) - _offset(run[-1].last_day + timedelta(days=1), calendar["tz"])
    assert hours == days * 24 + shift


def test_gol_2_vector_months_with_a_clock_change_have_743_and_745_hours():
    months = slices(Duration.MONTHLY, 2026, tz=ROME)
    assert [(each.end - each.start) // HOUR for each in (months[2], months[9])] == [743, 745]


def _offset(day, tz):
    """The hours a zone is ahead of UTC as the day begins: what a year's slices may gain or lose from end to end."""
    offset = datetime.combine(day, datetime.min.time(), tzinfo=tz).utcoffset()
    assert offset is not None
    return offset.total_seconds() / 3600


def test_gol_16_custom_slices_reach_from_the_first_to_the_last_year():
    assert custom_slice(date(1900, 1, 1), date(2999, 12, 31), ROME).last_day == date(2999, 12, 31)


@pytest.mark.parametrize("text", ["2026-q2", " 2026-Q2 "])
def test_gol_18_a_slice_is_found_by_its_label(text):
    assert find_slice(slices(Duration.QUARTERLY, 2026, tz=ROME), text).index == 1


def test_gol_18_an_unknown_slice_names_the_nearest():
    with pytest.raises(Invalid, match="Did you mean 2026-03"):
        find_slice(slices(Duration.MONTHLY, 2026, tz=ROME), "2026-3")


@pytest.mark.parametrize(
    "call",
    [
        lambda: custom_slice(date(2026, 2, 10), date(2026, 2, 9), ROME),
        lambda: custom_slice(date(2026, 2, 10), date(9999, 12, 31), ROME),
        lambda: custom_slice(date(1, 1, 1), date(2026, 12, 31), ROME),
        lambda: slices(Duration.CUSTOM, 2026, tz=ROME),
        lambda: slices(Duration.WEEKLY, 2026, week_start=7, tz=ROME),
        lambda: slices(Duration.MONTHLY, 2026, fiscal_start=13, aligned=True, tz=ROME),
        lambda: slices(Duration.YEARLY, 99_999, tz=ROME),
    ],
)
def test_gol_16_impossible_slices_are_refused(call):
    with pytest.raises(Invalid):
        call()
