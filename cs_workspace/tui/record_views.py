"""A record in words: its values, what belongs to it, and what happened to it, as screens show them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from cs_workspace.domain.clock import DAY, day_of, local_day
from cs_workspace.domain.durations import print_duration
from cs_workspace.domain.health import category
from cs_workspace.domain.money import print_money
from cs_workspace.domain.numbers import print_number
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.tui import format as shown
from cs_workspace.tui.health_views import TONES
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import LONGEST, Cell, Part, cell, part, plain, width_of
from cs_workspace.tui.widgets.record_table import Column

if TYPE_CHECKING:
    from cs_workspace.workspace.belonging import Related
    from cs_workspace.workspace.record_page import Change, Gone, Page, Record

LABELS = (12, 24)  # cells of a label, at least and at most
DETAILS = (Column("label", "Property", *LABELS, sortable=False), Column("value", "", 14, 200, sortable=False))
CHANGES = (
    Column("when", "When", 11, 17, sortable=False),
    Column("user", "By", 6, 16, sortable=False),
    Column("source", "From", 6, 10, rank=1, sortable=False),
    Column("what", "Property", 8, 22, sortable=False),
    Column("change", "Change", 28, 200, sortable=False),
)
MARGINS = 5  # cells around label and value
SPARKS = "▁▂▃▄▅▆▇█"
STEP = 3  # points of health that are worth an arrow
_LINES = 1_000  # of one value, so that each line of the list has a number of its own


class Detail(NamedTuple):
    """A line of a property's value; only the first has the label."""

    number: int
    name: str
    label: str
    text: str
    tone: str = ""


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


def details(
    record: Record,
    session: Session,
    width: int = 0,
    *,
    names: Sequence[str] = (),
    rest: bool = True,
    now: Record | None = None,
    lines: int = _LINES,
) -> list[Detail]:
    """Properties as lines of a list of this width: these names in any case, then the rest of those that have a value.

    Values that differ from those of `now` are marked.
    """
    kind = record.kind
    places = {name: place for place, name in enumerate(kind.properties)}
    others = [name for name in kind.properties if rest and name in record.values and name not in names]
    listed = [kind.properties[name] for name in (*names, *others) if name != kind.title]
    labels = max((width_of(prop.label) for prop in listed), default=0)
    room = width - max(LABELS[0], min(LABELS[1], labels)) - MARGINS
    found: list[Detail] = []
    for prop in listed:
        text = said(record, session, prop)
        tone = "" if text else "quiet"
        if now is not None and record.values.get(prop.name) != now.values.get(prop.name):
            text, tone = f"{text or '–'}   now {said(now, session, prop) or '–'}", "warn"
        pieces = _wrapped(text, room) if width and text else [text or "–"]
        if len(pieces) > lines:
            pieces = [*pieces[: lines - 1], f"{pieces[lines - 1]} …"]
        found += (
            Detail(places[prop.name] * _LINES + number, prop.name, "" if number else prop.label, piece, tone)
            for number, piece in enumerate(pieces)
        )
    return found


def said(record: Record, session: Session, prop: Property) -> str:
    """A record's value as people read it; a day that comes soon with how soon."""
    raw = record.values.get(prop.name)
    text = _own_value(session, record, prop, raw)
    if raw is not None and prop.type is PropertyType.DATE and record.as_of is None:
        text += soon(raw, session)
    return text


def soon(day: int, session: Session) -> str:
    """`, in 51 d` of a day within a year; nothing of one that is over."""
    left = day - day_of(local_day(session.clock.now(), session.tz))
    return f", in {left} d" if 0 < left <= 366 else ", today" if left == 0 else ""


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
    return [cell(detail.label, "quiet") if name == "label" else cell(detail.text, detail.tone) for name in names]


def head(page: Page, session: Session, place: str = "") -> list[Sequence[Part]]:
    """What stands on top of a record's page: what it is called, how it is, and who looks after it."""
    title: list[Part] = [part(called(page.record), "strong")]
    if state := condition(page, session):
        title += [part("   "), *state]
    facts = part("   ".join(_facts(page.record, session)), "quiet")
    return [title, [facts, *_followed(page), *([part(f"   {place}", "quiet")] if place else [])]]


def card_head(page: Page, session: Session) -> list[Sequence[Part]]:
    """The same for a panel, line by line; what is among the properties below is left out."""
    state = condition(page, session)
    kind = page.record.kind
    facts = part("   ".join(_facts(page.record, session)[: 1 if kind.has_pipeline else 2]), "quiet")
    return [[part(called(page.record), "strong")], *([state] if state else []), [facts, *_followed(page)]]


def condition(page: Page, session: Session) -> Cell:
    """Health and how it went."""
    score = page.record.values.get("health") if "health" in page.record.kind.properties else None
    return () if score is None else (*health(score), *trend(page.trend, session))


def _facts(record: Record, session: Session) -> list[str]:
    kind, values = record.kind, record.values
    found = [numbered(kind, record.id)]
    found += (str(values[name]) for name in (kind.owner,) if name in values)
    found += (str(values[name]) for name in ("pipeline", "stage") if kind.has_pipeline and name in values)
    if "status" in kind.properties and "status" in values:
        found.append(_own_value(session, record, kind.properties["status"], values["status"]))
    if "renewal_date" in values:
        found.append(f"renewal {said(record, session, kind.properties['renewal_date'])}")
    return found


def _followed(page: Page) -> list[Part]:
    return [part("   following", "accent")] if page.is_followed else []


def health(score: int) -> Cell:
    """Symbol, word and number: `▲ At risk 34`."""
    found = category(score)
    return (part(f"{found.symbol} {found.word} {score}", TONES[found]),)


def trend(points: Sequence[tuple[int, int]], session: Session) -> Cell:
    """How a score went in the last weeks, as a line of blocks, and by how much it has changed in a month."""
    if len(points) < 2:
        return ()
    now = session.clock.now()
    weeks = [now - week * 7 * DAY for week in range(11, -1, -1)]
    scores = [next((score for at, score in reversed(points) if at <= week), None) for week in weeks]
    blocks = "".join(" " if each is None else SPARKS[min(7, each * 8 // 100)] for each in scores).strip()
    then = next((score for at, score in reversed(points) if at <= now - 30 * DAY), points[0][1])
    more = points[-1][1] - then
    arrow, tone = ("↗", "good") if more >= STEP else ("↘", "bad") if more <= -STEP else ("→", "quiet")
    sign = f" {more:+}".replace("-", "−") if abs(more) >= STEP else ""
    return (part(f"  {blocks}", "bar"), part(f" {arrow}{sign}", tone), part(" in 30 d" if sign else "", "quiet"))


def as_of(record: Record, session: Session) -> Cell:
    """The line that says that this is not how things are now."""
    if record.as_of is None:
        return ()
    moment = shown.day_and_time(record.as_of, session.tz)
    return (part(f" as of {moment} · read only ", "warn"), part(" esc back to now", "quiet"))


def called(record: Record | Related | Gone) -> str:
    """Its title, or its number where it has none."""
    return record.title or f"#{record.id}"


def numbered(kind: ObjectType, id: int) -> str:
    """A record of which only the number is known: `Company #12`."""
    return f"{kind.label} #{id}"


def reference(record: Record | Related) -> str:
    """How to speak of a record elsewhere: `Łódź Robotics (company #12)`."""
    return plain(f"{called(record)} ({record.kind.label.lower()} #{record.id})")


def change_cells(record: Record, change: Change, names: Sequence[str], session: Session) -> list[Cell]:
    """A line of the history."""
    former = (part(f"   of {change.former}", "quiet"),) if change.former else ()

    def one(name: str) -> Cell:
        match name:
            case "when":
                both = shown.day_and_time(change.at, session.tz)
                return (Part(both, "quiet", both.rpartition(" ")[0]),)
            case "what":
                return cell(change.prop.label if change.prop else "")
            case "change" if change.prop is not None:
                old, new = (_own_value(session, record, change.prop, raw) or "–" for raw in (change.old, change.new))
                return (part(f"{old} → ", "quiet"), part(new), *former)
            case "change":
                return (part(change.kind), *former, part(f"   {change.action}", "quiet"))
            case _:
                return cell(getattr(change, name), "quiet")

    return [one(name) for name in names]
