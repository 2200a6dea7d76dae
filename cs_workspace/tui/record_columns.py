"""The properties of any object as columns of a list, and their values as its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cs_workspace.domain.query.binding import ID, Names
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.tui import format as shown
from cs_workspace.tui import health_views
from cs_workspace.tui import record_views as views
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Cell, Part, cell, part, width_of
from cs_workspace.tui.widgets.record_table import Column, Sort

if TYPE_CHECKING:
    from cs_workspace.workspace.records import Row

T = PropertyType
NARROWEST, WIDEST = 4, 80  # cells a person may give a column
HEADER = 13  # cells of a label that a column has room for at least
HEALTH = "health"
SINCE = "last_activity_at"  # shown as how long ago

_TITLE = (22, 40)
_CELLS: Mapping[PropertyType, tuple[int, int]] = {
    T.TEXT: (8, 24),
    T.LONG_TEXT: (12, 40),
    T.INTEGER: (6, 12),
    T.NUMBER: (6, 12),
    T.MONEY: (10, 16),
    T.DATE: (11, 12),
    T.DATETIME: (11, 17),
    T.DURATION: (6, 12),
    T.BOOLEAN: (4, 6),
    T.ENUMERATION: (8, 20),
    T.USER: (8, 16),
    T.PIPELINE: (8, 20),
    T.STAGE: (8, 20),
    T.ASSOCIATION: (10, 24),
}
_RIGHT = frozenset({T.INTEGER, T.NUMBER, T.MONEY, T.DATE, T.DATETIME, T.DURATION})
_BRIGHT = frozenset({T.INTEGER, T.NUMBER, T.MONEY, T.DATE, T.DURATION, T.STAGE, T.ENUMERATION, T.USER})


def properties(kind: ObjectType) -> dict[str, Property]:
    """What can be a column, the title first."""
    title = kind.properties[kind.title]
    return {title.name: title, **kind.properties, ID.name: ID}


def columns(
    kind: ObjectType, names: Sequence[str], widths: Mapping[str, int], titles: Mapping[str, str]
) -> list[Column]:
    """Columns in this order; where there is no room, the last ones are left out."""
    there = properties(kind)
    return [
        _column(
            there[name], titles.get(name) or there[name].label, widths.get(name), place, is_title=name == kind.title
        )
        for place, name in enumerate(names)
    ]


def _column(prop: Property, title: str, width: int | None, place: int, *, is_title: bool) -> Column:
    low, high = _TITLE if is_title else _CELLS[prop.type]
    if prop.name == SINCE:
        low, high = 6, 12
    if not is_title:
        low = max(low, min(width_of(title), HEADER))
    return Column(
        prop.name,
        title,
        width or low,
        width or max(low, high),
        right=not is_title and prop.type in _RIGHT,
        rank=place,
        sortable=prop.type is not T.ASSOCIATION,
    )


def people(names: Names) -> dict[int, str]:
    """What users are called, by id."""
    found: dict[int, list[str]] = {}
    for name, user in names.users():
        found.setdefault(user, []).append(name)
    return {user: every[1] if len(every) > 1 else every[0] for user, every in found.items()}  # the first is the login


def cells(row: Row, names: Sequence[str], kind: ObjectType, session: Session, people: Mapping[int, str]) -> list[Cell]:
    """A record as a line of a list."""
    return [_cell(row, name, kind, session, people) for name in names]


def _cell(row: Row, name: str, kind: ObjectType, session: Session, people: Mapping[int, str]) -> Cell:
    raw = row.raw.get(name)
    if name == kind.title:
        return cell(row.text.get(name) or f"#{row.id}")
    if name == ID.name:
        return cell(row.id, "quiet")
    if raw is None or raw == ():
        return ()
    prop = kind.properties.get(name)
    if prop is None:
        return ()
    tone = "" if prop.type in _BRIGHT else "quiet"
    match prop.type:
        case T.INTEGER if name == HEALTH:
            return health_views.score(raw)
        case T.MONEY:
            currency = row.raw.get(prop.currency) if prop.currency else None
            return cell(shown.money(raw, currency or session.around.currency), tone)
        case T.DATETIME if name == SINCE:
            return cell(shown.ago(raw, session.clock.now(), session.tz), tone)
        case T.DATETIME:
            both = part(shown.day_and_time(raw, session.tz), tone)
            return (Part(both.text, tone, both.text.rpartition(" ")[0]),)
        case T.ENUMERATION:
            return shown.state(name, raw, views.value(session, prop, raw))
        case T.USER:
            return cell(people.get(raw) or row.text.get(name, ""), tone)
        case T.PIPELINE | T.STAGE | T.ASSOCIATION:
            return cell(row.text.get(name, ""), tone)
        case _:
            return cell(views.value(session, prop, raw), tone)


# --- orders


def sort_of(texts: Iterable[str], kind: ObjectType) -> Sort:
    """An order from texts such as `-arr`; what the object does not have is left out; without any it is the title."""
    there = properties(kind)
    keys = [(text.removeprefix("-"), text.startswith("-")) for text in texts]
    keys = [key for key in keys if key[0] in there] or [(kind.title, False)]
    *first, (column, descending) = keys
    return Sort(column, descending, tuple(first))


def texts_of(sort: Sort) -> tuple[str, ...]:
    """The other way round."""
    return tuple(f"{'-' * descending}{name}" for name, descending in sort.keys)
