"""Which records belong to a record: added by typing a name, taken away, put first; from either side (REC-6)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import Say
from cs_workspace.tui.page import Page
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.record_keys import Subject
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.links import Links, Named, Relation

COLUMNS = (
    Column("what", "", 8, 13, sortable=False),
    Column("title", "Name", 20, 44, sortable=False),
    Column("note", "", 8, 26, rank=1, sortable=False),
    Column("first", "", 7, 9, sortable=False),
)
FOUND = 8  # of each object, while one types


def start(page: Page, subject: Subject, relation: str = "") -> None:
    """Open the panel; with a relation, such as `companies`, only what belongs by it."""
    session = page.host.session
    if session is None:
        return
    if session.read_only:
        page.post_message(Say("The store is open for reading only.", "warn"))
        return
    page.app.push_screen(LinksDrawer(page.host, session, subject, relation))


@dataclass(frozen=True, slots=True)
class Line:
    """A record that belongs to the one in question, or one that was found and might."""

    relation: Relation
    record: Named
    first: bool = False  # of several
    is_linked: bool = True

    @property
    def number(self) -> int:
        """What tells it from the others."""
        return hash((self.relation.key, self.record.id))


class LinksDrawer(Drawer[None]):
    """Opened by `A`: typing finds records to add, without text it lists what belongs here."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.down", "panel.up", "panel.unlink", "panel.first")
    HINTS = ("type to find", "enter add", "ctrl+r remove", "ctrl+t primary", "esc close")

    def __init__(self, host: Host, session: Session, subject: Subject, relation: str) -> None:
        super().__init__()
        self._host = host
        self._session = session
        self._subject = subject
        self._relation = relation
        self._links: list[Links] = []
        self._input = Input(placeholder="Type a name, an e-mail or #12 to add it", compact=True, max_length=200)
        self._input.cursor_blink = False
        self._title = Static("", classes="heading", markup=False)
        self._echo = Static("", id="echo", markup=False)
        self.table: RecordTable[Line] = RecordTable(COLUMNS, _cells, header=False, id="links")
        self.table.can_focus = False

    def inside(self) -> Iterable[Widget]:
        """Whose, the line, the list, what was done."""
        yield self._title
        yield self._input
        yield self.table
        yield self._echo

    def on_mount(self) -> None:
        """Read what belongs here."""
        self._input.focus()
        self.table.say((part("Reading …", "quiet"),))
        self._work(self._read())

    async def _read(self) -> None:
        from cs_workspace.workspace import links, record_page

        def read() -> tuple[Any, list[Links]]:
            run = self._session.run
            return run(record_page.record, *self._subject), run(links.links, *self._subject)

        record, found = await self._host.loader.run(read)
        self._links = [each for each in found if self._relation in ("", each.relation.key)]
        counted = " · ".join(_counted(each) for each in self._links if each.total)
        name = record.title or f"#{record.id}"
        whole = [(part(f"What belongs to {name}", "strong"),), (part(counted or "nothing yet", "quiet"),)]
        self._title.update(lines(whole))
        await self._show()

    async def _show(self) -> None:
        """What belongs here, or what is called as is typed."""
        text = self._input.value
        if text.strip():
            rows = await self._find(text)
        else:
            rows = [
                Line(each.relation, one.record, one.first and one.several)
                for each in self._links
                for one in each.linked
            ]
        self.table.show(Rows(rows, lambda line: line.number), index=0 if text.strip() else self.table.cursor)
        if not rows:
            names = ", ".join(each.relation.label.lower() for each in self._links) or "nothing"
            nothing = "Nothing is called that." if text.strip() else "Nothing belongs to it yet."
            self.table.say((part(nothing),), (part(f"Type to find {names}; enter adds.", "quiet"),))

    async def _find(self, text: str) -> list[Line]:
        from cs_workspace.workspace import search
        from cs_workspace.workspace.links import Named

        by = {each.relation.other.name: each.relation for each in self._links}
        linked = {(each.relation.key, one.record.id) for each in self._links for one in each.linked}
        found = await self._host.loader.run(partial(self._session.run, search.find, text, FOUND, list(by)))
        return [
            Line(
                by[each.object],
                Named(each.id, each.title, each.beside),
                is_linked=(by[each.object].key, each.id) in linked,
            )
            for each in found
            if (each.object, each.id) != self._subject
        ]

    # --- keys

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find."""
        event.stop()
        self._work(self._show())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add what is under the cursor."""
        event.stop()
        line = self.table.current
        if line is None:
            return
        if line.is_linked and event.value.strip():
            self._say(part(f"{line.record.title} belongs to it already.", "warn"))
        elif not line.is_linked:
            from cs_workspace.workspace import links

            self._do(
                partial(self._session.run, links.link, *self._subject, line.relation.key, [line.record.id]),
                f"{line.record.title} added · undo u",
            )

    def action_unlink(self) -> None:
        """Take what is under the cursor away."""
        line = self.table.current
        if line is not None and line.is_linked:
            from cs_workspace.workspace import links

            self._do(
                partial(self._session.run, links.unlink, *self._subject, line.relation.key, [line.record.id]),
                f"{line.record.title} removed · undo u",
            )

    def action_first(self) -> None:
        """Make what is under the cursor the primary one."""
        line = self.table.current
        if line is not None and line.is_linked:
            from cs_workspace.workspace import links

            self._do(
                partial(self._session.run, links.make_primary, *self._subject, line.relation.key, line.record.id),
                f"{line.record.title}: primary · undo u",
            )

    def action_move(self, rows: int) -> None:
        """Go up or down in the list."""
        self.table.action_move(rows)

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        event.stop()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        event.stop()

    def _do(self, change: Callable[[], int], said: str) -> None:
        self._work(self._changed(change, said))

    async def _changed(self, change: Callable[[], int], said: str) -> None:
        await self._host.loader.run(change)
        self._host.look()
        self._say(part(said, "good"))
        with self.prevent(Input.Changed):
            self._input.value = ""
        await self._read()

    def _say(self, *pieces: Part) -> None:
        self._echo.update(lines([pieces]))

    def _work(self, doing: Awaitable[None]) -> None:
        self.run_worker(self._guarded(doing), group="links", exclusive=True, exit_on_error=False)

    async def _guarded(self, doing: Awaitable[None]) -> None:
        try:
            await doing
        except WorkspaceError as error:
            self._say(part(f"▲ {error}", "warn"))


def _counted(found: Links) -> str:
    other = found.relation.other
    return f"{found.total:,} {(other.label if found.total == 1 else other.plural).lower()}"


def _cells(line: Line, names: Sequence[str]) -> list[Cell]:
    first = ("★ primary", "accent") if line.first else ("", "")
    texts = {
        "what": (line.relation.other.label, "quiet"),
        "title": (line.record.title, ""),
        "note": (line.record.note, "quiet"),
        "first": first if line.is_linked else ("+ add", "accent"),
    }
    return [cell(*texts[name]) for name in names]
