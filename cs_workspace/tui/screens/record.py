"""A record's page: what it holds, what belongs to it, and what happened to it (REC-1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from cs_workspace.domain.errors import NotFound, WorkspaceError
from cs_workspace.tui import record_views as views
from cs_workspace.tui.keys import Where, bindings
from cs_workspace.tui.messages import OpenRecord, Say
from cs_workspace.tui.section_page import Section, SectionPage, show_rows
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, content, lines, part
from cs_workspace.tui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from cs_workspace.workspace.record_page import Change, Group, Record, Related


class RecordScreen(SectionPage):
    """Opened above any page that names a record."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.RECORD)]

    def __init__(self, host: Host, object: str, id: int) -> None:
        super().__init__(host)
        self.object = object
        self.record_id = id
        self.record: Record | None = None
        self._changes: list[Change] = []
        self._complete = False  # whether the history is here as a whole
        self.about: RecordTable[views.Detail] = RecordTable(
            views.DETAILS, views.detail_cells, header=False, lasting=False, id="about"
        )
        self.related: RecordTable[Related] = RecordTable(
            views.RELATED, self._related_cells, header=False, lasting=False, id="related"
        )
        self.history: RecordTable[Change] = RecordTable(views.CHANGES, self._change_cells, lasting=False, id="history")
        self.sections = (
            Section("About", self.about, classes="about"),
            Section("Related", self.related, classes="related"),
            Section("History", self.history),
        )

    def compose(self) -> ComposeResult:
        about, related, history = self.sections
        with Vertical():
            yield self._head
            yield self._names
            with Horizontal(classes="upper"):
                yield about
                yield related
            with Horizontal(classes="lower"):
                yield history

    @property
    def first_focus(self) -> Widget:
        """The values."""
        return self.about

    # --- loading

    def on_mount(self) -> None:
        """Say that something is coming."""
        self._head.update(content(part("Reading …", "quiet")))
        self._arrange(self.sections[0])

    def load(self) -> None:
        """Read the record, and as much of its history as was read before."""
        if self.host.session is not None:
            self.work("page", self._load(self.host.session))

    async def _load(self, session: Session) -> None:
        from cs_workspace.workspace import record_page

        limit = max(len(self._changes), record_page.CHANGES)

        def read() -> tuple[Record, list[Group], list[Change]]:
            which = self.object, self.record_id
            found = session.run(record_page.record, *which), session.run(record_page.related, *which)
            return *found, session.run(record_page.changes, *which, limit=limit)

        record, groups, self._changes = await self.host.loader.run(read)
        self._complete = len(self._changes) < limit
        self.record = record
        self._show(session, record, groups)

    def failed(self, error: WorkspaceError) -> None:
        """Say why there is nothing to show, or why something was not read again."""
        if self.record is not None and not isinstance(error, NotFound):
            self.post_message(Say(str(error), "bad"))
            return
        self.record = None
        self._say_failed("This record cannot be shown.", error)

    def _show(self, session: Session, record: Record, groups: Sequence[Group]) -> None:
        self.set_class(False, "-failed")
        self._arrange(self._current)
        if self.display and self.screen.focused is None:
            self.first_focus.focus()  # it was gone and is back
        self._head.update(lines(views.head(record)))
        self._show_values(session, record)
        rows = [row for group in groups for row in group.rows]
        show_rows(self.related, rows, _of_related)
        self.sections[0].entitle()
        self.sections[1].entitle("Related", part(f"  {views.counted(groups)}", "quiet"))
        if not rows:
            self.related.say(
                (part(f"Nothing belongs to this {record.kind.label.lower()} yet."),),
                (part("What is associated with it appears here by itself.", "quiet"),),
            )
        self._show_changes()
        self.refresh_bindings()

    def _show_values(self, session: Session, record: Record) -> None:
        found = views.details(record, session, self.about.size.width)
        show_rows(self.about, found, views.number)
        if not found:
            self.about.say(
                (part("It has nothing but its name yet."),),
                (part(f"cs-workspace set {record.kind.name} {record.id} PROPERTY=VALUE", "quiet"),),
            )

    def _show_changes(self) -> None:
        show_rows(self.history, self._changes, _of_change)
        newest = "" if self._complete else f"  the newest {len(self._changes):,}"
        self.sections[2].entitle("History", part(newest, "quiet"))
        if not self._changes:
            self.history.say((part("Nothing was changed yet.", "quiet"),))

    def on_resize(self) -> None:
        """Long values have other lines at another width."""
        super().on_resize()
        self.call_after_refresh(self._wrap)

    def _wrap(self) -> None:
        if self.record is not None and self.host.session is not None:
            self._show_values(self.host.session, self.record)

    # --- cells

    def _related_cells(self, row: Related, names: Sequence[str]) -> list[Cell]:
        assert self.host.session is not None
        return views.related_cells(row, names, self.host.session)

    def _change_cells(self, change: Change, names: Sequence[str]) -> list[Cell]:
        assert self.host.session is not None
        assert self.record is not None
        return views.change_cells(self.record, change, names, self.host.session)

    # --- what the parts tell

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """The history reads on when its end is near."""
        event.stop()
        session = self.host.session
        near = self.history.cursor >= len(self._changes) - 10
        if event.table is self.history and session is not None and near and not self._complete and self._changes:
            self.work("history", self._read_on(session))

    async def _read_on(self, session: Session) -> None:
        from cs_workspace.workspace import record_page

        last = self._changes[-1].id
        more = await self.host.loader.run(
            partial(session.run, record_page.changes, self.object, self.record_id, before=last)
        )
        self._complete = len(more) < record_page.CHANGES
        self._changes += more
        self._show_changes()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A second click opens."""
        event.stop()
        if event.table is self.related:
            self.action_open()

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to open among the related records only, and nothing at all where nothing is shown."""
        if action == "open" and not (self.related.has_focus and self.related.current is not None):
            return False
        if action in {"section", "history", "copy"} and self.record is None:
            return False
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Show the page of the related record."""
        row = self.related.current
        if row is not None:
            self.post_message(OpenRecord(row.kind.name, row.id))

    def action_history(self) -> None:
        """Go to what was changed."""
        self._go_to(self.sections[2])

    def action_copy(self) -> None:
        """Copy how the record is called, or the related one under the cursor."""
        record = self.record
        if record is None:
            return
        row = self.related.current if self.related.has_focus else None
        text = views.reference(row or record)
        if row is None and record.values.get("url"):
            text += f" {record.values['url']}"
        self.app.copy_to_clipboard(text)
        self.post_message(Say(f"Copied: {text}", "good"))


def _of_related(row: Related) -> int:
    return row.kind.code << 48 | row.id


def _of_change(change: Change) -> int:
    return change.id
