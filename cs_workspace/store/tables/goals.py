"""Goals, their contributors, and one slice per contributor and period (GOL-1)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, text

from cs_workspace.store.tables.types import BigInt, Code, Flag, Json, Words, metadata

goals = Table(
    "goals",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("template", Words, nullable=False),
    Column("kpi", Json, nullable=False),
    Column("duration", Words, nullable=False),
    Column("year", Code),  # none for a custom duration
    Column("fiscal_start", Code, nullable=False),  # 1 when not aligned; fixed at creation (GOL-19)
    Column("aligned", Flag(), nullable=False),
    Column("notify", Json, nullable=False),
    Column("creator", BigInt, ForeignKey("users.id")),
    Column("created_at", BigInt, nullable=False),
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)

contributors = Table(
    "contributors",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("goal", BigInt, ForeignKey("goals.id"), nullable=False),
    Column("user", BigInt, ForeignKey("users.id")),
    Column("team", BigInt, ForeignKey("teams.id")),  # of a user row: the team it is carried for (GOL-11)
    Column("include_others", Flag(), nullable=False),
    Column("whole_team", Flag(), nullable=False),
    Column("position", Code, nullable=False),
    Column("deleted_at", BigInt),
    CheckConstraint('"user" IS NOT NULL OR team IS NOT NULL', name="somebody"),
    sqlite_strict=True,
)
Index("ix_contributors_goal", contributors.c.goal)
Index("ix_contributors_user", contributors.c.user)
Index("ix_contributors_team", contributors.c.team)

# `target` counts small steps of the unit (domain.goals.model.scale); `total` and `records` are what was measured.
slices = Table(
    "slices",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("contributor", BigInt, ForeignKey("contributors.id"), nullable=False),
    Column("position", Code, nullable=False),
    Column("label", Words, nullable=False),
    Column("first_day", BigInt, nullable=False),
    Column("last_day", BigInt, nullable=False),
    Column("start", BigInt, nullable=False),
    Column("end", BigInt, nullable=False),  # exclusive (GOL-2)
    Column("target", BigInt),
    Column("pipelines", Json),  # ids; none is All (GOL-21)
    Column("notify", Json),  # events; none is the goal's choice (GOL-30)
    Column("total", BigInt),
    Column("records", BigInt),
    Column("frozen", Flag(), nullable=False),
    Column("calculated_at", BigInt),
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)
Index("ix_slices_contributor", slices.c.contributor, slices.c.position)
_OPEN = text("frozen = 0 AND deleted_at IS NULL")
Index("ix_slices_open", slices.c.end, sqlite_where=_OPEN, postgresql_where=_OPEN)

# What a user was told: of a milestone each event once (GOL-31), of a record that is followed each entry once (REC-5).
notices = Table(
    "notices",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("user", BigInt, ForeignKey("users.id"), nullable=False),
    Column("slice", BigInt, ForeignKey("slices.id")),
    Column("event", Words, nullable=False),
    Column("at", BigInt, nullable=False),
    Column("read_at", BigInt),
    Column("object", Code),
    Column("record", BigInt),
    Column("entry", BigInt, ForeignKey("entries.id")),
    sqlite_strict=True,
)
Index("uq_notices_record", notices.c.user, notices.c.entry, notices.c.object, notices.c.record, unique=True)
Index("uq_notices_once", notices.c.user, notices.c.slice, notices.c.event, unique=True)
Index("ix_notices_at", notices.c.user, notices.c.at)
