"""A line at the bottom of a page in which one thing is asked; what the text means is said while one types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workspace.domain.errors import Invalid
from cs_workspace.tui.text import clip, content, part, plain

TITLE = 30  # cells of what is asked about


@dataclass(frozen=True, slots=True)
class Question:
    """What is being typed about: how it is called, what may be typed, and what a text means, in words too.

    `understood` raises Invalid; `about` is the asker's own.
    """

    title: str
    hint: str
    understood: Callable[[str], tuple[Any, str]]
    about: Any = None


class AskLine(Horizontal):
    """Shown while something is asked."""

    class Answered(Message):
        """Somebody typed what means something."""

        def __init__(self, question: Question, answer: Any) -> None:
            super().__init__()
            self.question = question
            self.answer = answer

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._question: Question | None = None
        self._asked_from: Widget | None = None

    def compose(self) -> ComposeResult:
        yield Static("", classes="title", markup=False)
        line = Input(compact=True, max_length=60, select_on_focus=False)
        line.cursor_blink = False  # a blinking cursor sends two thousand bytes a second
        yield line
        yield Static("", classes="echo", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether something is asked."""
        return self._question is not None

    def ask(self, question: Question) -> None:
        """Ask; what had the keys gets them back with the answer."""
        self._question, self._asked_from = question, self.screen.focused
        self.display = True
        self.query_one(".title", Static).update(content(part(clip(plain(question.title), TITLE), "accent")))
        line = self.query_one(Input)
        line.value = ""
        line.focus()
        self._echo()

    def close(self) -> None:
        """Ask no longer."""
        self._question = None
        if self._asked_from is not None:
            self._asked_from.focus()
        self.display = False

    def _echo(self) -> None:
        question = self._question
        if question is None:
            return
        text = self.query_one(Input).value
        if not text.strip():
            said = part(question.hint, "quiet")
        else:
            try:
                said = part(f"→ {question.understood(text)[1]}", "accent")
            except Invalid as error:
                said = part(f"▲ {error.why}. {error.hint}", "warn")
        self.query_one(".echo", Static).update(content(said))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what was understood."""
        event.stop()
        self._echo()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer; what means nothing stays where it was typed."""
        event.stop()
        question = self._question
        if question is None:
            return
        try:
            answer, _ = question.understood(event.value)
        except Invalid:
            self._echo()
            return
        self.close()
        self.post_message(self.Answered(question, answer))
