"""The doorbell: rings when somebody else commits, and only then (R16)."""

from __future__ import annotations

import threading

import pytest

from cs_workspace.store import changes
from cs_workspace.store.changes import Doorbell, position

PATIENCE = 30.0  # far beyond what a loaded machine needs; a bell that works never takes it


@pytest.fixture
def bell(desk, monkeypatch):
    monkeypatch.setattr(changes, "POLL", 0.02)
    with Doorbell(desk.store) as bell:
        yield bell


def test_r16_it_rings_when_another_connection_commits(desk, bell):
    bell.wait(PATIENCE)
    assert not bell.wait(0.05)
    desk.create("companies", {"name": "A"})
    assert bell.wait(PATIENCE)
    assert not bell.wait(0.05)


def test_r16_nobody_listened_before_the_first_wait_so_it_rings(desk, bell):
    """Between a look at the store and the first wait somebody may have committed."""
    desk.create("companies", {"name": "A"})
    assert bell.wait(0)
    assert not bell.wait(0)
    bell.reset()
    assert bell.wait(0)
    assert not bell.wait(0)


def test_r16_reading_does_not_ring(desk, bell):
    bell.wait(PATIENCE)
    with desk.store.reading() as connection:
        assert position(connection) > 0
    assert not bell.wait(0.05)


def test_r16_it_rings_at_the_commit_and_not_before(desk, bell):
    bell.wait(PATIENCE)
    with desk.journal() as journal:
        journal.create("companies", [{"name": "A"}])
        assert not bell.wait(0.05)
    assert bell.wait(PATIENCE)


def test_r16_what_is_rolled_back_does_not_ring(desk, bell):
    bell.wait(PATIENCE)

    class Stop(Exception):
        pass

    def fail():
        with desk.journal() as journal:
            journal.create("companies", [{"name": "A"}])
            raise Stop

    with pytest.raises(Stop):
        fail()
    assert not bell.wait(0.05)


def test_r16_many_commits_ring_until_somebody_looked(desk, bell):
    bell.wait(PATIENCE)
    for _ in range(5):
        desk.create("companies", {"name": "A"})
    rings = 0
    while bell.wait(0.05):
        rings += 1
    assert 1 <= rings <= 5


def test_r16_it_can_be_rung_and_stopped_by_another_thread(bell):
    bell.wait(PATIENCE)
    answers = []
    thread = threading.Thread(target=lambda: answers.extend([bell.wait(PATIENCE), bell.wait(PATIENCE)]))
    bell.ring()
    thread.start()
    while not answers and thread.is_alive():
        bell.stop()
        thread.join(0.01)
    thread.join(PATIENCE)
    assert answers[-1] is False
    assert bell.wait(PATIENCE) is False


def test_r16_it_takes_no_connection_from_the_pool(desk, bell):
    bell.wait(0)
    assert desk.store.engine.pool.checkedout() == 0


def test_und_1_the_position_is_the_newest_change(desk):
    with desk.store.reading() as connection:
        before = position(connection)
    desk.create("companies", {"name": "A"}, {"name": "B"})
    with desk.store.reading() as connection:
        assert position(connection) == before + 2
