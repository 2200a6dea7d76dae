"""A filter chosen property by property: the other face of the filter line's tree (QRY-3, GOL-43).

Made from the properties of an object type, so every list has it. Several values of one property mean any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.binding import ID, Context, bind, canonical
from cs_workspace.domain.query.choices import choose_one
from cs_workspace.domain.query.form import asked, asking, parts_of
from cs_workspace.domain.query.listed import Listed, listed
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.presets import presets, quick_first
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.query.spans import EXPECTED
from cs_workspace.domain.query.tree import Compare, Is, Node, Range, Term, Test, Unknown, Value
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.tui.keys import some
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.text import Cell, cell, content, part
from cs_workspace.tui.widgets.chips import any_in_words, chip_text
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

T = PropertyType

_FIELDS = (Column("label", "Property", 12, 20, sortable=False), Column("asked", "Shows only", 20, 50, sortable=False))
_VALUES = (Column("label", "", 12, 60, sortable=False),)
NUMBERED = 9  # values that have a key


@dataclass(frozen=True, slots=True)
class Choice:
    """A value one can tick, or a quick filter."""

    number: int
    tests: tuple[Test, ...]
    label: str


class FilterForm(Drawer[str]):
    """Opened by `f`; its answer is the filter's canonical text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *some("panel.apply", "panel.blank", "app.next_pane", "app.previous_pane"),
        *some(*(f"panel.pick_{number}" for number in range(1, NUMBERED + 1))),
    ]
    HINTS = ("↑↓ property", "1–9 value", "tab its values", "space tick", "del blank", "enter show them", "esc close")

    def __init__(self, kind: ObjectType, context: Context, tree: Node) -> None:
        super().__init__()
        self._kind = kind
        self._asker = context
        self._tree = tree
        self._typed: dict[str, tuple[str, str, str]] = {}  # what was typed and could not be understood
        self._why: dict[str, str] = {}
        self.fields: RecordTable[Property] = RecordTable(_FIELDS, self._field, id="fields")
        self.values: RecordTable[Choice] = RecordTable(
            _VALUES, _value, header=False, lasting=False, mark=lambda choice: choice.number, id="values"
        )
        self._low = Input(placeholder="from", compact=True, max_length=200, id="low")
        self._high = Input(placeholder="to", compact=True, max_length=200, id="high")
        self._is = Input(compact=True, max_length=1_000, id="is")

    def inside(self) -> Iterable[Widget]:
        """The properties, then the values of the one under the cursor, then the text this makes."""
        yield self.fields
        with Vertical(id="editor"):
            yield Static("", id="asks", markup=False)
            yield self._low
            yield self._high
            yield self._is
            yield self.values
        yield Static("", id="text", markup=False)

    def on_mount(self) -> None:
        """Show every property, those of quick filters first; the cursor is on what is asked something of."""
        properties = [prop for prop in quick_first(self._kind) if prop.name != ID.name]
        places = {prop.name: place for place, prop in enumerate(properties)}
        self.fields.show(Rows(properties, lambda prop: places[prop.name]))
        first = next((places[p.name] for p in properties if asked(self._tree, p.name)), 0)
        self.fields.cursor = first
        self._edit()
        self.fields.focus()

    @property
    def _prop(self) -> Property:
        prop = self.fields.current
        assert prop is not None, "every object has properties"
        return prop

    # --- what is shown

    def _field(self, prop: Property, names: Sequence[str]) -> list[Cell]:
        tests = asked(self._tree, prop.name)
        if prop.name in self._why:
            text = cell(f"▲ {' '.join(each for each in self._typed[prop.name] if each)}", "warn")
        else:
            text = cell(any_in_words(prop, tests), "accent")
        return [cell(prop.label) if name == "label" else text for name in names]

    def _edit(self) -> None:
        """Show what can be asked of the property under the cursor."""
        prop = self._prop
        tests = asked(self._tree, prop.name)
        every = listed(prop, self._kind, self._asker.names)
        quick = presets(prop)
        ranged = prop.type in EXPECTED
        self.values.display = bool(every or quick)
        self._low.display = self._high.display = ranged
        self._is.display = not every
        self._is.placeholder = "or exactly, several with commas" if ranged else "contains, several with commas"
        if every:
            self._offer_values(every, [self._plain(test, prop) for test in tests])
        else:
            self._fill(self._typed.get(prop.name) or _written(tests))
            self._offer([Choice(number, each.tests, each.label) for number, each in enumerate(quick)], tests)
        self._say()

    def _offer_values(self, every: Sequence[Listed], tests: Sequence[Test]) -> None:
        offered: dict[Test, str] = {Is(Value(each.text)): each.label for each in every}
        offered[Unknown()] = "none"
        offered |= {test: any_in_words(self._prop, [test]) for test in tests if test not in offered}
        self._offer([Choice(n, (test,), label) for n, (test, label) in enumerate(offered.items())], tests)

    def _offer(self, choices: Sequence[Choice], tests: Sequence[Test]) -> None:
        self.values.show(Rows(choices, lambda choice: choice.number), index=0)
        self._tick(tests)

    def _tick(self, tests: Sequence[Test]) -> None:
        """Tick what is asked: values one by one, a quick filter as a whole."""
        whole = bool(presets(self._prop))
        with self.prevent(RecordTable.Marked):
            self.values.mark(
                choice.number
                for choice in self.values.window.known()
                if (choice.tests == tuple(tests) if whole else choice.tests[0] in tests)
            )

    def _plain(self, test: Test, prop: Property) -> Test:
        """A user by login, however the filter names them."""
        if prop.type is not T.USER or not isinstance(test, Is) or test.value.text == "me":
            return test
        try:
            user = choose_one(test.value, self._asker.names.users(), "user")
        except Invalid:
            return test
        return Is(Value(next(name for name, each in self._asker.names.users() if each == user)))

    def _fill(self, texts: tuple[str, str, str]) -> None:
        with self.prevent(Input.Changed):
            self._low.value, self._high.value, self._is.value = texts

    def _say(self) -> None:
        prop = self._prop
        why = self._why.get(prop.name)
        asks = part(f"▲ {why}", "warn") if why else part(prop.label, "strong")
        self.query_one("#asks", Static).update(content(asks))
        names = {name for name in self._kind.properties if asked(self._tree, name)}
        parts = parts_of(self._tree)
        fields = [each for each in parts if isinstance(each, Term) and each.name in names]
        rest = [chip_text(each, self._kind) for each in parts if each not in fields]
        text = print_tree(self._tree) or "everything"
        also = f"   and besides: {', '.join(rest)}" if rest else ""
        self.query_one("#text", Static).update(content(part(f"/ {text}", "quiet"), part(also, "quiet")))

    # --- what is chosen

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Another property."""
        event.stop()
        if event.table is self.fields and self.is_mounted:
            self._edit()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        event.stop()
        if event.table is self.values:
            self.values.action_mark()

    def on_record_table_marked(self, event: RecordTable.Marked) -> None:
        """Values were ticked; of quick filters the last one stands."""
        event.stop()
        chosen = [choice for choice in self.values.window.known() if choice.number in self.values.marked]
        tests = [test for choice in chosen for test in choice.tests]
        if presets(self._prop):
            before = asked(self._tree, self._prop.name)
            tests = list(next((choice.tests for choice in chosen if choice.tests != before), ()))
            self._fill(_written(tests))
        self._ask(tests)
        self._tick(tests)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed; a range and exact values take each other's place."""
        event.stop()
        low, high, exactly = self._low.value.strip(), self._high.value.strip(), self._is.value.strip()
        if event.input is self._is and exactly:
            low = high = ""
        elif event.input is not self._is and (low or high):
            exactly = ""
        with self.prevent(Input.Changed):
            if event.input is not self._is:
                self._is.value = exactly
            elif exactly:
                self._low.value = self._high.value = ""
        name = self._prop.name
        try:
            if low or high:
                tests: tuple[Test, ...] = (Range(Value(low) if low else None, Value(high) if high else None),)
            else:
                tests = _read(exactly)
            bind(Term(name, tests), self._kind, self._asker) if tests else None
        except Invalid as error:
            self._typed[name], self._why[name] = (low, high, exactly), f"{error.why}. {error.hint}".strip()
            self.fields.refresh()
            self._say()
        else:
            self._ask(tests)
            if presets(self._prop):
                self._tick(tests)

    def _ask(self, tests: Sequence[Test]) -> None:
        name = self._prop.name
        self._typed.pop(name, None)
        self._why.pop(name, None)
        self._tree = asking(self._tree, name, tests)
        self.fields.refresh()
        self._say()

    def action_pick(self, number: int) -> None:
        """Tick a value by its number, wherever the cursor is."""
        if self.values.display and number <= self.values.window.total:
            ticked = self.values.marked ^ {number - 1}
            self.values.mark(ticked)

    def action_blank(self) -> None:
        """Ask nothing of the property."""
        self._ask(())
        self._edit()

    # --- going and leaving

    def action_next_pane(self) -> None:
        """To the values, and back to the properties."""
        self.focus_next()

    def action_previous_pane(self) -> None:
        """The other way round."""
        self.focus_previous()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_apply()

    def action_apply(self) -> None:
        """Show what was asked for; what could not be understood has to be put right first."""
        if self._why:
            places = {prop.name: place for place, prop in enumerate(self.fields.window.known())}
            self.fields.cursor = places[next(iter(self._why))]
            self._edit()
            (self._low if self._low.value else self._is).focus()
            return
        self.dismiss(canonical(bind(self._tree, self._kind, self._asker)))


def _written(tests: Sequence[Test]) -> tuple[str, str, str]:
    """What the lines hold for what is asked: from, to, exactly."""
    match tests:
        case [Range(low, high)]:
            return (low.text if low else "", high.text if high else "", "")
        case [Compare(">=", value)]:
            return (value.text, "", "")
        case [Compare("<=", value)]:
            return ("", value.text, "")
        case []:
            return ("", "", "")
    return ("", "", print_tree(Term("x", tuple(tests))).partition(":")[2])


def _read(text: str) -> tuple[Test, ...]:
    """Values as the filter line takes them; text with blanks needs no quotes here. Raises QueryError."""
    if not text:
        return ()
    try:
        term = parse(f"x:{text}")
    except Invalid:
        term = None
    if isinstance(term, Term):
        return term.tests
    return tuple(Is(Value(each.strip())) for each in text.split(",") if each.strip())


def _value(choice: Choice, names: Sequence[str]) -> list[Cell]:
    number = f"{choice.number + 1} " if choice.number < NUMBERED else "  "
    return [(part(number, "quiet"), part(choice.label)) for _ in names]
