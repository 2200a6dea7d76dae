"""The grid of a goal's targets: shown, pasted into, spread over (GOL-25 to GOL-30)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from cs_workspace.cli.goals import fresh
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage

if TYPE_CHECKING:
    from cs_workspace.domain.goals.sheet import Plan, Sheet
    from cs_workspace.workspace.goal_grid import Grid, GridRow, Outcome
    from cs_workspace.workspace.goals import ProgressRow

PARTLY_DONE = 4
LAYERS = ("targets", "actuals", "progress", "pipelines", "notifications")


@click.command()
@click.argument("goal", metavar="GOAL")
@click.option("--layer", type=click.Choice(LAYERS), default="targets", show_default=True, help="For tables and CSV.")
@pass_session
def grid(session: Session, goal: str, layer: str) -> None:
    """Contributors by milestones: a table of one layer, or in JSON an object per contributor with all of them."""
    from cs_workspace.workspace import goal_grid as operations
    from cs_workspace.workspace.account import account

    fresh(session)
    found = session.run(operations.grid, goal)
    currency = session.run(account).currency
    output = session.output
    if output.format in {"table", "csv"}:
        columns = ("contributor", *found.sheet.columns, "total")
        output.rows(_lines(found, layer, currency, shown=output.is_table), columns)
    else:
        output.rows(_fields(row, currency) for row in found.rows)


def _lines(found: Grid, layer: str, currency: str, *, shown: bool) -> list[dict[str, Any]]:
    """A row per contributor with one layer's value per milestone, as texts for people or as figures."""
    return [
        {
            "contributor": row.name,
            **{cell.slice.label: _value(cell, layer, currency, shown=shown) for cell in row.cells},
            **({"total": _total(found.sheet, number, currency, shown=shown)} if layer == "targets" else {}),
        }
        for number, row in enumerate(found.rows)
    ]


def _total(sheet: Sheet, row: int, currency: str, *, shown: bool) -> int | float | str | None:
    from cs_workspace.domain.goals.targets import target_number

    total = sheet.total(row)
    if total is None:
        return None
    return sheet.spelled(total) if shown else target_number(total, sheet.unit, currency)


def _value(cell: ProgressRow, layer: str, currency: str, *, shown: bool) -> Any:
    from cs_workspace.domain.goals.targets import number, print_value

    if layer == "pipelines":
        return list(cell.pipelines)
    if layer == "notifications":
        return list(cell.notify)
    if layer == "progress":
        percent = cell.reading.progress_percent
        return f"{percent}%" if shown and percent is not None else percent
    value = cell.reading.target if layer == "targets" else cell.reading.actual
    if value is None:
        return None
    return print_value(value, cell.kpi.unit, currency) if shown else number(value, cell.kpi.unit, currency)


def _fields(row: GridRow, currency: str) -> dict[str, Any]:
    """A contributor with its milestones for programs; the names are those of `goals progress`."""
    from cs_workspace.cli.goals import progress_fields

    every = [progress_fields(cell, currency, "UTC") for cell in row.cells]
    names = ("slice", "pipelines", "target", "actual", "progress_percent", "status", "pace", "frozen")
    head = {name: every[0][name] for name in ("goal_id", "goal", "contributor", "unit", "direction")}
    cells = [
        {**{name: each[name] for name in names}, "notify": list(cell.notify)}
        for each, cell in zip(every, row.cells, strict=True)
    ]
    return {**head, "locked": row.locked or None, "cells": cells}


@click.command()
@click.argument("goal", metavar="GOAL")
@click.option("--contributor", metavar="C", help="The row of the block's first line; the first one when left out.")
@click.option("--slice", "label", metavar="LABEL", help="The column of its first cell; the first one when left out.")
@click.option("--dry-run", is_flag=True, help="Say what would change and save nothing.")
@pass_session
def paste(session: Session, goal: str, contributor: str | None, label: str | None, dry_run: bool) -> int:
    """Set targets from a tab-separated block on standard input, as spreadsheets copy it.

    Values are read in your number format; a blank cell takes a target away. It is one action: `undo` takes all of it
    back. Exit code 4 says that some values were left out: wrong ones, those outside the grid, and those of cells that
    somebody changed at the same moment.
    """
    from cs_workspace.domain.goals.sheet import Box
    from cs_workspace.workspace import goal_grid as operations

    if sys.stdin.isatty():
        raise Usage("goals paste reads a block from standard input.", "Write it as `… goals paste GOAL < block.tsv`.")
    text = sys.stdin.read()
    found = session.run(operations.grid, goal)
    row = 0 if contributor is None else found.row_of(contributor)
    column = 0 if label is None else found.column_of(label)
    plan = found.sheet.pasted(Box(row, column, row, column), text)
    return _carry_out(session, found, plan, "paste", dry_run=dry_run)


@click.command()
@click.argument("goal", metavar="GOAL")
@click.argument("total")
@click.option("--contributor", "contributors", multiple=True, required=True, metavar="C", help="May be given again.")
@click.option("--by-last-year", is_flag=True, help="In proportion to what was reached one year before; else evenly.")
@click.option("--dry-run", is_flag=True, help="Say what would change and save nothing.")
@pass_session
def spread(
    session: Session, goal: str, total: str, contributors: tuple[str, ...], by_last_year: bool, dry_run: bool
) -> int:
    """Share a TOTAL such as 1200 or 48k out over all milestones of each contributor; it adds up exactly."""
    from cs_workspace.domain.goals.sheet import Plan
    from cs_workspace.workspace import goal_grid as operations

    found = session.run(operations.grid, goal)
    weights = session.run(operations.last_year, goal) if by_last_year else {}
    rows = dict.fromkeys(found.row_of(name) for name in contributors)
    plans = [found.sheet.spread([row], total, weights.get(found.sheet.rows[row].key)) for row in rows]
    plan = Plan(tuple(c for each in plans for c in each.changes), tuple(w for each in plans for w in each.wrong))
    return _carry_out(session, found, plan, "spread", dry_run=dry_run)


def _carry_out(session: Session, found: Grid, plan: Plan, what: str, *, dry_run: bool) -> int:
    """Save what can be, say what was not."""
    from cs_workspace.workspace import goal_grid as operations

    sheet = found.sheet
    done = operations.Outcome(0)
    if plan.changes and not dry_run:
        asked = operations.edits_of(sheet, plan.changes)
        done = session.run(operations.set_targets, str(found.goal.id), asked, f"{what} {len(asked)} targets")
    session.output.record(
        {
            **(
                {"changes": [f"{_at(sheet, c.place)}: {_arrow(sheet, c.before, c.after)}" for c in plan.changes]}
                if dry_run
                else {"changed": done.changed, "clashes": _clashes(sheet, done)}
            ),
            "wrong": [f"{_at(sheet, each.place)}: {each.text!r}: {each.reason}" for each in plan.wrong],
            "outside": plan.outside,
        }
    )
    return PARTLY_DONE if plan.wrong or plan.outside or done.clashes else 0


def _at(sheet: Sheet, place: tuple[int, int]) -> str:
    return f"{sheet.rows[place[0]].name}, {sheet.columns[place[1]]}"


def _arrow(sheet: Sheet, before: int | None, after: int | None) -> str:
    return f"{sheet.spelled(before)} → {sheet.spelled(after)}"


def _clashes(sheet: Sheet, done: Outcome) -> list[str]:
    return [
        f"{each.name}, {each.label}: {sheet.spelled(each.theirs)} by {each.who or 'somebody'} meanwhile"
        for each in done.clashes
    ]


@click.command()
@click.argument("goal", metavar="GOAL")
@click.argument("events", metavar="EVENT…|none|goal", nargs=-1, required=True)
@click.option("--contributor", "contributors", multiple=True, metavar="C", help="Of this row only; may be given again.")
@click.option("--slice", "labels", multiple=True, metavar="LABEL", help="Of this milestone only; may be given again.")
@pass_session
def notify(
    session: Session, goal: str, events: tuple[str, ...], contributors: tuple[str, ...], labels: tuple[str, ...]
) -> None:
    """Choose what contributors are told of: in the whole goal, or in some of its milestones.

    Events: assigned, target_changed, 50_percent, 75_percent, 100_percent, exceeded, missed, 7_days_left. `goal` takes
    the milestones' own choices away, so that they follow the goal.
    """
    from cs_workspace.workspace import goal_grid as operations

    chosen = None if events == ("goal",) else () if events == ("none",) else events
    cells = None
    if contributors or labels:
        found = session.run(operations.grid, goal)
        rows = dict.fromkeys(map(found.row_of, contributors)) or range(len(found.rows))
        columns = dict.fromkeys(map(found.column_of, labels)) or range(len(found.sheet.columns))
        cells = [(found.sheet.rows[row].key, column) for row in rows for column in columns]
    session.output.record({"changed": session.run(operations.set_notify, goal, chosen, cells)})
