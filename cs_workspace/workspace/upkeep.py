"""What the worker does besides goals: the lease, its memory of failures, the bin, the log of a SQLite store."""

from __future__ import annotations

from cs_workspace.domain.clock import DAY
from cs_workspace.domain.permissions import Permission
from cs_workspace.store import lease as lease_store
from cs_workspace.store import notices, purge
from cs_workspace.store.lease import Held, Lease
from cs_workspace.store.worker_state import recall, remember
from cs_workspace.workspace.door import Tx, reads, writes

FAILURE = "worker_failure"
EMPTIED_AT = "bin_emptied_at"
BIN_DAYS = 90  # UND-4


@writes(Permission.SESSION, "hold the lease", undoable=False)
def tick(tx: Tx, lease: Lease) -> bool:
    """Keep or take the lease; whether it is held (WRK-1)."""
    return lease.tick(tx.connection)


@writes(Permission.SESSION, "give the lease up", undoable=False)
def release(tx: Tx, lease: Lease) -> None:
    """Let the next process take over at once."""
    lease.release(tx.connection)


@reads(Permission.SESSION)
def holder(tx: Tx) -> Held | None:
    """Who does the work now."""
    return lease_store.holder(tx.connection)


@writes(Permission.SESSION, "note a failure", undoable=False)
def note_failure(tx: Tx, sentence: str | None) -> None:
    """Remember why the last run failed, or that it did not (WRK-5)."""
    if recall(tx.connection, FAILURE) != sentence:
        remember(tx.connection, FAILURE, sentence)


@reads(Permission.SESSION)
def failure(tx: Tx) -> str | None:
    """Why the last run failed."""
    found = recall(tx.connection, FAILURE)
    return None if found is None else str(found)


@reads(Permission.SESSION)
def bin_is_due(tx: Tx) -> bool:
    """Whether the bin was last emptied a day ago or more."""
    last = recall(tx.connection, EMPTIED_AT)
    return last is None or tx.now - last >= DAY


@writes(Permission.SESSION, "empty the bin", undoable=False)
def empty_bin(tx: Tx) -> int:
    """Remove what has been in the bin for `BIN_DAYS` days, and notices as old; how many records (UND-4)."""
    remember(tx.connection, EMPTIED_AT, tx.now)
    notices.purge(tx.connection, tx.now - BIN_DAYS * DAY)
    return purge.purge(tx.connection, tx.schema, tx.now - BIN_DAYS * DAY)
