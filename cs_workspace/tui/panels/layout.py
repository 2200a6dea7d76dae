"""What the panel of an object shows, and in which order: properties, activities, related records (CUS-11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.record_keys import RecordKeys
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Cell, cell, lines, part
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.panels import Layout

Names = tuple[Sequence[str], Sequence[str], Sequence[str]]  # properties, activities, related objects
PARTS = ("Properties", "Activities that i offers, in their order", "Related records")
NEW = "+ new property"
_COLUMNS = (
    Column("sign", "", 1, 1, sortable=False),
    Column("label", "", 20, 46, sortable=False),
    Column("name", "", 8, 24, rank=1, sortable=False),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A heading, something that is shown or not, or the way to a new property."""

    number: int
    part: int
    label: str
    name: str = ""


def start(page: RecordKeys, object: str) -> None:
    """Open the drawer; what was chosen is saved when it closes with enter."""
    session = page.host.session
    if session is not None:
        page.doing(_open(page, session, object))


async def _open(page: RecordKeys, session: Session, object: str) -> None:
    from cs_workspace.workspace import panels
    from cs_workspace.workspace.session import surroundings

    def read() -> tuple[Layout, Names, dict[str, str]]:
        schema = session.run(surroundings).schema
        kind = schema[object]
        offered = [name for name in kind.properties if name != kind.title]
        related = session.run(panels.relatable_to, object)
        labels = {f"0{name}": prop.label for name, prop in kind.properties.items()}
        labels |= {f"{n}{name}": schema[name].plural for n in (1, 2) for name in schema.objects}
        return session.run(panels.layout, object), (offered, panels.ACTIVITIES, related), labels

    found, offered, labels = await page.host.loader.run(read)
    chosen: Names = (found.properties, found.activities, found.related)
    page.app.push_screen(LayoutDrawer(object, chosen, offered, labels), partial(_closed, page, session, object, chosen))


def _closed(page: RecordKeys, session: Session, object: str, before: Names, names: Names | str | None) -> None:
    if isinstance(names, str):
        from cs_workspace.tui.panels import properties

        properties.start(page, object)
    elif names is not None and [list(each) for each in names] != [list(each) for each in before]:
        page.doing(_save(page, session, object, names))


async def _save(page: RecordKeys, session: Session, object: str, names: Names) -> None:
    from cs_workspace.workspace import panels

    keys = ("properties", "activities", "related")
    save = partial(session.run, panels.set_layout, object, **dict(zip(keys, names, strict=True)))
    await page.host.loader.run(save)
    page.post_message(Say("The panel is changed for everybody · undo u", "good"))
    page.host.look()


class LayoutDrawer(Drawer["Names | str"]):
    """Opened by `c` on a record. Three lists below each other; what is shown comes first in each."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.apply", "form.tick", "columns.up", "columns.down")
    HINTS = ("space show or not", "shift+↑↓ order", "enter save", "esc close")

    def __init__(self, object: str, chosen: Names, offered: Names, labels: dict[str, str]) -> None:
        super().__init__()
        self._object = object
        self._chosen = [list(each) for each in chosen]
        self._offered = offered
        self._labels = labels
        self.table: RecordTable[Line] = RecordTable(_COLUMNS, self._cells, header=False, id="layout")

    def inside(self) -> Iterable[Widget]:
        """What it is about, then the lists."""
        rows = [(part("What the panel shows", "strong"),), (part("For everybody, in this order.", "quiet"),)]
        yield Static(lines(rows), classes="heading", markup=False)
        yield self.table

    def on_mount(self) -> None:
        """Show everything."""
        self._show()
        self.table.cursor = 1
        self.table.focus()

    def _show(self, keep: int | None = None) -> None:
        found: list[Line] = []
        for place, title in enumerate(PARTS):
            first = place * 10_000
            found.append(Line(first, place, title))
            offered = list(self._offered[place])
            rest = [name for name in offered if name not in self._chosen[place]]
            found += (
                Line(first + 1 + offered.index(name), place, self._labels[f"{place}{name}"], name)
                for name in (*self._chosen[place], *rest)
            )
            if not place:
                found.append(Line(first + 9_999, place, NEW))
        self.table.show(Rows(found, lambda line: line.number), keep=keep, index=self.table.cursor)

    def _cells(self, line: Line, names: Sequence[str]) -> list[Cell]:
        shown = line.name in self._chosen[line.part]
        tone = "accent" if not line.name else "" if shown else "quiet"
        texts = {
            "sign": cell("●" if shown and line.name else "", "mark"),
            "label": cell(line.label, tone),
            "name": cell(line.name, "quiet"),
        }
        return [texts[name] for name in names]

    # --- keys

    def action_tick(self) -> None:
        """Show it, or show it no longer."""
        line = self.table.current
        if line is None or not line.name:
            return
        names = self._chosen[line.part]
        if line.name in names:
            names.remove(line.name)
        else:
            names.append(line.name)
        self._show()

    def action_shift(self, step: int) -> None:
        """Move it among those that are shown."""
        line = self.table.current
        if line is None or line.name not in self._chosen[line.part]:
            return
        names = self._chosen[line.part]
        place = names.index(line.name)
        to = max(0, min(place + step, len(names) - 1))
        names.insert(to, names.pop(place))
        self._show(line.number)

    def action_apply(self) -> None:
        """Save, or make a new property."""
        line = self.table.current
        if line is not None and line.label == NEW and not line.name:
            self.dismiss(NEW)
        else:
            self.dismiss((self._chosen[0], self._chosen[1], self._chosen[2]))

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        """A second click shows it or not."""
        event.stop()
        self.action_tick()
