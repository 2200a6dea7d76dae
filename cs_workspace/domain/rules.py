"""What must hold of a record, and what follows when somebody changes it; the same for screens, commands and imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cs_workspace.domain.clock import zone
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.permissions import SCOPES
from cs_workspace.domain.schema.derived import Facts
from cs_workspace.domain.schema.model import ObjectType

# (object, the later property, the earlier one): the later may not lie before the earlier.
ORDERED = (
    ("tickets", "closed_at", "created_at"),
    ("tickets", "first_reply_at", "created_at"),
    ("meetings", "ends_at", "starts_at"),
    ("services", "target_end_date", "start_date"),
    ("subscriptions", "end_date", "start_date"),
)
USER_DEFAULTS: Mapping[str, Any] = {
    "service_seat": "none",
    "sales_seat": "none",
    "super_admin": False,
    "workspace": False,
    "manage_settings": False,
    "goals_view": "none",
    "goals_edit": "none",
    "active": True,
}


QUERY_WORDS = frozenset({"me", "none", "any", "all"})


def check(kind: ObjectType, row: Mapping[str, Any]) -> None:
    """Raise Invalid where a record cannot be."""
    for prop in kind.properties.values():
        if prop.required and row.get(prop.name) is None:
            raise Invalid(prop.name, f"a {kind.label.lower()} needs one")
    for name, later, earlier in ORDERED:
        first, then = row.get(earlier), row.get(later)
        if kind.name == name and first is not None and then is not None and then < first:
            label = kind.properties[later].label.lower()
            raise Invalid(later, f"the {label} lies before the {kind.properties[earlier].label.lower()}")
    if kind.name == "users":
        _check_user(row)


def _check_user(row: Mapping[str, Any]) -> None:
    if any(c.isspace() or not c.isprintable() for c in row["login"]):
        raise Invalid("login", f"{row['login']!r} is not one word", "Use letters, digits, dots.")
    if row["login"] in QUERY_WORDS:
        raise Invalid("login", f"{row['login']!r} is a word of the query language", "Choose another.")
    view, edit = row.get("goals_view") or "none", row.get("goals_edit") or "none"
    if SCOPES.index(edit) > SCOPES.index(view):
        raise Invalid("goals_edit", f"{edit} is wider than goals_view, which is {view}", "Widen goals_view first.")
    if row.get("time_zone"):
        zone(row["time_zone"])


def defaults(kind: ObjectType, row: Mapping[str, Any], now: int) -> dict[str, Any]:
    """Values a new record gets for what it was made without."""
    found: dict[str, Any] = {}
    if kind.name == "users":
        found = {name: value for name, value in USER_DEFAULTS.items() if row.get(name) is None}
        if row.get("name") is None:
            found["name"] = row.get("login")
    elif kind.name == "tasks":
        found = {name: value for name, value in {"status": "open", "type": "to_do"}.items() if row.get(name) is None}
    elif kind.name == "meetings":
        start = row.get("starts_at") or row.get("at")
        found = {"starts_at": start, "at": start, "booked_at": row.get("booked_at") or row.get("created_at") or now}
    return found


def follow_ups(
    kind: ObjectType, old: Mapping[str, Any] | None, new: Mapping[str, Any], facts: Facts, now: int
) -> dict[str, Any]:
    """What else changes when a person changes a record: closing dates follow the stage, completion the status.

    `old` is the record before, None when it is being made; `new` what was asked for. What was asked for stands.
    """
    row = {**(old or {}), **new}
    more: dict[str, Any] = {}
    if kind.has_pipeline and "stage" in new:
        is_closed = facts.stages[row["stage"]].is_closed
        was_closed = old is not None and facts.stages[old["stage"]].is_closed
        if kind.name == "tickets" and "closed_at" not in new:
            if is_closed and row.get("closed_at") is None:
                more["closed_at"] = now
            elif was_closed and not is_closed:
                more["closed_at"] = None
        if kind.name == "deals" and "close_date" not in new and is_closed and not was_closed:
            close = row.get("close_date")
            if close is None or close > now:
                more["close_date"] = now
    if kind.name == "tasks" and "status" in new and "completed_at" not in new:
        more["completed_at"] = now if row["status"] == "completed" else None
    if kind.name == "users" and "active" in new:
        more["deactivated_at"] = None if new["active"] else now
    return more
