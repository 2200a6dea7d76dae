"""Spreadsheets as bounded rows of text: whatever the file holds, memory stays small and the refusal names the line.

A file is read twice, once to look at all of it and once to take it in, so a fault anywhere in it is found before
anything is saved.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from cs_workspace.domain.errors import Invalid, Usage
from cs_workspace.domain.text import printable

MAX_BYTES = 256 << 20
MAX_LINE = 1 << 20  # characters
MAX_CELL = 100_001  # characters: the longest text of a property and the sign that guards a formula
MAX_COLUMNS = 200
MAX_ROWS = 1_000_000
DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WIDE_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# Notations rather than encodings of files, and the one that can spell half a character.
_NO_FILE_IS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7"})
_ENCODINGS = "Use utf-8, utf-16, cp1250 or cp1252."
_LIKELY = ("cp1250", "cp1252")  # what spreadsheets of the West and of Central Europe write


def _size(number: int) -> str:
    return f"{number >> 20} MiB"


class CsvSource:
    """One CSV file, open: its header and, as often as asked, its rows with their line numbers."""

    def __init__(self, path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> None:
        self.path = path
        self._file = _open_regular(path)
        try:
            self.encoding = self._encoding(encoding)
            self.delimiter = self._delimiter(delimiter)
            self.header_line, self.header = self._header()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The line each row begins on and its cells; rows of blank cells are no rows. Raises Invalid."""
        for number, (line, cells) in enumerate(self._records()):
            if line <= self.header_line:
                continue
            if number > MAX_ROWS:
                raise self._refused(f"holds more than {MAX_ROWS:,} rows", "Cut it into several files.")
            yield line, cells

    # --- how

    def _refused(self, why: str, hint: str = "") -> Invalid:
        return Invalid(printable(self.path.name), why, hint)

    def _encoding(self, asked: str | None) -> str:
        if asked is not None:
            return _text_encoding(asked)
        self._file.seek(0)
        head = self._file.read(4)
        if head.startswith(_WIDE_BOMS):
            raise self._refused("is UTF-32", "Save it as UTF-8, or say --encoding utf-32.")
        return next((name for bom, name in _BOMS if head.startswith(bom)), "utf-8")

    def _delimiter(self, asked: str | None) -> str:
        if asked is not None:
            chosen = DELIMITER_NAMES.get(asked.lower(), asked)
            if len(chosen) != 1 or chosen in '"\r\n\0':
                raise Usage(f"--delimiter: {asked!r} is not one character.", "Use , ; tab or |.")
            return chosen
        for line in self._lines():
            if line.strip():
                outside = "".join(line.split('"')[::2])
                return max(DELIMITERS, key=outside.count)
        raise self._refused("is empty", "Its first line should name the columns.")

    def _header(self) -> tuple[int, tuple[str, ...]]:
        for line, cells in self._records():
            names = tuple(cell.strip().lstrip("\ufeff").strip() for cell in cells)
            if len(names) > MAX_COLUMNS:
                raise self._refused(f"has {len(names):,} columns; {MAX_COLUMNS} are the most an import takes")
            seen: dict[str, int] = {}
            for number, name in enumerate(names, 1):
                if name and name.casefold() in seen:
                    first = seen[name.casefold()]
                    raise self._refused(
                        f"has two columns called {printable(name, 60)!r}, number {first} and {number}",
                        "Rename one of them.",
                    )
                seen[name.casefold()] = number
            named = tuple(name or f"column {number}" for number, name in enumerate(names, 1))
            if len({name.casefold() for name in named}) < len(named):
                raise self._refused("has a column without a name", "Name every column.")
            return line, named
        raise self._refused("has no line that names the columns")

    def _records(self) -> Iterator[tuple[int, Sequence[str]]]:
        csv.field_size_limit(MAX_CELL)
        reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self._refused(f"line {line:,}: {_explained(error)}") from error
            if any(cells) and any(map(str.strip, cells)):
                yield line, cells

    def _lines(self) -> Iterator[str]:
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, encoding=self.encoding, errors="strict", newline="")
        number = size = 0
        try:
            while line := text.readline(MAX_LINE + 1):
                number += 1
                size += len(line)
                if len(line) > MAX_LINE:
                    raise self._refused(f"line {number:,} is longer than {MAX_LINE:,} characters")
                if "\0" in line:
                    raise self._refused(f"line {number:,} holds a NUL character: this is not a text file")
                if size > MAX_BYTES:
                    raise self._refused(f"is larger than {_size(MAX_BYTES)}", "Cut it into several files.")
                yield line
        except UnicodeError as error:
            raise self._undecodable() from error
        finally:
            with contextlib.suppress(ValueError):  # the file is closed already
                text.detach()

    def _undecodable(self) -> Invalid:
        """What to say of a file in another encoding: the line, and how it would read in those that are likely."""
        line, rest = _first_undecodable(self._file, self.encoding)
        name = self.encoding.removesuffix("-sig").upper()
        readings = [
            f"{other} ({printable(text, 60)!r})" for other in _LIKELY if (text := _reading(rest, other)) is not None
        ]
        if self.encoding not in {"utf-8", "utf-8-sig"} or not readings:
            return self._refused(f"line {line:,} is not {name}", "Name its encoding with --encoding.")
        shown = " and in ".join(readings)
        return self._refused(f"line {line:,} is not UTF-8", f"Name its encoding with --encoding; it reads in {shown}.")


def _open_regular(path: Path) -> io.BufferedReader:
    """A regular file, opened without waiting for anybody. Raises Usage, Invalid."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | getattr(os, "O_NOCTTY", 0))
    except FileNotFoundError:
        raise Usage(f"There is no file {printable(str(path))}.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name holds a NUL character"
        raise Usage(f"{printable(str(path))} cannot be read: {reason}.") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Usage(f"{printable(str(path))} is not a file.", "Give the path of a CSV file.")
        if status.st_size > MAX_BYTES:
            raise Invalid(printable(path.name), f"is larger than {_size(MAX_BYTES)}", "Cut it into several files.")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _text_encoding(name: str) -> str:
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # refuses what turns bytes into bytes
    except (LookupError, ValueError):
        raise Usage(f"--encoding: {name!r} is not an encoding of text.", _ENCODINGS) from None
    if found.name.replace("-", "_") in _NO_FILE_IS:
        raise Usage(f"--encoding: no spreadsheet is written in {name}.", _ENCODINGS)
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _explained(error: csv.Error) -> str:
    said = str(error)
    if "field larger" in said:
        return f"a cell is longer than {MAX_CELL - 1:,} characters; perhaps a quote is opened and never closed"
    if "unexpected end" in said:
        return "a quote is opened and never closed"
    if "expected after" in said:
        return "text follows a closing quote; a quote inside a cell is written twice"
    return said


def _first_undecodable(file: io.BufferedReader, encoding: str) -> tuple[int, bytes]:
    """The line of the first byte that is not of the encoding, and that line's bytes from its beginning, roughly."""
    file.seek(0)
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("strict"), translate=True)
    lines = 1
    while True:
        chunk = file.read(1 << 16)
        try:
            lines += decoder.decode(chunk, final=not chunk).count("\n")
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            breaks = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            tail = breaks.rpartition(b"\n")[2]
            rest = error.object[error.start : error.start + 200].split(b"\n")[0]
            width = 2 if encoding.startswith("utf-16") else 1
            return lines + breaks.count(b"\n" if width == 1 else b"\n\0"), tail[-40:] + rest
        except UnicodeError:
            return lines, b""
        if not chunk:
            return lines, b""


def _reading(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding).strip() or None
    except UnicodeError:
        return None
