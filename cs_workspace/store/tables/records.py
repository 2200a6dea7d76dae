"""One table per standard object type, made from the schema, and the associations between records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, ColumnElement, ForeignKey, Index, Table, and_, literal_column
from sqlalchemy.types import TypeEngine

from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.store.tables.types import BigInt, Code, Flag, Json, Real, Words, metadata

COLUMN_TYPES: dict[PropertyType, TypeEngine[Any]] = {
    PropertyType.TEXT: Words,
    PropertyType.LONG_TEXT: Words,
    PropertyType.INTEGER: BigInt,
    PropertyType.NUMBER: Real,
    PropertyType.MONEY: BigInt,
    PropertyType.DATE: BigInt,
    PropertyType.DATETIME: BigInt,
    PropertyType.DURATION: BigInt,
    PropertyType.BOOLEAN: Flag(),
    PropertyType.ENUMERATION: Words,
    PropertyType.USER: BigInt,
    PropertyType.PIPELINE: BigInt,
    PropertyType.STAGE: BigInt,
}
REFERENCES = {PropertyType.USER: "users.id", PropertyType.PIPELINE: "pipelines.id", PropertyType.STAGE: "stages.id"}


def _column(prop: Property) -> Column[object]:
    references = REFERENCES.get(prop.type)
    keys = (ForeignKey(references),) if references else ()
    return Column(prop.name, COLUMN_TYPES[prop.type], *keys, nullable=not prop.required)


def _bookkeeping() -> tuple[Column[object], ...]:
    return (
        Column("search_text", Words, nullable=False, server_default=""),  # folded; begins with the title (QRY-6)
        Column("custom", Json),  # values of custom properties by name
        Column("deleted_at", BigInt),  # in the bin since (UND-4)
    )


def _record_table(kind: ObjectType) -> Table:
    columns = [_column(p) for p in kind.properties.values() if p.type is not PropertyType.ASSOCIATION]
    table = Table(
        kind.name,
        metadata,
        Column("id", BigInt, primary_key=True, autoincrement=False),
        *columns,
        *_bookkeeping(),
        sqlite_strict=True,
    )
    for key in kind.unique_keys:
        name = f"uq_{kind.name}_{key.name}"
        filled = and_(table.c.deleted_at.is_(None), table.c[key.name].is_not(None))
        Index(name, table.c[key.name], unique=True, sqlite_where=filled, postgresql_where=filled)
    Index(f"ix_{kind.name}_search_text_id", table.c.search_text, table.c.id)
    _bin_index(table)
    return table


def _bin_index(table: Table) -> None:
    binned = table.c.deleted_at.is_not(None)
    Index(f"ix_{table.name}_bin", table.c.deleted_at, table.c.id, sqlite_where=binned, postgresql_where=binned)


RECORD_TABLES: dict[str, Table] = {kind.name: _record_table(kind) for kind in STANDARD.objects.values()}

custom_records = Table(
    "custom_records",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("object", Code, nullable=False),
    Column("name", Words, nullable=False),
    Column("owner", BigInt, ForeignKey("users.id")),
    Column("pipeline", BigInt, ForeignKey("pipelines.id")),
    Column("stage", BigInt, ForeignKey("stages.id")),
    Column("external_id", Words),
    Column("created_at", BigInt),
    Column("updated_at", BigInt),
    Column("is_closed", Flag()),
    Column("owner_assigned_at", BigInt),
    *_bookkeeping(),
    sqlite_strict=True,
)
Index("ix_custom_records_object_owner", custom_records.c.object, custom_records.c.owner)
Index(
    "ix_custom_records_object_search_text_id",
    custom_records.c.object,
    custom_records.c.search_text,
    custom_records.c.id,
)
_bin_index(custom_records)

# The side that declares the property is `from`; rank 0 is the primary one, or a user's main team (GOL-12).
associations = Table(
    "associations",
    metadata,
    Column("from_object", Code, primary_key=True),
    Column("from_id", BigInt, primary_key=True, autoincrement=False),
    Column("to_object", Code, primary_key=True),
    Column("to_id", BigInt, primary_key=True, autoincrement=False),
    Column("rank", Code, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index(
    "ix_associations_to",
    associations.c.to_object,
    associations.c.to_id,
    associations.c.from_object,
    associations.c.from_id,
    associations.c.rank,
)


def _covering(
    name: str, kind: str, columns: str, counted: Callable[[Table], ColumnElement[bool]] | None = None
) -> None:
    """An index a goals query is answered from without touching the table: owner, date, then what is read.

    SQLite reads what a partial index asks for as well, so that is in it too.
    """
    table = RECORD_TABLES[kind]
    living = table.c.deleted_at.is_(None)
    condition = living if counted is None else and_(living, counted(table))
    Index(name, *(table.c[c] for c in columns.split()), sqlite_where=condition, postgresql_where=condition)


_covering(
    "ix_tickets_goals_closed",
    "tickets",
    "owner closed_at pipeline created_at is_closed deleted_at",
    lambda t: t.c.is_closed == literal_column("1"),
)
_covering(
    "ix_tickets_goals_replied",
    "tickets",
    "owner first_reply_at pipeline created_at deleted_at",
    lambda t: t.c.first_reply_at.is_not(None),
)
_covering(
    "ix_deals_goals_won",
    "deals",
    "owner close_date pipeline amount_home is_won deleted_at",
    lambda t: t.c.is_won == literal_column("1"),
)
_covering("ix_deals_goals_created", "deals", "owner created_at pipeline deleted_at")
_covering("ix_calls_goals", "calls", "owner at deleted_at")
_covering("ix_meetings_goals", "meetings", "owner booked_at deleted_at")


def _list_index(kind: str, *columns: str) -> None:
    table = RECORD_TABLES[kind]
    Index(f"ix_{kind}_{'_'.join(columns)}_id", *(table.c[c] for c in columns), table.c.id)


for _kind, _columns in (
    ("companies", ("owner", "search_text")),
    ("companies", ("owner", "owner_assigned_at")),
    ("companies", ("renewal_date",)),
    ("companies", ("health",)),
    ("companies", ("arr",)),
    ("companies", ("last_activity_at",)),
    ("companies", ("created_at",)),
    ("contacts", ("owner", "search_text")),
    ("deals", ("close_date",)),
    ("deals", ("pipeline", "stage", "close_date")),
    ("tickets", ("created_at",)),
    ("tickets", ("pipeline", "stage", "created_at")),
    ("tickets", ("owner", "created_at")),
    ("tickets", ("stage",)),
    ("tickets", ("priority",)),
    ("tickets", ("closed_at",)),
    ("services", ("pipeline", "stage")),
    ("services", ("owner",)),
    ("subscriptions", ("pipeline", "stage")),
    ("tasks", ("assignee", "status", "due_at")),
    ("tasks", ("due_at",)),
    ("emails", ("owner", "at")),
    ("notes", ("owner", "at")),
    ("meetings", ("owner", "starts_at")),
    ("activities", ("at",)),
):
    _list_index(_kind, *_columns)
