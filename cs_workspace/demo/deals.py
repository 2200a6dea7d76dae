"""Deals: new business by sales, renewals by those who look after the customer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from cs_workspace.demo.days import DAY
from cs_workspace.demo.stages import RENEWALS
from cs_workspace.demo.words import DEAL_KINDS, PRODUCTS, Country
from cs_workspace.demo.world import World
from cs_workspace.store.account import Stage
from cs_workspace.store.bulk import PastChange

SALES = "Sales pipeline"
TYPICAL_DAYS = 32  # from creation to decision


def rows(world: World, first: int) -> Iterator[dict[str, Any]]:
    """Two years of deals in the order of their making; some leave their way through the stages in the past."""
    rng, days, customers = world.stream("deals"), world.days, world.customers
    sales, renewals = world.ways[SALES], world.ways[RENEWALS]
    told = world.size.histories / world.size.deals / 2
    for number, created in enumerate(days.sample(rng, world.size.deals, last=-1)):
        which = customers.at(rng, created)
        customer = customers.all[which]
        is_renewal = rng.random() < 0.35
        way = renewals if is_renewal else sales
        kind = "renewal" if is_renewal else ("new_business" if rng.random() < 0.6 else "existing_business")
        if is_renewal:
            owner = world.staff.csm_at(customer.owner, was_paolos=customer.was_paolos, instant=created)
        else:
            owner = world.staff.pick(rng, "sales", customer.country, created)
        takes = int(min(rng.lognormvariate(3.46, 0.6), 300) * DAY)
        closes = days.in_office(rng, created + takes)
        decided = closes < world.now and rng.random() < 0.95
        if decided:
            stage = way.won if rng.random() < (0.82 if is_renewal else 0.56) else way.lost
        else:
            along = min((world.now - created) / takes, 0.999) * (0.6 + rng.random() * 0.4)
            stage = way.open[int(along * len(way.open))]
        amount, currency = _amount(rng, customer.country)
        title = rng.choice(DEAL_KINDS[kind]).format(customer.name, rng.choice(PRODUCTS))
        touched = customer.touched if not decided and customer.touched is not None else None
        yield {
            "name": title,
            "pipeline": way.pipeline,
            "stage": stage.id,
            "amount": amount,
            "currency": currency,
            "close_date": closes,
            "owner": owner,
            "companies": world.company(which),
            "contacts": world.contact(customers.contact_at(rng, which, created)),
            "deal_type": kind,
            "last_activity_at": closes if decided else max(created, touched or created),
            "created_at": created,
        }
        if rng.random() < told:
            until = closes if decided else world.now
            _tell(world, first + number, title, owner, way.open, stage, created, until)


def _amount(rng: random.Random, country: Country) -> tuple[int, str]:
    """Minor units of a round amount, mostly in the customer's currency."""
    euros = rng.lognormvariate(9.0, 0.8)
    if rng.random() < 0.3:
        return max(int(euros / 100), 5) * 10_000, "EUR"
    return max(int(euros * country.per_euro / 500), 2) * 50_000, country.currency


def _tell(
    world: World, record: int, title: str, owner: int, way: tuple[Stage, ...], last: Stage, created: int, until: int
) -> None:
    """The moves from the first stage to the last, spread over the time between."""
    passed = [s for s in way if last.is_closed or s.probability is None or (s.probability <= (last.probability or 0))]
    path = [*passed, last] if last.is_closed else passed
    for step in range(1, len(path)):
        at = created + (until - created) * step // len(path)
        if step == len(path) - 1 and last.is_closed:
            at = until
        world.past.append(
            PastChange(
                at,
                owner,
                "deals",
                record,
                "stage",
                path[step - 1].id,
                path[step].id,
                f"move {title} to {path[step].label}",
            )
        )
