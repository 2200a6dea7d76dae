"""The sidebar of views and the drawer that saves them, by their keys (CUS-1 to CUS-8, LST-2, PER-5, PER-14)."""

from __future__ import annotations

from threading import Event

from cs_workspace.domain.views import Shape, View
from cs_workspace.tui.panels import save_view
from cs_workspace.tui.widgets.view_list import ViewList
from cs_workspace.workspace import records, views
from cs_workspace.workspace.door import Operation
from tests.tui.desk import desk

DEMO = ["Owned by me", "Assigned in the last 30 days", "Renewing this quarter", "Red and renewing", "Quiet for a month"]


def sidebar(session) -> ViewList:
    found: ViewList = session.tab.query_one(ViewList)
    return found


def named(session):
    return [view.name for view in sidebar(session).views]


def opened(session):
    return type(session.open).__name__


def here(session):
    """The name under the cursor."""
    view = sidebar(session).current
    return view.name if view else ""


def counted(session):
    """What stands behind each name: its sign and its count."""
    lines = session.shown(sidebar(session).table)[: len(sidebar(session).views)]
    return [line.split()[-2:] for line in lines]


def drawn(session):
    """What the open drawer says, on one line."""
    return " ".join(" ".join(session.shown(session.open.query_one(".drawer"))).replace("│", " ").split())


async def among_views(session, name=""):
    """Go to the views, and to the one of this name."""
    await session.press("2", "v")
    if name:
        await session.press("home", *["down"] * named(session).index(name))
        assert here(session) == name


async def save(session, shape=None, used=None):
    """Open the drawer as `V` on a list does."""
    saved: list[View] = []
    save_view.start(session.tab, "companies", shape or Shape("owner:me health:<50"), used, saved.append)
    await session.settle()
    return saved


async def test_cus_1_cus_2_views_with_their_counts_and_using_one(demo):
    async with desk(demo) as session:
        await among_views(session)
        assert named(session) == DEMO
        assert counted(session)[:3] == [["★", "129"], ["★", "9"], ["★", "18"]]
        assert counted(session)[4][1] == "132", "for everyone, but no default"
        await session.press("down", "down")
        assert "renewal_date:this-quarter" in session.text.replace("\n", "")
        await session.press("enter")
        assert sidebar(session).used == sidebar(session).views[2]
        assert not sidebar(session).table.has_focus
        assert "▸ Renewing" in session.text
        # What somebody else changes is counted anew.
        await session.run_elsewhere(records.add, "companies", {"name": "Late", "renewal_date": "2026-12-01"})
        session.app.main.page.touched(shown=True)
        await session.settle()
        assert counted(session)[2] == ["★", "19"]


async def test_counts_are_read_in_rounds_however_often_the_store_changes(demo, monkeypatch):
    """LST-3: what is counted already is not counted again by every change, and every view has its turn."""
    counts: list[int] = []
    gate = Event()

    def count(tx, view):
        counts.append(view)
        gate.wait(10)
        return 12_345

    async with desk(demo) as session:
        await among_views(session)
        real = views.count
        monkeypatch.setattr(views, "count", Operation("count", real.permission, False, "", False, count))
        for _ in range(20):
            sidebar(session).touched()
            await session.pilot.pause()
        gate.set()
        await session.settle()
        assert set(counts) == {view.id for view in sidebar(session).views}
        assert len(counts) <= 2 * len(DEMO)
        assert counted(session)[:3] == [["★", "12,345"]] * 3


async def test_cus_5_to_8_the_keys_of_managing_views(demo):
    async with desk(demo) as session:
        await session.run_elsewhere(views.create, "companies", "Mine", Shape("owner:me", sort=("-arr",)))
        await among_views(session, "Mine")
        assert counted(session)[named(session).index("Mine")] == ["○", "129"]
        await session.press("D")
        assert "Mine is private, and only a view for everyone can be a default" in session.said
        await session.press("d")  # a private one at once
        assert "View Mine deleted · u undoes" in session.said
        assert named(session) == DEMO
        await session.press("u")
        assert "Mine" in named(session)

        await among_views(session, "Quiet for a month")
        await session.press("D")
        assert opened(session) == "Describe"
        await session.press("enter", "enter")
        assert "▲ Is empty. Say in a sentence what the view shows." in drawn(session)
        await session.write("Nobody spoke to them.")
        await session.press("ctrl+s")
        assert [v.name for v in sidebar(session).views if v.description == "Nobody spoke to them."] == [DEMO[4]]
        await session.press("K", "K")
        assert named(session)[2] == "Quiet for a month" == here(session)
        await session.press("J", "D")
        assert "View Quiet for a month is no default any more" in session.said

        await among_views(session, "Owned by me")
        await session.press("e")
        assert "Owned by me is built in and cannot be edited" in session.said
        await session.press("R")
        assert "All built-in views are here." in session.said
        await session.press("d")
        assert opened(session) == "ChoiceDrawer"
        await session.press("enter")  # keeps it
        await session.press("d")
        await session.write("sure")
        await session.press("enter")
        assert "Owned by me" not in named(session)
        await session.press("R")
        assert "Back again: Owned by me" in session.said
        assert named(session)[0] == "Owned by me"

        await among_views(session, "Red and renewing")
        await session.press("e")
        assert opened(session) == "SaveView"
        await session.paste("Red")
        await session.press("down", "left")
        assert "It will be no default any more" in drawn(session)
        await session.press("escape")
        assert "Not saved yet" in drawn(session)
        await session.press("ctrl+s")
        changed = {view.name: (view.shared, view.is_default) for view in sidebar(session).views}
        assert changed["Red"] == (False, False)


async def test_cus_4_a_list_is_saved_as_a_view_over_one_and_as_a_default(demo):
    async with desk(demo) as session:
        await session.press("2")
        saved = await save(session)
        await session.press("ctrl+s")
        assert "▲ Is empty. Give the view a name." in drawn(session)
        await session.write("owned by ME")
        await session.press("ctrl+s")
        assert "There is a view 'owned by ME' already. Choose another name." in drawn(session)
        await session.paste("Below 50")
        await session.press("down", "right", "down", "right", "down")
        await session.write("Mine below 50.")
        await session.press("enter", "enter")
        (view,) = saved
        assert (view.name, view.query, view.shared, view.default_position) == (
            *("Below 50", "owner:me health:<50", True),
            5,
        )
        assert "View Below 50 saved · u undoes" in session.said

        saved = await save(session, Shape("owner:me health:<40", ("name", "arr"), ("-arr",)), view)
        assert "Name, ARR" in drawn(session)
        assert "ARR ↓" in drawn(session)
        await session.press("right")
        assert "over Below 50" in drawn(session)
        await session.press("ctrl+s")
        assert [(each.id, each.query, each.columns) for each in saved] == [
            (view.id, "owner:me health:<40", ("name", "arr"))
        ]
        await save(session)
        await session.press("escape")
        assert opened(session) != "SaveView", "nothing was typed"


async def test_per_5_per_14_who_may_not_share_is_told_why(demo):
    async with desk(demo, login="giulia") as session:
        await session.press("2")
        owned = (await session.run_elsewhere(views.listing, "companies"))[3]
        saved = await save(session, used=owned)
        right = "super admin or the Manage Customer Success Settings permission"
        assert f"Sharing with everyone needs {right}." in drawn(session)
        assert f"Saving over Red and renewing needs {right}." in drawn(session)
        await session.write("Own")
        await session.press("ctrl+s")
        assert [(view.name, view.shared) for view in saved] == [("Own", False)]
        await among_views(session, "Red and renewing")
        for key, deed in (("e", "edit"), ("d", "delete"), ("D", "remove"), ("J", "move")):
            await session.press(key)
            assert f"Giulia Conti may not {deed} the view Red and renewing" in session.said
            assert f"it needs {right}" in session.said
