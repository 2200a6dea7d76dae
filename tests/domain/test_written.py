"""Days and times as people type them (QRY-2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.clock import parse_instant, start_of_day, zone
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.schema.model import Property, PropertyType
from cs_workspace.domain.written import editable_instant, plainly

ROME = zone("Europe/Rome")
NOW = parse_instant("2026-11-22T09:32", ROME)  # a Sunday
DUE = Property("due", "Due", PropertyType.DATE)
AT = Property("at", "At", PropertyType.DATETIME)


def test_days_in_words():
    for text, expected in {
        "2026-12-31": "2026-12-31",
        "next fri": "2026-11-27",
        " Fri ": "2026-11-27",
        "sunday": "2026-11-29",
        "tomorrow": "2026-11-23",
        "+2w": "2026-12-06",
        "2 weeks": "2026-12-06",
        "in 3 days": "2026-11-25",
        "27 nov": "2026-11-27",
        "21 Nov": "2027-11-21",
        "Nov 21, 2026": "2026-11-21",
        "29 feb": "2028-02-29",
        "1. März": None,
        "31 feb": None,
        "32 dec 2026": None,
        "this-month": None,
        "soon": None,
        "": "",
    }.items():
        if expected is None:
            with pytest.raises(Invalid, match="due: "):
                plainly(DUE, text, NOW, ROME)
        else:
            assert plainly(DUE, text, NOW, ROME) == expected, text


def test_times_in_words():
    for text, expected in {
        "2026-12-31T10:00": "2026-12-31T10:00",
        "fri 14:30": "2026-11-27T14:30:00+01:00",
        "27 nov 9:05": "2026-11-27T09:05:00+01:00",
        "tomorrow": "2026-11-23T00:00:00+01:00",
        "14:30": "2026-11-22T14:30:00+01:00",
    }.items():
        assert plainly(AT, text, NOW, ROME) == expected, text
    with pytest.raises(Invalid, match="at: "):
        plainly(AT, "fri 25:00", NOW, ROME)
    assert plainly(Property("n", "N", PropertyType.TEXT), "fri", NOW, ROME) == "fri"


@given(st.dates(date(1975, 1, 1), date(2090, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_within_the_next_seven_days(today, number):
    now = start_of_day(today, ROME)
    name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[number]
    found = date.fromisoformat(plainly(DUE, name, now, ROME))
    assert timedelta(0) < found - today <= timedelta(7)
    assert found.weekday() == number


@given(st.integers(0, 4_000_000_000_000))
def test_a_time_to_edit_reads_back_as_the_same(instant):
    """But for the hour that comes twice in autumn, of which one is meant."""
    text = editable_instant(instant, ROME)
    back = parse_instant(text, ROME)
    assert back == instant or abs(back - instant) == 3_600_000
