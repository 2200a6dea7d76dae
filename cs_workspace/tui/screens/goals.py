"""The Goals tab: every contributor's current milestone as a live list, and what can be done (GOL-43 to GOL-46)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from cs_workspace.domain.goals.model import Direction, Pace, Status
from cs_workspace.domain.goals.overview import GOAL_ROWS
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES
from cs_workspace.domain.query.folding import fold
from cs_workspace.tui import format as shown
from cs_workspace.tui import places
from cs_workspace.tui.keys import Where, bindings, some
from cs_workspace.tui.list_tab import ListTab, heading
from cs_workspace.tui.messages import OpenPage, Say
from cs_workspace.tui.page import Draft, Page
from cs_workspace.tui.panels.explain import Explain
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, cell
from cs_workspace.tui.widgets.record_table import Column, RecordTable, Sort
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.tui.panels.choice import Choice
    from cs_workspace.tui.panels.goal_edit import GoalEdit
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
    """The rows by one column or several; rows without a value come last either way."""
    found = list(rows)
    if not sort.keys and sort.descending:
        found.reverse()
    for column, descending in reversed(sort.keys):
        key = _ORDER[column]
        known = [row for row in found if key(row) is not None]
        found = sorted(known, key=key, reverse=descending) + [row for row in found if key(row) is None]
    return found


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
                return cell(shown.period(row.slice.label, row.slice.first_day, row.slice.last_day))
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
        *some("list.filter", "list.form", "list.preview", "list.sort", "list.sort_more", "list.reverse"),
    ]
    TITLE = "Goals"
    PLACEHOLDER = "filter: status:in_progress  user:me  pace:at_risk"
    NOTHING_YET = (
        "There are no goals yet.",
        "n makes the first one: a template, the people, a target for every milestone.",
        "What is made elsewhere appears here by itself.",
    )

    def __init__(self, host: Host) -> None:
        self._sort = Sort()
        self._every: Sequence[ProgressRow] = ()  # all rows, as they were read last
        self._known = False  # nothing changed since then
        self._found: Sequence[ProgressRow] = ()  # those that the filter asks for
        self._editing: GoalEdit | None = None
        self._expanded: dict[int, Sequence[ProgressRow]] = {}  # by contributor, the milestones shown below its row
        super().__init__(
            host,
            RecordTable(COLUMNS, self._cells, mark=_contributor, id="goals"),
            RecordTable(MILESTONES, self._cells, id="milestones"),
        )

    def _cells(self, row: ProgressRow, names: Sequence[str]) -> list[Cell]:
        session = self.host.session
        found = cells(row, names, session.around.currency if session else "EUR")
        if not self._is_milestone(row):
            return found
        # Below its row a milestone need not say whose it is; where its column is dropped, it stands in that place.
        period = shown.period(row.slice.label, row.slice.first_day, row.slice.last_day)
        label = () if "milestone" in names else cell(f"  {period}")
        under: Mapping[str, Cell] = {"goal": (), "contributor": label}
        return [under.get(name, each) for name, each in zip(names, found, strict=True)]

    def _is_milestone(self, row: ProgressRow) -> bool:
        """Whether a line is one of the milestones below a contributor's row."""
        return any(row is each for each in self._expanded.get(row.contributor.id, ()))

    def _line_id(self, row: ProgressRow) -> int:
        return -row.slice.id if self._is_milestone(row) else row.contributor.id

    # --- loading

    def load(self) -> None:
        """Read the rows that the filter asks for."""
        assert self.host.session is not None
        self.line.knows(GOAL_ROWS, self.host.session.around.names)
        self.work("list", self._load(self.host.session, self.line.text))
        self._read_preview()

    def touched(self, *, shown: bool) -> None:
        """The store has changed: everything is read again."""
        self._known = False
        super().touched(shown=shown)

    async def _load(self, session: Session, text: str) -> None:
        from cs_workspace.workspace import goals

        known, every, expanded = self._known, self._every, dict(self._expanded)

        def read() -> tuple[Sequence[ProgressRow], Sequence[ProgressRow], Mapping[int, Sequence[ProgressRow]]]:
            rows = every
            if not known:
                fresh = session.run(goals.progress, current_only=True)
                rows = fresh
            below = expanded if known or not expanded else session.run(goals.milestones, list(expanded))
            return rows, session.run(goals.matching, rows, text), below

        rows, found, below = await self.host.loader.run(read)
        self.line.wrong(None)
        self._every, self._known = rows, True
        if self.unfinished(len(found)):
            return
        here = self._here()
        self.filter, self._found, self._expanded = text, found, dict(below)
        self._show(here)
        if not known:
            living = {row.contributor.id for row in rows}
            self.table.mark(self.table.marked & living)
            await self.catch_up(session)

    def _here(self) -> int | None:
        """Which line the cursor is on."""
        row: ProgressRow | None = self.table.current
        return None if row is None else self._line_id(row)

    def _show(self, keep: int | None) -> None:
        rows: list[ProgressRow] = []
        for row in sorted_rows(self._found, self._sort):
            rows += (row, *self._expanded.get(row.contributor.id, ()))
        self.table.show(Rows(rows, self._line_id), keep=keep, index=self.table.cursor)
        self.table.set_sort(self._sort)
        goals = len({row.goal.id for row in self._found})
        every = len(self._every)
        some_rows = f"{len(self._found):,} of {every:,}" if self.filter.strip() else f"{every:,}"
        self.say_count(f"{goals:,} goal{'s' * (goals != 1)} · {some_rows} row{'s' * (every != 1)}")
        if not self._found:
            self.nothing()

    def shown_marks(self) -> int:
        """How many of the marked contributors the filter shows."""
        return len(self.table.marked & {row.contributor.id for row in self._found})

    def on_record_table_sorted(self, event: RecordTable.Sorted) -> None:
        """Sort what is here."""
        event.stop()
        if event.table is self.table:
            self._sort = event.sort
            self._show(self._here())

    # --- what is behind a row

    async def read_preview(self, row: ProgressRow) -> None:
        """All milestones of a contributor."""
        from cs_workspace.workspace import goals

        session = self.host.session
        assert session is not None
        contributor = row.contributor.id
        own = (await self.host.loader.run(partial(session.run, goals.milestones, [contributor]))).get(contributor, [])
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

    # --- all milestones in place

    def action_expand(self) -> None:
        """Show a row's milestones below it."""
        row = self.table.current
        session = self.host.session
        if row is not None and session is not None and row.contributor.id not in self._expanded:
            self.work("expand", self._expand(session, row.contributor.id))

    async def _expand(self, session: Session, contributor: int) -> None:
        from cs_workspace.workspace import goals

        found = await self.host.loader.run(partial(session.run, goals.milestones, [contributor]))
        here = self._here()
        self._expanded |= found
        self._show(here)

    def action_collapse(self) -> None:
        """Show a row's current milestone only, and go to it."""
        row = self.table.current
        if row is None or row.contributor.id not in self._expanded:
            return
        del self._expanded[row.contributor.id]
        self._show(row.contributor.id)

    # --- what can be done

    def action_new(self) -> None:
        """Make a goal."""
        self.post_message(OpenPage(places.new_goal(self.host)))

    def action_clone(self) -> None:
        """Make a goal like this one."""
        self._open(lambda row: places.goal_clone(self.host, row.goal.id))

    def action_open(self) -> None:
        """Show the goal's page."""
        self._open(lambda row: places.goal_page(self.host, row.goal.id))

    def action_grid(self) -> None:
        """Open the goal's grid of targets at this contributor."""
        self._open(lambda row: places.goal_grid(self.host, row.goal.id, row.contributor.id))

    def action_what_if(self) -> None:
        """Try what would have to happen."""
        self._open(lambda row: places.what_if(self.host, row.goal.id))

    def _open(self, page: Callable[[ProgressRow], Page]) -> None:
        row = self.table.current
        if row is None:
            self.post_message(Say("There is no goal here."))
        else:
            self.post_message(OpenPage(page(row)))

    def action_edit(self) -> None:
        """Edit the contributor's targets and the goal's notifications."""
        row = self.table.current
        if row is None:
            self.post_message(Say("There is no goal here."))
        elif self.host.session is not None:
            self.doing(self._edit(self.host.session, row))

    async def _edit(self, session: Session, row: ProgressRow) -> None:
        from cs_workspace.tui.panels.goal_edit import GoalEdit, place_of
        from cs_workspace.workspace import drafts, goal_grid

        place = place_of(row.goal.id, row.contributor.id)
        grid = await self.host.loader.run(partial(session.run, goal_grid.grid, str(row.goal.id)))
        kept = await self.host.loader.run(partial(session.run, drafts.find, place))
        texts = {int(column): text for column, text in (kept or {}).get("texts", {}).items()}
        editing = self._editing = GoalEdit(self.host, session, grid, row.contributor.id, row.slice.position, texts)

        def closed(_: None) -> None:
            self._editing = None
            if not session.read_only:
                draft = editing.draft
                self.doing(self._keep(partial(session.run, drafts.keep, draft.place, draft.content)))

        self.app.push_screen(editing, closed)

    async def _keep(self, keep: Callable[[], None]) -> None:
        await self.host.loader.run(keep)

    def draft(self) -> Draft | None:
        """What is typed in the panel that edits targets."""
        return None if self._editing is None else self._editing.draft

    def _chosen(self) -> list[ProgressRow]:
        """The marked contributors' rows, shown or not, or the one under the cursor."""
        if self.table.marked:
            return [row for row in self._every if row.contributor.id in self.table.marked]
        return [self.table.current] if self.table.current is not None else []

    def action_copy(self) -> None:
        """Copy rows as tab-separated text."""
        rows = self._chosen()
        session = self.host.session
        if not rows or session is None:
            self.post_message(Say("There is nothing here to copy."))
            return
        columns = [column for column in COLUMNS if column.name != "bar"]
        lines = [[column.title or "%" for column in columns]] if len(rows) > 1 else []
        for row in rows:
            found = cells(row, [column.name for column in columns], session.around.currency)
            lines.append(["".join(each.text for each in one) for one in found])
        self.app.copy_to_clipboard("\n".join("\t".join(line) for line in lines))
        self.post_message(Say(f"{_rows(len(rows))} copied."))

    def action_delete(self) -> None:
        """Delete the chosen contributors' rows; more than one only after a question (LST-4)."""
        rows = self._chosen()
        session = self.host.session
        if not rows:
            self.post_message(Say("There is no row here to delete."))
        elif session is not None and len(rows) == 1:
            self.doing(self._delete(session, rows))
        elif session is not None:
            from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer

            goals = {row.goal.name for row in rows}
            of = next(iter(goals)) if len(goals) == 1 else f"{len(goals)} goals"
            question = f"Delete {_rows(len(rows))} of {of}?"
            yes = Choice("yes", f"Delete {_rows(len(rows))}", "u brings them back.", _nothing)
            no = Choice("no", "Keep them", "Nothing changes.", _nothing)

            def answered(choice: Choice | None) -> None:
                if choice is yes:
                    self.doing(self._delete(session, rows))

            self.app.push_screen(ChoiceDrawer(question, [yes, no], _CHOICES), answered)

    async def _delete(self, session: Session, rows: Sequence[ProgressRow]) -> None:
        from cs_workspace.workspace import goal_changes

        ids = [row.contributor.id for row in rows]
        done = await self.host.loader.run(partial(session.run, goal_changes.delete_rows, ids))
        of = done.goals[0] if len(done.goals) == 1 else f"{len(done.goals)} goals"
        gone = ""
        if done.gone:
            gone = ", and the goal with it" if len(done.goals) == 1 else f", and {len(done.gone)} of these goals"
        self.post_message(Say(f"{_rows(done.rows)} of {of} deleted{gone} · u undoes"))
        self.table.mark(self.table.marked.difference(ids))
        self.host.look()


_CHOICES = (Column("front", "", 4, 4), Column("label", "", 16, 30), Column("help", "", 10, 40))


def _rows(number: int) -> str:
    return f"{number:,} row{'s' * (number != 1)}"


def _nothing() -> None:
    """The question's asker looks at the answer."""


def _contributor(row: ProgressRow) -> int:
    return row.contributor.id


def _slice(row: ProgressRow) -> int:
    return row.slice.id
