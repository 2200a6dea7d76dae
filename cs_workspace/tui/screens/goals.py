"""The Goals tab: every contributor's current milestone as a live list (GOL-43), explained on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from cs_workspace.domain.goals.model import Direction, Pace, Status
from cs_workspace.domain.goals.overview import GOAL_ROWS
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES
from cs_workspace.domain.query.folding import fold
from cs_workspace.tui import format as shown
from cs_workspace.tui.keys import Where, bindings, some
from cs_workspace.tui.list_tab import ListTab, heading
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.explain import Explain
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, cell, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable, Sort
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.goals import ProgressRow

COLUMNS = (
    Column("goal", "Goal", 12, 34),
    Column("contributor", "Contributor", 10, 22),
    Column("milestone", "Milestone", 8, 12, rank=3),
    Column("target", "Target", 8, 11, right=True, rank=2),
    Column("actual", "Actual", 8, 11, right=True),
    Column("bar", "Progress", 10, 10, rank=4, sortable=False),
    Column("progress", "", 5, 6, right=True),
    Column("status", "Status", 13, 14),
    Column("pace", "Pace", 10, 30, rank=1),
)
MILESTONES = (
    Column("milestone", "Milestone", 8, 12, sortable=False),
    Column("target", "Target", 7, 10, right=True, sortable=False),
    Column("actual", "Actual", 7, 10, right=True, sortable=False),
    Column("progress", "", 5, 6, right=True, sortable=False),
    Column("status", "Status", 13, 14, sortable=False),
)

_ORDER: dict[str, Callable[[ProgressRow], Any]] = {
    "goal": lambda row: fold(row.goal.name),
    "contributor": lambda row: fold(row.contributor_name),
    "milestone": lambda row: (row.slice.start, row.slice.end),
    "target": lambda row: row.reading.target,
    "actual": lambda row: row.reading.actual,
    "progress": lambda row: row.reading.progress_percent,
    "status": lambda row: None if row.reading.status is None else list(Status).index(row.reading.status),
    "pace": lambda row: None if row.reading.pace is None else list(Pace).index(row.reading.pace),
}


def sorted_rows(rows: Sequence[ProgressRow], sort: Sort) -> list[ProgressRow]:
    """The rows by a column; rows without a value come last either way."""
    key = _ORDER.get(sort.column)
    if key is None:
        return list(reversed(rows)) if sort.descending else list(rows)
    known = [row for row in rows if key(row) is not None]
    return sorted(known, key=key, reverse=sort.descending) + [row for row in rows if key(row) is None]


def cells(row: ProgressRow, names: Sequence[str], currency: str) -> list[Cell]:
    """A row as the list shows it."""
    reading, kpi = row.reading, row.goal.kpi
    over = reading.status not in {Status.IN_PROGRESS, Status.PENDING}

    def one(name: str) -> Cell:
        match name:
            case "goal":
                return cell(row.goal.name)
            case "contributor":
                return cell(row.contributor_name)
            case "milestone":
                return cell(shown.milestone(row.slice.label))
            case "target":
                return shown.amount_cell(reading.target, kpi, currency)
            case "actual":
                return shown.amount_cell(reading.actual, kpi, currency, "strong")
            case "bar":
                return shown.bar(reading.progress_percent, quiet=over)
            case "progress":
                return cell(shown.percent(reading.progress_percent))
            case "status":
                return shown.status(reading.status)
            case _:
                return shown.pace(reading.pace, reading.needed_per_day, kpi, currency)

    return [one(name) for name in names]


class GoalsScreen(ListTab):
    """One row per contributor and goal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Where.GOALS),
        *some("list.filter", "list.preview", "list.sort", "list.reverse"),
    ]
    TITLE = "Goals"
    PLACEHOLDER = "filter: status:in_progress  user:me  pace:at_risk"
    NOTHING_YET = (
        "There are no goals yet.",
        "Make one from the shell: cs-workspace goals create --help",
        "It appears here by itself.",
    )

    def __init__(self, host: Host) -> None:
        self._sort = Sort()
        self._found: Sequence[ProgressRow] = ()
        self._every = 0  # rows without a filter
        self._counted = False
        super().__init__(
            host,
            RecordTable(COLUMNS, self._cells, id="goals"),
            RecordTable(MILESTONES, self._cells, id="milestones"),
        )

    def _cells(self, row: ProgressRow, names: Sequence[str]) -> list[Cell]:
        session = self.host.session
        return cells(row, names, session.around.currency if session else "EUR")

    # --- loading

    def load(self) -> None:
        """Read the rows that the filter asks for."""
        assert self.host.session is not None
        self.line.knows(GOAL_ROWS, self.host.session.around.names)
        self.work("list", self._load(self.host.session, self.line.text))
        self._read_preview()

    def touched(self, *, shown: bool) -> None:
        """The store has changed: the number of rows may have, too."""
        self._counted = False
        super().touched(shown=shown)

    async def _load(self, session: Session, text: str) -> None:
        from cs_workspace.workspace import goals

        def read() -> tuple[list[ProgressRow], int]:
            found = session.run(goals.progress, text, current_only=True)
            if not text.strip():
                return found, len(found)
            return found, self._every if self._counted else len(session.run(goals.progress, current_only=True))

        found, every = await self.host.loader.run(read)
        self.line.wrong(None)
        if self.unfinished(len(found)):
            return
        self.filter, self._found, self._every, self._counted = text, found, every, True
        self._show()
        await self._catch_up(session)

    async def _catch_up(self, session: Session) -> None:
        """Without a worker in this session it is this screen that calculates what is not calculated yet."""
        from cs_workspace.workspace import calculation

        if self.host.works or session.read_only:
            return
        if await self.host.loader.run(partial(session.run, calculation.is_behind)):
            await self.host.loader.run(partial(session.run, calculation.catch_up))

    def _show(self) -> None:
        current = self.table.current
        keep = current.contributor.id if current is not None else None
        rows = Rows(sorted_rows(self._found, self._sort), lambda row: row.contributor.id)
        self.table.show(rows, keep=keep, index=self.table.cursor)
        self.table.set_sort(self._sort)
        goals = len({row.goal.id for row in self._found})
        some_rows = f"{len(self._found)} of {self._every}" if self.filter.strip() else str(self._every)
        self.line.count(part(f"{goals} goal{'s' * (goals != 1)} · {some_rows} row{'s' * (self._every != 1)}", "quiet"))
        if not self._found:
            self.nothing()

    def on_record_table_sorted(self, event: RecordTable.Sorted) -> None:
        """Sort what is here."""
        event.stop()
        if event.table is self.table:
            self._sort = event.sort
            self._show()

    # --- what is behind a row

    async def read_preview(self, row: ProgressRow) -> None:
        """All milestones of a contributor."""
        from cs_workspace.workspace import goals

        session = self.host.session
        assert session is not None
        every = await self.host.loader.run(partial(session.run, goals.progress, goal=str(row.goal.id)))
        own = [each for each in every if each.contributor.id == row.contributor.id]
        template = TEMPLATES[row.goal.template].label if row.goal.template != CUSTOM else "Custom"
        self.preview.head(
            heading(
                row.goal.name,
                ("Contributor", row.contributor_name),
                ("Measures", template),
                ("Better", row.goal.kpi.direction),
                ("Pipelines", ", ".join(row.pipelines)),
                *self._needs(row, session),
            )
        )
        table = self.preview.table
        before = table.current
        keep = row.slice.id
        if before is not None and before.contributor.id == row.contributor.id:
            keep = before.slice.id
        milestones: Rows[ProgressRow] = Rows(own, _slice)
        table.show(milestones, keep=keep)

    @staticmethod
    def _needs(row: ProgressRow, session: Session) -> Sequence[tuple[str, str]]:
        needed = row.reading.needed_per_day
        if not needed:
            return ()
        daily = shown.needed_a_day(needed, row.goal.kpi, session.around.currency)
        word = "Needs" if row.goal.kpi.direction is Direction.HIGHER else "Allows"
        return ((word, f"{daily} per working day until {shown.day(row.slice.last_day)}"),)

    def action_why(self) -> None:
        """Explain the number under the cursor, in the list or in the panel."""
        table = self.preview.table if self.preview.table.has_focus else self.table
        row: ProgressRow | None = table.current
        if row is None:
            self.post_message(Say("There is no number here to explain."))
        elif self.host.session is not None:
            self.work("why", self._why(self.host.session, row))

    async def _why(self, session: Session, row: ProgressRow) -> None:
        from cs_workspace.workspace import goals

        contributor = row.contributor_login or row.contributor_name
        explanation = await self.host.loader.run(
            partial(session.run, goals.explain, str(row.goal.id), contributor, row.slice.label)
        )
        self.app.push_screen(Explain(explanation, session.around, session.tz))


def _slice(row: ProgressRow) -> int:
    return row.slice.id
