"""One record and one slice, before and after."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.clock import parse_instant
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Aggregate
from cs_workspace.domain.goals.progress import Standing
from cs_workspace.domain.goals.teams import pool
from cs_workspace.domain.goals.templates import TEMPLATES
from cs_workspace.domain.goals.what_if import (
    Counting,
    Supposition,
    WhatIf,
    could,
    from_json,
    projected,
    read_amount,
    read_date,
    shifted,
    to_json,
    winning_stage,
)
from cs_workspace.domain.numbers import NumberFormat
from cs_workspace.domain.query.bound import BoundAll, BoundAnd, BoundNot, BoundOr, InSet, IsNone
from cs_workspace.domain.query.match import matches
from cs_workspace.domain.schema.derived import Facts, StageFacts
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.domain.schema.standard import DEALS, TICKETS

ROME = ZoneInfo("Europe/Rome")
NOW = parse_instant("2026-11-22T09:32", ROME)
STAGES = {
    1: StageFacts(1, is_closed=False, probability=0.4),
    2: StageFacts(1, is_closed=True, probability=0.0),
    3: StageFacts(1, is_closed=True, probability=1.0),
    7: StageFacts(2, is_closed=False),
    8: StageFacts(2, is_closed=True),
}
FACTS = Facts(STAGES, "EUR", {"PLN": Fraction(1, 4)})
WON = InSet(DEALS.properties["is_won"], frozenset({True}))
CLOSED = InSet(TICKETS.properties["is_closed"], frozenset({True}))
DEAL = {
    "id": 5, "name": "Renewal", "owner": 3, "pipeline": 1, "stage": 1, "is_closed": False, "is_won": False,
    "amount": 40_00, "amount_home": 10_00, "currency": "PLN", "close_date": NOW + 1, "deleted_at": None,
}  # fmt: skip
REVENUE = Counting(DEALS, TEMPLATES["revenue"].kpi, WON, FACTS, {1: 3}, NOW, ROME)


def test_what_is_won_counts_on_its_date_or_today_where_that_is_over():
    assert REVENUE.counted(DEAL) is None
    for date, counts_on in ((NOW + 1, NOW + 1), (NOW - 1, NOW), (None, NOW)):
        found = REVENUE.counted(REVENUE.after({**DEAL, "close_date": date}, Supposition(5, won=True)))
        assert found is not None
        assert (found.owner, found.pipeline, found.date, found.value) == (3, 1, counts_on, 10_00)


def test_an_amount_is_in_the_currency_of_the_record():
    found = REVENUE.counted(REVENUE.after(DEAL, Supposition(5, won=True, amount=80_00)))
    assert found is not None
    assert found.value == 20_00
    assert REVENUE.after(DEAL, Supposition(5, date=NOW + 9))["close_date"] == NOW + 9
    assert REVENUE.after(DEAL, Supposition(5)) == DEAL


def test_an_answer_counts_without_closing_the_ticket():
    ticket = {"id": 1, "subject": "T", "owner": 3, "pipeline": 2, "stage": 7, "is_closed": False, "created_at": NOW - 9}
    answered = BoundNot(IsNone(TICKETS.properties["first_reply_at"]))
    kpi = TEMPLATES["avg_ticket_response_time"].kpi
    one = Counting(TICKETS, kpi, answered, FACTS, {2: 8}, NOW, ROME)
    after = one.after(ticket, Supposition(1, won=True))
    assert (after["first_reply_at"], after["stage"], after["is_closed"]) == (NOW, 7, False)
    other = replace(one, kpi=TEMPLATES["tickets_closed"].kpi, filter=CLOSED)
    after = other.after(ticket, Supposition(1, won=True))
    assert (after["closed_at"], after["stage"], after["is_closed"]) == (NOW, 8, True)


def test_the_winning_stage_is_the_won_one_or_the_first_closed_one():
    assert winning_stage((i, STAGES[i]) for i in (1, 2, 3)) == 3
    assert winning_stage((i, STAGES[i]) for i in (7, 8)) == 8
    assert winning_stage((i, STAGES[i]) for i in (1, 2)) is None


LEAVES = st.sampled_from(
    [WON, IsNone(DEALS.properties["close_date"]), InSet(DEALS.properties["owner"], frozenset({3})), BoundAll()]
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda some: st.one_of(
        st.builds(BoundNot, some),
        st.builds(lambda a, b: BoundAnd((a, b)), some, some),
        st.builds(lambda a, b: BoundOr((a, b)), some, some),
    ),
)


@given(CONDITIONS, st.booleans(), st.sampled_from([None, NOW]), st.sampled_from([3, 4]))
def test_what_counts_after_a_change_could_count_before(condition, won, date, owner):
    """No record that could count is left out of the candidates."""
    before = {**DEAL, "owner": owner}
    after = {**before, "is_won": won, "close_date": date}
    if matches(condition, after):
        assert matches(could(condition, frozenset({"is_won", "close_date"})), before)


@given(st.sampled_from(Aggregate), st.lists(st.integers(-5, 5)), st.lists(st.integers(-5, 5)), st.data())
def test_gol_13_what_goes_and_comes_is_exact_or_left_to_the_records(aggregate, values, come, data):
    """GOL-32: as if the slice were measured anew; a least or greatest value that goes cannot be told."""

    def measured(some):
        return pool(aggregate, [(value, 1) for value in some]) if some else (None, 0)

    kept = data.draw(st.integers(0, len(values)))
    gone, rest = values[kept:], values[:kept]
    found = shifted(aggregate, measured(values), gone, come)
    if found is None:
        assert aggregate in {Aggregate.MINIMUM, Aggregate.MAXIMUM}
        assert measured(values)[0] in gone
    else:
        assert found == measured([*rest, *come])


def test_a_projection_goes_on_as_it_went():
    tickets, average = TEMPLATES["tickets_closed"].kpi, TEMPLATES["avg_ticket_response_time"].kpi
    standing = Standing(0, 100, Fraction(6), Fraction(10))
    assert [projected(tickets, standing, now) for now in (0, 25, 50, 100, 200)] == [None, 24, 12, 6, 6]
    assert projected(average, standing, 25) == 6


def test_days_and_amounts_as_people_type_them():
    def day(text, type=PropertyType.DATETIME):
        return read_date(text, type, now=NOW, tz=ROME)

    assert day("+8d") == day("2026-11-30") == parse_instant("2026-11-30", ROME)
    assert day("tomorrow", PropertyType.DATE) == 20_780
    assert day("2026-10-25") == parse_instant("2026-10-25", ROME)  # 25 hours long
    for text, why in (("2026-11", "longer than a day"), ("soon", "is not a day"), ("-", "is not a day")):
        with pytest.raises(Invalid, match=why):
            day(text)
    amount = DEALS.properties["amount"]
    assert read_amount("48k", amount, "EUR", NumberFormat.POINT) == 48_000_00
    assert read_amount("1.234,5", amount, "EUR", NumberFormat.COMMA) == 1_234_50


@given(
    st.dictionaries(
        st.integers(1, 9), st.tuples(st.booleans(), st.none() | st.integers(), st.none() | st.integers()), max_size=4
    ),
    st.dictionaries(st.integers(1, 9), st.none() | st.integers(0, 9)),
)
def test_und_5_a_draft_comes_back_as_it_was(records, targets):
    what_if = WhatIf()
    for record, each in records.items():
        what_if = what_if.suppose(Supposition(record, *each))
    for slice_id, target in targets.items():
        what_if = what_if.aim([slice_id], target)
    assert from_json(to_json(what_if)) == what_if
    for record in records:
        what_if = what_if.suppose(Supposition(record))
    for slice_id in targets:
        what_if = what_if.forget_target(slice_id)
    assert what_if.is_empty
