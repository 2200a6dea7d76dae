"""A goal's records on the table: what a what-if may suppose of them, and how they are described."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cs_workspace.domain.errors import NotFound
from cs_workspace.domain.goals.model import Aggregate, in_units
from cs_workspace.domain.goals.what_if import (
    Counting,
    WhatIf,
    winning_stage,
)
from cs_workspace.domain.money import exponent
from cs_workspace.store import account as account_store
from cs_workspace.store import goals as goal_store
from cs_workspace.store.goals import Goal, SliceRow
from cs_workspace.workspace import calculation
from cs_workspace.workspace.calculation import Goals
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.goals import (
    may,
)
from cs_workspace.workspace.records import check_may, tx_rows
from cs_workspace.workspace.references import References


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that does not count yet and could, or one that is supposed of."""

    id: int
    title: str
    company: str
    owner: str
    stage: str
    probability: float | None
    date: int | None  # as the goal dates its records: an instant, or a day
    amount: int | float | None  # raw, in `currency`
    currency: str
    value: Fraction | None  # in the goal's unit
    counts: bool


@dataclass(slots=True)
class Desk:
    """A goal with what is needed to look at its records."""

    tx: Tx
    goal: Goal
    loaded: Goals
    slices: list[SliceRow]  # of the rows the actor may see
    counting: Counting

    @property
    def owners(self) -> frozenset[int]:
        """Whose records count for any of the rows."""
        return frozenset().union(*(self.loaded.counted[each.contributor] for each in self.slices))

    @property
    def span(self) -> tuple[int, int]:
        """From the first slice to the last, as records are dated."""
        bounds = [self.bounds(each) for each in self.slices]
        return min(start for start, _ in bounds), max(end for _, end in bounds)

    def bounds(self, each: SliceRow) -> tuple[int, int]:
        """A slice as records are dated."""
        return (each.first_day, each.last_day + 1) if self.counting.by_day else (each.start, each.end)

    def rows(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        """Living records by id."""
        found = tx_rows(self.tx, self.counting.kind, sorted(ids))
        return {i: row for i, row in found.items() if row["deleted_at"] is None}


def desk_of(tx: Tx, goal: int) -> Desk:
    """A goal and the milestones of the rows the actor may see. Raises NotFound."""
    loaded = calculation.load(tx, [goal])
    seen = [i for i, row in loaded.contributors.items() if may(tx, "view", loaded, row)]
    slices = goal_store.load_slices(tx.connection, goal_store.of_contributors(seen)) if seen else []
    if not slices:
        raise NotFound(f"There is no goal {goal} of which you may see a row.", "See `cs-workspace goals list`.")
    found = loaded.goals[goal]
    kind, facts = tx.schema[found.kpi.object], account_store.load_facts(tx.connection)
    stages = {
        p.id: winning_stage((stage.id, facts.stages[stage.id]) for stage in p.stages)
        for p in tx.pipelines
        if p.object == kind.code
    }
    counting = Counting(
        kind,
        found.kpi,
        calculation.goal_filter(tx, found.kpi),
        facts,
        {pipeline: stage for pipeline, stage in stages.items() if stage is not None},
        tx.now,
        tx.tz,
    )
    return Desk(tx, found, loaded, slices, counting)


def columns_of(counting: Counting) -> tuple[str, ...]:
    """What is read of each record."""
    kind, kpi = counting.kind, counting.kpi
    names = (
        kind.title, kind.owner, "created_at", "pipeline", "stage", "is_closed", "is_won", "amount", "currency",
        "status", "companies", kpi.dated_by, kpi.measure, kpi.since,
    )  # fmt: skip
    return tuple(dict.fromkeys(name for name in names if name in kind.properties))


def described(desk: Desk, rows: Iterable[Mapping[str, Any]]) -> list[Candidate]:
    """Records as a what-if shows them."""
    tx, counting = desk.tx, desk.counting
    some, references = list(rows), References(tx)
    references.prefetch_titles(counting.kind, some)
    kind, amount, decimals = counting.kind, counting.amount, exponent(tx.account.currency)
    people = tx.directory.people
    described = []
    for row in some:
        value = counting.value(row) if counting.kpi.aggregate is not Aggregate.COUNT else None
        owner, stage = people.get(row.get(kind.owner) or 0), row.get("stage")
        companies = row.get("companies") or ()
        described.append(
            Candidate(
                row["id"],
                str(row.get("name" if kind.name == "contacts" else kind.title) or f"#{row['id']}"),
                references.titles("companies", companies[:1]).get(companies[0], "") if companies else "",
                owner.name if owner else "",
                references.name(kind.properties["stage"], stage) if stage is not None else "",
                counting.facts.stages[stage].probability if stage is not None else None,
                row.get(counting.kpi.dated_by),
                row.get(amount.name) if amount is not None else None,
                row.get("currency") or tx.account.currency,
                None if value is None else in_units(value, counting.kpi.unit, decimals),
                counting.counted({**row, "deleted_at": None}) is not None,
            )
        )
    return described


@dataclass(frozen=True, slots=True)
class Move:
    """A record before and after."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


def moves_of(desk: Desk, what_if: WhatIf) -> dict[int, Move]:
    """The supposed records that are there, before and after. Raises Refused."""
    if not what_if.records:
        return {}
    check_may(desk.tx, desk.counting.kind, write=False)
    rows = desk.rows(what_if.records)
    return {i: Move(row, desk.counting.after(row, what_if.records[i])) for i, row in rows.items()}
