"""The what-if of a goal: tick what may be won, move it, aim elsewhere, and see at once what would come of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workspace.domain.clock import day_of, local_day
from cs_workspace.domain.errors import Invalid, Refused, WorkspaceError
from cs_workspace.domain.goals.model import Kpi, Unit
from cs_workspace.domain.goals.targets import parse_target, print_target
from cs_workspace.domain.goals.what_if import Supposition, WhatIf, from_json, read_amount, read_date, to_json
from cs_workspace.domain.money import print_money
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.tui import format as shown
from cs_workspace.tui.keys import Where, bindings, some
from cs_workspace.tui.messages import OpenRecord, Say
from cs_workspace.tui.page import Draft, Page
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, clip, content, lines, part, plain
from cs_workspace.tui.widgets.query_line import QueryLine
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.store.goals import SliceRow
    from cs_workspace.workspace.what_if import Candidate, Candidates, Supposed, SupposedRow

SIDE_BY_SIDE = 110  # cells from which the two lists stand beside each other
TYPING = 0.1  # seconds without a key before the list follows the filter line
TITLE = 30  # cells of a name in front of the line where one types


def contributor_columns(kpi: Kpi | None) -> Sequence[Column]:
    """The columns of what would be; amounts of money are wider than counts."""
    wide = 14 if kpi is not None and kpi.unit is Unit.CURRENCY else 8
    return (
        Column("contributor", "Contributor", 10, 24, sortable=False),
        Column("actual", "Actual", wide, 20, right=True, sortable=False),
        Column("progress", "", 10, 12, right=True, sortable=False),
        Column("state", "Pace", 14, 18, sortable=False),
        Column("forecast", "Forecast", wide, 20, right=True, rank=1, sortable=False),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """What is being typed about: how it is called, what the text means, and what to do with it."""

    title: str
    hint: str
    understood: Callable[[str], tuple[WhatIf, str]]  # raises Invalid
    record: int | None = None  # the candidate it is about


class WhatIfScreen(Page):
    """Records that could count on one side, what the contributors' milestones would be on the other."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.WHAT_IF), *some("list.filter")]

    def __init__(self, host: Host, goal: int) -> None:
        super().__init__(host)
        self.goal = goal
        self.what_if = WhatIf()
        self.line = QueryLine("Could count", "filter: owner:me")
        self.candidates: RecordTable[Candidate] = RecordTable((), self._candidate, id="candidates")
        self.contributors: RecordTable[SupposedRow] = RecordTable(
            contributor_columns(None), self._contributor, id="supposed"
        )
        self._found: Candidates | None = None
        self._supposed: Supposed | None = None
        self._position: int | None = None  # which milestone is shown
        self._dropped = WhatIf()
        self._kept: dict[str, Any] | None = None  # the draft as the store has it
        self._is_read = False
        self._question: Question | None = None
        self._asked_from: Widget | None = None

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
            with Horizontal(classes="question"):
                yield Static("", classes="title", markup=False)
                line = Input(compact=True, max_length=60, select_on_focus=False)
                line.cursor_blink = False
                yield line
                yield Static("", classes="echo", markup=False)

    def on_mount(self) -> None:
        """Say that something is coming."""
        self.query_one(".question").display = False
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
        self.candidates.set_columns(self._columns(found))
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
            what = _counted(len(over), "record")
            self.post_message(Say(f"Counting by now or gone, and not supposed any more: {what}.", "warn"))

    async def _suppose(self, session: Session, record: int | None = None) -> None:
        from cs_workspace.workspace import what_if

        asked = self.what_if if self._found is not None else replace(self.what_if, records={})
        self._supposed = await self.host.loader.run(partial(session.run, what_if.suppose, self.goal, asked))
        self.contributors.set_columns(contributor_columns(self._supposed.goal.kpi))
        self._show_supposed()
        if record is not None:
            self._say_where(record)

    def _say_where(self, record: int) -> None:
        """Say where a record counts if not, on its own date, in the milestone one looks at."""
        found, supposed = self._found, self.what_if.of(record)
        would = self._supposed.records.get(record) if self._supposed is not None else None
        if found is None or would is None or not supposed.won:
            return
        if not would.counts or would.date is None:
            amount = found.counting.amount
            why = "something else of it is not as the goal asks"
            if amount is not None and would.value is None:
                why = f"it has no {amount.label.lower()}; e gives it one"
            self.post_message(Say(f"Ticked, but it would not count: {why}.", "warn"))
            return
        place = self._place_of(would)
        dated = found.counting.kind.properties[found.goal.kpi.dated_by].label.lower()
        on = f"on its {dated} {self._day(would.date)}"
        row = next((each for each in found.rows if each.id == record), None)
        was = row.date if row is not None else None
        edit = "; e changes the date" if found.counting.is_movable else ""
        if place is None:
            self.post_message(Say(f"Counts in none of the milestones, {on}{edit}.", "warn"))
            return
        label = shown.milestone(place.label)
        if self._is_over(place):
            self.post_message(
                Say(f"Would count in {label}, which is over and frozen: it changes nothing{edit}.", "warn")
            )
        elif supposed.date is None and was is not None and was < would.date:
            self.post_message(Say(f"Counts in {label}, today: its {dated} {self._day(was)} is over{edit}."))
        elif place.position != self._position:
            self.post_message(Say(f"Counts in {label}, {on}{edit}."))

    def _is_over(self, place: SliceRow) -> bool:
        return self.host.session is not None and place.end <= self.host.session.clock.now()

    def _place_of(self, row: Candidate) -> SliceRow | None:
        """The milestone a record's date lies in."""
        if self._found is None or self._supposed is None or row.date is None:
            return None
        date, day = row.date, self._found.counting.by_day
        return next(
            (
                each
                for each in (row.before.slice for row in self._supposed.rows)
                if (each.first_day <= date <= each.last_day if day else each.start <= date < each.end)
            ),
            None,
        )

    def _elsewhere(self, row: Candidate) -> str:
        """What marks a ticked record that does not count in the shown milestone: later, earlier, or to no effect."""
        place = self._place_of(row)
        if not row.counts or place is None or self._is_over(place):
            return " ×"
        if self._position is None or place.position == self._position:
            return ""
        return " ›" if place.position > self._position else " ‹"

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

    def _columns(self, found: Candidates) -> Sequence[Column]:
        kind, amount = found.counting.kind, found.counting.amount
        dated = kind.properties[found.goal.kpi.dated_by]
        columns = [Column("title", kind.label, 22, 44, sortable=False)]
        if amount is not None:
            columns.append(Column("value", amount.label, 8, 13, right=True, sortable=False))
        if found.counting.is_movable:
            columns.append(Column("date", dated.label, 11, 13, sortable=False))
        if "is_won" in kind.properties:
            columns.append(Column("likely", "Likely", 6, 6, right=True, rank=3, sortable=False))
        columns.append(Column("owner", "Owner", 12, 18, rank=2, sortable=False))
        if kind.has_pipeline:
            columns.append(Column("stage", "Stage", 14, 22, rank=4, sortable=False))
        if "companies" in kind.properties:
            columns.append(Column("company", "Company", 14, 28, rank=5, sortable=False))
        return columns

    def _show_candidates(self) -> None:
        found, current = self._found, self.candidates.current
        if found is None:
            return
        keep = current.id if current is not None else None
        self.candidates.show(Rows(found.rows, lambda row: row.id), keep=keep, index=self.candidates.cursor)
        kind = found.counting.kind
        some = f"the first {len(found.rows)} of " if found.total > len(found.rows) else ""
        self.line.count(part(f"{some}{_counted(found.total, kind.label.lower())}", "quiet"))
        if not found.rows:
            why = "Nothing matches the filter." if self.line.text.strip() else _nothing(found)
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
        pieces.append(part(f"   {_in_words(self.what_if)}" if not self.what_if.is_empty else "", "accent"))
        if self._supposed is not None:
            pieces.append(part(f"   {self._supposed.goal.name}", "quiet"))
        self.query_one(".banner", Static).update(content(*pieces))

    @property
    def _row(self) -> SupposedRow | None:
        return self.contributors.current

    def _heading(self) -> None:
        row = self._row
        if row is None:
            return
        one, other, kpi = row.before.reading, row.after.reading, row.before.kpi
        amount = partial(shown.amount, kpi=kpi, currency=self._currency)
        needs = [shown.needed_a_day(each.needed_per_day or Fraction(0), kpi, self._currency) for each in (one, other)]

        def line(word: str, before: str, after: str, tone: str = "", more: str = "") -> Sequence[Part]:
            pieces = [part(f"{word:<10}", "quiet")]
            pieces += (
                [part(before, "strong")] if before == after else [part(f"{before} → "), part(after, tone or "accent")]
            )
            return [*pieces, part(more, "quiet")]

        status, after_status = (shown.STATUS[each.status] for each in (one, other))
        pace, after_pace = (shown.PACE[each.pace] for each in (one, other))
        rows = [
            [part(row.before.contributor_name, "strong")],
            line("Target", amount(one.target), amount(other.target)),
            line("Actual", amount(one.actual), amount(other.actual)),
            line("Progress", _percent(one.progress_percent), _percent(other.progress_percent)),
            line("Status", status[0] or "–", after_status[0] or "–", after_status[1]),
            line("Pace", pace[0] or "–", after_pace[0] or "–", after_pace[1]),
        ]
        if one.needed_per_day is not None or other.needed_per_day is not None:
            rows.append(line("Needs", needs[0], needs[1], more=" per working day"))
        of = "" if None in (other.target, row.forecast_after) else f" of {amount(other.target)}"
        rows += [line("Forecast", amount(row.forecast_before), amount(row.forecast_after), more=of), []]
        self.query_one(".side .heading", Static).update(lines(rows))

    def _candidate(self, row: Candidate, names: Sequence[str]) -> list[Cell]:
        found, session = self._found, self.host.session
        assert found is not None
        assert session is not None
        supposed = self.what_if.of(row.id)
        would = self._supposed.records.get(row.id, row) if self._supposed is not None else row
        would = row if supposed.is_empty else would
        kpi = found.goal.kpi

        def one(name: str) -> Cell:
            match name:
                case "title":
                    return (
                        part("☑ " if supposed.won else "☐ ", "accent" if supposed.won else "quiet"),
                        part(row.title),
                    )
                case "value":
                    return shown.amount_cell(would.value, kpi, self._currency, _tone(would.value != row.value))
                case "date":
                    late = would.date is not None and would.date < found.counting.today
                    mark = self._elsewhere(would) if supposed.won and would is not row else ""
                    tone = "warn" if mark or (late and would.date == row.date) else "quiet"
                    return cell(f"{self._day(would.date)}{mark}", _tone(would.date != row.date and not mark) or tone)
                case "likely":
                    return cell("" if row.probability is None else f"{round(row.probability * 100)} %", "quiet")
                case _:
                    return cell(getattr(would, name), _tone(getattr(would, name) != getattr(row, name)) or "quiet")

        return [one(name) for name in names]

    def _day(self, raw: int | None) -> str:
        if raw is None or self._found is None or self.host.session is None:
            return "–"
        session = self.host.session
        day = shown.day(raw if self._found.counting.by_day else day_of(local_day(raw, session.tz)))
        return day.removesuffix(f" {local_day(session.clock.now(), session.tz).year}")

    def _contributor(self, row: SupposedRow, names: Sequence[str]) -> list[Cell]:
        one, other, kpi, currency = row.before.reading, row.after.reading, row.before.kpi, self._currency
        percents = (_percent(one.progress_percent), _percent(other.progress_percent))
        return [
            {
                "contributor": lambda: cell(row.before.contributor_name, "accent" if row.moved else ""),
                "actual": lambda: _amounts(one.actual, other.actual, kpi, currency),
                "progress": lambda: _change(percents[0].removesuffix(" %"), percents[1], percents[0]),
                "state": lambda: _change_of_state(row),
                "forecast": lambda: _amounts(row.forecast_before, row.forecast_after, kpi, currency),
            }[name]()
            for name in names
        ]

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
        row, found = self.candidates.current, self._found
        if row is None or found is None:
            return
        if not found.counting.is_movable and found.counting.amount is None:
            self.post_message(Say("These records can be ticked with space; nothing else of them counts here."))
            return
        means = (["a day such as +7d or 2026-11-30"] if found.counting.is_movable else []) + (
            ["an amount such as 48k"] if found.counting.amount is not None else []
        )
        self._ask(Question(row.title, f"{' or '.join(means)}; nothing: as it is", partial(self._edited, row), row.id))

    def _edited(self, row: Candidate, text: str) -> tuple[WhatIf, str]:
        found, session, supposed = self._found, self.host.session, self.what_if.of(row.id)
        assert found is not None
        assert session is not None
        counting = found.counting
        if not text.strip():
            return self.what_if.suppose(replace(supposed, date=None, amount=None)), "as it is"
        try:
            return self._worth(row, supposed, text)
        except Invalid as error:
            if not counting.is_movable or "below zero" in error.why:
                raise
            dated = counting.kind.properties[counting.kpi.dated_by]
            try:
                date = read_date(text, dated.type, now=session.clock.now(), tz=session.tz)
            except Invalid as other:
                if counting.amount is None or "longer" in other.why:
                    raise other from error
                why = f"{text.strip()!r} is neither a day nor an amount"
                raise Invalid("edit", why, "Write +7d, 2026-11-30 or 48k.") from other
        won = supposed.won or not found.is_weighted
        return self.what_if.suppose(replace(supposed, won=won, date=date)), f"{dated.label.lower()} {self._day(date)}"

    def _worth(self, row: Candidate, supposed: Supposition, text: str) -> tuple[WhatIf, str]:
        found, session = self._found, self.host.session
        assert found is not None
        assert session is not None
        prop, style = found.counting.amount, session.around.actor.number_format
        if prop is None:
            raise Invalid("amount", "is not what counts here")
        amount = read_amount(text, prop, row.currency, style)
        is_money = prop.type is PropertyType.MONEY
        said = print_money(int(amount), row.currency, style) if is_money else f"{amount:,}"
        won = supposed.won or not found.is_weighted
        return self.what_if.suppose(replace(supposed, won=won, amount=amount)), f"{prop.label.lower()} {said}"

    def action_aim(self) -> None:
        """Ask for another target of the contributor's milestone."""
        row = self._row
        if row is None:
            self.post_message(Say("There is no contributor to try another target for."))
            return
        title = f"Target of {row.before.contributor_name}"
        self._ask(Question(title, "such as 60 or 48k; nothing: as it is", partial(self._aimed, row)))

    def _aimed(self, row: SupposedRow, text: str) -> tuple[WhatIf, str]:
        session = self.host.session
        assert session is not None
        if not text.strip():
            return self.what_if.forget_target(row.before.slice.id), "as it is"
        unit, style = row.before.kpi.unit, session.around.actor.number_format
        steps = parse_target(text, unit, self._currency, style)
        return self.what_if.aim([row.before.slice.id], steps), print_target(steps, unit, self._currency, style)

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
        self.work("tasks", self._said(self._make_tasks(session, self.what_if)))

    async def _make_tasks(self, session: Session, what_if: WhatIf) -> None:
        from cs_workspace.workspace import what_if as operations

        made = await self.host.loader.run(partial(session.run, operations.as_tasks, self.goal, what_if))
        already = f"; {made.already} there already" if made.already else ""
        back = " u takes that back." if made.ids else ""
        self.post_message(Say(f"{_counted(len(made.ids), 'task')} added for the owners{already}.{back}", "good"))
        self.host.look()

    async def _said(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do what a key asked for; a refusal is said below."""
        try:
            await coroutine
        except WorkspaceError as error:
            self.post_message(Say(str(error), "bad"))

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

    # --- the line where one types

    def _ask(self, question: Question) -> None:
        self._question, self._asked_from = question, self.screen.focused
        area = self.query_one(".question")
        area.display = True
        area.query_one(".title", Static).update(content(part(clip(plain(question.title), TITLE), "accent")))
        line = area.query_one(Input)
        line.value = ""
        line.focus()
        self._echo()

    def _echo(self) -> None:
        question = self._question
        if question is None:
            return
        text = self.query_one(".question Input", Input).value
        if not text.strip():
            said = part(question.hint, "quiet")
        else:
            try:
                said = part(f"→ {question.understood(text)[1]}", "accent")
            except Invalid as error:
                said = part(f"▲ {error.why}. {error.hint}", "warn")
        self.query_one(".question .echo", Static).update(content(said))

    def _close_question(self) -> None:
        back = self._asked_from or self.candidates
        self._question = None
        back.focus()
        self.query_one(".question").display = False
        self.refresh_bindings()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what was understood."""
        event.stop()
        self._echo()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Suppose it; what means nothing stays where it was typed."""
        event.stop()
        question = self._question
        if question is None:
            return
        try:
            what_if, _ = question.understood(event.value)
        except Invalid:
            self._echo()
            return
        self._close_question()
        self._changed(what_if, question.record)

    @property
    def can_go_back(self) -> bool:
        """Out of the line, out of the filter."""
        return self._question is not None or bool(self.line.text)

    def back(self) -> None:
        """Out of the line, then out of the filter."""
        if self._question is not None:
            self._close_question()
        elif self.line.text:
            self.line.clear()
            self.candidates.focus()

    # --- what the parts tell

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


def _in_words(what_if: WhatIf) -> str:
    """`2 won · 1 moved · 1 target`."""
    won = sum(each.won for each in what_if.records.values())
    other = len(what_if.records) - won
    said = [f"{won} ticked"] if won else []
    said += [f"{other} changed"] if other else []
    said += [_counted(len(what_if.targets), "target")] if what_if.targets else []
    return " · ".join(said)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _nothing(found: Candidates) -> str:
    what = found.counting.kind.plural.lower()
    if not found.counting.is_movable:
        return f"All {what} count as soon as they are there: there is none to suppose."
    return f"No open {what} of these contributors could count."


def _percent(value: int | None) -> str:
    return shown.percent(value) or "–"


def _tone(changed: bool) -> str:
    return "accent" if changed else ""


def _amounts(before: Fraction | None, after: Fraction | None, kpi: Kpi, currency: str) -> Cell:
    """`339 → 421 k €`: the sign is said once, and so is what makes thousands of both."""
    one, other = (shown.short_amount(v, kpi, currency) or shown.amount(v, kpi, currency) for v in (before, after))
    if kpi.unit is Unit.CURRENCY and before is not None and after is not None:
        sign = shown.money(0, currency).partition(" ")[2]
        figures = one.removesuffix(f" {sign}")
        for suffix in (" k", " M"):
            if f"{suffix} {sign}" in other:
                figures = figures.removesuffix(suffix)
        return _change(figures, other, one)
    return _change(one, other, one)


def _change(before: str, after: str, same: str) -> Cell:
    """`68 → 84 %`; what does not change is said once."""
    if same == after:
        return cell(after)
    return (part(f"{before} → ", "quiet"), part(after, "accent"))


def _change_of_state(row: SupposedRow) -> Cell:
    """The pace of a milestone that runs, the status of another; of what it was before, the symbol."""
    before, after = (
        shown.PACE[each.reading.pace] if each.reading.pace is not None else shown.STATUS[each.reading.status]
        for each in (row.before, row.after)
    )
    return (part(*after),) if before == after else (part(f"{before[0][:1] or '–'} → ", "quiet"), part(*after))
