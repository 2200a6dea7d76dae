"""Users, teams and SSH keys from the command line."""

from __future__ import annotations

import base64
import os
import pwd
import struct

import pytest


def public_key(fill: str = "a", type: str = "ssh-ed25519") -> str:
    name = type.encode()
    blob = struct.pack(">I", len(name)) + name + struct.pack(">I", 32) + fill.encode() * 32
    return f"{type} {base64.b64encode(blob).decode()}"


def test_headless_contract_users(shell):
    words = (
        "--name",
        "Kim Oda",
        "--email",
        "Kim@Acme.example",
        "--service-seat",
        "professional",
        "--goals-view",
        "team",
    )
    assert shell.done("users", "add", "Kim", *words) == "2\n"
    row = shell.rows("users", "list", "kim")[0]
    assert (row["login"], row["email"], row["service_seat"], row["goals_view"]) == (
        "kim",
        "kim@acme.example",
        "professional",
        "team",
    )
    assert shell.done("users", "add", "--login", "lee") == "3\n"
    assert shell.one("users", "set", "kim", "goals_edit=own", "super_admin=yes") == {"id": 2, "changed": True}
    assert "wider than goals_view" in shell.refused(2, "users", "set", "kim", "goals_edit=everyone")
    assert "belongs to user 2" in shell.refused(2, "users", "add", "KIM")
    assert "is not one of" in shell.refused(2, "users", "add", "x", "--service-seat", "gold")
    assert "needs one login" in shell.refused(2, "users", "add")


@pytest.mark.parametrize("login", ["two words", "new\nline", "esc\x1b", " "])
def test_headless_contract_a_login_is_one_word(shell, login):
    shell.refused(2, "users", "add", login)


def test_per_14_the_last_super_admin_stays(shell):
    assert "last super admin" in shell.refused(2, "users", "deactivate", "boss")
    assert "last super admin" in shell.refused(2, "users", "set", "boss", "super_admin=no")


def test_gol_12_main_and_extra_members(team):
    team.done("teams", "add", "Onboarding", "--parent", "Europe")
    team.done("teams", "members", "Onboarding", "--add", "eve", "--add-extra", "dana")
    assert team.rows("teams", "members", "onboarding") == [
        {"login": "eve", "name": "eve", "main": True, "active": True},
        {"login": "dana", "name": "Dana Ruiz", "main": False, "active": True},
    ]
    assert team.one("show", "users", "dana")["teams"] == ["Europe", "Onboarding"]
    team.done("teams", "members", "Onboarding", "--add", "dana")
    assert team.one("show", "users", "dana")["teams"] == ["Onboarding", "Europe"]
    team.done("teams", "members", "Europe", "--remove", "dana")
    assert [(row["name"], row["parent"], row["main_members"]) for row in team.rows("teams", "list")] == [
        ("Europe", None, 0),
        ("Onboarding", "Europe", 2),
    ]
    assert "no main team" in team.refused(2, "teams", "members", "Europe", "--add-extra", "boss")
    assert "There is no team" in team.refused(1, "teams", "members", "Asia")
    team.done("undo")
    assert team.one("show", "users", "dana")["teams"] == ["Onboarding", "Europe"]


def test_idn_2_a_key_belongs_to_one_user(team):
    key = public_key()
    assert team.done("users", "keys", "add", "dana", f"{key} dana@laptop") == "1\n"
    (row,) = team.rows("users", "keys", "list", "dana")
    assert (row["login"], row["type"], row["comment"]) == ("dana", "ssh-ed25519", "dana@laptop")
    assert row["fingerprint"].startswith("SHA256:")
    assert "belongs to dana" in team.refused(2, "users", "keys", "add", "eve", key)
    assert team.rows("users", "keys", "list", "dana", login="dana")
    team.refused(5, "users", "keys", "list", "dana", login="eve")
    team.done("users", "keys", "remove", "dana", row["fingerprint"])
    assert team.rows("users", "keys", "list") == []
    assert team.done("users", "keys", "add", "eve", *f"{key}".split()) == "2\n"
    assert "has no key" in team.refused(1, "users", "keys", "remove", "dana", "2")


def test_idn_2_a_key_may_come_from_a_pipe(team):
    assert team.done("users", "keys", "add", "dana", "-", stdin=f"{public_key()}\n") == "1\n"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-ed25519 not base64",
        "ssh-dss AAAA",
        public_key().replace("ssh-ed25519 ", "ssh-rsa "),
        f'command="sh" {public_key()}',
        f"{public_key()} a\x1b[31m",
        f"{public_key()}\n{public_key('b')}",
    ],
)
def test_idn_2_what_is_no_key_is_refused(team, line):
    team.refused(2, "users", "keys", "add", "dana", "-", stdin=line)


@pytest.fixture
def account_name(monkeypatch):
    return pwd.getpwuid(os.getuid()).pw_name


def test_idn_2_authorized_keys_lets_a_key_open_its_session_and_nothing_else(team, account_name, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: "/opt/a b/cs-workspace")
    team.done("users", "keys", "add", "dana", public_key())
    type_, key = public_key().split()
    (line,) = team.done("authorized-keys", account_name, type_, key).splitlines()
    assert line.startswith("restrict,pty,command=\"'/opt/a b/cs-workspace' --db ")
    assert line.endswith(f' session --user dana" {type_} {key}')
    assert ":secret@" not in line


def test_idn_2_authorized_keys_says_nothing_for_others(team, account_name):
    team.done("users", "keys", "add", "dana", public_key())
    type_, key = public_key().split()
    assert team.done("authorized-keys", account_name, *public_key("b").split()) == ""
    assert team.done("authorized-keys", account_name, "ssh-rsa", key) == ""
    assert team.done("authorized-keys", "another-account", type_, key) == ""
    team.done("users", "deactivate", "dana")  # IDN-3
    assert team.done("authorized-keys", account_name, type_, key) == ""
