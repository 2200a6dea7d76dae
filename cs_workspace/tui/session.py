"""The store as an open session holds it. Opening it imports SQLAlchemy, so it happens after the first frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from cs_workspace.domain.clock import Clock, FixedClock, SystemClock, zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from textual.app import App

    from cs_workspace.store.engine import Store
    from cs_workspace.tui.loader import Loader
    from cs_workspace.workspace.door import Operation, Workspace
    from cs_workspace.workspace.session import Surroundings

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Session:
    """A store, open for one acting user."""

    store: Store
    workspace: Workspace
    clock: Clock
    around: Surroundings
    read_only: bool
    over_ssh: bool = False  # then files of the host are nobody's business

    @property
    def label(self) -> str:
        """How the bottom line names the store."""
        return f"{self.store.label}, read only" if self.read_only else self.store.label

    @property
    def tz(self) -> ZoneInfo:
        """The account's time zone."""
        return zone(self.around.time_zone)

    def run(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do something in this thread."""
        return self.workspace.run(operation, *args, **kwargs)


class Host(Protocol):
    """What tabs and panels need of the program around them."""

    loader: Loader

    @property
    def session(self) -> Session | None:
        """The open session; none while the store is being opened."""

    @property
    def works(self) -> bool:
        """Whether a worker of this session keeps goals fresh."""

    def look(self) -> None:
        """Show what this session has just written without waiting for the bell."""


def host_of(app: App[object]) -> Host:
    """The program around a widget."""
    return app  # type: ignore[return-value]  # there is one, and nothing imports it


def open_session(
    address: str, login: str | None, now: int | None, *, read_only: bool, proven: str | None = None
) -> Session:
    """Open a store for whoever may act (IDN-1): `login` was chosen, `proven` is what an SSH key says.

    Raises whatever the store, identity and the door have to say.
    """
    from cs_workspace.store import migrate
    from cs_workspace.store.engine import Store
    from cs_workspace.workspace.door import Workspace
    from cs_workspace.workspace.identity import acting_login
    from cs_workspace.workspace.session import surroundings

    clock: Clock = SystemClock() if now is None else FixedClock(now)
    store = Store(address, read_only=read_only)
    try:
        migrate.require_current(store)
        workspace = Workspace(store, clock, acting_login(store, login, proven=proven), source="screen")
        return Session(store, workspace, clock, workspace.run(surroundings), read_only, proven is not None)
    except BaseException:
        store.close()
        raise
