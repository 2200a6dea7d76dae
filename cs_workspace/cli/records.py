"""Records of any object: list, show, set, history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Usage

PAGE = 1_000


def assignments(texts: tuple[str, ...]) -> dict[str, str]:
    """`PROPERTY=VALUE` words by property. Raises Usage."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise Usage(f"{text!r} is not PROPERTY=VALUE.", "Write it as name='New name'; name= takes the value away.")
        if name.strip() in found:
            raise Usage(f"{name.strip()} is given twice.")
        found[name.strip()] = value
    return found


@click.command("list", cls=Command)
@click.argument("object")
@click.argument("query", nargs=-1)
@click.option("--view", metavar="NAME", help="As a saved view shows them; QUERY narrows it.")
@click.option("--columns", metavar="A,B", help="Properties to show, by internal name.")
@click.option("--sort", metavar="[-]A,B", default="", help="Sorted by properties; with a minus, the largest first.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many rows.")
@pass_session
def list_(
    session: Session,
    object: str,
    query: tuple[str, ...],
    view: str | None,
    columns: str | None,
    sort: str,
    limit: int | None,
) -> None:
    """The rows of OBJECT that match QUERY, such as `list deals owner:me close_date:this-month`."""
    from cs_workspace.domain.views import narrowed
    from cs_workspace.workspace import records, views

    text = " ".join(query)
    chosen = tuple(name.strip() for name in (columns or "").split(",") if name.strip())
    if view is not None:
        saved = session.run(views.find, object, view)
        text, chosen, sort = narrowed(saved.query, text), chosen or saved.columns, sort or ",".join(saved.sort)
    if session.output.is_table:
        shown = chosen or session.run(records.columns, object)
        session.output.rows(_as_text(session, object, text, shown, sort, limit), shown)
        return
    if session.output.format == "csv":
        chosen = chosen or session.run(records.columns, object)
    with session.output.writing(chosen) as write:
        session.run(records.write_listing, object, text, write, columns=chosen, sort=sort, limit=limit)


def _as_text(
    session: Session, object: str, query: str, columns: tuple[str, ...], sort: str, limit: int | None
) -> Iterator[dict[str, Any]]:
    """The rows as people read them, a page at a time."""
    from cs_workspace.workspace import records

    after = None
    left = limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = session.run(records.page, object, query, columns=columns, sort=sort, limit=size, after=after)
        yield from (dict(row.text) for row in page)
        if len(page) < size:
            return
        after = page[-1].key
        left = None if left is None else left - len(page)


@click.command(cls=Command)
@click.argument("object")
@click.argument("id")
@click.option("--as-of", metavar="TIME", help="As it stood then: 2026-11-03T09:00, yesterday, '2 weeks ago'.")
@pass_session
def show(session: Session, object: str, id: str, as_of: str | None) -> None:
    """One record with all its values. ID is its id, external id, unique key or exact name."""
    from cs_workspace.domain.clock import zone
    from cs_workspace.domain.times import parse_moment
    from cs_workspace.workspace import records

    moment = None if as_of is None else parse_moment(as_of, now=session.clock.now(), tz=zone(session.time_zone))
    record = session.run(records.show, object, id, moment)
    session.output.record(record)


@click.command("set", cls=Command)
@click.argument("object")
@click.argument("id")
@click.argument("values", nargs=-1, required=True, metavar="PROPERTY=VALUE...")
@pass_session
def set_(session: Session, object: str, id: str, values: tuple[str, ...]) -> None:
    """Give one record new values. What follows from them follows: a closed stage dates the closing."""
    from cs_workspace.workspace import records

    record, changed = session.run(records.change, object, id, assignments(values))
    session.output.record({"id": record, "changed": changed})


@click.command(cls=Command)
@click.argument("object")
@click.argument("id")
@click.argument("property", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=1_000, show_default=True, help="At most so many changes.")
@pass_session
def history(session: Session, object: str, id: str, property: str | None, limit: int) -> None:
    """What happened to a record, or to one of its properties, newest first."""
    from cs_workspace.domain.clock import print_instant, zone
    from cs_workspace.workspace import records

    lines = session.run(records.history, object, id, property, limit)
    tz = zone(session.time_zone)
    session.output.rows(
        (
            {
                "at": print_instant(line.at, tz),
                "user": line.user,
                "source": line.source,
                "action": line.action,
                "kind": line.kind,
                "property": line.property,
                "old": line.old,
                "new": line.new,
            }
            for line in lines
        ),
        ("at", "user", "source", "action", "kind", "property", "old", "new"),
    )
