"""The bin: what was deleted and can be brought back (UND-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cs_workspace.domain.clock import DAY
from cs_workspace.domain.errors import Conflict, NotFound
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store import bin as bin_store
from cs_workspace.store import lookups
from cs_workspace.store.bin import Deletion, Place
from cs_workspace.store.purge import KEPT
from cs_workspace.workspace.changing import shared_keys
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.records import PEOPLE, check_may, kind_of, record_refusal, tx_rows
from cs_workspace.workspace.upkeep import BIN_DAYS


@dataclass(frozen=True, slots=True)
class Binned:
    """A deleted record: what it was, when and by whom it was deleted, and for how many days more it can come back."""

    kind: ObjectType
    id: int
    title: str
    deleted_at: int
    user: str
    days_left: int | None  # None: it stays, as a person or a former record does
    into: str | None  # what it was merged into
    place: Place


@reads(Permission.SESSION)
def listing(
    tx: Tx, object: str | None = None, words: str = "", limit: int = 100, before: Place | None = None
) -> list[Binned]:
    """Deleted records of one object or of all, the latest first; those after a place in the list. Raises Refused."""
    kinds = _kinds(tx, object)
    rows = bin_store.binned(tx.connection, kinds, words, limit, before)
    ids: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        ids[row.object].append(row.id)
    by_code = {kind.code: kind for kind in kinds}
    how = {code: bin_store.deletions(tx.connection, code, records) for code, records in ids.items()}
    titles = {code: _titles(tx, by_code[code], found.values()) for code, found in how.items()}
    people = tx.directory.people
    listed: list[Binned] = []
    for row in rows:
        kind, deletion = by_code[row.object], how[row.object].get(row.id, Deletion(None, None))
        person = people.get(deletion.user or 0)
        user = (person.name or person.login) if person else "system"
        into = None if deletion.into is None else titles[row.object].get(deletion.into) or f"#{deletion.into}"
        stays = kind.name in KEPT or into is not None
        left = None if stays else max(0, BIN_DAYS - (tx.now - row.deleted_at) // DAY)
        listed.append(Binned(kind, row.id, row.title, row.deleted_at, user, left, into, row.place))
    return listed


@reads(Permission.SESSION)
def count(tx: Tx, object: str | None = None, words: str = "") -> int:
    """How many deleted records there are. Raises Refused."""
    return bin_store.count(tx.connection, _kinds(tx, object), words)


@writes(Permission.SESSION, "restore records")
def restore(tx: Tx, object: str, ids: Sequence[int]) -> int:
    """Bring deleted records back, associations and all; how many. Raises Conflict, NotFound, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=True)
    ids = list(dict.fromkeys(ids))
    rows = tx_rows(tx, kind, ids)
    name = kind.label.lower()
    for each in ids:
        if each not in rows or rows[each]["deleted_at"] is None or (kind.custom and rows[each]["object"] != kind.code):
            raise NotFound(f"There is no {name} {each} in the bin.", "It may be back already, or gone for good.")
    deletions = bin_store.deletions(tx.connection, kind.code, ids)
    merged = {each: found.into for each, found in deletions.items() if found.into is not None}
    for each, into in merged.items():
        title = _titles(tx, kind, [deletions[each]]).get(into) or f"#{into}"
        raise Conflict(
            f"The {name} {rows[each].get(kind.title) or each} was merged into {title} and cannot come back alone.",
            "Whoever merged them takes the merge back from the list of what they did.",
        )
    for each, error in shared_keys(tx, kind, rows).items():
        raise Conflict(
            f"The {name} {rows[each].get(kind.title) or each} cannot come back: {error.field} {error.why}.",
            "Change that one first.",
        )
    what = f"{len(ids):,} {kind.plural.lower()}" if len(ids) > 1 else f"{name} {rows[ids[0]].get(kind.title) or ids[0]}"
    tx.describe(f"restore {what}")
    done = tx.journal.restore(kind.name, ids)
    if kind.name in PEOPLE:
        tx.reload()
    return len(done)


def _kinds(tx: Tx, object: str | None) -> list[ObjectType]:
    """The objects whose deleted records the acting user may bring back."""
    if object is not None:
        kind = kind_of(tx, object)
        check_may(tx, kind, write=True)
        return [kind]
    return [kind for kind in tx.schema.objects.values() if record_refusal(tx, kind, write=True) is None]


def _titles(tx: Tx, kind: ObjectType, deletions: Iterable[Deletion]) -> dict[int, str]:
    wanted = {each.into for each in deletions if each.into is not None}
    return lookups.titles(tx.connection, kind, wanted)
