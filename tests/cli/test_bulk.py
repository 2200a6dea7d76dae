"""Bulk actions, following and logging without a screen (ACT-7, REC-5, CUS-9)."""

from __future__ import annotations

from tests.cli.conftest import Shell, deal


def test_act_7_bulk_sets_assigns_and_deletes_in_one_entry_each(team: Shell) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        deal(team, name, "100")
    assert team.one("bulk", "deals", "name:alpha,beta", "set", "amount=5", "--dry-run") == {
        "total": 2,
        "changed": 2,
        "unchanged": 0,
        "refused": 0,
    }
    assert team.one("show", "deals", "1")["amount"] == "100.00"
    assert team.one("bulk", "deals", "owner:dana", "set", "amount=100", "deal_type=renewal")["changed"] == 3
    assert team.one("bulk", "deals", "name:alpha", "assign", "eve")["changed"] == 1
    assert team.one("show", "deals", "1")["owner"] == "eve"
    assert team.one("undo")["undone"] == "set owner of deal Alpha"
    assert team.one("bulk", "deals", "!name:gamma", "delete", "--yes")["changed"] == 2
    assert [row["name"] for row in team.rows("list", "deals")] == ["Gamma"]
    assert team.one("undo")["undone"] == "delete 2 deals"
    assert "No deals match" in team.refused(1, "bulk", "deals", "name:nothing", "assign", "eve")
    assert "needs one LOGIN" in team.refused(2, "bulk", "deals", "", "assign")
    assert "needs PROPERTY=VALUE" in team.refused(2, "bulk", "deals", "", "set")
    assert "takes no values" in team.refused(2, "bulk", "deals", "", "delete", "all", "--yes")
    assert "belong to nobody" in team.refused(2, "bulk", "users", "", "assign", "eve")
    assert "it needs" in team.refused(5, "bulk", "deals", "", "delete", "--yes", login="eve")


def test_act_7_what_the_rules_refuse_is_named_and_the_exit_code_says_so(team: Shell) -> None:
    """What none of them can take is wrong use instead."""
    for due in ("2026-04-01", "2026-05-01"):
        team.done("tasks", "add", "Call", "--due", due)
    done = team("--format", "jsonl", "bulk", "users", "login:dana,eve,boss", "set", "super_admin=no")
    assert done.exit_code == 4
    assert "is the last super admin" in done.stderr
    assert '"refused":1' in done.stdout
    assert "needs one" in team.refused(2, "bulk", "tasks", "", "set", "title=")


def test_rec_5_records_are_followed_and_told_of(team: Shell) -> None:
    deal(team, "Alpha", "100")
    deal(team, "Beta", "100")
    assert team.one("follow", "deals", "Alpha", "2", login="dana") == {"followed": 2}
    assert [row["title"] for row in team.rows("follows", login="dana")] == ["Alpha", "Beta"]
    assert team.one("unfollow", "deals", "Beta", login="dana") == {"unfollowed": 1}
    team.done("set", "deals", "Alpha", "amount=7")
    team.done("set", "deals", "Beta", "amount=7")
    (row,) = team.rows("notifications", login="dana")
    assert (row["event"], row["object"], row["record"], row["goal"]) == ("changed", "deals", 1, None)
    assert row["text"] == "boss changed amount of Alpha"
    assert "cannot be followed" in team.refused(2, "follow", "users", "eve")


def test_cus_9_what_was_done_is_logged_from_the_command_line(team: Shell) -> None:
    deal(team, "Alpha", "100")
    call = team.one("log", "call", "deals", "Alpha", "--body", "Hello", "--outcome", "Connected", "--at", "9:30")["id"]
    found = team.one("show", "calls", call)
    assert (found["title"], found["deals"], found["at"]) == ("Hello", ["Alpha"], "2026-03-15T09:30:00+01:00")
    words = ("--title", "Ring", "--body", "Ask", "--due", "tomorrow 9:00", "--assignee", "eve", "--priority", "high")
    task = team.one("show", "tasks", team.one("log", "task", "deals", "1", *words)["id"])
    assert (task["assignee"], task["notes"], task["due_at"]) == ("eve", "Ask", "2026-03-16T09:00:00+01:00")
    assert team.one("undo")["undone"] == "add a task for Alpha"
    assert "--due: not for a call" in team.refused(2, "log", "call", "deals", "1", "--due", "now")
    assert "--outcome: not for a task" in team.refused(2, "log", "task", "deals", "1", "--outcome", "Busy")
    assert "There is no deal" in team.refused(1, "log", "note", "deals", "Nothing", "--body", "x")
