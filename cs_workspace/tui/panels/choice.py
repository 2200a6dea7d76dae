"""A drawer in which one types and picks: the help and the palette."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from cs_workspace.domain.query.folding import fold
from cs_workspace.tui.keys import some
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.text import Cell, cell, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick: a word in front, what it is called, a sentence, and what happens."""

    front: str
    label: str
    help: str
    run: Callable[[], None] | None  # none: it is said here, and done with its key

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every word begins something in it."""
        text = f" {fold(f'{self.front} {self.label} {self.help}')}"
        return all(f" {word}" in text for word in words)


class ChoiceDrawer(Drawer[Choice]):
    """Typing narrows the list, enter picks."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.down", "panel.up")
    HINTS = ("↑↓ choose", "enter do it", "esc close")

    def __init__(self, title: str, choices: Sequence[Choice], columns: Sequence[Column]) -> None:
        super().__init__()
        self._choices = choices
        self._more: Sequence[Choice] = ()
        self._more_for = ""  # what was typed when they came
        self._input = Input(placeholder=title, compact=True, max_length=200)
        self.table: RecordTable[Choice] = RecordTable(columns, _cells, header=False, id="choices")
        self.table.can_focus = False

    def inside(self) -> Iterable[Widget]:
        """The line and the list."""
        yield self._input
        yield self.table

    def on_mount(self) -> None:
        """Show everything."""
        self._show()
        self._input.focus()

    @property
    def typed(self) -> str:
        """What is written."""
        return self._input.value

    def add(self, more: Sequence[Choice]) -> None:
        """Show other things behind the ones that match, as an answer to what is typed."""
        self._more, self._more_for = more, self.typed
        self._show(keep=True)

    def _show(self, *, keep: bool = False) -> None:
        words = fold(self.typed).split()
        found = [choice for choice in self._choices if choice.matches(words)]
        found += [each for each in self._more if self.typed == self._more_for or each.matches(words)]
        places = {id(choice): place for place, choice in enumerate(found)}
        self.table.show(Rows(found, lambda choice: places[id(choice)]), index=self.table.cursor if keep else 0)
        if not found:
            self.table.say((part("Nothing is called that.", "quiet"),))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self._show()
        self.searched(event.value)

    def searched(self, text: str) -> None:
        """What was typed is another text."""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pick."""
        event.stop()
        self._pick()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        event.stop()
        self._pick()

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        event.stop()

    def _pick(self) -> None:
        choice = self.table.current
        if choice is not None and choice.run is not None:
            self.dismiss(choice)

    def action_move(self, rows: int) -> None:
        """Go up or down in the list."""
        self.table.action_move(rows)


def _cells(choice: Choice, names: Sequence[str]) -> list[Cell]:
    texts = {"front": (choice.front, "accent"), "label": (choice.label, ""), "help": (choice.help, "quiet")}
    return [cell(*texts[name]) for name in names]
