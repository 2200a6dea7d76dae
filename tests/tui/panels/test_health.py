"""Why a record is as healthy as it is: the drawer behind `w` (HEA-7, HEA-9)."""

from __future__ import annotations

from cs_workspace.tui.panels import health
from cs_workspace.workspace import records
from tests.tui.desk import desk


async def company(session, query):
    """A company's id."""
    found = await session.run_elsewhere(records.listing, "companies", query, columns=("id",), limit=1)
    return found[0]["id"]


async def test_a_score_says_how_it_came_about(demo):
    """HEA-9: score, change, trend, reasons and every rule; a rule is said in full."""
    async with desk(demo) as session:
        await session.press("2", "slash")
        await session.paste("domain:blabaer.no")
        await session.press("enter", "w")
        assert "▲ At risk 34   ↓ 12 in 30 days   since 20 Nov 2026" in session.text
        assert "On 20 Nov 2026 it went from 40 to 34   ↓ 6" in session.text
        assert "In 30 days it went from 46 to 34   ↓ 12" in session.text
        assert "−6  Open tickets with priority high or urgent  2 → 3 · Support tickets" in session.text
        assert "██░░░░░░░░   8 of 30" in session.text
        assert session.open.query_one("#trend").display
        await session.press("enter")
        assert session.said == "1:1 engagement counts 10 of at most 25."
        await session.press("j", "enter")
        assert session.said == "Meetings held in the last 60 days: matched 2 times, +10 points of 1:1 engagement."
        await session.press("escape")
        assert session.app.screen is session.app.main


async def test_a_record_without_score_says_so(demo):
    async with desk(demo) as session:
        await session.press("2")
        health.start(session.tab, ("companies", await company(session, "health:none")))
        await session.settle()
        assert "○ No score" in session.text
        assert "This record has no health score." in session.text
        await session.press("enter", "escape")
        assert session.app.screen is session.app.main
