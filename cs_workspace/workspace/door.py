"""The one door to a store: permission, transaction, due slices frozen, change, journal (PER, IDN-4).

Operations are plain functions whose first argument is the transaction. They declare their permission when they are
made, and are run by `Workspace.run(operation, …)`; there is no other way in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import Clock, zone
from cs_workspace.domain.errors import Refused
from cs_workspace.domain.permissions import Permission, Person, refusal
from cs_workspace.domain.schema.model import ObjectType, Schema
from cs_workspace.store import account as account_store
from cs_workspace.store import changes, goals, people
from cs_workspace.store.compile import Compiler
from cs_workspace.store.engine import Connection, Store
from cs_workspace.store.journal import Entry, Journal

P = ParamSpec("P")
R = TypeVar("R")

SYSTEM = Person(0, "", "System", super_admin=True)  # the worker; its entries carry no user


@dataclass(frozen=True, slots=True)
class Settings:
    """What every operation needs to know of the account; read again when the journal has grown."""

    position: int
    account: account_store.Account
    schema: Schema
    pipelines: tuple[account_store.Pipeline, ...]
    directory: people.Directory


@dataclass(slots=True)
class Tx:
    """One transaction of one acting user: what an operation works with."""

    connection: Connection
    settings: Settings
    actor: Person
    now: int
    is_sqlite: bool
    _journal: Journal | None = None

    @property
    def journal(self) -> Journal:
        """Where changes are made; only in a writing operation."""
        assert self._journal is not None, "a reading operation changes nothing"
        return self._journal

    @property
    def writes(self) -> bool:
        """Whether this transaction may change anything."""
        return self._journal is not None

    @property
    def account(self) -> account_store.Account:
        """Account-wide settings."""
        return self.settings.account

    @property
    def schema(self) -> Schema:
        """Object types with their custom properties."""
        return self.settings.schema

    @property
    def directory(self) -> people.Directory:
        """Users, teams and memberships."""
        return self.settings.directory

    @property
    def pipelines(self) -> tuple[account_store.Pipeline, ...]:
        """Living pipelines with their stages."""
        return self.settings.pipelines

    @property
    def tz(self) -> ZoneInfo:
        """The account's time zone: slices and date-times without an offset."""
        return zone(self.account.time_zone)

    def compiler(self, kind: ObjectType) -> Compiler:
        """The query compiler for an object's records."""
        return Compiler(kind, self.schema, self.is_sqlite)

    def describe(self, label: str) -> None:
        """Say in the undo list what this action does; before its first change."""
        old = self.journal.entry
        self.journal.entry = Entry(old.at, old.user, old.source, label, old.undoes, old.undoable)

    def reload(self) -> None:
        """Read the settings again after this transaction changed them."""
        self.settings = load_settings(self.connection)
        self.journal.schema = self.settings.schema


@dataclass(frozen=True, slots=True)
class Operation(Generic[P, R]):
    """What a user can do: its permission, whether it writes, and how the undo list calls it."""

    name: str
    permission: Permission
    writes: bool
    label: str
    undoable: bool
    function: Callable[Concatenate[Tx, P], R]

    def __call__(self, tx: Tx, *args: P.args, **kwargs: P.kwargs) -> R:
        """Within another operation's transaction, under that operation's permission."""
        return self.function(tx, *args, **kwargs)


OPERATIONS: dict[str, Operation[..., Any]] = {}


def _register(operation: Operation[P, R]) -> Operation[P, R]:
    OPERATIONS[operation.name] = operation
    return operation


def reads(permission: Permission) -> Callable[[Callable[Concatenate[Tx, P], R]], Operation[P, R]]:
    """Make a reading operation."""
    return lambda f: _register(Operation(_name(f), permission, False, "", False, f))


def writes(
    permission: Permission, label: str, *, undoable: bool = True
) -> Callable[[Callable[Concatenate[Tx, P], R]], Operation[P, R]]:
    """Make a writing operation; `label` is what the undo list shows unless the operation describes itself."""
    return lambda f: _register(Operation(_name(f), permission, True, label, undoable, f))


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__.rsplit('.', 1)[-1]}.{function.__qualname__}"


def load_settings(connection: Connection) -> Settings:
    """Settings as they stand in this transaction."""
    return Settings(
        changes.position(connection),
        account_store.load_account(connection),
        account_store.load_schema(connection),
        account_store.load_pipelines(connection),
        people.load_directory(connection),
    )


@dataclass(slots=True)
class Workspace:
    """A store, open for one acting user. Threads may share it."""

    store: Store
    clock: Clock
    login: str | None  # none: the worker
    source: str = "cli"
    _settings: Settings | None = field(default=None, repr=False)

    def run(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do what a user asked for. Raises Refused and whatever the operation raises; nothing is half-saved then."""
        if not operation.writes:
            with self.store.reading() as connection:
                return operation(self._enter(connection, operation.permission), *args, **kwargs)
        with self.store.writing() as connection:
            tx = self._enter(connection, operation.permission)
            if goals.due(connection, tx.now):
                self._freeze(tx)
            user = tx.actor.id or None
            tx._journal = Journal(  # noqa: SLF001 - the door is what opens it
                connection, tx.schema, Entry(tx.now, user, self.source, operation.label, undoable=operation.undoable)
            )
            return operation(tx, *args, **kwargs)

    def _enter(self, connection: Connection, permission: Permission) -> Tx:
        settings = self._settings
        if settings is None or settings.position != changes.position(connection):
            settings = self._settings = load_settings(connection)
        actor = self._actor(settings)
        reason = refusal(actor, permission)
        if reason is not None:
            raise Refused(f"{actor.name or actor.login} may not do this: it {reason}.", "Ask a super admin.")
        return Tx(connection, settings, actor, self.clock.now(), self.store.is_sqlite)

    def _actor(self, settings: Settings) -> Person:
        if self.login is None:
            return SYSTEM
        person = settings.directory.by_login(self.login)
        if person is None:
            raise Refused(f"There is no user {self.login!r} in this store.", "Name one with --as LOGIN.")
        if not person.active:
            raise Refused(f"{person.name} is deactivated and cannot use the workspace.", "Ask a super admin.")
        return person

    def _freeze(self, tx: Tx) -> None:
        """What is over is frozen before anything is written, so that it is frozen as it stood (GOL-40, WRK-3)."""
        from cs_workspace.workspace.calculation import freeze_due

        freeze_due(tx)
