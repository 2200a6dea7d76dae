"""Who a session acts for (IDN-1 to IDN-3): what the operating system or an SSH key proves, or what an owner chooses.

Nothing here reads the environment: `$USER` and `$LOGNAME` are whatever the caller wants them to be.
"""

from __future__ import annotations

import os
import pwd

from cs_workspace.domain.errors import Refused
from cs_workspace.store.engine import Store
from cs_workspace.workspace.door import load_settings


def os_user() -> str:
    """The name of the operating system's user this process runs as; its number when it has no name."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def is_ones_own(store: Store) -> bool:
    """Whether whoever runs this process rules the store: owns the SQLite file, or holds the PostgreSQL URL."""
    if store.path is None:
        return True
    return store.path.stat().st_uid == os.getuid()


def acting_login(store: Store, chosen: str | None = None, *, proven: str | None = None) -> str:
    """The login a session acts for. Raises Refused.

    `chosen` is what `--as` asks for, `proven` the login an SSH key belongs to: given by the session command alone, and
    then nothing can be chosen. Whether the user exists and is active is for the door to say.
    """
    if proven is not None:
        if chosen is not None:
            raise Refused("--as is not for SSH sessions: the key says who you are.", "Leave it out.")
        return proven
    own = is_ones_own(store)
    if chosen is not None:
        if not own:
            raise Refused(
                f"--as is for the owner of {store.label}, and that is somebody else.",
                "Leave it out to act as yourself.",
            )
        return chosen
    name = os_user()
    with store.reading() as connection:
        settings = load_settings(connection)
    known = settings.directory.by_login(name)
    if known is not None:
        return known.login
    admin = settings.directory.people.get(settings.account.admin or 0)
    if store.path is not None and own and admin is not None:
        return admin.login
    hint = "Say who you are with --as LOGIN." if own else "Ask a super admin for a user of that login."
    raise Refused(f"{store.label} has no user {name!r}.", hint)
