"""A goal in one sentence, so that nobody sets one that measures something else than meant (GOL-4, GOL-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cs_workspace.domain.goals.model import Aggregate, Direction, Duration, Kpi
from cs_workspace.domain.query.words import in_words
from cs_workspace.domain.schema.model import ObjectType

_VERB = {
    Aggregate.SUM: "Adds up",
    Aggregate.AVERAGE: "Averages",
    Aggregate.MINIMUM: "Takes the smallest",
    Aggregate.MAXIMUM: "Takes the largest",
}
_EACH = {Duration.WEEKLY: "week", Duration.MONTHLY: "month", Duration.QUARTERLY: "quarter"}


def measures(kpi: Kpi, kind: ObjectType) -> str:
    """What is measured: `Counts tickets where closed is yes, dated by close date`."""

    def label(name: str) -> str:
        return kind.properties[name].label.lower()

    records = kind.plural.lower()
    if kpi.aggregate is Aggregate.COUNT:
        what = f"Counts {records}"
    else:
        article = "" if kpi.aggregate in {Aggregate.MINIMUM, Aggregate.MAXIMUM} else "the "
        measured = f"time from {label(kpi.since)} to {label(kpi.measure)}" if kpi.since else label(kpi.measure)
        what = f"{_VERB[kpi.aggregate]} {article}{measured} of {records}"
    asked = in_words(kpi.filter, kind)
    return f"{what}{f' where {asked}' if asked else ''}, dated by {label(kpi.dated_by)}"


def meaning(
    kpi: Kpi,
    kind: ObjectType,
    *,
    users: int = 0,
    teams: Sequence[str] = (),
    when: str = "",
    milestones: int = 0,
    pipelines: Sequence[str] = (),
) -> str:
    """The whole sentence; what is not known yet is left out of it."""
    inside = f", in {listed(pipelines)}" if pipelines else ""
    people = [f"{users} {'person' if users == 1 else 'people'}"] if users else []
    named = [f"team {name}" for name in teams] if len(teams) <= 3 else [f"{len(teams)} teams"]
    who = listed([*people, *named])
    parts = [measures(kpi, kind) + inside, *([f"for {who}"] if who else []), *([when] if when else [])]
    count = f": {milestones:,} milestone{'s' * (milestones != 1)}" if milestones else ""
    better = "More" if kpi.direction is Direction.HIGHER else "Less"
    return f"{', '.join(parts)}{count}. {better} is better."


def period(duration: Duration, first: date, last: date, year: str) -> str:
    """When: `in each month of 2026`, `from 2026-02-10 to 2026-03-09`."""
    if duration is Duration.CUSTOM:
        return f"from {first} to {last}"
    return f"in each {_EACH[duration]} of {year}" if duration in _EACH else f"in {year}"


def listed(names: Sequence[str]) -> str:
    """`a, b and c`; nothing for none."""
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]])
