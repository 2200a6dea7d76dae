"""The working calendar of the made-up company: when things happen, relative to now."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import day_of, local_day, start_of_day

MINUTE = 60 * 1000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
PAST, FUTURE = 730, 120  # days around today
OPENS, CLOSES = 8 * HOUR + 30 * MINUTE, 18 * HOUR
OFFICE = (1.0, 1.05, 1.0, 0.95, 0.75, 0.0, 0.0)  # how busy a weekday is, from Monday
CUSTOMERS = (1.25, 1.1, 1.0, 0.95, 0.8, 0.15, 0.1)  # when they write: Monday most


def stream(seed: int, name: str) -> random.Random:
    """A source of chance of its own for each topic, so that one topic does not move another."""
    return random.Random(f"{seed}/{name}")  # noqa: S311 - made-up data


class WorkDays:
    """Days from two years ago to some months ahead, by their offset from today."""

    def __init__(self, now: int, tz: ZoneInfo) -> None:
        self.now = now
        self.today = local_day(now, tz)
        days = [self.today + timedelta(days=i) for i in range(-PAST, FUTURE + 2)]
        self._starts = [start_of_day(day, tz) for day in days]
        self._weekdays = [day.weekday() for day in days]

    def start(self, offset: int) -> int:
        """The first instant of the day so many days from today."""
        return self._starts[offset + PAST]

    def weekday(self, offset: int) -> int:
        """Its place in the week, from Monday = 0."""
        return self._weekdays[offset + PAST]

    def offset_of(self, instant: int) -> int:
        """How many days from today an instant lies; the ends of the calendar for what lies outside."""
        return max(min(bisect_right(self._starts, instant) - 1, PAST + FUTURE), 0) - PAST

    def day_number(self, offset: int) -> int:
        """The day's number in the store."""
        return day_of(self.today + timedelta(days=offset))

    def sample(
        self,
        rng: random.Random,
        count: int,
        busy: Sequence[float] = OFFICE,
        *,
        first: int = -PAST,
        last: int = 0,
        growth: float = 1.6,
        step: int = 1000,
    ) -> list[int]:
        """So many instants of business days, in order; there are `growth` times as many a day at the end as at first.

        Those of the past lie before now.
        """
        offsets = range(first, last + 1)
        span = max(len(offsets) - 1, 1)
        weights = [busy[self.weekday(o)] * (1 + (growth - 1) * (o - first) / span) for o in offsets]
        found: list[int] = []
        for o in rng.choices(offsets, cum_weights=list(accumulate(weights)), k=count):
            within = OPENS + int((rng.random() + rng.random()) / 2 * (CLOSES - OPENS))
            found.append(self.start(o) + within // step * step)
        if last <= 0:
            # What would lie later today happened yesterday or the day before.
            found = [t if t < self.now else t - 3 * DAY for t in found]
        found.sort()
        return found

    def in_office(self, rng: random.Random, instant: int) -> int:
        """The instant itself if somebody is at work, else the next morning."""
        o = self.offset_of(instant)
        since = instant - self.start(o)
        if self.weekday(o) < 5 and since < CLOSES:
            return instant if since >= OPENS else self.start(o) + OPENS + int(rng.random() * 90) * MINUTE
        o += 1
        while self.weekday(min(o, FUTURE)) >= 5:
            o += 1
        return self.start(min(o, FUTURE)) + OPENS + int(rng.random() * 5400) * 1000
