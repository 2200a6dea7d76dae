"""What a list knows of its rows: all of them in memory, or pages of a table of any size, fetched by key (LST-3)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

Key = tuple[Any, ...]  # where a row stands in its order; only the store looks into it
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

PAGE = 128
KEPT = 24  # pages; the ones looked at longest ago go first
AHEAD = 96  # rows beyond the visible ones that are wanted too, before anybody gets there
UNCOUNTED = 1 << 40  # rows of a list nobody has counted yet: more than there can be


@dataclass(frozen=True, slots=True)
class Fetch:
    """A page to read: at most `limit` rows after a key, or before it when `backwards`; no key is the border.

    Pages are numbered from the top; those read from the end are negative, the last one is -1.
    """

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

    def wanted(self, first: int, last: int, ahead: int = AHEAD) -> Sequence[Fetch]:
        """What has to be read for these places and `ahead` around them, as far as it can be said now; asked once."""


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

    def wanted(self, first: int, last: int, ahead: int = AHEAD) -> Sequence[Fetch]:  # noqa: ARG002 - nothing is missing
        """Nothing: all rows are here."""
        return ()


class Keyed(Protocol):
    """A row of a page: its record and its place in the order."""

    @property
    def id(self) -> int:
        """The record's id."""

    @property
    def key(self) -> Key:
        """Where it stands in the order."""


K = TypeVar("K", bound=Keyed)


class Pages(Generic[K]):
    """A window over a list in the store: a run of pages from the top and a run of pages from the end.

    A page is read from the row beside it, so a jump to the end costs what the first page costs, and neither needs to
    know how many rows there are. A list is shown before it is counted:

    1. `pages = Pages()`; `while fetches := pages.wanted(first, first + room, ahead=0)`: read each fetch and hand its
       rows to `pages.arrived(fetch, rows)`. Then `table.show(pages)`: the first screen is there.
    2. Unless `pages.is_counted` (a list that ends on its first page counts itself), count in the background and say
       `pages.counted(total)`. Until then `total` is `UNCOUNTED`: good for moving about, never to be shown.
    3. `table.show(pages, keep=current.id if current else None, index=table.cursor)` puts rows that were read from the
       end in their true places, and a cursor beyond the end on the last row.

    To read a list again where it stands, begin with `Pages(old.total if old.is_counted else None, old.start_of(top))`
    at that place, and count anew.
    """

    def __init__(self, total: int | None = None, start: tuple[int, Key] | None = None) -> None:
        """`start` is where to begin when it is not the top: a page and the key of the row before it."""
        self._total = total
        self._end: int | None = None  # the end as it was come to
        self._pages: OrderedDict[int, Sequence[K]] = OrderedDict()
        self._beside: dict[int, Key] = {}  # by page, the key of the row it is read from
        self._asked: dict[int, Fetch] = {}
        self._may_have_moved = start is not None  # rows may have come or gone above the start
        if start is not None:
            page, key = start
            self._beside[page] = key

    # --- how many there are

    @property
    def total(self) -> int:
        """How many places the list has; `UNCOUNTED` while nobody knows."""
        if self._total is not None:
            return self._total
        return UNCOUNTED if self._end is None else self._end

    @property
    def is_counted(self) -> bool:
        """Whether `total` is how many rows there are."""
        return self._total is not None

    def counted(self, total: int) -> None:
        """Learn how many rows there are. An end that was come to from the top is believed rather."""
        if self._end is None or self._may_have_moved:
            self._total = total
            self._check_end()

    def _came_to_end(self, end: int) -> None:
        self._end = end
        if not self._may_have_moved:
            self._total = end
        self._check_end()

    def _check_end(self) -> None:
        """Where the places turn out to be wrong, what is before the end is read anew from the end."""
        if self._end is not None and self._total not in (None, self._end):
            self._forget_from(0)

    # --- the rows

    def row(self, index: int) -> K | None:
        """The row at a place; None while its page is not here."""
        if not 0 <= index < self.total:
            return None
        page, offset = divmod(index, PAGE)
        rows = self._pages.get(page, ())
        if offset < len(rows):
            return rows[offset]
        page, offset = divmod(index - self.total, PAGE)
        rows = self._pages.get(page, ())
        offset -= PAGE - len(rows)  # a page that reaches the top is short at its beginning
        return rows[offset] if rows and offset >= 0 else None

    def id_at(self, index: int) -> int | None:
        """Which record is at a place."""
        row = self.row(index)
        return None if row is None else row.id

    def index_of(self, id: int) -> int | None:
        """Where a record is, if its page is here."""
        for page, rows in self._pages.items():
            for offset, row in enumerate(rows):
                if row.id == id:
                    return page * PAGE + offset if page >= 0 else self._behind(page) - len(rows) + offset
        return None

    def known(self) -> Iterable[K]:
        """The rows of the pages that are here; some may come twice."""
        return (row for rows in self._pages.values() for row in rows)

    def start_of(self, index: int) -> tuple[int, Key] | None:
        """The page of a place and the key before it, for a window that begins there; None at the top."""
        page = index // PAGE
        if page == 0:
            return None
        key = self._beside.get(page)
        if key is None and self.is_counted:
            before = self.row(page * PAGE - 1)
            key = None if before is None else before.key
        return None if key is None else (page, key)

    # --- what is to be read

    def wanted(self, first: int, last: int, ahead: int = AHEAD) -> Sequence[Fetch]:
        """The pages around these places that are not here, or the ones on the way to them."""
        fetches = []
        place = max(0, first - ahead)
        while place <= min(self.total - 1, last + ahead):
            page = self._page_of(place)
            place = self._behind(page)
            if page in self._pages:
                self._pages.move_to_end(page)
                continue
            page = self._next_towards(page)
            if page not in self._asked:
                fetches.append(self._asked.setdefault(page, self._fetch(page)))
        return fetches

    def _page_of(self, place: int) -> int:
        """The page that holds a place, of the two runs the one that has it or is nearer to it."""
        top, end = place // PAGE, (place - self.total) // PAGE
        if top in self._pages or end in self._pages:
            return top if top in self._pages else end
        return top if abs(self._next_towards(top) - top) <= abs(self._next_towards(end) - end) else end

    def _behind(self, page: int) -> int:
        """The first place behind a page."""
        return (page + 1) * PAGE + (self.total if page < 0 else 0)

    def _next_towards(self, page: int) -> int:
        """The page to read next on the way to one: the nearest whose neighbour is known."""
        if page in self._beside:
            return page
        if page < 0:
            return max(page, min((known for known in self._beside if known < 0), default=-1))
        above = {known - 1 for known, rows in self._pages.items() if known > 0 and rows}
        return min({0} | above | {known for known in self._beside if known >= 0}, key=lambda known: abs(known - page))

    def _fetch(self, page: int) -> Fetch:
        if page < 0:
            return Fetch(page, PAGE, self._beside.get(page), backwards=True)
        if page == 0 or page in self._beside:
            return Fetch(page, PAGE, self._beside.get(page))
        # Upwards from a start; one row more, which is the one this page is read from.
        return Fetch(page, PAGE + 1, self._pages[page + 1][0].key, backwards=True)

    def arrived(self, fetch: Fetch, rows: Sequence[K]) -> None:
        """Take a page that was read."""
        page = fetch.page
        if self._asked.get(page) != fetch:
            return  # what it was read from has been forgotten
        del self._asked[page]
        if page < 0:
            self._arrived_from_end(page, rows)
        elif len(rows) < fetch.limit and (fetch.backwards or (not rows and self._may_have_moved)):
            self._forget_from(0)  # there are fewer rows than there were
        else:
            if fetch.backwards:
                self._beside[page] = rows[0].key
                rows = rows[1:]
            self._arrived_from_top(page, rows)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)

    def _arrived_from_top(self, page: int, rows: Sequence[K]) -> None:
        if rows:
            last = rows[-1].key
            if self._beside.get(page + 1, last) != last:
                self._forget_from(page + 1)  # rows came or went above what was shown
            self._beside[page + 1] = last
        self._pages[page] = rows
        self._pages.move_to_end(page)
        end = page * PAGE + len(rows)
        if len(rows) < PAGE:
            self._came_to_end(end)
        elif self._total is not None and end > self._total:
            self._total = end

    def _arrived_from_end(self, page: int, rows: Sequence[K]) -> None:
        self._pages[page] = rows
        self._pages.move_to_end(page)
        if len(rows) == PAGE:
            self._beside[page - 1] = rows[0].key
        else:  # this is the top
            if self._may_have_moved:
                self._forget_from(0)
            self._came_to_end((-1 - page) * PAGE + len(rows))

    def _forget_from(self, page: int) -> None:
        """Read this page and those that follow it anew."""
        for known in [known for known in self._pages if known >= page]:
            del self._pages[known]
        for known in [known for known in self._beside if known >= page]:
            del self._beside[known]
        self._asked = {asked: fetch for asked, fetch in self._asked.items() if asked < page}
        self._end = None
        self._may_have_moved = self._may_have_moved and page > 1

    def failed(self, fetch: Fetch) -> None:
        """A page could not be read; it may be asked for again."""
        if self._asked.get(fetch.page) == fetch:
            del self._asked[fetch.page]
