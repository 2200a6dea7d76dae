"""A progress bar on standard error, drawn for people only."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

WIDTH = 30
PAUSE = 0.1  # seconds between two drawings


@dataclass
class Bar:
    """Told how far something has come; draws it at most every `PAUSE` seconds, or not at all."""

    what: str
    is_shown: bool
    _last: float = 0.0

    def __call__(self, done: int, total: int) -> None:
        """So much is done, of so much."""
        now = time.monotonic()
        if not self.is_shown or (done < total and now - self._last < PAUSE):
            return
        self._last = now
        filled = min(WIDTH, WIDTH * done // total) if total else WIDTH
        sys.stderr.write(f"\r\x1b[K{self.what}  {'█' * filled}{'░' * (WIDTH - filled)}  {done:,} of {total:,}")
        sys.stderr.flush()

    def part(self, what: str, done: int, total: int) -> None:
        """The same, for a part of the whole that has a name of its own."""
        self.what = what
        self(done, total)

    def clear(self) -> None:
        """Take the bar off the screen."""
        if self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextmanager
def bar(what: str) -> Iterator[Bar]:
    """A bar for the time of the block; nothing is drawn where standard error is no terminal."""
    made = Bar(what, is_shown=sys.stderr.isatty())
    try:
        yield made
    finally:
        made.clear()
