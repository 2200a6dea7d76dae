"""Goals made and cloned, with all their rows and slices (GOL-4 to GOL-21, GOL-46)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cs_workspace.domain.clock import date_of, day_of
from cs_workspace.domain.errors import Invalid, Refused
from cs_workspace.domain.goals import forecast
from cs_workspace.domain.goals.model import Aggregate, Direction, Duration, Kpi, to_json
from cs_workspace.domain.goals.slices import Slice, custom_slice, find_slice, slices
from cs_workspace.domain.goals.teams import carrier_teams, main_members
from cs_workspace.domain.goals.templates import CUSTOM, MAX_CUSTOM_GOALS, custom_kpi, find_template
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import (
    Permission,
    assignment_refusal,
    creation_refusal,
)
from cs_workspace.domain.query.folding import fold, squash
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goals import Goal, SliceRow
from cs_workspace.workspace import calculation
from cs_workspace.workspace.door import Tx, writes
from cs_workspace.workspace.goal_changes import check_edit, target_steps
from cs_workspace.workspace.goals import find_goal, refuse, row_names

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


@writes(Permission.GOALS_EDIT, "create a goal")
def create(tx: Tx, new: NewGoal) -> int:
    """Make a goal with all its rows and slices, measured at once; its id. Raises Invalid, Refused."""
    if not new.name.strip():
        raise Invalid("name", "is empty")
    if len(new.name) > 200:
        raise Invalid("name", "is longer than 200 characters")
    kpi = _kpi(tx, new)
    refuse(creation_refusal(tx.actor, new.template, tx.account.subscription), tx, "create this goal")
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


@writes(Permission.GOALS_EDIT, "clone a goal")
def clone(tx: Tx, goal: str, name: str | None = None, *, shift_years: int = 0) -> int:
    """Make a new family with the same rows, targets, pipelines and notifications, without actuals; its id (GOL-46)."""
    found = find_goal(tx, goal)
    refuse(creation_refusal(tx.actor, found.template, tx.account.subscription), tx, "clone this goal")
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
