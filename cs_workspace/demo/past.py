"""What happened to customers in the past two years, for their history: hand-overs, renewals, changes of mood."""

from __future__ import annotations

import random

from cs_workspace.demo.customers import Customer
from cs_workspace.demo.days import DAY, HOUR
from cs_workspace.demo.people import LEFT_DAYS_AGO
from cs_workspace.demo.world import World
from cs_workspace.store.bulk import PastChange

LATELY_DANAS = 9  # accounts that came to Dana within the last 30 days


def add(world: World) -> None:
    """Note changes of customers; those of deals and tickets are noted while these are made."""
    rng = world.stream("past")
    dana = world.staff["dana"].id
    lately = [i for i, c in enumerate(world.customers.all) if c.owner == dana and _known_for(world, c) > 60]
    lately = lately[-LATELY_DANAS * 4 :: 4][:LATELY_DANAS]
    for which in lately:
        customer = world.customers.all[which]
        before = rng.choice([p for p in world.staff.pool("csm", customer.country) if p.left is None])
        _note(world, which, rng.randrange(1, 28), dana, "owner", before.id, dana)
    for which, customer in enumerate(world.customers.all):
        if customer.was_paolos and len(world.past) < 3 * world.size.histories:
            _note(world, which, LEFT_DAYS_AGO + 1, dana, "owner", world.staff["paolo"].id, customer.owner)
    count = len(world.customers.all)
    for which in sorted(rng.sample(range(count), min(count, world.size.histories) // 2)):
        _tell(world, rng, which)


def _known_for(world: World, customer: Customer) -> int:
    """Days since the customer came."""
    return (world.now - customer.created_at) // DAY


def _tell(world: World, rng: random.Random, which: int) -> None:
    customer = world.customers.all[which]
    known = _known_for(world, customer)
    ago = 365 - customer.renewal + rng.randrange(5, 25)  # last year's renewal was agreed some weeks before its day
    if 1 < ago < min(known, 700):
        day = world.days.day_number(0) + customer.renewal
        _note(world, which, ago, customer.owner, "renewal_date", day - 365, day)
        _note(world, which, ago, customer.owner, "arr", customer.arr * 9 // 10 // 5000 * 5000, customer.arr)
    mood = rng.randrange(2, 80)
    if customer.sentiment in {"positive", "negative"} and mood < known:
        _note(world, which, mood, customer.owner, "sentiment", "neutral", customer.sentiment)


def _note(world: World, which: int, days_ago: int, user: int, prop: str, old: object, new: object) -> None:
    at = world.days.start(-days_ago) + 9 * HOUR + (which * 7919 + days_ago) % (8 * 3600) * 1000
    label = f"set {prop} of company {world.customers.all[which].name}"
    world.past.append(PastChange(at, user, "companies", world.first_company + which, prop, old, new, label))
