"""A record's page at the keyboard: all it holds, what belongs to it, what happened to it, and the way back (REC-1)."""

from __future__ import annotations

from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.tui.messages import OpenPage, OpenRecord
from cs_workspace.tui.panels.explain import Explain
from cs_workspace.tui.screens.record import RecordScreen
from cs_workspace.tui.screens.what_if import WhatIfScreen
from cs_workspace.workspace import goals, record_page, records, undo
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
            about = "\n".join(session.shown(page.about))
            labels = [p.label for n, p in found.kind.properties.items() if n in found.values and n != found.kind.title]
            assert [label for label in labels if label[:22] not in about] == []
            groups = await session.run_elsewhere(record_page.related, name, 1)
            assert page.related.window.total == sum(len(group.rows) for group in groups)
            assert page.history.window.total == len(await session.run_elsewhere(record_page.changes, name, 1))
        for _ in OBJECTS:
            await session.press("escape")
        assert session.goals.table.has_focus


async def test_sections_related_records_copying_and_the_way_back(demo):
    async with desk(demo) as session:
        deal = await go_to(session, "deals", 5)
        text = session.text
        assert "Deal #5   Sales pipeline   Closed won   Ola Sæther" in text
        assert "10,300 €" in text
        assert "19 Dec 2024 10:03" in text
        assert "Contract sent → Closed won" in text
        await session.press("enter", "o")
        assert session.tab is deal  # nothing to open among the values
        await session.press("y")
        assert session.app.clipboard == f"{deal.record.title} (deal #5)"
        await session.press("tab")
        assert section(deal) == "Related"
        await session.press("down", "up", "y")
        customer = deal.related.current.id
        assert session.app.clipboard == f"Grønli Maritim ASA (company #{customer})"
        assert session.said.startswith("Copied: Grønli")
        await session.press("enter")
        company = session.tab
        assert company.record.title == "Grønli Maritim ASA"
        await session.press("tab", "G", "o")
        assert session.tab.record_id not in {5, customer}
        await session.press("minus")
        assert session.tab is company
        assert section(company) == "Related"
        await session.press("minus")
        assert session.tab is deal
        await session.press("h")
        assert section(deal) == "History"
        await session.press("tab", "shift+tab", "shift+tab")
        assert section(deal) == "Related"
        await session.pilot.click(deal.related, offset=(6, 0))
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
        shown = session.shown(page.about)
        assert sum("very very" in line for line in shown) > 5
        assert any(line.rstrip().endswith("good") for line in shown)
        assert page.related.window.total == 1
        assert "the newest 100" in session.text
        await session.press("h", "G")
        assert page.history.window.total == record_page.CHANGES + 20 + 3
        assert "the newest" not in session.text
        await session.press("G", "r")
        assert page.history.current.kind == "created"

        await session.run_elsewhere(records.delete, "notes", [str(new)])
        await session.press("r")
        assert f"The note Note {record_page.CHANGES + 19} was deleted." in session.text
        assert "whoever deleted it takes that back with u" in session.text
        assert "History" not in session.text
        await session.press("tab", "y", "h", "enter")
        assert session.tab is page
        await session.run_elsewhere(undo.undo)
        await session.press("r")
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
        for name in ("About", "Related", "History"):
            assert [each.named for each in page.sections if each.region.height] == [name]
            assert section(page) == name
            await session.press("tab")
        await session.pilot.resize_terminal(120, 40)
        await session.settle()
        assert len([each for each in page.sections if each.region.height]) == 3


async def test_per_1_a_refusal_is_a_sentence(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(records.add, "users", {"login": "bare"})
    async with desk(demo, login="bare") as session:
        await go_to(session, "tickets", 1)
        assert "may not see tickets" in session.text
        assert "Ask a super admin." in session.text
