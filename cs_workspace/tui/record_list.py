"""The list of an object's records: the one list machine of Customers and of every other object (LST)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from cs_workspace.domain.columns import known
from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.tui import list_state, record_columns
from cs_workspace.tui.keys import Where, bindings, some
from cs_workspace.tui.list_state import ListState
from cs_workspace.tui.messages import OpenRecord, Say
from cs_workspace.tui.page import Draft, LastWords
from cs_workspace.tui.record_rows import Listing, RecordRows, canonical
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import part, plain
from cs_workspace.tui.widgets.query_line import QueryLine
from cs_workspace.tui.widgets.record_table import Column, RecordTable, Sort
from cs_workspace.tui.widgets.view_list import ViewList

if TYPE_CHECKING:
    from cs_workspace.domain.views import View

WITH_VIEWS, WITH_PREVIEW = 110, 150  # cells from which the views stand beside the list, and beside list and panel
SAVING = 1.0  # seconds after a change in which the next one may come


class RecordList(RecordRows):
    """Columns, orders and views of an object's records; how they were left comes back at the next start."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Where.RECORDS),
        *some("list.filter", "list.form", "list.preview", "list.sort", "list.sort_more", "list.reverse"),
        *some("list.columns", "list.views", "list.save_view"),
    ]
    LABELS: Mapping[str, str] = {}  # of columns that are called otherwise than their property
    FIRST_VIEW = ""  # the built-in view of somebody who has not been here yet
    asked_view: int | None = None  # what to begin with in place of how the list was left

    def __init__(self, host: Host, object: str) -> None:
        self.shown = ListState()  # what the user chose to see
        self.view: View | None = None  # what it was chosen from
        self.views = ViewList()
        self._kept: ListState | None = None  # as the store has it
        self._restored = False
        self._saver: Timer | None = None
        self._written: str | None = None  # a filter that was put into the line and not typed
        self._views_are_stale = True
        self._among_views = False  # they stand in the place of the list
        super().__init__(host, object)

    def compose(self) -> ComposeResult:
        yield self.views
        yield from super().compose()

    # --- what is shown: filter, columns, order, view

    def load(self) -> None:
        """Read the rows, and the views where they are shown."""
        self._read_views()
        super().load()

    def touched(self, *, shown: bool) -> None:
        """The store has changed: views and their numbers may have, too."""
        self._views_are_stale = True
        super().touched(shown=shown)

    def listing(self, session: Session) -> Listing:
        """What was chosen, and what the filter line asks for."""
        return Listing(session, self._object, self.line.text, self.shown.sort, self.shown.columns)

    @property
    def as_listed(self) -> tuple[Sequence[str], str]:
        """The columns, shown or left out for want of room, and the order."""
        return self.shown.columns, ",".join(self.shown.sort)

    @property
    def whole(self) -> str:
        """What the view shows."""
        return self.view.query if self.view is not None else ""

    def nothing(self) -> None:
        """Say why the list is empty (LST-5): there is nothing yet, or the view or the filter leaves nothing."""
        if self._every == ("", 0):
            self.nothing_yet()
        elif self.view is not None and self.line.text == self.view.query:
            self.table.say(
                (part(f"Nothing is in the view {self.view.name}."),),
                (part("v shows the other views, / changes the filter.", "quiet"),),
            )
        elif self.view is not None:
            self.table.say(
                (part("Nothing matches the filter."),),
                (part(f"esc goes back to the view {self.view.name}, / changes the filter.", "quiet"),),
            )
        else:
            super().nothing()

    async def restore(self, session: Session, kind: ObjectType) -> None:
        """Begin as the list was left (LST-2), once."""
        if self._restored:
            return
        from cs_workspace.workspace import list_states
        from cs_workspace.workspace import views as saved

        def read() -> tuple[dict[str, Any] | None, list[View]]:
            return session.run(list_states.find, self._object), session.run(saved.listing, self._object)

        kept, found = await self.host.loader.run(read)
        asked = next((each for each in found if each.id == self.asked_view), None)
        if asked is not None:
            self.view, state = asked, _state_of(asked)
        elif kept is not None:
            state = list_state.from_json(kept)
            self.view = next((each for each in found if each.id == state.view), None)
        else:
            self.view = next((each for each in found if each.builtin and each.builtin == self.FIRST_VIEW), None)
            state = ListState() if self.view is None else _state_of(self.view)
        self._restored = True
        self._kept = None if kept is None else state
        self._show(state, kind)

    def _show(self, state: ListState, kind: ObjectType) -> None:
        """Take over what is to be seen; a filter that is being written stays."""
        sort = record_columns.texts_of(record_columns.sort_of(state.sort, kind))
        self.shown = ListState(state.query, known(kind, state.columns), state.widths, sort, state.view)
        self.table.set_columns(self._columns(kind))
        if state.query != self.line.text and not self.line.input.has_focus:
            self._written = state.query
            self.line.write(state.query)

    def _columns(self, kind: ObjectType) -> list[Column]:
        return record_columns.columns(kind, self.shown.columns, self.shown.widths, self.LABELS)

    def use(self, view: View) -> None:
        """Show what a view shows; widths stay as they are."""
        kind = self.kind
        if kind is not None:
            self.view = view
            state = _state_of(view)
            self._show(replace(state, widths=self.shown.widths), kind)
            self.load()

    # --- the views beside the list

    def _read_views(self) -> None:
        if self.views.display and self._views_are_stale:
            self._views_are_stale = False
            self.views.show(self.host, self._object)

    def _arrange(self) -> None:
        """The views have a place of their own where there is room for them, and otherwise that of the list."""
        room = WITH_PREVIEW if self.preview.display else WITH_VIEWS
        self.views.display = self._among_views or self.size.width >= room
        self.set_class(self._among_views, "-views")
        self._read_views()
        super()._arrange()

    def action_views(self) -> None:
        """Go to the views, which take the list's place where there is no room beside it."""
        self._among_views = not self.views.display
        self._arrange()
        self.views.table.focus()

    def action_save_view(self) -> None:
        """Save the list as it is as a view."""
        from cs_workspace.domain.views import Shape
        from cs_workspace.tui.panels import save_view

        now = self.shown
        if self._restored:
            save_view.start(self, self._object, Shape(now.query, now.columns, now.sort), self.view, self._saved_as)

    def _saved_as(self, view: View) -> None:
        self.view = view
        self.changed()
        self.views.touched()

    def _leave_views(self) -> None:
        self._among_views = False
        self._arrange()
        self.table.focus()

    def on_view_list_used(self, event: ViewList.Used) -> None:
        """Show what the view shows."""
        event.stop()
        self._leave_views()
        self.use(event.view)

    def on_view_list_changed(self, event: ViewList.Changed) -> None:
        """The view in use may be called otherwise now, or be gone."""
        event.stop()
        if self.view is not None:
            self.view = next((each for each in event.views if each.id == self.shown.view), None)
            self.changed()

    def choose_columns(self, names: Sequence[str], widths: Mapping[str, int]) -> None:
        """Show other columns, at once where the rows have them."""
        kind, now = self.kind, self.shown
        if kind is None:
            return
        self.shown = replace(now, columns=known(kind, names), widths=dict(widths))
        self.table.set_columns(self._columns(kind))
        self.table.arrived()
        self.changed()
        if self._listing is not None and not set(self.shown.columns) <= set(self._listing.columns):
            self.load()

    def changed(self) -> None:
        """Something else is shown: say what, and keep it for the next start a moment later."""
        self.shown = replace(self.shown, query=self.filter, view=self.view.id if self.view else None)
        differs = (part(" •", "accent"),) if self._differs() else ()
        self.line.entitle(self.view.name if self.view is not None else self.TITLE, *differs)
        self.views.use(self.shown.view)
        self.refresh_bindings()
        if self._saver is not None:
            self._saver.stop()
        if self.last_words() is not None:
            self._saver = self.set_timer(SAVING, self._save)

    def _differs(self) -> bool:
        """Whether the list is not as its view has it."""
        kind = self.kind
        if self.view is None or kind is None:
            return False
        view, now = _state_of(self.view), self.shown
        order = record_columns.texts_of(record_columns.sort_of(view.sort, kind))
        return (canonical(now.query), now.columns, now.sort) != (view.query, known(kind, view.columns), order)

    def _save(self) -> None:
        keep, session = self.last_words(), self.host.session
        if keep is not None and session is not None:
            self._kept = self.shown
            self.work("keep", self._keep(partial(keep, session)))

    async def _keep(self, keep: Callable[[], None]) -> None:
        try:
            await self.host.loader.run(keep)
        except WorkspaceError:
            self._kept = None  # it is tried again with the next change, or when the page closes

    def draft(self) -> Draft | None:
        """What is typed into a property in the panel and not saved."""
        return None if self.preview.card is None else self.preview.card.draft()

    @property
    def is_changing(self) -> bool:
        """Whether an editor is about to open in the panel."""
        return self.preview.card is not None and self.preview.card.is_opening

    def last_words(self) -> LastWords | None:
        """How the list is left, and what was typed in the panel."""
        state, typed = self.shown, super().last_words()
        if not self._restored or state == self._kept:
            return typed

        def keep(session: Session) -> None:
            from cs_workspace.workspace import list_states

            if typed is not None:
                typed(session)
            session.run(list_states.keep, self._object, state.to_json())

        return keep

    def on_record_table_sorted(self, event: RecordTable.Sorted) -> None:
        """Read the list in another order."""
        event.stop()
        kind = self.kind
        if event.table is self.table and kind is not None:
            sort = event.sort if event.sort.keys else Sort(kind.title)
            self.shown = replace(self.shown, sort=record_columns.texts_of(sort))
            if sort.column:
                self.load()
            else:
                self.table.set_sort(sort)  # the next column is still to be chosen

    def on_query_line_changed(self, event: QueryLine.Changed) -> None:
        """What was not typed is read by whoever wrote it."""
        written, self._written = self._written, None
        if event.text == written:
            event.stop().prevent_default()  # else Textual goes on to the handler of the base
            self.refresh_bindings()

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What means nothing for this object, or among the views, is not offered."""
        if self.views.table.has_focus and action not in AMONG_VIEWS:
            return False
        if action == "open":
            return self.subject is not None  # in the panel too, which may stand in the place of the list
        kind = self.kind
        if kind is not None and action in NEEDS and not NEEDS[action](kind):
            return False
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Show the record's page."""
        if self.subject is not None:
            self.post_message(OpenRecord(*self.subject, self))

    def action_step(self, step: int) -> None:
        """Go to the record before or after."""
        self.table.action_move(step)

    def action_history(self) -> None:
        """Show what was changed of the record."""
        from cs_workspace.tui.panels import record_history

        self._with_subject(record_history.start)

    def action_copy(self) -> None:
        """Copy how the record is called."""
        row, kind = self.table.current, self.kind
        if row is not None and kind is not None:
            text = f"{plain(row.text[kind.title] or kind.label)} ({kind.label.lower()} #{row.id})"
            self.app.copy_to_clipboard(text)
            self.post_message(Say(f"Copied: {text}", "good"))

    def action_copy_what(self) -> None:
        """Choose what to copy of the record."""
        from cs_workspace.tui.panels import copy_record

        self._with_subject(copy_record.start)

    def action_columns(self) -> None:
        """Choose, order and size the columns."""
        from cs_workspace.tui.panels.columns import ColumnChooser

        kind = self.kind
        if kind is not None and self._restored:
            columns, widths = self.shown.columns, self.shown.widths
            self.app.push_screen(ColumnChooser(kind, columns, widths, lambda: self.table.widths, self.choose_columns))

    # --- steps back

    @property
    def can_go_back(self) -> bool:
        """Out of the views, the panel, and what was asked for besides the view."""
        if self._among_views or self.views.table.has_focus or self.preview.display:
            return True
        return self.line.text != (self.view.query if self.view else "")

    def back(self) -> None:
        """Out of the views, out of the panel, then to the view as it is."""
        if self._among_views or self.views.table.has_focus:
            self._leave_views()
        elif not self.preview.display and self.view is not None:
            self.line.write(self.view.query)
            self.table.focus()
        else:
            super().back()


def _state_of(view: View) -> ListState:
    return ListState(view.query, view.columns, {}, view.sort, view.id)


# Among the views no key acts on records that one does not look at.
AMONG_VIEWS = frozenset({"filter", "views", "save_view"})

# What a key needs of an object to mean anything.
NEEDS: Mapping[str, Callable[[ObjectType], bool]] = {
    "why": lambda kind: record_columns.HEALTH in kind.properties,
    "stage": lambda kind: kind.has_pipeline or not {"status", "lifecycle_stage"}.isdisjoint(kind.properties),
    "assign": lambda kind: bool(kind.owner),
}
