"""Looking after the store: backup, restore, migrate, doctor, info, paths."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workspace.cli.ask import confirm
from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import APP, Session, default_database, log_file, pass_session
from cs_workspace.domain.errors import Refused, StoreFault, StoreUnavailable, Usage
from cs_workspace.domain.text import masked

if TYPE_CHECKING:
    from cs_workspace.store.engine import Store

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Command)
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@pass_session
def backup(session: Session, file: Path, force: bool) -> None:
    """Copy the store to FILE while others go on working, and check the copy. Prints its SHA-256."""
    from cs_workspace.store import migrate
    from cs_workspace.workspace.care import copy_or_replace

    session.run(copy_or_replace)
    store = session.store
    if store.path is not None and file.exists():
        if file.samefile(store.path):
            raise Usage(f"{file} is the store itself.", "Name another file.")
        if not force:
            raise Usage(f"{file} exists already.", "Name another file, or say --force.")
    try:
        digest = migrate.backup(store, file.absolute())
    except OSError as error:
        raise StoreFault(f"{file} cannot be written: {error.strerror}.", "Choose another place.") from error
    session.output.record({"file": str(file), "bytes": file.stat().st_size, "sha256": digest})


@click.command(cls=Command)
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def restore(session: Session, file: Path, yes: bool) -> None:
    """Put a checked copy of the backup FILE in the store's place. The file that was there is kept beside it.

    End every session and worker on the store first: they would go on writing to the file that was replaced.
    """
    from cs_workspace.store import migrate

    store = session.connect()
    if store.path is None:
        raise Usage("A PostgreSQL store is restored with pg_restore.", "See docs/operations.md.")
    if session.read_only:
        raise store.is_read_only()
    target = store.path
    there = target.exists()
    if there:
        if file.exists() and file.samefile(target):
            raise Usage(f"{file} is the store itself.", "Name a backup.")
        _may_replace(session, store)
        confirm(f"Replace {target} with {file}? The old file is kept as {target.name}.before-restore.", yes=yes)
    store.close()
    migrate.restore(file.absolute(), target)
    kept = str(target.with_name(f"{target.name}.before-restore")) if there else None
    session.output.record({"store": str(target), "from": str(file), "kept": kept})


def _may_replace(session: Session, store: Store) -> None:
    """A super admin may; of a store that cannot be read any more, whoever owns the file. Raises Refused."""
    from cs_workspace.workspace.care import copy_or_replace
    from cs_workspace.workspace.identity import is_ones_own

    try:
        session.run(copy_or_replace)
    except (StoreFault, StoreUnavailable, Usage):
        if not is_ones_own(store):
            raise Refused(f"{store.label} belongs to somebody else.", "Ask whoever owns the file.") from None


@click.command(cls=Command)
@pass_session
def migrate(session: Session) -> None:
    """Bring the tables of the store to this program's version, after a backup of a SQLite file."""
    from cs_workspace.store import migrate as migrations

    store = _there(session)
    before = migrations.revision(store)
    migrations.require_current(store)
    session.output.record({"store": store.label, "from": before, "to": migrations.HEAD})


@click.command(cls=Command)
@pass_session
def doctor(session: Session) -> int:
    """Look whether the store is well: file, tables, links, journal, worker, goals. Exit code 1 when it is not."""
    from cs_workspace.workspace.care import Finding, examine

    found = list(examine(_there(session)))
    session.output.rows({"check": c.name, "finding": str(c.finding), "text": c.text} for c in found)
    return int(any(c.finding is Finding.WRONG for c in found))


def _there(session: Session) -> Store:
    store = session.connect()
    if store.path is not None and not store.path.exists():
        raise Usage(f"There is no store at {store.path}.", "Name another with --db.")
    return store


@click.command(cls=Command)
@pass_session
def info(session: Session) -> None:
    """What the store holds: the account, how many records of each object, versions."""
    from cs_workspace.workspace import account, care

    holdings = session.run(care.holdings)
    session.output.record(
        {
            "store": session.store.label,
            "acting": session.workspace.login,
            "account": session.run(account.settings)
            if not session.output.is_table
            else session.run(account.account).name,
            **holdings,
            "program": version(APP),
            "python": platform.python_version(),
        }
    )


@click.command(cls=Command)
@pass_session
def paths(session: Session) -> None:
    """Where things are kept."""
    session.output.record(
        {
            "store": masked(session.address)
            if "://" in session.address
            else str(Path(session.address).expanduser().absolute()),
            "default_store": str(default_database()),
            "log": str(log_file()),
        }
    )
