"""Taking an entry of the journal back, and again forward (UND-2, UND-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from cs_workspace.store.account import load_schema
from cs_workspace.store.journal import Journal, Kind, batches
from cs_workspace.store.lookups import by_key
from cs_workspace.store.tables.registry import name_of
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
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """What an undo left alone because it was changed again since, or because another record has the key by now."""

    object: str
    record: int
    property: str | None


def _undone() -> ColumnElement[bool]:
    """Taken back, and the taking back not itself taken back."""
    back, forth = entries.alias("back"), entries.alias("forth")
    taken_again = exists(select(forth.c.id).where(forth.c.undoes == back.c.id))
    return exists(select(back.c.id).where(back.c.undoes == entries.c.id, ~taken_again))


def undo_list(connection: Connection, user: int, limit: int) -> list[EntryRow]:
    """The user's own entries, newest first, each with whether it is undone now."""
    e = entries.c
    count = select(func.count()).where(changes.c.entry == e.id).scalar_subquery()
    query: Select[Any] = (
        select(e.id, e.at, e.user, e.source, e.label, _undone(), count)
        .where(e.user == user, e.undoes.is_(None), e.undoable == True)  # noqa: E712 - SQL
        .order_by(e.id.desc())
        .limit(limit)
    )
    return [EntryRow(*row) for row in connection.execute(query)]


def next_undo(connection: Connection, user: int) -> EntryRow | None:
    """The newest entry of the user that is not undone."""
    return next((row for row in undo_list(connection, user, 1000) if not row.undone), None)


def next_redo(connection: Connection, user: int) -> EntryRow | None:
    """The taking back the user did last and has not taken forward since, unless something new was done after it."""
    e, undone = entries.c, entries.alias("undone")
    taken_again = exists(select(undone.c.id).where(undone.c.undoes == e.id))
    of_entry = select(undone.c.undoes).where(undone.c.id == e.undoes).scalar_subquery()
    latest_do = select(func.max(undone.c.id)).where(undone.c.user == user, undone.c.undoes.is_(None)).scalar_subquery()
    row = connection.execute(
        select(e.id, e.at, e.user, e.source, e.label)
        .where(e.user == user, e.undoes.is_not(None), ~taken_again, of_entry.is_(None), e.id > latest_do)
        .order_by(e.id.desc())
        .limit(1)
    ).first()
    return EntryRow(*row, undone=False) if row else None


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


def take_back(journal: Journal, entry: int, author: int | None) -> list[Left]:
    """Give every change of an entry its old value back, newest first; what somebody changed since is left alone."""
    connection, c = journal.connection, changes.c
    left: list[Left] = []
    rows = connection.execute(
        select(c.object, c.record, c.kind, c.property, c.old, c.new).where(c.entry == entry).order_by(c.id.desc())
    ).all()
    names = {code: _name(journal, code) for code in {row.object for row in rows}}
    lives: dict[tuple[str, str], list[int]] = defaultdict(list)
    values: dict[str, dict[int, dict[str, tuple[object, object]]]] = defaultdict(dict)
    for row in rows:
        if row.kind == Kind.CHANGED:
            # Newest first: the value to find is the last one written, the value to give back the first one replaced.
            slot = values[names[row.object]].setdefault(row.record, {})
            new = slot[row.property][0] if row.property in slot else _raw(row.new)
            slot[row.property] = (new, _raw(row.old))
        else:
            lives[names[row.object], row.kind].append(row.record)
    for name in ("objects", "properties"):  # records cannot have their values back before their properties
        if lives.get((name, Kind.DELETED)):
            journal.restore(name, lives.pop((name, Kind.DELETED)))
            journal.schema = load_schema(connection)
    for name, records in values.items():
        for batch in batches(records.items()):
            left += _take_values_back(journal, name, dict(batch))
    for (name, kind), ids in lives.items():
        if kind == Kind.DELETED:
            left += _restore(journal, name, ids)
        else:
            kept = _changed_by_others(connection, journal, name, ids, entry, author)
            left += [Left(name, i, None) for i in kept]
            journal.delete(name, [i for i in ids if i not in kept])
    return left


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
    for record, prop in _taken_keys(journal, name, living):
        left.append(Left(name, record, prop))
        del give_back[record][prop]
    journal.update(name, give_back)
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
    connection: Connection, journal: Journal, name: str, ids: list[int], entry: int, author: int | None
) -> set[int]:
    c = changes.c
    code = journal.code(name)
    others = (
        or_(entries.c.user != author, entries.c.user.is_(None)) if author is not None else entries.c.id.is_not(None)
    )
    kept: set[int] = set()
    for batch in batches(ids):
        kept.update(
            connection.scalars(
                select(c.record)
                .join(entries, entries.c.id == c.entry)
                .where(c.object == code, c.record.in_(batch), and_(c.entry > entry, others))
                .distinct()
            )
        )
    return kept


def _name(journal: Journal, code: int) -> str:
    name = name_of(code)
    return journal.schema.by_code(code).name if name == "custom_records" else name


def _raw(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
