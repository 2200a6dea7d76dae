"""What went to and fro: calls, e-mails, meetings and notes of ours, and what contacts did themselves."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from cs_workspace.demo.days import CUSTOMERS, DAY, HOUR, MINUTE
from cs_workspace.demo.words import (
    ACTIVITY_KINDS,
    ACTIVITY_OBJECTS,
    CALL_OUTCOMES,
    CALL_TITLES,
    EMAIL_TITLES,
    FAMOUS,
    MEETING_TITLES,
    NOTE_BODIES,
    Country,
)
from cs_workspace.demo.world import World

QUARTER = 15 * MINUTE
AHEAD = 21  # days for which meetings are booked
TODAY = (
    (9 * HOUR, 45, "Onboarding · {}", 1),
    (11 * HOUR + 30 * MINUTE, 60, "QBR · {}", 0),
    (15 * HOUR, 30, "Renewal review · {}", 2),
)


def _with_whom(world: World, rng: random.Random, at: int) -> tuple[int, int]:
    which = world.customers.at(rng, at, trouble=0.08)
    return which, world.customers.contact_at(rng, which, at)


def _base(world: World, rng: random.Random, at: int, which: int, contact: int) -> dict[str, Any]:
    customer = world.customers.all[which]
    if rng.random() < 0.25:
        owner = world.staff.pick(rng, "sales", customer.country, at)
    else:
        owner = world.staff.csm_at(customer.owner, was_paolos=customer.was_paolos, instant=at)
    if at <= world.now:
        world.customers.touch_contact(contact, at)
    return {
        "at": at,
        "owner": owner,
        "contacts": world.contact(contact),
        "companies": world.company(which),
        "created_at": min(at, world.now),
    }


def calls(world: World) -> Iterator[dict[str, Any]]:
    """Two years of calls."""
    rng = world.stream("calls")
    for at in world.days.sample(rng, world.size.calls):
        which, contact = _with_whom(world, rng, at)
        outcome = rng.choice(CALL_OUTCOMES)
        talked = outcome == "Connected"
        yield _base(world, rng, at, which, contact) | {
            "title": rng.choice(CALL_TITLES).format(world.customers.contacts[contact].first),
            "outcome": outcome,
            "direction": "inbound" if rng.random() < 0.2 else "outbound",
            "duration": int(rng.lognormvariate(6.2, 0.6)) if talked else int(rng.random() * 40),
        }


def emails(world: World) -> Iterator[dict[str, Any]]:
    """Two years of e-mails."""
    rng = world.stream("emails")
    for at in world.days.sample(rng, world.size.emails):
        which, contact = _with_whom(world, rng, at)
        first = world.customers.contacts[contact].first
        yield _base(world, rng, at, which, contact) | {
            "title": rng.choice(EMAIL_TITLES).format(world.customers.all[which].name),
            "body": f"{_greeting(world.customers.all[which].country)} {first},\n\n{rng.choice(NOTE_BODIES)}\n",
            "direction": "inbound" if rng.random() < 0.4 else "outbound",
        }


def _greeting(country: Country) -> str:
    return {"it": "Gentile", "pl": "Dzień dobry", "no": "Hei"}[country.code]


def notes(world: World) -> Iterator[dict[str, Any]]:
    """Two years of notes."""
    rng = world.stream("notes")
    for at in world.days.sample(rng, world.size.notes):
        which, contact = _with_whom(world, rng, at)
        body = rng.choice(NOTE_BODIES)
        yield _base(world, rng, at, which, contact) | {
            "title": body.split(";", maxsplit=1)[0].rstrip("."),
            "body": body,
        }


def meetings(world: World) -> Iterator[dict[str, Any]]:
    """Meetings of the past, of the coming weeks, and Dana's of today."""
    rng, days = world.stream("meetings"), world.days
    ahead = max(world.size.meetings // 20, 12)
    times = days.sample(rng, world.size.meetings - ahead - len(TODAY), last=-1, step=QUARTER)
    times += days.sample(rng, ahead, first=1, last=AHEAD, step=QUARTER)
    for starts in times:
        which, contact = _with_whom(world, rng, min(starts, world.now))
        title = rng.choice(MEETING_TITLES)
        row = _base(world, rng, starts, which, contact)
        yield row | _meeting(world, rng, starts, rng.choice((30, 30, 45, 60, 60, 90)), title, which)
    for since, minutes, title, famous in TODAY:
        which = next(i for i, c in enumerate(world.customers.all) if c.name == FAMOUS[famous][0])
        contact = world.customers.all[which].contacts[0]
        starts = days.start(0) + since
        row = _base(world, rng, starts, which, contact) | _meeting(world, rng, starts, minutes, title, which)
        yield row | {"owner": world.staff["dana"].id}


def _meeting(world: World, rng: random.Random, starts: int, minutes: int, title: str, which: int) -> dict[str, Any]:
    customer = world.customers.all[which]
    booked = starts - int(min(rng.lognormvariate(1.6, 0.7), 60) * DAY)
    booked = max(min(world.days.in_office(rng, booked), starts - HOUR, world.now - HOUR), customer.created_at)
    online = rng.random() < 0.7
    ended = starts + minutes * MINUTE <= world.now
    return {
        "title": title.format(customer.name),
        "starts_at": starts,
        "ends_at": starts + minutes * MINUTE,
        "duration": minutes * 60,
        "location": "Online" if online else rng.choice(customer.country.cities),
        "url": f"https://meet.northwind.example/{int(rng.random() * 1e9):09}" if online else None,
        "outcome": ("Completed" if rng.random() < 0.9 else "No show") if ended else "Scheduled",
        "booked_at": booked,
        "created_at": booked,
    }


def activities(world: World) -> Iterator[dict[str, Any]]:
    """What contacts did: opened, clicked, visited, submitted; more of it lately."""
    rng = world.stream("activities")
    shares = list(accumulate(share for *_, share in ACTIVITY_KINDS))
    for at in world.days.sample(rng, world.size.activities, CUSTOMERS, growth=4):
        _, contact = _with_whom(world, rng, at)
        kind, tool, title, _ = rng.choices(ACTIVITY_KINDS, cum_weights=shares)[0]
        what = rng.choice(ACTIVITY_OBJECTS[tool])
        world.customers.touch_contact(contact, at)
        yield {
            "kind": kind,
            "contact": world.contact(contact),
            "at": at,
            "tool": tool,
            "title": title.format(what),
            "sequence": what if tool == "Sequences" else None,
            "created_at": at,
        }
