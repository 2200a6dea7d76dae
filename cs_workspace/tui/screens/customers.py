"""The Customers tab: companies as a plain list of any length."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from cs_workspace.tui import format as shown
from cs_workspace.tui import record_views as views
from cs_workspace.tui.keys import Where, bindings, some
from cs_workspace.tui.list_tab import ListTab, heading
from cs_workspace.tui.messages import OpenRecord
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, cell, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable, Sort
from cs_workspace.tui.widgets.window import Fetch, Pages, Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.records import Row

OBJECT = "companies"
COLUMNS = (
    Column("name", "Name", 18, 40),
    Column("owner", "CSM", 8, 16),
    Column("health", "Health", 6, 6, right=True, rank=2),
    Column("renewal_date", "Renewal", 12, 12, right=True),
    Column("arr", "ARR", 12, 14, right=True),
    Column("last_activity_at", "Activity", 8, 12, right=True, rank=1),
    Column("domain", "Domain", 14, 24, rank=4),
    Column("industry", "Industry", 10, 20, rank=5),
)


class CustomersScreen(ListTab):
    """One row per company."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Where.CUSTOMERS),
        *some("list.filter", "list.form", "list.preview", "list.sort", "list.reverse"),
    ]
    TITLE = "Customers"
    PLACEHOLDER = "filter: owner:me  renewal_date:..+90d  arr:>50k"
    NOTHING_YET = (
        "There are no customers yet.",
        "Bring them in from the shell: cs-workspace import FILE --object companies",
        "They appear here by themselves.",
    )

    def __init__(self, host: Host) -> None:
        self._sort = Sort("name")
        self._every = 0
        self._counted = False
        super().__init__(
            host,
            RecordTable(COLUMNS, self._cells, id="companies"),
            RecordTable(views.DETAILS, views.detail_cells, header=False, lasting=False, id="details"),
        )

    # --- loading

    def load(self) -> None:
        """Read the rows around the cursor, and how many there are."""
        session = self.host.session
        assert session is not None
        self.line.knows(session.around.schema[OBJECT], session.around.names)
        self.work("list", self._load(session, self.line.text, self._sort))
        self._read_preview()

    def touched(self, *, shown: bool) -> None:
        """The store has changed: the number of companies may have, too."""
        self._counted = False
        super().touched(shown=shown)

    def _same_list(self, text: str) -> bool:
        return text == self.filter and self._sort == self.table.sort

    async def _load(self, session: Session, text: str, sort: Sort) -> None:
        from cs_workspace.workspace import records

        # The list is read again where it stands; another list begins at its top.
        window = self.table.window
        start = window.start_of(self.table.top) if isinstance(window, Pages) and self._same_list(text) else None
        current, top, room = self.table.current, self.table.top, self.table.room

        def read() -> tuple[Pages[Row], int]:
            total = session.run(records.count, OBJECT, text)
            every = total if not text.strip() else self._every
            if text.strip() and not self._counted:
                every = session.run(records.count, OBJECT)
            pages: Pages[Row] = Pages(total, start)
            first = top if start else 0
            while fetches := pages.wanted(first, first + room):
                for fetch in fetches:
                    pages.arrived(fetch, self._fetch(session, text, sort, fetch))
            return pages, every

        pages, self._every = await self.host.loader.run(read)
        self.line.wrong(None)
        if self.unfinished(pages.total):
            return
        same = self._same_list(text)
        self.filter, self._counted = text, True
        self.table.set_sort(sort)
        keep = current.id if current is not None else None
        self.table.show(pages, keep=keep, index=self.table.cursor if same else 0)
        total = f"{pages.total:,} of {self._every:,}" if text.strip() else f"{self._every:,}"
        noun = "company" if self._every == 1 else "companies"
        self.line.count(part(f"{total} {noun}", "quiet"))
        if not pages.total:
            self.nothing()

    @staticmethod
    def _fetch(session: Session, text: str, sort: Sort, fetch: Fetch) -> list[Row]:
        from cs_workspace.workspace import records

        return session.run(
            records.page,
            OBJECT,
            text,
            columns=[column.name for column in COLUMNS],
            sort=("-" if sort.descending else "") + sort.column,
            limit=fetch.limit,
            after=fetch.after,
            backwards=fetch.backwards,
        )

    def on_record_table_wanted(self, event: RecordTable.Wanted) -> None:
        """Read the pages that came into sight."""
        event.stop()
        session = self.host.session
        if session is None or event.table is not self.table:
            return
        for fetch in event.fetches:
            self.work(f"page {fetch.page}", self._page(session, fetch))

    async def _page(self, session: Session, fetch: Fetch) -> None:
        window = self.table.window
        if not isinstance(window, Pages):
            return
        try:
            rows = await self.host.loader.run(partial(self._fetch, session, self.filter, self.table.sort, fetch))
        except BaseException:
            window.failed(fetch)
            raise
        window.arrived(fetch, rows)
        if window is self.table.window:
            self.table.arrived()

    def on_record_table_sorted(self, event: RecordTable.Sorted) -> None:
        """Read the list in another order."""
        event.stop()
        if event.table is self.table:
            self._sort = event.sort if event.sort.column else Sort("name")
            if self.host.session is not None:
                self.load()

    # --- cells

    def _cells(self, row: Row, names: Sequence[str]) -> list[Cell]:
        session = self.host.session
        assert session is not None

        def one(name: str) -> Cell:
            raw = row.raw.get(name)
            if raw is None:
                return ()
            match name:
                case "renewal_date":
                    return cell(shown.day(raw))
                case "arr":
                    return cell(shown.money(raw, session.around.currency))
                case "last_activity_at":
                    return cell(shown.ago(raw, session.clock.now(), session.tz), "quiet")
                case "domain" | "industry":
                    return cell(row.text[name], "quiet")
                case _:
                    return cell(row.text[name])

        return [one(name) for name in names]

    # --- what is behind a row

    def action_open(self) -> None:
        """Show the company's page."""
        row = self.table.current
        if row is not None:
            self.post_message(OpenRecord(OBJECT, row.id))

    async def read_preview(self, row: Row) -> None:
        """All properties of a company that have a value."""
        from cs_workspace.workspace import record_page

        session = self.host.session
        assert session is not None
        found = await self.host.loader.run(partial(session.run, record_page.record, OBJECT, row.id))
        self.preview.head(heading(found.title or f"#{row.id}"))
        self.preview.table.show(Rows(views.details(found, session), views.number), index=self.preview.table.cursor)
