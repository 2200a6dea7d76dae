"""The standard object types, property by property (headless contract, "Property names")."""

from __future__ import annotations

from collections.abc import Iterable

from cs_workspace.domain.numbers import NumberFormat
from cs_workspace.domain.schema.model import ObjectType, Option, Property, PropertyType, Schema

T = PropertyType


def _options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(label.lower().replace(" ", "_").replace("-", "_"), label) for label in labels)


def _companies(single: bool = False) -> Property:
    return Property("companies", "Companies", T.ASSOCIATION, target="companies", single=single)


def _contacts() -> Property:
    return Property("contacts", "Contacts", T.ASSOCIATION, target="contacts")


def _also() -> tuple[Property, ...]:
    """What an activity or a task may be about besides a company and its contacts."""
    return tuple(Property(name, name.capitalize(), T.ASSOCIATION, target=name) for name in _ABOUT)


_ABOUT = ("deals", "tickets", "services")
OWNER = Property("owner", "Owner", T.USER)
PIPELINE = Property("pipeline", "Pipeline", T.PIPELINE, required=True)
STAGE = Property("stage", "Stage", T.STAGE, required=True)
CURRENCY = Property("currency", "Currency", T.TEXT)
# When the owner became who it is (CUS-2); kept with the owner, as a search text is with the name.
ASSIGNED = Property("owner_assigned_at", "Owner assigned", T.DATETIME, computed=True)
CLOSED = Property("is_closed", "Closed", T.BOOLEAN, computed=True)  # follows from the stage
WON = Property("is_won", "Won", T.BOOLEAN, computed=True)  # follows from the stage
LAST_ACTIVITY = Property("last_activity_at", "Last activity", T.DATETIME)

COMMON = (
    Property("external_id", "External id", T.TEXT, unique=True),
    Property("created_at", "Create date", T.DATETIME),
    Property("updated_at", "Last modified", T.DATETIME, computed=True),
)

PRIORITY = _options("None", "Low", "Medium", "High", "Urgent")
NUMBER_FORMAT = tuple(Option(each.name.lower(), f"{each.name.capitalize()} ({each.value})") for each in NumberFormat)
SEAT = _options("None", "Starter", "Professional", "Enterprise")
SCOPE = _options("None", "Own", "Team", "Everyone")


def _object(
    name: str,
    code: int,
    label: str,
    title: str,
    properties: Iterable[Property],
    *,
    has_pipeline: bool = False,
    owner: str = "owner",
) -> ObjectType:
    plural = name.capitalize()
    every = {p.name: p for p in (*properties, *COMMON)}
    return ObjectType(name, code, label, plural, title, every, has_pipeline=has_pipeline, owner=owner)


def _activity(name: str, code: int, label: str, extra: Iterable[Property] = ()) -> ObjectType:
    return _object(
        name,
        code,
        label,
        "title",
        (
            Property("title", "Title", T.TEXT, searchable=True),
            Property("body", "Body", T.LONG_TEXT),
            Property("at", "Time", T.DATETIME, required=True),
            OWNER,
            _contacts(),
            _companies(),
            *_also(),
            Property("outcome", "Outcome", T.TEXT),
            Property("direction", "Direction", T.ENUMERATION, options=_options("Inbound", "Outbound")),
            Property("duration", "Duration", T.DURATION),
            *extra,
        ),
    )


USERS = _object(
    "users",
    1,
    "User",
    "name",
    (
        Property("login", "Login", T.TEXT, required=True, unique=True, searchable=True),
        Property("name", "Name", T.TEXT, required=True, searchable=True),
        Property("email", "E-mail", T.TEXT, unique=True, searchable=True),
        Property("teams", "Teams", T.ASSOCIATION, target="teams"),
        Property("service_seat", "Service seat", T.ENUMERATION, options=SEAT),
        Property("sales_seat", "Sales seat", T.ENUMERATION, options=SEAT),
        Property("super_admin", "Super admin", T.BOOLEAN),
        Property("workspace", "Workspace", T.BOOLEAN),
        Property("manage_settings", "Manage Customer Success Settings", T.BOOLEAN),
        Property("goals_view", "View goals", T.ENUMERATION, options=SCOPE),
        Property("goals_edit", "Edit goals", T.ENUMERATION, options=SCOPE),
        Property("time_zone", "Time zone", T.TEXT),
        Property("number_format", "Number format", T.ENUMERATION, options=NUMBER_FORMAT),
        Property("active", "Active", T.BOOLEAN),
        Property("deactivated_at", "Deactivated", T.DATETIME, computed=True),
    ),
    owner="",
)

TEAMS = _object(
    "teams",
    2,
    "Team",
    "name",
    (
        Property("name", "Name", T.TEXT, required=True, unique=True, searchable=True),
        Property("parent", "Parent team", T.ASSOCIATION, target="teams", single=True),
    ),
    owner="",
)

COMPANIES = _object(
    "companies",
    3,
    "Company",
    "name",
    (
        Property("name", "Name", T.TEXT, required=True, searchable=True),
        Property("domain", "Domain", T.TEXT, unique=True, searchable=True),
        OWNER,
        ASSIGNED,
        Property(
            "lifecycle_stage",
            "Lifecycle stage",
            T.ENUMERATION,
            options=_options(
                "Subscriber",
                "Lead",
                "Marketing qualified lead",
                "Sales qualified lead",
                "Opportunity",
                "Customer",
                "Evangelist",
                "Other",
            ),
        ),
        Property("industry", "Industry", T.TEXT),
        Property("country", "Country", T.TEXT),
        Property("phone", "Phone", T.TEXT),
        Property("employees", "Employees", T.INTEGER),
        Property("annual_revenue", "Annual revenue", T.MONEY),
        Property("arr", "ARR", T.MONEY),
        Property("renewal_date", "Renewal date", T.DATE),
        Property("sentiment", "Sentiment", T.ENUMERATION, options=_options("Positive", "Neutral", "Negative")),
        LAST_ACTIVITY,
        Property("health", "Health", T.INTEGER, computed=True),
    ),
)

CONTACTS = _object(
    "contacts",
    4,
    "Contact",
    "name",
    (
        Property("first_name", "First name", T.TEXT, searchable=True),
        Property("last_name", "Last name", T.TEXT, searchable=True),
        Property("name", "Name", T.TEXT, computed=True),  # first and last name, or the e-mail
        Property("email", "E-mail", T.TEXT, unique=True, searchable=True),
        Property("phone", "Phone", T.TEXT),
        Property("job_title", "Job title", T.TEXT),
        _companies(),
        OWNER,
        ASSIGNED,
        LAST_ACTIVITY,
    ),
)

DEALS = _object(
    "deals",
    5,
    "Deal",
    "name",
    (
        Property("name", "Name", T.TEXT, required=True, searchable=True),
        PIPELINE,
        STAGE,
        Property("amount", "Amount", T.MONEY, currency="currency"),
        CURRENCY,
        Property("close_date", "Close date", T.DATETIME),
        OWNER,
        _companies(),
        _contacts(),
        Property(
            "deal_type", "Deal type", T.ENUMERATION, options=_options("New business", "Existing business", "Renewal")
        ),
        LAST_ACTIVITY,
        Property("amount_home", "Amount in home currency", T.MONEY, computed=True),
        CLOSED,
        WON,
    ),
    has_pipeline=True,
)

TICKETS = _object(
    "tickets",
    6,
    "Ticket",
    "subject",
    (
        Property("subject", "Subject", T.TEXT, required=True, searchable=True),
        PIPELINE,
        STAGE,
        Property("priority", "Priority", T.ENUMERATION, options=PRIORITY),
        Property("category", "Category", T.TEXT),
        OWNER,
        _companies(),
        _contacts(),
        Property("first_reply_at", "First agent reply", T.DATETIME),
        Property("closed_at", "Close date", T.DATETIME),
        CLOSED,
    ),
    has_pipeline=True,
)

SERVICES = _object(
    "services",
    7,
    "Service",
    "name",
    (
        Property("name", "Name", T.TEXT, required=True, searchable=True),
        PIPELINE,
        STAGE,
        Property(
            "status",
            "Status",
            T.ENUMERATION,
            options=_options("On track", "At risk", "Delayed", "Blocked", "Completed"),
        ),
        OWNER,
        _companies(),
        Property("start_date", "Start date", T.DATE),
        Property("target_end_date", "Target end date", T.DATE),
        Property("cost", "Cost", T.MONEY, currency="currency"),
        CURRENCY,
        CLOSED,
    ),
    has_pipeline=True,
)

SUBSCRIPTIONS = _object(
    "subscriptions",
    8,
    "Subscription",
    "name",
    (
        Property("name", "Name", T.TEXT, required=True, searchable=True),
        PIPELINE,
        STAGE,
        OWNER,
        _companies(),
        Property("mrr", "MRR", T.MONEY, currency="currency"),
        CURRENCY,
        Property(
            "billing_frequency",
            "Billing frequency",
            T.ENUMERATION,
            options=_options("Monthly", "Quarterly", "Yearly"),
        ),
        Property("start_date", "Start date", T.DATE),
        Property("end_date", "End date", T.DATE),
        Property("next_payment_date", "Next payment date", T.DATE),
        CLOSED,
    ),
    has_pipeline=True,
)

TASKS = _object(
    "tasks",
    9,
    "Task",
    "title",
    (
        Property("title", "Title", T.TEXT, required=True, searchable=True),
        Property("type", "Type", T.ENUMERATION, options=_options("To-do", "Call", "Email")),
        Property("priority", "Priority", T.ENUMERATION, options=PRIORITY[:4]),
        Property("status", "Status", T.ENUMERATION, options=_options("Open", "Completed")),
        Property("due_at", "Due", T.DATETIME, required=True),
        Property("assignee", "Assignee", T.USER),
        Property("notes", "Notes", T.LONG_TEXT),
        Property("repeat", "Repeats", T.TEXT),
        Property("remind_at", "Reminder", T.DATETIME),
        Property("completed_at", "Completed", T.DATETIME),
        _companies(),
        _contacts(),
        *_also(),
    ),
    owner="assignee",
)

CALLS = _activity("calls", 10, "Call")
EMAILS = _activity("emails", 11, "E-mail")
MEETINGS = _activity(
    "meetings",
    12,
    "Meeting",
    (
        Property("starts_at", "Starts", T.DATETIME),
        Property("ends_at", "Ends", T.DATETIME),
        Property("location", "Location", T.TEXT),
        Property("url", "Link", T.TEXT),
        Property("booked_at", "Booked", T.DATETIME),
    ),
)
NOTES = _activity("notes", 13, "Note")

ACTIVITIES = _object(
    "activities",
    14,
    "Activity",
    "title",
    (
        Property("kind", "Kind", T.TEXT, required=True),
        Property("contact", "Contact", T.ASSOCIATION, target="contacts", single=True),
        Property("at", "Time", T.DATETIME, required=True),
        Property("tool", "Tool", T.TEXT),
        Property("title", "Title", T.TEXT, searchable=True),
        Property("sequence", "Sequence", T.TEXT),
    ),
    owner="",
)

STANDARD = Schema(
    {
        each.name: each
        for each in (
            USERS,
            TEAMS,
            COMPANIES,
            CONTACTS,
            DEALS,
            TICKETS,
            SERVICES,
            SUBSCRIPTIONS,
            TASKS,
            CALLS,
            EMAILS,
            MEETINGS,
            NOTES,
            ACTIVITIES,
        )
    }
)

# Numbers of what is journaled but is not a record a user lists; custom objects start at CUSTOM_BASE.
CODES = {
    "goals": 30,
    "contributors": 31,
    "slices": 32,
    "pipelines": 33,
    "stages": 34,
    "account": 35,
    "properties": 36,
    "objects": 37,
    "ssh_keys": 38,
    "views": 39,
    "follows": 40,
    "panels": 41,
}
CUSTOM_BASE = 1000
