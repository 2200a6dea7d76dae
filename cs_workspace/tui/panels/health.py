"""Why a record is as healthy as it is: its score, how it went, why it changed, and what every rule gave (HEA-9)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui.health_views import COLUMNS, Line, headline, line_cells, lines_of, reasons, sentence, trend
from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.record_keys import RecordKeys, Subject
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import lines, part
from cs_workspace.tui.widgets.charts import Chart
from cs_workspace.tui.widgets.record_table import RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.health import Explanation


def start(page: RecordKeys, subject: Subject) -> None:
    """Read how the record's score came about and show it."""
    page.doing(_start(page, subject))


async def _start(page: RecordKeys, subject: Subject) -> None:
    from cs_workspace.workspace import health

    session = page.host.session
    assert session is not None, "there is a record on the page"
    found = await page.host.loader.run(partial(session.run, health.explain, *subject))
    went = await page.host.loader.run(partial(session.run, health.trend, *subject))
    page.app.push_screen(Health(found, went, session, health.SHOWN))


class Health(Drawer[None]):
    """Opened by `w` on a record."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.apply")
    HINTS = ("↑↓ rules", "enter in words", "esc close")

    def __init__(self, found: Explanation, went: list[tuple[int, int]], session: Session, days: int) -> None:
        super().__init__()
        self._found = found
        self._went = went
        self._session = session
        self._days = days
        self._chart = Chart(id="trend")
        self.table: RecordTable[Line] = RecordTable(COLUMNS, line_cells, id="rules")

    def inside(self) -> Iterable[Widget]:
        """The score, its trend, why it changed, and the rules."""
        found, tz = self._found, self._session.tz
        title = (part(found.title or f"#{found.id}", "strong"),)
        yield Static(lines([title, headline(found, tz)]), classes="heading", markup=False)
        yield self._chart
        yield Static(lines(reasons(found, tz)), classes="heading", markup=False, id="why")
        yield self.table

    def on_mount(self) -> None:
        """Show what is known; without a score there is nothing to draw."""
        found = lines_of(self._found)
        self._chart.display = len(self._went) > 1
        self.table.display = bool(found)
        self._chart.show(trend(self._went, self._session.clock.now(), self._days, self._session.tz))
        self.table.show(Rows(found, lambda line: line.number))
        self.table.focus()

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Nobody else has to know."""
        event.stop()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A click says it in words too."""
        event.stop()
        self.action_apply()

    def action_apply(self) -> None:
        """Say in full what is under the cursor."""
        if self.table.current is not None:
            self.post_message(Say(sentence(self.table.current)))
