"""Where the cursor of the grid of targets goes, by keys and by the mouse, and how the view follows it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.geometry import Region

from cs_workspace.domain.goals.sheet import Box, Place
from cs_workspace.tui.widgets.grid_layout import CHECK, Layer, in_sight
from cs_workspace.tui.widgets.grid_paint import GridCanvas
from cs_workspace.tui.widgets.grid_view import identity

WHEEL = 3  # rows or milestones that the wheel scrolls


class GridCursor(GridCanvas):
    """A sheet in which one moves, selects ranges, checks rows and goes through the layers."""

    def __init__(self, *, layers: Sequence[Layer] = tuple(Layer), id: str | None = None) -> None:
        super().__init__(layers=layers, id=id)
        self._dragging = False

    # --- what the grid makes of it

    def has_moved(self) -> None:
        """The cursor is on another cell, or the cells show something else."""

    def settle(self) -> bool:
        """Bring what is being typed to an end; whether that could be done, and a click means something."""
        return True

    # --- moving

    def go(self, place: Place, *, extend: bool = False) -> None:
        """Go to a cell, or take it into the range."""
        sheet, before, range_ = self._sheet, self._cursor, self.box
        row = max(0, min(place[0], len(sheet.rows) - 1))
        column = max(0, min(place[1], len(sheet.columns) - 1))
        self._cursor = (row, column)
        self._anchor = self._anchor if extend else self._cursor
        if self._cursor == before and self.box == range_:
            return
        self._said = ()
        if self._bring_to(before):
            self.refresh()
        else:
            self._paint_move(before, range_)
        if (self._cursor == self._anchor) != (range_.top == range_.bottom and range_.left == range_.right):
            self.refresh_bindings()
        if self._cursor != before:
            self.has_moved()

    def _paint_move(self, before: Place, range_: Box) -> None:
        """What a move changes: the cells it left and took, their titles, and what is said."""
        m = self._measures
        regions = [self._region(range_), self._region(self.box)]
        if before[1] != self._cursor[1]:
            seen = [column for column in (before[1], self._cursor[1]) if column in self._visible]
            regions += [Region(m.head + (column - self._left) * m.slot, 0, m.slot, 1) for column in seen]
        self._paint(*regions)
        self._paint_status()

    def _bring_to(self, before: Place) -> bool:
        """Bring the cursor into sight, by half of it when it leaves step by step; whether anything moved."""
        m, (row, column) = self._measures, self._cursor
        top = in_sight(self._top, m.rows, len(self._sheet.rows), before[0], row)
        left = in_sight(self._left, m.columns, len(self._sheet.columns), before[1], column)
        moved = (top, left) != (self._top, self._left)
        self._top, self._left = top, left
        return moved

    def action_move(self, rows: int, columns: int, extend: bool = False) -> None:
        """Go so many cells, or take them into the range."""
        self.go((self._cursor[0] + rows, self._cursor[1] + columns), extend=extend)

    def action_edge(self, rows: int, columns: int, extend: bool = False) -> None:
        """Go to the first or last row or milestone; 0 stays."""
        row = self._cursor[0] if not rows else len(self._sheet.rows) * (rows > 0)
        self.go((row, len(self._sheet.columns) * (columns > 0)), extend=extend)

    def action_page(self, rows: int, columns: int) -> None:
        """Go as far as one sees."""
        m = self._measures
        self.action_move(rows * max(1, m.rows - 1), columns * max(1, m.columns - 1))

    def action_step(self, direction: int) -> None:
        """Go to the next cell of the row; at its end, to the next pane."""
        column = self._cursor[1] + direction
        if 0 <= column < len(self._sheet.columns):
            self.go((self._cursor[0], column))
        elif direction > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    # --- layers and checks

    def action_layer(self, direction: int) -> None:
        """Show the next or the last layer."""
        place = self._layers.index(self._layer) + direction
        self.show_layer(self._layers[place % len(self._layers)])

    def show_layer(self, layer: Layer) -> None:
        """Show a layer."""
        if layer is self._layer or layer not in self._layers:
            return
        self._layer = layer
        self._said = ()
        self._set_paste(None)
        self._measure()
        self.refresh()
        self.has_moved()

    def action_check(self) -> None:
        """Check the row, or take its check away."""
        if self._sheet.rows:
            self._check(self._cursor[0])

    def _check(self, row: int) -> None:
        self._checked ^= {identity(self._sheet.rows[row])}
        self._paint(Region(0, self._line(row), CHECK, 1))

    def action_check_all(self) -> None:
        """Check all rows; if all are, none."""
        every = frozenset(map(identity, self._sheet.rows))
        self._checked = frozenset() if self._checked >= every else every
        self._paint(Region(0, 1, CHECK, self._shown_rows))

    # --- the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go to a cell, check a row, or show the next layer."""
        event.stop()
        if not self.settle():
            return
        if event.y == 0 and event.x < self._measures.head:
            self.action_layer(1)
            return
        row = self._top + event.y - 1
        if event.y == 0 or not self._is_visible(row):
            return
        if event.x < CHECK:
            self._check(row)
            return
        place = self._place_at(event.x, event.y)
        if place is not None:
            self.go(place, extend=event.shift)
            self._dragging = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag a range."""
        if self._dragging:
            place = self._place_at(event.x, event.y)
            if place is not None:
                self.go(place, extend=True)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        event.stop()
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def _place_at(self, x: int, y: int) -> Place | None:
        """The cell under the mouse; a name stands for the first cell in sight."""
        m = self._measures
        row = self._top + y - 1
        if not self._is_visible(row) or not self._sheet.columns:
            return None
        # The bracket after a cell is the next one's gap; with a gap of two it belongs to the cell.
        column = self._left + max(0, (x - m.head - m.gap // 2) // m.slot)
        return (row, column) if column in self._visible else None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Down, or to the right with shift."""
        self._wheel(event, 0 if event.shift else WHEEL, WHEEL if event.shift else 0)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Up, or to the left with shift."""
        self._wheel(event, 0 if event.shift else -WHEEL, -WHEEL if event.shift else 0)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """To the right."""
        self._wheel(event, 0, WHEEL)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """To the left."""
        self._wheel(event, 0, -WHEEL)

    def _wheel(self, event: events.MouseEvent, rows: int, columns: int) -> None:
        """Scroll; the cursor stays where it is, and the next key brings it into sight."""
        event.stop()
        m = self._measures
        top = max(0, min(self._top + rows, len(self._sheet.rows) - m.rows))
        left = max(0, min(self._left + columns, len(self._sheet.columns) - m.columns))
        if (top, left) != (self._top, self._left):
            self._top, self._left = top, left
            self.refresh()
