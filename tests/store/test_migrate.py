"""Making a store, comparing its version, bringing it up to date (R3, R4, R9, R10)."""

from __future__ import annotations

import hashlib
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from cs_workspace.domain.errors import StoreFault, StoreUnavailable, Usage, WorkspaceError
from cs_workspace.domain.views import BUILT_IN
from cs_workspace.store import migrate
from cs_workspace.store.engine import APPLICATION_ID, Store, create_sqlite_file
from cs_workspace.store.migrate import HEAD, backup, create, require_current, restore, revision
from cs_workspace.store.tables.registry import metadata
from cs_workspace.store.views import load

NEXT = "0004"
NEXT_REVISION = f"""
import sys
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{NEXT}", "{HEAD}"

def upgrade():
    op.create_table("first_half", sa.Column("id", sa.Integer, primary_key=True))
    if "--die" in sys.argv:
        print("half", flush=True)
        sys.stdin.read()
    op.create_table("second_half", sa.Column("id", sa.Integer, primary_key=True))
"""
PROGRAM = """
import pathlib, sys
from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.store import migrate
from cs_workspace.store.engine import Store

url, scripts, head = sys.argv[1:4]
migrate.SCRIPTS, migrate.HEAD = pathlib.Path(scripts), head
store = Store(url)
print("ready", flush=True)
sys.stdin.readline()
try:
    migrate.create(store) if "--create" in sys.argv else migrate.require_current(store)
except WorkspaceError as error:
    print(type(error).__name__, error.message)
else:
    print("done", migrate.revision(store))
"""

# A company handed over twice, one made with its owner, one without an owner, one the journal knows nothing of.
STORE_0002 = (
    "INSERT INTO users (id, login, name, created_at, search_text) VALUES (1, 'dana', 'Dana', 1, 'dana')",
    "INSERT INTO account VALUES (1, 'Acme', 'UTC', 'EUR', 1, 0, 'enterprise', '{}', 24, 1, NULL)",
    (
        "INSERT INTO companies (id, name, owner, created_at, search_text) VALUES "
        "(1, 'Two', 1, 10, 'two'), (2, 'One', 1, 10, 'one'), (3, 'None', NULL, 10, 'none'), (4, 'Odd', 1, 20, 'odd')"
    ),
    (
        "INSERT INTO entries (id, at, source, label, undoable) VALUES (1, 50, '', '', 0), (2, 60, '', '', 0), "
        "(3, 70, '', '', 0), (4, 80, '', '', 0)"
    ),
    (
        "INSERT INTO changes (id, entry, object, record, kind, property) VALUES (1, 1, 3, 1, 'created', NULL), "
        "(2, 1, 3, 2, 'created', NULL), (3, 1, 3, 3, 'created', NULL), (4, 2, 3, 1, 'changed', 'owner'), "
        "(5, 3, 3, 1, 'changed', 'owner'), (6, 4, 3, 1, 'changed', 'name')"
    ),
)


@pytest.fixture
def newer_scripts(tmp_path):
    """The migrations of a next version of the program."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{NEXT}_next.py").write_text(NEXT_REVISION)
    return folder


@pytest.fixture
def newer_program(newer_scripts, monkeypatch):
    """This process is the next version of the program."""
    monkeypatch.setattr(migrate, "SCRIPTS", newer_scripts)
    monkeypatch.setattr(migrate, "HEAD", NEXT)
    return newer_scripts


@contextmanager
def program(url: str, scripts: Path, *options: str, head: str = NEXT):
    command = [sys.executable, "-c", PROGRAM, url, str(scripts), head, *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def says(running):
    return running.stdout.readline().strip()


def go(running) -> None:
    running.stdin.write("\n")
    running.stdin.flush()


def tables(store) -> set[str]:
    with store.reading() as connection:
        return set(inspect(connection).get_table_names())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- The first version


def test_the_migrations_make_what_the_program_works_with(store_url):
    """Nothing is left to migrate, but for what SQLAlchemy has no words for: the full-text indexes."""

    def counts(thing, name, kind, reflected, compare_to):
        return "_words" not in (name or "")

    with closing(Store(store_url)) as store, store.reading() as connection:
        options = {"compare_type": True, "compare_server_default": not store.is_sqlite, "include_object": counts}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_head_this_program_knows_is_the_newest_script():
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_r3_a_store_is_made_once(empty_store_url):
    with closing(Store(empty_store_url)) as store:
        create(store)
        assert revision(store) == HEAD
        require_current(store)
        before = tables(store)
        with pytest.raises(Usage, match="already"):
            create(store)
        assert tables(store) == before
        assert revision(store) == HEAD


def test_r9_a_database_without_tables_is_no_store(empty_store_url):
    with closing(Store(empty_store_url)) as store:
        if store.path:
            create_sqlite_file(store.path)
        assert revision(store) is None
        with pytest.raises(Usage, match="is not a store: it has no tables of ours"):
            require_current(store)
        assert tables(store) == set()


# --- Up to date


def test_r3_an_older_store_is_brought_up_to_date(store_url, newer_program):
    with closing(Store(store_url)) as store:
        old = tables(store)
        require_current(store)
        assert revision(store) == NEXT
        assert tables(store) == {*old, "first_half", "second_half"}


def test_r3_a_file_is_copied_before_it_is_brought_up_to_date(fresh_sqlite_url, newer_program):
    with closing(Store(fresh_sqlite_url)) as store:
        assert store.path is not None
        require_current(store)
        saved = store.path.with_name(f"{store.path.name}.before-{NEXT}")
    assert saved.stat().st_mode & 0o777 == 0o600
    with closing(Store(str(saved))) as copy:
        assert revision(copy) == HEAD
        assert "first_half" not in tables(copy)


def test_r10_a_newer_store_is_refused_and_left_alone(store_url, newer_program, monkeypatch):
    with closing(Store(store_url)) as store:
        require_current(store)
        store.checkpoint()
        monkeypatch.undo()
        before = digest(store.path) if store.path else ""
        with pytest.raises(Usage, match=f"written by a newer cs-workspace .tables {NEXT}, this program knows {HEAD}"):
            require_current(store)
        assert revision(store) == NEXT
        assert before == (digest(store.path) if store.path else "")


def test_r3_killed_half_way_nothing_has_happened_and_the_next_program_does_it(store_url, newer_program):
    with program(store_url, newer_program, "--die") as running:
        assert says(running) == "ready"
        go(running)
        assert says(running) == "half"
        running.send_signal(signal.SIGKILL)
    with closing(Store(store_url)) as store:
        assert revision(store) == HEAD
        assert "first_half" not in tables(store)
        require_current(store)
        assert revision(store) == NEXT
        assert {"first_half", "second_half"} <= tables(store)


def test_r3_killed_while_a_store_is_made_the_next_program_makes_it(empty_store_url, newer_program):
    with program(empty_store_url, newer_program, "--die", "--create") as running:
        assert says(running) == "ready"
        go(running)
        assert says(running) == "half"
        running.send_signal(signal.SIGKILL)
    with closing(Store(empty_store_url)) as store:
        assert revision(store) is None
        create(store)
        assert revision(store) == NEXT


def test_r4_of_three_programs_one_brings_it_up_to_date_and_the_others_wait(store_url, newer_scripts):
    with (
        program(store_url, newer_scripts) as one,
        program(store_url, newer_scripts) as two,
        program(store_url, newer_scripts) as three,
    ):
        every = (one, two, three)
        assert [says(each) for each in every] == ["ready"] * 3
        for each in every:
            go(each)
        assert [says(each) for each in every] == [f"done {NEXT}"] * 3
    with closing(Store(store_url)) as store:
        if store.path:
            with closing(Store(str(store.path.with_name(f"{store.path.name}.before-{NEXT}")))) as copy:
                assert revision(copy) == HEAD, "the copy is of the store as it was before the first of them"


def test_r4_of_three_programs_one_makes_a_store_and_the_others_are_told(empty_store_url):
    with (
        program(empty_store_url, migrate.SCRIPTS, "--create", head=HEAD) as one,
        program(empty_store_url, migrate.SCRIPTS, "--create", head=HEAD) as two,
        program(empty_store_url, migrate.SCRIPTS, "--create", head=HEAD) as three,
    ):
        every = (one, two, three)
        assert [says(each) for each in every] == ["ready"] * 3
        for each in every:
            go(each)
        answers = sorted(says(each) for each in every)
    assert answers[2] == f"done {HEAD}"
    assert all(answer.startswith("Usage ") and "already" in answer for answer in answers[:2])


# --- What a version brings


def test_cus_2_a_store_of_version_0002_gets_built_in_views_and_since_when_records_have_their_owners(
    empty_store_url, tmp_path, monkeypatch
):
    with closing(Store(empty_store_url)) as store:
        with monkeypatch.context() as older:
            folder = tmp_path / "older"
            shutil.copytree(migrate.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__", "0003*"))
            older.setattr(migrate, "SCRIPTS", folder)
            older.setattr(migrate, "HEAD", "0002")
            create(store)
        with store.writing() as connection:
            for statement in STORE_0002:
                connection.exec_driver_sql(statement)
        require_current(store)
        with store.reading() as connection:
            found = load(connection, 3, "companies", 1), load(connection, 4, "contacts", 1)
            assigned = connection.exec_driver_sql("SELECT owner_assigned_at FROM companies ORDER BY id").scalars().all()
    assert [[(v.builtin, v.name, v.default_position) for v in views] for views in found] == [
        [("owned_by_me", "Owned by me", 1), ("assigned_lately", "Assigned in the last 30 days", 2)]
    ] * 2
    assert [(v.name, v.description, v.query, v.sort) for v in found[0]] == [
        (each.name, each.description, each.query, each.sort) for each in BUILT_IN.values()
    ]
    assert assigned == [70, 50, None, 20]


def test_a_store_without_an_account_gets_its_views_with_the_account(store_url):
    with closing(Store(store_url)) as store, store.reading() as connection:
        assert load(connection, 3, "companies", 1) == []


# --- Files that are no stores


def foreign(path: Path) -> None:
    """A database of another program that also has an `alembic_version`."""
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            f"CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('{HEAD}')"
        )


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scratch(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xaa" * 3996
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "kind", "sentence"),
    [
        (lambda path: path.unlink(), Usage, "cannot be opened"),
        (lambda path: path.write_bytes(b""), Usage, "has no tables of ours"),
        (lambda path: path.write_text("Dear diary, today I opened a shop.\n" * 50), StoreFault, "is something else"),
        (lambda path: path.write_bytes(path.read_bytes()[:100]), WorkspaceError, "is "),
        (foreign, Usage, "is not a store"),
        (cut, WorkspaceError, "is "),
        (scratch, StoreFault, "is damaged"),
    ],
    ids=["missing", "empty", "text", "header only", "foreign", "truncated", "scratched"],
)
def test_r9_a_file_that_is_no_store_is_refused_with_its_name_and_left_alone(
    fresh_sqlite_url, newer_program, damage, kind, sentence
):
    with closing(Store(fresh_sqlite_url)) as store:
        path = store.path
        assert path is not None
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        damage(path)
        before = digest(path) if path.exists() else None
        others = set(path.parent.glob("store.db?*"))
        with pytest.raises(kind, match=sentence) as caught:
            require_current(store)
        assert path.name in caught.value.message
        assert before == (digest(path) if path.exists() else None)
    assert set(path.parent.glob("store.db?*")) == others


# --- Copies


def test_r23_a_backup_is_sound_private_and_hashed(fresh_sqlite_url, tmp_path):
    target = tmp_path / "copy.db"
    with closing(Store(fresh_sqlite_url)) as store:
        with store.writing() as writer:
            writer.exec_driver_sql("INSERT INTO worker_state (name, value) VALUES ('x', '1')")
        assert backup(store, target) == digest(target)
        assert target.stat().st_mode & 0o777 == 0o600
        assert not list(tmp_path.glob("*.partial"))
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("SELECT name FROM worker_state").fetchall() == [("x",)]
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_r23_a_backup_is_made_while_somebody_writes(fresh_sqlite_url, tmp_path):
    with closing(Store(fresh_sqlite_url)) as store, store.writing() as writer:
        writer.exec_driver_sql("INSERT INTO worker_state (name, value) VALUES ('x', '1')")
        backup(store, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("SELECT name FROM worker_state").fetchall() == []


def test_r23_a_backup_comes_back_and_what_was_there_is_kept(fresh_sqlite_url, tmp_path):
    copy = tmp_path / "copy.db"
    with closing(Store(fresh_sqlite_url)) as store:
        path = store.path
        assert path is not None
        backup(store, copy)
        with store.writing() as writer:
            writer.exec_driver_sql("INSERT INTO worker_state (name, value) VALUES ('x', '1')")
        store.checkpoint()
    restore(copy, path)
    for file, rows in ((path, 0), (path.with_name("store.db.before-restore"), 1)):
        with closing(Store(str(file))) as store, store.reading() as connection:
            found = connection.exec_driver_sql("SELECT count(*) FROM worker_state").scalar()
            assert found == rows
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"nothing of ours" * 500])
def test_r9_what_is_no_backup_is_not_restored(fresh_sqlite_url, tmp_path, content):
    with closing(Store(fresh_sqlite_url)) as store:
        path = store.path
        assert path is not None
    before = digest(path)
    bad = tmp_path / "bad.db"
    bad.write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"bad\.db"):
        restore(bad, path)
    with pytest.raises(Usage, match="There is no backup"):
        restore(tmp_path / "none.db", path)
    assert digest(path) == before


def test_postgresql_is_backed_up_by_its_own_tool(fresh_postgres_url, tmp_path):
    with closing(Store(fresh_postgres_url)) as store, pytest.raises(Usage, match="pg_dump"):
        backup(store, tmp_path / "copy")


def test_r9_an_unreachable_server_is_said_to_be_so():
    with (
        closing(Store("postgresql://nobody@localhost:1/none")) as store,
        pytest.raises(StoreUnavailable, match="reached"),
    ):
        require_current(store)
