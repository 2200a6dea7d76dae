"""What was chosen for the panels of objects (CUS-11)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from cs_workspace.store.tables.system import panels


@dataclass(frozen=True, slots=True)
class Chosen:
    """Names in order; none where nothing was chosen."""

    id: int
    properties: list[str] | None
    activities: list[str] | None
    related: list[str] | None


def find(connection: Connection, code: int) -> Chosen | None:
    """What was chosen for an object."""
    p = panels.c
    row = connection.execute(
        select(p.id, p.properties, p.activities, p.related).where(p.object == code, p.deleted_at.is_(None)).limit(1)
    ).first()
    return None if row is None else Chosen(*row)
