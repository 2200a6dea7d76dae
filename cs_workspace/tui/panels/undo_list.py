"""What the user did, newest first; any of it can be taken back, and forward again (UND-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.long_list import LongList
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, content, part
from cs_workspace.tui.undo_words import what_was_done
from cs_workspace.tui.widgets.record_table import Column, RecordTable

if TYPE_CHECKING:
    from cs_workspace.store.undo import EntryRow

COLUMNS = (
    Column("label", "What you did", 24, 60, sortable=False),
    Column("changes", "Changes", 7, 7, right=True, rank=1, sortable=False),
    Column("state", "", 6, 6, sortable=False),
    Column("at", "When", 5, 11, right=True, sortable=False),
)


class UndoList(LongList["EntryRow"]):
    """Opened by `Z`."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.apply")
    HINTS = ("↑↓ choose", "enter take back or do again", "esc close")

    def __init__(self, host: Host, session: Session) -> None:
        super().__init__(host, session)
        self._title = Static(classes="heading", markup=False)
        self.table: RecordTable[EntryRow] = RecordTable(COLUMNS, self._cells, id="entries")

    def inside(self) -> Iterable[Widget]:
        """The list."""
        yield self._title
        yield self.table

    def on_mount(self) -> None:
        """Read it."""
        self._title.update(content(part("What you did", "strong")))
        self.table.say((part("Reading …", "quiet"),))
        self.table.focus()
        self.load()

    async def read(self, after: EntryRow | None, limit: int) -> Sequence[EntryRow]:
        """The user's entries."""
        from cs_workspace.workspace import undo

        before = after.id if after is not None else None
        return await self._host.loader.run(partial(self._session.run, undo.entries, limit, before))

    def number(self, row: EntryRow) -> int:
        """The entry's number."""
        return row.id

    def nothing(self) -> Sequence[Sequence[Part]]:
        """Nobody has done anything yet."""
        return (
            (part("You have not changed anything yet."),),
            (part("Whatever you change, delete, merge or import is listed here", "quiet"),),
            (part("and can be taken back, also tomorrow.", "quiet"),),
        )

    def is_read(self, count: int, *, more: bool) -> None:
        """Say how many there are."""
        said = f"   {count:,}{' and more' if more else ''}" if count else ""
        self._title.update(content(part("What you did", "strong"), part(said, "quiet")))

    def _cells(self, row: EntryRow, names: Sequence[str]) -> list[Cell]:
        tone = "quiet" if row.undone else ""
        cells = {
            "label": cell(row.label, tone),
            "changes": cell(f"{row.changes:,}", "quiet"),
            "state": cell("undone" if row.undone else "", "quiet"),
            "at": cell(self.when(row.at), "quiet"),
        }
        return [cells[name] for name in names]

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A click on the row that has the cursor does what enter does."""
        event.stop()
        self.action_apply()

    def action_apply(self) -> None:
        """Take back what is under the cursor, or do it again where it is undone."""
        row = self.table.current
        if row is not None:
            self._work("take", self._take(row))

    async def _take(self, row: EntryRow) -> None:
        from cs_workspace.workspace import undo

        operation = undo.redo if row.undone else undo.undo
        done = await self._host.loader.run(partial(self._session.run, operation, row.id))
        self.post_message(Say(what_was_done(done, redo=row.undone), "warn" if done.names else ""))
        self._host.look()
        self.load()
