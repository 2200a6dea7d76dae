"""Who may do what: seats, permissions and scopes as one table, decided by pure functions (PER).

A refusal is a sentence that names the missing seat or permission (PER-14); None means allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cs_workspace.domain.goals.model import Category
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES, custom_offered
from cs_workspace.domain.numbers import NumberFormat

SCOPES = ("none", "own", "team", "everyone")  # each wider than the one before (PER-7)
PRO = ("professional", "enterprise")


@dataclass(frozen=True, slots=True)
class Person:
    """An acting user with seats and rights; `teams` has the main one first."""

    id: int
    login: str
    name: str
    active: bool = True
    service_seat: str = "none"
    sales_seat: str = "none"
    super_admin: bool = False
    workspace: bool = False
    manage_settings: bool = False
    goals_view: str = "none"
    goals_edit: str = "none"
    time_zone: str | None = None
    number_format: NumberFormat = NumberFormat.POINT
    teams: tuple[int, ...] = ()

    @property
    def seats(self) -> tuple[str, str]:
        """Both seats."""
        return self.service_seat, self.sales_seat

    @property
    def has_paid_seat(self) -> bool:
        """Any seat at all; an unpaid user has none."""
        return self.seats != ("none", "none")


class Permission(StrEnum):
    """What an operation asks for at the door."""

    SESSION = "session"  # any active user
    WORKSPACE = "workspace"
    SETTINGS = "settings"
    PEOPLE = "people"
    GOALS_VIEW = "goals_view"
    GOALS_EDIT = "goals_edit"


def _workspace(person: Person) -> str | None:
    if person.service_seat == "none":
        return "needs a Service seat"
    if not (person.workspace or person.super_admin):
        return "needs the Customer Success Workspace permission"
    return None


def _settings(person: Person) -> str | None:
    if person.super_admin:
        return None  # PER-2 wins over the missing seat
    if person.service_seat == "none":
        return "needs a Service seat"
    if not person.manage_settings:
        return "needs super admin or the Manage Customer Success Settings permission"
    return None


def _people(person: Person) -> str | None:
    return None if person.super_admin else "needs super admin"


def _goals(right: str, label: str) -> Callable[[Person], str | None]:
    def check(person: Person) -> str | None:
        if person.super_admin or getattr(person, right) != "none":
            return None
        return f"needs the Goals permission to {label}"

    return check


_CHECKS: Mapping[Permission, Callable[[Person], str | None]] = {
    Permission.SESSION: lambda _: None,
    Permission.WORKSPACE: _workspace,
    Permission.SETTINGS: _settings,
    Permission.PEOPLE: _people,
    Permission.GOALS_VIEW: _goals("goals_view", "view"),
    Permission.GOALS_EDIT: _goals("goals_edit", "edit"),
}


def refusal(person: Person, permission: Permission) -> str | None:
    """Why this person may not, or None (PER-1 to PER-3, PER-7)."""
    if not person.active:
        return "needs an active user"  # IDN-3
    return _CHECKS[permission](person)


@dataclass(frozen=True, slots=True)
class GoalRow:
    """What a scope is measured against: whose row it is and who made the goal."""

    creator: int | None
    user: int | None = None
    team: int | None = None
    user_teams: frozenset[int] = frozenset()  # teams of the row's user, nested ones' parents too


def in_scope(person: Person, scope: str, row: GoalRow) -> bool:
    """Whether a goal row lies within one's own, one's teams', or everyone's (PER-7)."""
    if scope == "everyone":
        return True
    own = person.id in (row.user, row.creator)
    if scope == "own":
        return own
    if scope == "team":
        return own or row.team in person.teams or bool(row.user_teams & set(person.teams))
    return False


def goals_scope(person: Person, right: str) -> str:
    """The person's scope for `view` or `edit`; edit is never wider than view."""
    if person.super_admin:
        return "everyone"
    view = person.goals_view
    if right == "view":
        return view
    return min(view, person.goals_edit, key=SCOPES.index)


def _is_sales(template: str) -> bool:
    return template != CUSTOM and TEMPLATES[template].category is Category.SALES


def creation_refusal(person: Person, template: str, subscription: str) -> str | None:
    """Why this person may not create a goal of this template (PER-8, PER-9, PER-12)."""
    if template == CUSTOM:
        if subscription != "enterprise":
            return "needs an Enterprise account: goals from scratch are an Enterprise feature"
        if custom_offered(sales_tier=person.sales_seat, service_tier=person.service_seat):
            return None
        return "needs an Enterprise seat: goals from scratch are an Enterprise feature"
    if _is_sales(template):
        offered = TEMPLATES[template].offered(sales_tier=person.sales_seat, service_tier=person.service_seat)
        if offered or person.super_admin:
            return None
        # Revenue is a measure of every paid tier (PER-12), the others of Sales Professional and Enterprise (PER-9).
        any_tier = TEMPLATES[template].offered(sales_tier="starter")
        return "needs a paid Sales or Service seat" if any_tier else "needs a Sales Professional or Enterprise seat"
    # Every user of a Service Professional or Enterprise account may make service goals (PER-8).
    offered = any(TEMPLATES[template].offered(service_tier=tier) for tier in (person.service_seat, subscription))
    return None if offered else "needs a Service Professional or Enterprise account or seat"


def making_refusal(person: Person, template: str, subscription: str) -> str | None:
    """Why this person may not make a goal: seats, and the Goals permission.

    Every user of a Service Professional or Enterprise account may make service goals without it (PER-8).
    """
    reason = creation_refusal(person, template, subscription)
    is_service = template != CUSTOM and not _is_sales(template)
    if is_service and subscription in PRO:
        return reason
    return refusal(person, Permission.GOALS_EDIT) or reason


def assignment_refusal(person: Person, template: str) -> str | None:
    """Why this person may not be given a goal of this template (PER-9)."""
    if _is_sales(template) and person.sales_seat not in PRO:
        return f"{person.name} needs a Sales Professional or Enterprise seat to be given a sales goal"
    return None


def management_refusal(person: Person, template: str) -> str | None:
    """Why this person may not edit, clone or delete goals of this template (PER-9, PER-10).

    Of sales goals a super admin may without a seat (PER-9); of all others nobody may (PER-10).
    """
    if _is_sales(template) and person.super_admin:
        return None
    if not person.has_paid_seat:
        return "needs a paid seat"
    if _is_sales(template):
        return creation_refusal(person, template, subscription="")
    return None


def members_refusal(person: Person) -> str | None:
    """Why this person may not see or edit the users inside a team goal (PER-11)."""
    if person.super_admin or person.sales_seat != "none" or person.service_seat == "enterprise":
        return None
    return "needs a paid Sales seat or a Service Enterprise seat to see the users inside a team goal"
