"""What two people changed at once, cells or properties: for each, mine, theirs, or the one before both (REC-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui import format as shown
from cs_workspace.tui.keys import some
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.text import Cell, Part, cell, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

Taken = Mapping[int, str]  # by place in the list: `mine`, `theirs` or `original`

WHICH = ("mine", "theirs", "original")


@dataclass(frozen=True, slots=True)
class Contested:
    """A value that two people changed: how it is called, the three values in words, and who was first."""

    name: str
    mine: str
    theirs: str
    original: str
    who: str = ""
    at: int | None = None


class ClashDrawer(Drawer[Taken]):
    """Everything of one action that clashes. What gets no answer keeps what was typed, unsaved."""

    BINDINGS: ClassVar[list[BindingType]] = some(
        "panel.down", "panel.up", "panel.mine", "panel.theirs", "panel.original", "panel.apply"
    )
    HINTS = ("m mine", "t theirs", "o original", "enter done", "esc later")

    def __init__(self, clashes: Sequence[Contested], tz: ZoneInfo, what: str = "cell", *, figures: bool = True) -> None:
        """`what` the clashes are of, in a word; figures stand to the right and need little room."""
        super().__init__()
        self._clashes = clashes
        self._tz = tz
        self._what = what
        self._figures = figures
        self._taken: dict[int, str] = {}
        room = (8, 12) if figures else (8, 20)
        columns = (
            Column("name", what.capitalize(), 16 if figures else 14, 34, sortable=False),
            *(Column(which, which.capitalize(), *room, right=figures, sortable=False) for which in WHICH),
        )
        self.table: RecordTable[int] = RecordTable(columns, self._cells, id="clashes")
        self.table.can_focus = False
        self._whole = Static("", markup=False)

    def inside(self) -> Iterable[Widget]:
        """What happened, then the values; those that are long once more in full."""
        yield Static(lines(self._sentences()), classes="heading", markup=False)
        yield self.table
        if not self._figures:
            with VerticalScroll(id="whole", can_focus=False):
                yield self._whole

    def on_mount(self) -> None:
        """Show all."""
        rows: Rows[int] = Rows(range(len(self._clashes)), int)
        self.table.show(rows)

    def _sentences(self) -> list[Sequence[Part]]:
        many = len(self._clashes)
        what = f"This {self._what} was" if many == 1 else f"These {many} {self._plural} were"
        others = dict.fromkeys(each.who or "somebody" for each in self._clashes)
        times = [each.at for each in self._clashes if each.at is not None]
        when = f", {shown.clock_time(max(times), self._tz)}" if times else ""
        return [
            (part(f"{what} changed while you typed", "strong"),),
            (part(f"by {', '.join(others)}{when}. Nothing of yours is lost: say which value stands.", "quiet"),),
        ]

    @property
    def _plural(self) -> str:
        return "properties" if self._what == "property" else f"{self._what}s"

    def _cells(self, row: int, names: Sequence[str]) -> list[Cell]:
        clash = self._clashes[row]
        taken = self._taken.get(row)

        def value(name: str) -> Cell:
            text = getattr(clash, name)
            if taken is None:
                return cell(text)
            return (part("✓ ", "accent"), part(text, "strong")) if name == taken else cell(text, "quiet")

        return [cell(clash.name) if name == "name" else value(name) for name in names]

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Write the values out."""
        event.stop()
        if self.table.current is None or self._figures:
            return
        clash = self._clashes[self.table.current]
        said: list[Sequence[Part]] = []
        for which in WHICH:
            text = getattr(clash, which).splitlines() or ["–"]
            said += [(), (part(which.capitalize(), "quiet"),), *((part(line),) for line in text)]
        self._whole.update(lines(said))

    def action_move(self, rows: int) -> None:
        """Go up or down in the list."""
        self.table.action_move(rows)

    def action_take(self, which: str) -> None:
        """Say which value stands in the line under the cursor, and go to the next."""
        if self.table.current is not None:
            self._taken[self.table.current] = which
            self.table.changed()
            self.table.action_move(1)

    def action_apply(self) -> None:
        """Done: what has no answer keeps what was typed."""
        self.dismiss(self._taken)

    def action_close(self) -> None:
        """Answer later."""
        self.dismiss({})
