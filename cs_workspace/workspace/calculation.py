"""Measuring slices: all, those a change touches, those that are over (GOL-32, GOL-39 to GOL-41, WRK-2 to WRK-4).

One way of measuring serves every occasion: slices become distinct cells, cells are measured in a few statements, and
each slice pools its cells. Full and incremental runs differ only in which slices they take.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from cs_workspace.domain.clock import SECOND
from cs_workspace.domain.goals.model import Kpi, Measured
from cs_workspace.domain.goals.teams import ContributorKind, counted_users, pool, teams_around
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.query.binding import bind
from cs_workspace.domain.query.bound import Condition
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.store import changes
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goals import Cell, Contributor, Goal, SliceRow
from cs_workspace.store.touched import Touched, pending, touched_since
from cs_workspace.store.worker_state import recall, remember
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.names import query_context

POSITION = "goals_position"  # the journal is calculated up to here
RUN = "goals_run"  # counts the runs that changed a value; screens watch it
NOTICED = "notices_run"  # counts the times notices were written or read; screens watch it too
FULL_AT = "goals_full_at"  # instant of the last full run

HOUR = 3600 * SECOND

Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True, slots=True)
class Goals:
    """Living goals and their rows, with whose records count for each row."""

    goals: Mapping[int, Goal]
    contributors: Mapping[int, Contributor]
    counted: Mapping[int, frozenset[int]]
    stopped: frozenset[int]  # rows of deactivated users: their values stand still (GOL-41)

    def goal_of(self, each: SliceRow) -> Goal:
        """The goal a slice belongs to."""
        return self.goals[self.contributors[each.contributor].goal]


def load(tx: Tx, goal_ids: Collection[int] | None = None) -> Goals:
    """Goals with their rows and counted users."""
    goals = goal_store.load_goals(tx.connection, goal_ids)
    rows = {i: c for i, c in goal_store.load_contributors(tx.connection, goal_ids).items() if c.goal in goals}
    directory = tx.directory
    active = frozenset(p.id for p in directory.people.values() if p.active)
    teams = tuple(directory.teams.values())
    selected: dict[int, set[int]] = defaultdict(set)
    for row in rows.values():
        if row.user is not None:
            selected[row.goal].add(row.user)
    known: dict[tuple[object, ...], frozenset[int]] = {}
    counted: dict[int, frozenset[int]] = {}
    for row in rows.values():
        if row.user is not None:
            counted[row.id] = frozenset({row.user})
            continue
        assert row.team is not None
        wide = row.include_others or row.whole_team
        some = frozenset() if wide else frozenset(selected[row.goal])
        key = (row.team, wide, some)
        if key not in known:
            known[key] = counted_users(
                ContributorKind.TEAM,
                row.team,
                teams=teams,
                memberships=directory.memberships,
                active=active,
                selected=some,
                include_others=row.include_others,
                whole_team=row.whole_team,
            )
        counted[row.id] = known[key]
    stopped = frozenset(i for i, row in rows.items() if row.user is not None and row.user not in active)
    return Goals(goals, rows, counted, stopped)


def goal_filter(tx: Tx, kpi: Kpi) -> Condition:
    """What records a KPI counts."""
    return bind(parse(kpi.filter), tx.schema[kpi.object], query_context(tx), allow_relative=False).where


def measure(tx: Tx, loaded: Goals, slices: Sequence[SliceRow], until: int | None = None) -> dict[int, Measured]:
    """The measured value of each slice; `until` leaves out what is dated at or after an instant.

    Slices that ask the same question of the same people share one answer.
    """
    asking: dict[Kpi, dict[_Question, list[int]]] = defaultdict(lambda: defaultdict(list))
    of_goal = {goal.id: (asking[goal.kpi], _by_day(tx, goal.kpi)) for goal in loaded.goals.values()}
    for each in slices:
        questions, by_day = of_goal[loaded.contributors[each.contributor].goal]
        start, end = (each.first_day, each.last_day + 1) if by_day else (each.start, each.end)
        if until is not None and not by_day:
            end = min(end, until)
        questions[loaded.counted[each.contributor], each.pipelines, start, end].append(each.id)
    values: dict[int, Measured] = {}
    for kpi, questions in asking.items():
        if not questions:
            continue
        cells = {question: _cells(*question) for question in questions}
        distinct = list(dict.fromkeys(cell for some in cells.values() for cell in some))
        kind = tx.schema[kpi.object]
        found = goal_store.measure(tx.connection, tx.compiler(kind), kpi, goal_filter(tx, kpi), distinct)
        for question, ids in questions.items():
            value = pool(kpi.aggregate, (found[cell] for cell in cells[question] if cell in found))
            values.update(dict.fromkeys(ids, value))
    return values


_Question = tuple[frozenset[int], tuple[int, ...] | None, int, int]  # owners, pipelines, start, end


def _cells(owners: Collection[int], pipelines: Collection[int] | None, start: int, end: int) -> list[Cell]:
    return [
        Cell(owner, pipeline, start, end)
        for owner in owners
        for pipeline in ((None,) if pipelines is None else pipelines)
    ]


def _by_day(tx: Tx, kpi: Kpi) -> bool:
    return tx.schema[kpi.object].properties[kpi.dated_by].type is PropertyType.DATE


def calculate(tx: Tx, loaded: Goals, slices: Sequence[SliceRow], *, freeze: bool = False) -> int:
    """Measure slices and store what changed; how many did. Rows of deactivated users are left as they are (GOL-41)."""
    going = [each for each in slices if each.contributor not in loaded.stopped]
    values = measure(tx, loaded, going)
    if freeze:
        # A row that stands still is frozen with the value it has.
        values.update({e.id: (e.total, e.records or 0) for e in slices if e.contributor in loaded.stopped})
        goal_store.store_measured(tx.connection, values, tx.now, freeze=True)
        _count_run(tx)
        return len(values)
    before = {each.id: (each.total, each.records) for each in going}
    changed = {i: value for i, value in values.items() if before[i] != value}
    if changed:
        goal_store.store_measured(tx.connection, changed, tx.now, freeze=False)
        _count_run(tx)
    return len(changed)


def _count_run(tx: Tx) -> None:
    remember(tx.connection, RUN, recall(tx.connection, RUN, 0) + 1)


def freeze_due(tx: Tx) -> int:
    """Freeze the slices that are over, from the data as it stands (GOL-40, WRK-3)."""
    over = goal_store.load_slices(tx.connection, goal_store.over(tx.now))
    if not over:
        return 0
    loaded = load(tx)
    over = [each for each in over if each.contributor in loaded.contributors]
    return calculate(tx, loaded, over, freeze=True)


def catch_up_within(tx: Tx) -> int:
    """Calculate what the journal says has changed since the last time; how many slices changed value (WRK-2)."""
    position = recall(tx.connection, POSITION, 0)
    newest = changes.position(tx.connection)
    if newest <= position:
        return 0
    dated: dict[str, Collection[str]] = defaultdict(set)
    for kpi in goal_store.load_kpis(tx.connection):
        dated[kpi.object] = {*dated[kpi.object], kpi.dated_by}
    owner_of = {name: tx.schema[name].owner for name in dated}
    touched = touched_since(tx.connection, position, dict(dated), owner_of)
    loaded, slices = _touched_slices(tx, touched)
    changed = calculate(tx, loaded, slices) if slices else 0
    remember(tx.connection, POSITION, newest)
    return changed


def _touched_slices(tx: Tx, touched: Touched) -> tuple[Goals, list[SliceRow]]:
    """The slices to measure again, with as many goals as that takes."""
    condition = goal_store.not_frozen()
    if touched.everything or touched.goals or touched.contributors or touched.slices:
        loaded = load(tx)
    else:
        condition = goal_store.both(condition, goal_store.around(*_spans(tx, touched)))
        users = {user for owners in touched.owners.values() for user in owners}
        teams = teams_around(users, tx.directory.teams.values(), tx.directory.memberships)
        loaded = load(tx, goal_store.goals_with(tx.connection, users, teams, condition))
        condition = goal_store.both(condition, goal_store.of_contributors(list(loaded.contributors)))
    every = [
        each for each in goal_store.load_slices(tx.connection, condition) if each.contributor in loaded.contributors
    ]
    if not touched.everything:
        every = [each for each in every if _is_touched(tx, loaded, touched, each)]
    return loaded, every


def _spans(tx: Tx, touched: Touched) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """From the first to the last touched date, in instants and in days."""
    spans: dict[bool, tuple[int, int]] = {}
    for (name, prop), dates in touched.dates.items():
        if dates:
            by_day = tx.schema[name].properties[prop].type is PropertyType.DATE
            low, high = spans.get(by_day, (min(dates), max(dates)))
            spans[by_day] = (min(low, *dates), max(high, *dates))
    return spans.get(False), spans.get(True)


def _is_touched(tx: Tx, loaded: Goals, touched: Touched, each: SliceRow) -> bool:
    goal = loaded.goal_of(each)
    if each.id in touched.slices or each.contributor in touched.contributors or goal.id in touched.goals:
        return True
    # A row with new members beside it pools others than before.
    if any(row.goal == goal.id for i in touched.contributors if (row := loaded.contributors.get(i)) is not None):
        return True
    kpi = goal.kpi
    if loaded.counted[each.contributor].isdisjoint(touched.owners.get(kpi.object, ())):
        return False
    by_day = tx.schema[kpi.object].properties[kpi.dated_by].type is PropertyType.DATE
    start, end = (each.first_day, each.last_day + 1) if by_day else (each.start, each.end)
    return any(start <= date < end for date in touched.dates.get((kpi.object, kpi.dated_by), ()))


@reads(Permission.SESSION)
def is_behind(tx: Tx) -> bool:
    """Whether something changed that is not calculated yet, or a slice is over and not frozen."""
    behind = pending(tx.connection, recall(tx.connection, POSITION, 0))
    return behind or goal_store.due(tx.connection, tx.now)


@writes(Permission.SESSION, "calculate goals", undoable=False)
def catch_up(tx: Tx) -> int:
    """Bring goals up to date with the journal. Whoever comes first does it; the result is the same."""
    return catch_up_within(tx)


@writes(Permission.SESSION, "calculate all goals", undoable=False)
def full(tx: Tx, progress: Progress | None = None) -> int:
    """Measure every slice that is not frozen (WRK-4); how many changed value. All or nothing."""
    loaded = load(tx)
    slices = [
        each
        for each in goal_store.load_slices(tx.connection, goal_store.not_frozen())
        if each.contributor in loaded.contributors
    ]
    by_kpi: dict[Kpi, list[SliceRow]] = defaultdict(list)
    for each in slices:
        by_kpi[loaded.goal_of(each).kpi].append(each)
    done = changed = 0
    for some in by_kpi.values():
        changed += calculate(tx, loaded, some)
        done += len(some)
        if progress is not None:
            progress(done, len(slices))
    remember(tx.connection, POSITION, changes.position(tx.connection))
    remember(tx.connection, FULL_AT, tx.now)
    return changed


@reads(Permission.SESSION)
def full_is_due(tx: Tx) -> bool:
    """Whether the last full run is as long ago as the account's setting says (WRK-4)."""
    last = recall(tx.connection, FULL_AT)
    return last is None or tx.now - last >= tx.account.refresh_hours * HOUR


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What a screen compares to know whether to load again, and what the status line says."""

    position: int
    run: int
    full_at: int | None
    next_border: int | None
    noticed: int


@reads(Permission.SESSION)
def standpoint(tx: Tx) -> Standpoint:
    """How far the journal and the goals have come."""
    return Standpoint(
        changes.position(tx.connection),
        recall(tx.connection, RUN, 0),
        recall(tx.connection, FULL_AT),
        goal_store.next_border(tx.connection, tx.now),
        recall(tx.connection, NOTICED, 0),
    )


def of_goal(loaded: Goals, goal: int) -> list[Contributor]:
    """The rows of a goal in the order of the grid."""
    return [row for row in loaded.contributors.values() if row.goal == goal]
