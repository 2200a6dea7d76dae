"""The one way of text from the store to the screen: made harmless, cut to cells, given a tone.

Everything that is shown passes `part`, `content` or `plain`; nothing of it is ever read as markup. `ControlFilter`
stands at the wire behind it, for what somebody forgot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.strip import Strip

from cs_workspace.domain.text import printable

LONGEST = 2_000  # characters of one value that are ever shown

# The tones of the theme, by which text is brighter or quieter; widgets have a component class for each.
TONES = ("strong", "quiet", "accent", "good", "warn", "bad", "mark", "bar", "track")


class Part(NamedTuple):
    """A piece of a line, harmless already, and its tone.

    Where there is no room for the text, `short` is shown in its place if that fits, and otherwise nothing; without a
    `short` the text is cut.
    """

    text: str
    tone: str = ""
    short: str | None = None


Cell = tuple[Part, ...]


def plain(text: object, limit: int = LONGEST) -> str:
    """One harmless line."""
    return printable(str(text), limit)


def part(text: object, tone: str = "", limit: int = LONGEST) -> Part:
    """A piece of a line."""
    return Part(plain(text, limit), tone)


def cell(text: object, tone: str = "") -> Cell:
    """A cell of one piece."""
    return (part(text, tone),)


def content(*pieces: Part | str) -> Content:
    """What a widget shows: strings and parts, each in the style its tone names."""
    return Content.assemble(
        *(
            (plain(p.text), _STYLES[p.tone])
            if isinstance(p, Part) and p.tone
            else plain(p.text if isinstance(p, Part) else p)
            for p in pieces
        )
    )


def lines(rows: Iterable[Sequence[Part | str]]) -> Content:
    """Several lines of pieces."""
    return Content("\n").join([content(*row) for row in rows])


_STYLES: Mapping[str, str] = {
    "strong": "$tone-strong bold",
    "quiet": "$tone-quiet",
    "accent": "$accent",
    "good": "$success",
    "warn": "$warning",
    "bad": "$error",
    "mark": "bold $accent",
    "bar": "$tone-bar",
    "track": "$tone-track",
}


def width_of(text: str) -> int:
    """Terminal cells of a harmless text."""
    return len(text) if text.isascii() else cell_len(text)


def clip(text: str, width: int) -> str:
    """At most so many cells, with `…` where something is missing."""
    if width_of(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Exactly so many cells."""
    text = clip(text, width)
    blanks = " " * (width - width_of(text))
    return blanks + text if right else text + blanks


def fit_cell(parts: Cell, width: int, *, right: bool = False) -> list[Part]:
    """The parts of a cell in exactly so many cells."""
    kept: list[Part] = []
    left = width
    for full, tone, short in parts:
        fits = short is None or width_of(full) <= left
        text = clip(full, left) if fits else short or ""
        if left <= 0 or width_of(text) > left:
            continue
        left -= width_of(text)
        kept.append(Part(text, tone))
    if left > 0:
        kept.insert(0 if right else len(kept), Part(" " * left))
    return kept


def strip_of(parts: Iterable[Part], styles: Mapping[str, Style], width: int) -> Strip:
    """A line of a widget, in exactly so many cells."""
    segments = [
        Segment("".join(text for text, _, _ in pieces), styles[tone])
        for tone, pieces in groupby(parts, key=itemgetter(1))
    ]
    return Strip(segments, sum(width_of(segment.text) for segment in segments)).adjust_cell_length(width, styles[""])


# All of these have no width, so taking them out moves nothing.
_LEFT_OVER = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f\ud800-\udfff]"
)


class ControlFilter(LineFilter):
    """Takes out of every line on its way to the terminal whatever the terminal might obey."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments without control characters."""
        clean: list[Segment] | None = None
        for index, (text, style, control) in enumerate(segments):
            if control is None and text and not (text.isascii() and text.isprintable()) and _LEFT_OVER.search(text):
                clean = clean if clean is not None else list(segments)
                clean[index] = Segment(_LEFT_OVER.sub("", text), style, control)
        return segments if clean is None else clean
