"""What the grid of targets shows, and where. Cursor and view stay right when the sheet becomes another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.geometry import Region, Size
from textual.widget import Widget

from cs_workspace.domain.goals.model import Aggregate, Unit
from cs_workspace.domain.goals.sheet import Box, Place, Sheet, SheetRow, Wrong
from cs_workspace.tui.text import Cell, Part, part, plain, width_of
from cs_workspace.tui.widgets.grid_layout import INDENT, LARGEST, SMALLEST, Layer, Measures, lay_out
from cs_workspace.tui.widgets.grid_prompt import CellPrompt, Paste, Prompt

DIFFERENT = 40  # cells that are painted one by one; of more, everything is

_EMPTY = Sheet(Unit.NUMBER, Aggregate.COUNT, "EUR", (), ())


class GridView(Widget, can_focus=True):
    """A sheet, what is selected of it and what of it is in sight."""

    ALLOW_SELECT = False

    def __init__(self, *, layers: Sequence[Layer] = tuple(Layer), id: str | None = None) -> None:
        super().__init__(id=id)
        self._layers = tuple(layers)
        self._layer = self._layers[0]
        self._sheet = _EMPTY
        self._titles: Sequence[str] = ()
        self._cells: Mapping[Layer, Mapping[Place, Cell]] = {}
        self._wrong: Mapping[Place, Wrong] = {}
        self._checked: frozenset[tuple[bool, int]] = frozenset()
        self._cursor: Place = (0, 0)
        self._anchor: Place = (0, 0)
        self._top = 0
        self._left = 0
        self._prompt: Prompt | None = None
        self._paste: Paste | None = None
        self._pasted: Mapping[Place, Cell] = {}
        self._said: Sequence[Part] = ()
        self._measures = Measures()
        self._natural: dict[str, int] = {}
        self._spellings: dict[int | None, str] = {}
        self._status: Sequence[Part] = ()

    # --- what is shown

    @property
    def sheet(self) -> Sheet:
        """The contributors, milestones and targets."""
        return self._sheet

    @property
    def cursor(self) -> Place:
        """The cell that keys act on."""
        return self._cursor

    @property
    def box(self) -> Box:
        """The selected range; without one, the cell under the cursor."""
        return Box.between(self._cursor, self._anchor)

    @property
    def shown_layer(self) -> Layer:
        """What the cells show; `layer` is Textual's word for something else."""
        return self._layer

    @property
    def checked(self) -> frozenset[int]:
        """The rows that are checked."""
        return frozenset(row for row, each in enumerate(self._sheet.rows) if identity(each) in self._checked)

    @property
    def current_wrong(self) -> Wrong | None:
        """The text under the cursor that is no target."""
        return self._wrong.get(self._cursor)

    @property
    def typing(self) -> tuple[Place, str] | None:
        """The cell in which somebody is typing and what stands there; a draft keeps it."""
        prompt = self._prompt
        return (prompt.place, prompt.line.text) if isinstance(prompt, CellPrompt) and prompt.is_changed else None

    def show(
        self,
        sheet: Sheet,
        *,
        cells: Mapping[Layer, Mapping[Place, Cell]] | None = None,
        wrong: Mapping[Place, Wrong] | None = None,
        titles: Sequence[str] | None = None,
        keep: bool = True,
    ) -> None:
        """Show a sheet; `keep` leaves cursor, checks and layer where they are, on their contributors.

        Targets are drawn from the sheet, the other layers from `cells`: those of the column after the last are the
        totals of their rows, those of the row after the last the bottom row.
        """
        before = (self._sheet, self._cells, self._wrong, self._titles)
        self._sheet, self._cells, self._wrong = sheet, cells or {}, wrong or {}
        self._titles = tuple(plain(title) for title in (titles if titles is not None else sheet.columns))
        self._said = self._said if keep else ()
        if any(getattr(before[0], name) != getattr(sheet, name) for name in ("unit", "currency", "style")):
            self._spellings = {}
        self._replace(before[0], keep=keep)
        if self._paste is not None:
            self._set_paste(Paste.of(sheet, self._paste.box, self._paste.text))
        measured = self._measures
        self._measure()
        if (measured, before[0].rows, before[3]) == (self._measures, sheet.rows, self._titles) and keep:
            self._paint_what_differs(*before[:3])
        else:
            self.refresh()

    def _replace(self, before: Sheet, *, keep: bool) -> None:
        """Put cursor and range back on their contributors, who may have moved."""
        rows, columns = len(self._sheet.rows), len(self._sheet.columns)
        if not keep:
            self._cursor = self._anchor = (0, 0)
            self._top = self._left = 0
            self._checked = frozenset()
            self._prompt = self._paste = None
            self._pasted = {}
            return
        if before.rows == self._sheet.rows and before.columns == self._sheet.columns:
            return
        places = {identity(row): index for index, row in enumerate(self._sheet.rows)}

        def moved(place: Place) -> Place | None:
            row = places.get(identity(before.rows[place[0]])) if place[0] < len(before.rows) else None
            return None if row is None or place[1] >= columns else (row, place[1])

        prompt = self._prompt
        at = moved(prompt.place) if isinstance(prompt, CellPrompt) else None
        if isinstance(prompt, CellPrompt) and at is not None:
            prompt.place = at
        elif prompt is not None or self._paste is not None:
            self._said = [part("The contributors have changed meanwhile; nothing was done.", "warn")]
            self._prompt = self._paste = None
            self._pasted = {}
        offset = self._cursor[0] - self._top
        last = (max(0, min(self._cursor[0], rows - 1)), max(0, min(self._cursor[1], columns - 1)))
        cursor, anchor = moved(self._cursor), moved(self._anchor)
        self._cursor = cursor or last
        self._anchor = anchor if cursor and anchor else self._cursor
        self._top = max(0, self._cursor[0] - offset)

    def _paint_what_differs(
        self, sheet: Sheet, cells: Mapping[Layer, Mapping[Place, Cell]], wrong: Mapping[Place, Wrong]
    ) -> None:
        """Paint the cells that are other ones than before, with their sums."""
        found = _differing(wrong, self._wrong)
        if self._layer is Layer.TARGETS:
            found |= _differing(sheet.targets, self._sheet.targets)
        else:
            found |= _differing(cells.get(self._layer, {}), self._cells.get(self._layer, {}))
        if len(found) > DIFFERENT or self._pasted:
            self.refresh()
            return
        measures = self._measures
        self._paint(*(self._region(Box.between(place, place)) for place in found))
        if found and measures.total:
            x = measures.head + len(self._visible) * measures.slot + measures.gap
            self._paint(*(Region(x, self._line(row), measures.total, 1) for row, _ in found if self._is_visible(row)))
        if found and measures.bottom:
            self._paint(Region(0, 1 + self._shown_rows, self.size.width, 1))
        self._paint_status()

    def _set_paste(self, paste: Paste | None) -> None:
        """Show what a paste would change, cell by cell."""
        self._paste = paste
        self._pasted = {}
        if paste is not None:
            spelled = self._spelled
            self._pasted = {
                change.place: (part(f"{spelled(change.before)}→{spelled(change.after)}", "changed"),)
                for change in paste.plan.changes
            } | {wrong.place: (part(f"!{wrong.text}", "wrong"),) for wrong in paste.plan.wrong}

    # --- sizes

    def on_resize(self) -> None:
        """Lay out for the new size."""
        self._measure()
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's words
        return len(self._sheet.rows) + 2 + int(self._has_bottom)

    @property
    def _has_bottom(self) -> bool:
        if self._layer is Layer.TARGETS:
            return self._sheet.aggregate.additive and any(not row.is_team for row in self._sheet.rows)
        return any(row == len(self._sheet.rows) for row, _ in self._cells.get(self._layer, {}))

    @property
    def _has_total(self) -> bool:
        columns = len(self._sheet.columns)
        if self._layer is Layer.TARGETS:
            return self._sheet.aggregate.additive and columns > 1
        return any(column == columns for _, column in self._cells.get(self._layer, {}))

    def _measure(self) -> None:
        """Widths by what there is to show. They grow with it and do not jump back while one looks."""
        sheet = self._sheet
        cell, total = self._widths()
        key = f"{self._layer} {len(sheet.columns)}"
        cell = self._natural[key] = max(cell, self._natural.get(key, SMALLEST))
        pasted = max((width_of(each[0].text) for each in self._pasted.values()), default=0)
        before = self._measures
        m = self._measures = lay_out(
            self.size,
            Measures(
                head=max((width_of(self._titled(row)) for row in sheet.rows), default=0),
                cell=max(cell, pasted),
                total=total,
                columns=len(sheet.columns),
                rows=len(sheet.rows),
                bottom=self._has_bottom,
            ),
        )
        if (before.columns, before.rows) != (m.columns, m.rows):
            # A cursor that was in sight still is.
            row, column = self._cursor
            self._top = max(self._top, row - m.rows + 1) if row >= self._top else self._top
            self._left = max(self._left, column - m.columns + 1) if column >= self._left else self._left
        self._top = max(0, min(self._top, len(sheet.rows) - m.rows))
        self._left = max(0, min(self._left, len(sheet.columns) - m.columns))

    def _widths(self) -> tuple[int, int]:
        """The widest cell, and the widest total; 0 without totals."""
        sheet, columns = self._sheet, len(self._sheet.columns)
        texts = {*self._titles, *(f"!{plain(wrong.text)}" for wrong in self._wrong.values())}
        totals: set[str] = set()
        if self._layer is Layer.TARGETS:
            texts |= set(map(self._spelled, set(sheet.targets.values())))
            if self._has_bottom:
                texts |= {self._spelled(sheet.users_total(column)) for column in range(columns)}
            if self._has_total:
                sums = [sheet.users_total(), *(sheet.total(row) for row in range(len(sheet.rows)))]
                totals = set(map(self._spelled, sums))
        else:
            for (_, column), cell in self._cells.get(self._layer, {}).items():
                (totals if column == columns else texts).add("".join(each.text for each in cell))
        totals |= {"Total"} if totals else set()
        return max(map(width_of, texts), default=0), min(max(map(width_of, totals), default=0), LARGEST)

    def _spelled(self, steps: int | None) -> str:
        """A target as the sheet spells it; looked up, for a view has a thousand of them."""
        text = self._spellings.get(steps)
        if text is None:
            text = self._spellings[steps] = self._sheet.spelled(steps)
        return text

    @staticmethod
    def _titled(row: SheetRow) -> str:
        return (INDENT if row.team is not None and not row.is_team else "") + plain(row.name)

    @property
    def _shown_rows(self) -> int:
        return min(self._measures.rows, len(self._sheet.rows) - self._top)

    def _line(self, row: int) -> int:
        return 1 + row - self._top

    def _is_visible(self, row: int) -> bool:
        return self._top <= row < self._top + self._shown_rows

    def _region(self, box: Box) -> Region:
        """The part of the widget that shows a range, with its brackets."""
        m = self._measures
        top, bottom = max(box.top, self._top), min(box.bottom, self._top + self._shown_rows - 1)
        left, right = max(box.left, self._left), min(box.right, self._left + m.columns - 1)
        if top > bottom or left > right:
            return Region()
        return Region(
            m.head + (left - self._left) * m.slot, self._line(top), (right - left + 1) * m.slot + 1, bottom - top + 1
        )

    @property
    def _visible(self) -> range:
        return range(self._left, min(self._left + self._measures.columns, len(self._sheet.columns)))

    # --- painting parts of it

    def _paint(self, *regions: Region) -> None:
        areas = [region for region in regions if region.area]
        if areas:
            self.refresh(*areas)

    def _on_focus(self, event: events.Focus) -> None:
        # In the place of Textual's own handlers, which paint the whole grid anew.
        event.prevent_default()
        self._has_keys(events.DescendantFocus(self), focus=True)

    def _on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self._has_keys(events.DescendantBlur(self), focus=False)

    def _has_keys(self, news: events.DescendantFocus | events.DescendantBlur, *, focus: bool) -> None:
        self.has_focus = focus
        self._paint(self._region(self.box))
        if self.parent is not None:
            self.parent.post_message(news)

    def _paint_status(self) -> None:
        """Say what is to be said, if it is something else than before."""
        raise NotImplementedError


def identity(row: SheetRow) -> tuple[bool, int]:
    """Which contributor a row is, wherever it stands."""
    return row.is_team, row.key


def _differing(before: Mapping[Place, object], after: Mapping[Place, object]) -> set[Place]:
    return {place for place in {*before, *after} if before.get(place) != after.get(place)}
