"""Which columns a list has, in which order, and how wide; the list behind follows every key (LST-2, LST-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workspace.domain.columns import opening
from cs_workspace.domain.query.folding import fold
from cs_workspace.domain.schema.model import ObjectType, Property
from cs_workspace.tui.keys import Where, bindings, some
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.record_columns import NARROWEST, WIDEST, properties
from cs_workspace.tui.text import Cell, cell, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

Choose = Callable[[Sequence[str], Mapping[str, int]], None]

_COLUMNS = (
    Column("sign", "", 1, 1, sortable=False),
    Column("label", "", 20, 40, sortable=False),
    Column("width", "", 8, 12, right=True, sortable=False),
    Column("name", "", 8, 30, rank=1, sortable=False),
)
STEP = 2  # cells


class ColumnInput(Input):
    """The line where one looks for a property. Its other keys are for the column under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Where.COLUMNS)

    class Asked(Message):
        """A key was pressed that is not for the line: what it asks for, and how far."""

        def __init__(self, what: str, step: int = 0) -> None:
            super().__init__()
            self.what = what
            self.step = step

    def action_shift(self, step: int) -> None:
        """Move the column."""
        self.post_message(self.Asked("shift", step))

    def action_widen(self, step: int) -> None:
        """Make the column wider or narrower."""
        self.post_message(self.Asked("widen", step))

    def action_reset(self) -> None:
        """Back to the columns the list opens with."""
        self.post_message(self.Asked("reset"))


class ColumnChooser(Drawer[None]):
    """Opened by `c`. The title is the first column and stays it."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.down", "panel.up")
    HINTS = ("enter show or hide", "shift+↑↓ order", "← → width", "ctrl+r reset", "esc close")

    def __init__(
        self,
        kind: ObjectType,
        chosen: Sequence[str],
        widths: Mapping[str, int],
        shown: Callable[[], Mapping[str, int]],
        choose: Choose,
    ) -> None:
        """`widths` are those somebody chose; `shown` says how wide each column is that has room now."""
        super().__init__()
        self._title = kind.title
        self._opening = opening(kind)
        self._properties = properties(kind)
        self._numbers = {name: number for number, name in enumerate(self._properties)}
        self._chosen = list(chosen)
        self._widths = dict(widths)
        self._shown = shown
        self._choose = choose
        self._input = ColumnInput(placeholder="a property; type to find it", compact=True, max_length=100)
        self.table: RecordTable[Property] = RecordTable(_COLUMNS, self._cells, header=False, id="columns")
        self.table.can_focus = False

    def inside(self) -> Iterable[Widget]:
        """The line, the columns in their order and behind them everything else."""
        yield Static(lines([(part("Columns", "strong"),)]), classes="heading", markup=False)
        yield self._input
        yield self.table

    def on_mount(self) -> None:
        """Show everything."""
        self._input.cursor_blink = False
        self._list()
        self._input.focus()

    def _list(self, keep: str | None = None) -> None:
        words = fold(self._input.value).split()
        rest = (name for name in self._properties if name not in self._chosen)
        found = [self._properties[name] for name in (*self._chosen, *rest) if self._matches(name, words)]
        rows = Rows(found, lambda prop: self._numbers[prop.name])
        self.table.show(rows, index=self.table.cursor)
        place = None if keep is None else rows.index_of(self._numbers[keep])
        if place is not None:
            self.table.cursor = place
        if not found:
            self.table.say((part("No property is called that.", "quiet"),))

    def _matches(self, name: str, words: Sequence[str]) -> bool:
        text = f" {fold(f'{self._properties[name].label} {name}'.replace('_', ' '))}"
        return all(f" {word}" in text for word in words)

    def _cells(self, prop: Property, names: Sequence[str]) -> list[Cell]:
        chosen = prop.name in self._chosen
        width = self._widths.get(prop.name)
        wide = "" if not chosen else f"{width} wide" if width else "" if prop.name in self._shown() else "no room"
        texts = {
            "sign": cell("●" if chosen else "", "mark"),
            "label": cell(prop.label, "" if chosen else "quiet"),
            "width": cell(wide, "warn" if wide == "no room" else "quiet"),
            "name": cell(prop.name, "quiet"),
        }
        return [texts[name] for name in names]

    # --- keys

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self._list()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Show the column or not."""
        event.stop()
        self._tick()

    def on_column_input_asked(self, event: ColumnInput.Asked) -> None:
        event.stop()
        match event.what:
            case "shift":
                self._shift(event.step)
            case "widen":
                self._widen(event.step)
            case _:
                self._chosen, self._widths = list(self._opening), {}
                self._changed()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A second click shows the column or not."""
        event.stop()
        self._tick()

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        event.stop()

    def action_move(self, rows: int) -> None:
        """Go up or down in the list."""
        self.table.action_move(rows)

    def _tick(self) -> None:
        prop = self.table.current
        if prop is None or prop.name == self._title:
            return
        if prop.name in self._chosen:
            self._chosen.remove(prop.name)
            self._changed()
            return
        seen = self._shown()  # one more comes before those that have no room
        place = next((i for i, name in enumerate(self._chosen) if name not in seen), len(self._chosen))
        self._chosen.insert(place, prop.name)
        self._changed(keep=prop.name)

    def _shift(self, step: int) -> None:
        prop = self.table.current
        if prop is None or prop.name == self._title or prop.name not in self._chosen:
            return
        place = self._chosen.index(prop.name)
        self._chosen.remove(prop.name)
        self._chosen.insert(max(1, place + step), prop.name)
        self._changed(keep=prop.name)

    def _widen(self, step: int) -> None:
        prop = self.table.current
        if prop is not None and prop.name in self._chosen:
            now = self._widths.get(prop.name) or self._shown().get(prop.name, NARROWEST)
            self._widths[prop.name] = max(NARROWEST, min(now + step * STEP, WIDEST))
            self._changed()

    def _changed(self, keep: str | None = None) -> None:
        """The list behind shows it at once."""
        self._choose(tuple(self._chosen), self._widths)
        self._list(keep)
