"""Making a store: its account, its first user, the usual pipelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cs_workspace.domain.clock import Clock, zone
from cs_workspace.domain.errors import Invalid, Usage
from cs_workspace.domain.money import exponent
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.domain.views import BUILT_IN, BUILT_IN_OBJECTS
from cs_workspace.store import migrate
from cs_workspace.store.account import load_account
from cs_workspace.store.engine import Store
from cs_workspace.store.journal import Entry, Journal
from cs_workspace.store.views import built_in_row

SUBSCRIPTIONS = ("starter", "professional", "enterprise")


@dataclass(frozen=True, slots=True)
class StageSpec:
    """A stage to make: open, closed, or with a probability."""

    label: str
    is_closed: bool = False
    probability: float | None = None


def _open(*labels: str) -> tuple[StageSpec, ...]:
    return tuple(StageSpec(label) for label in labels)


USUAL_PIPELINES: Sequence[tuple[str, str, Sequence[StageSpec]]] = (
    (
        "tickets",
        "Support pipeline",
        (*_open("New", "Waiting on contact", "Waiting on us"), StageSpec("Closed", is_closed=True)),
    ),
    (
        "deals",
        "Sales pipeline",
        (
            StageSpec("Appointment scheduled", probability=0.2),
            StageSpec("Qualified to buy", probability=0.4),
            StageSpec("Presentation scheduled", probability=0.6),
            StageSpec("Decision maker bought-in", probability=0.8),
            StageSpec("Contract sent", probability=0.9),
            StageSpec("Closed won", is_closed=True, probability=1.0),
            StageSpec("Closed lost", is_closed=True, probability=0.0),
        ),
    ),
    ("services", "Service pipeline", (*_open("New", "In progress"), StageSpec("Closed", is_closed=True))),
    (
        "subscriptions",
        "Subscription pipeline",
        (*_open("Active", "Past due", "Paused"), StageSpec("Canceled", is_closed=True)),
    ),
)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What `init` asks for (SET-12)."""

    name: str
    admin: str
    time_zone: str = "UTC"
    currency: str = "EUR"
    fiscal_start: int = 1
    week_start: int = 0
    subscription: str = "enterprise"
    rates: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raise Invalid for what cannot be."""
        if not self.name.strip():
            raise Invalid("name", "is empty")
        login = self.admin.strip()
        if not login or any(c.isspace() or not c.isprintable() for c in login):
            raise Invalid("admin", f"{self.admin!r} is not a login", "Use letters, digits, dots.")
        zone(self.time_zone)
        exponent(self.currency)
        if not 1 <= self.fiscal_start <= 12:
            raise Invalid("fiscal-start", f"{self.fiscal_start} is not a month", "Use 1 to 12.")
        if self.subscription not in SUBSCRIPTIONS:
            raise Invalid("subscription", f"{self.subscription!r} is not one of {', '.join(SUBSCRIPTIONS)}")


def make_store(store: Store, account: NewAccount, clock: Clock) -> None:
    """Make tables, account, a first super admin with every seat, and the usual pipelines. Raises Invalid, Usage."""
    account.check()
    migrate.create(store)
    found_account(store, account, clock)


def is_founded(store: Store) -> bool:
    """Whether a store has its account, and not its tables alone. Raises StoreUnavailable, StoreFault."""
    try:
        with store.reading() as connection:
            load_account(connection)
    except Usage:
        return False
    return True


def found_account(store: Store, account: NewAccount, clock: Clock) -> None:
    """Write the account into a store that has its tables and nothing else. Raises Invalid."""
    account.check()
    now = clock.now()
    with store.writing() as connection:
        journal = Journal(connection, STANDARD, Entry(now, None, "init", "make the store", undoable=False))
        login = account.admin.strip().casefold()
        (admin,) = journal.create(
            "users",
            [
                {
                    "login": login,
                    "name": account.admin.strip(),
                    "service_seat": account.subscription,
                    "sales_seat": account.subscription,
                    "super_admin": True,
                    "workspace": True,
                    "manage_settings": True,
                    "goals_view": "everyone",
                    "goals_edit": "everyone",
                    "active": True,
                }
            ],
        )
        journal.create(
            "account",
            [
                {
                    "name": account.name.strip(),
                    "time_zone": account.time_zone,
                    "currency": account.currency,
                    "fiscal_start": account.fiscal_start,
                    "week_start": account.week_start,
                    "subscription": account.subscription,
                    "rates": dict(account.rates),
                    "refresh_hours": 24,
                    "admin": admin,
                }
            ],
        )
        for object_name, label, stages in USUAL_PIPELINES:
            create_pipeline(journal, object_name, label, stages, position=0)
        codes = [journal.code(name) for name in BUILT_IN_OBJECTS]
        journal.create("views", [built_in_row(code, key) for code in codes for key in BUILT_IN])


def create_pipeline(
    journal: Journal,
    object_name: str,
    label: str,
    stages: Sequence[StageSpec],
    *,
    position: int,
    external_id: str | None = None,
) -> int:
    """Write a pipeline and its stages; its id."""
    code = journal.code(object_name)
    (pipeline,) = journal.create(
        "pipelines", [{"object": code, "label": label, "position": position, "external_id": external_id}]
    )
    journal.create(
        "stages",
        [
            {
                "pipeline": pipeline,
                "label": stage.label,
                "position": number,
                "is_closed": stage.is_closed,
                "probability": stage.probability,
            }
            for number, stage in enumerate(stages)
        ],
    )
    return pipeline
