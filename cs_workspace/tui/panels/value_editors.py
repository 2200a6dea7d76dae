"""What a property's value is typed into: a line in its own row, a text in a drawer, or a list to choose from."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from cs_workspace.domain.errors import Invalid, WorkspaceError
from cs_workspace.tui import faults
from cs_workspace.tui.keys import some
from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.text import Part, content, lines, part
from cs_workspace.tui.widgets.record_table import Column

Read = Callable[[str], tuple[str, Sequence[Part]]]  # the text to save, and what it means; raises Invalid
Doing = Coroutine[Any, Any, None]

NARROWEST = 24  # cells of the line
LONGEST_LINE = 1_000
MOST_SAID = 4  # lines below it
UNSAVED = "Not saved yet: ctrl+s saves it, esc once more drops it."


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries to save a text: where it is done, so that a refusal is said there, and what hears the outcome."""

    run: Callable[[Doing], None]
    settled: Callable[[bool], None]  # not where somebody else was first and it was not said what stands


Keep = Callable[[str, Attempt], Doing]  # saves a text. Raises WorkspaceError


class ValueEditor(Drawer[int]):
    """Base of editors of a text. The answer is how many properties to go on: 0 stays, None is for a dropped text."""

    def __init__(self, began: str, read: Read, keep: Keep) -> None:
        super().__init__()
        self._began = began
        self._read = read
        self._keep = keep
        self._saving = False

    @property
    def text(self) -> str:
        """What is written."""
        raise NotImplementedError

    @property
    def typed(self) -> str | None:
        """What is written and not saved; none where nothing is."""
        return self.text if self.text != self._began else None

    def say(self, *pieces: Part) -> None:
        """Say something beside the text."""
        raise NotImplementedError

    def save(self, step: int) -> None:
        """Save what is written and close; what cannot be saved stays, with the reason."""
        if self._saving:
            return
        if self.typed is None:
            self.dismiss(step)
            return
        try:
            text, _ = self._read(self.text)
        except Invalid as error:
            self._refuse(error)
            return
        self._run(self._keep(text, Attempt(self._run, partial(self._settled, step))))

    def _run(self, doing: Doing) -> None:
        self._saving = True
        self.say(part("Saving …", "quiet"))
        self.run_worker(self._guarded(doing), exit_on_error=False)

    async def _guarded(self, doing: Doing) -> None:
        try:
            await doing
        except WorkspaceError as error:
            self._refuse(error)
        except Exception as error:  # noqa: BLE001 - a bug is logged and said; what was typed stays
            self._refuse(WorkspaceError(faults.record(error)))

    def _settled(self, step: int, done: bool) -> None:
        if done:
            self.dismiss(step)
        else:
            self._saving = False
            self.say(part("Not saved yet.", "warn"))

    def _refuse(self, error: WorkspaceError) -> None:
        self._saving = False
        why = f"{error.why}. {error.hint}" if isinstance(error, Invalid) else str(error)
        self.say(part(f"▲ {why}".strip(), "warn"))


class LineEditor(ValueEditor):
    """One line over the value it replaces; below it what was understood."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.next_value", "panel.value_before")
    HINTS = ("enter save", "tab save, next", "esc drop")

    def __init__(
        self, began: str, read: Read, keep: Keep, place: Callable[[], Region], *, text: str | None, replaces: bool
    ) -> None:
        """`place` is where the value stands; `text` was typed before; typing `replaces` what is there, or goes on."""
        super().__init__(began, read, keep)
        self._place = place
        self._line = Input(
            began if text is None else text, compact=True, max_length=LONGEST_LINE, select_on_focus=replaces
        )
        self._line.cursor_blink = False  # a blinking cursor sends two thousand bytes a second
        self._said = ""
        self._echo = Static("", classes="echo", markup=False)
        self._box = Vertical(self._line, self._echo, classes="edit")

    def compose(self) -> ComposeResult:
        yield self._box

    def on_mount(self) -> None:
        """Stand where the value stands."""
        self._line.focus()
        self._understand()

    def on_resize(self) -> None:
        """The list is laid out anew."""
        self.call_after_refresh(self._stand)

    def _stand(self) -> None:
        place, size = self._place(), self.app.size
        width = min(max(place.width, NARROWEST), size.width)
        said = textwrap.wrap(self._said, width - 1)
        rows = max(1, min(len(said), MOST_SAID))
        above = place.y + rows >= size.height - 1
        if above != (self._box.children[0] is self._echo):
            self._box.move_child(self._echo, **({"before": 0} if above else {"after": self._line}))
        self._echo.styles.height, self._box.styles.height = rows, rows + 1
        self._box.styles.width = width
        self._box.styles.offset = (max(0, min(place.x, size.width - width)), place.y - rows * above)

    @property
    def text(self) -> str:
        """The line."""
        return self._line.value

    def say(self, *pieces: Part) -> None:
        """Below the line, or above it at the bottom of the screen."""
        self._said = "".join(each.text for each in pieces)
        self._echo.update(content(*pieces))
        self._stand()

    def _understand(self) -> None:
        try:
            self.say(*self._read(self.text)[1])
        except Invalid as error:
            self._refuse(error)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what was understood."""
        event.stop()
        self._understand()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Save."""
        event.stop()
        self.save(0)

    def action_next_value(self, step: int) -> None:
        """Save and go on to another property."""
        self.save(step)


class TextEditor(ValueEditor):
    """Several lines."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.save")
    HINTS = ("ctrl+s save", "esc drop")

    def __init__(self, title: str, began: str, read: Read, keep: Keep, *, text: str | None) -> None:
        super().__init__(began, read, keep)
        self._title = title
        self._area = TextArea(began if text is None else text, compact=True)
        self._area.cursor_blink = False
        self._warned = False

    def inside(self) -> Iterable[Widget]:
        """What is edited, the text, what is said of it."""
        yield Static(lines([(part(self._title, "strong"),)]), classes="heading", markup=False)
        yield self._area
        yield Static("", id="echo", markup=False)

    def on_mount(self) -> None:
        """Go on at its end."""
        self._area.move_cursor(self._area.document.end)
        self._area.focus()

    @property
    def text(self) -> str:
        """All of it."""
        return self._area.text

    def say(self, *pieces: Part) -> None:
        """Below the text."""
        self.query_one("#echo", Static).update(content(*pieces))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """What is written on is meant to be kept."""
        event.stop()
        self._warned = False
        self.say()

    def action_save(self) -> None:
        """Save and close."""
        self.save(0)

    def action_close(self) -> None:
        """Drop what was typed; asked for twice, because it may have been long."""
        if self.typed is None or self._warned:
            self.dismiss(None)
        else:
            self._warned = True
            self.say(part(UNSAVED, "warn"))


class ValueDrawer(ChoiceDrawer):
    """The values a property may have; the one it has is marked, and the cursor begins there."""

    HINTS = ("↑↓ choose", "enter save", "esc close")

    def __init__(self, title: str, choices: Sequence[Choice], current: int) -> None:
        columns = (Column("front", "", 1, 1), Column("label", "", 12, 44), Column("help", "", 8, 20, rank=1))
        super().__init__(title, choices, columns)
        self._current = current

    def _show(self, *, keep: bool = False) -> None:
        super()._show(keep=keep)
        if not self.typed:
            self.table.cursor = self._current
