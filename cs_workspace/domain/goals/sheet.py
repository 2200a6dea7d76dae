"""The grid of targets: contributors by milestones, and what typing, filling or pasting would change (GOL-25 to GOL-29).

A sheet never changes. What somebody does gives a `Plan`: the cells that would change, and the texts that could not be
understood. Whoever shows the sheet shows the plan, and whoever owns the targets carries it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor

from cs_workspace.domain.durations import LONGEST
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Aggregate, Unit, scale
from cs_workspace.domain.goals.targets import parse_target, print_target, row_total
from cs_workspace.domain.money import LIMIT, exponent
from cs_workspace.domain.numbers import NumberFormat, parse_number

Place = tuple[int, int]  # row and column, from 0

LARGEST_BLOCK = 200_000  # characters; more is no block of targets

_ADJUSTMENT = re.compile(r"([+*-])\s*(.+?)\s*(%?)")
_NOTHING = frozenset({"", "none", "-", "–"})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A contributor: `key` is whatever its owner knows it by; `locked` says why its targets cannot be edited."""

    key: int
    name: str
    is_team: bool = False
    team: int | None = None  # the team it is, or is carried for
    locked: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A range of cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def between(cls, one: Place, other: Place) -> Box:
        """The smallest range that holds two cells."""
        (r1, c1), (r2, c2) = one, other
        return cls(min(r1, r2), min(c1, c2), max(r1, r2), max(c1, c2))

    @property
    def places(self) -> Iterator[Place]:
        """Its cells, row by row."""
        return (
            (row, column) for row in range(self.top, self.bottom + 1) for column in range(self.left, self.right + 1)
        )

    def __contains__(self, place: Place) -> bool:
        return self.top <= place[0] <= self.bottom and self.left <= place[1] <= self.right


@dataclass(frozen=True, slots=True)
class Change:
    """One cell's target before and after, in small steps; none is blank."""

    place: Place
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A text that stays in its cell, with the reason why it is no target."""

    place: Place
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an action would do: cells that change, texts that are wrong, and how many values have no cell to go to."""

    changes: tuple[Change, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    outside: int = 0
    kept: tuple[Place, ...] = ()  # cells that were given what they have already

    def __bool__(self) -> bool:
        return bool(self.changes or self.wrong)

    def wrong_after(self, before: Mapping[Place, Wrong]) -> dict[Place, Wrong]:
        """The wrong texts of a sheet once the plan is carried out, of those before: cells it understands have none."""
        settled = {*self.kept, *(change.place for change in self.changes)}
        left = {place: wrong for place, wrong in before.items() if place not in settled}
        return left | {wrong.place: wrong for wrong in self.wrong}

    def __add__(self, other: Plan) -> Plan:
        return Plan(
            self.changes + other.changes,
            self.wrong + other.wrong,
            self.outside + other.outside,
            self.kept + other.kept,
        )


@dataclass(frozen=True)
class Sheet:
    """Contributors by milestones with their targets in small steps (`model.scale`); a blank cell has none."""

    unit: Unit
    aggregate: Aggregate
    currency: str
    rows: tuple[SheetRow, ...]
    columns: tuple[str, ...]  # labels of the milestones
    targets: Mapping[Place, int] = field(default_factory=dict)
    style: NumberFormat = NumberFormat.POINT

    # --- what it shows

    def text(self, place: Place) -> str:
        """A cell as it is read back; a blank one is empty."""
        target = self.targets.get(place)
        return "" if target is None else print_target(target, self.unit, self.currency, self.style)

    def spelled(self, steps: int | None) -> str:
        """A target as screens show it; `none` where there is none."""
        return "none" if steps is None else print_target(steps, self.unit, self.currency, self.style)

    def total(self, row: int) -> int | None:
        """A row's sum; none for averages, and where nothing is set (GOL-28)."""
        return self._sum((row, column) for column in range(len(self.columns)))

    def users_total(self, column: int | None = None) -> int | None:
        """The sum of the users' rows in a column, or in all of them: the bottom row (GOL-15)."""
        columns = range(len(self.columns)) if column is None else (column,)
        return self._sum((r, c) for r, row in enumerate(self.rows) if not row.is_team for c in columns)

    def gap(self, row: int, column: int | None = None) -> int | None:
        """What the users of a team's row add up to, less the team's target (GOL-15); none where there is none of both.

        Only columns in which the team has a target are compared.
        """
        team = self.rows[row].team
        columns = range(len(self.columns)) if column is None else (column,)
        asked = [c for c in columns if (row, c) in self.targets]
        members = [r for r, each in enumerate(self.rows) if not each.is_team and each.team == team]
        if not self.rows[row].is_team or team is None or not self.aggregate.additive or not asked or not members:
            return None
        given = sum(self.targets.get((r, c), 0) for r in members for c in asked)
        return given - sum(self.targets[row, c] for c in asked)

    def _sum(self, places: Iterable[Place]) -> int | None:
        found = [self.targets[place] for place in places if place in self.targets]
        return row_total(found, self.aggregate) if found else None

    # --- what somebody does

    def carried_out(self, plan: Plan) -> Sheet:
        """The sheet after a plan; what is wrong changes nothing."""
        targets = dict(self.targets)
        for change in plan.changes:
            if change.after is None:
                targets.pop(change.place, None)
            else:
                targets[change.place] = change.after
        return replace(self, targets=targets)

    def typed(self, places: Iterable[Place], text: str) -> Plan:
        """One text into every cell: a target, nothing to blank it, or `+5%`, `-10%`, `+50`, `*1.2` to change it."""
        read = self._reader(text)
        return self._plan((place, text, read) for place in places)

    def filled_right(self, box: Box) -> Plan:
        """The first column of a range into the others; of a single column, into all columns after it."""
        right = len(self.columns) - 1 if box.left == box.right else box.right
        return self._copy(Box(box.top, box.left, box.bottom, right), lambda row, _: (row, box.left))

    def filled_down(self, box: Box) -> Plan:
        """The first row of a range into the others; of a single row, into all rows below."""
        bottom = len(self.rows) - 1 if box.top == box.bottom else box.bottom
        return self._copy(Box(box.top, box.left, bottom, box.right), lambda _, column: (box.top, column))

    def pasted(self, box: Box, text: str) -> Plan:
        """A block of tab-separated lines from the upper left cell on; a single value fills the whole range (GOL-29).

        What is pasted is a target each: `-5` is a negative one, and not five less than what is there.
        """
        block = read_block(text)
        if len(block) == 1 and len(block[0]) == 1:
            read = self._reader(block[0][0], adjusting=False)
            return self._plan((place, block[0][0], read) for place in box.places)
        cells = [
            ((box.top + down, box.left + across), value)
            for down, line in enumerate(block)
            for across, value in enumerate(line)
        ]
        edge = Box(0, 0, len(self.rows) - 1, len(self.columns) - 1)
        inside = [(place, value) for place, value in cells if place in edge]
        plan = self._plan((place, value, self._reader(value, adjusting=False)) for place, value in inside)
        return replace(plan, outside=len(cells) - len(inside))

    def copied(self, box: Box) -> str:
        """A range as a tab-separated block; `pasted` reads it back."""
        lines = [
            "\t".join(self.text((row, column)) for column in range(box.left, box.right + 1))
            for row in range(box.top, box.bottom + 1)
        ]
        return "\n".join(lines) if lines[-1] else "\n".join([*lines, ""])  # a last line that is blank has its end

    def spread(self, rows: Iterable[int], text: str, weights: Sequence[int] | None = None) -> Plan:
        """A total shared out over each row's milestones, evenly or in proportion to `weights` (last year's values).

        The shares add up to the total exactly. Raises Invalid: averages have no total to share out.
        """
        if not self.aggregate.additive:
            raise Invalid("total", "an average has no total to share out", "Type the value into every milestone.")
        total = self._parsed(text)
        parts = shares(total, weights or [1] * len(self.columns), self._grain(total))
        return self._checked((row, c, part) for row in rows for c, part in enumerate(parts))

    def _parsed(self, text: str) -> int:
        whole = self.aggregate is Aggregate.COUNT
        return parse_target(text, self.unit, self.currency, self.style, whole=whole)

    def _grain(self, total: int) -> int:
        """The smallest piece of a total: whole units where the total is whole."""
        whole = scale(self.unit, exponent(self.currency))
        return whole if total % whole == 0 else 1

    def _copy(self, box: Box, source: Callable[[int, int], Place]) -> Plan:
        return self._checked((*place, self.targets.get(source(*place))) for place in box.places)

    def _plan(self, cells: Iterable[tuple[Place, str, Callable[[int | None], int | None]]]) -> Plan:
        found: list[tuple[int, int, int | None]] = []
        wrong: list[Wrong] = []
        for place, text, read in cells:
            try:
                found.append((*place, read(self.targets.get(place))))
            except Invalid as error:
                wrong.append(Wrong(place, text, f"{error.why}. {error.hint}".strip()))
        plan = self._checked(found)
        return replace(plan, wrong=(*wrong, *plan.wrong))

    def _checked(self, cells: Iterable[tuple[int, int, int | None]]) -> Plan:
        """What cells get, as a plan; locked rows refuse with their reason."""
        changes: list[Change] = []
        refused: list[Wrong] = []
        kept: list[Place] = []
        for row, column, after in cells:
            place = (row, column)
            before = self.targets.get(place)
            if before == after:
                kept.append(place)
            elif reason := self.rows[row].locked:
                refused.append(Wrong(place, self.spelled(after), reason))
            else:
                changes.append(Change(place, before, after))
        return Plan(tuple(changes), tuple(refused), kept=tuple(kept))

    def _reader(self, text: str, *, adjusting: bool = True) -> Callable[[int | None], int | None]:
        """What a text makes of the target before it. The result raises Invalid where it cannot be read."""
        text = text.strip()
        if text.lower() in _NOTHING:
            return lambda _: None
        adjustment = _ADJUSTMENT.fullmatch(text) if adjusting else None
        try:
            if adjustment is not None:
                return self._adjustment(*adjustment.groups())
            target = self._parsed(text)
        except Invalid as error:
            return _raising(error)
        return lambda _: target

    def _adjustment(self, sign: str, figures: str, percent: str) -> Callable[[int | None], int | None]:
        """What `+5%`, `*1.2` or `-50` makes of a target; a blank cell stays blank. Raises Invalid."""
        if sign == "*" or percent:
            number = parse_number(figures, self.style)
            factor = number / 100 if percent else number
            if sign != "*":
                factor = 1 + factor if sign == "+" else 1 - factor
            return lambda before: None if before is None else self._checked_target(self._scaled(before, factor))
        by = self._parsed(figures)
        by = by if sign == "+" else -by
        return lambda before: None if before is None else self._checked_target(before + by)

    def _scaled(self, before: int, factor: Fraction) -> int:
        grain = self._grain(before)
        return floor(before * factor / grain + Fraction(1, 2)) * grain

    def _checked_target(self, steps: int) -> int:
        """The steps, refused below zero and beyond what can be typed and stored (GOL-27). Raises Invalid."""
        parse_checked(steps)
        if steps > (LONGEST if self.unit is Unit.DURATION else LIMIT - 1):
            raise Invalid("target", "would be too large to be stored", "Change it by less.")
        return steps


def parse_checked(steps: int) -> int:
    """The steps, refused below zero (GOL-27). Raises Invalid."""
    if steps < 0:
        raise Invalid("target", "would be negative", "A target is 0 or more.")
    return steps


def _raising(error: Invalid) -> Callable[[int | None], int | None]:
    def read(_: int | None) -> int | None:
        raise error

    return read


def read_block(text: str) -> list[list[str]]:
    """The cells of a tab-separated block as spreadsheets copy it, line by line. Raises Invalid for too large a one."""
    if len(text) > LARGEST_BLOCK:
        raise Invalid("block", f"is longer than {LARGEST_BLOCK:,} characters", "Import it as a CSV file instead.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return [[cell.strip().removeprefix('"').removesuffix('"') for cell in line.split("\t")] for line in lines]


def shares(total: int, weights: Sequence[int], grain: int = 1) -> list[int]:
    """A total in parts proportional to the weights, each a multiple of `grain`, which add up to it exactly.

    What is left over goes to the largest remainders, of equal ones to the first. Weights of nothing share evenly.
    """
    weights = [max(0, each) for each in weights]
    if not any(weights):
        weights = [1] * len(weights)
    pieces, rest = divmod(total, grain)
    exact = [Fraction(pieces * each, sum(weights)) for each in weights]
    parts = [floor(each) for each in exact]
    left = pieces - sum(parts)
    for index in sorted(range(len(exact)), key=lambda i: parts[i] - exact[i])[:left]:
        parts[index] += 1
    parts = [part * grain for part in parts]
    parts[-1] += rest
    return parts
