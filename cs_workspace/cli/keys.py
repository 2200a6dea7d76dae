"""The line that lets a key open a session of its user, and nothing else (IDN-2)."""

from __future__ import annotations

import contextlib
import pwd
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import APP, Session, pass_session

if TYPE_CHECKING:
    from cs_workspace.store.engine import Store


@click.command("authorized-keys", cls=Command)
@click.argument("user")
@click.argument("key_type", metavar="KEYTYPE")
@click.argument("key")
@pass_session
def authorized_keys(session: Session, user: str, key_type: str, key: str) -> None:
    """Print the line OpenSSH's AuthorizedKeysCommand wants, for `%u %t %k`; nothing for a key nobody has.

    USER is the account of the operating system somebody logs in to. Only the one this command runs as, or that owns
    the store, gets an answer, so that no key opens any other account of the machine.
    """
    from cs_workspace.workspace import people
    from cs_workspace.workspace.door import Workspace

    store = session.store
    if user not in _service_accounts(store):
        return
    owner = Workspace(store, session.clock, None, source="ssh").run(people.owner_of_key, key_type, key)
    if owner is None or not owner.login.isprintable():
        return
    program = shutil.which(sys.argv[0]) or shutil.which(APP) or APP
    address = str(store.path) if store.path else store.url.set(password=None).render_as_string()
    words = [str(Path(program).absolute()), "--db", address, "session", "--user", owner.login]
    command = " ".join(shlex.quote(word) for word in words).replace("\\", "\\\\").replace('"', '\\"')
    session.output.line(f'restrict,pty,command="{command}" {key_type} {key}')


def _service_accounts(store: Store) -> set[str]:
    from cs_workspace.workspace.identity import os_user

    accounts = {os_user()}
    if store.path is not None:
        with contextlib.suppress(KeyError):
            accounts.add(pwd.getpwuid(store.path.stat().st_uid).pw_name)
    return accounts
