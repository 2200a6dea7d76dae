"""Health of records over time: a point for every change, with what each rule gave (HEA-9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select

from cs_workspace.domain.health import Group, from_json
from cs_workspace.store.journal import batches
from cs_workspace.store.tables.system import health_points


@dataclass(frozen=True, slots=True)
class Point:
    """A score from this instant on, and how it came about."""

    at: int
    score: int
    groups: tuple[Group, ...]


def last(connection: Connection, code: int, record: int, until: int, *, count: int = 1) -> list[Point]:
    """The latest points of a record up to an instant, the latest first."""
    h = health_points.c
    query = (
        select(h.at, h.score, h.groups)
        .where(h.object == code, h.record == record, h.at <= until)
        .order_by(h.at.desc())
        .limit(count)
    )
    return [Point(at, score, from_json(groups)) for at, score, groups in connection.execute(query)]


def trend(connection: Connection, code: int, record: int, since: int, until: int) -> list[tuple[int, int]]:
    """Instants and scores, oldest first, beginning with the one that held at the beginning."""
    h = health_points.c
    mine = and_(h.object == code, h.record == record)
    begins = select(func.max(h.at)).where(mine, h.at <= since).scalar_subquery()
    query = select(h.at, h.score).where(mine, h.at >= func.coalesce(begins, since), h.at <= until).order_by(h.at.asc())
    return [(at, score) for at, score in connection.execute(query)]


def scores_at(connection: Connection, code: int, records: Iterable[int], at: int) -> dict[int, int]:
    """The scores records had at an instant; records that had none yet are left out."""
    h = health_points.c
    found: dict[int, int] = {}
    for batch in batches(dict.fromkeys(records)):
        latest = (
            select(h.record, func.max(h.at).label("at"))
            .where(h.object == code, h.record.in_(batch), h.at <= at)
            .group_by(h.record)
            .subquery()
        )
        query = select(h.record, h.score).join(
            latest, and_(h.object == code, h.record == latest.c.record, h.at == latest.c.at)
        )
        found.update((record, score) for record, score in connection.execute(query))
    return found
