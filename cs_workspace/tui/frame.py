"""The one frame: a line on top with the tabs, one at the bottom with the keys that work here and how the store is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cs_workspace.tui.keys import SHORT_TABS, TABS
from cs_workspace.tui.text import TONES, Part, clip, part, strip_of, width_of


class FrameLine(Widget):
    """One line of the frame, drawn by hand."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"frame--tab", *(f"frame--{tone}" for tone in TONES)}
    ALLOW_SELECT = False

    def parts(self, width: int) -> Sequence[Part]:
        """What the line says in so many cells."""
        raise NotImplementedError

    def _styles(self) -> dict[str, Style]:
        styles = {tone: self.get_component_rich_style(f"frame--{tone}") for tone in TONES}
        return {"": self.rich_style, "tab": self.get_component_rich_style("frame--tab"), **styles}

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        width = self.size.width
        return strip_of(self.parts(width), self._styles(), width).crop(0, width)


class TopLine(FrameLine):
    """Account, tabs, acting user."""

    class TabClicked(Message):
        """A tab was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, user: str) -> None:
        super().__init__()
        self._account = ""
        self._user = user
        self._tab = 0
        self._badges: dict[int, int] = {}
        self._places: list[tuple[int, int, int]] = []  # of each tab: first cell, cell after the last, number

    def whose(self, account: str, user: str) -> None:
        """Say whose workspace it is and who acts."""
        self._account, self._user = account, user
        self.refresh()

    def select(self, number: int) -> None:
        """Show which tab is open."""
        self._tab = number
        self.refresh()

    def badge(self, number: int, count: int) -> None:
        """Show beside a tab how much waits there; 0 is not shown."""
        if self._badges.get(number, 0) != count:
            self._badges[number] = count
            self.refresh()

    def _badge(self, number: int) -> str:
        count = self._badges.get(number, 0)
        return f" {count if count < 100 else '99+'}" if count else ""

    def parts(self, width: int) -> Sequence[Part]:
        """Long names where they fit, short ones otherwise; people's names give way to the tabs."""
        names, gap = TABS, 2
        if self._needed(names, gap) + 12 + 12 > width:
            names, gap = SHORT_TABS, 1
        room = max(0, width - self._needed(names, gap) - 4)
        user = part(clip(self._user, min(24, room // 2)), "quiet")
        account = part(clip(self._account, min(24, room - width_of(user.text) - 2)) if room > 4 else "", "strong")
        line: list[Part] = [Part(" "), account]
        x = 1 + width_of(account.text)
        if account.text:
            line.append(Part("  "))
            x += 2
        self._places = []
        for number, name in enumerate(names, 1):
            label = f"{number} {name}"
            badge = self._badge(number)
            line += [Part(label, "tab" if number == self._tab else "quiet"), Part(badge, "mark"), Part(" " * gap)]
            self._places.append((x, x + len(label + badge), number))
            x += len(label + badge) + gap
        blank = width - x - width_of(user.text) - 1
        line += [Part(" " * max(blank, 0)), user, Part(" ")]
        return line

    def _needed(self, names: Sequence[str], gap: int) -> int:
        return sum(2 + len(name) + len(self._badge(number)) + gap for number, name in enumerate(names, 1))

    def on_click(self, event: events.Click) -> None:
        """Go to the tab under the mouse."""
        for first, after, number in self._places:
            if first <= event.x < after:
                self.post_message(self.TabClicked(number))


class BottomLine(FrameLine):
    """Keys or a sentence on the left, worker and store on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: Sequence[str] = ()
        self._said: Part | None = None
        self._state = part("opening the store", "quiet")
        self._store = ""

    def keys(self, keys: Sequence[str]) -> None:
        """Show which keys work here: each as key and word."""
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def say(self, said: Part | None) -> None:
        """Show a sentence in place of the keys."""
        if said != self._said:
            self._said = said
            self.refresh()

    @property
    def said(self) -> str:
        """The sentence it shows."""
        return self._said.text if self._said else ""

    @property
    def state_text(self) -> str:
        """How the worker is, in words."""
        return self._state.text

    def state(self, state: Part, store: str) -> None:
        """Show how goals and store are."""
        if (state, store) != (self._state, self._store):
            self._state, self._store = state, store
            self.refresh()

    def parts(self, width: int) -> Sequence[Part]:
        """What is said gives way to how things are; the store's name gives way to both."""
        store = part(self._store, "quiet", 40)
        right = [self._state, *([Part("  "), store] if store.text and width >= 100 else []), Part(" ")]
        if width_of(self._state.text) > width // 2:
            right = [Part(clip(self._state.text, width // 2), self._state.tone), Part(" ")]
        taken = sum(width_of(p.text) for p in right)
        room = width - taken - 3
        line = [Part(" ")]
        if self._said is not None:
            line.append(Part(clip(self._said.text, room), self._said.tone))
        else:
            used = 0
            for entry in self._keys:
                key, _, word = entry.partition(" ")
                cells = width_of(entry) + 2
                if used + cells > room + 2:
                    break
                line += [Part(key, ""), Part(f" {word}  ", "quiet")]
                used += cells
        blank = width - taken - sum(width_of(p.text) for p in line)
        return [*line, Part(" " * max(blank, 1)), *right]
