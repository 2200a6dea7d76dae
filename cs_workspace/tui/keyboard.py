"""What is typed, in order: a key goes on when what the one before it began has come to an end.

Textual gives a key to what has the focus when the key arrives. What a key opens gets the focus a little later, so keys
typed faster than that would go to the wrong place. Here they wait, and mean what they mean where the last one led.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump

from cs_workspace.tui.keys import KEYS

AT_ONCE = {name for key in KEYS if key.priority for name in key.keys}
SOON = 50  # looks without a pause between them
PAUSE = 0.002  # seconds between later looks
LONGEST = 2.0  # seconds after which a part that does not come to rest holds nobody up any more

Give = Callable[[Event], Awaitable[None]]


class Keyboard:
    """Holds back what is typed while the screen is busy with what was typed before."""

    def __init__(self, app: App[Any], is_changing: Callable[[], bool]) -> None:
        """`is_changing` says whether what has the keys is about to be another thing, however long that takes."""
        self._app = app
        self._is_changing = is_changing
        self._held: deque[Event] = deque()
        self._feeding = False

    def takes(self, event: Event) -> bool:
        """Whether an event was typed just now and has to wait for its turn; `feed` gives it on."""
        typed = isinstance(event, Key | Paste) and not event.is_forwarded
        if not typed or (isinstance(event, Key) and event.key in AT_ONCE):
            return False
        self._held.append(event)
        return True

    def begins(self) -> bool:
        """Whether somebody has to `feed` now: nobody does, and the program goes on."""
        begins = not self._feeding
        self._feeding = True
        return begins

    def end(self) -> None:
        """The program ends: what is typed from now on means nothing."""
        self._feeding = True

    async def feed(self, give: Give) -> None:
        """Give on what is held."""
        try:
            while self._held:
                await self._rest()
                await give(self._held.popleft())
        finally:
            self._feeding = False

    async def _rest(self) -> None:
        """Wait until nothing is under way."""
        loop = asyncio.get_running_loop()
        end, looks = loop.time() + LONGEST, 0
        while self._is_changing() or (self._is_busy() and loop.time() < end):
            looks += 1
            await asyncio.sleep(0 if looks < SOON else PAUSE)

    def _is_busy(self) -> bool:
        return not all(map(_rests, (self._app, *self._app.screen.walk_children(with_self=True))))


def _rests(part: MessagePump) -> bool:
    """Whether a part waits for its next message; nothing public tells it from being busy with the last one."""
    return part.message_queue_size == 0 and bool(part._message_queue.ready_event._waiters)  # noqa: SLF001
