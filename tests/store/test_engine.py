"""Reading, writing, waiting, and what is said when the database will not (R6 to R9, R13, S10, S13, S14, S16)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError

from cs_workspace.domain.errors import StoreFault, StoreUnavailable, Usage
from cs_workspace.store import engine
from cs_workspace.store.engine import Store, create_sqlite_file, parse_url
from cs_workspace.store.tables.system import worker_state
from cs_workspace.store.worker_state import recall, remember


@pytest.fixture
def store(store_url):
    with closing(Store(store_url, pool_size=8)) as store:
        yield store


@pytest.fixture
def impatient(monkeypatch):
    """Writers give up soon."""
    monkeypatch.setattr(engine, "WRITE_DEADLINE", 0.2)
    monkeypatch.setattr(engine, "BUSY_MS", 10)
    monkeypatch.setattr(engine, "_PRAGMAS", ("busy_timeout=10", *engine._PRAGMAS[1:]))


def write(store, value, name="x"):
    with store.writing() as connection:
        remember(connection, name, value)


def read(store, name="x"):
    with store.reading() as connection:
        return recall(connection, name)


# --- Addresses


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("/data/a.db", "sqlite:////data/a.db"),
        ("sqlite:////data/a b.db", "sqlite:////data/a b.db"),
        ("postgresql://ann:pw@db/acme", "postgresql+psycopg://ann:pw@db/acme"),
        ("postgresql+psycopg://db/acme", "postgresql+psycopg://db/acme"),
    ],
)
def test_addresses(text, address):
    assert parse_url(text).render_as_string(hide_password=False) == address


def test_a_relative_file_is_meant_from_here_and_a_tilde_is_home(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ann")
    assert parse_url("a.db").database == str(tmp_path / "a.db")
    assert parse_url("sqlite:///a.db").database == str(tmp_path / "a.db")
    assert parse_url("~/a.db").database == "/home/ann/a.db"


@pytest.mark.parametrize(
    "text",
    [
        "mysql://ann:geheim@db/acme",
        "postgres://ann:geheim@db/acme",
        "postgresql://ann:geheim@db:port/acme",
        "://ann:geheim@db",
        "sqlite://",
        "nonsense://",
    ],
)
def test_s14_what_is_no_address_is_refused_without_its_password(text):
    with pytest.raises(Usage) as caught:
        parse_url(text)
    assert "geheim" not in str(caught.value)
    assert "postgresql://" in caught.value.hint


def test_s14_a_store_is_shown_without_its_password():
    with closing(Store("postgresql://ann:geheim@db.example/acme")) as store:
        assert store.label == "postgresql db.example/acme"
        assert "geheim" not in f"{store.url} {store.url!r} {store.engine!r}"


# --- Files


def test_r9_a_missing_file_is_never_made(tmp_path):
    path = tmp_path / "none.db"
    for read_only in (False, True):
        with closing(Store(str(path), read_only=read_only)) as store:
            with pytest.raises(Usage, match=r"none\.db cannot be opened"):
                read(store)
            if not read_only:
                with pytest.raises(Usage, match=r"none\.db cannot be opened"):
                    write(store, 1)
    assert list(tmp_path.iterdir()) == []


def test_r9_a_file_that_vanishes_is_not_replaced_by_an_empty_one(fresh_sqlite_url):
    with closing(Store(fresh_sqlite_url, pool_size=1)) as store:
        write(store, 1)
        store.engine.dispose()
        assert store.path is not None
        store.path.unlink()
        with pytest.raises(Usage, match="cannot be opened"):
            read(store)
        assert not store.path.exists()


def test_s13_a_new_file_is_for_its_owner_alone(tmp_path):
    before = os.umask(0)
    try:
        path = tmp_path / "deep" / "er" / "store.db"
        create_sqlite_file(path)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)
    with pytest.raises(Usage, match="exists already"):
        create_sqlite_file(path)


def test_s13_what_sqlite_keeps_beside_the_file_is_for_its_owner_too(tmp_path):
    before = os.umask(0)
    try:
        path = tmp_path / "store.db"
        create_sqlite_file(path)
        with closing(Store(str(path))) as store, store.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE t (x INTEGER)")
            beside = [each for each in tmp_path.iterdir() if each != path]
            assert beside
            assert {each.stat().st_mode & 0o777 for each in beside} == {0o600}
    finally:
        os.umask(before)


# --- Transactions


def test_r1_a_write_is_whole_or_not_at_all(store):
    class Stop(Exception):
        pass

    def fail():
        with store.writing() as connection:
            remember(connection, "x", 2)
            raise Stop

    write(store, 1)
    with pytest.raises(Stop):
        fail()
    assert read(store) == 1
    write(store, 3)
    assert read(store) == 3


def test_r1_a_bug_in_a_statement_is_a_bug_and_leaves_nothing_behind(store):
    def twice():
        with store.writing() as connection:
            remember(connection, "y", 1)
            connection.execute(worker_state.insert().values(name="y", value=2))

    with pytest.raises(IntegrityError):
        twice()
    assert read(store, "y") is None
    assert store.engine.pool.checkedout() == 0


def test_a_reader_sees_one_moment(store):
    write(store, 1)
    with store.reading() as connection:
        assert recall(connection, "x") == 1
        write(store, 2)
        assert recall(connection, "x") == 1
    assert read(store) == 2


def test_r13_no_update_is_lost(store):
    write(store, 0)
    errors: list[BaseException] = []

    def count_up():
        try:
            for _ in range(10):
                with store.writing() as connection:
                    remember(connection, "x", recall(connection, "x") + 1)
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            errors.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert read(store) == 40


def test_r13_no_write_skew(store):
    """Two writers that each look at the other's value and then change their own come one after the other."""
    write(store, 1, "a")
    write(store, 1, "b")
    gate = threading.Barrier(2)

    def leave(name):
        gate.wait(30)
        with store.writing() as connection:
            if recall(connection, "a") + recall(connection, "b") == 2:
                remember(connection, name, 0)

    threads = [threading.Thread(target=leave, args=[name]) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(store, "a") + read(store, "b") == 1


def test_r6_a_writer_gives_up_at_the_deadline_and_readers_read_on(store_url, impatient):
    with closing(Store(store_url)) as store, closing(Store(store_url)) as other:
        write(store, 1)
        with other.writing() as connection:
            remember(connection, "x", 2)
            assert read(store) == 1
            with pytest.raises(StoreUnavailable, match="is busy: another program is writing to it"):
                write(store, 3)
            assert read(store) == 1
        assert read(store) == 2
        write(store, 3)
        assert read(store) == 3


def test_r6_a_writer_waits_for_its_turn(store_url):
    with closing(Store(store_url)) as store, closing(Store(store_url)) as other:
        begun = threading.Event()

        def wait_and_write():
            begun.set()
            write(store, 2)

        thread = threading.Thread(target=wait_and_write)
        with other.writing() as connection:
            remember(connection, "x", 1)
            thread.start()
            begun.wait(30)
        thread.join(30)
        assert read(store) == 2


def test_r8_open_for_reading_only(store_url):
    with closing(Store(store_url)) as store:
        write(store, 1)
    with closing(Store(store_url, read_only=True)) as viewer:
        assert read(viewer) == 1
        with pytest.raises(StoreFault, match="open for reading only"):
            write(viewer, 2)
        with pytest.raises(StoreFault, match="may only be read"), viewer.reading() as connection:
            connection.execute(update(worker_state).values(value="2"))
        viewer.checkpoint()
    with closing(Store(store_url)) as store:
        assert read(store) == 1


FULL = """
import resource, signal, sys
from cs_workspace.domain.errors import StoreFault
from cs_workspace.store.engine import Store
from cs_workspace.store.worker_state import recall, remember

store = Store(sys.argv[1])

def write(value):
    with store.writing() as connection:
        remember(connection, "x", value)

write("small")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
try:
    write("x" * 2_000_000)
except StoreFault as error:
    print(error.message)
with store.reading() as connection:
    print(recall(connection, "x"))
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
write("later")
with store.reading() as connection:
    print(recall(connection, "x"))
"""


def test_r7_a_full_disk_is_said_nothing_is_saved_and_it_goes_on_when_there_is_room(fresh_sqlite_url):
    done = subprocess.run(
        [sys.executable, "-c", FULL, fresh_sqlite_url], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    sentence, before, after = done.stdout.splitlines()
    assert sentence.startswith("sqlite store.db ")
    assert sentence.endswith("Nothing was saved.")
    assert (before, after) == ("small", "later")


# --- The write-ahead log of SQLite


def log_of(store) -> Path:
    assert store.path is not None
    return Path(f"{store.path}-wal")


def test_s16_no_connection_folds_the_log_by_itself(fresh_sqlite_url):
    with closing(Store(fresh_sqlite_url)) as store, store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_s16_a_checkpoint_folds_the_log_while_it_holds_the_write_lock(fresh_sqlite_url):
    with closing(Store(fresh_sqlite_url)) as store:
        assert store.path is not None
        write(store, "in the log")
        statements: list[str] = []

        def trace(connection, _):
            connection.set_trace_callback(statements.append)

        event.listen(store.engine, "connect", trace)
        store.engine.dispose()
        with store.reading():  # SQLite folds the log when the last connection closes, so one stays
            write(store, "again")
            store.checkpoint()
        folding = [s for s in statements if s.startswith(("BEGIN IMMEDIATE", "PRAGMA wal_checkpoint", "ROLLBACK"))]
        place = folding.index("PRAGMA wal_checkpoint(PASSIVE)")
        assert folding[place - 1].startswith("BEGIN IMMEDIATE")
        assert folding[place + 1] == "ROLLBACK"
        assert read(store) == "again"


def test_s16_a_checkpoint_steps_back_for_a_writer(fresh_sqlite_url, impatient):
    with closing(Store(fresh_sqlite_url)) as store, store.writing() as connection:
        remember(connection, "x", 1)
        store.checkpoint()
    with closing(sqlite3.connect(str(parse_url(fresh_sqlite_url).database))) as connection:
        assert connection.execute("SELECT value FROM worker_state").fetchall() == [("1",)]


def test_s16_a_large_log_is_folded_after_a_write(fresh_sqlite_url, monkeypatch):
    monkeypatch.setattr(engine, "_WAL_LIMIT", 50_000)
    with closing(Store(fresh_sqlite_url)) as store, closing(Store(fresh_sqlite_url)) as witness, witness.reading():
        for number in range(60):
            write(store, "x" * 20_000 + str(number))
        size = log_of(store).stat().st_size
    assert size < 60 * 20_000


# --- What goes into SQL


def test_s10_values_are_values_whatever_they_look_like(store):
    nasty = "Robert'); DROP TABLE worker_state; -- %s :x \\ \" \u202e ]["
    write(store, nasty, nasty)
    assert read(store, nasty) == nasty
    with store.reading() as connection:
        assert connection.scalar(select(worker_state.c.name)) == nasty


def test_a_read_that_outlives_its_store_leaves_no_connection(store_url):
    store = Store(store_url)
    with store.reading() as connection:
        driver: Any = connection.connection.driver_connection
        store.close()
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        driver.execute("SELECT 1")
