"""Tasks: most are done, some are due, a few were forgotten; Dana's day looks like a day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from cs_workspace.demo.days import DAY, HOUR, MINUTE
from cs_workspace.demo.words import TASK_TITLES
from cs_workspace.demo.world import World

BACK, AHEAD = 420, 28  # days
DONE_TODAY, LEFT_TODAY, TOMORROW = 7, 3, 4  # of Dana's


def rows(world: World) -> Iterator[dict[str, Any]]:
    """All tasks in the order of their due times, Dana's of today and tomorrow last."""
    rng, days, dana = world.stream("tasks"), world.days, world.staff["dana"].id
    busy = max(world.size.tasks // 12, 10)
    mine_only = DONE_TODAY + LEFT_TODAY + TOMORROW
    dues = days.sample(rng, world.size.tasks - busy - mine_only, first=-BACK, last=-1, step=30 * MINUTE)
    dues += days.sample(rng, busy, first=2, last=AHEAD, step=30 * MINUTE)
    for due in dues:
        which = world.customers.at(rng, min(due, world.now) - 20 * DAY, trouble=0.2)
        customer = world.customers.all[which]
        owner = world.staff.csm_at(customer.owner, was_paolos=customer.was_paolos, instant=due)
        if rng.random() < 0.2:
            owner = world.staff.pick(rng, "sales", customer.country, min(due, world.now))
        done = due < world.now and rng.random() < 0.985
        yield _task(world, rng, due, which, owner, done=done)
    tonight = days.start(1) - MINUTE
    later = min(max(world.now + 30 * MINUTE, days.start(0) + 17 * HOUR), tonight)
    mine = [i for i, c in enumerate(world.customers.all) if c.owner == dana and c.created_at < world.now - 30 * DAY]
    for number in range(mine_only):
        if number < DONE_TODAY:
            due = days.start(0) + (9 + number) * HOUR
        elif number < DONE_TODAY + LEFT_TODAY:
            due = min(later + (number - DONE_TODAY) * 30 * MINUTE, tonight)
        else:
            due = days.start(1) + (9 + 2 * (number - DONE_TODAY - LEFT_TODAY)) * HOUR
        yield _task(world, rng, due, rng.choice(mine), dana, done=number < DONE_TODAY)


def _task(world: World, rng: random.Random, due: int, which: int, owner: int, *, done: bool) -> dict[str, Any]:
    customer = world.customers.all[which]
    kind = rng.choice(("to_do", "to_do", "call", "email"))
    created = max(min(due, world.now) - int((1 + rng.random() * 14) * DAY) // 1000 * 1000, customer.created_at)
    completed = max(min(due, world.now - MINUTE) - int(rng.random() ** 2 * 30) * HOUR, created)
    with_contact = rng.random() < 0.5
    return {
        "title": rng.choice(TASK_TITLES[kind]).format(customer.name),
        "type": kind,
        "priority": rng.choice(("none", "low", "medium", "medium", "high")),
        "status": "completed" if done else "open",
        "due_at": due,
        "assignee": owner,
        "remind_at": due - HOUR if rng.random() < 0.3 else None,
        "completed_at": completed if done else None,
        "companies": world.company(which),
        "contacts": world.contact(world.customers.contact_at(rng, which, created)) if with_contact else (),
        "created_at": created,
    }
