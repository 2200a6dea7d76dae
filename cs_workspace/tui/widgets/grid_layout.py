"""Where everything of the grid of targets is: frozen first columns, as many milestones as fit, totals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from textual.geometry import Size

CHECK = 2  # cells in front of a name
INDENT = "  "  # of users under their team
WIDE = 100  # from here on there are two cells between milestones, and names may be longer
SMALLEST, LARGEST = 4, 14  # cells of a milestone


class Layer(StrEnum):
    """What the cells show; the value is the word for it."""

    TARGETS = "targets"
    ACTUALS = "actuals"
    PROGRESS = "progress"
    PIPELINES = "pipelines"
    NOTIFICATIONS = "notifications"


@dataclass(frozen=True, slots=True)
class Measures:
    """Where everything is: the width of names, of a milestone and of totals (0: no room), and how many fit."""

    head: int = 12
    cell: int = SMALLEST
    total: int = 0
    gap: int = 1
    columns: int = 1  # that are in sight
    rows: int = 1
    bottom: bool = False  # a row with sums
    status: int = 2  # the line that says things

    @property
    def slot(self) -> int:
        """A milestone with the gap before it."""
        return self.gap + self.cell


def lay_out(size: Size, wanted: Measures) -> Measures:
    """What fits of names, milestones and totals as wide as they would like to be, and of so many rows and columns."""
    wide = size.width >= WIDE
    gap = 2 if wide else 1
    head = CHECK + max(10, min(wanted.head, 30 if wide else 16))
    cell = min(max(wanted.cell, SMALLEST), LARGEST)
    room = size.width - head - 1
    total = wanted.total if room - gap - wanted.total >= min(3, wanted.columns) * (gap + cell) else 0
    columns = max(1, (room - (gap + total if total else 0)) // (gap + cell))
    bottom = wanted.bottom and size.height > 3
    rows = max(1, size.height - 2 - bottom)
    status = min(size.height - 1, 2 + min(rows, wanted.rows) + bottom)
    return Measures(head, cell, total, gap, min(columns, max(1, wanted.columns)), rows, bottom, status)


def in_sight(first: int, room: int, count: int, before: int, now: int) -> int:
    """Where a view begins that shows a place; half a view further when one goes out of it step by step."""
    if first <= now < first + room:
        return first
    if abs(now - before) == 1 and first <= before < first + room:
        first = now - room // 2
    else:
        first = now if now < first else now - room + 1
    return max(0, min(first, count - room))
