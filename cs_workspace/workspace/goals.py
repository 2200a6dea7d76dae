"""Goals: made, filtered, adjusted, explained (GOL-1 to GOL-48)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cs_workspace.domain.clock import date_of, day_of
from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.goals import forecast
from cs_workspace.domain.goals.model import Aggregate, Direction, Duration, Kpi, Status, Unit, in_units, scale, to_json
from cs_workspace.domain.goals.overview import GOAL_ROWS
from cs_workspace.domain.goals.progress import Reading, Standing, actual, matches_status, read
from cs_workspace.domain.goals.slices import Slice, custom_slice, find_slice, slices
from cs_workspace.domain.goals.targets import parse_target
from cs_workspace.domain.goals.teams import carrier_teams, main_members
from cs_workspace.domain.goals.templates import CUSTOM, MAX_CUSTOM_GOALS, custom_kpi, find_template
from cs_workspace.domain.money import exponent
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import (
    GoalRow,
    Permission,
    assignment_refusal,
    creation_refusal,
    goals_scope,
    in_scope,
    management_refusal,
    members_refusal,
)
from cs_workspace.domain.query.binding import bind
from cs_workspace.domain.query.bound import BoundAll, Condition
from cs_workspace.domain.query.folding import fold, search_text, squash
from cs_workspace.domain.query.match import matches
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.schema.model import PropertyType, Raw
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goals import Contributor, Goal, SliceRow
from cs_workspace.workspace import calculation
from cs_workspace.workspace.calculation import Goals
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.names import query_context

EVENTS = (
    "assigned",
    "target_changed",
    "50_percent",
    "75_percent",
    "100_percent",
    "exceeded",
    "missed",
    "7_days_left",
)  # GOL-31


@dataclass(frozen=True, slots=True)
class CustomKpi:
    """A goal from scratch, as asked for (GOL-8)."""

    object: str
    aggregate: str
    dated_by: str
    direction: str = "higher"
    measure: str = ""
    since: str = ""
    filter: str = ""


@dataclass(frozen=True, slots=True)
class NewGoal:
    """What the wizard and `goals create` ask for (GOL-4). Users and teams are given by login and name."""

    template: str
    name: str
    users: Sequence[str] = ()
    teams: Sequence[str] = ()
    include_others: bool = False
    whole_team: bool = False
    duration: str = "custom"
    year: int | None = None
    fiscal: bool = False
    start: date | None = None
    end: date | None = None
    target: str | None = None  # one value into every slice of every row
    targets: Sequence[tuple[str, str, str]] = ()  # (contributor, slice label or "all", value)
    pipelines: Sequence[str] = ()
    notify: Sequence[str] = ()
    custom: CustomKpi | None = None


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


# --- making


@writes(Permission.GOALS_EDIT, "create a goal")
def create(tx: Tx, new: NewGoal) -> int:
    """Make a goal with all its rows and slices, measured at once; its id. Raises Invalid, Refused."""
    if not new.name.strip():
        raise Invalid("name", "is empty")
    if len(new.name) > 200:
        raise Invalid("name", "is longer than 200 characters")
    kpi = _kpi(tx, new)
    _refuse(creation_refusal(tx.actor, new.template, tx.account.subscription), tx, "create this goal")
    duration, periods, aligned = _periods(tx, new)
    pipelines = _pipelines(tx, kpi, new)
    rows = _rows(tx, new)
    for event in new.notify:
        if event not in EVENTS:
            raise Invalid("notify", f"{event!r} is not an event", nearest(event, EVENTS))
    tx.describe(f"create goal {new.name.strip()}")
    goal = {
        "name": new.name.strip(),
        "template": new.template,
        "kpi": to_json(kpi),
        "duration": str(duration),
        "year": None if duration is Duration.CUSTOM else new.year,
        "fiscal_start": tx.account.fiscal_start if aligned else 1,
        "aligned": aligned,
        "notify": list(new.notify),
        "creator": tx.actor.id or None,
        "created_at": tx.now,
    }
    (goal_id,) = tx.journal.create("goals", [goal])
    row_ids = tx.journal.create("contributors", [{"goal": goal_id, **row} for row in rows])
    targets = _targets(tx, kpi, new, rows, row_ids, periods)
    tx.journal.create(
        "slices",
        [
            {
                "contributor": row,
                "position": each.index,
                "label": each.label,
                "first_day": day_of(each.first_day),
                "last_day": day_of(each.last_day),
                "start": each.start,
                "end": each.end,
                "target": targets.get((row, each.index)),
                "pipelines": list(pipelines) if pipelines is not None else None,
                "frozen": False,
            }
            for row in row_ids
            for each in periods
        ],
    )
    _measure_new(tx, goal_id)
    return goal_id


def _measure_new(tx: Tx, goal_id: int) -> None:
    """Slices already over are computed once from today's data and frozen, the others join the live ones (GOL-40)."""
    loaded = calculation.load(tx, [goal_id])
    every = goal_store.load_slices(tx.connection, goal_store.of_contributors(list(loaded.contributors)))
    calculation.calculate(tx, loaded, [s for s in every if s.end > tx.now])
    over = [s for s in every if s.end <= tx.now]
    if over:
        calculation.calculate(tx, loaded, over, freeze=True)


def _refuse(reason: str | None, tx: Tx, what: str) -> None:
    if reason is not None:
        raise Refused(f"{tx.actor.name} may not {what}: it {reason}.", "Ask a super admin.")


def _kpi(tx: Tx, new: NewGoal) -> Kpi:
    if new.template != CUSTOM:
        if new.custom is not None:
            raise Invalid("template", "measures what it measures", "Use --template custom for a KPI of your own.")
        return find_template(new.template).kpi
    if new.custom is None:
        raise Invalid("template", "a custom goal needs an object, an aggregate and a date property")
    asked = new.custom
    try:
        aggregate, direction = Aggregate(asked.aggregate), Direction(asked.direction)
    except ValueError as error:
        raise Invalid("aggregate", str(error)) from error
    kpi = custom_kpi(
        tx.schema,
        object=asked.object,
        aggregate=aggregate,
        dated_by=asked.dated_by,
        direction=direction,
        measure=asked.measure,
        since=asked.since,
        filter=asked.filter,
    )
    calculation.goal_filter(tx, kpi)
    existing = [g for g in goal_store.load_goals(tx.connection).values() if g.template == CUSTOM]
    if len(existing) >= MAX_CUSTOM_GOALS:
        raise Invalid("template", f"the account has {MAX_CUSTOM_GOALS:,} custom goals, the most there may be")
    return kpi


def _periods(tx: Tx, new: NewGoal) -> tuple[Duration, tuple[Slice, ...], bool]:
    try:
        duration = Duration(new.duration)
    except ValueError:
        raise Invalid(
            "duration", f"{new.duration!r} is not a duration", nearest(new.duration, list(Duration))
        ) from None
    aligned = new.fiscal or forecast.always_fiscal(new.template)
    if duration is Duration.CUSTOM:
        if new.start is None or new.end is None:
            raise Invalid("duration", "a custom goal period needs a start and an end date")
        if new.fiscal:
            raise Invalid("fiscal", "a custom period has no fiscal year")
        return duration, (custom_slice(new.start, new.end, tx.tz),), False
    if new.year is None:
        raise Invalid("year", f"a {duration} goal needs a year")
    if new.start is not None or new.end is not None:
        raise Invalid(
            "start", "goes with a custom period only", "Leave out --duration, or leave out --start and --end."
        )
    periods = slices(
        duration,
        new.year,
        fiscal_start=tx.account.fiscal_start,
        aligned=aligned,
        week_start=tx.account.week_start,
        tz=tx.tz,
    )
    return duration, periods, aligned


def _pipelines(tx: Tx, kpi: Kpi, new: NewGoal) -> tuple[int, ...] | None:
    names = [name for name in new.pipelines if squash(name) != "all"]
    if not names:
        return None
    kind = tx.schema[kpi.object]
    if not kind.has_pipeline:
        raise Invalid("pipeline", f"{kind.plural.lower()} have no pipelines")
    own = {squash(p.label): p for p in tx.pipelines if p.object == kind.code}
    ids = []
    for name in names:
        found = own.get(squash(name))
        if found is None:
            raise Invalid("pipeline", f"there is no pipeline {name!r}", nearest(name, (p.label for p in own.values())))
        ids.append(found.id)
    return tuple(sorted(set(ids)))


def _rows(tx: Tx, new: NewGoal) -> list[dict[str, Any]]:
    """Contributor rows in the order of the grid: each team followed by the users it carries (GOL-9 to GOL-11)."""
    users = [_user(tx, login) for login in dict.fromkeys(new.users)]
    teams = [_team(tx, name) for name in dict.fromkeys(new.teams)]
    if not users and not teams:
        raise Invalid("user", "a goal needs at least one user or team")
    if not teams and (new.include_others or new.whole_team):
        raise Invalid("include-others", "goes with a team only")
    if new.whole_team and users:
        raise Invalid("whole-team", "a goal on the team as a whole has no user rows", "Leave out --user.")
    carried: dict[int, list[int]] = {team: [] for team in teams}
    if teams and not new.whole_team:
        everybody = tuple(tx.directory.teams.values())
        active = [p.id for p in tx.directory.people.values() if p.active]
        chosen = users or sorted(
            {u for t in teams for u in main_members(t, everybody, tx.directory.memberships, active)},
            key=lambda u: fold(tx.directory.people[u].name),
        )
        for user in chosen:
            carriers = carrier_teams(user, teams, everybody, tx.directory.memberships)
            name = tx.directory.people[user].name
            if not carriers:
                raise Invalid("user", f"{name} is in none of the teams", "Leave out the user or add the team.")
            if len(carriers) > 1:
                some = " or ".join(tx.directory.teams[t].name for t in carriers)
                raise Invalid("user", f"{name} may carry the goal for one team only: {some}", "Name one of them.")
            carried[carriers[0]].append(user)
    else:
        carried = {team: [] for team in teams}
    plain = [] if teams else users
    refused = [
        reason
        for u in (*plain, *(u for some in carried.values() for u in some))
        if (reason := assignment_refusal(tx.directory.people[u], new.template))
    ]
    if refused:
        raise Refused("; ".join(refused) + ".", "Give them the seat, or use --whole-team.")
    flags = {"include_others": new.include_others, "whole_team": new.whole_team}
    rows: list[dict[str, Any]] = []
    for team, members in carried.items():
        rows.append({"user": None, "team": team, **flags})
        rows += ({"user": u, "team": team, "include_others": False, "whole_team": False} for u in members)
    rows += ({"user": u, "team": None, "include_others": False, "whole_team": False} for u in plain)
    return [{**row, "position": number} for number, row in enumerate(rows)]


def _user(tx: Tx, login: str) -> int:
    wanted = squash(login)
    people = tx.directory.people.values()
    emails = tx.directory.emails
    found = [p for p in people if wanted in (squash(p.login), squash(p.name), squash(emails.get(p.id, "")))]
    exact = [p for p in found if p.login.casefold() == login.strip().casefold()] or found
    if len(exact) != 1:
        why = f"there is no user {login!r}" if not exact else f"{login!r} may be several users"
        raise Invalid("user", why, nearest(login, (p.login for p in people)))
    if not exact[0].active:
        raise Invalid("user", f"{exact[0].name} is deactivated")
    return exact[0].id


def _team(tx: Tx, name: str) -> int:
    for team in tx.directory.teams.values():
        if squash(team.name) == squash(name):
            return team.id
    raise Invalid("team", f"there is no team {name!r}", nearest(name, (t.name for t in tx.directory.teams.values())))


def target_steps(tx: Tx, kpi: Kpi, text: str) -> int | None:
    """A written target in small steps; blank is none, plain digits of a duration are seconds as they are printed."""
    text = text.strip()
    if not text or text == "none":
        return None
    if kpi.unit is Unit.DURATION and text.isascii() and text.isdigit():
        text = f"{text}s"
    return parse_target(text, kpi.unit, tx.account.currency)


def _targets(
    tx: Tx, kpi: Kpi, new: NewGoal, rows: Sequence[Mapping[str, Any]], ids: Sequence[int], periods: Sequence[Slice]
) -> dict[tuple[int, int], int | None]:
    found: dict[tuple[int, int], int | None] = {}
    if new.target is not None:
        steps = target_steps(tx, kpi, new.target)
        found = {(row, each.index): steps for row in ids for each in periods}
    names = {name: i for row, i in zip(rows, ids, strict=True) for name in row_names(tx, row)}
    for line, (contributor, label, value) in enumerate(new.targets, 2):
        row = names.get(squash(contributor))
        if row is None:
            raise Invalid(f"targets, line {line}", f"{contributor!r} has no row on the goal")
        some = periods if squash(label) == "all" else (find_slice(periods, label),)
        steps = target_steps(tx, kpi, value)
        found.update({(row, each.index): steps for each in some})
    return found


def row_names(tx: Tx, row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a row of a goal may be called, squashed: login and name, or the team's name."""
    if row["user"] is not None:
        person = tx.directory.people[row["user"]]
        return squash(person.login), squash(person.name)
    return (squash(tx.directory.teams[row["team"]].name),)


# --- seeing


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


def may(tx: Tx, right: str, loaded: Goals, row: Contributor) -> bool:
    """Whether the actor's scope for `view` or `edit` reaches a row (PER-7), and the users inside teams (PER-11)."""
    goal = loaded.goals[row.goal]
    teams = frozenset(tx.directory.people[row.user].teams) if row.user in tx.directory.people else frozenset()
    measured = GoalRow(goal.creator, row.user, row.team if row.user is None else None, teams)
    if not in_scope(tx.actor, goals_scope(tx.actor, right), measured):
        return False
    inside_team = row.user is not None and row.team is not None and row.user != tx.actor.id
    return not inside_team or members_refusal(tx.actor) is None


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
    loaded = calculation.load(tx, only)
    shown = {i: row for i, row in loaded.contributors.items() if may(tx, "view", loaded, row)}
    condition = goal_store.of_contributors(list(shown)) if only is not None else None
    every = [s for s in goal_store.load_slices(tx.connection, condition) if s.contributor in shown]
    if at is not None:
        every = _as_of(tx, loaded, every, at)
    now = tx.now if at is None else at
    if current_only:
        every = _current(every, now)
    where = bind(parse(query), GOAL_ROWS, query_context(tx)).where if query.strip() else BoundAll()
    rows = _progress_rows(tx, loaded, every, now)
    if isinstance(where, BoundAll):
        return rows
    return [row for row in rows if _matches(where, row, tx)]


def _as_of(tx: Tx, loaded: Goals, every: Sequence[SliceRow], at: int) -> list[SliceRow]:
    going = [s for s in every if not (s.frozen and s.end <= at)]
    values = calculation.measure(tx, loaded, going, until=at)
    return [
        replace(s, total=values[s.id][0], records=values[s.id][1], frozen=False) if s.id in values else s for s in every
    ]


def _current(every: Sequence[SliceRow], now: int) -> list[SliceRow]:
    chosen: dict[int, SliceRow] = {}
    for each in every:
        best = chosen.get(each.contributor)
        if best is None or best.end <= now:
            chosen[each.contributor] = each
    return list(chosen.values())


def _progress_rows(tx: Tx, loaded: Goals, every: Sequence[SliceRow], now: int) -> list[ProgressRow]:
    tz, decimals = tx.tz, exponent(tx.account.currency)
    order = {goal: number for number, goal in enumerate(loaded.goals)}
    position = {i: (order[row.goal], row.position, i) for i, row in loaded.contributors.items()}
    pipelines = {p.id: p.label for p in tx.pipelines}
    choices: dict[int, list[tuple[int, ...]]] = {}
    for each in every:
        choices.setdefault(loaded.contributors[each.contributor].goal, []).append(each.pipelines or ())
    categories = {
        goal: str(forecast.category_of(g.template, Duration(g.duration), choices[goal]))
        for goal, g in loaded.goals.items()
        if goal in choices
    }
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
    loaded = calculation.load(tx)
    shown = [row for row in loaded.contributors.values() if may(tx, "view", loaded, row)]
    counts: dict[int, int] = {}
    for row in shown:
        counts[row.goal] = counts.get(row.goal, 0) + 1
    every = goal_store.load_slices(tx.connection)
    choices: dict[int, list[tuple[int, ...]]] = {}
    for each in every:
        if each.contributor in loaded.contributors:
            choices.setdefault(loaded.contributors[each.contributor].goal, []).append(each.pipelines or ())
    people = tx.directory.people
    return [
        GoalLine(
            goal,
            str(forecast.category_of(goal.template, Duration(goal.duration), choices.get(goal.id, [()]))),
            counts[goal.id],
            people[goal.creator].login if goal.creator in people else "",
        )
        for goal in loaded.goals.values()
        if goal.id in counts
    ]


# --- adjusting


def _row_of(tx: Tx, loaded: Goals, goal: Goal, name: str) -> Contributor:
    for row in calculation.of_goal(loaded, goal.id):
        if squash(name) in row_names(tx, {"user": row.user, "team": row.team}):
            return row
    raise NotFound(f"{name!r} has no row on {goal.name}.", "See `cs-workspace goals progress --goal`.")


def check_edit(tx: Tx, loaded: Goals, goal: Goal, rows: Sequence[Contributor]) -> None:
    """Raise Refused where the actor may not change these rows (PER-7, PER-9, PER-10)."""
    _refuse(management_refusal(tx.actor, goal.template), tx, f"change {goal.name}")
    for row in rows:
        if not may(tx, "edit", loaded, row):
            scope = goals_scope(tx.actor, "edit")
            _refuse(f"needs a wider Goals permission to edit than {scope}", tx, f"change this row of {goal.name}")


@writes(Permission.GOALS_EDIT, "set a target")
def set_target(tx: Tx, goal: str, contributor: str, label: str, value: str) -> int:
    """Set one slice's target, or all of a row with `all`; how many changed (GOL-42). Blank or `none` takes it away."""
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    row = _row_of(tx, loaded, found, contributor)
    check_edit(tx, loaded, found, [row])
    steps = target_steps(tx, found.kpi, value)
    own = goal_store.load_slices(tx.connection, goal_store.of_contributors([row.id]))
    some = own if squash(label) == "all" else [_slice_of(own, label)]
    tx.describe(f"set target {value.strip() or 'none'} for {contributor} in {found.name}, {label}")
    return len(tx.journal.update("slices", {each.id: {"target": steps} for each in some}))


def _slice_of(own: Sequence[SliceRow], label: str) -> SliceRow:
    for each in own:
        if each.label.casefold() == label.strip().casefold():
            return each
    raise Invalid("slice", f"{label!r} is not a slice of this goal", nearest(label, (each.label for each in own)))


@writes(Permission.GOALS_EDIT, "delete a goal's rows")
def delete(tx: Tx, goal: str, contributors: Sequence[str]) -> bool:
    """Take contributors' rows away; with the last one goes the goal, and then the answer is True (GOL-45)."""
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    gone = [_row_of(tx, loaded, found, name) for name in contributors]
    check_edit(tx, loaded, found, gone)
    tx.describe(
        f"delete {len(gone)} rows of goal {found.name}" if len(gone) > 1 else f"delete a row of goal {found.name}"
    )
    ids = [row.id for row in gone]
    tx.journal.delete("slices", [s.id for s in goal_store.load_slices(tx.connection, goal_store.of_contributors(ids))])
    tx.journal.delete("contributors", ids)
    last = len(gone) == len(calculation.of_goal(loaded, found.id))
    if last:
        tx.journal.delete("goals", [found.id])
    return last


@writes(Permission.GOALS_EDIT, "clone a goal")
def clone(tx: Tx, goal: str, name: str | None = None, *, shift_years: int = 0) -> int:
    """Make a new family with the same rows, targets, pipelines and notifications, without actuals; its id (GOL-46)."""
    found = find_goal(tx, goal)
    _refuse(creation_refusal(tx.actor, found.template, tx.account.subscription), tx, "clone this goal")
    loaded = calculation.load(tx, [found.id])
    rows = calculation.of_goal(loaded, found.id)
    check_edit(tx, loaded, found, rows)
    title = name or f"{found.name} (copy)"
    tx.describe(f"clone goal {found.name} as {title}")
    (new_goal,) = tx.journal.create(
        "goals",
        [
            {
                "name": title,
                "template": found.template,
                "kpi": to_json(found.kpi),
                "duration": found.duration,
                "year": None if found.year is None else found.year + shift_years,
                "fiscal_start": found.fiscal_start,
                "aligned": found.aligned,
                "notify": list(found.notify),
                "creator": tx.actor.id or None,
                "created_at": tx.now,
            }
        ],
    )
    every = goal_store.load_slices(tx.connection, goal_store.of_contributors([row.id for row in rows]))
    for row in rows:
        (new_row,) = tx.journal.create(
            "contributors",
            [
                {
                    "goal": new_goal,
                    "user": row.user,
                    "team": row.team,
                    "include_others": row.include_others,
                    "whole_team": row.whole_team,
                    "position": row.position,
                }
            ],
        )
        own = [each for each in every if each.contributor == row.id]
        periods = _shifted(tx, found, own, shift_years)
        tx.journal.create(
            "slices",
            [
                {
                    "contributor": new_row,
                    "position": each.index,
                    "label": each.label,
                    "first_day": day_of(each.first_day),
                    "last_day": day_of(each.last_day),
                    "start": each.start,
                    "end": each.end,
                    "target": own[min(each.index, len(own) - 1)].target,
                    "pipelines": list(p) if (p := own[min(each.index, len(own) - 1)].pipelines) is not None else None,
                    "frozen": False,
                }
                for each in periods
            ],
        )
    _measure_new(tx, new_goal)
    return new_goal


def _shifted(tx: Tx, goal: Goal, own: Sequence[SliceRow], years: int) -> tuple[Slice, ...]:
    """The periods of the same goal so many years later; a custom one keeps its days of the month where they exist."""
    duration = Duration(goal.duration)
    if duration is not Duration.CUSTOM and goal.year is not None:
        return slices(
            duration,
            goal.year + years,
            fiscal_start=goal.fiscal_start,
            aligned=goal.aligned,
            week_start=tx.account.week_start,
            tz=tx.tz,
        )
    first, last = date_of(own[0].first_day), date_of(own[0].last_day)
    return (custom_slice(_years_later(first, years), _years_later(last, years), tx.tz),)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


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


# --- explaining


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a number came about, and the records behind it as they are today."""

    row: ProgressRow
    counted: tuple[str, ...]  # logins of the users whose records count
    filter: str
    records: tuple[Mapping[str, Any], ...]
    stands: bool  # whether today's records give the shown number; a frozen one may differ


@reads(Permission.GOALS_VIEW)
def explain(tx: Tx, goal: str, contributor: str, label: str) -> Explanation:
    """The records behind a number. Raises NotFound, Invalid, Refused."""
    found = find_goal(tx, goal)
    loaded = calculation.load(tx, [found.id])
    row = _row_of(tx, loaded, found, contributor)
    if not may(tx, "view", loaded, row):
        _refuse(members_refusal(tx.actor) or "needs a wider Goals permission to view", tx, "see this row")
    own = goal_store.load_slices(tx.connection, goal_store.of_contributors([row.id]))
    each = _slice_of(own, label)
    (shown,) = _progress_rows(tx, loaded, [each], tx.now)
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
    return Explanation(
        shown,
        tuple(sorted(people[u].login for u in counted if u in people)),
        found.kpi.filter,
        tuple({**r, "owner": people[r["owner"]].login if r["owner"] in people else None} for r in records),
        stands=(each.total or 0, each.records or 0) == (today[0] or 0, today[1]),
    )
