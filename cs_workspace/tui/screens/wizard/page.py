"""Making a goal step by step, with what it will mean beside it (GOL-4)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workspace.domain.errors import Invalid, WorkspaceError
from cs_workspace.domain.goals.templates import CUSTOM
from cs_workspace.domain.query.binding import Context
from cs_workspace.tui import places
from cs_workspace.tui.keys import Where, bindings
from cs_workspace.tui.messages import OpenPage, Say
from cs_workspace.tui.page import Draft, Page
from cs_workspace.tui.screens.wizard.entries import Entries
from cs_workspace.tui.screens.wizard.meaning import Lines, meaning_lines, sentence
from cs_workspace.tui.screens.wizard.steps import DoneStep, NoticesStep, ScratchStep, SetupStep, Step, TemplateStep
from cs_workspace.tui.screens.wizard.targets import TargetsStep
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Part, content, lines, part

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_draft import NewGoal
    from cs_workspace.workspace.goal_preview import Choices, Preview

PLACE = "goal wizard"  # of the draft
CHANGES = {"begin", "step", "look"}  # lanes after which keys mean something else
TYPING = 0.15  # seconds without a key before the meaning follows
SIDE_BY_SIDE = 100  # cells from which the meaning stands beside a form


class At(IntEnum):
    """The steps in their order."""

    TEMPLATE = 0
    SCRATCH = 1
    SETUP = 2
    PERFORMANCE = 3
    NOTIFICATIONS = 4
    DONE = 5


_TITLES = {
    At.TEMPLATE: "1 Template",
    At.SETUP: "2 Setup",
    At.PERFORMANCE: "3 Performance",
    At.NOTIFICATIONS: "4 Notifications",
    At.DONE: "5 Done",
}
# What must be right before a step is left, by the parts that a preview refuses, with the field that is to blame.
_PARTS = {
    At.TEMPLATE: {"template": ""},
    At.SCRATCH: {"custom": "filter"},
    At.SETUP: {"contributors": "who", "period": "year", "name": "name"},
    At.PERFORMANCE: {"pipelines": "", "targets": ""},
    At.NOTIFICATIONS: {"notify": "events"},
    At.DONE: {},
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the entries ask for and what that would be, read together."""

    new: NewGoal
    preview: Preview


class GoalWizard(Page):
    """From a template to a goal; back keeps everything, and so does leaving."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.WIZARD)]

    def __init__(self, host: Host, clone_of: int | None = None) -> None:
        super().__init__(host)
        self._clone_of = clone_of
        self._choices: Choices | None = None
        self.entries = Entries()
        self._fresh = self.entries.content()  # what there is before anybody fills in something
        self._has_draft = False
        self.at = At.TEMPLATE
        self.known: Known | None = None
        self._known_of: dict[str, Any] | None = None  # the entries it was read for
        self.made: int | None = None
        self._following = False  # whether the meaning is about to be read
        self._meant: Lines = []  # what the pane shows

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("", classes="steps", markup=False)
            with Container(classes="parts"):
                yield Container(classes="body")
                with VerticalScroll(classes="pane", can_focus=False):
                    yield Static("", classes="meaning", markup=False)

    @property
    def first_focus(self) -> Widget | None:
        """What the step begins with."""
        return self.step.first_focus if self.query(Step) else None

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self.query_one(Step)

    # --- loading

    @property
    def is_changing(self) -> bool:
        """Whether another step is on its way."""
        return any(
            worker.node is self and worker.group in CHANGES and not worker.is_finished for worker in self.app.workers
        )

    def load(self) -> None:
        """Read what there is to choose from, and the first time what was begun; of a goal made, whether it is there."""
        session = self.host.session
        if session is None:
            return
        if self._choices is None:
            self.work("begin", self._begin(session))
        elif self.at is At.DONE:
            self.work("look", self._look(session))
        else:
            self.work("load", self._load(session))

    async def _load(self, session: Session) -> None:
        from cs_workspace.workspace import goal_preview

        self._choices = await self.host.loader.run(partial(session.run, goal_preview.choices))
        self._known_of = None
        self._follow()

    async def _begin(self, session: Session) -> None:
        from cs_workspace.workspace import goal_preview

        self._choices = await self.host.loader.run(partial(session.run, goal_preview.choices))
        await (self._take_clone(session, self._clone_of) if self._clone_of is not None else self._take_draft(session))
        await self._show(self.at)

    async def _look(self, session: Session) -> None:
        """Somebody may have taken the goal back, or brought it back."""
        from cs_workspace.workspace import goals

        lines = await self.host.loader.run(partial(session.run, goals.goals))
        step = self.step
        if isinstance(step, DoneStep):
            step.show(is_there=any(line.goal.id == self.made for line in lines))
            self.refresh_bindings()

    async def _take_draft(self, session: Session) -> None:
        from cs_workspace.workspace import drafts

        assert self._choices is not None
        self.entries.year = str(self._choices.today.year)
        self._fresh = self.entries.content()
        kept = await self.host.loader.run(partial(session.run, drafts.find, PLACE))
        if not kept:
            return
        self._has_draft = True
        self.entries = Entries.of(kept.get("entries", {}))
        step = kept.get("step")
        self.at = At(step) if isinstance(step, int) and At.TEMPLATE <= step < At.DONE else At.TEMPLATE
        self.post_message(Say("Your unfinished goal is back; X starts anew."))

    async def _take_clone(self, session: Session, goal: int) -> None:
        from cs_workspace.workspace import goal_making, goal_preview

        assert self._choices is not None

        def read() -> tuple[NewGoal, Preview]:
            new = session.run(goal_making.as_new, str(goal))
            return new, session.run(goal_preview.preview, new, measured=False)

        new, preview = await self.host.loader.run(read)
        self.entries = Entries.cloned(new, preview, self._choices, session.around.currency)
        self._fresh = self.entries.content()
        self.at = At.SETUP

    def failed(self, error: WorkspaceError) -> None:
        """Say it; what is filled in stays."""
        self.post_message(Say(sentence(error), "warn"))

    # --- the meaning

    def _follow(self) -> None:
        """Show what the entries mean, when nobody has typed for a moment."""
        if self.host.session is not None and self.entries.template and not self._following:
            self._following = True
            self.work("meaning", self._follow_after(self.host.session))

    async def _follow_after(self, session: Session) -> None:
        self._following = False  # from here on what is filled in needs another look
        await asyncio.sleep(TYPING if isinstance(self.app.focused, Input) else 0)
        await self._know(session)

    async def _know(self, session: Session) -> Known | None:
        """Read what the entries mean and show it; none where a year or a day is none."""
        assert self._choices is not None
        try:
            bare = self.entries.new_goal(self._choices)
        except Invalid as error:
            self.known = None
            self._mean(error)
            return None
        asked = self.entries.content()
        self.known = await self.host.loader.run(partial(self._read, session, bare))
        self._known_of = asked
        self._mean()
        if self.query(Step):
            self.step.answer(self.known.preview)
        return self.known

    def _read(self, session: Session, bare: NewGoal) -> Known:
        from cs_workspace.workspace import goal_preview

        rows = session.run(goal_preview.preview, bare, measured=False)
        new = self.entries.with_cells(bare, rows, session.around.currency)
        return Known(new, session.run(goal_preview.preview, new))

    def _mean(self, error: WorkspaceError | None = None) -> None:
        session = self.host.session
        if session is None:
            return
        preview = self.known.preview if self.known is not None else None
        reached = {name for step, parts in _PARTS.items() if step <= self.at for name in parts}
        beside = self.has_class("-beside")
        now = session.clock.now()
        rows = meaning_lines(preview, session.around.currency, reached=reached, now=now, beside=beside)
        if error is not None:
            rows.append((part(f"▲ {sentence(error)}", "warn"),))
        if rows != self._meant:
            self._meant = rows
            self.query_one(".meaning", Static).update(lines(rows))

    # --- steps

    async def _show(self, at: At) -> None:
        """Show a step anew, as the entries are."""
        session = self.host.session
        assert session is not None
        assert self._choices is not None
        around = session.around
        self.at = at
        self.query_one(".steps", Static).update(content(*self._titles()))
        parts = (self.entries, self._choices, around.schema)
        step: Step
        match at:
            case At.TEMPLATE:
                step = TemplateStep(*parts)
            case At.SCRATCH:
                step = ScratchStep(*parts)
            case At.SETUP:
                step = SetupStep(*parts)
            case At.NOTIFICATIONS:
                step = NoticesStep(*parts)
            case _:
                known = self.known or await self._know(session)
                if known is None or (at is At.PERFORMANCE and not known.preview.milestones):
                    await self._show(At.SETUP)
                    return
                step = DoneStep(*parts, known.preview)
                if at is At.PERFORMANCE:
                    step = TargetsStep(*parts, known.preview, around.currency, around.actor.number_format)
        body = self.query_one(".body", Container)
        with self.app.batch_update():
            await body.remove_children()
            self._arrange()
            await body.mount(step)
        if self.app.screen is self.screen and self.display:
            step.first_focus.focus()
        self.refresh_bindings()
        self._follow()

    def _titles(self) -> list[Part]:
        here = At.TEMPLATE if self.at is At.SCRATCH else self.at
        pieces = [part("New goal", "strong")]
        for step, title in _TITLES.items():
            tone = "accent" if step is here else "quiet" if step > here else ""
            pieces += [part("  "), part(f"{'✓ ' if step < here else ''}{title}", tone)]
        return pieces

    def on_resize(self) -> None:
        """Beside or below, as there is room."""
        self._arrange()
        self._mean()

    def _arrange(self) -> None:
        wide = self.size.width >= SIDE_BY_SIDE
        self.set_class(wide and self.at not in {At.TEMPLATE, At.PERFORMANCE}, "-beside")
        self.set_class(self.at is At.DONE, "-done")

    def on_step_edited(self, event: Step.Edited) -> None:
        """The meaning follows what is filled in."""
        event.stop()
        self._follow()

    def on_step_done(self, event: Step.Done) -> None:
        event.stop()
        self.action_next_step()

    def action_next_step(self) -> None:
        """Go on, when this step is right; keys pressed meanwhile wait for the next step."""
        session = self.host.session
        if session is None or self._choices is None or self.is_changing:
            return
        if not session.read_only:
            self.work("step", self._next(session))
        else:
            self.post_message(Say("The store is open read only: nothing can be made in it.", "warn"))

    async def _next(self, session: Session) -> None:
        step = self.step
        if isinstance(step, TemplateStep):
            step.take()
        assert self._choices is not None
        self.entries.new_goal(self._choices)  # says what is no year or no day
        known = self.known if self._known_of == self.entries.content() else await self._know(session)
        if known is None or await self._stands_against(known.preview):
            return
        if isinstance(step, TargetsStep) and step.wrong:
            wrong = next(iter(step.wrong.values()))
            self.post_message(Say(f"{wrong.text} is no target: {wrong.reason}", "warn"))
            step.grid.go(wrong.place)
            return
        if self.at is At.NOTIFICATIONS:
            await self._create(session, known.new)
            return
        skips = self.at is At.TEMPLATE and self.entries.template != CUSTOM
        await self._show(At.SETUP if skips else At(self.at + 1))

    async def _stands_against(self, preview: Preview) -> bool:
        """Whether something of this step, or of one before, is not right yet; it is said, with the field to go to."""
        for step, parts in _PARTS.items():
            if step > self.at:
                break
            for name, field in parts.items():
                error = preview.refusals.get(name)
                if error is not None:
                    await self._point_at(step, field, sentence(error))
                    return True
            if step is At.SETUP and preview.questions:
                asked = preview.questions[0]
                await self._point_at(step, "who", f"{asked.name} is in {' and '.join(asked.teams)}: tick one of them.")
                return True
        return False

    async def _point_at(self, step: At, field: str, why: str) -> None:
        self.post_message(Say(why, "warn"))
        if step is not self.at:
            await self._show(step)
        elif field and (found := self.query(f"#{field}")):
            target = getattr(found.first(), "target", None)
            if isinstance(target, Widget):
                target.focus()

    async def _create(self, session: Session, new: NewGoal) -> None:
        from cs_workspace.workspace import drafts, goal_making

        self.made = await self.host.loader.run(partial(session.run, goal_making.create, new))
        await self._show(At.DONE)
        if self._has_draft:
            await self.host.loader.run(partial(session.run, drafts.keep, PLACE, None))
        self.host.look()

    def action_step_before(self) -> None:
        """Go back one step."""
        if self.can_go_back:
            self.back()

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step before."""
        return At.TEMPLATE < self.at < At.DONE

    def back(self) -> None:
        """Go back one step; everything stays filled in."""
        skips = self.at is At.SETUP and self.entries.template != CUSTOM
        self.work("step", self._show(At.TEMPLATE if skips else At(self.at - 1)))

    # --- other keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Some keys mean something in some steps only."""
        match action:
            case "undo_cells" | "redo_cells":
                possible = self.at is At.PERFORMANCE
            case "open_goal" | "open_grid":
                possible = any(step.is_there for step in self.query(DoneStep))
            case "another":
                possible = self.at is At.DONE
            case "filter_form":
                possible = self.at is At.SCRATCH
            case "next_step" | "enter":
                possible = self.at is not At.DONE
            case "anew":
                possible = self.at is not At.DONE and self._clone_of is None
            case "step_before":
                possible = self.can_go_back
            case "year_later":
                possible = self._clone_of is not None and self.at in {At.SETUP, At.PERFORMANCE}
            case _:
                possible = True
        return possible and super().check_action(action, parameters)

    def action_enter(self) -> None:
        """Take what is under the cursor and go on."""
        if self.query(Step) and self.step.enter():
            self.action_next_step()

    def action_filter_form(self) -> None:
        """Choose the filter of one's own KPI property by property."""
        session, step = self.host.session, self.step
        if session is not None and isinstance(step, ScratchStep):
            around = session.around
            step.open_form(Context(session.clock.now(), session.tz, around.currency, around.actor.id, around.names))

    def action_anew(self) -> None:
        """Forget what is filled in."""
        if self._choices is not None:
            self.entries = Entries.of(self._fresh)
            self.known = None
            self._mean()
            self.work("step", self._show(At.TEMPLATE))

    def action_another(self) -> None:
        """Begin again after a goal was made."""
        self._clone_of, self._has_draft, self.made = None, False, None
        self.entries = Entries(year=str(self._choices.today.year) if self._choices else "")
        self._fresh = self.entries.content()
        self.known = None
        self.work("step", self._show(At.TEMPLATE))

    def action_year_later(self) -> None:
        """The goal for the year after (GOL-46)."""
        self.entries.move_a_year()
        self.known = None
        self.work("step", self._show(self.at))

    def action_undo_cells(self) -> None:
        """Take back the last change in the grid."""
        self._take_back(redo=False)

    def action_redo_cells(self) -> None:
        """Change the grid again."""
        self._take_back(redo=True)

    def _take_back(self, *, redo: bool) -> None:
        step = self.step
        if isinstance(step, TargetsStep):
            step.take_back(redo=redo)

    def action_open_goal(self) -> None:
        """Show the goal's page."""
        if self.made is not None:
            self.post_message(OpenPage(places.goal_page(self.host, self.made)))

    def action_open_grid(self) -> None:
        """Open the goal's grid."""
        if self.made is not None:
            self.post_message(OpenPage(places.goal_grid(self.host, self.made)))

    # --- the draft

    @property
    def _is_untouched(self) -> bool:
        """Whether nothing is filled in but a template, which the cursor does by itself."""
        fresh = Entries.of(self._fresh)
        if self._clone_of is None:
            fresh.template = self.entries.template
            fresh.suggest_name()
        return fresh == self.entries

    def draft(self) -> Draft | None:
        """What is filled in, unless nothing is, or the goal is made."""
        if self._choices is None or self.at is At.DONE:
            return None
        if self._is_untouched:
            return Draft(PLACE, None) if self._has_draft else None
        return Draft(PLACE, {"step": int(self.at), "entries": self.entries.content()})
