"""Who follows which records (REC-5). A user and a record have one row for ever; in the bin it is no following."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from cs_workspace.store.journal import batches
from cs_workspace.store.tables.system import follows

f = follows.c


@dataclass(frozen=True, slots=True)
class Follow:
    """A row: whose it is, of which record, and whether it holds."""

    id: int
    user: int
    object: int
    record: int
    living: bool


_FIELDS = (f.id, f.user, f.object, f.record, f.deleted_at.is_(None))


def of_users(connection: Connection, users: Collection[int], object: int, records: Iterable[int]) -> list[Follow]:
    """The rows of some users for some records, those in the bin too."""
    found: list[Follow] = []
    for batch in batches(records):
        query = select(*_FIELDS).where(f.user.in_(users), f.object == object, f.record.in_(batch))
        found += (Follow(*row) for row in connection.execute(query))
    return found


def of_user(connection: Connection, user: int) -> list[Follow]:
    """Everything a user follows."""
    query = select(*_FIELDS).where(f.user == user, f.deleted_at.is_(None)).order_by(f.object, f.record)
    return [Follow(*row) for row in connection.execute(query)]


def followers(connection: Connection, object: int, record: int) -> list[int]:
    """Who follows a record."""
    query = select(f.user).where(f.object == object, f.record == record, f.deleted_at.is_(None)).order_by(f.user)
    return list(connection.scalars(query))


def is_any(connection: Connection) -> bool:
    """Whether anybody follows anything."""
    return connection.scalar(select(f.id).where(f.deleted_at.is_(None)).limit(1)) is not None
