"""Goals seen: progress, filters, explanations (GOL-32 to GOL-38, GOL-43, PER-7, PER-11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.goals import forecast
from cs_workspace.domain.goals.model import Duration, Kpi, Status, in_units, scale
from cs_workspace.domain.goals.overview import GOAL_ROWS
from cs_workspace.domain.goals.progress import Reading, Standing, actual, matches_status, read
from cs_workspace.domain.money import exponent
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import (
    GoalRow,
    Permission,
    goals_scope,
    in_scope,
    management_refusal,
    members_refusal,
)
from cs_workspace.domain.query.binding import bind
from cs_workspace.domain.query.bound import BoundAll, Condition
from cs_workspace.domain.query.folding import search_text, squash
from cs_workspace.domain.query.match import matches
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.schema.model import PropertyType, Raw
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goals import Contributor, Goal, SliceRow
from cs_workspace.workspace import calculation
from cs_workspace.workspace.calculation import Goals
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.names import query_context
from cs_workspace.workspace.records import record_refusal


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One slice of one contributor with everything that is shown of it."""

    slice_id: int
    goal: Goal
    category: str
    contributor: Contributor
    contributor_name: str
    contributor_login: str | None
    slice: SliceRow
    pipelines: tuple[str, ...]  # ("All",) or names
    reading: Reading
    calculated_at: int | None

    @property
    def kpi(self) -> Kpi:
        """What is measured."""
        return self.goal.kpi

    @property
    def notify(self) -> tuple[str, ...]:
        """Which events its contributor is told of: its own choice, or else the goal's (GOL-30)."""
        return self.goal.notify if self.slice.notify is None else self.slice.notify


def find_goal(tx: Tx, reference: str) -> Goal:
    """A goal by id or exact name. Raises NotFound."""
    goals = goal_store.load_goals(tx.connection)
    if reference.isascii() and reference.isdigit() and int(reference) in goals:
        return goals[int(reference)]
    named = [g for g in goals.values() if squash(g.name) == squash(reference)]
    if len(named) == 1:
        return named[0]
    if named:
        raise NotFound(
            f"{len(named)} goals are called {reference!r}.", f"Give an id: {', '.join(str(g.id) for g in named)}."
        )
    raise NotFound(f"There is no goal {reference!r}.", nearest(reference, (g.name for g in goals.values())))


def row_refusal(tx: Tx, right: str, loaded: Goals, row: Contributor) -> str | None:
    """Why the actor may not `view` or `edit` a row: its scope (PER-7), or the users inside teams (PER-11)."""
    return scope_refusal(tx, right, loaded.goals[row.goal].creator, row.user, row.team)


def scope_refusal(tx: Tx, right: str, creator: int | None, user: int | None, team: int | None) -> str | None:
    """Why the actor may not `view` or `edit` the row of a user or a team on a goal somebody made."""
    teams = frozenset(tx.directory.people[user].teams) if user in tx.directory.people else frozenset()
    measured = GoalRow(creator, user, team if user is None else None, teams)
    scope = goals_scope(tx.actor, right)
    if not in_scope(tx.actor, scope, measured):
        return f"needs a wider Goals permission to {right} than {scope}"
    inside_team = user is not None and team is not None and user != tx.actor.id
    return members_refusal(tx.actor) if inside_team else None


def may(tx: Tx, right: str, loaded: Goals, row: Contributor) -> bool:
    """Whether the actor may `view` or `edit` a row."""
    return row_refusal(tx, right, loaded, row) is None


@reads(Permission.GOALS_VIEW)
def progress(
    tx: Tx,
    query: str = "",
    *,
    goal: str | None = None,
    at: int | None = None,
    current_only: bool = False,
) -> list[ProgressRow]:
    """One row per slice the actor may see, in the order of goals, rows and slices (GOL-43).

    `at` reads them as of an instant: its status and pace, and only what is dated before it. `current_only` keeps, of
    each contributor, the milestone that runs, or the next, or the last.
    """
    only = [find_goal(tx, goal).id] if goal is not None else None
    loaded = calculation.load(tx, only) if at is not None else _listed(tx, only)
    now = tx.now if at is None else at
    conditions = [goal_store.current(now)] if current_only else []
    conditions += [goal_store.of_contributors(list(loaded.contributors))] if only is not None else []
    every = _visible(tx, loaded, goal_store.load_slices(tx.connection, *conditions))
    if at is not None:
        every = _as_of(tx, loaded, every, at)
    return _matching(tx, progress_rows(tx, loaded, every, now), query)


@reads(Permission.GOALS_VIEW)
def milestones(tx: Tx, contributors: Sequence[int]) -> dict[int, list[ProgressRow]]:
    """All slices of some rows, by row; rows that are gone or not the actor's to see are left out."""
    loaded = _listed(tx, None, contributors)
    found: dict[int, list[ProgressRow]] = {}
    every = goal_store.load_slices(tx.connection, goal_store.of_contributors(list(loaded.contributors)))
    for row in progress_rows(tx, loaded, _visible(tx, loaded, every), tx.now):
        found.setdefault(row.contributor.id, []).append(row)
    return found


@reads(Permission.GOALS_VIEW)
def matching(tx: Tx, rows: Sequence[ProgressRow], query: str) -> list[ProgressRow]:
    """Those of some rows that a query asks for, as `progress` would find them, without reading them again."""
    return _matching(tx, rows, query)


def _listed(tx: Tx, goals: Sequence[int] | None, contributors: Sequence[int] | None = None) -> Goals:
    """Goals and rows to show; whose records count is of no interest."""
    rows = goal_store.load_contributors(tx.connection, goals, contributors)
    if contributors is not None:
        goals = sorted({row.goal for row in rows.values()})
    found = goal_store.load_goals(tx.connection, goals)
    return Goals(found, {i: row for i, row in rows.items() if row.goal in found}, {}, frozenset())


def _visible(tx: Tx, loaded: Goals, slices: Sequence[SliceRow]) -> list[SliceRow]:
    shown = {i for i, row in loaded.contributors.items() if may(tx, "view", loaded, row)}
    return [each for each in slices if each.contributor in shown]


def _matching(tx: Tx, rows: Sequence[ProgressRow], query: str) -> list[ProgressRow]:
    where = bind(parse(query), GOAL_ROWS, query_context(tx)).where if query.strip() else BoundAll()
    return list(rows) if isinstance(where, BoundAll) else [row for row in rows if _matches(where, row, tx)]


def _as_of(tx: Tx, loaded: Goals, every: Sequence[SliceRow], at: int) -> list[SliceRow]:
    going = [s for s in every if not (s.frozen and s.end <= at)]
    values = calculation.measure(tx, loaded, going, until=at)
    return [
        replace(s, total=values[s.id][0], records=values[s.id][1], frozen=False) if s.id in values else s for s in every
    ]


def progress_rows(tx: Tx, loaded: Goals, every: Sequence[SliceRow], now: int) -> list[ProgressRow]:
    """Slices with all that is shown of them, in the order of goals, rows and slices."""
    tz, decimals = tx.tz, exponent(tx.account.currency)
    order = {goal: number for number, goal in enumerate(loaded.goals)}
    position = {i: (order[row.goal], row.position, i) for i, row in loaded.contributors.items()}
    pipelines = {p.id: p.label for p in tx.pipelines}
    categories = _categories(tx, loaded.goals)
    rows: list[ProgressRow] = []
    for each in sorted(every, key=lambda s: (*position[s.contributor], s.position)):
        row = loaded.contributors[each.contributor]
        goal = loaded.goals[row.goal]
        kpi = goal.kpi
        person = tx.directory.people.get(row.user) if row.user is not None else None
        stopped_at = tx.directory.deactivated_at.get(row.user) if row.user is not None else None
        standing = Standing(
            each.start,
            each.end,
            actual(kpi.aggregate, scale(kpi.unit, decimals), each.total, each.records or 0),
            None if each.target is None else in_units(each.target, kpi.unit, decimals),
        )
        name = person.name if person else _team_name(tx, row)
        rows.append(
            ProgressRow(
                each.id,
                goal,
                categories[goal.id],
                row,
                name,
                person.login if person else None,
                each,
                ("All",) if each.pipelines is None else tuple(pipelines.get(p, f"#{p}") for p in each.pipelines),
                read(kpi, standing, now if stopped_at is None else min(now, stopped_at), tz),
                each.calculated_at,
            )
        )
    return rows


def _categories(tx: Tx, goals: Mapping[int, Goal]) -> dict[int, str]:
    """The category each goal is listed under; only of revenue the pipelines have a say (GOL-23)."""
    revenue = [i for i, goal in goals.items() if goal.template in forecast.REVENUE]
    choices = goal_store.pipeline_choices(tx.connection, revenue) if revenue else {}
    return {
        i: str(forecast.category_of(goal.template, Duration(goal.duration), choices.get(i, ())))
        for i, goal in goals.items()
    }


def _team_name(tx: Tx, row: Contributor) -> str:
    if row.user is not None:
        return f"#{row.user}"
    team = tx.directory.teams.get(row.team) if row.team is not None else None
    return team.name if team else f"#{row.team}"


def _matches(where: Condition, row: ProgressRow, tx: Tx) -> bool:
    team = tx.directory.teams.get(row.contributor.team) if row.contributor.team is not None else None
    status = row.reading.status
    record: dict[str, Raw] = {
        "goal": row.goal.name,
        "goal_id": row.goal.id,
        "id": row.goal.id,
        "template": row.goal.template,
        "category": row.category,
        "contributor": row.contributor_name,
        "user": row.contributor.user,
        "team": team.name if team else None,
        "milestone": row.slice.label,
        "duration": row.goal.duration,
        "pipelines": ", ".join(row.pipelines),
        "start": row.slice.first_day,
        "end": row.slice.last_day,
        "status": None if status is None else str(status),
        "pace": None if row.reading.pace is None else str(row.reading.pace),
        "progress": row.reading.progress_percent,
        "frozen": row.slice.frozen,
    }
    words = search_text([row.goal.name, row.contributor_name])
    if matches(where, record, search_text=words):
        return True
    # No data is filtered under Missed (GOL-36).
    return matches_status(status, Status.MISSED) and matches(where, {**record, "status": "missed"}, search_text=words)


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal as a whole, for lists of goals."""

    goal: Goal
    category: str
    rows: int
    creator: str


@reads(Permission.GOALS_VIEW)
def goals(tx: Tx) -> list[GoalLine]:
    """The goals of which the actor may see a row."""
    loaded = _listed(tx, None)
    counts = Counter(row.goal for row in loaded.contributors.values() if may(tx, "view", loaded, row))
    categories = _categories(tx, loaded.goals)
    people = tx.directory.people
    return [
        GoalLine(
            goal,
            categories[goal.id],
            counts[goal.id],
            people[goal.creator].login if goal.creator in people else "",
        )
        for goal in loaded.goals.values()
        if goal.id in counts
    ]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a number came about, and the records behind it as they are today."""

    row: ProgressRow
    counted: tuple[str, ...]  # logins of the users whose records count
    filter: str
    records: tuple[Mapping[str, Any], ...]
    stands: bool  # whether today's records give the shown number; a frozen one may differ
    withheld: tuple[str, ...] = ()  # what the actor may not see of it, and why


@reads(Permission.GOALS_VIEW)
def explain(tx: Tx, goal: str, contributor: str, label: str) -> Explanation:
    """The records behind a number, as far as the actor may see them. Raises NotFound, Invalid, Refused.

    Of a team's number the users are left out for somebody who may not see them (PER-11), and the records for somebody
    who may not see records (PER-1).
    """
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    row = row_of(tx, loaded, found, contributor)
    refuse(row_refusal(tx, "view", loaded, row), tx, "see this row")
    own = goal_store.load_slices(tx.connection, goal_store.of_contributors([row.id]))
    each = slice_of(own, label)
    (shown,) = progress_rows(tx, loaded, [each], tx.now)
    kind = tx.schema[found.kpi.object]
    by_day = kind.properties[found.kpi.dated_by].type is PropertyType.DATE
    people = tx.directory.people
    counted = loaded.counted[row.id]
    records = goal_store.records_behind(
        tx.connection,
        tx.compiler(kind),
        found.kpi,
        calculation.goal_filter(tx, found.kpi),
        owners=counted,
        pipelines=each.pipelines,
        start=each.first_day if by_day else each.start,
        end=each.last_day + 1 if by_day else each.end,
    )
    today = calculation.measure(tx, loaded, [each])[each.id]
    users_hidden = members_refusal(tx.actor) if row.user is None else None
    records_hidden = record_refusal(tx, kind)
    named = {} if users_hidden else {u: people[u].login for u in counted if u in people}
    return Explanation(
        shown,
        tuple(sorted(named.values())),
        found.kpi.filter,
        () if records_hidden else tuple({**r, "owner": named.get(r["owner"])} for r in records),
        stands=(each.total or 0, each.records or 0) == (today[0] or 0, today[1]),
        withheld=tuple(
            f"{what} not shown: {tx.actor.name} {reason}."
            for what, reason in (("Users are", users_hidden), (f"The {kind.plural.lower()} are", records_hidden))
            if reason
        ),
    )


def refuse(reason: str | None, tx: Tx, what: str) -> None:
    """Raise Refused where there is a reason to."""
    if reason is not None:
        raise Refused(f"{tx.actor.name} may not {what}: it {reason}.", "Ask a super admin.")


def check_edit(tx: Tx, loaded: Goals, goal: Goal, rows: Sequence[Contributor]) -> None:
    """Raise Refused where the actor may not change these rows (PER-7, PER-9, PER-10)."""
    refuse(management_refusal(tx.actor, goal.template), tx, f"change {goal.name}")
    for row in rows:
        refuse(row_refusal(tx, "edit", loaded, row), tx, f"change this row of {goal.name}")


def row_names(tx: Tx, row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a row of a goal may be called, squashed: login and name, or the team's name."""
    if row["user"] is not None:
        person = tx.directory.people[row["user"]]
        return squash(person.login), squash(person.name)
    return (squash(tx.directory.teams[row["team"]].name),)


def row_of(tx: Tx, loaded: Goals, goal: Goal, name: str) -> Contributor:
    """A goal's row by login or name. Raises NotFound."""
    for row in calculation.of_goal(loaded, goal.id):
        if squash(name) in row_names(tx, {"user": row.user, "team": row.team}):
            return row
    raise NotFound(f"{name!r} has no row on {goal.name}.", "See `cs-workspace goals progress --goal`.")


def slice_of(own: Sequence[SliceRow], label: str) -> SliceRow:
    """A row's slice by its label. Raises Invalid."""
    for each in own:
        if each.label.casefold() == label.strip().casefold():
            return each
    raise Invalid("slice", f"{label!r} is not a slice of this goal", nearest(label, (each.label for each in own)))
