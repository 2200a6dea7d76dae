"""Charts drawn line by line: a burn-up, a bar against a target, a gauge.

What is drawn is a plain function from numbers to lines. Each series has characters of its own, so that a chart reads
without colour, and there are plain ones for terminals that know no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from cs_workspace.tui.text import TONES, Cell, Part, fit, fit_cell, strip_of, width_of

Values = Sequence[float | None]


class Glyphs(NamedTuple):
    """What the parts of a chart are made of; no `dots` is a line of braille."""

    actual: str
    target: str
    pace: str
    today: str
    corner: str
    floor: str
    tick: str
    full: str
    empty: str
    mark: str
    dots: str


FINE = Glyphs("⠒", "╌", "·", "┊", "└", "─", "┴", "█", "░", "│", "")
PLAIN = Glyphs("*", "-", ".", ":", "+", "-", "+", "#", ".", "|", "*")

SMALLEST = 8  # cells between the axes

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a braille cell, by row and column
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TIMES = (1, 5, 15, 30, *(m * _MINUTE for m in (1, 2, 5, 10, 15, 30)), *(h * _HOUR for h in (1, 2, 3, 6, 12)))


@dataclass(frozen=True, slots=True)
class Lines:
    """What a burn-up shows: values per step, of which the actual ones may stop early; one that is None is a gap.

    What is known `ahead` goes on where they stop.
    """

    actual: Values
    target: Values
    pace: Values
    today: int | None  # the step that is today's, if it is shown
    labels: Sequence[tuple[int, str]]  # below the axis, at a step
    written: Callable[[float], str]  # a value, short
    times: bool = False  # whether values are lengths of time, in seconds
    ahead: Values = ()


def ticks(top: float, most: int, *, times: bool = False) -> list[float]:
    """Round values from 0 up to the top, at most so many above 0."""
    if top <= 0 or most < 1:
        return [0.0]
    steps = (float(each) for each in _TIMES) if times else iter(())
    step = next((each for each in steps if top / each <= most), 0.0) or next(_round_steps(top, most, times=times))
    return [step * i for i in range(int(top / step + 1e-9) + 1)]


def _round_steps(top: float, most: int, *, times: bool) -> Iterator[float]:
    unit = float(_DAY) if times else 10.0**-6
    while True:
        for factor in (1, 2, 5):
            if top / (unit * factor) <= most:
                yield unit * factor
        unit *= 10


def burn_up(lines: Lines, width: int, height: int, *, plain: bool = False) -> list[Cell]:
    """The lines within axes, in exactly so many rows and at most so many cells."""
    glyphs = PLAIN if plain else FINE
    rows = height - 2  # the floor, and what is written below it
    every = (lines.actual, lines.ahead, lines.target, lines.pace)
    known = [each for series in every for each in series if each is not None]
    top = max(known, default=0.0) * 1.06 or 1.0
    marks = _marks(lines, top, max(rows, 1))
    left = max(width_of(text) for text, _ in marks.values()) + 1
    inside = width - left
    if rows < 2 or inside < SMALLEST:
        return [(Part("no room for a chart"[:width], "quiet"),)]
    plane = _Plane(inside, rows, max(len(lines.target), len(lines.actual), 2), top, glyphs)
    if lines.today is not None:
        plane.upright(lines.today)
    plane.trace(lines.pace, glyphs.pace, "quiet")
    plane.trace(lines.target, glyphs.target, "warn")
    if lines.ahead:
        begin = max(len(lines.actual) - 1, 0)
        plane.draw([*lines.actual[begin:], *lines.ahead], begin, "quiet")
    plane.draw(lines.actual)
    plane.name_last(lines)
    drawn: list[Cell] = []
    for y in range(rows):
        text, tone = marks.get(y, ("", "quiet"))
        drawn.append((Part(fit(text, left - 1, right=True), tone), Part(" "), *plane.row(y)))
    drawn += _floor(lines, plane, left, glyphs)
    return drawn


def _marks(lines: Lines, top: float, rows: int) -> dict[int, tuple[str, str]]:
    """What is written beside the rows: round values, and the target where it ends."""
    found: dict[int, tuple[str, str]] = {}
    for value in ticks(top, max(1, rows // 3), times=lines.times):
        found[_row(value, top, rows)] = (lines.written(value), "quiet")
    target = next((each for each in reversed(lines.target) if each is not None), None)
    if target is not None:
        y = _row(target, top, rows)
        for near in (y - 1, y + 1):
            found.pop(near, None)
        found[y] = (lines.written(target), "warn")
    return found


def _row(value: float, top: float, rows: int) -> int:
    return (rows * 4 - 1 - round(max(0.0, value) / top * (rows * 4 - 1))) // 4


class _Plane:
    """The inside of a chart, cell by cell."""

    def __init__(self, width: int, rows: int, steps: int, top: float, glyphs: Glyphs) -> None:
        self.width, self._rows, self._steps, self._top, self._glyphs = width, rows, steps, top, glyphs
        self._cells: list[list[tuple[str, str]]] = [[(" ", "")] * width for _ in range(rows)]

    def column(self, step: int) -> int:
        """Where a step is."""
        return round(step / (self._steps - 1) * (self.width - 1))

    def upright(self, step: int) -> None:
        """A line from top to bottom."""
        for row in self._cells:
            row[self.column(step)] = (self._glyphs.today, "track")

    def trace(self, values: Values, glyph: str, tone: str) -> None:
        """One character in every column that has a value."""
        for x in range(self.width):
            step = round(x / (self.width - 1) * (self._steps - 1))
            value = values[step] if step < len(values) else None
            if value is not None:
                self._cells[_row(value, self._top, self._rows)][x] = (glyph, tone)

    def draw(self, values: Values, first: int = 0, tone: str = "accent") -> None:
        """The line that matters, over all others, from a step on."""
        bits: dict[tuple[int, int], int] = {}
        before: tuple[int, int] | None = None
        for step, value in enumerate(values, first):
            if value is None:
                before = None
                continue
            x = round(step / (self._steps - 1) * (self.width * 2 - 1))
            y = self._rows * 4 - 1 - round(max(0.0, value) / self._top * (self._rows * 4 - 1))
            for px, py in _between(before or (x, y), (x, y)):
                cell = (py // 4, px // 2)
                bits[cell] = bits.get(cell, 0) | _DOTS[py % 4][px % 2]
            before = (x, y)
        for (row, column), dots in bits.items():
            self._cells[row][column] = (self._glyphs.dots or chr(0x2800 + dots), tone)

    def name_last(self, lines: Lines) -> None:
        """Write the last actual value beside its point, where nothing else is drawn."""
        step = max((i for i, value in enumerate(lines.actual) if value is not None), default=None)
        if step is None:
            return
        value = lines.actual[step] or 0.0
        text = lines.written(value)
        x, y = self.column(step), _row(value, self._top, self._rows)
        for row in (y, y - 1, y + 1):
            for start in (x + 2, x - width_of(text) - 1):
                if self._free(row, start - 1, start + width_of(text) + 1):
                    for i, character in enumerate(text):
                        self._cells[row][start + i] = (character, "strong")
                    return

    def _free(self, row: int, first: int, end: int) -> bool:
        if not (0 <= row < self._rows and first >= 0 and end <= self.width):
            return False
        return all(self._cells[row][x][0] in {" ", self._glyphs.today} for x in range(first, end))

    def row(self, y: int) -> Cell:
        """A line, in as few parts as its tones allow."""
        parts: list[Part] = []
        for character, tone in self._cells[y]:
            if parts and parts[-1].tone == tone:
                parts[-1] = Part(parts[-1].text + character, tone)
            else:
                parts.append(Part(character, tone))
        return tuple(parts)


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    (x0, y0), (x1, y1) = start, end
    steps = max(abs(x1 - x0), abs(y1 - y0), 1)
    for i in range(steps + 1):
        yield round(x0 + (x1 - x0) * i / steps), round(y0 + (y1 - y0) * i / steps)


def _floor(lines: Lines, plane: _Plane, left: int, glyphs: Glyphs) -> list[Cell]:
    """The axis and what is written below it; labels that would touch each other are left out."""
    axis = [glyphs.floor] * plane.width
    text = [" "] * (plane.width + left)
    free = 0
    for step, label in lines.labels:
        x = plane.column(step)
        start = min(left + x, len(text) - width_of(label))
        if start >= free and x < plane.width:
            axis[x] = glyphs.tick
            text[start : start + len(label)] = label
            free = start + len(label) + 1
    return [
        (Part(" " * (left - 1)), Part(glyphs.corner, "track"), Part("".join(axis), "track")),
        (Part("".join(text).rstrip(), "quiet"),),
    ]


def legend(names: Sequence[tuple[str, str]], *, plain: bool = False) -> Cell:
    """What the lines of a burn-up mean: of each series its name here and what to say of it."""
    glyphs = PLAIN if plain else FINE
    look = {
        "actual": (glyphs.actual, "accent"),
        "ahead": (glyphs.actual, "quiet"),
        "target": (glyphs.target, "warn"),
        "pace": (glyphs.pace, "quiet"),
        "today": (glyphs.today, "track"),
    }
    parts: list[Part] = []
    for series, words in names:
        glyph, tone = look[series]
        parts += [Part("  " if parts else ""), Part(glyph, tone), Part(f" {words}", "quiet")]
    return tuple(parts)


def against(actual: float | None, target: float | None, top: float, width: int, *, plain: bool = False) -> Cell:
    """A bar as long as the actual, with a mark where the target is; `top` is the value of the whole width."""
    glyphs = PLAIN if plain else FINE
    scale = width / top if top > 0 else 0.0
    filled = min(width, int(max(0.0, actual or 0.0) * scale + 1e-9))
    parts: list[tuple[str, str]] = [(glyphs.full, "bar")] * filled + [(glyphs.empty, "track")] * (width - filled)
    if target is not None and width:
        parts[max(0, min(width - 1, round(target * scale) - 1))] = (glyphs.mark, "strong")
    return _joined(parts)


def gauge(value: float | None, expected: float | None, width: int, *, plain: bool = False) -> Cell:
    """How much of the whole is reached, from 0 to 1, with a mark where it should be by now."""
    return against(value, expected, 1.0, width, plain=plain)


def _joined(parts: Sequence[tuple[str, str]]) -> Cell:
    found: list[Part] = []
    for text, tone in parts:
        if found and found[-1].tone == tone:
            found[-1] = Part(found[-1].text + text, tone)
        else:
            found.append(Part(text, tone))
    return tuple(found)


Drawing = Callable[[int, int], Sequence[Cell]]


class Chart(Widget, can_focus=True):
    """A drawing, made anew for every size."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"chart--{tone}" for tone in TONES}
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawing: Drawing = lambda _width, _height: ()
        self._drawn: tuple[Size, Sequence[Cell]] | None = None

    def show(self, drawing: Drawing) -> None:
        """Draw something else."""
        self._drawing, self._drawn = drawing, None
        self.refresh()

    def say(self, *lines: Cell) -> None:
        """Say why there is nothing to draw."""
        self.show(lambda _width, _height: ((), *lines))

    def render_line(self, y: int) -> Strip:
        """A line of the drawing."""
        if self._drawn is None or self._drawn[0] != self.size:
            self._drawn = self.size, self._drawing(self.size.width, self.size.height)
        lines, width = self._drawn[1], self.size.width
        styles = {"": self.rich_style, **{tone: self.get_component_rich_style(f"chart--{tone}") for tone in TONES}}
        return strip_of(fit_cell(lines[y] if y < len(lines) else (), width), styles, width)
