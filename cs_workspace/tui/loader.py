"""Reads and writes off the event loop: threads of our own, interrupted in the driver when nobody waits any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from cs_workspace.store.stopper import Stopper

T = TypeVar("T")
THREADS = 4


class Loader:
    """Runs functions on a few threads of its own, so that a stuck query delays neither the screen nor the exit."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="loader")
        self._running: set[Stopper] = set()
        self._lock = threading.Lock()

    async def run(self, function: Callable[[], T]) -> T:
        """What the function returns. Cancelled, it is told to stop, and what it still answers is dropped."""
        stopper = Stopper()

        def call() -> T:
            with stopper.cover():
                return function()

        with self._lock:
            self._running.add(stopper)
        future = self._pool.submit(call)
        future.add_done_callback(lambda _: self._done(stopper))
        answer = asyncio.wrap_future(future)
        answer.add_done_callback(_seen)
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            if not future.cancel():
                stopper.stop()
            raise

    def _done(self, stopper: Stopper) -> None:
        with self._lock:
            self._running.discard(stopper)

    def close(self) -> None:
        """Stop what runs; wait for nothing."""
        with self._lock:
            running = list(self._running)
        for stopper in running:
            stopper.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)


def _seen(answer: asyncio.Future[T]) -> None:
    """Look at what came of work nobody waits for, or asyncio would print it as lost."""
    if not answer.cancelled():
        answer.exception()
