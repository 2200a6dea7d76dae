"""Making a goal (GOL-4)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage

if TYPE_CHECKING:
    from fractions import Fraction

    from cs_workspace.workspace.goal_making import CustomKpi, NewGoal

TEMPLATES = (
    "revenue",
    "forecasted_revenue",
    "deals_created",
    "calls_made",
    "meetings_booked",
    "tickets_closed",
    "avg_ticket_response_time",
    "avg_ticket_resolution_time",
    "custom",
)
_KPI = ("object", "aggregate", "dated_by", "direction", "measure", "since", "filter")
_COLUMNS = ("contributor", "slice", "target")
_LARGEST = 16 << 20  # bytes of a file of targets


@click.command()
@click.option("--template", required=True, metavar="T", help=f"One of {', '.join(TEMPLATES)}.")
@click.option("--name", required=True)
@click.option("--user", "users", multiple=True, metavar="LOGIN", help="A contributor; may be given again.")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="A team with its users; may be given again.")
@click.option(
    "--carrier",
    "carriers",
    multiple=True,
    metavar="LOGIN=TEAM",
    help="The team a user of several carries the goal for, or none; may be given again.",
)
@click.option("--include-others", is_flag=True, help="A team's value counts members without a row too.")
@click.option("--whole-team", is_flag=True, help="One row for the team, none for its users.")
@click.option("--year", type=int, metavar="Y", help="The year the goal belongs to.")
@click.option("--duration", metavar="D", help="Weekly, monthly, quarterly or yearly milestones.")
@click.option("--fiscal", is_flag=True, help="The fiscal year.")
@click.option("--start", metavar="DATE", help="With --end: one milestone of its own.")
@click.option("--end", metavar="DATE", help="The last day, included.")
@click.option("--target", metavar="VALUE", help="Of every milestone of every contributor: 1200, 48k, 90m.")
@click.option(
    "--targets",
    "targets_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE.csv",
    help="A file with the columns contributor, slice and target.",
)
@click.option("--pipeline", "pipelines", multiple=True, metavar="NAME", help="May be given again; all when left out.")
@click.option("--notify", multiple=True, metavar="EVENT", help="assigned, target_changed, 50_percent, … missed.")
@click.option("--object", help="Custom: whose records are measured.")
@click.option("--aggregate", help="Custom: count, sum, average, minimum or maximum.")
@click.option("--measure", metavar="PROPERTY", help="Custom: what is measured; not for a count.")
@click.option("--since", metavar="PROPERTY", help="Custom: measure the time from this date-time.")
@click.option("--filter", metavar="QUERY", help="Custom: which records count.")
@click.option("--dated-by", metavar="PROPERTY", help="Custom: the date that must lie in the milestone.")
@click.option("--direction", help="Custom: higher or lower is better.")
@click.option("--dry-run", is_flag=True, help="Make nothing; say what the goal would be and would have measured.")
@pass_session
def create(
    session: Session,
    /,
    template: str,
    name: str,
    carriers: tuple[str, ...],
    duration: str | None,
    start: str | None,
    end: str | None,
    targets_file: Path | None,
    dry_run: bool,
    **given: Any,
) -> None:
    """Make a goal with a row per contributor and a milestone per period. Prints its id."""
    from cs_workspace.workspace import goal_making as operations

    kpi = _custom(template.replace("-", "_"), {key: given.pop(key) for key in _KPI})
    if duration is None and start is None and end is None:
        raise Usage("A goal needs a period.", "Say --year and --duration, or --start and --end.")
    if targets_file is not None and given["target"] is not None:
        raise Usage("--target and --targets exclude each other.")
    new = operations.NewGoal(
        template=template.replace("-", "_"),
        name=name,
        carriers=_carriers(carriers),
        duration=(duration or "custom").casefold(),
        start=_day("start", start),
        end=_day("end", end),
        targets=read_targets(targets_file) if targets_file is not None else (),
        custom=kpi,
        **given,
    )
    if dry_run:
        preview(session, new)
    else:
        session.output.value(session.run(operations.create, new))


def preview(session: Session, new: NewGoal) -> None:
    """Print what a goal would be. Raises the first of what stands against it, as making it would."""
    from cs_workspace.domain.goals.targets import number
    from cs_workspace.workspace import account, goal_preview

    currency = session.run(account.account).currency
    found = session.run(goal_preview.preview, new)
    for error in found.refusals.values():
        raise error
    kpi = found.kpi
    assert kpi is not None, "only a refused goal has none"

    def figure(value: Fraction | None) -> int | float | str | None:
        return None if value is None else number(value, kpi.unit, currency)

    session.output.record(
        {
            "meaning": found.meaning,
            "contributors": [row.contributor for row in found.rows],
            "slices": [each.label for each in found.periods],
            "milestones": found.milestones,
            "unit": str(kpi.unit),
            "so_far": figure(found.so_far),
            "last_year": figure(found.last_year),
            "forecastable": found.forecastable,
            "questions": [f"{each.login}: {' or '.join(each.teams)}" for each in found.questions],
        }
    )


def _carriers(given: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for login, sign, team in pairs:
        if not (sign and login.strip() and team.strip()):
            raise Usage("--carrier is given as LOGIN=TEAM.", "LOGIN=none leaves the user out.")
    return {login.strip(): team.strip() for login, _, team in pairs}


def _custom(template: str, given: dict[str, str | None]) -> CustomKpi | None:
    from cs_workspace.workspace.goal_making import CustomKpi

    asked = {key: text for key, text in given.items() if text is not None}
    if template != "custom":
        if asked:
            option = f"--{next(iter(asked)).replace('_', '-')}"
            raise Usage(f"{option} goes with --template custom only.", "A template measures what it measures.")
        return None
    for key in ("object", "aggregate", "dated_by"):
        if key not in asked:
            raise Usage(f"A custom goal needs --{key.replace('_', '-')}.")
    return CustomKpi(**asked)


def _day(option: str, text: str | None) -> date | None:
    from cs_workspace.domain.clock import parse_date
    from cs_workspace.domain.errors import Invalid

    try:
        return None if text is None else parse_date(text)
    except Invalid as error:
        raise Invalid(option, error.why, error.hint) from error


def read_targets(path: Path) -> list[tuple[str, str, str]]:
    """Contributor, slice and target of each line; columns in any order, capitals or not. Raises Usage (GOL-29)."""
    if path.stat().st_size > _LARGEST:
        raise Usage(f"{path} is larger than {_LARGEST >> 20} MiB.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except UnicodeDecodeError as error:
        raise Usage(f"{path} is not UTF-8 text.", "Save it as CSV in UTF-8.") from error
    except OSError as error:
        raise Usage(f"{path} cannot be read: {error.strerror}.") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        lines = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error as error:
        raise Usage(f"{path} cannot be read as CSV: {error}.") from error
    header = [word.strip().casefold() for word in lines[0]] if lines else []
    missing = [name for name in _COLUMNS if header.count(name) != 1]
    if missing:
        raise Usage(f"{path} needs one column {missing[0]!r}.", f"Its first line names {', '.join(_COLUMNS)}.")
    places = [header.index(name) for name in _COLUMNS]
    found: list[tuple[str, str, str]] = []
    for number, line in enumerate(lines[1:], 2):
        if not any(word.strip() for word in line):
            continue
        if len(line) <= max(places):
            raise Usage(f"{path}, line {number}: columns are missing.")
        contributor, label, target = (line[place].strip() for place in places)
        found.append((contributor, label, target))
    return found
