"""Notices of followed records: what others did that the journal knows, once for each user, entry and record (REC-5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, or_, select, tuple_

from cs_workspace.domain.record_news import PLACE, News
from cs_workspace.store.journal import Kind, batches
from cs_workspace.store.tables.goals import notices
from cs_workspace.store.tables.records import associations
from cs_workspace.store.tables.registry import code_of
from cs_workspace.store.tables.system import changes, entries, follows

LINKS = ("companies", "contacts", "deals", "tickets", "services")  # the properties that say what a record belongs to
MASS = 1_000  # changes in one entry: an import or a sweep, of which nobody is told record by record

BELONGS = ("deals", "tickets", "services", "subscriptions", "tasks")  # of which one is told that they were added

n, c, e, f, a = notices.c, changes.c, entries.c, follows.c, associations.c
Told = tuple[int, int, int, int]  # user, entry, object, record
Relations = Mapping[tuple[int, str], int]  # by object and property that holds related records: their object
_OF_KIND = {Kind.CHANGED: News.CHANGED, Kind.DELETED: News.DELETED, Kind.MERGED: News.MERGED}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a user was told of a record."""

    id: int
    event: str
    at: int
    read_at: int | None
    object: int
    record: int
    entry: int
    author: int | None


def due(
    connection: Connection,
    position: int,
    since: int,
    owners: Collection[str],
    activities: Collection[int],
    relations: Relations,
) -> dict[Told, News]:
    """What followers are to be told of, from the journal after a position, of entries not before an instant.

    Nobody is told of their own doing, nor of what was done before they followed. `owners` are the properties that say
    whose a record is, `activities` the objects that are things done with somebody.
    """
    mass = select(c.entry).where(c.id > position).group_by(c.entry).having(func.count() > MASS)
    again = changes.alias("again")
    began = (
        select(again.c.id)
        .where(again.c.object == code_of("follows"), again.c.record == f.id, again.c.entry > c.entry)
        .where(again.c.kind.in_((str(Kind.CREATED), str(Kind.RESTORED))))
    )
    fresh = and_(c.id > position, e.at >= since, e.user != f.user, f.deleted_at.is_(None), c.entry.not_in(mass))
    found: dict[Told, News] = {}

    def note(told: Told, news: News) -> None:
        if told not in found or PLACE[news] < PLACE[found[told]]:
            found[told] = news

    direct = (
        select(f.user, c.entry, c.object, c.record, c.kind, c.property, c.new)
        .select_from(changes.join(entries, e.id == c.entry))
        .join(follows, and_(f.object == c.object, f.record == c.record))
        .where(fresh, ~exists(began), c.kind != str(Kind.CREATED), _is_said())
    )
    for user, entry, code, record, kind, prop, new in connection.execute(direct):
        mine = prop in owners and new == user
        news = News.ASSIGNED if mine else _OF_KIND.get(Kind(kind), News.RESTORED)
        note((user, entry, code, record), news)
    around = (
        select(f.user, c.entry, f.object, f.record, c.object)
        .select_from(changes.join(entries, e.id == c.entry))
        .join(associations, and_(a.from_object == c.object, a.from_id == c.record))
        .join(follows, and_(f.object == a.to_object, f.record == a.to_id))
        .where(fresh, ~exists(began), c.kind == str(Kind.CREATED), c.object.in_(activities) | _belongs())
        .where(~_moved_since())
    )
    for user, entry, code, record, what in connection.execute(around):
        note((user, entry, code, record), News.ACTIVITY if what in activities else News.ADDED)
    for told, what in _linked(connection, mass, position, since, relations):
        note(told, News.ACTIVITY if what in activities else News.ADDED)
    return found


def _linked(
    connection: Connection, mass: Select[Any], position: int, since: int, relations: Relations
) -> Iterator[tuple[Told, int]]:
    """Who is told that something there already came to belong to a followed record, and what; not by merging."""
    whole = changes.alias("whole")
    merging = exists(select(whole.c.id).where(whole.c.entry == c.entry, whole.c.kind == str(Kind.MERGED)))
    query = (
        select(c.entry, e.user, c.object, c.property, c.old, c.new)
        .join(entries, e.id == c.entry)
        .where(c.id > position, e.at >= since, c.entry.not_in(mass), c.kind == str(Kind.CHANGED), ~merging)
        .where(c.property.in_({prop for _, prop in relations}), c.object.in_({code for code, _ in relations}))
    )
    added: dict[tuple[int, int], set[tuple[int, int | None, int]]] = defaultdict(set)
    for entry, author, code, prop, old, new in connection.execute(query):
        target = relations.get((code, prop))
        if target is not None:
            for record in set(new or ()) - set(old or ()):
                added[target, record].add((entry, author, code))
    began = func.max(changes.c.entry)
    for some in batches(sorted(added), 300):
        following = (
            select(f.user, f.object, f.record, began)
            .join(changes, and_(c.object == code_of("follows"), c.record == f.id))
            .where(tuple_(f.object, f.record).in_(some), f.deleted_at.is_(None))
            .where(c.kind.in_((str(Kind.CREATED), str(Kind.RESTORED))))
            .group_by(f.user, f.object, f.record)
        )
        for user, target, record, start in connection.execute(following):
            for entry, author, code in added[target, record]:
                if entry >= start and author is not None and author != user:
                    yield (user, entry, target, record), code


def _is_said() -> ColumnElement[bool]:
    """Not what merely keeps count of something that is told anyway."""
    return or_(c.property.is_(None), c.property != "last_activity_at")


def _belongs() -> ColumnElement[bool]:
    return c.object.in_([code_of(name) for name in BELONGS])


def _moved_since() -> ColumnElement[bool]:
    """Whether what belongs to the record was made to belong to it later than it was made."""
    later = changes.alias("later")
    linked = later.c.property.in_(LINKS)
    return exists(select(later.c.id).where(later.c.object == c.object, later.c.record == c.record, linked))


def tell(connection: Connection, wanted: dict[Told, News], at: int) -> int:
    """Note what users have not been told yet; how many notices that makes."""
    fresh: list[Told] = []
    for some in batches(sorted(wanted), 300):
        query = select(n.user, n.entry, n.object, n.record).where(tuple_(n.user, n.entry, n.object, n.record).in_(some))
        known = {tuple(row) for row in connection.execute(query)}
        fresh += [each for each in some if each not in known]
    first = (connection.scalar(select(func.max(n.id))) or 0) + 1
    rows = [
        {"id": i, "user": user, "entry": entry, "object": code, "record": record, "at": at, "event": str(news)}
        for i, ((user, entry, code, record), news) in enumerate(((each, wanted[each]) for each in fresh), first)
    ]
    for batch in batches(rows):
        connection.execute(insert(notices), batch)
    return len(rows)


def load(
    connection: Connection, user: int, objects: Collection[int], *, unread: bool, after: int, limit: int
) -> list[Notice]:
    """What a user was told of records of some objects, newest first."""
    query: Select[Any] = (
        select(n.id, n.event, n.at, n.read_at, n.object, n.record, n.entry, e.user)
        .join(entries, e.id == n.entry)
        .where(n.user == user, n.object.in_(objects), n.id > after, *((n.read_at.is_(None),) if unread else ()))
        .order_by(n.at.desc(), n.id.desc())
        .limit(limit)
    )
    return [Notice(*row) for row in connection.execute(query)]


def count_unread(connection: Connection, user: int, objects: Collection[int]) -> int:
    """How many of them a user has not read."""
    query = select(func.count()).where(n.user == user, n.object.in_(objects), n.read_at.is_(None))
    return connection.scalar(query) or 0


def said(connection: Connection, told: Iterable[Notice]) -> dict[tuple[int, int, int], list[str]]:
    """The properties that entries changed, by entry, object and record."""
    wanted = {(each.entry, each.object, each.record) for each in told if each.event == News.CHANGED}
    found: dict[tuple[int, int, int], list[str]] = defaultdict(list)
    for some in batches(sorted(wanted), 300):
        query = select(c.entry, c.object, c.record, c.property).where(
            tuple_(c.entry, c.object, c.record).in_(some), c.property.is_not(None), _is_said()
        )
        for entry, code, record, prop in connection.execute(query.order_by(c.id)):
            found[entry, code, record].append(prop)
    return found


def made(connection: Connection, told: Iterable[Notice]) -> dict[int, list[int]]:
    """The objects of the records that entries made, or made to belong elsewhere, by entry."""
    ids = {each.entry for each in told if each.event in (News.ACTIVITY, News.ADDED)}
    found: dict[int, list[int]] = defaultdict(list)
    for some in batches(sorted(ids)):
        came = or_(c.kind == str(Kind.CREATED), c.property.in_(LINKS))
        query = select(c.entry, c.object).where(c.entry.in_(some), came).distinct()
        for entry, code in connection.execute(query.order_by(c.object)):
            found[entry].append(code)
    return found
