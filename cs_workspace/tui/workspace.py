"""The frame on screen: tabs, the pages in them, and the keys that work everywhere."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workspace.tui.frame import BottomLine, TopLine
from cs_workspace.tui.keys import ACTIONS, FOOTER, KEYS, TABS, Where, bindings, spelled
from cs_workspace.tui.messages import ClosePage, OpenPage
from cs_workspace.tui.page import Page
from cs_workspace.tui.panels.choice import Choice
from cs_workspace.tui.places import first_page
from cs_workspace.tui.session import Host
from cs_workspace.tui.text import content

FIRST_TAB = 8
SMALLEST = (60, 18)


class Program(Host, Protocol):
    """What the frame asks of the program around it."""

    calculating: bool

    def exit(self, result: int) -> None:
        """Leave the program."""

    def give_up(self) -> bool:
        """Stop a calculation that runs; whether one did."""

    def refresh_tab(self) -> None:
        """Read the page again."""

    def calculate_all(self) -> None:
        """Measure every running milestone."""

    def take_back(self, *, redo: bool) -> None:
        """Undo or redo."""

    def keep_last_words(self, page: Page) -> None:
        """Save what a page has to say that closes."""

    def show_notices(self) -> None:
        """List what the user was told."""

    def show_undo_list(self) -> None:
        """List what the user did."""

    def show_bin(self) -> None:
        """List what was deleted."""


class TooSmall(Screen[None]):
    """What a window shows that nothing fits into."""

    def compose(self) -> ComposeResult:
        yield Static(content(f"Make the window larger: {SMALLEST[0]}×{SMALLEST[1]} at least."), markup=False)


class Workspace(Screen[None]):
    """The frame and the tab in it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.EVERYWHERE)]
    ALLOW_SELECT = False
    # Textual paints the whole screen when the focus moves; here whoever shows its focus paints that itself.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's own declaration
        (0, "-short"),
        (30, "-tall"),
    ]

    def __init__(self, program: Program, user: str) -> None:
        super().__init__()
        self._host = program
        self._top = TopLine(user)
        self.bottom = BottomLine()
        self._stage = Container(id="stage")
        self._tabs: dict[int, list[Page]] = {}  # of each visited tab its pages, the one that is shown last
        self._focused: dict[Page, Widget] = {}
        self._before: list[tuple[int, Page]] = []  # where one was, newest last
        self.number = 0

    def compose(self) -> ComposeResult:
        yield self._top
        yield self._stage
        yield self.bottom

    async def on_mount(self) -> None:
        """Show the first tab."""
        self.bindings_updated_signal.subscribe(self, lambda _: self.show_keys())
        await self.show_tab(FIRST_TAB)

    # --- tabs and pages

    @property
    def page(self) -> Page:
        """What is shown."""
        return self._tabs[self.number][-1]

    @property
    def pages(self) -> list[Page]:
        """All pages that are open, shown or not."""
        return [page for pages in self._tabs.values() for page in pages]

    @property
    def is_changing(self) -> bool:
        """Whether another page is on its way, or another part of this one; what is typed waits for it."""
        going = any(worker.node is self and not worker.is_finished for worker in self.workers)
        return going or (bool(self.number) and self.page.is_changing)

    async def show_tab(self, number: int) -> Page:
        """Show a tab where it was left; make its first page if this is the first visit."""
        if number == self.number:
            return self.page
        with self.app.batch_update():
            self._leave()
            self.number = number
            self._top.select(number)
            if number not in self._tabs:
                self._tabs[number] = [first_page(number, self._host)]
                await self._stage.mount(self.page)
            self._arrive()
        return self.page

    async def open_page(self, page: Page) -> None:
        """Show a page above the one that is shown."""
        with self.app.batch_update():
            self._leave()
            self._tabs[self.number].append(page)
            await self._stage.mount(page)
            self._arrive()

    async def close_page(self, page: Page) -> None:
        """Go back to the page below this one; what was typed in it is kept as a draft."""
        pages = self._tabs[self.number]
        if len(pages) == 1 or page is not pages[-1]:
            return
        self._host.keep_last_words(page)
        with self.app.batch_update():
            pages.pop()
            self._focused.pop(page, None)
            self._before = [(number, each) for number, each in self._before if each is not page]
            self.set_focus(None)
            self._arrive()
            await page.remove()

    def _leave(self) -> None:
        if not self.number:
            return
        if self.focused is not None:
            self._focused[self.page] = self.focused
        self._before = [*self._before[-49:], (self.number, self.page)]
        self.page.display = False

    def _arrive(self) -> None:
        page = self.page
        page.display = True
        self.set_focus(self._focused.get(page) or page.first_focus)
        page.ready()

    async def on_open_page(self, event: OpenPage) -> None:
        event.stop()
        await self.open_page(event.page)

    def on_close_page(self, event: ClosePage) -> None:
        event.stop()
        self._close(self.page)

    def _close(self, page: Page) -> None:
        self.run_worker(self.close_page(page), exit_on_error=False)

    @property
    def _has_page_below(self) -> bool:
        return len(self._tabs[self.number]) > 1

    # --- the frame

    def whose(self, account: str, user: str) -> None:
        """Say whose workspace it is."""
        self._top.whose(account, user)

    def unread(self, count: int) -> None:
        """Say beside Goals how many notifications are not read."""
        self._top.badge(TABS.index("Goals") + 1, count)

    def on_screen_resume(self) -> None:
        """A panel has closed: its keys are gone."""
        self.show_keys()

    def show_keys(self) -> None:
        """Show in the bottom line which keys work here; while one types, those that do not write."""
        if not self.is_active:
            return  # what has opened above says which keys it has
        typing = isinstance(self.focused, Input)
        live: dict[str, str] = {}
        for key, bound in self.active_bindings.items():
            if bound.binding.id and bound.enabled and not (typing and _is_typed(key)):
                live.setdefault(bound.binding.id, spelled((key,)))
        shown = []
        for name, text in FOOTER:
            if name in live:
                key, _, word = text.partition(" ")
                shown.append(f"{live[name]} {word}" if typing and name.startswith("app.") else f"{key} {word}")
        self.bottom.keys(shown)

    def here(self) -> list[Choice]:
        """What can be done here, key by key."""
        active = self.active_bindings.values()
        choices = []
        for key in KEYS:
            bound = next((each for each in active if each.binding.id == key.id and each.enabled), None)
            if bound is None or key.id in {"app.help", "app.quit"}:
                continue
            run = partial(self._run, bound.binding.action, bound.node)
            choices.append(Choice(spelled(key.keys), key.label, key.help, run))
        return choices

    def everything(self) -> list[Choice]:
        """What the palette offers: the actions that work here, tabs first."""
        offered = [key for key in KEYS if key.palette]
        known = {choice.help: choice for choice in self.here()}
        found = [known[key.help] for key in offered if key.help in known]
        return sorted(found, key=lambda choice: not choice.help.startswith("Go to "))

    def _run(self, action: str, node: Any) -> None:
        self.run_worker(self.app.run_action(action, node), exit_on_error=False)

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what the table of keys names can be asked of a screen."""
        if action == "back" and self.number:
            steps = (self.page.is_mounted and self.page.can_go_back) or self._has_page_below or self._host.calculating
            return steps and super().check_action(action, parameters)
        if action == "previous_place" and not self._before:
            return False
        return action in ACTIONS and super().check_action(action, parameters)

    async def action_tab(self, number: int) -> None:
        """Go to a tab."""
        await self.show_tab(number)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self.focus_next()

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self.focus_previous()

    def action_back(self) -> None:
        """Go back one step; the last step stays."""
        if self._host.give_up():
            return
        if self.page.can_go_back:
            self.page.back()
        elif self._has_page_below:
            self._close(self.page)

    def action_previous_place(self) -> None:
        """Go where one was before; a page that was opened above that place is closed."""
        while self._before:
            number, page = self._before.pop()
            pages = self._tabs[number]
            if page is self.page or page not in pages:
                continue
            if page is pages[-1]:
                self.run_worker(self.show_tab(number), exit_on_error=False)
                return
            if number == self.number and page is pages[-2]:
                self._close(self.page)
                return

    def action_refresh(self) -> None:
        """Read the tab again, or open the store again."""
        self._host.refresh_tab()

    def action_refresh_all(self) -> None:
        """Measure every running milestone anew."""
        self._host.calculate_all()

    def action_notices(self) -> None:
        """List what the user was told of milestones."""
        self._host.show_notices()

    def action_undo(self) -> None:
        """Take back what the user did last."""
        self._host.take_back(redo=False)

    def action_redo(self) -> None:
        """Do again what was undone last."""
        self._host.take_back(redo=True)

    def action_undo_list(self) -> None:
        """Show what the user did; any of it can be taken back."""
        self._host.show_undo_list()

    def action_bin(self) -> None:
        """Show what was deleted; it can be brought back."""
        self._host.show_bin()

    def action_leave(self) -> None:
        """Close the page; the last one closes the workspace."""
        if self._has_page_below:
            self._close(self.page)
        else:
            self._host.exit(0)

    def action_help(self) -> None:
        """Show what can be done here."""
        from cs_workspace.tui.palette import Help

        self.app.push_screen(Help(self.here()), _do)

    def action_palette(self) -> None:
        """Find something by name."""
        from cs_workspace.tui.palette import Palette

        self.app.push_screen(Palette(self.everything(), self._host, self.post_message), _do)

    def on_top_line_tab_clicked(self, event: TopLine.TabClicked) -> None:
        event.stop()
        self.run_worker(self.show_tab(event.number), exit_on_error=False)


def _do(choice: Choice | None) -> None:
    if choice is not None and choice.run is not None:
        choice.run()


def _is_typed(key: str) -> bool:
    """Whether a key writes a character while one types."""
    return len(key) == 1 or key in {"slash", "colon", "question_mark"}
