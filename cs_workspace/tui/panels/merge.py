"""Making one record of two: which two, then property by property whose value stands (REC-4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain import merging
from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.merging import Side, Standing
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.domain.selection import Selection
from cs_workspace.tui import faults
from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.record_keys import RecordKeys
from cs_workspace.tui.record_views import value
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Cell, Part, cell, lines, part, plain
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.merge import MergePreview

FOUND = 12  # records offered at most
PAUSE = 0.05  # seconds of no typing before records are looked for
NAMED = frozenset({PropertyType.USER, PropertyType.PIPELINE, PropertyType.STAGE, PropertyType.ASSOCIATION})

OTHERS = (
    Column("label", "", 20, 40),
    Column("help", "", 10, 40, rank=1),
    Column("front", "", 4, 10, right=True),
)
COLUMNS = (
    Column("property", "Property", 12, 18, sortable=False),
    Column("primary", "", 14, 24, sortable=False),
    Column("secondary", "", 14, 24, sortable=False),
    Column("why", "", 8, 22, rank=1, sortable=False),
)


def start(page: RecordKeys, selection: Selection) -> None:
    """Merge the two marked records, or this one with another that is looked for."""
    if selection.query is not None or len(selection.ids) > 2:
        many = selection.count or len(selection.ids)
        page.post_message(Say(f"Two records become one; {many:,} are marked.", "warn"))
        return
    here = page.subject[1] if page.subject is not None else None
    primary = here if here in selection.ids else selection.ids[0]
    other = next((each for each in selection.ids if each != primary), None)
    page.doing(
        _choose(page, selection.object, primary) if other is None else _show(page, selection.object, primary, other)
    )


async def _choose(page: RecordKeys, object: str, primary: int) -> None:
    from cs_workspace.workspace import record_page

    session = _session(page)
    record = await page.host.loader.run(partial(session.run, record_page.record, object, primary))

    def chosen(choice: Choice | None) -> None:
        if choice is not None and choice.run is not None:
            choice.run()

    def merge_with(other: int) -> None:
        page.doing(_show(page, object, record.id, other))

    page.app.push_screen(Other(page.host, session, object, record.id, record.title, merge_with), chosen)


async def _show(page: RecordKeys, object: str, primary: int, secondary: int) -> None:
    from cs_workspace.workspace import merge

    session = _session(page)
    seen = await page.host.loader.run(partial(session.run, merge.preview, object, primary, secondary))

    def done(sentence: str | None) -> None:
        if sentence is not None:
            page.acted()
            page.post_message(Say(sentence))

    page.app.push_screen(Merge(page.host, session, seen), done)


def _session(page: RecordKeys) -> Session:
    session = page.host.session
    assert session is not None, "there is a record on the page"
    return session


class Other(ChoiceDrawer):
    """Which record the one under the cursor is merged with; before anything is typed, those called alike."""

    HINTS = ("↑↓ choose", "enter merge with it", "esc close")

    def __init__(
        self, host: Host, session: Session, object: str, record: int, title: str, choose: Callable[[int], None]
    ) -> None:
        super().__init__(f"Merge {plain(title, 40) or f'#{record}'} with …", (), OTHERS)
        self._host = host
        self._open = session
        self._object = object
        self._record = record
        self._title = title
        self._choose = choose

    def on_mount(self) -> None:
        """Look for those that are called alike."""
        self.table.say((part("Looking …", "quiet"),))
        self.searched("")

    def searched(self, text: str) -> None:
        """Look for records of that name."""
        self.run_worker(self._search(text), group="search", exclusive=True, exit_on_error=False)

    async def _search(self, text: str) -> None:
        from cs_workspace.workspace import search

        await asyncio.sleep(PAUSE)
        words = text.strip() or " ".join(self._title.split()[:1])
        find = partial(self._open.run, search.find, words, FOUND + 1, [self._object])
        try:
            found = await self._host.loader.run(find)
        except WorkspaceError as error:
            self.add([Choice("", "", error.message, None)])
            return
        others = [each for each in found if each.id != self._record][:FOUND]
        self.add(
            [
                Choice(f"#{each.id}", plain(each.title), plain(each.beside), partial(self._choose, each.id))
                for each in others
            ]
        )


class Line(NamedTuple):
    """A property in which the records differ."""

    number: int
    standing: Standing
    primary: str
    secondary: str


class Merge(Drawer[str]):
    """What will stand; its answer is the sentence that says what was done."""

    BINDINGS: ClassVar[list[BindingType]] = some(
        "panel.down", "panel.up", "panel.apply", "panel.swap", "form.tick", "form.left", "form.right"
    )
    HINTS = ("space other value", "s swap", "enter merge", "esc close")

    def __init__(self, host: Host, session: Session, seen: MergePreview) -> None:
        super().__init__()
        self._host = host
        self._session = session
        self._seen = seen
        self._choices: dict[str, Side] = {}
        self._under_way = False
        self._head = Static(classes="heading", markup=False)
        self.table: RecordTable[Line] = RecordTable(COLUMNS, self._cells, id="properties")
        self.table.can_focus = False

    def inside(self) -> Iterable[Widget]:
        """Which becomes part of which, what moves along, and the properties."""
        yield self._head
        yield self.table

    def on_mount(self) -> None:
        """Show what will stand."""
        self._show()

    # --- what is shown

    def _show(self) -> None:
        seen = self._seen
        self._head.update(lines(self._sentences()))
        titles = {"primary": f"  {plain(seen.primary_title)}", "secondary": f"  {plain(seen.secondary_title)}"}
        self.table.set_columns(
            [Column(c.name, titles.get(c.name, c.title), c.low, c.high, rank=c.rank, sortable=False) for c in COLUMNS]
        )
        found = self._lines()
        self.table.show(Rows(found, lambda line: line.number), index=self.table.cursor)
        if not found:
            self.table.say((part("They say the same of everything."),), (part("enter merges them.", "quiet"),))

    def _sentences(self) -> list[Sequence[Part]]:
        seen = self._seen
        moves = [f"{count:,} {name}" for name, count in seen.moves.items()]
        if seen.followers:
            moves.append(f"{seen.followers:,} {'follower' if seen.followers == 1 else 'followers'}")
        along = f"With it come {', '.join(moves)}." if moves else "Nothing else belongs to it."
        return [
            (part(seen.secondary_title, "strong"), part(" becomes part of "), part(seen.primary_title, "strong")),
            (part(f"{along} Its number, its history and its activities lead here.", "quiet"),),
        ]

    def _lines(self) -> list[Line]:
        """The properties that differ, those one can choose first."""
        seen = self._seen
        texts = {each.standing.prop.name: each for each in seen.values}
        a, b = (
            {name: getattr(each.standing, side) for name, each in texts.items()} for side in ("primary", "secondary")
        )
        plan = merging.plan(seen.kind, a, b, self._choices)
        places = {name: place for place, name in enumerate(plan)}
        differing = sorted((each for each in plan.values() if each.differs), key=lambda each: each.fixed)

        def said(each: Standing, row: dict[str, Any], readable: str, raw: Any) -> str:
            if each.prop.type in NAMED:
                return readable
            return value(self._session, each.prop, raw, row.get(each.prop.currency) if each.prop.currency else None)

        return [
            Line(
                places[each.prop.name],
                each,
                said(each, a, texts[each.prop.name].primary, each.primary),
                said(each, b, texts[each.prop.name].secondary, each.secondary),
            )
            for each in differing
        ]

    def _cells(self, line: Line, names: Sequence[str]) -> list[Cell]:
        standing = line.standing

        def side(name: str, text: str) -> Cell:
            if standing.side in (name, "both"):
                return (part("✓ ", "accent"), part(text or "–", "" if standing.fixed else "strong"))
            return (Part("  "), part(text or "–", "quiet"))

        cells = {
            "property": cell(standing.prop.label, "quiet" if standing.fixed else ""),
            "primary": side("primary", line.primary),
            "secondary": side("secondary", line.secondary),
            "why": cell(standing.why if standing.why != "the primary's" else "", "quiet"),
        }
        return [cells[name] for name in names]

    # --- keys

    def action_move(self, rows: int) -> None:
        """Go up or down in the list."""
        self.table.action_move(rows)

    def action_tick(self) -> None:
        """Let the other record's value stand."""
        if self.table.current is not None:
            self._take("secondary" if self.table.current.standing.side == "primary" else "primary")

    def action_choose(self, step: int) -> None:
        """Let the left or the right value stand."""
        self._take("secondary" if step > 0 else "primary")

    def _take(self, side: Side) -> None:
        line = self.table.current
        if line is None:
            return
        standing = line.standing
        if standing.fixed:
            self.post_message(Say(f"{standing.prop.label}: {standing.why}, whatever is chosen."))
            return
        self._choices[standing.prop.name] = side
        self._show()

    def action_swap(self) -> None:
        """Let the other record stand, and this one become part of it."""
        self._work(self._swap())

    async def _swap(self) -> None:
        from cs_workspace.workspace import merge

        seen = self._seen
        read = partial(self._session.run, merge.preview, seen.kind.name, seen.secondary, seen.primary)
        self._seen = await self._host.loader.run(read)
        turned: dict[Side, Side] = {"primary": "secondary", "secondary": "primary"}
        self._choices = {name: turned[side] for name, side in self._choices.items()}
        self._show()

    def action_apply(self) -> None:
        """Carry it out."""
        if not self._under_way:
            self._under_way = True
            self._work(self._merge())

    async def _merge(self) -> None:
        from cs_workspace.workspace import merge

        seen = self._seen
        moved = await self._host.loader.run(
            partial(self._session.run, merge.merge, seen.kind.name, seen.primary, seen.secondary, dict(self._choices))
        )
        along = f"; {moved:,} {'record' if moved == 1 else 'records'} came along" if moved else ""
        self.dismiss(f"{seen.secondary_title} is part of {seen.primary_title} now{along}. u undo")

    def _work(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self.run_worker(self._guarded(coroutine), group="merge", exit_on_error=False)

    async def _guarded(self, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            await coroutine
        except WorkspaceError as error:
            self.post_message(Say(str(error), "bad"))
        except Exception as error:  # noqa: BLE001 - a bug is logged and said; the session goes on
            self.post_message(Say(faults.record(error), "bad"))
        finally:
            self._under_way = False
