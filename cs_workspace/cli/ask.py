"""Questions on a terminal; without one nothing is ever waited for."""

from __future__ import annotations

import sys

import click

from cs_workspace.domain.errors import Usage, WorkspaceError
from cs_workspace.domain.text import printable


def has_terminal() -> bool:
    """Whether somebody can be asked: input and narration are on a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, yes: bool, times: int = 1) -> None:
    """Go on when `--yes` says so or the person does, asked so many times.

    Raises Usage without a terminal, WorkspaceError when the person does not want it.
    """
    if yes:
        return
    if not has_terminal():
        raise Usage(f"{question} Nobody is there to ask.", "Say --yes.")
    for number in range(times):
        if not click.confirm(printable(f"{'Really? ' if number else ''}{question}"), err=True):
            raise WorkspaceError("Nothing was done.")
