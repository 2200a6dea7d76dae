"""A record's page at the keyboard: all it holds, what belongs to it, what happened to it, and the way back (REC-1)."""

from __future__ import annotations

from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.tui.messages import OpenPage, OpenRecord
from cs_workspace.tui.panels.explain import Explain
from cs_workspace.tui.screens.record import RecordScreen
from cs_workspace.tui.screens.what_if import WhatIfScreen
from cs_workspace.workspace import goals, merge, record_page, records, undo
from tests.tui.desk import desk

OBJECTS = tuple(STANDARD.objects)


async def go_to(session, object, id):
    session.app.post_message(OpenRecord(object, id))
    await session.settle()
    page = session.tab
    assert isinstance(page, RecordScreen)
    assert (page.object, page.record_id) == (object, id)
    return page


def section(page):
    return next(each.named for each in page.sections if each.inside.has_focus)


async def test_every_standard_object_opens_with_its_values_and_what_belongs_to_it(demo):
    async with desk(demo) as session:
        for name in OBJECTS:
            page = await go_to(session, name, 1)
            found = await session.run_elsewhere(record_page.record, name, 1)
            assert found.kind.label in session.lines[3]
            about = {detail.label for detail in page.about.window.known()}
            labels = [p.label for n, p in found.kind.properties.items() if n in found.values and n != found.kind.title]
            assert set(labels) <= about
            whole = await session.run_elsewhere(record_page.page, name, 1)
            assert page.related.window.total == sum(len(g.rows) + (len(g.rows) < g.total) for g in whole.groups)
            assert page.activity.window.total == len(whole.items)
            assert page.history.window.total == len(await session.run_elsewhere(record_page.changes, name, 1))
        for _ in OBJECTS:
            await session.press("escape")
        assert session.goals.table.has_focus


async def test_sections_related_records_copying_and_the_way_back(demo):
    async with desk(demo) as session:
        deal = await go_to(session, "deals", 5)
        text = session.text
        assert "Deal #5   Ola Sæther   Sales pipeline   Closed won" in text
        assert "10,300 €" in text
        assert "19 Dec 2024 10:03" in text
        assert "Contract sent → Closed won" in text
        await session.press("y")
        assert session.app.clipboard == f"{deal.record.title} (deal #5)"
        await session.press("tab")
        assert section(deal) == "Activity"
        assert "Nothing happened yet." in text
        await session.press("tab")
        assert section(deal) == "Related"
        await session.press("down", "y")
        customer = deal.related.current.id
        assert session.app.clipboard == f"Grønli Maritim ASA (company #{customer})"
        assert session.said.startswith("Copied: Grønli")
        await session.press("enter")
        company = session.tab
        assert company.record.title == "Grønli Maritim ASA"
        await session.press("tab", "G", "o")
        assert (session.tab.object, session.tab.record_id) != ("companies", customer)
        await session.press("minus")
        assert session.tab is company
        assert section(company) == "Activity"
        await session.press("minus")
        assert session.tab is deal
        await session.press("h")  # the cursor is on no property
        assert section(deal) == "History"
        await session.press("tab", "shift+tab", "shift+tab")
        assert section(deal) == "Related"
        await session.pilot.click(deal.related, offset=(6, 1))
        await session.settle()
        assert session.tab.record_id == customer
        await session.press("q", "escape")
        assert session.goals

        meeting = await go_to(session, "meetings", 1)
        await session.run_elsewhere(records.change, "meetings", "1", {"url": "https://meet.example/1"})
        await session.press("r", "y")
        assert session.app.clipboard.endswith("(meeting #1) https://meet.example/1")
        assert meeting.about.has_focus


async def test_what_changes_elsewhere_is_shown_and_what_is_deleted_says_so(demo):
    """UND-4, LST-5: nothing yet, not there, back again."""
    async with desk(demo) as session:
        new = await session.run_elsewhere(records.add, "notes", {"at": "2026-11-20"})
        page = await go_to(session, "notes", new)
        assert f"#{new}" in session.lines[2]
        assert "Nothing belongs to this note yet." in session.text
        body = "Ægir said:\n" + "very " * 60 + "good"
        await session.run_elsewhere(records.change, "notes", str(new), {"body": body, "companies": "#1"})
        for number in range(record_page.CHANGES + 20):
            await session.run_elsewhere(records.change, "notes", str(new), {"title": f"Note {number}"})
        await session.press("r")
        assert f"Note {record_page.CHANGES + 19}" in session.lines[2]
        told = [detail.text for detail in page.about.window.known() if detail.name == "body"]
        assert sum("very very" in line for line in told) > 5
        assert told[-1].endswith("good")
        assert page.related.window.total == 1
        assert "the newest 100" in session.text
        await session.press("shift+tab", "G")
        assert page.history.window.total == record_page.CHANGES + 20 + 3
        assert "the newest" not in session.text
        await session.press("G", "r")
        assert page.history.current.kind == "created"

        await session.run_elsewhere(records.delete, "notes", [str(new)])
        await session.press("r")
        assert f"The note Note {record_page.CHANGES + 19} was deleted." in session.text
        assert "Dana Kim deleted it on 22 Nov 2026 09:32." in session.text
        assert "History" not in session.text
        await session.press("tab", "y", "h", "e", "T")
        assert session.tab is page
        await session.run_elsewhere(undo.undo)
        await session.press("r")
        assert section(page) == "About"
        await session.run_elsewhere(records.delete, "notes", [str(new)])
        await session.press("r", "enter")
        assert "is back" in session.said
        assert section(page) == "About"
        await go_to(session, "tickets", 999_999)
        assert "There is no ticket 999999." in session.text
        await session.press("escape", "escape")
        assert session.goals


async def test_the_explanation_opens_records_and_esc_comes_back(demo):
    async with desk(demo) as session:
        tab = session.goals
        row = tab.table.current
        await session.press("w")
        assert isinstance(session.open, Explain)
        behind = session.open.table.current
        assert behind is not None
        await session.press("enter")
        assert len(session.app.screen_stack) == 1
        assert session.tab.record_id == behind["id"]
        await session.press("escape")
        assert session.tab is tab
        assert tab.table.has_focus
        assert tab.table.current == row


async def test_the_what_if_opens_its_candidates_and_keeps_what_is_supposed(demo):
    async with desk(demo) as session:
        lines = await session.run_elsewhere(goals.goals)
        goal = next(line.goal.id for line in lines if line.goal.name == "Team revenue FY2026")
        page = WhatIfScreen(session.app, goal)
        session.app.main.post_message(OpenPage(page))
        await session.settle()
        await session.press("space", "o")
        deal = page.candidates.current
        assert deal is not None
        assert (session.tab.object, session.tab.record_id) == ("deals", deal.id)
        await session.press("escape")
        assert session.tab is page
        assert len(page.what_if.records) == 1


async def test_sections_take_turns_on_a_small_screen(demo):
    async with desk(demo, size=(80, 24)) as session:
        page = await go_to(session, "companies", 10)
        for name in ("About", "Activity", "Related", "History"):
            assert [each.named for each in page.sections if each.region.height] == [name]
            assert section(page) == name
            await session.press("tab")
        await session.pilot.resize_terminal(120, 40)
        await session.settle()
        assert len([each for each in page.sections if each.region.height]) == 4


async def test_per_1_a_refusal_is_a_sentence(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(records.add, "users", {"login": "bare"})
    async with desk(demo, login="bare") as session:
        await go_to(session, "tickets", 1)
        assert "may not see tickets" in session.text
        assert "Ask a super admin." in session.text


async def test_cus_10_properties_are_edited_in_their_rows_and_have_a_history(demo):
    """`e` and enter edit, `h` explains, a new value shows at once, what was typed comes back (UND-5)."""
    async with desk(demo) as session:
        page = await go_to(session, "companies", 10)
        row = [detail.name for detail in page.about.window.known()].index("phone")
        await session.press(*["down"] * row, "e")
        await session.write("+47 22 33")
        await session.press("enter")
        found = await session.run_elsewhere(record_page.record, "companies", 10)
        assert found.values["phone"] == page.record.values["phone"] == "+39 032 416 092+47 22 33"
        assert page.about.current.name == "phone"
        await session.press("h")
        assert "Phone" in session.text
        assert "+47 22 33" in session.text
        await session.press("escape", "enter")
        await session.write(" ext 5")
        await session.press("ctrl+q")
    async with desk(demo) as session:
        await go_to(session, "companies", 10)
        assert session.open.focused.value.endswith("+47 22 33 ext 5")


async def test_lst_6_the_next_and_the_previous_record_of_the_list(demo):
    class Three:
        ids = (10, 11, 12)

        async def neighbour(self, id, step):
            place = self.ids.index(id) + step
            return self.ids[place] if 0 <= place < len(self.ids) else None

        def place(self, id):
            return f"{self.ids.index(id) + 1} of 3"

    async with desk(demo) as session:
        session.app.post_message(OpenRecord("companies", 10, Three()))
        await session.settle()
        page = session.tab
        await session.press("down", "down")
        for number, key in ((10, "greater_than_sign"), (11, "greater_than_sign"), (12, "less_than_sign")):
            assert page.record_id == page.record.id == number
            assert f"{number - 9} of 3" in session.lines[3]
            await session.press(key)
        assert page.record_id == 11
        await session.press("greater_than_sign", "greater_than_sign")
        assert session.said == "This is the last record of the list."
        await session.press("escape")
        assert session.goals


async def test_a_record_as_it_was_is_read_only_and_esc_leads_back_to_now(demo):
    """Time travel: words are understood, differences are marked, nothing can be changed."""
    async with desk(demo) as session:
        page = await go_to(session, "companies", 10)
        await session.press("T")
        await session.write("3 nov 2025 9:00")
        assert "→ 3 Nov 2025 09:00" in session.text
        await session.press("enter")
        assert "as of 3 Nov 2025 09:00 · read only" in session.text
        assert "Neutral   now Negative" in session.text
        assert page.history.window.total == 1
        for key in ("e", "a", "d", "i", "m", "t", "c", "A", "n"):
            await session.press(key)
            assert session.open is session.app.main, key
        await session.press("escape")
        assert page.as_of is None
        assert "read only" not in session.text
        assert page.history.window.total == 4
        await session.press("T")
        await session.write("tomorrow")
        assert "is not over yet" in session.text
        await session.press("enter", "escape", "T")
        await session.write("1 jan 2001")
        await session.press("enter")
        assert "did not exist yet on 2001-01-01 00:00" in session.said
        assert page.as_of is None
        assert page.about.has_focus


async def test_rec_4_a_merged_record_opens_the_one_it_was_merged_into(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(merge.merge, "companies", 10, 11)
        assert (await session.run_elsewhere(record_page.page, "companies", 11)).record.id == 10
        session.app.post_message(OpenRecord("companies", 11))
        await session.settle()
        assert (session.tab.record_id, session.tab.record.id) == (10, 10)
        assert session.said.endswith("was merged into this one.")


async def test_cus_11_what_the_panel_shows_is_chosen_and_more_is_read_on(demo):
    async with desk(demo) as session:
        page = await go_to(session, "companies", 10)
        await session.press("c", "space", "shift+down", "enter")
        names = list(dict.fromkeys(detail.name for detail in page.about.window.known()))
        assert names[:2] == ["lifecycle_stage", "owner"]
        assert session.said.startswith("The panel is changed")
        await session.press("u")
        assert page.about.window.row(0).name == "domain"
        await session.press("c", "escape")
        for number in range(record_page.RELATED):
            await session.run_elsewhere(records.add, "tickets", {"subject": f"T {number}", "companies": "#10"})
        await session.press("r", "tab", "tab", *["down"] * 5, "pagedown", "pagedown", "pagedown", "pagedown")
        rows = list(page.related.window.known())
        place = next(place for place, row in enumerate(rows) if hasattr(row, "missing"))
        page.related.cursor = place
        await session.press("enter")
        assert len(page.related.window.known()) > len(rows)
        await session.press("Y", "enter")
        assert session.app.clipboard == page.record.title


async def test_cus_9_the_card_beside_a_list_acts_on_what_is_under_its_cursor(demo):
    """One list: properties, what happened, what belongs; what was typed comes back (UND-5)."""
    async with desk(demo) as session:
        await session.press("2", "enter")
        card = session.tab.preview.card
        title = session.tab.table.current.text["name"]
        assert title in session.text
        card.focus()
        shown = "\n".join(session.shown(card))
        for heading in ("─ About ─", "─ Activity ─", "─ Contacts "):
            assert heading in shown
        lines = list(card.window.known())
        place = next(place for place, line in enumerate(lines) if line.prop == "phone")
        await session.press(*["down"] * place, "h")
        assert session.open is not session.app.main
        await session.press("escape", "e")
        await session.write("12")
        await session.press("enter")
        assert card.current.prop == "phone"
        assert any("12" in part.text for part in card.current.cell)
        opens = next(place for place, line in enumerate(lines) if line.opens is not None)
        await session.press("g", *["down"] * opens, "enter")
        assert (session.tab.object, session.tab.record_id) == lines[opens].opens
        await session.press("escape")
        assert card.has_focus
        await session.press("g", *["down"] * place, "o")
        assert (session.tab.object, session.tab.record_id) == ("companies", card.page.record.id), "not the property"
        await session.press("escape")
        earlier = [line.more for line in card.window.known()].index("timeline")
        await session.press("g", *["down"] * earlier, "enter")
        assert session.tab.preview.card is card
        assert card.cursor == earlier
        assert card.current.opens is not None
        assert card.window.total > len(lines)
        await session.press("A")
        assert session.open is not session.app.main
        await session.press("escape")
        card.cursor = [line.prop for line in card.window.known()].index("renewal_date")
        await session.press("e")
        await session.write("soon")
        assert "eom." in session.text, "what is said below the line is not cut"
        await session.press("ctrl+q")
    async with desk(demo) as session:
        await session.press("2", "enter")
        assert session.app.screen is session.app.main, "it does not open while one passes by"
        await session.press("enter")
        assert session.open.focused.value == "soon"
        await session.press("escape", "escape")
        assert session.tab.table.has_focus
