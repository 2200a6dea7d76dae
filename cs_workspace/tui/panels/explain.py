"""How a number came about, and the records behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.goals.model import Aggregate, Kpi, Unit, scale
from cs_workspace.domain.money import exponent
from cs_workspace.domain.query.words import in_words
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.tui import format as shown
from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import OpenRecord
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

    BINDINGS: ClassVar[list[BindingType]] = some("panel.apply")
    HINTS = ("↑↓ records", "enter open", "esc close")

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
            said = "" if self._found.withheld else "No record counts in this milestone."
            self.table.say((part(said, "quiet"),))
        self.table.focus()

    def action_apply(self) -> None:
        """Open the page of the record under the cursor."""
        record = self.table.current
        if record is not None:
            self.dismiss(None)
            self.app.post_message(OpenRecord(self._kind.name, _id(record)))

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A click on the record that has the cursor opens it too."""
        event.stop()
        self.action_apply()

    def _sentences(self) -> list[Sequence[Part]]:
        row, kpi = self._found.row, self._found.row.kpi
        currency = self._around.currency
        dated = self._kind.properties[kpi.dated_by].label.lower()
        rows: list[Sequence[Part]] = [
            (part(f"{row.goal.name} · {row.contributor_name}", "strong"),),
            (
                part(shown.period(row.slice.label, row.slice.first_day, row.slice.last_day), "quiet"),
                part("   "),
                part(shown.amount(row.reading.actual, kpi, currency), "strong"),
                part(f" of {shown.amount(row.reading.target, kpi, currency)}"),
                part("   "),
                *shown.status(row.reading.status),
            ),
            (),
            _line("Counts", f"{_HOW[kpi.aggregate]} {self._kind.plural.lower()}{self._measure(kpi)}"),
            *((_line("Owned by", ", ".join(self._found.counted)),) if self._found.counted else ()),
            _line("Where", in_words(self._found.filter, self._kind) or "nothing else is asked"),
            _line("Dated by", f"{dated}, {shown.day(row.slice.first_day)} to {shown.day(row.slice.last_day)}"),
        ]
        if row.pipelines != ("All",):
            rows.append(_line("In", ", ".join(row.pipelines)))
        if row.slice.frozen:
            rows.append(_line("Frozen", "the milestone is over, and its value stays as it was at the end"))
        if not self._found.stands:
            rows.append((part("▲ Today's records give another number than the one shown.", "warn"),))
        if self._found.withheld:
            return [*rows, (), *((part(f"▲ {each}", "warn"),) for each in self._found.withheld)]
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


def _line(word: str, text: str) -> Sequence[Part]:
    return (part(f"{word:<10}", "quiet"), part(text))


def _id(record: Mapping[str, Any]) -> int:
    return int(record["id"])
