"""What happened to the milestones of goals, out of the journal (GOL-40, GOL-42, GOL-47)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from cs_workspace.store.tables.goals import slices
from cs_workspace.store.tables.registry import code_of
from cs_workspace.store.tables.system import changes, entries


@dataclass(frozen=True, slots=True)
class SliceChange:
    """A target set, or the measured total of a milestone that was calculated anew; `id` is its place in the journal."""

    id: int
    at: int
    user: int | None
    label: str
    property: str  # target or total
    old: int | None
    new: int | None
    contributor: int
    slice_label: str


def slice_changes(
    connection: Connection, contributors: Collection[int], *, before: int | None, limit: int
) -> list[SliceChange]:
    """Changes of the milestones of these rows, newest first, those before a place in the journal."""
    c, e, s = changes.c, entries.c, slices.c
    query: Select[Any] = (
        select(c.id, e.at, e.user, e.label, c.property, c.old, c.new, s.contributor, s.label.label("slice_label"))
        .join(entries, e.id == c.entry)
        .join(slices, s.id == c.record)
        .where(
            c.object == code_of("slices"),
            c.property.in_(("target", "total")),
            s.contributor.in_(sorted(contributors)),
        )
        .order_by(c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(c.id < before)
    return [SliceChange(*row) for row in connection.execute(query)]
