"""Names that would like to be obeyed (IMP-7): shown harmlessly, and nothing moves out of its column."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from contextlib import closing, suppress

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.views import Shape
from cs_workspace.tui.text import ControlFilter, Part, content, fit, fit_cell, lines, part
from cs_workspace.workspace import goal_making, records, views
from cs_workspace.workspace.goal_making import NewGoal
from tests.tui.desk import desk

NAMES = [
    "\x1b]52;c;ZXZpbA==\x07 clipboard",
    "\x1b[2J\x1b[31mred",
    "\x9b31mC1 \x9d0;title\x9c",
    "[@click=app.quit]click me[/]",
    "[ @click=app.quit]me too[/]",
    "x[/red] [b]bold",
    "a\u202eevil\u202c \u2066b\u2069",
    "zero\u200bwidth\ufeff\u2060",
    "tab\tnew\nline\rreturn",
    "日本語の会社 名前",
    "e" + "\u0301" * 100 + " piled",
    "👩\u200d👩\u200d👧 family 🏴\U000e0067\U000e007f",
    "x" * 1000,
    "ل" * 30 + " شركة",
    "\x7f\x08\x08\x08 back",
    "👨🏽\u200d💻 ❤\ufe0f \u1112\u1161\u11ab カ\u3099 \u3164",
]
EVERYWHERE = (  # what is opened with a hostile record, key by key
    *("enter", "j", "escape", "V", "escape", "c", "escape", "e", "escape", "a", "escape", "E", "escape"),
    *("space", "space", "m", "escape", "escape", "n", "escape", "Z", "escape", "B", "escape", "v", "e", "escape", "v"),
    *(
        "o",
        "h",
        "escape",
        "tab",
        "tab",
        "tab",
        "h",
        "escape",
        "w",
        "escape",
        "A",
        "escape",
        "Y",
        "escape",
        "e",
        "escape",
        "i",
    ),
)
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def columns_of(session, text):
    """The cells at which a text stands, line by line, where it does."""
    return [cell_len(line[: line.index(text)]) for line in session.lines if text in line]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_customers(empty, size):
    async with desk(empty, size=size) as session:
        for name in NAMES:
            await session.run_elsewhere(
                records.add, "companies", {"name": name, "arr": "1234", "domain": name[:90], "owner": "dana"}
            )
        await session.press("2", "r")
        assert session.customers.table.window.total == len(NAMES)
        for _ in NAMES:
            assert not FORBIDDEN.search(session.text.replace("\n", ""))
            for line in session.lines:
                assert cell_len(line) == size[0]
            at = columns_of(session, "1,234 €")
            assert at == at[:1] * len(NAMES)
            await session.press("j")
        await session.press("g")
        for _ in NAMES:
            await session.press("enter")
            assert not FORBIDDEN.search(session.text.replace("\n", ""))
            await session.press("escape", "j")


def fill(workspace):
    """A company of each name, with a note, a contact, a change and a view; one more is in the bin."""
    with closing(workspace.store):
        for name in NAMES:
            company = workspace.run(records.add, "companies", {"name": name, "owner": "dana", "industry": name})
            about = {"companies": f"#{company}"}
            note = {"title": name, "body": f"{name} {'z' * 9_000}", "at": "2026-11-01", "owner": "dana", **about}
            workspace.run(records.add, "notes", note)
            workspace.run(records.add, "contacts", {"last_name": name, "job_title": name, **about})
            workspace.run(records.change, "companies", str(company), {"country": name})
            with suppress(Invalid):  # a view's name has to be one that can be shown
                workspace.run(views.create, "companies", name[:40], Shape('name:"[@click"'))
        deleted = workspace.run(records.add, "companies", {"name": "".join(NAMES[:6])})
        workspace.run(records.delete, "companies", [str(deleted)])


async def test_everything_that_shows_a_record(empty):
    """IMP-7: card, page, history, drawers, views, bin and undo list hold harmless text, and their lines are whole."""
    async with desk(empty) as session:
        await asyncio.to_thread(fill, session.elsewhere())
        await session.press("2", "r", "j")
        seen = set()
        for key in EVERYWHERE:
            await session.press(key)
            seen.add(type(session.open).__name__)
            assert not FORBIDDEN.search(session.text.replace("\n", "")), key
            assert {cell_len(line) for line in session.lines} == {120}, key
        assert len(seen) > 10, seen
        assert session.app.return_value is None


async def test_goals_and_everything_opened_from_them(empty):
    async with desk(empty) as session:
        for name in NAMES:
            await session.run_elsewhere(
                goal_making.create,
                NewGoal("tickets_closed", name[:200], users=["dana"], duration="monthly", year=2026, target="10"),
            )
        await session.run_elsewhere(
            records.add, "tickets", {"subject": NAMES[0] + NAMES[3], "owner": "dana", "stage": "Closed"}
        )
        await session.press("r")
        assert session.goals.table.window.total == len(NAMES)
        for _ in NAMES:
            at = columns_of(session, "Nov 2026")
            assert at == at[:1] * len(NAMES)
            for keys in (["enter"], ["w"], ["escape"], ["escape"]):
                await session.press(*keys)
                assert not FORBIDDEN.search(session.text.replace("\n", ""))
                assert {cell_len(line) for line in session.lines} == {120}
            await session.press("j")
        assert session.app.return_value is None
        assert "[@click=app.quit]click me[/]"[:14] in session.text


async def test_the_palette_and_what_is_said(empty):
    async with desk(empty) as session:
        for name in NAMES:
            await session.run_elsewhere(records.add, "companies", {"name": f"zeta {name}"[:900]})
        await session.press("colon")
        await session.paste("zeta")
        assert session.open.table.window.total == 8
        assert not FORBIDDEN.search(session.text.replace("\n", ""))
        await session.press("escape")
        await session.pilot.click(session.goals.table, offset=(3, 3))
        await session.run_elsewhere(records.add, "companies", {"name": NAMES[1]})
        await session.press("u")
        assert "Undone: create company" in session.said
        assert not FORBIDDEN.search(session.text.replace("\n", ""))


@pytest.mark.parametrize("name", NAMES)
def test_parts_fit_and_are_harmless(name):
    shown = part(name)
    assert not FORBIDDEN.search(shown.text)
    for width in (0, 1, 2, 5, 20, 79):
        assert cell_len(fit(shown.text, width)) == width
        assert cell_len(fit(shown.text, width, right=True)) == width
        assert sum(cell_len(p.text) for p in fit_cell((shown, Part("tail")), width)) == width
    assert content(shown).plain == shown.text
    assert content(name).plain == shown.text
    assert lines([[shown], ["plain"]]).plain == f"{shown.text}\nplain"


def test_markup_is_text():
    shown = content("[@click=app.quit]x[/]")
    assert shown.plain == "[@click=app.quit]x[/]"
    assert not shown.spans


def test_what_gets_through_is_taken_out_at_the_wire():
    style = Style(bold=True)
    dirty = [Segment("ok", style), Segment("a\x1b]52;c;x\x07b\x9b31m\u202e", style), Segment("\x1b[1A", None, [(1,)])]  # type: ignore[list-item]
    clean = ControlFilter().apply(dirty, Color(0, 0, 0))
    assert [segment.text for segment in clean] == ["ok", "a]52;c;xb31m", "\x1b[1A"]
    assert clean[1].style is style
    same = [Segment("plain"), Segment("żółć")]
    assert ControlFilter().apply(same, Color(0, 0, 0)) is same


def test_a_short_form_takes_the_place_of_what_does_not_fit():
    cell = (Part("▲ at risk"), Part("  needs 4.7 / day", "quiet", "  4.7 / day"))
    assert "".join(p.text for p in fit_cell(cell, 30)).rstrip() == "▲ at risk  needs 4.7 / day"
    assert "".join(p.text for p in fit_cell(cell, 22)).rstrip() == "▲ at risk  4.7 / day"
    assert "".join(p.text for p in fit_cell(cell, 12)) == "▲ at risk   "
    assert unicodedata.category("▲") == "So"
