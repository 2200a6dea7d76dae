"""Taking an entry of the journal back, and again forward (UND-2, UND-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select

from cs_workspace.store.account import load_schema
from cs_workspace.store.assigned import date_back
from cs_workspace.store.in_use import GROUND, gone, in_use
from cs_workspace.store.journal import Journal, Kind, batches
from cs_workspace.store.lookups import by_key
from cs_workspace.store.merges import MERGED, merged_into
from cs_workspace.store.tables.registry import code_of, name_of
from cs_workspace.store.tables.system import changes, entries


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of the undo list."""

    id: int
    at: int
    user: int | None
    source: str
    label: str
    undone: bool
    changes: int = 0  # who follows the records from then on is no change of its own


@dataclass(frozen=True, slots=True)
class Left:
    """What an undo left alone: it was changed again since, something depends on it, or another record has the key."""

    object: str
    record: int
    property: str | None


def _undone() -> ColumnElement[bool]:
    """Taken back, and the taking back not itself taken back."""
    back, forth = entries.alias("back"), entries.alias("forth")
    taken_again = exists(select(forth.c.id).where(forth.c.undoes == back.c.id))
    return exists(select(back.c.id).where(back.c.undoes == entries.c.id, ~taken_again))


def _entries(user: int) -> Select[Any]:
    """The user's own entries, newest first, each with whether it is undone now."""
    e = entries.c
    of_records = func.nullif(func.sum(case((changes.c.object == code_of("follows"), 0), else_=1)), 0)
    count = select(func.coalesce(of_records, func.count())).where(changes.c.entry == e.id).scalar_subquery()
    return (
        select(e.id, e.at, e.user, e.source, e.label, _undone(), count)
        .where(e.user == user, e.undoes.is_(None), e.undoable == True)  # noqa: E712 - SQL
        .order_by(e.id.desc())
    )


def undo_list(connection: Connection, user: int, limit: int, before: int | None = None) -> list[EntryRow]:
    """The user's own entries, newest first; older ones than the entry `before`."""
    query = _entries(user).limit(limit)
    if before is not None:
        query = query.where(entries.c.id < before)
    return [EntryRow(*row) for row in connection.execute(query)]


def one_entry(connection: Connection, user: int, entry: int) -> EntryRow | None:
    """One of the user's own entries."""
    row = connection.execute(_entries(user).where(entries.c.id == entry)).first()
    return EntryRow(*row) if row else None


def next_undo(connection: Connection, user: int) -> EntryRow | None:
    """The newest entry of the user that is not undone."""
    row = connection.execute(_entries(user).where(~_undone()).limit(1)).first()
    return EntryRow(*row) if row else None


def _takings_back(user: int) -> Select[Any]:
    """What the user took back and has not taken forward since, newest first."""
    e, other = entries.c, entries.alias("other")
    taken_again = exists(select(other.c.id).where(other.c.undoes == e.id))
    of_entry = select(other.c.undoes).where(other.c.id == e.undoes).scalar_subquery()
    return (
        select(e.id, e.at, e.user, e.source, e.label)
        .where(e.user == user, e.undoes.is_not(None), ~taken_again, of_entry.is_(None))
        .order_by(e.id.desc())
        .limit(1)
    )


def next_redo(connection: Connection, user: int) -> EntryRow | None:
    """The taking back the user did last and has not taken forward since, unless something new was done after it."""
    done = entries.alias("done")
    latest_do = select(func.max(done.c.id)).where(done.c.user == user, done.c.undoes.is_(None)).scalar_subquery()
    row = connection.execute(_takings_back(user).where(entries.c.id > latest_do)).first()
    return EntryRow(row.id, row.at, row.user, row.source, row.label, undone=False) if row else None


def taking_back_of(connection: Connection, user: int, entry: int) -> EntryRow | None:
    """The taking back of one entry, if it is undone now."""
    row = connection.execute(_takings_back(user).where(entries.c.undoes == entry)).first()
    return EntryRow(row.id, row.at, row.user, row.source, row.label, undone=False) if row else None


def objects_of(journal: Journal, entry: int) -> set[str]:
    """The objects and tables an entry changed."""
    codes = journal.connection.scalars(select(changes.c.object).where(changes.c.entry == entry).distinct())
    return {_name(journal, code) for code in codes}


def records_of(journal: Journal, entry: int, name: str, kind: Kind | None = None) -> set[int]:
    """The records of an object or table that an entry changed, or to which it did one kind of thing."""
    c = changes.c
    query = select(c.record).where(c.entry == entry, c.object == journal.code(name)).distinct()
    if kind is not None:
        query = query.where(c.kind == str(kind))
    return set(journal.connection.scalars(query))


def records_with(journal: Journal, entry: int, name: str, prop: str) -> set[int]:
    """The records of an object or table of which an entry changed this property."""
    c = changes.c
    query = select(c.record).where(c.entry == entry, c.object == journal.code(name), c.property == prop)
    return set(journal.connection.scalars(query))


Values = dict[str, dict[int, dict[str, tuple[object, object]]]]  # by object, record and property: written, replaced
Lives = dict[tuple[str, str], list[int]]  # by object and kind of change


def take_back(journal: Journal, entry: int, author: int | None) -> list[Left]:
    """Give every change of an entry its old value back, newest first; what somebody changed since is left alone."""
    values, lives = _what_was_done(journal, entry)
    apart = _cannot_part(journal, lives, entry, author)
    if apart:
        return apart
    for name in GROUND:  # records cannot have their values back before their properties and stages
        if lives.get((name, Kind.DELETED)):
            journal.restore(name, lives.pop((name, Kind.DELETED)))
            journal.schema = load_schema(journal.connection)
    # Into the bin, then values, then out of it: a key is free before another record has it again.
    left = _unmake(journal, lives, entry, author, ground=False)
    for name, records in values.items():
        for batch in batches(records.items()):
            left += _take_values_back(journal, name, dict(batch))
    for (name, kind), ids in lives.items():
        if kind == Kind.DELETED:
            left += _restore(journal, name, ids)
        elif kind == Kind.MERGED:
            left += _part(journal, name, ids)
    return left + _unmake(journal, lives, entry, author, ground=True)


def _what_was_done(journal: Journal, entry: int) -> tuple[Values, Lives]:
    c = changes.c
    values: Values = defaultdict(dict)
    lives: Lives = defaultdict(list)
    names: dict[int, str] = {}
    rows = journal.connection.execute(
        select(c.object, c.record, c.kind, c.property, c.old, c.new).where(c.entry == entry).order_by(c.id.desc())
    )
    for row in rows:
        name = names.get(row.object) or names.setdefault(row.object, _name(journal, row.object))
        if row.kind == Kind.CHANGED:
            # Newest first: the value to find is the last one written, the value to give back the first one replaced.
            slot = values[name].setdefault(row.record, {})
            new = slot[row.property][0] if row.property in slot else _raw(row.new)
            slot[row.property] = (new, _raw(row.old))
        else:
            lives[name, row.kind].append(row.record)
    return values, lives


def _cannot_part(journal: Journal, lives: Lives, entry: int, author: int | None) -> list[Left]:
    """Of a merge, what keeps it from being taken back, or forward, as a whole.

    A former record that is gone for good cannot have back what was moved; one that somebody worked on since it came
    back is not merged again, nor into one that is no longer there itself.
    """
    left: list[Left] = []
    for (name, kind), ids in lives.items():
        if kind == Kind.MERGED:
            rows = journal.rows(name, ids)
            left += [Left(name, i, None) for i in ids if i not in rows]
        elif kind == Kind.RESTORED:
            into = _merged_before(journal, name, ids, entry)
            kept = _changed_by_others(journal.connection, journal, name, into, entry, author)
            alive = {i for i, row in journal.rows(name, into.values()).items() if row["deleted_at"] is None}
            left += [Left(name, i, None) for i, record in into.items() if i in kept or record not in alive]
    return left


def _unmake(journal: Journal, lives: Lives, entry: int, author: int | None, *, ground: bool) -> list[Left]:
    """Put what was made or taken out back into the bin: records, or the ground they stand on."""
    left: list[Left] = []
    for (name, kind), ids in lives.items():
        if kind in (Kind.CREATED, Kind.RESTORED) and (name in GROUND) is ground:
            left += _bin_again(journal, name, ids, entry, author)
    return left


def _bin_again(journal: Journal, name: str, ids: list[int], entry: int, author: int | None) -> list[Left]:
    """Put what was made or taken out back into the bin, merged records as merged ones.

    What others changed is left alone, and so is what records depend on or what has become part of another record.
    """
    rows = journal.rows(name, ids)
    parts = merged_into(journal.connection, journal.code(name), [i for i in ids if i in rows])
    ids = [i for i in ids if i in rows and rows[i]["deleted_at"] is None]
    kept = _changed_by_others(journal.connection, journal, name, ids, entry, author)
    kept |= in_use(journal.connection, journal.schema, name, ids) | parts.keys()
    ids = [i for i in ids if i not in kept]
    into = _merged_before(journal, name, ids, entry)
    for former, record in into.items():
        journal.merge(name, former, record)
    journal.delete(name, [i for i in ids if i not in into])
    return [Left(name, i, None) for i in kept]


def _merged_before(journal: Journal, name: str, ids: list[int], entry: int) -> dict[int, int]:
    """Of these records, those that were merged when they went into the bin last before an entry, and into which one."""
    c = changes.c
    into: dict[int, int] = {}
    for batch in batches(ids):
        binned = c.kind.in_((str(Kind.DELETED), str(Kind.MERGED)))
        last = (
            select(func.max(c.id))
            .where(c.object == journal.code(name), c.record.in_(batch), c.entry < entry, binned)
            .group_by(c.record)
        )
        merged = select(c.record, c.new).where(c.id.in_(last), c.kind == MERGED)
        into.update((record, new) for record, new in journal.connection.execute(merged))
    return into


def _part(journal: Journal, name: str, ids: list[int]) -> list[Left]:
    """Take merged records out of the bin, whatever happened: a key that another one has by now stays with it."""
    taken = list(_taken_keys(journal, name, journal.rows(name, ids)))
    without: dict[int, dict[str, object]] = defaultdict(dict)
    for record, key in taken:
        without[record][key] = None
    journal.update(name, without)
    journal.restore(name, ids)
    return [Left(name, record, key) for record, key in taken]


def _take_values_back(journal: Journal, name: str, records: dict[int, dict[str, tuple[object, object]]]) -> list[Left]:
    now = journal.rows(name, records)
    left: list[Left] = []
    give_back: dict[int, dict[str, object]] = {}
    for record, properties in records.items():
        for prop, (written, old) in properties.items():
            if record not in now or _raw(now[record].get(prop)) != written:
                left.append(Left(name, record, prop))
            else:
                give_back.setdefault(record, {})[prop] = old
    living = {i: values for i, values in give_back.items() if now[i]["deleted_at"] is None}
    kind = journal.schema.objects.get(name)
    for record, prop in (*_taken_keys(journal, name, living), *gone(journal.connection, kind, give_back)):
        left.append(Left(name, record, prop))
        del give_back[record][prop]
    journal.update(name, give_back)
    if kind is not None and "owner_assigned_at" in kind.properties:
        owned = [record for record, properties in give_back.items() if kind.owner in properties]
        if owned:
            date_back(journal.connection, kind, owned)
    return left


def _restore(journal: Journal, name: str, ids: list[int]) -> list[Left]:
    """Take records out of the bin, but none that is gone for good or whose place somebody else has taken."""
    rows = journal.rows(name, ids)
    taken = dict(_taken_keys(journal, name, rows))
    journal.restore(name, [i for i in ids if i in rows and i not in taken])
    return [Left(name, i, taken.get(i)) for i in ids if i not in rows or i in taken]


def _taken_keys(journal: Journal, name: str, values: Mapping[int, Mapping[str, object]]) -> Iterator[tuple[int, str]]:
    """Which of these values of unique keys another living record has by now."""
    kind = journal.schema.objects.get(name)
    for key in kind.unique_keys if kind else ():
        wanted = {str(value): i for i, each in values.items() if (value := each.get(key.name)) is not None}
        holders = by_key(journal.connection, kind, key.name, wanted) if kind else {}
        yield from ((wanted[text], key.name) for text, holder in holders.items() if holder != wanted[text])


def _changed_by_others(
    connection: Connection, journal: Journal, name: str, ids: Iterable[int], entry: int, author: int | None
) -> set[int]:
    """Records that others did something to after an entry, or merged another one into, and did not take back."""
    c = changes.c
    others = (
        or_(entries.c.user != author, entries.c.user.is_(None)) if author is not None else entries.c.id.is_not(None)
    )
    found: set[tuple[int, int, int | None]] = set()
    for batch in batches(ids):
        since = and_(c.object == journal.code(name), c.entry > entry, others)
        touched = select(c.record, c.entry, entries.c.undoes).where(c.record.in_(batch))
        merged = select(c.new, c.entry, entries.c.undoes).where(c.kind == MERGED, c.new.in_(batch))
        for query in (touched, merged):
            rows = connection.execute(query.join(entries, entries.c.id == c.entry).where(since).distinct())
            found.update((record, other, undoes) for record, other, undoes in rows)
    standing = _standing(connection, {other for _, other, _ in found})
    # A taking back within that time makes nothing new: with what it took back it comes to nothing.
    return {record for record, other, undoes in found if other in standing and (undoes is None or undoes <= entry)}


def _standing(connection: Connection, ids: set[int]) -> set[int]:
    """The entries that are not taken back, where a taking back may itself be taken back, and so on."""
    e = entries.c
    by: dict[int, list[int]] = defaultdict(list)
    newest = ids
    while newest:
        rows = [
            row
            for batch in batches(newest)
            for row in connection.execute(select(e.undoes, e.id).where(e.undoes.in_(batch)))
        ]
        for taken, taker in rows:
            by[taken].append(taker)
        newest = {taker for _, taker in rows}
    standing: set[int] = set()
    for each in sorted({*ids, *(taker for takers in by.values() for taker in takers)}, reverse=True):
        if not standing.intersection(by[each]):
            standing.add(each)
    return standing & ids


def _name(journal: Journal, code: int) -> str:
    name = name_of(code)
    return journal.schema.by_code(code).name if name == "custom_records" else name


def _raw(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
