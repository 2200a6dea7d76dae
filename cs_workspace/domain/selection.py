"""Which records somebody wants to act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """Records of one object: those marked, or all that a query matches when it is carried out (LST-4).

    `count` is how many there were when they were picked: what an action says it will act on.
    """

    object: str
    ids: tuple[int, ...] = ()
    query: str | None = None
    count: int = 0

    @classmethod
    def of(cls, object: str, *ids: int) -> Selection:
        """These records."""
        return cls(object, ids, None, len(ids))
