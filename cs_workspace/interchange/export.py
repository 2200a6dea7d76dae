"""Lists as CSV, JSON or JSON lines, so that an import of the same file changes nothing (IMP-6)."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from cs_workspace.domain.errors import Usage
from cs_workspace.domain.text import guard_formula, printable

FORMATS = ("csv", "json", "jsonl")
Write = Callable[[Mapping[str, Any]], None]


def format_of(asked: str | None, file_name: str | None) -> str:
    """The format that was asked for, or that the file's name ends in; CSV otherwise. Raises Usage."""
    if asked is not None:
        if asked not in FORMATS:
            raise Usage(f"An export is not written as {asked}.", f"Use --format {', '.join(FORMATS)}.")
        return asked
    suffix = (file_name or "").lower().rpartition(".")[2]
    return suffix if suffix in FORMATS else "csv"


class Writer:
    """Writes the rows of one export as they come; `end` closes the list."""

    def __init__(self, stream: TextIO, columns: Sequence[str], format: str) -> None:
        self._stream = stream
        self._columns = columns
        self._format = format
        self.count = 0
        # Python 3.11 quotes the line ends it writes, no others: a carriage return within a cell needs both.
        self._csv = csv.writer(stream, lineterminator="\r\n")
        self._begun = False

    def _begin(self) -> None:
        """Nothing is written before there is an answer: a refusal leaves no half of one."""
        if not self._begun:
            self._begun = True
            if self._format == "csv":
                self._csv.writerow(self._columns)
            elif self._format == "json":
                self._stream.write("[")

    def row(self, row: Mapping[str, Any]) -> None:
        """Write a row of JSON values."""
        self._begin()
        if self._format == "csv":
            self._csv.writerow([csv_cell(row[name]) for name in self._columns])
        else:
            before = "" if self._format == "jsonl" else ",\n" if self.count else "\n"
            after = "\n" if self._format == "jsonl" else ""
            text = json.dumps({name: row[name] for name in self._columns}, ensure_ascii=False, separators=(",", ":"))
            self._stream.write(f"{before}{text}{after}")
        self.count += 1

    def end(self) -> None:
        """Close the list."""
        self._begin()
        if self._format == "json":
            self._stream.write("\n]\n" if self.count else "]\n")


def csv_cell(value: Any) -> str:
    """A value as a cell: text guarded against being taken for a formula, numbers as numbers."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return format(Decimal(repr(value)), "f")
        case str():
            return guard_formula(value)
        case list() | tuple():
            return guard_formula("; ".join(str(each) for each in value))
        case _:
            return str(value)


def into(output: Path, write: Callable[[TextIO], int]) -> int:
    """Write a file beside its place and put it there once it is whole; only its owner may read it. Raises Usage."""
    partial = output.with_name(f"{output.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
                count = write(stream)
            partial.replace(output)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise Usage(f"{printable(str(output))} cannot be written: {error.strerror}.", "Name another file.") from error
    return count
