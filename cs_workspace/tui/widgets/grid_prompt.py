"""What is being typed into the grid of targets, or about to be pasted, and what it would do (GOL-25 to GOL-29)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.sheet import Box, Change, Place, Plan, Sheet
from cs_workspace.tui.text import Part, part
from cs_workspace.tui.widgets.line_edit import LineEdit

_BARE = {"", "+", "-", "*"}  # the beginning of a change by something

Weights = Callable[[int], Sequence[int] | None]
SHOWN = 3  # shares of a spread total that are shown


class Prompt:
    """A line being typed: its title, its text, and what that means."""

    def __init__(self, title: str, text: str = "") -> None:
        self.title = title
        self.line = LineEdit(text)

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to do."""
        return self.line.text.strip() not in _BARE

    def plan(self, sheet: Sheet) -> Plan:
        """What the text would do. Raises Invalid where it means nothing."""
        raise NotImplementedError

    def label(self, plan: Plan) -> str:
        """What that is called, as undo names it."""
        raise NotImplementedError

    def understood(self, sheet: Sheet) -> Sequence[Part]:
        """What was understood so far, or why not."""
        try:
            return self._says(sheet, self.plan(sheet))
        except Invalid as error:
            return [part(f"! {reason(error)}", "bad")] if self.is_changed else []

    def _says(self, sheet: Sheet, plan: Plan) -> Sequence[Part]:
        raise NotImplementedError


class CellPrompt(Prompt):
    """One cell, with the target it held in the beginning. What cannot be read stays in it as it was typed."""

    def __init__(self, place: Place, title: str, text: str, *, seen: int | None, fresh: bool) -> None:
        super().__init__(title, text)
        self.place = place
        self._seen = seen
        self._began = None if fresh else text

    @property
    def is_changed(self) -> bool:
        """Whether something else stands there than in the beginning; nothing is something, a bare `+` is not."""
        return self.line.text != self._began and (self.line.text in {"", "-"} or super().is_changed)

    def plan(self, sheet: Sheet) -> Plan:
        """What the text makes of the target that was seen: somebody else may have changed it since (REC-7)."""
        held, seen = sheet.targets.get(self.place), self._seen
        if held == seen:
            return sheet.typed([self.place], self.line.text)
        plan = sheet.carried_out(Plan((Change(self.place, held, seen),))).typed([self.place], self.line.text)
        # To go back to what was seen is a change by now.
        return Plan((*plan.changes, *(Change(place, seen, seen) for place in plan.kept)), plan.wrong)

    def label(self, plan: Plan) -> str:
        return "blank a target" if plan.changes and plan.changes[0].after is None else "set a target"

    def _says(self, sheet: Sheet, plan: Plan) -> Sequence[Part]:
        if plan.wrong:
            return [part(f"! {plan.wrong[0].reason}", "bad")] if self.is_changed else []
        before = self._seen
        after = plan.changes[0].after if plan.changes else before
        was = "as it is" if before == after else f"was {sheet.spelled(before)}"
        return [part(f"→ {sheet.spelled(after)}", "accent"), part(f"  {was}", "quiet")]


class RangePrompt(Prompt):
    """One text for many cells; those it cannot change stay as they are."""

    def __init__(self, places: Iterable[Place], title: str, text: str, what: str) -> None:
        super().__init__(title, text)
        self._places = tuple(places)
        self._what = what

    def plan(self, sheet: Sheet) -> Plan:
        found = sheet.typed(self._places, self.line.text)
        if found.wrong and not found.changes:
            raise Invalid("target", found.wrong[0].reason)
        return found

    def label(self, plan: Plan) -> str:
        return f"{self._what.format(text=self.line.text.strip())} {counted(len(plan.changes), 'target')}"

    def _says(self, sheet: Sheet, plan: Plan) -> Sequence[Part]:
        if not plan.changes or not self.is_changed:
            return [part("changes nothing", "quiet")]
        first, others = plan.changes[0], len(plan.changes) - 1
        if all(change.after == first.after for change in plan.changes):
            said = f"→ {sheet.spelled(first.after)} in {counted(len(plan.changes), 'cell')}"
        else:
            said = f"{sheet.spelled(first.before)} → {sheet.spelled(first.after)}, and {others} more"
        left = f"  {counted(len(plan.wrong), 'cell')} left alone: {plan.wrong[0].reason}" if plan.wrong else ""
        return [part(said, "accent"), part(left, "warn")]


class SpreadPrompt(Prompt):
    """A total for each of some rows, shared out over their milestones evenly or by last year's shape."""

    def __init__(self, rows: Sequence[int], title: str, weights: Weights | None) -> None:
        super().__init__(title)
        self._rows = rows
        found = {row: weights(row) for row in rows} if weights is not None else {}
        self._weights = {row: each for row, each in found.items() if each and any(each)}
        self._shaped = False

    def turn(self) -> None:
        """The other way of sharing out, if there is one."""
        self._shaped = bool(self._weights) and not self._shaped

    def plan(self, sheet: Sheet) -> Plan:
        plan = Plan()
        for row in self._rows:
            plan += sheet.spread([row], self.line.text, self._weights.get(row) if self._shaped else None)
        return plan

    def label(self, plan: Plan) -> str:  # noqa: ARG002 - it is called the same whatever it changes
        return f"spread a total over {counted(len(self._rows), 'row')}"

    def understood(self, sheet: Sheet) -> Sequence[Part]:
        ways = ("by last year's shape", "evenly") if self._shaped else ("evenly", "by last year's shape")
        said = [*super().understood(sheet), part(f"  {ways[0]}", "quiet")]
        return [*said, Part(f" · tab {ways[1]}", "quiet", short=" · tab")] if self._weights else said

    def _says(self, sheet: Sheet, plan: Plan) -> Sequence[Part]:
        after = sheet.carried_out(plan)
        shares = [after.text((self._rows[0], column)) for column in range(len(sheet.columns))]
        if len(set(shares)) == 1:
            return [part(f"→ {shares[0]} each", "accent")]
        more = " …" if len(shares) > SHOWN else ""
        return [part(f"→ {', '.join(shares[:SHOWN])}{more}", "accent")]


@dataclass(frozen=True, slots=True)
class Paste:
    """A block that is shown in its place and waits to be accepted."""

    box: Box
    text: str
    plan: Plan
    locked: int  # cells of rows that may not be edited

    @classmethod
    def of(cls, sheet: Sheet, box: Box, text: str) -> Paste:
        """What a block would change. Raises Invalid for one that is too large."""
        plan = sheet.pasted(box, text)
        open_ = tuple(wrong for wrong in plan.wrong if not sheet.rows[wrong.place[0]].locked)
        return cls(box, text, replace(plan, wrong=open_), len(plan.wrong) - len(open_))

    def says(self) -> str:
        """The sentence over which one decides."""
        plan = self.plan
        others = [
            f"{number} {words}"
            for number, words in (
                (len(plan.wrong), "cannot be read"),
                (self.locked, "locked"),
                (plan.outside, "outside"),
            )
            if number
        ]
        return ", ".join([f"Paste changes {counted(len(plan.changes), 'cell')}", *others])


def counted(number: int, word: str) -> str:
    """A number of things."""
    return f"{number:,} {word}{'s' * (number != 1)}"


def reason(error: Invalid) -> str:
    """Why a text is no target, without the word target."""
    return f"{error.why}{'. ' * bool(error.hint)}{error.hint}"
