"""The version of a store's tables: made, compared, brought up to date; Alembic is imported only for work to do."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.exc import DBAPIError

from cs_workspace.domain.errors import StoreUnavailable, Usage, WorkspaceError
from cs_workspace.store.engine import APPLICATION_ID, Store, create_sqlite_file

HEAD = "0003"  # of SCRIPTS / "versions"
SCRIPTS = Path(__file__).parent / "migrations"
_version = table("alembic_version", column("version_num"))


def revision(store: Store) -> str | None:
    """The version of the store's tables; none when it has no tables of ours. Raises StoreUnavailable, StoreFault."""
    try:
        with store.reading() as connection:
            return connection.scalar(select(_version.c.version_num)) if _is_ours(connection) else None
    except Usage as error:
        if "no tables of ours" in error.message:
            return None
        raise


def _is_ours(connection: Connection) -> bool:
    """Whether a SQLite file bears our mark; many programs keep an `alembic_version`."""
    if connection.dialect.name != "sqlite":
        return True
    return bool(connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID)


def require_current(store: Store) -> None:
    """Bring an older store up to date, after a backup of a file. Raises Usage when it is newer or not ours."""
    found = revision(store)
    if found == HEAD:
        return
    if found is None:
        raise Usage(f"{store.label} is not a store: it has no tables of ours.", "Make one with `cs-workspace init`.")
    if found > HEAD:
        raise Usage(
            f"{store.label} was written by a newer cs-workspace (tables {found}, this program knows {HEAD}).",
            "Update cs-workspace; nothing was changed.",
        )
    upgrade(store, store.path.with_name(f"{store.path.name}.before-{HEAD}") if store.path else None)


def create(store: Store) -> None:
    """Make an empty store: the file of SQLite, the tables of both. Raises Usage when there is one already."""
    began = store.path is not None and _is_unfinished(store)
    if store.path and not began:
        create_sqlite_file(store.path)
    try:
        if not upgrade(store):
            raise Usage(f"{store.label} is a store already.", "Choose another with --db.")
    except WorkspaceError:
        if store.path and not began:
            store.close()
            store.path.unlink(missing_ok=True)
        raise


def _is_unfinished(store: Store) -> bool:
    """Whether a program that was making this file died before there were tables in it."""
    if store.path is None or not store.path.exists():
        return False
    if store.path.stat().st_size == 0:
        store.path.unlink()
        return False
    try:
        with store.reading() as connection:
            return _is_ours(connection) and not inspect(connection).get_table_names()
    except WorkspaceError:
        return False


def upgrade(store: Store, saved: Path | None = None) -> bool:
    """Bring the tables to `HEAD` in one transaction: all of it or nothing; False when there was nothing to do.

    `saved` is where a SQLite file is copied to first. Of several programs one does it, the others wait.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    from cs_workspace.store.tables.registry import metadata

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)  # noqa: SLF001 - what alembic.command.upgrade calls

    with store.writing() as connection, EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
        if environment.get_context().get_current_revision() == HEAD:
            return False
        if saved is not None:
            backup(store, saved)
        with environment.begin_transaction():
            environment.run_migrations()
    return True


def backup(store: Store, target: Path) -> str:
    """Copy a SQLite store to a new file while others work; the SHA-256 of the copy. Raises StoreFault, Usage."""
    import sqlite3

    if store.path is None:
        raise Usage("A PostgreSQL store is backed up with pg_dump.", "See docs/operations.md.")
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    create_sqlite_file(partial)
    try:
        with store.reading() as connection:
            source = connection.connection.driver_connection
            assert source is not None
            copy = sqlite3.connect(partial)
            try:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                healthy = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                sound = copy.execute("PRAGMA foreign_key_check").fetchone() is None
            finally:
                copy.close()
        if not (healthy and sound):
            raise StoreUnavailable(f"The copy of {store.label} is damaged.", "Run `cs-workspace doctor`.")
        digest = hashlib.sha256(partial.read_bytes()).hexdigest()
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return digest


def restore(source: Path, target: Path) -> None:
    """Put a checked copy of a backup in place of `target`; the file that was there is kept beside it. Raises Usage."""
    import sqlite3

    if not source.is_file():
        raise Usage(f"There is no backup {source}.")
    check = Store(str(source), read_only=True)
    try:
        require_known(check)
    finally:
        check.close()
    log = source.with_name(source.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise Usage(f"{source} is a store in use, not a backup.", "Copy it with `cs-workspace backup` first.")
    fresh = target.with_name(target.name + ".restored")
    fresh.unlink(missing_ok=True)
    create_sqlite_file(fresh)
    try:
        shutil.copyfile(source, fresh)
        connection = sqlite3.connect(fresh)
        try:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise Usage(f"{source} is damaged: it fails SQLite's integrity check.", "Take an older backup.")
            connection.execute("PRAGMA journal_mode=WAL")
        finally:
            connection.close()
    except (Usage, sqlite3.Error, OSError):
        fresh.unlink(missing_ok=True)
        raise
    if target.exists():
        kept = target.with_name(target.name + ".before-restore")
        for suffix in ("", "-wal", "-shm"):  # the log may hold what is not in the file yet
            kept.with_name(kept.name + suffix).unlink(missing_ok=True)
        target.replace(kept)
        log = target.with_name(target.name + "-wal")
        if log.exists():
            log.replace(kept.with_name(kept.name + "-wal"))
        target.with_name(target.name + "-shm").unlink(missing_ok=True)
    fresh.replace(target)


def require_known(store: Store) -> str:
    """The version of a store's tables, refused when there are none or this program does not know them."""
    found = revision(store)
    if found is None or found > HEAD:
        raise Usage(f"{store.label} is not a store this program can read.", "Take another file.")
    return found


def integrity(connection: Connection) -> list[str]:
    """What is wrong with the file or the links between tables; empty when all is well."""
    if connection.dialect.name != "sqlite":
        return []
    try:
        found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        found += [
            f"{row[0]} {row[1]} points to a missing {row[2]}"
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
        ]
    except DBAPIError as error:
        found = [str(error.orig)]
    return found
