"""What a follower is told of a record (REC-5)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class News(StrEnum):
    """What somebody else did with a record; where it was several things, the first of these is told."""

    MERGED = "merged"
    DELETED = "deleted"
    ASSIGNED = "assigned"  # to the follower
    ACTIVITY = "activity"
    ADDED = "added"  # a deal, a ticket, a task
    CHANGED = "changed"
    RESTORED = "restored"

    @property
    def words(self) -> str:
        """How a list calls it."""
        return _WORDS[self]


_WORDS: Mapping[News, str] = {
    News.MERGED: "Merged",
    News.DELETED: "Deleted",
    News.ASSIGNED: "Given to you",
    News.ACTIVITY: "Activity",
    News.ADDED: "Added",
    News.CHANGED: "Changed",
    News.RESTORED: "Brought back",
}
_SENTENCES: Mapping[News, str] = {
    News.MERGED: "{who} merged {title} into another record",
    News.DELETED: "{who} deleted {title}",
    News.ASSIGNED: "{who} gave you {title}",
    News.ACTIVITY: "{who} logged {what} with {title}",
    News.ADDED: "{who} added {what} to {title}",
    News.CHANGED: "{who} changed {what} of {title}",
    News.RESTORED: "{who} brought {title} back",
}
PLACE: Mapping[str, int] = {news: place for place, news in enumerate(News)}


def sentence(news: News, who: str, title: str, what: str) -> str:
    """The news in words."""
    return _SENTENCES[news].format(who=who, title=title, what=what or "something")
