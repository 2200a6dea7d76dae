"""A record's page: what it holds, what happened with it, what belongs to it, and what was changed (CUS-9, REC-1)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from cs_workspace.domain.errors import NotFound, WorkspaceError
from cs_workspace.domain.selection import Selection
from cs_workspace.domain.times import PAST_HINT, parse_moment
from cs_workspace.tui import format as shown
from cs_workspace.tui import record_views as views
from cs_workspace.tui.keys import KEYS, Where, bindings, some
from cs_workspace.tui.messages import OpenRecord, Say, Walk
from cs_workspace.tui.page import Draft
from cs_workspace.tui.record_keys import RecordKeys, Subject
from cs_workspace.tui.record_sections import Activity, Belonging, History, More
from cs_workspace.tui.section_page import Section, SectionPage, show_rows
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import content, lines, part, width_of
from cs_workspace.tui.widgets.ask_line import AskLine, Question
from cs_workspace.tui.widgets.property_edit import PropertyEditing
from cs_workspace.tui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from cs_workspace.workspace.record_page import Gone, Page, Record

CHANGING = frozenset({"edit", "assign", "stage", "delete", "merge", "log", "links", "layout", "new", "follow"})
_LEFT = 4  # cells around a label


class RecordScreen(SectionPage, RecordKeys):
    """Opened above any page that names a record."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *some(*(key.id for key in KEYS if key.where is Where.RECORDS and key.id != "records.open")),  # this one is open
        *bindings(Where.RECORD),
    ]

    def __init__(self, host: Host, object: str, id: int, walk: Walk | None = None) -> None:
        super().__init__(host)
        self.kind_name = object
        self.record_id = id
        self.walk = walk
        self.record: Record | None = None
        self.as_of: int | None = None
        self._page: Page | None = None
        self._now: Record | None = None  # as it is, while it is shown as it was
        self._gone: Gone | None = None
        self._more: dict[str, int] = {}  # by object, how many related records were asked for
        self.about: RecordTable[views.Detail] = RecordTable(
            views.DETAILS, views.detail_cells, header=False, lasting=False, id="about"
        )
        self._activity = Activity(host)
        self._related = Belonging(host)
        self._history = History(host, lambda: self.record)
        self.activity, self.related, self.history = self._activity.table, self._related.table, self._history.table
        self.sections = (Section("About", self.about, classes="about"), self._activity, self._related, self._history)
        self.ask = AskLine()
        self._labels = views.LABELS[0]
        self._brought_back: Subject | None = None  # whose unsaved text was looked for
        self.editing = PropertyEditing(self, self.about, lambda detail: detail.name, lambda: self._labels + _LEFT)

    def compose(self) -> ComposeResult:
        about, activity, related, history = self.sections
        with Vertical():
            yield self._head
            yield self._names
            with Horizontal(classes="upper"):
                yield about
                yield activity
            with Horizontal(classes="lower"):
                yield related
                yield history
            yield self.ask

    @property
    def first_focus(self) -> Widget:
        """The values; of a record that is gone the line that says so."""
        return self._head if self._gone is not None else self.about

    # --- what keys act on

    @property
    def object(self) -> str:
        """The object of the record, and of new ones."""
        return self.kind_name

    @property
    def subject(self) -> Subject | None:
        """The record."""
        return (self.kind_name, self.record_id) if self.record is not None else None

    @property
    def selection(self) -> Selection | None:
        """The record."""
        return Selection.of(self.kind_name, self.record_id) if self.record is not None else None

    # --- loading

    def on_mount(self) -> None:
        """Say that something is coming."""
        self._head.update(content(part("Reading …", "quiet")))
        self._arrange(self.sections[0])

    def load(self) -> None:
        """Read the record, and as much of what happened as was read before."""
        if self.host.session is not None:
            self.work("page", self._load(self.host.session))

    async def _load(self, session: Session) -> None:
        from cs_workspace.workspace import record_page

        items = max(len(self._activity.rows), record_page.ITEMS)
        changes = max(len(self._history.rows), record_page.CHANGES)
        more, as_of = dict(self._more), self.as_of

        def read() -> tuple[Page, Record | None]:
            which = self.kind_name, self.record_id
            found = session.run(record_page.page, *which, as_of, items=items, more=more, changes=changes)
            return found, None if as_of is None else session.run(record_page.record, *which)

        try:
            page, self._now = await self.host.loader.run(read)
        except NotFound as error:
            if as_of is None:
                await self._say_gone(session, error)
                return
            raise
        if page.record.id != self.record_id:
            former = views.numbered(page.record.kind, self.record_id)
            self.record_id = page.record.id
            self.post_message(Say(f"{former} was merged into this one."))
        self._page, self.record, self._gone = page, page.record, None
        self._show(session, page)
        self._activity.owner = page.record.title
        self._activity.fill(page.items, items)
        self._history.fill(page.changes, changes)
        if self.subject is not None and self._brought_back != self.subject and as_of is None:
            self._brought_back = self.subject
            await self.editing.bring_back(self.subject)

    async def _say_gone(self, session: Session, error: NotFound) -> None:
        """Say who deleted the record, and offer to bring it back. Raises the error where it is not in the bin."""
        from cs_workspace.workspace import record_page

        find = partial(session.run, record_page.gone, self.kind_name, self.record_id)
        try:
            gone = await self.host.loader.run(find)
        except NotFound:
            raise error from None
        self.record, self._page, self._gone = None, None, gone
        what = f"The {gone.kind.label.lower()} {views.called(gone)} was deleted."
        who = f"{gone.user} deleted it on {shown.day_and_time(gone.at, session.tz)}. It stays in the bin for 90 days."
        self._say_failed(
            what, WorkspaceError(who), "esc goes back." if session.read_only else "enter brings it back, esc goes back."
        )
        self._head.can_focus = True
        if self.display:
            self._head.focus()
        self.refresh_bindings()

    def _turn_to(self, id: int) -> None:
        """Show another record of the object in the place of this one."""
        self.record_id = id
        self._activity.forget()
        self._history.forget()
        self._more = {}
        for section in self.sections:
            assert isinstance(section.inside, RecordTable)
            section.inside.action_first()

    def failed(self, error: WorkspaceError) -> None:
        """Say why there is nothing to show, or why something was not read again."""
        if self.as_of is not None:  # it was not there then: what is shown stays as it is now
            self.as_of = None
            self.post_message(Say(str(error), "bad"))
            self.load()
            return
        if self.record is not None and not isinstance(error, NotFound):
            self.post_message(Say(str(error), "bad"))
            return
        self.record = self._page = None
        self._say_failed("This record cannot be shown.", error)

    # --- showing

    def _show(self, session: Session, page: Page) -> None:
        self.set_class(False, "-failed")
        self.set_class(page.record.as_of is not None, "-past")
        self._arrange(self._current)
        if self.display and self.screen.focused in {None, self._head}:
            self.about.focus()  # it was gone and is back
        self._head.can_focus = False
        self._show_head(session, page)
        self._show_values(session, page)
        self._related.show(page.record, page.groups)
        self.refresh_bindings()

    def _show_head(self, session: Session, page: Page) -> None:
        rows = views.head(page, session, "" if self.walk is None else self.walk.place(self.record_id))
        banner = views.as_of(page.record, session)
        self._head.update(lines([*rows, banner] if banner else rows))

    def _show_values(self, session: Session, page: Page) -> None:
        width = self.about.size.width
        found = views.details(page.record, session, width, names=page.layout.properties, now=self._now)
        show_rows(self.about, found, views.number)
        self._labels = max([views.LABELS[0], *(min(width_of(each.label), views.LABELS[1]) for each in found)])
        self.sections[0].entitle()

    def on_resize(self) -> None:
        """Long values have other lines at another width."""
        self.call_after_refresh(self._wrap)

    def _wrap(self) -> None:
        if self._page is not None and self.host.session is not None:
            self._show_values(self.host.session, self._page)
            self._activity.show()
            self._related.show(self._page.record, self._page.groups)

    # --- what the parts tell

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """What happened and what was changed reads on when its end is near."""
        event.stop()
        session = self.host.session
        if session is None or self.record is None:
            return
        if event.table is self.history and self._history.wants_more:
            self.work("history", self._read_changes(session))
        elif event.table is self.activity and self._activity.wants_more:
            self.work("activity", self._read_items(session))

    async def _read_changes(self, session: Session) -> None:
        from cs_workspace.workspace import record_page

        last, which = self._history.rows[-1].id, (self.kind_name, self.record_id)
        read = partial(session.run, record_page.changes, *which, before=last, as_of=self.as_of)
        self._history.add(await self.host.loader.run(read), record_page.CHANGES)

    async def _read_items(self, session: Session) -> None:
        from cs_workspace.workspace import record_page

        last, which = self._activity.rows[-1].key, (self.kind_name, self.record_id)
        read = partial(session.run, record_page.timeline, *which, before=last, as_of=self.as_of)
        self._activity.add(await self.host.loader.run(read), record_page.ITEMS)

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A second click is as good as enter."""
        event.stop()
        if self.check_action("enter", ()):
            self.action_enter()

    # --- keys

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """What the part with the keys can do; nothing of a record as it was can be changed."""
        if action in {"open", "enter"}:
            tables = (self.activity, self.related) if action == "open" else (self.about, self.activity, self.related)
            gone = self._gone is not None and action == "enter"
            return gone or any(table.has_focus and table.current is not None for table in tables)
        if action in CHANGING and self.as_of is not None:
            return False
        if action in {"section", "history", "copy", "copy_what", "as_of", *CHANGING} and self.record is None:
            return False
        if action == "step" and self.walk is None:
            return False
        if action == "why" and (self.record is None or "health" not in self.record.kind.properties):
            return False
        return super().check_action(action, parameters)

    def action_enter(self) -> None:
        """Edit the property under the cursor, open the record, or bring the deleted one back."""
        if self._gone is not None:
            self.doing(self._restore(self._gone))
        elif self.about.has_focus:
            self.action_edit()
        else:
            self.action_open()

    def action_open(self) -> None:
        """Show the page of the record under the cursor, or more of them."""
        row = self.related.current if self.related.has_focus else self.activity.current
        if isinstance(row, More):
            from cs_workspace.workspace.record_page import RELATED

            self._more[row.object] = self._more.get(row.object, RELATED) + RELATED
            self.load()
        elif row is not None:
            self.post_message(OpenRecord(row.kind.name, row.id))

    async def _restore(self, gone: Gone) -> None:
        from cs_workspace.workspace.bin import restore

        session = self.host.session
        assert session is not None
        await self.host.loader.run(partial(session.run, restore, gone.kind.name, [gone.id]))
        self.post_message(Say(f"{views.called(gone)} is back.", "good"))
        self.host.look()

    def action_edit(self) -> None:
        """Edit the property under the cursor in its place."""
        detail = self.about.current
        if self.about.has_focus and detail is not None and self.subject is not None:
            self.editing.edit(self.subject, detail.name)
        else:
            super().action_edit()

    @property
    def is_changing(self) -> bool:
        """Whether an editor is about to open."""
        return self.editing.is_opening

    def draft(self) -> Draft | None:
        """What is typed into a property and not saved."""
        return self.editing.draft()

    def action_history(self) -> None:
        """Show what became of the property under the cursor, or go to what was changed."""
        detail = self.about.current
        if self.about.has_focus and detail is not None and self.subject is not None:
            from cs_workspace.tui.panels import property_details

            property_details.start(self, self.subject, detail.name, self.record)
        else:
            self._go_to(self.sections[3])

    def action_links(self) -> None:
        """Choose which records belong to this one."""
        from cs_workspace.tui.panels import links

        self._with_subject(links.start)

    def action_layout(self) -> None:
        """Choose what the panel shows."""
        from cs_workspace.tui.panels import layout

        layout.start(self, self.kind_name)

    def action_copy(self) -> None:
        """Copy how the record is called, or the one under the cursor."""
        record = self.record
        if record is None:
            return
        row = self.related.current if self.related.has_focus else None
        text = views.reference(row if row is not None and not isinstance(row, More) else record)
        if row is None and record.values.get("url"):
            text += f" {record.values['url']}"
        self.app.copy_to_clipboard(text)
        self.post_message(Say(f"Copied: {text}", "good"))

    def action_copy_what(self) -> None:
        """Choose what to copy of the record."""
        from cs_workspace.tui.panels import copy_record

        self._with_subject(copy_record.start)

    def action_step(self, step: int) -> None:
        """Go to the next record of the list it was opened from, or to the one before."""
        if self.walk is not None:
            self.doing(self._step(self.walk, step))

    async def _step(self, walk: Walk, step: int) -> None:
        found = await walk.neighbour(self.record_id, step)
        if found is None:
            self.post_message(Say(f"This is the {'last' if step > 0 else 'first'} record of the list."))
            return
        self._turn_to(found)
        self.as_of = None
        self.load()

    # --- time travel

    def action_as_of(self) -> None:
        """Ask for a time and show the record as it was then."""
        session = self.host.session
        if session is None:
            return

        def understood(text: str) -> tuple[int, str]:
            moment = parse_moment(text, now=session.clock.now(), tz=session.tz)
            return moment, shown.day_and_time(moment, session.tz)

        self.ask.ask(Question("As of", PAST_HINT, understood))

    def on_ask_line_answered(self, event: AskLine.Answered) -> None:
        """Show the record as it was."""
        event.stop()
        self.as_of = event.answer
        self.load()

    @property
    def can_go_back(self) -> bool:
        """Out of the question, out of the past."""
        return self.ask.is_open or self.as_of is not None

    def back(self) -> None:
        """Out of the question, then back to now."""
        if self.ask.is_open:
            self.ask.close()
        else:
            self.as_of = None
            self.load()
