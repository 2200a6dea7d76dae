"""The grid of targets, contributors by milestones, edited like a spreadsheet (GOL-25 to GOL-29).

The grid never changes a target: it tells what somebody wants, and whoever owns the targets carries it out and shows
the grid the outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.sheet import Place, Plan
from cs_workspace.tui.keys import Where, bindings
from cs_workspace.tui.messages import Say
from cs_workspace.tui.text import Cell, part
from cs_workspace.tui.widgets.grid_cursor import GridCursor
from cs_workspace.tui.widgets.grid_layout import Layer
from cs_workspace.tui.widgets.grid_prompt import (
    CellPrompt,
    Paste,
    Prompt,
    RangePrompt,
    SpreadPrompt,
    Weights,
    counted,
    reason,
)

_NEEDED = {"pipelines": Layer.PIPELINES, "goal notifications": Layer.NOTIFICATIONS}  # what asks for a layer
_DIRECTIONS = {"up": (-1, 0), "down": (1, 0), "enter": (1, 0), "tab": (0, 1), "shift+tab": (0, -1)}


_BEGINS = "0123456789-"  # the characters that type over a cell


class MilestoneGrid(GridCursor):
    """Contributors by milestones, in layers. `weights` gives the values of a row by which a total can be spread."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Where.GRID)

    class _Told(Message):
        def __init__(self, grid: MilestoneGrid) -> None:
            super().__init__()
            self.grid = grid

        @property
        def control(self) -> MilestoneGrid:
            """The grid."""
            return self.grid

    class Planned(_Told):
        """Somebody wants targets changed; `label` is what undo calls it."""

        def __init__(self, grid: MilestoneGrid, plan: Plan, label: str) -> None:
            super().__init__(grid)
            self.plan = plan
            self.label = label

    class Asked(_Told):
        """Somebody wants what the grid cannot do itself.

        That is `pipelines` of the rows, `cell pipelines` or `notifications` of the range, `goal notifications`, or
        `import`.
        """

        def __init__(self, grid: MilestoneGrid, what: str, rows: tuple[int, ...], place: Place) -> None:
            super().__init__(grid)
            self.what = what
            self.rows = rows
            self.place = place

    class Moved(_Told):
        """The cursor is on another cell, or the cells show something else."""

        def __init__(self, grid: MilestoneGrid, place: Place, layer: Layer) -> None:
            super().__init__(grid)
            self.place = place
            self.layer = layer

    def __init__(self, *, layers: Sequence[Layer] = tuple(Layer), id: str | None = None) -> None:
        super().__init__(layers=layers, id=id)
        self.weights: Weights | None = None

    # --- keys

    async def on_key(self, event: events.Key) -> None:
        """Obey at once and in order: as bindings keys go by way of the program, and typing would overtake them."""
        used = self._starts(event) if self._prompt is None else self._typed(event)
        if used or await self._bound(event):
            event.stop()
            event.prevent_default()
            self.post_message(Say(""))

    async def _bound(self, event: events.Key) -> bool:
        """Do what a key is bound to; whether it is a key of the grid."""
        active = self.screen.active_bindings.get(event.key)
        if active is None or active.node is not self:
            return False
        return self._prompt is not None or await self.app.run_action(active.binding.action, self)

    def _starts(self, event: events.Key) -> bool:
        """A digit types over the cell; a minus takes away from it, and does not lead away."""
        character = event.character or " "
        if self._paste is not None or character not in _BEGINS:
            return self._paste is not None and event.is_printable
        if self._layer is not Layer.TARGETS:
            self._say("Targets are typed in the layer targets; L goes through the layers.")
        else:
            self._edit(character, fresh=True)
        return True

    def _typed(self, event: events.Key) -> bool:
        """A key while one types."""
        prompt = self._prompt
        assert prompt is not None
        key = event.key
        if prompt.line.press(key):
            self._paint_typing()
        elif event.is_printable and event.character and not key.startswith(("alt+", "ctrl+")):
            self._write(event.character)
        elif key == "ctrl+v":
            self._write(self.app.clipboard)
        elif key == "escape":
            self._stop_typing()
        elif isinstance(prompt, SpreadPrompt) and key in {"tab", "shift+tab"}:
            prompt.turn()
            self._paint_status()
        elif key == "enter" or (isinstance(prompt, CellPrompt) and key in _DIRECTIONS):
            self._commit(_DIRECTIONS[key])
        else:
            return False
        return True

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - Textual's words
        """While one types, what writes does nothing else; digits always write."""
        if self._prompt is None:
            return character is not None and character in _BEGINS
        return character is not None and character.isprintable()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Some keys mean something only here and there."""
        if action == "drop" and self._paste is None and self._cursor == self._anchor:
            return False
        if action == "ask" and _NEEDED.get(str(*parameters), self._layers[0]) not in self._layers:
            return False
        if action == "layer" and len(self._layers) == 1:
            return False
        return super().check_action(action, parameters)

    def action_drop(self) -> None:
        """Drop what would be pasted, or let go of the range."""
        if self._paste is not None:
            self._preview(None)
        else:
            self.go(self._cursor)

    @property
    def _chosen(self) -> tuple[int, ...]:
        """The checked rows; if none is, the one under the cursor."""
        return tuple(sorted(self.checked)) or (self._cursor[0],)

    def action_ask(self, what: str) -> None:
        """Ask for what the grid cannot do itself."""
        self.post_message(self.Asked(self, what, self._chosen, self._cursor))

    # --- typing

    def action_edit(self) -> None:
        """Edit what is in the cell; accept what is shown before it is pasted."""
        if self._paste is not None:
            self._accept()
        elif self._layer in {Layer.PIPELINES, Layer.NOTIFICATIONS}:
            self.action_ask("cell pipelines" if self._layer is Layer.PIPELINES else self._layer.value)
        elif self._is_open():
            wrong = self.current_wrong
            self._edit(self._sheet.text(self._cursor) if wrong is None else wrong.text, fresh=wrong is not None)

    def _edit(self, text: str, *, fresh: bool) -> None:
        row, column = self._cursor
        if self._is_open([row]):
            title = f"{self._sheet.rows[row].name} · {self._titles[column]}"
            seen = self._sheet.targets.get(self._cursor)
            self._ask_for(CellPrompt(self._cursor, title, text, seen=seen, fresh=fresh))

    def action_change(self) -> None:
        """Change the range by something."""
        box = self.box
        if (box.top, box.left) == (box.bottom, box.right):
            if self._is_open():
                self._edit("+", fresh=True)
        elif self._is_open():
            cells = counted(len(tuple(box.places)), "cell")
            self._ask_for(RangePrompt(box.places, f"Change {cells} by", "+", "change by {text}:"))

    def action_apply(self) -> None:
        """Put one target into every milestone of the chosen rows (GOL-26)."""
        rows = self._chosen
        if self._is_open():
            several = f"each of {len(rows)} rows"
            title = f"Every milestone of {self._sheet.rows[rows[0]].name if len(rows) == 1 else several}"
            places = [(row, column) for row in rows for column in range(len(self._sheet.columns))]
            self._ask_for(RangePrompt(places, title, "", "apply {text} to"))

    def action_spread(self) -> None:
        """Share a total out over the milestones of the chosen rows."""
        rows = self._chosen
        if not self._sheet.aggregate.additive:
            self._say("An average has no total to spread; A puts one value into every milestone.")
        elif self._is_open():
            several = f" of {len(rows)} rows" if len(rows) > 1 else ""
            title = f"Spread over {counted(len(self._sheet.columns), 'milestone')}{several}"
            self._ask_for(SpreadPrompt(rows, title, self.weights))

    def _is_open(self, rows: Sequence[int] = ()) -> bool:
        """Whether targets can be changed here and now; says why not."""
        if not self._sheet.rows or not self._sheet.columns or self._paste is not None:
            return False
        locked = next((self._sheet.rows[row].locked for row in rows if self._sheet.rows[row].locked), "")
        if self._layer is not Layer.TARGETS:
            self._say("Targets are changed in the layer targets; L goes through the layers.")
        elif locked:
            self._say(locked)
        else:
            return True
        return False

    def _ask_for(self, prompt: Prompt) -> None:
        self._prompt = prompt
        self._said = ()
        self._paint_typing()
        self.refresh_bindings()

    def _write(self, text: str) -> None:
        if self._prompt is not None:
            self._prompt.line.write(text)
            self._paint_typing()

    def _paint_typing(self) -> None:
        self._paint(self._region(self.box))
        self._paint_status()

    def _stop_typing(self) -> None:
        self._prompt = None
        self._paint_typing()
        self.refresh_bindings()

    def _commit(self, direction: tuple[int, int] = (0, 0)) -> None:
        """Do what was typed. In a cell, what cannot be read stays there; elsewhere it stays in its line."""
        prompt = self._prompt
        assert prompt is not None
        if isinstance(prompt, CellPrompt):
            self._stop_typing()
            plan = prompt.plan(self._sheet) if prompt.is_changed else Plan()
            self._post(plan, prompt.label(plan))
            self.action_move(*direction)
            if plan.wrong:
                self._say(plan.wrong[0].reason, "bad")
            return
        if not prompt.is_changed:
            self._stop_typing()
            return
        try:
            plan = prompt.plan(self._sheet)
        except Invalid:
            return  # why not, the line says
        self._stop_typing()
        self._bulk(plan, prompt.label(plan))

    def _post(self, plan: Plan, label: str) -> None:
        if plan or any(place in self._wrong for place in plan.kept):
            self.post_message(self.Planned(self, plan, label))

    # --- whole ranges

    def action_fill_right(self) -> None:
        """The first milestone of the range into the others."""
        if self._is_open():
            self._fill(self._sheet.filled_right(self.box))

    def action_fill_down(self) -> None:
        """The first row of the range into the others."""
        if self._is_open():
            self._fill(self._sheet.filled_down(self.box))

    def _fill(self, plan: Plan) -> None:
        self._bulk(plan, f"fill {counted(len(plan.changes), 'target')}")

    def action_clear(self) -> None:
        """Blank the range."""
        if self._is_open():
            plan = self._sheet.typed(self.box.places, "")
            self._bulk(plan, f"blank {counted(len(plan.changes), 'target')}")

    def _bulk(self, plan: Plan, label: str) -> None:
        """Post what can be done; locked rows are left alone, and it is said."""
        self._post(Plan(plan.changes, kept=plan.kept), label)
        if plan.wrong:
            self._say(f"{counted(len(plan.wrong), 'cell')} left alone: {plan.wrong[0].reason}", "warn")

    def action_copy(self) -> None:
        """Put the range on the clipboard of the terminal."""
        if not self._sheet.rows:
            return
        box = self.box
        if self._layer is Layer.TARGETS:
            text = self._sheet.copied(box)
        else:
            text = "\n".join(
                "\t".join(_text(self._cell((row, column))) for column in range(box.left, box.right + 1))
                for row in range(box.top, box.bottom + 1)
            )
        self.app.copy_to_clipboard(text)
        self._say(f"{counted(len(tuple(box.places)), 'cell')} copied.")

    def action_paste(self) -> None:
        """Show what the clipboard would change."""
        self._show_paste(self.app.clipboard)

    def on_paste(self, event: events.Paste) -> None:
        """The terminal pastes: a word into what one types, a block into the grid."""
        event.stop()
        text = event.text
        block = "\t" in text or "\n" in text.strip() or "\r" in text.strip()
        if self._prompt is not None and not (block and isinstance(self._prompt, CellPrompt)):
            self._write(text.split("\n", maxsplit=1)[0].strip())
            return
        if self._prompt is not None:
            self._stop_typing()
        self._show_paste(text)

    def _show_paste(self, text: str) -> None:
        if not text:
            self._say("There is nothing to paste.")
        elif self._is_open():
            try:
                paste = Paste.of(self._sheet, self.box, text)
            except Invalid as error:
                self._say(f"The {error.field} {reason(error)}", "warn")
                return
            if paste.plan or paste.plan.outside or paste.locked:
                self._preview(paste)
            else:
                self._say("These targets are here already.")

    def _preview(self, paste: Paste | None) -> None:
        if paste is self._paste:
            return
        self._set_paste(paste)
        self._measure()
        self.refresh()
        self.refresh_bindings()

    def _accept(self) -> None:
        paste = self._paste
        assert paste is not None
        self._preview(None)
        self._post(paste.plan, f"paste {counted(len(paste.plan.changes), 'target')}")

    def _say(self, text: str, tone: str = "quiet") -> None:
        """Say something until the cursor moves."""
        self._said = [part(text, tone)]
        self._paint_status()

    # --- what moving means

    def has_moved(self) -> None:
        """Tell the owner."""
        self.post_message(self.Moved(self, self._cursor, self._layer))

    def settle(self) -> bool:
        """Leaving a cell keeps what was typed; a line for many cells stays open."""
        if isinstance(self._prompt, CellPrompt):
            self._commit()
        return self._prompt is None

    def on_blur(self, _: events.Blur) -> None:
        """The keys go elsewhere."""
        self.settle()


def _text(cell: Cell) -> str:
    return "".join(each.text for each in cell)


__all__ = ["Layer", "MilestoneGrid"]
