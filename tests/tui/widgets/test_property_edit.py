"""Properties edited in place: an editor for each type, conflicts, drafts, links (CUS-10, REC-6, REC-7, UND-5)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from textual.widgets import Input

from cs_workspace.tui import record_views as views
from cs_workspace.tui.messages import OpenPage
from cs_workspace.tui.panels import links as links_panel
from cs_workspace.tui.panels import properties as properties_panel
from cs_workspace.tui.panels import property_details
from cs_workspace.tui.panels.clashes import ClashDrawer
from cs_workspace.tui.panels.links import LinksDrawer
from cs_workspace.tui.panels.properties import PropertyForm
from cs_workspace.tui.panels.property_details import PropertyDetails
from cs_workspace.tui.panels.value_editors import LineEditor, TextEditor, ValueDrawer
from cs_workspace.tui.record_keys import RecordKeys
from cs_workspace.tui.widgets.property_edit import PropertyEditing
from cs_workspace.tui.widgets.record_table import RecordTable
from cs_workspace.tui.widgets.window import Rows
from cs_workspace.workspace import links, properties, record_page, records, undo
from tests.tui.desk import Desk, desk


class Values(RecordKeys):
    """A record's properties and nothing else."""

    def __init__(self, host, object, id):
        super().__init__(host)
        self.shown = (object, id)
        self.table = RecordTable(views.DETAILS, views.detail_cells, header=False, id="about")
        self.editing = PropertyEditing(self, self.table, lambda row: row.name, lambda: self.table.left_of("value"))
        self.began = False

    def compose(self):
        yield self.table

    @property
    def first_focus(self):
        return self.table

    @property
    def is_changing(self):
        return self.editing.is_opening

    def draft(self):
        return self.editing.draft()

    def load(self):
        self.work("page", self._load(self.host.session))

    async def _load(self, session):
        record = await self.host.loader.run(partial(session.run, record_page.record, *self.shown))
        rows = views.details(record, session, 100, names=tuple(record.kind.properties))
        current = self.table.current
        self.table.show(Rows(rows, views.number), keep=None if current is None else views.number(current))
        if not self.began:
            self.began = True
            await self.editing.bring_back(self.shown)

    def action_edit(self):
        row = self.table.current
        assert row is not None
        self.editing.edit(self.shown, row.name)


async def show(session, object, id):
    page = Values(session.app, object, id)
    session.app.main.post_message(OpenPage(page))
    await session.settle()
    return page


async def edit(session, page, name):
    page.editing.edit(page.shown, name)
    await session.settle()


async def type_over(session, text):
    focused(session).value = ""
    await session.write(text)


def is_open(session: Desk, kind: type[Any]) -> bool:
    return isinstance(session.open, kind)


def focused(session: Desk) -> Any:
    return session.app.focused


def echo(session):
    return str(session.open._echo.visual)


async def value(session, object, id, name):
    shown = await session.run_elsewhere(records.show, object, str(id))
    return shown[name]


async def test_cus_10_a_line_over_the_value_says_what_it_understood(demo):
    async with desk(demo) as session:
        page = await show(session, "companies", 10)
        await edit(session, page, "arr")
        assert is_open(session, LineEditor)
        line = focused(session)
        row = page.table.line_of(page.table.cursor)
        assert line.region.y == page.table.region.y + row
        assert line.region.x == page.table.region.x + page.table.left_of("value")
        await session.write("12k")
        assert line.value == "12k"
        assert echo(session) == "→ 12,000 €"
        await session.write("x")
        assert "12kx' is not in EUR" in echo(session)
        await session.press("enter")
        assert is_open(session, LineEditor)
        assert line.value == "12kx"
        await session.press("backspace", "tab")
        assert await value(session, "companies", 10, "arr") == "12000.00"
        assert session.app.focused is not line
        assert page.table.current.name == "renewal_date"  # tab saved, and the next one is open
        await session.write("next fri")
        assert echo(session) == "→ Fri 27 Nov 2026"
        await session.press("shift+tab")
        assert await value(session, "companies", 10, "renewal_date") == "2026-11-27"
        assert page.table.current.name == "arr"
        assert focused(session).value == "12000"
        await session.press("escape")
        assert session.app.focused is page.table
        assert "12,000 €" in session.text


async def test_und_5_what_cannot_be_saved_stays_in_its_editor_with_the_reason(demo):
    async with desk(demo) as session:
        page = await show(session, "companies", 10)
        await edit(session, page, "domain")
        await type_over(session, "Grønli.NO")
        assert echo(session) == "→ grønli.no"
        await session.press("escape")
        other = (await session.run_elsewhere(records.show, "companies", "11"))["domain"]
        await edit(session, page, "domain")
        await type_over(session, other)
        await session.press("enter")
        assert "belongs to company 11 already" in echo(session)
        assert focused(session).value == other
        await session.press("escape")
        await edit(session, page, "name")
        await type_over(session, " ")
        assert "a company needs one" in echo(session)
        await session.press("enter", "escape")
        await edit(session, page, "employees")
        await type_over(session, "")
        assert echo(session) == "→ nothing"
        await session.press("enter")
        assert await value(session, "companies", 10, "employees") is None
        await edit(session, page, "last_activity_at")
        assert focused(session).value[:4] in {"2025", "2026"}
        await session.press("enter")  # nothing was typed, nothing is saved
        await edit(session, page, "last_activity_at")
        await type_over(session, "fri 14:30")
        assert echo(session) == "→ Fri 27 Nov 2026 14:30"
        await session.press("enter")
        assert await value(session, "companies", 10, "last_activity_at") == "2026-11-27T14:30:00+01:00"
        await edit(session, page, "health")
        assert "Health is calculated" in session.said
        assert (await session.run_elsewhere(undo.entries))[0].label.startswith("set last_activity_at of company")


async def test_cus_10_lists_to_choose_from_long_texts_and_small_screens(demo):
    async with desk(demo, size=(80, 24)) as session:
        page = await show(session, "companies", 10)
        await edit(session, page, "sentiment")
        assert is_open(session, ValueDrawer)
        await session.write("neg")
        await session.press("enter")
        assert await value(session, "companies", 10, "sentiment") == "negative"
        await edit(session, page, "sentiment")
        assert session.open.table.current.label == "Negative"
        await session.press("home", "up", "up", "up", "up")
        assert session.open.table.current.label == "none"
        await session.press("enter")
        assert await value(session, "companies", 10, "sentiment") is None
        await edit(session, page, "owner")
        await session.write("lee")
        await session.press("enter")
        assert await value(session, "companies", 10, "owner") == "lee"

        note = await session.run_elsewhere(records.add, "notes", {"at": "2026-11-20", "body": "one\ntwo"})
        page = await show(session, "notes", note)
        await edit(session, page, "body")
        assert is_open(session, TextEditor)
        await session.press("enter", "x", "escape")
        assert "ctrl+s saves" in session.text
        await session.press("y", "ctrl+s")
        assert await value(session, "notes", note, "body") == "one\ntwo\nxy"
        await edit(session, page, "body")
        await session.press("z", "escape", "escape")
        assert await value(session, "notes", note, "body") == "one\ntwo\nxy"

        ticket = await show(session, "tickets", 1)
        await edit(session, ticket, "stage")
        assert "none" not in [choice.label for choice in session.open._choices]
        await session.write("closed")
        await session.press("enter")
        assert await value(session, "tickets", 1, "is_closed") is True
        await edit(session, ticket, "companies")
        assert is_open(session, LinksDrawer)
        await session.press("escape")
        assert session.app.focused is ticket.table


async def test_rec_7_a_clash_asks_and_nothing_typed_is_lost(demo):
    async with desk(demo) as session:
        page = await show(session, "companies", 10)
        await edit(session, page, "phone")
        await type_over(session, "mine")
        await session.run_elsewhere(records.change, "companies", "10", {"phone": "theirs", "industry": "Steel"})
        await session.press("enter")
        assert is_open(session, ClashDrawer)
        assert "This property was changed while you typed" in session.text
        assert all(word in session.text for word in ("Mine", "Theirs", "Original", "mine", "theirs"))
        await session.press("escape")
        assert is_open(session, LineEditor)
        assert focused(session).value == "mine"
        assert page.draft().content["text"] == "mine"
        await session.press("enter", "m", "enter")
        assert await value(session, "companies", 10, "phone") == "mine"
        assert await value(session, "companies", 10, "industry") == "Steel"
        assert session.app.focused is page.table

        await edit(session, page, "phone")
        await type_over(session, "again")
        await session.run_elsewhere(records.change, "companies", "10", {"phone": "hers"})
        await session.press("enter", "o", "enter")
        assert await value(session, "companies", 10, "phone") == "mine"
        await session.run_elsewhere(records.change, "companies", "10", {"sentiment": "neutral"})
        await edit(session, page, "sentiment")
        await session.write("pos")
        await session.run_elsewhere(records.change, "companies", "10", {"sentiment": "negative"})
        await session.press("enter", "t", "enter")
        assert await value(session, "companies", 10, "sentiment") == "negative"


async def test_und_5_a_draft_is_back_in_its_editor(demo):
    async with desk(demo) as session:
        page = await show(session, "companies", 10)
        await edit(session, page, "phone")
        await type_over(session, "+47 22")
        session.app.exit(129)
    async with desk(demo) as session:
        page = await show(session, "companies", 10)
        assert is_open(session, LineEditor)
        assert focused(session).value == "+47 22"
        await session.run_elsewhere(records.change, "companies", "10", {"phone": "other"})
        await session.press("enter")
        assert is_open(session, ClashDrawer)
        await session.press("m", "enter")
        assert await value(session, "companies", 10, "phone") == "+47 22"
        assert page.draft() is None
    async with desk(demo) as session:
        await show(session, "companies", 10)
        assert not is_open(session, LineEditor)


async def test_rec_6_links_are_added_removed_and_put_first_in_the_panel(demo):
    async with desk(demo) as session:
        page = await show(session, "companies", 10)
        ann = await session.run_elsewhere(
            records.add, "contacts", {"first_name": "Zoë", "last_name": "Zappa", "companies": "#11"}
        )
        links_panel.start(page, page.shown)
        await session.settle()
        await session.write("zoe zap")
        assert session.open.table.current.record.title == "Zoë Zappa"
        await session.press("enter")
        assert "Zoë Zappa added" in session.text
        assert await value(session, "contacts", ann, "companies") == [
            (await session.run_elsewhere(records.show, "companies", each))["name"] for each in ("11", "10")
        ]
        await session.write("zoe zap")
        await session.press("enter")
        assert "belongs to it already" in session.text
        await session.press("ctrl+t")
        found = await session.run_elsewhere(links.links, "contacts", ann)
        assert [(each.record.id, each.first) for each in found[0].linked] == [(10, True), (11, False)]
        await session.write("zoe zap")
        await session.press("ctrl+r")
        assert "removed" in session.text
        assert (await session.run_elsewhere(links.links, "contacts", ann))[0].total == 1
        await session.write("qqqq")
        assert "Nothing is called that." in session.text
        await session.press("escape")
        assert session.app.focused is page.table


async def test_rec_1_details_of_a_property_and_a_new_property(demo):
    async with desk(demo) as session:
        for number in range(120):
            await session.run_elsewhere(records.change, "companies", "10", {"phone": f"+{number}"})
        page = await show(session, "companies", 10)
        property_details.start(page, page.shown, "phone")
        await session.settle()
        assert is_open(session, PropertyDetails)
        assert "100 changes and more" in session.text
        assert "+118 → +119" in session.text
        await session.press("G")
        await session.press("G")
        assert session.open.table.window.total == 120
        await session.press("escape")
        property_details.start(page, page.shown, "external_id")
        await session.settle()
        assert "It was never changed." in session.text
        await session.press("escape")

        properties_panel.start(page, "companies")
        await session.settle()
        assert is_open(session, PropertyForm)
        await session.write("Tier")
        session.open.type.offer(session.open.type._choices.options, "enumeration")
        session.open.changed()
        await session.press("ctrl+s")
        assert "needs at least one" in session.text
        session.open.options.put("Gold; Tin")
        await session.press("ctrl+s")
        await session.settle()
        (line,) = await session.run_elsewhere(properties.listing)
        assert [each.label for each in line.prop.options] == ["Gold", "Tin"]
        await edit(session, page, "tier")
        await session.write("gol")
        await session.press("enter")
        assert await value(session, "companies", 10, "tier") == "gold"
    async with desk(demo, login="giulia") as session:
        page = await show(session, "companies", 10)
        properties_panel.start(page, "companies")
        await session.settle()
        assert "You may not add a property" in session.said


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_editor_at_the_bottom_of_the_screen_speaks_above(demo, size):
    async with desk(demo, size=size) as session:
        page = await show(session, "companies", 10)
        page.table.cursor = 10_000
        await edit(session, page, page.table.current.name)
        if is_open(session, LineEditor):
            assert focused(session).region.bottom < session.app.size.height
            assert isinstance(focused(session), Input)
