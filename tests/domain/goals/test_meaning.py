"""Goals in one sentence (GOL-4, GOL-6)."""

from __future__ import annotations

from datetime import date

import pytest

from cs_workspace.domain.goals.meaning import listed, meaning, measures, period
from cs_workspace.domain.goals.model import Aggregate, Direction, Duration, Kpi, Unit
from cs_workspace.domain.goals.templates import TEMPLATES
from cs_workspace.domain.schema.standard import STANDARD

KINDS = STANDARD.objects


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("tickets_closed", "Counts tickets where closed is yes, dated by close date"),
        ("deals_created", "Counts deals, dated by create date"),
        ("revenue", "Adds up the amount in home currency of deals where won is yes, dated by close date"),
        (
            "avg_ticket_resolution_time",
            "Averages the time from create date to close date of tickets where closed is yes, dated by close date",
        ),
    ],
)
def test_gol_6_what_a_template_measures(template, words):
    kpi = TEMPLATES[template].kpi
    assert measures(kpi, KINDS[kpi.object]) == words


def test_gol_4_the_whole_sentence():
    kpi = TEMPLATES["tickets_closed"].kpi
    when = period(Duration.MONTHLY, date(2026, 1, 1), date(2026, 12, 31), "2026")
    said = meaning(kpi, KINDS["tickets"], users=8, teams=["North"], when=when, milestones=108, pipelines=["Support"])
    assert said == (
        "Counts tickets where closed is yes, dated by close date, in Support, for 8 people and team North, "
        "in each month of 2026: 108 milestones. More is better."
    )


def test_gol_4_what_is_not_known_yet_is_left_out():
    kpi = Kpi("deals", Aggregate.MAXIMUM, "close_date", Direction.LOWER, Unit.CURRENCY, "amount_home")
    assert meaning(kpi, KINDS["deals"]) == (
        "Takes the largest amount in home currency of deals, dated by close date. Less is better."
    )
    assert meaning(kpi, KINDS["deals"], users=1, teams="abcd", milestones=1).endswith(
        "for 1 person and 4 teams: 1 milestone. Less is better."
    )


def test_gol_16_when():
    first, last = date(2026, 2, 10), date(2026, 3, 9)
    assert period(Duration.CUSTOM, first, last, "") == "from 2026-02-10 to 2026-03-09"
    assert period(Duration.YEARLY, first, last, "FY 2026/27") == "in FY 2026/27"
    assert [listed(each) for each in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
