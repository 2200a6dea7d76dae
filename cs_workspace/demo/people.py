"""Who works at the made-up company: teams, users with different seats and rights, and who was there when."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cs_workspace.demo.days import DAY, PAST, WorkDays
from cs_workspace.demo.words import COUNTRIES, ITALY, NORWAY, POLAND, Country
from cs_workspace.domain.query.folding import fold
from cs_workspace.store.journal import Journal

MAIL = "northwind.example"
ZONES = {"Italy": "Europe/Rome", "Poland": "Europe/Warsaw", "Norway": "Europe/Oslo"}
LEFT_DAYS_AGO = 120  # when Paolo went
JOINED_DAYS_AGO = 14  # when Sofia came
LONG_AGO = PAST + 400

# Rights by role: seats, then the workspace, settings, goals.
CSM = {"service_seat": "enterprise", "sales_seat": "professional", "workspace": True, "goals_view": "team"}
SALES = {"service_seat": "starter", "sales_seat": "enterprise", "workspace": True, "goals_view": "own"}
SUPPORT = {"service_seat": "professional", "sales_seat": "none", "workspace": True, "goals_view": "own"}
LEAD = {"goals_view": "everyone", "goals_edit": "team", "manage_settings": True}


@dataclass(frozen=True, slots=True)
class Colleague:
    """One user: what they do, for which market, and between which days."""

    login: str
    name: str
    country: Country | None
    role: str  # csm, sales, support, or none of them
    teams: tuple[str, ...]
    rights: Mapping[str, Any]
    joined: int = LONG_AGO  # days ago
    left: int | None = None
    id: int = 0


def _core() -> list[Colleague]:
    everything = {
        "service_seat": "enterprise",
        "sales_seat": "enterprise",
        "super_admin": True,
        "workspace": True,
        "manage_settings": True,
        "goals_view": "everyone",
        "goals_edit": "everyone",
    }
    return [
        Colleague("dana", "Dana Kim", None, "csm", ("EMEA",), everything),
        Colleague("lee", "Lee Park", ITALY, "csm", ("Italy", "Norway"), CSM | LEAD),
        Colleague("kari", "Kari Nordmann", NORWAY, "csm", ("Norway",), CSM | LEAD),
        Colleague("marta", "Marta Wiśniewska", POLAND, "csm", ("Poland",), CSM | LEAD),
        Colleague("giulia", "Giulia Conti", ITALY, "csm", ("Italy",), CSM),
        Colleague("jakub", "Jakub Żak", POLAND, "csm", ("Poland",), CSM | {"goals_edit": "own"}),
        Colleague("ingrid", "Ingrid Bjørnstad", NORWAY, "csm", ("Norway", "Poland"), CSM),
        Colleague("luca", "Luca Ferrari", ITALY, "sales", ("Italy",), SALES),
        Colleague("piotr", "Piotr Kowalczyk", POLAND, "sales", ("Poland",), SALES | {"sales_seat": "professional"}),
        Colleague("ola", "Ola Sæther", NORWAY, "sales", ("Norway",), SALES | {"service_seat": "none"}),
        Colleague("francesca", "Francesca Ricci", ITALY, "support", ("Italy",), SUPPORT),
        Colleague("zofia", "Zofia Łukasik", POLAND, "support", ("Poland",), SUPPORT | {"service_seat": "enterprise"}),
        Colleague("hakon", "Håkon Øverland", NORWAY, "support", ("Norway",), SUPPORT),
        Colleague("sofia", "Sofia Marino", ITALY, "support", ("Italy",), SUPPORT, joined=JOINED_DAYS_AGO),
        Colleague("paolo", "Paolo Gallo", ITALY, "csm", ("Italy",), CSM, left=LEFT_DAYS_AGO),
        Colleague("tomasz", "Tomasz Mazur", POLAND, "", ("Poland",), {"sales_seat": "starter", "goals_view": "own"}),
        Colleague("robin", "Robin Vale", None, "", (), {"super_admin": True, "goals_view": "everyone"}),
        Colleague("eva", "Eva Holm", None, "", ("EMEA",), {}),
    ]


@dataclass(slots=True)
class Staff:
    """Everybody, and who can be given what."""

    days: WorkDays
    people: list[Colleague]
    _pools: dict[tuple[str, str], list[Colleague]] = field(default_factory=dict)
    _by_login: dict[str, Colleague] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pools: dict[tuple[str, str], list[Colleague]] = defaultdict(list)
        for each in self.people:
            if each.country is not None:
                pools[each.role, each.country.name].append(each)
        self._pools = dict(pools)
        self._by_login = {each.login: each for each in self.people}

    def __getitem__(self, login: str) -> Colleague:
        return self._by_login[login]

    def pool(self, role: str, country: Country) -> Sequence[Colleague]:
        """Everybody of a role in a market, also who has left."""
        return self._pools[role, country.name]

    def csm_at(self, owner: int, *, was_paolos: bool, instant: int) -> int:
        """Who looked after a customer at a time: before Paolo went, he did after those that were his."""
        gone = was_paolos and (self.days.now - instant) / DAY > LEFT_DAYS_AGO
        return self["paolo"].id if gone else owner

    def pick(self, rng: random.Random, role: str, country: Country, instant: int) -> int:
        """Somebody of this role in this market who was there at the time."""
        pool = self._pools[role, country.name]
        ago = (self.days.now - instant) / DAY
        while True:
            each = pool[int(rng.random() * len(pool))]
            if ago <= each.joined and (each.left is None or ago > each.left):
                return each.id


def _extra(rng: random.Random, count: int, taken: set[str]) -> list[Colleague]:
    """More colleagues for a larger company, in teams of their own within their country's."""
    found: list[Colleague] = []
    roles = ("csm", "support", "support", "sales", "csm", "support")
    for number in range(count):
        country = COUNTRIES[number % len(COUNTRIES)]
        role = roles[number // len(COUNTRIES) % len(roles)]
        name = f"{rng.choice(country.first_names)} {rng.choice(country.last_names)}"
        login = base = _login(name)
        again = 1
        while login in taken:
            again += 1
            login = f"{base}{again}"
        taken.add(login)
        team = f"{country.name} · {country.teams[number // len(COUNTRIES) % len(country.teams)]}"
        rights = {"csm": CSM, "sales": SALES, "support": SUPPORT}[role]
        found.append(Colleague(login, name, country, role, (team,), rights))
    return found


def _login(name: str) -> str:
    return ".".join("".join(c for c in fold(word) if c.isalnum()) for word in name.split())


def hire(journal: Journal, rng: random.Random, days: WorkDays, extra: int) -> Staff:
    """Write teams and users; the first user is the admin the store was made with."""
    people = _core()
    people += _extra(rng, extra, {login for each in people for login in (each.login, _login(each.name))})
    team_names = ["EMEA", *(c.name for c in COUNTRIES)]
    for each in people:
        team_names += [t for t in each.teams if t not in team_names]
    founded = days.start(-PAST)
    teams: dict[str, int] = {}
    for name in team_names:
        parent = (
            () if name == "EMEA" else (teams[name.split(" · ", maxsplit=1)[0]] if " · " in name else teams["EMEA"],)
        )
        (teams[name],) = journal.create("teams", [{"name": name, "parent": parent, "created_at": founded}])
    admin, *others = people
    admin_id = 1
    journal.update("users", {admin_id: _row(admin, teams, days)})
    ids = journal.create("users", [_row(each, teams, days) for each in others])
    return Staff(days, [replace(each, id=number) for each, number in zip(people, [admin_id, *ids], strict=True)])


def _row(each: Colleague, teams: Mapping[str, int], days: WorkDays) -> dict[str, Any]:
    nothing = {
        "service_seat": "none",
        "sales_seat": "none",
        "super_admin": False,
        "workspace": False,
        "manage_settings": False,
        "goals_view": "none",
        "goals_edit": "none",
    }
    return {
        "login": each.login,
        "name": each.name,
        "email": f"{each.login if '.' in each.login else _login(each.name)}@{MAIL}",
        "teams": tuple(teams[t] for t in each.teams),
        **nothing,
        **each.rights,
        "time_zone": ZONES[each.country.name] if each.country else None,
        "active": True,
        "created_at": days.start(-min(each.joined, PAST)) + 9 * 3600 * 1000,
    }
