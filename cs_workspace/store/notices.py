"""What users were told (GOL-31, REC-5), and which slices may call for telling them more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, insert, or_, select, true, update

from cs_workspace.domain.clock import SECOND
from cs_workspace.domain.goals.notices import WEEK, Event
from cs_workspace.store.journal import Kind, batches
from cs_workspace.store.tables.goals import contributors, goals, notices, slices
from cs_workspace.store.tables.registry import code_of
from cs_workspace.store.tables.system import changes, entries

# Values are dated by the clock of whoever calculated them; clocks of two machines may differ by so much.
MARGIN = 60 * SECOND

Told = tuple[int, int, str]  # user, slice, event
_PLACE: Mapping[str, int] = {event: place for place, event in enumerate(Event)}

n, s, c, g = notices.c, slices.c, contributors.c, goals.c
_LIVING = (s.deleted_at.is_(None), c.deleted_at.is_(None), g.deleted_at.is_(None))
_JOINED = slices.join(contributors, c.id == s.contributor).join(goals, g.id == c.goal)
_FIELDS = (
    s.id,
    s.label,
    s.start,
    s.end,
    s.target,
    s.total,
    s.records,
    c.user,
    c.team,
    g.id.label("goal"),
    g.name,
    g.kpi,
    func.coalesce(s.notify, g.notify).label("notify"),
    g.created_at,
)


@dataclass(frozen=True, slots=True)
class Since:
    """How far was looked before: the newest change of the journal, and the instant; or that nobody ever looked."""

    position: int
    at: int
    first: bool = False

    @property
    def not_past(self) -> ColumnElement[bool]:
        """Changes of slices that were over long ago are news, but not to somebody who looks for the first time."""
        return s.end > self.at if self.first else true()


@dataclass(frozen=True, slots=True)
class Milestone:
    """A slice with what telling of it needs."""

    id: int
    label: str
    start: int
    end: int
    target: int | None
    total: int | None
    records: int | None
    user: int | None
    team: int | None
    goal: int
    name: str
    kpi: Mapping[str, str]
    notify: Sequence[str]
    created_at: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a user was told, with the milestone as it is now."""

    id: int
    event: str
    at: int
    read_at: int | None
    milestone: Milestone


def _touched(name: str, since: Since, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The rows of a table that the journal has changes of."""
    return select(changes.c.record).where(changes.c.id > since.position, changes.c.object == code_of(name), *conditions)


def _passed(since: Since, now: int) -> ColumnElement[bool]:
    """Slices that began or ended in the meantime, or of which seven days were left."""
    return or_(
        and_(s.start > since.at, s.start <= now),
        and_(s.end > since.at, s.end <= now),
        and_(s.end > since.at + WEEK, s.end <= now + WEEK),
    )


def border_passed(connection: Connection, since: Since, now: int) -> bool:
    """Whether time alone may call for telling somebody."""
    if now <= since.at:
        return False
    first = select(s.id).where(s.deleted_at.is_(None), _passed(since, now)).limit(1)
    return connection.scalar(first) is not None


def goals_moved(connection: Connection, since: Since) -> bool:
    """Whether the journal has changes of goals, their rows or slices, or of who is told of them."""
    names = ("goals", "contributors", "slices", "users", "teams")
    first = (
        select(changes.c.id)
        .where(changes.c.id > since.position, changes.c.object.in_([code_of(name) for name in names]))
        .limit(1)
    )
    return connection.scalar(first) is not None


def people_moved(connection: Connection, since: Since) -> bool:
    """Whether somebody came, went, or changed teams, so that others are to be told of the same slices."""
    of_user = or_(changes.c.property.in_(("active", "teams")), changes.c.property.is_(None))
    moved = or_(exists(_touched("teams", since)), exists(_touched("users", since, of_user)))
    return bool(connection.scalar(select(moved)))


def in_question(connection: Connection, since: Since, now: int, *, every: bool = False) -> list[Milestone]:
    """Living slices that have begun and whose value, target, goal or place in time has moved since.

    `every` takes all that have not been over when they were looked at last.
    """
    moved = or_(
        s.calculated_at >= min(since.at, now) - MARGIN,
        c.id.in_(_touched("contributors", since)),
        g.id.in_(_touched("goals", since)),
        s.id.in_(_touched("slices", since, changes.c.property == "notify")),
        _passed(since, now),
    )
    # Another choice of events is no news of what was over when it was made.
    other = or_(changes.c.property != "notify", changes.c.property.is_(None))
    changed = and_(s.id.in_(_touched("slices", since, changes.c.kind != str(Kind.CREATED), other)), since.not_past)
    open_then = and_(s.end > since.at, true() if every else moved)
    return _milestones(connection, s.start <= now, or_(changed, open_then))


def changed_targets(connection: Connection, since: Since) -> list[tuple[Milestone, frozenset[int | None]]]:
    """Living slices that were given another target, and by whom."""
    wanted = (changes.c.kind == str(Kind.CHANGED), changes.c.property == "target")
    authors = _authors(connection, "slices", since, *wanted)
    found = _milestones(connection, s.id.in_(_touched("slices", since, *wanted)), since.not_past)
    return [(each, authors[each.id]) for each in found]


def assigned(connection: Connection, since: Since) -> list[tuple[Milestone, frozenset[int | None]]]:
    """The first slice of each row that was added, or came back, to a goal that is not over; and by whom."""
    wanted = (changes.c.kind.in_((str(Kind.CREATED), str(Kind.RESTORED))),)
    own = slices.alias("own")
    living = (own.c.contributor == c.id, own.c.deleted_at.is_(None))
    first = select(func.min(own.c.position)).where(*living).correlate(contributors).scalar_subquery()
    last = select(func.max(own.c.end)).where(*living).correlate(contributors).scalar_subquery()
    authors = _authors(connection, "contributors", since, *wanted)
    rows = c.id.in_(_touched("contributors", since, *wanted))
    of_slice = select(s.id, s.contributor).select_from(_JOINED).where(*_LIVING, rows, s.position == first)
    row_of = dict(connection.execute(of_slice).all())
    found = _milestones(connection, rows, s.position == first, last > since.at)
    return [(each, authors[row_of[each.id]]) for each in found]


def _authors(
    connection: Connection, name: str, since: Since, *conditions: ColumnElement[bool]
) -> dict[int, frozenset[int | None]]:
    query = (
        select(changes.c.record, entries.c.user)
        .join(entries, entries.c.id == changes.c.entry)
        .where(changes.c.id > since.position, changes.c.object == code_of(name), *conditions)
        .distinct()
    )
    found: dict[int, set[int | None]] = defaultdict(set)
    for record, user in connection.execute(query):
        found[record].add(user)
    return {record: frozenset(users) for record, users in found.items()}


def _milestones(connection: Connection, *conditions: ColumnElement[bool]) -> list[Milestone]:
    query: Select[Any] = select(*_FIELDS).select_from(_JOINED).where(*_LIVING, *conditions)
    query = query.order_by(s.contributor, s.position)
    return [Milestone(*row) for row in connection.execute(query)]


def tell(connection: Connection, wanted: Iterable[Told], at: int) -> int:
    """Note what users are told and have not been told yet; how many notices that makes."""
    fresh: set[Told] = set()
    for some in batches(sorted(set(wanted))):
        users, ids, _ = map(set, zip(*some, strict=True))
        query = select(n.user, n.slice, n.event).where(n.user.in_(users), n.slice.in_(ids))
        fresh |= set(some) - {(row.user, row.slice, row.event) for row in connection.execute(query)}
    first = (connection.scalar(select(func.max(n.id))) or 0) + 1
    rows = [
        {"id": number, "user": user, "slice": slice_id, "event": event, "at": at}
        for number, (user, slice_id, event) in enumerate(sorted(fresh, key=_in_order), first)
    ]
    for batch in batches(rows):
        connection.execute(insert(notices), batch)
    return len(rows)


def _in_order(told: Told) -> tuple[int, int, int]:
    user, slice_id, event = told
    return user, slice_id, _PLACE[event]


def _own(user: int, *, unread: bool) -> Sequence[ColumnElement[bool]]:
    return (n.user == user, *_LIVING, *((n.read_at.is_(None),) if unread else ()))


def load(connection: Connection, user: int, *, unread: bool, after: int, limit: int) -> list[Notice]:
    """What a user was told, newest first: `after` a notice, at most so many."""
    query: Select[Any] = (
        select(n.id, n.event, n.at, n.read_at, *_FIELDS)
        .select_from(notices.join(_JOINED, s.id == n.slice))
        .where(*_own(user, unread=unread), n.id > after)
        .order_by(n.at.desc(), n.id.desc())
        .limit(limit)
    )
    return [Notice(i, event, at, read, Milestone(*of)) for i, event, at, read, *of in connection.execute(query)]


def count_unread(connection: Connection, user: int) -> int:
    """How many notices of living milestones a user has not read."""
    query = select(func.count()).select_from(notices.join(_JOINED, s.id == n.slice))
    return connection.scalar(query.where(*_own(user, unread=True))) or 0


def purge(connection: Connection, before: int) -> int:
    """Remove what users were told before an instant; of a milestone that was not over by then it is still needed."""
    over = select(s.id).where(s.end < before)
    gone = delete(notices).where(n.at < before, or_(n.slice.is_(None), n.slice.in_(over)))
    return connection.execute(gone).rowcount


def newest(connection: Connection, user: int) -> int:
    """The last notice of a user; 0 where there is none."""
    return connection.scalar(select(func.max(n.id)).where(n.user == user)) or 0


def set_read(connection: Connection, user: int, ids: Collection[int] | None, at: int | None) -> int:
    """Mark notices of a user, or all, as read at an instant, or as not read; how many that changed."""
    other = n.read_at.is_not(None) if at is None else n.read_at.is_(None)
    statement = update(notices).where(n.user == user, other).values(read_at=at)
    if ids is None:
        return connection.execute(statement).rowcount
    return sum(connection.execute(statement.where(n.id.in_(batch))).rowcount for batch in batches(ids))
