"""The lines of a burn-up, milestones as one, and places (GOL-37, GOL-38, GOL-47)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.goals.burnup import Span, burn_up
from cs_workspace.domain.goals.model import Aggregate, Direction, Kpi, Pace, Status, Unit
from cs_workspace.domain.goals.progress import Standing, overall_status, progress_percent, read
from cs_workspace.domain.goals.summary import expected_by, of_one, ranked_by, ranks, summary

COUNT = Kpi("tickets", Aggregate.COUNT, "closed_at", Direction.HIGHER, Unit.NUMBER)
AVERAGE = Kpi("tickets", Aggregate.AVERAGE, "closed_at", Direction.LOWER, Unit.DURATION, "closed_at", "created_at")
ROME, UTC = ZoneInfo("Europe/Rome"), ZoneInfo("UTC")
DAY = 24 * 3600 * 1000


def of(*values):
    """Values to compare with whole numbers."""
    return values if len(values) > 1 else values[0]


def counted(first, days, target, daily, frozen=None):
    every = {first + day: (n, n) for day, n in daily.items()}
    total = sum(daily.values()) if frozen is None else frozen
    return Span(first, first + days - 1, None if target is None else Fraction(target), (total, total), every)


def test_gol_47_counts_pile_up_over_milestones_and_the_pace_meets_each_target_at_its_end():
    lines = burn_up(COUNT, 1, [counted(0, 4, 8, {0: 1, 2: 4}), counted(4, 4, 4, {1: 2})], today=5)
    assert of(lines.actual) == (1, 1, 5, 5, 5, 7)
    assert of(lines.target) == (12,) * 8
    assert of(lines.pace) == (2, 4, 6, 8, 9, 10, 11, 12)
    assert (lines.first, lines.last) == (0, 7)


def test_gol_32_what_is_dated_later_goes_on_after_today_up_to_all_of_it():
    lines = burn_up(COUNT, 1, [counted(0, 4, 8, {0: 1, 2: 4}), counted(4, 3, 4, {0: 1, 1: 2})], today=1)
    assert of(lines.actual, lines.ahead) == ((1, 1), (5, 5, 6, 8))
    assert burn_up(COUNT, 1, [counted(0, 4, 8, {0: 1})], today=1).ahead == ()
    average = burn_up(AVERAGE, 1, [Span(0, 3, None, (30, 3), {0: (10, 2), 3: (20, 1)})], today=1)
    assert of(average.actual, average.ahead) == ((5, 5), (5, 10))


def test_gol_40_a_milestone_that_is_over_ends_at_its_frozen_value():
    lines = burn_up(COUNT, 1, [counted(0, 3, 8, {0: 9}, frozen=4), counted(3, 3, 8, {0: 1})], today=4)
    assert of(lines.actual) == (9, 9, 4, 5, 5)


def test_gol_3_without_targets_there_is_no_target_line():
    lines = burn_up(COUNT, 1, [counted(0, 2, None, {0: 1})], today=9)
    assert of(lines.actual, lines.target, lines.pace) == ((1, 1), (None, None), (None, None))


def test_gol_32_an_average_goes_by_day_within_a_milestone_and_by_milestone_over_several():
    one = Span(0, 3, Fraction(7), (30, 3), {1: (10, 2), 2: (20, 1)})
    assert of(burn_up(AVERAGE, 1, [one], today=2).actual) == (None, 5, 10)
    lines = burn_up(AVERAGE, 1, [one, Span(4, 5, Fraction(9), (None, 0), {})], today=5)
    assert of(lines.actual) == (10, 10, 10, 10, None, None)
    assert of(lines.target) == (7, 7, 7, 7, 9, 9)
    assert set(lines.pace) == {None}


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 20), st.dictionaries(st.integers(0, 8), st.integers(1, 5)))),
    st.integers(-2, 60),
)
def test_gol_47_law_the_lines_end_at_the_sums_and_never_fall(parts, today):
    spans, first = [], 0
    for length, target, daily in parts:
        spans.append(counted(first, length, target, {day: n for day, n in daily.items() if day < length}))
        first += length
    lines = burn_up(COUNT, 1, spans, today)
    assert len(lines.target) == len(lines.pace) == first
    assert len(lines.actual) == max(0, min(first, today + 1))
    assert list(lines.actual) == sorted(of(lines.actual))
    assert list(lines.pace) == sorted(of(lines.pace))
    if spans:
        assert lines.pace[-1] == lines.target[-1] == sum(target for _, target, _ in parts)
        if today >= first - 1:
            assert lines.actual[-1] == sum(span.total[0] for span in spans)


def standing(number, actual, target):
    value, aim = (None if each is None else Fraction(each) for each in (actual, target))
    return Standing(number * 10 * DAY, (number + 1) * 10 * DAY, value, aim)


def test_gol_37_sums_of_milestones_with_a_target_while_it_runs_and_after():
    several = [standing(0, 6, 5), standing(1, 4, 5), standing(2, 99, None)]
    going = summary(COUNT, several, 15 * DAY, ROME)
    assert of(going.actual, going.target, going.progress_percent, going.status) == (10, 10, 100, Status.IN_PROGRESS)
    assert (going.expected, going.pace) == (Fraction(15, 2), Pace.ON_TRACK)
    over = summary(COUNT, several, 30 * DAY, ROME)
    assert (over.status, over.pace, over.expected, over.needed_per_day) == (Status.ACHIEVED, None, None, None)


def test_gol_38_what_is_needed_is_what_the_whole_misses_on_its_working_days():
    weeks = [standing(0, 6, 10), standing(1, 4, 10), standing(2, 0, 10), standing(3, 99, None)]
    going = summary(COUNT, weeks, 16 * DAY, UTC)  # Saturday 1970-01-17; ten working days up to the 30th
    assert going.needed_per_day == 2
    assert going.unaimed == 99
    assert summary(COUNT, weeks, 15 * DAY, UTC).needed_per_day == Fraction(20, 11)
    assert summary(COUNT, [standing(0, 6, 5), standing(1, 4, 5)], 15 * DAY, UTC).needed_per_day is None
    assert summary(AVERAGE, weeks, 16 * DAY, UTC).needed_per_day is None


def test_gol_38_the_pace_of_the_whole_compares_what_is_dated_up_to_now():
    one = [standing(0, 10, 10)]
    assert summary(COUNT, one, 5 * DAY, ROME).pace is Pace.ON_TRACK
    assert summary(COUNT, one, 5 * DAY, ROME, by_now=Fraction(1)).pace is Pace.AT_RISK


def test_gol_47_averages_are_ranked_by_the_milestone_that_runs_if_it_has_a_value():
    rows = [[standing(0, 6, 5), standing(1, 4, 5), standing(2, None, 5)] for _ in range(2)]
    assert [ranked_by(rows, day * DAY) for day in (-1, 5, 15, 25, 99)] == [0, 0, 1, 1, 2]
    found = of_one(AVERAGE, rows[0], 1, 25 * DAY, ROME)
    assert (of(found.of, found.actual), found.status) == ((1, 4), Status.EXCEEDED)
    assert of_one(AVERAGE, rows[0], 1, 15 * DAY, ROME).status is Status.IN_PROGRESS


def test_gol_37_an_average_is_that_of_the_last_milestone_that_is_over():
    several = [standing(0, 6, 5), standing(1, 4, 5), standing(2, 9, 5)]
    going = summary(AVERAGE, several, 25 * DAY, ROME)
    assert of(going.of, going.actual, going.progress_percent) == (1, 4, 125)
    assert (going.status, going.pace) == (Status.IN_PROGRESS, None)
    first = summary(AVERAGE, several, 5 * DAY, ROME)
    assert (first.of, first.pace) == (0, Pace.BEHIND)


def test_gol_3_nothing_has_a_target():
    none = summary(COUNT, [standing(0, 6, None), standing(1, 2, None)], 5 * DAY, ROME)
    assert of(none.actual, none.target, none.progress_percent, none.status, none.pace) == (8, None, None, None, None)
    assert summary(COUNT, [], 0, ROME).actual is None


@given(
    st.sampled_from([COUNT, AVERAGE, replace(COUNT, direction=Direction.LOWER)]),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(-5, 15),
)
def test_gol_37_law_one_milestone_alone_reads_as_it_does_in_lists(kpi, actual, target, day):
    one = standing(0, actual, target)
    alone, read_ = summary(kpi, [one], day * DAY, ROME), read(kpi, one, day * DAY, ROME)
    assert (alone.actual, alone.target, alone.progress_percent) == (one.actual, one.target, read_.progress_percent)
    assert (alone.status, alone.pace) == (read_.status, read_.pace)
    assert alone.needed_per_day == (read_.needed_per_day or None)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 30))), max_size=6), st.integers(0, 70)
)
def test_gol_37_law_the_status_is_that_of_the_row(pairs, day):
    several = [standing(i, *pair) for i, pair in enumerate(pairs)]
    found = summary(COUNT, several, day * DAY, ROME)
    assert found.status == overall_status(COUNT, several, day * DAY)
    assert found.progress_percent == progress_percent(found.actual, found.target, Direction.HIGHER)
    assert 0 <= expected_by(several, day * DAY) <= (found.target or 0)


def test_gol_47_equals_share_a_place():
    assert ranks([Fraction(50), None, Fraction(120), Fraction(50), Fraction(0)]) == [2, None, 1, 2, 4]
