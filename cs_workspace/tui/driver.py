"""A terminal driver that survives bad bytes and impossible window sizes.

It leans on private names of Textual's driver; `tests/tui/test_driver.py` fails loudly when they go away.
"""

from __future__ import annotations

import codecs

from textual import events
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

SMALLEST = Size(40, 12)  # narrower layouts are never computed; the terminal shows their left upper corner


def clamped(size: Size) -> Size:
    """A size that layouts can cope with."""
    return Size(max(size.width, SMALLEST.width), max(size.height, SMALLEST.height))


def forgiving_decoder() -> codecs.IncrementalDecoder:
    """UTF-8 in which what is no UTF-8 becomes the replacement character."""
    return codecs.getincrementaldecoder("utf-8")(errors="replace")


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
        linux_driver.getincrementaldecoder = lambda _: forgiving_decoder  # type: ignore[attr-defined, assignment]
        super().run_input_thread()
