"""Lines of what belongs to a record: what is told is there as a whole or not at all (CUS-9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.tui.record_lines import _line, without
from cs_workspace.tui.text import width_of


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Blåbær AS – Renewal", "Renewal"),
        ("QBR · Blåbær AS", "QBR"),
        ("Offer for Blåbær AS", "Offer for Blåbær AS"),
        ("Blåbær AS", "Blåbær AS"),
        ("Blåbær ASA – Renewal", "Blåbær ASA – Renewal"),
    ],
)
def test_cus_9_the_name_that_everything_here_has_is_left_out(title, short):
    assert without(title, "Blåbær AS") == short
    assert without(title, "") == title


@given(
    st.text("abc ł漢…", max_size=60),
    st.lists(st.text("xyz漢", max_size=20), max_size=3),
    st.lists(st.text("uvw", max_size=20), max_size=2),
    st.integers(24, 120),
)
def test_cus_9_a_line_fills_its_room_and_cuts_nothing_but_the_title(title, told, also, room):
    front, text, end = _line("Deal      ", title, told, also, room)
    assert sum(width_of(each.text) for each in (front, text, end)) == room
    words = end.text.split()
    assert all(word in {*told, *also} for word in words)
    if any(word in also for word in words):
        assert not text.text.rstrip().endswith("…") or "…" in title
