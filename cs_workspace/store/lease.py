"""One holder at a time (WRK-1): a row with an owner, a fence and a beat. No clock is compared between machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from cs_workspace.store.tables.system import lease

NAME = "worker"
TTL = 10.0  # seconds of this process's own monotonic clock a holder may be silent
TICK = 3.0  # seconds between beats and between looks


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds the lease, as last seen."""

    owner: str
    fence: int
    beat: int


class Lease:
    """One process's claim: `tick` keeps or takes it."""

    def __init__(self, owner: str, monotonic: Callable[[], float]) -> None:
        self.owner = owner
        self.fence: int | None = None
        self._monotonic = monotonic
        self._seen: Held | None = None
        self._since = monotonic()

    @property
    def held(self) -> bool:
        """Whether this process was the holder at its last tick."""
        return self.fence is not None

    def tick(self, connection: Connection) -> bool:
        """Beat when holding, take over when the holder has been silent for `TTL`; within a write transaction."""
        found = connection.execute(
            select(lease.c.owner, lease.c.fence, lease.c.beat).where(lease.c.name == NAME)
        ).first()
        if found is None:
            connection.execute(insert(lease).values(name=NAME, owner=self.owner, fence=1, beat=0))
            self.fence = 1
            return True
        held = Held(*found)
        if held.owner == self.owner and held.fence == self.fence:
            self._write(connection, held.fence, held.beat + 1)
            return True
        self.fence = None
        now = self._monotonic()
        if held != self._seen:
            self._seen, self._since = held, now
        released = held.owner == ""
        if released or now - self._since >= TTL:
            self.fence = held.fence + 1
            self._write(connection, self.fence, 0)
            return True
        return False

    def guard(self, connection: Connection) -> bool:
        """First statement of a holder's transaction: whether the lease is still this process's."""
        mine = update(lease).where(lease.c.name == NAME, lease.c.owner == self.owner, lease.c.fence == self.fence)
        return connection.execute(mine.values(beat=lease.c.beat + 1)).rowcount == 1

    def release(self, connection: Connection) -> None:
        """Give the lease up, so that the next process need not wait."""
        if self.held and self.guard(connection):
            connection.execute(update(lease).where(lease.c.name == NAME).values(owner=""))
        self.fence = None

    def _write(self, connection: Connection, fence: int, beat: int) -> None:
        connection.execute(update(lease).where(lease.c.name == NAME).values(owner=self.owner, fence=fence, beat=beat))


def holder(connection: Connection) -> Held | None:
    """Who holds the lease, for the status line."""
    found = connection.execute(select(lease.c.owner, lease.c.fence, lease.c.beat).where(lease.c.name == NAME)).first()
    return Held(*found) if found and found.owner else None
