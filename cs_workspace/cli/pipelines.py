"""Pipelines and their stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cs_workspace.cli.commands import Group
from cs_workspace.cli.session import Session, pass_session

if TYPE_CHECKING:
    from cs_workspace.store.account import Stage


@click.group(cls=Group)
def pipelines() -> None:
    """Pipelines and their stages."""


@pipelines.command("list")
@click.argument("object", required=False)
@pass_session
def list_(session: Session, object: str | None) -> None:
    """Pipelines of OBJECT, or of all objects."""
    from cs_workspace.workspace import pipelines as operations

    rows = session.run(operations.pipelines, object)
    table = session.output.is_table or session.output.format == "csv"
    session.output.rows(
        (
            {
                "id": row.id,
                "object": row.object,
                "name": row.label,
                "stages": [_words(s) if table else _stage(s) for s in row.stages],
            }
            for row in rows
        ),
        ("id", "object", "name", "stages"),
    )


def _stage(stage: Stage) -> dict[str, Any]:
    return {"id": stage.id, "label": stage.label, "closed": stage.is_closed, "probability": stage.probability}


def _words(stage: Stage) -> str:
    """The stage as `pipelines add` takes it."""
    if stage.is_closed and stage.probability is not None:
        return f"{stage.label}={'won' if stage.probability == 1 else 'lost'}"
    if stage.probability is not None:
        return f"{stage.label}={stage.probability:g}"
    return f"{stage.label}={'closed' if stage.is_closed else 'open'}"


@pipelines.command()
@click.argument("object")
@click.argument("name")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    required=True,
    metavar="LABEL[=open|closed|won|lost|PROBABILITY]",
    help="One stage; give it again for the next.",
)
@pass_session
def add(session: Session, object: str, name: str, stages: tuple[str, ...]) -> None:
    """Add a pipeline with its stages in order. Prints its id."""
    from cs_workspace.workspace import pipelines as operations

    session.output.value(session.run(operations.add, object, name, stages))
