"""Charts as text: axes, lines that read without colour, bars."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.tui.text import width_of
from cs_workspace.tui.widgets.charts import Lines, against, burn_up, gauge, legend, ticks


def text(cell):
    return "".join(part.text for part in cell)


def lines(actual, target=100.0, steps=20, today=None):
    pace = [target * (i + 1) / steps for i in range(steps)] if target is not None else [None] * steps
    labels = [(0, "Jan"), (1, "Feb"), (10, "Mar")]
    return Lines(actual, [target] * steps, pace, today, labels, lambda v: f"{v:g}")


def test_a_burn_up_in_plain_characters():
    drawn = burn_up(lines([4.0 * (i + 1) for i in range(10)], today=9), 40, 10, plain=True)
    assert [text(line).rstrip() for line in drawn] == [
        "100 ------------------------------------",
        "                     :           ....",
        "                     :      .....",
        "                     :......",
        "                ....** 40",
        "             .*******:",
        "       ********      :",
        "  0 ****             :",
        "   ++-----------------+-----------------",
        "    Jan               Mar",
    ]


def test_each_line_has_characters_of_its_own():
    drawn = [text(line) for line in burn_up(lines([2.0 * (i + 1) for i in range(8)], today=7), 60, 14)]
    assert "╌╌╌" in drawn[0]
    assert drawn[0].startswith("100 ")
    shown = "\n".join(drawn)
    assert "···" in shown
    assert "┊" in shown
    assert any("\u2801" <= c <= "\u28ff" for c in shown)
    assert "└" in drawn[-2]
    tones = {p.tone for line in burn_up(lines([1.0, 2.0]), 60, 14) for p in line}
    assert tones >= {"accent", "warn", "quiet", "track"}


def test_gaps_and_nothing():
    assert burn_up(lines([], None), 40, 10)
    assert burn_up(lines([None, 5.0, None, 7.0], None), 40, 10)
    assert text(burn_up(lines([1.0]), 11, 10)[0]) == "no room for"


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 1e12)), max_size=60),
    st.one_of(st.none(), st.floats(0, 1e12)),
    st.integers(1, 200),
    st.integers(1, 60),
    st.booleans(),
)
def test_law_a_chart_fits_its_room(actual, target, width, height, plain):
    drawn = burn_up(lines(actual, target, steps=max(1, len(actual))), width, height, plain=plain)
    assert len(drawn) <= max(height, 1)
    assert all(width_of(text(line)) <= width for line in drawn)
    if plain:
        assert all(text(line).isascii() for line in drawn)


@given(st.floats(0.0001, 1e15), st.integers(1, 12), st.booleans())
def test_law_ticks_are_few_and_within(top, most, times):
    found = ticks(top, most, times=times)
    assert found[0] == 0
    assert len(found) <= most + 1
    assert found[-1] <= top * (1 + 1e-9)


def test_ticks_of_time_are_round_hours():
    assert ticks(9 * 3600, 3, times=True) == [0, 10800, 21600, 32400]


def test_a_bar_against_its_target():
    assert text(against(5, 8, 10, 10)) == "█████░░│░░"
    assert text(against(10, 5, 10, 10)) == "████│█████"
    assert text(against(None, None, 10, 4)) == "░░░░"
    assert text(against(20, None, 10, 4, plain=True)) == "####"
    assert text(gauge(0.5, 0.75, 8)) == "████░│░░"
    assert text(legend([("actual", "done"), ("target", "10")], plain=True)) == "* done  - 10"
