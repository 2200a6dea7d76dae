"""The filter line on top of a list: live results, what went wrong under it, and what could be written next (QRY).

While nobody writes, the line below shows the filter's terms as chips.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur, DescendantFocus
from textual.message import Message
from textual.widgets import Input, Static

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.query.binding import Names
from cs_workspace.domain.query.complete import Completion, complete
from cs_workspace.domain.query.errors import QueryError
from cs_workspace.domain.query.parser import MAX_LENGTH
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.tui.keys import Where, bindings
from cs_workspace.tui.text import Part, content, lines, part
from cs_workspace.tui.widgets.chips import Chips


class QueryInput(Input):
    """The line itself. Its keys say what they do in the table of keys."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Where.QUERY)

    class Left(Message):
        """The line was left for the list."""

    class Completing(Message):
        """The first suggestion is taken."""

    def action_complete(self) -> None:
        """Take the first suggestion."""
        self.post_message(self.Completing())

    def action_leave(self) -> None:
        """Go to the list."""
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """One step back: take the text away, then leave."""
        if self.value:
            self.value = ""
        else:
            self.post_message(self.Left())


class QueryLine(Vertical):
    """Title, filter and count in one line; a hint, a mistake or the chips in the next."""

    class Changed(Message):
        """The text is another one."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The list should have the keys now."""

    def __init__(self, title: str, placeholder: str) -> None:
        super().__init__()
        self._title = title
        self._placeholder = placeholder
        self._kind: ObjectType | None = None
        self._names: Names | None = None
        self._error: WorkspaceError | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(content(part(self._title, "strong")), classes="title")
            line = QueryInput(placeholder=self._placeholder, compact=True, max_length=MAX_LENGTH, select_on_focus=False)
            line.cursor_blink = False  # a blinking cursor sends two thousand bytes a second
            yield line
            yield Static("", classes="count", markup=False)
        hint = Static("", classes="hint", markup=False)
        chips = Chips()
        for under in (hint, chips):
            under.styles.padding = (0, 0, 0, len(self._title) + 3)  # so that columns are counted under the text
        yield hint
        yield chips

    # --- for the list

    @property
    def input(self) -> QueryInput:
        """The line where one types."""
        return self.query_one(QueryInput)

    @property
    def text(self) -> str:
        """What is written."""
        return self.input.value

    def knows(self, kind: ObjectType, names: Names) -> None:
        """What suggestions and chips are made of."""
        self._kind, self._names = kind, names

    @property
    def kind(self) -> ObjectType | None:
        """What is filtered, once it is known."""
        return self._kind

    def write(self, text: str) -> None:
        """Put another filter in."""
        self.input.value = text
        self.input.cursor_position = len(text)

    @property
    def naming(self) -> bool:
        """Whether the last word may be the beginning of a property's name that is being written."""
        return self.input.has_focus and any(each.text.endswith(":") for each in self._completions())

    def count(self, *pieces: Part | str) -> None:
        """Say how many rows there are."""
        self.query_one(".count", Static).update(content(*pieces))

    def wrong(self, error: WorkspaceError | None) -> None:
        """Show a mistake, or that there is none."""
        self._error = error
        self._hint()

    def clear(self) -> None:
        """Take the filter away."""
        self.input.value = ""

    # --- hints

    def _completions(self) -> list[Completion]:
        line = self.input
        if self._kind is None or self._names is None:
            return []
        return complete(line.value, line.cursor_position, self._kind, self._names, limit=12)

    def _hint(self) -> None:
        rows: list[Sequence[Part]] = []
        if self._error is not None:
            rows.append(_mistake(self._error))
        if self.input.has_focus:
            rows += _suggestions(self._completions())
        hint, chips = self.query_one(".hint", Static), self.query_one(Chips)
        hint.update(lines(rows))
        hint.display = bool(rows) or self.input.has_focus or not self.text.strip()
        chips.display = not hint.display
        if chips.display:
            chips.show(self.text, self._kind)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell the list and think of what may come next."""
        event.stop()
        self._error = None if not event.value.strip() else self._error
        self._hint()
        self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the list."""
        event.stop()
        self.post_message(self.Left())

    def on_query_input_left(self, event: QueryInput.Left) -> None:
        event.stop()
        self.post_message(self.Left())

    def on_query_input_completing(self, event: QueryInput.Completing) -> None:
        """Put the first suggestion in; with nothing begun the key means the next pane, as everywhere."""
        event.stop()
        line = self.input
        found = self._completions()
        begun = line.value[found[0].start : line.cursor_position] if found else ""
        after_name = line.value[: line.cursor_position].endswith((":", ","))
        if not found or not (begun or after_name):
            self.post_message(self.Left())
            return
        first = found[0]
        text = first.text if first.text.endswith(":") else f"{first.text} "
        rest = line.value[line.cursor_position :].lstrip()
        line.value = line.value[: first.start] + text + rest
        line.cursor_position = first.start + len(text)
        self._hint()

    def on_chips_dropped(self, event: Chips.Dropped) -> None:
        """A term goes from the line."""
        event.stop()
        self.write(event.text)

    def on_descendant_focus(self, _: DescendantFocus) -> None:
        self._hint()

    def on_descendant_blur(self, _: DescendantBlur) -> None:
        self._hint()


def _mistake(error: WorkspaceError) -> Sequence[Part]:
    if isinstance(error, QueryError):
        place = f"column {error.column}: " if error.column else ""
        return (part(f"▲ {place}{error.why}.", "warn"), part(f"  {error.hint}", "quiet"))
    return (part(f"▲ {error.message}", "warn"), part(f"  {error.hint}", "quiet"))


def _suggestions(found: Sequence[Completion]) -> list[Sequence[Part]]:
    if not found:
        return []
    first, *others = found
    row = [part(first.text, "accent")]
    row += (part(f"   {each.text}", "quiet") for each in others)
    return [row]
