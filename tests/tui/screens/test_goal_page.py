"""A goal's page under the keys (GOL-15, GOL-37, GOL-40, GOL-42, GOL-47)."""

from __future__ import annotations

from cs_workspace.tui.messages import ClosePage, OpenPage
from cs_workspace.tui.panels.explain import Explain
from cs_workspace.tui.screens.goal_page import GoalScreen
from cs_workspace.workspace import goal_changes, goal_making, goal_page, goals
from cs_workspace.workspace.goal_making import NewGoal
from tests.tui.desk import desk

TEAMS, YEARLY, COMPANIES = 1, 5, 30  # goals of the demo store by id


async def go_to(session, goal):
    session.app.main.post_message(OpenPage(GoalScreen(session.app, goal)))
    await session.settle()
    assert isinstance(session.tab, GoalScreen)
    return session.tab


def current(tab):
    return next(each.named for each in tab.sections if each.inside.has_focus)


async def test_gol_47_shows_what_the_store_says_in_sections(demo):
    async with desk(demo) as session:
        tab = await go_to(session, TEAMS)
        page = await session.run_elsewhere(goal_page.page, str(TEAMS))
        assert f"{page.summary.actual} of {int(page.summary.target):,}" in session.lines[5]
        assert f"{page.summary.progress_percent} %" in session.lines[5]
        assert "by Dana Kim" in session.lines[3]
        assert f"{page.running} in progress, {page.reached} achieved" in session.text
        leaders = session.shown(tab.leaders)
        assert [line.name in text for line, text in zip(page.leaders, leaders[2:], strict=False)] == [True] * 4
        assert tab.milestones.window.total == 12
        assert tab.milestones.current.label == "2026-11"
        assert tab.teams.window.total == 3
        rows = await session.run_elsewhere(goals.progress, goal=str(TEAMS))
        assert {row.goal.id for row in rows} == {TEAMS}

        # Sections by tab, rows by arrows.
        order = [current(tab)]
        for _ in range(5):
            await session.press("tab")
            order.append(current(tab))
        assert order == ["Leaderboard", "Milestones", "Teams", "Changes", "Burn-up", "Leaderboard"]
        await session.press("shift+tab")
        assert current(tab) == "Burn-up"
        await session.press("tab", "down")
        assert "Zofia" in session.shown(tab.sections[2].title)[0]
        assert {each.contributor for each in tab.milestones.window._rows} == {"zofia"}
        await session.press("tab", "tab", "down")
        assert "Poland" in session.shown(tab.sections[2].title)[0]


async def test_sections_take_turns_on_a_small_screen(demo):
    async with desk(demo, size=(80, 24)) as session:
        tab = await go_to(session, TEAMS)
        for name in ("Burn-up", "Leaderboard", "Milestones", "Teams", "Changes"):
            assert [each.named for each in tab.sections if each.region.height] == [name]
            assert current(tab) == name
            await session.press("tab")
        await session.pilot.resize_terminal(120, 40)
        await session.settle()
        assert len([each for each in tab.sections if each.region.height]) == 5
        await session.press("escape")
        assert session.goals


async def test_w_explains_every_number_and_enter_opens_the_record(demo):
    async with desk(demo) as session:
        tab = await go_to(session, TEAMS)
        await session.press("down", "w")
        assert isinstance(session.open, Explain)
        assert "Tickets closed 2026 · Zofia Łukasik" in session.text
        assert "Nov 2026" in session.text
        await session.press("enter")
        assert len(session.app.screen_stack) == 1
        assert session.tab.record.kind.name == "tickets"
        await session.press("escape")
        assert session.tab is tab
        assert current(tab) == "Leaderboard"
        await session.press("tab", "g", "w")
        assert "Jan 2026" in session.text
        await session.press("escape", "tab", "tab", "w")
        assert isinstance(session.open, Explain)
        assert tab.changes.current.contributor in session.text
        await session.press("escape", "tab", "tab", "g", "w")
        text = " ".join(session.text.split())
        assert "Sum of Italy, Poland, Norway" in text
        assert "Over 12 milestones, Jan 2026 to Dec 2026" in text
        assert "Expected 1,025 by now, and there is 998" in text
        assert "Needs 5.8 on each of 29 working days left: 167 missing" in text
        await session.press("down", "enter")
        assert "Tickets closed 2026 · Poland" in session.text
        await session.press("escape")
        await go_to(session, COMPANIES)
        await session.press("w", "enter")
        assert session.tab.record.kind.name == "companies"


async def test_ranges_copying_and_calculating_anew(demo):
    async with desk(demo) as session:
        tab = await go_to(session, TEAMS)
        assert tab.page.shown == (0, 11)
        await session.press("less_than_sign")
        assert tab.page.shown == (10, 10)
        assert "Nov 2026" in session.lines[6]
        await session.press("greater_than_sign")
        assert tab.page.shown == (11, 11)
        await session.press("greater_than_sign")
        assert "last milestones" in session.said
        await session.press("0")
        assert tab.page.shown == (0, 11)
        await session.press("v", *"mar", "enter")
        assert tab.page.shown == (2, 2)
        await session.press("v")
        await session.paste("2026-02-15..2026-05-02")
        await session.press("enter")
        assert tab.page.shown == (1, 4)
        await session.press("less_than_sign")
        assert tab.page.shown == (1, 4)
        assert "first milestones" in session.said
        await session.press("0")
        await session.press("y")
        assert session.app.clipboard.startswith("Tickets closed 2026 (1 Jan – 31 Dec 2026)\n")
        assert f"1. {tab.page.leaders[0].name}: " in session.app.clipboard
        assert "copied" in session.said
        # GOL-40: calculating what is over anew is asked twice.
        await session.press("down", "A", "enter")
        assert not session.said
        await session.press("A", "down", "enter")
        assert "Really?" in session.text
        await session.press("down", "enter")
        assert "ended milestone" in session.said
        assert tab.page.ended
        await go_to(session, 17)
        await session.press("A")
        assert "over yet" in session.said


async def test_gol_42_a_target_set_elsewhere_appears_with_its_entry_in_the_log(demo):
    async with desk(demo) as session:
        tab = await go_to(session, YEARLY)
        before = tab.page.summary.target
        await session.press("down", "down")
        await session.run_elsewhere(goal_changes.set_target, str(YEARLY), "luca", "2026", "400000")
        await session.press("r")
        assert tab.page.summary.target != before
        newest = session.shown(tab.changes)[1]
        assert [each in newest for each in ("22 Nov", "Luca", "360 k € → 400", "Dana")] == [True] * 4
        assert tab.leaders.current.line.login == "piotr"


async def test_the_log_reads_on_and_other_pages_open_above(demo, monkeypatch):
    monkeypatch.setattr(goal_page, "LOG", 30)
    async with desk(demo) as session:
        tab = await go_to(session, TEAMS)
        assert tab.changes.window.total == 30
        await session.press("tab", "tab", "tab", "G", "G", "G", "G")
        assert tab.changes.window.total == 72
        for key, name in (("e", "GoalGridScreen"), ("C", "GoalWizard"), ("W", "WhatIfScreen")):
            await session.press(key)
            assert type(session.tab).__name__ == name
            session.app.main.post_message(ClosePage())
            await session.settle()
            assert session.tab is tab


async def test_lst_5_no_records_no_targets_and_a_goal_that_is_gone(demo):
    async with desk(demo) as session:
        new = NewGoal("tickets_closed", "Next year", users=("zofia",), duration="monthly", year=2027)
        goal = await session.run_elsewhere(goal_making.create, new)
        tab = await go_to(session, goal)
        assert "no targets yet" in session.text
        assert "No record counts yet" in session.text
        assert "No target was changed since" in session.text
        await session.run_elsewhere(goal_changes.delete, str(goal), ["zofia"])
        await session.press("r")
        assert "This goal could not be read" in session.text
        assert "There is no goal" in session.text
        assert tab.page is None
        await session.press("w", "y", "v", "A", "less_than_sign", "q")
        assert session.goals
