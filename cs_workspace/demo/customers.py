"""Customers and their contacts: who they are, who looks after them, how they are doing."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cs_workspace.demo.days import DAY, PAST, WorkDays
from cs_workspace.demo.people import LEFT_DAYS_AGO, Staff
from cs_workspace.demo.sizes import Size
from cs_workspace.demo.words import COUNTRIES, FAMOUS, INDUSTRIES, JOB_TITLES, Country
from cs_workspace.domain.query.folding import fold

DANAS = 128  # accounts Dana looks after, as far as there are so many
OLD_SHARE = 0.6  # of customers who were there before the two years of history


@dataclass(slots=True)
class Customer:
    """A company; `touched` is the last activity with it."""

    name: str
    domain: str
    country: Country
    owner: int
    created_at: int
    arr: int  # euro cents
    health: int | None
    sentiment: str | None
    renewal: int  # days from today
    was_paolos: bool = False
    contacts: list[int] = field(default_factory=list)
    touched: int | None = None


@dataclass(slots=True)
class Contact:
    """A person at a customer."""

    first: str
    last: str
    customer: int
    created_at: int
    touched: int | None = None


class Customers:
    """All customers in the order in which they came, so that those of a time are found by looking once."""

    def __init__(self, rng: random.Random, days: WorkDays, staff: Staff, size: Size) -> None:
        self.days = days
        old = int(size.customers * OLD_SHARE)
        start = days.start(-PAST)
        came = sorted(start - int(rng.random() * 3 * 365) * DAY + 10 * 3600_000 for _ in range(old))
        came += days.sample(rng, size.customers - old, last=-20)
        self.came = came
        names = _names(rng, size.customers)
        self.all = [self._customer(rng, staff, size, *name, at) for name, at in zip(names, came, strict=True)]
        self.troubled = [i for i, each in enumerate(self.all) if each.health is not None and each.health < 40]
        self.contacts = self._contacts(rng, size)

    def _customer(
        self, rng: random.Random, staff: Staff, size: Size, name: str, domain: str, country: Country, at: int
    ) -> Customer:
        pool = staff.pool("csm", country)
        was_paolos = False
        famous = next((each for each in FAMOUS if each[1] == domain), None)
        if rng.random() < min(DANAS / size.customers, 0.43) or famous is not None:
            owner = staff["dana"]
        else:
            owner = pool[int(rng.random() * len(pool))]
            if owner.left is not None:
                was_paolos = at < self.days.start(-LEFT_DAYS_AGO - 30)
                owner = staff["lee"] if rng.random() < 0.5 else staff["giulia"]
        mood = rng.random()
        health: int | None = None
        if mood < 0.55:
            health = 70 + int(rng.random() * 29)
        elif mood < 0.81:
            health = 40 + int(rng.random() * 30)
        elif mood < 0.955:
            health = 9 + int(rng.random() * 31)
        if famous is not None:
            health = famous[3]
        arr = int(rng.lognormvariate(9.8, 0.9)) // 50 * 5000
        renewal = int(rng.triangular(-10, 364, 120))
        return Customer(
            name, domain, country, owner.id, at, max(arr, 120_000), health, _sentiment(rng, health), renewal, was_paolos
        )

    def _contacts(self, rng: random.Random, size: Size) -> list[Contact]:
        found: list[Contact] = []
        count = len(self.all)
        for number in range(size.contacts):
            # Everybody has one, some have many.
            which = number if number < count else int(rng.random() ** 1.5 * count)
            customer = self.all[which]
            after = int(rng.random() ** 3 * max(self.days.now - DAY - customer.created_at, 0))
            at = customer.created_at + (0 if number < count else after // 1000 * 1000)
            found.append(
                Contact(rng.choice(customer.country.first_names), rng.choice(customer.country.last_names), which, at)
            )
            customer.contacts.append(number)
        return found

    def at(self, rng: random.Random, instant: int, *, trouble: float = 0.0) -> int:
        """The place of some customer who was there at the time; with a chance of `trouble`, an unhappy one."""
        if trouble and rng.random() < trouble and self.troubled:
            found = self.troubled[int(rng.random() * len(self.troubled))]
            if self.came[found] <= instant:
                return found
        there = bisect_right(self.came, instant)
        return int(rng.random() * there)

    def contact_at(self, rng: random.Random, customer: int, instant: int) -> int:
        """Somebody at a customer who was there at the time; the first contact always was."""
        known = self.all[customer].contacts
        found = known[int(rng.random() * len(known))]
        return found if self.contacts[found].created_at <= instant else known[0]

    def touch(self, customer: int, instant: int) -> None:
        """Note an activity with a customer."""
        each = self.all[customer]
        if each.touched is None or instant > each.touched:
            each.touched = instant

    def touch_contact(self, contact: int, instant: int) -> None:
        """Note an activity with a contact, and so with the customer."""
        each = self.contacts[contact]
        if each.touched is None or instant > each.touched:
            each.touched = instant
        self.touch(each.customer, instant)

    def company_rows(self, rng: random.Random) -> Iterator[dict[str, Any]]:
        """What the store keeps of each company."""
        for each in self.all:
            employees = max(int(rng.lognormvariate(4.2, 1.1)), 3)
            yield {
                "name": each.name,
                "domain": each.domain,
                "owner": each.owner,
                "lifecycle_stage": "evangelist" if rng.random() < 0.06 else "customer",
                "industry": rng.choice(INDUSTRIES),
                "country": each.country.name,
                "phone": _phone(rng, each.country),
                "employees": employees,
                "annual_revenue": employees * (60 + int(rng.random() * 140)) * 100_000,
                "arr": each.arr,
                "renewal_date": self.days.day_number(0) + each.renewal,
                "sentiment": each.sentiment,
                "health": each.health,
                "last_activity_at": each.touched,
                "created_at": each.created_at,
            }

    def contact_rows(self, rng: random.Random, first_company: int) -> Iterator[dict[str, Any]]:
        """What the store keeps of each contact."""
        used: Counter[str] = Counter()
        for each in self.contacts:
            customer = self.all[each.customer]
            base = f"{_plain(each.first)}.{_plain(each.last)}"
            address = f"{base}@{customer.domain}"
            used[address] += 1
            if used[address] > 1:
                address = f"{base}{used[address]}@{customer.domain}"
            yield {
                "first_name": each.first,
                "last_name": each.last,
                "email": address,
                "phone": _phone(rng, customer.country) if rng.random() < 0.7 else None,
                "job_title": rng.choice(JOB_TITLES),
                "companies": (first_company + each.customer,),
                "owner": customer.owner,
                "last_activity_at": each.touched,
                "created_at": each.created_at,
            }


def _names(rng: random.Random, count: int) -> list[tuple[str, str, Country]]:
    found: list[tuple[str, str, Country]] = []
    names: set[str] = set()
    domains: Counter[str] = Counter()
    # The famous ones are spread over the first customers, not all at the start.
    famous = {i * 7 % max(count, 1): each for i, each in enumerate(FAMOUS)}
    for _, domain, *_ in FAMOUS:
        domains[domain] += 1
    for number in range(count):
        if number in famous:
            found.append(famous[number][:3])
            names.add(famous[number][0])
            continue
        country = COUNTRIES[int(rng.random() * 3)]
        words = country.cities if rng.random() < 0.25 else country.last_names
        core = rng.choice(country.trades).format(rng.choice(words))
        form = rng.choice(country.forms)
        name = f"{core} {form}".rstrip()
        if name in names:
            core = f"{core} {rng.choice(country.cities)}"
            name = f"{core} {form}".rstrip()
        names.add(name)
        domain = f"{_plain(core)}.{country.top_level}"
        domains[domain] += 1
        if domains[domain] > 1:
            domain = f"{_plain(core)}{domains[domain]}.{country.top_level}"
        found.append((name, domain, country))
    return found


def _plain(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _phone(rng: random.Random, country: Country) -> str:
    digits = f"{int(rng.random() * 1e8):08}"
    return f"{country.phone}{digits[:2]} {digits[2:5]} {digits[5:]}"


def _sentiment(rng: random.Random, health: int | None) -> str | None:
    if health is None:
        return None
    if health < 40:
        return "negative" if rng.random() < 0.7 else "neutral"
    if health < 70:
        return "neutral" if rng.random() < 0.8 else "positive"
    return "positive" if rng.random() < 0.8 else "neutral"
