"""What the acting user was told of milestones and of records that are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cs_workspace.cli.commands import Command
from cs_workspace.cli.goals import fresh
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain import record_news
from cs_workspace.domain.clock import print_instant, zone
from cs_workspace.domain.errors import StoreFault, StoreUnavailable, Usage

if TYPE_CHECKING:
    from cs_workspace.workspace.notices import Notice
    from cs_workspace.workspace.record_notices import RecordNotice

FIELDS = (
    "id",
    "at",
    "event",
    "text",
    "goal_id",
    "goal",
    "team",
    "slice",
    "target",
    "actual",
    "object",
    "record",
    "read",
)


@click.command(cls=Command)
@click.option("--all", "every", is_flag=True, help="Those you have read, too.")
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True, help="The newest so many.")
@click.option("--read", "read", multiple=True, metavar="ID|all", help="Mark as read instead; may be given again.")
@pass_session
def notifications(session: Session, every: bool, limit: int, read: tuple[str, ...]) -> None:
    """What you were told of milestones and followed records and have not read, newest first; yours alone."""
    from cs_workspace.workspace import notices

    if read:
        session.output.record({"read": session.run(notices.mark, _ids(read))})
        return
    _arrive(session)
    found = session.run(notices.listing, unread=not every, limit=limit)
    currency = _currency(session)
    session.output.rows((_fields(each, currency, session.time_zone) for each in found), FIELDS)


def _ids(texts: tuple[str, ...]) -> list[int] | None:
    if any(text.casefold() == "all" for text in texts):
        return None
    for text in texts:
        if not (text.isascii() and text.isdigit()):
            raise Usage(f"{text!r} is not the id of a notification.", "Give an id as listed, or all.")
    return [int(text) for text in texts]


def _arrive(session: Session) -> None:
    """Write what is due, so that the list is complete without a worker."""
    from cs_workspace.workspace import notices

    fresh(session)
    if session.read_only or not session.run(notices.is_due):
        return
    try:
        session.run(notices.write)
    except (StoreFault, StoreUnavailable) as error:
        session.note(f"The newest notifications are missing: {error}")


def _currency(session: Session) -> str:
    from cs_workspace.workspace.account import account

    return session.run(account).currency


def _fields(notice: Notice | RecordNotice, currency: str, time_zone: str) -> dict[str, Any]:
    from cs_workspace.workspace.record_notices import RecordNotice

    own = _of_record(notice) if isinstance(notice, RecordNotice) else _of_milestone(notice, currency)
    at = print_instant(notice.at, zone(time_zone))
    row = {"id": notice.id, "at": at, "event": str(notice.event), "read": notice.read} | own
    return {name: row.get(name) for name in FIELDS}


def _of_record(notice: RecordNotice) -> dict[str, Any]:
    text = record_news.sentence(notice.event, notice.who, notice.title, notice.what)
    return {"text": text, "object": notice.object, "record": notice.record}


def _of_milestone(notice: Notice, currency: str) -> dict[str, Any]:
    from cs_workspace.domain.goals.notices import sentence
    from cs_workspace.domain.goals.targets import number

    def value(given: Any) -> Any:
        return None if given is None else number(given, notice.kpi.unit, currency)

    return {
        "text": sentence(notice.event, notice.goal, notice.label, notice.team),
        "goal_id": notice.goal_id,
        "goal": notice.goal,
        "team": notice.team,
        "slice": notice.label,
        "target": value(notice.target),
        "actual": value(notice.actual),
    }
