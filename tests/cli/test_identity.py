"""Whom a command acts for (IDN-1, IDN-3, IDN-4)."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from cs_workspace.cli.main import cli
from cs_workspace.cli.session import Session
from cs_workspace.workspace import identity


def run(shell, *words, obj=None):
    return CliRunner().invoke(cli, ["--db", shell.db, *words], obj=obj)


def test_idn_1_the_owner_may_choose(team):
    assert '"acting":"dana"' in team.done("info", login="dana")


def test_idn_1_the_user_of_the_same_name_as_the_operating_system_says(team, monkeypatch):
    monkeypatch.setattr(identity, "os_user", lambda: "dana")
    assert '"acting":"dana"' in run(team, "info").stdout


def test_idn_1_else_the_admin_of_ones_own_file(sqlite_shell, monkeypatch):
    monkeypatch.setattr(identity, "os_user", lambda: "somebody")
    assert '"acting":"boss"' in run(sqlite_shell, "info").stdout


def test_idn_1_a_database_of_the_team_has_no_such_default(fresh_postgres_url, monkeypatch):
    from tests.cli.conftest import found

    monkeypatch.setattr(identity, "os_user", lambda: "somebody")
    result = run(found(fresh_postgres_url), "info")
    assert result.exit_code == 5
    assert "--as LOGIN" in result.stderr


@pytest.mark.parametrize("name", ["USER", "LOGNAME", "USERNAME", "SUDO_USER"])
def test_idn_1_the_environment_proves_nothing(team, monkeypatch, name):
    monkeypatch.setenv(name, "dana")
    monkeypatch.setattr("pwd.getpwuid", lambda _: SimpleNamespace(pw_name="boss"))
    assert '"acting":"boss"' in run(team, "info").stdout


def test_idn_1_nobody_chooses_in_a_file_of_somebody_else(sqlite_shell, monkeypatch):
    owner = os.getuid()
    monkeypatch.setattr("os.getuid", lambda: owner + 1)
    monkeypatch.setattr(identity, "os_user", lambda: "somebody")
    chosen = run(sqlite_shell, "--as", "boss", "list", "users")
    assert (chosen.exit_code, chosen.stdout) == (5, "")
    assert "--as" in chosen.stderr
    default = run(sqlite_shell, "list", "users")
    assert (default.exit_code, default.stdout) == (5, "")
    assert "no user 'somebody'" in default.stderr
    monkeypatch.setattr(identity, "os_user", lambda: "boss")
    assert run(sqlite_shell, "list", "users").exit_code == 0


def test_idn_2_an_ssh_session_is_its_keys_user_and_no_other(team):
    assert '"acting":"eve"' in run(team, "info", obj=Session(proven="eve")).stdout
    result = run(team, "--as", "boss", "info", obj=Session(proven="eve"))
    assert (result.exit_code, result.stdout) == (5, "")


def test_idn_1_an_unknown_user_is_refused(shell):
    assert "There is no user 'nobody'" in shell.refused(5, "list", "users", login="nobody")


def test_idn_3_a_deactivated_user_cannot_start(team):
    team.done("users", "deactivate", "dana")
    assert "deactivated" in team.refused(5, "list", "users", login="dana")
    team.done("users", "activate", "dana")
    team.done("list", "users", login="dana")


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (["list", "deals"], "Service seat"),
        (["users", "add", "kim"], "super admin"),
        (["users", "set", "eve", "super_admin=yes"], "super admin"),
        (["teams", "add", "Asia"], "super admin"),
        (["teams", "members", "Europe", "--add", "eve"], "super admin"),
        (["users", "keys", "list"], "super admin"),
        (["users", "keys", "add", "eve", "ssh-ed25519 AAAA"], "super admin"),
        (["pipelines", "add", "deals", "New", "--stage", "Open"], "Service seat"),
        (["config", "rate", "USD", "2"], "Service seat"),
        (["tasks", "add", "Call", "--due", "2026-04-01"], "Service seat"),
        (["goals", "list"], "Goals permission to view"),
        (["goals", "progress"], "Goals permission to view"),
        (["goals", "clone", "1"], "Goals permission to edit"),
    ],
)
def test_idn_4_per_14_a_refusal_names_what_is_missing(team, words, missing):
    before = team.one("info")["journal_position"]
    assert missing in team.refused(5, *words, login="eve")
    assert team.one("info")["journal_position"] == before
