"""The pipelines of the made-up company, the usual ones and its own, and their stages by name."""

from __future__ import annotations

from dataclasses import dataclass

from cs_workspace.store.account import Pipeline, Stage, load_pipelines
from cs_workspace.store.engine import Connection
from cs_workspace.store.journal import Journal
from cs_workspace.workspace.setup import StageSpec, create_pipeline

RENEWALS, ESCALATIONS, ONBOARDING = "Renewal pipeline", "Escalation pipeline", "Onboarding pipeline"
OWN = (
    (
        "deals",
        RENEWALS,
        (
            StageSpec("Renewal upcoming", probability=0.5),
            StageSpec("In negotiation", probability=0.7),
            StageSpec("Quote sent", probability=0.9),
            StageSpec("Renewed", is_closed=True, probability=1.0),
            StageSpec("Churned", is_closed=True, probability=0.0),
        ),
    ),
    (
        "tickets",
        ESCALATIONS,
        (
            StageSpec("Reported"),
            StageSpec("With engineering"),
            StageSpec("Fix in test"),
            StageSpec("Resolved", is_closed=True),
        ),
    ),
    (
        "services",
        ONBOARDING,
        (
            StageSpec("New"),
            StageSpec("Kick-off"),
            StageSpec("In progress"),
            StageSpec("Review"),
            StageSpec("Closed", is_closed=True),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A pipeline as records walk through it."""

    pipeline: int
    open: tuple[Stage, ...]
    closed: tuple[Stage, ...]

    @property
    def won(self) -> Stage:
        """The stage of success; the only closed one where there is one."""
        return self.closed[0]

    @property
    def lost(self) -> Stage:
        """The stage of failure."""
        return self.closed[-1]


def add_own(journal: Journal) -> None:
    """Write the company's own pipelines beside the usual ones."""
    for object_name, label, stages in OWN:
        create_pipeline(journal, object_name, label, stages, position=1)


def ways(connection: Connection) -> dict[str, Way]:
    """All pipelines by label."""
    return {each.label: _way(each) for each in load_pipelines(connection)}


def _way(pipeline: Pipeline) -> Way:
    return Way(
        pipeline.id,
        tuple(s for s in pipeline.stages if not s.is_closed),
        tuple(s for s in pipeline.stages if s.is_closed),
    )
