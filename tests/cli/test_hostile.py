"""Names that would like to be obeyed, in the tables of the shell (IMP-7)."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from rich.cells import cell_len

from cs_workspace.domain.clock import FixedClock
from cs_workspace.store.engine import Store
from cs_workspace.workspace import records
from cs_workspace.workspace.door import Workspace
from tests.tui.test_hostile import FORBIDDEN, NAMES

NOON = 1_773_572_400_000  # 2026-03-15T12:00+01:00


@pytest.fixture
def hostile(sqlite_shell):
    """A company of each name with a note, a task and a change; one is in the bin."""
    with closing(Store(sqlite_shell.db)) as store:
        boss = Workspace(store, FixedClock(NOON), "boss")
        company = 0
        for name in NAMES:
            values = {"name": name, "industry": name[:20], "arr": "1234", "owner": "boss"}
            company = boss.run(records.add, "companies", values)
            boss.run(records.change, "companies", str(company), {"country": name})
            note = {"title": name, "body": name * 3, "at": "2026-03-01", "companies": f"#{company}"}
            boss.run(records.add, "notes", note)
            boss.run(records.add, "tasks", {"title": name, "due_at": "2026-03-15", "companies": f"#{company}"})
        boss.run(records.delete, "companies", [str(company)])
    return sqlite_shell


def test_imp_7_no_table_of_the_shell_is_obeyed_by_a_terminal(hostile):
    """Every command that shows records; nothing of what they hold is taken for more than text."""
    for words in (
        ("list", "companies"),
        ("list", "notes", "--columns", "title,body,companies"),
        ("list", "tasks"),
        *(("show", "companies", str(number)) for number in range(1, len(NAMES))),
        *(("history", "companies", str(number)) for number in range(1, len(NAMES))),
        ("health", "companies", "1"),
        ("bin", "list"),
        ("undo", "--list"),
        ("follow", "companies", "1", "2"),
        ("follows",),
        ("views", "list", "companies"),
        ("undo",),
    ):
        result = hostile("--format", "table", *words)
        assert result.exit_code == 0, (words, result.output)
        assert not FORBIDDEN.search(re.sub(r"\n", "", result.output)), words


def test_imp_7_columns_stay_aligned(hostile):
    """Wide, combining and invisible characters: what stands behind them is in its column."""
    table = hostile.done("--format", "table", "list", "companies", "--columns", "industry,name,arr,owner")
    head, rule, *rows = table.splitlines()
    assert len(rows) == len(NAMES) - 1
    assert {cell_len(row[: row.rindex("boss")]) for row in rows} == {head.rindex("owner")} == {rule.rindex(" ─") + 1}
    assert len({cell_len(row[: row.rindex("1234.00")]) for row in rows}) == 1
