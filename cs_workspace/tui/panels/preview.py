"""The panel beside a list: a title, a few lines, and a list of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from cs_workspace.tui.text import Part, lines
from cs_workspace.tui.widgets.record_table import RecordTable


class Preview(Vertical):
    """Right of the list where there is room, in its place where there is none."""

    def __init__(self, table: RecordTable[Any]) -> None:
        super().__init__()
        self.table = table
        self.display = False

    def compose(self) -> ComposeResult:
        yield Static("", classes="heading", markup=False)
        yield self.table

    def head(self, rows: Sequence[Sequence[Part]]) -> None:
        """What stands above the list."""
        self.query_one(".heading", Static).update(lines(rows))
