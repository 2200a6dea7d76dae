"""Looking after a store: what it holds, and whether it is well."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.permissions import Permission
from cs_workspace.store import changes, checks, lease, migrate
from cs_workspace.store import goals as goal_store
from cs_workspace.store.engine import Store
from cs_workspace.store.worker_state import recall
from cs_workspace.workspace.calculation import POSITION
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.upkeep import FAILURE


class Finding(StrEnum):
    """How a check came out."""

    FINE = "fine"
    NOTE = "note"  # worth knowing, nothing to repair
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    finding: Finding
    text: str


@reads(Permission.SESSION)
def holdings(tx: Tx) -> dict[str, Any]:
    """How many records of each object there are, and how far the journal has come."""
    counted = checks.counts(tx.connection)
    counted["goals"] = len(goal_store.load_goals(tx.connection))
    return {
        "counts": counted,
        "journal_position": changes.position(tx.connection),
        "database": checks.database_version(tx.connection),
        "tables": migrate.HEAD,
    }


@reads(Permission.PEOPLE)
def copy_or_replace(tx: Tx) -> None:
    """Ask whether the actor may take the whole store away or put another in its place; raises Refused."""


def examine(store: Store) -> Iterator[Check]:
    """Look at everything, as far as the store can be read. It is no operation: a damaged store lets nobody in."""
    if store.path is not None:
        yield _guarded("file", lambda: _file(store.path))
    version = _guarded("tables", lambda: _tables(store))
    yield version
    if version.finding is Finding.WRONG:
        return
    yield _guarded("integrity", lambda: _integrity(store))
    yield _guarded("database", lambda: _database(store))
    yield _guarded("journal", lambda: _journal(store))
    yield _guarded("worker", lambda: _worker(store))
    yield _guarded("goals", lambda: _goals(store))


def _guarded(name: str, look: Callable[[], tuple[Finding, str]]) -> Check:
    try:
        return Check(name, *look())
    except WorkspaceError as error:
        return Check(name, Finding.WRONG, str(error))


def _file(path: Path | None) -> tuple[Finding, str]:
    assert path is not None
    found = path.stat()
    others = stat.S_IMODE(found.st_mode) & 0o077
    if others:
        return Finding.WRONG, f"{path} may be read by others (mode {stat.S_IMODE(found.st_mode):03o}): chmod 600 it."
    if found.st_uid != os.getuid():
        return Finding.NOTE, f"{path} belongs to another user of this machine."
    return Finding.FINE, f"{path}, {found.st_size:,} bytes, for its owner only."


def _tables(store: Store) -> tuple[Finding, str]:
    found = migrate.revision(store)
    if found is None:
        return Finding.WRONG, f"{store.label} has no tables of ours."
    if found > migrate.HEAD:
        return Finding.WRONG, f"Tables of version {found}: newer than this program, which knows {migrate.HEAD}."
    if found < migrate.HEAD:
        return Finding.NOTE, f"Tables of version {found}; `cs-workspace migrate` brings them to {migrate.HEAD}."
    return Finding.FINE, f"Version {found}."


def _integrity(store: Store) -> tuple[Finding, str]:
    with store.reading() as connection:
        faults = migrate.integrity(connection)
    if faults:
        return Finding.WRONG, f"{len(faults)} faults, the first: {faults[0]}. Restore a backup."
    return (
        Finding.FINE,
        "The file and all links between tables are sound." if store.is_sqlite else "Kept by the server.",
    )


def _database(store: Store) -> tuple[Finding, str]:
    with store.reading() as connection:
        version = checks.database_version(connection)
    if not store.is_sqlite:
        return Finding.FINE, f"{version}."
    guarded = checks.checkpoints_are_guarded(store)
    if not checks.sqlite_is_affected():
        return Finding.FINE, f"{version}."
    if not guarded:
        return Finding.WRONG, f"{version} may lose data when it checkpoints, and checkpoints are not guarded."
    return Finding.NOTE, f"{version} has the fault of the log's reset; our checkpoints are guarded against it."


def _journal(store: Store) -> tuple[Finding, str]:
    with store.reading() as connection:
        faults = checks.journal_faults(connection)
        position = changes.position(connection)
    if faults:
        return Finding.WRONG, f"{'; '.join(faults)}."
    return Finding.FINE, f"{position:,} changes, all accounted for."


def _worker(store: Store) -> tuple[Finding, str]:
    with store.reading() as connection:
        held = lease.holder(connection)
        failure = recall(connection, FAILURE)
    if failure is not None:
        return Finding.WRONG, f"Its last run failed: {failure}"
    if held is None:
        return Finding.NOTE, "Nobody holds the lease: no worker runs."
    return Finding.FINE, f"The lease is held by {held.owner}."


def _goals(store: Store) -> tuple[Finding, str]:
    with store.reading() as connection:
        behind = changes.position(connection) - recall(connection, POSITION, 0)
    if behind > 0:
        return Finding.NOTE, f"{behind:,} changes are not calculated yet; the next worker or session does it."
    return Finding.FINE, "Calculated up to the newest change."
