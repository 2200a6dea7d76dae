"""How the number of a whole goal came about, and the rows it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.text import Part, lines
from cs_workspace.tui.widgets.record_table import Column


class WholeDrawer(ChoiceDrawer):
    """Opened by `w` on a goal as a whole; enter explains the number of a row."""

    HINTS = ("↑↓ rows", "enter explain", "esc close")

    def __init__(self, sentences: Sequence[Sequence[Part]], rows: Sequence[Choice]) -> None:
        super().__init__("Find a row", rows, (Column("label", "", 16, 24), Column("help", "", 20, 44)))
        self._sentences = sentences

    def inside(self) -> Iterable[Widget]:
        """Sentences, then the rows."""
        yield Static(lines(self._sentences), classes="heading", markup=False)
        yield from super().inside()
