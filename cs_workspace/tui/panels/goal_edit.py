"""A contributor's targets and the goal's notifications; nothing takes effect before it is saved (GOL-44)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Input, Static

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.goals.notices import Event
from cs_workspace.domain.goals.sheet import Change, Plan
from cs_workspace.tui import format as shown
from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import Say
from cs_workspace.tui.page import Draft
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.text import Cell, Part, cell, content, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cs_workspace.tui.session import Host, Session
    from cs_workspace.workspace.goal_grid import Clash, Grid

_TARGETS = (
    Column("milestone", "Milestone", 9, 22, sortable=False),
    Column("target", "Target", 12, 26, right=True, sortable=False),
    Column("actual", "Actual", 8, 12, right=True, sortable=False),
    Column("status", "Status", 13, 14, sortable=False),
)
_EVENTS = (Column("event", "", 20, 40, sortable=False),)
_EVERY = tuple(Event)
PAGES = ("Targets", "Notifications")


def place_of(goal: int, contributor: int) -> str:
    """Where what was typed and not saved is kept."""
    return f"goal edit {goal} {contributor}"


class GoalEdit(Drawer[None]):
    """Opened by `e` on a row. What is typed stays in its cell until it is saved or dropped."""

    BINDINGS: ClassVar[list[BindingType]] = some(
        "panel.down", "panel.up", "panel.save", "panel.apply", "app.next_pane", "app.previous_pane"
    )
    HINTS = ("↑↓ milestone", "enter next", "tab notifications", "ctrl+s save", "esc close")

    def __init__(
        self, host: Host, session: Session, grid: Grid, contributor: int, position: int, texts: Mapping[int, str]
    ) -> None:
        """`position` is the milestone to begin with, `texts` what was typed the last time and not saved."""
        super().__init__()
        self._host = host
        self._session = session
        self._grid = grid
        self._contributor = contributor
        self._begin = position
        self._texts = {column: text for column, text in texts.items() if column < len(grid.sheet.columns)}
        self._back = len(self._texts)
        self._warned = False
        self.targets: RecordTable[int] = RecordTable(_TARGETS, self._cells, id="targets")
        self.targets.can_focus = False
        self.events: RecordTable[int] = RecordTable(
            _EVENTS, lambda row, names: [cell(_EVERY[row].words) for _ in names], header=False, mark=int, id="events"
        )
        self.line = Input(compact=True, max_length=100, id="target")

    def inside(self) -> Iterable[Widget]:
        """Whose targets, the two pages, and what was understood."""
        yield Static("", id="whose", markup=False)
        yield Static("", id="pages", markup=False)
        with ContentSwitcher(initial="targets"):
            yield self.targets
            yield self.events
        yield self.line
        yield Static("", id="echo", markup=False)

    def on_mount(self) -> None:
        """Show the milestones, the current one first."""
        self.query_one("#whose", Static).update(
            content(part(f"{self._grid.goal.name} · {self._grid.rows[self._row].name}", "strong"))
        )
        self.targets.show(Rows(range(len(self._grid.sheet.columns)), int), index=self._begin)
        self.events.show(Rows(range(len(_EVERY)), int))
        self.events.mark(number for number, event in enumerate(_EVERY) if event in self._grid.goal.notify)
        self._turn(0)

    # --- what it is about

    @property
    def _row(self) -> int:
        return next(i for i, row in enumerate(self._grid.rows) if row.contributor.id == self._contributor)

    @property
    def _column(self) -> int:
        return self.targets.cursor

    @property
    def _plan(self) -> Plan:
        """What everything that was typed would change, and what of it cannot be understood."""
        sheet, plans = self._grid.sheet, []
        for column, text in sorted(self._texts.items()):
            plans.append(sheet.typed([(self._row, column)], text))
        return Plan(tuple(c for p in plans for c in p.changes), tuple(w for p in plans for w in p.wrong))

    @property
    def draft(self) -> Draft:
        """What was typed and is not saved."""
        texts = {str(column): text for column, text in self._texts.items()}
        return Draft(place_of(self._grid.goal.id, self._contributor), {"texts": texts} if texts else None)

    # --- what is shown

    def _cells(self, column: int, names: Sequence[str]) -> list[Cell]:
        grid = self._grid
        one = grid.rows[self._row].cells[column]
        currency = self._session.around.currency
        cells: dict[str, Cell] = {
            "milestone": cell(shown.milestone(grid.sheet.columns[column])),
            "target": self._target(column),
            "actual": shown.amount_cell(one.reading.actual, grid.goal.kpi, currency),
            "status": shown.status(one.reading.status),
        }
        return [cells[name] for name in names]

    def _target(self, column: int) -> Cell:
        sheet, place = self._grid.sheet, (self._row, column)
        if column in self._texts:
            plan = sheet.typed([place], self._texts[column])
            if plan.wrong:
                return (part(f"▲ {self._texts[column]}", "warn"),)
            if plan.changes:
                return (*self._change(plan.changes[0]),)
        return cell(sheet.text(place) or "–")

    def _change(self, change: Change) -> tuple[Part, ...]:
        sheet = self._grid.sheet
        return (part(f"{sheet.spelled(change.before)} → ", "quiet"), part(sheet.spelled(change.after), "accent"))

    def _echo(self, *rows: Sequence[Part]) -> None:
        self.query_one("#echo", Static).update(lines(rows))

    def _say(self) -> None:
        """What was understood of the cell, or why not; whose row it is if it cannot be edited."""
        locked = self._grid.sheet.rows[self._row].locked
        plan = self._grid.sheet.typed([(self._row, self._column)], self.line.value)
        if locked:
            said: Sequence[Part] = (part(locked, "warn"),)
        elif plan.wrong:
            said = (part(f"▲ {plan.wrong[0].reason}", "warn"),)
        elif plan.changes:
            said = self._change(plan.changes[0])
        else:
            said = (part("A number, 12k, 1h30, none; or +5%, -10%, +50 to change it.", "quiet"),)
        back = f"{_targets(self._back)} typed before and not saved: back again."
        self._echo(said, *([(part(back, "accent"),)] if self._back else []))

    # --- the pages

    @property
    def _on_targets(self) -> bool:
        return self.query_one(ContentSwitcher).current == "targets"

    def _turn(self, page: int) -> None:
        self.query_one(ContentSwitcher).current = ("targets", "events")[page]
        tones = ("mark", "quiet") if page == 0 else ("quiet", "mark")
        self.query_one("#pages", Static).update(
            content(part(PAGES[0], tones[0]), "   ", part(PAGES[1], tones[1]), part("   tab", "quiet"))
        )
        self.line.display = page == 0
        if page == 0:
            self.line.focus()
            self._load()
        else:
            self.events.focus()
            self._echo((part("Every contributor of the goal is told, once per milestone. space chooses.", "quiet"),))

    def action_next_pane(self) -> None:
        """To the other page."""
        self._turn(1 if self._on_targets else 0)

    def action_previous_pane(self) -> None:
        """To the other page."""
        self.action_next_pane()

    # --- typing

    def _load(self) -> None:
        with self.prevent(Input.Changed):
            column = self._column
            self.line.value = self._texts.get(column, self._grid.sheet.text((self._row, column)))
            self.line.placeholder = f"{shown.milestone(self._grid.sheet.columns[column])}: no target"
            self.line.select_all()
        self._say()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed; what means the target that is there anyway is no change."""
        event.stop()
        self._warned, self._back = False, 0
        column = self._column
        if self._grid.sheet.rows[self._row].locked:
            return
        plan = self._grid.sheet.typed([(self._row, column)], event.value)
        if plan.changes or plan.wrong:
            self._texts[column] = event.value
        else:
            self._texts.pop(column, None)
        self.targets.changed()
        self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next milestone."""
        event.stop()
        before = self._column
        self.action_move(1)
        if self._column == before:
            self._load()  # the last one: what is typed next takes its place

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Another milestone: its target is in the line."""
        event.stop()
        if event.table is self.targets and self.line.is_mounted and self._on_targets:
            self._load()

    def on_record_table_marked(self, event: RecordTable.Marked) -> None:
        event.stop()
        self._warned = False

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        event.stop()

    def action_move(self, rows: int) -> None:
        """Go up or down among the milestones."""
        (self.targets if self._on_targets else self.events).action_move(rows)

    def action_apply(self) -> None:
        """Enter among the notifications chooses, as the blank does."""
        self.events.action_mark()

    # --- saving and leaving

    @property
    def _notify(self) -> tuple[str, ...]:
        return tuple(str(event) for number, event in enumerate(_EVERY) if number in self.events.marked)

    @property
    def _changed(self) -> bool:
        return bool(self._texts) or set(self._notify) != set(self._grid.goal.notify)

    def action_save(self) -> None:
        """Save both pages; what could not be understood has to be put right first."""
        wrong = self._plan.wrong
        if wrong:
            if not self._on_targets:
                self._turn(0)
            self.targets.cursor = wrong[0].place[1]
            self._load()
        else:
            self.run_worker(self._save(), group="save", exclusive=True, exit_on_error=False)

    async def _save(self) -> None:
        from cs_workspace.workspace import goal_grid

        goal, run = str(self._grid.goal.id), self._session.run
        edits = goal_grid.edits_of(self._grid.sheet, self._plan.changes)
        notify = self._notify if set(self._notify) != set(self._grid.goal.notify) else None
        try:
            outcome = goal_grid.Outcome(0)
            if edits or notify is not None:
                outcome = await self._host.loader.run(partial(run, goal_grid.save, goal, edits, notify))
            if outcome.clashes:
                self._grid = await self._host.loader.run(partial(run, goal_grid.grid, goal))
        except WorkspaceError as error:
            self._echo((part(f"▲ {error}", "bad"),))
            return
        self._host.look()
        if outcome.clashes:
            self._met(outcome.clashes)
            return
        self._texts.clear()
        name = f"{self._grid.goal.name}, {self._grid.rows[self._row].name}"
        self.dismiss(None)
        if edits:
            self.app.post_message(Say(f"{_targets(outcome.changed)} of {name} saved · u undoes"))
        else:
            self.app.post_message(Say(f"{name} saved."))

    def _met(self, clashes: Sequence[Clash]) -> None:
        """Somebody was first: what was typed for these cells stays, and saving again puts it (REC-7)."""
        kept = {clash.position for clash in clashes}
        self._texts = {column: text for column, text in self._texts.items() if column in kept}
        self.targets.changed()
        self.targets.cursor = clashes[0].position
        spelled = self._grid.sheet.spelled
        told = "; ".join(
            f"{shown.milestone(each.label)}: {each.who} set {spelled(each.theirs)}, it was {spelled(each.original)}"
            for each in clashes
        )
        self._echo((part(f"▲ {told}.", "warn"),), (part("ctrl+s saves yours over it, esc leaves theirs.", "quiet"),))

    def action_close(self) -> None:
        """Close; what is not saved is said once before it is dropped."""
        if self._changed and not self._warned:
            self._warned = True
            self._echo((part("▲ Not saved yet: ctrl+s saves, esc again drops it.", "warn"),))
            return
        self._texts.clear()
        self.dismiss(None)


def _targets(number: int) -> str:
    return f"{number} target{'s' * (number != 1)}"
