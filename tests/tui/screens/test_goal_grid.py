"""The page of a goal's targets: typing is saved at once, and shared (GOL-25 to GOL-30, REC-7, UND-5)."""

from __future__ import annotations

from contextlib import AsyncExitStack

from cs_workspace.tui.messages import OpenPage
from cs_workspace.tui.page import Draft
from cs_workspace.tui.panels.checklist import Checklist
from cs_workspace.tui.panels.clashes import ClashDrawer
from cs_workspace.tui.panels.import_targets import ImportTargets
from cs_workspace.tui.screens.goal_grid import PIPELINES_ARE_FIXED, GoalGridScreen
from cs_workspace.tui.screens.goals import GoalsScreen
from cs_workspace.workspace import goal_changes, goal_grid, records, undo
from tests.tui.desk import Desk, desk

TICKETS = 1  # Tickets closed 2026: Italy, Francesca, Sofia, …; monthly
NOVEMBER = 10
UNIT = 1_000_000


async def open_grid(session: Desk, goal: int = TICKETS, row: int | None = None) -> GoalGridScreen:
    session.tab.post_message(OpenPage(GoalGridScreen(session.app, goal, row)))
    await session.settle()
    page = session.tab
    assert isinstance(page, GoalGridScreen)
    return page


async def stored(session: Desk, place: tuple[int, int], goal: int = TICKETS) -> int | None:
    """What the store holds, as another program reads it."""
    found = await session.run_elsewhere(goal_grid.grid, str(goal))
    steps = found.sheet.targets.get(place)
    return None if steps is None else steps // UNIT


def on_screen(page: GoalGridScreen, place: tuple[int, int]) -> str:
    return page.grid.sheet.text(place)


async def type_in(session: Desk, text: str, *keys: str) -> None:
    """Type over the cell under the cursor."""
    await session.pilot.press(*("plus" if each == "+" else "percent_sign" if each == "%" else each for each in text))
    await session.press(*(keys or ("enter",)))


async def paste(session: Desk, text: str, *keys: str) -> None:
    session.app.copy_to_clipboard(text)
    await session.press("ctrl+v", *keys)


async def test_ui_typing_is_saved_at_once_and_undone_as_everywhere(demo):
    async with desk(demo) as session:
        page = await open_grid(session)
        assert page.grid.cursor == (0, NOVEMBER)
        assert "Tickets closed 2026 · monthly · All pipelines · targets" in session.text
        before = on_screen(page, (0, NOVEMBER))
        await type_in(session, "55")
        assert await stored(session, (0, NOVEMBER)) == 55
        assert session.said == f"{before} → 55 · undo u"
        assert page.grid.cursor == (1, NOVEMBER)
        await session.press("u")
        assert on_screen(page, (0, NOVEMBER)) == before
        await session.press("U")
        assert on_screen(page, (0, NOVEMBER)) == "55"
        await session.press("up", "delete")
        assert await stored(session, (0, NOVEMBER)) is None
        # Faster than the store: each is saved, in order.
        await session.pilot.press("1", "tab", "2", "enter", "3", "tab", "4", "enter")
        await session.settle()
        assert [await stored(session, place) for place in ((0, 10), (0, 11), (1, 11))] == [1, 2, 4]
        assert page.draft() is None
        await session.pilot.press("5", "enter", "q")
        await session.settle()
        assert isinstance(session.tab, GoalsScreen)
        assert await stored(session, (2, 11)) == 5
        page = await open_grid(session)
        assert not page._kept


async def test_gol_29_a_paste_is_previewed_saved_as_one_action_and_taken_back(demo):
    async with desk(demo) as session:
        page = await open_grid(session)
        row = [on_screen(page, (0, column)) for column in range(12)]
        await session.press("home")
        await paste(session, "\t".join(str(100 + each) for each in range(12)))
        assert on_screen(page, (0, 3)) == row[3]
        await session.press("enter")
        assert await stored(session, (0, 11)) == 111
        assert session.said == "12 targets changed · undo u"
        (entry, *_) = await session.run_elsewhere(undo.entries)
        assert entry.label == "paste 12 targets in Tickets closed 2026"
        await session.press("u")
        assert [on_screen(page, (0, column)) for column in range(12)] == row


async def test_und_5_what_cannot_be_read_stays_in_its_cell_and_comes_back(demo):
    async with desk(demo) as session:
        page = await open_grid(session)
        await type_in(session, "1x")
        assert page.grid.sheet.targets[0, NOVEMBER] != 1
        assert "1 cell not saved" in session.text
        assert "1x" in session.text
        await paste(session, "7\tnine\n8\t9", "enter")
        assert await stored(session, (1, NOVEMBER)) == 7
        assert "1 could not be read" in session.said
        await session.press("q")
        page = await open_grid(session)
        assert session.said == "2 unsaved cells are back."
        assert sorted(kept.text for kept in page._kept.values()) == ["1x", "nine"]
        await session.press("enter", "backspace", "2", "enter")
        assert await stored(session, (0, NOVEMBER)) == 12
        await session.press("right")
        await type_in(session, "6")
        assert page.draft() == Draft("goal grid 1", None)
        await session.press("q")
        page = await open_grid(session)
        assert not page._kept


async def test_und_5_a_line_that_drops_keeps_the_text_under_the_caret(demo):
    async with desk(demo) as session:
        await open_grid(session)
        await session.pilot.press("4", "4")
        session.app.exit(129)
    async with desk(demo) as session:
        page = await open_grid(session)
        assert session.said == "1 unsaved cell is back."
        assert await stored(session, (0, NOVEMBER)) != 44
        await session.press("enter", "enter")
        assert await stored(session, (0, NOVEMBER)) == 44
        assert not page._kept


async def two(demo, stack: AsyncExitStack) -> tuple[Desk, GoalGridScreen, Desk, GoalGridScreen]:
    dana = await stack.enter_async_context(desk(demo))
    await dana.run_elsewhere(records.change, "users", OTHER, {"service_seat": "enterprise"})
    other = await stack.enter_async_context(desk(demo, login=OTHER))
    return dana, await open_grid(dana), other, await open_grid(other)


OTHER = "robin"


async def test_rec_7_two_managers_in_one_grid_merge_and_ask(demo):
    """Different cells merge silently and appear; the same cell asks: mine, theirs, original; nothing is lost."""
    async with AsyncExitStack() as stack:
        dana, hers, other, his = await two(demo, stack)
        original = int(on_screen(hers, (1, NOVEMBER)))
        await type_in(dana, "71")
        await other.press("right")
        await type_in(other, "72")
        await dana.press("r")
        await other.press("r")
        for page in (hers, his):
            assert (on_screen(page, (0, 10)), on_screen(page, (0, 11))) == ("71", "72")
        # The same four cells.
        for session, block in ((other, "81\n82\n83\n84"), (dana, "91\n92\n93\n94")):
            await session.press("home", *["up"] * 6, *["right"] * NOVEMBER)
            await session.press("down")
            await paste(session, block, "enter")
        assert isinstance(dana.open, ClashDrawer)
        assert "changed while you typed" in dana.text
        assert "81" in dana.text
        assert str(original) in dana.text
        assert len(hers._kept) == 4  # as long as nothing is decided
        await dana.press("m", "t", "o", "enter")
        assert [await stored(dana, (row, NOVEMBER)) for row in (1, 2, 4)] == [91, 82, 84]
        assert await stored(dana, (3, NOVEMBER)) == int(on_screen(hers, (3, NOVEMBER))) != 93
        assert [kept.text for kept in hers._kept.values()] == ["94"]
        assert "1 cell kept as you typed, not saved" in dana.said
        await dana.press("down", "down", "down", "enter", "enter")
        assert await stored(dana, (4, NOVEMBER)) == 94


async def test_rec_7_a_cell_that_changes_under_the_typing_asks_too(demo):
    async with desk(demo) as session:
        page = await open_grid(session)
        name = page.grid.sheet.rows[0].name
        await session.pilot.press("7", "7")
        await session.run_elsewhere(goal_changes.set_target, "1", name, "2026-11", "66")
        page.touched(shown=True)
        await session.settle()
        assert page.grid.typing == ((0, NOVEMBER), "77")
        await session.press("enter")
        assert isinstance(session.open, ClashDrawer)
        await session.press("escape")
        assert on_screen(page, (0, NOVEMBER)) == "66"
        assert "wrote 66 meanwhile" in next(iter(page._kept.values())).reason
        await session.press("up", "enter", "enter")
        assert await stored(session, (0, NOVEMBER)) == 77


async def test_rec_7_an_open_editor_keeps_what_it_saw(demo):
    """Left as it was it changes nothing; touched, it asks, also where it says again what was there before."""
    async with desk(demo) as session:
        page = await open_grid(session)
        name, before = page.grid.sheet.rows[0].name, on_screen(page, (0, NOVEMBER))

        async def changes(target: str) -> None:
            await session.run_elsewhere(goal_changes.set_target, "1", name, "2026-11", target)
            page.touched(shown=True)
            await session.settle()

        await session.press("enter")
        await changes("66")
        await session.press("enter")
        assert not isinstance(session.open, ClashDrawer)
        assert on_screen(page, (0, NOVEMBER)) == "66"
        await session.press("up", "enter")
        await changes("67")
        await session.press("1", "enter")
        assert isinstance(session.open, ClashDrawer)
        await session.press("m", "enter")
        assert await stored(session, (0, NOVEMBER)) == 661
        await session.press("up", "enter")
        await changes(before)
        await session.press("backspace", "1", "left", "enter")
        assert "changed while you typed" not in session.text
        await session.press("up")
        await type_in(session, before, "left")
        await session.press("right")
        await session.pilot.press(*"12")
        await changes("68")
        await session.press("backspace", "backspace", *before, "enter")
        assert isinstance(session.open, ClashDrawer)
        assert await stored(session, (0, NOVEMBER)) == 68


async def test_gol_30_a_choice_for_some_milestones(demo):
    """The range's cells get a choice of their own, marked where it differs; T is for the whole goal."""
    async with desk(demo) as session:
        page = await open_grid(session)

        async def choices() -> list[tuple[str, ...] | None]:
            found = await session.run_elsewhere(goal_grid.grid, "1")
            return [cell.slice.notify for cell in found.rows[0].cells[NOVEMBER:]]

        await session.press("H", "enter")
        assert "Notifications of Italy, Nov 2026" in session.text
        await session.press("escape", "shift+right", "enter")
        assert "Notifications of 2 milestones" in session.text
        assert page._grid is not None
        whole = page._grid.goal.notify
        await session.press("space", "enter")
        assert await choices() == [whole[1:], whole[1:]]
        assert "for 2 milestones · undo u" in session.said
        assert f"• {len(whole) - 1}" in session.text
        assert "own choice" in session.text
        await session.press("left", "enter", "space", "enter")
        assert await choices() == [None, whole[1:]]
        assert "As the goal for 1 milestone" in session.said
        await session.press("u")
        assert await choices() == [whole[1:], whole[1:]]
        await session.press("T")
        heading = " ".join("".join(session.shown(session.open.query_one(".heading"))).split())
        assert "2 milestones with another choice keep it." in heading
        await session.press("space", "enter")
        assert (await session.run_elsewhere(goal_grid.grid, "1")).goal.notify == whole[1:]
        assert "• " not in session.text
    async with desk(demo, login="kari") as session:
        await open_grid(session)
        await session.press("H", "enter")
        assert session.open is session.app.main
        assert "needs a wider Goals permission" in session.said


async def test_gol_22_layers_and_what_they_ask(demo):
    async with desk(demo) as session:
        page = await open_grid(session)
        await session.press("L")
        assert "of 37" in session.text
        await session.press("L")
        assert "▶ In progress" in session.text
        await session.press("L", "enter")
        assert session.said == PIPELINES_ARE_FIXED
        await session.press("L", "enter")
        assert isinstance(session.open, Checklist)
        await session.press("escape", "L")
        assert page.grid.shown_layer == "targets"
        await session.press("P")
        assert session.said == PIPELINES_ARE_FIXED


async def test_gol_29_import_shows_what_would_change_before_it_is_taken_in(demo, tmp_path):
    file = tmp_path / "targets.csv"
    file.write_text(
        "goal,contributor,slice,target\nTickets closed 2026,Italy,2026-01,99\nTickets closed 2026,Italy,2026-13,1\n"
    )
    async with desk(demo) as session:
        await open_grid(session)
        await session.press("I")
        assert isinstance(session.open, ImportTargets)
        await session.paste(str(tmp_path / "nothing.csv"))
        await session.press("enter")
        assert "▲" in session.text
        await session.paste(str(file))
        await session.press("enter")
        assert "1 target of this goal would change" in session.text
        assert "Italy · Jan 2026" in session.text
        assert "line 3: slice: '2026-13' is not a slice" in session.text
        assert await stored(session, (0, 0)) != 99
        await session.press("enter")
        assert await stored(session, (0, 0)) == 99
        assert session.said == "1 row of the file taken in, 1 row left out · undo u"


async def test_per_14_a_locked_row_says_why(demo):
    async with desk(demo, login="kari") as session:
        page = await open_grid(session)
        before = on_screen(page, (0, NOVEMBER))
        await type_in(session, "5")
        assert "Kari Nordmann may not change this row: it needs a wider Goals permission to edit" in session.text
        await session.press("home")
        await paste(session, "1\t2", "enter")
        assert on_screen(page, (0, NOVEMBER)) == before
        assert not page._kept
    async with desk(demo, read_only=True) as session:
        page = await open_grid(session)
        await type_in(session, "5")
        assert "reading only" in session.text
        assert page.draft() is None


async def test_und_5_a_refused_save_keeps_what_was_typed(demo):
    async with desk(demo, login="robin") as session:
        await session.run_elsewhere(records.change, "users", "robin", {"service_seat": "enterprise"})
        page = await open_grid(session)
        await session.run_elsewhere(records.change, "users", "robin", {"super_admin": "no"})
        await type_in(session, "55")
        assert "needs" in session.said
        assert [kept.text for kept in page._kept.values()] == ["55"]
        assert on_screen(page, (0, NOVEMBER)) != "55"


async def test_a_minus_takes_away_from_the_cell_and_leads_nowhere(demo):
    async with desk(demo) as session:
        page = await open_grid(session)
        before = int(on_screen(page, (0, NOVEMBER)))
        await session.press("minus", "5", "enter")
        assert session.tab is page
        assert f"{before} → {before - 5}" in session.said
        assert await stored(session, (0, NOVEMBER)) == before - 5
        await session.press("up", "minus", *"999", "enter")
        assert "negative" in next(iter(page._kept.values())).reason
