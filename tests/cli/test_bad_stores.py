"""Stores that cannot be used: one sentence, the right exit code, nothing changed (headless contract)."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from cs_workspace.cli.main import cli
from cs_workspace.store import engine


def path_of(shell) -> Path:
    return Path(shell.db.removeprefix("sqlite:///"))


def digest(path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def one_sentence(result, code: int) -> str:
    assert result.exit_code == code, result.output
    assert not result.stdout
    line: str
    (line,) = result.stderr.splitlines()
    assert line.startswith("cs-workspace: ")
    assert "Traceback" not in line
    return line


@pytest.fixture
def folded(sqlite_shell):
    """A store whose log is folded into its file, so that the file alone says whether it changed."""
    with closing(sqlite3.connect(path_of(sqlite_shell))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sqlite_shell


def test_missing(tmp_path):
    path = tmp_path / "none.db"
    line = one_sentence(CliRunner().invoke(cli, ["--db", str(path), "list", "users"]), 2)
    assert "cs-workspace init" in line
    assert not path.exists()


def test_not_a_store(tmp_path):
    path = tmp_path / "diary.txt"
    path.write_text("Dear diary,\n" * 1000)
    before = digest(path)
    for words in (["list", "users"], ["set", "users", "boss", "name=x"], ["migrate"]):
        assert "something else" in one_sentence(CliRunner().invoke(cli, ["--db", str(path), *words]), 1)
    assert digest(path) == before


def test_empty_file_and_database_of_somebody_else(tmp_path):
    empty, other = tmp_path / "empty.db", tmp_path / "other.db"
    empty.touch()
    short = tmp_path / "short.txt"
    short.write_text("x")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE diary (day)")
    for path in (empty, short, other):
        before = digest(path)
        assert "not a store" in one_sentence(CliRunner().invoke(cli, ["--db", str(path), "list", "users"]), 2)
        assert digest(path) == before


def test_impossible_address():
    for address in ("mysql://host/db", "postgresql://dana:secret@[::1"):
        assert "secret" not in one_sentence(CliRunner().invoke(cli, ["--db", address, "list", "users"]), 2)


def test_unreachable_server():
    address = "postgresql://dana:secret@127.0.0.1:1/none"
    line = one_sentence(CliRunner().invoke(cli, ["--db", address, "list", "users"]), 3)
    assert "secret" not in line


def test_newer(folded):
    path = path_of(folded)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = digest(path)
    assert "newer" in folded.refused(2, "list", "users")
    assert "newer" in folded.refused(2, "migrate")
    assert digest(path) == before
    assert folded("doctor").exit_code == 1


def test_corrupt(folded):
    path = path_of(folded)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    before = digest(path)
    assert "damaged" in folded.refused(1, "list", "users")
    assert digest(path) == before
    result = folded("doctor")
    assert result.exit_code == 1
    assert '"finding":"wrong"' in result.stdout


def test_locked(folded, monkeypatch):
    monkeypatch.setattr(engine, "WRITE_DEADLINE", 0.1)
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    monkeypatch.setattr(engine, "_PRAGMAS", ("busy_timeout=50", *engine._PRAGMAS[1:]))
    path = path_of(folded)
    before = digest(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert "busy" in folded.refused(3, "set", "users", "boss", "name=x")
        assert folded.one("list", "users")["name"] == "boss"
        connection.execute("ROLLBACK")
    assert digest(path) == before


def test_read_only(shell):
    assert "reading only" in shell.refused(1, "--read-only", "set", "users", "boss", "name=x")
    assert "reading only" in shell.refused(1, "--read-only", "worker", "--once")
    assert shell.one("--read-only", "list", "users")["name"] == "boss"


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everything")
def test_read_only_file(folded):
    path_of(folded).chmod(0o400)
    assert "may only be read" in folded.refused(1, "set", "users", "boss", "name=x")


def test_read_only_makes_nothing(tmp_path):
    path = tmp_path / "none.db"
    for words in (["init", "--name", "A", "--admin", "a"], ["demo"]):
        assert "--read-only" in one_sentence(CliRunner().invoke(cli, ["--read-only", "--db", str(path), *words]), 1)
    assert not path.exists()
