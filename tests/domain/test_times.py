"""Days and times as people type them (QRY-2): one reading for the editor, forms, commands and time travel."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.clock import moment_of, parse_instant, print_instant, start_of_day, zone
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.schema.model import Property, PropertyType
from cs_workspace.domain.times import EVENING, editable_instant, meant, parse_day, parse_moment, parse_time, plainly

ROME = zone("Europe/Rome")
NOW = parse_instant("2026-11-22T09:32", ROME)  # a Sunday

DAYS = {
    "2026-12-31": "2026-12-31",
    "next fri": "2026-11-27",
    " Fri ": "2026-11-27",
    "last fri": "2026-11-20",
    "sunday": "2026-11-29",
    "tomorrow": "2026-11-23",
    "yesterday": "2026-11-21",
    "+2w": "2026-12-06",
    "2 weeks": "2026-12-06",
    "in 3 days": "2026-11-25",
    "3 days ago": "2026-11-19",
    "27 nov": "2026-11-27",
    "21 Nov": "2027-11-21",
    "Nov 21, 2026": "2026-11-21",
    "29 feb": "2028-02-29",
    "eow": "2026-11-22",
    "eom": "2026-11-30",
    "EOQ": "2026-12-31",
    "eoy": "2026-12-31",
}
NO_DAYS = ["1. März", "31 feb", "32 dec 2026", "this-month", "this month", "soon", "14:30", "3 nov 99999", "9" * 30, ""]

TIMES = {
    "now": "2026-11-22T09:32",
    "2026-12-31T10:00": "2026-12-31T10:00",
    "2026-12-31 18:15": "2026-12-31T18:15",
    "2026-12-31T10:00+02:00": "2026-12-31T09:00",
    "2026-12-31": "2026-12-31T12:00",
    "next tue 14:00": "2026-11-24T14:00",
    "fri 14:30": "2026-11-27T14:30",
    "fri at 14:30": "2026-11-27T14:30",
    "at 14:30": "2026-11-22T14:30",
    "27 nov 9:05": "2026-11-27T09:05",
    "Tomorrow": "2026-11-23T12:00",
    "-3d 08:00": "2026-11-19T08:00",
    "-2h": "2026-11-22T07:32",
    "+45min": "2026-11-22T10:17",
    "in 2 hours": "2026-11-22T11:32",
    "20 minutes ago": "2026-11-22T09:12",
    "eom 17:00": "2026-11-30T17:00",
}
NO_TIMES = ["", "soon", "fri 25:00", "10:75", "2026-03", "last-week", "last week 9:00", "-3", "1112:30", "9" * 30]

OVER = {
    "3 Nov 2026 09:00": "2026-11-03T09:00",
    "3 November, 2025": "2025-11-03T00:00",
    "3 nov": "2026-11-03T00:00",
    "24 Dec": "2025-12-24T00:00",
    "29 feb": "2024-02-29T00:00",
    "fri 14:30": "2026-11-20T14:30",
    "yesterday at 15:00": "2026-11-21T15:00",
    "2 weeks ago": "2026-11-08T00:00",
    "3h ago": "2026-11-22T06:32",
    "-30d": "2026-10-23T00:00",
    "last month": "2026-10-01T00:00",
    "2026-Q1": "2026-01-01T00:00",
    "2026-11-03T09:00+01:00": "2026-11-03T09:00",
    "now": "2026-11-22T09:32",
}


@pytest.mark.parametrize(("text", "expected"), DAYS.items())
def test_qry_2_a_day_in_words(text, expected):
    assert parse_day(text, now=NOW, tz=ROME).isoformat() == expected


@pytest.mark.parametrize(("text", "expected"), TIMES.items())
def test_qry_2_a_time_in_words(text, expected):
    assert print_instant(parse_time(text, now=NOW, tz=ROME), ROME).startswith(expected)


@pytest.mark.parametrize(("text", "expected"), OVER.items())
def test_qry_2_a_moment_that_is_over(text, expected):
    assert print_instant(parse_moment(text, now=NOW, tz=ROME), ROME).startswith(expected)


@pytest.mark.parametrize(
    ("read", "texts"),
    [
        (parse_day, NO_DAYS),
        (parse_time, NO_TIMES),
        (parse_moment, ["", "tomorrow", "foo", "31 feb", "23 Nov 2026", "0 Nov", "3 nov 99999", "ago", "2027"]),
    ],
)
def test_qry_2_what_means_nothing_is_refused_with_what_to_write(read, texts):
    for text in texts:
        with pytest.raises(Invalid, match=r"is not|is more than") as refused:
            read(text, now=NOW, tz=ROME)
        assert refused.value.hint.startswith("Write "), text


def test_cus_10_a_property_keeps_what_means_the_same_tomorrow():
    due, at, name = (
        Property("due", "Due", PropertyType.DATE),
        Property("at", "At", PropertyType.DATETIME),
        Property("n", "N", PropertyType.TEXT),
    )
    for prop, text, expected in (
        (due, "next fri", "2026-11-27"),
        (due, "", ""),
        (at, "fri", "2026-11-27T12:00:00+01:00"),
        (name, "fri", "fri"),
    ):
        assert plainly(prop, text, now=NOW, tz=ROME) == expected
    with pytest.raises(Invalid, match="due: "):
        plainly(due, "soon", now=NOW, tz=ROME)


def test_cus_9_a_day_of_a_task_is_its_evening_and_one_of_a_call_is_over():
    assert meant("tasks") == (EVENING, False)
    assert [meant(name)[1] for name in ("calls", "notes", "emails", "meetings")] == [True, True, True, False]


days = st.dates(date(1975, 1, 1), date(2090, 1, 1))
WRITTEN = (
    "{0:%Y-%m-%d}",
    "{0.day} {0:%b} {0.year}",
    "{0.day}. {0:%B} {0.year}",
    "{0:%b} {0.day}, {0.year}",
    "  {0:%B}  {0.day} {0.year} ",
)


@given(days, days, st.times(), st.sampled_from(WRITTEN), st.booleans())
def test_a_day_with_its_year_is_that_day_whichever_way_one_looks(today, wanted, at, form, past):
    now, at = start_of_day(today, ROME), at.replace(second=0, microsecond=0)
    text = form.format(wanted)
    assert parse_day(text, now=now, tz=ROME, past=past) == wanted
    found = moment_of(parse_time(f"{text} {at:%H:%M}", now=now, tz=ROME, past=past), ROME)
    assert abs(found.replace(tzinfo=None) - found.replace(tzinfo=None).combine(wanted, at)) <= timedelta(hours=1)


@given(days, st.sampled_from(("mon", "tuesday", "wed", "thu", "fri", "sat", "sun")), st.booleans())
def test_a_weekday_is_within_seven_days(today, name, past):
    found = parse_day(name, now=start_of_day(today, ROME), tz=ROME, past=past)
    assert timedelta(0) < (today - found if past else found - today) <= timedelta(7)
    assert f"{found:%A}".lower().startswith(name)


@given(days, st.dates(date(2024, 1, 1), date(2024, 12, 31)), st.booleans())
def test_a_day_without_a_year_is_the_nearest_on_the_side_one_looks_at(today, named, past):
    found = parse_day(f"{named.day} {named:%b}", now=start_of_day(today, ROME), tz=ROME, past=past)
    assert (found.day, found.month) == (named.day, named.month)
    distance = today - found if past else found - today
    assert timedelta(0) <= distance < timedelta(366 if (named.month, named.day) != (2, 29) else 366 * 8)


@given(days, st.integers(0, 900), st.sampled_from(("d", " days", " weeks", "m", " years")))
def test_ago_is_a_minus_and_in_is_a_plus(today, count, unit):
    now, short = start_of_day(today, ROME), unit.strip()[0]
    for words, sign in ((f"in {count}{unit}", "+"), (f"{count}{unit} ago", "-")):
        try:
            expected = parse_day(f"{sign}{count}{short}", now=now, tz=ROME)
        except Invalid:
            continue
        assert parse_day(words, now=now, tz=ROME) == expected


@given(st.integers(0, 4_000_000_000_000))
def test_und_5_a_time_to_edit_reads_back_as_the_same(instant):
    assert parse_time(editable_instant(instant, ROME), now=NOW, tz=ROME) == instant


def test_the_hour_that_comes_twice_is_edited_as_the_one_it_is():
    first = parse_instant("2026-10-25T02:30+02:00", ROME)
    for instant in (first, first + 3_600_000):
        assert parse_time(editable_instant(instant, ROME), now=NOW, tz=ROME) == instant


@given(st.text(max_size=30), days)
def test_whatever_is_typed_is_a_time_or_refused(text, today):
    now = start_of_day(today, ROME)
    for read in (parse_day, parse_time, parse_moment):
        with suppress(Invalid):
            assert read(text, now=now, tz=ROME)
