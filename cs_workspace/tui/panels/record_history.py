"""All that was changed of a record, newest first (REC-1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui import record_views as views
from cs_workspace.tui.page import Page
from cs_workspace.tui.panels.long_list import LongList
from cs_workspace.tui.record_keys import Subject
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, lines, part
from cs_workspace.tui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from cs_workspace.workspace.record_page import Change, Record


def start(page: Page, subject: Subject) -> None:
    """Show the history of a record."""
    if page.host.session is not None:
        page.app.push_screen(RecordHistory(page.host, page.host.session, subject))


class RecordHistory(LongList["Change"]):
    """Opened by `h` on a record in a list."""

    HINTS = ("↑↓ go through", "esc close")

    def __init__(self, host: Host, session: Session, subject: Subject) -> None:
        super().__init__(host, session)
        self._subject = subject
        self._record: Record | None = None
        self._title = Static(classes="heading", markup=False)
        self.table: RecordTable[Change] = RecordTable(views.CHANGES, self._cells, id="changes")

    def inside(self) -> Iterable[Widget]:
        """What it is, then the list."""
        yield self._title
        yield self.table

    def on_mount(self) -> None:
        """Read it."""
        self.table.say((part("Reading …", "quiet"),))
        self.table.focus()
        self.load()

    async def read(self, after: Change | None, limit: int) -> Sequence[Change]:
        """The changes of the record."""
        from cs_workspace.workspace import record_page

        before = after.id if after is not None else None
        run = self._session.run

        def both() -> tuple[Record, list[Change]]:
            found = self._record or run(record_page.record, *self._subject)
            return found, run(record_page.changes, *self._subject, before, limit)

        self._record, found = await self._host.loader.run(both)
        return found

    def number(self, row: Change) -> int:
        """The change's number."""
        return row.id

    def nothing(self) -> Sequence[Sequence[Part]]:
        """It is as it was in the beginning."""
        return ((part("Nothing was changed."),),)

    def is_read(self, count: int, *, more: bool) -> None:
        """Say whose history it is."""
        if self._record is not None:
            said = f"   {count:,} change{'s' * (count != 1)}{' and more' * more}" if count else ""
            self._title.update(lines([(part(views.called(self._record), "strong"), part(said, "quiet"))]))

    def _cells(self, change: Change, names: Sequence[str]) -> list[Cell]:
        assert self._record is not None
        return views.change_cells(self._record, change, names, self._session)
