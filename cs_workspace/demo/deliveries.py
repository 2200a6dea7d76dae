"""What customers have bought: services on their way, and subscriptions that run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cs_workspace.demo.days import DAY
from cs_workspace.demo.stages import ONBOARDING
from cs_workspace.demo.words import PRODUCTS
from cs_workspace.demo.world import World

SERVICE, SUBSCRIPTION = "Service pipeline", "Subscription pipeline"
SERVICE_NAMES = ("{} · {} training", "{} · {} migration", "{} · {} integration", "{} · {} health check")
YEAR = 365


def services(world: World) -> Iterator[dict[str, Any]]:
    """Onboardings of customers who came lately, and other work for all."""
    rng, days, customers = world.stream("services"), world.days, world.customers
    onboarding, other = world.ways[ONBOARDING], world.ways[SERVICE]
    for created in days.sample(rng, world.size.services, first=-540, last=-1, growth=2.5):
        which = customers.at(rng, created)
        customer = customers.all[which]
        way = onboarding if rng.random() < 0.6 else other
        product = rng.choice(PRODUCTS)
        title = (
            f"{customer.name} onboarding"
            if way is onboarding
            else rng.choice(SERVICE_NAMES).format(customer.name, product)
        )
        takes = 20 + int(rng.random() * 70)
        start = days.offset_of(created) + 3
        age = -start
        late = rng.random() < 0.22
        is_done = age > takes * (1.6 if late else 1.0)
        along = min(max(age, 0) / takes, 0.99)
        stage = way.won if is_done else way.open[int(along * len(way.open))]
        if is_done:
            status = "completed"
        elif late:
            status = "delayed" if age > takes else rng.choice(("at_risk", "blocked", "delayed"))
        else:
            status = "on_track"
        yield {
            "name": title,
            "pipeline": way.pipeline,
            "stage": stage.id,
            "status": status,
            "owner": world.staff.csm_at(customer.owner, was_paolos=customer.was_paolos and is_done, instant=created),
            "companies": world.company(which),
            "start_date": days.day_number(0) + start,
            "target_end_date": days.day_number(0) + start + takes,
            "cost": (5 + int(rng.random() * 60)) * 50_000,
            "currency": "EUR",
            "created_at": created,
        }


def subscriptions(world: World) -> Iterator[dict[str, Any]]:
    """Most customers have one, which ends on the day they are to renew."""
    rng, days, customers = world.stream("subscriptions"), world.days, world.customers
    way = world.ways[SUBSCRIPTION]
    active, past_due, paused = way.open[:3]
    today = days.day_number(0)
    chosen = sorted(rng.sample(range(len(customers.all)), world.size.subscriptions))
    for which in chosen:
        customer = customers.all[which]
        luck = rng.random()
        canceled = luck > 0.94
        stage = way.won if canceled else active if luck < 0.85 else past_due if luck < 0.91 else paused
        frequency = rng.choice(("monthly", "monthly", "quarterly", "yearly"))
        end = today + customer.renewal - (YEAR if canceled else 0)
        start = min(customer.created_at // DAY + 2, end - YEAR)
        gap = {"monthly": 30, "quarterly": 91, "yearly": YEAR}[frequency]
        local = rng.random() < 0.5
        mrr = int(customer.arr / 12 * (customer.country.per_euro if local else 1)) // 100 * 100
        yield {
            "name": f"{customer.name} · {rng.choice(PRODUCTS)}",
            "pipeline": way.pipeline,
            "stage": stage.id,
            "owner": customer.owner,
            "companies": world.company(which),
            "mrr": mrr,
            "currency": customer.country.currency if local else "EUR",
            "billing_frequency": frequency,
            "start_date": start,
            "end_date": end,
            "next_payment_date": None if canceled else today + (start - today) % gap,
            "created_at": customer.created_at,
        }
