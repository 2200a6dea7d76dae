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
from cs_workspace.tui.record_lines import LINE, item_line, main_ones, number_of, related_line, room_of
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, clip, fit, part, width_of
from cs_workspace.tui.widgets.property_edit import PropertyEditing
from cs_workspace.tui.widgets.record_table import MARKER, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.record_page import Page

FEW = 5  # of what happened last, and related records of one object, before one asks for more
STEP = 20  # so many more each time
EARLIER = "timeline"  # of what happened there is more, as there is of objects
LINES = 4  # of a long value
_HEADING, _MORE = 1 << 62, 1 << 61  # beyond the numbers of records


@dataclass(frozen=True, slots=True)
class CardLine:
    """A line of the card. It stands for a property, a record of its own, more of them, or nothing one can act on."""

    number: int
    cell: Cell
    prop: str = ""
    opens: tuple[str, int] | None = None
    more: str = ""  # of what it shows more: an object, or what happened


class RecordCard(RecordTable[CardLine]):
    """Line by line, under headings; the cursor goes over all of it."""

    BINDINGS: ClassVar[list[BindingType]] = some(
        "record.enter", "record.open", "records.edit", "records.history", "record.links", "record.layout"
    )

    def __init__(self) -> None:
        super().__init__(LINE, lambda line, _: [line.cell], header=False, lasting=False, id="card")
        self._host: Host | None = None
        self._labels = views.LABELS[0]
        self._owner: RecordKeys | None = None
        self._editing: PropertyEditing[CardLine] | None = None
        self._brought_back: Subject | None = None  # whose unsaved text was looked for
        self._asked: dict[str, int] = {}  # how many of each object are shown of this record
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

    async def show_record(self, host: Host, object: str, id: int, grown: int | None = None) -> list[Sequence[Part]]:
        """Read a record and show it; what stands above the list. Where it has `grown`, the cursor goes to what came."""
        from cs_workspace.workspace import record_page

        session = host.session
        assert session is not None
        same = self._subject == (object, id)
        asked = self._asked if same else {}
        items = asked.get(EARLIER, FEW) + 1
        read = partial(session.run, record_page.page, object, id, items=items, related=FEW, more=asked, changes=0)
        page = await host.loader.run(read)
        self._host, self.page, self._asked = host, page, asked
        if same and grown is not None:
            self._show(session, index=grown)
        else:
            self._show(session, keep=same)
        self._bring_back()
        return [*views.card_head(page, session), ()]

    def _show(self, session: Session, *, keep: bool = False, index: int | None = None) -> None:
        assert self.page is not None
        rows = Rows(list(self._lines(self.page, session)), lambda line: line.number)
        current = self.current if keep else None
        self.show(rows, keep=None if current is None else current.number, index=self.cursor if keep else index)

    def on_focus(self) -> None:
        """What was typed and never saved comes back when one goes there, not while one passes by (UND-5)."""
        self.call_later(self._bring_back)  # it has the focus when all handlers know of it

    def _bring_back(self) -> None:
        if self.has_focus and self._subject and self._subject != self._brought_back and self._editing and self._owner:
            self._brought_back = self._subject
            self._owner.doing(self._editing.bring_back(self._subject))

    def on_resize(self) -> None:
        """Long values have other lines at another width."""
        if self.page is not None and self._host is not None and self._host.session is not None:
            self._show(self._host.session, keep=True)

    @property
    def _room(self) -> int:
        return room_of(self._space.width)

    def _lines(self, page: Page, session: Session) -> Iterator[CardLine]:
        yield self._heading(0, (("About", ""),))
        named = page.layout.properties
        found = views.details(page.record, session, self._room, names=named, rest=False, lines=LINES)
        self._labels = max([views.LABELS[0], *(min(width_of(each.label), views.LABELS[1]) for each in found)])
        for each in found:
            label = fit(part(each.label).text, self._labels + 1)
            yield CardLine(each.number, (part(label, "quiet"), part(each.text, each.tone)), prop=each.name)
        yield self._heading(1, (("Activity", ""),))
        few = self._asked.get(EARLIER, FEW)
        for item in page.items[:few]:
            line = item_line(item, session, self._room, page.record.title)
            yield CardLine(_MORE >> 1 | number_of(item), line, opens=(item.kind.name, item.id))
        if len(page.items) > few:
            yield CardLine(_MORE, (part("earlier …", "quiet"),), more=EARLIER)
        elif not page.items:
            yield CardLine(_MORE | 99, (part("Nothing happened yet; i logs a call, a note …", "quiet"),))
        if page.groups:
            yield self._heading(2, [(group.label, f"{group.total:,}") for group in page.groups])
        main = main_ones(page.groups)
        for place, group in enumerate(page.groups, 1):
            for row in group.rows:
                line = related_line(row, session, self._room, page.record.title, main)
                yield CardLine(number_of(row), line, opens=(row.kind.name, row.id))
            if len(group.rows) < group.total:
                text = f"{group.total - len(group.rows):,} more {group.label.lower()} …"
                yield CardLine(_MORE | place, (part(text, "quiet"),), more=group.object)

    def _heading(self, place: int, names: Sequence[tuple[str, str]]) -> CardLine:
        text = " · ".join(f"{label} {count}".rstrip() for label, count in names)
        text = clip(text, self._room - 4)
        rule = "─" * (self._room - width_of(text) - 3)
        return CardLine(_HEADING | place, (part("─ ", "track"), part(text, "accent"), part(f" {rule}", "track")))

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A property can be edited and has a history; other lines can be opened. The rest is for the whole record."""
        line = self.current
        match action:
            case "enter":
                return line is not None and bool(line.prop or line.opens or line.more)
            case "open":
                return line is not None and line.opens is not None  # else the page of this record is meant
            case "edit" | "history":
                return line is not None and bool(line.prop)
            case "links" | "layout":
                return self.page is not None
            case _:
                return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Show the page of the record under the cursor."""
        line = self.current
        if line is not None and line.opens is not None:
            self.post_message(OpenRecord(*line.opens))

    def action_enter(self) -> None:
        """Edit the property under the cursor, show more, or open the record."""
        line = self.current
        if line is not None and line.prop:
            self.action_edit()
        elif line is not None and line.more and self._subject and self._host and self._owner:
            self._asked[line.more] = self._asked.get(line.more, FEW) + STEP
            self._owner.work("preview", self._read_more(self._host, *self._subject))
        else:
            self.action_open()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A second click is as good as enter."""
        event.stop()
        if self.check_action("enter", ()):
            self.action_enter()

    async def _read_more(self, host: Host, object: str, id: int) -> None:
        await self.show_record(host, object, id, grown=self.cursor)

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
