"""What users have typed and not saved, by place (UND-5)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from cs_workspace.store.tables.system import drafts

d = drafts.c


def load(connection: Connection, user: int, place: str) -> dict[str, Any] | None:
    """A user's draft of a place."""
    return connection.scalar(select(d.content).where(d.user == user, d.place == place))


def save(connection: Connection, user: int, place: str, content: dict[str, Any] | None, now: int) -> None:
    """Keep a draft in place of the one before; none takes it away."""
    connection.execute(delete(drafts).where(d.user == user, d.place == place))
    if content is not None:
        connection.execute(insert(drafts).values(user=user, place=place, content=content, at=now))
