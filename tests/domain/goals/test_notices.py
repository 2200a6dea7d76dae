"""What is due to be told of a slice (GOL-30, GOL-31)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.clock import DAY, SECOND
from cs_workspace.domain.goals.model import Aggregate, Direction, Kpi, Status, Unit
from cs_workspace.domain.goals.notices import Event, due, sentence
from cs_workspace.domain.goals.progress import Standing, status, target_reached

START = 1_790_000_000_000
HOUR = 3600 * SECOND
EVERY = frozenset(Event)
SHARES = {Event.HALF, Event.THREE_QUARTERS, Event.REACHED}


def kpi(aggregate=Aggregate.COUNT, direction=Direction.HIGHER):
    return Kpi("tickets", aggregate, "closed_at", direction, Unit.NUMBER, measure="x")


def standing(actual, target=40, days=30):
    value = None if actual is None else Fraction(actual)
    return Standing(START, START + days * DAY, value, None if target is None else Fraction(target))


@pytest.mark.parametrize(
    ("of", "actual", "target", "on_day", "events"),
    [
        (kpi(), 19, 40, 10, ""),
        (kpi(), 20, 40, 10, "50_percent"),
        (kpi(), 30, 40, 10, "50_percent 75_percent"),
        (kpi(), 40, 40, 10, "50_percent 75_percent 100_percent"),
        (kpi(), 41, 40, 10, "50_percent 75_percent 100_percent"),
        (kpi(), 41, 40, 30, "50_percent 75_percent 100_percent exceeded"),
        (kpi(), 40, 40, 30, "50_percent 75_percent 100_percent"),
        (kpi(), 39, 40, 30, "50_percent 75_percent missed"),
        (kpi(), 0, 40, 30, "missed"),
        (kpi(), 0, 40, 23, "7_days_left"),
        (kpi(), 41, 40, -1, ""),
        (kpi(), 41, None, 30, ""),
        (kpi(Aggregate.COUNT, Direction.LOWER), 0, 5, 10, ""),
        (kpi(Aggregate.COUNT, Direction.LOWER), 4, 5, 30, "50_percent 75_percent 100_percent exceeded"),
        (kpi(Aggregate.COUNT, Direction.LOWER), 10, 5, 30, "50_percent missed"),
        (kpi(Aggregate.AVERAGE, Direction.LOWER), 10, 8, 10, "50_percent 75_percent"),
        (kpi(Aggregate.AVERAGE, Direction.LOWER), 8, 8, 10, "50_percent 75_percent 100_percent"),
        (kpi(Aggregate.AVERAGE), None, 8, 10, ""),
        (kpi(Aggregate.AVERAGE), None, 8, 30, ""),
    ],
)
def test_gol_31_vectors(of, actual, target, on_day, events):
    assert due(of, standing(actual, target), START + on_day * DAY, EVERY) == set(events.split())


@pytest.mark.parametrize(
    ("length", "moment", "told"),
    [
        (30 * DAY, 23 * DAY - 1, False),
        (30 * DAY, 23 * DAY, True),
        (30 * DAY, 30 * DAY - 1, True),
        (30 * DAY, 30 * DAY, False),
        (8 * DAY, DAY, True),
        (7 * DAY, 0, False),
        (7 * DAY + HOUR, HOUR, False),
        (DAY, 0, False),
    ],
)
def test_gol_31_seven_days_are_left_of_what_is_longer(length, moment, told):
    """A week in which the clocks go back is no longer than a week."""
    one = Standing(START, START + length, Fraction(0), Fraction(1))
    assert (Event.WEEK_LEFT in due(kpi(), one, START + moment, EVERY)) is told


numbers = st.fractions(min_value=0, max_value=1000, max_denominator=1000)
kpis = st.builds(kpi, st.sampled_from(Aggregate), st.sampled_from(Direction))


@given(kpis, st.none() | numbers, st.none() | numbers, st.integers(-5, 40), st.sets(st.sampled_from(Event)))
def test_gol_31_laws(of, actual, target, day, chosen):
    """Only what was chosen; the outcome as the status says; 100 % as the badge says; a share includes the smaller."""
    if of.aggregate.additive and actual is None:
        actual = Fraction(0)
    one, now = standing(actual, target), START + day * DAY
    found = due(of, one, now, EVERY)
    assert due(of, one, now, chosen) == found & chosen
    assert not found & {Event.ASSIGNED, Event.TARGET_CHANGED}
    assert (Event.EXCEEDED in found) is (status(of, one, now) is Status.EXCEEDED)
    assert (Event.MISSED in found) is (status(of, one, now) is Status.MISSED)
    assert (Event.REACHED in found) is target_reached(of, one, now)
    assert found & SHARES in (set(), {Event.HALF}, {Event.HALF, Event.THREE_QUARTERS}, SHARES)


@given(st.sampled_from(Aggregate), numbers, numbers, st.integers(0, 29))
def test_gol_31_more_reaches_no_less(aggregate, actual, more, day):
    one, better = standing(actual), standing(actual + more)
    now = START + day * DAY
    assert due(kpi(aggregate), one, now, EVERY) <= due(kpi(aggregate), better, now, EVERY)


@pytest.mark.parametrize("event", Event)
def test_gol_30_every_event_has_words(event):
    assert event.words
    assert sentence(event, "Calls {0}", "Nov 2026").startswith(("You", "Your"))
    assert "Italy" in sentence(event, "Calls", "Nov 2026", "Italy")
    assert "Calls {0}" in sentence(event, "Calls {0}", "Nov 2026")
