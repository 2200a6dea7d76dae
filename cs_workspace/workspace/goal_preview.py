"""What a goal would be before it is made: its rows, its meaning, what stands against it, what would have been measured.

Nothing is saved. Unfinished input gives as much of an answer as it allows (GOL-4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from cs_workspace.domain.clock import day_of, local_day
from cs_workspace.domain.errors import Refused, WorkspaceError
from cs_workspace.domain.goals import forecast
from cs_workspace.domain.goals.meaning import meaning, period
from cs_workspace.domain.goals.model import Duration, Kpi, Measured, scale
from cs_workspace.domain.goals.progress import actual
from cs_workspace.domain.goals.slices import Slice, slices
from cs_workspace.domain.goals.teams import ContributorKind, Membership, Team, counted_users, pool
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES
from cs_workspace.domain.money import exponent
from cs_workspace.domain.permissions import Permission, Person, making_refusal
from cs_workspace.domain.query.folding import fold
from cs_workspace.store.goals import Contributor, Goal, SliceRow
from cs_workspace.workspace import calculation, goal_draft
from cs_workspace.workspace.calculation import Goals
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.goal_draft import NewGoal, Question, Roster, Row

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row that would be made, with what it would have measured; None where there is nothing to measure yet."""

    contributor: str  # login, or the team's name: what a NewGoal calls it
    name: str
    team: int | None
    is_team: bool
    so_far: Fraction | None = None
    last_year: Fraction | None = None
    shape: tuple[int, ...] = ()  # last year by milestones in small steps, to share a total out by


@dataclass(frozen=True, slots=True)
class Preview:
    """What a goal would be."""

    kpi: Kpi | None = None
    meaning: str = ""
    rows: tuple[PreviewRow, ...] = ()
    periods: tuple[Slice, ...] = ()
    year: str = ""  # how the goal's year is called
    so_far: Fraction | None = None  # of all contributors, each user once
    last_year: Fraction | None = None
    questions: tuple[Question, ...] = ()
    refusals: Mapping[str, WorkspaceError] = field(default_factory=dict)  # by part of the goal
    forecastable: bool = False

    @property
    def milestones(self) -> int:
        """How many slices would be made."""
        return len(self.rows) * len(self.periods)


@dataclass(slots=True)
class _Attempt:
    """Collects what stands against a goal instead of ending at the first of it."""

    refusals: dict[str, WorkspaceError] = field(default_factory=dict)

    def of(self, part: str, function: Callable[[], T]) -> T | None:
        try:
            return function()
        except WorkspaceError as error:
            self.refusals.setdefault(part, error)
            return None


@reads(Permission.SESSION)
def preview(tx: Tx, new: NewGoal, *, measured: bool = True) -> Preview:
    """What the goal would be as far as it is described; without `measured`, no record is looked at."""
    attempt = _Attempt()
    attempt.of("name", lambda: goal_draft.name_of(new))
    reason = _template_refusal(tx, new.template)
    if reason:
        attempt.refusals["template"] = Refused(f"{tx.actor.name} {reason}.", "Ask a super admin.")
    kpi = attempt.of("template" if new.template != CUSTOM else "custom", lambda: goal_draft.kpi_of(tx, new))
    roster = goal_draft.roster_of(tx, new)
    for problem in roster.problems[:1]:
        attempt.refusals["contributors"] = problem
    periods = attempt.of("period", lambda: goal_draft.periods_of(tx, new)) or ()
    rows = roster.rows
    year = _year(tx, new)
    if kpi is None:
        return Preview(rows=_named(tx, rows), periods=periods, year=year, refusals=attempt.refusals)
    pipelines = attempt.of("pipelines", lambda: goal_draft.pipelines_of(tx, kpi, new, rows, periods)) or {}
    attempt.of("targets", lambda: goal_draft.targets_of(tx, kpi, new, rows, periods))
    attempt.of("notify", lambda: goal_draft.events_of(new.notify))
    found = Preview(
        kpi,
        _sentence(tx, new, kpi, rows, periods, year, pipelines),
        _named(tx, rows),
        periods,
        year,
        questions=roster.questions,
        refusals=attempt.refusals,
        forecastable=bool(rows and periods)
        and forecast.forecastable(
            new.template,
            Duration(new.duration),
            [pipelines.get((row, each.index), ()) for row in range(len(rows)) for each in periods],
        ),
    )
    return _measured(tx, new, found, roster, pipelines) if measured and rows and periods else found


def _named(tx: Tx, rows: Sequence[Row]) -> tuple[PreviewRow, ...]:
    people, teams = tx.directory.people, tx.directory.teams
    return tuple(
        PreviewRow(people[row.user].login, people[row.user].name, row.team, False)
        if row.user is not None
        else PreviewRow(teams[row.team].name, teams[row.team].name, row.team, True)  # type: ignore[index]
        for row in rows
    )


def _year(tx: Tx, new: NewGoal) -> str:
    if new.year is None or new.duration == Duration.CUSTOM:
        return ""
    fiscal = goal_draft.is_aligned(new) and tx.account.fiscal_start != 1
    return f"FY {new.year}/{(new.year + 1) % 100:02}" if fiscal else str(new.year)


def _sentence(
    tx: Tx,
    new: NewGoal,
    kpi: Kpi,
    rows: Sequence[Row],
    periods: Sequence[Slice],
    year: str,
    pipelines: Mapping[tuple[int, int], tuple[int, ...]],
) -> str:
    labels = {p.id: p.label for p in tx.pipelines}
    chosen = {frozenset(pipelines.get((r, p.index), ())) for r in range(len(rows)) for p in periods}
    only = next(iter(chosen)) if len(chosen) == 1 else frozenset()
    varying = ["pipelines that differ by milestone"] if len(chosen) > 1 else []
    return meaning(
        kpi,
        tx.schema[kpi.object],
        users=sum(row.user is not None for row in rows),
        teams=[tx.directory.teams[row.team].name for row in rows if row.user is None and row.team is not None],
        when=period(Duration(new.duration), periods[0].first_day, periods[-1].last_day, year) if periods else "",
        milestones=len(rows) * len(periods),
        pipelines=varying or sorted(labels[each] for each in only),
    )


# --- what would have been measured


def _measured(
    tx: Tx, new: NewGoal, found: Preview, roster: Roster, pipelines: Mapping[tuple[int, int], tuple[int, ...]]
) -> Preview:
    """Measure this year's and last year's periods of all rows, in as many statements as any calculation takes."""
    kpi, rows = found.kpi, roster.rows
    assert kpi is not None
    years = (found.periods, _year_before(tx, new, found.periods))
    last_place = len(found.periods) - 1
    asked = [
        (year, row, each, pipelines.get((row, min(place, last_place))))
        for row in range(len(rows))
        for year, some in enumerate(years)
        for place, each in enumerate(some)
    ]
    going = [
        _unsaved(number, row, each, choice)
        for number, (_, row, each, choice) in enumerate(asked)
        if each.start < tx.now
    ]
    goals = _unsaved_goal(tx, new, kpi, rows)
    values = calculation.measure(tx, goals, going, until=tx.now)
    by_year: list[dict[int, list[Measured]]] = [{row: [] for row in range(len(rows))} for _ in years]
    for number, (year, row, *_) in enumerate(asked):
        by_year[year][row].append(values.get(number, (None, 0)))
    this, last = by_year

    def value(some: Sequence[Measured]) -> Fraction | None:
        total, records = pool(kpi.aggregate, some)
        return actual(kpi.aggregate, scale(kpi.unit, exponent(tx.account.currency)), total, records)

    counting = _each_once(goals.counted)
    return replace(
        found,
        rows=tuple(
            replace(row, so_far=value(this[i]), last_year=value(last[i]), shape=tuple(m[0] or 0 for m in last[i]))
            for i, row in enumerate(found.rows)
        ),
        so_far=value([each for row in counting for each in this[row]]),
        last_year=value([each for row in counting for each in last[row]]),
    )


def _year_before(tx: Tx, new: NewGoal, periods: Sequence[Slice]) -> tuple[Slice, ...]:
    if new.duration == Duration.CUSTOM or new.year is None:
        first = goal_draft.years_later(periods[0].first_day, -1)
        last = goal_draft.years_later(periods[0].last_day, -1)
        return goal_draft.periods_of(tx, replace(new, start=first, end=last))
    return slices(
        Duration(new.duration),
        new.year - 1,
        fiscal_start=tx.account.fiscal_start,
        aligned=goal_draft.is_aligned(new),
        week_start=tx.account.week_start,
        tz=tx.tz,
    )


def _unsaved(number: int, row: int, each: Slice, pipelines: tuple[int, ...] | None) -> SliceRow:
    first, last = day_of(each.first_day), day_of(each.last_day)
    return SliceRow(
        number,
        row,
        each.index,
        each.label,
        first,
        last,
        each.start,
        each.end,
        target=None,
        pipelines=pipelines,
        notify=None,
        total=None,
        records=None,
        frozen=False,
        calculated_at=None,
    )


def _unsaved_goal(tx: Tx, new: NewGoal, kpi: Kpi, rows: Sequence[Row]) -> Goals:
    goal = Goal(0, new.name, new.template, kpi, new.duration, new.year, 1, False, (), None, tx.now)
    active = frozenset(p.id for p in tx.directory.people.values() if p.active)
    selected = frozenset(row.user for row in rows if row.user is not None)
    counted = {
        number: counted_users(
            ContributorKind.TEAM if row.user is None else ContributorKind.USER,
            row.team if row.user is None else row.user,  # type: ignore[arg-type]
            teams=tuple(tx.directory.teams.values()),
            memberships=tx.directory.memberships,
            active=active,
            selected=selected,
            include_others=row.include_others,
            whole_team=row.whole_team,
        )
        for number, row in enumerate(rows)
    }
    contributors = {
        number: Contributor(number, 0, row.user, row.team, row.include_others, row.whole_team, number)
        for number, row in enumerate(rows)
    }
    return Goals({0: goal}, contributors, counted, frozenset())


def _each_once(counted: Mapping[int, frozenset[int]]) -> list[int]:
    """Rows that together count every user once: teams before the users in them."""
    seen: set[int] = set()
    rows = []
    for row, users in sorted(counted.items(), key=lambda pair: -len(pair[1])):
        if seen.isdisjoint(users):
            rows.append(row)
            seen |= users
    return rows


# --- what there is to choose from


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template, and why this actor may not use it, if they may not (PER-12, PER-14)."""

    name: str
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the wizard offers."""

    templates: tuple[TemplateChoice, ...]
    users: tuple[Person, ...]  # active ones by name
    teams: tuple[Team, ...]
    memberships: tuple[Membership, ...]
    pipelines: Mapping[str, tuple[str, ...]]  # labels by object
    today: date
    fiscal_start: int


@reads(Permission.SESSION)
def choices(tx: Tx) -> Choices:
    """Templates with the reason where one is refused, people, teams, pipelines."""
    directory = tx.directory
    names = {kind.code: kind.name for kind in tx.schema.objects.values()}
    pipelines: dict[str, list[str]] = {}
    for each in tx.pipelines:
        pipelines.setdefault(names[each.object], []).append(each.label)
    return Choices(
        tuple(TemplateChoice(name, _template_refusal(tx, name) or "") for name in (*TEMPLATES, CUSTOM)),
        tuple(sorted((p for p in directory.people.values() if p.active), key=lambda p: fold(p.name))),
        tuple(sorted(directory.teams.values(), key=lambda t: fold(t.name))),
        directory.memberships,
        {name: tuple(labels) for name, labels in pipelines.items()},
        local_day(tx.now, tx.tz),
        tx.account.fiscal_start,
    )


def _template_refusal(tx: Tx, template: str) -> str | None:
    if template != CUSTOM and template not in TEMPLATES:
        return None
    return making_refusal(tx.actor, template, tx.account.subscription)
