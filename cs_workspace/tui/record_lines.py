"""What happened with a record and what belongs to it, line by line: what it is, what it is called, how it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cs_workspace.domain.clock import day_of, local_day
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.tui import format as shown
from cs_workspace.tui.record_views import called, value
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Cell, fit, part, width_of
from cs_workspace.tui.widgets.record_table import MARKER, Column

if TYPE_CHECKING:
    from cs_workspace.workspace.belonging import Group, Related
    from cs_workspace.workspace.record_page import Item

NARROWEST = 24  # cells of a line
LINE = (Column("line", "", NARROWEST, 400, sortable=False),)
_WIDE = 60  # cells from which a day of another year is written out
_WIDEST = 90  # from which a related record has its day and its owner
_SHORT_DAY, _DAY, _WORD = 6, 11, 9  # cells of a day and of what something is
_OBJECT = 48  # bits before which an object's number stands, so that records of all objects have numbers of their own

# What contacts did, in a word: the title says the rest.
_WORDS = {
    "page visited": "visit",
    "document viewed": "document",
    "email clicked": "click",
    "email opened": "opened",
    "form submitted": "form",
    "meeting booked": "booked",
    "sequence enrolled": "enrolled",
    "sequence replied": "reply",
}


def room_of(width: int) -> int:
    """The cells of a line in a list of so many."""
    return max(NARROWEST, width - MARKER - 1)


def number_of(row: Related | Item) -> int:
    """What tells one record from another, whatever their objects."""
    return row.kind.code << _OBJECT | row.id


def item_line(item: Item, session: Session, room: int, owner: str) -> Cell:
    """`19 Nov  call   Offer of spring   Kari Nordmann  No answer`, without the name of the record it is told of."""
    when = _happened(item, session, exact=room >= _WIDE)
    word = _WORDS.get(item.what.lower(), item.what.lower())
    front = f"{when}  {fit(part(word).text, _WORD)} "
    title = item.title or item.contact or item.what
    state = value(session, item.state, item.state_value) if item.state else ""
    return _line(front, without(title, owner), [state], [item.contact if item.title else ""], room)


def related_line(row: Related, session: Session, room: int, owner: str, main: frozenset[int]) -> Cell:
    """`Contact   Kari Nordmann   kari@blabaer.no  Head of IT`, without the name of the record it belongs to."""
    state = value(session, row.state, row.state_value) if row.state else ""
    front = f"{fit(part(row.kind.label).text, _WORD)} {'★ ' if number_of(row) in main else ''}"
    also = [_day(row, session), row.owner] if room >= _WIDEST else []
    return _line(front, without(called(row), owner), [_fact(row, session), state], also, room)


def without(title: str, name: str) -> str:
    """A title without the name that everything here has: `Renewal` for `Blåbær AS – Renewal`."""
    if not name:
        return title
    own = re.escape(name)
    found = re.fullmatch(rf"{own}\s*[–—·:|-]\s*(.+)|(.+?)\s*[–—·:|-]\s*{own}", title, re.DOTALL)
    return (found[1] or found[2]) if found else title


def main_ones(groups: Sequence[Group]) -> frozenset[int]:
    """The related records that are marked as the main ones; where all of a group are, the mark says nothing."""
    telling = (group for group in groups if len(group.rows) == 1 or not all(row.is_primary for row in group.rows))
    return frozenset(number_of(row) for group in telling for row in group.rows if row.is_primary)


def counted(groups: Sequence[Group]) -> str:
    """`1 company · 50 of 1,204 tickets`."""
    return " · ".join(
        (f"{len(group.rows)} of " if len(group.rows) < group.total else "")
        + f"{group.total:,} {(group.rows[0].kind.label if group.total == 1 else group.label).lower()}"
        for group in groups
    )


def _line(front: str, title: str, told: Iterable[str], also: Iterable[str], room: int) -> Cell:
    """What it is called and, at the end of the line, what is told of it.

    For what is `told` the title may be cut, but keeps two fifths of its room; `also` is told where nothing has to be
    cut for it. Nothing that is told is cut itself: it is there or it is not.
    """
    title, left = part(title).text, room - width_of(front)
    told, also = ([part(each).text for each in texts if each] for texts in (told, also))
    most = max(left * 3 // 5, left - width_of(title))
    while told and sum(width_of(each) + 2 for each in told) > most:
        told = told[1:]  # the last says how it is
    for each in also:
        if width_of(title) + sum(width_of(other) + 2 for other in (each, *told)) <= left:
            told = [each, *told]
    end = "".join(f"  {each}" for each in told)
    return (part(front, "quiet"), part(fit(title, left - width_of(end))), part(end, "quiet"))


def _happened(item: Item, session: Session, *, exact: bool) -> str:
    """`19 Nov 2026`, or in a narrow list `19 Nov`, and of another year the month, `Nov 24`."""
    then, now = (local_day(instant, session.tz) for instant in (item.at, session.clock.now()))
    if exact:
        return fit(shown.day(day_of(then)), _DAY, right=True)
    month = shown.MONTHS[then.month - 1]
    text = f"{then.day} {month}" if then.year == now.year else f"{month} {then.year % 100:02}"
    return fit(text, _SHORT_DAY, right=True)


def _fact(row: Related, session: Session) -> str:
    """What is said first of a related record: an e-mail, an amount, a priority."""
    if row.fact is None or row.fact_value is None:
        return ""
    if row.fact.type is PropertyType.MONEY:
        return shown.money(row.fact_value, row.currency or session.around.currency)
    return value(session, row.fact, row.fact_value, row.currency)


def _day(row: Related, session: Session) -> str:
    if row.date is None:
        return ""
    by_day = row.dated.type is PropertyType.DATE
    return shown.day(row.date if by_day else day_of(local_day(row.date, session.tz)))
