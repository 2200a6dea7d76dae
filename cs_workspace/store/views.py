"""Saved lists as rows (LST-2)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, or_, select

from cs_workspace.domain.views import BUILT_IN, TABLE, View
from cs_workspace.store.tables.system import views

v = views.c


def load(connection: Connection, code: int, object: str, user: int) -> list[View]:
    """The living views of an object that a user sees, in no order."""
    seen = or_(v.shared == True, v.owner == user)  # noqa: E712 - SQL
    rows = connection.execute(select(views).where(v.object == code, seen, v.deleted_at.is_(None)))
    return [view_of(object, row) for row in rows.mappings()]


def load_one(connection: Connection, id: int) -> Any | None:
    """The row of a living view."""
    return connection.execute(select(views).where(v.id == id, v.deleted_at.is_(None))).mappings().first()


def built_in(connection: Connection, code: int) -> dict[str, tuple[int, bool]]:
    """The built-in views of an object: their ids by what they are, and whether they are in the bin."""
    rows = connection.execute(select(v.builtin, v.id, v.deleted_at).where(v.object == code, v.builtin.is_not(None)))
    return {key: (view, deleted_at is not None) for key, view, deleted_at in rows}


def built_in_row(code: int, key: str) -> dict[str, Any]:
    """The row of a built-in view of an object; the first of the defaults (CUS-2)."""
    number, built_in = list(BUILT_IN).index(key) + 1, BUILT_IN[key]
    return {
        "object": code,
        "name": built_in.name,
        "description": built_in.description,
        "query": built_in.query,
        "sort": list(built_in.sort) or None,
        "layout": TABLE,
        "shared": True,
        "position": number,
        "default_position": number,
        "builtin": key,
    }


def view_of(object: str, row: Any) -> View:
    """A view from its row."""
    return View(
        row["id"],
        object,
        row["name"],
        row["description"],
        row["query"],
        tuple(row["columns"] or ()),
        tuple(row["sort"] or ()),
        row["layout"],
        row["group_by"],
        row["owner"],
        row["shared"],
        row["position"],
        row["default_position"],
        row["builtin"],
    )
