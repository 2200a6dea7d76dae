"""Goals adjusted: targets, rows taken away, ended milestones calculated anew (GOL-40, GOL-42, GOL-45)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cs_workspace.domain.errors import NotFound
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.query.folding import squash
from cs_workspace.store import goals as goal_store
from cs_workspace.workspace import calculation
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.goal_draft import target_steps
from cs_workspace.workspace.goal_grid import CellEdit, set_targets
from cs_workspace.workspace.goals import check_edit, find_goal, row_of, slice_of


@writes(Permission.GOALS_EDIT, "set a target")
def set_target(tx: Tx, goal: str, contributor: str, label: str, value: str) -> int:
    """Set one slice's target, or all of a row with `all`; how many changed (GOL-42). Blank or `none` takes it away."""
    found = find_goal(tx, goal)
    row = row_of(tx, calculation.load(tx, [found.id]), found, contributor)
    target = target_steps(tx, found.kpi, value)
    own = goal_store.load_slices(tx.connection, goal_store.of_contributors([row.id]))
    some = own if squash(label) == "all" else [slice_of(own, label)]
    edits = [CellEdit(row.id, each.position, target, each.target) for each in some]
    return set_targets(tx, str(found.id), edits, f"set target {value.strip() or 'none'} for {contributor}").changed


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


@reads(Permission.GOALS_EDIT)
def ended(tx: Tx, goal: str) -> int:
    """How many frozen milestones of a goal the actor may have calculated anew. Raises Refused where they may not."""
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    check_edit(tx, loaded, found, calculation.of_goal(loaded, found.id))
    every = goal_store.load_slices(tx.connection, goal_store.of_contributors(list(loaded.contributors)))
    return sum(each.frozen for each in every)


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
