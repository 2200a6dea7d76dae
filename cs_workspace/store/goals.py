"""Goals as they are stored, and the few statements that measure them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import FromClause

from cs_workspace.domain.goals.model import Aggregate, Kpi, Measured, from_json
from cs_workspace.domain.goals.notices import WEEK
from cs_workspace.domain.query.bound import Condition
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.store.compile import Compiler
from cs_workspace.store.journal import batches
from cs_workspace.store.tables.goals import contributors, goals, slices
from cs_workspace.store.tables.types import BigInt


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as stored (GOL-1)."""

    id: int
    name: str
    template: str
    kpi: Kpi
    duration: str
    year: int | None
    fiscal_start: int
    aligned: bool
    notify: tuple[str, ...]
    creator: int | None
    created_at: int


@dataclass(frozen=True, slots=True)
class Contributor:
    """A row of a goal: a user, perhaps carried for a team, or a team."""

    id: int
    goal: int
    user: int | None
    team: int | None
    include_others: bool
    whole_team: bool
    position: int


@dataclass(frozen=True, slots=True)
class SliceRow:
    """One contributor's slice with its target and what was measured last."""

    id: int
    contributor: int
    position: int
    label: str
    first_day: int
    last_day: int
    start: int
    end: int
    target: int | None
    pipelines: tuple[int, ...] | None
    notify: tuple[str, ...] | None  # what its contributor is told of; none is the goal's choice
    total: int | None
    records: int | None
    frozen: bool
    calculated_at: int | None


def load_goals(connection: Connection, ids: Collection[int] | None = None) -> dict[int, Goal]:
    """Living goals by id, all of them or some."""
    query = select(goals).where(goals.c.deleted_at.is_(None)).order_by(goals.c.id)
    if ids is not None:
        query = query.where(goals.c.id.in_(ids))
    return {
        row.id: Goal(
            row.id,
            row.name,
            row.template,
            from_json(row.kpi),
            row.duration,
            row.year,
            row.fiscal_start,
            row.aligned,
            tuple(row.notify),
            row.creator,
            row.created_at,
        )
        for row in connection.execute(query)
    }


def load_kpis(connection: Connection) -> list[Kpi]:
    """What living goals measure, each once."""
    return [
        from_json(kpi) for kpi in connection.scalars(select(goals.c.kpi).where(goals.c.deleted_at.is_(None)).distinct())
    ]


_CONTRIBUTOR = [contributors.c[name] for name in Contributor.__dataclass_fields__]
_SLICE = [slices.c[name] for name in SliceRow.__dataclass_fields__]


def load_contributors(
    connection: Connection, goal_ids: Collection[int] | None = None, ids: Collection[int] | None = None
) -> dict[int, Contributor]:
    """Living rows by id, in the order of the grid: all of them, those of some goals, or some."""
    c = contributors.c
    query: Select[Any] = select(*_CONTRIBUTOR).where(c.deleted_at.is_(None)).order_by(c.goal, c.position, c.id)
    if ids is not None:
        query = query.where(c.id.in_(sorted(ids)))
    if goal_ids is not None:
        query = query.where(c.goal.in_(goal_ids))
    return {row.id: Contributor(*row) for row in connection.execute(query)}


def load_slices(connection: Connection, *conditions: ColumnElement[bool]) -> list[SliceRow]:
    """Living slices in the order of the grid, all of them or those that meet the conditions."""
    s = slices.c
    query: Select[Any] = select(*_SLICE).where(s.deleted_at.is_(None), *conditions).order_by(s.contributor, s.position)
    rows = connection.execute(query).mappings()
    return [SliceRow(**{**row, **{name: _tuple(row[name]) for name in ("pipelines", "notify")}}) for row in rows]


def _tuple(found: list[Any] | None) -> tuple[Any, ...] | None:
    return None if found is None else tuple(found)


def of_contributors(ids: Collection[int]) -> ColumnElement[bool]:
    """The slices of these rows."""
    return slices.c.contributor.in_(sorted(ids))


def current(now: int) -> ColumnElement[bool]:
    """Of each row the slice that runs, or else the next one, or else the last."""
    s = slices.c
    position = func.coalesce(func.min(case((s.end > now, s.position))), func.max(s.position))
    return tuple_(s.contributor, s.position).in_(
        select(s.contributor, position).where(s.deleted_at.is_(None)).group_by(s.contributor)
    )


def pipeline_choices(connection: Connection, goal_ids: Collection[int]) -> dict[int, list[tuple[int, ...]]]:
    """The different choices of pipelines among the living slices of each goal; all of them is no ids."""
    c, s = contributors.c, slices.c
    query = (
        select(c.goal, s.pipelines)
        .join_from(contributors, slices, s.contributor == c.id)
        .where(c.goal.in_(sorted(goal_ids)), c.deleted_at.is_(None), s.deleted_at.is_(None))
        .distinct()
    )
    found: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for goal, pipelines in connection.execute(query):
        found[goal].append(tuple(pipelines or ()))
    return found


def not_frozen() -> ColumnElement[bool]:
    """The slices that are still calculated; those over and not yet frozen too."""
    return slices.c.frozen == False  # noqa: E712 - SQL


def over(now: int) -> ColumnElement[bool]:
    """The slices that are due to be frozen."""
    return and_(not_frozen(), slices.c.end <= now)


def around(instants: tuple[int, int] | None, days: tuple[int, int] | None) -> ColumnElement[bool]:
    """The slices that reach into a span of instants or of days, both ends included."""
    s = slices.c
    reached = [] if instants is None else [and_(s.start <= instants[1], s.end > instants[0])]
    reached += [] if days is None else [and_(s.first_day <= days[1], s.last_day >= days[0])]
    return or_(*reached) if reached else false()


def goals_with(
    connection: Connection, users: Collection[int], teams: Collection[int], condition: ColumnElement[bool]
) -> set[int]:
    """The goals in which one of these users or teams has a slice that meets a condition."""
    c = contributors.c
    theirs = or_(c.user.in_(sorted(users)), and_(c.user.is_(None), c.team.in_(sorted(teams))))
    rows = select(c.id).where(c.deleted_at.is_(None), theirs)
    met = select(slices.c.contributor).where(slices.c.deleted_at.is_(None), slices.c.contributor.in_(rows), condition)
    return set(connection.scalars(select(c.goal).where(c.id.in_(met)).distinct()))


def both(one: ColumnElement[bool], other: ColumnElement[bool]) -> ColumnElement[bool]:
    """The slices that meet two conditions."""
    return and_(one, other)


def due(connection: Connection, now: int) -> bool:
    """Whether a slice is over and not frozen."""
    first = select(slices.c.id).where(slices.c.deleted_at.is_(None), over(now)).limit(1)
    return connection.scalar(first) is not None


def next_border(connection: Connection, now: int) -> int | None:
    """The next instant at which a slice starts or ends, or has seven days left (GOL-31)."""
    s = slices.c
    borders = (
        select(func.min(s.start)).where(s.deleted_at.is_(None), s.start > now),
        select(func.min(s.end)).where(s.deleted_at.is_(None), not_frozen(), s.end > now),
        select(func.min(s.end) - WEEK).where(s.deleted_at.is_(None), not_frozen(), s.end > now + WEEK),
    )
    return min((found for query in borders if (found := connection.scalar(query)) is not None), default=None)


def store_measured(connection: Connection, values: Mapping[int, Measured], now: int, *, freeze: bool) -> None:
    """Write what was measured; no journal entry, for it follows from records that have one."""
    s = slices.c
    statement = (
        update(slices)
        .where(s.id == bindparam("_id"))
        .values(total=bindparam("_total"), records=bindparam("_records"), calculated_at=now, frozen=freeze)
    )
    rows = [{"_id": i, "_total": total, "_records": records} for i, (total, records) in values.items()]
    for batch in batches(rows):
        connection.execute(statement, batch)


class Cell(NamedTuple):
    """What is counted once: one owner's records of one pipeline, or of all, dated within a period.

    The period is in instants, or in days where the KPI is dated by a date property.
    """

    owner: int
    pipeline: int | None
    start: int
    end: int


def measure(
    connection: Connection, compiler: Compiler, kpi: Kpi, where: Condition, cells: Sequence[Cell]
) -> dict[Cell, Measured]:
    """Measure all cells of a KPI in two statements: one for all pipelines, one for single ones.

    Cells without records are left out. Totals are in small steps (`domain.goals.model`).
    """
    found: dict[Cell, Measured] = {}
    by_kind: dict[bool, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_kind[cell.pipeline is not None].append(cell)
    for single, some in by_kind.items():
        some.sort(key=attrgetter("owner", "start"))  # the order of the index, so that each page of it is read once
        found.update(_measure(connection, compiler, kpi, where, some, single_pipeline=single))
    return found


def _measure(
    connection: Connection,
    compiler: Compiler,
    kpi: Kpi,
    where: Condition,
    cells: Sequence[Cell],
    *,
    single_pipeline: bool,
) -> dict[Cell, Measured]:
    table, kind = compiler.table, compiler.kind
    asked = _table_of_cells(cells, compiler.is_sqlite)
    dated = compiler.column(kind.properties[kpi.dated_by])
    joined = [
        compiler.living(),
        table.c[kind.owner] == asked.c.owner,
        dated >= asked.c.start,
        dated < asked.c.end,
        compiler.where(where),
    ]
    if single_pipeline:
        joined.append(table.c.pipeline == asked.c.pipeline)
    values = _total(compiler, kpi)
    if compiler.is_sqlite:
        # A subquery per cell walks the covering index; a join would sort all records to group them, five times slower.
        both = select(func.json_array(*values)).select_from(table).where(*joined).correlate(asked).scalar_subquery()
        packed = connection.execute(select(asked.c.number, both))
        rows = [(number, *json.loads(pair)) for number, pair in packed]
    else:
        grouped = select(asked.c.number, *values).where(*joined).group_by(asked.c.number)
        rows = [tuple(row) for row in connection.execute(grouped)]
    return {
        cells[number]: (None if total is None else int(total), records) for number, records, total in rows if records
    }


class Daily(NamedTuple):
    """What was measured of one owner's records of one pipeline on one day; the pipeline is None where none is asked."""

    owner: int
    pipeline: int | None
    day: int
    measured: Measured


def measure_daily(
    connection: Connection,
    compiler: Compiler,
    kpi: Kpi,
    where: Condition,
    *,
    owners: Collection[int],
    first: int,
    borders: Sequence[int] | None,
    last: int,
    by_pipeline: bool,
) -> list[Daily]:
    """Measure days in one statement, those without records left out.

    `borders` are the instants at which the days from `first` to `last` begin, and the one at which the last ends; None
    where the KPI is dated by days.
    """
    table, kind = compiler.table, compiler.kind
    dated = compiler.column(kind.properties[kpi.dated_by])
    low, high = (first, last + 1) if borders is None else (borders[0], borders[-1])
    owner = table.c[kind.owner].label("owner")
    pipeline = table.c.pipeline if by_pipeline else literal_column("NULL", BigInt)
    day = dated if borders is None else _day_number(dated, first, borders)
    query = (
        select(owner, pipeline.label("in_pipeline"), day.label("on_day"), *_total(compiler, kpi))
        .where(compiler.living(), owner.in_(sorted(owners)), dated >= low, dated < high, compiler.where(where))
        .group_by(table.c[kind.owner], *((table.c.pipeline,) if by_pipeline else ()), "on_day")
    )
    return [
        Daily(row[0], row[1], int(row[2]), (None if row[4] is None else int(row[4]), row[3]))
        for row in connection.execute(query)
        if row[3]
    ]


def _day_number(dated: ColumnElement[Any], first: int, borders: Sequence[int]) -> ColumnElement[Any]:
    """The local day of an instant: whole days of 24 hours are counted from border to border where clocks change."""
    usual = 24 * 3600 * 1000
    odd = [i for i in range(len(borders) - 1) if borders[i + 1] - borders[i] != usual]
    starts = sorted({0, *odd, *(i + 1 for i in odd if i + 1 < len(borders) - 1)})
    spans = [
        # Written out, because PostgreSQL does not see that two parameters are the same one.
        literal_column(str(first + i), BigInt)
        + (dated - literal_column(str(borders[i]), BigInt)) // literal_column(str(usual), BigInt)
        if i not in odd
        else literal_column(str(first + i), BigInt)
        for i in starts
    ]
    until = [literal_column(str(borders[i]), BigInt) for i in starts[1:]]
    if not until:
        return spans[0]
    return case(*((dated < end, span) for end, span in zip(until, spans, strict=False)), else_=spans[-1])


def _table_of_cells(cells: Sequence[Cell], is_sqlite: bool) -> FromClause:
    """The cells as rows of a query: number, owner, pipeline, start, end."""
    names = ("number", "owner", "pipeline", "start", "end")
    rows = [(number, c.owner, c.pipeline, c.start, c.end) for number, c in enumerate(cells)]
    if not is_sqlite:
        arrays = [cast([row[i] for row in rows], ARRAY(BigInt)) for i in range(len(names))]
        return func.unnest(*arrays).table_valued(*(column(n, BigInt) for n in names), name="cells").render_derived()
    value = func.json_each(json.dumps(rows)).table_valued("value", name="given")
    taken = select(*(func.json_extract(value.c.value, f"$[{i}]", type_=Integer).label(n) for i, n in enumerate(names)))
    # Materialized, or JSON would be read again for each record a cell is compared with.
    return taken.cte("cells").prefix_with("MATERIALIZED", dialect="sqlite")


def _measured(compiler: Compiler, kpi: Kpi) -> ColumnElement[Any]:
    """What is measured of one record, as it is stored; milliseconds between two instants."""
    value = compiler.column(compiler.kind.properties[kpi.measure])
    return value - compiler.column(compiler.kind.properties[kpi.since]) if kpi.since else value


def _value(compiler: Compiler, kpi: Kpi) -> ColumnElement[Any] | None:
    """What one record is worth, in small steps; a count measures nothing."""
    if kpi.aggregate is Aggregate.COUNT:
        return None
    value = _measured(compiler, kpi)
    if kpi.since:
        return _floor_seconds(value)
    type_ = compiler.kind.properties[kpi.measure].type
    if type_ is PropertyType.NUMBER:
        return cast(func.round(value * 1_000_000), BigInt)  # whole millionths add up the same in any order
    return value * 1_000_000 if type_ is PropertyType.INTEGER else value


def _total(compiler: Compiler, kpi: Kpi) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """How many records have a value, and their total; a count counts them all."""
    value = _value(compiler, kpi)
    if value is None:
        return func.count(), func.count()
    records = func.count(_measured(compiler, kpi))
    if kpi.aggregate is Aggregate.MINIMUM:
        return records, func.min(value)
    if kpi.aggregate is Aggregate.MAXIMUM:
        return records, func.max(value)
    return records, func.sum(value)


_LONG = 9_000_000_000_000_000  # milliseconds, whole seconds, more than lie between any two instants


def _floor_seconds(milliseconds: ColumnElement[Any]) -> ColumnElement[Any]:
    """Whole seconds, rounded down also below zero: SQL divides towards zero, so the division is done above it."""
    return (milliseconds + literal_column(str(_LONG))) // 1000 - literal_column(str(_LONG // 1000))


def records_behind(
    connection: Connection,
    compiler: Compiler,
    kpi: Kpi,
    where: Condition,
    *,
    owners: Collection[int],
    pipelines: Collection[int] | None,
    start: int,
    end: int,
) -> list[dict[str, Any]]:
    """The records a slice counts, oldest first: id, title, owner, date, and the measured value in small steps."""
    table, kind = compiler.table, compiler.kind
    dated = compiler.column(kind.properties[kpi.dated_by])
    counted = [
        compiler.living(),
        table.c[kind.owner].in_(sorted(owners)),
        dated >= start,
        dated < end,
        compiler.where(where),
    ]
    if pipelines is not None:
        counted.append(table.c.pipeline.in_(sorted(pipelines)))
    value = _value(compiler, kpi)
    query = (
        select(
            table.c.id,
            table.c[kind.title].label("title"),
            table.c[kind.owner].label("owner"),
            dated.label("date"),
            *(() if value is None else (value.label("value"),)),
        )
        .where(*counted)
        .order_by(dated, table.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
