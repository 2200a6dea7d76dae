"""From the cells of a row to raw values: every column is read the same way, and what repeats is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.folding import squash
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType, Raw, Schema
from cs_workspace.domain.schema.values import YES, parse_value
from cs_workspace.domain.text import unguard_formula
from cs_workspace.workspace.import_plan import ID, Column, Plan, Reading
from cs_workspace.workspace.references import References

T = PropertyType
PLACES = (T.PIPELINE, T.STAGE)  # read together, once it is known whether the record is there
REMEMBERED = (T.USER, T.ENUMERATION, T.BOOLEAN, T.ASSOCIATION)
SHORT = 1_000  # characters any text property takes
FOLDED = frozenset({"currency", "login", "email", "domain"})  # texts that are read in a way of their own
MEMORY = 50_000  # texts of one column that are remembered

# What other programs say where we say something else; by object, property and squashed text.
SAME: dict[tuple[str, str], dict[str, str]] = {
    ("tickets", "priority"): {"normal": "medium", "critical": "urgent", "priority": "high", "notpriority": "none"},
    ("tasks", "priority"): {"normal": "medium", "urgent": "high"},
    ("tasks", "status"): {
        "notstarted": "open",
        "inprogress": "open",
        "waiting": "open",
        "waitingonsomeoneelse": "open",
        "deferred": "open",
        "done": "completed",
        "closed": "completed",
    },
    ("emails", "direction"): {"incomingemail": "inbound", "email": "outbound", "forwardedemail": "outbound"},
    ("subscriptions", "billing_frequency"): {"annually": "yearly", "annual": "yearly"},
}


@dataclass(slots=True)
class Item:
    """One row on its way."""

    line: int
    cells: Sequence[str]
    raw: dict[str, Any] = field(default_factory=dict)
    pipeline: str = ""
    stage: str = ""
    id: str = ""
    problems: list[str] = field(default_factory=list)

    def fail(self, error: Invalid | str) -> None:
        """Note why the row cannot be taken."""
        self.problems.append(str(error))


class Values:
    """Reads the rows of one import."""

    def __init__(self, schema: Schema, plan: Plan, kind: ObjectType, references: References) -> None:
        self._schema = schema
        self._plan = plan
        self._kind = kind
        self._references = references
        self._memory: dict[str, dict[str, Raw | Invalid]] = {}
        # A currency is read before the amounts in it.
        columns = sorted(plan.columns, key=lambda column: column.property != "currency")
        read = [(_reader(c), kind.properties[c.property]) for c in columns if c.property != ID]
        self._places = [(reader, prop.type is T.PIPELINE) for reader, prop in read if prop.type in PLACES]
        self._columns = [
            (reader, prop.name, prop.currency, self._parser(prop)) for reader, prop in read if prop.type not in PLACES
        ]
        self._referring = [(reader, prop) for reader, prop in read if prop.type in (T.USER, T.ASSOCIATION)]
        self._id = next((_reader(c) for c in columns if c.property == ID), None)

    def read(self, rows: Iterable[tuple[int, Sequence[str]]]) -> list[Item]:
        """Rows with their raw values, or with what is wrong with them."""
        items = [Item(line, cells) for line, cells in rows]
        whole = [item for item in items if self._is_whole(item)]
        self._look_up(whole)
        for item in whole:
            self._parse(item)
        return items

    def _is_whole(self, item: Item) -> bool:
        if len(item.cells) != self._plan.width:
            item.fail(f"the row has {len(item.cells)} cells where the first line has {self._plan.width}")
            return False
        deleted = self._plan.deleted_column
        if deleted is not None and item.cells[deleted].strip().casefold() in YES:
            item.fail("deleted in the source")
            return False
        return True

    def _look_up(self, items: Sequence[Item]) -> None:
        """Ask the store at once for all that these rows refer to."""
        for reader, prop in self._referring:
            texts = {reader(item.cells) for item in items}
            if prop.type is T.USER:
                self._references.prefetch_users(text for text in texts if text.strip())
            else:
                names = {name for text in texts for part in text.split(";") if (name := part.strip())}
                self._references.prefetch(self._schema[prop.target], names)

    def _parse(self, item: Item) -> None:
        cells, raw = item.cells, item.raw
        for reader, is_pipeline in self._places:
            if is_pipeline:
                item.pipeline = reader(cells).strip()
            else:
                item.stage = reader(cells).strip()
        if self._id is not None:
            item.id = self._id(cells).strip()
        for reader, name, currency, parse in self._columns:
            text = reader(cells)
            if text:
                value = parse(text, raw.get(currency) if currency else None)
                if isinstance(value, Invalid):
                    item.fail(value)
                elif value is not None and value != ():
                    raw[name] = value

    def _parser(self, prop: Property) -> Callable[[str, str | None], Raw | Invalid]:
        """How a property's text is read; the usual cases without detours."""
        if prop.type in REMEMBERED:
            memory = self._memory.setdefault(prop.name, {})

            def remembered(text: str, _currency: str | None) -> Raw | Invalid:
                if text not in memory:
                    if len(memory) >= MEMORY:
                        memory.clear()
                    memory[text] = self._read(prop, text, None)
                return memory[text]

            return remembered
        if prop.type is T.TEXT and prop.name not in FOLDED:

            def short(text: str, _currency: str | None) -> Raw | Invalid:
                if text.isascii() and len(text) < SHORT:  # nothing can be wrong with it
                    return text.strip() or None
                return self._read(prop, text, None)

            return short
        return lambda text, currency: self._read(prop, text, currency)

    def _read(self, prop: Property, text: str, currency: str | None) -> Raw | Invalid:
        if prop.type is T.ENUMERATION:
            text = SAME.get((self._kind.name, prop.name), {}).get(squash(text), text)
        try:
            return parse_value(prop, text, self._references.edge, currency)
        except Invalid as error:
            return error

    def forget(self) -> None:
        """Read references again: records of this object were made."""
        self._references.forget(self._kind)
        for prop in self._kind.associations:
            if prop.target == self._kind.name:
                self._memory.get(prop.name, {}).clear()


def _reader(column: Column) -> Callable[[Sequence[str]], str]:
    """The text of a column in a row; blank is none."""
    number = column.numbers[0]
    match column.reading:
        case Reading.PLAIN:
            return lambda cells: unguard_formula(cell) if (cell := cells[number])[:1] == "'" else cell
        case Reading.JOINED:
            return lambda cells: " ".join(_filled(cells, column.numbers))
        case Reading.DASHED:
            return lambda cells: " – ".join(_filled(cells, column.numbers))
        case Reading.FIRST_WORDS:
            return lambda cells: " ".join(_words(cells[number])[:-1])
        case Reading.LAST_WORD:
            return lambda cells: " ".join(_words(cells[number])[-1:])
        case Reading.MILLISECONDS:
            return lambda cells: _seconds(cells[number].strip())
        case Reading.HOST:
            return lambda cells: _host(cells[number].strip())


def _filled(cells: Sequence[str], numbers: Sequence[int]) -> list[str]:
    return [text for n in numbers if (text := unguard_formula(cells[n]).strip())]


def _words(cell: str) -> list[str]:
    return unguard_formula(cell).split()


def _seconds(text: str) -> str:
    return str(int(text) // 1000) if text.isascii() and text.isdigit() and len(text) < 19 else text


def _host(text: str) -> str:
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or text
    except ValueError:
        return text
    return host.removeprefix("www.")
