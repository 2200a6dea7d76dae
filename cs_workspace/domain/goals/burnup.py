"""A goal day by day: what was reached against the target and the pace (GOL-38, GOL-47)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cs_workspace.domain.goals.model import Kpi, Measured
from cs_workspace.domain.goals.progress import actual
from cs_workspace.domain.goals.teams import pool


@dataclass(frozen=True, slots=True)
class Span:
    """A milestone: its days, both included, its target, what was measured in all, and by the day."""

    first: int
    last: int
    target: Fraction | None
    total: Measured
    daily: Mapping[int, Measured]


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Values at the end of each day from `first` on; those of `actual` stop today.

    `ahead` follows them, up to the last day that a record is dated by already; it is empty where no record is.
    """

    first: int
    actual: tuple[Fraction | None, ...]
    ahead: tuple[Fraction | None, ...]
    target: tuple[Fraction | None, ...]
    pace: tuple[Fraction | None, ...]

    @property
    def last(self) -> int:
        """The last day."""
        return self.first + len(self.target) - 1


def burn_up(kpi: Kpi, scale: int, spans: Sequence[Span], today: int) -> BurnUp:
    """The lines of milestones that follow each other.

    Sums and counts pile up over all milestones, against all targets together and against the pace, which reaches each
    milestone's target at its end. A milestone ends at what was measured in all, which for one that is over is frozen
    (GOL-40), and so does today unless records are dated later. Other aggregates show the value to date of a single
    milestone, and of several each one's value on all its days, against its own target.
    """
    additive = kpi.aggregate.additive
    whole = sum((each.target for each in spans if each.target is not None), Fraction(0))
    aimed = any(each.target is not None for each in spans)
    known = max((day for each in spans for day in each.daily if day > today), default=today)
    reached, due = Fraction(0), Fraction(0)  # before the milestone
    values: list[Fraction | None] = []
    ahead: list[Fraction | None] = []
    targets: list[Fraction | None] = []
    paces: list[Fraction | None] = []
    for span in spans:
        to_date: Measured = (None, 0)
        final = actual(kpi.aggregate, scale, *span.total)
        coming = {day: each for day, each in span.daily.items() if day > today}
        left = sum((actual(kpi.aggregate, scale, *each) or Fraction(0) for each in coming.values()), Fraction(0))
        for number, day in enumerate(range(span.first, span.last + 1), 1):
            if day in span.daily:
                to_date = pool(kpi.aggregate, (to_date, span.daily[day]))
            if day in coming:
                left -= actual(kpi.aggregate, scale, *coming.pop(day)) or Fraction(0)
            value: Fraction | None
            if day <= known:
                if additive and day >= today:
                    value = (final or Fraction(0)) - left
                elif day >= (span.last if coming else min(span.last, today)) or not (additive or len(spans) == 1):
                    value = final
                else:
                    value = actual(kpi.aggregate, scale, *to_date)
                (values if day <= today else ahead).append(value if not additive else reached + (value or 0))
            if additive:
                share = Fraction(number, span.last - span.first + 1)
                targets.append(whole if aimed else None)
                paces.append(due + (span.target or 0) * share if aimed else None)
            else:
                targets.append(span.target)
                paces.append(None)
        reached += final or 0
        due += span.target or 0
    return BurnUp(spans[0].first if spans else today, tuple(values), tuple(ahead), tuple(targets), tuple(paces))
