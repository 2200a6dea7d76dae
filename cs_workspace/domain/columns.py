"""What a list of an object shows unless somebody chose otherwise; a view that names no columns has these (LST-2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cs_workspace.domain.schema.model import ObjectType

# Besides the title; where there is no room on a screen, the last ones are left out.
DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "users": ("login", "email", "teams", "service_seat", "sales_seat", "goals_view", "goals_edit", "active"),
    "teams": ("parent",),
    "companies": ("health", "renewal_date", "arr", "last_activity_at", "owner", "lifecycle_stage", "domain"),
    "contacts": ("email", "job_title", "companies", "owner", "last_activity_at"),
    "deals": ("stage", "amount", "close_date", "owner", "companies", "pipeline"),
    "tickets": ("stage", "priority", "owner", "created_at", "closed_at", "pipeline"),
    "services": ("stage", "status", "owner", "start_date", "target_end_date", "pipeline"),
    "subscriptions": ("stage", "mrr", "owner", "end_date", "pipeline"),
    "tasks": ("due_at", "status", "priority", "type", "assignee"),
    "calls": ("at", "outcome", "owner", "contacts"),
    "emails": ("at", "direction", "owner", "contacts"),
    "meetings": ("starts_at", "ends_at", "owner", "location"),
    "notes": ("at", "owner", "contacts"),
    "activities": ("kind", "at", "contact", "tool"),
}
MANY = 6  # columns of an object that is not among these


def opening(kind: ObjectType) -> tuple[str, ...]:
    """The columns a list of the object opens with, the title first."""
    names = DEFAULTS.get(kind.name) or [name for name in kind.properties if name != kind.title][:MANY]
    return (kind.title, *names)


def known(kind: ObjectType, names: Iterable[str]) -> tuple[str, ...]:
    """Of these columns those that the object has, the title first; the columns it opens with where there is none."""
    found = [name for name in names if name == "id" or name in kind.properties]
    return tuple(dict.fromkeys((kind.title, *found))) if found else opening(kind)
