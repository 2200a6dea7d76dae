"""What can go wrong, each a sentence a user can act on.

::

    WorkspaceError            failed                       exit code 1
    ├── Usage                 wrong use or configuration   2
    ├── StoreUnavailable      store unreachable, try again 3
    ├── StoreFault            store full, damaged, closed  1
    ├── Refused               permission                   5
    ├── NotFound              no such record               1
    ├── Conflict              somebody changed it          1
    └── Invalid               a value that cannot be       2

Everything else that is raised is a bug.
"""

from __future__ import annotations


class WorkspaceError(Exception):
    """Base of all errors shown to a user: ``message`` says what and where, ``hint`` what to do."""

    code = "failed"
    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        ending = "." if self.hint and self.message[-1:] not in ".!?:…" else ""
        return f"{self.message}{ending} {self.hint}".strip()


class Usage(WorkspaceError):
    """The command or its configuration is wrong."""

    code = "usage"
    exit_code = 2


class StoreUnavailable(WorkspaceError):
    """The store cannot be reached or is busy: trying again may help."""

    code = "store_unavailable"
    exit_code = 3


class StoreFault(WorkspaceError):
    """The store is full, damaged, or may only be read: trying again does not help."""

    code = "store_fault"


class Refused(WorkspaceError):
    """A permission or a seat is missing; the message names it (PER-14)."""

    code = "refused"
    exit_code = 5


class NotFound(WorkspaceError):
    """No record answers to the name or id."""

    code = "not_found"


class Conflict(WorkspaceError):
    """Somebody else changed the same property meanwhile (REC-7)."""

    code = "conflict"


class Invalid(WorkspaceError):
    """A value that cannot be: ``field`` names the property or option, ``why`` the reason."""

    code = "invalid"
    exit_code = 2

    def __init__(self, field: str, why: str, hint: str = "") -> None:
        super().__init__(f"{field}: {why}", hint)
        self.field = field
        self.why = why
