"""Logging with a record and making one, from a list or a page (CUS-9, UND-5)."""

from __future__ import annotations

from cs_workspace.tui.panels import log as log_panel
from cs_workspace.tui.panels import new_record
from cs_workspace.tui.panels.choice import ChoiceDrawer
from cs_workspace.tui.panels.log import LogForm
from cs_workspace.tui.panels.new_record import NewRecord
from cs_workspace.workspace import drafts, records
from tests.tui.desk import Desk, desk


def is_open(session: Desk, drawer: type) -> bool:
    return isinstance(session.open, drawer)


async def newest(session, kind):
    (row,) = await session.run_elsewhere(records.listing, kind, sort="-id", limit=1)
    return await session.run_elsewhere(records.show, kind, str(row["id"]))


async def test_cus_9_a_call_is_logged_in_a_few_keys(demo):
    async with desk(demo, size=(80, 24)) as session:
        await session.press("2", "r")
        page = session.tab
        company = page.subject[1]
        await session.press("i")
        assert is_open(session, ChoiceDrawer)
        await session.write("call")
        await session.press("enter")
        assert is_open(session, LogForm)
        assert "22 Nov 2026 09:32" in session.text
        await session.press("c", "down")
        await session.write("Renewal")
        await session.press("enter")
        await session.write("They want")
        await session.press("enter")
        await session.write("a discount")
        await session.press("up", "down", "down")
        await session.paste("yesterday 14:00")
        assert "21 Nov 2026 14:00" in session.text
        await session.press("ctrl+s")
        assert "Call logged with" in session.said
        call = await newest(session, "calls")
        assert (call["title"], call["body"], call["outcome"]) == ("Renewal", "They want\na discount", "Connected")
        assert (call["at"], call["owner"], call["direction"]) == ("2026-11-21T14:00:00+01:00", "dana", "outbound")
        found = await session.run_elsewhere(records.show, "companies", str(company))
        assert call["companies"] == [found["name"]]
        await session.press("u")
        assert "Undone: log a call with" in session.said


async def test_und_5_what_was_typed_is_back_after_esc(demo):
    """Until it is saved; then it is gone. An empty form leaves nothing behind."""
    async with desk(demo) as session:
        await session.press("2", "r")
        subject = session.tab.subject

        async def choose(word):
            await session.press("i")
            await session.write(word)
            await session.press("enter")

        await choose("note")
        await session.press("escape")
        assert await session.run_elsewhere(drafts.find, log_panel._place("notes", subject)) is None
        await choose("task")
        await session.write("Ring")
        await session.press("down")
        await session.paste("+2d")
        assert "24 Nov 2026 17:00" in session.text
        await session.press("escape")
        assert session.said == "What you typed is kept for the next time."
        await session.press("i")
        assert "begun before: back again" in session.text
        await session.write("task")
        await session.press("enter")
        assert "Begun before and not saved: back again." in session.text
        await session.press("down", "down")
        await session.paste("nobody")
        assert "nobody is called" in session.text
        await session.press("ctrl+s")
        assert is_open(session, LogForm), "the field says what is wrong"
        await session.paste("lee")
        await session.press("down", "right", "down", "h", "ctrl+s")
        assert "Task added for" in session.said
        task = await newest(session, "tasks")
        assert (task["title"], task["assignee"], task["type"], task["priority"]) == ("Ring", "lee", "call", "high")
        assert task["due_at"] == "2026-11-24T17:00:00+01:00"
        assert await session.run_elsewhere(drafts.find, log_panel._place("tasks", subject)) is None


async def test_imp_3_a_new_record_shows_what_may_be_the_same_first(demo):
    async with desk(demo) as session:
        await session.press("2", "r")
        (first,) = await session.run_elsewhere(records.listing, "companies", limit=1)
        await session.press("n")
        assert is_open(session, NewRecord)
        await session.press("ctrl+s")
        assert "A company needs one" in session.text
        await session.paste(first["name"])
        await session.press("ctrl+s")
        assert "May be there already" in session.text
        await session.press("ctrl+s")
        assert not is_open(session, NewRecord)
        made = await newest(session, "companies")
        assert (made["name"], made["owner"]) == (first["name"], "dana")
        assert session.tab.record_id == made["id"], "its page is open"


async def test_rev_1_a_new_deal_begins_in_a_stage(demo):
    async with desk(demo, size=(80, 24)) as session:
        new_record.start(session.tab, "deals")
        await session.settle()
        await session.write("Big")
        await session.press("ctrl+s")
        made = await newest(session, "deals")
        assert made["name"] == "Big"
        assert made["stage"]


async def test_und_5_what_was_typed_into_a_form_is_back_after_the_program_ended(demo):
    """However it ended: the forms that were open are asked too."""
    async with desk(demo) as session:
        await session.press("2", "r", "i")
        await session.write("note")
        await session.press("enter")
        await session.write("They like it")
        session.app.exit()
    async with desk(demo) as session:
        await session.press("2", "r", "i")
        await session.write("note")
        await session.press("enter")
        assert "They like it" in session.text
        assert "back again" in session.text
        await session.press("ctrl+s", "n")
        assert is_open(session, NewRecord)
        await session.write("Half a na")
        session.app.exit()
    async with desk(demo) as session:
        await session.press("2", "r", "n")
        assert "Half a na" in session.text
        await session.press("end")
        await session.write("me")
        await session.press("ctrl+s")
        assert (await newest(session, "companies"))["name"] == "Half a name"
        await session.press("escape", "n")
        assert "Half a na" not in session.open.fields()[0].value
