"""The panel beside a list: a title, a few lines, and a list of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from cs_workspace.tui.panels.record_card import RecordCard
from cs_workspace.tui.session import Host
from cs_workspace.tui.text import Part, lines
from cs_workspace.tui.widgets.record_table import RecordTable


class Preview(Vertical):
    """Right of the list where there is room, in its place where there is none; without a list of its own, a record."""

    def __init__(self, table: RecordTable[Any] | None = None) -> None:
        super().__init__()
        self.card: RecordCard | None = None
        if table is None:
            self.card = table = RecordCard()
        self.table: RecordTable[Any] = table
        self.display = False

    def compose(self) -> ComposeResult:
        yield Static("", classes="heading", markup=False)
        yield self.table

    def head(self, rows: Sequence[Sequence[Part]]) -> None:
        """What stands above the list."""
        self.query_one(".heading", Static).update(lines(rows))

    async def show_record(self, host: Host, object: str, id: int) -> None:
        """Show a record: what it is, its properties, what happened last and what belongs to it."""
        assert self.card is not None
        self.head(await self.card.show_record(host, object, id))
