"""The step of the wizard in which targets and pipelines are set: the grid on a goal that is not there yet (GOL-21)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from cs_workspace.domain.goals.sheet import Place, Sheet, SheetRow, Wrong
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES
from cs_workspace.domain.numbers import NumberFormat
from cs_workspace.domain.schema.model import Schema
from cs_workspace.tui import format as shown
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.checklist import Checklist
from cs_workspace.tui.screens.wizard.entries import Entries
from cs_workspace.tui.screens.wizard.steps import Step
from cs_workspace.tui.text import Cell, cell
from cs_workspace.tui.widgets.fields import Go
from cs_workspace.tui.widgets.milestone_grid import Layer, MilestoneGrid

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_preview import Choices, Preview

ALL = "All"


class TargetsStep(Step):
    """Typing changes the entries only; undo is the wizard's own."""

    def __init__(
        self,
        entries: Entries,
        choices: Choices,
        schema: Schema,
        preview: Preview,
        currency: str,
        style: NumberFormat,
    ) -> None:
        super().__init__(entries, choices, schema)
        assert preview.kpi is not None
        self._preview = preview
        self._offered = choices.pipelines.get(preview.kpi.object, ()) if _has_pipelines(entries) else ()
        self._sheet = Sheet(
            preview.kpi.unit,
            preview.kpi.aggregate,
            currency,
            tuple(SheetRow(i, row.name, row.is_team, row.team) for i, row in enumerate(preview.rows)),
            tuple(each.label for each in preview.periods),
            style=style,
        )
        self._undone: list[Entries] = []
        self._before: list[Entries] = []
        if entries.unit != preview.kpi.unit:
            entries.unit, entries.targets, entries.wrong = str(preview.kpi.unit), {}, {}  # minutes are no euros

    def compose(self) -> ComposeResult:
        layers = (Layer.TARGETS, Layer.PIPELINES) if self._offered else (Layer.TARGETS,)
        with Vertical():
            yield MilestoneGrid(layers=layers, id="grid")
            yield Go("Notifications", "ctrl+n")

    def on_mount(self) -> None:
        """Show what is there."""
        self.grid.weights = self._weights
        self._show()

    @property
    def grid(self) -> MilestoneGrid:
        """The grid."""
        return self.query_one(MilestoneGrid)

    @property
    def stops(self) -> list[Widget]:
        """The grid, and the line below it."""
        return [self.grid, self.query_one(Go)]

    def _weights(self, row: int) -> Sequence[int] | None:
        shape = self._preview.rows[row].shape[: len(self._sheet.columns)]
        return shape if any(shape) and len(shape) == len(self._sheet.columns) else None

    def _show(self) -> None:
        e, rows = self.entries, self._preview.rows
        targets = {
            (r, c): steps
            for r, row in enumerate(rows)
            for c in range(len(self._sheet.columns))
            if (steps := e.targets.get(row.contributor, {}).get(e.at(c))) is not None
        }
        self._sheet = replace(self._sheet, targets=targets)
        cells: dict[Layer, dict[Place, Cell]] = {}
        if self._offered:
            cells[Layer.PIPELINES] = {
                (r, c): cell(", ".join(self._pipelines((r, c))) or ALL)
                for r in range(len(rows))
                for c in range(len(self._sheet.columns))
            }
        titles = shown.titles(self._sheet.columns, [each.first_day for each in self._preview.periods])
        self.grid.show(self._sheet, cells=cells, wrong=self.wrong, titles=titles)

    def _pipelines(self, place: Place) -> list[str]:
        e = self.entries
        found: list[str] = e.pipelines.get(self._preview.rows[place[0]].contributor, {}).get(e.at(place[1]), [])
        return found

    # --- texts that are no targets

    @property
    def wrong(self) -> dict[Place, Wrong]:
        """The cells whose text could not be read."""
        return {
            (r, c): Wrong((r, c), *found)
            for r, row in enumerate(self._preview.rows)
            for c in range(len(self._sheet.columns))
            if (found := self.entries.wrong.get(row.contributor, {}).get(self.entries.at(c)))
        }

    def _keep(self, wrong: Mapping[Place, Wrong]) -> None:
        self.entries.wrong = {}
        for (row, column), each in wrong.items():
            own = self.entries.wrong.setdefault(self._preview.rows[row].contributor, {})
            own[self.entries.at(column)] = [each.text, each.reason]

    # --- changes

    def _change(self, how: Callable[[], None]) -> None:
        self._before.append(deepcopy(self.entries))
        self._undone.clear()
        how()
        self._changed()

    def _changed(self) -> None:
        self._show()
        self.post_message(self.Edited())

    def on_milestone_grid_planned(self, event: MilestoneGrid.Planned) -> None:
        """Carry it out."""
        event.stop()
        plan = event.plan

        def carry_out() -> None:
            self._keep(plan.wrong_after(self.wrong))
            for change in plan.changes:
                own = self.entries.targets.setdefault(self._preview.rows[change.place[0]].contributor, {})
                if change.after is None:
                    own.pop(self.entries.at(change.place[1]), None)
                else:
                    own[self.entries.at(change.place[1])] = change.after

        self._change(carry_out)

    def on_milestone_grid_moved(self, event: MilestoneGrid.Moved) -> None:
        event.stop()

    def on_milestone_grid_asked(self, event: MilestoneGrid.Asked) -> None:
        """Choose pipelines of cells or of whole rows; nothing else can be asked of a goal that is not there yet."""
        event.stop()
        if event.what not in {"pipelines", "cell pipelines"}:
            self.post_message(Say("That is for a goal that is made already; here, paste a block instead.", "quiet"))
            return
        rows, columns = event.rows, range(len(self._sheet.columns))
        places = [(row, column) for row in rows for column in columns]
        who = self._preview.rows[rows[0]].name if len(rows) == 1 else f"{len(rows)} rows"
        where = f"Pipelines of {who}, every milestone"
        if event.what == "cell pipelines":
            places = list(self.grid.box.places)
            name, milestone = self._preview.rows[places[0][0]].name, shown.milestone(self._sheet.columns[places[0][1]])
            where = f"Pipelines of {name}, {milestone}" if len(places) == 1 else f"Pipelines of {len(places)} cells"
        drawer = Checklist(
            where,
            "None checked counts all of them. They cannot be changed later.",
            [(name, name) for name in self._offered],
            self._pipelines(places[0]),
        )
        self.app.push_screen(drawer, partial(self._choose, places))

    def _choose(self, places: Sequence[Place], names: tuple[str, ...] | None) -> None:
        if names is None:
            return

        def choose() -> None:
            for row, column in places:
                own = self.entries.pipelines.setdefault(self._preview.rows[row].contributor, {})
                if names and len(names) < len(self._offered):
                    own[self.entries.at(column)] = list(names)
                else:
                    own.pop(self.entries.at(column), None)

        self._change(choose)

    def take_back(self, *, redo: bool) -> None:
        """Undo, or redo."""
        source, other = (self._undone, self._before) if redo else (self._before, self._undone)
        if not source:
            self.post_message(Say(f"There is nothing to {'do again' if redo else 'undo'} in this grid.", "quiet"))
            return
        other.append(deepcopy(self.entries))
        entries, own = source.pop(), self.entries
        own.targets, own.wrong, own.pipelines = entries.targets, entries.wrong, entries.pipelines
        self._changed()

    def enter(self) -> bool:
        """Enter is the grid's; on the line below it goes on."""
        return isinstance(self.app.focused, Go)


def _has_pipelines(entries: Entries) -> bool:
    return entries.template == CUSTOM or TEMPLATES[entries.template].has_pipelines
