"""Writing records to a file by its name; over SSH, where files are nobody's business, to the clipboard (IMP-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.selection import Selection
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.form import Form
from cs_workspace.tui.record_keys import RecordKeys
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Part, part, plain
from cs_workspace.tui.widgets.fields import Field, OneOf, TextField

SHOWN, ALL = "shown", "all"
MOST = 1_000  # records that fit a clipboard


def start(page: RecordKeys, selection: Selection) -> None:
    """Ask for the file; over SSH copy at once."""
    session = page.host.session
    if session is None:
        return
    if session.over_ssh:
        page.doing(_copy(page, session, selection))
    else:
        page.app.push_screen(Export(page, session, selection), lambda said: _say(page, said))


def _say(page: RecordKeys, said: str | None) -> None:
    if said:
        page.post_message(Say(said))


async def _copy(page: RecordKeys, session: Session, selection: Selection) -> None:
    from cs_workspace.interchange.export import csv_cell
    from cs_workspace.workspace import exports, records

    if selection.count > MOST:
        raise Invalid("export", f"{selection.count:,} records are too many to copy", f"Mark {MOST:,} at most.")
    columns, sort = page.as_listed
    if not columns:
        opening = session.run(records.columns, selection.object)
        columns = opening
    rows: list[Sequence[str]] = [columns]

    def take(row: Mapping[str, Any]) -> None:
        rows.append([plain(csv_cell(row[name])).replace("\t", " ") for name in columns])

    await page.host.loader.run(partial(session.run, exports.selected, selection, columns, sort, take))
    page.app.copy_to_clipboard("\n".join("\t".join(row) for row in rows))
    count = f"{len(rows) - 1:,} record{'s' * (len(rows) != 2)}"
    page.post_message(Say(f"Files of the host are not for SSH sessions: {count} copied for a spreadsheet instead."))


class Export(Form[str]):
    """Opened by `E`; answers with what was written."""

    SAVES = "Export"
    HINTS = ("←→ choose", "ctrl+s export", "esc close")

    def __init__(self, page: RecordKeys, session: Session, selection: Selection) -> None:
        super().__init__(page.host, session)
        self._selection = selection
        self._shown, self._sort = page.as_listed
        self._file = TextField("File", f"{selection.object}.csv", id="file", max_length=1_000)
        options = [(ALL, "all"), *([(SHOWN, "those shown")] if self._shown else [])]
        self._which = OneOf("Columns", options, SHOWN if self._shown else ALL, id="columns")
        self._asked = ""  # the file that is there already

    def heading(self) -> Sequence[Sequence[Part | str]]:
        """How many, and how they are written."""
        kind = self.session.around.schema[self._selection.object]
        count = self._selection.count
        what = f"1 {kind.label.lower()}" if count == 1 else f"{count:,} {kind.plural.lower()}"
        return [
            (part(f"Export {what}", "strong"),),
            (part("As CSV, JSON or JSON lines, by the end of the file's name: .csv, .json, .jsonl.", "quiet"),),
        ]

    def fields(self) -> Iterable[Field]:
        """Where to, and what."""
        yield self._file
        yield self._which

    async def write(self) -> str | None:
        """Write the file; one that is there is replaced when that is asked for twice."""
        text = self._file.value.strip()
        if not text:
            raise Invalid("file", "it needs a name", "Such as customers.csv.")
        path = Path(text)
        if self._asked != text and await self.host.loader.run(lambda: path.expanduser().exists()):
            self._asked = text
            self._file.hint(part("▲ It exists already: ctrl+s again replaces it.", "warn"))
            return None
        count = await self.host.loader.run(partial(self._write, path))
        return f"{count:,} record{'s' * (count != 1)} written to {plain(path, 200)}"

    def _write(self, path: Path) -> int:
        from cs_workspace.interchange.export import Writer, format_of, into
        from cs_workspace.interchange.loading import refuse_the_store
        from cs_workspace.workspace import exports

        path = path.expanduser()
        refuse_the_store(self.session.store.path, path)
        run, chosen = self.session.run, self._selection
        every = run(exports.columns, chosen.object)
        columns = self._shown if self._which.value == SHOWN else every

        def write(stream: TextIO) -> int:
            writer = Writer(stream, columns, format_of(None, path.name))
            run(exports.selected, chosen, columns, self._sort, writer.row)
            writer.end()
            return writer.count

        return into(path, write)
