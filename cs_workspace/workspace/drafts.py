"""What the acting user has typed and not saved: it comes back after a dropped line or a closed page (UND-5)."""

from __future__ import annotations

from typing import Any

from cs_workspace.domain.permissions import Permission
from cs_workspace.store import drafts
from cs_workspace.workspace.door import Tx, reads, writes


@reads(Permission.SESSION)
def find(tx: Tx, place: str) -> dict[str, Any] | None:
    """What was typed at a place, such as `goal grid 12`."""
    return drafts.load(tx.connection, tx.actor.id, place)


@writes(Permission.SESSION, "keep a draft", undoable=False)
def keep(tx: Tx, place: str, content: dict[str, Any] | None) -> None:
    """Keep what is typed at a place; none forgets it."""
    drafts.save(tx.connection, tx.actor.id, place, content, tx.now)
