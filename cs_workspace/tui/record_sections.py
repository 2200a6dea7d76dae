"""The sections of a record's page beside its properties: what happened, what belongs to it, what was changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from cs_workspace.tui import record_views as views
from cs_workspace.tui.record_lines import LINE, counted, item_line, main_ones, number_of, related_line, room_of
from cs_workspace.tui.section_page import Section, show_rows
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, part
from cs_workspace.tui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from cs_workspace.workspace.belonging import Group, Related
    from cs_workspace.workspace.record_page import Change, Item, Record

R = TypeVar("R")
_NEAR = 10  # rows before the end at which a list reads on
_MORE = 1 << 62


@dataclass(frozen=True, slots=True)
class More:
    """A line that stands for the related records of an object that were not read."""

    object: str
    label: str
    missing: int
    number: int


class Latest(Section, Generic[R]):
    """The newest of something; older ones are read on when the end is near."""

    def __init__(
        self, name: str, table: RecordTable[R], number: Callable[[R], int], *nothing: Sequence[Part], classes: str
    ) -> None:
        """`number` tells one row from another, `nothing` is said where there is none."""
        super().__init__(name, table, classes=classes)
        self.table = table
        self.rows: list[R] = []
        self._number = number
        self._nothing = nothing
        self._is_whole = False

    def fill(self, rows: Sequence[R], asked: int) -> None:
        """Show the newest, of which so many were asked for."""
        self.rows = []
        self.add(rows, asked)

    def add(self, rows: Sequence[R], asked: int) -> None:
        """Show older ones too."""
        self._is_whole = len(rows) < asked
        self.rows += rows
        self.show()

    def show(self) -> None:
        """Show what was read, at the width that there is."""
        show_rows(self.table, self.rows, self._number)
        self.entitle(self.named, part("" if self._is_whole else f"  the newest {len(self.rows):,}", "quiet"))
        if not self.rows:
            self.table.say(*self._nothing)

    def forget(self) -> None:
        """Another record is read."""
        self.rows = []

    @property
    def wants_more(self) -> bool:
        """Whether the end of what was read is near, and is not the end of all."""
        return bool(self.rows) and not self._is_whole and self.table.cursor >= self.table.window.total - _NEAR


class Activity(Latest["Item"]):
    """What happened."""

    def __init__(self, host: Host) -> None:
        table: RecordTable[Item] = RecordTable(LINE, self._cells, header=False, lasting=False, id="activity")
        nothing = [part("Nothing happened yet.")], [part("i logs a note, a call, an e-mail, a meeting.", "quiet")]
        super().__init__("Activity", table, number_of, *nothing, classes="activity")
        self._host = host
        self.owner = ""  # what the record is called that all of it belongs to

    def _cells(self, item: Item, _: Sequence[str]) -> list[Cell]:
        return [item_line(item, _session(self._host), room_of(self.table.size.width), self.owner)]


class History(Latest["Change"]):
    """What was changed."""

    def __init__(self, host: Host, record: Callable[[], Record | None]) -> None:
        table: RecordTable[Change] = RecordTable(views.CHANGES, self._cells, lasting=False, id="history")
        nothing = [part("Nothing was changed yet.", "quiet")]
        super().__init__("History", table, lambda change: change.id, nothing, classes="history")
        self._host = host
        self._record = record

    def _cells(self, change: Change, names: Sequence[str]) -> list[Cell]:
        record = self._record()
        assert record is not None
        return views.change_cells(record, change, names, _session(self._host))


class Belonging(Section):
    """The records that belong to it, by object."""

    def __init__(self, host: Host) -> None:
        self.table: RecordTable[Related | More] = RecordTable(
            LINE, self._cells, header=False, lasting=False, id="related"
        )
        super().__init__("Related", self.table, classes="related")
        self._host = host
        self._owner = ""
        self._main: frozenset[int] = frozenset()

    def show(self, record: Record, groups: Sequence[Group]) -> None:
        """Show what belongs to a record."""
        self._main, self._owner = main_ones(groups), record.title
        rows: list[Related | More] = []
        for place, group in enumerate(groups):
            rows += group.rows
            if missing := group.total - len(group.rows):
                rows.append(More(group.object, group.label, missing, _MORE | place))
        show_rows(self.table, rows, lambda row: row.number if isinstance(row, More) else number_of(row))
        self.entitle(self.named, part(f"  {counted(groups)}", "quiet"))
        if not rows:
            nothing = f"Nothing belongs to this {record.kind.label.lower()} yet."
            self.table.say([part(nothing)], [part("A adds what does.", "quiet")])

    def _cells(self, row: Related | More, _: Sequence[str]) -> list[Cell]:
        if isinstance(row, More):
            return [cell(f"{row.missing:,} more {row.label.lower()} …", "quiet")]
        return [related_line(row, _session(self._host), room_of(self.table.size.width), self._owner, self._main)]


def _session(host: Host) -> Session:
    assert host.session is not None, "what is shown was read from a store"
    return host.session
