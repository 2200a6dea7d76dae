"""The saved views beside a list, each with how many records it shows (CUS-1 to CUS-8, LST-2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.views import BUILT_IN, View, change_refusal
from cs_workspace.tui import faults
from cs_workspace.tui.keys import Where, bindings
from cs_workspace.tui.messages import Say
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, cell, content, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.door import Operation

_SHORTEST = 3  # digits there is room for before anything is counted
_REST = 4  # times as long as counting took, before what changes all the time is counted again
_SURE = "I'm sure, delete it for everyone"


def _columns(digits: int) -> Sequence[Column]:
    """Names, and behind each its sign and so many digits, which are never cut."""
    return Column("name", "", 12, 60), Column("count", "", digits + 2, digits + 2, right=True)


class _Names(RecordTable[View]):
    """The list itself: the view in use is marked, wherever the cursor is."""

    used: int | None = None

    def _front(self, row: View, *, here: bool) -> str:
        if here or row.id != self.used:
            return super()._front(row, here=here)
        return ("▹" if self.has_focus else "▸").ljust(self._marker)


class ViewList(Vertical):
    """The sidebar. Counts come one after another and are read again when the store has changed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Where.VIEWS)

    class Used(Message):
        """Somebody wants to see what a view shows."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    class Changed(Message):
        """The views are other ones now; `views` is all of them."""

        def __init__(self, views: Sequence[View]) -> None:
            super().__init__()
            self.views = views

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.table = _Names(_columns(_SHORTEST), self._cells, header=False, lasting=False)
        self.views: Sequence[View] = ()
        self._host: Host | None = None
        self._object = ""
        self._counts: dict[int, int | None] = {}  # none: what it asks for means nothing any more
        self._fresh: set[int] = set()  # counted since the store has changed last
        self._counting = False
        self._width = _SHORTEST  # of the widest count

    def compose(self) -> ComposeResult:
        yield Static(content("Views"), classes="title")
        yield self.table
        yield Static("", classes="about", markup=False)

    # --- what it shows

    def show(self, host: Host, object: str) -> None:
        """Show the views of an object."""
        self._host, self._object = host, object
        self.touched()

    def touched(self) -> None:
        """The store has changed: read the views and count again."""
        self._fresh.clear()
        if self._host is not None and self._host.session is not None and self._object:
            reading = self._guarded(self._read(self._host, self._host.session), self._failed)
            self.run_worker(reading, group="views", exclusive=True, exit_on_error=False)

    @property
    def used(self) -> View | None:
        """The view that the list shows, as it is kept."""
        return next((view for view in self.views if view.id == self.table.used), None)

    def use(self, view: int | None) -> None:
        """Mark the view that the list shows; none where it shows something of its own."""
        self.table.used = view
        self.table.refresh()
        if not self.table.has_focus:
            self._rest()

    @property
    def current(self) -> View | None:
        """The view under the cursor."""
        return self.table.current

    async def _read(self, host: Host, session: Session) -> None:
        from cs_workspace.workspace import views

        found = await host.loader.run(partial(session.run, views.listing, self._object))
        if found != self.views:
            self.views = found
            self.post_message(self.Changed(found))
        here = self.current
        self.table.show(
            Rows(found, lambda view: view.id), keep=here.id if here else self.table.used, index=self.table.cursor
        )
        if not found:
            self.table.say((part("No views yet."),), (part("V saves this list as one.", "quiet"),))
        self._tell()
        if not self._counting:
            self._counting = True
            self.run_worker(self._count_all(host, session), group="counts", exit_on_error=False)

    async def _count_all(self, host: Host, session: Session) -> None:
        """Count what is not fresh. A round is finished before the next one, so that every view has its turn."""
        try:
            while stale := [view for view in self.views if view.id not in self._fresh]:
                began = monotonic()
                for view in stale:
                    self._fresh.add(view.id)
                    self._counted(view, await self._count(host, session, view))
                if not self._fresh.issuperset(view.id for view in self.views):
                    await asyncio.sleep(_REST * (monotonic() - began))
        finally:
            self._counting = False

    def _counted(self, view: View, count: int | None) -> None:
        self._counts[view.id] = count
        width = max(_SHORTEST, *(len(f"{each:,}") for each in self._counts.values() if each is not None), 0)
        if width != self._width:
            self._width = width
            self.table.set_columns(_columns(width))
        self.table.refresh()

    async def _count(self, host: Host, session: Session, view: View) -> int | None:
        from cs_workspace.workspace import views

        try:
            return await host.loader.run(partial(session.run, views.count, view.id))
        except WorkspaceError:
            return None

    def _cells(self, view: View, names: Sequence[str]) -> list[Cell]:
        count, known = self._counts.get(view.id), view.id in self._counts
        text = "…" if not known else "▲" if count is None else f"{count:,}"
        tone = "warn" if known and count is None else "" if view.id in self._fresh else "quiet"
        sign = part("★", "accent") if view.is_default else part(" " if view.shared else "○", "quiet")
        cells: dict[str, Cell] = {
            "name": cell(view.name, "strong" if view.id == self.table.used else ""),
            "count": (sign, part(f" {text:>{self._width}}", tone)),
        }
        return [cells[name] for name in names]

    def _tell(self) -> None:
        """What the view under the cursor is, while one is among the views."""
        line, view = self.query_one(".about", Static), self.current
        line.display = view is not None and self.table.has_focus
        if view is None:
            return
        signs = [
            *(["★ on the Summary"] if view.is_default else []),
            "built in" if view.builtin in BUILT_IN else "for everyone" if view.shared else "○ private",
        ]
        rows = [[part(view.query or "everything", "quiet")], [part(" · ".join(signs), "quiet")]]
        if view.description:
            rows.insert(0, [part(view.description)])
        line.update(lines(rows))

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Say what is under the cursor."""
        self._tell()
        self.refresh_bindings()

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """The cursor goes back to the view in use."""
        self._rest()
        self._tell()
        self.refresh_bindings()

    def _rest(self) -> None:
        place = self.table.window.index_of(self.table.used) if self.table.used is not None else None
        if place is not None:
            self.table.cursor = place

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Another view is under the cursor."""
        event.stop()
        if self.is_mounted:
            self._tell()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A second click uses it."""
        event.stop()
        self.action_use()

    def on_record_table_wanted(self, event: RecordTable.Wanted) -> None:
        """All rows are here."""
        event.stop()

    # --- keys

    def action_use(self) -> None:
        """Show what the view shows."""
        if self.current is not None:
            self.post_message(self.Used(self.current))

    def action_edit_view(self) -> None:
        """Change the view's name and sharing."""
        from cs_workspace.tui.panels.save_view import SaveView

        host, session, view = self._host, self._host.session if self._host else None, self.current
        if host is None or session is None or view is None:
            return
        if view.builtin is not None:
            self._say(f"{view.name} is built in and cannot be edited. V saves the list as a view of your own.")
        elif self._may(session, view, "edit"):
            self.app.push_screen(SaveView.to_edit(host, session, view))

    def action_delete_view(self) -> None:
        """A private view is deleted at once, one for everyone after a question (CUS-7)."""
        from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer

        session, view = self._host.session if self._host else None, self.current
        if session is None or view is None or not self._may(session, view, "delete"):
            return
        if not view.shared:
            self._delete(view)
            return
        choices = (
            Choice("", "Keep it", "Nothing happens.", lambda: None),
            Choice("", _SURE, "u brings it back.", partial(self._delete, view)),
        )
        columns = (Column("label", "", 34, 40), Column("help", "", 17, 30))
        self.app.push_screen(
            ChoiceDrawer(f"Delete the view {view.name}?", choices, columns),
            lambda choice: choice.run() if choice is not None and choice.run is not None else None,
        )

    def _may(self, session: Session, view: View, deed: str) -> bool:
        """Whether the acting user may do this; if not, say what is missing (PER-14) before anything is asked."""
        actor = session.around.actor
        reason = change_refusal(actor, view)
        if reason is not None:
            self.post_message(Say(f"{actor.name} may not {deed} the view {view.name}: it {reason}.", "bad"))
        return reason is None

    def _delete(self, view: View) -> None:
        from cs_workspace.workspace import views

        self._do(self._run(views.delete, view.id, said=f"View {view.name} deleted · u undoes"))

    def action_default_view(self) -> None:
        """Make the view a default, which asks for a description (CUS-5), or take that back."""
        from cs_workspace.tui.panels.save_view import Describe
        from cs_workspace.workspace import views

        host, session = self._host, self._host.session if self._host else None
        view = self.current
        if host is None or session is None or view is None:
            return
        if view.is_default:
            said = f"View {view.name} is no default any more · u undoes"
            self._do(self._run(views.remove_default, view.id, said=said))
        elif not self._may(session, view, "make a default of"):
            return
        elif not view.shared:
            self._say(f"{view.name} is private, and only a view for everyone can be a default: e shares it.")
        else:
            self.app.push_screen(Describe(host, session, view))

    def action_move_view(self, step: int) -> None:
        """Move the view up or down among its like."""
        from cs_workspace.workspace import views

        if self.current is not None:
            self._do(self._run(views.move, self.current.id, step))

    def action_restore_views(self) -> None:
        """Bring the deleted built-in views back (CUS-8)."""
        self._do(self._restore())

    async def _restore(self) -> None:
        from cs_workspace.workspace import views

        found = await self._run(views.restore_builtin, self._object)
        if found is not None:
            names = ", ".join(view.name for view in found)
            self._say(f"Back again: {names} · u undoes" if found else "All built-in views are here.")

    # --- doing

    async def _run(self, operation: Operation[Any, Any], *arguments: Any, said: str = "") -> Any:
        host, session = self._host, self._host.session if self._host else None
        if host is None or session is None:
            return None
        answer = await host.loader.run(partial(session.run, operation, *arguments))
        host.look()
        if said:
            self._say(said)
        return answer

    def _do(self, deed: Coroutine[Any, Any, Any]) -> None:
        """Do what a key asked for; a refusal is said and changes nothing."""
        doing = self._guarded(deed, lambda error: self.post_message(Say(str(error), "bad")))
        self.run_worker(doing, group="view keys", exit_on_error=False)

    async def _guarded(self, deed: Coroutine[Any, Any, Any], failed: Callable[[WorkspaceError], object]) -> None:
        try:
            await deed
        except WorkspaceError as error:
            failed(error)
        except Exception as error:  # noqa: BLE001 - a bug is logged and said; the session goes on
            failed(WorkspaceError(faults.record(error)))

    def _failed(self, error: WorkspaceError) -> None:
        """The views could not be read: say why where they would be, or below where they are."""
        if self.views:
            self.post_message(Say(str(error), "bad"))
        else:
            self.table.say((part(error.message, "quiet"),))

    def _say(self, text: str) -> None:
        self.post_message(Say(text))
