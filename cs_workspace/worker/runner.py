"""The worker's loop: hold the lease, keep goals fresh, stop cleanly, survive failures (WRK-1 to WRK-5).

It runs as a thread of a session or as its own process. Whoever holds the lease works; all others watch and take over
when the holder falls silent. Beating and working are separate threads, so that a long calculation does not look like
a dead holder.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from cs_workspace.domain.clock import Clock
from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.store.changes import Doorbell
from cs_workspace.store.engine import Store
from cs_workspace.store.lease import TICK, Lease
from cs_workspace.worker.jobs import JOBS
from cs_workspace.workspace import calculation, upkeep
from cs_workspace.workspace.door import Workspace

log = logging.getLogger("cs_workspace.worker")

LONGEST_WAIT = 30.0  # seconds after which it looks even when nothing rang
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0  # seconds after a failure, doubling


@dataclass(frozen=True, slots=True)
class WorkerState:
    """What the status line shows: whether this process works, in words, and why the last run failed."""

    holder: bool
    text: str
    error: str | None = None
    at: int | None = None  # instant of the last run


class Runner:
    """One process's worker. `start` and `stop` may be called from any thread."""

    def __init__(self, store: Store, clock: Clock, *, on_state: Callable[[WorkerState], None] = lambda _: None) -> None:
        self._workspace = Workspace(store, clock, None, source="worker")
        self._store = store
        self._clock = clock
        self._on_state = on_state
        self._stopping = threading.Event()
        self._holding = threading.Event()
        self._doorbell = Doorbell(store)
        self._threads: list[threading.Thread] = []
        owner = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
        self._lease = Lease(owner, time.monotonic)
        self._failing = True  # until a round went well: the last process may have left a failure behind

    def start(self) -> None:
        """Begin, on threads that end with the process."""
        for target in (self._beat, self._work):
            thread = threading.Thread(target=target, name=f"worker-{target.__name__}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Finish the running job, give the lease up and end."""
        self._stopping.set()
        self._doorbell.stop()
        for thread in self._threads:
            thread.join(timeout)
        if self._lease.held:
            try:
                self._workspace.run(upkeep.release, self._lease)
            except WorkspaceError as error:
                log.warning("the lease could not be given up: %s", error)

    def wait(self) -> None:
        """Block until somebody calls `stop`."""
        self._stopping.wait()

    def run_once(self) -> int:
        """Do every job that is due now, lease or not; how many goals' slices moved."""
        return sum(job.run(self._workspace) for job in JOBS if job.is_due(self._workspace))

    # --- the heart

    def _beat(self) -> None:
        while not self._stopping.is_set():
            held = self._holding.is_set()
            try:
                held = self._workspace.run(upkeep.tick, self._lease)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next beat may go well (WRK-5)
                log.warning("no beat: %s", error)
            if held != self._holding.is_set():
                (self._holding.set if held else self._holding.clear)()
                self._doorbell.ring()
                self._tell(WorkerState(held, "works here" if held else "works elsewhere"))
            self._stopping.wait(TICK)

    # --- the hands

    def _work(self) -> None:
        pause = FIRST_PAUSE
        with self._doorbell:
            while not self._stopping.is_set():
                wait = LONGEST_WAIT
                if self._holding.is_set():
                    try:
                        wait = self._round()
                        pause = FIRST_PAUSE
                    except Exception as error:  # noqa: BLE001 - whatever it is, the session goes on (WRK-5)
                        self._failed(error)
                        self._stopping.wait(pause)
                        pause = min(pause * 2, LONGEST_PAUSE)
                        continue
                try:
                    self._doorbell.wait(wait)
                except Exception as error:  # noqa: BLE001 - the server may be away for a while
                    self._doorbell.reset()
                    self._failed(error)
                    self._stopping.wait(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)

    def _round(self) -> float:
        """Do what is due; how many seconds until something will be, unless the doorbell rings before."""
        border = self._workspace.run(calculation.standpoint).next_border  # asked first: it may pass while jobs run
        ran = False
        for job in JOBS:
            if self._stopping.is_set() or not self._holding.is_set():
                break
            if job.is_due(self._workspace):
                job.run(self._workspace)
                ran = True
        now = self._clock.now()
        if self._failing:
            self._workspace.run(upkeep.note_failure, None)
        if ran or self._failing:
            self._failing = False
            self._tell(WorkerState(holder=True, text="works here", at=now))
        if border is None:
            return LONGEST_WAIT
        return min(LONGEST_WAIT, max(0.0, (border - self._clock.now()) / 1000))

    def _failed(self, error: Exception) -> None:
        sentence = (
            str(error) if isinstance(error, WorkspaceError) else f"a fault in the program ({type(error).__name__})"
        )
        self._failing = True
        log.error("a job failed: %s", sentence, exc_info=error)
        self._tell(WorkerState(self._holding.is_set(), "failed", sentence, self._clock.now()))
        try:
            self._workspace.run(upkeep.note_failure, sentence)
        except WorkspaceError:
            log.warning("the failure could not be noted in the store")

    def _tell(self, state: WorkerState) -> None:
        self._on_state(state)


def run_worker(store: Store, clock: Clock, *, once: bool, on_event: Callable[[str], None]) -> int:
    """The worker as its own process: one round, or until SIGTERM, SIGINT or SIGHUP. Returns the exit code."""
    import signal

    if once:
        moved = Runner(store, clock).run_once()
        on_event(f"{moved} milestones moved")
        return 0

    def tell(state: WorkerState) -> None:
        on_event(f"{state.text}{': ' + state.error if state.error else ''}")

    runner = Runner(store, clock, on_state=tell)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: ended.set())
    runner.start()
    ended.wait()
    runner.stop()
    return 0
