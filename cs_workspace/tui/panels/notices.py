"""What the user was told of milestones and of records that are followed, newest first (GOL-31, REC-5)."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.goals.notices import Event
from cs_workspace.domain.goals.progress import progress_percent
from cs_workspace.domain.record_news import News
from cs_workspace.tui import faults
from cs_workspace.tui import format as shown
from cs_workspace.tui.keys import Where, bindings
from cs_workspace.tui.mail import in_words, is_of_record
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, content, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.notices import Notice
    from cs_workspace.workspace.record_notices import RecordNotice

COLUMNS = (
    Column("event", "  What", 16, 16, sortable=False),
    Column("goal", "About", 14, 40, sortable=False),
    Column("milestone", "Milestone or by", 9, 20, rank=1, sortable=False),
    Column("now", "Now", 5, 6, right=True, rank=2, sortable=False),
    Column("at", "Told", 5, 11, right=True, sortable=False),
)
_TONES: Mapping[str, str] = {
    Event.EXCEEDED: "good",
    Event.REACHED: "good",
    Event.MISSED: "bad",
    Event.WEEK_LEFT: "warn",
    News.DELETED: "warn",
    News.MERGED: "warn",
}
Place = int | tuple[str, int]  # a goal, or a record
SHOWN = 200  # the latest of them


class Notices(Drawer[Place]):
    """Opened by `N`; its answer is the goal or the record to show."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.NOTICES)]
    HINTS = ("enter open", "x read", "* all read", "v unread", "esc close")

    def __init__(self, host: Host, session: Session) -> None:
        super().__init__()
        self._host = host
        self._session = session
        self._only_unread = False
        self._title = Static(classes="heading", markup=False)
        self.table: RecordTable[Notice | RecordNotice] = RecordTable(COLUMNS, self._cells, id="notices")
        self._words = Static(classes="words", markup=False)

    def inside(self) -> Iterable[Widget]:
        """How many there are, the list, and the one under the cursor in full."""
        yield self._title
        yield self.table
        yield self._words

    def on_mount(self) -> None:
        """Read them."""
        self._head()
        self.table.say((part("Reading …", "quiet"),))
        self.table.focus()
        self.load()

    # --- loading

    def load(self) -> None:
        """Read what there is now."""
        self._work("load", self._load())

    async def _load(self) -> None:
        from cs_workspace.workspace import notices

        try:
            box = await self._host.loader.run(partial(self._session.run, notices.mailbox))
            found = await self._host.loader.run(
                partial(self._session.run, notices.listing, unread=self._only_unread, limit=SHOWN)
            )
        except WorkspaceError as error:
            self._failed(error)
            return
        keep = self.table.current.id if self.table.current is not None else None
        self.table.show(Rows(found, lambda notice: notice.id), keep=keep, index=self.table.cursor)
        self._head(f"{box.unread:,} unread" if box.unread else "all read" if found else "")
        self._tell(self.table.current)
        if found:
            return
        if self._only_unread and box.newest:
            self.table.say((part("You have read them all."),), (part("v shows them again.", "quiet"),))
            return
        self.table.say(
            (part("You have no notifications."),),
            (part("A goal says which it sends: to its contributors, when a target", "quiet"),),
            (part("is set, reached or missed. Of a record you follow (F) you are", "quiet"),),
            (part("told what others do with it. They arrive here by themselves.", "quiet"),),
        )

    def _failed(self, error: WorkspaceError) -> None:
        self.table.show(Rows[Any]((), id))
        self.table.say(
            (part("This could not be read.", "bad"),),
            (part(error.message),),
            (part(error.hint or "Close and press N to try again.", "quiet"),),
        )
        self._head()
        self._tell(None)

    def _head(self, count: str = "") -> None:
        words = [count, "unread only"] if self._only_unread else [count]
        said = " · ".join(word for word in words if word)
        self._title.update(content(part("Notifications", "strong"), part(f"   {said}", "quiet")))

    def _tell(self, notice: Notice | RecordNotice | None) -> None:
        if notice is None:
            self._words.update("")
            return
        told = shown.day_and_time(notice.at, self._session.tz)
        now = self._now(notice)
        rows: list[Sequence[Part | str]] = [
            (part(f"{in_words(notice)}."),),
            (part(f"{f'Now {now}. ' if now else ''}Told {told}.", "quiet"),),
        ]
        self._words.update(lines(rows))

    # --- what a row shows

    def _cells(self, notice: Notice | RecordNotice, names: Sequence[str]) -> list[Cell]:
        tone = "quiet" if notice.read else "strong"
        assigned = notice.event is Event.ASSIGNED

        def one(name: str) -> Cell:
            match name:
                case "event":
                    mark = Part("  ") if notice.read else Part("● ", "mark")
                    return (mark, part(notice.event.words, tone if notice.read else _TONES.get(notice.event, tone)))
                case "at":
                    return cell(shown.ago(notice.at, self._session.clock.now(), self._session.tz), "quiet")
                case _ if is_of_record(notice):
                    return cell({"goal": notice.title, "milestone": notice.who}.get(name, ""), tone)
                case "goal":
                    team = (part(f" · {notice.team}", "quiet"),) if notice.team else ()
                    return (part(notice.goal, tone), *team)
                case "milestone":
                    return cell("" if assigned else shown.milestone(notice.label), tone)
                case _:
                    reached = progress_percent(notice.actual, notice.target, notice.kpi.direction)
                    return cell("" if assigned else shown.percent(reached), tone)

        return [one(name) for name in names]

    def _now(self, notice: Notice | RecordNotice) -> str:
        if is_of_record(notice) or notice.event is Event.ASSIGNED or notice.target is None:
            return ""
        currency = self._session.around.currency
        actual, target = (shown.amount(value, notice.kpi, currency) for value in (notice.actual, notice.target))
        return f"{actual} of {target}"

    # --- keys

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Say in full what is under the cursor."""
        event.stop()
        self._tell(self.table.current)

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A click on the row that has the cursor opens it."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Mark it as read and show its goal or record."""
        notice = self.table.current
        if notice is None:
            return
        place: Place = (notice.object, notice.record) if is_of_record(notice) else notice.goal_id
        if notice.read or self._session.read_only:
            self.dismiss(place)
        else:
            self._work("mark", self._mark([notice.id], read=True, then=place))

    def action_read(self) -> None:
        """Mark it as read, or as not read."""
        notice = self.table.current
        if notice is not None:
            self._work("mark", self._mark([notice.id], read=not notice.read))

    def action_read_all(self) -> None:
        """Mark all as read."""
        self._work("mark", self._mark(None, read=True))

    def action_unread(self) -> None:
        """Show the unread only, or all again."""
        self._only_unread = not self._only_unread
        self.load()

    async def _mark(self, ids: list[int] | None, *, read: bool, then: Place | None = None) -> None:
        from cs_workspace.workspace import notices

        await self._host.loader.run(partial(self._session.run, notices.mark, ids, read=read))
        self._host.look()
        if then is None:
            self.load()
        elif self.is_current:
            self.dismiss(then)

    def _work(self, lane: str, coroutine: Coroutine[Any, Any, None]) -> None:
        self.run_worker(self._guarded(coroutine), group=lane, exclusive=lane == "load", exit_on_error=False)

    async def _guarded(self, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            await coroutine
        except WorkspaceError as error:
            self.post_message(Say(str(error), "warn"))
        except Exception as error:  # noqa: BLE001 - a bug is logged and said; the session goes on
            self.post_message(Say(faults.record(error), "bad"))
