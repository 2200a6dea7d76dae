"""Rows of a list: a window over pages, how many there are, marks, and the way through them (LST-3, LST-4, LST-6)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.query.form import parts_of
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.selection import Selection
from cs_workspace.tui import record_columns
from cs_workspace.tui.list_tab import ListTab
from cs_workspace.tui.messages import Say
from cs_workspace.tui.record_keys import RecordKeys, Subject
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell
from cs_workspace.tui.widgets.record_table import RecordTable
from cs_workspace.tui.widgets.window import Fetch, Pages

if TYPE_CHECKING:
    from cs_workspace.workspace.records import Row

POLL = 0.005  # seconds between looks for a page that somebody else is reading


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed: an object's records that a filter matches, in an order, with these columns."""

    session: Session
    object: str
    query: str
    sort: tuple[str, ...]
    columns: tuple[str, ...]

    def same_places(self, other: Listing | None) -> bool:
        """Whether another listing has the same rows in the same order."""
        return other is not None and (self.query, self.sort) == (other.query, other.sort)

    def page(self, fetch: Fetch) -> list[Row]:
        """Read a page."""
        from cs_workspace.workspace import records

        return self.session.run(
            records.page,
            self.object,
            self.query,
            columns=self.columns,
            sort=",".join(self.sort),
            limit=fetch.limit,
            after=fetch.after,
            backwards=fetch.backwards,
        )

    def fill(self, pages: Pages[Row], first: int, last: int) -> None:
        """Read what is needed to show these places."""
        while fetches := pages.wanted(first, last, ahead=0):
            for fetch in fetches:
                pages.arrived(fetch, self.page(fetch))

    def count(self, query: str) -> int:
        """How many records a filter matches."""
        from cs_workspace.workspace import records

        return self.session.run(records.count, self.object, query)


class RecordRows(RecordKeys, ListTab):
    """Base of the list: rows come first, their number when it is known, the next page before it is needed."""

    def __init__(self, host: Host, object: str) -> None:
        self._object = object
        self._listing: Listing | None = None  # what the rows are
        self._every: tuple[str, int] | None = None  # what they are a part of: a filter, and how many that shows
        self._is_stale = True  # that number
        self._people: Mapping[int, str] = {}  # what users are called
        super().__init__(host, RecordTable((), self._cells, mark=lambda row: row.id, endless=True, id="records"))

    # --- what it is a list of

    @property
    def object(self) -> str:
        """The object whose records it lists."""
        return self._object

    @property
    def kind(self) -> ObjectType | None:
        """The object itself, once the store is open."""
        session = self.host.session
        return None if session is None else session.around.schema.objects.get(self._object)

    def noun(self, count: int) -> str:
        """What so many records are called."""
        kind = self.kind
        return "" if kind is None else (kind.label if count == 1 else kind.plural).lower()

    # --- what a list decides for itself

    async def restore(self, session: Session, kind: ObjectType) -> None:
        """Begin as the list was left, once."""
        raise NotImplementedError

    def listing(self, session: Session) -> Listing:
        """What is to be shown now."""
        raise NotImplementedError

    def changed(self) -> None:
        """Something else is shown."""
        raise NotImplementedError

    @property
    def whole(self) -> str:
        """The filter of what the list is a part of; none is all records."""
        return ""

    # --- loading

    def load(self) -> None:
        """Read the rows around the cursor, then how many there are. What runs for another filter is given up."""
        session, kind = self.host.session, self.kind
        assert session is not None
        if kind is None:
            self.failed(NotFound(f"There is no object {self._object!r}."))
            return
        self.line.knows(kind, session.around.names)
        self._people = self._people or record_columns.people(session.around.names)
        if not self.listing(session).same_places(self._listing):
            for worker in self.workers:
                if worker.node is self and worker.group.startswith("page "):
                    worker.cancel()
        self.work("list", self._load(session, kind))
        self._read_preview()

    def touched(self, *, shown: bool) -> None:
        """The store has changed: the number of records may have, too."""
        self._is_stale = True
        super().touched(shown=shown)

    async def _load(self, session: Session, kind: ObjectType) -> None:
        await self.restore(session, kind)
        listing, table, old = self.listing(session), self.table, self.table.window
        # The list is read again where it stands; another list begins at its top.
        same = listing.same_places(self._listing) and isinstance(old, Pages)
        start, pages = None, Pages["Row"]()
        if same and isinstance(old, Pages):
            start = old.start_of(table.top)
            pages = Pages(old.total if old.is_counted else None, start)
        first = table.top if start else 0
        await self.host.loader.run(partial(listing.fill, pages, first, first + table.room))
        if not pages.total and self.line.text != listing.query:
            return  # something else was typed meanwhile, and is read next
        self.line.wrong(None)
        if self.unfinished(pages.total):
            return
        if table.all_marked and listing.query != self.filter:
            table.mark(())
            self.post_message(Say("What was marked as a whole is let go: the list is another one."))
        self.filter, self._listing = listing.query, listing
        table.set_sort(record_columns.sort_of(listing.sort, kind))
        here = self.subject
        table.show(pages, keep=here[1] if here else None, index=table.cursor if same else 0)
        self.changed()
        await self._count(listing, pages, anew=same)

    async def _count(self, listing: Listing, pages: Pages[Row], *, anew: bool) -> None:
        """Learn how many there are while the rows are there already, `anew` what was known before."""
        whole, run = self._whole(), self.host.loader.run
        self._say_count()
        if anew or not pages.is_counted:
            total = await run(partial(listing.count, listing.query))
            here, top, room = self.subject, self.table.top, self.table.room
            pages.counted(total)
            if here is not None and pages.index_of(here[1]) is None:
                # Rows came or went above: places are others now.
                await run(partial(listing.fill, pages, max(0, top - room), top + 2 * room))
            self.table.show(pages, keep=here[1] if here else None, index=self.table.cursor)
            self._say_count()
        if not listing.query.strip():
            self._every = ("", pages.total)
        elif self._is_stale or self._every is None or self._every[0] != whole:
            self._every = (whole, await run(partial(listing.count, whole)))
        self._is_stale = False
        self._say_count()
        if not pages.total:
            self.nothing()

    def _whole(self) -> str:
        """What the rows are a part of: the view, where the filter only asks for more; else all records."""
        if self.filter.strip() == self.whole:
            return ""
        try:
            asked, more = parts_of(parse(self.whole)), parts_of(parse(self.filter))
        except Invalid:
            return ""
        return self.whole if all(each in more for each in asked) else ""

    def _say_count(self) -> None:
        pages = self.table.window
        found = f"{pages.total:,}" if self._is_counted else "…"
        if self._every is None or not self.filter.strip():
            self.say_count(f"{found} {self.noun(pages.total)}")
        else:
            self.say_count(f"{found} of {self._every[1]:,} {self.noun(self._every[1])}")

    @property
    def _is_counted(self) -> bool:
        window = self.table.window
        return not isinstance(window, Pages) or window.is_counted

    def on_record_table_wanted(self, event: RecordTable.Wanted) -> None:
        """Read the pages that come into sight."""
        event.stop()
        window = self.table.window
        if self._listing is not None and event.table is self.table and isinstance(window, Pages):
            for fetch in event.fetches:
                self.work(f"page {fetch.page}", self._page(self._listing, window, fetch))

    async def _page(self, listing: Listing, window: Pages[Row], fetch: Fetch) -> None:
        try:
            rows = await self.host.loader.run(partial(listing.page, fetch))
        except BaseException:
            window.failed(fetch)
            raise
        window.arrived(fetch, rows)
        if window is self.table.window:
            self.table.arrived()

    # --- marks

    @property
    def selection(self) -> Selection | None:
        """All of the list, the marked records, or the one under the cursor."""
        table = self.table
        if table.all_marked:
            return Selection(self._object, (), canonical(self.filter), table.window.total)
        if table.marked:
            return Selection.of(self._object, *sorted(table.marked))
        return None if self.subject is None else Selection.of(*self.subject)

    @property
    def subject(self) -> Subject | None:
        """The record under the cursor."""
        row: Row | None = self.table.current
        return None if row is None else (self._object, row.id)

    def acted(self) -> None:
        """Marks are let go, and what has changed is read."""
        self.table.mark(())
        super().acted()

    def shown_marks(self) -> int:
        """How many of the marked records the filter shows; where that is not known, none is said to be hidden."""
        window, marked = self.table.window, self.table.marked
        ids = {row.id for row in window.known()} if marked else set()
        return len(marked & ids) if len(ids) >= window.total else len(marked)

    def on_record_table_marked(self, event: RecordTable.Marked) -> None:
        """All of a list can be marked once it is known how many that is; Textual calls the base's handler besides."""
        if event.table.all_marked and not self._is_counted:
            event.table.mark(event.table.marked)
            self.post_message(Say("The list is still being counted."))

    # --- the way through the list from inside a record

    async def neighbour(self, id: int, step: int) -> int | None:
        """The record before or after this one; the cursor goes with it."""
        listing, window = self._listing, self.table.window
        if listing is None or not isinstance(window, Pages):
            return None
        place = window.index_of(id)
        target = (self.table.cursor if place is None else place) + step
        while 0 <= target < window.total and window.row(target) is None:
            fetches = window.wanted(target, target, ahead=0)
            for fetch in fetches:
                await self._page(listing, window, fetch)
            if not fetches:
                await asyncio.sleep(POLL)
        row: Row | None = window.row(target)
        if row is None or window is not self.table.window:
            return None
        self.table.cursor = target
        return row.id

    def place(self, id: int) -> str:
        """Where a record is: `3 of 128`."""
        window = self.table.window
        index = window.index_of(id)
        if index is None:
            return ""
        return f"{index + 1:,} of {window.total:,}" if self._is_counted else f"{index + 1:,}"

    # --- a row, and what is behind it

    def _cells(self, row: Row, names: Sequence[str]) -> list[Cell]:
        session, kind = self.host.session, self.kind
        assert session is not None
        assert kind is not None
        return record_columns.cells(row, names, kind, session, self._people)

    async def read_preview(self, row: Row) -> None:
        """The record in short."""
        await self.preview.show_record(self.host, self._object, row.id)


def canonical(text: str) -> str:
    """A filter as views keep it, as far as that can be said without asking the store."""
    try:
        return print_tree(parse(text))
    except Invalid:
        return text
