"""Goals adjusted: targets, rows taken away, ended milestones calculated anew (GOL-40, GOL-42, GOL-45)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cs_workspace.domain.errors import NotFound
from cs_workspace.domain.goals.model import Kpi, Unit
from cs_workspace.domain.goals.targets import parse_target
from cs_workspace.domain.permissions import (
    Permission,
    management_refusal,
)
from cs_workspace.domain.query.folding import squash
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goals import Contributor, Goal
from cs_workspace.workspace import calculation
from cs_workspace.workspace.calculation import Goals
from cs_workspace.workspace.door import Tx, writes
from cs_workspace.workspace.goals import find_goal, refuse, row_of, row_refusal, slice_of


def target_steps(tx: Tx, kpi: Kpi, text: str) -> int | None:
    """A written target in small steps; blank is none, plain digits of a duration are seconds as they are printed."""
    text = text.strip()
    if not text or text == "none":
        return None
    if kpi.unit is Unit.DURATION and text.isascii() and text.isdigit():
        text = f"{text}s"
    return parse_target(text, kpi.unit, tx.account.currency)


def check_edit(tx: Tx, loaded: Goals, goal: Goal, rows: Sequence[Contributor]) -> None:
    """Raise Refused where the actor may not change these rows (PER-7, PER-9, PER-10)."""
    refuse(management_refusal(tx.actor, goal.template), tx, f"change {goal.name}")
    for row in rows:
        refuse(row_refusal(tx, "edit", loaded, row), tx, f"change this row of {goal.name}")


@writes(Permission.GOALS_EDIT, "set a target")
def set_target(tx: Tx, goal: str, contributor: str, label: str, value: str) -> int:
    """Set one slice's target, or all of a row with `all`; how many changed (GOL-42). Blank or `none` takes it away."""
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    row = row_of(tx, loaded, found, contributor)
    check_edit(tx, loaded, found, [row])
    steps = target_steps(tx, found.kpi, value)
    own = goal_store.load_slices(tx.connection, goal_store.of_contributors([row.id]))
    some = own if squash(label) == "all" else [slice_of(own, label)]
    tx.describe(f"set target {value.strip() or 'none'} for {contributor} in {found.name}, {label}")
    return len(tx.journal.update("slices", {each.id: {"target": steps} for each in some}))


@dataclass(frozen=True, slots=True)
class Deleted:
    """What went: so many rows, the goals they were of, and those of them that are gone altogether."""

    rows: int
    goals: tuple[str, ...]
    gone: tuple[str, ...]


@writes(Permission.GOALS_EDIT, "delete rows of goals")
def delete_rows(tx: Tx, contributors: Sequence[int]) -> Deleted:
    """Take rows away, of one goal or of several; with the last row goes the goal (GOL-45)."""
    rows = goal_store.load_contributors(tx.connection, ids=contributors)
    if not rows:
        raise NotFound("These rows are gone already.")
    loaded = calculation.load(tx, {row.goal for row in rows.values()})
    going = Counter(row.goal for row in rows.values())
    for goal in going:
        check_edit(tx, loaded, loaded.goals[goal], [row for row in rows.values() if row.goal == goal])
    of = Counter(row.goal for row in loaded.contributors.values())
    gone = [goal for goal in going if going[goal] == of[goal]]
    names = tuple(loaded.goals[goal].name for goal in going)
    what = "a row" if len(rows) == 1 else f"{len(rows)} rows"
    tx.describe(f"delete {what} of {f'goal {names[0]}' if len(names) == 1 else f'{len(names)} goals'}")
    every = goal_store.load_slices(tx.connection, goal_store.of_contributors(list(rows)))
    tx.journal.delete("slices", [each.id for each in every])
    tx.journal.delete("contributors", list(rows))
    tx.journal.delete("goals", gone)
    return Deleted(len(rows), names, tuple(loaded.goals[goal].name for goal in gone))


@writes(Permission.GOALS_EDIT, "delete a goal's rows")
def delete(tx: Tx, goal: str, contributors: Sequence[str]) -> bool:
    """Take contributors' rows away; with the last one goes the goal, and then the answer is True (GOL-45)."""
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    return bool(delete_rows(tx, [row_of(tx, loaded, found, name).id for name in contributors]).gone)


@writes(Permission.GOALS_EDIT, "calculate ended milestones anew")
def recalculate_ended(tx: Tx, goal: str) -> int:
    """Measure the frozen slices of a goal again, on purpose; how many changed (GOL-40). It is logged."""
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    check_edit(tx, loaded, found, calculation.of_goal(loaded, found.id))
    every = goal_store.load_slices(tx.connection, goal_store.of_contributors(list(loaded.contributors)))
    ended = [each for each in every if each.frozen]
    values = calculation.measure(tx, loaded, [e for e in ended if e.contributor not in loaded.stopped])
    moved = {e.id: values[e.id] for e in ended if e.id in values and values[e.id] != (e.total, e.records)}
    tx.describe(f"calculate the ended milestones of {found.name} anew")
    tx.journal.update(
        "slices",
        {i: {"total": total, "records": records, "calculated_at": tx.now} for i, (total, records) in moved.items()},
    )
    return len(moved)
