"""The grid of targets: laws of typing, filling, pasting and spreading (GOL-15, GOL-25 to GOL-29)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.durations import LONGEST
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Aggregate, Unit
from cs_workspace.domain.goals.sheet import Box, Change, Plan, Sheet, SheetRow, Wrong, read_block, shares
from cs_workspace.domain.money import LIMIT
from cs_workspace.domain.numbers import NumberFormat

ROWS = (
    SheetRow(1, "Team North", is_team=True, team=1),
    SheetRow(2, "Dana Kim", team=1),
    SheetRow(3, "Lee Park", team=1, locked="Lee Park left in May."),
    SheetRow(4, "Ada Berg"),
)
COLUMNS = ("Q1", "Q2", "Q3", "Q4")
PLACES = [(row, column) for row in range(4) for column in range(4)]
STEPS = {Unit.NUMBER: LIMIT - 1, Unit.CURRENCY: LIMIT - 1, Unit.DURATION: LONGEST}
M = 1_000_000


def numbers(targets=(), **kwargs):
    steps = {place: number * M for place, number in dict(targets).items()}
    return Sheet(Unit.NUMBER, Aggregate.COUNT, "EUR", ROWS, COLUMNS, steps, **kwargs)


@st.composite
def sheets(draw, rows=ROWS):
    unit = draw(st.sampled_from(Unit))
    targets = st.dictionaries(st.sampled_from(PLACES), st.integers(0, STEPS[unit]))
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    return Sheet(unit, Aggregate.SUM, currency, rows, COLUMNS, draw(targets), draw(st.sampled_from(NumberFormat)))


boxes = st.builds(Box.between, st.sampled_from(PLACES), st.sampled_from(PLACES))
open_rows = tuple(replace(row, locked="") for row in ROWS)
anything = st.text(alphabet='0123456789.,+-*% khm\t\n"dx€', max_size=30)


# --- what somebody does


@given(sheets(open_rows), boxes)
def test_what_is_copied_is_read_back(sheet, box):
    """GOL-29: a range pasted where it was copied, into an empty sheet, is the same, in every unit and number format."""
    empty = replace(sheet, targets={})
    back = empty.carried_out(empty.pasted(box, sheet.copied(box)))
    assert back.targets == {place: target for place, target in sheet.targets.items() if place in box}
    assert not sheet.pasted(box, sheet.copied(box))


@given(sheets(), boxes, anything, st.sampled_from(["typed", "pasted", "right", "down", "spread"]))
def test_a_plan_and_its_reverse(sheet, box, text, way):
    """GOL-25: a plan says truly what is there before, never touches locked rows, and backwards takes itself back."""
    try:
        plan = {
            "typed": lambda: sheet.typed(box.places, text),
            "pasted": lambda: sheet.pasted(box, text),
            "right": lambda: sheet.filled_right(box),
            "down": lambda: sheet.filled_down(box),
            "spread": lambda: sheet.spread([box.top, box.bottom] if box.top != box.bottom else [box.top], text),
        }[way]()
    except Invalid:
        return
    after = sheet.carried_out(plan)
    for change in plan.changes:
        assert sheet.targets.get(change.place) == change.before != change.after == after.targets.get(change.place)
        assert not sheet.rows[change.place[0]].locked
        assert change.after is None or 0 <= change.after <= STEPS[sheet.unit]
    reverse = Plan(tuple(Change(each.place, each.after, each.before) for each in plan.changes))
    assert after.carried_out(reverse).targets == sheet.targets
    untouched = set(PLACES) - {change.place for change in plan.changes}
    assert all(after.targets.get(place) == sheet.targets.get(place) for place in untouched)
    assert not {change.place for change in plan.changes} & {wrong.place for wrong in plan.wrong}


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("60", 60), ("12k", 12_000), ("+5%", 53), ("-10%", 45), ("+50", 100), ("- 50", 0), ("*1.2", 60), ("*5%", 3),
        ("", None), (" none ", None), ("-", None), ("–", None), ("+0%", 50), ("-100%", 0),
    ],
)  # fmt: skip
def test_typing(text, after):
    """GOL-27: a target, nothing, or a change; whole targets stay whole."""
    sheet = numbers({(1, 0): 50})
    plan = sheet.typed([(1, 0), (1, 1)], text)
    assert plan.wrong == ()
    assert sheet.carried_out(plan).targets.get((1, 0)) == (None if after is None else after * M)
    if text[:1] in "+-*" or after is None:
        assert (1, 1) not in sheet.carried_out(plan).targets, "a blank cell has nothing to change"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("5x", "not a number"),
        ("-60", "would be negative"),
        ("-110%", "would be negative"),
        ("*-1", "would be negative"),
        ("*9999999m", "would be too large"),
        ("1234,567", "two ways"),
        ("+5x%", "not a number"),
    ],
)
def test_what_is_no_target_stays_as_it_was_typed(text, reason):
    """GOL-27: with its reason; the target is not touched."""
    sheet = numbers({(1, 0): 50})
    plan = sheet.typed([(1, 0)], text)
    assert plan.changes == ()
    assert plan.wrong[0].text == text
    assert reason in plan.wrong[0].reason


def test_number_formats():
    """GOL-27: `1.234` means what the user's number format says."""
    assert numbers(style=NumberFormat.COMMA).typed([(1, 0)], "1.234").changes[0].after == 1234 * M
    assert "two ways" in numbers().typed([(1, 0)], "1.234").wrong[0].reason
    assert replace(numbers(), aggregate=Aggregate.SUM).typed([(1, 0)], "1.234").changes[0].after == 1_234_000
    assert numbers({(1, 0): 1234}, style=NumberFormat.BLANK).text((1, 0)) == "1 234"
    assert numbers({(1, 0): 50}, style=NumberFormat.COMMA).typed([(1, 0)], "+2,5%").changes[0].after == 51 * M


def test_what_is_pasted_is_a_target_and_no_change():
    """GOL-29: `-5` of a spreadsheet is a negative target, not five less."""
    sheet = numbers({(1, 0): 50})
    for block in ("-5", "+5%\t-5"):
        plan = sheet.pasted(Box(1, 0, 1, 0), block)
        assert plan.changes == ()
        assert len(plan.wrong) == block.count("\t") + 1


def test_pasting_beyond_the_edge():
    """GOL-29: what has no cell is counted; a single value fills the range."""
    plan = numbers().pasted(Box(3, 3, 3, 3), "1\t2\n3\t4\r\n")
    assert (plan.changes, plan.outside) == ((Change((3, 3), None, M),), 3)
    assert len(numbers().pasted(Box(0, 0, 1, 3), '"7"\n').changes) == 8
    with pytest.raises(Invalid, match="longer than"):
        read_block("1\t" * 100_001)


def test_locked_rows_refuse_with_their_reason():
    plan = numbers().typed([(1, 0), (2, 0)], "5")
    assert [change.place for change in plan.changes] == [(1, 0)]
    assert plan.wrong == (Wrong((2, 0), "5", "Lee Park left in May."),)
    assert not numbers({(2, 0): 5}).typed([(2, 0)], "5"), "what is there already is no change"


def test_wrong_texts_go_when_their_cells_are_understood():
    """A cell that is given what it has is settled, too."""
    sheet = numbers({(1, 0): 50})
    before = {place: Wrong(place, "x", "no number") for place in ((1, 0), (1, 1), (3, 3))}
    assert set(sheet.typed([(1, 0), (1, 1)], "50").wrong_after(before)) == {(3, 3)}
    after = sheet.typed([(1, 1)], "y").wrong_after(before)
    assert [after[place].text for place in sorted(after)] == ["x", "y", "x"]


def test_filling():
    sheet = numbers({(0, 0): 1, (1, 0): 2, (3, 1): 9})
    right = sheet.carried_out(sheet.filled_right(Box(0, 0, 1, 0)))
    assert {column: right.targets[1, column] for column in range(4)} == dict.fromkeys(range(4), 2 * M)
    some = sheet.carried_out(sheet.filled_right(Box(1, 0, 1, 1)))
    assert (1, 2) not in some.targets
    down = sheet.carried_out(sheet.filled_down(Box(0, 1, 0, 1)))
    assert (3, 1) not in down.targets, "blank is filled, too"


# --- totals


@given(sheets())
def test_totals(sheet):
    """GOL-15, GOL-28: sums of rows, of the users in a column, and how the users differ from their team."""
    for row in range(4):
        own = [sheet.targets[row, column] for column in range(4) if (row, column) in sheet.targets]
        assert sheet.total(row) == (sum(own) if own else None)
    users = [sheet.users_total(column) for column in range(4)]
    assert sum(each or 0 for each in users) == (sheet.users_total() or 0)
    gaps = [sheet.gap(0, column) for column in range(4)]
    if sheet.gap(0) is not None:
        assert sheet.gap(0) == sum(gap for gap in gaps if gap is not None)
    assert sheet.gap(1) is None
    averages = replace(sheet, aggregate=Aggregate.AVERAGE)
    assert (averages.total(0), averages.users_total(), averages.gap(0)) == (None, None, None)


def test_the_gap_counts_the_team_s_own_users():
    """GOL-15: Ada Berg is of no team; a milestone in which the team has no target is not compared."""
    sheet = numbers({(0, 0): 150, (1, 0): 50, (2, 0): 60, (3, 0): 99, (1, 1): 70})
    assert sheet.gap(0, 0) == -40 * M
    assert sheet.gap(0, 1) is None
    assert sheet.gap(0) == -40 * M
    assert replace(sheet, rows=(replace(ROWS[0], team=None), *ROWS[1:])).gap(0) is None


# --- spreading


@given(
    st.integers(0, 10**12), st.lists(st.integers(-5, 10**9), min_size=1, max_size=53), st.sampled_from([1, 100, M])
)  # fmt: skip
def test_shares_add_up(total, weights, grain):
    """GOL-28: the shares of a total add up to it, are multiples of the grain, and differ from the exact by less."""
    total *= grain
    parts = shares(total, weights, grain)
    assert sum(parts) == total
    assert all(part >= 0 and part % grain == 0 for part in parts)
    kept = [max(0, weight) for weight in weights]
    whole = sum(kept) or len(kept)
    for part, weight in zip(parts, kept if any(kept) else [1] * len(kept), strict=True):
        assert abs(part * whole - total * weight) < grain * whole


def test_spreading():
    """GOL-26: evenly or by last year's shape, over the milestones of each row; an average has nothing to spread."""
    sheet = numbers()
    even = sheet.carried_out(sheet.spread([1, 3], "1,202"))
    assert [even.targets[3, column] // M for column in range(4)] == [301, 301, 300, 300]
    shaped = sheet.carried_out(sheet.spread([1], "100", [1, 2, 3, 4]))
    assert [shaped.targets[1, column] // M for column in range(4)] == [10, 20, 30, 40]
    amounts = replace(sheet, aggregate=Aggregate.SUM)
    fine = amounts.carried_out(amounts.spread([1], "0.5"))
    assert fine.total(1) == M // 2
    with pytest.raises(Invalid, match="no total"):
        replace(sheet, aggregate=Aggregate.AVERAGE).spread([1], "5")
