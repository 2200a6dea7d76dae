"""A terminal for measuring: starts a program on a pty, answers what programs ask of xterm, keeps a screen with pyte.

Times are stamped when bytes are read; the screen is parsed in the silences, so that parsing delays no read.
"""

import codecs
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte

NOW = time.perf_counter
SETTLE = 0.03  # seconds without output that end a press
KEYS = {
    "down": "\x1b[B",
    "up": "\x1b[A",
    "end": "\x1b[F",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "escape": "\x1b",
    "ctrl+q": "\x11",
}
ESCAPE = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_](?:[^\x1b\x07]|\x1b[^\\])*(?:\x07|\x1b\\)|(?![\[\]PX^_])[ -/]*[0-~])"
)
QUERIES = {
    rb"\x1b\[0?c": b"\x1b[?64;1;2;6;9;15;16;17;18;21;22c",
    rb"\x1b\[>0?c": b"\x1b[>41;379;0c",
    rb"\x1b\[5n": b"\x1b[0n",
    rb"\x1b\[6n": b"\x1b[1;1R",
    rb"\x1b\[>0?q": b"\x1bP>|XTerm(379)\x1b\\",
    rb"\x1b\[\?2026\$p": b"\x1b[?2026;2$y",
    rb"\x1b\[\?(\d+)\$p": b"\x1b[?%b;0$y",
    rb"\x1b\]1[01];\?(?:\x07|\x1b\\)": b"\x1b]11;rgb:0000/0000/0000\x1b\\",
}
ASKED = re.compile(b"|".join(b"(?:%s)" % q for q in QUERIES))
PYTE_KNOWS = b"@ABCDEFGHJKLMPX`adefghlr"  # without colours: what is looked for is text


class Terminal:
    """One program on a pty of 120×40."""

    def __init__(
        self, command: list[str], *, columns: int = 120, rows: int = 40, env: dict[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._tail = self._recent = b""
        self._unread: list[tuple[float, bytes]] = []
        self.bytes = 0
        self.ended = False
        self.painted: float | None = None  # when the screen last changed
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that this program is ended, too
        clean = {k: v for k, v in os.environ.items() if k not in {"LINES", "COLUMNS", "NO_COLOR", "CI"}}
        clean |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **(env or {})}
        self.started = NOW()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=clean, start_new_session=True
        )
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)  # the session this object started
                self.process.wait(2)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass
        os.close(self._master)

    def _read(self, wait: float) -> bool:
        if self.ended or not select.select([self._master], [], [], max(wait, 0))[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            data = b""
        if not data:
            self.ended = True
            return False
        self._unread.append((NOW(), data))
        self.bytes += len(data)
        seen = self._recent + data
        last = 0
        for match in ASKED.finditer(seen):
            last = match.end()
            for query, answer in QUERIES.items():
                if found := re.fullmatch(query, match.group()):
                    os.write(self._master, answer % found.groups())
                    break
        self._recent = seen[max(last, len(seen) - 64) :]
        return True

    def _parse(self) -> None:
        for stamp, data in self._unread:
            self.screen.dirty.clear()
            cursor = (self.screen.cursor.x, self.screen.cursor.y)
            self._feed(self._tail + data)
            if self.screen.dirty or cursor != (self.screen.cursor.x, self.screen.cursor.y):
                self.painted = stamp
        self._unread.clear()

    def _feed(self, data: bytes) -> None:
        position = 0
        for match in ESCAPE.finditer(data):
            self._stream.feed(self._decode(data[position : match.start()]))
            position = match.end()
            sequence = match.group()
            if (
                sequence[:2] == b"\x1b["
                and sequence[2:3] not in {b"<", b"=", b">", b"?"}
                and sequence[-1] in PYTE_KNOWS
            ):
                self._stream.feed(sequence.decode())
        rest = data[position:]
        cut = rest.rfind(b"\x1b")
        self._tail = rest[cut:] if cut >= 0 else b""
        self._stream.feed(self._decode(rest[:cut] if cut >= 0 else rest))

    def shows(self, pattern: str) -> bool:
        return re.search(pattern, "\n".join(self.screen.display), re.MULTILINE) is not None

    def until(self, pattern: str, limit: float = 60.0) -> float | None:
        """Seconds from the start until the pattern is on the screen; None when it does not come."""
        while NOW() - self.started < limit and not self.ended:
            while self._read(0.002) and NOW() - self.started < limit:
                pass
            if self._unread:
                stamp = self._unread[-1][0]
                self._parse()
                if self.shows(pattern):
                    return stamp - self.started
        return None

    def quiet(self, silence: float = 0.5, limit: float = 20.0) -> None:
        """Wait until nothing has come for a while."""
        end = NOW() + limit
        while NOW() < end and self._read(silence):
            pass
        self._parse()

    def press(self, key: str, limit: float = 5.0) -> tuple[float | None, int]:
        """Seconds from the key to the last change it made to the screen, and the bytes that took."""
        self.quiet(0.05)
        self.painted, before, start = None, self.bytes, NOW()
        os.write(self._master, KEYS.get(key, key).encode())
        while NOW() - start < limit:
            if not self._read(SETTLE):
                self._parse()
                if self.painted is not None or self.ended:
                    break
        self._parse()
        return (None if self.painted is None else self.painted - start), self.bytes - before

    def answered(self, key: str, row: int, limit: float = 30.0) -> float | None:
        """Seconds from the key until a line of the screen is another one; None when it stays."""
        self.quiet(0.3)
        before, start = self.screen.display[row], NOW()
        os.write(self._master, KEYS.get(key, key).encode())
        while NOW() - start < limit and not self.ended:
            self._read(0.002)
            if self._unread:
                stamp = self._unread[-1][0]
                self._parse()
                if self.screen.display[row] != before:
                    return stamp - start
        return None

    def memory(self) -> float:
        """Peak megabytes of the program's process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
