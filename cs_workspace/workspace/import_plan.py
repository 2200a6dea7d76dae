"""What an import is told and what it tells: plain values between the readers of files and `workspace.imports`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType

ID = "id"  # the column of our own exports that names a record by its number

# Targets are no records, yet come as a file of rows (GOL-29).
TARGETS = ObjectType(
    "targets",
    -1,
    "Target",
    "Targets",
    "goal",
    {
        each.name: each
        for each in (
            Property("goal", "Goal", PropertyType.TEXT, required=True),
            Property("contributor", "Contributor", PropertyType.TEXT, required=True),
            Property("slice", "Slice", PropertyType.TEXT, required=True),
            Property("target", "Target", PropertyType.TEXT, required=True),
        )
    },
)

Rows = Iterable[tuple[int, Sequence[str]]]  # the line a row begins on, and its cells
Progress = Callable[[int, int], None]  # done, of how many


class Reading(StrEnum):
    """How the cells of a column become the text of a property."""

    PLAIN = "plain"
    JOINED = "joined"  # first and last name
    DASHED = "dashed"  # a name put together from other columns
    FIRST_WORDS = "first_words"  # of a full name, all but the last word
    LAST_WORD = "last_word"
    MILLISECONDS = "milliseconds"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Column:
    """The cells, by position, that stand for a property."""

    property: str
    numbers: tuple[int, ...]
    reading: Reading = Reading.PLAIN


@dataclass(frozen=True, slots=True)
class NewProperty:
    """A custom property, of type text, that the import makes."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an import does, decided before it starts."""

    object: str
    label: str  # what the undo list calls the file
    width: int  # cells of a whole row
    columns: tuple[Column, ...]
    new_properties: tuple[NewProperty, ...] = ()
    deleted_column: int | None = None  # true in rows that are gone in the source
    create_missing: bool = False  # pipelines and stages
    trust_ids: bool = False  # `id` was asked for, so it needs no second witness
    total: int = 0  # rows, for progress
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, and why (IMP-4)."""

    line: int
    cells: Sequence[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """How many rows did what; of a dry run what they would have done (IMP-3)."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    made: tuple[str, ...] = ()  # pipelines and stages that were missing
    targets: Mapping[int, int | None] = field(default_factory=dict)  # of a dry run: the new ones, by slice


Reject = Callable[[Rejected], None]
