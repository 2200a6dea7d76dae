"""Actions on marked records: assign, edit, stage, delete, export, follow (ACT-6, ACT-7, REC-5, IMP-6)."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

from cs_workspace.domain.selection import Selection
from cs_workspace.tui.panels import running
from cs_workspace.tui.panels.bulk import EditValue, RefusedList, Sure, carry_out
from cs_workspace.tui.panels.choice import ChoiceDrawer
from cs_workspace.tui.panels.export import Export
from cs_workspace.tui.panels.running import Running
from cs_workspace.tui.screens.records import RecordsScreen
from cs_workspace.workspace import follows, records
from tests.tui.desk import Desk, desk


def is_open(session: Desk, drawer: type) -> bool:
    return isinstance(session.open, drawer)


async def value(session: Desk, name: str, selection: Selection) -> list[object]:
    rows = await session.run_elsewhere(records.listing, selection.object, columns=("id", name))
    return [row[name] for row in rows if row["id"] in selection.ids]


async def marked(session: Desk, count: int) -> Selection:
    await session.press("g", *["space"] * count)
    selection: Selection = session.tab.selection
    assert selection.count == count
    return selection


async def test_act_6_marked_records_are_assigned_edited_and_given_a_stage(demo):
    """Each in one step, with a summary; u takes it back."""
    async with desk(demo) as session:
        await session.press("2", "r")
        three = await marked(session, 3)
        await session.press("a")
        assert is_open(session, ChoiceDrawer)
        assert "3 companies: whose?" in session.text
        await session.write("lee")
        await session.press("enter")
        assert session.said == "3 given to Lee Park, 0 as they were, 0 refused · u undoes"
        assert set(await value(session, "owner", three)) == {"lee"}
        assert session.tab.selection.count == 1, "marks are let go"
        await session.press("u")
        assert set(await value(session, "owner", three)) == {"dana"}

        two = await marked(session, 2)
        await session.press("e")
        await session.write("renewal")
        await session.press("enter")
        assert is_open(session, EditValue)
        assert "Takes the value away from 2 of 2 companies." in session.text
        await session.paste("soon")
        assert "▲" in session.text
        await session.press("ctrl+s")
        assert is_open(session, EditValue), "what is no day is not saved"
        await session.paste("+90d")
        assert "Sat 20 Feb 2027" in session.text
        assert "Will change 2 of 2 companies." in session.text
        await session.press("enter", "enter")
        assert await value(session, "renewal_date", two) == ["2027-02-20"] * 2

        two = await marked(session, 2)
        await session.press("t")
        await session.write("evangelist")
        await session.press("enter")
        assert await value(session, "lifecycle_stage", two) == ["evangelist"] * 2


async def test_act_6_marked_records_are_followed_and_deleted(demo):
    """Deleting several asks for their number; one is deleted at once."""
    async with desk(demo) as session:
        await session.press("2", "r")
        await marked(session, 2)
        await session.press("F")
        assert session.said == "You follow 2 companies now: N tells what others do with it · u undoes"
        assert len(await session.run_elsewhere(follows.listing)) == 2

        await marked(session, 2)
        before = await session.run_elsewhere(records.count, "companies")
        await session.press("d")
        assert is_open(session, Sure)
        await session.press("3", "enter")
        assert "Type 2, or esc to keep them." in session.text
        await session.press("backspace", "2", "enter")
        assert session.said == "2 companies deleted · u undoes"
        assert await session.run_elsewhere(records.count, "companies") == before - 2
        await session.press("d")
        assert session.said == "1 company deleted · u undoes", "one is deleted at once"
        await session.press("u", "u")
        assert await session.run_elsewhere(records.count, "companies") == before


async def test_act_7_the_refused_are_listed_with_the_reason(demo):
    async with desk(demo) as session:
        await session.app.main.open_page(RecordsScreen(session.app, "tickets"))
        for created in ("2026-01-01", "2027-01-01"):
            texts = {"subject": "Aaa", "created_at": created}
            await session.run_elsewhere(records.add, "tickets", texts)
        session.tab.line.write("aaa")
        await session.press("r")
        session.tab.table.focus()
        await marked(session, 2)
        await session.press("t")
        await session.write("closed")
        await session.press("enter")
        assert is_open(session, RefusedList)
        assert "the close date lies before the create date" in session.text
        assert "1 changed, 0 as they were, 1 refused" in session.text
        await session.press("escape")
        assert not is_open(session, RefusedList)


async def test_act_7_what_takes_long_shows_how_far_it_is_and_can_be_stopped(demo, monkeypatch):
    async with desk(demo) as session:
        await session.press("2", "r")
        before = await session.run_elsewhere(records.count, "companies", "country:SE")
        every = Selection("companies", query="", count=1_500)
        shown = []
        monkeypatch.setattr(running, "_draw", lambda *so_far: shown.append(so_far[1:]))
        session.tab.doing(carry_out(session.tab, every, {"country": "SE"}))
        await session.settle()
        assert shown[-1] == (300, 300)
        assert session.said.startswith("300 changed")
        await session.press("u")

        def stop(drawer: Running) -> None:
            drawer.given_up = True

        monkeypatch.setattr(Running, "on_mount", stop, raising=False)
        session.tab.doing(carry_out(session.tab, every, {"country": "SE"}))
        await session.settle()
        assert "Stopped; nothing has changed." in session.said
        assert not is_open(session, Running)
        assert await session.run_elsewhere(records.count, "companies", "country:SE") == before


async def test_imp_6_marked_records_are_written_to_a_file(demo, tmp_path):
    async with desk(demo) as session:
        await session.press("2", "r")
        await marked(session, 2)
        await session.press("E")
        assert is_open(session, Export)
        assert "Export 2 companies" in session.text
        await session.paste(str(tmp_path / "two.csv"))
        await session.press("ctrl+s")
        assert session.said.startswith("2 records written to")
        with (tmp_path / "two.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 2
        assert "renewal_date" in rows[0]
        assert "country" not in rows[0], "the columns that are shown"
        await session.press("E")
        await session.paste(str(tmp_path / "two.csv"))
        await session.press("ctrl+s")
        assert "It exists already" in session.text
        await session.paste(str(tmp_path / "all.json"))
        await session.press("enter", "right", "ctrl+s")
        assert "country" in json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))[0]


async def test_idn_2_over_ssh_there_are_no_files_but_a_copy(demo):
    async with desk(demo) as session:
        session.app._session = replace(session.session, over_ssh=True)
        await session.press("2", "r")
        await marked(session, 2)
        await session.press("E")
        assert not is_open(session, Export)
        assert "2 records copied for a spreadsheet" in session.said
        assert len(session.app.clipboard.splitlines()) == 3


async def test_s9_what_is_refused_is_said_and_leaves_the_list(demo):
    async with desk(demo, read_only=True) as session:
        await session.press("2", "r", "F")
        assert session.said
        await session.press("d")
        assert session.said
