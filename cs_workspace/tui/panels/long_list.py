"""A drawer over a list that may be long: read a piece at a time, the next one before it is needed."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, Generic, TypeVar

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.tui import faults
from cs_workspace.tui import format as shown
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Part, part
from cs_workspace.tui.widgets.record_table import RecordTable
from cs_workspace.tui.widgets.window import Rows

R = TypeVar("R")
PIECE = 100  # rows read at once
NEAR = 20  # rows before the last one from which on more are read


class LongList(Drawer[None], Generic[R]):
    """Base of the undo list and the bin."""

    table: RecordTable[R]

    def __init__(self, host: Host, session: Session) -> None:
        super().__init__()
        self._host = host
        self._session = session
        self._rows: list[R] = []
        self._is_all = False

    # --- what each list says

    async def read(self, after: R | None, limit: int) -> Sequence[R]:
        """Rows from the top, or those behind a row."""
        raise NotImplementedError

    def number(self, row: R) -> int:
        """What keeps rows apart."""
        raise NotImplementedError

    def nothing(self) -> Sequence[Sequence[Part]]:
        """What is said where there are no rows."""
        raise NotImplementedError

    def is_read(self, count: int, *, more: bool) -> None:
        """So many rows are here, and there may be `more`."""

    # --- reading

    def load(self) -> None:
        """Read the list from its top; the cursor stays in its place."""
        self._work("load", self._load())

    async def _load(self) -> None:
        limit = max(PIECE, len(self._rows))
        try:
            found = await self.read(None, limit)
        except WorkspaceError as error:
            self._failed(error)
            return
        self._is_all = len(found) < limit
        self._show(found)

    async def _more(self) -> None:
        found = await self.read(self._rows[-1], PIECE)
        self._is_all = len(found) < PIECE
        self._show([*self._rows, *found])

    def _show(self, rows: Sequence[R]) -> None:
        self._rows = list(rows)
        keep = self.number(self.table.current) if self.table.current is not None else None
        self.table.show(Rows(self._rows, self.number), keep=keep, index=self.table.cursor)
        if not self._rows:
            self.table.say(*self.nothing())
        self.is_read(len(self._rows), more=not self._is_all)

    def _failed(self, error: WorkspaceError) -> None:
        self._rows, self._is_all = [], True
        self.table.show(Rows[Any]((), id))
        self.table.say(
            (part("This could not be read.", "bad"),),
            (part(error.message),),
            (part(error.hint or "Close it and try again.", "quiet"),),
        )

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Near the end the next piece is read."""
        event.stop()
        if not self._is_all and self._rows and self.table.cursor >= len(self._rows) - NEAR:
            self._work("load", self._more())

    # --- doing

    def when(self, instant: int) -> str:
        """The time of day today, the day before that."""
        tz, now = self._session.tz, self._session.clock.now()
        said = shown.ago(instant, now, tz)
        return shown.clock_time(instant, tz) if said == "today" else said

    def _work(self, lane: str, coroutine: Coroutine[Any, Any, None]) -> None:
        self.run_worker(self._guarded(coroutine), group=lane, exclusive=True, exit_on_error=False)

    async def _guarded(self, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            await coroutine
        except WorkspaceError as error:
            self.post_message(Say(str(error), "warn"))
        except Exception as error:  # noqa: BLE001 - a bug is logged and said; the session goes on
            self.post_message(Say(faults.record(error), "bad"))
