"""A tab that is a list: filter line, rows, and a panel with what is behind the row (LST-1)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from cs_workspace.domain.errors import Invalid, Refused, WorkspaceError
from cs_workspace.tui.messages import Say
from cs_workspace.tui.page import Page
from cs_workspace.tui.panels.preview import Preview
from cs_workspace.tui.session import Host
from cs_workspace.tui.text import Part, part
from cs_workspace.tui.widgets.query_line import QueryLine
from cs_workspace.tui.widgets.record_table import RecordTable

SIDE_BY_SIDE = 100  # cells from which list and panel stand beside each other
TYPING = 0.1  # seconds without a key before the list follows the filter line
SETTLE = 0.06  # seconds the cursor rests on a row before the panel reads it


class ListTab(Page):
    """What Goals and Customers share."""

    PLACEHOLDER = "/ to filter"
    TITLE = ""
    NOTHING_YET: Sequence[str] = ()

    def __init__(self, host: Host, table: RecordTable[Any], preview: RecordTable[Any] | None = None) -> None:
        """`preview` is the list in the panel; without one the panel shows a record."""
        super().__init__(host)
        self.line = QueryLine(self.TITLE, self.PLACEHOLDER)
        self.table = table
        self.preview = Preview(preview)
        self.filter = ""  # what the rows answer to; the line may hold something unfinished
        self._leaving = False  # out of the filter line, to the rows
        self._counted_text = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="list"):
            yield self.line
            yield self.table
        yield self.preview

    @property
    def first_focus(self) -> Widget | None:
        """The rows."""
        return self.table

    # --- loading

    def on_mount(self) -> None:
        """Say that something is coming; where it comes at once nobody reads it."""
        self.table.say((part("Reading …", "quiet"),))

    def failed(self, error: WorkspaceError) -> None:
        """A mistake in the filter is shown under it and the list keeps what it has; the rest takes the list's place."""
        if isinstance(error, Invalid) and self.line.text.strip():
            self.line.wrong(error)
            if not self.table.window.total:
                self.table.say((part("The filter cannot be read."),), (part("/ changes it.", "quiet"),))
            if self._leaving:
                self.line.input.focus()  # there is something to mend
            return
        if self.table.window.total:
            self.post_message(Say(f"{error}  r tries again.", "bad"))
            return
        refused = isinstance(error, Refused)
        self.table.say(
            (part("This is not for everybody.", "warn") if refused else part("This could not be read.", "bad"),),
            (part(error.message),),
            (part(error.hint, "quiet"),),
            *(() if refused else ((part("r tries again.", "quiet"),),)),
        )
        self.line.count()

    def unfinished(self, found: int) -> bool:
        """Whether nothing was found for half a property name: the list keeps what it has until there is more."""
        return not found and self.line.naming

    def nothing(self) -> None:
        """Say why the list is empty (LST-5)."""
        if self.filter.strip():
            self.table.say((part("Nothing matches the filter."),), (part("esc takes it away, / changes it.", "quiet"),))
        else:
            self.nothing_yet()

    def nothing_yet(self) -> None:
        """Say how the first one is made."""
        first, *others = self.NOTHING_YET
        self.table.say((part(first),), *((part(each, "quiet"),) for each in others))

    def say_count(self, text: str) -> None:
        """Say above the list how much it shows, and how many records are marked."""
        self._counted_text = text
        marks = self._marks_in_words()
        pieces = (part(marks, "accent"), part(" · ", "quiet")) if marks else ()
        self.line.count(*pieces, part(text, "quiet"))

    def _marks_in_words(self) -> str:
        marked = self.table.marked
        if self.table.all_marked:
            return f"all {self.table.window.total:,} marked"
        hidden = f", {out:,} not shown" if (out := len(marked) - self.shown_marks()) else ""
        return f"{len(marked):,} marked{hidden}" if marked else ""

    def shown_marks(self) -> int:
        """How many of the marked records are among the rows."""
        return len(self.table.marked)

    def on_record_table_marked(self, event: RecordTable.Marked) -> None:
        """The count says how many."""
        event.stop()
        self.say_count(self._counted_text)
        self.refresh_bindings()

    # --- keys

    def action_filter(self) -> None:
        """Go to the filter line."""
        if self.preview.display and not self._beside:
            self._close_preview()
        self.line.input.focus()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.table.next_sort()

    def action_reverse(self) -> None:
        """Sort the other way round."""
        self.table.reverse_sort()

    def action_sort_more(self) -> None:
        """Keep the order and sort equals by another column."""
        if self.table.sort.column:
            self.table.more_sort()
            self.post_message(Say("s chooses the column that decides among equals."))
        else:
            self.post_message(Say("Sort by a first column before, with s."))

    def action_form(self) -> None:
        """Choose the filter property by property."""
        session, kind = self.host.session, self.line.kind
        if session is None or kind is None:
            return
        from cs_workspace.domain.query.binding import Context, bind
        from cs_workspace.domain.query.parser import parse
        from cs_workspace.tui.panels.filter_form import FilterForm

        around = session.around
        context = Context(session.clock.now(), session.tz, around.currency, around.actor.id, around.names)
        try:
            tree = bind(parse(self.line.text), kind, context).tree
        except Invalid as error:
            self.line.wrong(error)
            self.line.input.focus()
            return
        self.app.push_screen(FilterForm(kind, context, tree), self._formed)

    def _formed(self, text: str | None) -> None:
        if text is not None:
            self.line.write(text)
            self.table.focus()

    def action_preview(self) -> None:
        """Open the panel, or go to it."""
        if self.table.current is None:
            return
        if self.preview.display:
            self.preview.table.focus()
            return
        self.preview.display = True
        self._arrange()
        self._read_preview()

    @property
    def can_go_back(self) -> bool:
        """Out of the panel, out of the filter."""
        return bool(self.preview.display or self.line.text)

    def back(self) -> None:
        """Out of the panel, then out of the filter."""
        if self.preview.display:
            self._close_preview()
        elif self.line.text:
            self.line.clear()
            self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the list's keys do means nothing within the panel."""
        inside = self.preview.display and self.preview.table.has_focus
        return not (inside and action in {"preview", "open", "sort", "sort_more", "reverse"}) and super().check_action(
            action, parameters
        )

    # --- the panel

    @property
    def _beside(self) -> bool:
        return self.size.width >= SIDE_BY_SIDE

    def on_resize(self) -> None:
        """Beside or instead, as there is room."""
        self._arrange()

    def _arrange(self) -> None:
        only = self.preview.display and not self._beside
        self.set_class(only, "-instead")
        self.refresh_bindings()
        if only and self.table.has_focus:
            self.preview.table.focus()

    def _close_preview(self) -> None:
        self.preview.display = False
        self._arrange()
        self.table.focus()

    def _read_preview(self, pause: float = 0.0) -> None:
        if self.preview.display and self.host.session is not None:
            self.work("preview", self._read_preview_after(pause))

    async def _read_preview_after(self, pause: float) -> None:
        if pause:
            await asyncio.sleep(pause)
        row = self.table.current
        if row is not None:
            await self.read_preview(row)

    async def read_preview(self, row: Any) -> None:
        """Read what is behind a row and show it."""
        raise NotImplementedError

    # --- what the parts tell

    def on_query_line_changed(self, event: QueryLine.Changed) -> None:
        """Results follow the typing."""
        event.stop()
        self._leaving = False
        self.refresh_bindings()
        if self.host.session is not None:
            self.work("typing", self._typed())

    async def _typed(self) -> None:
        await asyncio.sleep(TYPING if self.line.text else 0)
        self.load()

    def on_query_line_left(self, event: QueryLine.Left) -> None:
        event.stop()
        self.table.focus()
        self._leaving = True
        if self.line.text != self.filter and self.host.session is not None:
            self.load()

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        event.stop()
        if event.table is self.table:
            self._read_preview(SETTLE)

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        event.stop()
        if event.table is self.table:
            self.action_preview()


def heading(title: str, *pairs: tuple[str, str]) -> list[Sequence[Part]]:
    """The top of a panel: its title, then a line per pair of word and value."""
    return [(part(title, "strong"),), *((part(f"{word:<13}", "quiet"), part(value)) for word, value in pairs), ()]
