"""Daily work: tasks added and done."""

from __future__ import annotations

import click

from cs_workspace.cli.commands import Group
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage

# What a task can be for, as the beginning of a reference: company:acme.example, deals:42.
_KINDS = ("companies", "contacts", "deals", "tickets", "services")
_SINGULAR = {
    "company": "companies",
    "contact": "contacts",
    "deal": "deals",
    "ticket": "tickets",
    "service": "services",
}


@click.group(cls=Group)
def tasks() -> None:
    """Daily work."""


@tasks.command()
@click.argument("title")
@click.option("--due", required=True, metavar="WHEN", help="A day or time such as 2026-03-31 or 2026-03-31T14:00.")
@click.option(
    "--for", "subjects", multiple=True, metavar="OBJECT:REF", help="What it is about: companies:acme.example."
)
@click.option("--assignee", metavar="LOGIN", help="Who does it; you, when left out.")
@click.option("--type", help="To-do, call or email.")
@click.option("--priority", help="None, low, medium or high.")
@click.option("--notes", help="More words.")
@pass_session
def add(
    session: Session,
    title: str,
    due: str,
    subjects: tuple[str, ...],
    assignee: str | None,
    type: str | None,
    priority: str | None,
    notes: str | None,
) -> None:
    """Add a task. Prints its id."""
    from cs_workspace.workspace import records

    texts = {"title": title, "due_at": due, "assignee": assignee or session.workspace.login or ""}
    texts |= {k: v for k, v in {"type": type, "priority": priority, "notes": notes}.items() if v is not None}
    for subject in subjects:
        object_, reference = _subject(subject)
        texts[object_] = f"{texts[object_]};{reference}" if object_ in texts else reference
    session.output.value(session.run(records.add, "tasks", texts))


def _subject(text: str) -> tuple[str, str]:
    word, sign, reference = text.partition(":")
    object_ = _SINGULAR.get(word.strip().casefold(), word.strip().casefold())
    if not sign or object_ not in _KINDS or not reference.strip():
        raise Usage(f"{text!r} is not OBJECT:REF.", f"OBJECT is one of {', '.join(_KINDS)}, as in deals:#42.")
    return object_, reference.strip()


@tasks.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@pass_session
def done(session: Session, ids: tuple[str, ...]) -> None:
    """Mark tasks as completed: one action, one entry of the undo list."""
    from cs_workspace.workspace import records

    changed = session.run(records.change_many, "tasks", ids, {"status": "completed"})
    session.output.record({"done": changed})
