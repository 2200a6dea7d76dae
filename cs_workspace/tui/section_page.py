"""A page of titled sections: all at once where there is room, one after another where there is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.tui.page import Page
from cs_workspace.tui.session import Host
from cs_workspace.tui.text import Part, content, lines, part
from cs_workspace.tui.widgets.record_table import RecordTable
from cs_workspace.tui.widgets.window import Rows

R = TypeVar("R")

STACKED = 100  # cells below which sections are shown one after another


class Section(Vertical):
    """A titled part of the page."""

    def __init__(self, name: str, inside: Widget, *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.named = name
        self.inside = inside
        self.title = Static("", classes="title", markup=False)

    def compose(self) -> ComposeResult:
        yield self.title
        yield self.inside

    def entitle(self, *pieces: Part | str) -> None:
        """Say what it shows."""
        self.title.update(content(*(pieces or (self.named,))))


class SectionPage(Page):
    """Base of such pages. Boxes of class `upper`, `lower` and `side` hold the sections."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.sections: Sequence[Section] = ()
        self._head = Static("", classes="head", markup=False)
        self._names = Static("", classes="names", markup=False)

    @property
    def _stacked(self) -> bool:
        return self.app.size.width < STACKED

    @property
    def _visible(self) -> Sequence[Section]:
        """The sections that have something to say."""
        return self.sections

    @property
    def _current(self) -> Section:
        focused = self.app.focused
        held = next((each for each in self.sections if each.inside is focused), None)
        return held or next((each for each in self.sections if each.has_class("-current")), self.sections[0])

    def _arrange(self, current: Section) -> None:
        stacked, visible, failed = self._stacked, self._visible, self.has_class("-failed")
        self.set_class(stacked, "-stacked")
        for each in self.sections:
            each.set_class(each is current, "-current")
            each.display = each in visible and (not stacked or each is current)
        for box in self.query(".upper, .lower, .side"):
            box.display = not failed and (not stacked or current in box.walk_children(Section))
        self._show_names()

    def _show_names(self) -> None:
        current = next((each for each in self.sections if each.has_class("-current")), self.sections[0])
        pieces: list[Part] = []
        for each in self._visible:
            pieces += [part(each.named, "accent" if each is current else "quiet"), part("   ")]
        self._names.update(content(*pieces, part("tab", "quiet")))

    def action_section(self, step: int) -> None:
        """Go to the next section; on a small screen it takes the place of the one before."""
        visible = self._visible
        current = self._current
        place = visible.index(current) if current in visible else 0
        self._go_to(visible[(place + step) % len(visible)])

    def _go_to(self, section: Section) -> None:
        self._arrange(section)
        section.inside.focus()

    def on_descendant_focus(self) -> None:
        """A click moves between sections too."""
        if self.is_mounted and not self._current.has_class("-current"):
            self._arrange(self._current)

    def on_resize(self) -> None:
        """All at once or one after another, as there is room."""
        self._arrange(self._current)

    def _say_failed(self, what: str, error: WorkspaceError, way_on: str = "r tries again, esc goes back.") -> None:
        """Say in place of all sections why there is nothing to show."""
        self.set_class(True, "-failed")
        self._arrange(self._current)
        self._head.update(
            lines(
                [
                    (part(what, "bad"),),
                    (part(error.message),),
                    (part(error.hint, "quiet"),),
                    (part(way_on, "quiet"),),
                ]
            )
        )


def show_rows(table: RecordTable[R], rows: Sequence[R], identity: Callable[[R], int]) -> None:
    """Show rows; the cursor stays on its own."""
    current = table.current
    table.show(Rows(rows, identity), keep=None if current is None else identity(current), index=table.cursor)
