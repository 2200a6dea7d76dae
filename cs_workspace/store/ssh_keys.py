"""Public keys and whose they are (IDN-2)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from cs_workspace.store.tables.system import ssh_keys


@dataclass(frozen=True, slots=True)
class SshKey:
    """One key of one user; `key` is its base64 text."""

    id: int
    user: int
    type: str
    key: str
    comment: str


def load_keys(connection: Connection) -> list[SshKey]:
    """All keys in use."""
    k = ssh_keys.c
    query = select(k.id, k.user, k.type, k.key, k.comment).where(k.deleted_at.is_(None)).order_by(k.id)
    return [SshKey(*row) for row in connection.execute(query)]
