"""What a list knows of its rows: all of them in memory, or pages of a table of any size, fetched by key (LST-3)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

Key = tuple[Any, int]
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

PAGE = 128
KEPT = 24  # pages; the ones looked at longest ago go first
AHEAD = 32  # rows beyond the visible ones that are wanted too


@dataclass(frozen=True, slots=True)
class Fetch:
    """A page to read: at most `limit` rows after a key, or before it when `backwards`; no key is the border."""

    page: int
    limit: int
    after: Key | None = None
    backwards: bool = False


class Window(Protocol[R_co]):
    """Rows by their place in the list."""

    @property
    def total(self) -> int:
        """How many rows the list has."""

    def row(self, index: int) -> R_co | None:
        """The row at a place; None while it is not known."""

    def id_at(self, index: int) -> int | None:
        """Which record is at a place."""

    def index_of(self, id: int) -> int | None:
        """Where a record is, if that is known."""

    def known(self) -> Iterable[R_co]:
        """The rows that are here."""

    def wanted(self, first: int, last: int) -> Sequence[Fetch]:
        """What has to be read to show these places, as far as it can be said now; each is asked for once."""


class Rows(Generic[R]):
    """A list that is in memory as a whole."""

    def __init__(self, rows: Sequence[R], identity: Callable[[R], int]) -> None:
        self._rows = rows
        self._places = {identity(row): index for index, row in enumerate(rows)}
        self._identity = identity

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row(self, index: int) -> R | None:
        """The row at a place."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def id_at(self, index: int) -> int | None:
        """Which record is at a place."""
        row = self.row(index)
        return None if row is None else self._identity(row)

    def index_of(self, id: int) -> int | None:
        """Where a record is."""
        return self._places.get(id)

    def known(self) -> Iterable[R]:
        """All rows."""
        return self._rows

    def wanted(self, first: int, last: int) -> Sequence[Fetch]:  # noqa: ARG002 - nothing is missing
        """Nothing: all rows are here."""
        return ()


class Keyed(Protocol):
    """A row of a page: its record and its place in the order."""

    @property
    def id(self) -> int:
        """The record's id."""

    @property
    def key(self) -> Key:
        """Sort value and id."""


K = TypeVar("K", bound=Keyed)


class Pages(Generic[K]):
    """A window over a list in the store.

    A page is read from the last row of the page before it, or from the first row of the page behind it; the last page
    is read from the end. So a jump to the end costs what the first page costs.
    """

    def __init__(self, total: int, start: tuple[int, Key] | None = None) -> None:
        """`start` is where to begin when it is not the top: a page and the key of the row before it."""
        self._total = total
        self._pages: OrderedDict[int, Sequence[K]] = OrderedDict()
        self._before: dict[int, Key] = {}  # by page, the key of the row before it
        self._asked: set[int] = set()
        self._may_have_moved = start is not None  # rows may have come or gone above the start
        if start is not None:
            page, key = start
            self._before[page] = key

    @property
    def total(self) -> int:
        """How many rows the list has; put right when an end is reached."""
        return self._total

    def row(self, index: int) -> K | None:
        """The row at a place; None while its page is not here."""
        page, offset = divmod(index, PAGE)
        rows = self._pages.get(page)
        if rows is None or index < 0:
            return None
        return rows[offset] if offset < len(rows) else None

    def id_at(self, index: int) -> int | None:
        """Which record is at a place."""
        row = self.row(index)
        return None if row is None else row.id

    def index_of(self, id: int) -> int | None:
        """Where a record is, if its page is here."""
        for page, rows in self._pages.items():
            for offset, row in enumerate(rows):
                if row.id == id:
                    return page * PAGE + offset
        return None

    def known(self) -> Iterable[K]:
        """The rows of the pages that are here."""
        return (row for rows in self._pages.values() for row in rows)

    def start_of(self, index: int) -> tuple[int, Key] | None:
        """The page of a place and the key before it, for a window that begins there; None at the top."""
        page = index // PAGE
        key = self._before.get(page)
        return None if page == 0 or key is None else (page, key)

    @property
    def _last(self) -> int:
        return max(0, (self._total - 1) // PAGE)

    def wanted(self, first: int, last: int) -> Sequence[Fetch]:
        """The pages around these places that are not here, or the one on the way to them."""
        if self._total == 0:
            return ()
        low = max(0, first - AHEAD) // PAGE
        high = min(self._last, max(0, last + AHEAD) // PAGE)
        fetches = []
        for page in range(low, high + 1):
            if page in self._pages:
                self._pages.move_to_end(page)
                continue
            fetch = self._fetch(page)
            if fetch is not None and fetch.page not in self._asked and fetch.page not in self._pages:
                self._asked.add(fetch.page)
                fetches.append(fetch)
        return fetches

    def _fetch(self, page: int) -> Fetch | None:
        if page == 0:
            return Fetch(0, PAGE)
        if page in self._before:
            return Fetch(page, PAGE, self._before[page])
        if page == self._last:
            return Fetch(page, self._total - page * PAGE, None, backwards=True)
        behind = self._pages.get(page + 1)
        if behind:
            return Fetch(page, PAGE, behind[0].key, backwards=True)
        # Between what is known and what is wanted: a step from the nearer side, the end being always known.
        near = min(self._pages, key=lambda known: abs(known - page), default=-1)
        if near < 0 or self._last - page < abs(near - page):
            return self._fetch(self._last)
        return self._fetch(near + 1 if near < page else near - 1)

    def arrived(self, fetch: Fetch, rows: Sequence[K]) -> None:
        """Take a page that was read."""
        page = fetch.page
        self._asked.discard(page)
        if page == 0 and rows and self._before.get(1) not in (None, rows[-1].key):
            # Rows came or went above what was shown: what follows is read anew from here.
            self._forget()
        self._pages[page] = rows
        self._pages.move_to_end(page)
        if fetch.after is not None and not fetch.backwards:
            self._before[page] = fetch.after
        if rows:
            self._before[page + 1] = rows[-1].key
        if not fetch.backwards and len(rows) < fetch.limit and page * PAGE + len(rows) != self._total:
            if self._may_have_moved:
                self._forget()  # the places were wrong: what is before the end is read anew from the end
                return
            self._total = page * PAGE + len(rows)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)

    def _forget(self) -> None:
        self._pages.clear()
        self._before.clear()
        self._may_have_moved = False

    def failed(self, fetch: Fetch) -> None:
        """A page could not be read; it may be asked for again."""
        self._asked.discard(fetch.page)
