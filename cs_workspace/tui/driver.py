"""A terminal driver that survives bad bytes and impossible window sizes.

It leans on private names of Textual's driver; `tests/tui/test_driver.py` fails loudly when they go away.
"""

from __future__ import annotations

import codecs
import os
import signal
from collections.abc import Callable

from textual import events
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

SMALLEST = Size(40, 12)  # narrower layouts are never computed; the terminal shows their left upper corner


def clamped(size: Size) -> Size:
    """A size that layouts can cope with."""
    return Size(max(size.width, SMALLEST.width), max(size.height, SMALLEST.height))


class ForgivingDecoder:
    """UTF-8 in which what is no UTF-8 becomes the replacement character; reading nothing means that nobody types."""

    def __init__(self, gone: Callable[[], object]) -> None:
        """`gone` is called when the terminal is at its end."""
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._gone = gone

    def decode(self, data: bytes, final: bool = False) -> str:
        """The text of some bytes."""
        if not data and not final:
            self._gone()
        return self._decoder.decode(data, final)


class SafeLinuxDriver(LinuxDriver):
    """Textual's driver with bounds."""

    def _get_terminal_size(self) -> tuple[int, int]:
        size = clamped(Size(*super()._get_terminal_size()))
        return size.width, size.height

    def process_message(self, message: Message) -> None:
        """Pass an input message on; a resize reported in band takes this way."""
        if isinstance(message, events.Resize):
            size = clamped(message.size)
            message = events.Resize(size, size)
        super().process_message(message)

    def run_input_thread(self) -> None:
        """Read keys until the end, whatever bytes come."""

        def decoder() -> ForgivingDecoder:
            return ForgivingDecoder(self._gone)

        linux_driver.getincrementaldecoder = lambda _: decoder  # type: ignore[attr-defined, assignment]
        super().run_input_thread()

    def _gone(self) -> None:
        """A terminal that is not the one that controls the program sends no signal when it goes."""
        if not self.exit_event.wait(0.1):  # not sooner: reading it again gives nothing again, at once
            os.kill(os.getpid(), signal.SIGHUP)
