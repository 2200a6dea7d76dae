"""Tickets: when customers wrote, how soon somebody answered, and when it was solved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cs_workspace.demo.days import CUSTOMERS, HOUR, MINUTE
from cs_workspace.demo.stages import ESCALATIONS
from cs_workspace.demo.words import CATEGORIES, PROBLEMS, PRODUCTS
from cs_workspace.demo.world import World
from cs_workspace.store.bulk import PastChange

SUPPORT = "Support pipeline"
PRIORITIES = ("low", "medium", "medium", "medium", "high", "high", "urgent")
FASTEST_REPLY, FASTEST_FIX = 2 * MINUTE, 10 * MINUTE
FORGOTTEN = 0.012  # share of tickets that nobody ever closed


def rows(world: World, first: int) -> Iterator[dict[str, Any]]:
    """Two years of tickets in the order in which they came; some leave their way through the stages in the past."""
    rng, days, customers, now = world.stream("tickets"), world.days, world.customers, world.now
    support, escalations = world.ways[SUPPORT], world.ways[ESCALATIONS]
    told = world.size.histories / world.size.tickets / 2
    for number, created in enumerate(days.sample(rng, world.size.tickets, CUSTOMERS)):
        which = customers.at(rng, created, trouble=0.15)
        customer = customers.all[which]
        escalated = rng.random() < 0.06
        way = escalations if escalated else support
        owner = world.staff.pick(rng, "support", customer.country, created)
        reply = days.in_office(rng, created + max(int(rng.lognormvariate(-0.2, 1.0) * HOUR), FASTEST_REPLY))
        fixed = days.in_office(rng, reply + max(int(rng.lognormvariate(2.1, 1.2) * HOUR), FASTEST_FIX))
        is_fixed = fixed < now and rng.random() >= FORGOTTEN
        if is_fixed:
            stage = way.won
        elif reply >= now:
            stage = way.open[0]
        else:
            stage = way.open[1 + int(rng.random() * (len(way.open) - 1))]
        subject = rng.choice(PROBLEMS).format(rng.choice(PRODUCTS))
        yield {
            "subject": subject,
            "pipeline": way.pipeline,
            "stage": stage.id,
            "priority": "urgent" if escalated else rng.choice(PRIORITIES),
            "category": rng.choice(CATEGORIES),
            "owner": owner,
            "companies": world.company(which),
            "contacts": world.contact(customers.contact_at(rng, which, created)),
            "first_reply_at": reply if reply < now else None,
            "closed_at": fixed if is_fixed else None,
            "created_at": created,
        }
        if rng.random() < told and reply < now:
            record, waiting = first + number, way.open[1] if is_fixed else stage

            def tell(at: int, prop: str, old: Any, new: Any, label: str, who: int = owner, what: int = record) -> None:
                world.past.append(PastChange(at, who, "tickets", what, prop, old, new, label))

            tell(reply, "stage", way.open[0].id, waiting.id, f"move {subject} to {waiting.label}")
            if is_fixed:
                tell(fixed, "stage", waiting.id, stage.id, f"move {subject} to {stage.label}")
                tell(fixed, "closed_at", None, fixed, f"move {subject} to {stage.label}")
