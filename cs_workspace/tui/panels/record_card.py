"""A record in one list: its properties, what happened last, and what belongs to it (CUS-9, CUS-10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from cs_workspace.tui import record_views as views
from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import OpenRecord
from cs_workspace.tui.page import Draft
from cs_workspace.tui.record_keys import RecordKeys, Subject
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, clip, fit, part, width_of
from cs_workspace.tui.widgets.property_edit import PropertyEditing
from cs_workspace.tui.widgets.record_table import MARKER, Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.record_page import Item, Page, Related

HAPPENED = 5  # of what happened last
EACH = 5  # related records of one object
LINES = 4  # of a long value
NARROWEST = 24  # cells of a line
_WHEN, _WORD = 6, 9  # cells of a day and of what it was
_HEADING, _MORE = 1 << 62, 1 << 61  # beyond the numbers of records


@dataclass(frozen=True, slots=True)
class CardLine:
    """A line of the card. It stands for a property, for a record of its own, or for nothing one can act on."""

    number: int
    cell: Cell
    prop: str = ""
    opens: tuple[str, int] | None = None


class RecordCard(RecordTable[CardLine]):
    """Line by line, under headings; the cursor goes over all of it."""

    BINDINGS: ClassVar[list[BindingType]] = some(
        "record.open", "records.edit", "records.history", "record.links", "record.layout"
    )

    def __init__(self) -> None:
        columns = (Column("line", "", NARROWEST, 400, sortable=False),)
        super().__init__(columns, lambda line, _: [line.cell], header=False, lasting=False, id="card")
        self._host: Host | None = None
        self._labels = views.LABELS[0]
        self._owner: RecordKeys | None = None
        self._editing: PropertyEditing[CardLine] | None = None
        self.page: Page | None = None

    def on_mount(self) -> None:
        """What is edited is edited for the page it stands on."""
        owner = next((each for each in self.ancestors if isinstance(each, RecordKeys)), None)
        if owner is not None:
            self._owner = owner
            self._editing = PropertyEditing(owner, self, lambda line: line.prop, lambda: MARKER + self._labels + 1)

    @property
    def is_opening(self) -> bool:
        """Whether an editor is about to open; what is typed waits for it."""
        return self._editing is not None and self._editing.is_opening

    def draft(self) -> Draft | None:
        """What is typed and not saved."""
        return None if self._editing is None else self._editing.draft()

    @property
    def _subject(self) -> Subject | None:
        return None if self.page is None else (self.page.record.kind.name, self.page.record.id)

    # --- what it shows

    async def show_record(self, host: Host, object: str, id: int) -> list[Sequence[Part]]:
        """Read a record and show it; what stands above the list."""
        from cs_workspace.workspace import record_page

        session = host.session
        assert session is not None
        read = partial(session.run, record_page.page, object, id, items=HAPPENED + 1, related=EACH, changes=0)
        page = await host.loader.run(read)
        same = self.page is not None and (self.page.record.kind, self.page.record.id) == (page.record.kind, id)
        self._host, self.page = host, page
        self._show(session, keep=same)
        return [*views.card_head(page, session), ()]

    def _show(self, session: Session, *, keep: bool) -> None:
        assert self.page is not None
        rows = Rows(list(self._lines(self.page, session)), lambda line: line.number)
        current = self.current if keep else None
        self.show(rows, keep=None if current is None else current.number, index=self.cursor if keep else 0)

    def on_resize(self) -> None:
        """Long values have other lines at another width."""
        if self.page is not None and self._host is not None and self._host.session is not None:
            self._show(self._host.session, keep=True)

    @property
    def _room(self) -> int:
        return max(NARROWEST, self.size.width - MARKER - 1)

    def _lines(self, page: Page, session: Session) -> Iterator[CardLine]:
        yield self._heading(0, (("About", ""),))
        named = page.layout.properties
        found = views.details(page.record, session, self._room, names=named, rest=False, lines=LINES)
        self._labels = max([views.LABELS[0], *(min(width_of(each.label), views.LABELS[1]) for each in found)])
        for each in found:
            label = fit(part(each.label).text, self._labels + 1)
            yield CardLine(each.number, (part(label, "quiet"), part(each.text, each.tone)), prop=each.name)
        yield self._heading(1, (("Activity", ""),))
        for item in page.items[:HAPPENED]:
            yield CardLine(
                _MORE >> 1 | views.number_of(item), self._happened(item, session), opens=(item.kind.name, item.id)
            )
        if len(page.items) > HAPPENED:
            yield self._more(0, "earlier …", page)
        elif not page.items:
            yield CardLine(_MORE | 99, (part("Nothing happened yet; i logs a call, a note …", "quiet"),))
        if page.groups:
            yield self._heading(2, [(group.label, f"{group.total:,}") for group in page.groups])
        main = views.main_ones(page.groups)
        for place, group in enumerate(page.groups, 1):
            for row in group.rows:
                yield CardLine(views.number_of(row), self._belongs(row, session, main), opens=(row.kind.name, row.id))
            if len(group.rows) < group.total:
                yield self._more(place, f"{group.total - len(group.rows):,} more {group.label.lower()} …", page)

    def _heading(self, place: int, names: Sequence[tuple[str, str]]) -> CardLine:
        text = " · ".join(f"{label} {count}".rstrip() for label, count in names)
        text = clip(text, self._room - 4)
        rule = "─" * (self._room - width_of(text) - 3)
        return CardLine(_HEADING | place, (part("─ ", "track"), part(text, "accent"), part(f" {rule}", "track")))

    @staticmethod
    def _more(place: int, text: str, page: Page) -> CardLine:
        return CardLine(_MORE | place, (part(text, "quiet"),), opens=(page.record.kind.name, page.record.id))

    def _happened(self, item: Item, session: Session) -> Cell:
        """`19 Nov  call  Kari Nordmann   no answer`."""
        when, what = views.happened_shortly(item, session), clip(item.what.lower(), _WORD)
        front = (part(f"{when:>{_WHEN}}  {what:<{_WORD}} ", "quiet"),)
        title, state = item.title or item.contact or item.what, views.state_of(item, session)
        contact = item.contact if item.title else ""
        return (*front, *self._ending(title, state, _WHEN + _WORD + 3, also=contact))

    def _belongs(self, row: Related, session: Session, main: frozenset[int]) -> Cell:
        """`Contact   Kari Nordmann   kari@blabaer.no`."""
        state = views.value(session, row.state, row.state_value) if row.state else ""
        fact = "".join(each.text for each in views.fact(row, session, main))
        front = (part(f"{clip(row.kind.label, _WORD):<{_WORD}} ", "quiet"),)
        told = "  ".join(part(each).text for each in (fact, state) if each)
        return (*front, *self._ending(views.called(row), told, _WORD + 1, or_else=state))

    def _ending(self, title: str, told: str, taken: int, *, also: str = "", or_else: str = "") -> Cell:
        """What it is called and what is to be told of it; `also` where nothing has to be cut for that."""
        title, room = part(title).text, self._room - taken
        most = max(room * 3 // 5, room - width_of(title))
        text = next((each for each in (told, or_else) if width_of(each) + 2 <= most), "")
        text = f"  {part(text).text}" if text else ""
        if also and width_of(title) + width_of(also) + 2 + width_of(text) <= room:
            text = f"  {part(also).text}{text}"
        return (part(clip(title, room - width_of(text))), part(text, "quiet"))

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A property can be edited and has a history; other lines can be opened. The rest is for the whole record."""
        line = self.current
        match action:
            case "open":
                return line is not None and bool(line.prop or line.opens)
            case "edit" | "history":
                return line is not None and bool(line.prop)
            case "links" | "layout":
                return self.page is not None
            case _:
                return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Show the page of the record under the cursor, or edit the property."""
        line = self.current
        if line is not None and line.opens is not None:
            self.post_message(OpenRecord(*line.opens))
        elif line is not None and line.prop:
            self.action_edit()

    def action_edit(self) -> None:
        """Edit the property under the cursor in its place."""
        line = self.current
        if self._editing is not None and self._subject is not None and line is not None:
            self._editing.edit(self._subject, line.prop)

    def action_history(self) -> None:
        """Show what became of the property under the cursor."""
        from cs_workspace.tui.panels import property_details

        line = self.current
        if self._owner is not None and self._subject is not None and self.page is not None and line is not None:
            property_details.start(self._owner, self._subject, line.prop, self.page.record)

    def action_links(self) -> None:
        """Choose which records belong to this one."""
        from cs_workspace.tui.panels import links

        if self._owner is not None and self._subject is not None:
            links.start(self._owner, self._subject)

    def action_layout(self) -> None:
        """Choose what the panel shows."""
        from cs_workspace.tui.panels import layout

        if self._owner is not None and self._subject is not None:
            layout.start(self._owner, self._subject[0])
