"""One holder at a time, without comparing clocks (WRK-1, R14)."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from cs_workspace.store.engine import Store
from cs_workspace.store.lease import TTL, Held, Lease, holder
from cs_workspace.store.tables.system import lease as lease_table


class Machine:
    """A process with a monotonic clock of its own, which starts anywhere."""

    def __init__(self, store: Store, owner: str, since: float = 0.0) -> None:
        self.store, self.now = store, since
        self.lease = Lease(owner, lambda: self.now)

    def tick(self, later: float = 0.0) -> bool:
        self.now += later
        with self.store.writing() as connection:
            return self.lease.tick(connection)

    def guard(self) -> bool:
        with self.store.writing() as connection:
            return self.lease.guard(connection)

    def release(self) -> None:
        with self.store.writing() as connection:
            self.lease.release(connection)


@pytest.fixture
def store(store_url):
    with closing(Store(store_url)) as store:
        yield store


@pytest.fixture
def two(store):
    return Machine(store, "one", 1e6), Machine(store, "two", 5.0)


def held_by(store) -> Held | None:
    with store.reading() as connection:
        return holder(connection)


def test_wrk_1_the_first_to_ask_holds_it_and_others_do_not(store, two):
    one, other = two
    assert held_by(store) is None
    assert one.tick()
    assert one.lease.held
    assert not other.tick()
    assert not other.lease.held
    assert held_by(store) == Held("one", 1, 0)


def test_wrk_1_a_silent_holder_is_replaced_after_the_ttl_and_not_before(two):
    one, other = two
    one.tick()
    assert not other.tick()
    assert not other.tick(TTL - 0.001)
    assert other.tick(0.001)
    assert not one.tick()


def test_wrk_1_every_beat_starts_the_silence_anew(two):
    one, other = two
    one.tick()
    for _ in range(5):
        one.tick(TTL * 100)
        assert not other.tick(TTL - 0.001)
    assert not other.tick(TTL - 0.002)
    assert other.tick(0.002)


def test_wrk_1_a_working_holder_is_not_silent(two):
    one, other = two
    one.tick()
    other.tick()
    assert one.guard()
    assert not other.tick(TTL * 2)


def test_r14_a_deposed_holder_is_stopped_by_its_guard(store, two):
    one, other = two
    one.tick()
    other.tick()
    other.tick(TTL)
    assert not one.guard()
    assert one.lease.held, "it has not noticed yet, and so the guard must"
    assert other.guard()
    assert not one.tick()
    assert held_by(store) == Held("two", 2, 1)


def test_r14_a_deposed_holder_that_comes_back_waits_like_everybody(two):
    one, other = two
    one.tick()
    other.tick()
    other.tick(TTL)
    assert not one.tick(TTL * 3)
    assert not one.tick(TTL - 0.001)
    assert one.tick(0.001)
    assert not other.guard()


def test_r14_another_process_of_the_same_name_is_somebody_else(store):
    one, again = Machine(store, "one"), Machine(store, "one")
    one.tick()
    assert not again.tick()
    assert not again.guard()


def test_wrk_1_release_lets_the_next_in_at_once(store, two):
    one, other = two
    one.tick()
    other.tick()
    one.release()
    assert held_by(store) is None
    assert not one.lease.held
    assert other.tick()
    assert not one.guard()


def test_r14_a_deposed_holder_releases_nothing(store, two):
    one, other = two
    one.tick()
    other.tick()
    other.tick(TTL)
    one.release()
    held = held_by(store)
    assert held is not None
    assert held.owner == "two"


def test_wrk_1_a_lease_that_was_removed_is_taken_anew(store, two):
    one, other = two
    one.tick()
    with store.writing() as connection:
        connection.execute(delete(lease_table))
    assert not one.guard()
    assert other.tick()
    assert not one.tick()


def test_r14_a_tick_that_is_rolled_back_gives_nothing(store, two):
    one, other = two

    class Stop(Exception):
        pass

    def fail():
        with store.writing() as connection:
            assert one.lease.tick(connection)
            raise Stop

    with pytest.raises(Stop):
        fail()
    assert not one.guard()
    assert other.tick()
    assert not one.tick()


STEPS = st.tuples(st.integers(0, 2), st.sampled_from(["tick", "guard", "release"]), st.floats(0, TTL * 1.5))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    starts=st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3),
    steps=st.lists(STEPS, max_size=30),
)
def test_r15_clocks_that_disagree_never_make_two_holders(store, starts, steps):
    """Each clock goes its own way; what one guard allows, no other allows until the lease has changed hands."""
    machines = [Machine(store, f"m{i}", since) for i, since in enumerate(starts)]
    with store.writing() as connection:
        connection.execute(delete(lease_table))
    fences: list[int] = []
    for who, what, later in steps:
        machine = machines[who]
        match what:
            case "tick":
                machine.tick(later)
            case "release":
                machine.release()
            case _ if machine.guard():
                assert machine.lease.fence is not None
                fences.append(machine.lease.fence)
        assert sum(each.guard() for each in machines) <= 1
    assert fences == sorted(fences)
