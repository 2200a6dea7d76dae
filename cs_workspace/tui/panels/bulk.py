"""What one action does with the marked records: assign, edit, stage, delete, and what became of them (ACT-6, ACT-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.domain.selection import Selection
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels import running
from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.panels.form import Form, people_of
from cs_workspace.tui.record_keys import RecordKeys
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Cell, Part, cell, lines, part, plain
from cs_workspace.tui.widgets.fields import Field, TextField
from cs_workspace.tui.widgets.property_fields import Person, field_for
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.bulk import Outcome, Refusal

T = PropertyType
MANY = 1_000  # records of which it is shown how far an action has come
_CHOICE = (
    Column("front", "", 8, 16, sortable=False),
    Column("label", "", 16, 36, sortable=False),
    Column("help", "", 10, 30, sortable=False),
)


def export(page: RecordKeys, selection: Selection) -> None:
    """Write the records to a file."""
    from cs_workspace.tui.panels.export import start

    start(page, selection)


def assign(page: RecordKeys, selection: Selection) -> None:
    """Give records to a colleague, or to nobody."""
    kind = _kind(page, selection)
    if not kind.owner:
        page.post_message(Say(f"{kind.plural} have no owner."))
    else:
        page.doing(_assign(page, selection, kind))


async def _assign(page: RecordKeys, selection: Selection, kind: ObjectType) -> None:
    people = await people_of(page, _session(page))
    own = _session(page).around.actor.login
    choices = [
        _choice(
            page,
            selection,
            {kind.owner: login},
            "you" if login == own else "",
            plain(name),
            plain(login),
            f"given to {plain(name, 40)}",
        )
        for login, name in people
    ]
    choices.append(_choice(page, selection, {kind.owner: ""}, "", "Nobody", f"without {kind.owner}", "given to nobody"))
    _offer(page, f"{_count(kind, selection)}: whose?", choices)


def stage(page: RecordKeys, selection: Selection) -> None:
    """Choose another stage or status."""
    kind = _kind(page, selection)
    if kind.has_pipeline:
        page.doing(_stages(page, selection, kind))
        return
    names = ("status", "lifecycle_stage")
    prop = next((kind.properties[name] for name in names if name in kind.properties), None)
    if prop is None:
        page.post_message(Say(f"{kind.plural} have no stage."))
        return
    choices = [
        _choice(page, selection, {prop.name: each.name}, "", plain(each.label), "", f"set to {plain(each.label, 40)}")
        for each in prop.options
    ]
    _offer(page, f"{_count(kind, selection)}: {prop.label.lower()}?", choices)


async def _stages(page: RecordKeys, selection: Selection, kind: ObjectType) -> None:
    from cs_workspace.workspace import pipelines

    found = await page.host.loader.run(partial(_session(page).run, pipelines.pipelines, kind.name))
    choices = [
        _choice(
            page,
            selection,
            {"pipeline": each.label, "stage": one.label},
            "closed" if one.is_closed else "",
            plain(one.label),
            plain(each.label) if len(found) > 1 else "",
            f"moved to {plain(one.label, 40)}",
        )
        for each in found
        for one in each.stages
    ]
    _offer(page, f"{_count(kind, selection)}: which stage?", choices)


def edit(page: RecordKeys, selection: Selection) -> None:
    """Choose a property, then its value."""
    kind = _kind(page, selection)
    page.doing(_edit(page, selection, kind))


async def _edit(page: RecordKeys, selection: Selection, kind: ObjectType) -> None:
    people = [Person(login, name) for login, name in await people_of(page, _session(page))]

    def choose(prop: Property) -> None:
        if prop.type is T.STAGE or prop.type is T.PIPELINE:
            stage(page, selection)
        elif prop.name == kind.owner:
            assign(page, selection)
        else:
            what = f"{plain(prop.label, 40)} changed" if selection.count == 1 else "changed"
            page.app.push_screen(EditValue(page, selection, kind, prop, people), partial(_edited, page, what))

    choices = [
        Choice("", plain(prop.label), plain(_TYPES.get(prop.type, "")), partial(choose, prop))
        for prop in kind.properties.values()
        if not prop.computed and not (prop.unique and selection.count > 1)
    ]
    _offer(page, f"{_count(kind, selection)}: which property?", choices)


def delete(page: RecordKeys, selection: Selection) -> None:
    """Put records into the bin: one at once, several after they were counted."""
    if selection.count == 1:
        page.doing(_delete(page, selection))
    else:
        kind = _kind(page, selection)

        def sure(answer: bool | None) -> None:
            if answer:
                page.doing(_delete(page, selection))

        page.app.push_screen(Sure(page, selection, kind), sure)


async def _delete(page: RecordKeys, selection: Selection) -> None:
    from cs_workspace.workspace import bulk

    done = await page.host.loader.run(partial(_session(page).run, bulk.delete, selection))
    page.acted()
    page.post_message(Say(f"{_number(_kind(page, selection), done.changed)} deleted · u undoes"))


async def carry_out(page: RecordKeys, selection: Selection, texts: Mapping[str, str], what: str = "changed") -> None:
    """Give the records new values and say what became of them: `what`, such as `given to Lee Park`."""
    from cs_workspace.workspace import bulk

    session, kind = _session(page), _kind(page, selection)
    if selection.count > MANY:
        title = f"Editing {_number(kind, selection.count)} …"
        done = await running.run(page, title, lambda told: session.run(bulk.change, selection, texts, told))
    else:
        done = await page.host.loader.run(partial(session.run, bulk.change, selection, texts))
    _edited(page, what, (selection, done))


def _edited(page: RecordKeys, what: str, done: tuple[Selection, Outcome] | None) -> None:
    if done is None:
        return
    selection, outcome = done
    page.acted()
    page.post_message(Say(f"{summary(outcome, what)}{' · u undoes' if outcome.changed else ''}"))
    if outcome.refused:
        page.app.push_screen(RefusedList(outcome, _kind(page, selection)))


def summary(outcome: Outcome, what: str = "changed") -> str:
    """`21 given to Lee Park, 2 as they were, 0 refused`; of one record, what became of it."""
    if outcome.total == 1 and not outcome.refused:
        return what[:1].upper() + what[1:] if outcome.changed else "It was so before"
    return f"{outcome.changed:,} {what}, {outcome.unchanged:,} as they were, {len(outcome.refused):,} refused"


class EditValue(Form[tuple[Selection, "Outcome"]]):
    """A value for a property of all the records; how many it would change is said while one fills it in."""

    def __init__(
        self, page: RecordKeys, selection: Selection, kind: ObjectType, prop: Property, people: Sequence[Person]
    ) -> None:
        super().__init__(page.host, _session(page))
        self._page = page
        self._selection = selection
        self._kind = kind
        self._prop = prop
        self.field = field_for(kind.name, prop, self.session, people)

    def heading(self) -> Sequence[Sequence[Part | str]]:
        """Of what."""
        return [(part(plain(self._prop.label), "strong"), part(f"   {_count(self._kind, self._selection)}", "quiet"))]

    def fields(self) -> Iterable[Field]:
        """The one."""
        yield self.field

    @property
    def _texts(self) -> dict[str, str]:
        return {self._prop.name: str(self.field.value)}

    def on_mount(self) -> None:
        """Say what it would do as it is."""
        self.changed()

    def changed(self) -> None:
        """Count what it would change."""
        self.run_worker(self._preview(), group="preview", exclusive=True, exit_on_error=False)

    async def _preview(self) -> None:
        from cs_workspace.workspace import bulk

        if self._selection.count > 20 * MANY:
            return  # it is counted when it is done
        try:
            seen = await self.host.loader.run(partial(self.session.run, bulk.preview, self._selection, self._texts))
        except WorkspaceError:
            self.echo()  # half a value; why not is said when it is to be saved
            return
        refused = f", {len(seen.refused):,} are refused" if seen.refused else ""
        what = "Takes the value away from" if not self._texts[self._prop.name] else "Will change"
        self.echo(part(f"{what} {seen.changed:,} of {_number(self._kind, seen.total)}{refused}.", "accent"))

    async def write(self) -> tuple[Selection, Outcome]:
        """Save."""
        from cs_workspace.workspace import bulk

        change = partial(self.session.run, bulk.change, self._selection, self._texts)
        if self._selection.count <= MANY:
            return self._selection, await self.host.loader.run(change)
        title = f"Editing {_number(self._kind, self._selection.count)} …"
        done = await running.run(self._page, title, change)
        return self._selection, done


class Sure(Form[bool]):
    """Deleting several records asks for their number."""

    SAVES = "Delete"
    HINTS = ("enter delete", "esc close")

    def __init__(self, page: RecordKeys, selection: Selection, kind: ObjectType) -> None:
        super().__init__(page.host, _session(page))
        self._selection = selection
        self._kind = kind
        self._answer = TextField("Number", id="number", placeholder=f"{selection.count}", max_length=12)

    def heading(self) -> Sequence[Sequence[Part | str]]:
        """How many."""
        count = self._selection.count
        return [
            (part(f"Delete {_number(self._kind, count)}?", "strong"),),
            (part(f"Type {count} to delete them. They stay in the bin for 90 days; u brings them back.", "quiet"),),
        ]

    def fields(self) -> Iterable[Field]:
        """The number."""
        yield self._answer

    def on_field_left(self, event: Field.Left) -> None:
        """Enter behind the number deletes."""
        event.stop()
        event.prevent_default()
        if event.step > 0:
            self.action_save()

    async def write(self) -> bool | None:
        """Whether the number is right."""
        if self._answer.value.replace(",", "").strip() == str(self._selection.count):
            return True
        self._answer.hint(part(f"▲ Type {self._selection.count}, or esc to keep them.", "warn"))
        return None


class RefusedList(Drawer[None]):
    """The records that stay as they are, and why."""

    HINTS = ("↑↓ record", "esc close")

    def __init__(self, outcome: Outcome, kind: ObjectType) -> None:
        super().__init__()
        self._outcome = outcome
        self._kind = kind
        columns = (
            Column("title", kind.label, 12, 24, sortable=False),
            Column("why", "Why not", 20, 80, sortable=False),
        )
        self._words = Static(classes="words", markup=False)
        self.table: RecordTable[Refusal] = RecordTable(columns, _refusal, id="refused")

    def inside(self) -> Iterable[Widget]:
        """The summary, then each."""
        refused = _number(self._kind, len(self._outcome.refused))
        rows = [(part(f"{refused} refused", "strong"),), (part(summary(self._outcome), "quiet"),)]
        yield Static(lines(rows), classes="heading", markup=False)
        yield self.table
        yield self._words

    def on_mount(self) -> None:
        """Show them."""
        self.table.show(Rows(self._outcome.refused, lambda each: each.id))
        self.table.focus()

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Say in full why the one under the cursor is refused."""
        event.stop()
        each = self.table.current
        self._words.update("" if each is None else lines([(part(plain(each.title), "strong"),), (part(each.reason),)]))

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        event.stop()


def _refusal(each: Refusal, names: Sequence[str]) -> list[Cell]:
    return [cell(each.title if name == "title" else each.reason) for name in names]


def _offer(page: RecordKeys, title: str, choices: Sequence[Choice]) -> None:
    def chosen(choice: Choice | None) -> None:
        if choice is not None and choice.run is not None:
            choice.run()

    page.app.push_screen(ChoiceDrawer(title, choices, _CHOICE), chosen)


def _choice(
    page: RecordKeys, selection: Selection, texts: Mapping[str, str], front: str, label: str, help: str, what: str
) -> Choice:
    def run() -> None:
        page.doing(carry_out(page, selection, texts, what))

    return Choice(front, label, help, run)


def _session(page: RecordKeys) -> Session:
    session = page.host.session
    assert session is not None, "keys that act on records wait for the store"
    return session


def _kind(page: RecordKeys, selection: Selection) -> ObjectType:
    return _session(page).around.schema[selection.object]


def _count(kind: ObjectType, selection: Selection) -> str:
    return _number(kind, selection.count)


def _number(kind: ObjectType, count: int) -> str:
    return f"1 {kind.label.lower()}" if count == 1 else f"{count:,} {kind.plural.lower()}"


_TYPES: Mapping[PropertyType, str] = {
    T.DATE: "a day",
    T.DATETIME: "a time",
    T.MONEY: "an amount",
    T.INTEGER: "a whole number",
    T.NUMBER: "a number",
    T.DURATION: "a duration",
    T.ENUMERATION: "a choice",
    T.BOOLEAN: "yes or no",
    T.USER: "a person",
    T.STAGE: "a stage",
    T.ASSOCIATION: "other records",
}
