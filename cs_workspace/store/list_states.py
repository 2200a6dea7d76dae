"""How users left their lists (LST-2)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from cs_workspace.store.tables.system import list_states

s = list_states.c


def load(connection: Connection, user: int, list: str) -> dict[str, Any] | None:
    """How a user left a list."""
    return connection.scalar(select(s.state).where(s.user == user, s.list == list))


def save(connection: Connection, user: int, list: str, state: dict[str, Any], now: int) -> None:
    """Keep how a user left a list in place of what was kept before."""
    connection.execute(delete(list_states).where(s.user == user, s.list == list))
    connection.execute(insert(list_states).values(user=user, list=list, state=state, at=now))
