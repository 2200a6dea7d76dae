"""What was deleted, the latest first; typing narrows it, enter brings a record back (UND-4)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.long_list import LongList
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, content, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable

if TYPE_CHECKING:
    from cs_workspace.workspace.bin import Binned

COLUMNS = (
    Column("title", "Record", 18, 40, sortable=False),
    Column("object", "", 7, 12, rank=2, sortable=False),
    Column("at", "Deleted", 7, 11, right=True, sortable=False),
    Column("user", "By", 4, 16, rank=1, sortable=False),
    Column("left", "Can come back", 13, 20, sortable=False),
)
PAUSE = 0.05  # seconds of no typing before the list follows


class Bin(LongList["Binned"]):
    """Opened by `B`."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.down", "panel.up")
    HINTS = ("↑↓ choose", "enter bring back", "esc close")

    def __init__(self, host: Host, session: Session) -> None:
        super().__init__(host, session)
        self._title = Static(classes="heading", markup=False)
        self._line = Input(placeholder="The bin; type to find a record", compact=True, max_length=200)
        self.table: RecordTable[Binned] = RecordTable(COLUMNS, self._cells, id="binned")
        self.table.can_focus = False

    def inside(self) -> Iterable[Widget]:
        """How many there are, the line, the list."""
        yield self._title
        yield self._line
        yield self.table

    def on_mount(self) -> None:
        """Read it."""
        self._title.update(content(part("Bin", "strong")))
        self.table.say((part("Reading …", "quiet"),))
        self._line.focus()
        self.load()

    async def read(self, after: Binned | None, limit: int) -> Sequence[Binned]:
        """The deleted records with these words."""
        from cs_workspace.workspace import bin as the_bin

        place = after.place if after is not None else None
        words = self._line.value
        listing = partial(self._session.run, the_bin.listing, words=words, limit=limit, before=place)
        found = await self._host.loader.run(listing)
        if after is None:
            count = await self._host.loader.run(partial(self._session.run, the_bin.count, words=words))
            self._title.update(content(part("Bin", "strong"), part(f"   {count:,}" if count else "", "quiet")))
        return found

    def number(self, row: Binned) -> int:
        """Records of several objects are listed together."""
        return row.kind.code << 48 | row.id

    def nothing(self) -> Sequence[Sequence[Part]]:
        """Nothing was deleted, or nothing is called that."""
        if self._line.value.strip():
            return ((part("Nothing in the bin is called that."),), (part("Clear the line to see all.", "quiet"),))
        return (
            (part("The bin is empty."),),
            (part("Deleted records stay here for 90 days and come back with", "quiet"),),
            (part("everything that belongs to them.", "quiet"),),
        )

    def _cells(self, row: Binned, names: Sequence[str]) -> list[Cell]:
        left = "for ever" if row.days_left is None else f"{row.days_left} days more"
        if row.days_left is not None and row.days_left <= 1:
            left = "until tomorrow" if row.days_left else "until tonight"
        cells = {
            "title": cell(row.title or f"#{row.id}"),
            "object": cell(row.kind.label.lower(), "quiet"),
            "at": cell(self.when(row.deleted_at), "quiet"),
            "user": cell(row.user, "quiet"),
            "left": cell(left if row.into is None else f"merged: {row.into}", "quiet"),
        }
        return [cells[name] for name in names]

    # --- keys

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self._work("load", self._search())

    async def _search(self) -> None:
        await asyncio.sleep(PAUSE)
        self._rows = []
        await self._load()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Bring the record back."""
        event.stop()
        self._restore()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A click on the row that has the cursor does what enter does."""
        event.stop()
        self._restore()

    def action_move(self, rows: int) -> None:
        """Go up or down in the list."""
        self.table.action_move(rows)

    def _restore(self) -> None:
        row = self.table.current
        if row is not None:
            self._work("take", self._bring_back(row))

    async def _bring_back(self, row: Binned) -> None:
        from cs_workspace.workspace import bin as the_bin

        await self._host.loader.run(partial(self._session.run, the_bin.restore, row.kind.name, [row.id]))
        self.post_message(Say(f"{row.title or row.kind.label} is back. u puts it into the bin again."))
        self._host.look()
        self.load()
