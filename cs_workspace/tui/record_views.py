"""A record in words: its values, what belongs to it, and what happened to it, as screens show them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from cs_workspace.domain.clock import day_of, local_day
from cs_workspace.domain.durations import print_duration
from cs_workspace.domain.money import print_money
from cs_workspace.domain.numbers import print_number
from cs_workspace.domain.schema.model import Property, PropertyType
from cs_workspace.tui import format as shown
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import LONGEST, Cell, Part, cell, part, plain, width_of
from cs_workspace.tui.widgets.record_table import Column

if TYPE_CHECKING:
    from cs_workspace.workspace.record_page import Change, Group, Record, Related

LABELS = (12, 24)  # cells of a label, at least and at most
DETAILS = (Column("label", "Property", *LABELS, sortable=False), Column("value", "", 14, 200, sortable=False))
RELATED = (
    Column("title", "Name", 30, 60, sortable=False),
    Column("what", "", 8, 12, sortable=False),
    Column("state", "", 8, 20, rank=1, sortable=False),
    Column("date", "Date", 11, 11, right=True, rank=2, sortable=False),
    Column("owner", "Owner", 8, 16, rank=3, sortable=False),
)
CHANGES = (
    Column("when", "When", 17, 17, sortable=False),
    Column("user", "By", 6, 16, sortable=False),
    Column("source", "From", 6, 10, rank=1, sortable=False),
    Column("what", "Property", 8, 22, sortable=False),
    Column("change", "Change", 20, 200, sortable=False),
)
MARGINS = 5  # cells around label and value
_LINES = 1_000  # of one value, so that each line of the list has a number of its own


class Detail(NamedTuple):
    """A line of a property's value; only the first has the label."""

    number: int
    name: str
    label: str
    text: str


def value(session: Session, prop: Property, raw: Any, currency: str | None = None) -> str:
    """A value as people read it; `currency` is the record's own."""
    if raw is None:
        return ""
    match prop.type:
        case PropertyType.BOOLEAN:
            return "yes" if raw else "no"
        case PropertyType.ENUMERATION:
            return next((option.label for option in prop.options if option.name == raw), str(raw))
        case PropertyType.MONEY:
            return print_money(raw, currency or session.around.currency)
        case PropertyType.INTEGER | PropertyType.NUMBER:
            return print_number(Fraction(str(raw)))
        case PropertyType.DATE:
            return shown.day(raw)
        case PropertyType.DATETIME:
            return shown.day_and_time(raw, session.tz)
        case PropertyType.DURATION:
            return print_duration(raw)
        case _:
            return str(raw)


def _own_value(session: Session, record: Record, prop: Property, raw: Any) -> str:
    return value(session, prop, raw, record.values.get(prop.currency) if prop.currency else None)


def details(record: Record, session: Session, width: int = 0) -> list[Detail]:
    """All properties that have a value, in the schema's order; long ones in lines, for a list of this width."""
    kind = record.kind
    filled = [
        (place, prop)
        for place, (name, prop) in enumerate(kind.properties.items())
        if name != kind.title and name in record.values
    ]
    labels = max((width_of(prop.label) for _, prop in filled), default=0)
    room = width - max(LABELS[0], min(LABELS[1], labels)) - MARGINS
    found: list[Detail] = []
    for place, prop in filled:
        text = _own_value(session, record, prop, record.values[prop.name])
        pieces = _wrapped(text, room)[:_LINES] if width else [text]
        found += (
            Detail(place * _LINES + number, prop.name, "" if number else prop.label, piece)
            for number, piece in enumerate(pieces)
        )
    return found


def _wrapped(text: str, width: int) -> list[str]:
    """The lines of a text; what is longer than ever shown ends in `…`."""
    text = text[:LONGEST] + "…" if len(text) > LONGEST else text
    pieces: list[str] = []
    for line in map(plain, text.splitlines()):
        cells = width if width_of(line) == len(line) else width // 2  # most such letters are two cells wide
        pieces += textwrap.wrap(line, max(cells, 20)) or [""]
    return pieces or [""]


def number(detail: Detail) -> int:
    """What tells one line of a record's values from another."""
    return detail.number


def detail_cells(detail: Detail, names: Sequence[str]) -> list[Cell]:
    """A line of the values."""
    return [cell(detail.label, "quiet") if name == "label" else cell(detail.text) for name in names]


def head(record: Record) -> list[Sequence[Part]]:
    """What stands on top of a record's page."""
    kind, values = record.kind, record.values
    facts = [f"{kind.label} #{record.id}"]
    facts += (str(values[name]) for name in ("pipeline", "stage") if kind.has_pipeline and name in values)
    facts += (str(values[name]) for name in (kind.owner,) if name in values)
    return [(part(called(record), "strong"),), (part("   ".join(facts), "quiet"),)]


def called(record: Record | Related) -> str:
    """Its title, or its number where it has none."""
    return record.title or f"#{record.id}"


def reference(record: Record | Related) -> str:
    """How to speak of a record elsewhere: `Łódź Robotics (company #12)`."""
    return plain(f"{called(record)} ({record.kind.label.lower()} #{record.id})")


def related_cells(row: Related, names: Sequence[str], session: Session) -> list[Cell]:
    """A record that belongs to another one."""

    def one(name: str) -> Cell:
        match name:
            case "what":
                return cell(row.kind.label, "quiet")
            case "title":
                return cell(called(row))
            case "state":
                return cell(value(session, row.state, row.state_value) if row.state else "", "quiet")
            case "date" if row.date is not None:
                by_day = row.dated.type is PropertyType.DATE
                return cell(shown.day(row.date if by_day else day_of(local_day(row.date, session.tz))), "quiet")
            case "owner":
                return cell(row.owner, "quiet")
            case _:
                return ()

    return [one(name) for name in names]


def counted(groups: Sequence[Group]) -> str:
    """`1 company · 50 of 1,204 tickets`."""
    return " · ".join(
        (f"{len(group.rows)} of " if len(group.rows) < group.total else "")
        + f"{group.total:,} {(group.rows[0].kind.label if group.total == 1 else group.label).lower()}"
        for group in groups
    )


def change_cells(record: Record, change: Change, names: Sequence[str], session: Session) -> list[Cell]:
    """A line of the history."""

    def one(name: str) -> Cell:
        match name:
            case "when":
                return cell(shown.day_and_time(change.at, session.tz), "quiet")
            case "what":
                return cell(change.prop.label if change.prop else "")
            case "change" if change.prop is not None:
                old, new = (_own_value(session, record, change.prop, raw) or "–" for raw in (change.old, change.new))
                return (part(f"{old} → ", "quiet"), part(new))
            case "change":
                return (part(change.kind), part(f"   {change.action}", "quiet"))
            case _:
                return cell(getattr(change, name), "quiet")

    return [one(name) for name in names]
