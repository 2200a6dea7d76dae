"""One run of the command: its global options, and what follows from them once it is needed."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
import platformdirs

from cs_workspace.cli.output import Output
from cs_workspace.domain.errors import Invalid, Refused, Usage
from cs_workspace.domain.text import masked, printable

if TYPE_CHECKING:
    from cs_workspace.domain.clock import Clock
    from cs_workspace.store.engine import Store
    from cs_workspace.workspace.door import Operation, Workspace

P = ParamSpec("P")
R = TypeVar("R")

APP = "cs-workspace"
COMPLETE = "_CS_WORKSPACE_COMPLETE"  # the variable the script of `completion` sets


def default_database() -> Path:
    """The SQLite file that is used when none is named."""
    return platformdirs.user_data_path(APP) / "workspace.db"


def log_file() -> Path:
    """Where faults of the program are written down."""
    return platformdirs.user_log_path(APP) / "cs-workspace.log"


@dataclass
class Session:
    """The global options as given, and the store, the acting user and the clock made from them on first use.

    `proven` is the login an SSH key belongs to: no option sets it.
    """

    db: str | None = None
    login: str | None = None
    read_only: bool = False
    now: str | None = None
    format: str | None = None
    proven: str | None = None
    _opened: list[Store] = field(default_factory=list, repr=False)

    @property
    def address(self) -> str:
        """The store's file or URL."""
        return self.db or str(default_database())

    @cached_property
    def output(self) -> Output:
        """Where data go."""
        return Output(self.format or ("table" if sys.stdout.isatty() else "jsonl"), is_terminal=sys.stdout.isatty())

    def connect(self) -> Store:
        """The store as it is: not looked at, perhaps not there. Raises Usage for an impossible address."""
        from cs_workspace.store.engine import Store

        store = Store(self.address, read_only=self.read_only)
        self._opened.append(store)
        return store

    def exists(self) -> bool:
        """Whether there is a store at the address. Raises StoreUnavailable, StoreFault."""
        if "://" not in self.address:
            return Path(self.address).expanduser().exists()
        from cs_workspace.store import migrate

        store = self.connect()
        if store.path is not None:
            return store.path.exists()
        return migrate.revision(store) is not None

    @cached_property
    def store(self) -> Store:
        """The store, there and of this program's version. Raises Usage, StoreUnavailable, StoreFault."""
        from cs_workspace.store import migrate

        store = self.connect()
        if store.path is not None and not store.path.exists():
            raise Usage(
                f"There is no store at {store.path}.",
                "Make one with `cs-workspace init` or `cs-workspace demo`, or name another with --db.",
            )
        migrate.require_current(store)
        return store

    def require_store(self) -> None:
        """Look whether the store can be used. Raises Usage, StoreUnavailable, StoreFault."""
        _ = self.store

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock, or the one `--now` stopped. Raises Invalid, Refused."""
        from cs_workspace.domain.clock import FixedClock, SystemClock, parse_instant, zone

        if self.now is None:
            return SystemClock()
        self._refuse_over_ssh("--now")
        try:
            return FixedClock(parse_instant(self.now, zone(self.time_zone)))
        except Invalid as error:
            raise Invalid("--now", error.why, error.hint or "Write it as 2026-03-31T14:00.") from error

    @cached_property
    def time_zone(self) -> str:
        """The account's time zone."""
        from cs_workspace.store.account import load_account

        with self.store.reading() as connection:
            return load_account(connection).time_zone

    @cached_property
    def workspace(self) -> Workspace:
        """The store, open for the acting user (IDN-1). Raises Refused."""
        from cs_workspace.workspace.door import Workspace
        from cs_workspace.workspace.identity import acting_login

        login = acting_login(self.store, self.login, proven=self.proven)
        return Workspace(self.store, self.clock, login, source="cli")

    def run(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do what the acting user asks for."""
        return self.workspace.run(operation, *args, **kwargs)

    def note(self, text: str) -> None:
        """One line of narration."""
        click.echo(printable(masked(text)), err=True)

    def _refuse_over_ssh(self, option: str) -> None:
        if self.proven is not None:
            raise Refused(f"{option} is not for SSH sessions.", "Leave it out.")

    def close(self) -> None:
        """Give everything back."""
        while self._opened:
            self._opened.pop().close()


pass_session = click.make_pass_decorator(Session)
