"""Health scores as users see them: how one came about, why it changed, and how it went (HEA-9).

All of it is read from what was kept when the score was made; nothing is calculated again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cs_workspace.domain.clock import DAY
from cs_workspace.domain.health import Category, Group, GroupChange, category, differences
from cs_workspace.domain.permissions import Permission
from cs_workspace.store import health as store
from cs_workspace.workspace import records
from cs_workspace.workspace.door import Tx, reads

MONTH = 30  # days over which a list and the panel say how a score has changed
SHOWN = 90  # days of a trend


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an earlier score: what it was, since when, and the rules that made the difference."""

    at: int
    score: int
    points: int  # how many more there are now
    groups: tuple[GroupChange, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A record's score and how it came about. Without a score there is nothing else; without `at` it was not kept."""

    id: int
    title: str
    score: int | None
    category: Category | None = None
    at: int | None = None
    groups: tuple[Group, ...] = ()
    since_last: Change | None = None  # none: it is the first score
    since_month: Change | None = None  # none: there was no score 30 days ago


@reads(Permission.WORKSPACE)
def explain(tx: Tx, object: str, reference: str | int) -> Explanation:
    """How a record's score came about and why it changed. Raises NotFound."""
    kind = records.kind_of(tx, object)
    record = records.find(tx, kind, str(reference))
    row = records.tx_rows(tx, kind, [record])[record]
    title = str(row.get("name" if kind.name == "contacts" else kind.title) or "")
    points = store.last(tx.connection, kind.code, record, tx.now, count=2)
    if not points:
        score = row.get("health")
        return Explanation(record, title, score, None if score is None else category(score))
    now = points[0]
    then = store.last(tx.connection, kind.code, record, tx.now - MONTH * DAY)
    return Explanation(
        record,
        title,
        now.score,
        category(now.score),
        now.at,
        now.groups,
        _change(points[1], now) if len(points) > 1 else None,
        _change(then[0], now) if then else None,
    )


def _change(then: store.Point, now: store.Point) -> Change:
    return Change(then.at, then.score, now.score - then.score, differences(then.groups, now.groups))


@reads(Permission.WORKSPACE)
def trend(tx: Tx, object: str, id: int, days: int = SHOWN) -> list[tuple[int, int]]:
    """Instants and scores of the last days, oldest first; the first may be older, it held when the days began."""
    kind = records.kind_of(tx, object)
    return store.trend(tx.connection, kind.code, id, tx.now - days * DAY, tx.now)


@reads(Permission.WORKSPACE)
def at_many(tx: Tx, object: str, ids: Sequence[int], days: int = MONTH) -> dict[int, int]:
    """The scores records had so many days ago, for the arrows of a list; those that had none are left out."""
    kind = records.kind_of(tx, object)
    return store.scores_at(tx.connection, kind.code, ids, tx.now - days * DAY)
