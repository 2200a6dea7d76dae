"""A goal's targets as a page: the grid, saved as one types, shared with whoever edits it at the same time.

What is typed goes to the store at once, together with what the cell held before. Text that cannot be read, and cells
that somebody else changed meanwhile, keep what was typed until it is put right; a draft takes it over a lost line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.clock import date_of
from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.goals.notices import Event
from cs_workspace.domain.goals.sheet import Change, Place, Plan, Sheet, Wrong
from cs_workspace.tui import format as shown
from cs_workspace.tui.messages import Say
from cs_workspace.tui.page import Draft, Page
from cs_workspace.tui.panels.checklist import Checklist
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, lines, part
from cs_workspace.tui.widgets.milestone_grid import Layer, MilestoneGrid

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_grid import CellEdit, Clash, Grid
    from cs_workspace.workspace.goals import ProgressRow

Spot = tuple[int, int]  # a contributor and a milestone: a cell, wherever its row stands at the moment

PIPELINES_ARE_FIXED = "Pipelines are fixed when a goal is made: C clones it."  # GOL-22
UNSAVED = "not saved yet: enter opens it, enter again keeps it"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed into a cell and is not in the store, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Save:
    """Targets on their way to the store."""

    edits: Sequence[CellEdit]
    what: str


class GoalGridScreen(Page):
    """Contributors by milestones of one goal."""

    def __init__(self, host: Host, goal: int, row: int | None = None) -> None:
        """`row` is the contributor to begin at."""
        super().__init__(host)
        self.goal = goal
        self._first_row = row
        self._grid: Grid | None = None
        self._kept: dict[Spot, Kept] = {}
        self._queue: list[Save] = []
        self._saving = False
        self._writes = 0  # how often something was written: what was read before is stale
        self._draft_read = False
        self._drafted = False  # whether the store holds a draft of this page
        self._last_year: Mapping[int, tuple[int, ...]] = {}
        self._title = Static("", classes="title", markup=False)
        self.grid = MilestoneGrid(id="targets")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self._title
            yield self.grid

    @property
    def first_focus(self) -> Widget | None:
        """The grid."""
        return self.grid

    # --- loading

    def load(self) -> None:
        """Read the goal."""
        assert self.host.session is not None
        self.work("grid", self._load(self.host.session))

    async def _load(self, session: Session) -> None:
        from cs_workspace.workspace import goal_grid

        while True:
            stamp = self._writes
            found = await self.host.loader.run(partial(session.run, goal_grid.grid, str(self.goal)))
            if stamp == self._writes:
                break
        first = self._grid is None
        self._grid = found
        if not self._draft_read:
            await self._bring_back(session)
        self._show()
        if first:
            self._begin(found)
            self.work("last year", self._read_last_year(session, found))

    def _begin(self, found: Grid) -> None:
        """Stand on the row that was asked for, in the milestone that runs."""
        rows = [row.contributor.id for row in found.rows]
        row = rows.index(self._first_row) if self._first_row in rows else 0
        session = self.host.session
        if session is None or not rows:
            return
        now = session.clock.now()
        ends = [each.slice.end for each in found.rows[row].cells]
        self.grid.go((row, next((c for c, end in enumerate(ends) if end > now), 0)))

    async def _read_last_year(self, session: Session, found: Grid) -> None:
        """What targets can be spread by; it is read while one looks at the grid."""
        from cs_workspace.workspace import goal_grid

        if found.goal.kpi.aggregate.additive:
            self._last_year = await self.host.loader.run(partial(session.run, goal_grid.last_year, str(self.goal)))
            self.grid.weights = self._weights

    def _weights(self, row: int) -> Sequence[int] | None:
        weights = self._last_year.get(self.grid.sheet.rows[row].key, ())
        return weights if any(weights) else None

    def failed(self, error: WorkspaceError) -> None:
        """Say it where the grid would be, or below it."""
        if self._grid is None:
            self._title.update(lines([(part(f"▲ {error}", "warn"),)]))
        else:
            self.post_message(Say(str(error), "warn"))

    # --- showing

    def _show(self) -> None:
        found, session = self._grid, self.host.session
        if found is None or session is None or not self.is_attached:
            return
        sheet = self._sheet(found)
        if session.read_only:
            locked = "The store is open for reading only."
            sheet = replace(sheet, rows=tuple(replace(row, locked=row.locked or locked) for row in sheet.rows))
        places = {row.key: number for number, row in enumerate(sheet.rows)}
        wrong = {
            (places[row], column): Wrong((places[row], column), kept.text, kept.reason)
            for (row, column), kept in self._kept.items()
            if row in places
        }
        cells = _cells(found, session.around.currency)
        self.grid.show(sheet, cells=cells, wrong=wrong, titles=_titles(found))
        self._entitle()

    def _sheet(self, found: Grid) -> Sheet:
        """The targets as they will be when everything on its way has arrived."""
        places = {row.key: number for number, row in enumerate(found.sheet.rows)}
        changes = [
            Change((places[edit.contributor], edit.position), edit.seen, edit.target)
            for save in self._queue
            for edit in save.edits
            if edit.contributor in places
        ]
        return found.sheet.carried_out(Plan(tuple(changes)))

    def _entitle(self) -> None:
        found, session = self._grid, self.host.session
        if found is None or session is None:
            return
        pieces = [part(found.goal.name, "strong"), part(f" · {found.goal.duration}", "quiet")]
        if session.around.schema[found.goal.kpi.object].has_pipeline:
            pieces.append(part(f" · {_pipelines(found)}", "quiet"))
        pieces += [part(" · ", "quiet"), part(str(self.grid.shown_layer), "accent")]
        here: Sequence[Part] = ()
        if self._kept:
            here = (part(f"! {counted(len(self._kept), 'cell')} not saved", "bad"),)
        elif self.grid.shown_layer is not Layer.TARGETS:
            here = self._here(found)
        self._title.update(lines([pieces, here]))

    def _here(self, found: Grid) -> Sequence[Part]:
        """The cell under the cursor in words."""
        row, column = self.grid.cursor
        if row >= len(found.rows) or column >= len(found.rows[row].cells):
            return ()
        each, session = found.rows[row].cells[column], self.host.session
        assert session is not None
        kpi, reading = found.goal.kpi, each.reading
        of = f"{shown.amount(reading.actual, kpi, session.around.currency)} of {found.sheet.spelled(each.slice.target)}"
        match self.grid.shown_layer:
            case Layer.PIPELINES:
                said: Sequence[Part] = (part(", ".join(each.pipelines)),)
            case Layer.NOTIFICATIONS:
                said = (part(_events(each.notify)), part("  own choice" * _differs(each), "mark"))
            case _:
                said = (part(of), part("  "), *shown.status(reading.status))
        return (part(f"{shown.period(each.slice.label, each.slice.first_day, each.slice.last_day)}  ", "quiet"), *said)

    # --- what the grid asks for

    def on_milestone_grid_moved(self, event: MilestoneGrid.Moved) -> None:
        """Another cell or another layer."""
        event.stop()
        self._entitle()

    def on_milestone_grid_planned(self, event: MilestoneGrid.Planned) -> None:
        """Save what somebody did; what could not be read stays in its cell."""
        from cs_workspace.workspace.goal_grid import edits_of

        event.stop()
        rows = self.grid.sheet.rows
        edits = edits_of(self.grid.sheet, event.plan.changes)
        for row, column in (*event.plan.kept, *(change.place for change in event.plan.changes)):
            self._kept.pop((rows[row].key, column), None)
        for wrong in event.plan.wrong:
            row, column = wrong.place
            if not rows[row].locked:
                self._kept[rows[row].key, column] = Kept(wrong.text, wrong.reason)
        self._say(event.plan)
        if edits:
            self._save(edits, event.label)
        self._show()

    def _say(self, plan: Plan) -> None:
        sheet, said = self.grid.sheet, []
        if len(plan.changes) == 1:
            (change,) = plan.changes
            said.append(f"{sheet.spelled(change.before)} → {sheet.spelled(change.after)}")
        elif plan.changes:
            said.append(f"{counted(len(plan.changes), 'target')} changed")
        locked = [each for each in plan.wrong if sheet.rows[each.place[0]].locked]
        if locked:
            said.append(locked[0].reason if not said else f"{len(locked)} in locked rows left alone")
        if len(plan.wrong) > len(locked) and (plan.changes or len(plan.wrong) > 1):  # of one the grid says why
            said.append(f"{len(plan.wrong) - len(locked)} could not be read")
        if plan.outside:
            said.append(f"{plan.outside} outside the grid")
        if plan.changes:
            said.append("undo u")
        if said:
            self.post_message(Say(" · ".join(said), "warn" if plan.wrong or plan.outside else ""))

    def on_milestone_grid_asked(self, event: MilestoneGrid.Asked) -> None:
        """Open the drawer for it."""
        event.stop()
        found, session = self._grid, self.host.session
        if found is None or session is None:
            return
        match event.what:
            case "pipelines" | "cell pipelines":
                self.post_message(Say(PIPELINES_ARE_FIXED))
            case "notifications":
                self._choose_for_cells(found)
            case "goal notifications":
                said = "Contributors are told once per milestone of what is checked."
                own = sum(each.slice.notify is not None for row in found.rows for each in row.cells)
                if own:
                    said += f" {counted(own, 'milestone')} with another choice keep{'s' * (own == 1)} it."
                self._choose(f"Notifications of {found.goal.name}", said, found.goal.notify)
            case _:
                from cs_workspace.tui.panels.import_targets import ImportTargets

                self.app.push_screen(ImportTargets(self.host, found), self._imported)

    def _imported(self, said: str | None) -> None:
        if said:
            self.post_message(Say(said))

    # --- notifications

    def _choose_for_cells(self, found: Grid) -> None:
        """Offer the events to the cells of the range that may be changed."""
        rows, places = self.grid.sheet.rows, list(self.grid.box.places)
        if not rows:
            return
        open_ = [place for place in places if not rows[place[0]].locked]
        if not open_:
            self.post_message(Say(rows[places[0][0]].locked, "warn"))
            return
        some = [found.rows[row].cells[column] for row, column in open_]
        row, column = self.grid.cursor if self.grid.cursor in open_ else open_[0]
        here = found.rows[row].cells[column]
        if len(some) == 1:
            title = f"{rows[row].name}, {shown.period(here.slice.label, here.slice.first_day, here.slice.last_day)}"
        else:
            title = counted(len(some), "milestone")
        said = f"Told once each. The goal's choice is {_events(found.goal.notify)}; with that checked they follow it."
        if len({frozenset(each.notify) for each in some}) > 1:
            said += " They differ now; what is checked will be for all of them."
        if len(open_) < len(places):
            said += f" {counted(len(places) - len(open_), 'milestone')} in locked rows left alone."
        cells = [(rows[row].key, column) for row, column in open_]
        self._choose(f"Notifications of {title}", said, here.notify, cells)

    def _choose(self, title: str, said: str, chosen: Collection[str], cells: Sequence[Spot] | None = None) -> None:
        events = [(str(each), each.words) for each in Event]
        self.app.push_screen(Checklist(title, said, events, chosen), partial(self._notify, cells))

    def _notify(self, cells: Sequence[Spot] | None, events: tuple[str, ...] | None) -> None:
        if events is not None and self.host.session is not None:
            self.work("notify", self._set_notify(self.host.session, events, cells))

    async def _set_notify(self, session: Session, events: tuple[str, ...], cells: Sequence[Spot] | None) -> None:
        from cs_workspace.workspace import goal_grid

        assert self._grid is not None
        follows = cells is not None and set(events) == set(self._grid.goal.notify)
        run = partial(session.run, goal_grid.set_notify, str(self.goal), None if follows else events, cells)
        changed = await self.host.loader.run(run)
        if changed:
            self._writes += 1
            chosen = "As the goal" if follows else f"{counted(len(events), 'notification')} chosen"
            where = "" if cells is None else f" for {counted(changed, 'milestone')}"
            self.post_message(Say(f"{chosen}{where} · undo u"))
            self.host.look()

    # --- saving

    def _save(self, edits: Sequence[CellEdit], what: str) -> None:
        """Hand targets over in the order they were typed; leaving the page does not stop it."""
        self._queue.append(Save(edits, what))
        if not self._saving and self.host.session is not None:
            self._saving = True
            self.app.run_worker(self._guarded(self._save_all(self.host.session)), exit_on_error=False)

    async def _save_all(self, session: Session) -> None:
        from cs_workspace.workspace import goal_grid

        clashes: list[Clash] = []
        failed: WorkspaceError | None = None
        try:
            while self._queue:
                save = self._queue[0]
                run = partial(session.run, goal_grid.set_targets, str(self.goal), save.edits, save.what)
                try:
                    done = await self.host.loader.run(run)
                except WorkspaceError as error:
                    failed = error
                    self._keep((edit.contributor, edit.position, edit.target, str(error)) for edit in save.edits)
                    self._queue.remove(save)
                    continue
                self._written(save, done.clashes)
                clashes += done.clashes
        finally:
            self._saving = False
            self._show()
        self.host.look()
        self._ask(clashes)
        if failed is not None:
            self.failed(failed)

    def _written(self, save: Save, clashes: Sequence[Clash]) -> None:
        """The sheet holds now what was written, and what others wrote in its place."""
        self._writes += 1
        self._queue.remove(save)
        found = self._grid
        if found is None:
            return
        theirs = {(clash.contributor, clash.position): clash.theirs for clash in clashes}
        places = {row.key: number for number, row in enumerate(found.sheet.rows)}
        changes = tuple(
            Change((places[edit.contributor], edit.position), edit.seen, theirs.get(spot, edit.target))
            for edit in save.edits
            if edit.contributor in places
            for spot in [(edit.contributor, edit.position)]
        )
        self._grid = replace(found, sheet=found.sheet.carried_out(Plan(changes)))
        self._keep(
            (
                clash.contributor,
                clash.position,
                clash.mine,
                f"{clash.who or 'somebody'} wrote {found.sheet.spelled(clash.theirs)} meanwhile; {UNSAVED}",
            )
            for clash in clashes
        )

    def _keep(self, cells: Iterable[tuple[int, int, int | None, str]]) -> None:
        assert self._grid is not None
        spelled = self._grid.sheet.spelled
        self._kept.update({(row, column): Kept(spelled(mine), reason) for row, column, mine, reason in cells})

    # --- two at the same cell

    def _ask(self, clashes: Sequence[Clash]) -> None:
        session, found = self.host.session, self._grid
        if clashes and session is not None and found is not None and self.is_attached:
            from cs_workspace.tui.panels.clashes import ClashDrawer, Contested

            self.post_message(Say(""))  # what was said to be saved is not
            spelled = found.sheet.spelled
            contested = [
                Contested(
                    f"{each.name} · {shown.milestone(each.label)}",
                    spelled(each.mine),
                    spelled(each.theirs),
                    spelled(each.original),
                    each.who,
                    each.at,
                )
                for each in clashes
            ]
            self.app.push_screen(ClashDrawer(contested, session.tz), partial(self._answered, clashes))

    def _answered(self, clashes: Sequence[Clash], taken: Mapping[int, str] | None) -> None:
        """Write what was decided; what was not keeps its text."""
        from cs_workspace.workspace.goal_grid import CellEdit

        edits = []
        for number, which in (taken or {}).items():
            clash = clashes[number]
            self._kept.pop((clash.contributor, clash.position), None)
            if which != "theirs":
                target = clash.mine if which == "mine" else clash.original
                edits.append(CellEdit(clash.contributor, clash.position, target, clash.theirs))
        if edits:
            self._save(edits, f"settle {counted(len(edits), 'target')}")
        self._show()
        left = len(clashes) - len(taken or {})
        if left:
            self.post_message(Say(f"{counted(left, 'cell')} kept as you typed, not saved.", "warn"))

    # --- drafts

    @property
    def _place(self) -> str:
        return f"goal grid {self.goal}"

    def draft(self) -> Draft | None:
        """Everything typed that the store does not have.

        Those are unreadable and contested cells, what is on its way, and the text under the caret.
        """
        cells: dict[Spot, str] = {spot: kept.text for spot, kept in self._kept.items()}
        if self._grid is not None:
            spelled = self._grid.sheet.spelled
            for save in self._queue:
                cells.update({(edit.contributor, edit.position): spelled(edit.target) for edit in save.edits})
            if self.grid.typing is not None:
                (row, column), text = self.grid.typing
                cells[self.grid.sheet.rows[row].key, column] = text
        if not cells and not self._drafted:
            return None
        stored = [[row, column, text] for (row, column), text in cells.items()]
        return Draft(self._place, {"cells": stored} if stored else None)

    async def _bring_back(self, session: Session) -> None:
        """Put a draft's texts into their cells again, but those the store has by now."""
        from cs_workspace.workspace import drafts

        content_ = await self.host.loader.run(partial(session.run, drafts.find, self._place))
        self._draft_read = True
        self._drafted = content_ is not None
        if content_ is None or self._grid is None:
            return
        sheet = self._grid.sheet
        places = {row.key: number for number, row in enumerate(sheet.rows)}
        for row, column, text in content_.get("cells", ()):
            if row not in places or column >= len(sheet.columns):
                continue
            plan = sheet.typed([(places[row], column)], text)
            if plan.changes or plan.wrong:
                reason = plan.wrong[0].reason if plan.wrong else UNSAVED
                self._kept.setdefault((row, column), Kept(text, reason))
        if self._kept:
            are = "is" if len(self._kept) == 1 else "are"
            self.post_message(Say(f"{counted(len(self._kept), 'unsaved cell')} {are} back."))


def counted(number: int, what: str) -> str:
    """`1 cell`, `2 cells`."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def _titles(found: Grid) -> list[str]:
    periods = [each.slice for each in found.rows[0].cells] if found.rows else []
    return shown.titles([each.label for each in periods], [date_of(each.first_day) for each in periods])


def _pipelines(found: Grid) -> str:
    """The pipelines of all milestones in a few words."""
    choices = {each.pipelines for row in found.rows for each in row.cells}
    if len(choices) != 1:
        return "several pipelines"
    (names,) = choices
    return "All pipelines" if names == ("All",) else ", ".join(names)


def _cells(found: Grid, currency: str) -> dict[Layer, dict[Place, Cell]]:
    """What the layers that are no targets show, and the sums of actuals where they add up."""
    kpi = found.goal.kpi

    def one(each: ProgressRow) -> dict[Layer, Cell]:
        reading = each.reading
        symbol, tone = shown.STATUS[reading.status]
        percent = shown.percent(reading.progress_percent)
        progress = (part(f"{percent} "), part(symbol[:1], tone)) if percent else (part(symbol[:1], tone),)
        return {
            Layer.ACTUALS: shown.amount_cell(reading.actual, kpi, currency),
            Layer.PROGRESS: progress,
            Layer.PIPELINES: cell(", ".join(each.pipelines), "quiet"),
            Layer.NOTIFICATIONS: (part("• " * _differs(each), "mark"), part(len(each.notify) or "–", "quiet")),
        }

    cells: dict[Layer, dict[Place, Cell]] = {}
    for number, row in enumerate(found.rows):
        for column, each in enumerate(row.cells):
            for layer, value in one(each).items():
                cells.setdefault(layer, {})[number, column] = value
    if kpi.aggregate.additive and found.rows:
        sums = {place: shown.amount_cell(total, kpi, currency, "strong") for place, total in _sums(found).items()}
        cells[Layer.ACTUALS].update(sums)
    return cells


def _differs(each: ProgressRow) -> bool:
    """Whether a milestone is told of otherwise than its goal."""
    return set(each.notify) != set(each.goal.notify)


def _events(names: Iterable[str]) -> str:
    return ", ".join(Event(name).words.lower() for name in names) or "none"


def _sums(found: Grid) -> dict[Place, Fraction]:
    """Actuals of rows in the column after the last, of the users' rows in the row after the last."""
    sums: dict[Place, Fraction] = {}
    bottom, right = len(found.rows), len(found.sheet.columns)
    for number, row in enumerate(found.rows):
        for column, each in enumerate(row.cells):
            actual = each.reading.actual or Fraction(0)
            users = () if row.contributor.user is None else ((bottom, column), (bottom, right))
            for place in ((number, right), *users):
                sums[place] = sums.get(place, Fraction(0)) + actual
    return sums
