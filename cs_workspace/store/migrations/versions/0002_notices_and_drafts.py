"""What users are told and of which milestones, what they have typed and not saved, and how they write numbers."""

import sqlalchemy as sa
from alembic import op

from cs_workspace.store.tables import types

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("user", types.BigInt, nullable=False),
        sa.Column("slice", types.BigInt, nullable=False),
        sa.Column("event", types.Words, nullable=False),
        sa.Column("at", types.BigInt, nullable=False),
        sa.Column("read_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_notices_user")),
        sa.ForeignKeyConstraint(["slice"], ["slices.id"], name=op.f("fk_notices_slice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sqlite_strict=True,
    )
    op.create_index("uq_notices_once", "notices", ["user", "slice", "event"], unique=True)
    op.create_index("ix_notices_at", "notices", ["user", "at"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("user", types.BigInt, nullable=False),
        sa.Column("place", types.Words, nullable=False),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("at", types.BigInt, nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_drafts_user")),
        sa.PrimaryKeyConstraint("user", "place", name=op.f("pk_drafts")),
        sqlite_strict=True,
    )
    op.add_column("users", sa.Column("number_format", types.Words, nullable=True))
    op.add_column("slices", sa.Column("notify", types.Json(), nullable=True))
