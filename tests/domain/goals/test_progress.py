"""Value, progress, status and pace, with the vectors of section 13 (GOL-3, GOL-32 to GOL-38)."""

from datetime import timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.clock import parse_instant
from cs_workspace.domain.goals.model import Aggregate, Direction, Kpi, Pace, Status, Unit, scale
from cs_workspace.domain.goals.progress import (
    Standing,
    actual,
    matches_status,
    needed_per_day,
    overall_status,
    pace,
    progress,
    progress_percent,
    read,
    status,
    target_reached,
)
from cs_workspace.domain.goals.teams import pool
from cs_workspace.domain.goals.templates import TEMPLATES

ROME = ZoneInfo("Europe/Rome")
H = 3600


def _at(text):
    return parse_instant(text, ROME)


START, END = _at("2026-03-01"), _at("2026-04-01")
MIDDLE, AFTER = _at("2026-03-15"), _at("2026-04-02")
CLOSED, REVENUE = TEMPLATES["tickets_closed"].kpi, TEMPLATES["revenue"].kpi
RESPONSE, RESOLUTION = TEMPLATES["avg_ticket_response_time"].kpi, TEMPLATES["avg_ticket_resolution_time"].kpi
CREATED = TEMPLATES["deals_created"].kpi
CHURN = Kpi("tickets", Aggregate.COUNT, "closed_at", Direction.LOWER, Unit.NUMBER)
KPIS = st.builds(Kpi)
VALUES = st.fractions(-(10**6), 10**6, max_denominator=1000)
TARGETS = st.fractions(0, 10**6, max_denominator=1000)


def _standing(value, target, start=START, end=END):
    return Standing(
        start, end, None if value is None else Fraction(value), None if target is None else Fraction(target)
    )


@pytest.mark.parametrize(
    ("kpi", "target", "value", "now", "percent", "result"),
    [
        pytest.param(CLOSED, 50, 0, _at("2026-02-28T23:59:59.999"), 0, Status.PENDING, id="1"),
        pytest.param(CLOSED, 50, 60, MIDDLE, 120, Status.IN_PROGRESS, id="2"),
        pytest.param(CLOSED, 50, 60, AFTER, 120, Status.EXCEEDED, id="3"),
        pytest.param(CLOSED, 50, 50, AFTER, 100, Status.ACHIEVED, id="4"),
        pytest.param(CLOSED, 50, 49, AFTER, 98, Status.MISSED, id="5"),
        pytest.param(REVENUE, 1_000_000, "999999.99", AFTER, 99, Status.MISSED, id="6"),
        pytest.param(RESPONSE, 2 * H, H * 3 // 2, AFTER, 133, Status.EXCEEDED, id="7"),
        pytest.param(RESPONSE, 2 * H, 2 * H, AFTER, 100, Status.ACHIEVED, id="8"),
        pytest.param(RESPONSE, 2 * H, 2 * H + 1, AFTER, 99, Status.MISSED, id="9"),
        pytest.param(RESPONSE, 2 * H, None, AFTER, None, Status.NO_DATA, id="10"),
        pytest.param(CREATED, 0, 0, AFTER, 100, Status.ACHIEVED, id="12"),
        pytest.param(CLOSED, None, 7, MIDDLE, None, None, id="13 running"),
        pytest.param(CLOSED, None, 7, AFTER, None, None, id="13 after"),
        pytest.param(REVENUE, 100, 0, AFTER, 0, Status.MISSED, id="14"),
    ],
)
def test_gol_34_vectors(kpi, target, value, now, percent, result):
    reading = read(kpi, _standing(value, target), now, ROME)
    assert (reading.progress_percent, reading.status) == (percent, result)


def test_gol_34_vector_2_wears_the_badge():
    assert read(CLOSED, _standing(60, 50), MIDDLE, ROME).target_reached


def test_gol_13_vector_11_pools_the_team():
    total, records = pool(Aggregate.AVERAGE, [(1 * H, 1), (99 * H, 9)])
    value = actual(Aggregate.AVERAGE, 1, total, records)
    assert value == 10 * H
    reading = read(RESOLUTION, _standing(value, 10 * H), AFTER, ROME)
    assert (reading.progress_percent, reading.status) == (100, Status.ACHIEVED)


@pytest.mark.parametrize(
    ("now", "result"),
    [
        (START - 1, Status.PENDING),
        (START, Status.IN_PROGRESS),
        (END - 1, Status.IN_PROGRESS),
        (END, Status.EXCEEDED),
    ],
)
def test_gol_34_status_changes_at_the_very_millisecond(now, result):
    assert status(CLOSED, _standing(51, 50), now) is result


@pytest.mark.parametrize(
    ("aggregate", "unit", "total", "records", "value"),
    [
        (Aggregate.COUNT, Unit.NUMBER, 7, 7, 7),
        (Aggregate.COUNT, Unit.NUMBER, None, 0, 0),
        (Aggregate.SUM, Unit.CURRENCY, 12_345, 3, "123.45"),
        (Aggregate.SUM, Unit.CURRENCY, None, 0, 0),
        (Aggregate.SUM, Unit.NUMBER, 1_500_000, 1, "1.5"),
        (Aggregate.AVERAGE, Unit.DURATION, 100, 3, "100/3"),
        (Aggregate.AVERAGE, Unit.CURRENCY, 100, 3, "1/3"),
        (Aggregate.AVERAGE, Unit.DURATION, None, 0, None),
        (Aggregate.MINIMUM, Unit.DURATION, 30, 4, 30),
        (Aggregate.MINIMUM, Unit.DURATION, None, 0, None),
        (Aggregate.MAXIMUM, Unit.NUMBER, None, 0, None),
    ],
)
def test_gol_32_actual_is_exact_and_nothing_is_no_data(aggregate, unit, total, records, value):
    assert actual(aggregate, scale(unit, 2), total, records) == (None if value is None else Fraction(value))


@pytest.mark.parametrize(
    ("value", "target", "direction", "percent"),
    [
        (0, 0, Direction.HIGHER, 100),
        (1, 0, Direction.HIGHER, 999),
        (0, 5, Direction.LOWER, 999),
        (0, 0, Direction.LOWER, 100),
        (5, 0, Direction.LOWER, 0),
        (1000, 50, Direction.HIGHER, 999),
        (1, 1000, Direction.LOWER, 999),
        (-1, 0, Direction.HIGHER, 0),
        (-1, 5, Direction.LOWER, 999),
        (-1, 2, Direction.HIGHER, -50),
    ],
)
def test_gol_33_zero_cases_and_the_ceiling(value, target, direction, percent):
    assert progress_percent(Fraction(value), Fraction(target), direction) == percent


def test_gol_33_progress_is_not_clamped():
    assert progress(Fraction(2000), Fraction(100), Direction.HIGHER) == 2000


@given(KPIS, VALUES, TARGETS)
def test_gol_35_a_hundred_is_printed_exactly_when_the_target_is_reached(kpi, value, target):
    percent = progress_percent(value, target, kpi.direction)
    assert percent is not None
    result = status(kpi, _standing(value, target), AFTER)
    assert (percent >= 100) == (result in {Status.ACHIEVED, Status.EXCEEDED})
    assert target_reached(kpi, _standing(value, target), AFTER) == (percent >= 100)
    assert percent <= 999


@given(KPIS, st.one_of(st.none(), VALUES), st.one_of(st.none(), TARGETS), st.integers(START - 10**9, END + 10**9))
def test_gol_34_every_slice_with_a_target_has_one_status_and_pace_only_while_running(kpi, value, target, now):
    reading = read(kpi, _standing(value, target), now, ROME)
    assert (reading.status is None) == (target is None)
    assert (reading.status is Status.PENDING) == (target is not None and now < START)
    assert reading.status is Status.IN_PROGRESS or (reading.pace is None and reading.needed_per_day is None)
    assert (reading.status is Status.NO_DATA) == (
        value is None and target is not None and now >= END and not kpi.aggregate.additive
    )


@pytest.mark.parametrize("kpi", [CLOSED, REVENUE])
def test_gol_36_counts_and_sums_over_nothing_are_missed(kpi):
    assert status(kpi, _standing(None, 1), AFTER) is Status.MISSED


def test_gol_36_no_data_is_found_under_missed():
    assert matches_status(Status.NO_DATA, Status.MISSED)
    assert matches_status(Status.NO_DATA, Status.NO_DATA)
    assert matches_status(Status.MISSED, Status.MISSED)
    assert not matches_status(Status.MISSED, Status.NO_DATA)
    assert not matches_status(None, Status.MISSED)


APRIL_END = _at("2026-05-01")


def _row(*pairs):
    bounds = [(START, END), (END, APRIL_END)]
    return [_standing(value, target, *edges) for (value, target), edges in zip(pairs, bounds, strict=True)]


@pytest.mark.parametrize(
    ("kpi", "row", "now", "result"),
    [
        (CLOSED, _row((0, 5), (0, 5)), START - 1, Status.PENDING),
        (CLOSED, _row((9, 5), (0, 5)), START, Status.IN_PROGRESS),
        (CLOSED, _row((9, 5), (0, 5)), APRIL_END - 1, Status.IN_PROGRESS),
        (CLOSED, _row((9, 5), (2, 5)), APRIL_END, Status.EXCEEDED),
        (CLOSED, _row((9, 5), (1, 5)), APRIL_END, Status.ACHIEVED),
        (CLOSED, _row((4, 5), (5, 5)), APRIL_END, Status.MISSED),
        (CLOSED, _row((9, None), (0, 5)), START, Status.PENDING),
        (CLOSED, _row((9, None), (5, 5)), APRIL_END, Status.ACHIEVED),
        (CLOSED, _row((9, None), (0, None)), MIDDLE, None),
        (CLOSED, (), MIDDLE, None),
        (CLOSED, _row((None, 0), (0, 0)), APRIL_END, Status.ACHIEVED),
        (CHURN, _row((9, 5), (2, 5)), APRIL_END, Status.MISSED),
        (RESPONSE, _row((9, 5), (2, 5)), START - 1, Status.PENDING),
        (RESPONSE, _row((9, 5), (2, 5)), MIDDLE, Status.IN_PROGRESS),
        (RESPONSE, _row((9, 5), (2, 5)), APRIL_END, Status.EXCEEDED),
        (RESPONSE, _row((2, 5), (None, 5)), APRIL_END, Status.NO_DATA),
    ],
)
def test_gol_37_status_of_a_whole_row(kpi, row, now, result):
    assert overall_status(kpi, row, now) is result


HALF = (START + END) // 2


@pytest.mark.parametrize(
    ("kpi", "value", "target", "now", "result"),
    [
        (CLOSED, 50, 100, HALF, Pace.ON_TRACK),
        (CLOSED, "49.5", 100, HALF, Pace.ON_TRACK),
        (CLOSED, "49.4", 100, HALF, Pace.BEHIND),
        (CLOSED, "40.5", 100, HALF, Pace.BEHIND),
        (CLOSED, "40.4", 100, HALF, Pace.AT_RISK),
        (CLOSED, 0, 100, START, Pace.ON_TRACK),
        (CLOSED, 0, 0, HALF, Pace.ON_TRACK),
        (CLOSED, None, 100, HALF, Pace.AT_RISK),
        (CHURN, 0, 100, START, Pace.ON_TRACK),
        (CHURN, 0, 0, HALF, Pace.ON_TRACK),
        (CHURN, 1, 0, HALF, Pace.AT_RISK),
        (CHURN, 50, 100, HALF, Pace.ON_TRACK),
        (CHURN, 51, 100, HALF, Pace.BEHIND),
        (CHURN, 62, 100, HALF, Pace.AT_RISK),
        (CHURN, "100.1", 100, END - 1, Pace.AT_RISK),
        (RESPONSE, 2 * H, 2 * H, HALF, Pace.ON_TRACK),
        (RESPONSE, 7272, 2 * H, HALF, Pace.ON_TRACK),
        (RESPONSE, 7273, 2 * H, HALF, Pace.BEHIND),
        (RESPONSE, 8889, 2 * H, HALF, Pace.AT_RISK),
        (RESPONSE, None, 2 * H, HALF, None),
        (CLOSED, 50, 100, START - 1, None),
        (CLOSED, 50, 100, END, None),
        (CLOSED, 50, None, HALF, None),
    ],
)
def test_gol_38_pace(kpi, value, target, now, result):
    assert pace(kpi, _standing(value, target), now) is result


NOVEMBER = (_at("2026-11-01"), _at("2026-12-01"))


@pytest.mark.parametrize(
    ("kpi", "value", "target", "now", "needed"),
    [
        (CLOSED, 22, 50, _at("2026-11-22T09:00"), "28/6"),  # a Sunday: five days and the Monday after
        (CLOSED, 22, 50, _at("2026-11-30T23:59"), 28),  # the last day is still today
        (CLOSED, 60, 50, _at("2026-11-22"), 0),
        (CLOSED, None, 50, _at("2026-11-30"), 50),
        (CHURN, 22, 50, _at("2026-11-22"), "28/6"),
        (CHURN, 51, 50, _at("2026-11-22"), 0),
        (RESPONSE, 22, 50, _at("2026-11-22"), None),
        (CLOSED, 22, 50, _at("2026-12-01"), None),
        (CLOSED, 22, 50, _at("2026-10-31"), None),
        (CLOSED, 22, None, _at("2026-11-22"), None),
    ],
)
def test_gol_38_needed_per_remaining_working_day(kpi, value, target, now, needed):
    standing = _standing(value, target, *NOVEMBER)
    assert needed_per_day(kpi, standing, now, ROME) == (None if needed is None else Fraction(needed))


def test_gol_38_no_working_day_left():
    sunday = _at("2026-05-31T12:00")
    assert needed_per_day(CLOSED, _standing(1, 2, _at("2026-05-01"), _at("2026-06-01")), sunday, ROME) is None


@pytest.mark.parametrize(
    ("kpi", "value", "target", "now", "reached"),
    [
        (CLOSED, 50, 50, MIDDLE, True),
        (CLOSED, 49, 50, MIDDLE, False),
        (CLOSED, 0, 0, START - 1, False),
        (CLOSED, None, 50, MIDDLE, False),
        (CLOSED, 50, None, MIDDLE, False),
        (RESPONSE, 1, 2, MIDDLE, True),
        (CHURN, 0, 5, MIDDLE, False),
        (CHURN, 5, 5, END, True),
    ],
)
def test_gol_34_the_badge_says_target_reached(kpi, value, target, now, reached):
    assert target_reached(kpi, _standing(value, target), now) is reached


@given(TARGETS, st.integers(0, END - START - 1), st.sampled_from([CLOSED, REVENUE, CHURN]))
def test_gol_38_who_goes_with_time_is_on_track(target, elapsed, kpi):
    value = target * Fraction(elapsed, END - START)
    assert pace(kpi, _standing(value, target), START + elapsed) is Pace.ON_TRACK


def test_gol_38_pace_is_measured_on_instants_across_a_clock_change():
    noon = _at("2026-03-16T11:30")  # 371.5 of 743 hours
    assert noon - START == timedelta(hours=371.5) // timedelta(milliseconds=1)
    assert pace(CLOSED, _standing("49.5", 100), noon) is Pace.ON_TRACK
