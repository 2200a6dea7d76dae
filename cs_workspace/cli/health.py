"""A health score, how it came about, and why it changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.text import printable

if TYPE_CHECKING:
    from cs_workspace.domain.health import Group
    from cs_workspace.workspace.health import Change, Explanation


@click.command(cls=Command)
@click.argument("object")
@click.argument("id")
@click.option("--days", type=click.IntRange(1, 3660), default=90, show_default=True, help="Days of the trend.")
@pass_session
def health(session: Session, object: str, id: str, days: int) -> None:
    """The health score of a record: what each rule gave, why it changed, how it went.

    ID is the record's id, external id, unique key or exact name.
    """
    from cs_workspace.workspace import health

    found = session.run(health.explain, object, id)
    trend = session.run(health.trend, object, found.id, days)
    if session.output.is_table:
        _print(session, found)
    else:
        session.output.record(_fields(session, found, trend))


def _fields(session: Session, found: Explanation, trend: list[tuple[int, int]]) -> dict[str, Any]:
    changes = (("last", found.since_last), ("30_days", found.since_month))
    return {
        "id": found.id,
        "name": found.title,
        "score": found.score,
        "category": None if found.category is None else str(found.category),
        "at": None if found.at is None else _time(session, found.at),
        "groups": [_group(group) for group in found.groups],
        "changes": [_change(session, since, change) for since, change in changes if change is not None],
        "trend": [{"at": _time(session, at), "score": score} for at, score in trend],
    }


def _group(group: Group) -> dict[str, Any]:
    from cs_workspace.domain.health import points

    return {
        "name": group.name,
        "label": group.label,
        "points": points(group),
        "maximum": group.maximum,
        "rules": [{"label": rule.label, "matched": rule.matched, "points": rule.points} for rule in group.rules],
    }


def _change(session: Session, since: str, change: Change) -> dict[str, Any]:
    return {
        "since": since,
        "at": _time(session, change.at),
        "score": change.score,
        "points": change.points,
        "groups": [
            {
                "label": group.label,
                "points": group.points,
                "rules": [
                    {
                        "label": rule.label,
                        "matched_before": rule.before.matched,
                        "matched": rule.after.matched,
                        "points": rule.points,
                    }
                    for rule in group.rules
                ],
            }
            for group in change.groups
        ],
    }


def _print(session: Session, found: Explanation) -> None:
    """The same in sentences, and a table of the rules."""
    for sentence in _sentences(session, found):
        session.output.line(printable(sentence))
    if found.groups:
        session.output.line("")
        session.output.rows(_rows(found))


def _sentences(session: Session, found: Explanation) -> Iterator[str]:
    if found.score is None or found.category is None:
        yield f"{found.title} has no health score."
        return
    since = f" since {_time(session, found.at)[:10]}" if found.at is not None else ""
    yield f"{found.title}: {found.category.word} {found.score}{since}"
    if found.at is None:
        yield "How this score came about was not kept."
    for when, change in (("Before", found.since_last), ("30 days ago", found.since_month)):
        if change is None:
            continue
        reasons = [
            f"{rule.label} {rule.points:+d} ({rule.before.matched} to {rule.after.matched})"
            for group in change.groups
            for rule in group.rules
        ]
        yield f"{when} it was {change.score}: {'; '.join(reasons) or 'nothing has changed'}."


def _rows(found: Explanation) -> Iterator[dict[str, Any]]:
    from cs_workspace.domain.health import points

    for group in found.groups:
        yield {"group": group.label, "rule": "", "matched": "", "points": f"{points(group)}", "of": f"{group.maximum}"}
        for rule in group.rules:
            yield {"group": "", "rule": rule.label, "matched": rule.matched, "points": rule.points, "of": ""}


def _time(session: Session, instant: int) -> str:
    from cs_workspace.domain.clock import print_instant, zone

    return print_instant(instant, zone(session.time_zone))
