"""What a CSM does with an account on one morning, with the keyboard alone and from another tab."""

from __future__ import annotations

from tests.tui.desk import desk

RENEWING = "owner:me health:<50 renewal_date:this-quarter"


async def test_find_understand_log_change_hand_over_undo_and_save_a_view(demo):
    """CUS-4, CUS-9, CUS-10, HEA-9, REC-1, UND-2, LST-2: nothing but keys."""
    async with desk(demo) as session:
        # From Summary: find a customer, and see why it is red.
        await session.press("1", "colon")
        await session.write("blab")
        await session.press("enter")
        assert "Blåbær AS   ▲ At risk 34" in session.text
        await session.press("w")
        assert "Open tickets with priority high or urgent" in session.text
        await session.press("escape")

        # Log a call.
        await session.press("i", "c", "enter", "right", "down")
        await session.write("Asked about the renewal")
        await session.press("ctrl+s")
        assert "Call logged with Blåbær AS" in session.said
        assert "Asked about the renewal" in session.text

        # Change the renewal date in its place, and hand the customer to a colleague.
        await session.press("j", "j", "j", "e", "ctrl+u")
        await session.write("+30d")
        assert "Tue 22 Dec 2026" in session.text
        await session.press("enter")
        assert "renewal 22 Dec 2026, in 30 d" in session.text
        await session.press("a")
        await session.write("lee")
        await session.press("enter")
        assert "Company #8   Lee Park" in session.text

        # Undo the last: the customer is one's own again, the date and the call stay.
        await session.press("u")
        assert "Company #8   Dana Kim   renewal 22 Dec 2026" in session.text
        assert "Asked about the renewal" in session.text

        # A view of one's own troubled renewals, a default for everybody.
        await session.press("q", "2", "slash", "ctrl+u")
        await session.write(RENEWING)
        await session.press("enter")
        assert "3 of 129 companies" in session.text
        await session.press("V")
        await session.write("my renewals this quarter below 50")
        await session.press("down", "right", "down", "right", "down")
        await session.write("To talk about before it is too late")
        await session.press("ctrl+s")
        assert "my renewals this quarter below 50" in session.text
        views = [line for line in session.shown(session.tab.views) if "★" in line]
        assert any("my ren" in line and line.rstrip().endswith("3") for line in views)
