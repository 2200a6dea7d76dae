"""The headless command tells what the screen tells (GOL-31)."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell


def goal(shell: Shell, *words: str) -> str:
    target = ("--user", "dana", "--year", "2026", "--duration", "monthly", "--target", "2")
    return shell.done("goals", "create", "--template", "tickets_closed", "--name", "Close", *target, *words)


def test_gol_31_notifications_are_listed_and_read(team: Shell) -> None:
    """They are written without a worker, and belong to their user."""
    goal(team, "--notify", "assigned", "--notify", "7_days_left")
    (row,) = team.rows("notifications", login="dana")
    assert row == {
        "id": 1,
        "at": "2026-03-15T12:00:00+01:00",
        "event": "assigned",
        "text": "You were given the goal Close",
        "goal_id": 1,
        "goal": "Close",
        "team": None,
        "slice": "2026-01",
        "target": 2,
        "actual": 0,
        "object": None,
        "record": None,
        "read": False,
    }
    assert team.rows("notifications") == []
    assert team.one("notifications", "--read", "1") == {"read": 0}
    assert team.one("notifications", "--read", "1", login="dana") == {"read": 1}
    assert team.rows("notifications", login="dana") == []
    assert [each["read"] for each in team.rows("notifications", "--all", login="dana")] == [True]
    team.now = "2026-03-25T12:00:00+01:00"
    assert [each["text"] for each in team.rows("notifications", login="dana")] == [
        "You have 7 days left for Close, 2026-03"
    ]
    assert team.one("notifications", "--read", "all", login="dana") == {"read": 1}
    assert "not the id" in team.refused(2, "notifications", "--read", "one", login="dana")


def test_gol_31_reading_only_writes_none(sqlite_shell: Shell) -> None:
    sqlite_shell.done("users", "add", "dana", "--name", "Dana", "--service-seat", "enterprise", "--workspace")
    goal(sqlite_shell, "--notify", "assigned")
    before = Path(sqlite_shell.db.removeprefix("sqlite:///")).read_bytes()
    assert sqlite_shell.rows("--read-only", "notifications", login="dana") == []
    assert Path(sqlite_shell.db.removeprefix("sqlite:///")).read_bytes() == before
    assert len(sqlite_shell.rows("notifications", login="dana")) == 1
