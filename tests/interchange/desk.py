"""Somebody who imports files into a store of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cs_workspace.domain.clock import FixedClock
from cs_workspace.interchange.csv_source import CsvSource
from cs_workspace.interchange.loading import RejectedFile, look, plan_of, take
from cs_workspace.store.engine import Store
from cs_workspace.workspace import imports, records
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.import_plan import Rejected, Report
from cs_workspace.workspace.setup import NewAccount, found_account

NOW = 1_773_000_000_000  # 8 March 2026


def ignore(_done: int, _total: int) -> None:
    """Nobody looks at the progress."""


@dataclass
class Desk:
    """A workspace, a folder for files, and the rows the last import rejected."""

    workspace: Workspace
    folder: Path
    rejected: list[Rejected] = field(default_factory=list)

    def take(
        self,
        object: str,
        text: str | bytes,
        *,
        asked: Mapping[str, str] | None = None,
        create_missing: bool = False,
        dry_run: bool = False,
    ) -> Report:
        """Import the text of a file."""
        path = self.folder / "file.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.rejected.clear()
        with CsvSource(path) as source:
            looked = look(source, self.workspace.run(imports.shape, object), asked=asked or {})
            plan = plan_of(looked, create_missing=create_missing, dry_run=dry_run)
            return imports.load(self.workspace, plan, source.rows(), self.rejected.append, ignore)

    def take_file(self, object: str, path: Path) -> tuple[Report, Path | None]:
        """Import a file as the command does, with a file of rejected rows."""
        with CsvSource(path) as source:
            looked = look(source, self.workspace.run(imports.shape, object), asked={})
            writer = RejectedFile(path.with_name("rejected.csv"), source.header, source.delimiter)
            report, written, _ = take(self.workspace, looked, plan_of(looked), writer, ignore)
        return report, written

    def rows(self, object: str, *columns: str) -> list[Any]:
        """The records as tuples of the columns, in the order in which they were made."""
        rows = self.workspace.run(records.listing, object, columns=columns, sort="id")
        return [tuple(row[name] for name in columns) for row in rows]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Lines that were rejected, and why."""
        return [(row.line, row.reason) for row in self.rejected]


@contextmanager
def desk(url: str, folder: Path) -> Iterator[Desk]:
    """Boss at a new account in Rome."""
    store = Store(url)
    try:
        clock = FixedClock(NOW)
        found_account(store, NewAccount("Acme", "boss", "Europe/Rome", rates={"USD": "0.9"}), clock)
        yield Desk(Workspace(store, clock, "boss"), folder)
    finally:
        store.close()


def counts(report: Report) -> tuple[int, int, int, int]:
    """New, changed, unchanged, rejected."""
    return report.new, report.changed, report.unchanged, report.rejected
