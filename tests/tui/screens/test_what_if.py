"""The what-if of a goal at the keyboard: nothing is saved, nothing typed is lost (UND-5), everything by keys."""

from __future__ import annotations

from cs_workspace.domain.goals.what_if import Supposition, WhatIf
from cs_workspace.tui.screens.what_if import WhatIfScreen
from cs_workspace.workspace import drafts, goals, records, what_if
from tests.tui.desk import desk

REVENUE = "Team revenue FY2026"


async def goal_of(session, name=REVENUE):
    return next(line.goal.id for line in await session.run_elsewhere(goals.goals) if line.goal.name == name)


async def opened(session, name=REVENUE):
    page = WhatIfScreen(session.app, await goal_of(session, name))
    await session.app.main.open_page(page)
    await session.settle()
    return page


def candidate(page, title):
    """Put the cursor on a candidate."""
    table = page.candidates
    rows = [table.window.row(i) for i in range(table.window.total)]
    table.cursor = next(i for i, row in enumerate(rows) if title in row.title)
    return table.current


def supposed(page, name):
    """The shown milestone of a contributor."""
    table = page.contributors
    rows = [table.window.row(i) for i in range(table.window.total)]
    return next(row for row in rows if row.before.contributor_name == name)


async def test_a_tick_shows_what_would_come_of_it_and_saves_nothing(demo):
    async with desk(demo) as session:
        before = await session.run_elsewhere(goals.progress)
        page = await opened(session)
        assert "What if – nothing is saved   Nov 2026" in session.text
        deal = candidate(page, "Logistica Fontana")
        await session.press("space")
        assert page.what_if == WhatIf().suppose(Supposition(deal.id, won=True))
        found = await session.run_elsewhere(what_if.suppose, page.goal, page.what_if)
        row = supposed(page, "Luca Ferrari")
        assert row in found.rows
        assert row.after.reading.actual == row.before.reading.actual + deal.value
        text = "\n".join(session.shown(page))
        assert "☑ Logistica Fontana" in text
        assert "1 ticked" in text
        assert "◆ → ● on track" in text
        assert await session.run_elsewhere(goals.progress) == before
        await session.press("k", "space")
        assert page.what_if.is_empty
        assert not supposed(page, "Luca Ferrari").moved

        candidate(page, "Ødegård Kraftservice")
        await session.press("space")
        assert session.said == "Counts in Dec 2026, on its close date 7 Dec; e changes the date."
        assert "7 Dec ›" in "\n".join(session.shown(page.candidates))
        await session.press("greater_than_sign")
        assert "nothing is saved   Dec 2026" in session.text
        assert supposed(page, "Norway").moved
        assert "7 Dec ›" not in "\n".join(session.shown(page.candidates))
        await session.press("less_than_sign")
        assert "nothing is saved   Nov 2026" in session.text

        candidate(page, "Grønli Maritim")
        await session.press("space")
        assert session.said == "Counts in Nov 2026, today: its close date 11 Mar is over; e changes the date."
        candidate(page, "Grønli Maritim")
        await session.press("e")
        await session.paste("2026-05-04")
        await session.press("enter")
        assert session.said == (
            "Would count in May 2026, which is over and frozen: it changes nothing; e changes the date."
        )
        assert "4 May ×" in "\n".join(session.shown(page.candidates))

        total = page.candidates.window.total
        await session.press("slash")
        await session.paste("amount:>30k")
        assert 0 < page.candidates.window.total < total
        await session.paste("amont:>30k")
        assert "amont" in session.shown(page.line)[1]
        await session.paste("amount:>30m")
        assert "Nothing matches the filter." in session.text
        await session.press("enter", "escape")
        assert page.candidates.window.total == total


async def test_dates_amounts_and_targets_are_echoed_and_a_mistake_stays_where_it_was_typed(demo):
    """GOL-27: typed the way people type them."""
    async with desk(demo) as session:
        page = await opened(session)
        await session.press("X")
        assert session.said.startswith("Nothing is supposed")
        deal = candidate(page, "Libreria Dell'Orto")
        await session.press("e")
        await session.write("soonish")
        assert "▲ 'soonish' is neither a day nor an amount." in session.text
        await session.press("enter")
        assert page.what_if.is_empty
        await session.paste("-5")
        assert "▲ '-5' is below zero. Write 0 or more." in session.text
        await session.paste("+3d")
        assert "→ close date 25 Nov" in session.text
        await session.press("enter", "e")
        await session.paste("12k")
        assert "→ amount 12,000 €" in session.text
        await session.press("enter")
        one = page.what_if.records[deal.id]
        assert (one.won, one.date, one.amount) == (False, 1_795_561_200_000, 12_000_00)
        italy = supposed(page, "Italy")
        assert italy.after.reading == italy.before.reading  # open: only the forecast moves
        assert italy.forecast_after == italy.forecast_before + 4_800
        await session.press("e", "escape")
        assert not page.ask.display
        assert page.candidates.has_focus
        await session.press("e", "enter")
        assert page.what_if.is_empty

        await session.press("tab", "t")
        await session.paste("nine")
        assert "▲" in "\n".join(session.shown(page))
        await session.paste("20k")
        assert "→ 20,000 €" in session.text
        await session.press("enter")
        assert supposed(page, "Italy").after.reading.target == 20_000
        assert "Target    4,500 € → 20,000 €" in session.text
        await session.press("X")
        assert page.what_if.is_empty
        assert not supposed(page, "Italy").moved
        await session.press("X")
        assert supposed(page, "Italy").after.reading.target == 20_000
        await session.press("t", "enter")
        assert page.what_if.is_empty


async def test_tasks_are_made_once_and_undone_together_and_leaving_keeps_what_is_supposed(demo):
    """UND-2."""
    async with desk(demo) as session:
        page = await opened(session)
        count = await session.run_elsewhere(records.count, "tasks")
        await session.press("T")
        assert session.said.startswith("Tick or move records first")
        await session.press("space", "space", "T")
        assert session.said == "2 tasks added for the owners. u takes that back."
        assert await session.run_elsewhere(records.count, "tasks") == count + 2
        await session.press("T")
        assert session.said == "0 tasks added for the owners; 2 there already."
        await session.press("u")
        assert await session.run_elsewhere(records.count, "tasks") == count
        assert len(page.what_if.records) == 2

        # UND-5: leaving asks nothing and keeps it.
        await session.press("tab", "t")
        await session.paste("20k")
        await session.press("enter", "escape")
        assert session.tab is not page
        again = await opened(session)
        assert again.what_if == page.what_if
        assert not again.what_if.is_empty
        assert again.draft() is None  # the store has it already
        await session.press("X", "escape")
        place = f"what-if {page.goal}"
        assert await session.run_elsewhere(drafts.find, place) is None


async def test_what_others_really_do_moves_the_before(demo):
    """REC-7, WRK-2: and what has been won for real need not be supposed any more."""
    async with desk(demo) as session:
        page = await opened(session)
        deal = candidate(page, "Logistica Fontana")
        await session.press("space")
        before = supposed(page, "Italy")
        close = {"stage": "Closed won", "close_date": "2026-11-22"}
        await session.run_elsewhere(records.change, "deals", str(deal.id), close)
        page.touched(shown=True)
        await session.settle()
        assert session.said == "Counting by now or gone, and not supposed any more: 1 record."
        assert page.what_if.is_empty
        after = supposed(page, "Italy")
        assert after.before.reading.actual == before.after.reading.actual
        assert not after.moved


async def test_every_kind_of_goal_has_a_what_if(demo):
    async with desk(demo) as session:
        for name, says in (
            ("Calls 2026", "All calls count as soon as they are there"),
            ("First reply 2026", "First agen"),
            ("Renewing ARR", "Renewal"),
        ):
            page = await opened(session, name)
            assert says in "\n".join(session.shown(page)), name
            await session.press("space", "e", "escape")
            assert page.contributors.window.total, name


async def test_who_may_not_see_the_records_is_told(demo):
    """PER-14."""
    async with desk(demo) as session:
        await session.run_elsewhere(records.change, "users", "luca", {"workspace": "no", "goals_view": "everyone"})
    async with desk(demo, login="luca") as session:
        page = WhatIfScreen(session.app, 6)
        await session.app.main.open_page(page)
        await session.settle()
        assert "may not see deals" in session.text
        await session.press("space", "e", "tab", "t")
        await session.paste("20k")
        await session.press("enter")
        assert supposed(page, "Italy").after.reading.target == 20_000
        await session.press("X")
        assert not supposed(page, "Italy").moved
