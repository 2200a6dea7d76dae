"""What contributors are told of their milestones, and when it is due (GOL-30, GOL-31)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from cs_workspace.domain.clock import DAY
from cs_workspace.domain.goals.model import Direction, Kpi, Status
from cs_workspace.domain.goals.progress import Standing, progress, status

WEEK = 7 * DAY


class Event(StrEnum):
    """What a contributor can be told, once for each slice."""

    ASSIGNED = "assigned"
    TARGET_CHANGED = "target_changed"
    HALF = "50_percent"
    THREE_QUARTERS = "75_percent"
    REACHED = "100_percent"
    EXCEEDED = "exceeded"
    MISSED = "missed"
    WEEK_LEFT = "7_days_left"

    @property
    def words(self) -> str:
        """How a checklist and a list call it."""
        return _WORDS[self]


_WORDS: Mapping[Event, str] = {
    Event.ASSIGNED: "Assigned",
    Event.TARGET_CHANGED: "Target changed",
    Event.HALF: "50 % reached",
    Event.THREE_QUARTERS: "75 % reached",
    Event.REACHED: "100 % reached",
    Event.EXCEEDED: "Exceeded",
    Event.MISSED: "Missed",
    Event.WEEK_LEFT: "7 days left",
}

_SENTENCES: Mapping[Event, str] = {
    Event.ASSIGNED: "{who} {were} given the goal {goal}",
    Event.TARGET_CHANGED: "{whose} target of {goal}, {milestone} was changed",
    Event.HALF: "{who} reached 50 % of {goal}, {milestone}",
    Event.THREE_QUARTERS: "{who} reached 75 % of {goal}, {milestone}",
    Event.REACHED: "{who} reached the target of {goal}, {milestone}",
    Event.EXCEEDED: "{who} exceeded the target of {goal}, {milestone}",
    Event.MISSED: "{who} missed the target of {goal}, {milestone}",
    Event.WEEK_LEFT: "{who} {have} 7 days left for {goal}, {milestone}",
}

_SHARES = {Event.HALF: 50, Event.THREE_QUARTERS: 75, Event.REACHED: 100}


def sentence(event: Event, goal: str, milestone: str, team: str | None = None) -> str:
    """The event in words, to its user, or of a team the user is in."""
    mine = team is None
    return _SENTENCES[event].format(
        who="You" if mine else team,
        whose="Your" if mine else f"{team}'s",
        were="were" if mine else "was",
        have="have" if mine else "has",
        goal=goal,
        milestone=milestone,
    )


def due(kpi: Kpi, standing: Standing, now: int, chosen: Collection[str]) -> frozenset[Event]:
    """Which of the chosen events the state of a slice calls for; an assignment or a changed target is seen elsewhere.

    Without a target there are none. A share of the target counts from the start of the slice on. A sum or count that is
    better low has all of its target left at first and uses it up, so what it has reached is known at its end only. The
    outcome is told when the slice is over (GOL-34); one without data has none. Seven days before its end a slice is
    mentioned if it is longer than that: a week would be announced at its beginning.
    """
    outcome = status(kpi, standing, now)
    if outcome in {None, Status.PENDING}:
        return frozenset()
    found: set[Event] = set()
    over = now >= standing.end
    if over or not (kpi.aggregate.additive and kpi.direction is Direction.LOWER):
        found.update(_shares(kpi, standing))
    if outcome is Status.EXCEEDED:
        found.add(Event.EXCEEDED)
    if outcome is Status.MISSED:
        found.add(Event.MISSED)
    # Rounded, for a week in which the clocks change is an hour longer.
    if not over and now >= standing.end - WEEK and round((standing.end - standing.start) / DAY) > WEEK // DAY:
        found.add(Event.WEEK_LEFT)
    return frozenset(event for event in found if event in chosen)


def _shares(kpi: Kpi, standing: Standing) -> Collection[Event]:
    exact = progress(standing.actual, standing.target, kpi.direction)
    return () if exact is None else [event for event, share in _SHARES.items() if exact >= share]
