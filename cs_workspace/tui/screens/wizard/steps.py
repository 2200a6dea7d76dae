"""The steps of the wizard that are forms: template, setup, notifications, and what was made (GOL-4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.meaning import measures
from cs_workspace.domain.goals.model import Aggregate, Category, Duration
from cs_workspace.domain.goals.notices import Event
from cs_workspace.domain.goals.teams import main_members
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES
from cs_workspace.domain.query.binding import Context, bind
from cs_workspace.domain.query.parser import MAX_LENGTH, parse
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType, Schema
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.filter_form import FilterForm
from cs_workspace.tui.screens.wizard.entries import TEAMS, USERS, Entries
from cs_workspace.tui.screens.wizard.meaning import Lines, sentence
from cs_workspace.tui.text import Cell, Part, cell, lines, part
from cs_workspace.tui.widgets.fields import Checklist, DateField, Field, Go, Item, OneOf, TextField, YesNo
from cs_workspace.tui.widgets.record_table import Column, RecordTable
from cs_workspace.tui.widgets.window import Rows

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_preview import Choices, Preview

_CATEGORIES = {Category.SERVICE: "Customer service", Category.SALES: "Sales"}
_AGGREGATES = (
    (Aggregate.COUNT, "count"),
    (Aggregate.SUM, "sum"),
    (Aggregate.AVERAGE, "average"),
    (Aggregate.MINIMUM, "smallest"),
    (Aggregate.MAXIMUM, "largest"),
)


class Offer(NamedTuple):
    """A template as the list shows it."""

    name: str
    label: str
    category: str
    measures: str
    refusal: str


class Step(VerticalScroll, can_focus=False):
    """One step. It writes what is filled in into the entries and says so."""

    class Edited(Message):
        """Something else is filled in."""

    class Done(Message):
        """On to the next step."""

    def __init__(self, entries: Entries, choices: Choices, schema: Schema) -> None:
        super().__init__(classes="step")
        self.entries = entries
        self.choices = choices
        self.schema = schema

    @property
    def first_focus(self) -> Widget:
        """What takes the keys."""
        return self.stops[0]

    @property
    def stops(self) -> list[Widget]:
        """What the arrows lead through."""
        fields = [each for each in self.query(Field) if each.display]
        return [*(field.target for field in fields), *self.query(Go)]

    def answer(self, preview: Preview) -> None:
        """The preview is here: say what stands against single fields."""

    def on_field_left(self, event: Field.Left) -> None:
        """On to the field after or before."""
        event.stop()
        self._go_from(event.field.target, event.step)

    def on_go_went(self, event: Go.Went) -> None:
        event.stop()
        self._go_from(self.query_one(Go), event.step)

    def on_go_pressed(self, event: Go.Pressed) -> None:
        event.stop()
        self.post_message(self.Done())

    def _go_from(self, widget: Widget, step: int) -> None:
        stops = self.stops
        place = stops.index(widget) + step
        if 0 <= place < len(stops):
            stops[place].focus()

    def enter(self) -> bool:
        """Enter was pressed where it means nothing else; whether the step is done."""
        focused = self.app.focused
        if focused is not None and not isinstance(focused, Go) and focused in self.stops:
            self._go_from(focused, 1)
        return isinstance(focused, Go)


class TemplateStep(Step):
    """Ready-made goals by category, and one's own (GOL-5, GOL-8)."""

    def compose(self) -> ComposeResult:
        columns = (
            Column("label", "Goal", 24, 30),
            Column("category", "", 12, 18, rank=2),
            Column("measures", "What it measures", 20, 110, rank=1),
        )
        table: RecordTable[Offer] = RecordTable(columns, _offer_cells, id="templates")
        yield table

    def on_mount(self) -> None:
        """Offer them; the cursor is on the chosen one."""
        offers = [self._offer(each.name, each.refusal) for each in self.choices.templates]
        order = {name: number for number, name in enumerate((*_CATEGORIES.values(), "From scratch"))}
        offers.sort(key=lambda offer: order[offer.category])
        place = next((i for i, offer in enumerate(offers) if offer.name == self.entries.template), 0)
        self.table.show(Rows(offers, lambda offer: hash(offer.name)), index=place)
        self.take()

    def _offer(self, name: str, refusal: str) -> Offer:
        if name == CUSTOM:
            words = "Anything of any records: count, sum, average, smallest or largest"
            return Offer(name, "From scratch", "From scratch", words, refusal)
        template = TEMPLATES[name]
        words = measures(template.kpi, self.schema[template.kpi.object])
        if name == "forecasted_revenue":
            words = f"{words}, by fiscal year, for the forecast"
        return Offer(name, template.label, _CATEGORIES[template.category], words, refusal)

    @property
    def table(self) -> RecordTable[Offer]:
        """The list."""
        return self.query_one("#templates", RecordTable)

    @property
    def stops(self) -> list[Widget]:
        """The list."""
        return [self.table]

    def enter(self) -> bool:
        """Take the template under the cursor."""
        self.take()
        return True

    def take(self) -> None:
        """The template under the cursor is the chosen one."""
        offer = self.table.current
        if offer is not None and offer.name != self.entries.template:
            self.entries.template = offer.name
            self.entries.suggest_name()
            self.post_message(self.Edited())

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """What it means follows the cursor."""
        event.stop()
        self.take()

    def on_record_table_chosen(self, event: RecordTable.Chosen) -> None:
        event.stop()
        self.post_message(self.Done())


def _offer_cells(offer: Offer, names: Sequence[str]) -> list[Cell]:
    quiet = "quiet" if offer.refusal else ""
    texts: dict[str, Cell] = {
        "label": cell(offer.label, quiet or "strong"),
        "category": cell(offer.category, "quiet"),
        "measures": cell(f"▲ {offer.refusal}", "warn") if offer.refusal else cell(offer.measures, "quiet"),
    }
    return [texts[name] for name in names]


class ScratchStep(Step):
    """A KPI of one's own (GOL-8)."""

    def compose(self) -> ComposeResult:
        owned = [(k.name, k.plural) for k in self.schema.objects.values() if _has_owner(k)]
        asked = self.entries.custom
        asked.setdefault("object", owned[0][0])
        asked.setdefault("aggregate", str(Aggregate.COUNT))
        asked.setdefault("direction", "higher")
        yield OneOf("Records", owned, asked["object"], id="object")
        yield OneOf("Take the", [(str(a), word) for a, word in _AGGREGATES], asked["aggregate"], id="aggregate")
        yield OneOf("Of their", (), "", id="measure")
        yield OneOf("Since", (), "", id="since")
        yield OneOf("Dated by", (), "", id="dated_by")
        every = "all of them; f2 helps"
        yield TextField("Where", asked.get("filter", ""), id="filter", placeholder=every, max_length=MAX_LENGTH)
        yield OneOf("Better is", (("higher", "more"), ("lower", "less")), asked["direction"], id="direction")
        yield Go("Setup", "ctrl+n")

    def on_mount(self) -> None:
        """Offer what goes with what is chosen."""
        self._offer()

    def on_field_changed(self, event: Field.Changed) -> None:
        """Keep it, and offer what goes with it."""
        event.stop()
        name = event.field.id or ""
        self.entries.custom[name] = event.field.value
        if name in {"object", "aggregate", "measure"}:
            self._offer()
        self.post_message(self.Edited())

    def _offer(self) -> None:
        asked = self.entries.custom
        kind = self.schema[asked["object"]]
        counts = asked["aggregate"] == Aggregate.COUNT
        moments = kind.of_type(PropertyType.DATETIME)
        amounts = [p for p in kind.of_type(*_AMOUNTS) if not p.currency]
        self._choice("measure", [*amounts, *moments], shown=not counts)
        since = not counts and asked["measure"] in {p.name for p in moments}
        self._choice("since", [p for p in moments if p.name != asked["measure"]], shown=since)
        self._choice("dated_by", kind.of_type(PropertyType.DATE, PropertyType.DATETIME), shown=True)

    def _choice(self, name: str, offered: Iterable[Property], *, shown: bool) -> None:
        asked = self.entries.custom
        options = [(each.name, each.label.lower()) for each in offered]
        if not shown:
            asked[name] = ""
        elif asked.get(name) not in {value for value, _ in options}:
            asked[name] = options[0][0] if options else ""
        one = self.query_one(f"#{name}", OneOf)
        one.offer(options, asked[name])
        one.display = shown

    def open_form(self, context: Context) -> None:
        """Choose the filter property by property; a mistake in it has to be put right before."""
        kind, line = self.schema[self.entries.custom["object"]], self.query_one("#filter", TextField)
        try:
            tree = bind(parse(line.value), kind, context).tree
        except Invalid as error:
            self.post_message(Say(sentence(error), "warn"))
            line.target.focus()
        else:
            self.app.push_screen(FilterForm(kind, context, tree), self._formed)

    def _formed(self, text: str | None) -> None:
        if text is not None:
            line = self.query_one("#filter", TextField)
            line.put(text)
            line.target.focus()
            self.entries.custom["filter"] = text
            self.post_message(self.Edited())

    def answer(self, preview: Preview) -> None:
        """A mistake in the filter stands below it; the unit stands below what is measured."""
        line = self.query_one("#filter", TextField)
        error = preview.refusals.get("custom")
        line.hint(
            *([part(f"▲ {sentence(error)}", "warn")] if error is not None and self.entries.custom.get("filter") else [])
        )
        unit = [part(f"targets are in {_UNITS[preview.kpi.unit]}", "quiet")] if preview.kpi else []
        self.query_one("#aggregate", OneOf).hint(*unit)


_AMOUNTS = (PropertyType.NUMBER, PropertyType.INTEGER, PropertyType.MONEY, PropertyType.DURATION)
_UNITS = {"number": "plain numbers", "currency": "the home currency", "duration": "days, hours and minutes"}


def _has_owner(kind: ObjectType) -> bool:
    owner = kind.properties.get(kind.owner)
    return owner is not None and owner.type is PropertyType.USER


class SetupStep(Step):
    """Name, contributors, periods (GOL-9 to GOL-12, GOL-16 to GOL-20)."""

    def compose(self) -> ComposeResult:
        e = self.entries
        modes = ((TEAMS, "teams with their users"), (USERS, "users only"))
        durations = [(str(each), str(each)) for each in Duration]
        yield TextField("Name", e.name, id="name")
        yield OneOf("For", modes, e.mode, id="mode")
        yield Checklist("", self._items(), id="who")
        yield YesNo("Whole team", e.whole_team, id="whole_team")
        yield YesNo("Include others", e.include_others, id="include_others")
        yield OneOf("Milestones", durations, e.duration, id="duration")
        yield TextField("Year", e.year, id="year", max_length=4)
        yield YesNo("Fiscal year", e.fiscal, id="fiscal")
        yield DateField("First day", e.start, id="start", placeholder="2026-03-31", max_length=10)
        yield DateField("Last day", e.end, id="end", placeholder="2026-03-31", max_length=10)
        yield Go("Performance", "ctrl+n")

    def on_mount(self) -> None:
        """Show what goes with what is chosen."""
        self._arrange()

    @property
    def first_focus(self) -> Widget:
        """The contributors: the name is there already."""
        e = self.entries
        named = bool(e.name.strip())
        return self.query_one("#who", Field).target if named else self.query_one("#name", Field).target

    def _arrange(self) -> None:
        e = self.entries
        teams, by_year = e.mode == TEAMS, e.duration != Duration.CUSTOM
        always = e.template == "forecasted_revenue"
        shown = {
            "whole_team": teams,
            "include_others": teams and not e.whole_team,
            "year": by_year,
            "fiscal": by_year and not always,
            "start": not by_year,
            "end": not by_year,
        }
        for name, is_shown in shown.items():
            self.query_one(f"#{name}", Field).display = is_shown
        self.query_one("#who", Checklist).show(self._items())
        words = "one row for each team, none for its users" if e.whole_team else ""
        self.query_one("#whole_team", Field).hint(*([part(words, "quiet")] if words else []))
        others = "the teams' values count members without a row, too"
        self.query_one("#include_others", Field).hint(*([part(others, "quiet")] if e.include_others else []))

    def _items(self) -> list[Item]:
        e = self.entries
        if e.mode == USERS:
            main = {m.user_id: m.team_id for m in self.choices.memberships if m.main}
            names = {team.id: team.name for team in self.choices.teams}
            return [
                Item(f"user {p.login}", p.name, names.get(main.get(p.id, 0), ""), p.login in e.users)
                for p in self.choices.users
            ]
        items: list[Item] = []
        members = e.members(self.choices)
        active = {user.id for user in self.choices.users}
        for team in self.choices.teams:
            own = [m for m in members if m.team == team.name]
            ticked = team.name in e.teams
            count = len(main_members(team.id, self.choices.teams, self.choices.memberships, active))
            words = f"{count} main member{'s' * (count != 1)}"
            items.append(Item(f"team {team.name}", team.name, words, ticked))
            if ticked and not e.whole_team:
                items += (
                    Item(
                        f"member {m.team} {m.login}",
                        m.name,
                        "" if m.main else "in several teams: tick one" if m.asked else "extra member",
                        e.takes_part(m),
                        1,
                        m.asked and m.login not in e.carriers,
                    )
                    for m in own
                )
        return items

    def on_checklist_ticked(self, event: Checklist.Ticked) -> None:
        """Tick a user, a team, or a member of a team."""
        event.stop()
        e = self.entries
        kind, _, name = event.key.partition(" ")
        if kind == "member":
            member = next(m for m in e.members(self.choices) if f"member {m.team} {m.login}" == event.key)
            e.tick(member)
        else:
            some = e.users if kind == "user" else e.teams
            if name in some:
                some.remove(name)
            else:
                some.append(name)
        self._arrange()
        self.post_message(self.Edited())

    def on_field_changed(self, event: Field.Changed) -> None:
        """Keep it."""
        event.stop()
        e, name = self.entries, event.field.id or ""
        if isinstance(event.field, YesNo):
            setattr(e, name, event.field.is_yes)
        else:
            setattr(e, name, event.field.value)
        if name == "name":
            e.named = e.name.strip() not in {"", e.suggestion}
        elif name in {"year", "duration"}:
            e.suggest_name()
            self.query_one("#name", TextField).put(e.name)
        if name in {"mode", "duration", "whole_team", "include_others"}:
            self._arrange()
        self.post_message(self.Edited())

    def answer(self, preview: Preview) -> None:
        """Below the year stands what it is, below the name why it cannot be."""
        name, year = preview.refusals.get("name"), preview.refusals.get("period")
        empty = not self.entries.name.strip()
        self.query_one("#name", Field).hint(*([part(f"▲ {sentence(name)}", "warn")] if name and not empty else []))
        words: list[Part] = []
        if year is not None and self.entries.year.strip():
            words = [part(f"▲ {sentence(year)}", "warn")]
        elif preview.periods and preview.year.startswith("FY"):
            first, last = preview.periods[0].first_day, preview.periods[-1].last_day
            words = [part(f"{preview.year}: {first} to {last}", "quiet")]
        self.query_one("#year", Field).hint(*words)


class NoticesStep(Step):
    """What contributors are told of (GOL-30)."""

    def compose(self) -> ComposeResult:
        yield Static("Contributors are told, once for each milestone, when it is", classes="lead", markup=False)
        yield Checklist("", self._items(), id="events", search=False)
        yield Go("Create the goal", "ctrl+n")

    def _items(self) -> list[Item]:
        return [Item(str(each), each.words, ticked=each in self.entries.notify) for each in Event]

    def on_checklist_ticked(self, event: Checklist.Ticked) -> None:
        """Tick an event."""
        event.stop()
        ticked = set(self.entries.notify) ^ {event.key}
        self.entries.notify = [str(each) for each in Event if each in ticked]
        self.query_one("#events", Checklist).show(self._items())
        self.post_message(self.Edited())

    @property
    def first_focus(self) -> Widget:
        """Creating: most leave the list as it is."""
        return self.query_one(Go)


class Resting(Static, can_focus=True):
    """Something to rest on, so that keys have a place."""


class DoneStep(Step):
    """What was made."""

    def __init__(self, entries: Entries, choices: Choices, schema: Schema, preview: Preview) -> None:
        super().__init__(entries, choices, schema)
        self._preview = preview
        self.is_there = True  # the goal

    def compose(self) -> ComposeResult:
        yield Resting(lines(self._made()), markup=False)

    def show(self, *, is_there: bool) -> None:
        """Say whether there is a goal."""
        if is_there != self.is_there:
            self.is_there = is_there
            self.query_one(Resting).update(lines(self._made() if is_there else self._gone()))

    def _made(self) -> Lines:
        made = self._preview
        milestones = f"{len(made.rows)} contributors, {made.milestones:,} milestones"
        return [
            (part("✓ ", "good"), part(self.entries.name, "strong"), part(" is made.")),
            (part(milestones, "quiet"),),
            *([(part("It is forecasted revenue, and shows in the forecast.", "quiet"),)] if made.forecastable else []),
            (),
            *_keys(o="its page", E="its targets", n="make another goal", u="take it back", q="close"),
        ]

    def _gone(self) -> Lines:
        return [
            (part(self.entries.name, "strong"), part(" is not there any more.")),
            (part("It was taken back or deleted.", "quiet"),),
            (),
            *_keys(U="bring back what you took back", n="make another goal", q="close"),
        ]

    @property
    def stops(self) -> list[Widget]:
        """The words."""
        return [self.query_one(Resting)]

    def enter(self) -> bool:
        """There is nothing to go on to."""
        return False


def _keys(**words: str) -> Lines:
    return [(part(key, "accent"), part(f"  {word}", "quiet")) for key, word in words.items()]
