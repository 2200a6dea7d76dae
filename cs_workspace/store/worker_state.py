"""What the worker remembers between runs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from cs_workspace.store.tables.system import worker_state


def recall(connection: Connection, name: str, default: Any = None) -> Any:
    """A remembered value."""
    found = connection.execute(select(worker_state.c.value).where(worker_state.c.name == name)).first()
    return default if found is None else found.value


def remember(connection: Connection, name: str, value: Any) -> None:
    """Remember a value in place of the one before."""
    connection.execute(delete(worker_state).where(worker_state.c.name == name))
    connection.execute(insert(worker_state).values(name=name, value=value))
