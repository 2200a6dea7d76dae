"""The filter line on top of a list: live results, what went wrong under it, and what could be written next (QRY).

While nobody writes, the line below shows the filter's terms as chips.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur, DescendantFocus
from textual.message import Message
from textual.widgets import Input, Static

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.query.binding import Names
from cs_workspace.domain.query.complete import Completion, complete, expected
from cs_workspace.domain.query.errors import QueryError
from cs_workspace.domain.query.folding import squash
from cs_workspace.domain.query.parser import MAX_LENGTH
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.tui.keys import Where, bindings
from cs_workspace.tui.text import Part, content, lines, part, width_of
from cs_workspace.tui.widgets.chips import Chips

SHORTEST_TITLE = 18  # characters that a title has where there is little room

FEW = 2  # suggestions beside which there is room to say what a value looks like


@dataclass(frozen=True, slots=True)
class Taken:
    """Suggestions of which one stands in the line."""

    found: Sequence[Completion]
    place: int
    rest: str  # what is written behind it
    text: str  # the whole line with it
    cursor: int

    def stands(self, line: Input) -> bool:
        """Whether nothing was typed since."""
        return (line.value, line.cursor_position) == (self.text, self.cursor)


class QueryInput(Input):
    """The line itself. Its keys say what they do in the table of keys."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Where.QUERY)

    class Left(Message):
        """The line was left for the list."""

    class Completing(Message):
        """A suggestion is taken: the first one, or after that the next (1) or the one before (-1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    taken: Taken | None = None  # the suggestion that was taken, while nothing else is typed

    def action_complete(self, step: int) -> None:
        """Take the first suggestion; again, another one in its place."""
        if step < 0 and (self.taken is None or not self.taken.stands(self)):
            raise SkipAction  # there is nothing to go back to: the key means what it means everywhere
        self.post_message(self.Completing(step))

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
        self._title: tuple[str, tuple[Part, ...]] = (title, ())
        self._placeholder = placeholder
        self._kind: ObjectType | None = None
        self._names: Names | None = None
        self._error: WorkspaceError | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(content(part(self._title[0], "strong")), classes="title", markup=False)
            line = QueryInput(placeholder=self._placeholder, compact=True, max_length=MAX_LENGTH, select_on_focus=False)
            line.cursor_blink = False  # a blinking cursor sends two thousand bytes a second
            yield line
            yield Static("", classes="count", markup=False)
        yield Static("", classes="hint", markup=False)
        yield Chips()

    def on_resize(self) -> None:
        """A long title leaves room for the filter."""
        title, more = self._title
        self.entitle(title, *more)

    # --- for the list

    @property
    def input(self) -> QueryInput:
        """The line where one types."""
        return self.query_one(QueryInput)

    @property
    def text(self) -> str:
        """What is written."""
        return self.input.value.rstrip()

    def entitle(self, title: str, *more: Part) -> None:
        """Say whose filter it is."""
        self._title = (title, more)
        pieces = (part(title, "strong", max(SHORTEST_TITLE, self.size.width // 4)), *more)
        self.query_one(".title", Static).update(content(*pieces))
        for under in (self.query_one(".hint", Static), self.query_one(Chips)):
            # So that columns are counted under the text.
            under.styles.padding = (0, 0, 0, sum(width_of(each.text) for each in pieces) + 3)

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

    def _offered(self) -> list[Completion]:
        """What may be written next; of suggestions one of which was taken, that one first."""
        line, taken = self.input, self.input.taken
        if taken is None or not taken.stands(line) or len(taken.found) == 1:
            return self._completions()
        return [*taken.found[taken.place :], *taken.found[: taken.place]]

    def _suggestions(self) -> list[Sequence[Part]]:
        """A line of them, or what a value looks like where there is little to choose from."""
        line, found = self.input, self._offered()
        row: list[Part] = []
        for each in found:
            row.append(part(f"{'   ' if row else ''}{each.text}", "quiet" if row else "accent"))
            if len(row) == 1 and squash(each.label) != squash(each.text):
                row.append(part(f" {each.label}", "quiet"))
        like = expected(line.value, line.cursor_position, self._kind) if self._kind and len(found) <= FEW else ""
        if like and (self._error is None or like not in self._error.hint):
            row.append(part(f"{'   ' if row else ''}{like}", "quiet"))
        return [row] if row else []

    def _hint(self) -> None:
        rows: list[Sequence[Part]] = []
        if self._error is not None:
            room = self.size.width - self.query_one(".hint", Static).styles.padding.left
            rows += _mistake(self._error, room)
        if self.input.has_focus:
            rows += self._suggestions()
        hint, chips = self.query_one(".hint", Static), self.query_one(Chips)
        hint.update(lines(rows))
        hint.display = bool(rows) or self.input.has_focus or not self.text.strip()
        chips.display = not hint.display
        if chips.display:
            chips.show(self.text, self._kind)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell the list and think of what may come next."""
        event.stop()
        if self._goes_on(event.value):
            return
        self._error = None if not event.value.strip() else self._error
        self._hint()
        self.post_message(self.Changed(event.value))

    def _goes_on(self, text: str) -> bool:
        """Whether a comma was typed after a value that was taken: it belongs to the value, without a blank."""
        taken = self.input.taken
        if taken is None or text != f"{taken.text[: taken.cursor]},{taken.text[taken.cursor :]}" or text[-2:-1] == ":":
            return False
        head = taken.text[: taken.cursor].rstrip() + ","
        self.input.taken = None
        self.input.value = head + taken.rest
        self.input.cursor_position = len(head)
        return True

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the list."""
        event.stop()
        self.post_message(self.Left())

    def on_query_input_left(self, event: QueryInput.Left) -> None:
        event.stop()
        self.post_message(self.Left())

    def on_query_input_completing(self, event: QueryInput.Completing) -> None:
        """Put a suggestion in; with nothing begun the key means the next pane, as everywhere."""
        event.stop()
        line, taken = self.input, self.input.taken
        if taken is not None and taken.stands(line) and len(taken.found) > 1:
            self._take(taken.found, (taken.place + event.step) % len(taken.found), taken.rest)
            return
        found = self._completions()
        begun = line.value[found[0].start : line.cursor_position] if found else ""
        after_name = line.value[: line.cursor_position].endswith((":", ","))
        if not found or not (begun or after_name):
            self.post_message(self.Left())
            return
        self._take(found, 0, line.value[line.cursor_position :].lstrip())

    def _take(self, found: Sequence[Completion], place: int, rest: str) -> None:
        line, one = self.input, found[place]
        text = one.text if one.text.endswith(":") else f"{one.text} "
        head = line.value[: one.start] + text
        line.taken = Taken(found, place, rest, head + rest, len(head))
        line.value = head + rest
        line.cursor_position = len(head)
        self._hint()

    def on_chips_dropped(self, event: Chips.Dropped) -> None:
        """A term goes from the line."""
        event.stop()
        self.write(event.text)

    def on_descendant_focus(self, _: DescendantFocus) -> None:
        """What is typed is the next term."""
        if self.text:
            self._put(f"{self.text} ")
        self._hint()

    def on_descendant_blur(self, _: DescendantBlur) -> None:
        self._put(self.text)
        self._hint()

    def _put(self, text: str) -> None:
        """The same filter in other letters."""
        with self.prevent(Input.Changed):
            self.input.value = text
            self.input.cursor_position = len(text)


def _mistake(error: WorkspaceError, room: int) -> list[Sequence[Part]]:
    """What is wrong and what was expected, below each other where a line has no room for both."""
    if isinstance(error, QueryError):
        place = f"column {error.column}: " if error.column else ""
        why, hint = part(f"▲ {place}{error.why}.", "warn"), part(f"  {error.hint}", "quiet")
    else:
        why, hint = part(f"▲ {error.message}", "warn"), part(f"  {error.hint}", "quiet")
    return [(why, hint)] if width_of(why.text) + width_of(hint.text) <= room else [(why,), (hint,)]
