"""The grid of targets by itself, in a program that does at once what it asks for (GOL-25 to GOL-29)."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App
from textual.widgets import Button

from cs_workspace.domain.goals.model import Aggregate, Unit
from cs_workspace.domain.goals.sheet import Box, Sheet, SheetRow
from cs_workspace.domain.numbers import NumberFormat
from cs_workspace.tui.keys import KEYS, Where
from cs_workspace.tui.text import cell
from cs_workspace.tui.theme import DARK, sheets
from cs_workspace.tui.widgets.milestone_grid import Layer, MilestoneGrid
from tests.tui.test_hostile import FORBIDDEN, NAMES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ROWS = (
    SheetRow(1, "Team North", is_team=True, team=1),
    SheetRow(1, "Dana Kim", team=1),
    SheetRow(2, "Lee Park", team=1),
    SheetRow(3, "Ada Berg", team=1, locked="Ada Berg left in May."),
)
UNITS = 1_000_000


def numbers(rows=ROWS, columns=MONTHS, user=50, team=150, **kwargs):
    """A sheet of whole numbers."""
    targets = {
        (row, column): (team if each.is_team else user) * UNITS
        for row, each in enumerate(rows)
        for column in range(len(columns))
    }
    return Sheet(Unit.NUMBER, Aggregate.COUNT, "EUR", rows, columns, targets, **kwargs)


class Owner(App[None]):
    """Carries out what the grid plans, as whoever owns targets does."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, sheet, **kwargs):
        super().__init__(css_path=list(sheets()))
        self.register_theme(DARK)
        self.theme = DARK.name
        self.grid = MilestoneGrid(**kwargs)
        self.first = sheet
        self.cells = {}
        self.wrong = {}
        self.labels = []
        self.asked = []

    def compose(self):
        yield self.grid
        yield Button("next", compact=True)

    def on_mount(self):
        self.grid.show(self.first)
        self.grid.focus()

    def on_milestone_grid_planned(self, event):
        assert event.control is self.grid
        self.labels.append(event.label)
        self.wrong = event.plan.wrong_after(self.wrong)
        self.grid.show(self.grid.sheet.carried_out(event.plan), cells=self.cells, wrong=self.wrong)

    def on_milestone_grid_asked(self, event):
        self.asked.append((event.what, event.rows, event.place))


class Seat:
    """Somebody in front of it."""

    def __init__(self, app, pilot):
        self.app, self.grid, self.pilot = app, app.grid, pilot

    async def press(self, *keys):
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def burst(self, *keys):
        """All at once, as a slow line delivers them."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.pilot.pause()

    async def paste(self, text):
        self.grid.post_message(events.Paste(text))
        await self.pilot.pause()

    @property
    def lines(self):
        screen = self.app.screen
        strips = screen._compositor.render_strips(screen.size)
        return [strip.text.rstrip() for strip in strips][: self.grid.size.height]

    @property
    def layer(self) -> str:
        return str(self.grid.shown_layer)

    @property
    def says(self):
        return self.lines[self.grid._measures.status].strip()

    def row(self, number):
        return self.lines[1 + number - self.grid._top]

    def target(self, place):
        return self.grid.sheet.text(place)


@asynccontextmanager
async def seat(sheet, size=(100, 16), **kwargs):
    app = Owner(sheet, **kwargs)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Seat(app, pilot)


async def test_moving_and_selecting():
    """GOL-25: every cell can be reached, and ranges of them."""
    async with seat(numbers()) as it:
        for keys, cursor in (
            (["right", "down"], (1, 1)),
            (["up", "left", "left"], (0, 0)),
            (["end"], (0, 11)),
            (["ctrl+end"], (3, 11)),
            (["home"], (3, 0)),
            (["tab", "tab", "shift+tab"], (3, 1)),
            (["ctrl+home"], (0, 0)),
            (["pagedown"], (3, 0)),
            (["pageup"], (0, 0)),
            (["ctrl+right"], (0, 11)),
            (["ctrl+left"], (0, 0)),
        ):
            await it.press(*keys)
            assert it.grid.cursor == cursor, keys
        await it.press("down", "right", "shift+right", "shift+down", "shift+right")
        assert it.grid.box == Box(1, 1, 2, 3)
        assert "50 [  50    50    50]   50" in it.row(1)
        assert it.says == "2 rows × 3 milestones, together 300"
        await it.press("shift+left", "shift+up")
        assert it.grid.box == Box(1, 1, 1, 2)
        await it.press("shift+end")
        assert it.grid.box == Box(1, 1, 1, 11)
        await it.press("shift+home")
        assert it.grid.box == Box(1, 0, 1, 1)
        await it.press("escape")
        assert it.grid.box == Box(1, 0, 1, 0)
        assert it.says == "Dana Kim · Jan  50"
        await it.press("shift+tab")
        assert not it.grid.has_focus, "at an edge tab leaves to the next pane"


async def test_typing():
    """GOL-27: what is typed is shown as it is understood, and kept by enter, tab, the arrows and by leaving."""
    async with seat(numbers()) as it:
        await it.press("down", "1", "2", "k")
        assert it.grid.typing == ((1, 0), "12k")
        assert it.says == "Dana Kim · Jan  12k   → 12,000  was 50"
        assert "[ 12k]" in it.row(1)
        await it.press("enter")
        assert it.target((1, 0)) == "12,000"
        assert it.grid.cursor == (2, 0)
        await it.press("6", "0", "tab", "6", "1", "shift+tab", "6", "2", "up")
        assert [it.target((2, column)) for column in (0, 1)] == ["62", "61"]
        await it.press("right", "e")
        assert it.says.startswith("Dana Kim · Feb  50")
        await it.press("left", "7", "home", "1", "delete", "end", "backspace", "right", "left", "f2")
        assert it.grid.typing == ((1, 1), "17")
        await it.press("escape")
        assert it.target((1, 1)) == "50"
        await it.press("f2", "enter", "up")
        assert it.target((1, 1)) == "50"
        assert it.app.labels == ["set a target"] * 4
        await it.press("e", *["backspace"] * 3, "down")
        assert it.target((1, 1)) == ""
        assert it.app.labels[-1] == "blank a target"
        await it.press("4")
        it.app.screen.focus_next()
        await it.press()
        assert it.target((2, 1)) == "4", "leaving keeps"
        assert it.grid.typing is None


async def test_keys_that_come_at_once_are_obeyed_in_order():
    """What a slow line delivers in one piece lands where it was typed."""
    async with seat(numbers()) as it:
        await it.burst("down", "5", "1", "enter", "5", "2", "tab", "5", "3", "enter", "6", "4")
        await it.press("enter")
        assert [it.target(place) for place in ((1, 0), (2, 0), (2, 1))] == ["51", "52", "53"]
        assert it.grid.current_wrong is None


async def test_what_cannot_be_read_stays_with_its_reason():
    """GOL-27: a bad value stays in its cell, marked, and is edited from what was typed."""
    async with seat(numbers()) as it:
        await it.press("down", "5", "x")
        assert "! '5x' is not a number" in it.says
        await it.press("enter")
        assert "!5x" in it.row(1)
        assert "'5x' is not a number" in it.says
        await it.press("up")
        assert it.grid.current_wrong is not None
        assert it.says.startswith("! '5x' is not a number")
        assert it.target((1, 0)) == "50"
        await it.press("e")
        assert it.grid.typing == ((1, 0), "5x"), "enter tries it again, esc leaves it"
        await it.press("backspace", "0", "enter")
        assert it.app.wrong == {}
        assert "!" not in it.row(1)
        await it.press("1", "-", "enter", "up", "e", "escape")
        assert (2, 0) in it.app.wrong


async def test_ways_of_writing():
    """GOL-27: durations, money and numbers as people write them, in their own number format."""
    durations = Sheet(Unit.DURATION, Aggregate.AVERAGE, "EUR", ROWS, MONTHS, {(1, 0): 7200})
    async with seat(durations) as it:
        assert "Total" not in it.lines[0]
        assert not any("All users" in line for line in it.lines), "averages do not add up (GOL-28)"
        await it.press("down", *"1h30")
        assert "→ 1 h 30  was 2 h" in it.says
        await it.press("enter", "up", "S")
        assert "An average has no total" in it.says
    money = Sheet(Unit.CURRENCY, Aggregate.SUM, "EUR", ROWS, MONTHS, {}, NumberFormat.COMMA)
    async with seat(money) as it:
        await it.press("down", *"1.234,50")
        assert "→ 1.234,50 €  was none" in it.says
        await it.press("tab")
        assert it.target((1, 0)) == "1.234,50 €"
        assert "1.234,50 €" in it.row(1)


async def test_filling_changing_blanking_copying():
    """GOL-25: `=` and `"` fill, `+` changes by, delete blanks, `y` copies."""
    async with seat(numbers()) as it:
        await it.press("down", "7", "tab", "left", "equals_sign")
        assert {it.target((1, column)) for column in range(12)} == {"7"}
        await it.press("quotation_mark")
        assert it.target((2, 0)) == "7"
        assert it.target((3, 0)) == "50"
        assert it.says == "1 cell left alone: Ada Berg left in May."
        await it.press("down", "shift+right", "shift+right", "plus", *"5%")
        assert it.says == "Change 3 cells by  +5%   → 53 in 2 cells"
        await it.press("enter")
        assert [it.target((2, column)) for column in (1, 2)] == ["53", "53"]
        await it.press("plus", *"x", "enter")
        assert "! " in it.says, "what cannot be read stays in its line"
        await it.press("escape", "plus", "backspace", *"-10", "enter")
        assert [it.target((2, column)) for column in range(3)] == ["7", "43", "43"]
        assert it.says == "1 cell left alone: would be negative. A target is 0 or more."
        await it.press("plus", "3", "enter")
        assert it.target((2, 0)) == "10"
        await it.press("up", "shift+right", "y")
        assert it.app.clipboard == "7\t7"
        assert it.says == "2 cells copied."
        await it.press("delete")
        assert [it.target(place) for place in it.grid.box.places] == ["", ""]
        assert it.app.labels[-1] == "blank 2 targets"
        await it.press("backspace")
        assert it.app.labels[-1] == "blank 2 targets", "what is blank already is no change"
        await it.press("ctrl+end", "5")
        assert it.says == "Ada Berg left in May."


async def test_pasting():
    """GOL-29: a block is shown in its place before it changes anything; what cannot be read stays in its cell."""
    async with seat(numbers()) as it:
        await it.press("ctrl+v")
        assert it.says == "There is nothing to paste."
        await it.press("down", "down")
        await it.paste("50\t61\tx\n70\t71\n72\n")
        sentence = "Paste changes 1 cell, 1 cannot be read, 2 locked, 1 outside: enter accepts, esc drops"
        assert it.says == sentence
        assert "50→61" in it.row(2)
        assert "!x" in it.row(2)
        await it.press("5", "right", "S")
        assert it.app.labels == [], "it waits"
        await it.press("escape")
        assert it.target((2, 1)) == "50"
        assert "→" not in it.row(2)
        await it.press("end")
        await it.paste("1\t2\n3")
        assert it.says == "Paste changes 1 cell, 1 locked, 1 outside: enter accepts, esc drops"
        await it.press("escape", "home", "right")
        await it.press("left")
        await it.paste("50\t61\tx")
        it.grid.show(it.grid.sheet.carried_out(it.grid.sheet.typed([(2, 1)], "55")))
        await it.press()
        assert "55→61" in it.row(2), "somebody else was faster"
        await it.press("enter")
        assert it.target((2, 1)) == "61"
        assert it.app.labels == ["paste 1 target"]
        assert set(it.app.wrong) == {(2, 2)}
        it.app.copy_to_clipboard("8")
        await it.press("up", "shift+right", "ctrl+v", "enter")
        assert [it.target((1, column)) for column in (0, 1)] == ["8", "8"], "one value fills the range"
        await it.press("ctrl+v")
        assert it.says == "These targets are here already."
        await it.paste("1\t2\n" * 60_000)
        assert "is longer than 200,000 characters" in it.says
        await it.press("7")
        await it.paste("5")
        assert it.grid.typing == ((1, 1), "75")
        await it.press("ctrl+v")
        assert it.grid.typing == ((1, 1), "758")
        await it.paste("1\t2")
        assert "Paste changes 2 cells" in it.says, "a block is no word"


async def test_checked_rows():
    """GOL-26: one value into every milestone of the checked rows; a total spread evenly or by last year's shape."""
    async with seat(numbers()) as it:
        await it.press("down", "space", "down", "space")
        assert it.grid.checked == {1, 2}
        assert it.row(1).startswith("☑")
        await it.press("A", *"60")
        assert it.says == "Every milestone of each of 2 rows  60   → 60 in 24 cells"
        await it.press("enter")
        assert {it.target((row, column)) for row in (1, 2) for column in range(12)} == {"60"}
        assert it.app.labels == ["apply 60 to 24 targets"]
        it.grid.weights = lambda row: [row] + [1] * 11 if row == 2 else None
        await it.press("S", *"1203")
        assert "→ 101, 101, 101 …  evenly · tab by last year's shape" in it.says
        await it.press("tab")
        assert "by last year's shape · tab evenly" in it.says
        await it.press("enter")
        assert it.target((1, 0)) == "101"
        assert it.target((2, 0)) == "185"
        assert [it.grid.sheet.total(row) for row in (1, 2)] == [1203 * UNITS] * 2
        await it.press("P", "I")
        assert it.app.asked == [("pipelines", (1, 2), (2, 0)), ("import", (1, 2), (2, 0))]
        await it.press("asterisk")
        assert it.grid.checked == {0, 1, 2, 3}
        await it.press("asterisk")
        assert it.grid.checked == frozenset()
        await it.press("S", "5", "x", "enter")
        assert "! " in it.says
        await it.press("escape", "space")
        gone = replace(it.grid.sheet, rows=ROWS[2:], targets={})
        it.grid.show(gone)
        await it.press()
        assert (it.grid.cursor, it.grid.checked) == ((0, 0), {0}), "both stay with their contributor"


async def test_layers():
    """GOL-25: the layers beside targets show what the owner gives; targets are changed in their own layer."""
    async with seat(numbers()) as it:
        it.app.cells = {
            Layer.ACTUALS: {(1, 0): cell("41"), (1, 12): cell("492"), (4, 0): cell("99")},
            Layer.PIPELINES: {(1, 0): cell("All")},
        }
        it.grid.show(it.grid.sheet, cells=it.app.cells)
        await it.press("down", "L")
        assert it.layer == Layer.ACTUALS
        assert it.lines[0].startswith("  actuals ▾")
        assert "[  41]" in it.row(1)
        assert it.row(1).endswith("492")
        assert "99" in it.lines[5]
        await it.press("5", "equals_sign", "e")
        assert it.says == "Targets are changed in the layer targets; L goes through the layers."
        await it.press("y")
        assert it.app.clipboard == "41"
        await it.press("L", "L", "enter")
        assert it.layer == Layer.PIPELINES
        assert it.app.asked == [("cell pipelines", (1,), (1, 0))]
        await it.press("L", "e", "L")
        assert it.app.asked[1:] == [("notifications", (1,), (1, 0))]
        assert it.layer == Layer.TARGETS
        await it.press("H")
        assert it.layer == Layer.NOTIFICATIONS
        assert it.app.labels == []
    async with seat(numbers(), layers=[Layer.TARGETS]) as it:
        await it.press("L", "H", "P")
        assert it.layer == Layer.TARGETS
        assert it.app.asked == []
        assert "▾" not in it.lines[0]


async def test_totals_and_the_gap_to_the_team():
    """GOL-15, GOL-28: row totals, sums of the users, and what a team's users lack of its target."""
    async with seat(numbers(team=200)) as it:
        assert it.lines[0].endswith("Total")
        assert it.row(1).endswith("600")
        assert it.lines[5].split()[:3] == ["All", "users", "150"]
        assert it.lines[5].endswith("1,800")
        sentence = "Jan: users add up to 150, 50 less than the team's 200"
        assert it.says == sentence, "there is no room for the whole year"
        await it.press("down", *"1250", "enter", "up", "up")
        assert "Jan: users add up to 1,350, 1,150 more than the team's 200" in it.says
    async with seat(numbers(team=200), size=(120, 40)) as it:
        assert it.says == f"{sentence} · in all 1,800, 600 less than the team's 2,400"


async def test_weeks_scroll_under_frozen_names():
    """GOL-25: 53 weeks; names and checks stay where they are."""
    people = tuple(SheetRow(number, f"Person {number}") for number in range(50))
    weeks = tuple(f"W{week}" for week in range(1, 54))
    async with seat(numbers(people, weeks), size=(80, 24)) as it:
        await it.burst(*["right"] * 20, *["down"] * 30)
        await it.press()
        assert it.grid.cursor == (30, 20)
        assert "W21" in it.lines[0]
        assert "‹" in it.lines[0]
        assert "›" in it.lines[0]
        assert it.row(30).startswith("☐ Person 30")
        assert "[   50]" in it.row(30)
        assert {len(line) for line in it.lines} <= set(range(81))
        await it.press("ctrl+end")
        assert "W53" in it.lines[0]
        assert "›" not in it.lines[0]
        assert it.lines[21].startswith("  All users")


async def test_the_mouse():
    """GOL-25: a click goes to a cell, dragging selects, the wheel scrolls, a click on a check turns it."""
    people = tuple(SheetRow(number, f"Person {number}") for number in range(50))
    async with seat(numbers(people, MONTHS * 3)) as it:
        m = it.grid._measures
        await it.pilot.click(it.grid, offset=(m.head + 2 * m.slot + m.gap, 3))
        assert it.grid.cursor == (2, 2)
        await it.pilot.mouse_down(it.grid, offset=(m.head + m.slot + m.gap, 2))
        await it.pilot.hover(it.grid, offset=(m.head + 3 * m.slot + m.gap, 4))
        await it.pilot.mouse_up(it.grid, offset=(m.head + 3 * m.slot + m.gap, 4))
        assert it.grid.box == Box(1, 1, 3, 3)
        await it.pilot.click(it.grid, offset=(0, 5))
        assert it.grid.checked == {4}
        await it.pilot.click(it.grid, offset=(4, 0))
        assert it.layer == Layer.ACTUALS
        await it.press("H", "9")
        await it.pilot.click(it.grid, offset=(m.head + m.gap, 1))
        assert it.target((3, 3)) == "9", "leaving a cell keeps what was typed"
        for event, view in (
            (events.MouseScrollDown, (3, 0)),
            (events.MouseScrollRight, (3, 3)),
            (events.MouseScrollUp, (0, 3)),
            (events.MouseScrollLeft, (0, 0)),
        ):
            it.grid.post_message(event(it.grid, 5, 5, 0, 0, 0, False, False, False))
            await it.press()
            assert (it.grid._top, it.grid._left) == view
        assert it.grid.cursor == (0, 0)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_names_that_would_like_to_be_obeyed(size):
    """IMP-7: whatever a name holds, nothing moves out of its column."""
    rows = tuple(SheetRow(key, name) for key, name in enumerate([*NAMES, "x" * 10_000]))
    async with seat(numbers(rows, (*MONTHS[:3], NAMES[0]), user=1234), size=size) as it:
        for place in range(len(rows)):
            await it.press("down")
            text = "\n".join(it.lines)
            assert not FORBIDDEN.search(text.replace("\n", "")), place
            assert all(cell_len(line) <= size[0] for line in it.lines)
        at = {cell_len(it.row(row)[: it.row(row).index("1,234")]) for row in range(it.grid._top, it.grid._shown_rows)}
        assert len(at) == 1


async def test_an_empty_grid_says_so_and_obeys_nothing():
    async with seat(numbers(rows=())) as it:
        assert "There are no contributors." in "\n".join(it.lines)
        keys = [key for key in KEYS if key.where is Where.GRID and key.id not in {"grid.next", "grid.previous"}]
        await it.burst(*(name for key in keys for name in key.keys))
        await it.press("5", "enter")
        assert it.app.labels == []


async def test_a_move_paints_what_it_changes():
    """A step within view paints two cells, two titles and what is said; no more."""
    async with seat(numbers(), size=(120, 40)) as it:
        painted = []
        refresh = it.grid.refresh

        def note(*regions, **kwargs):
            painted.append(regions)
            return refresh(*regions, **kwargs)

        it.grid.refresh = note
        await it.press("down", "right")
        assert all(regions for regions in painted), "never the whole grid"
        assert sum(region.area for regions in painted for region in regions) < 300


async def test_signs_tell_what_colours_tell():
    """What is selected, wrong or about to change is read without colours."""
    async with seat(numbers()) as it:
        await it.press("down", *"5x", "enter", "shift+right")
        await it.paste("1")
        assert "!5x" in it.row(1)
        assert "[50→1  50→1]" in it.row(2)


def test_every_key_of_the_grid_has_its_handler():
    for key in KEYS:
        if key.where is Where.GRID:
            assert hasattr(MilestoneGrid, f"action_{key.action.partition('(')[0]}")
