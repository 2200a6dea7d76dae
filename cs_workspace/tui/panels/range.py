"""A drawer to choose a range of days in: one of those offered, or one that is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from cs_workspace.domain.clock import day_of, parse_date
from cs_workspace.domain.errors import Invalid
from cs_workspace.tui.goal_views import days
from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.widgets.record_table import Column


class RangeDrawer(ChoiceDrawer):
    """Milestones to pick, or two days to write."""

    HINTS = ("↑↓ choose", "enter show", "esc close")

    def __init__(self, choices: Sequence[Choice], set_days: Callable[[tuple[date, date] | None], None]) -> None:
        super().__init__(
            "Which milestones, or days such as 2026-03-01..2026-05-31",
            choices,
            (Column("label", "", 16, 28), Column("help", "", 20, 36)),
        )
        self._set_days = set_days

    def searched(self, text: str) -> None:
        """Two days are a choice of their own."""
        start, dots, end = text.partition("..")
        try:
            first, last = parse_date(start), parse_date(end)
        except Invalid:
            self.add(())
            return
        if dots and first <= last:
            label = days(day_of(first), day_of(last))
            self.add([Choice("", label, "the milestones these days touch", lambda: self._set_days((first, last)))])
