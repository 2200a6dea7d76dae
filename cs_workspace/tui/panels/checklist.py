"""A drawer in which one checks things in a list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui.keys import some
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.text import Cell, cell, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

Choice = tuple[str, str]  # what it is, and what it is called


class Checklist(Drawer[tuple[str, ...]]):
    """Space checks, enter answers with what is checked, in the order of the list."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.apply")
    HINTS = ("space check", "* all", "enter save", "esc close")

    def __init__(self, title: str, help: str, choices: Sequence[Choice], checked: Collection[str]) -> None:
        super().__init__()
        self._title = title
        self._help = help
        self._choices = choices
        self._checked = checked
        self.table: RecordTable[int] = RecordTable(
            (Column("label", "", 20, 60, sortable=False),), self._cells, header=False, mark=int, id="checklist"
        )

    def inside(self) -> Iterable[Widget]:
        """What it is about, then the list."""
        rows = [(part(self._title, "strong"),), (part(self._help, "quiet"),)]
        yield Static(lines(rows), classes="heading", markup=False)
        yield self.table

    def on_mount(self) -> None:
        """Show everything, checked as it is."""
        rows: Rows[int] = Rows(range(len(self._choices)), int)
        self.table.show(rows)
        self.table.mark(number for number, (name, _) in enumerate(self._choices) if name in self._checked)
        self.table.focus()

    def _cells(self, row: int, names: Sequence[str]) -> list[Cell]:
        return [cell(self._choices[row][1]) for _ in names]

    def action_apply(self) -> None:
        """Answer."""
        self.dismiss(tuple(name for number, (name, _) in enumerate(self._choices) if number in self.table.marked))
