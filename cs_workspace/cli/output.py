"""Data on standard output: a table for people, JSON, JSON lines and CSV for programs.

Values travel as plain Python: text, numbers, truth values, None, lists and mappings. JSON keeps them as they are,
tables and CSV write them in one cell each; a mapping within a row takes a column per key, `contributor.name`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, TextIO

from cs_workspace.domain.text import cell_width, fit, guard_formula, printable

FORMATS = ("table", "json", "jsonl", "csv")
WIDEST = 60  # cells of a table's column
LONGEST = 1_000  # characters of a value in a list of properties
_MEASURED = 1_000  # rows a table's widths are taken from
# Left raw by JSON, yet a terminal may obey them; the escaped form means the same to every reader.
_OBEYED = re.compile(
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f\ud800-\udfff]"
)


def to_json(value: Any) -> str:
    """Compact JSON on one line that no terminal obeys."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _OBEYED.sub(lambda found: json.dumps(found[0])[1:-1], text)


def cell(value: Any) -> str:
    """A value as one text."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case list() | tuple():
            return "; ".join(cell(each) for each in value)
        case _:
            return str(value)


def flattened(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with a column per key of each mapping in it."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat.update((f"{name}.{key}", each) for key, each in value.items())
        else:
            flat[name] = value
    return flat


@dataclass(frozen=True)
class Output:
    """Writes rows, records and single values in one of `FORMATS`."""

    format: str
    is_terminal: bool = False
    _stream: TextIO | None = field(default=None, repr=False)

    @property
    def is_table(self) -> bool:
        """Whether a person reads it."""
        return self.format == "table"

    def rows(self, rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None) -> None:
        """A list: a table, an array, a line each, or a header and lines. `columns` are those of an empty one."""
        if self.is_table:
            self._table((flattened(row) for row in rows), columns)
            return
        with self.writing(columns) as write:
            for row in rows:
                write(row)

    @contextmanager
    def writing(self, columns: Sequence[str] | None = None) -> Iterator[Callable[[Mapping[str, Any]], None]]:
        """A function that takes the rows of a list one by one, for programs: any format but the table."""
        match self.format:
            case "json":
                with self._json_array() as write:
                    yield write
            case "csv":
                with self._csv(columns) as write:
                    yield write
            case _:
                yield lambda row: self.line(to_json(dict(row)))

    def record(self, record: Mapping[str, Any]) -> None:
        """One thing: an object, a row of CSV, or its properties line by line."""
        if self.format == "csv":
            self.rows([record])
        elif not self.is_table:
            self.line(to_json(dict(record)))
        else:
            flat = flattened(record)
            width = max((cell_width(name) for name in flat), default=0)
            for name, value in flat.items():
                self.line(f"{_padded(name, width)}  {printable(cell(value), LONGEST)}".rstrip())

    def value(self, value: int | str) -> None:
        """One number or word on a line of its own, the same in every format."""
        self.line(printable(str(value)))

    def line(self, text: str) -> None:
        """One line as it is."""
        self._write(f"{text}\n")

    @contextmanager
    def _json_array(self) -> Iterator[Callable[[Mapping[str, Any]], None]]:
        before = "["

        def write(row: Mapping[str, Any]) -> None:
            nonlocal before
            self._write(f"{before}{to_json(dict(row))}")
            before = ",\n"

        yield write
        self._write("[]\n" if before == "[" else "]\n")

    @contextmanager
    def _csv(self, columns: Sequence[str] | None) -> Iterator[Callable[[Mapping[str, Any]], None]]:
        header: list[str] = []

        def write(row: Mapping[str, Any]) -> None:
            flat = flattened(row)
            if not header:
                header.extend(flat)
                self._csv_line(header)
            self._csv_line([_csv_cell(flat.get(name)) for name in header])

        yield write
        if not header and columns:
            self._csv_line(columns)

    def _write(self, text: str) -> None:
        (self._stream or sys.stdout).write(text)

    def _csv_line(self, cells: Sequence[str]) -> None:
        buffer = io.StringIO()
        shown = [printable(each) for each in cells] if self.is_terminal else cells
        csv.writer(buffer, lineterminator="\r\n").writerow(
            shown
        )  # Python 3.11 quotes the line ends it writes, no others
        self.line(buffer.getvalue()[:-2])

    def _table(self, rows: Iterator[Mapping[str, Any]], columns: Sequence[str] | None) -> None:
        first = [_table_row(row) for row in islice(rows, _MEASURED)]
        names = list(first[0]) if first else list(columns or ())
        if not names:
            return
        numeric = {n for n in names if first and all(_is_number(row.get(n, "")) for row in first)}
        widths = {n: max(cell_width(_heading(n)), *(cell_width(row.get(n, "")) for row in first), 1) for n in names}
        self._table_line([_heading(n) for n in names], names, widths, numeric)
        self._table_line(["─" * widths[n] for n in names], names, widths, numeric)
        for row in chain(first, map(_table_row, rows)):
            self._table_line([row.get(n, "") for n in names], names, widths, numeric)

    def _table_line(
        self, cells: Sequence[str], names: Sequence[str], widths: Mapping[str, int], numeric: set[str]
    ) -> None:
        line = "  ".join(
            _padded(fit(text, widths[name]), widths[name], right=name in numeric)
            for text, name in zip(cells, names, strict=True)
        )
        self.line(line.rstrip())


def _heading(name: str) -> str:
    return printable(name.replace("_", " "))


def _csv_cell(value: Any) -> str:
    return guard_formula(value) if isinstance(value, str) else guard_formula(cell(value))


def _table_row(row: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a row, all but the last cut to the widest a column may be."""
    texts = {name: printable(cell(value), LONGEST) for name, value in row.items()}
    last = next(reversed(texts), None)
    return {name: text if name == last else fit(text, WIDEST) for name, text in texts.items()}


def _is_number(text: str) -> bool:
    return not text or text.replace(".", "", 1).replace(",", "").lstrip("-").rstrip("%").isdigit()


def _padded(text: str, width: int, *, right: bool = False) -> str:
    blanks = " " * (width - cell_width(text))
    return blanks + text if right else text + blanks
