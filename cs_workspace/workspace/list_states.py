"""How the acting user left each list: it comes back at the next start, on any machine of a shared store (LST-2)."""

from __future__ import annotations

from typing import Any

from cs_workspace.domain.permissions import Permission
from cs_workspace.store import list_states
from cs_workspace.workspace.door import Tx, reads, writes


@reads(Permission.SESSION)
def find(tx: Tx, list: str) -> dict[str, Any] | None:
    """How a list, such as `companies`, was left."""
    return list_states.load(tx.connection, tx.actor.id, list)


@writes(Permission.SESSION, "keep the state of a list", undoable=False)
def keep(tx: Tx, list: str, state: dict[str, Any]) -> None:
    """Keep how a list is left."""
    list_states.save(tx.connection, tx.actor.id, list, state, tx.now)
