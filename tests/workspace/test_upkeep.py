"""What the worker keeps tidy (UND-4)."""

from __future__ import annotations

from cs_workspace.workspace import records, undo, upkeep
from tests.workspace.account import account, go_to


def test_und_4_the_bin_is_kept_for_ninety_days_and_then_emptied(store_url):
    with account(store_url, "2026-03-01") as workspace:
        for name in ("stays", "goes"):
            workspace.run(records.add, "companies", {"name": name})
        workspace.run(records.add, "contacts", {"last_name": "C", "companies": "goes"})
        workspace.run(records.delete, "companies", ["goes"])
        go_to(workspace, "2026-05-29")
        assert workspace.run(upkeep.empty_bin) == 0
        workspace.run(undo.undo)
        assert workspace.run(records.show, "contacts", "C")["companies"] == ["goes"]
        workspace.run(undo.redo)
        go_to(workspace, "2026-08-28")
        assert workspace.run(upkeep.bin_is_due)
        assert workspace.run(upkeep.empty_bin) == 1
        assert not workspace.run(upkeep.bin_is_due)
        assert workspace.run(records.count, "companies") == 1
        assert workspace.run(records.show, "contacts", "C")["companies"] == []
