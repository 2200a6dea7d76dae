"""The worker: one holder works, the others watch and take over; failures are shown and repaired (WRK-1 to WRK-5)."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from cs_workspace.domain.clock import FixedClock, parse_instant, zone
from cs_workspace.domain.errors import StoreUnavailable
from cs_workspace.store import changes, lease
from cs_workspace.store import goals as goal_store
from cs_workspace.store.engine import Store
from cs_workspace.worker import runner as worker
from cs_workspace.worker.jobs import JOBS, Job
from cs_workspace.worker.runner import Runner, WorkerState
from cs_workspace.workspace import calculation, goal_making, notices, records, upkeep
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.goal_making import NewGoal
from cs_workspace.workspace.setup import NewAccount, found_account

PATIENCE = 20.0  # far beyond what a loaded machine needs, and less than the wait when nothing rings


class States:
    """What a runner told about itself, to be waited for."""

    def __init__(self) -> None:
        self.told: list[WorkerState] = []
        self._more = threading.Condition()

    def __call__(self, state: WorkerState) -> None:
        with self._more:
            self.told.append(state)
            self._more.notify_all()

    def wait(self, wanted: Callable[[WorkerState], object]) -> WorkerState:
        """The first state from now back that is wanted."""
        with self._more:
            assert self._more.wait_for(lambda: any(map(wanted, self.told)), PATIENCE), self.told
            return next(state for state in self.told if wanted(state))


class Office:
    """A store with a monthly goal for closed tickets in 2026, on the 15th of March."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = FixedClock(parse_instant("2026-03-15", zone("UTC")))
        found_account(store, NewAccount("Acme", "dana"), FixedClock(parse_instant("2026-01-01", zone("UTC"))))
        self.dana = Workspace(store, self.clock, "dana")
        self.dana.run(
            goal_making.create,
            NewGoal("tickets_closed", "Close", users=["dana"], duration="monthly", year=2026, target="2"),
        )

    def asks_for_notices(self) -> None:
        """Another goal, which tells Ada what becomes of it."""
        self.dana.run(records.add, "users", {"login": "ada", "name": "Ada", "service_seat": "enterprise"})
        events = ("assigned", "50_percent", "7_days_left")
        self.dana.run(
            goal_making.create,
            NewGoal("tickets_closed", "Told", users=["ada"], duration="monthly", year=2026, target="2", notify=events),
        )

    def close_ticket(self, owner: str = "dana") -> None:
        ticket = self.dana.run(records.add, "tickets", {"subject": "Help", "owner": owner})
        self.dana.run(records.change, "tickets", str(ticket), {"stage": "Closed"})

    def march(self):
        with self.store.reading() as connection:
            return goal_store.load_slices(connection)[2]

    def holder(self):
        return self.dana.run(upkeep.holder)

    def runner(self, states: States) -> Runner:
        return Runner(self.store, self.clock, on_state=states)


@pytest.fixture
def office(store_url, monkeypatch) -> Iterator[Office]:
    monkeypatch.setattr(worker, "TICK", 0.05)
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(lease, "TTL", 0.5)
    monkeypatch.setattr(changes, "POLL", 0.02)
    with closing(Store(store_url, pool_size=8)) as store:
        yield Office(store)


@contextmanager
def running(office: Office) -> Iterator[tuple[Runner, States]]:
    states = States()
    runner = office.runner(states)
    runner.start()
    try:
        yield runner, states
    finally:
        runner.stop(PATIENCE)
        assert not any(thread.is_alive() for thread in runner._threads)


# --- One round


def test_wrk_2_one_round_calculates_what_changed_and_then_there_is_nothing_to_do(office):
    runner = office.runner(States())
    assert office.march().total in (None, 0)
    runner.run_once()
    office.close_ticket()
    assert runner.run_once() == 1
    assert (office.march().total, office.march().frozen) == (1, False)
    assert runner.run_once() == 0
    assert not any(job.is_due(Workspace(office.store, office.clock, None)) for job in JOBS)


def test_wrk_3_one_round_freezes_what_is_over(office):
    office.close_ticket()
    office.clock.instant = parse_instant("2026-04-01", zone("UTC"))
    office.runner(States()).run_once()
    assert (office.march().total, office.march().frozen) == (1, True)
    office.close_ticket()
    office.runner(States()).run_once()
    assert office.march().total == 1


def test_wrk_4_a_full_run_is_due_after_a_day(office):
    runner = office.runner(States())
    runner.run_once()
    first = office.dana.run(calculation.standpoint).full_at
    office.clock.instant += 24 * 3_600_000 - 1
    runner.run_once()
    assert office.dana.run(calculation.standpoint).full_at == first
    office.clock.instant += 1
    runner.run_once()
    assert office.dana.run(calculation.standpoint).full_at == office.clock.instant


def test_gol_31_one_round_tells_the_contributors_and_the_next_has_nothing_to_tell(office):
    """Right after goals were calculated, and at the moments that call for it."""
    office.asks_for_notices()
    ada = Workspace(office.store, office.clock, "ada")
    office.runner(States()).run_once()
    assert [each.event for each in ada.run(notices.listing)] == ["assigned"]
    office.close_ticket("ada")
    office.runner(States()).run_once()
    assert [each.event for each in ada.run(notices.listing)][:1] == ["50_percent"]
    told = ada.run(notices.mailbox)
    office.runner(States()).run_once()
    assert not any(job.is_due(Workspace(office.store, office.clock, None)) for job in JOBS)
    office.clock.instant = parse_instant("2026-03-25", zone("UTC"))
    assert any(job.is_due(Workspace(office.store, office.clock, None)) for job in JOBS)
    office.runner(States()).run_once()
    assert ada.run(notices.mailbox) == notices.Mailbox(told.unread + 1, told.newest + 1)


# --- On threads


def test_wrk_1_it_takes_the_lease_works_and_gives_it_up_when_stopped(office):
    with running(office) as (_, states):
        states.wait(lambda state: state.holder)
        assert office.holder() is not None
    assert office.holder() is None


def test_wrk_2_what_somebody_else_changes_is_calculated(office):
    with running(office) as (_, states):
        states.wait(lambda state: state.at is not None)
        office.close_ticket()
        states.wait(lambda state: state.at is not None and office.march().total == 1)
        office.close_ticket()
        states.wait(lambda state: state.at is not None and office.march().total == 2)


def test_wrk_2_a_change_during_the_first_round_is_not_missed(office, monkeypatch):
    """It listens from its first wait on; what was committed before that must not wait for the longest pause."""
    once = iter([True])
    late = Job("late", lambda _: next(once, False), lambda _: office.close_ticket() or 0)
    monkeypatch.setattr(worker, "JOBS", (*JOBS, late))
    with running(office) as (_, states):
        states.wait(lambda state: state.at is not None and office.march().total == 1)


def test_wrk_1_what_becomes_of_a_milestone_is_told_while_it_works(office):
    office.asks_for_notices()
    ada = Workspace(office.store, office.clock, "ada")
    with running(office) as (_, states):
        states.wait(lambda state: state.at is not None)
        office.close_ticket("ada")
        states.wait(lambda state: state.at is not None and ada.run(notices.mailbox).unread == 2)


def test_wrk_1_two_who_look_at_the_same_time_tell_it_once(office):
    """A holder that was thought dead may still be at it."""
    office.asks_for_notices()
    office.close_ticket("ada")
    Workspace(office.store, office.clock, None).run(calculation.catch_up)
    both = [Workspace(office.store, office.clock, None) for _ in range(2)]
    threads = [threading.Thread(target=each.run, args=(notices.write,)) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert Workspace(office.store, office.clock, "ada").run(notices.mailbox) == notices.Mailbox(2, 2)


def test_wrk_3_it_wakes_when_a_slice_ends(office):
    office.close_ticket()
    office.clock.instant = parse_instant("2026-04-01", zone("UTC")) - 300
    with running(office) as (_, states):
        states.wait(lambda state: state.at is not None)
        office.clock.instant += 300
        states.wait(lambda state: state.at == office.clock.instant and office.march().frozen)


def test_wrk_1_one_works_and_the_other_watches(office):
    with running(office) as (_, one_states):
        one_states.wait(lambda state: state.holder)
        with running(office) as (other, other_states):
            office.close_ticket()
            one_states.wait(lambda state: state.at is not None and office.march().total == 1)
            assert not any(state.holder for state in other_states.told)
            assert not other._holding.is_set()


def test_wrk_1_a_holder_that_stops_is_replaced_at_once(office, monkeypatch):
    monkeypatch.setattr(lease, "TTL", 10 * PATIENCE)
    with running(office) as (one, one_states):
        one_states.wait(lambda state: state.holder)
        with running(office) as (_, other_states):
            one.stop(PATIENCE)
            other_states.wait(lambda state: state.holder)


def test_r14_a_holder_that_falls_silent_is_replaced(office):
    with running(office) as (one, one_states):
        one_states.wait(lambda state: state.holder)
        silence(one)
        with running(office) as (_, other_states):
            other_states.wait(lambda state: state.holder)
            held = office.holder()
            assert held is not None
            assert held.fence == 2
            office.close_ticket()
            other_states.wait(lambda state: state.at is not None and office.march().total == 1)


def silence(runner: Runner) -> None:
    """End its threads without a farewell."""
    runner._stopping.set()
    runner._doorbell.stop()
    for thread in runner._threads:
        thread.join(PATIENCE)


# --- Failures


class Broken:
    """A job that fails as long as it is told to."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def run(self, _: Workspace) -> int:
        if self.error is not None:
            raise self.error
        return 0

    @property
    def jobs(self) -> tuple[Job, ...]:
        return (Job("broken", lambda _: self.error is not None, self.run), *JOBS)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ZeroDivisionError("x"), "a fault in the program (ZeroDivisionError)"),
        (StoreUnavailable("The store is busy.", "Try again."), "The store is busy. Try again."),
    ],
)
def test_wrk_5_a_failure_is_shown_noted_and_repaired_by_the_next_round(office, monkeypatch, caplog, error, sentence):
    broken = Broken()
    broken.error = error
    monkeypatch.setattr(worker, "JOBS", broken.jobs)
    with running(office) as (_, states):
        assert states.wait(lambda state: state.error).error == sentence
        failed_twice = len([state for state in states.told if state.error])
        states.wait(lambda _: office.dana.run(upkeep.failure) == sentence or failed_twice > 2)
        office.close_ticket()
        broken.error = None
        states.wait(lambda state: state.at is not None and not state.error and office.march().total == 1)
        assert office.dana.run(upkeep.failure) is None
    assert sentence in caplog.text
    assert any(record.exc_info for record in caplog.records)


def test_wrk_5_a_failure_another_process_left_behind_is_cleared(office):
    Workspace(office.store, office.clock, None).run(upkeep.note_failure, "the last process failed")
    with running(office) as (_, states):
        states.wait(lambda state: state.at is not None)
        assert office.dana.run(upkeep.failure) is None


def test_wrk_5_the_heart_beats_on_whatever_happens(office, monkeypatch):
    errors: list[Exception] = [ValueError("a bug"), StoreUnavailable("busy")]
    tick = upkeep.tick.function

    def sometimes(tx, lease_):
        if errors:
            raise errors.pop()
        return tick(tx, lease_)

    monkeypatch.setattr(upkeep, "tick", type(upkeep.tick)(**{**fields(upkeep.tick), "function": sometimes}))
    with running(office) as (_, states):
        states.wait(lambda state: state.holder)


def fields(operation):
    return {name: getattr(operation, name) for name in operation.__dataclass_fields__}


# --- As a process

PROGRAM = """
import sys
from cs_workspace.domain.clock import FixedClock
from cs_workspace.store.engine import Store
from cs_workspace.worker import runner

runner.TICK = 0.05
say = lambda text: print(text, flush=True)
url, now, *options = sys.argv[1:]
sys.exit(runner.run_worker(Store(url), FixedClock(int(now)), once="--once" in options, on_event=say))
"""


@contextmanager
def process(office: Office, *options: str) -> Iterator[subprocess.Popen[str]]:
    url = office.store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", PROGRAM, url, str(office.clock.instant), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as program:
        try:
            yield program
        finally:
            program.kill()


def says(program: subprocess.Popen[str], wanted: str) -> bool:
    """Whether it prints a line soon."""
    assert program.stdout is not None
    deadline = time.monotonic() + 2 * PATIENCE
    while (left := deadline - time.monotonic()) > 0 and select.select([program.stdout], [], [], left)[0]:
        line = program.stdout.readline()
        if wanted in line or not line:
            return wanted in line
    return False


def test_r14_a_process_that_is_killed_is_replaced(office):
    with process(office) as program:
        assert says(program, "works here")
        with running(office) as (_, states):
            program.send_signal(signal.SIGKILL)
            program.wait(PATIENCE)
            states.wait(lambda state: state.holder)
            office.close_ticket()
            states.wait(lambda state: state.at is not None and office.march().total == 1)


def test_wrk_1_a_process_told_to_end_gives_the_lease_up(office):
    with process(office) as program:
        assert says(program, "works here")
        program.terminate()
        assert program.wait(PATIENCE) == 0
    assert office.holder() is None


def test_wrk_4_one_round_as_a_process(office):
    office.close_ticket()
    with process(office, "--once") as program:
        assert says(program, "milestones moved")
        assert program.wait(PATIENCE) == 0
    assert office.holder() is None
