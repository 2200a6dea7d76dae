"""Completion in the filter line (QRY-1, QRY-2, QRY-4)."""

from __future__ import annotations

from tests.tui.desk import desk


async def test_tab_goes_through_the_suggestions(demo):
    """QRY-4: one after the other, back with shift+tab, until something is typed; a comma goes on with values."""
    async with desk(demo) as session:
        await session.press("slash")
        await session.write("st")
        for key, text in (
            ("tab", "start:"),
            ("tab", "status:"),
            ("tab", "start:"),
            ("shift+tab", "status:"),
        ):
            await session.press(key)
            assert session.goals.line.text == text
        await session.write("mi")
        await session.press("tab")
        assert session.goals.line.input.value == "status:missed "
        await session.write(",no")
        await session.press("tab")
        assert session.goals.line.input.value == "status:missed,no_data "
        assert session.goals.line.input.has_focus
        await session.press("home", "shift+tab")
        assert not session.goals.line.input.has_focus


async def test_what_can_be_written_is_said_under_the_line(demo):
    """QRY-2, QRY-4: people by login and name, days, what a number looks like, and what a mistake should be."""
    async with desk(demo) as session:
        await session.press("2", "slash")
        line = session.tab.line
        for text, said in (
            ("owner:da", "dana Dana Kim"),
            ("owner:kim", "dana Dana Kim"),
            ("activ", "last_activity_at: Last activity"),
            ("renewal:..+9", "+9d +9 days   +9w   +9m   +9y"),
            ("health:", "none unknown   any   a whole number such as 40 or 12k"),
            ("sentiment:n", "neutral   negative   none"),
        ):
            await session.paste(text)
            assert said in "\n".join(session.shown(line)), text
        await session.paste("-owner:dana,le")
        await session.press("tab")
        assert line.input.value == "-owner:dana,lee "
        await session.paste("date:any")
        assert "▲ column 1: 'date' may be" in "\n".join(session.shown(line))
        await session.paste("renewal:..+90d activity:>-30d")
        assert "▲" not in "\n".join(session.shown(line))
