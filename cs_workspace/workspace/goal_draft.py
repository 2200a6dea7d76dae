"""What is asked for when a goal is made, and how it is understood: KPI, rows, periods, pipelines, targets (GOL-4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cs_workspace.domain.errors import Invalid, Refused, WorkspaceError
from cs_workspace.domain.goals import forecast
from cs_workspace.domain.goals.model import Aggregate, Direction, Duration, Kpi, Unit
from cs_workspace.domain.goals.notices import Event
from cs_workspace.domain.goals.slices import Slice, custom_slice, find_slice, slices
from cs_workspace.domain.goals.targets import parse_target
from cs_workspace.domain.goals.teams import carrier_teams, main_members
from cs_workspace.domain.goals.templates import CUSTOM, MAX_CUSTOM_GOALS, custom_kpi, find_template
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import assignment_refusal
from cs_workspace.domain.query.folding import fold, squash
from cs_workspace.store import goals as goal_store
from cs_workspace.workspace import calculation
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.goals import row_names

EVENTS = tuple(Event)
NOBODY = "none"  # in place of a team: the user does not take part


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
    carriers: Mapping[str, str] = field(default_factory=dict)  # user: the team, or "none" (GOL-11)
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
    cell_pipelines: Sequence[tuple[str, str, Sequence[str]]] = ()  # (contributor, slice label or "all", names)
    notify: Sequence[str] = ()
    cell_notify: Sequence[tuple[str, str, Sequence[str]]] = ()  # (contributor, slice label or "all", events)
    custom: CustomKpi | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A contributor row to be made: a user, perhaps carried for a team, or a team."""

    user: int | None
    team: int | None
    include_others: bool = False
    whole_team: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A user of several chosen teams: one has to be named, for which they carry the goal (GOL-11)."""

    login: str
    name: str
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows in the order of the grid as far as they are clear, and what stands against them."""

    rows: tuple[Row, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[WorkspaceError, ...] = ()


def name_of(new: NewGoal) -> str:
    """The goal's name. Raises Invalid."""
    if not new.name.strip():
        raise Invalid("name", "is empty")
    if len(new.name) > 200:
        raise Invalid("name", "is longer than 200 characters")
    return new.name.strip()


def events_of(names: Collection[str]) -> list[Event]:
    """Events by their names, in the order of a checklist. Raises Invalid for one there is not (GOL-31)."""
    for name in names:
        if name not in EVENTS:
            raise Invalid("notify", f"{name!r} is not an event", nearest(name, EVENTS))
    return [event for event in EVENTS if event in names]


def kpi_of(tx: Tx, new: NewGoal) -> Kpi:
    """What the goal measures. Raises Invalid."""
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


# --- periods


def is_aligned(new: NewGoal) -> bool:
    """Whether the goal's year is the fiscal year (GOL-17, GOL-20)."""
    return new.duration != Duration.CUSTOM and (new.fiscal or forecast.always_fiscal(new.template))


def periods_of(tx: Tx, new: NewGoal) -> tuple[Slice, ...]:
    """The goal's periods in order (GOL-16 to GOL-20). Raises Invalid."""
    try:
        duration = Duration(new.duration)
    except ValueError:
        raise Invalid(
            "duration", f"{new.duration!r} is not a duration", nearest(new.duration, list(Duration))
        ) from None
    if duration is Duration.CUSTOM:
        if new.start is None or new.end is None:
            raise Invalid("duration", "a custom goal period needs a start and an end date")
        if new.fiscal:
            raise Invalid("fiscal", "a custom period has no fiscal year")
        return (custom_slice(new.start, new.end, tx.tz),)
    if new.year is None:
        raise Invalid("year", f"a {duration} goal needs a year")
    if new.start is not None or new.end is not None:
        raise Invalid(
            "start", "goes with a custom period only", "Leave out --duration, or leave out --start and --end."
        )
    return slices(
        duration,
        new.year,
        fiscal_start=tx.account.fiscal_start,
        aligned=is_aligned(new),
        week_start=tx.account.week_start,
        tz=tx.tz,
    )


def years_later(day: date, years: int) -> date:
    """The same day of another year; the last of February stays in February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# --- contributors


def roster_of(tx: Tx, new: NewGoal) -> Roster:
    """Contributor rows: each team followed by the users it carries (GOL-9 to GOL-11)."""
    try:
        users = [_user(tx, login) for login in dict.fromkeys(new.users)]
        teams = [_team(tx, name) for name in dict.fromkeys(new.teams)]
        carriers = {_user(tx, login): _carrier(tx, name, teams) for login, name in new.carriers.items()}
        if not users and not teams:
            raise Invalid("user", "a goal needs at least one user or team")
        if not teams and (new.include_others or new.whole_team):
            raise Invalid("include-others", "goes with a team only")
        if new.whole_team and users:
            raise Invalid("whole-team", "a goal on the team as a whole has no user rows", "Leave out --user.")
    except WorkspaceError as error:
        return Roster(problems=(error,))
    if not teams:
        return _refused(tx, new, Roster(tuple(Row(user, None) for user in users)))
    if new.whole_team:
        return Roster(tuple(Row(None, team, new.include_others, True) for team in teams))
    return _refused(tx, new, _with_members(tx, new, users, teams, carriers))


def _with_members(
    tx: Tx, new: NewGoal, users: Sequence[int], teams: Sequence[int], carriers: Mapping[int, int | None]
) -> Roster:
    everybody, memberships = tuple(tx.directory.teams.values()), tx.directory.memberships
    carried: dict[int, list[int]] = {team: [] for team in teams}
    questions: list[Question] = []
    problems: list[WorkspaceError] = []
    for user in users or _members(tx, teams):
        may = carrier_teams(user, teams, everybody, memberships)
        person = tx.directory.people[user]
        names = tuple(tx.directory.teams[team].name for team in may)
        if user in carriers and carriers[user] is None:
            continue
        answer = carriers.get(user, may[0] if len(may) == 1 else None)
        if not may:
            problems.append(Invalid("user", f"{person.name} is in none of the teams", "Leave them out or add a team."))
        elif answer is None:
            questions.append(Question(person.login, person.name, names))
        elif answer not in may:
            why = f"{person.name} cannot carry the goal for {tx.directory.teams[answer].name}"
            problems.append(Invalid("carrier", why, f"Possible: {', '.join(names)}."))
        else:
            carried[answer].append(user)
    rows: list[Row] = []
    for team, members in carried.items():
        rows += (Row(None, team, new.include_others), *(Row(user, team) for user in members))
    return Roster(tuple(rows), tuple(questions), tuple(problems))


def _members(tx: Tx, teams: Collection[int]) -> list[int]:
    """Main members of the teams, and extra members of several of them, who have to be asked about (GOL-11)."""
    everybody, memberships = tuple(tx.directory.teams.values()), tx.directory.memberships
    active = {p.id for p in tx.directory.people.values() if p.active}
    found = {u for t in teams for u in main_members(t, everybody, memberships, active)}
    found |= {
        user
        for user in {m.user_id for m in memberships if not m.main} & active
        if len(carrier_teams(user, teams, everybody, memberships)) > 1
    }
    return sorted(found, key=lambda u: fold(tx.directory.people[u].name))


def _refused(tx: Tx, new: NewGoal, roster: Roster) -> Roster:
    """With the reason why some of its users may not be given the goal (PER-9)."""
    people = tx.directory.people
    reasons = [
        reason
        for row in roster.rows
        if row.user is not None and (reason := assignment_refusal(people[row.user], new.template))
    ]
    if not reasons:
        return roster
    hint = "Give them the seat, or leave them out."
    refused = Refused("; ".join(reasons) + ".", hint)
    return Roster(roster.rows, roster.questions, (*roster.problems, refused))


def check(roster: Roster) -> tuple[Row, ...]:
    """The rows. Raises Invalid where something is still to be answered, or what else stands against them."""
    for each in roster.questions:
        some = " or ".join(each.teams)
        raise Invalid(
            "user",
            f"{each.name} may carry the goal for one team only: {some}",
            f"Say which with --carrier {each.login}=TEAM, or {each.login}={NOBODY}.",
        )
    for problem in roster.problems:
        raise problem
    return roster.rows


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


def _carrier(tx: Tx, name: str, teams: Collection[int]) -> int | None:
    if squash(name) == NOBODY:
        return None
    team = _team(tx, name)
    if team not in teams:
        raise Invalid("carrier", f"{tx.directory.teams[team].name} is not one of the goal's teams")
    return team


# --- cells


def target_steps(tx: Tx, kpi: Kpi, text: str) -> int | None:
    """A written target in small steps; blank is none, plain digits of a duration are seconds as they are printed."""
    text = text.strip()
    if not text or text == "none":
        return None
    if kpi.unit is Unit.DURATION and text.isascii() and text.isdigit():
        text = f"{text}s"
    return parse_target(text, kpi.unit, tx.account.currency, whole=kpi.aggregate is Aggregate.COUNT)


def targets_of(
    tx: Tx, kpi: Kpi, new: NewGoal, rows: Sequence[Row], periods: Sequence[Slice]
) -> dict[tuple[int, int], int | None]:
    """The targets by row and period in small steps. Raises Invalid, naming the line of a file."""
    found: dict[tuple[int, int], int | None] = {}
    if new.target is not None:
        steps = target_steps(tx, kpi, new.target)
        found = {(row, each.index): steps for row in range(len(rows)) for each in periods}
    names = _row_numbers(tx, rows) if new.targets else {}
    for line, (contributor, label, value) in enumerate(new.targets, 2):
        row = names.get(squash(contributor))
        if row is None:
            raise Invalid(f"targets, line {line}", f"{contributor!r} has no row on the goal")
        steps = target_steps(tx, kpi, value)
        found.update({(row, each.index): steps for each in _periods_called(periods, label)})
    return found


def pipelines_of(
    tx: Tx, kpi: Kpi, new: NewGoal, rows: Sequence[Row], periods: Sequence[Slice]
) -> dict[tuple[int, int], tuple[int, ...]]:
    """The pipelines by row and period; what is left out counts all of them (GOL-21). Raises Invalid."""
    everywhere = _pipeline_ids(tx, kpi, new.pipelines)
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    if everywhere is not None:
        found = {(row, each.index): everywhere for row in range(len(rows)) for each in periods}
    for place, some in _cells_called(tx, "pipelines", new.cell_pipelines, rows, periods):
        ids = _pipeline_ids(tx, kpi, some)
        if ids is None:
            found.pop(place, None)
        else:
            found[place] = ids
    return found


def notify_of(
    tx: Tx, new: NewGoal, rows: Sequence[Row], periods: Sequence[Slice]
) -> dict[tuple[int, int], list[Event]]:
    """What differs from the goal's choice of notifications, by row and period (GOL-30). Raises Invalid."""
    return {place: events_of(some) for place, some in _cells_called(tx, "notify", new.cell_notify, rows, periods)}


def _cells_called(
    tx: Tx,
    what: str,
    cells: Sequence[tuple[str, str, Sequence[str]]],
    rows: Sequence[Row],
    periods: Sequence[Slice],
) -> Iterator[tuple[tuple[int, int], Sequence[str]]]:
    """What was asked for cells by contributor and label, by row and period. Raises Invalid."""
    names = _row_numbers(tx, rows) if cells else {}
    for contributor, label, some in cells:
        row = names.get(squash(contributor))
        if row is None:
            raise Invalid(what, f"{contributor!r} has no row on the goal")
        yield from (((row, each.index), some) for each in _periods_called(periods, label))


def _row_numbers(tx: Tx, rows: Sequence[Row]) -> dict[str, int]:
    return {
        name: number for number, row in enumerate(rows) for name in row_names(tx, {"user": row.user, "team": row.team})
    }


def _periods_called(periods: Sequence[Slice], label: str) -> Sequence[Slice]:
    return periods if squash(label) == "all" else (find_slice(periods, label),)


def _pipeline_ids(tx: Tx, kpi: Kpi, asked: Sequence[str]) -> tuple[int, ...] | None:
    names = [name for name in asked if squash(name) != "all"]
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
