"""From a file to records: looked at as a whole, understood, taken in, and the rows that were not written out again."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from cs_workspace.domain.errors import Usage
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.text import guard_formula, printable
from cs_workspace.interchange.csv_source import CsvSource
from cs_workspace.interchange.mapping import REJECTED_COLUMNS, Understanding, missing, understand
from cs_workspace.interchange.sources import AUTO, not_records
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.import_plan import ID, Plan, Progress, Rejected, Report
from cs_workspace.workspace.imports import load

SAMPLES = 3  # values of a column that are shown before anything is saved


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at from beginning to end, and how its columns are understood."""

    source: CsvSource
    kind: ObjectType
    mapping: Understanding
    rows: int
    samples: Mapping[str, tuple[str, ...]]  # by header
    asked: Mapping[str, str]


def refuse_the_store(store: Path | None, file: Path) -> None:
    """Opening and closing a SQLite file by hand would drop the locks this process holds on it. Raises Usage."""
    with suppress(OSError, ValueError):
        for suffix in ("", "-wal", "-shm"):
            if store is not None and file.samefile(f"{store}{suffix}"):
                raise Usage(f"{printable(str(file))} is the store itself.", "Name another file.")


def look(source: CsvSource, kind: ObjectType, *, asked: Mapping[str, str], program: str = AUTO) -> Looked:
    """Look at the whole file. Raises Invalid for a fault anywhere in it, Usage for one that is not of this object."""
    filled = [False] * len(source.header)
    samples: list[dict[str, None]] = [{} for _ in source.header]
    rows = 0
    for _, cells in source.rows():
        rows += 1
        for number, cell in enumerate(cells[: len(filled)]):
            if cell and len(samples[number]) < SAMPLES and (text := cell.strip()):
                filled[number] = True
                samples[number][text] = None
    _refuse_not_records(source, kind)
    mapping = understand(kind, source.header, asked=asked, filled=filled, source=program)
    lacking = missing(kind, mapping.columns)
    if lacking:
        shown = ", ".join(printable(name, 40) for name in source.header[:12])
        more = ", …" if len(source.header) > 12 else ""
        what = f"{printable(source.path.name)} does not look like {kind.plural.lower()}"
        raise Usage(
            f"{what}: no column gives {_list(lacking)}.",
            f"It has {shown}{more}. Say --map COLUMN=PROPERTY, or another --object.",
        )
    return Looked(
        source, kind, mapping, rows, {h: tuple(s) for h, s in zip(source.header, samples, strict=True)}, asked
    )


def _refuse_not_records(source: CsvSource, kind: ObjectType) -> None:
    found = not_records(source.header)
    if found is not None:
        what, instead = found
        raise Usage(
            f"{printable(source.path.name)} holds {what} and cannot be imported as {kind.plural.lower()}.", instead
        )


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def plan_of(looked: Looked, *, create_missing: bool = False, dry_run: bool = False) -> Plan:
    """What taking this file in means."""
    mapping = looked.mapping
    return Plan(
        object=looked.kind.name,
        label=printable(looked.source.path.name, 100),
        width=len(looked.source.header),
        columns=mapping.columns,
        new_properties=mapping.new_properties,
        deleted_column=mapping.deleted_column,
        create_missing=create_missing,
        trust_ids=ID in looked.asked.values(),
        total=looked.rows,
        dry_run=dry_run,
    )


@dataclass(slots=True)
class RejectedFile:
    """The rows that were not taken, with the line and the reason, ready to be put right and imported again (IMP-4).

    They are written beside the place first, so that a file of an earlier import stays until there is a new one.
    """

    path: Path
    header: Sequence[str]
    delimiter: str
    _partial: Path = field(init=False)
    _file: TextIO | None = None

    def __post_init__(self) -> None:
        self._partial = self.path.with_name(f"{self.path.name}.partial")

    def add(self, row: Rejected) -> None:
        """Write one row. Raises Usage when the file cannot be made."""
        ours = len(self.header) - len(REJECTED_COLUMNS)
        again = tuple(self.header[ours:]) == REJECTED_COLUMNS
        width = ours if again else len(self.header)
        if self._file is None:
            self._file = self._open()
            self._line([*self.header[:width], *REJECTED_COLUMNS])
        cells = list(row.cells[: len(row.cells) - len(REJECTED_COLUMNS)] if again else row.cells)
        # A row of the wrong length keeps all its cells; what it lacks is filled up so that the reason has its column.
        cells += [""] * (width - len(cells))
        self._line([*cells, str(row.line), guard_formula(row.reason)])

    def keep(self) -> Path | None:
        """Put the file in its place; none when no row was rejected."""
        if self._file is None:
            return None
        self._file.close()
        self._file = None
        self._partial.replace(self.path)
        return self.path

    def drop(self) -> None:
        """Forget it: nothing was saved."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._partial.unlink(missing_ok=True)

    def _open(self) -> TextIO:
        try:
            self._partial.unlink(missing_ok=True)
            descriptor = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise Usage(
                f"Rejected rows cannot be written to {printable(str(self.path))}: {error.strerror}.",
                "Name another place with --rejected.",
            ) from error
        return os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass", newline="")

    def _line(self, cells: Sequence[str]) -> None:
        assert self._file is not None
        csv.writer(self._file, delimiter=self.delimiter, lineterminator="\r\n").writerow(cells)


def take(
    workspace: Workspace, looked: Looked, plan: Plan, rejected: RejectedFile | None, progress: Progress
) -> tuple[Report, Path | None, list[Rejected]]:
    """Take the file in: what was done, where the rejected rows are, and the first of them.

    Raises what `workspace.imports.load` raises; then nothing was saved and no file of rejected rows is left.
    """
    first: list[Rejected] = []

    def reject(row: Rejected) -> None:
        if len(first) < SAMPLES:
            first.append(row)
        if rejected is not None:
            rejected.add(row)

    try:
        report = load(workspace, plan, looked.source.rows(), reject, progress)
    except BaseException:
        if rejected is not None:
            rejected.drop()
        raise
    return report, rejected.keep() if rejected is not None else None, first
