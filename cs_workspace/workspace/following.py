"""Beginning and ending to follow records within an action (REC-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store import follows as follow_store
from cs_workspace.workspace.door import Tx

# Tasks and activities are what one hears of; people are not followed.
NOT_FOLLOWED = frozenset({"users", "teams", "tasks", "calls", "emails", "meetings", "notes", "activities"})


def can_follow(kind: ObjectType) -> bool:
    """Whether records of this object are followed at all."""
    return kind.name not in NOT_FOLLOWED


def follow_owners(tx: Tx, kind: ObjectType, owners: Mapping[int, int | None]) -> None:
    """Let those who were given records follow them, as far as they are active."""
    active = {person.id for person in tx.directory.people.values() if person.active}
    if can_follow(kind):
        begin(tx, kind, ((owner, record) for record, owner in owners.items() if owner is not None and owner in active))


def begin(tx: Tx, kind: ObjectType, pairs: Iterable[tuple[int, int]]) -> int:
    """Let users follow records, one pair after another; how many that was new to."""
    wanted = set(pairs)
    if not wanted:
        return 0
    users, records = ({pair[side] for pair in wanted} for side in (0, 1))
    rows = follow_store.of_users(tx.connection, users, kind.code, records)
    known = {(row.user, row.record): row for row in rows if (row.user, row.record) in wanted}
    back = [row.id for row in known.values() if not row.living]
    fresh = sorted(wanted - known.keys())
    if back:
        tx.journal.restore("follows", back)
    if fresh:
        tx.journal.create("follows", [{"user": u, "object": kind.code, "record": record} for u, record in fresh])
    return len(back) + len(fresh)


def end(tx: Tx, kind: ObjectType, user: int, records: list[int]) -> int:
    """Let a user follow records no longer; how many it followed."""
    rows = follow_store.of_users(tx.connection, {user}, kind.code, records)
    return len(tx.journal.delete("follows", [row.id for row in rows if row.living]))
