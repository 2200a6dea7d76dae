"""How customers did in the last ninety days: a few scores each, the last of them the one the company has.

A score is told backwards, from where it ended: a step changes what one or two groups give. What a group gives is made
of plausible rules once for each number of points, as JSON, because a large store takes hundreds of thousands of them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from cs_workspace.demo.customers import Customer
from cs_workspace.demo.days import DAY, HOUR
from cs_workspace.demo.world import World
from cs_workspace.domain.health import DEFAULT_GROUPS, RulePoints, points, score, to_json
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.store.bulk import HealthRow

NIGHT = 2 * HOUR + 10 * 60_000  # when scores are calculated
LATELY = 90  # days
STEPS = (1, 2, 2, 3)  # changes per customer
FEW_STEPS = (1, 1, 1, 2)  # in a store of tens of thousands
MANY = 20_000  # customers

ENGAGEMENT, CALLS, TICKETS, SENTIMENT, NPS = DEFAULT_GROUPS
_PLACES = (ENGAGEMENT, CALLS, TICKETS)  # whose points may be any number; those of the others come in steps


class Given(NamedTuple):
    """What the groups give, in their order."""

    engagement: int
    calls: int
    tickets: int
    sentiment: int
    nps: int


# Who is told of: days ago and what the groups gave then compared with today, for each step before the last.
STORIES: Mapping[str, tuple[tuple[int, Mapping[str, int]], ...]] = {
    "blabaer.no": (
        (2, {}),
        (11, {"tickets": 6}),
        (33, {"tickets": 12}),
        (60, {"tickets": 12, "calls": 7}),
        (88, {"tickets": 18, "calls": 9}),
    ),
    "lodzrobotics.pl": ((3, {}), (33, {"engagement": -5}), (70, {"engagement": -9, "tickets": -6})),
    "contoso.it": ((9, {}), (40, {"engagement": 9}), (80, {"engagement": 9, "calls": 4})),
    "fabrikam.pl": ((5, {}), (45, {"tickets": -7}), (86, {"tickets": -7, "calls": 5})),
    "fjordglimt.no": ((14, {}), (75, {"calls": -4})),
    "caffedangelo.it": ((20, {}), (60, {"engagement": -3}), (85, {"engagement": -6})),
}


def rows(world: World) -> Iterator[HealthRow]:
    """The points of all customers that have a score."""
    rng = world.stream("health")
    code = STANDARD["companies"].code
    written: dict[tuple[Given, str | None], str] = {}
    for which, customer in enumerate(world.customers.all):
        if customer.health is None:
            continue
        record = world.first_company + which
        for days_ago, given in reversed(_told(world, rng, customer)):
            key = (given, customer.sentiment)
            text = written.get(key)
            if text is None:
                text = written[key] = _written(given, customer.sentiment)
            yield code, record, min(world.days.start(-days_ago) + NIGHT, world.now), sum(given), text


def _told(world: World, rng: random.Random, customer: Customer) -> list[tuple[int, Given]]:
    """Days ago and what the groups gave then, the latest first."""
    assert customer.health is not None
    last = _split(rng, customer.health, customer.sentiment, unhappy=customer.health < 40)
    known = (world.now - customer.created_at) // DAY - 1
    story = STORIES.get(customer.domain)
    if story is not None:
        told = [(days, _moved(last, change)) for days, change in story]
    else:
        choice = FEW_STEPS if len(world.customers.all) > MANY else STEPS
        steps = choice[int(rng.random() * len(choice))]
        days = int(rng.random() * 20)
        told = [(days, last)]
        for left in range(steps, 0, -1):
            days += 1 + int(rng.random() * ((LATELY - days - left) / left))
            days = max(days, LATELY - 10) if left == 1 else days
            told.append((days, _before(rng, told[-1][1], customer.health)))
    return [(days, given) for days, given in told if days < known] or [(0, last)]


def _before(rng: random.Random, after: Given, health: int) -> Given:
    """What the groups gave one step earlier: more where things went down, which those at risk mostly did."""
    down = rng.random() < (0.8 if health < 40 else 0.5 if health < 70 else 0.3)
    change: dict[str, int] = {}
    for group in rng.sample(_PLACES, 1 if rng.random() < 0.6 else 2):
        change[group.name] = (1 if down else -1) * (2 + int(rng.random() ** 2 * group.maximum * 0.5))
    return _moved(after, change)


def _moved(given: Given, change: Mapping[str, int]) -> Given:
    """Other points, within the limits of the groups."""
    found = given._asdict()
    for group in _PLACES:
        found[group.name] = max(0, min(group.maximum, found[group.name] + change.get(group.name, 0)))
    return Given(**found)


def _split(rng: random.Random, health: int, sentiment: str | None, *, unhappy: bool) -> Given:
    """Points of the groups that make this score."""
    most = sum(group.maximum for group in _PLACES)
    mood = _nearest(_MOODS[sentiment], health / 100 * SENTIMENT.maximum, health, most + NPS.maximum)
    nps = _nearest((0, 5, 10), health / 100 * NPS.maximum, health - mood, most)
    left = health - mood - nps
    found: dict[str, int] = {}
    for group in _PLACES[:-1]:
        most -= group.maximum
        # With those at risk it is mostly the tickets: the other groups give their share and more.
        share = left * group.maximum / (most + group.maximum) * (1.2 if unhappy else 0.9 + 0.2 * rng.random())
        found[group.name] = max(left - most, 0, min(round(share), group.maximum, left))
        left -= found[group.name]
    return Given(found["engagement"], found["calls"], left, mood, nps)


def _nearest(offered: tuple[int, ...], wanted: float, total: int, others: int) -> int:
    """Of the points a group may give, those nearest to what is wanted that leave a rest the others can make."""
    return min((each for each in offered if 0 <= total - each <= others), key=lambda each: abs(each - wanted))


# What the CSM's word gives, and what else counts in its group.
_WORDS = {"positive": 14, "neutral": 8, "negative": 0, None: 0}
_BESIDES = (("An executive sponsor is known", 6), ("Would be a reference", 12), ("Renewal is in doubt", -14))


def _mood_rules(sentiment: str | None) -> dict[int, tuple[RulePoints, ...]]:
    """Rules by the points they give together, within the limit."""
    word = RulePoints(f"CSM sentiment is {sentiment or 'unknown'}", int(sentiment is not None), _WORDS[sentiment])
    found: dict[int, tuple[RulePoints, ...]] = {}
    for chosen in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0), (0, 0, 1), (1, 0, 1)):
        besides = (
            RulePoints(label, there, there * each) for (label, each), there in zip(_BESIDES, chosen, strict=True)
        )
        group = replace(SENTIMENT, rules=(word, *besides))
        found.setdefault(points(group), group.rules)
    return found


_MOOD_RULES = {sentiment: _mood_rules(sentiment) for sentiment in _WORDS}
_MOODS = {sentiment: tuple(rules) for sentiment, rules in _MOOD_RULES.items()}


def _written(given: Given, sentiment: str | None) -> str:
    """The groups as the store keeps them."""
    met, answered = divmod(given.engagement, 5)
    talked, missed = -(-given.calls // 4), -given.calls % 4
    urgent, waiting = divmod(TICKETS.maximum - given.tickets, 6)
    groups = (
        replace(
            ENGAGEMENT,
            rules=(
                RulePoints("Meetings held in the last 60 days", met, met * 5),
                RulePoints("E-mails answered in the last 30 days", answered, answered),
                RulePoints("Nobody seen for 45 days", int(not given.engagement), -5 * (not given.engagement)),
            ),
        ),
        replace(
            CALLS,
            rules=(
                RulePoints("Calls connected in the last 30 days", talked, talked * 4),
                RulePoints("Calls nobody answered", missed, -missed),
            ),
        ),
        replace(
            TICKETS,
            rules=(
                RulePoints("To begin with", 1, TICKETS.maximum),
                RulePoints("Open tickets with priority high or urgent", urgent, -6 * urgent),
                RulePoints("Tickets waiting for us for three days", waiting, -waiting),
            ),
        ),
        replace(SENTIMENT, rules=_MOOD_RULES[sentiment][given.sentiment]),
        replace(
            NPS,
            rules=(
                RulePoints("Last answer was 9 or 10", int(given.nps == 10), 10 * (given.nps == 10)),
                RulePoints("Last answer was 7 or 8", int(given.nps == 5), 5 * (given.nps == 5)),
            ),
        ),
    )
    assert score(groups) == sum(given), "rules give what their group is to give"
    return json.dumps(to_json(groups), ensure_ascii=False, separators=(",", ":"))
