from __future__ import annotations

from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from cs_workspace.domain.clock import day_of
from cs_workspace.domain.goals.model import Pace, Status
from cs_workspace.domain.goals.templates import TEMPLATES
from cs_workspace.tui import format as shown
from tests.tui.desk import NOW

ROME = ZoneInfo("Europe/Rome")
COUNT = TEMPLATES["tickets_closed"].kpi
MONEY = TEMPLATES["revenue"].kpi
TIME = TEMPLATES["avg_ticket_response_time"].kpi
DAY = 86_400_000


def text(cell):
    return "".join(part.text for part in cell)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("2026-11", "Nov 2026"),
        ("2026-Q4", "Q4 2026"),
        ("2026-W07", "W07 2026"),
        ("2026", "2026"),
        ("FY2026/27-Q1", "Q1 FY26/27"),
        ("2026-02-10..2026-03-09", "10 Feb – 9 Mar 2026"),
        ("2026-12-10..2027-01-09", "10 Dec 2026 – 9 Jan 2027"),
    ],
)
def test_milestones(label, said):
    assert shown.milestone(label) == said


@pytest.mark.parametrize(
    ("value", "kpi", "said"),
    [
        (Fraction(50), COUNT, "50"),
        (Fraction(1234567), COUNT, "1,234,567"),
        (None, COUNT, "–"),
        (Fraction(999_999_99, 100), MONEY, "999,999 €"),
        (Fraction(4320), TIME, "1 h 12"),
        (Fraction(86400 + 4 * 3600 + 700), TIME, "1 d 04 h"),
        (Fraction(95, 2), TIME, "47 s"),
    ],
)
def test_amounts(value, kpi, said):
    assert shown.amount(value, kpi, "EUR") == said


@pytest.mark.parametrize(
    ("value", "kpi", "said"),
    [
        (Fraction(9_999), MONEY, None),
        (Fraction(339_999), MONEY, "339 k €"),
        (Fraction(1_290_000), MONEY, "1.2 M €"),
        (Fraction(12_345), COUNT, "12 k"),
        (Fraction(1_000_000), TIME, None),
        (Fraction(55 * 60 + 29), TIME, "55 m"),
        (Fraction(59), TIME, None),
        (None, COUNT, None),
    ],
)
def test_short_amounts_round_down(value, kpi, said):
    assert shown.short_amount(value, kpi, "EUR") == said


@pytest.mark.parametrize(("value", "bar"), [(0, 0), (9, 0), (82, 8), (99, 9), (100, 10), (999, 10), (-5, 0)])
def test_bars_are_never_fuller_than_true(value, bar):
    assert text(shown.bar(value)) == "█" * bar + "░" * (10 - bar)


def test_no_bar_without_a_progress():
    assert shown.bar(None) == ()
    assert shown.percent(None) == ""


@pytest.mark.parametrize("status", [*Status, None])
def test_a_status_is_a_symbol_and_a_word(status):
    said = text(shown.status(status))
    assert (len(said.split(maxsplit=1)) == 2) is (status is not None)


def test_what_is_needed_is_rounded_up():
    assert text(shown.pace(Pace.AT_RISK, Fraction(14, 3), COUNT, "EUR")) == "▲ at risk  needs 4.7 / day"
    assert text(shown.pace(Pace.BEHIND, Fraction(1001, 10), MONEY, "EUR")) == "◆ behind  needs 101 € / day"
    assert text(shown.pace(Pace.ON_TRACK, Fraction(14, 3), COUNT, "EUR")) == "● on track"
    assert shown.pace(None, None, COUNT, "EUR") == ()


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "today"), (1, "1 d"), (89, "89 d"), (90, "3 mo"), (719, "23 mo"), (730, "2 y"), (-3, "25 Nov 2026")],
)
def test_how_long_ago(days, said):
    assert shown.ago(NOW - days * DAY, NOW, ROME) == said


def test_times():
    assert shown.day_and_time(NOW, ROME) == "22 Nov 2026 09:32"


@pytest.mark.parametrize(
    ("labels", "titles"),
    [
        (["2026-01", "2026-02"], ["Jan", "Feb"]),
        (["2026-12", "2027-01"], ["Dec ’26", "Jan ’27"]),
        (["2026-W01", "2026-W02"], ["5 Jan", "12 Jan"]),
        (["FY2026/27-Q1", "FY2026/27-Q2"], ["Q1", "Q2"]),
        (["2026"], ["2026"]),
    ],
)
def test_columns_are_titled_shortly_and_weeks_by_their_first_day(labels, titles):
    days = [date(2026, 1, 5), date(2026, 1, 12)]
    assert shown.titles(labels, days) == titles


def test_gol_18_a_week_is_called_by_its_days():
    assert shown.period("2026-W46", day_of(date(2026, 11, 16)), day_of(date(2026, 11, 22))) == "16–22 Nov"
    assert shown.period("2026-W52", day_of(date(2026, 12, 28)), day_of(date(2027, 1, 3))) == "28 Dec–3 Jan"
    assert shown.period("2026-11", day_of(date(2026, 11, 1)), day_of(date(2026, 11, 30))) == "Nov 2026"
