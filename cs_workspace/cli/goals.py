"""Goals: made, listed, measured, adjusted, explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cs_workspace.cli.ask import confirm
from cs_workspace.cli.commands import LazyGroup
from cs_workspace.cli.progress import bar
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import StoreFault, StoreUnavailable

if TYPE_CHECKING:
    from cs_workspace.workspace.goals import ProgressRow

F = TypeVar("F", bound=Callable[..., Any])


@click.group(
    cls=LazyGroup,
    lazy={
        "create": ("goal_create:create", "Make a goal."),
        "list": ("goals:list_", "Goals as a whole."),
        "progress": ("goals:progress", "One row per milestone."),
        "show": ("goal_page:show", "Everything about one goal."),
        "set": ("goals:set_", "Change targets."),
        "grid": ("goal_grid:grid", "Contributors by milestones."),
        "paste": ("goal_grid:paste", "Targets from a tab-separated block."),
        "spread": ("goal_grid:spread", "A total over the milestones."),
        "notify": ("goal_grid:notify", "Choose notifications."),
        "clone": ("goals:clone", "Make a goal like another."),
        "delete": ("goals:delete", "Take contributors off a goal."),
        "explain": ("goals:explain", "The records behind a number."),
        "what-if": ("what_if:what_if", "What would come of it."),
        "refresh": ("goals:refresh", "Calculate."),
    },
)
def goals() -> None:
    """Goals, their progress and their targets. A GOAL is given by its id or exact name."""


def fresh(session: Session) -> None:
    """Bring the numbers up to date before they are read, so that they are true without a worker."""
    from cs_workspace.workspace import calculation

    if not session.run(calculation.is_behind):
        return
    if session.read_only:
        session.note("The numbers are behind: something has changed since, and --read-only calculates nothing.")
        return
    try:
        session.run(calculation.catch_up)
    except (StoreFault, StoreUnavailable) as error:
        session.note(f"The numbers are behind: {error}")


# --- seeing


@click.command("list")
@pass_session
def list_(session: Session) -> None:
    """Goals of which you may see a row."""
    from cs_workspace.workspace import goals as operations

    session.output.rows(
        (
            {
                "goal_id": line.goal.id,
                "goal": line.goal.name,
                "template": line.goal.template,
                "category": line.category,
                "duration": line.goal.duration,
                "year": line.goal.year,
                "contributors": line.rows,
                "creator": line.creator or None,
            }
            for line in session.run(operations.goals)
        ),
        ("goal_id", "goal", "template", "category", "duration", "year", "contributors", "creator"),
    )


def _several(*names: str, **more: Any) -> Callable[[F], F]:
    return click.option(*names, multiple=True, **more)


@click.command()
@click.argument("query", nargs=-1)
@click.option("--goal", metavar="ID|NAME", help="Of one goal only.")
@click.option("--at", metavar="TIME", help="As of this time: status, pace, and what was dated before it.")
@click.option("--current", is_flag=True, help="Of each contributor the milestone that runs, or the next, or the last.")
@_several("--template", help="May be given again, as all filters: any of them.")
@_several("--name", help="Part of a goal's name.")
@_several("--duration", help="Weekly, monthly, quarterly, yearly, custom.")
@_several("--team", help="Part of a team's name.")
@_several("--user", help="Login, e-mail or name.")
@_several("--pipeline", help="Part of a pipeline's name.")
@_several("--milestone", help="Part of a milestone's label, such as 2026-Q1.")
@_several("--status", help="Pending, in_progress, achieved, exceeded, missed, no_data.")
@_several("--progress", metavar="PERCENT", help="Such as 50..80 or '>=100'.")
@click.option("--from", "from_", metavar="DATE", help="Milestones that end on this day or later.")
@click.option("--to", metavar="DATE", help="Milestones that start on this day or before.")
@pass_session
def progress(
    session: Session, /, query: tuple[str, ...], goal: str | None, at: str | None, current: bool, **filters: Any
) -> None:
    """One row per milestone that matches QUERY and the filters: `goals progress --status missed user:dana`."""
    from cs_workspace.cli.goal_filters import filter_text
    from cs_workspace.domain.clock import parse_instant, zone
    from cs_workspace.workspace import goals as operations
    from cs_workspace.workspace.account import account

    instant = None if at is None else parse_instant(at, zone(session.time_zone))
    text = filter_text(" ".join(query), filters)
    fresh(session)
    rows = session.run(operations.progress, text, goal=goal, at=instant, current_only=current)
    currency, tz = session.run(account).currency, session.time_zone
    if session.output.is_table:
        session.output.rows((_shown(row, currency) for row in rows), _SHOWN)
    else:
        session.output.rows((progress_fields(row, currency, tz) for row in rows), CSV_FIELDS)


CSV_FIELDS = (
    "goal_id",
    "goal",
    "template",
    "category",
    "contributor.kind",
    "contributor.name",
    "contributor.login",
    "slice.label",
    "slice.start",
    "slice.end",
    "pipelines",
    "unit",
    "direction",
    "target",
    "actual",
    "progress_percent",
    "status",
    "pace",
    "frozen",
    "calculated_at",
)
_SHOWN = ("goal", "contributor", "milestone", "target", "actual", "progress", "status", "pace", "frozen")


def progress_fields(row: ProgressRow, currency: str, time_zone: str) -> dict[str, Any]:
    """One milestone for programs; the names are a contract."""
    from cs_workspace.domain.clock import print_date, print_instant, zone
    from cs_workspace.domain.goals.targets import number

    kpi, reading = row.kpi, row.reading
    return {
        "goal_id": row.goal.id,
        "goal": row.goal.name,
        "template": row.goal.template,
        "category": row.category,
        "contributor": {
            "kind": "user" if row.contributor.user is not None else "team",
            "name": row.contributor_name,
            "login": row.contributor_login,
        },
        "slice": {
            "label": row.slice.label,
            "start": print_date(row.slice.first_day),
            "end": print_date(row.slice.last_day),
        },
        "pipelines": list(row.pipelines),
        "unit": str(kpi.unit),
        "direction": str(kpi.direction),
        "target": None if reading.target is None else number(reading.target, kpi.unit, currency),
        "actual": None if reading.actual is None else number(reading.actual, kpi.unit, currency),
        "progress_percent": reading.progress_percent,
        "status": None if reading.status is None else str(reading.status),
        "pace": None if reading.pace is None else str(reading.pace),
        "frozen": row.slice.frozen,
        "calculated_at": None if row.calculated_at is None else print_instant(row.calculated_at, zone(time_zone)),
    }


def _shown(row: ProgressRow, currency: str) -> dict[str, Any]:
    """One milestone for people."""
    from cs_workspace.domain.goals.targets import print_value

    kpi, reading = row.kpi, row.reading
    percent = reading.progress_percent
    return {
        "goal": row.goal.name,
        "contributor": row.contributor_name,
        "milestone": row.slice.label,
        "target": None if reading.target is None else print_value(reading.target, kpi.unit, currency),
        "actual": None if reading.actual is None else print_value(reading.actual, kpi.unit, currency),
        "progress": None if percent is None else f"{percent}%",
        "status": None if reading.status is None else reading.status.replace("_", " "),
        "pace": None if reading.pace is None else reading.pace.replace("_", " "),
        "frozen": "frozen" if row.slice.frozen else "",
    }


@click.command()
@click.argument("goal", metavar="GOAL")
@click.option("--contributor", required=True, metavar="C", help="A login, or the name of a user or team.")
@click.option("--slice", "label", required=True, metavar="LABEL", help="Such as 2026-03.")
@pass_session
def explain(session: Session, goal: str, contributor: str, label: str) -> None:
    """How a number came about, and the records behind it as they are today."""
    from cs_workspace.cli.goal_explain import explained, print_explanation
    from cs_workspace.workspace import goals as operations
    from cs_workspace.workspace.account import account

    fresh(session)
    found = session.run(operations.explain, goal, contributor, label)
    currency = session.run(account).currency
    if session.output.is_table:
        print_explanation(session, found, currency)
    elif session.output.format == "csv":
        columns = ("id", "title", "owner", "date", "value")
        session.output.rows(explained(session, found, currency)["records"], columns)
    else:
        session.output.record(explained(session, found, currency))


# --- adjusting


@click.command("set")
@click.argument("goal", metavar="GOAL")
@click.option("--contributor", required=True, metavar="C", help="A login, or the name of a user or team.")
@click.option("--slice", "label", required=True, metavar="LABEL|all", help="Such as 2026-03, or all of them.")
@click.argument("value")
@pass_session
def set_(session: Session, goal: str, contributor: str, label: str, value: str) -> None:
    """Set targets: 1200, 48k, 90m, 1h30; `none` takes them away."""
    from cs_workspace.workspace import goal_changes as operations

    fresh(session)
    changed = session.run(operations.set_target, goal, contributor, label, value)
    session.output.record({"changed": changed})


@click.command()
@click.argument("goal", metavar="GOAL")
@click.option("--name", help="Of the new goal; `<name> (copy)` when left out.")
@click.option("--shift-years", type=int, default=0, metavar="N", help="So many years later.")
@pass_session
def clone(session: Session, goal: str, name: str | None, shift_years: int) -> None:
    """Make a goal like another, without its actuals. Prints its id."""
    from cs_workspace.workspace import goal_making as operations

    session.output.value(session.run(operations.clone, goal, name, shift_years=shift_years))


@click.command()
@click.argument("goal", metavar="GOAL")
@click.option("--contributor", "contributors", multiple=True, required=True, metavar="C", help="May be given again.")
@pass_session
def delete(session: Session, goal: str, contributors: tuple[str, ...]) -> None:
    """Take contributors' rows off a goal; with the last one goes the goal."""
    from cs_workspace.workspace import goal_changes as operations

    gone = session.run(operations.delete, goal, contributors)
    session.output.record({"deleted": len(set(contributors)), "goal_deleted": gone})


@click.command()
@click.option("--full", is_flag=True, help="Everything that is not frozen, not only what has changed.")
@click.option("--ended", metavar="GOAL", help="Calculate the ended milestones of this goal anew, from today's data.")
@click.option("--yes", is_flag=True, help="With --ended: do not ask.")
@pass_session
def refresh(session: Session, full: bool, ended: str | None, yes: bool) -> None:
    """Calculate what has changed. Ended milestones keep their values unless --ended asks for them.

    --ended asks twice before it does so; without a terminal it needs --yes.
    """
    from cs_workspace.workspace import calculation
    from cs_workspace.workspace import goal_changes as operations

    if ended is not None:
        number = session.run(operations.ended, ended)
        confirm(
            f"{number:,} ended milestones of {ended} are calculated anew from today's data, which is logged. Go on?",
            yes=yes,
            times=2,
        )
        session.output.record({"changed": session.run(operations.recalculate_ended, ended)})
    elif full:
        with bar("Calculating") as draw:
            changed = session.run(calculation.full, draw)
        session.output.record({"changed": changed})
    else:
        session.output.record({"changed": session.run(calculation.catch_up)})
