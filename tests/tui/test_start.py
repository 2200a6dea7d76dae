"""How a session begins and ends on a real terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from tests.tui.desk import NOW

PROGRAM = """
import sys
from cs_workspace.tui import app
{}
sys.exit(app.run(sys.argv[1], login="dana", now=NOW))
""".replace("NOW", str(NOW))


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, path, setup="", size=(120, 40), *, controls=True, **environment) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.seen = b""
        inherited = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(setup), str(path)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: controls and fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - the child has one thread
            env={**inherited, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
        )
        os.close(slave)

    def read(self, seconds=0.05) -> bytes:
        os.set_blocking(self.master, False)
        end = time.monotonic() + seconds
        got = b""
        while time.monotonic() < end:
            try:
                some = os.read(self.master, 65536)
            except BlockingIOError:
                time.sleep(0.005)
                continue
            except OSError:
                break
            got += some
            end = max(end, time.monotonic() + 0.02)
        self.seen += got
        return got

    def wait_for(self, text, seconds=30.0) -> None:
        end = time.monotonic() + seconds
        while text.encode() not in self.seen:
            assert time.monotonic() < end, self.seen[-2000:]
            assert self.process.poll() is None, self.seen[-2000:]
            self.read()

    def write(self, data) -> None:
        os.write(self.master, data)

    def end(self, seconds=10.0) -> int:
        limit = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < limit:
            self.read()
        self.read(0.2)
        return self.process.wait(1)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)


@pytest.fixture
def terminal(demo, tmp_path):
    opened = []

    def open_one(path=demo, setup="", **more):
        opened.append(Terminal(path, setup, XDG_STATE_HOME=str(tmp_path / "state"), **more))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def test_the_first_frame_is_painted_before_sqlalchemy_is_imported(terminal):
    setup = """
begin = app.WorkspaceApp._begin
def look(self):
    # Called after the first refresh.
    assert not [name for name in sys.modules if name.partition(".")[0] in ("sqlalchemy", "alembic", "psycopg")]
    begin(self)
app.WorkspaceApp._begin = look
"""
    one = terminal(setup=setup)
    one.wait_for("126 rows")
    one.write(b"q")
    assert one.end() == 0


def test_it_leaves_the_terminal_as_it_was(terminal):
    one = terminal()
    one.wait_for("126 rows")
    one.write(b"\x11")
    assert one.end() == 0
    assert one.seen.rindex(b"\x1b[?1049l") > one.seen.rindex(b"\x1b[?1049h")


def test_a_cursor_move_sends_little(terminal):
    one = terminal()
    one.wait_for("126 rows")
    one.wait_for("goals live")
    one.read(1.0)
    one.write(b"j")
    one.read(0.5)
    one.write(b"j")
    assert 0 < len(one.read(0.5)) <= 400
    one.write(b"q")
    assert one.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(terminal, number):
    one = terminal()
    one.wait_for("126 rows")
    one.process.send_signal(number)
    assert one.end() == 128 + number
    assert b"\x1b[?1049l" in one.seen


@pytest.mark.parametrize("controls", [True, False])
def test_it_does_not_outlive_its_terminal(terminal, controls):
    """Nor one that is not its controlling terminal, and so sends no signal."""
    one = terminal(controls=controls)
    one.wait_for("126 rows")
    os.close(one.master)
    one.master = os.open(os.devnull, os.O_RDONLY)
    assert one.process.wait(15) != 0


def test_bytes_that_are_no_text_do_no_harm(terminal):
    one = terminal()
    one.wait_for("126 rows")
    one.write(b"\xff\xfe\xc3(\xf0\x28\x8c\xbc/\xfa\xfb")
    one.read(0.5)
    one.write(b"\x11")
    assert one.end() == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (300, 1), (39, 11)])
def test_no_window_is_too_small_to_survive(terminal, size):
    one = terminal(size=size)
    one.wait_for("Make the window larger")
    one.write(b"\x11")
    assert one.end() == 0


def test_a_bug_says_one_sentence_without_values_and_fails(terminal, tmp_path):
    setup = """
def broken(self, event):
    password = "hunter2"
    raise ZeroDivisionError("oops")
app.WorkspaceApp.on_touched = broken
"""
    one = terminal(setup=setup)
    assert one.end(30) == 1
    assert b"A fault in the program (ZeroDivisionError)" in one.seen
    assert b"hunter2" not in one.seen
    assert b"Traceback" not in one.seen
    (log,) = (tmp_path / "state").rglob("cs-workspace.log")
    assert "hunter2" not in re.sub(r'password = "hunter2"', "", log.read_text())
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}])
def test_without_a_terminal_it_says_what_to_do(terminal, environment):
    one = terminal(**environment)
    assert one.end() != 0
    assert b"The workspace needs a terminal." in one.seen
