"""How a number came about, and the records behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.goals.model import Aggregate, Kpi, Unit, scale
from cs_workspace.domain.money import exponent
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.query.tree import And, Compare, Everything, Is, Known, Node, Not, Or, Range, Term, Test
from cs_workspace.domain.schema.model import ObjectType, PropertyType
from cs_workspace.tui import format as shown
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.text import Cell, Part, cell, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.goals import Explanation
    from cs_workspace.workspace.session import Surroundings

_HOW = {
    Aggregate.COUNT: "the number of",
    Aggregate.SUM: "the sum over",
    Aggregate.AVERAGE: "the average over",
    Aggregate.MINIMUM: "the smallest among",
    Aggregate.MAXIMUM: "the largest among",
}


class Explain(Drawer[None]):
    """Opened by `w` on a number."""

    HINTS = ("↑↓ records", "esc close")

    def __init__(self, explanation: Explanation, around: Surroundings, tz: ZoneInfo) -> None:
        super().__init__()
        self._found = explanation
        self._around = around
        self._tz = tz
        kpi = explanation.row.kpi
        self._kind = around.schema[kpi.object]
        valued = kpi.aggregate is not Aggregate.COUNT
        columns = (
            Column("title", self._kind.label, 14, 60),
            Column("date", self._kind.properties[kpi.dated_by].label, 11, 18, rank=1),
            Column("owner", "Owner", 8, 16),
            *((Column("value", "Value", 9, 12, right=True),) if valued else ()),
        )
        self.table: RecordTable[Mapping[str, Any]] = RecordTable(columns, self._cells, id="records")

    def inside(self) -> Iterable[Widget]:
        """Sentences, then the records."""
        yield Static(lines(self._sentences()), classes="heading", markup=False)
        yield self.table

    def on_mount(self) -> None:
        """Show the records."""
        records: Rows[Mapping[str, Any]] = Rows(self._found.records, _id)
        self.table.show(records)
        if not self._found.records:
            self.table.say((part("No record counts in this milestone.", "quiet"),))
        self.table.focus()

    def _sentences(self) -> list[Sequence[Part]]:
        row, kpi = self._found.row, self._found.row.kpi
        currency = self._around.currency
        dated = self._kind.properties[kpi.dated_by].label.lower()
        rows: list[Sequence[Part]] = [
            (part(f"{row.goal.name} · {row.contributor_name}", "strong"),),
            (
                part(shown.milestone(row.slice.label), "quiet"),
                part("   "),
                part(shown.amount(row.reading.actual, kpi, currency), "strong"),
                part(f" of {shown.amount(row.reading.target, kpi, currency)}"),
                part("   "),
                *shown.status(row.reading.status),
            ),
            (),
            _line("Counts", f"{_HOW[kpi.aggregate]} {self._kind.plural.lower()}{self._measure(kpi)}"),
            _line("Owned by", ", ".join(self._found.counted) or "nobody"),
            _line("Where", in_words(self._found.filter, self._kind) or "nothing else is asked"),
            _line("Dated by", f"{dated}, {shown.day(row.slice.first_day)} to {shown.day(row.slice.last_day)}"),
        ]
        if row.pipelines != ("All",):
            rows.append(_line("In", ", ".join(row.pipelines)))
        if row.slice.frozen:
            rows.append(_line("Frozen", "the milestone is over, and its value stays as it was at the end"))
        if not self._found.stands:
            rows.append((part("▲ Today's records give another number than the one shown.", "warn"),))
        number = len(self._found.records)
        rows += [(), (part(f"{number:,} record{'s' * (number != 1)} behind it", "quiet"),)]
        return rows

    def _measure(self, kpi: Kpi) -> str:
        if kpi.aggregate is Aggregate.COUNT:
            return ""
        label = self._kind.properties[kpi.measure].label.lower()
        if kpi.since:
            return f", from {self._kind.properties[kpi.since].label.lower()} to {label}"
        return f", of their {label}"

    def _cells(self, record: Mapping[str, Any], names: Sequence[str]) -> list[Cell]:
        kpi = self._found.row.kpi

        def one(name: str) -> Cell:
            match name:
                case "title":
                    return cell(record["title"] or f"#{record['id']}")
                case "date":
                    if self._kind.properties[kpi.dated_by].type is PropertyType.DATE:
                        return cell(shown.day(record["date"]), "quiet")
                    return cell(shown.day_and_time(record["date"], self._tz), "quiet")
                case "owner":
                    return cell(record["owner"] or "", "quiet")
                case _:
                    return cell(self._value(record.get("value"), kpi))

        return [one(name) for name in names]

    def _value(self, value: int | None, kpi: Kpi) -> str:
        if value is None:
            return "–"
        steps = scale(kpi.unit, exponent(self._around.currency))
        exact = Fraction(value, steps) if kpi.unit is not Unit.DURATION else Fraction(value)
        return shown.amount(exact, kpi, self._around.currency)


def in_words(filter: str, kind: ObjectType) -> str:
    """A filter as a sentence would say it: `closed is yes and first reply is known`."""

    def test(each: Test) -> str:
        match each:
            case Is(value):
                return f"is {value.text}"
            case Compare(sign, value):
                return f"{sign} {value.text}"
            case Range(low, high):
                return " and ".join([*([f"from {low.text}"] if low else []), *([f"up to {high.text}"] if high else [])])
            case Known():
                return "is known"
            case _:
                return "is unknown"

    def say(node: Node) -> str:
        match node:
            case Everything():
                return ""
            case Term(name, tests):
                label = kind.properties[name].label.lower() if name in kind.properties else name
                return f"{label} {' or '.join(test(each) for each in tests)}"
            case Not(part):
                return f"not ({say(part)})"
            case And(parts):
                return " and ".join(f"({say(p)})" if isinstance(p, Or) else say(p) for p in parts)
            case Or(parts):
                return " or ".join(say(p) for p in parts)
            case _:
                return print_tree(node)

    return say(parse(filter))


def _line(word: str, text: str) -> Sequence[Part]:
    return (part(f"{word:<10}", "quiet"), part(text))


def _id(record: Mapping[str, Any]) -> int:
    return int(record["id"])
