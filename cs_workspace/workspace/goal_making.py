"""Goals made and cloned, with all their rows and slices (GOL-4 to GOL-21, GOL-46)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cs_workspace.domain.clock import date_of, day_of
from cs_workspace.domain.goals.model import Duration, to_json
from cs_workspace.domain.goals.slices import Slice, custom_slice, slices
from cs_workspace.domain.goals.targets import print_target
from cs_workspace.domain.goals.templates import CUSTOM
from cs_workspace.domain.permissions import (
    Permission,
    creation_refusal,
    making_refusal,
)
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goals import Contributor, Goal, SliceRow
from cs_workspace.workspace import calculation, goal_draft
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.goal_draft import EVENTS, CustomKpi, NewGoal, years_later
from cs_workspace.workspace.goals import check_edit, find_goal, refuse

__all__ = ["EVENTS", "CustomKpi", "NewGoal", "as_new", "clone", "create"]


@writes(Permission.SESSION, "create a goal")
def create(tx: Tx, new: NewGoal) -> int:
    """Make a goal with all its rows and slices, measured at once; its id. Raises Invalid, Refused."""
    name = goal_draft.name_of(new)
    kpi = goal_draft.kpi_of(tx, new)
    refuse(making_refusal(tx.actor, new.template, tx.account.subscription), tx, "create this goal")
    periods = goal_draft.periods_of(tx, new)
    rows = goal_draft.check(goal_draft.roster_of(tx, new))
    pipelines = goal_draft.pipelines_of(tx, kpi, new, rows, periods)
    targets = goal_draft.targets_of(tx, kpi, new, rows, periods)
    notify = goal_draft.events_of(new.notify)
    own_notify = goal_draft.notify_of(tx, new, rows, periods)
    tx.describe(f"create goal {name}")
    aligned = goal_draft.is_aligned(new)
    goal = {
        "name": name,
        "template": new.template,
        "kpi": to_json(kpi),
        "duration": new.duration,
        "year": None if new.duration == Duration.CUSTOM else new.year,
        "fiscal_start": tx.account.fiscal_start if aligned else 1,
        "aligned": aligned,
        "notify": notify,
        "creator": tx.actor.id or None,
        "created_at": tx.now,
    }
    contributors = [
        {
            "user": row.user,
            "team": row.team,
            "include_others": row.include_others,
            "whole_team": row.whole_team,
            "position": number,
        }
        for number, row in enumerate(rows)
    ]
    cells = [
        [
            _slice(each, targets.get(place), pipelines.get(place), own_notify.get(place))
            for each in periods
            for place in [(row, each.index)]
        ]
        for row in range(len(rows))
    ]
    return _make(tx, goal, contributors, cells)


def _make(
    tx: Tx,
    goal: Mapping[str, Any],
    contributors: Sequence[Mapping[str, Any]],
    cells: Sequence[Sequence[Mapping[str, Any]]],
) -> int:
    """Write a goal, its rows, and the slices of each row, and measure them."""
    (goal_id,) = tx.journal.create("goals", [dict(goal)])
    ids = tx.journal.create("contributors", [{"goal": goal_id, **row} for row in contributors])
    tx.journal.create("slices", [{"contributor": i, **each} for i, own in zip(ids, cells, strict=True) for each in own])
    _measure_new(tx, goal_id)
    return goal_id


def _slice(
    each: Slice, target: int | None, pipelines: Sequence[int] | None, notify: Sequence[str] | None
) -> dict[str, Any]:
    return {
        "position": each.index,
        "label": each.label,
        "first_day": day_of(each.first_day),
        "last_day": day_of(each.last_day),
        "start": each.start,
        "end": each.end,
        "target": target,
        "pipelines": list(pipelines) if pipelines is not None else None,
        "notify": list(notify) if notify is not None else None,
        "frozen": False,
    }


def _measure_new(tx: Tx, goal_id: int) -> None:
    """Slices already over are computed once from today's data and frozen, the others join the live ones (GOL-40)."""
    loaded = calculation.load(tx, [goal_id])
    every = goal_store.load_slices(tx.connection, goal_store.of_contributors(list(loaded.contributors)))
    calculation.calculate(tx, loaded, [s for s in every if s.end > tx.now])
    over = [s for s in every if s.end <= tx.now]
    if over:
        calculation.calculate(tx, loaded, over, freeze=True)


@writes(Permission.GOALS_EDIT, "clone a goal")
def clone(tx: Tx, goal: str, name: str | None = None, *, shift_years: int = 0) -> int:
    """Make a new family with the same rows, targets, pipelines and notifications, without actuals; its id (GOL-46)."""
    found, rows, own = _original(tx, goal)
    title = name or f"{found.name} (copy)"
    tx.describe(f"clone goal {found.name} as {title}")
    copy = {
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
    contributors = [
        {
            "user": row.user,
            "team": row.team,
            "include_others": row.include_others,
            "whole_team": row.whole_team,
            "position": row.position,
        }
        for row in rows
    ]
    cells = []
    for row in rows:
        periods = shifted(tx, found, own[row.id], shift_years)
        before = [_alike(own[row.id], each) for each in periods]
        cells.append([_slice(e, b.target, b.pipelines, b.notify) for e, b in zip(periods, before, strict=True)])
    return _make(tx, copy, contributors, cells)


@reads(Permission.GOALS_EDIT)
def as_new(tx: Tx, goal: str, *, shift_years: int = 0) -> NewGoal:
    """A goal as one would ask for it anew, for the wizard to start from (GOL-46). Deactivated users stay behind."""
    found, rows, own = _original(tx, goal)
    people, teams = tx.directory.people, tx.directory.teams
    labels = {p.id: p.label for p in tx.pipelines}
    kept = [row for row in rows if _stays(tx, row)]
    users = {row.id: people[row.user].login for row in kept if row.user is not None}
    names = {row.id: users.get(row.id) or teams[row.team or 0].name for row in kept}
    custom = found.duration == Duration.CUSTOM
    first = own[rows[0].id][0]
    start, end = date_of(first.first_day), date_of(first.last_day)
    new = NewGoal(
        template=found.template,
        name=f"{found.name} (copy)",
        users=tuple(users.values()),
        teams=tuple(dict.fromkeys(teams[row.team].name for row in kept if row.team in teams)),
        carriers={users[row.id]: teams[row.team].name for row in kept if row.id in users and row.team in teams},
        include_others=any(row.include_others for row in kept),
        whole_team=any(row.whole_team for row in kept),
        duration=found.duration,
        year=None if found.year is None else found.year + shift_years,
        fiscal=found.aligned,
        start=years_later(start, shift_years) if custom else None,
        end=years_later(end, shift_years) if custom else None,
        notify=found.notify,
        custom=_asked(found) if found.template == CUSTOM else None,
    )
    periods = goal_draft.periods_of(tx, new)
    cells = [(row, each, _alike(own[row.id], each)) for row in kept for each in periods]
    return replace(
        new,
        targets=[
            (names[row.id], each.label, print_target(before.target, found.kpi.unit, tx.account.currency))
            for row, each, before in cells
            if before.target is not None
        ],
        cell_pipelines=[
            (names[row.id], each.label, [labels[p] for p in before.pipelines if p in labels])
            for row, each, before in cells
            if before.pipelines is not None
        ],
        cell_notify=[
            (names[row.id], each.label, before.notify) for row, each, before in cells if before.notify is not None
        ],
    )


def _original(tx: Tx, goal: str) -> tuple[Goal, list[Contributor], dict[int, list[SliceRow]]]:
    """A goal that the actor may make another of, its rows, and the slices of each. Raises Refused, NotFound."""
    found = find_goal(tx, goal)
    refuse(creation_refusal(tx.actor, found.template, tx.account.subscription), tx, "clone this goal")
    loaded = calculation.load(tx, [found.id])
    rows = calculation.of_goal(loaded, found.id)
    check_edit(tx, loaded, found, rows)
    own: dict[int, list[SliceRow]] = {row.id: [] for row in rows}
    for each in goal_store.load_slices(tx.connection, goal_store.of_contributors(list(own))):
        own[each.contributor].append(each)
    return found, rows, own


def _stays(tx: Tx, row: Contributor) -> bool:
    """Whether a row's user or team is still there."""
    if row.user is None:
        return row.team in tx.directory.teams
    return row.user in tx.directory.people and tx.directory.people[row.user].active


def _alike(own: Sequence[SliceRow], each: Slice) -> SliceRow:
    """The slice at the same place; a 53rd week is like the 52nd."""
    return own[min(each.index, len(own) - 1)]


def _asked(goal: Goal) -> CustomKpi:
    kpi = goal.kpi
    return CustomKpi(
        kpi.object, str(kpi.aggregate), kpi.dated_by, str(kpi.direction), kpi.measure, kpi.since, kpi.filter
    )


def shifted(tx: Tx, goal: Goal, own: Sequence[SliceRow], years: int) -> tuple[Slice, ...]:
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
    return (custom_slice(years_later(first, years), years_later(last, years), tx.tz),)
