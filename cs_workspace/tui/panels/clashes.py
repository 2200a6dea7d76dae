"""Cells that two people changed at once: for each, what the actor typed, what the other wrote, or the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui import format as shown
from cs_workspace.tui.keys import some
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.text import Cell, Part, cell, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.domain.goals.sheet import Sheet
    from cs_workspace.workspace.goal_grid import Clash

Taken = Mapping[int, str]  # by place in the list: `mine`, `theirs` or `original`

COLUMNS = (
    Column("cell", "Cell", 16, 34, sortable=False),
    Column("mine", "Mine", 8, 12, right=True, sortable=False),
    Column("theirs", "Theirs", 8, 12, right=True, sortable=False),
    Column("original", "Original", 8, 12, right=True, sortable=False),
)


class ClashDrawer(Drawer[Taken]):
    """All cells of one action that clash (REC-7). Cells without an answer keep what was typed, unsaved."""

    BINDINGS: ClassVar[list[BindingType]] = some(
        "panel.down", "panel.up", "panel.mine", "panel.theirs", "panel.original", "panel.apply"
    )
    HINTS = ("m mine", "t theirs", "o original", "enter done", "esc later")

    def __init__(self, clashes: Sequence[Clash], sheet: Sheet, tz: ZoneInfo) -> None:
        super().__init__()
        self._clashes = clashes
        self._sheet = sheet
        self._tz = tz
        self._taken: dict[int, str] = {}
        self.table: RecordTable[int] = RecordTable(COLUMNS, self._cells, id="clashes")
        self.table.can_focus = False

    def inside(self) -> Iterable[Widget]:
        """What happened, then the cells."""
        yield Static(lines(self._sentences()), classes="heading", markup=False)
        yield self.table

    def on_mount(self) -> None:
        """Show all cells."""
        rows: Rows[int] = Rows(range(len(self._clashes)), int)
        self.table.show(rows)

    def _sentences(self) -> list[Sequence[Part]]:
        many = len(self._clashes)
        what = "This cell was" if many == 1 else f"These {many} cells were"
        others = dict.fromkeys(each.who or "somebody" for each in self._clashes)
        times = [each.at for each in self._clashes if each.at is not None]
        when = f", {shown.clock_time(max(times), self._tz)}" if times else ""
        return [
            (part(f"{what} changed while you typed", "strong"),),
            (part(f"by {', '.join(others)}{when}. Nothing of yours is lost: say which value stands.", "quiet"),),
        ]

    def _cells(self, row: int, names: Sequence[str]) -> list[Cell]:
        clash = self._clashes[row]
        taken = self._taken.get(row)

        def value(name: str) -> Cell:
            text = self._sheet.spelled({"mine": clash.mine, "theirs": clash.theirs}.get(name, clash.original))
            if taken is None:
                return cell(text)
            return (part("✓ ", "accent"), part(text, "strong")) if name == taken else cell(text, "quiet")

        where = f"{clash.name} · {shown.milestone(clash.label)}"
        return [cell(where) if name == "cell" else value(name) for name in names]

    def action_move(self, rows: int) -> None:
        """Go up or down in the list."""
        self.table.action_move(rows)

    def action_take(self, which: str) -> None:
        """Say which value stands in the cell under the cursor, and go to the next."""
        if self.table.current is not None:
            self._taken[self.table.current] = which
            self.table.arrived()
            self.table.refresh()
            self.table.action_move(1)

    def action_apply(self) -> None:
        """Done: cells without an answer keep what was typed."""
        self.dismiss(self._taken)

    def action_close(self) -> None:
        """Answer later."""
        self.dismiss({})
