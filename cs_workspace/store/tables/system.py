"""The account, pipelines, custom properties and objects, the journal, and what the worker keeps."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, literal_column

from cs_workspace.store.tables.types import BigInt, Code, Flag, Json, Real, Words, metadata

account = Table(
    "account",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("time_zone", Words, nullable=False),
    Column("currency", Words, nullable=False),
    Column("fiscal_start", Code, nullable=False),
    Column("week_start", Code, nullable=False),  # 0 is Monday
    Column("subscription", Words, nullable=False),
    Column("rates", Json, nullable=False),  # home currency per unit of a foreign one, as decimal text
    Column("refresh_hours", Code, nullable=False),
    Column("admin", BigInt, ForeignKey("users.id")),
    Column("deleted_at", BigInt),
    CheckConstraint("id = 1", name="single"),
    sqlite_strict=True,
)

pipelines = Table(
    "pipelines",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("object", Code, nullable=False),
    Column("label", Words, nullable=False),
    Column("position", Code, nullable=False),
    Column("external_id", Words),
    Column("forecast_period", Words, nullable=False, server_default="monthly"),  # GOL-24
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)

stages = Table(
    "stages",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("pipeline", BigInt, ForeignKey("pipelines.id"), nullable=False),
    Column("label", Words, nullable=False),
    Column("position", Code, nullable=False),
    Column("external_id", Words),
    Column("is_closed", Flag(), nullable=False),
    Column("probability", Real),  # of a deal: 1 is won, 0 is lost (REV-3)
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)

properties = Table(
    "properties",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("object", Code, nullable=False),
    Column("name", Words, nullable=False),
    Column("label", Words, nullable=False),
    Column("type", Words, nullable=False),
    Column("options", Json),
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)

objects = Table(
    "objects",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("label", Words, nullable=False),
    Column("plural", Words, nullable=False),
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)

ssh_keys = Table(
    "ssh_keys",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("user", BigInt, ForeignKey("users.id"), nullable=False),
    Column("type", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("comment", Words, nullable=False),
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)

# A saved list (LST-2). A built-in view has no owner; a default view has a place among the defaults.
views = Table(
    "views",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("object", Code, nullable=False),
    Column("name", Words, nullable=False),
    Column("description", Words),
    Column("query", Words, nullable=False),  # canonical text (QRY-3)
    Column("columns", Json),  # names of properties in order; none: those the list opens with
    Column("sort", Json),  # such as ["-arr", "name"]
    Column("layout", Words, nullable=False),  # table or board
    Column("group_by", Words),  # of a board
    Column("owner", BigInt, ForeignKey("users.id")),
    Column("shared", Flag(), nullable=False),
    Column("position", Code, nullable=False),
    Column("default_position", Code),
    Column("builtin", Words),  # which built-in view it is (CUS-2)
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)
Index("ix_views_object", views.c.object, views.c.position)

# How somebody left a list: it comes back at the next start (LST-2).
list_states = Table(
    "list_states",
    metadata,
    Column("user", BigInt, ForeignKey("users.id"), primary_key=True),
    Column("list", Words, primary_key=True),
    Column("state", Json, nullable=False),
    Column("at", BigInt, nullable=False),
    sqlite_strict=True,
)

# Who wants to hear of which record (REC-5).
follows = Table(
    "follows",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("user", BigInt, ForeignKey("users.id"), nullable=False),
    Column("object", Code, nullable=False),
    Column("record", BigInt, nullable=False),
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)
_followed = follows.c.deleted_at.is_(None)
Index(
    "uq_follows_record",
    follows.c.object,
    follows.c.record,
    follows.c.user,
    unique=True,
    sqlite_where=_followed,
    postgresql_where=_followed,
)
Index("ix_follows_user", follows.c.user)

# What the panel of an object shows, and in which order (CUS-11); one row per object at most.
panels = Table(
    "panels",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("object", Code, nullable=False),
    Column("properties", Json),  # names in order; none: all of them
    Column("activities", Json),  # kinds of activity in the order in which they are offered
    Column("related", Json),  # names of objects in order
    Column("deleted_at", BigInt),
    sqlite_strict=True,
)

# Health of a record at the moments at which it changed, with what each rule gave (HEA-9).
health_points = Table(
    "health_points",
    metadata,
    Column("object", Code, primary_key=True),
    Column("record", BigInt, primary_key=True, autoincrement=False),
    Column("at", BigInt, primary_key=True, autoincrement=False),
    Column("score", Code, nullable=False),
    Column("groups", Json, nullable=False),  # domain.health.Group as JSON
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# An entry is one user action, a change is one property of one record (UND-1, UND-2).
entries = Table(
    "entries",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("at", BigInt, nullable=False),
    Column("user", BigInt, ForeignKey("users.id")),  # none: the worker, or the making of the store
    Column("source", Words, nullable=False),
    Column("label", Words, nullable=False),
    Column("undoes", BigInt, ForeignKey("entries.id")),
    Column("undoable", Flag(), nullable=False),
    sqlite_strict=True,
)
Index("ix_entries_user", entries.c.user, entries.c.id)
Index("ix_entries_undoes", entries.c.undoes)

changes = Table(
    "changes",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("entry", BigInt, ForeignKey("entries.id"), nullable=False),
    Column("object", Code, nullable=False),
    Column("record", BigInt, nullable=False),
    Column("kind", Words, nullable=False),  # store.journal.Kind
    Column("property", Words),
    Column("old", Json),
    Column("new", Json),
    sqlite_strict=True,
)
Index("ix_changes_record", changes.c.object, changes.c.record, changes.c.id)
Index("ix_changes_entry", changes.c.entry, changes.c.id)
_merged = changes.c.kind == literal_column("'merged'")
Index("ix_changes_merged", changes.c.object, changes.c.record, sqlite_where=_merged, postgresql_where=_merged)

# One row, one holder (WRK-1): no clock is compared between machines, watchers count beats.
lease = Table(
    "lease",
    metadata,
    Column("name", Words, primary_key=True),
    Column("owner", Words, nullable=False),
    Column("fence", BigInt, nullable=False),
    Column("beat", BigInt, nullable=False),
    sqlite_strict=True,
)

# What the worker remembers: the journal position it has calculated up to, its last full run, its last failure.
worker_state = Table(
    "worker_state",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", Json),
    sqlite_strict=True,
)

# What somebody typed and has not saved, by place; it comes back when they do (UND-5).
drafts = Table(
    "drafts",
    metadata,
    Column("user", BigInt, ForeignKey("users.id"), primary_key=True),
    Column("place", Words, primary_key=True),
    Column("content", Json, nullable=False),
    Column("at", BigInt, nullable=False),
    sqlite_strict=True,
)
