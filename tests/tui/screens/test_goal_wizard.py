"""The wizard by keys alone (GOL-4 to GOL-24, GOL-30, GOL-46, PER-9, PER-12)."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from textual.events import Key
from textual.widgets import Static

from cs_workspace.domain.clock import FixedClock
from cs_workspace.store.engine import Store
from cs_workspace.tui.messages import OpenPage
from cs_workspace.tui.panels.filter_form import FilterForm
from cs_workspace.tui.screens.wizard.page import At, GoalWizard
from cs_workspace.workspace import drafts, goal_grid, goal_making, goals, records, undo
from cs_workspace.workspace.door import Workspace
from tests.tui.desk import NOW, desk

WRITES = {"asterisk": "*", "space": " ", "colon": ":", "equals_sign": "=", "greater_than_sign": ">"}


class Hand:
    """Types faster than anything can follow, and counts; `<north>` is written into a search, and enter ticks it."""

    def __init__(self, session) -> None:
        self.session = session
        self.keys = 0

    async def __call__(self, *keys: str) -> None:
        for key in keys:
            for each in (*key[1:-1], "enter") if key.startswith("<") else (key,):
                self.keys += 1
                self.session.app.post_message(Key(each, each if len(each) == 1 else WRITES.get(each)))
        await self.session.settle()


async def open_wizard(session, **more) -> Any:
    """Above the tab that is shown."""
    session.app.main.post_message(OpenPage(GoalWizard(session.app, **more)))
    await session.settle()
    assert isinstance(session.tab, GoalWizard)
    return session.tab


def step_of(wizard) -> str:
    return str(wizard.at.name)


def meaning(session) -> str:
    return str(session.tab.query_one(".meaning", Static).render())


async def run(session, operation, *arguments, **more):
    return await session.run_elsewhere(operation, *arguments, **more)


@pytest.fixture
def eight(demo):
    """The demo store with a team of eight."""
    with closing(Store(str(demo))) as store:
        workspace = Workspace(store, FixedClock(NOW), "dana")
        workspace.run(records.add, "teams", {"name": "Octopus"})
        for number in range(8):
            login = f"arm{number}"
            workspace.run(records.add, "users", {"login": login, "name": f"Arm {number}", "teams": "Octopus"})
    return demo


async def test_gol_4_a_monthly_goal_for_a_team_of_eight_in_under_forty_keys(eight):
    """The goal is there with its nine rows and its targets, it is one entry, and u takes it back."""
    async with desk(eight) as session:
        press = Hand(session)
        # Tickets closed; the team with its users, monthly, this year; 50 each. All at once, so each key has to wait
        # for the step that it is meant for, from the list of goals on.
        await press("n", "j", "j", "enter", "<octo>", "ctrl+n", "asterisk", "A", "5", "0", "enter", "ctrl+n", "enter")
        assert step_of(session.tab) == "DONE", session.said
        assert press.keys < 40
        made = session.tab.made
        rows = await run(session, goals.progress, goal=str(made))
        assert len(rows) == 9 * 12
        assert {row.slice.label for row in rows} == {f"2026-{month:02}" for month in range(1, 13)}
        assert {row.reading.target for row in rows} == {50}
        assert rows[0].goal.name == "Tickets closed 2026"
        assert rows[0].goal.notify == ("100_percent",)
        assert (await run(session, undo.entries))[0].label == "create goal Tickets closed 2026"
        await press("u")
        assert "Undone: create goal" in session.said
        await press("U", "u", "o", "E")
        assert "is not there any more" in session.text
        assert session.tab.at is At.DONE, "there is nothing to open"
        await press("U")
        assert "is made" in session.text
        await press("u")
        assert made not in {line.goal.id for line in await run(session, goals.goals)}
        assert await run(session, drafts.find, "goal wizard") is None
        await press("n")
        assert step_of(session.tab) == "TEMPLATE"


async def test_gol_4_back_keeps_all_entries_and_what_is_wrong_is_said_where_it_is(demo):
    async with desk(demo) as session:
        press = Hand(session)
        wizard = await open_wizard(session)
        await press("G", "k", "k", "enter", "ctrl+n")  # Revenue
        assert wizard.entries.name == "Revenue 2026"
        assert step_of(wizard) == "SETUP"
        assert "at least one user or team" in session.said
        await press("up", "right", "down", "<dana>", "<francesca>", "ctrl+n")  # users only
        assert step_of(wizard) == "SETUP"
        assert "Francesca Ricci needs a Sales Professional or Enterprise seat" in session.said  # PER-9
        assert "Francesca Ricci needs" in meaning(session)
        await press("<francesca>", "up", "up")
        await session.paste("My revenue")
        await press("ctrl+n")
        assert step_of(wizard) == "PERFORMANCE"
        assert "forecasted revenue" in meaning(session)  # GOL-23
        await press("1", "2", "k", "enter", "9", "x", "tab", "escape")
        assert step_of(wizard) == "SETUP"
        await press("escape", "escape")  # from the first step esc leaves
        wizard = await open_wizard(session)
        assert "Your unfinished goal is back" in session.said
        assert (wizard.at, wizard.entries.template) == (At.TEMPLATE, "revenue")
        await press("ctrl+n")
        assert wizard.entries.name == "My revenue"
        assert wizard.entries.users == ["dana"]
        await press("ctrl+n")
        assert wizard.step.grid.sheet.text((0, 0)) == "12,000 €"
        await press("ctrl+b", "ctrl+b", "X")
        assert (wizard.entries.users, wizard.entries.targets) == ([], {})
        await press("escape")
        assert await run(session, drafts.find, "goal wizard") is None


async def test_und_5_the_draft_is_kept_when_the_line_drops(demo):
    """What is typed comes back at the step where it was left."""
    async with desk(demo) as session:
        press = Hand(session)
        await open_wizard(session)
        await press("j", "j", "enter", "<italy>", "ctrl+n", "7", "enter")
        session.app.exit(129)
    async with desk(demo) as session:
        wizard = await open_wizard(session)
        assert step_of(wizard) == "PERFORMANCE"
        assert wizard.step.grid.sheet.text((0, 0)) == "7"
        assert session.app.focused is wizard.step.grid


async def test_gol_21_pipelines_and_the_wizards_own_undo(demo):
    async with desk(demo) as session:
        press = Hand(session)
        wizard = await open_wizard(session)
        await press("j", "j", "enter", "<italy>", "ctrl+n")
        grid = wizard.step.grid
        await press("4", "enter", "up", "equals_sign")
        assert grid.sheet.total(0) == 48_000_000
        await press("u")
        assert grid.sheet.total(0) == 4_000_000
        await press("U")
        assert grid.sheet.total(0) == 48_000_000

        def picked() -> list[list[str]]:
            return [names for own in wizard.entries.pipelines.values() for names in own.values()]

        # GOL-26: one choice for every milestone of all checked rows.
        await press("asterisk", "P", "space", "enter")
        assert len(picked()) == 12 * len(grid.sheet.rows)
        (name,) = {name for names in picked() for name in names}
        assert f"in {name}" in meaning(session)
        await press("u")
        assert not picked()
        # In the layer it is the cells of the range, whatever is checked; several cells at once, or one.
        await press("L", "right", "shift+right", "enter", "space", "enter")
        own = wizard.entries.pipelines[wizard.known.preview.rows[0].contributor]
        assert own == {"monthly 1": [name], "monthly 2": [name]}
        await press("home", "e", "space", "enter")
        assert len(picked()) == 3
        await press("u", "u")
        assert not picked()
        await press("U", "u", "H", "u", "u", "u")
        assert "nothing to undo" in session.said
        await press("a", "b", "x")  # keys of nothing
        await press("1", "x", "enter", "ctrl+n")
        assert step_of(wizard) == "PERFORMANCE"
        assert "is no target" in session.said


async def test_gol_11_a_user_of_two_teams_is_ticked_under_one(demo):
    async with desk(demo) as session:
        press = Hand(session)
        await run(session, records.change, "users", "dana", {"teams": "EMEA;Italy;Norway"})
        wizard = await open_wizard(session)
        await press("j", "j", "enter", "<italy>", "<norway>")
        assert "? Dana Kim" in session.text
        assert "Dana Kim is in Italy and Norway: tick one" in " ".join(meaning(session).split())
        await press("ctrl+n")
        assert step_of(wizard) == "SETUP"
        assert "Dana Kim is in Italy and Norway" in session.said
        await press("<dana>", "ctrl+n")
        assert step_of(wizard) == "PERFORMANCE", session.said
        dana = next(row for row in wizard.known.preview.rows if row.contributor == "dana")
        assert dana.team is not None
        # Members can be left out; without any of them the team stands alone.
        await press("ctrl+b", "<lee>", "ctrl+n")
        assert "lee" not in {row.contributor for row in wizard.known.preview.rows}


async def test_gol_8_from_scratch_and_a_period_of_its_own(demo):
    async with desk(demo) as session:
        press = Hand(session)
        wizard = await open_wizard(session)
        await press("G", "enter")
        assert step_of(wizard) == "SCRATCH"
        await press("t", "enter", "a", "down", "up", "right", "left", "space")  # tickets
        custom = wizard.entries.custom
        assert (custom["object"], custom["aggregate"]) == ("tickets", "minimum")
        line = session.tab.query_one("#filter").target
        line.focus()
        await session.settle()
        await session.paste("statsu:x")
        assert "statsu" in str(wizard.known.preview.refusals["custom"])
        await press("ctrl+n")
        assert step_of(wizard) == "SCRATCH"
        await press("f2")
        assert "is not a property" in session.said or "statsu" in session.said
        await session.paste("category:billing")
        await press("f2")
        assert isinstance(session.open, FilterForm)
        await press("delete", "enter")
        assert custom["filter"] == ""
        await press("ctrl+n")
        assert step_of(wizard) == "SETUP", session.said
        session.tab.query_one("#duration").target.focus()
        await press("c")
        assert wizard.entries.duration == "custom"
        session.tab.query_one("#start").target.focus()
        await session.settle()
        await session.paste("2026-02-31")
        assert "is not a day of the calendar" in session.text
        await press("ctrl+n")
        assert step_of(wizard) == "SETUP"
        await session.paste("2026-03-02")
        assert "Mon 2 Mar 2026" in session.text
        await press("enter")
        await session.paste("2026-04-30")
        session.tab.query_one("#who").target.focus()
        await press("<italy>", "ctrl+n")
        assert step_of(wizard) == "PERFORMANCE", session.said
        assert "from 2026-03-02 to 2026-04-30" in meaning(session)


async def test_gol_46_a_clone_starts_filled_in_and_moves_a_year(demo):
    async with desk(demo) as session:
        press = Hand(session)
        original = next(
            line.goal for line in await run(session, goals.goals) if line.goal.name == "Tickets closed 2026"
        )
        (first, *_) = await run(session, goals.progress, goal=str(original.id))
        await run(session, goal_grid.set_notify, str(original.id), ["missed"], [(first.contributor.id, 3)])
        wizard = await open_wizard(session, clone_of=original.id)
        assert step_of(wizard) == "SETUP"
        assert wizard.entries.name == f"{original.name} (copy)"
        await press("ctrl+n", "greater_than_sign")
        assert (wizard.at, wizard.entries.year) == (At.PERFORMANCE, "2027")
        assert wizard.entries.name == original.name.replace("2026", "2027")
        await press("ctrl+n", "ctrl+n")
        assert step_of(wizard) == "DONE", session.said
        clone = await run(session, goal_making.clone, str(original.id), shift_years=1)
        made, expected = [
            [
                (r.contributor_name, r.slice.label, r.slice.target, r.slice.notify)
                for r in await run(session, goals.progress, goal=str(g))
            ]
            for g in (wizard.made, clone)
        ]
        assert made == expected
        assert [each[3] for each in made if each[3] is not None] == [("missed",)]


async def test_per_12_a_refused_template_says_why(demo):
    """Nothing is hidden: the list names the seat, and enter says it again."""
    async with desk(demo, login="lee") as session:
        press = Hand(session)
        await run(session, records.change, "users", "lee", {"sales_seat": "none", "service_seat": "professional"})
        wizard = await open_wizard(session)
        assert "needs a Sales Professional or Enterprise seat" in session.text
        await press("j", "j", "j", "enter")
        assert step_of(wizard) == "TEMPLATE"
        assert "needs a Sales Professional or Enterprise seat" in session.said
