"""Targets from a CSV file: the file is named, what it would change is shown, and only then is it taken in (GOL-29)."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workspace.domain.errors import Refused, WorkspaceError
from cs_workspace.tui import faults
from cs_workspace.tui import format as shown
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_grid import Grid
    from cs_workspace.workspace.import_plan import Rejected, Report

Change = tuple[int, str, str, str]  # its place in the list, the cell, before, after

COLUMNS = (
    Column("cell", "Cell", 16, 40, sortable=False),
    Column("before", "Now", 8, 14, right=True, sortable=False),
    Column("after", "Then", 8, 14, right=True, sortable=False),
)


class ImportTargets(Drawer[str]):
    """Enter looks at the file, enter again takes it in; the answer says what was done."""

    HINTS = ("enter look, then take in", "esc close")

    def __init__(self, host: Host, grid: Grid) -> None:
        super().__init__()
        self._host = host
        self._grid = grid
        self._looked_at = ""  # the file whose changes are shown
        self._input = Input(placeholder="a CSV file with goal, contributor, slice, target", compact=True)
        self._input.cursor_blink = False
        self._words = Static("", classes="heading", markup=False)
        self.table: RecordTable[Change] = RecordTable(COLUMNS, _cells, id="changes")
        self.table.can_focus = False

    def inside(self) -> Iterable[Widget]:
        """The line, what was found, and the cells."""
        yield Static(lines([(part("Import targets from a file", "strong"),)]), classes="heading", markup=False)
        yield self._input
        yield self._words
        yield self.table

    def on_mount(self) -> None:
        """Ask for the file."""
        self.table.display = False
        self._input.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another file has to be looked at first."""
        event.stop()
        if self._looked_at:
            self._looked_at = ""
            self._show([], ())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look at the file, or take it in."""
        event.stop()
        session, path = self._host.session, event.value.strip()
        if session is not None and path:
            take = self._take if path == self._looked_at else self._look
            self.run_worker(self._guarded(take(session, path)), group="import", exclusive=True, exit_on_error=False)

    async def _guarded(self, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            await coroutine
        except WorkspaceError as error:
            self._show([(part(f"▲ {error}", "warn"),)], ())
        except Exception as error:  # noqa: BLE001 - a bug is logged and said; the session goes on
            self._show([(part(f"▲ {faults.record(error)}", "bad"),)], ())

    async def _look(self, session: Session, path: str) -> None:
        report, rejected = await self._host.loader.run(partial(_taken, session, path, dry_run=True))
        changes, elsewhere = self._changes(report)
        rows = [[part(f"{_counted(len(changes), 'target')} of this goal would change", "strong")]]
        if elsewhere:
            rows[0].append(part(f", {elsewhere} of other goals"))
        if report.rejected:
            rows.append([part(f"▲ {_counted(report.rejected, 'row')} cannot be taken in", "warn")])
            rows += [[part(f"  line {each.line}: {each.reason}", "quiet")] for each in rejected]
        if report.changed:
            self._looked_at = path
            rows.append([part("enter takes it in; u takes it back", "quiet")])
        self._show(rows, changes)

    async def _take(self, session: Session, path: str) -> None:
        report, _ = await self._host.loader.run(partial(_taken, session, path, dry_run=False))
        self._host.look()
        left = f", {_counted(report.rejected, 'row')} left out" if report.rejected else ""
        self.dismiss(f"{_counted(report.changed, 'row')} of the file taken in{left} · undo u")

    def _changes(self, report: Report) -> tuple[list[Change], int]:
        """The cells of this grid that would change, and how many of other goals."""
        sheet = self._grid.sheet
        found: list[Change] = []
        for row in self._grid.rows:
            for each in row.cells:
                if each.slice_id in report.targets:
                    where = f"{row.name} · {shown.milestone(each.slice.label)}"
                    after = report.targets[each.slice_id]
                    found.append((len(found), where, sheet.spelled(each.slice.target), sheet.spelled(after)))
        return found, len(report.targets) - len(found)

    def _show(self, rows: Sequence[Sequence[Part]], changes: Sequence[Change]) -> None:
        self._words.update(lines(rows))
        window: Rows[Change] = Rows(changes, _place)
        self.table.show(window)
        self.table.display = bool(changes)


def _taken(session: Session, path: str, *, dry_run: bool) -> tuple[Report, list[Rejected]]:
    """What taking a file in does, or would do. Raises whatever reading and importing have to say."""
    from cs_workspace.interchange.csv_source import CsvSource
    from cs_workspace.interchange.loading import look, plan_of, refuse_the_store, take
    from cs_workspace.workspace.import_plan import TARGETS

    if session.over_ssh:
        raise Refused("Files of the host are not for SSH sessions.", "Paste the block into the grid instead.")
    file = Path(path).expanduser()
    refuse_the_store(session.store.path, file)
    with CsvSource(file) as opened:
        looked = look(opened, TARGETS, asked={})
        report, _, first = take(session.workspace, looked, plan_of(looked, dry_run=dry_run), None, _quietly)
    return report, first


def _quietly(done: int, total: int) -> None:
    """Nobody watches."""


def _cells(change: Change, names: Sequence[str]) -> list[Cell]:
    _, where, before, after = change
    texts = {"cell": (where, ""), "before": (before, "quiet"), "after": (after, "strong")}
    return [cell(*texts[name]) for name in names]


def _place(change: Change) -> int:
    return change[0]


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"
