"""All tables of the first version."""

import sqlalchemy as sa
from alembic import op

from cs_workspace.store.migrations.objects import append_only, fold_function, full_text
from cs_workspace.store.tables import types

revision = "0001"
down_revision = None

SEARCHED = (
    "users",
    "teams",
    "companies",
    "contacts",
    "deals",
    "tickets",
    "services",
    "subscriptions",
    "tasks",
    "calls",
    "emails",
    "meetings",
    "notes",
    "activities",
    "custom_records",
)


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", types.Words, nullable=False),
        sa.Column("at", types.BigInt, nullable=False),
        sa.Column("tool", types.Words, nullable=True),
        sa.Column("title", types.Words, nullable=True),
        sa.Column("sequence", types.Words, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sqlite_strict=True,
    )
    op.create_index("ix_activities_at_id", "activities", ["at", "id"], unique=False)
    op.create_index("ix_activities_search_text_id", "activities", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_activities_external_id",
        "activities",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "associations",
        sa.Column("from_object", types.Code, nullable=False),
        sa.Column("from_id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("to_object", types.Code, nullable=False),
        sa.Column("to_id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("rank", types.Code, nullable=False),
        sa.PrimaryKeyConstraint("from_object", "from_id", "to_object", "to_id", name=op.f("pk_associations")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_associations_to", "associations", ["to_object", "to_id", "from_object", "from_id", "rank"], unique=False
    )
    op.create_table(
        "lease",
        sa.Column("name", types.Words, nullable=False),
        sa.Column("owner", types.Words, nullable=False),
        sa.Column("fence", types.BigInt, nullable=False),
        sa.Column("beat", types.BigInt, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
        sqlite_strict=True,
    )
    op.create_table(
        "objects",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("label", types.Words, nullable=False),
        sa.Column("plural", types.Words, nullable=False),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objects")),
        sqlite_strict=True,
    )
    op.create_table(
        "pipelines",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("object", types.Code, nullable=False),
        sa.Column("label", types.Words, nullable=False),
        sa.Column("position", types.Code, nullable=False),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("forecast_period", types.Words, server_default="monthly", nullable=False),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipelines")),
        sqlite_strict=True,
    )
    op.create_table(
        "properties",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("object", types.Code, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("label", types.Words, nullable=False),
        sa.Column("type", types.Words, nullable=False),
        sa.Column("options", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_properties")),
        sqlite_strict=True,
    )
    op.create_table(
        "teams",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sqlite_strict=True,
    )
    op.create_index("ix_teams_search_text_id", "teams", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_teams_external_id",
        "teams",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_index(
        "uq_teams_name",
        "teams",
        ["name"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND name IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND name IS NOT NULL"),
    )
    op.create_table(
        "users",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("login", types.Words, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("email", types.Words, nullable=True),
        sa.Column("service_seat", types.Words, nullable=True),
        sa.Column("sales_seat", types.Words, nullable=True),
        sa.Column("super_admin", types.Flag(), nullable=True),
        sa.Column("workspace", types.Flag(), nullable=True),
        sa.Column("manage_settings", types.Flag(), nullable=True),
        sa.Column("goals_view", types.Words, nullable=True),
        sa.Column("goals_edit", types.Words, nullable=True),
        sa.Column("time_zone", types.Words, nullable=True),
        sa.Column("active", types.Flag(), nullable=True),
        sa.Column("deactivated_at", types.BigInt, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sqlite_strict=True,
    )
    op.create_index("ix_users_search_text_id", "users", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_users_email",
        "users",
        ["email"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND email IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND email IS NOT NULL"),
    )
    op.create_index(
        "uq_users_external_id",
        "users",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_index(
        "uq_users_login",
        "users",
        ["login"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND login IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND login IS NOT NULL"),
    )
    op.create_table(
        "worker_state",
        sa.Column("name", types.Words, nullable=False),
        sa.Column("value", types.Json(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_state")),
        sqlite_strict=True,
    )
    op.create_table(
        "account",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("time_zone", types.Words, nullable=False),
        sa.Column("currency", types.Words, nullable=False),
        sa.Column("fiscal_start", types.Code, nullable=False),
        sa.Column("week_start", types.Code, nullable=False),
        sa.Column("subscription", types.Words, nullable=False),
        sa.Column("rates", types.Json(), nullable=False),
        sa.Column("refresh_hours", types.Code, nullable=False),
        sa.Column("admin", types.BigInt, nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_account_single")),
        sa.ForeignKeyConstraint(["admin"], ["users.id"], name=op.f("fk_account_admin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sqlite_strict=True,
    )
    op.create_table(
        "calls",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("title", types.Words, nullable=True),
        sa.Column("body", types.Words, nullable=True),
        sa.Column("at", types.BigInt, nullable=False),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("outcome", types.Words, nullable=True),
        sa.Column("direction", types.Words, nullable=True),
        sa.Column("duration", types.BigInt, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_calls_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_calls_goals",
        "calls",
        ["owner", "at", "deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_calls_search_text_id", "calls", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_calls_external_id",
        "calls",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "companies",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("domain", types.Words, nullable=True),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("lifecycle_stage", types.Words, nullable=True),
        sa.Column("industry", types.Words, nullable=True),
        sa.Column("country", types.Words, nullable=True),
        sa.Column("phone", types.Words, nullable=True),
        sa.Column("employees", types.BigInt, nullable=True),
        sa.Column("annual_revenue", types.BigInt, nullable=True),
        sa.Column("arr", types.BigInt, nullable=True),
        sa.Column("renewal_date", types.BigInt, nullable=True),
        sa.Column("sentiment", types.Words, nullable=True),
        sa.Column("last_activity_at", types.BigInt, nullable=True),
        sa.Column("health", types.BigInt, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_companies_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sqlite_strict=True,
    )
    op.create_index("ix_companies_arr_id", "companies", ["arr", "id"], unique=False)
    op.create_index("ix_companies_created_at_id", "companies", ["created_at", "id"], unique=False)
    op.create_index("ix_companies_health_id", "companies", ["health", "id"], unique=False)
    op.create_index("ix_companies_last_activity_at_id", "companies", ["last_activity_at", "id"], unique=False)
    op.create_index("ix_companies_owner_search_text_id", "companies", ["owner", "search_text", "id"], unique=False)
    op.create_index("ix_companies_renewal_date_id", "companies", ["renewal_date", "id"], unique=False)
    op.create_index("ix_companies_search_text_id", "companies", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_companies_domain",
        "companies",
        ["domain"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND domain IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND domain IS NOT NULL"),
    )
    op.create_index(
        "uq_companies_external_id",
        "companies",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "contacts",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("first_name", types.Words, nullable=True),
        sa.Column("last_name", types.Words, nullable=True),
        sa.Column("name", types.Words, nullable=True),
        sa.Column("email", types.Words, nullable=True),
        sa.Column("phone", types.Words, nullable=True),
        sa.Column("job_title", types.Words, nullable=True),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("last_activity_at", types.BigInt, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_contacts_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sqlite_strict=True,
    )
    op.create_index("ix_contacts_owner_search_text_id", "contacts", ["owner", "search_text", "id"], unique=False)
    op.create_index("ix_contacts_search_text_id", "contacts", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_contacts_email",
        "contacts",
        ["email"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND email IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND email IS NOT NULL"),
    )
    op.create_index(
        "uq_contacts_external_id",
        "contacts",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "emails",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("title", types.Words, nullable=True),
        sa.Column("body", types.Words, nullable=True),
        sa.Column("at", types.BigInt, nullable=False),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("outcome", types.Words, nullable=True),
        sa.Column("direction", types.Words, nullable=True),
        sa.Column("duration", types.BigInt, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_emails_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emails")),
        sqlite_strict=True,
    )
    op.create_index("ix_emails_owner_at_id", "emails", ["owner", "at", "id"], unique=False)
    op.create_index("ix_emails_search_text_id", "emails", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_emails_external_id",
        "emails",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "entries",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("at", types.BigInt, nullable=False),
        sa.Column("user", types.BigInt, nullable=True),
        sa.Column("source", types.Words, nullable=False),
        sa.Column("label", types.Words, nullable=False),
        sa.Column("undoes", types.BigInt, nullable=True),
        sa.Column("undoable", types.Flag(), nullable=False),
        sa.ForeignKeyConstraint(["undoes"], ["entries.id"], name=op.f("fk_entries_undoes")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_entries_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sqlite_strict=True,
    )
    op.create_index("ix_entries_undoes", "entries", ["undoes"], unique=False)
    op.create_index("ix_entries_user", "entries", ["user", "id"], unique=False)
    op.create_table(
        "goals",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("template", types.Words, nullable=False),
        sa.Column("kpi", types.Json(), nullable=False),
        sa.Column("duration", types.Words, nullable=False),
        sa.Column("year", types.Code, nullable=True),
        sa.Column("fiscal_start", types.Code, nullable=False),
        sa.Column("aligned", types.Flag(), nullable=False),
        sa.Column("notify", types.Json(), nullable=False),
        sa.Column("creator", types.BigInt, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=False),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["creator"], ["users.id"], name=op.f("fk_goals_creator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
        sqlite_strict=True,
    )
    op.create_table(
        "meetings",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("title", types.Words, nullable=True),
        sa.Column("body", types.Words, nullable=True),
        sa.Column("at", types.BigInt, nullable=False),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("outcome", types.Words, nullable=True),
        sa.Column("direction", types.Words, nullable=True),
        sa.Column("duration", types.BigInt, nullable=True),
        sa.Column("starts_at", types.BigInt, nullable=True),
        sa.Column("ends_at", types.BigInt, nullable=True),
        sa.Column("location", types.Words, nullable=True),
        sa.Column("url", types.Words, nullable=True),
        sa.Column("booked_at", types.BigInt, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_meetings_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_meetings_goals",
        "meetings",
        ["owner", "booked_at", "deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_meetings_owner_starts_at_id", "meetings", ["owner", "starts_at", "id"], unique=False)
    op.create_index("ix_meetings_search_text_id", "meetings", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_meetings_external_id",
        "meetings",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "notes",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("title", types.Words, nullable=True),
        sa.Column("body", types.Words, nullable=True),
        sa.Column("at", types.BigInt, nullable=False),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("outcome", types.Words, nullable=True),
        sa.Column("direction", types.Words, nullable=True),
        sa.Column("duration", types.BigInt, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_notes_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sqlite_strict=True,
    )
    op.create_index("ix_notes_owner_at_id", "notes", ["owner", "at", "id"], unique=False)
    op.create_index("ix_notes_search_text_id", "notes", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_notes_external_id",
        "notes",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "ssh_keys",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("user", types.BigInt, nullable=False),
        sa.Column("type", types.Words, nullable=False),
        sa.Column("key", types.Words, nullable=False),
        sa.Column("comment", types.Words, nullable=False),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_ssh_keys_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ssh_keys")),
        sqlite_strict=True,
    )
    op.create_table(
        "stages",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("pipeline", types.BigInt, nullable=False),
        sa.Column("label", types.Words, nullable=False),
        sa.Column("position", types.Code, nullable=False),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("is_closed", types.Flag(), nullable=False),
        sa.Column("probability", types.Real, nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["pipeline"], ["pipelines.id"], name=op.f("fk_stages_pipeline")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stages")),
        sqlite_strict=True,
    )
    op.create_table(
        "tasks",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("title", types.Words, nullable=False),
        sa.Column("type", types.Words, nullable=True),
        sa.Column("priority", types.Words, nullable=True),
        sa.Column("status", types.Words, nullable=True),
        sa.Column("due_at", types.BigInt, nullable=False),
        sa.Column("assignee", types.BigInt, nullable=True),
        sa.Column("notes", types.Words, nullable=True),
        sa.Column("repeat", types.Words, nullable=True),
        sa.Column("remind_at", types.BigInt, nullable=True),
        sa.Column("completed_at", types.BigInt, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["assignee"], ["users.id"], name=op.f("fk_tasks_assignee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sqlite_strict=True,
    )
    op.create_index("ix_tasks_assignee_status_due_at_id", "tasks", ["assignee", "status", "due_at", "id"], unique=False)
    op.create_index("ix_tasks_due_at_id", "tasks", ["due_at", "id"], unique=False)
    op.create_index("ix_tasks_search_text_id", "tasks", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_tasks_external_id",
        "tasks",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "changes",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("entry", types.BigInt, nullable=False),
        sa.Column("object", types.Code, nullable=False),
        sa.Column("record", types.BigInt, nullable=False),
        sa.Column("kind", types.Words, nullable=False),
        sa.Column("property", types.Words, nullable=True),
        sa.Column("old", types.Json(), nullable=True),
        sa.Column("new", types.Json(), nullable=True),
        sa.ForeignKeyConstraint(["entry"], ["entries.id"], name=op.f("fk_changes_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sqlite_strict=True,
    )
    op.create_index("ix_changes_entry", "changes", ["entry", "id"], unique=False)
    op.create_index("ix_changes_record", "changes", ["object", "record", "id"], unique=False)
    op.create_table(
        "contributors",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("goal", types.BigInt, nullable=False),
        sa.Column("user", types.BigInt, nullable=True),
        sa.Column("team", types.BigInt, nullable=True),
        sa.Column("include_others", types.Flag(), nullable=False),
        sa.Column("whole_team", types.Flag(), nullable=False),
        sa.Column("position", types.Code, nullable=False),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.CheckConstraint('"user" IS NOT NULL OR team IS NOT NULL', name=op.f("ck_contributors_somebody")),
        sa.ForeignKeyConstraint(["goal"], ["goals.id"], name=op.f("fk_contributors_goal")),
        sa.ForeignKeyConstraint(["team"], ["teams.id"], name=op.f("fk_contributors_team")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_contributors_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributors")),
        sqlite_strict=True,
    )
    op.create_index("ix_contributors_goal", "contributors", ["goal"], unique=False)
    op.create_index("ix_contributors_team", "contributors", ["team"], unique=False)
    op.create_index("ix_contributors_user", "contributors", ["user"], unique=False)
    op.create_table(
        "custom_records",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("object", types.Code, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("pipeline", types.BigInt, nullable=True),
        sa.Column("stage", types.BigInt, nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("is_closed", types.Flag(), nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_custom_records_owner")),
        sa.ForeignKeyConstraint(["pipeline"], ["pipelines.id"], name=op.f("fk_custom_records_pipeline")),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name=op.f("fk_custom_records_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_records")),
        sqlite_strict=True,
    )
    op.create_index("ix_custom_records_object_owner", "custom_records", ["object", "owner"], unique=False)
    op.create_index(
        "ix_custom_records_object_search_text_id", "custom_records", ["object", "search_text", "id"], unique=False
    )
    op.create_table(
        "deals",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("pipeline", types.BigInt, nullable=False),
        sa.Column("stage", types.BigInt, nullable=False),
        sa.Column("amount", types.BigInt, nullable=True),
        sa.Column("currency", types.Words, nullable=True),
        sa.Column("close_date", types.BigInt, nullable=True),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("deal_type", types.Words, nullable=True),
        sa.Column("last_activity_at", types.BigInt, nullable=True),
        sa.Column("amount_home", types.BigInt, nullable=True),
        sa.Column("is_closed", types.Flag(), nullable=True),
        sa.Column("is_won", types.Flag(), nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_deals_owner")),
        sa.ForeignKeyConstraint(["pipeline"], ["pipelines.id"], name=op.f("fk_deals_pipeline")),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name=op.f("fk_deals_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        sqlite_strict=True,
    )
    op.create_index("ix_deals_close_date_id", "deals", ["close_date", "id"], unique=False)
    op.create_index(
        "ix_deals_goals_created",
        "deals",
        ["owner", "created_at", "pipeline", "deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_deals_goals_won",
        "deals",
        ["owner", "close_date", "pipeline", "amount_home", "is_won", "deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND is_won = 1"),
        postgresql_where=sa.text("deleted_at IS NULL AND is_won = 1"),
    )
    op.create_index(
        "ix_deals_pipeline_stage_close_date_id", "deals", ["pipeline", "stage", "close_date", "id"], unique=False
    )
    op.create_index("ix_deals_search_text_id", "deals", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_deals_external_id",
        "deals",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "services",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("pipeline", types.BigInt, nullable=False),
        sa.Column("stage", types.BigInt, nullable=False),
        sa.Column("status", types.Words, nullable=True),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("start_date", types.BigInt, nullable=True),
        sa.Column("target_end_date", types.BigInt, nullable=True),
        sa.Column("cost", types.BigInt, nullable=True),
        sa.Column("currency", types.Words, nullable=True),
        sa.Column("is_closed", types.Flag(), nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_services_owner")),
        sa.ForeignKeyConstraint(["pipeline"], ["pipelines.id"], name=op.f("fk_services_pipeline")),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name=op.f("fk_services_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sqlite_strict=True,
    )
    op.create_index("ix_services_owner_id", "services", ["owner", "id"], unique=False)
    op.create_index("ix_services_pipeline_stage_id", "services", ["pipeline", "stage", "id"], unique=False)
    op.create_index("ix_services_search_text_id", "services", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_services_external_id",
        "services",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("name", types.Words, nullable=False),
        sa.Column("pipeline", types.BigInt, nullable=False),
        sa.Column("stage", types.BigInt, nullable=False),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("mrr", types.BigInt, nullable=True),
        sa.Column("currency", types.Words, nullable=True),
        sa.Column("billing_frequency", types.Words, nullable=True),
        sa.Column("start_date", types.BigInt, nullable=True),
        sa.Column("end_date", types.BigInt, nullable=True),
        sa.Column("next_payment_date", types.BigInt, nullable=True),
        sa.Column("is_closed", types.Flag(), nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_subscriptions_owner")),
        sa.ForeignKeyConstraint(["pipeline"], ["pipelines.id"], name=op.f("fk_subscriptions_pipeline")),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name=op.f("fk_subscriptions_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sqlite_strict=True,
    )
    op.create_index("ix_subscriptions_pipeline_stage_id", "subscriptions", ["pipeline", "stage", "id"], unique=False)
    op.create_index("ix_subscriptions_search_text_id", "subscriptions", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_subscriptions_external_id",
        "subscriptions",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("subject", types.Words, nullable=False),
        sa.Column("pipeline", types.BigInt, nullable=False),
        sa.Column("stage", types.BigInt, nullable=False),
        sa.Column("priority", types.Words, nullable=True),
        sa.Column("category", types.Words, nullable=True),
        sa.Column("owner", types.BigInt, nullable=True),
        sa.Column("first_reply_at", types.BigInt, nullable=True),
        sa.Column("closed_at", types.BigInt, nullable=True),
        sa.Column("is_closed", types.Flag(), nullable=True),
        sa.Column("external_id", types.Words, nullable=True),
        sa.Column("created_at", types.BigInt, nullable=True),
        sa.Column("updated_at", types.BigInt, nullable=True),
        sa.Column("search_text", types.Words, server_default="", nullable=False),
        sa.Column("custom", types.Json(), nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_tickets_owner")),
        sa.ForeignKeyConstraint(["pipeline"], ["pipelines.id"], name=op.f("fk_tickets_pipeline")),
        sa.ForeignKeyConstraint(["stage"], ["stages.id"], name=op.f("fk_tickets_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sqlite_strict=True,
    )
    op.create_index("ix_tickets_created_at_id", "tickets", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_tickets_goals_closed",
        "tickets",
        ["owner", "closed_at", "pipeline", "created_at", "is_closed", "deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND is_closed = 1"),
        postgresql_where=sa.text("deleted_at IS NULL AND is_closed = 1"),
    )
    op.create_index(
        "ix_tickets_goals_replied",
        "tickets",
        ["owner", "first_reply_at", "pipeline", "created_at", "deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND first_reply_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND first_reply_at IS NOT NULL"),
    )
    op.create_index("ix_tickets_owner_created_at_id", "tickets", ["owner", "created_at", "id"], unique=False)
    op.create_index(
        "ix_tickets_pipeline_stage_created_at_id", "tickets", ["pipeline", "stage", "created_at", "id"], unique=False
    )
    op.create_index("ix_tickets_search_text_id", "tickets", ["search_text", "id"], unique=False)
    op.create_index(
        "uq_tickets_external_id",
        "tickets",
        ["external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_table(
        "slices",
        sa.Column("id", types.BigInt, autoincrement=False, nullable=False),
        sa.Column("contributor", types.BigInt, nullable=False),
        sa.Column("position", types.Code, nullable=False),
        sa.Column("label", types.Words, nullable=False),
        sa.Column("first_day", types.BigInt, nullable=False),
        sa.Column("last_day", types.BigInt, nullable=False),
        sa.Column("start", types.BigInt, nullable=False),
        sa.Column("end", types.BigInt, nullable=False),
        sa.Column("target", types.BigInt, nullable=True),
        sa.Column("pipelines", types.Json(), nullable=True),
        sa.Column("total", types.BigInt, nullable=True),
        sa.Column("records", types.BigInt, nullable=True),
        sa.Column("frozen", types.Flag(), nullable=False),
        sa.Column("calculated_at", types.BigInt, nullable=True),
        sa.Column("deleted_at", types.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["contributor"], ["contributors.id"], name=op.f("fk_slices_contributor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slices")),
        sqlite_strict=True,
    )
    op.create_index("ix_slices_contributor", "slices", ["contributor", "position"], unique=False)
    op.create_index(
        "ix_slices_open",
        "slices",
        ["end"],
        unique=False,
        sqlite_where=sa.text("frozen = 0 AND deleted_at IS NULL"),
        postgresql_where=sa.text("frozen = 0 AND deleted_at IS NULL"),
    )
    fold_function()
    for table in SEARCHED:
        full_text(table)
    append_only("changes")
    append_only("entries")
