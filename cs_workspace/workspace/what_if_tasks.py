"""From supposing to doing: tasks of what a what-if supposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cs_workspace.domain import rules
from cs_workspace.domain.clock import date_of, local_day, start_of_day
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.what_if import (
    Counting,
    Supposition,
    WhatIf,
)
from cs_workspace.domain.money import print_money
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.store import lookups
from cs_workspace.workspace.door import Tx, writes
from cs_workspace.workspace.records import check_may, kind_of, tx_rows
from cs_workspace.workspace.what_if_desk import Desk, Move, desk_of, moves_of


@dataclass(frozen=True, slots=True)
class Made:
    """The tasks that were added, and how many of what is supposed were open tasks already."""

    ids: tuple[int, ...]
    already: int


@writes(Permission.WORKSPACE, "add tasks from a what-if")
def as_tasks(tx: Tx, goal: int, what_if: WhatIf, due: int | None = None) -> Made:
    """One task per supposed record for its owner, due on the supposed date or at `due`; one entry to undo.

    A record whose task is open already gets no second one. Raises NotFound, Invalid, Refused.
    """
    desk = desk_of(tx, goal)
    tasks = kind_of(tx, "tasks")
    if desk.counting.kind is tasks:
        raise Invalid("what-if", "is of tasks, and these are there already")
    check_may(tx, tasks, write=True)
    moves = moves_of(desk, what_if)
    if not moves:
        raise Invalid("what-if", "supposes nothing of a record", "Suppose that something is won or moved first.")
    rows = [_task(desk, move, what_if.records[i], due) for i, move in moves.items()]
    known = lookups.by_value(tx.connection, tasks, "title", [row["title"] for row in rows])
    again = tx_rows(tx, tasks, [i for ids in known.values() for i in ids])
    waiting = {(row["title"], row["assignee"]) for row in again.values() if row["status"] == "open"}
    new = [row for row in rows if (row["title"], row["assignee"]) not in waiting]
    for row in new:
        rules.check(tasks, row)
    tx.describe(f"add {len(new)} task{'s' * (len(new) != 1)} from a what-if of {desk.goal.name}")
    return Made(tuple(tx.journal.create("tasks", new)), len(rows) - len(new))


def _task(desk: Desk, move: Move, supposed: Supposition, due: int | None) -> dict[str, Any]:
    tx, counting = desk.tx, desk.counting
    kind, row = counting.kind, move.after
    date, when = row.get(counting.kpi.dated_by), tx.now
    if date is not None:
        when = max(when, start_of_day(date_of(date), tx.tz) if counting.by_day else date)
    task = {
        "title": _task_title(counting, row, supposed, local_day(when, tx.tz)),
        "due_at": when if due is None else due,
        "assignee": row.get(kind.owner) or tx.actor.id,
        "created_at": tx.now,
        "companies": (row["id"],) if kind.name == "companies" else tuple(row.get("companies") or ()),
    }
    tasks = tx.schema["tasks"]
    if kind.name in tasks.properties:
        task[kind.name] = (row["id"],)
    return {**task, **rules.defaults(tasks, task, tx.now)}


def _task_title(counting: Counting, row: Mapping[str, Any], supposed: Supposition, day: date) -> str:
    kind = counting.kind
    title = row.get("name" if kind.name == "contacts" else kind.title) or f"{kind.label.lower()} {row['id']}"
    when = f"{day.day} {day:%b %Y}"
    worth = ""
    if supposed.amount is not None and counting.amount is not None and counting.amount.type is PropertyType.MONEY:
        worth = f" for {print_money(int(supposed.amount), row.get('currency') or counting.facts.home)}"
    if row.get("is_won"):
        return f"Win {title}{worth} by {when}"
    if supposed.won:
        return f"{'Close' if row.get('is_closed') else 'Answer' if kind.name == 'tickets' else 'Do'} {title} by {when}"
    return f"Bring {title}{worth} to {when}"
