"""What the worker does, job by job: each knows whether it is due and how to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cs_workspace.workspace import calculation, notices, upkeep
from cs_workspace.workspace.door import Workspace


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work: `run` says how many values moved."""

    name: str
    is_due: Callable[[Workspace], bool]
    run: Callable[[Workspace], int]


def _catch_up(workspace: Workspace) -> int:
    return workspace.run(calculation.catch_up)


def _full_is_due(workspace: Workspace) -> bool:
    return workspace.run(calculation.full_is_due)


def _full(workspace: Workspace) -> int:
    return workspace.run(calculation.full)


def _tell(workspace: Workspace) -> int:
    workspace.run(notices.write)
    return 0  # being told moves no value


# A writing operation freezes what is over before it does anything else, so catching up does that too (WRK-3).
JOBS = (
    Job("goals", lambda workspace: workspace.run(calculation.is_behind), _catch_up),
    Job("goals in full", _full_is_due, _full),
    Job("notifications", lambda workspace: workspace.run(notices.is_due), _tell),
    Job("bin", lambda workspace: workspace.run(upkeep.bin_is_due), lambda workspace: workspace.run(upkeep.empty_bin)),
)
