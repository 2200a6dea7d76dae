"""Following records: who hears of what others do with them (REC-5)."""

from __future__ import annotations

from dataclasses import dataclass

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.selection import Selection
from cs_workspace.store import follows as follow_store
from cs_workspace.store import lookups
from cs_workspace.workspace import following
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.records import check_may, kind_of, may_see
from cs_workspace.workspace.selections import resolve


@dataclass(frozen=True, slots=True)
class Followed:
    """A record the acting user follows."""

    object: str
    id: int
    title: str


@writes(Permission.WORKSPACE, "follow records")
def follow(tx: Tx, selection: Selection) -> int:
    """Follow records; how many are new to that. Raises Invalid, Refused, NotFound."""
    kind, ids = _meant(tx, selection)
    tx.describe(f"follow {_what(tx, kind, ids)}")
    return following.begin(tx, kind, ((tx.actor.id, record) for record in ids))


@writes(Permission.WORKSPACE, "follow records no longer")
def unfollow(tx: Tx, selection: Selection) -> int:
    """Follow records no longer; how many were followed. Raises Invalid, Refused, NotFound."""
    kind, ids = _meant(tx, selection)
    tx.describe(f"unfollow {_what(tx, kind, ids)}")
    return following.end(tx, kind, tx.actor.id, ids)


@writes(Permission.WORKSPACE, "follow records")
def toggle(tx: Tx, selection: Selection) -> tuple[bool, int]:
    """Follow records, or none of them any more where all are followed; which it was, and of how many."""
    kind, ids = _meant(tx, selection)
    rows = follow_store.of_users(tx.connection, {tx.actor.id}, kind.code, ids)
    if sum(row.living for row in rows) == len(ids):
        return False, unfollow(tx, selection)
    return True, follow(tx, selection)


@reads(Permission.SESSION)
def is_following(tx: Tx, object: str, id: int) -> bool:
    """Whether the acting user follows a record. Raises NotFound."""
    rows = follow_store.of_users(tx.connection, {tx.actor.id}, kind_of(tx, object).code, [id])
    return any(row.living for row in rows)


@reads(Permission.SESSION)
def followers(tx: Tx, object: str, id: int) -> list[str]:
    """The names of who follows a record. Raises NotFound, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    people = tx.directory.people
    found = follow_store.followers(tx.connection, kind.code, id)
    return sorted(people[user].name or people[user].login for user in found if user in people)


@reads(Permission.SESSION)
def listing(tx: Tx) -> list[Followed]:
    """The living records the acting user follows, by object and title."""
    ids: dict[int, list[int]] = {}
    for row in follow_store.of_user(tx.connection, tx.actor.id):
        ids.setdefault(row.object, []).append(row.record)
    found: list[Followed] = []
    for kind in tx.schema.objects.values():
        if kind.code in ids and may_see(tx, kind):
            alive = lookups.living(tx.connection, kind, ids[kind.code])
            titles = lookups.titles(tx.connection, kind, alive)
            rows = sorted(titles.items(), key=lambda item: (item[1].casefold(), item[0]))
            found += (Followed(kind.name, record, title) for record, title in rows)
    return found


def _meant(tx: Tx, selection: Selection) -> tuple[ObjectType, list[int]]:
    kind = kind_of(tx, selection.object)
    check_may(tx, kind, write=False)
    if not following.can_follow(kind):
        raise Invalid(kind.name, "cannot be followed", "Follow the customer, the deal or the ticket.")
    return kind, resolve(tx, selection)


def _what(tx: Tx, kind: ObjectType, ids: list[int]) -> str:
    if len(ids) > 1:
        return f"{len(ids):,} {kind.plural.lower()}"
    return f"{kind.label.lower()} {lookups.titles(tx.connection, kind, ids).get(ids[0]) or ids[0]}"
