"""Telling users what became of their milestones and of the records they follow (GOL-31, REC-5).

Written by the worker, read by whom they are for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from cs_workspace.domain.goals.model import Kpi, from_json, in_units, scale
from cs_workspace.domain.goals.notices import WEEK, Event, due
from cs_workspace.domain.goals.progress import Standing, actual
from cs_workspace.domain.goals.teams import main_members
from cs_workspace.domain.money import exponent
from cs_workspace.domain.permissions import Permission
from cs_workspace.store import changes
from cs_workspace.store import notices as notice_store
from cs_workspace.store.notices import Milestone, Since, Told
from cs_workspace.store.worker_state import recall, remember
from cs_workspace.workspace import record_notices
from cs_workspace.workspace.calculation import FULL_AT, NOTICED, RUN
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.record_notices import RecordNotice

LOOKED = "notices_looked"  # what was looked at last: journal, calculations, instant


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the acting user was told, with the milestone as it stands now."""

    id: int
    event: Event
    at: int
    read: bool
    goal_id: int
    goal: str
    team: str | None  # the team whose milestone it is; none: the user's own
    label: str
    kpi: Kpi
    actual: Fraction | None
    target: Fraction | None


# --- writing


@reads(Permission.SESSION)
def is_due(tx: Tx) -> bool:
    """Whether something was changed or calculated, or a moment has come, since users were told last."""
    looked = recall(tx.connection, LOOKED)
    if looked is None or (looked["run"], looked["full_at"]) != _calculated(tx):
        return True
    since = Since(looked["position"], looked["at"])
    return changes.position(tx.connection) > since.position or notice_store.border_passed(tx.connection, since, tx.now)


@writes(Permission.SESSION, "write notifications", undoable=False)
def write(tx: Tx) -> int:
    """Tell contributors what is due, each event once; how many notices that makes.

    What has moved since the last time is looked at; after a full calculation every slice that was not over then, which
    comes to the same. Slices that were over when their goal was made, or a week before anybody looked at all, are past.
    """
    run, full_at = _calculated(tx)
    looked = recall(tx.connection, LOOKED)
    since = Since(looked["position"], looked["at"]) if looked else Since(0, tx.now - WEEK, first=True)
    every = looked is None or full_at != looked["full_at"]
    moved = (
        every
        or run != looked["run"]
        or notice_store.goals_moved(tx.connection, since)
        or notice_store.border_passed(tx.connection, since, tx.now)
    )
    fresh = notice_store.tell(tx.connection, _due(tx, since, every=every), tx.now) if moved else 0
    fresh += record_notices.write(tx, since.position, since.at if looked is None else 0)
    position = changes.position(tx.connection)
    now = {"position": position, "run": run, "full_at": full_at, "at": max(since.at, tx.now)}
    remember(tx.connection, LOOKED, now)
    if fresh:
        _count(tx)
    return fresh


def _calculated(tx: Tx) -> tuple[int, int | None]:
    return recall(tx.connection, RUN, 0), recall(tx.connection, FULL_AT)


def _due(tx: Tx, since: Since, *, every: bool) -> Iterator[Told]:
    recipients = _Recipients(tx)
    every = every or notice_store.people_moved(tx.connection, since)
    for each in notice_store.in_question(tx.connection, since, tx.now, every=every):
        if each.notify and each.end > each.created_at:
            kpi = from_json(each.kpi)
            for event in due(kpi, _standing(tx, each, kpi), tx.now, each.notify):
                yield from ((user, each.id, str(event)) for user in recipients.of(each))
    for event, found in (
        (Event.TARGET_CHANGED, notice_store.changed_targets(tx.connection, since)),
        (Event.ASSIGNED, notice_store.assigned(tx.connection, since)),
    ):
        for each, authors in found:
            if event in each.notify:
                # Nobody is told of what only they have done themselves.
                yield from ((user, each.id, str(event)) for user in recipients.of(each) if authors != {user})


class _Recipients:
    """Who is told of a slice: its user, or the active main members of its team."""

    def __init__(self, tx: Tx) -> None:
        self._directory = tx.directory
        self._active = frozenset(person.id for person in tx.directory.people.values() if person.active)
        self._members: dict[int, frozenset[int]] = {}

    def of(self, each: Milestone) -> Collection[int]:
        if each.user is not None:
            return self._active & {each.user}
        assert each.team is not None
        if each.team not in self._members:
            teams, memberships = self._directory.teams.values(), self._directory.memberships
            self._members[each.team] = main_members(each.team, teams, memberships, self._active)
        return self._members[each.team]


def _standing(tx: Tx, each: Milestone, kpi: Kpi) -> Standing:
    decimals = exponent(tx.account.currency)
    return Standing(
        each.start,
        each.end,
        actual(kpi.aggregate, scale(kpi.unit, decimals), each.total, each.records or 0),
        None if each.target is None else in_units(each.target, kpi.unit, decimals),
    )


def _count(tx: Tx) -> None:
    remember(tx.connection, NOTICED, recall(tx.connection, NOTICED, 0) + 1)


# --- reading


@dataclass(frozen=True, slots=True)
class Mailbox:
    """How many notices the acting user has not read, and the last one of all."""

    unread: int
    newest: int


@reads(Permission.SESSION)
def mailbox(tx: Tx) -> Mailbox:
    """What a badge shows."""
    user = tx.actor.id
    unread = notice_store.count_unread(tx.connection, user) + record_notices.count_unread(tx)
    return Mailbox(unread, notice_store.newest(tx.connection, user))


@reads(Permission.SESSION)
def listing(tx: Tx, *, unread: bool = False, after: int = 0, limit: int = 200) -> list[Notice | RecordNotice]:
    """What the acting user was told, newest first: all or the unread, those `after` a notice."""
    found = notice_store.load(tx.connection, tx.actor.id, unread=unread, after=after, limit=limit)
    told: list[Notice | RecordNotice] = list(_notices(tx, found))
    told += record_notices.listing(tx, unread=unread, after=after, limit=limit)
    return sorted(told, key=lambda each: (each.at, each.id), reverse=True)[:limit]


def _notices(tx: Tx, found: Iterable[notice_store.Notice]) -> Iterator[Notice]:
    teams = tx.directory.teams
    for each in found:
        milestone = each.milestone
        team = None
        if milestone.user is None and milestone.team is not None:
            team = teams[milestone.team].name if milestone.team in teams else f"#{milestone.team}"
        kpi = from_json(milestone.kpi)
        standing = _standing(tx, milestone, kpi)
        yield Notice(
            each.id,
            Event(each.event),
            each.at,
            each.read_at is not None,
            milestone.goal,
            milestone.name,
            team,
            milestone.label,
            kpi,
            standing.actual,
            standing.target,
        )


@writes(Permission.SESSION, "mark notifications as read", undoable=False)
def mark(tx: Tx, ids: Collection[int] | None = None, *, read: bool = True) -> int:
    """Mark notices of the acting user, or all of them, as read or not read; how many that changed."""
    changed = notice_store.set_read(tx.connection, tx.actor.id, ids, tx.now if read else None)
    if changed:
        _count(tx)
    return changed
