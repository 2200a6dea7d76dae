"""The one list on every screen: drawn line by line, so that a million rows cost what the visible ones cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, TypeVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from cs_workspace.tui.keys import some
from cs_workspace.tui.text import TONES, Cell, Part, clip, fit, fit_cell, strip_of, width_of
from cs_workspace.tui.widgets.window import Fetch, Rows, Window

R = TypeVar("R")

MARKER = 2  # cells in front of a row
MEASURED = 200  # rows that say how wide a column should be
SORTED = 16  # cells of the title of a column by which the list is sorted
WIDE = 100  # from here on columns have two cells between them where nothing is cut for it


@dataclass(frozen=True, slots=True)
class Column:
    """A column: at least `low` cells, up to `high` where there is room; of two, the higher `rank` is dropped first."""

    name: str
    title: str
    low: int
    high: int = 0
    right: bool = False
    rank: int = 0
    sortable: bool = True


@dataclass(frozen=True, slots=True)
class Sort:
    """What a list is sorted by; no column is the list's own order. `first` are columns that come before this one."""

    column: str = ""
    descending: bool = False
    first: tuple[tuple[str, bool], ...] = ()

    @property
    def keys(self) -> tuple[tuple[str, bool], ...]:
        """Columns and whether each descends, the most important one first."""
        return (*self.first, (self.column, self.descending)) if self.column else self.first


def lay_out(columns: Sequence[Column], width: int, gap: int, natural: Mapping[str, int]) -> list[tuple[Column, int]]:
    """The columns that fit, with their widths: what their cells need where there is room, less where there is not."""
    kept = list(columns)
    while len(kept) > 1 and sum(c.low for c in kept) + gap * (len(kept) - 1) > width:
        drop = max(kept, key=lambda c: c.rank)
        if drop.rank == 0:
            break
        kept.remove(drop)
    widths = {c.name: max(c.low, min(natural.get(c.name, c.low), c.high)) for c in kept}
    over = sum(widths.values()) + gap * (len(kept) - 1) - width
    while over > 0:
        # The first column says what a row is: it keeps three cells for every one of the others.
        widest = max(kept, key=lambda c: (widths[c.name] - c.low) / (3 if c is kept[0] else 1))
        if widths[widest.name] <= widest.low:
            break
        widths[widest.name] -= 1
        over -= 1
    return [(c, widths[c.name]) for c in kept]


class RecordTable(Widget, Generic[R], can_focus=True):
    """Rows of a window under a header. The cursor stays on its record when rows come and go.

    A list that offers actions on marks says with `mark` which record a row stands for; marks belong to records, so they
    survive filtering, scrolling and reading again (LST-4). A list that may be `endless` marks what is in sight first,
    then everything it would ever show, rows that nobody has read included.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--cursor",
        "table--cursor-blurred",
        *(f"table--{tone}" for tone in TONES),
    }
    BINDINGS: ClassVar[list[BindingType]] = some(
        "list.down",
        "list.up",
        "list.first",
        "list.last",
        "list.half_down",
        "list.half_up",
        "list.page_down",
        "list.page_up",
        "list.mark",
        "list.mark_down",
        "list.mark_up",
        "list.mark_all",
    )
    ALLOW_SELECT = False

    # What the cursor leaves and where it goes is painted by hand: the rest of the list has not changed.
    cursor: reactive[int] = reactive(0, repaint=False)

    class Moved(Message):
        """The cursor is on another row, or its row is here now."""

        def __init__(self, table: RecordTable[Any], row: object) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> RecordTable[Any]:
            """The list."""
            return self.table

    class Chosen(Message):
        """A row was clicked that had the cursor already."""

        def __init__(self, table: RecordTable[Any]) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> RecordTable[Any]:
            """The list."""
            return self.table

    class Wanted(Message):
        """Pages have to be read."""

        def __init__(self, table: RecordTable[Any], fetches: Sequence[Fetch]) -> None:
            super().__init__()
            self.table = table
            self.fetches = fetches

        @property
        def control(self) -> RecordTable[Any]:
            """The list."""
            return self.table

    class Sorted(Message):
        """The list should be sorted another way."""

        def __init__(self, table: RecordTable[Any], sort: Sort) -> None:
            super().__init__()
            self.table = table
            self.sort = sort

        @property
        def control(self) -> RecordTable[Any]:
            """The list."""
            return self.table

    class Marked(Message):
        """Other records are marked."""

        def __init__(self, table: RecordTable[Any]) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> RecordTable[Any]:
            """The list."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column],
        cells: Callable[[R, Sequence[str]], Sequence[Cell]],
        *,
        header: bool = True,
        lasting: bool = True,
        mark: Callable[[R], int] | None = None,
        endless: bool = False,
        id: str | None = None,
    ) -> None:
        """`cells` gives a row's cells for the named columns, harmless already.

        A cursor that is not `lasting` shows only while the list has the keys.
        """
        super().__init__(id=id)
        self._columns = columns
        self._cells = cells
        self._header = 1 if header else 0
        self._lasting = lasting
        self._window: Window[R] = Rows((), lambda _: 0)
        self._laid_out: list[tuple[Column, int]] = []
        self._shown: list[str] = []  # the names of these columns
        self._gap = 1  # cells between them
        self._styles: Mapping[str, Style] = {}  # while it is being painted
        self._natural: dict[str, int] = {}
        self._measured: set[int] = set()  # places whose cells have said how wide they would like to be
        self._message: Sequence[Sequence[Part]] = ()
        self._top = 0
        self._seen: object = None  # what was painted when rows came
        self._sized = Size(0, 0)
        self._sort = Sort()
        self._reported: object = None
        self._mark = mark
        self._marked: frozenset[int] = frozenset()
        self._endless = endless
        self._all_marked = False
        self._marker = MARKER if mark is None else MARKER + 1

    # --- what it shows

    @property
    def window(self) -> Window[R]:
        """Where its rows are."""
        return self._window

    @property
    def columns(self) -> Sequence[Column]:
        """All its columns, shown or not."""
        return self._columns

    @property
    def widths(self) -> Mapping[str, int]:
        """How wide the columns are that have room."""
        return {column.name: cells for column, cells in self._laid_out}

    @property
    def sort(self) -> Sort:
        """What it is sorted by."""
        return self._sort

    @property
    def top(self) -> int:
        """The place of the uppermost visible row."""
        return self._top

    @property
    def current(self) -> R | None:
        """The row under the cursor."""
        return self._window.row(self.cursor)

    @property
    def room(self) -> int:
        """How many rows are visible at once."""
        return max(1, self._space.height - self._header)

    @property
    def _space(self) -> Size:
        """How large it is; while something else has its place, how large it was."""
        return self.size or self._sized

    def line_of(self, index: int) -> int | None:
        """On which of its lines a row stands; none where it is out of sight."""
        line = index - self._top
        return line + self._header if 0 <= line < self.room else None

    def left_of(self, name: str) -> int:
        """How many cells stand before a column."""
        left = self._marker
        for column, cells in self._laid_out:
            if column.name == name:
                break
            left += cells + self._gap
        return left

    @property
    def marked(self) -> frozenset[int]:
        """The ids of the marked records, shown or not."""
        return self._marked

    @property
    def all_marked(self) -> bool:
        """Whether everything the list would ever show is marked, rows that nobody has read included."""
        return self._all_marked

    def mark(self, ids: Iterable[int]) -> None:
        """Mark these records and no others."""
        self._remark(frozenset(ids), every=False)

    def _remark(self, marked: frozenset[int], *, every: bool) -> None:
        if (marked, every) != (self._marked, self._all_marked):
            self._marked, self._all_marked = marked, every
            self.refresh()
            self.post_message(self.Marked(self))

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns."""
        self._columns = columns
        self._measured.clear()
        self._lay_out()
        self.refresh()

    def show(self, window: Window[R], *, keep: int | None = None, index: int | None = None) -> None:
        """Show other rows. The cursor goes to the record `keep` if it is there, else to `index`, else to the top."""
        self._window = window
        self._measured.clear()
        self._message = ()
        place = window.index_of(keep) if keep is not None else None
        target = place if place is not None else (index or 0)
        offset = self.cursor - self._top
        self.set_reactive(RecordTable.cursor, self.validate_cursor(target))
        self._top = self._valid_top(self.cursor - offset)
        self._reported = None
        self.refresh()
        self.arrived()

    def arrived(self) -> None:
        """Rows have come: paint those in sight, say what is under the cursor, ask for what is still missing."""
        window = self._window
        self.set_reactive(RecordTable.cursor, self.validate_cursor(self.cursor))
        self._top = self._valid_top(self._top)
        self._measure()
        rows = [window.row(index) for index in range(self._top, self._top + self.room)]
        seen = (window, window.total, self._top, self.cursor, self._laid_out, rows)
        if seen != self._seen:
            self._seen = seen
            self.refresh()
        self._report()
        self._ask()

    def changed(self) -> None:
        """The same rows say something else."""
        self._measured.clear()
        self.refresh()
        self.arrived()

    def say(self, *lines: Sequence[Part]) -> None:
        """Say something in place of rows: why there are none."""
        self._message = lines
        self.refresh()

    def set_sort(self, sort: Sort) -> None:
        """Show in the header what the rows are sorted by."""
        self._sort = sort
        self._lay_out()
        self.refresh()

    # --- sizes

    def on_resize(self) -> None:
        """Lay the columns out for the new width; a list that is shown again as it was has been painted already."""
        if self.size == self._sized:
            return
        self._sized = self.size
        self._lay_out()
        self._top = self._valid_top(self._top)
        self.refresh()
        self._ask()

    def _lay_out(self) -> None:
        width = self._space.width
        self._gap = self._gap_for(width)
        columns = [self._with_arrow(column) for column in self._columns]
        self._laid_out = lay_out(columns, max(0, width - self._marker - 1), self._gap, self._natural)
        self._shown = [column.name for column, _ in self._laid_out]

    def _with_arrow(self, column: Column) -> Column:
        """What the list is sorted by has room for its title and the arrow, unless somebody chose its width."""
        if column.low == column.high or column.name not in dict(self._sort.keys):
            return column
        room = min(width_of(column.title), SORTED) + (2 if len(self._sort.keys) == 1 else 3)
        return replace(column, low=max(column.low, room), high=max(column.high, room))

    def _measure(self) -> None:
        """How wide the cells would like to be; widths grow with what is seen and never jump back while one looks."""
        names = [column.name for column in self._columns]
        found = dict(self._natural)
        for index in range(self._top, min(self._top + MEASURED, self._window.total)):
            row = self._window.row(index) if index not in self._measured else None
            if row is not None:
                self._measured.add(index)
                for name, cell in zip(names, self._cells(row, names), strict=True):
                    found[name] = max(found.get(name, 0), sum(width_of(part.text) for part in cell))
        if found != self._natural:
            self._natural = found
            self._lay_out()

    def _gap_for(self, width: int) -> int:
        if width < WIDE:
            return 2 if len(self._columns) <= 3 else 1
        wanted = sum(max(c.low, min(self._natural.get(c.name, c.low), c.high)) for c in self._columns)
        return 2 if wanted + 2 * len(self._columns) <= width else 1

    def _valid_top(self, top: int) -> int:
        room = self.room
        top = min(max(top, self.cursor - room + 1), self.cursor)
        return max(0, min(top, self._window.total - room))

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self._window.total - 1))

    # --- painting

    def render_lines(self, crop: Region) -> list[Strip]:
        """Styles are looked up once for all lines: that takes longer than to paint one."""
        self._styles = self._find_styles()
        lines = super().render_lines(crop)
        self._styles = {}
        return lines

    def _find_styles(self) -> Mapping[str, Style]:
        cursor = "table--cursor" if self.has_focus else "table--cursor-blurred"
        return {
            "": self.rich_style,
            "cursor": self.get_component_rich_style(cursor),
            **{tone: self.get_component_rich_style(f"table--{tone}") for tone in TONES},
        }

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self._header and y == 0:
            return self._render_header(width)
        index = self._top + y - self._header
        styles = self._styles or self._find_styles()
        if self._message and not self._window.total:
            line = y - self._header - 1
            parts = self._message[line] if 0 <= line < len(self._message) else ()
            return strip_of(fit_cell((Part("  "), *parts), width), styles, width)
        if index >= self._window.total:
            return Strip.blank(width, styles[""])
        return self._render_row(index, styles, width)

    def _render_header(self, width: int) -> Strip:
        parts = [Part(" " * self._marker)]
        levels = {name: number for number, (name, _) in enumerate(self._sort.keys, 1)}
        down = dict(self._sort.keys)
        for column, cells in self._laid_out:
            title = column.title
            if column.name in levels:
                level = str(levels[column.name]) if len(levels) > 1 else ""
                arrow = f"{'↓' if down[column.name] else '↑'}{level}"
                title = f"{clip(title, cells - len(arrow) - 1)} {arrow}".lstrip()
            if len(parts) > 1:
                parts.append(Part(" " * self._gap))
            parts.append(Part(fit(title, cells, right=column.right)))
        style = self.get_component_rich_style("table--header")
        return strip_of(parts, {"": style}, width)

    def _render_row(self, index: int, styles: Mapping[str, Style], width: int) -> Strip:
        row = self._window.row(index)
        here = index == self.cursor and (self._lasting or self.has_focus)
        if row is None:
            front = Part(("▸" if here else "").ljust(self._marker), "mark")
            return strip_of([front, Part("…", "quiet")], styles, width)
        cells = self._cells(row, self._shown)
        parts: list[Part] = []
        for number, ((column, space), cell) in enumerate(zip(self._laid_out, cells, strict=True)):
            if number:
                parts.append(Part(" " * self._gap))
            fitted = fit_cell(cell, space, right=column.right)
            if number == 0:
                parts.append(Part(self._front(row, here=here), "cursor" if here else "mark"))
                if here:
                    fitted = [Part(each.text, "cursor") for each in fitted]
            parts += fitted
        return strip_of(parts, styles, width)

    def _front(self, row: R, *, here: bool) -> str:
        """What stands before a row: the cursor, and whether it is marked."""
        marked = self._mark is not None and (self._all_marked or self._mark(row) in self._marked)
        return f"{'▸' if here else ' '}{'●' if marked else ''}".ljust(self._marker)

    @property
    def _handle_width(self) -> int:
        """How much of a row changes when the cursor comes or goes: the marker and the first column."""
        return self._marker + (self._laid_out[0][1] if self._laid_out else 0)

    def _on_focus(self, event: events.Focus) -> None:
        # In the place of Textual's own handlers, which paint the whole list anew.
        event.prevent_default()
        self._has_keys(events.DescendantFocus(self), focus=True)

    def _on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self._has_keys(events.DescendantBlur(self), focus=False)

    def _has_keys(self, news: events.DescendantFocus | events.DescendantBlur, *, focus: bool) -> None:
        self.has_focus = focus
        self._paint_handle(self.cursor)
        if self.parent is not None:
            self.parent.post_message(news)

    def _paint_handle(self, index: int) -> None:
        y = index - self._top + self._header
        if self._header <= y < self.size.height:
            self.refresh(Region(0, y, self._handle_width, 1))

    # --- moving

    def watch_cursor(self, old: int, new: int) -> None:
        """Paint what the cursor left and where it is; half a page is scrolled at once, which sends half as much."""
        room = self.room
        if self._top <= new < self._top + room:
            self._paint_handle(old)
            self._paint_handle(new)
        else:
            one_step = abs(new - old) == 1
            if new < self._top:
                top = new - room // 2 if one_step else new
            else:
                top = new - room // 2 if one_step else new - room + 1
            self._top = self._valid_top(top)
            self.refresh()
        self._report()
        self._ask()

    def _report(self) -> None:
        row = self.current
        if row is not self._reported or row is None:
            self._reported = row
            self.post_message(self.Moved(self, row))

    def _ask(self) -> None:
        if not self._window.total or not self.is_mounted:
            return
        fetches = self._window.wanted(self._top, self._top + self.room - 1)
        if fetches:
            self.post_message(self.Wanted(self, fetches))

    def action_move(self, rows: int) -> None:
        """Go so many rows."""
        self.cursor += rows

    def action_first(self) -> None:
        """Go to the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """Go to the last row."""
        self.cursor = self._window.total - 1

    def action_half(self, direction: int) -> None:
        """Go half a page."""
        self._scroll(direction * max(1, self.room // 2))

    def action_page(self, direction: int) -> None:
        """Go a page, with one line of the last one still in sight."""
        self._scroll(direction * max(1, self.room - 1))

    def _scroll(self, rows: int) -> None:
        """Move view and cursor together."""
        top = self._top + rows
        cursor = self.validate_cursor(self.cursor + rows)
        self.set_reactive(RecordTable.cursor, cursor)
        self._top = self._valid_top(top)
        self.refresh()
        self._report()
        self._ask()

    # --- marking

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only lists that offer actions on marks can be marked."""
        return (self._mark is not None or not action.startswith("mark")) and super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Mark the row or not, and go to the next one."""
        row = self.current
        if row is not None and self._mark is not None:
            self.mark(self._marked ^ {self._mark(row)})
            self.cursor += 1

    def action_mark_on(self, rows: int) -> None:
        """Mark from this row to the one above or below, and go there."""
        if self._mark is not None:
            one = self.current
            self.cursor += rows
            both = (self._mark(row) for row in (one, self.current) if row is not None)
            self.mark(self._marked.union(both))

    def action_mark_all(self) -> None:
        """Mark all rows that are shown, then all there are, then none."""
        if self._mark is None:
            return
        shown = frozenset(self._mark(row) for row in self._in_sight())
        if self._all_marked:
            self.mark(())
        elif not shown <= self._marked:
            self.mark(self._marked | shown)
        elif self._endless and self._window.total > len(shown):
            self._remark(self._marked, every=True)
        else:
            self.mark(self._marked - shown)

    def _in_sight(self) -> Iterable[R]:
        """The rows that are shown: those on the screen where a list has no end, else all that are here."""
        if not self._endless:
            return self._window.known()
        rows = (self._window.row(index) for index in range(self._top, self._top + self.room))
        return [row for row in rows if row is not None]

    # --- sorting

    def next_sort(self) -> None:
        """Ask to be sorted by the next column, and after the last one in its own order again."""
        taken = {name for name, _ in self._sort.first}
        names = ["", *(c.name for c, _ in self._laid_out if c.sortable and c.name not in taken)]
        place = names.index(self._sort.column) if self._sort.column in names else 0
        following = names[(place + 1) % len(names)]
        self.post_message(self.Sorted(self, replace(self._sort, column=following, descending=False)))

    def more_sort(self) -> None:
        """Keep what it is sorted by; the next column that is chosen decides among equals."""
        if self._sort.column:
            self.post_message(self.Sorted(self, Sort(first=self._sort.keys)))

    def reverse_sort(self) -> None:
        """Ask to be sorted the other way round."""
        first = next((c.name for c, _ in self._laid_out if c.sortable), "")
        self.post_message(
            self.Sorted(
                self, replace(self._sort, column=self._sort.column or first, descending=not self._sort.descending)
            )
        )

    # --- the mouse

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three rows down."""
        event.stop()
        self._wheel(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three rows up."""
        event.stop()
        self._wheel(-3)

    def _wheel(self, rows: int) -> None:
        top = max(0, min(self._top + rows, self._window.total - self.room))
        if top == self._top:
            return
        self._top = top
        inside = max(top, min(self.cursor, top + self.room - 1))
        self.set_reactive(RecordTable.cursor, self.validate_cursor(inside))
        self.refresh()
        self._report()
        self._ask()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a row, open the row it is on, or sort by a column."""
        event.stop()
        if self._header and event.y == 0:
            column = self._column_at(event.x)
            if column is not None and column.sortable:
                same = column.name == self._sort.column
                self.post_message(self.Sorted(self, Sort(column.name, same and not self._sort.descending)))
            return
        index = self._top + event.y - self._header
        if index >= self._window.total:
            return
        if index == self.cursor:
            self.post_message(self.Chosen(self))
        else:
            self.cursor = index

    def _column_at(self, x: int) -> Column | None:
        left = self._marker
        for column, cells in self._laid_out:
            if left <= x < left + cells + self._gap:
                return column
            left += cells + self._gap
        return None
