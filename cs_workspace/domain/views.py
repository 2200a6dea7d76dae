"""Saved lists: what they are, and who may do what with them (LST-2, CUS-1 to CUS-8, PER-5, PER-6, SUM-9).

A refusal is a reason that reads on after "it", and names the missing seat or permission (PER-14); None means allowed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.permissions import Permission, Person, refusal
from cs_workspace.domain.query.folding import fold
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.tree import Or
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.text import printable

MOST_DEFAULTS = 6
LONGEST_NAME = 60
LONGEST_DESCRIPTION = 200
TABLE, BOARD = LAYOUTS = ("table", "board")


@dataclass(frozen=True, slots=True)
class View:
    """A saved list. A built-in one has no owner; a default one has a place among the defaults."""

    id: int
    object: str
    name: str
    description: str | None
    query: str  # canonical text (QRY-3)
    columns: tuple[str, ...]  # none: those the list opens with
    sort: tuple[str, ...]  # such as ("-arr", "name")
    layout: str = TABLE
    group_by: str | None = None  # of a board
    owner: int | None = None
    shared: bool = False
    position: int = 0
    default_position: int | None = None
    builtin: str | None = None  # its name in `BUILT_IN`

    @property
    def is_default(self) -> bool:
        """Whether it is highlighted on the Summary."""
        return self.default_position is not None

    @property
    def place(self) -> tuple[int, int, int]:
        """The order in a list of views: defaults, one's own private ones, the others that are shared."""
        if self.default_position is not None:
            return 0, self.default_position, self.id
        return (2 if self.shared else 1), self.position, self.id

    @property
    def group(self) -> int:
        """The part of the list within which it moves up and down."""
        return self.place[0]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a view shows, and how."""

    query: str = ""
    columns: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    layout: str = TABLE
    group_by: str | None = None


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A view that a new store has (CUS-2)."""

    name: str
    description: str
    query: str
    sort: tuple[str, ...] = ()


BUILT_IN = {
    "owned_by_me": BuiltIn("Owned by me", "All that is yours.", "owner:me"),
    # Exactly 30 times 24 hours, whatever clocks do meanwhile.
    "assigned_lately": BuiltIn(
        "Assigned in the last 30 days",
        "What became yours lately, the newest first.",
        "owner:me owner_assigned_at:-720h..",
        ("-owner_assigned_at",),
    ),
}
BUILT_IN_OBJECTS = ("companies", "contacts")  # those of a new store


def has_built_in(kind: ObjectType) -> bool:
    """Whether an object has what built-in views ask for: an owner, and since when."""
    return "owner" in kind.properties and "owner_assigned_at" in kind.properties


# --- Who may


def making_refusal(person: Person, *, shared: bool) -> str | None:
    """Why this person may not make a view, private or for everyone (PER-5)."""
    return refusal(person, Permission.WORKSPACE) or (managing_refusal(person) if shared else None)


def managing_refusal(person: Person) -> str | None:
    """Why this person may not change what everyone sees: shared views, defaults, built-in ones (PER-6)."""
    return refusal(person, Permission.SETTINGS)


def change_refusal(person: Person, view: View) -> str | None:
    """Why this person may not edit, delete or move a view; one's own private one everybody may (PER-6)."""
    reason = refusal(person, Permission.WORKSPACE)
    if reason is not None or is_own(person, view):
        return reason
    return managing_refusal(person)


def is_own(person: Person, view: View) -> bool:
    """Whether a view is a private one of this person."""
    return not view.shared and view.owner == person.id


def is_seen(person: Person, view: View) -> bool:
    """Whether this person sees the view at all."""
    return view.shared or view.owner == person.id


# --- What cannot be


def checked_name(name: str) -> str:
    """A name as it is kept. Raises Invalid."""
    name = name.strip()
    if not name:
        raise Invalid("name", "is empty", "Give the view a name.")
    if len(name) > LONGEST_NAME:
        raise Invalid("name", f"is longer than {LONGEST_NAME} characters", "Shorten it.")
    if printable(name) != name:
        raise Invalid("name", "has characters that cannot be shown", "Use letters, digits and signs.")
    return name


def checked_description(text: str | None) -> str:
    """What a default view says of itself on the Summary (CUS-4, CUS-5). Raises Invalid."""
    text = (text or "").strip()
    if not text:
        raise Invalid("description", "is empty", "Say in a sentence what the view shows.")
    if len(text) > LONGEST_DESCRIPTION:
        raise Invalid("description", f"is longer than {LONGEST_DESCRIPTION} characters", "Shorten it.")
    if printable(text) != text:
        raise Invalid("description", "has characters that cannot be shown", "Use letters, digits and signs.")
    return text


def check_free(name: str, others: Iterable[View]) -> None:
    """Raise Invalid where one of the views that the same people see has the name already."""
    if any(fold(each.name) == fold(name) for each in others):
        raise Invalid("name", f"there is a view {name!r} already", "Choose another name.")


def check_editable(view: View) -> None:
    """Raise Invalid for a built-in view (CUS-8)."""
    if view.builtin is not None:
        raise Invalid(
            view.name, "is built in and cannot be edited", "Save the list under another name, or delete the view."
        )


def check_default(view: View, views: Collection[View]) -> None:
    """Raise Invalid where a view cannot become a default besides those there are (CUS-5, SUM-9)."""
    if not view.shared:
        raise Invalid(view.name, "is private, and only a view for everyone can be a default", "Share it first.")
    if sum(each.is_default and each.id != view.id for each in views) >= MOST_DEFAULTS:
        raise Invalid(
            "default views", f"there are {MOST_DEFAULTS} already, the most there can be", "Remove one of them first."
        )


def find(views: Iterable[View], name: str) -> View | None:
    """The view of this name, however its letters are written; one's own before that of somebody else."""
    found = [each for each in views if fold(each.name) == fold(name.strip())]
    return min(found, key=lambda each: (each.name != name.strip(), each.shared), default=None)


def narrowed(view: str, query: str) -> str:
    """What a view shows of what else is asked for; the query comes first, so that mistakes keep their column."""
    parts = [f"({text})" if isinstance(parse(text), Or) else text.strip() for text in (query, view)]
    return " ".join(part for part in parts if part)
