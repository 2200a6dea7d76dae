"""The program: opens the store behind the first frame, shows the tabs, passes on what the store tells."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from rich.text import Text
from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.events import Event, Resize
from textual.filter import LineFilter
from textual.screen import Screen

from cs_workspace.domain.errors import Refused, Usage, WorkspaceError
from cs_workspace.tui import faults, places
from cs_workspace.tui.format import clock_time
from cs_workspace.tui.keyboard import Keyboard
from cs_workspace.tui.keys import ACTIONS, BY_ID, TABS, some
from cs_workspace.tui.loader import Loader
from cs_workspace.tui.mail import Mail
from cs_workspace.tui.messages import Hints, Noticed, OpenRecord, Say, Touched, WatchFailed, WorkerTold
from cs_workspace.tui.page import LastWords, Page
from cs_workspace.tui.panels.form import Form
from cs_workspace.tui.session import Host, Session, open_session
from cs_workspace.tui.text import ControlFilter, part
from cs_workspace.tui.theme import DARK, sheets
from cs_workspace.tui.undo_words import what_was_done
from cs_workspace.tui.watcher import Watcher
from cs_workspace.tui.workspace import SMALLEST, TooSmall, Workspace

if TYPE_CHECKING:
    from cs_workspace.worker.runner import WorkerState

LEADS_ON = {"open goal", "open record", "_take_back"}  # lanes after which keys mean something else
GRACE = 3.0  # seconds after a signal in which the program may end by itself


class Worker(Protocol):
    """The worker of this session."""

    def start(self) -> None:
        """Begin."""

    def stop(self, timeout: float = ...) -> None:
        """End."""


class WorkspaceApp(App[int]):
    """One session of one acting user."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*some("app.quit")]
    TITLE = "cs-workspace"

    def __init__(
        self,
        address: str,
        *,
        login: str | None,
        now: int | None = None,
        read_only: bool = False,
        proven: str | None = None,
        watch: bool = True,
        driver_class: type[Driver] | None = None,
    ) -> None:
        """`watch` runs the threads that keep goals and screens fresh."""
        super().__init__(driver_class=driver_class, css_path=list(sheets()), watch_css=False)
        self.register_theme(DARK)
        self.theme = DARK.name
        self._variables = self.get_css_variables()
        self.stylesheet.set_variables(self._variables)
        self.animation_level = "none"
        self.loader = Loader()
        self.works = False
        self._open = partial(open_session, address, login, now, read_only=read_only, proven=proven)
        self.refusal: WorkspaceError | None = None  # why the store was not opened, where the user may not
        self._user = login or ""
        self._session: Session | None = None
        self._watch_store = watch
        self._filter = ControlFilter()
        self._watcher: Watcher | None = None
        self._worker: Worker | None = None
        self._told: WorkerState | None = None
        self._touched_at: int | None = None
        self._watch_error: WorkspaceError | None = None
        self._given_up = False
        self._last_words: list[LastWords] = []
        self._mail = Mail()
        self._keyboard = Keyboard(self, self._is_changing)
        self.calculating = False  # whether all goals are being measured
        self._signals = driver_class is not None
        self._fault = ""

    @property
    def session(self) -> Session | None:
        """The open session; none while the store is being opened."""
        return self._session

    @property
    def main(self) -> Workspace:
        """The screen below all panels."""
        screen = self.screen_stack[0]
        assert isinstance(screen, Workspace)
        return screen

    def get_default_screen(self) -> Screen[Any]:
        """The frame."""
        return Workspace(self, self._user)

    def get_line_filters(self) -> list[LineFilter]:
        """Everything on its way to the terminal loses what a terminal obeys."""
        return [*super().get_line_filters(), self._filter]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what the table of keys names, and moving the focus, can be asked of the program."""
        return action in ACTIONS | {"focus_next", "focus_previous"} and super().check_action(action, parameters)

    def refresh_css(self, animate: bool = True) -> None:
        """Read the style sheets again; when a program begins Textual does so twice, which takes a tenth of a second."""
        if self.get_css_variables() != self._variables:
            self._variables = self.get_css_variables()
            super().refresh_css(animate)

    # --- begin and end

    def on_mount(self) -> None:
        """Open the store once the first frame is on the screen."""
        if self._signals:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self._told_to_end, number)
        self.call_after_refresh(self._begin)

    def _told_to_end(self, number: int) -> None:
        """Leave; a terminal that is gone may not keep the program from ending."""
        self.exit(128 + number)
        watchdog = threading.Timer(GRACE, os._exit, (128 + number,))
        watchdog.daemon = True
        watchdog.start()

    def _begin(self) -> None:
        self.in_background("open", self._open_store())

    async def _open_store(self) -> None:
        try:
            session = await self.loader.run(self._open)
        except WorkspaceError as error:
            if isinstance(error, Refused):
                self.refusal = error
                self.exit(error.exit_code)
                return
            self.main.page.failed(error)
            self.main.bottom.state(part(f"▲ {error.message}", "bad"), "")
            return
        self._session = session
        self.main.whose(session.around.account, session.around.actor.name or session.around.actor.login)
        self._touched_at = session.clock.now()
        if self._watch_store:
            self._start_threads(session)
        self.show_state()
        for page in self.main.pages:
            page.touched(shown=page is self.main.page)
        self.on_noticed()

    def _start_threads(self, session: Session) -> None:
        if not session.read_only:
            from cs_workspace.worker.runner import Runner

            self._worker = Runner(session.store, session.clock, on_state=lambda state: self._post(WorkerTold(state)))
            self.works = True
            self._worker.start()
        self._watcher = Watcher(session, self._post)
        self._watcher.start()

    def _post(self, message: Any) -> None:
        if self.is_running:
            self.post_message(message)

    async def on_unmount(self) -> None:
        """Let go of everything; nothing here may wait for a stuck query."""
        self.loader.close()
        if self._watcher is not None:
            self._watcher.stop()

    def keep_last_words(self, page: Page) -> None:
        """Save what a page that closes has to say: what was typed and is not in the store yet, how it was left."""
        words, session = page.last_words(), self._session
        if words is not None and session is not None and not session.read_only:
            self.in_background("last words", self._keep(session, words))

    async def _keep(self, session: Session, words: LastWords) -> None:
        await self.loader.run(partial(words, session))

    def exit(self, *args: Any, **kwargs: Any) -> None:
        """Leave; what was typed is taken along, for the pages are gone when the store is closed (UND-5)."""
        if self.screen_stack:
            forms = [each for each in self.screen_stack if isinstance(each, Form)]
            said = [*(page.last_words() for page in self.main.pages), *(form.last_words() for form in forms)]
            self._last_words = [words for words in said if words is not None]
        self._keyboard.end()
        super().exit(*args, **kwargs)

    def finish(self) -> None:
        """After the screen is the terminal's again: keep what pages had to say, end the worker, close the store."""
        if self._session is not None and not self._session.read_only:
            for words in self._last_words:
                with suppress(WorkspaceError):
                    words(self._session)
        if self._worker is not None:
            self._worker.stop(2.0)
        if self._session is not None:
            self._session.store.close()
        if self._fault:
            sys.stderr.write(f"{self._fault}\n")

    def _fatal_error(self) -> None:
        # Textual's own prints the values of local variables, passwords among them, and exits with 0.
        error = sys.exc_info()[1]
        if error is not None and not self._fault:
            self._fault = faults.record(error)
        self._return_code = 1
        self._exit_renderables.append(Text(""))
        self._close_messages_no_wait()

    # --- sizes

    def on_resize(self, event: Resize) -> None:
        """Below the smallest size there is one line, whatever was open."""
        small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        shown = isinstance(self.screen, TooSmall)
        if small and not shown:
            self.push_screen(TooSmall())
        elif shown and not small:
            self.pop_screen()

    async def on_event(self, event: Event) -> None:
        """What is typed waits for its turn."""
        if self._keyboard.takes(event):
            if self._keyboard.begins():
                feed = partial(self._keyboard.feed, super().on_event)  # no coroutine yet: the program may end before
                self.run_worker(feed, group="typing", exit_on_error=False)  # type: ignore[arg-type]  # a way to make one
        else:
            await super().on_event(event)

    def _is_changing(self) -> bool:
        going = (worker for worker in self.workers if worker.node is self and not worker.is_finished)
        return self.main.is_changing or any(worker.group in LEADS_ON for worker in going)

    # --- what the store and the parts tell

    def on_touched(self, _: Touched) -> None:
        """Something changed: what is shown loads again, the rest when it is shown."""
        if self._session is None:
            return
        self._watch_error = None
        self._touched_at = self._session.clock.now()
        self._touch_pages()
        self.on_noticed()
        self.show_state()
        self.in_background("around", self._look_around(self._session))

    def _touch_pages(self) -> None:
        for page in self.main.pages:
            page.touched(shown=page is self.main.page)

    async def _look_around(self, session: Session) -> None:
        """People, pipelines and custom properties may be others by now; with the latter, everything shown is."""
        from cs_workspace.workspace.session import surroundings

        with suppress(WorkspaceError):  # the page that is shown says why nothing can be read
            around = await self.loader.run(partial(session.run, surroundings))
            if self._session is session:
                self._session = replace(session, around=around)
                if around.schema != session.around.schema:
                    self._touch_pages()

    def on_watch_failed(self, event: WatchFailed) -> None:
        """Screens may be behind the store."""
        self._watch_error = event.error
        self.show_state()

    def on_noticed(self, _: Noticed | None = None) -> None:
        """The user may have been told something: the badge counts it, and what came in just now is mentioned."""
        if self._session is not None:
            self.in_background("notices", self._read_mail(self._session))

    async def _read_mail(self, session: Session) -> None:
        from cs_workspace.tui.panels.notices import Notices

        sentence = await self._mail.read(session, self.loader)
        self.main.unread(self._mail.unread)
        if isinstance(self.screen, Notices):
            self.screen.load()
        elif sentence:
            self.notify(sentence, markup=False)

    def on_worker_told(self, event: WorkerTold) -> None:
        """How the worker is."""
        self._told = event.state
        self.show_state()

    def show_state(self) -> None:
        """Say in the bottom line how fresh goals are."""
        session = self._session
        if session is None:
            return
        at = self._touched_at or session.clock.now()
        time = clock_time(at, session.tz)
        if self._watch_error is not None:
            state = part(f"▲ {self._watch_error.message}", "warn")
        elif self._told is not None and self._told.error:
            state = part(f"▲ goals stand since {time}: {self._told.error}", "warn")
        elif self.works or (self._watch_store and session.read_only):
            state = part(f"goals live · {time}", "quiet")
        else:
            state = part(f"goals as of {time}", "quiet")
        self.main.bottom.state(state, session.label)

    def on_say(self, event: Say) -> None:
        """Show a sentence until the next key; an empty one says that this was a key."""
        self.main.bottom.say(part(event.text, event.tone) if event.text else None)

    def say(self, text: str, tone: str = "") -> None:
        """Show a sentence until the next key."""
        self.main.bottom.say(part(text, tone) if text else None)

    def on_hints(self, event: Hints) -> None:
        """A panel has opened."""
        self.main.bottom.keys(event.keys)

    def on_key(self) -> None:
        """A key was not used where it was pressed; what was said is read by now."""
        self.main.bottom.say(None)

    def on_open_record(self, event: OpenRecord) -> None:
        """Show a record's page; going back from it leads to the page from where it was opened."""
        self.in_background("open record", self.main.open_page(places.record(self, event.object, event.id, event.walk)))

    # --- what keys ask for

    async def action_quit(self) -> None:
        """Close the workspace."""
        self.exit(0)

    def refresh_tab(self) -> None:
        """Read the tab again; without a store, try to open it again."""
        if self._session is None:
            self._begin()
            return
        self.main.page.touched(shown=True)
        self.say("Read again.", "quiet")

    def show_notices(self) -> None:
        """List what the user was told; the one that is picked shows its goal or record."""
        if self._session is None:
            self.say("The store is not open yet.")
            return
        from cs_workspace.tui.panels.notices import Notices

        self.clear_notifications()
        self.push_screen(Notices(self, self._session), self._open_noticed)

    def _open_noticed(self, place: int | tuple[str, int] | None) -> None:
        if isinstance(place, int):
            self.in_background("open goal", self._show_goal(place))
        elif place is not None:
            self.post_message(OpenRecord(*place))

    async def _show_goal(self, goal: int) -> None:
        top = await self.main.show_tab(TABS.index("Goals") + 1)
        if not places.is_goal_page(top, goal):
            await self.main.open_page(places.goal_page(self, goal))

    def take_back(self, *, redo: bool) -> None:
        """Undo or redo."""
        self._with_session(self._take_back, redo)

    async def _take_back(self, session: Session, redo: bool) -> None:
        from cs_workspace.workspace import undo

        operation = partial(session.run, undo.redo) if redo else partial(session.run, undo.undo)
        done = await self.loader.run(operation)
        self.say(what_was_done(done, redo=redo), "warn" if done.names else "")
        if self._watcher is not None:
            await self._look_now(self._watcher)  # what is shown may be gone, and the next key may be meant for it
        else:
            self.look()

    def show_undo_list(self) -> None:
        """List what the user did."""
        from cs_workspace.tui.panels.undo_list import UndoList

        self._with_drawer(UndoList)

    def show_bin(self) -> None:
        """List what was deleted."""
        from cs_workspace.tui.panels.bin import Bin

        self._with_drawer(Bin)

    def _with_drawer(self, drawer: Callable[[Host, Session], Screen[None]]) -> None:
        if self._session is None:
            self.say("The store is not open yet.")
        else:
            self.push_screen(drawer(self, self._session))

    def calculate_all(self) -> None:
        """Measure every running milestone."""
        if self.calculating:
            self.say("All goals are being calculated; esc stops it.")
            return
        self._with_session(self._calculate_all)

    async def _calculate_all(self, session: Session) -> None:
        from cs_workspace.workspace import calculation

        self.calculating, self._given_up = True, False
        loop = asyncio.get_running_loop()

        def progress(done: int, total: int) -> None:
            if self._given_up:
                raise WorkspaceError("The calculation was stopped; nothing has changed.")
            loop.call_soon_threadsafe(self.say, f"Calculating {done:,} of {total:,} milestones; esc stops it.")

        self.say("Calculating all goals; esc stops it.")
        try:
            changed = await self.loader.run(partial(session.run, calculation.full, progress))
        finally:
            self.calculating = False
        self.say(f"All goals are calculated: {changed:,} milestone{'s' * (changed != 1)} changed.")
        self.look()

    def give_up(self) -> bool:
        """Stop a calculation that runs; whether one did."""
        if self.calculating and not self._given_up:
            self._given_up = True
            return True
        return False

    def look(self) -> None:
        """What this session has just done shows without waiting for the bell."""
        if self._watcher is not None and self._session is not None:
            self.in_background("look", self._look_now(self._watcher))
        else:
            self.main.page.touched(shown=True)
            self.on_noticed()
            if self._session is not None:
                self.in_background("around", self._look_around(self._session))

    async def _look_now(self, watcher: Watcher) -> None:
        await self.loader.run(watcher.look)

    def _with_session(self, function: Callable[..., Coroutine[Any, Any, None]], *arguments: Any) -> None:
        if self._session is None:
            self.say("The store is not open yet.")
        else:
            self.in_background(function.__name__, function(self._session, *arguments))

    def in_background(self, lane: str, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do something without holding the screen up; what goes wrong is said."""
        self.run_worker(self._guarded(coroutine), group=lane, exit_on_error=False)

    async def _guarded(self, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            await coroutine
        except WorkspaceError as error:
            self.say(str(error), "warn")
        except Exception as error:  # noqa: BLE001 - a bug is logged and said; the session goes on
            self.say(faults.record(error), "bad")


def run(
    store_address: str,
    *,
    login: str | None,
    now: int | None,
    read_only: bool = False,
    proven: str | None = None,
) -> int:
    """Open the workspace on this terminal; the exit code.

    Who acts is decided once the store is open, from the login chosen or `proven` (IDN-1). Raises Usage where there is
    no terminal, and Refused for somebody who may not open the store.
    """
    from cs_workspace.tui.driver import SafeLinuxDriver

    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "") in {"", "dumb"}:
        raise Usage("The workspace needs a terminal.", "Use a command, such as `cs-workspace goals progress`.")
    app = WorkspaceApp(
        store_address, login=login, now=now, read_only=read_only, proven=proven, driver_class=SafeLinuxDriver
    )
    result = app.run()
    app.finish()
    if app.refusal is not None:
        raise app.refusal
    # Whoever leaves by a key leaves an answer; without one something went wrong.
    return result if result is not None else app.return_code or 1


__all__ = ["BY_ID", "WorkspaceApp", "run"]
