"""The grid of a goal's targets: read with everything a cell may show, and written cell by cell (GOL-25 to GOL-31).

Whoever writes says what the cell held when it was read. A cell that holds something else by now was changed by
somebody meanwhile: it is left alone and handed back, the others are written (REC-7, UND-5).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from cs_workspace.domain.clock import day_of
from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.goals.sheet import Change, Sheet, SheetRow, parse_checked
from cs_workspace.domain.money import LIMIT
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import Permission, management_refusal, refusal
from cs_workspace.domain.query.folding import squash
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goals import Contributor, Goal, SliceRow
from cs_workspace.store.history import Last, last_changes
from cs_workspace.store.tables.registry import code_of
from cs_workspace.workspace import calculation
from cs_workspace.workspace.calculation import Goals
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.goal_draft import events_of
from cs_workspace.workspace.goal_making import shifted
from cs_workspace.workspace.goals import (
    ProgressRow,
    check_edit,
    find_goal,
    may,
    progress_rows,
    refuse,
    row_refusal,
)


@dataclass(frozen=True, slots=True)
class GridRow:
    """A contributor with all its milestones, in their order."""

    contributor: Contributor
    name: str
    login: str | None
    locked: str  # why its targets cannot be edited; empty where they can
    cells: tuple[ProgressRow, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A goal as its grid shows it: the rows the actor may see, and their targets as a sheet."""

    goal: Goal
    rows: tuple[GridRow, ...]
    sheet: Sheet

    def row_of(self, name: str) -> int:
        """The row of a login or a name. Raises NotFound."""
        for number, row in enumerate(self.rows):
            if squash(name) in {squash(row.name), squash(row.login or "")}:
                return number
        raise NotFound(f"{name!r} has no row on {self.goal.name}.", nearest(name, (row.name for row in self.rows)))

    def column_of(self, label: str) -> int:
        """The column of a milestone's label. Raises Invalid."""
        for number, each in enumerate(self.sheet.columns):
            if each.casefold() == label.strip().casefold():
                return number
        raise Invalid("slice", f"{label!r} is not a slice of this goal", nearest(label, self.sheet.columns))


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A cell's new target in small steps, and what it held when it was read; none is blank."""

    contributor: int
    position: int
    target: int | None
    seen: int | None


def edits_of(sheet: Sheet, changes: Sequence[Change]) -> list[CellEdit]:
    """What changes of a grid's sheet ask for."""
    return [CellEdit(sheet.rows[row].key, column, c.after, c.before) for c in changes for row, column in [c.place]]


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell that two people changed: both targets, the one both began with, and who was first (REC-7)."""

    contributor: int
    position: int
    name: str
    label: str
    mine: int | None
    theirs: int | None
    original: int | None
    who: str
    at: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many targets changed, the cells that were left alone, and how many choices of notifications changed."""

    changed: int
    clashes: tuple[Clash, ...] = ()
    told: int = 0


# --- seeing


@reads(Permission.GOALS_VIEW)
def grid(tx: Tx, goal: str) -> Grid:
    """A goal's rows and milestones. Raises NotFound, and Refused where the actor may see none of the rows."""
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    every = calculation.of_goal(loaded, found.id)
    rows = [row for row in every if may(tx, "view", loaded, row)]
    if every and not rows:
        refuse(row_refusal(tx, "view", loaded, every[0]), tx, f"see a row of {found.name}")
    slices = goal_store.load_slices(tx.connection, goal_store.of_contributors([row.id for row in rows]))
    cells: dict[int, list[ProgressRow]] = {row.id: [] for row in rows}
    for each in progress_rows(tx, loaded, slices, tx.now):
        cells[each.contributor.id].append(each)
    shown = tuple(_row(tx, loaded, found, row, cells[row.id]) for row in rows)
    return Grid(found, shown, _sheet(tx, found, shown))


def _row(tx: Tx, loaded: Goals, goal: Goal, row: Contributor, cells: Sequence[ProgressRow]) -> GridRow:
    reason = (
        refusal(tx.actor, Permission.GOALS_EDIT)
        or management_refusal(tx.actor, goal.template)
        or row_refusal(tx, "edit", loaded, row)
    )
    locked = f"{tx.actor.name} may not change this row: it {reason}. Ask a super admin." if reason else ""
    first = cells[0]
    return GridRow(row, first.contributor_name, first.contributor_login, locked, tuple(cells))


def _sheet(tx: Tx, goal: Goal, rows: Sequence[GridRow]) -> Sheet:
    return Sheet(
        goal.kpi.unit,
        goal.kpi.aggregate,
        tx.account.currency,
        tuple(
            SheetRow(row.contributor.id, row.name, row.contributor.user is None, row.contributor.team, row.locked)
            for row in rows
        ),
        tuple(cell.slice.label for cell in rows[0].cells) if rows else (),
        {
            (number, column): cell.slice.target
            for number, row in enumerate(rows)
            for column, cell in enumerate(row.cells)
            if cell.slice.target is not None
        },
        tx.actor.number_format,
    )


@reads(Permission.GOALS_VIEW)
def last_year(tx: Tx, goal: str) -> dict[int, tuple[int, ...]]:
    """What each contributor's records give in the same milestones one year before, in small steps, by contributor.

    Nothing counts as 0; a week that the year before does not have counts as its last one.
    """
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    rows = [row.id for row in calculation.of_goal(loaded, found.id) if may(tx, "view", loaded, row)]
    own: dict[int, list[SliceRow]] = {}
    for each in goal_store.load_slices(tx.connection, goal_store.of_contributors(rows)):
        own.setdefault(each.contributor, []).append(each)
    if not own:
        return {}
    periods = shifted(tx, found, next(iter(own.values())), -1)
    earlier = [
        replace(
            each,
            first_day=day_of(period.first_day),
            last_day=day_of(period.last_day),
            start=period.start,
            end=period.end,
        )
        for some in own.values()
        for each in some
        for period in [periods[min(each.position, len(periods) - 1)]]
    ]
    values = calculation.measure(tx, loaded, earlier)
    return {row: tuple(values[each.id][0] or 0 for each in some) for row, some in own.items()}


# --- adjusting


@dataclass(frozen=True, slots=True)
class Choice:
    """Which events are told, for some cells or, without any, the whole goal; none is what the goal says (GOL-30)."""

    events: Collection[str] | None
    cells: Sequence[tuple[int, int]] | None = None  # contributor and position


@writes(Permission.GOALS_EDIT, "set targets")
def set_targets(tx: Tx, goal: str, edits: Sequence[CellEdit], what: str = "") -> Outcome:
    """Give cells their targets, as one action; those that somebody changed meanwhile are left alone.

    `what` says for the undo list what was done to several cells, such as `paste 12 targets`. Raises
    Invalid for a negative target, Refused where the actor may not change one of the rows, and NotFound where a row was
    taken off the goal.
    """
    return _write(tx, goal, edits, None, what)


@writes(Permission.GOALS_EDIT, "choose notifications")
def set_notify(
    tx: Tx, goal: str, events: Collection[str] | None, cells: Sequence[tuple[int, int]] | None = None
) -> int:
    """Choose which events are told; how many choices that changes (GOL-30). Raises as `set_targets` does.

    Of the whole goal, or of some cells: contributor and position. None gives cells back the goal's choice; without
    cells, all of them.
    """
    return _write(tx, goal, (), Choice(events, cells)).told


@writes(Permission.GOALS_EDIT, "edit a goal")
def save(tx: Tx, goal: str, edits: Sequence[CellEdit], notify: Collection[str] | None = None) -> Outcome:
    """Give cells their targets and the goal its notifications, as one action (UND-2); none leaves those alone."""
    return _write(tx, goal, edits, None if notify is None else Choice(notify))


def _write(tx: Tx, goal: str, edits: Sequence[CellEdit], choice: Choice | None, what: str = "") -> Outcome:
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    rows = {row.id: row for row in calculation.of_goal(loaded, found.id)}
    edited = {edit.contributor for edit in edits}
    if choice is not None:
        edited |= rows.keys() if choice.cells is None else {contributor for contributor, _ in choice.cells}
    if not edited <= rows.keys():
        raise NotFound(f"A row of {found.name} was taken off meanwhile.", "Press r to read the grid again.")
    check_edit(tx, loaded, found, [rows[i] for i in sorted(edited)])
    slices = {
        (each.contributor, each.position): each
        for each in goal_store.load_slices(tx.connection, goal_store.of_contributors(edited))
    }
    targets, clashing = _new_targets(slices, edits)
    told = {} if choice is None else _new_choices(found, slices, choice)
    if targets and told:
        tx.describe(f"change targets and notifications of {found.name}")
    elif targets:
        tx.describe(_label(tx, found, what, [each for each in slices.values() if each.id in targets], rows, targets))
    elif choice is not None:
        number = len(told.get("slices", ()))
        some = f"{number:,} milestone{'s' * (number != 1)} in " if number else ""
        tx.describe(f"choose notifications of {some}{found.name}")
    tx.journal.update("slices", targets)
    changed = sum(len(tx.journal.update(table, values)) for table, values in told.items())
    return Outcome(len(targets), _clashes(tx, rows, clashing), changed)


Slices = Mapping[tuple[int, int], SliceRow]  # by contributor and position


def _cell(slices: Slices, place: tuple[int, int]) -> SliceRow:
    if place not in slices:
        raise Invalid("milestone", f"{place[1] + 1} is not one of this goal's")
    return slices[place]


def _new_targets(
    slices: Slices, edits: Sequence[CellEdit]
) -> tuple[dict[int, dict[str, int | None]], list[tuple[CellEdit, SliceRow]]]:
    """What is to be written, and what somebody else changed meanwhile."""
    new: dict[int, dict[str, int | None]] = {}
    clashing: list[tuple[CellEdit, SliceRow]] = []
    for edit in edits:
        each = _cell(slices, (edit.contributor, edit.position))
        if each.target == edit.target:
            continue  # it holds what was asked for, whoever wrote it
        if each.target != edit.seen:
            clashing.append((edit, each))
        else:
            new[each.id] = {"target": _checked(edit.target)}
    return new, clashing


def _new_choices(goal: Goal, slices: Slices, choice: Choice) -> dict[str, dict[int, dict[str, list[str] | None]]]:
    """What is to be written, by table."""
    events = None if choice.events is None else tuple(map(str, events_of(choice.events)))
    new = {"notify": None if events is None else list(events)}
    if choice.cells is None and events is not None:
        return {} if goal.notify == events else {"goals": {goal.id: new}}
    some = slices.values() if choice.cells is None else [_cell(slices, place) for place in choice.cells]
    return {"slices": ids} if (ids := {each.id: new for each in some if each.notify != events}) else {}


def _checked(target: int | None) -> int | None:
    if target is not None and target >= LIMIT:
        raise Invalid("target", "is too large")
    return None if target is None else parse_checked(target)


def _label(
    tx: Tx,
    goal: Goal,
    what: str,
    changed: Sequence[SliceRow],
    rows: Mapping[int, Contributor],
    new: Mapping[int, Mapping[str, int | None]],
) -> str:
    if len(changed) > 1:
        return f"{what or f'set {len(changed):,} targets'} in {goal.name}"
    (each,) = changed
    target = _sheet(tx, goal, ()).spelled(new[each.id]["target"])
    return f"set target {target} for {_name(tx, rows[each.contributor])} in {goal.name}, {each.label}"


def _name(tx: Tx, row: Contributor) -> str:
    people, teams = tx.directory.people, tx.directory.teams
    if row.user is not None:
        return people[row.user].name if row.user in people else f"#{row.user}"
    return teams[row.team].name if row.team in teams else f"#{row.team}"


def _clashes(
    tx: Tx, rows: Mapping[int, Contributor], clashing: Collection[tuple[CellEdit, SliceRow]]
) -> tuple[Clash, ...]:
    last = last_changes(tx.connection, code_of("slices"), [each.id for _, each in clashing], "target")
    nobody = Last(None, None)
    return tuple(
        Clash(
            edit.contributor,
            edit.position,
            _name(tx, rows[edit.contributor]),
            each.label,
            edit.target,
            each.target,
            edit.seen,
            tx.directory.people[user].name if (user := last.get(each.id, nobody).user) in tx.directory.people else "",
            last.get(each.id, nobody).at,
        )
        for edit, each in clashing
    )
