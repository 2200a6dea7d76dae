"""What forms are made of: a text line, a choice of one, a checklist with search, a date that says what was understood.

Enter and the arrows lead from field to field; a form need not listen to more than `Field.Changed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from cs_workspace.domain.clock import parse_date
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.folding import fold
from cs_workspace.tui import format as shown
from cs_workspace.tui.keys import some
from cs_workspace.tui.text import Part, content, part, width_of


class Field(Vertical):
    """A word, what is filled in beside it, and a line below that says what was understood or what is wrong."""

    class Changed(Message):
        """Something else is filled in."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Field:
            """The field."""
            return self.field

    class Left(Message):
        """Whoever fills in goes on to the next field, or to the one before."""

        def __init__(self, field: Field, step: int) -> None:
            super().__init__()
            self.field = field
            self.step = step

    def __init__(self, label: str, *, id: str) -> None:
        super().__init__(id=id, classes="field")
        self._label = label
        self._hinted: tuple[Part | str, ...] | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(classes="line"):
            yield Static(content(part(self._label, "quiet")), classes="label")
            yield from self.inside()
        yield Static("", classes="hint", markup=False)

    def inside(self) -> Iterable[Widget]:
        """What is filled in."""
        raise NotImplementedError

    @property
    def value(self) -> Any:
        """What is filled in."""
        raise NotImplementedError

    @property
    def target(self) -> Widget:
        """What takes the keys."""
        raise NotImplementedError

    def hint(self, *pieces: Part | str) -> None:
        """Say something below the field, or nothing."""
        if pieces == self._hinted:
            return
        self._hinted = pieces
        line = self.query_one(".hint", Static)
        line.update(content(*pieces))
        line.display = bool(pieces)

    def on_mount(self) -> None:
        """There is nothing to say yet."""
        self.hint()


class TextInput(Input):
    """A line of text whose arrows lead to the fields around it."""

    BINDINGS: ClassVar[list[BindingType]] = some("form.next", "form.before")

    def __init__(self, value: str = "", *, placeholder: str = "", max_length: int = 200) -> None:
        super().__init__(value, placeholder=placeholder, compact=True, max_length=max_length)
        self.cursor_blink = False  # a blinking cursor sends two thousand bytes a second

    class Went(Message):
        """An arrow was pressed."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def action_field(self, step: int) -> None:
        """Go to another field."""
        self.post_message(self.Went(step))


class TextField(Field):
    """A line of text."""

    def __init__(self, label: str, value: str = "", *, id: str, placeholder: str = "", max_length: int = 200) -> None:
        super().__init__(label, id=id)
        self._input = TextInput(value, placeholder=placeholder, max_length=max_length)

    def inside(self) -> Iterable[Widget]:
        """The line."""
        yield self._input

    @property
    def value(self) -> str:
        """The text."""
        return self._input.value

    @property
    def target(self) -> Widget:
        """The line."""
        return self._input

    def put(self, text: str) -> None:
        """Fill in a text, as if nobody had typed."""
        if text != self._input.value:
            with self.prevent(Input.Changed):
                self._input.value = text
                self._input.cursor_position = len(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass it on."""
        event.stop()
        self.understood()
        self.post_message(self.Changed(self))

    def understood(self) -> None:
        """Say what was understood."""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        self.post_message(self.Left(self, 1))

    def on_text_input_went(self, event: TextInput.Went) -> None:
        """So do the arrows."""
        event.stop()
        self.post_message(self.Left(self, event.step))


class DateField(TextField):
    """A day, written as ISO 8601 and echoed as people say it."""

    def on_mount(self) -> None:
        """Echo what is there."""
        self.understood()

    def understood(self) -> None:
        """The day with its weekday, or why it is none."""
        text = self.value.strip()
        if not text:
            self.hint()
            return
        try:
            day = parse_date(text)
        except Invalid as error:
            self.hint(part(f"▲ {error.why}. {error.hint}", "warn"))
        else:
            self.hint(part(shown.weekday_and_day(day), "quiet"))


class Choices(Static, can_focus=True):
    """Several words on a line, one of them chosen; where there is no room, the chosen one and how many there are."""

    BINDINGS: ClassVar[list[BindingType]] = some("form.next", "form.before", "form.left", "form.right", "form.tick")
    ALLOW_SELECT = False

    class Chose(Message):
        """Another word is chosen."""

    class Went(Message):
        """An arrow was pressed."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, options: Sequence[tuple[str, str]], value: str) -> None:
        super().__init__("", markup=False)
        self.options = options
        self.value = value

    @property
    def _index(self) -> int:
        return next((i for i, (value, _) in enumerate(self.options) if value == self.value), 0)

    def render(self) -> Content:
        """The line."""
        words = [label for _, label in self.options]
        room = self.size.width or 60
        if sum(width_of(word) + 3 for word in words) <= room:
            pieces = [
                part(f"‹{word}› ", "accent" if self.has_focus else "strong")
                if index == self._index
                else part(f" {word}  ", "quiet")
                for index, word in enumerate(words)
            ]
            return content(*pieces)
        word = words[self._index] if words else "nothing to choose"
        tone = "accent" if self.has_focus else "strong"
        return content(part(f"‹{word}›", tone), part(f"   {self._index + 1} of {len(words)}", "quiet"))

    def on_focus(self) -> None:
        """Show it."""
        self.refresh()

    def on_blur(self) -> None:
        """Show it."""
        self.refresh()

    def on_resize(self) -> None:
        """As there is room."""
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """A letter chooses the next word that begins with it."""
        letter = fold(event.character or "") if event.is_printable else ""
        if not letter.isalpha():
            return
        count = len(self.options)
        for step in range(1, count + 1):
            value, label = self.options[(self._index + step) % count]
            if fold(label).startswith(letter):
                event.stop()
                self._choose(value)
                return

    def action_choose(self, step: int) -> None:
        """The next word, or the one before."""
        if self.options:
            self._choose(self.options[(self._index + step) % len(self.options)][0])

    def action_tick(self) -> None:
        """The next word."""
        self.action_choose(1)

    def action_field(self, step: int) -> None:
        """Go to another field."""
        self.post_message(self.Went(step))

    def _choose(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self.refresh()
            self.post_message(self.Chose())


class OneOf(Field):
    """A choice of one."""

    def __init__(self, label: str, options: Sequence[tuple[str, str]], value: str, *, id: str) -> None:
        super().__init__(label, id=id)
        self._choices = Choices(options, value)

    def inside(self) -> Iterable[Widget]:
        """The words."""
        yield self._choices

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._choices.value

    @property
    def target(self) -> Widget:
        """The words."""
        return self._choices

    def offer(self, options: Sequence[tuple[str, str]], value: str) -> None:
        """Offer something else."""
        self._choices.options = options
        self._choices.value = value
        self._choices.refresh()

    def on_choices_chose(self, event: Choices.Chose) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Changed(self))

    def on_choices_went(self, event: Choices.Went) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Left(self, event.step))


class YesNo(OneOf):
    """A choice of yes or no."""

    def __init__(self, label: str, value: bool, *, id: str) -> None:
        super().__init__(label, (("no", "no"), ("yes", "yes")), "yes" if value else "no", id=id)

    @property
    def is_yes(self) -> bool:
        """Whether it is yes."""
        return self.value == "yes"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a checklist: what its owner knows it by, its words, a quiet note, whether it is ticked."""

    key: str
    label: str
    note: str = ""
    ticked: bool = False
    depth: int = 0
    asks: bool = False  # it has to be decided

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every word begins something in it."""
        text = f" {fold(f'{self.label} {self.note}')}"
        return all(f" {word}" in text for word in words)


class Ticks(OptionList):
    """The lines of a checklist."""

    BINDINGS: ClassVar[list[BindingType]] = some("form.tick")
    ALLOW_SELECT = False

    class Went(Message):
        """The end of the list was left."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def action_tick(self) -> None:
        """Tick, or take the tick away."""
        self.action_select()

    def action_cursor_down(self) -> None:
        """Below the last line comes the next field."""
        if self.highlighted is None or self.highlighted >= self.option_count - 1:
            self.post_message(self.Went(1))
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """Above the first line stands the search."""
        if not self.highlighted:
            self.post_message(self.Went(-1))
        else:
            super().action_cursor_up()


class Checklist(Field):
    """Lines to tick. Typing narrows them; enter ticks the first that is left, without text it goes on."""

    class Ticked(Message):
        """A line was ticked or its tick taken away; its owner says what the list looks like now."""

        def __init__(self, checklist: Checklist, key: str) -> None:
            super().__init__()
            self.checklist = checklist
            self.key = key

    def __init__(self, label: str, items: Sequence[Item], *, id: str, search: bool = True) -> None:
        super().__init__(label, id=id)
        self._items = list(items)
        self._drawn: list[Item] | None = None
        self._search = search
        self._input = TextInput(placeholder="type to search, enter ticks", max_length=100)
        self._list = Ticks()
        self.add_class("checklist")

    def inside(self) -> Iterable[Widget]:
        """The search line and the list."""
        with Vertical(classes="both"):
            if self._search:
                yield self._input
            yield self._list

    def on_mount(self) -> None:
        """Show all."""
        self.hint()
        self._draw()

    @property
    def value(self) -> tuple[str, ...]:
        """The keys of the ticked lines."""
        return tuple(item.key for item in self._items if item.ticked)

    @property
    def target(self) -> Widget:
        """The search line, or the list."""
        return self._input if self._search else self._list

    def show(self, items: Sequence[Item]) -> None:
        """Show other lines; the cursor stays on its line."""
        self._items = list(items)
        self._draw()

    @property
    def _shown(self) -> list[Item]:
        words = fold(self._input.value).split() if self._search else []
        return [item for item in self._items if item.matches(words)]

    def _draw(self) -> None:
        found = self._shown
        if found == self._drawn:
            return
        self._drawn = found
        current = self._list.highlighted
        before = self._list.get_option_at_index(current).id if current is not None else None
        self._list.clear_options()
        self._list.add_options([Option(_line(item), id=item.key) for item in found])
        place = next((i for i, item in enumerate(found) if item.key == before), min(current or 0, len(found) - 1))
        self._list.highlighted = place if found else None
        if self._search and self._input.value.strip() and not found:
            self.hint(part("▲ Nothing is called that.", "warn"))
        else:
            self.hint()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self._draw()
        if event.value:
            self._list.highlighted = 0 if self._list.option_count else None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Tick the first that is left, or go on."""
        event.stop()
        found = self._shown
        if not event.value.strip():
            self.post_message(self.Left(self, 1))
        elif found:
            self._input.value = ""
            self.post_message(self.Ticked(self, found[0].key))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tick it."""
        event.stop()
        if event.option_id is not None:
            self.post_message(self.Ticked(self, event.option_id))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Nobody else has to know."""
        event.stop()

    def on_text_input_went(self, event: TextInput.Went) -> None:
        """Down is the list, up the field before."""
        event.stop()
        if event.step > 0 and self._list.option_count:
            self._list.focus()
        else:
            self.post_message(self.Left(self, event.step))

    def on_ticks_went(self, event: Ticks.Went) -> None:
        """Up is the search line."""
        event.stop()
        if event.step < 0 and self._search:
            self._input.focus()
        else:
            self.post_message(self.Left(self, event.step))


def _line(item: Item) -> Content:
    box = "?" if item.asks else "☑" if item.ticked else "☐"
    tone = "warn" if item.asks else "accent" if item.ticked else "quiet"
    note = [part(f"   {item.note}", "quiet")] if item.note else []
    return content(
        Part("  " * item.depth), part(f"{box} ", tone), part(item.label, "strong" if item.ticked else ""), *note
    )


class Go(Static, can_focus=True):
    """The line that leads on; enter on it goes."""

    BINDINGS: ClassVar[list[BindingType]] = some("form.before")
    ALLOW_SELECT = False

    class Went(Message):
        """An arrow was pressed."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Pressed(Message):
        """It was clicked."""

    def __init__(self, text: str, key: str = "") -> None:
        super().__init__(content(part(f"{text}  →"), part(f"  {key}" if key else "", "quiet")), markup=False)

    def action_field(self, step: int) -> None:
        """Go to another field."""
        self.post_message(self.Went(step))

    def on_click(self) -> None:
        """Go."""
        self.post_message(self.Pressed())
