"""Where every failure ends: one line on standard error, an exit code, and never a trace on the terminal."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import click

from cs_workspace.cli.output import to_json
from cs_workspace.cli.session import APP, Session, log_file
from cs_workspace.domain.errors import StoreFault, Usage, WorkspaceError
from cs_workspace.domain.text import masked, printable

FAILED, INTERRUPTED = 1, 130


def guarded(act: Callable[[], object], session: Session, arguments: Sequence[str]) -> int:
    """Run the command and give its exit code, whatever happens."""
    as_json = _wants_json(session, arguments)
    try:
        try:
            done = act()
            sys.stdout.flush()
            return done if isinstance(done, int) else 0
        finally:
            session.close()
    except WorkspaceError as error:
        return _report(error, as_json or session.format == "json")
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return _interrupted()
    except click.ClickException as error:
        return _report(_usage(error), as_json)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        _quiet()
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            return _report(_fault(error), as_json)
        _quiet()
        return _report(StoreFault("The output cannot be written: no space is left."), as_json)
    except Exception as error:  # noqa: BLE001 - whatever else is raised is a fault in the program
        return _report(_fault(error), as_json)


def _wants_json(session: Session, arguments: Sequence[str]) -> bool:
    """Whether errors go out as objects too, known even when the options cannot be read."""
    pairs = pairwise([*arguments, ""])
    return session.format == "json" or any(a == "--format=json" or (a, b) == ("--format", "json") for a, b in pairs)


def _report(error: WorkspaceError, as_json: bool) -> int:
    with contextlib.suppress(BrokenPipeError):
        click.echo(printable(masked(f"{APP}: {error}")), err=True)
        if as_json:
            shown = {"error": error.code, "message": masked(error.message), "hint": masked(error.hint)}
            click.echo(to_json(shown), err=True)
    return error.exit_code


def _usage(error: click.ClickException) -> Usage:
    """What click says, as one sentence and where to read more."""
    message = " ".join(error.format_message().split())
    path = ""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        path = f" {error.ctx.command_path}".removeprefix(f" {APP}")
    return Usage(message if message.endswith((".", "?")) else f"{message}.", f"See `{APP}{path} --help`.")


def _interrupted() -> int:
    with contextlib.suppress(BrokenPipeError):
        begun = "\n" if sys.stderr.isatty() else ""  # the terminal has ^C at the end of its line
        click.echo(f"{begun}{APP}: interrupted.", err=True)
    return INTERRUPTED


def _quiet() -> None:
    """Nobody reads any more: what is left to write goes nowhere, and Python does not complain at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _fault(error: Exception) -> WorkspaceError:
    reference = secrets.token_hex(4)
    written = write_log(f"fault {reference}", traceback.format_exception(error))
    where = f"The details are in {written}." if written else "The details could not be written down."
    return WorkspaceError(f"A fault in the program, reference {reference}: {type(error).__name__}.", where)


def write_log(title: str, lines: Sequence[str]) -> Path | None:
    """Add to the log, which only its owner may read: no control characters, no passwords. None when that fails."""
    path = log_file()
    text = masked("".join(lines))
    shown = [printable(line) for line in text.splitlines()]
    head = f"{datetime.now(UTC).isoformat(timespec='seconds')} {printable(title)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write("".join(f"{line}\n" for line in (head, *shown)))
    except OSError:
        return None
    return path
