"""One property of one record: what it is, and what became of it, newest first (CUS-10, REC-1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui import record_views as views
from cs_workspace.tui.page import Page
from cs_workspace.tui.panels.long_list import LongList
from cs_workspace.tui.record_keys import Subject
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable

if TYPE_CHECKING:
    from cs_workspace.workspace.record_page import Change, Record

COLUMNS = (
    Column("when", "When", 17, 17, sortable=False),
    Column("user", "By", 6, 16, sortable=False),
    Column("source", "From", 6, 10, rank=1, sortable=False),
    Column("change", "Change", 20, 200, sortable=False),
)


def start(page: Page, subject: Subject, name: str, record: Record | None = None) -> None:
    """Show the history of a property; `record` is what the page shows, if it shows it."""
    if page.host.session is not None:
        page.app.push_screen(PropertyDetails(page.host, page.host.session, subject, name, record))


class PropertyDetails(LongList["Change"]):
    """Opened by `h` on a property."""

    HINTS = ("↑↓ go through", "esc close")

    def __init__(self, host: Host, session: Session, subject: Subject, name: str, record: Record | None = None) -> None:
        super().__init__(host, session)
        self._subject = subject
        self._property = name
        self._record = record
        self._title = Static(classes="heading", markup=False)
        self.table: RecordTable[Change] = RecordTable(COLUMNS, self._cells, id="changes")

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
        """The changes of the property."""
        from cs_workspace.workspace import record_page

        before = after.id if after is not None else None
        run, changes = self._session.run, record_page.changes

        def both() -> tuple[Record, list[Change]]:
            found = self._record or run(record_page.record, *self._subject)
            return found, run(changes, *self._subject, before, limit, found.as_of, self._property)

        self._record, found = await self._host.loader.run(partial(both))
        return found

    def number(self, row: Change) -> int:
        """The change's number."""
        return row.id

    def nothing(self) -> Sequence[Sequence[Part]]:
        """It is as it was in the beginning."""
        return (
            (part("It was never changed."),),
            (part("Each change is listed here: when, by whom, and from where.", "quiet"),),
        )

    def is_read(self, count: int, *, more: bool) -> None:
        """Say what it is now."""
        record = self._record
        if record is None:
            return
        prop = record.kind.properties[self._property]
        said = f"{count:,} change{'s' * (count != 1)}{' and more' * more}" if count else ""
        value = views.said(record, self._session, prop) or "–"
        of = (part(prop.label, "strong"), part(f" of {views.called(record)}", "quiet"))
        self._title.update(lines([of, (part(value), part(f"   {said}", "quiet"))]))

    def _cells(self, change: Change, names: Sequence[str]) -> list[Cell]:
        assert self._record is not None
        cells = views.change_cells(self._record, change, names, self._session)
        if change.former and "source" in names:
            cells[names.index("source")] = cell(f"{change.source}, {change.former}", "quiet")
        return cells
