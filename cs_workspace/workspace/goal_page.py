"""A goal's own page: the whole of it, its contributors, its days, and what was changed (GOL-15, GOL-37, GOL-47)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from cs_workspace.domain.clock import date_of, day_of, local_day, start_of_day
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals import forecast
from cs_workspace.domain.goals.burnup import BurnUp, Span, burn_up
from cs_workspace.domain.goals.model import Aggregate, Duration, Measured, Status, in_units, scale
from cs_workspace.domain.goals.progress import Reading, Standing, actual, overall_status, read
from cs_workspace.domain.goals.summary import Summary, judged, of_one, ranked_by, ranks, summary
from cs_workspace.domain.goals.teams import pool
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES
from cs_workspace.domain.money import exponent
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.store import goal_log
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goal_log import SliceChange
from cs_workspace.store.goals import Contributor, Daily, Goal, SliceRow
from cs_workspace.workspace import calculation
from cs_workspace.workspace.calculation import Goals
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.goals import ProgressRow, find_goal, may, progress_rows, refuse, row_refusal

LOG = 100  # changes in a page of the log


@dataclass(frozen=True, slots=True)
class Line:
    """A contributor over the shown milestones."""

    contributor: Contributor
    name: str
    login: str | None
    depth: int  # within how many teams of the goal it stands
    summary: Summary
    rank: int | None  # among the users; None without progress, and of teams
    users: Summary | None  # of a team: its users' rows together, where they add up and all of them are seen
    milestones: tuple[ProgressRow, ...]

    @property
    def is_team(self) -> bool:
        """Whether it is a team's row."""
        return self.contributor.user is None

    @property
    def is_aimed(self) -> bool:
        """Whether any of the shown milestones has a target."""
        return _aimed(self.milestones)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A period of the goal, with what came of it for the whole goal where it is shown."""

    label: str
    first: int
    last: int
    reading: Reading | None = None
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A target that was set, or a milestone that was over and calculated anew (GOL-40, GOL-42)."""

    id: int  # its place in the journal
    at: int
    user: str  # "" is nobody: the making of the store, or the worker
    label: str  # what was done, in words
    contributor: str
    milestone: str
    measured: bool  # the measured value, where it is not the target
    old: Fraction | None
    new: Fraction | None


@dataclass(frozen=True, slots=True)
class GoalPage:
    """Everything the page of a goal shows, over the milestones that a range of days touches."""

    goal: Goal
    template: str
    category: str
    creator: str
    pipelines: tuple[str, ...]
    forecastable: bool
    in_forecast: bool
    milestones: tuple[Milestone, ...]  # all there are
    shown: tuple[int, int]  # the first and the last of them that count here
    summary: Summary
    ranked: Summary  # the whole as its contributors are ranked; another milestone's where milestones do not add up
    by_now: Fraction | None  # of a running sum or count, where some of what counts is dated later
    whole: frozenset[int]  # the rows the whole is made of
    lines: tuple[Line, ...]  # teams with their users below them
    burn_up: BurnUp
    running: int  # user goals of the same creator in progress
    reached: int  # and those that are over and reached their target
    ended: int  # frozen milestones of all rows
    hidden: bool  # whether there are rows the actor may not see

    @property
    def ranking(self) -> Milestone | None:
        """The milestone that contributors are ranked by; None where milestones add up."""
        return None if self.ranked.of is None else self.milestones[self.shown[0] + self.ranked.of]

    @property
    def leaders(self) -> list[Line]:
        """The users by progress, the best first; those without come last."""
        users = [line for line in self.lines if not line.is_team]
        return sorted(users, key=lambda line: (line.rank is None, line.rank or 0))


@reads(Permission.GOALS_VIEW)
def page(tx: Tx, goal: str, first: date | None = None, last: date | None = None) -> GoalPage:
    """A goal over the milestones that the days from `first` to `last` touch. Raises NotFound, Refused, Invalid."""
    found = find_goal(tx, goal)
    loaded, rows, hidden = _visible(tx, found)
    every = goal_store.load_slices(tx.connection, goal_store.of_contributors(list(rows)))
    periods = [each for each in every if each.contributor == every[0].contributor]  # those of every row
    low, high = shown = _touched(periods, first, last)
    positions = {each.position for each in periods[low : high + 1]}
    own: dict[int, list[ProgressRow]] = defaultdict(list)
    for row in progress_rows(tx, loaded, [each for each in every if each.position in positions], tx.now):
        own[row.contributor.id].append(row)
    place = None if found.kpi.aggregate.additive else ranked_by([_standings(each) for each in own.values()], tx.now)
    lines = _lines(tx, rows, hidden, own, place)
    whole = _outermost(lines)
    several = [[line.milestones[i] for line in whole] for i in range(len(positions))]
    standings = [_together(tx, each) for each in several]
    burn_up = _burn_up(tx, loaded, found, several, standings)
    by_now = next(reversed(burn_up.actual), None) if burn_up.ahead and found.kpi.aggregate.additive else None
    total = summary(found.kpi, standings, tx.now, tx.tz, by_now=by_now)
    total = replace(total, unaimed=_unaimed(whole) if found.kpi.aggregate.additive else None)
    choices = [each.pipelines or () for each in every]
    duration = Duration(found.duration)
    running, reached = _of_creator(tx, found)
    people = tx.directory.people
    measured = {
        low + i: (read(found.kpi, standing, tx.now, tx.tz), all(row.slice.frozen for row in several[i]))
        for i, standing in enumerate(standings)
    }
    return GoalPage(
        goal=found,
        template="Custom" if found.template == CUSTOM else TEMPLATES[found.template].label,
        category=str(forecast.category_of(found.template, duration, choices)),
        creator=people[found.creator].name if found.creator in people else "",
        pipelines=tuple(dict.fromkeys(name for rows in own.values() for row in rows for name in row.pipelines)),
        forecastable=forecast.forecastable(found.template, duration, choices),
        in_forecast=any(
            forecast.shown_in_forecast(found.template, duration, choices, Duration(pipeline.forecast_period))
            for pipeline in tx.pipelines
            if pipeline.object == tx.schema[found.kpi.object].code and pipeline.id in (choices[0] or (pipeline.id,))
        ),
        milestones=tuple(
            Milestone(each.label, each.first_day, each.last_day, *measured.get(i, ())) for i, each in enumerate(periods)
        ),
        shown=shown,
        summary=total,
        ranked=total if place is None else of_one(found.kpi, standings, place, tx.now, tx.tz),
        by_now=by_now if total.status is Status.IN_PROGRESS else None,
        whole=frozenset(line.contributor.id for line in whole),
        lines=tuple(lines),
        burn_up=burn_up,
        running=running,
        reached=reached,
        ended=sum(each.frozen for each in every),
        hidden=bool(hidden),
    )


@reads(Permission.GOALS_VIEW)
def log(tx: Tx, goal: str, before: int | None = None, limit: int = LOG) -> list[Change]:
    """What was changed in the milestones of the rows the actor may see, newest first, from a place in the journal."""
    found = find_goal(tx, goal)
    _, rows, _ = _visible(tx, found)
    people, names = tx.directory.people, {i: _name(tx, row) for i, row in rows.items()}

    def value(each: SliceChange, steps: int | None) -> Fraction | None:
        if steps is None:
            return None
        counted = each.property == "total" and found.kpi.aggregate is Aggregate.COUNT
        return Fraction(steps) if counted else in_units(steps, found.kpi.unit, exponent(tx.account.currency))

    return [
        Change(
            each.id,
            each.at,
            people[each.user].name if each.user in people else "",
            each.label,
            names[each.contributor],
            each.slice_label,
            each.property == "total",
            value(each, each.old),
            value(each, each.new),
        )
        for each in goal_log.slice_changes(tx.connection, rows, before=before, limit=limit)
    ]


def _visible(tx: Tx, found: Goal) -> tuple[Goals, dict[int, Contributor], list[Contributor]]:
    """The goal's rows: those the actor may see, and the others. Raises Refused where there are none to see."""
    loaded = calculation.load(tx, [found.id])
    every = loaded.contributors
    seen = {i: row for i, row in every.items() if may(tx, "view", loaded, row)}
    if not seen:
        refuse(row_refusal(tx, "view", loaded, next(iter(every.values()))), tx, f"see {found.name}")
    return loaded, seen, [row for i, row in every.items() if i not in seen]


def _touched(periods: Sequence[SliceRow], first: date | None, last: date | None) -> tuple[int, int]:
    if first is not None and last is not None and last < first:
        raise Invalid("range", f"{last} is before {first}", "Choose an end on or after the start.")
    places = [
        i
        for i, each in enumerate(periods)
        if (first is None or each.last_day >= day_of(first)) and (last is None or each.first_day <= day_of(last))
    ]
    if not places:
        begin, end = date_of(periods[0].first_day), date_of(periods[-1].last_day)
        raise Invalid("range", "no milestone of the goal lies in it", f"The goal goes from {begin} to {end}.")
    return places[0], places[-1]


# --- contributors


def _lines(
    tx: Tx,
    rows: Mapping[int, Contributor],
    hidden: Collection[Contributor],
    own: Mapping[int, Sequence[ProgressRow]],
    place: int | None,
) -> list[Line]:
    """The rows as a tree: teams with the teams and users in them, in the order of the grid.

    Each is summed up, or stands where it is in the milestone at `place`.
    """
    teams = {row.team: i for i, row in rows.items() if row.user is None}
    around = {i: list(_around(tx, row, teams)) for i, row in rows.items()}
    incomplete = {team for row in hidden if row.user is not None for team in _around(tx, row, teams)}

    def summed(i: int, row: Contributor) -> Summary:
        kpi, standings, until = own[i][0].kpi, _standings(own[i]), _until(tx, row)
        return summary(kpi, standings, until, tx.tz) if place is None else of_one(kpi, standings, place, until, tx.tz)

    summaries = {i: summed(i, row) for i, row in rows.items()}
    users = [i for i, row in rows.items() if row.user is not None]
    places = dict(zip(users, ranks([_begun(summaries[i]) for i in users]), strict=True))

    def together(team: int) -> Summary | None:
        inside = [own[i] for i in users if team in around[i]]
        if not inside or team in incomplete or not inside[0][0].kpi.aggregate.additive:
            return None
        joined = [_together(tx, each) for each in zip(*inside, strict=True)]
        return summary(inside[0][0].kpi, joined, tx.now, tx.tz)

    def walk(parent: int | None) -> Iterator[Line]:
        for i, row in rows.items():
            if next(iter(around[i]), None) != parent:
                continue
            first = own[i][0]
            yield Line(
                row,
                first.contributor_name,
                first.contributor_login,
                len(around[i]),
                summaries[i],
                places.get(i),
                together(i) if row.user is None else None,
                tuple(own[i]),
            )
            if row.user is None:
                yield from walk(i)

    return list(walk(None))


def _standings(rows: Sequence[ProgressRow]) -> list[Standing]:
    return [Standing(row.slice.start, row.slice.end, row.reading.actual, row.reading.target) for row in rows]


def _aimed(rows: Sequence[ProgressRow]) -> bool:
    return any(row.slice.target is not None for row in rows)


def _begun(one: Summary) -> Fraction | None:
    return None if one.status is Status.PENDING else one.progress


def _around(tx: Tx, row: Contributor, teams: Mapping[int | None, int]) -> Iterator[int]:
    """The rows of the teams around a row, the nearest first."""
    parents = {each.id: each.parent_id for each in tx.directory.teams.values()}
    team = row.team if row.user is not None else parents.get(row.team or 0)
    seen: set[int] = set()
    while team is not None and team not in seen:
        seen.add(team)
        if team in teams:
            yield teams[team]
        team = parents.get(team)


def _until(tx: Tx, row: Contributor) -> int:
    """Now, or when a row's user was deactivated (GOL-41)."""
    stopped = tx.directory.deactivated_at.get(row.user) if row.user is not None else None
    return tx.now if stopped is None else min(tx.now, stopped)


def _name(tx: Tx, row: Contributor) -> str:
    named = tx.directory.people.get(row.user) if row.user is not None else tx.directory.teams.get(row.team or 0)
    return named.name if named is not None else f"#{row.user or row.team}"


def _together(tx: Tx, rows: Sequence[ProgressRow]) -> Standing:
    """One milestone of several rows: those with a target have a say. Targets that do not add up must be the same."""
    kpi, decimals = rows[0].kpi, exponent(tx.account.currency)
    counted = _judged(rows)
    total, records = pool(kpi.aggregate, ((row.slice.total, row.slice.records or 0) for row in counted))
    targets = [row.slice.target for row in counted if row.slice.target is not None]
    target = None
    if targets and (kpi.aggregate.additive or len(set(targets)) == 1):
        target = in_units(sum(targets) if kpi.aggregate.additive else targets[0], kpi.unit, decimals)
    first = rows[0].slice
    return Standing(first.start, first.end, actual(kpi.aggregate, scale(kpi.unit, decimals), total, records), target)


def _judged(rows: Sequence[ProgressRow]) -> list[ProgressRow]:
    return [row for row in rows if row.slice.target is not None] or list(rows)


# --- the whole


def _outermost(lines: Sequence[Line]) -> list[Line]:
    """The rows a goal as a whole is made of: the outermost, save that users stand for a team that has no target."""
    chosen: list[Line] = []
    within: int | None = None  # the depth of the team that stands for what follows
    for place, line in enumerate(lines):
        if within is not None and line.depth > within:
            continue
        within = None
        if line.is_team and not line.is_aimed and _aimed_below(lines[place:]):
            continue
        chosen.append(line)
        if line.is_team:
            within = line.depth
    return chosen


def _aimed_below(lines: Sequence[Line]) -> bool:
    for line in lines[1:]:
        if line.depth <= lines[0].depth:
            break
        if line.is_aimed:
            return True
    return False


def _unaimed(whole: Sequence[Line]) -> Fraction | None:
    """What was measured where there is no target, if there is one elsewhere: the total leaves it out."""
    rows = [row for line in whole for row in line.milestones]
    left = sum((row.reading.actual or Fraction(0) for row in rows if row.slice.target is None), Fraction(0))
    return left or None if _aimed(rows) else None


def _burn_up(
    tx: Tx, loaded: Goals, goal: Goal, several: Sequence[Sequence[ProgressRow]], standings: Sequence[Standing]
) -> BurnUp:
    """The days of the milestones that have a say; of those that are over, their end is the value that is frozen."""
    kpi = goal.kpi
    today = day_of(local_day(tx.now, tx.tz))
    places = set(judged(standings))
    counted = {i: _judged(rows) if i in places else [] for i, rows in enumerate(several)}
    daily = _measured_daily(tx, loaded, goal, [row for rows in counted.values() for row in rows])
    spans: list[Span] = []
    firsts = [rows[0].slice.first_day for rows in several]
    found: dict[tuple[int, int], list[Daily]] = defaultdict(list)  # by milestone and owner
    for each in daily:
        found[bisect_right(firsts, each.day) - 1, each.owner].append(each)
    for i, rows in counted.items():
        first, last = several[i][0].slice.first_day, several[i][0].slice.last_day
        by_day: dict[int, list[Measured]] = defaultdict(list)
        for row in rows:
            pipelines = row.slice.pipelines
            for owner in loaded.counted[row.contributor.id]:
                for each in found[i, owner]:
                    if pipelines is None or each.pipeline in pipelines:
                        by_day[each.day].append(each.measured)
        spans.append(
            Span(
                first,
                last,
                standings[i].target if i in places else None,
                pool(kpi.aggregate, ((row.slice.total, row.slice.records or 0) for row in rows)),
                {day: pool(kpi.aggregate, values) for day, values in by_day.items()},
            )
        )
    return burn_up(kpi, scale(kpi.unit, exponent(tx.account.currency)), spans, today)


def _measured_daily(tx: Tx, loaded: Goals, goal: Goal, rows: Sequence[ProgressRow]) -> list[Daily]:
    """What was measured on each day, by owner and pipeline, in one statement."""
    if not rows:
        return []
    kpi, kind = goal.kpi, tx.schema[goal.kpi.object]
    first, last = min(row.slice.first_day for row in rows), max(row.slice.last_day for row in rows)
    by_day = kind.properties[kpi.dated_by].type is PropertyType.DATE
    days = [date_of(first) + timedelta(days=i) for i in range(last - first + 2)]
    return goal_store.measure_daily(
        tx.connection,
        tx.compiler(kind),
        kpi,
        calculation.goal_filter(tx, kpi),
        owners={user for row in rows for user in loaded.counted[row.contributor.id]},
        first=first,
        last=last,
        borders=None if by_day else [start_of_day(day, tx.tz) for day in days],
        by_pipeline=any(row.slice.pipelines is not None for row in rows),
    )


# --- beside the goal


def _of_creator(tx: Tx, goal: Goal) -> tuple[int, int]:
    """How many user goals of the same creator are in progress, and how many are over with their target reached."""
    loaded = calculation.load(tx)
    rows = {
        i: row
        for i, row in loaded.contributors.items()
        if row.user is not None and loaded.goals[row.goal].creator == goal.creator and may(tx, "view", loaded, row)
    }
    decimals = exponent(tx.account.currency)
    standings: dict[int, list[Standing]] = defaultdict(list)
    for each in goal_store.load_slices(tx.connection, goal_store.of_contributors(list(rows))):
        if each.target is not None:
            kpi = loaded.goal_of(each).kpi
            value = actual(kpi.aggregate, scale(kpi.unit, decimals), each.total, each.records or 0)
            standings[each.contributor].append(
                Standing(each.start, each.end, value, in_units(each.target, kpi.unit, decimals))
            )
    statuses = [
        overall_status(loaded.goals[rows[i].goal].kpi, several, _until(tx, rows[i])) for i, several in standings.items()
    ]
    reached = sum(status in {Status.ACHIEVED, Status.EXCEEDED} for status in statuses)
    return statuses.count(Status.IN_PROGRESS), reached
