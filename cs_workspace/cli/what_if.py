"""What a goal would make of records won or moved and of other targets; nothing is saved."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from cs_workspace.cli.goals import fresh, progress_fields
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage
from cs_workspace.domain.goals.targets import number, print_value

if TYPE_CHECKING:
    from cs_workspace.domain.goals.model import Kpi
    from cs_workspace.workspace.goals import ProgressRow
    from cs_workspace.workspace.what_if import Candidates, SupposedRow

MOVING = ("target", "actual", "progress_percent", "status", "pace")  # of the fields of `goals progress`


@click.command("what-if")
@click.argument("goal", metavar="GOAL")
@click.option("--won", multiple=True, metavar="RECORD", help="It is won or done, on its date or today. Repeatable.")
@click.option("--move", "moves", multiple=True, metavar="RECORD=DATE", help="It has another date: +7d, 2026-11-30.")
@click.option("--amount", "amounts", multiple=True, metavar="RECORD=AMOUNT", help="It is worth something else.")
@click.option("--target", "targets", multiple=True, metavar="C:LABEL=VALUE", help="Another target of a milestone.")
@click.option("--candidates", is_flag=True, help="List the records that do not count yet and could.")
@click.option("--query", default="", metavar="QUERY", help="Of the candidates only these.")
@click.option("--tasks", is_flag=True, help="Make a task of each supposed record, for its owner.")
@click.option("--due", metavar="WHEN", help="With --tasks: when they are due; the supposed date, when left out.")
@pass_session
def what_if(
    session: Session,
    goal: str,
    won: tuple[str, ...],
    moves: tuple[str, ...],
    amounts: tuple[str, ...],
    targets: tuple[str, ...],
    candidates: bool,
    query: str,
    tasks: bool,
    due: str | None,
) -> None:
    """The milestones that would change, before and after. Nothing is saved, but --tasks adds tasks to get there."""
    from cs_workspace.domain.clock import zone
    from cs_workspace.domain.goals.what_if import read_date
    from cs_workspace.domain.schema.model import PropertyType
    from cs_workspace.workspace import what_if as operations
    from cs_workspace.workspace import what_if_tasks
    from cs_workspace.workspace.account import account

    if due is not None and not tasks:
        raise Usage("--due says when tasks are due.", "Give --tasks too.")
    written = operations.Written(
        won,
        [_pair(text, "RECORD=DATE") for text in moves],
        [_pair(text, "RECORD=AMOUNT") for text in amounts],
        [_target(text) for text in targets],
    )
    fresh(session)
    found, supposed = session.run(operations.understand, goal, written)
    if tasks:
        tz, now = zone(session.time_zone), session.clock.now()
        when = None if due is None else read_date(due, PropertyType.DATETIME, now=now, tz=tz)
        made = session.run(what_if_tasks.as_tasks, found, supposed, when)
        session.output.record({"tasks": list(made.ids), "already": made.already})
        return
    currency = session.run(account).currency
    if candidates:
        listed = session.run(operations.candidates, found, 100_000, query)
        session.output.rows(_candidates(listed, currency, session), _CANDIDATE)
        return
    rows = [row for row in session.run(operations.suppose, found, supposed).rows if row.moved]
    if session.output.is_table:
        session.output.rows((_shown(row, currency) for row in rows), _SHOWN)
    else:
        fields = (supposed_fields(row, currency, session.time_zone) for row in rows)
        session.output.rows(fields, ("goal", "contributor.name", "slice.label", *_BOTH))


_BOTH = tuple(f"{side}.{name}" for side in ("before", "after") for name in (*MOVING, "forecast"))
_SHOWN = ("contributor", "milestone", "target", "actual", "progress", "status", "pace", "forecast")
_CANDIDATE = ("id", "title", "company", "owner", "stage", "probability", "date", "value")


def supposed_fields(row: SupposedRow, currency: str, time_zone: str) -> dict[str, Any]:
    """One milestone for programs: what it is, and what moves before and after."""
    before, after = (progress_fields(one, currency, time_zone) for one in (row.before, row.after))
    forecasts = (row.forecast_before, row.forecast_after)
    unit = row.before.kpi.unit
    sides = [
        {
            **{name: side[name] for name in MOVING},
            "forecast": None if forecast is None else number(forecast, unit, currency),
        }
        for side, forecast in zip((before, after), forecasts, strict=True)
    ]
    same = ("goal_id", "goal", "contributor", "slice", "unit", "direction", "frozen")
    return {**{name: before[name] for name in same}, "before": sides[0], "after": sides[1]}


def _shown(row: SupposedRow, currency: str) -> dict[str, Any]:
    """One milestone for people."""

    def words(one: ProgressRow, forecast: Fraction | None) -> dict[str, str]:
        reading, kpi = one.reading, one.kpi
        return {
            "target": _value(reading.target, kpi, currency),
            "actual": _value(reading.actual, kpi, currency),
            "progress": "none" if reading.progress_percent is None else f"{reading.progress_percent}%",
            "status": (reading.status or "none").replace("_", " "),
            "pace": (reading.pace or "none").replace("_", " "),
            "forecast": _value(forecast, kpi, currency),
        }

    before, after = words(row.before, row.forecast_before), words(row.after, row.forecast_after)
    return {
        "contributor": row.before.contributor_name,
        "milestone": row.before.slice.label,
        **{name: before[name] if before[name] == after[name] else f"{before[name]} → {after[name]}" for name in before},
    }


def _value(value: Fraction | None, kpi: Kpi, currency: str) -> str:
    return "none" if value is None else print_value(value, kpi.unit, currency)


def _candidates(found: Candidates, currency: str, session: Session) -> list[dict[str, Any]]:
    from cs_workspace.domain.clock import print_date, print_instant, zone

    def date(raw: int | None) -> str | None:
        if raw is None:
            return None
        return print_date(raw) if found.counting.by_day else print_instant(raw, zone(session.time_zone))

    return [
        {
            "id": row.id,
            "title": row.title,
            "company": row.company or None,
            "owner": row.owner or None,
            "stage": row.stage or None,
            "probability": row.probability,
            "date": date(row.date),
            "value": None if row.value is None else number(row.value, found.goal.kpi.unit, currency),
        }
        for row in found.rows
    ]


def _pair(text: str, shape: str) -> tuple[str, str]:
    reference, sign, value = text.rpartition("=")
    if not sign or not reference.strip() or not value.strip():
        raise Usage(f"{text!r} is not {shape}.", "Write it as in 42=+7d.")
    return reference.strip(), value.strip()


def _target(text: str) -> tuple[str, str, str]:
    place, _, value = text.rpartition("=")
    contributor, sign, label = place.rpartition(":")
    if not sign or not contributor.strip() or not label.strip() or not value.strip():
        raise Usage(f"{text!r} is not C:LABEL=VALUE.", "Write it as in dana:2026-11=60.")
    return contributor.strip(), label.strip(), value.strip()
