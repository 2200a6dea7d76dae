"""The command without a command, demo, and questions on a real terminal (headless contract)."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import time

import pytest
from click.testing import CliRunner

from cs_workspace.cli import start
from cs_workspace.cli.main import cli
from cs_workspace.domain.errors import Refused
from cs_workspace.tui.session import open_session
from tests.cli.conftest import Shell

PROGRAM = "from cs_workspace.cli.main import main; main()"
PATIENCE = 60.0


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, *words: object) -> None:
        self.process, self.screen = pty.fork()
        if self.process == 0:  # pragma: no cover - another process
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background of a shell ignores it
            os.execv(sys.executable, [sys.executable, "-c", PROGRAM, *map(str, words)])  # noqa: S606 - our own program
        self.text = ""

    def expect(self, pattern: str) -> None:
        """Read until it is there."""
        until = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text):
            assert time.monotonic() < until, self.text
            assert self._read(), self.text

    def answer(self, text: str) -> None:
        self.text = ""
        os.write(self.screen, text.encode())

    def interrupt(self, pattern: str) -> None:
        """Press ctrl+c, again where it came between a question and the reading of its answer, as a person would."""
        self.text = ""
        while not re.search(pattern, self.text):
            os.write(self.screen, b"\x03")
            while select.select([self.screen], [], [], 1.0)[0] and self._read():
                pass

    def end(self) -> int:
        """The exit code."""
        while self._read():
            pass
        _, status = os.waitpid(self.process, 0)
        os.close(self.screen)
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> bool:
        if not select.select([self.screen], [], [], PATIENCE)[0]:
            return False
        try:
            data = os.read(self.screen, 65536)
        except OSError:  # the other end is closed
            return False
        self.text += data.decode(errors="replace")
        return bool(data)


def test_headless_contract_without_a_store_it_asks_which_to_make(tmp_path):
    terminal = Terminal("--db", tmp_path / "new.db")
    terminal.expect("Which")
    assert [int(number) for number in re.findall(r"^ +(\d) ", terminal.text, re.MULTILINE)] == [1, 2, 3, 4]
    terminal.answer("3\n")
    for question, answer in (
        ("Name of the account", "Acme\n"),
        ("Your login", "boss\n"),
        ("Time zone", "Europe/Rome\n"),
        ("Home currency", "chf\n"),
    ):
        terminal.expect(question)
        terminal.answer(answer)
    terminal.expect("cs-workspace import FILE")
    assert terminal.end() == 0
    assert Shell(str(tmp_path / "new.db")).one("config", "show")["currency"] == "CHF"


def test_headless_contract_interrupted_at_a_question(tmp_path):
    terminal = Terminal("--db", tmp_path / "new.db")
    terminal.expect("Which")
    terminal.interrupt("cs-workspace: interrupted")
    assert terminal.end() == 130
    assert not list(tmp_path.glob("new.db*"))


def test_gol_40_ended_milestones_are_asked_about_twice(sqlite_shell):
    words = ("--template", "tickets_closed", "--name", "Closed", "--user", "boss", "--year", "2020")
    sqlite_shell.done("goals", "create", *words, "--duration", "yearly")
    for answers, code in ((("n\n",), 1), (("y\n", "n\n"), 1), (("y\n", "y\n"), 0)):
        terminal = Terminal("--db", sqlite_shell.db, "--as", "boss", "goals", "refresh", "--ended", "Closed")
        for answer in answers:
            terminal.expect(r"\[y/N\]")
            terminal.answer(answer)
        terminal.expect("changed" if code == 0 else "Nothing was done")
        assert terminal.end() == code


@pytest.fixture
def opened(monkeypatch):
    """What the screens are started with, in place of the screens."""
    calls: list[tuple[object, ...]] = []

    class Screens:
        @staticmethod
        def run(address, *, login, now, read_only, proven):
            calls.append((address, login, now, read_only))
            assert proven is None
            return 7

    monkeypatch.setitem(sys.modules, start.SCREENS, Screens)
    monkeypatch.setattr(start, "on_terminal", lambda: True)
    return calls


def test_idn_1_the_screens_are_opened_for_the_acting_user(sqlite_shell, opened):
    sqlite_shell.done("users", "add", "dana")
    options = ["--db", sqlite_shell.db, "--now", "1970-01-02T01:00:00+01:00"]
    result = CliRunner().invoke(cli, [*options, "--as", "dana", "--read-only"])
    assert (result.exit_code, result.stderr) == (7, "")
    assert opened == [(sqlite_shell.db, "dana", 86_400_000, True)]


def test_idn_1_a_store_of_somebody_else_is_not_opened_for_a_chosen_user(sqlite_shell, monkeypatch):
    owner = os.getuid()
    monkeypatch.setattr("os.getuid", lambda: owner + 1)
    with pytest.raises(Refused, match="--as is for the owner"):
        open_session(sqlite_shell.db, "boss", None, read_only=True)


def test_headless_contract_demo_makes_a_store_once(tmp_path, opened):
    db = str(tmp_path / "demo.db")
    made = CliRunner().invoke(cli, ["--db", db, "--now", "2026-03-15", "demo", "--no-open", "--seed", "3"])
    assert made.exit_code == 0, made.stderr
    assert Shell(db, login=None).one("info")["counts"]["goals"] > 0
    again = CliRunner().invoke(cli, ["--db", db, "demo", "--no-open"])
    assert again.exit_code == 0
    assert "already" in again.stderr
    assert not opened
    assert CliRunner().invoke(cli, ["--db", db, "demo"]).exit_code == 7
    assert len(opened) == 1
