"""How many notifications wait, and which have come in while one is at work."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cs_workspace.domain import record_news
from cs_workspace.domain.goals.notices import sentence
from cs_workspace.domain.record_news import News
from cs_workspace.tui import format as shown
from cs_workspace.tui.loader import Loader
from cs_workspace.tui.text import plain

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from cs_workspace.tui.session import Session
    from cs_workspace.workspace.notices import Notice
    from cs_workspace.workspace.record_notices import RecordNotice

LONGEST = 120  # characters of what is mentioned


class Mail:
    """What is known of the acting user's notifications."""

    def __init__(self) -> None:
        self.unread = 0
        self._newest: int | None = None  # none: not read yet, and nothing is news

    async def read(self, session: Session, loader: Loader) -> str:
        """Count again; a sentence about what has come in since, or nothing."""
        from cs_workspace.workspace import notices

        found = await loader.run(partial(session.run, notices.mailbox))
        self.unread = found.unread
        before, self._newest = self._newest, max(found.newest, self._newest or 0)
        if before is None or found.newest <= before:
            return ""
        fresh = await loader.run(partial(session.run, notices.listing, unread=True, after=before))
        if not fresh:
            return ""
        if len(fresh) > 1:
            return f"{len(fresh)} notifications have come in. N shows them."
        return f"{plain(in_words(fresh[0]), LONGEST)}. N shows it."


def in_words(notice: Notice | RecordNotice) -> str:
    """What the user was told."""
    if is_of_record(notice):
        return record_news.sentence(notice.event, notice.who, notice.title, notice.what)
    return sentence(notice.event, notice.goal, shown.milestone(notice.label), notice.team)


def is_of_record(notice: Notice | RecordNotice) -> TypeIs[RecordNotice]:
    """Whether it tells of a record, not of a milestone."""
    return isinstance(notice.event, News)
