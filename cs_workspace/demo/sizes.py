"""How much a demo store of each size holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of records; `bulk_goals` come on top of the hand-made ones."""

    customers: int
    contacts: int
    deals: int
    tickets: int
    services: int
    subscriptions: int
    tasks: int
    calls: int
    emails: int
    meetings: int
    notes: int
    activities: int
    extra_users: int = 0
    bulk_goals: int = 0
    histories: int = 300  # deals and tickets whose way through the stages is told

    @property
    def records(self) -> int:
        """All of them together."""
        some = (self.customers, self.contacts, self.deals, self.tickets, self.services, self.subscriptions, self.tasks)
        return sum(some) + self.calls + self.emails + self.meetings + self.notes + self.activities


SIZES = {
    "small": Size(
        customers=300,
        contacts=600,
        deals=700,
        tickets=2_000,
        services=160,
        subscriptions=240,
        tasks=400,
        calls=1_200,
        emails=900,
        meetings=700,
        notes=300,
        activities=1_500,
    ),
    "medium": Size(
        customers=10_000,
        contacts=20_000,
        deals=30_000,
        tickets=100_000,
        services=6_000,
        subscriptions=8_000,
        tasks=12_000,
        calls=30_000,
        emails=30_000,
        meetings=12_000,
        notes=8_000,
        activities=50_000,
        extra_users=24,
        bulk_goals=100,
        histories=2_000,
    ),
    "large": Size(
        customers=100_000,
        contacts=150_000,
        deals=300_000,
        tickets=1_000_000,
        services=50_000,
        subscriptions=80_000,
        tasks=60_000,
        calls=100_000,
        emails=100_000,
        meetings=50_000,
        notes=40_000,
        activities=200_000,
        extra_users=90,
        bulk_goals=1_000,
        histories=5_000,
    ),
}
