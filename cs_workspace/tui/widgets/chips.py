"""The terms of a filter as a row of chips; clicking the cross of one takes it away (GOL-43)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.binding import find_property
from cs_workspace.domain.query.form import parts_of, without
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.presets import preset_of
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.query.tree import Compare, Everything, Is, Known, Node, Not, Range, Term, Test, Unknown, Value
from cs_workspace.domain.schema.model import ObjectType, Property
from cs_workspace.tui.text import Part, part, strip_of, width_of

CROSS = " ✕"
_BETWEEN = "   "
_SIGNS = {"<=": "≤", ">=": "≥"}


def in_words(prop: Property | None, test: Test) -> str:
    """A test as people say it: `In progress`, `≥ 50`, `from 2026-01-01`, `none`."""
    match test:
        case Is(value):
            labels = {option.name: option.label for option in prop.options} if prop is not None else {}
            return labels.get(value.text, value.text)
        case Compare(sign, value):
            return f"{_SIGNS.get(sign, sign)} {value.text}"
        case Range(low, high):
            first = f"from {low.text}" if low is not None else ""
            return f"{first} {f'to {high.text}' if high is not None else ''}".strip()
        case Known():
            return "any"
        case Unknown():
            return "none"


def any_in_words(prop: Property | None, tests: Iterable[Test]) -> str:
    """What is asked of a property: any of its tests, or the quick filter they are."""
    asked = tuple(tests)
    preset = preset_of(prop, asked) if prop is not None else None
    return preset.label.lower() if preset is not None else " or ".join(in_words(prop, test) for test in asked)


def chip_text(node: Node, kind: ObjectType) -> str:
    """One term in words; a group as it is written."""
    match node:
        case Term(name, tests):
            try:
                prop = find_property(Value(name), kind)
            except Invalid:
                return print_tree(node)
            return f"{prop.label.lower()}: {any_in_words(prop, tests)}"
        case Not(inner):
            return f"not {chip_text(inner, kind)}"
        case Everything():
            return ""
        case _:
            return print_tree(node)


class Chips(Widget):
    """One line; what has no room is counted."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"chips--chip", "chips--quiet"}
    ALLOW_SELECT = False

    class Dropped(Message):
        """A term was taken away; `text` is the filter without it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self._tree: Node = Everything()
        self._texts: tuple[str, ...] = ()

    def show(self, text: str, kind: ObjectType | None) -> None:
        """Show the terms of a filter, or nothing where it cannot be read."""
        try:
            self._tree = parse(text)
        except Invalid:
            self._tree = Everything()
        self._texts = tuple(part(chip_text(each, kind), limit=60).text for each in parts_of(self._tree)) if kind else ()
        self.refresh()

    def _places(self) -> list[tuple[int, str]]:
        """Where each chip that fits begins."""
        found: list[tuple[int, str]] = []
        left = 0
        for text in self._texts:
            if left + width_of(text + CROSS) > self.size.width - 6:
                break
            found.append((left, text))
            left += width_of(text + CROSS + _BETWEEN)
        return found

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        styles: dict[str, Style] = {
            "": self.rich_style,
            "chip": self.get_component_rich_style("chips--chip"),
            "quiet": self.get_component_rich_style("chips--quiet"),
        }
        if y:
            return Strip.blank(width, styles[""])
        parts: list[Part] = []
        places = self._places()
        for _, text in places:
            parts += (Part(text, "chip"), Part(CROSS, "quiet"), Part(_BETWEEN))
        if len(places) < len(self._texts):
            parts.append(Part(f"+ {len(self._texts) - len(places)}", "quiet"))
        return strip_of(parts, styles, width)

    def on_click(self, event: events.Click) -> None:
        """Take the chip away whose cross was clicked."""
        event.stop()
        offset = event.get_content_offset(self)
        for number, (left, text) in enumerate(self._places()):
            cross = left + width_of(text)
            if offset is not None and cross <= offset.x < cross + width_of(CROSS):
                self.post_message(self.Dropped(print_tree(without(self._tree, number))))
