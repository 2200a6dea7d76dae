"""What the worker does besides goals: the lease, its memory of failures, the bin, the log of a SQLite store."""

from __future__ import annotations

from cs_workspace.domain.clock import DAY
from cs_workspace.domain.permissions import Permission
from cs_workspace.store import lease as lease_store
from cs_workspace.store.lease import Held, Lease
from cs_workspace.store.worker_state import recall, remember
from cs_workspace.workspace.door import Tx, reads, writes

FAILURE = "worker_failure"
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


def bin_border(now: int) -> int:
    """What was put into the bin before this instant is past restoring (UND-4)."""
    return now - BIN_DAYS * DAY
