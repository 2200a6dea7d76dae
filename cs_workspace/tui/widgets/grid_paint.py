"""How the grid of targets looks: frozen first columns, as many milestones as fit, totals; painted line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from cs_workspace.domain.goals.sheet import Box, Place
from cs_workspace.tui.text import TONES, Cell, Part, clip, fit, fit_cell, part, plain, strip_of, width_of
from cs_workspace.tui.widgets import grid_words
from cs_workspace.tui.widgets.grid_layout import CHECK, Layer
from cs_workspace.tui.widgets.grid_prompt import CellPrompt, Prompt
from cs_workspace.tui.widgets.grid_view import GridView, identity


class GridCanvas(GridView):
    """A sheet as it looks. What keys and the mouse do to it is the grid's business."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--here",
        "grid--cursor",
        "grid--cursor-blurred",
        "grid--range",
        "grid--typing",
        "grid--changed",
        "grid--wrong",
        "grid--caret",
        *(f"grid--{tone}" for tone in TONES),
    }

    def __init__(self, *, layers: Sequence[Layer] = tuple(Layer), id: str | None = None) -> None:
        super().__init__(layers=layers, id=id)
        self._styles: dict[str, Style] = {}

    # --- painting

    def notify_style_update(self) -> None:
        """Styles have changed: look them up anew."""
        self._styles = {}
        super().notify_style_update()

    def _style(self, tone: str) -> Style:
        """The style of a tone, or of `tone@ground` on the ground of another one."""
        style = self._styles.get(tone)
        if style is None:
            name, _, ground = tone.partition("@")
            style = self.get_component_rich_style(f"grid--{name}") if name else self.rich_style
            if ground:
                under = self.get_component_rich_style(f"grid--{ground}")
                color = None if name else under.color
                style += Style(bgcolor=under.bgcolor, bold=under.bold or style.bold, color=color)
            self._styles[tone] = style
        return style

    def _strip(self, parts: Sequence[Part], width: int) -> Strip:
        return strip_of(parts, {tone: self._style(tone) for tone in {"", *(each.tone for each in parts)}}, width)

    def render_line(self, y: int) -> Strip:
        width, m = self.size.width, self._measures
        if y == m.status:
            self._status = self._says()
            return self._strip(self._status, width)
        row = self._top + y - 1
        if y == 0:
            parts = self._header()
        elif y <= self._shown_rows:
            parts = self._row(row)
        elif m.bottom and y == self._shown_rows + 1:
            parts = self._bottom()
        else:
            parts = []
        return self._strip(parts, width)

    def _header(self) -> list[Part]:
        m, columns = self._measures, len(self._sheet.columns)
        several = len(self._layers) > 1
        parts = [Part(fit(f"{' ' * CHECK}{self._layer}{' ▾' * several}", m.head), "accent" if several else "header")]
        for column in self._visible:
            more = "‹" if column == self._left > 0 else " "
            title = self._titles[column] if column < len(self._titles) else ""
            parts += [
                Part(more.ljust(m.gap), "header"),
                Part(fit(title, m.cell, right=True), "here" if column == self._cursor[1] else "header"),
            ]
        more = "›" if self._left + m.columns < columns else " "
        total = fit("Total", m.total, right=True) if m.total else ""
        return [*parts, Part(more.ljust(m.gap) + total, "header")]

    def _row(self, row: int) -> list[Part]:
        m, each = self._measures, self._sheet.rows[row]
        checked = identity(each) in self._checked
        parts = [
            Part("☑ " if checked else "☐ ", "mark" if checked else "quiet"),
            Part(fit(self._titled(each), m.head - CHECK), "strong" if each.is_team else ""),
        ]
        box = self.box
        inside = box.top <= row <= box.bottom and (self.has_focus or self._prompt is not None)
        for column in self._visible:
            parts += self._slot(row, column, box if inside else None)
        closes = inside and self._visible and box.right == self._visible[-1]
        parts += [Part("]", "mark"), Part(" " * (m.gap - 1))] if closes else [Part(" " * m.gap)]
        if m.total:
            parts += fit_cell(self._total(row), m.total, right=True)
        return parts

    def _slot(self, row: int, column: int, box: Box | None) -> list[Part]:
        """A cell with the gap before it, in which brackets open and close the range."""
        m, place = self._measures, (row, column)
        opens = box is not None and column == box.left
        closes = box is not None and column == box.right + 1
        within = box is not None and box.left <= column <= box.right
        # Between the cells of a range its ground goes on; blanks have the style of figures, so that both are one piece.
        lead = [Part(" " * m.gap, "@range" if within and not opens else "")]
        if opens:
            lead = [Part(" " * (m.gap - 1)), Part("[", "mark")]
        elif closes:
            lead = [Part("]", "mark"), Part(" " * (m.gap - 1))]
        ground = ""
        if place == self._cursor:
            ground = "@cursor" if box is not None else "@cursor-blurred"
        elif within:
            ground = "@range"
        prompt = self._prompt
        if isinstance(prompt, CellPrompt) and prompt.place == place:
            text = plain(prompt.line.text)
            shown = text if width_of(text) <= m.cell else "…" + text[1 - m.cell :]
            return [*lead, Part(fit(shown, m.cell, right=True), "typing")]
        fitted = fit_cell(self._cell(place), m.cell, right=True)
        return [*lead, *(Part(each.text, each.tone + ground) for each in fitted)]

    def _cell(self, place: Place) -> Cell:
        pasted = self._pasted.get(place)
        if pasted is not None:
            return pasted if width_of(pasted[0].text) <= self._measures.cell else _tail(pasted[0])
        if self._layer is not Layer.TARGETS:
            return self._cells.get(self._layer, {}).get(place, ())
        wrong = self._wrong.get(place)
        if wrong is not None:
            return (part(f"!{wrong.text}", "wrong"),)
        target = self._sheet.targets.get(place)
        return (Part("·", "quiet") if target is None else Part(self._spelled(target)),)

    def _total(self, row: int) -> Cell:
        if self._layer is not Layer.TARGETS:
            return self._cells.get(self._layer, {}).get((row, len(self._sheet.columns)), ())
        total = self._sheet.total(row)
        return () if total is None else (Part(self._spelled(total), "strong"),)

    def _bottom(self) -> list[Part]:
        """The row below all others: what the users add up to."""
        m, rows, columns = self._measures, len(self._sheet.rows), len(self._sheet.columns)
        parts = [Part(fit(" " * CHECK + "All users", m.head), "quiet")]
        own = self._cells.get(self._layer, {})

        def sums(column: int | None) -> Cell:
            if self._layer is not Layer.TARGETS:
                return own.get((rows, columns if column is None else column), ())
            total = self._sheet.users_total(column)
            return () if total is None else (Part(self._spelled(total), "quiet"),)

        for column in self._visible:
            parts += fit_cell(sums(column), m.slot, right=True)
        if m.total:
            parts += fit_cell(sums(None), m.gap + m.total, right=True)
        return parts

    # --- what it says

    def _paint_status(self) -> None:
        """Say what is to be said in the line below, if it is something else than before."""
        before, self._status = self._status, self._says()
        if before != self._status:
            width = max(sum(width_of(each.text) for each in parts) for parts in (before, self._status))
            self._paint(Region(0, self._measures.status, min(width, self.size.width), 1))

    def _says(self) -> Sequence[Part]:
        width = self.size.width
        if not self._sheet.rows:
            return [Part("  There are no contributors.", "quiet")]
        if self._prompt is not None:
            return self._says_typed(self._prompt, width)
        if self._paste is not None:
            keys = Part(" enter accepts, esc drops", "quiet", short=" enter · esc")
            return fit_cell((part(f"  {self._paste.says()}:", "warn"), keys), width)
        said = self._said or self._says_of_cell()
        return fit_cell((Part("  ", said[0].tone if said else ""), *said), max(0, width - 1))

    def _says_typed(self, prompt: Prompt, width: int) -> Sequence[Part]:
        title = clip(plain(prompt.title), width // 2)
        text, caret = prompt.line.text, prompt.line.caret
        room = max(8, width - width_of(title) - 10)
        # Of a text that is longer than the line, what stands around the caret.
        start = max(0, caret - room + 1)
        before, at, after = text[start:caret], text[caret : caret + 1] or " ", text[caret + 1 : start + room]
        parts = [
            Part(f"  {title}  ", "quiet"),
            Part(plain(before), "strong"),
            Part(plain(at), "caret"),
            Part(plain(after), "strong"),
            Part("  "),
        ]
        left = width - 1 - sum(width_of(each.text) for each in parts)
        return [*parts, *_shortened(prompt.understood(self._sheet), left)]

    def _says_of_cell(self) -> Sequence[Part]:
        (row, column), box = self._cursor, self.box
        if row >= len(self._sheet.rows) or column >= len(self._sheet.columns):
            return ()
        title = self._titles[column] if column < len(self._titles) else ""
        if self._layer is not Layer.TARGETS:
            name = part(f"{self._sheet.rows[row].name} · {title}  ", "quiet")
            return [name, *self._cell(self._cursor)]
        if self.current_wrong is not None:
            return [part(f"! {self.current_wrong.reason}", "bad")]
        if (box.top, box.left) != (box.bottom, box.right):
            return grid_words.of_range(self._sheet, box)
        return grid_words.of_gap(self._sheet, row, column, title) or grid_words.of_cell(self._sheet, row, column, title)


def _tail(changed: Part) -> Cell:
    """What a cell becomes, where there is no room for what it was."""
    return (Part("→" + changed.text.partition("→")[2], changed.tone),)


def _shortened(parts: Sequence[Part], width: int) -> Sequence[Part]:
    return [each for each in fit_cell(tuple(parts), max(0, width)) if each.text.strip()]
