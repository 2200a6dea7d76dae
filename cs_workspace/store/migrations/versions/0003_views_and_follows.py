"""Saved lists, followed records, what panels show, health over time, and since when a record has its owner."""

import sqlalchemy as sa
from alembic import op

from cs_workspace.store.tables import types

revision = "0003"
down_revision = "0002"

OWNED = {"companies": 3, "contacts": 4}  # objects and their codes in the journal
RECORDS = (
    "users", "teams", "companies", "contacts", "deals", "tickets", "services", "subscriptions", "tasks",
    "calls", "emails", "meetings", "notes", "activities", "custom_records",
)  # fmt: skip

BUILT_IN = (
    ("owned_by_me", "Owned by me", "All that is yours.", "owner:me", None),
    (
        "assigned_lately",
        "Assigned in the last 30 days",
        "What became yours lately, the newest first.",
        "owner:me owner_assigned_at:-720h..",
        ["-owner_assigned_at"],
    ),
)


def upgrade() -> None:
    _views()
    _records()
    _notices()
    for table, code in OWNED.items():
        op.add_column(table, sa.Column("owner_assigned_at", types.BigInt, nullable=True))
        _assigned(table, str(code))
    op.add_column("custom_records", sa.Column("owner_assigned_at", types.BigInt, nullable=True))
    _assigned("custom_records", "custom_records.object")
    op.create_index(
        "ix_companies_owner_owner_assigned_at_id", "companies", ["owner", "owner_assigned_at", "id"], unique=False
    )
    for column in ("stage", "priority", "closed_at"):  # what a list of tickets is sorted by
        op.create_index(f"ix_tickets_{column}_id", "tickets", [column, "id"], unique=False)
    binned = sa.text("deleted_at IS NOT NULL")
    for table in RECORDS:
        op.create_index(
            f"ix_{table}_bin", table, ["deleted_at", "id"], unique=False, sqlite_where=binned, postgresql_where=binned
        )


def _assigned(table: str, code: str) -> None:
    """When the owner was last changed, or the record made, as the journal has it."""
    last = (
        "SELECT e.at FROM changes c JOIN entries e ON e.id = c.entry "  # noqa: S608 - names of our own
        f"WHERE c.object = {code} AND c.record = {table}.id AND (c.property = 'owner' OR c.kind = 'created') "
        "ORDER BY c.id DESC LIMIT 1"
    )
    op.execute(f"UPDATE {table} SET owner_assigned_at = coalesce(({last}), created_at) WHERE owner IS NOT NULL")  # noqa: S608 - the same


def _views() -> None:
    views = op.create_table(
        "views",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("object", types.Code, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("description", types.Words, nullable=True),
        sa.Column("query", types.Words, nullable=False),
        sa.Column("columns", types.Json(), nullable=True),
        sa.Column("sort", types.Json(), nullable=True),
        sa.Column("layout", types.Words, nullable=False),
        sa.Column("group_by", types.Words, nullable=True),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("shared", types.Flag(), nullable=False),
        sa.Column("position", types.Code, nullable=False),
        sa.Column("default_position", types.Code, nullable=True),
        sa.Column("builtin", types.Words, nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_views_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_views")),
        sqlite_strict=True,
    )
    op.create_index("ix_views_object", "views", ["object", "position"], unique=False)
    op.create_table(
        "list_states",
        sa.Column("user", types.BigInt, nullable=False),
        sa.Column("list", types.Words, nullable=False),
        sa.Column("state", types.Json(), nullable=False),
        sa.Column("at", types.BigInt, nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_list_states_user")),
        sa.PrimaryKeyConstraint("user", "list", name=op.f("pk_list_states")),
        sqlite_strict=True,
    )

    _built_in_views(views)


def _built_in_views(views: sa.Table) -> None:
    """What a new store has from the start; a store without its account yet is a new one."""
    if not op.get_bind().scalar(sa.text("SELECT count(*) FROM account")):
        return
    every = [(code, number, view) for code in OWNED.values() for number, view in enumerate(BUILT_IN, 1)]
    op.bulk_insert(
        views,
        [
            {
                "id": id_,
                "object": code,
                "name": name,
                "description": description,
                "query": query,
                "sort": sort,
                "layout": "table",
                "shared": True,
                "position": number,
                "default_position": number,
                "builtin": key,
            }
            for id_, (code, number, (key, name, description, query, sort)) in enumerate(every, 1)
        ],
    )


def _records() -> None:
    op.create_table(
        "follows",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("user", types.BigInt, nullable=False),
        sa.Column("object", types.Code, nullable=False),
        sa.Column("record", types.BigInt, nullable=False),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_follows_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sqlite_strict=True,
    )
    followed = sa.text("deleted_at IS NULL")
    op.create_index(
        "uq_follows_record",
        "follows",
        ["object", "record", "user"],
        unique=True,
        sqlite_where=followed,
        postgresql_where=followed,
    )
    op.create_index("ix_follows_user", "follows", ["user"], unique=False)
    op.create_table(
        "panels",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("object", types.Code, nullable=False),
        sa.Column("properties", types.Json(), nullable=True),
        sa.Column("activities", types.Json(), nullable=True),
        sa.Column("related", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels")),
        sqlite_strict=True,
    )
    op.create_table(
        "health_points",
        sa.Column("object", types.Code, nullable=False),
        sa.Column("record", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("at", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("score", types.Code, nullable=False),
        sa.Column("groups", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("object", "record", "at", name=op.f("pk_health_points")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    merged = sa.text("kind = 'merged'")
    op.create_index(
        "ix_changes_merged",
        "changes",
        ["object", "record"],
        unique=False,
        sqlite_where=merged,
        postgresql_where=merged,
    )


def _notices() -> None:
    """A notice may be of a record in place of a slice. SQLite cannot take NOT NULL from a column: a new table."""
    more = (("object", types.Code), ("record", types.BigInt), ("entry", types.BigInt))
    if op.get_bind().dialect.name == "sqlite":
        op.rename_table("notices", "old_notices")
        op.create_table(
            "notices",
            sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
            sa.Column("user", types.BigInt, nullable=False),
            sa.Column("slice", types.BigInt, nullable=True),
            sa.Column("event", types.Words, nullable=False),
            sa.Column("at", types.BigInt, nullable=False),
            sa.Column("read_at", types.BigInt, nullable=True),
            *(sa.Column(name, type_, nullable=True) for name, type_ in more),
            sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_notices_user")),
            sa.ForeignKeyConstraint(["slice"], ["slices.id"], name=op.f("fk_notices_slice")),
            sa.ForeignKeyConstraint(["entry"], ["entries.id"], name=op.f("fk_notices_entry")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
            sqlite_strict=True,
        )
        kept = 'id, "user", slice, event, at, read_at'
        op.execute(f"INSERT INTO notices ({kept}) SELECT {kept} FROM old_notices")  # noqa: S608 - the same
        op.drop_table("old_notices")
        op.create_index("uq_notices_once", "notices", ["user", "slice", "event"], unique=True)
        op.create_index("ix_notices_at", "notices", ["user", "at"], unique=False)
    else:
        op.alter_column("notices", "slice", nullable=True)
        for name, type_ in more:
            op.add_column("notices", sa.Column(name, type_, nullable=True))
        op.create_foreign_key(op.f("fk_notices_entry"), "notices", "entries", ["entry"], ["id"])
    op.create_index("uq_notices_record", "notices", ["user", "entry", "object", "record"], unique=True)
