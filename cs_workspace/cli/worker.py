"""The worker as its own process."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import Session, pass_session


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="Do what is due, then end.")
@pass_session
def worker(session: Session, once: bool) -> int:
    """Keep goals fresh until told to end. Every session does the same on the side; one at a time works."""
    from cs_workspace.worker.runner import run_worker

    if session.read_only:
        raise session.store.is_read_only()
    return run_worker(session.store, session.clock, once=once, on_event=session.note)
