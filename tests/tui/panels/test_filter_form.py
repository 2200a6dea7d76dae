"""The filter form: quick filters by one key, and values to pick (CUS-3, QRY-3)."""

from __future__ import annotations

from cs_workspace.tui.widgets.chips import Chips
from tests.tui.desk import desk


async def test_cus_3_a_quick_filter_is_one_key_and_joins_the_rest(demo):
    """CUS-3: create date and last activity stand on top; the chips say what is asked."""
    async with desk(demo) as session:
        await session.press("2", "slash")
        await session.paste("name:as")
        await session.press("enter", "f")
        form = session.open
        form.fields.cursor = 0
        await session.settle()
        assert [form.fields.window.row(place).name for place in (0, 1)] == ["created_at", "last_activity_at"]
        await session.press("5", "j", "7")
        assert "last 90 days" in "\n".join(session.shown(form.fields))
        assert "older than 30 days" in "\n".join(session.shown(form.fields))
        await session.press("8", "8", "7")  # of quick filters one stands, and a second time takes it away
        await session.press("enter")
        line = session.tab.line
        assert line.text == "name:as created_at:-90d..today last_activity_at:<-30d"
        assert "create date: last 90 days ✕" in session.shown(line.query_one(Chips))[0]
        await session.press("f")
        session.open.fields.cursor = 0
        await session.settle()
        assert session.open.values.marked == {4}
        await session.press("5", "enter")
        assert line.text == "name:as last_activity_at:<-30d"


async def test_qry_2_teams_and_pipelines_of_goals_are_picked(demo):
    async with desk(demo) as session:
        await session.press("f")
        form = session.open
        names = [prop.name for prop in form.fields.window.known()]
        form.fields.cursor = names.index("team")
        await session.settle()
        assert [choice.label for choice in form.values.window.known()][:2] == ["EMEA", "Italy"]
        await session.press("tab", "j", "space")
        form.fields.cursor = names.index("pipelines")
        await session.settle()
        assert "Support pipeline" in "\n".join(session.shown(form.values))
        await session.press("shift+tab", "1", "enter")
        team, pipelines = session.goals.line.text.split(" ", 1)
        assert team == "team:Italy"
        assert pipelines.startswith("pipelines:")
        assert session.goals.filter == session.goals.line.text
