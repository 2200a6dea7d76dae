"""Making stores and looking after them from the command line."""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from cs_workspace.cli.main import cli
from cs_workspace.store.checks import is_affected
from tests.cli.conftest import Shell


def init(db, *words):
    return CliRunner().invoke(cli, ["--db", str(db), "init", "--name", "Acme", "--admin", "Boss", *words])


def test_headless_contract_init(empty_store_url):
    words = ("--tz", "Europe/Rome", "--currency", "chf", "--fiscal-start", "4", "--week-start", "sunday")
    result = init(empty_store_url, *words, "--rate", "EUR=0.95", "--subscription", "professional")
    assert result.exit_code == 0, result.stderr
    shell = Shell(empty_store_url)
    assert shell.one("config", "show") == {
        "name": "Acme",
        "time_zone": "Europe/Rome",
        "currency": "CHF",
        "rates": {"EUR": "0.95"},
        "fiscal_start": 4,
        "week_start": "sunday",
        "subscription": "professional",
        "refresh_hours": 24,
        "admin": "boss",
    }
    assert shell.one("users", "list")["login"] == "boss"
    assert len(shell.rows("pipelines", "list")) == 4
    again = init(empty_store_url)
    assert again.exit_code == 2
    assert "already" in again.stderr


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--tz", "Mars/Base"], "not a time zone"),
        (["--currency", "euro"], "not a currency"),
        (["--fiscal-start", "13"], "not a month"),
        (["--subscription", "gold"], "not one of"),
        (["--rate", "USD"], "CUR=VALUE"),
        (["--rate", "EUR=1"], "home currency"),
        (["--admin", "two words"], "not a login"),
    ],
)
def test_headless_contract_init_refuses_and_makes_nothing(tmp_path, words, part):
    result = init(tmp_path / "new.db", *words)
    assert result.exit_code in {1, 2}
    assert part in result.stderr
    assert not list(tmp_path.glob("new.db*"))


def test_headless_contract_init_goes_on_where_it_was_interrupted(store_url):
    assert "no account" in CliRunner().invoke(cli, ["--db", store_url, "list", "users"]).stderr
    assert init(store_url).exit_code == 0
    assert Shell(store_url).one("users", "list")["login"] == "boss"


def test_headless_contract_a_new_store_is_for_its_owner_only(tmp_path):
    assert init(tmp_path / "new.db").exit_code == 0
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600


def test_headless_contract_info(team):
    found = team.one("info")
    assert found["counts"]["users"] == 3
    assert found["counts"]["teams"] == 1
    assert found["account"]["currency"] == "EUR"
    assert found["acting"] == "boss"
    assert found["tables"] == "0003"


def test_headless_contract_doctor_is_content(team):
    team.done("tasks", "add", "Call", "--due", "2026-04-01")
    found = team.rows("doctor")
    assert {row["check"] for row in found} >= {"tables", "integrity", "database", "journal", "worker", "goals"}
    assert "wrong" not in {row["finding"] for row in found}


def test_headless_contract_doctor_sees_what_is_wrong(sqlite_shell):
    path = Path(sqlite_shell.db.removeprefix("sqlite:///"))
    sqlite_shell.done("tasks", "add", "Call", "--due", "2026-04-01")
    path.chmod(0o644)
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'changes'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")  # the journal only grows; this is what damage looks like
        connection.execute("DELETE FROM changes WHERE object = 9")
        connection.execute("UPDATE tasks SET assignee = 99")
        connection.execute("INSERT INTO worker_state (name, value) VALUES ('worker_failure', '\"no disk\"')")
    result = sqlite_shell("doctor")
    assert result.exit_code == 1
    found = {row["check"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert {name for name, row in found.items() if row["finding"] == "wrong"} == {
        "file",
        "integrity",
        "journal",
        "worker",
    }
    assert "chmod 600" in found["file"]["text"]


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_headless_contract_doctor_knows_the_fault_of_the_logs_reset(version, affected):
    assert is_affected(version) is affected


def test_headless_contract_backup_and_restore(sqlite_shell, tmp_path):
    path, copy = Path(sqlite_shell.db.removeprefix("sqlite:///")), tmp_path / "copies" / "store.bak"
    sqlite_shell.done("users", "add", "dana")
    done = sqlite_shell.one("backup", copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert (done["file"], done["bytes"], len(done["sha256"])) == (str(copy), copy.stat().st_size, 64)
    assert "exists already" in sqlite_shell.refused(2, "backup", copy)
    assert "the store itself" in sqlite_shell.refused(2, "backup", path, "--force")
    sqlite_shell.done("users", "add", "eve")
    assert "--yes" in sqlite_shell.refused(2, "restore", copy)
    assert len(sqlite_shell.rows("users", "list")) == 3
    kept = sqlite_shell.one("restore", copy, "--yes")["kept"]
    assert len(sqlite_shell.rows("users", "list")) == 2
    assert len(Shell(kept).rows("users", "list")) == 3  # what was there is whole, its log included


def test_headless_contract_restore_keeps_what_is_only_in_the_log(sqlite_shell, tmp_path):
    path, copy = Path(sqlite_shell.db.removeprefix("sqlite:///")), tmp_path / "store.bak"
    sqlite_shell.done("backup", copy)
    reader = sqlite3.connect(path)  # an open session: the last to close would fold the log
    try:
        reader.execute("SELECT count(*) FROM users").fetchone()
        sqlite_shell.done("users", "add", "dana")
        assert path.with_name(f"{path.name}-wal").stat().st_size
        kept = sqlite_shell.one("restore", copy, "--yes")["kept"]
    finally:
        reader.close()
    assert len(sqlite_shell.rows("users", "list")) == 1
    assert len(Shell(kept).rows("users", "list")) == 2


def test_headless_contract_restore_refuses_what_is_no_backup(sqlite_shell, tmp_path):
    path, text = Path(sqlite_shell.db.removeprefix("sqlite:///")), tmp_path / "diary.txt"
    text.write_text("Dear diary,\n" * 1000)
    sqlite_shell.refused(1, "restore", text, "--yes")
    assert "no backup" in sqlite_shell.refused(2, "restore", tmp_path / "none", "--yes")
    assert "the store itself" in sqlite_shell.refused(2, "restore", path, "--yes")
    assert sqlite_shell.rows("users", "list")
    assert not list(tmp_path.glob("*.restored*"))


def test_headless_contract_restore_makes_a_store_where_there_is_none(sqlite_shell, tmp_path):
    copy = tmp_path / "store.bak"
    sqlite_shell.done("backup", copy)
    fresh = Shell(str(tmp_path / "fresh.db"))
    assert fresh.one("restore", copy)["kept"] is None
    assert len(fresh.rows("users", "list")) == 1


def test_headless_contract_migrate_paths_and_worker(shell):
    done = shell.one("migrate")
    assert done["from"] == done["to"]
    assert set(shell.one("paths")) == {"store", "default_store", "log"}
    result = shell("worker", "--once")
    assert (result.exit_code, result.stdout) == (0, "")


def test_headless_contract_config_validate(shell):
    assert shell.done("config", "validate") == ""


def test_headless_contract_config_validate_says_what_is_wrong(sqlite_shell):
    with closing(sqlite3.connect(sqlite_shell.db.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE account SET subscription = 'gold'")
        connection.execute("UPDATE pipelines SET deleted_at = 1 WHERE id = 2")
    result = sqlite_shell("config", "validate")
    assert result.exit_code == 2
    assert [json.loads(line)["problem"] for line in result.stdout.splitlines()] == [
        "The subscription 'gold' is not one of starter, professional, enterprise.",
        "Deals have no pipeline.",
    ]
