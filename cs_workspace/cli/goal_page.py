"""A goal as a whole, for programs and for people."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from cs_workspace.cli.goals import fresh
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.clock import parse_date, print_date, print_instant, zone
from cs_workspace.domain.goals.progress import Reading
from cs_workspace.domain.goals.summary import Summary
from cs_workspace.domain.goals.targets import number, print_value
from cs_workspace.domain.text import printable

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_page import Change, GoalPage, Line

Printer = Callable[[Fraction | None], Any]
_CONTRIBUTORS = (
    "rank", "name", "actual", "target", "progress_percent", "status", "pace", "users_target", "target_gap"
)  # fmt: skip
_MILESTONES = ("label", "target", "actual", "progress_percent", "status", "pace")
_CHANGES = ("at", "user", "contributor", "milestone", "what", "old", "new")


@click.command("show")
@click.argument("goal")
@click.option("--from", "from_", metavar="DATE", help="Milestones that end on this day or later.")
@click.option("--to", metavar="DATE", help="Milestones that start on this day or before.")
@pass_session
def show(session: Session, /, goal: str, from_: str | None, to: str | None) -> None:
    """Everything about one GOAL: total, contributors, milestones, days, changes. CSV holds the contributors."""
    from cs_workspace.workspace import goal_page as operations
    from cs_workspace.workspace.account import account

    first, last = (None if text is None else parse_date(text) for text in (from_, to))
    fresh(session)
    page = session.run(operations.page, goal, first, last)
    changes = session.run(operations.log, str(page.goal.id))
    currency = session.run(account).currency
    output = session.output
    if output.is_table:
        _print(session, page, changes, currency)
    elif output.format == "csv":
        output.rows((contributor(page, line, _numbers(page, currency)) for line in page.lines), _CONTRIBUTORS)
    else:
        output.record(shown(session, page, changes, currency))


def _numbers(page: GoalPage, currency: str) -> Printer:
    unit = page.goal.kpi.unit
    return lambda value: None if value is None else number(value, unit, currency)


def _texts(page: GoalPage, currency: str) -> Printer:
    unit = page.goal.kpi.unit
    return lambda value: None if value is None else print_value(value, unit, currency)


def shown(session: Session, page: GoalPage, changes: list[Change], currency: str) -> dict[str, Any]:
    """The page as data."""
    goal, figure = page.goal, _numbers(page, currency)
    low, high = page.shown
    days = page.burn_up
    known = range(len(days.actual), len(days.actual) + len(days.ahead))
    return {
        "goal_id": goal.id,
        "goal": goal.name,
        "template": goal.template,
        "category": page.category,
        "duration": goal.duration,
        "pipelines": list(page.pipelines),
        "unit": str(goal.kpi.unit),
        "direction": str(goal.kpi.direction),
        "start": print_date(page.milestones[0].first),
        "end": print_date(page.milestones[-1].last),
        "creator": page.creator or None,
        "forecastable": page.forecastable,
        "in_forecast": page.in_forecast,
        "shown": {"start": print_date(page.milestones[low].first), "end": print_date(page.milestones[high].last)},
        "total": {
            **summary(page.summary, figure),
            "expected": figure(page.summary.expected),
            "actual_by_now": figure(page.summary.actual if page.by_now is None else page.by_now),
            **_beside(page, page.summary, figure),
        },
        "user_goals": {"in_progress": page.running, "achieved": page.reached},
        "contributors": [contributor(page, line, figure) for line in page.lines],
        "milestones": [milestone(page, i, figure) for i in range(low, high + 1)],
        "days": [
            {
                "date": print_date(days.first + i),
                "actual": figure(days.actual[i]) if i < len(days.actual) else None,
                "ahead": figure(days.ahead[i - len(days.actual)]) if i in known else None,
                "target": figure(target),
                "pace": figure(days.pace[i]),
            }
            for i, target in enumerate(days.target)
        ],
        "changes": [change(session, each, figure) for each in changes],
    }


def summary(one: Summary | Reading, figure: Printer) -> dict[str, Any]:
    """What came of some milestones together, or of one."""
    return {
        "target": figure(one.target),
        "actual": figure(one.actual),
        "progress_percent": one.progress_percent,
        "status": None if one.status is None else str(one.status),
        "pace": None if one.pace is None else str(one.pace),
        "needed_per_day": figure(one.needed_per_day),
    }


def _beside(page: GoalPage, one: Summary, figure: Printer) -> dict[str, Any]:
    """The milestone the numbers are of, where they do not add up, and what was measured where there is no target."""
    return {
        "slice": None if one.of is None else page.milestones[page.shown[0] + one.of].label,
        "actual_without_target": figure(one.unaimed),
    }


def contributor(page: GoalPage, line: Line, figure: Printer) -> dict[str, Any]:
    """A row of the goal, teams with what their users' targets come to (GOL-15)."""
    users, own = line.users, line.summary
    known = users is not None and users.target is not None and own.target is not None
    return {
        "rank": line.rank,
        "kind": "team" if line.is_team else "user",
        "name": line.name,
        "login": line.login,
        **summary(own, figure),
        **_beside(page, own, figure),
        "users_target": figure(users.target) if users is not None else None,
        "target_gap": figure(users.target - own.target) if known else None,  # type: ignore[union-attr, operator]
    }


def milestone(page: GoalPage, place: int, figure: Printer) -> dict[str, Any]:
    """A period of the whole goal."""
    each = page.milestones[place]
    assert each.reading is not None
    return {
        "label": each.label,
        "start": print_date(each.first),
        "end": print_date(each.last),
        **summary(each.reading, figure),
        "frozen": each.frozen,
    }


def change(session: Session, each: Change, figure: Printer) -> dict[str, Any]:
    """A target that was set, or a milestone calculated anew."""
    return {
        "at": print_instant(each.at, zone(session.time_zone)),
        "user": each.user or None,
        "contributor": each.contributor,
        "milestone": each.milestone,
        "what": "actual" if each.measured else "target",
        "old": figure(each.old),
        "new": figure(each.new),
    }


def _print(session: Session, page: GoalPage, changes: list[Change], currency: str) -> None:
    """The same in sentences and tables."""
    output, text, one = session.output, _texts(page, currency), page.summary
    low, high = page.shown
    begin, end = print_date(page.milestones[low].first), print_date(page.milestones[high].last)
    total = [f"{text(one.actual) or 'nothing'} of {text(one.target) or 'no target'}"]
    total += [f"{one.progress_percent} %"] if one.progress_percent is not None else []
    total += [str(word).replace("_", " ") for word in (one.status, one.pace) if word is not None]
    of = _beside(page, one, text)["slice"]
    ranked = f"Contributors as they stand in {page.ranking.label}." if page.ranking is not None else ""
    notes = [
        *([f"{text(one.unaimed)} more without a target"] if one.unaimed is not None else []),
        *([f"{text(page.by_now)} of it by now"] if page.by_now is not None else []),
    ]
    for sentence in (
        f"{page.goal.name} · {page.template} · {page.goal.duration} · {', '.join(page.pipelines)} · {begin} to {end}",
        f"{f'Of {of}' if of else 'Total'} {', '.join([*total, *notes])}.",
        f"User goals by {page.creator or 'nobody'}: {page.running} in progress, {page.reached} achieved.",
        *([ranked] if ranked else []),
    ):
        output.line(printable(sentence))
    for rows, columns in (
        ([contributor(page, line, text) for line in page.lines], _CONTRIBUTORS),
        ([milestone(page, i, text) for i in range(low, high + 1)], _MILESTONES),
        ([change(session, each, text) for each in changes], _CHANGES),
    ):
        if rows:
            output.line("")
            output.rows(({name: row[name] for name in columns} for row in rows), columns)
