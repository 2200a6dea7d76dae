"""Telling followers what others did with their records (REC-5), along with the notices of milestones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cs_workspace.domain.record_news import News
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store import follows, lookups
from cs_workspace.store import record_notices as store
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.records import may_see

ACTIVITIES = ("calls", "emails", "meetings", "notes")


@dataclass(frozen=True, slots=True)
class RecordNotice:
    """Something the acting user was told of a record."""

    id: int
    event: News
    at: int
    read: bool
    object: str
    record: int
    title: str
    who: str
    what: str  # the properties that were changed, or what was added


def write(tx: Tx, position: int, since: int) -> int:
    """Tell followers what happened after a position of the journal, of entries not before an instant; how many."""
    if not follows.is_any(tx.connection):
        return 0
    owners = {kind.owner for kind in tx.schema.objects.values() if kind.owner}
    activities = [tx.schema[name].code for name in ACTIVITIES]
    relations = {
        (kind.code, prop.name): tx.schema[prop.target].code
        for kind in (tx.schema[name] for name in (*store.BELONGS, *ACTIVITIES))
        for prop in kind.associations
        if prop.name in store.LINKS
    }
    wanted = store.due(tx.connection, position, since, owners, activities, relations)
    active = {person.id for person in tx.directory.people.values() if person.active}
    wanted = {told: news for told, news in wanted.items() if told[0] in active}
    return store.tell(tx.connection, wanted, tx.now)


def listing(tx: Tx, *, unread: bool, after: int, limit: int) -> list[RecordNotice]:
    """What the acting user was told of records, newest first."""
    found = store.load(tx.connection, tx.actor.id, _seen(tx), unread=unread, after=after, limit=limit)
    return list(_notices(tx, found))


def count_unread(tx: Tx) -> int:
    """How many of them the acting user has not read."""
    return store.count_unread(tx.connection, tx.actor.id, _seen(tx))


def _seen(tx: Tx) -> list[int]:
    """The objects whose records the acting user may see."""
    return [kind.code for kind in tx.schema.objects.values() if may_see(tx, kind)]


def _notices(tx: Tx, found: list[store.Notice]) -> Iterator[RecordNotice]:
    kinds = {kind.code: kind for kind in tx.schema.objects.values()}
    ids: dict[int, set[int]] = defaultdict(set)
    for each in found:
        ids[each.object].add(each.record)
    titles = {code: lookups.titles(tx.connection, kinds[code], some) for code, some in ids.items() if code in kinds}
    changed, made = store.said(tx.connection, found), store.made(tx.connection, found)
    people = tx.directory.people
    for each in found:
        kind = kinds.get(each.object)
        if kind is None:
            continue
        what = ""
        if each.event == News.CHANGED:
            what = _labels(kind, changed[each.entry, each.object, each.record])
        elif each.event in (News.ACTIVITY, News.ADDED):
            activity = each.event == News.ACTIVITY
            of_entry = [kinds[code] for code in made[each.entry] if code in kinds]
            labels = [kind.label for kind in of_entry if (kind.name in ACTIVITIES) == activity]
            what = " and ".join(f"{'an' if label[0] in 'AE' else 'a'} {label.lower()}" for label in labels)
        author = people.get(each.author or 0)
        yield RecordNotice(
            each.id,
            News(each.event),
            each.at,
            each.read_at is not None,
            kind.name,
            each.record,
            titles[each.object].get(each.record) or f"{kind.label} {each.record}",
            (author.name or author.login) if author else "Somebody",
            what,
        )


def _labels(kind: ObjectType, names: list[str]) -> str:
    labels = [kind.properties[name].label.lower() for name in dict.fromkeys(names) if name in kind.properties]
    return ", ".join(labels) if len(labels) <= 3 else f"{', '.join(labels[:2])} and {len(labels) - 2} more"
