"""A goal's own page: its whole, its days, its leaders, its milestones, its teams, and what was changed (GOL-47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from cs_workspace.domain.clock import date_of
from cs_workspace.domain.errors import NotFound, Refused, WorkspaceError
from cs_workspace.domain.goals.model import Unit
from cs_workspace.domain.goals.progress import Reading
from cs_workspace.tui import format as shown
from cs_workspace.tui import goal_views as views
from cs_workspace.tui import places
from cs_workspace.tui.keys import Where, bindings
from cs_workspace.tui.messages import OpenPage, Say
from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.panels.explain import Explain
from cs_workspace.tui.panels.range import RangeDrawer
from cs_workspace.tui.panels.whole import WholeDrawer
from cs_workspace.tui.section_page import Section, SectionPage, show_rows
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, cell, content, lines, part
from cs_workspace.tui.widgets.charts import Chart
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_page import Change, GoalPage, Line

LEADERS = (
    Column("name", "Contributor", 12, 22),
    Column("actual", "Actual", 7, 10, right=True),
    Column("target", "Target", 7, 10, right=True, rank=1),
    Column("bar", "", 8, 8, rank=2),
    Column("progress", "", 5, 5, right=True),
    Column("status", "Status", 13, 14, rank=3),
    Column("pace", "Pace", 10, 30, rank=4),
)
MILESTONES = (
    Column("milestone", "Milestone", 9, 26),
    Column("target", "Target", 7, 10, right=True),
    Column("actual", "Actual", 7, 10, right=True),
    Column("progress", "", 5, 5, right=True),
    Column("status", "Status", 13, 14),
    Column("pace", "Pace", 10, 10, rank=1),
)
TEAMS = (
    Column("name", "Team", 10, 20),
    Column("target", "Target", 7, 10, right=True),
    Column("users", "Users", 7, 10, right=True),
    Column("gap", "Gap", 6, 10, right=True),
    Column("progress", "", 5, 5, right=True),
)
_CHANGE = {Unit.NUMBER: 11, Unit.CURRENCY: 17, Unit.DURATION: 17}  # cells that a change of a target needs at least


def log_columns(unit: Unit) -> Sequence[Column]:
    """The columns of the log."""
    return (
        Column("when", "When", 8, 17),
        Column("contributor", "Whose", 8, 18),
        Column("milestone", "Milestone", 9, 11, rank=1),
        Column("change", "Change", _CHANGE[unit], 30),
        Column("user", "By", 6, 14, rank=2),
    )


@dataclass(frozen=True, slots=True)
class Period:
    """A milestone of a contributor, or of the whole, in the list."""

    place: int
    label: str
    reading: Reading | None
    contributor: str  # what it is explained by; "" of a whole that is made of several rows


@dataclass(frozen=True, slots=True)
class Leader:
    """A row of the leaderboard: a contributor, or the goal as a whole."""

    line: Line | None

    @property
    def id(self) -> int:
        """Ids of contributors begin with 1."""
        return 0 if self.line is None else self.line.contributor.id


class GoalScreen(SectionPage):
    """Opened from the overview; all sections at once, or one after another on a small screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.GOAL)]

    def __init__(self, host: Host, goal: int) -> None:
        super().__init__(host)
        self.goal = goal
        self.page: GoalPage | None = None
        self._days: tuple[date, date] | None = None  # none is the whole goal
        self._log: list[Change] = []
        self._complete = False  # whether the log is here as a whole
        self.chart = Chart(id="burn-up")
        self.leaders: RecordTable[Leader] = RecordTable(LEADERS, self._leader_cells, id="leaders")
        self.milestones: RecordTable[Period] = RecordTable(MILESTONES, self._milestone_cells, id="milestones")
        self.teams: RecordTable[Line] = RecordTable(TEAMS, self._team_cells, lasting=False, id="teams")
        self.changes: RecordTable[Change] = RecordTable(
            log_columns(Unit.NUMBER), self._log_cells, lasting=False, id="log"
        )
        self.sections = (
            Section("Burn-up", self.chart),
            Section("Leaderboard", self.leaders, classes="last"),
            Section("Milestones", self.milestones),
            Section("Teams", self.teams),
            Section("Changes", self.changes, classes="last"),
        )

    def compose(self) -> ComposeResult:
        burn_up, leaders, milestones, teams, log = self.sections
        with Vertical():
            yield self._head
            yield self._names
            with Horizontal(classes="upper"):
                yield burn_up
                with Vertical(classes="side"):
                    yield leaders
            with Horizontal(classes="lower"):
                yield milestones
                with Vertical(classes="side"):
                    yield teams
                    yield log

    @property
    def first_focus(self) -> Widget | None:
        """The contributors, from where all can be explained; on a small screen the chart."""
        return self.sections[0 if self._stacked else 1].inside

    @property
    def _currency(self) -> str:
        session = self.host.session
        return session.around.currency if session is not None else "EUR"

    # --- loading

    def on_mount(self) -> None:
        """Say that something is coming."""
        self._head.update(content(part("Reading …", "quiet")))
        self._arrange(self.sections[0 if self._stacked else 1])

    def load(self) -> None:
        """Read the goal and the newest of its changes."""
        if self.host.session is not None:
            self.work("page", self._load(self.host.session, self._days))

    async def _load(self, session: Session, days: tuple[date, date] | None) -> None:
        from cs_workspace.workspace import goal_page

        def read() -> tuple[GoalPage, list[Change]]:
            found = session.run(goal_page.page, str(self.goal), *(days or ()))
            return found, session.run(goal_page.log, str(self.goal), None, max(len(self._log), goal_page.LOG))

        found, changes = await self.host.loader.run(read)
        self._complete = len(changes) < max(len(self._log), goal_page.LOG)
        self.page, self._log = found, changes
        self._show(found, session)
        await self.catch_up(session)

    def failed(self, error: WorkspaceError) -> None:
        """Say why there is nothing to show, or why something was not done."""
        if self.page is not None and not isinstance(error, NotFound):
            self.post_message(Say(str(error), "warn" if isinstance(error, Refused) else "bad"))
            return
        for table in (self.leaders, self.milestones, self.teams, self.changes):
            table.show(Rows((), id))
        self.page = None
        self._say_failed("This goal could not be read.", error)

    def _show(self, page: GoalPage, session: Session) -> None:
        self.set_class(False, "-failed")
        self._arrange(self._current)
        self._head.update(lines(views.head(page, session, self.size.width or self.app.size.width)))
        burn_up, leaders, _, teams, log = self.sections
        burn_up.entitle(*views.legend(page, self._currency))
        self.chart.show(views.chart(page, self._currency))
        users = page.leaders or list(page.lines)
        rows = [Leader(line) for line in users]
        named = views.ranked_by(page)
        leaders.entitle(*(("Leaderboard", part(f"  in {named}", "quiet")) if named else ()))
        show_rows(self.leaders, [Leader(None), *rows] if len(page.lines) > 1 else rows, lambda leader: leader.id)
        together = [line for line in page.lines if line.is_team]
        what = "  their own target and that of their users" + (f", {named}" if named else "")
        teams.entitle("Teams", part(what, "quiet"))
        show_rows(self.teams, together, lambda line: line.contributor.id)
        newest = "" if self._complete else f"  the newest {len(self._log)}"
        log.entitle("Changes of targets", part(newest, "quiet"))
        self.changes.set_columns(log_columns(page.goal.kpi.unit))
        show_rows(self.changes, self._log, lambda change: change.id)
        if not self._log:
            said = "No target was changed since the goal was made."
            self.changes.say((part(said, "quiet"),), (part("e changes them.", "quiet"),))
        self._show_milestones(self.leaders.current.line if self.leaders.current else None)
        self._show_names()

    def _show_milestones(self, line: Line | None) -> None:
        """The milestones of a contributor, or of the whole."""
        page = self.page
        if page is None:
            return
        low, high = page.shown
        if line is None and len(page.lines) == 1:
            line = page.lines[0]
        if line is None:
            name = _explained(page.lines, page.whole)
            rows = [Period(i, page.milestones[i].label, page.milestones[i].reading, name) for i in range(low, high + 1)]
        else:
            name = line.login or line.name
            rows = [Period(low + i, m.slice.label, m.reading, name) for i, m in enumerate(line.milestones)]
        whose = line.name if line is not None else "the whole goal"
        self.sections[2].entitle("Milestones", part(f"  {whose}", "quiet"))
        before = self.milestones.current
        now = self._current_place(page)
        keep = now if before is None else before.place
        self.milestones.show(Rows(rows, _place), keep=keep)

    def _current_place(self, page: GoalPage) -> int:
        """The milestone that runs; else the next, else the last, within what is shown."""
        low, high = page.shown
        session = self.host.session
        assert session is not None
        today = views.today(session)
        return next((i for i in range(low, high + 1) if page.milestones[i].last >= today), high)

    # --- sections

    @property
    def _visible(self) -> Sequence[Section]:
        has_teams = self.page is None or any(line.is_team for line in self.page.lines)
        return [each for each in self.sections if each is not self.sections[3] or has_teams]

    def on_resize(self) -> None:
        """The line on top says as much as there is room for."""
        if self.page is not None and self.host.session is not None:
            self._head.update(lines(views.head(self.page, self.host.session, self.size.width)))

    # --- what the parts tell

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """The milestones are those of the contributor under the cursor; the log reads on when its end is near."""
        event.stop()
        session = self.host.session
        if event.table is self.leaders and self.leaders.current is not None:
            self._show_milestones(self.leaders.current.line)
        elif event.table is self.teams and self.teams.has_focus:
            self._show_milestones(self.teams.current)
        elif event.table is self.changes and session is not None:
            near = self.changes.cursor >= len(self._log) - 10
            if self._log and near and not self._complete and self.changes.has_focus:
                self.work("log", self._read_on(session))

    async def _read_on(self, session: Session) -> None:
        from cs_workspace.workspace import goal_page

        more = await self.host.loader.run(partial(session.run, goal_page.log, str(self.goal), self._log[-1].id))
        self._complete = len(more) < goal_page.LOG
        self._log += more
        show_rows(self.changes, self._log, lambda change: change.id)

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A second click explains."""
        event.stop()
        self.action_why()

    # --- cells

    def _leader_cells(self, leader: Leader, names: Sequence[str]) -> list[Cell]:
        assert self.page is not None
        return [views.leader(self.page, leader.line, name, self._currency) for name in names]

    def _milestone_cells(self, period: Period, names: Sequence[str]) -> list[Cell]:
        assert self.page is not None
        kpi = self.page.goal.kpi
        return [
            cell(shown.milestone(period.label))
            if name == "milestone"
            else views.reading(period.reading, name, kpi, self._currency)
            for name in names
        ]

    def _team_cells(self, line: Line, names: Sequence[str]) -> list[Cell]:
        assert self.page is not None
        return [views.team(line, name, self.page.goal.kpi, self._currency) for name in names]

    def _log_cells(self, change: Change, names: Sequence[str]) -> list[Cell]:
        assert self.page is not None
        session = self.host.session
        assert session is not None
        return [views.change(change, name, self.page.goal.kpi, session) for name in names]

    # --- keys

    def action_why(self) -> None:
        """Explain the number under the cursor."""
        page, session = self.page, self.host.session
        if page is None or session is None:
            return
        name, label = self._pointed_at(page)
        if name and not self._at_total:
            self.work("why", self._why(session, name, label))
            return

        def explain(line: Line) -> None:
            self.work("why", self._why(session, line.login or line.name, label))

        choices = [
            Choice("", line.name, views.of_milestone(line, label, self._currency), partial(explain, line))
            for line in page.lines
            if line.contributor.id in page.whole
        ]
        said = views.explained(page, session, label, total_of_all=self._current.inside is not self.milestones)
        self.app.push_screen(WholeDrawer(said, choices), _do)

    @property
    def _at_total(self) -> bool:
        """Whether the cursor is on what all rows and milestones come to."""
        several = self.page is not None and (len(self.page.lines) > 1 or self.page.shown[0] != self.page.shown[1])
        on_chart = self._current.inside is self.chart
        on_whole = self._current.inside is self.leaders and self.leaders.current and self.leaders.current.line is None
        return several and bool(on_chart or on_whole)

    def _pointed_at(self, page: GoalPage) -> tuple[str, str]:
        """A contributor and a milestone."""
        place = self._current_place(page)
        match self._current.inside:
            case self.milestones if self.milestones.current is not None:
                return self.milestones.current.contributor, self.milestones.current.label
            case self.changes if self.changes.current is not None:
                change = self.changes.current
                line = next(each for each in page.lines if each.name == change.contributor)
                return line.login or line.name, change.milestone
            case self.teams if self.teams.current is not None:
                return self.teams.current.name, page.milestones[place].label
            case self.leaders if self.leaders.current is not None and self.leaders.current.line is not None:
                line = self.leaders.current.line
                return line.login or line.name, page.milestones[place].label
            case _:
                return _explained(page.lines, page.whole), page.milestones[place].label

    async def _why(self, session: Session, contributor: str, label: str) -> None:
        from cs_workspace.workspace import goals

        found = await self.host.loader.run(partial(session.run, goals.explain, str(self.goal), contributor, label))
        self.app.push_screen(Explain(found, session.around, session.tz))

    def action_edit(self) -> None:
        """Open the grid, at the contributor under the cursor."""
        line = self._line
        row = line.contributor.id if line is not None else None
        self.post_message(OpenPage(places.goal_grid(self.host, self.goal, row)))

    @property
    def _line(self) -> Line | None:
        """The contributor under the cursor."""
        if self._current.inside is self.teams:
            return self.teams.current
        return self.leaders.current.line if self.leaders.current is not None else None

    def action_clone(self) -> None:
        """Make a goal like this one."""
        self.post_message(OpenPage(places.goal_clone(self.host, self.goal)))

    def action_what_if(self) -> None:
        """Try what would have to happen."""
        self.post_message(OpenPage(places.what_if(self.host, self.goal)))

    # --- the range

    def action_whole(self) -> None:
        """Show all milestones."""
        self._set_days(None)

    def action_shift(self, step: int) -> None:
        """Go to the milestones before or after; from the whole, to the current one."""
        page = self.page
        if page is None:
            return
        low, high = page.shown
        length = high - low + 1
        if length == len(page.milestones):
            self._set_places(*[self._current_place(page)] * 2)
        elif low + step * length < 0 or low + step * length >= len(page.milestones):
            self.post_message(Say(f"These are the {'first' if step < 0 else 'last'} milestones of the goal."))
        else:
            self._set_places(low + step * length, min(high + step * length, len(page.milestones) - 1))

    def _set_places(self, low: int, high: int) -> None:
        assert self.page is not None
        self._set_days((date_of(self.page.milestones[low].first), date_of(self.page.milestones[high].last)))

    def _set_days(self, days: tuple[date, date] | None) -> None:
        self._days = days
        self.load()

    def action_range(self) -> None:
        """Choose a range, or write one."""
        page, session = self.page, self.host.session
        if page is not None and session is not None:
            self.app.push_screen(RangeDrawer(self._ranges(page, session), self._set_days), _do)

    def _ranges(self, page: GoalPage, session: Session) -> list[Choice]:
        now = self._current_place(page)
        year = date_of(views.today(session)).year
        ends = date(year, 1, 1), date(year, 12, 31)
        of_year = [m for m in page.milestones if m.last >= views.number(ends[0]) and m.first <= views.number(ends[1])]
        found = [Choice("", "Whole goal", f"{len(page.milestones)} milestones", partial(self._set_days, None))]
        if len(page.milestones) > 1:
            label = shown.milestone(page.milestones[now].label)
            found.append(Choice("", "This milestone", label, partial(self._set_places, now, now)))
        if 0 < len(of_year) < len(page.milestones):
            found.append(Choice("", "This year", f"{len(of_year)} milestones", partial(self._set_days, ends)))
        for place, each in enumerate(page.milestones):
            run = partial(self._set_places, place, place)
            found.append(Choice("", shown.milestone(each.label), views.days(each.first, each.last), run))
        return found

    # --- the rest

    def action_copy(self) -> None:
        """Copy a summary as text."""
        if self.page is not None:
            self.app.copy_to_clipboard(views.as_text(self.page, self._currency))
            self.post_message(Say("A summary of the goal is copied.", "good"))

    def action_anew(self) -> None:
        """Calculate the milestones that are over anew: asked twice, and logged (GOL-40)."""
        page = self.page
        if page is None:
            return
        if not page.ended:
            self.post_message(Say("No milestone of this goal is over yet."))
            return
        self._ask(f"{page.ended} ended milestones get new values from today's records.", again=True)

    def _ask(self, question: str, *, again: bool) -> None:
        def go_on() -> None:
            if again:
                self._ask(f"Really? {question}", again=False)
            elif self.host.session is not None:
                self.work("anew", self._anew(self.host.session))

        choices = [
            Choice("", "Leave them as they are", "", lambda: None),
            Choice("", "Calculate anew", "It is logged, and u takes it back.", go_on),
        ]
        columns = (Column("label", "", 22, 22), Column("help", "", 20, 50))
        self.app.push_screen(ChoiceDrawer(question, choices, columns), _do)

    async def _anew(self, session: Session) -> None:
        from cs_workspace.workspace import goal_changes

        changed = await self.host.loader.run(partial(session.run, goal_changes.recalculate_ended, str(self.goal)))
        self.post_message(Say(f"{changed} ended milestone{'s' * (changed != 1)} got another value.", "good"))
        self.host.look()


def _do(choice: Choice | None) -> None:
    if choice is not None and choice.run is not None:
        choice.run()


def _explained(rows: Sequence[Line], whole: frozenset[int]) -> str:
    """The one contributor that is the whole goal; "" where it is made of several."""
    outer = [line for line in rows if line.contributor.id in whole]
    return (outer[0].login or outer[0].name) if len(outer) == 1 else ""


def _place(period: Period) -> int:
    return period.place
