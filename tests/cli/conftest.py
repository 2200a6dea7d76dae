"""A command line over a store of the test's own."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cs_workspace.cli.main import cli

NOW = "2026-03-15T12:00:00+01:00"


@dataclass
class Shell:
    """Runs commands against one store as its admin, at `NOW`, unless told otherwise."""

    db: str
    login: str | None = "boss"
    now: str | None = NOW

    def __call__(self, *words: object, login: str | None = None, stdin: str | None = None) -> Result:
        acting = login or self.login
        options = ["--db", self.db]
        options += ["--as", acting] if acting else []
        options += ["--now", self.now] if self.now else []
        return CliRunner().invoke(cli, [*options, *map(str, words)], input=stdin)

    def done(self, *words: object, **how: str) -> str:
        """The output of a command that must not fail."""
        result = self(*words, **how)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def rows(self, *words: object, **how: str) -> list[Any]:
        return [json.loads(line) for line in self.done("--format", "jsonl", *words, **how).splitlines()]

    def one(self, *words: object, **how: str):
        (row,) = self.rows(*words, **how)
        return row

    def refused(self, code: int, *words: object, **how: str) -> str:
        """The one line of a command that must fail so."""
        result = self(*words, **how)
        assert result.exit_code == code, result.output
        assert not result.stdout
        line: str
        (line,) = result.stderr.splitlines()
        assert line.startswith("cs-workspace: ")
        return line


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    """No test reads or writes what belongs to whoever runs it."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("CS_WORKSPACE_DB", raising=False)


def found(db: str) -> Shell:
    """An account in a store that has its tables."""
    from cs_workspace.domain.clock import FixedClock, instant_of
    from cs_workspace.store.engine import Store
    from cs_workspace.workspace.setup import NewAccount, found_account

    clock = FixedClock(instant_of(datetime(2026, 1, 1, tzinfo=UTC)))
    with closing(Store(db)) as store:
        found_account(store, NewAccount("Acme", "boss", "Europe/Rome", rates={"USD": "0.9"}), clock)
    return Shell(db)


@pytest.fixture
def shell(store_url) -> Shell:
    """Over an account of one user, boss; on both databases."""
    return found(store_url)


@pytest.fixture
def sqlite_shell(fresh_sqlite_url) -> Shell:
    """The same on SQLite only."""
    return found(fresh_sqlite_url)


@pytest.fixture
def team(shell: Shell) -> Shell:
    """With users dana (everything but administration) and eve (nothing), and a team Europe that holds dana."""
    seats = ("--service-seat", "enterprise", "--sales-seat", "professional", "--workspace")
    shell.done("users", "add", "dana", "--name", "Dana Ruiz", "--goals-view", "everyone", "--goals-edit", "own", *seats)
    shell.done("users", "add", "eve")
    shell.done("teams", "add", "Europe")
    shell.done("teams", "members", "Europe", "--add", "dana")
    return shell


def deal(shell: Shell, name: str, amount: str, *, owner: str = "dana", currency: str = "EUR") -> None:
    """A deal won on 10 February 2026, written below the command, which makes no deals."""
    from cs_workspace.domain.clock import FixedClock, instant_of
    from cs_workspace.store.engine import Store
    from cs_workspace.workspace import records
    from cs_workspace.workspace.door import Workspace

    clock = FixedClock(instant_of(datetime(2026, 2, 11, tzinfo=UTC)))
    values = {
        "name": name,
        "amount": amount,
        "currency": currency,
        "owner": owner,
        "stage": "Closed won",
        "close_date": "2026-02-10",
    }
    with closing(Store(shell.db)) as store:
        Workspace(store, clock, "boss").run(records.add, "deals", values)
