"""Targets of goals from a file: goal, contributor, slice, target (GOL-29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cs_workspace.domain.errors import Invalid, WorkspaceError
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.query.folding import squash
from cs_workspace.domain.text import unguard_formula
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goals import Contributor, Goal, SliceRow
from cs_workspace.store.journal import batches
from cs_workspace.workspace import calculation, goal_draft, goals
from cs_workspace.workspace.calculation import Goals
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.import_plan import Plan, Progress, Reject, Rejected, Report, Rows

BATCH = 2000


def take(tx: Tx, plan: Plan, rows: Rows, reject: Reject, progress: Progress) -> Report:
    """Set the targets the rows name; rows that cannot be are handed over."""
    board = _Board.of(tx)
    places = {column.property: column.numbers[0] for column in plan.columns}
    changed = unchanged = rejected = done = 0
    foreseen: dict[int, int | None] = {}
    for batch in batches(rows, BATCH):
        values: dict[int, dict[str, int | None]] = {}
        for line, cells in batch:
            try:
                new = board.row(tx, line, _texts(plan, places, cells))
            except WorkspaceError as error:
                rejected += 1
                reject(Rejected(line, cells, str(error)))
                continue
            changed += bool(new)
            unchanged += not new
            values.update((slice_, {"target": steps}) for slice_, steps in new.items())
        tx.journal.update("slices", values)
        if plan.dry_run:
            foreseen.update((slice_, new["target"]) for slice_, new in values.items())
        done += len(batch)
        progress(done, max(done, plan.total))
    return Report(0, changed, unchanged, rejected, targets=foreseen)


def _texts(plan: Plan, places: dict[str, int], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != plan.width:
        raise Invalid("row", f"has {len(cells)} cells where the first line has {plan.width}")
    texts = {name: unguard_formula(cells[number]).strip() for name, number in places.items()}
    for name in ("goal", "contributor", "slice"):
        if not texts.get(name):
            raise Invalid(name, "is missing")
    return texts


@dataclass(slots=True)
class _Board:
    """All goals with their rows and slices by what people call them, loaded once."""

    loaded: Goals
    by_name: dict[str, list[Goal]]
    rows: dict[tuple[int, str], list[Contributor]]
    slices: dict[int, list[SliceRow]]
    refused: dict[int, WorkspaceError | None] = field(default_factory=dict)  # by row of a goal
    set_on: dict[int, int] = field(default_factory=dict)  # slice: line

    @classmethod
    def of(cls, tx: Tx) -> _Board:
        loaded = calculation.load(tx)
        by_name: dict[str, list[Goal]] = {}
        for goal in loaded.goals.values():
            by_name.setdefault(squash(goal.name), []).append(goal)
        rows: dict[tuple[int, str], list[Contributor]] = {}
        for row in loaded.contributors.values():
            for name in set(goals.row_names(tx, {"user": row.user, "team": row.team})):
                rows.setdefault((row.goal, name), []).append(row)
        slices: dict[int, list[SliceRow]] = {}
        for each in goal_store.load_slices(tx.connection):
            slices.setdefault(each.contributor, []).append(each)
        return cls(loaded, by_name, rows, slices)

    def row(self, tx: Tx, line: int, texts: dict[str, str]) -> dict[int, int | None]:
        """The slices a row gives another target. Raises WorkspaceError."""
        goal = self._goal(texts["goal"])
        found = self.rows.get((goal.id, squash(texts["contributor"])), [])
        if len(found) != 1:
            what = "no row" if not found else "several rows"
            raise Invalid("contributor", f"{texts['contributor']!r} has {what} on {goal.name}")
        (contributor,) = found
        self._check_may(tx, goal, contributor)
        own = self.slices.get(contributor.id, [])
        label = texts["slice"].casefold()
        some = own if label == "all" else [each for each in own if each.label.casefold() == label]
        if not some:
            hint = nearest(texts["slice"], (each.label for each in own))
            raise Invalid("slice", f"{texts['slice']!r} is not a slice of {goal.name}", hint)
        if not texts.get("target"):
            return {}  # blank leaves a value as it is; `none` takes it away
        steps = goal_draft.target_steps(tx, goal.kpi, texts["target"])
        for each in some:
            if each.id in self.set_on:
                raise Invalid("slice", f"{each.label} was set on line {self.set_on[each.id]} already")
        self.set_on.update((each.id, line) for each in some)
        return {each.id: steps for each in some if each.target != steps}

    def _goal(self, text: str) -> Goal:
        if text.isascii() and text.isdigit() and len(text) < 19 and int(text) in self.loaded.goals:
            return self.loaded.goals[int(text)]
        named = self.by_name.get(squash(text), [])
        if len(named) > 1:
            ids = ", ".join(str(goal.id) for goal in named)
            raise Invalid("goal", f"{len(named)} goals are called {text!r}", f"Give an id: {ids}.")
        if not named:
            hint = nearest(text, (goal.name for goal in self.loaded.goals.values()))
            raise Invalid("goal", f"there is no goal {text!r}", hint)
        return named[0]

    def _check_may(self, tx: Tx, goal: Goal, row: Contributor) -> None:
        if row.id not in self.refused:
            try:
                goals.check_edit(tx, self.loaded, goal, [row])
                self.refused[row.id] = None
            except WorkspaceError as error:
                self.refused[row.id] = error
        refusal = self.refused[row.id]
        if refusal is not None:
            raise refusal
