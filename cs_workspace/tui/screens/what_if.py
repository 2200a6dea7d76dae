"""The what-if of a goal: tick what may be won, move it, aim elsewhere, and see at once what would come of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.errors import Invalid, Refused, WorkspaceError
from cs_workspace.domain.goals.what_if import Supposition, WhatIf, from_json, to_json
from cs_workspace.tui import format as shown
from cs_workspace.tui import what_if_edits as edits
from cs_workspace.tui import what_if_views as views
from cs_workspace.tui.keys import Where, bindings, some
from cs_workspace.tui.messages import OpenRecord, Say
from cs_workspace.tui.page import Draft, Page
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, content, lines, part
from cs_workspace.tui.widgets.ask_line import AskLine, Question
from cs_workspace.tui.widgets.query_line import QueryLine
from cs_workspace.tui.widgets.record_table import RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.what_if import Candidates, Supposed, SupposedRow
    from cs_workspace.workspace.what_if_desk import Candidate

SIDE_BY_SIDE = 110  # cells from which the two lists stand beside each other
TYPING = 0.1  # seconds without a key before the list follows the filter line


class WhatIfScreen(Page):
    """Records that could count on one side, what the contributors' milestones would be on the other."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.WHAT_IF), *some("list.filter")]

    def __init__(self, host: Host, goal: int) -> None:
        super().__init__(host)
        self.goal = goal
        self.what_if = WhatIf()
        self.line = QueryLine("Could count", "filter: owner:me")
        self.candidates: RecordTable[Candidate] = RecordTable((), self._candidate_cells, id="candidates")
        self.contributors: RecordTable[SupposedRow] = RecordTable(
            views.contributor_columns(None), self._contributor_cells, id="supposed"
        )
        self._found: Candidates | None = None
        self._supposed: Supposed | None = None
        self._position: int | None = None  # which milestone is shown
        self._dropped = WhatIf()
        self._kept: dict[str, Any] | None = None  # the draft as the store has it
        self._is_read = False
        self.ask = AskLine()

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("", classes="banner", markup=False)
            with Container(classes="both"):
                with Vertical(classes="list"):
                    yield self.line
                    yield self.candidates
                with Vertical(classes="side"):
                    yield Static("", classes="heading", markup=False)
                    yield self.contributors
            yield self.ask

    def on_mount(self) -> None:
        """Say that something is coming."""
        self.candidates.say((part("Reading …", "quiet"),))
        self._banner()

    @property
    def first_focus(self) -> Widget:
        """What could count."""
        return self.candidates

    def on_resize(self) -> None:
        """Beside or below, as there is room."""
        self.set_class(self.size.width < SIDE_BY_SIDE, "-below")

    def draft(self) -> Draft | None:
        """What is supposed, unless the store has it so already."""
        content = None if self.what_if.is_empty else to_json(self.what_if)
        return Draft(self._place, content) if self._is_read and content != self._kept else None

    @property
    def _place(self) -> str:
        return f"what-if {self.goal}"

    # --- loading

    def load(self) -> None:
        """Read what could count and what would be."""
        assert self.host.session is not None
        self.work("list", self._load(self.host.session, self.line.text))

    async def _load(self, session: Session, text: str) -> None:
        from cs_workspace.workspace import drafts, what_if

        await self.catch_up(session)

        def read() -> tuple[dict[str, Any] | None, Candidates | Refused]:
            kept = None if self._is_read else session.run(drafts.find, self._place)
            try:
                return kept, session.run(what_if.candidates, self.goal, query=text)
            except Refused as refusal:
                return kept, refusal

        kept, found = await self.host.loader.run(read)
        self.line.wrong(None)
        if not self._is_read:
            self._is_read, self._kept = True, kept
            if kept is not None and self.what_if.is_empty:
                self.what_if = from_json(kept)
        if isinstance(found, Refused):
            self._found = None
            self.candidates.show(Rows((), lambda row: row.id))
            self.candidates.say(
                (part(found.message, "warn"),), (part("t on a contributor tries another target.", "quiet"),)
            )
            self.line.count(part(""))
            await self._suppose(session)
            return
        self._found = found
        self.line.knows(found.counting.kind, session.around.names)
        self.candidates.set_columns(views.candidate_columns(found))
        self._forget_what_counts(text)
        self._show_candidates()
        await self._suppose(session)

    def _forget_what_counts(self, text: str) -> None:
        """What has really been won meanwhile, or is gone, need not be supposed any more."""
        found = self._found
        if found is None or text.strip() or found.total > len(found.rows):
            return
        listed = {row.id for row in found.rows}
        over = [each for each in self.what_if.records if each not in listed]
        for each in over:
            self.what_if = self.what_if.suppose(Supposition(each))
        if over:
            what = views.counted(len(over), "record")
            self.post_message(Say(f"Counting by now or gone, and not supposed any more: {what}.", "warn"))

    async def _suppose(self, session: Session, record: int | None = None) -> None:
        from cs_workspace.workspace import what_if

        asked = self.what_if if self._found is not None else replace(self.what_if, records={})
        self._supposed = await self.host.loader.run(partial(session.run, what_if.suppose, self.goal, asked))
        self.contributors.set_columns(views.contributor_columns(self._supposed.goal.kpi))
        self._show_supposed()
        if record is not None:
            self._say_where(record)

    def _say_where(self, record: int) -> None:
        """Say where a record counts if not in the milestone one looks at."""
        sight = self._sight
        said = sight.where(record) if sight is not None else None
        if said is not None:
            self.post_message(Say(said.text, said.tone))

    @property
    def _sight(self) -> views.Sight | None:
        session = self.host.session
        if self._found is None or session is None:
            return None
        return views.Sight(self._found, self._supposed, self.what_if, self._position, session)

    def failed(self, error: WorkspaceError) -> None:
        """A mistake in the filter is shown under it; the rest takes the list's place, or is said below."""
        if isinstance(error, Invalid) and self.line.text.strip():
            self.line.wrong(error)
        elif self._found is not None:
            self.post_message(Say(str(error), "bad"))
        else:
            self.candidates.say(
                (part("This could not be read.", "bad"),), (part(error.message),), (part(error.hint, "quiet"),)
            )

    def _changed(self, what_if: WhatIf, record: int | None = None) -> None:
        """Suppose something else, perhaps of one record; what would come of it follows."""
        self.what_if = what_if
        self._banner()
        self.candidates.refresh()
        self.refresh_bindings()
        if self.host.session is not None:
            self.work("suppose", self._suppose(self.host.session, record))

    # --- what is shown

    @property
    def _currency(self) -> str:
        session = self.host.session
        return session.around.currency if session else "EUR"

    def _show_candidates(self) -> None:
        found, current = self._found, self.candidates.current
        if found is None:
            return
        keep = current.id if current is not None else None
        self.candidates.show(Rows(found.rows, lambda row: row.id), keep=keep, index=self.candidates.cursor)
        kind = found.counting.kind
        some = f"the first {len(found.rows)} of " if found.total > len(found.rows) else ""
        self.line.count(part(f"{some}{views.counted(found.total, kind.label.lower())}", "quiet"))
        if not found.rows:
            why = "Nothing matches the filter." if self.line.text.strip() else views.nothing(found)
            hint = "esc takes it away." if self.line.text.strip() else "t on a contributor tries another target."
            self.candidates.say((part(why),), (part(hint, "quiet"),))
        self._banner()

    def _show_supposed(self) -> None:
        found = self._supposed
        if found is None:
            return
        positions = [row.before.slice.position for row in found.rows]
        if self._position not in positions:
            now = self.host.session.clock.now() if self.host.session else 0
            running = (row.before.slice.position for row in found.rows if row.before.slice.end > now)
            self._position = min(running, default=max(positions))
        current = self.contributors.current
        keep = current.before.contributor.id if current is not None else None
        rows = Rows(found.at(self._position), lambda row: row.before.contributor.id)
        self.contributors.show(rows, keep=keep, index=self.contributors.cursor)
        self.candidates.refresh()
        self._heading()
        self._banner()

    def _banner(self) -> None:
        pieces = [part("What if", "accent"), part(" – nothing is saved", "strong")]
        row = self._row
        if row is not None:
            pieces.append(part(f"   {shown.milestone(row.before.slice.label)}"))
        pieces.append(part(f"   {views.in_words(self.what_if)}" if not self.what_if.is_empty else "", "accent"))
        if self._supposed is not None:
            pieces.append(part(f"   {self._supposed.goal.name}", "quiet"))
        self.query_one(".banner", Static).update(content(*pieces))

    @property
    def _row(self) -> SupposedRow | None:
        return self.contributors.current

    def _heading(self) -> None:
        row = self._row
        if row is not None:
            self.query_one(".side .heading", Static).update(lines(views.heading(row, self._currency)))

    def _candidate_cells(self, row: Candidate, names: Sequence[str]) -> list[Cell]:
        sight = self._sight
        assert sight is not None
        return sight.candidate(row, names)

    def _contributor_cells(self, row: SupposedRow, names: Sequence[str]) -> list[Cell]:
        return views.contributor_cells(row, names, self._currency)

    # --- keys

    def action_filter(self) -> None:
        """Go to the filter line."""
        self.line.input.focus()

    def action_win(self) -> None:
        """Tick the record as won, or take the tick away."""
        row = self.candidates.current
        if row is not None:
            supposed = self.what_if.of(row.id)
            self._changed(self.what_if.suppose(replace(supposed, won=not supposed.won)), row.id)
            self.candidates.action_move(1)

    def action_open(self) -> None:
        """Show the page of the record; what is supposed stays supposed."""
        row, found = self.candidates.current, self._found
        if row is not None and found is not None:
            self.post_message(OpenRecord(found.counting.kind.name, row.id))

    def action_edit(self) -> None:
        """Ask for another date or amount of the record."""
        row, found, session = self.candidates.current, self._found, self.host.session
        if row is None or found is None or session is None:
            return
        means = edits.means(found)
        if not means:
            self.post_message(Say("These records can be ticked with space; nothing else of them counts here."))
            return

        def understood(text: str) -> edits.Understood:
            return edits.edited(self.what_if, found, session, row, text)

        self.ask.ask(Question(row.title, f"{means}; nothing: as it is", understood, row.id))

    def action_aim(self) -> None:
        """Ask for another target of the contributor's milestone."""
        row, session = self._row, self.host.session
        if row is None or session is None:
            self.post_message(Say("There is no contributor to try another target for."))
            return

        def understood(text: str) -> edits.Understood:
            return edits.aimed(self.what_if, session, row, text)

        title = f"Target of {row.before.contributor_name}"
        self.ask.ask(Question(title, "such as 60 or 48k; nothing: as it is", understood))

    def action_drop_all(self) -> None:
        """Suppose nothing any more; asked again, what was dropped comes back."""
        if self.what_if.is_empty and self._dropped.is_empty:
            self.post_message(Say("Nothing is supposed: space ticks a record, t tries another target."))
        elif self.what_if.is_empty:
            self._changed(self._dropped)
            self.post_message(Say("It is back."))
        else:
            self._dropped = self.what_if
            self._changed(WhatIf())
            self.post_message(Say("Dropped; X brings it back."))

    def action_tasks(self) -> None:
        """Make tasks of what is supposed."""
        session = self.host.session
        if session is None:
            return
        if not self.what_if.records:
            self.post_message(Say("Tick or move records first: each becomes a task of its owner."))
            return
        self.doing(self._make_tasks(session, self.what_if))

    async def _make_tasks(self, session: Session, what_if: WhatIf) -> None:
        from cs_workspace.workspace.what_if_tasks import as_tasks

        made = await self.host.loader.run(partial(session.run, as_tasks, self.goal, what_if))
        already = f"; {made.already} there already" if made.already else ""
        back = " u takes that back." if made.ids else ""
        self.post_message(Say(f"{views.counted(len(made.ids), 'task')} added for the owners{already}.{back}", "good"))
        self.host.look()

    def action_milestone(self, step: int) -> None:
        """Look at the milestone before or after."""
        found = self._supposed
        if found is None or self._position is None:
            return
        positions = sorted({row.before.slice.position for row in found.rows})
        place = positions.index(self._position) + step
        if 0 <= place < len(positions):
            self._position = positions[place]
            self._show_supposed()

    @property
    def can_go_back(self) -> bool:
        """Out of the line, out of the filter."""
        return self.ask.is_open or bool(self.line.text)

    def back(self) -> None:
        """Out of the line, then out of the filter."""
        if self.ask.is_open:
            self.ask.close()
            self.refresh_bindings()
        elif self.line.text:
            self.line.clear()
            self.candidates.focus()

    # --- what the parts tell

    def on_ask_line_answered(self, event: AskLine.Answered) -> None:
        """Suppose what was typed."""
        event.stop()
        self._changed(event.answer, event.question.about)

    def on_query_line_changed(self, event: QueryLine.Changed) -> None:
        """Results follow the typing."""
        event.stop()
        if self.host.session is not None:
            self.work("typing", self._typed())

    async def _typed(self) -> None:
        await asyncio.sleep(TYPING if self.line.text else 0)
        self.load()

    def on_query_line_left(self, event: QueryLine.Left) -> None:
        event.stop()
        self.candidates.focus()

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """The heading is about the contributor under the cursor."""
        event.stop()
        if event.table is self.contributors:
            self._heading()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        event.stop()
        if event.table is self.candidates:
            self.action_win()
        else:
            self.action_aim()
