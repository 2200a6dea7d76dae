"""Mistakes in a query: where, what was expected, and the nearest name (QRY-4)."""

from __future__ import annotations

from cs_workspace.domain.errors import Invalid


class QueryError(Invalid):
    """A query that means nothing here.

    `column` counts characters from 1 and is 0 for a tree that was not written as text; `expected` says what would be
    right there, `nearest` is a sentence with the name probably meant. Either may be empty.
    """

    def __init__(self, why: str, *, column: int = 0, expected: str = "", nearest: str = "") -> None:
        hint = nearest or (f"Expected {expected}." if expected else "")
        super().__init__(f"query, column {column}" if column else "query", why, hint)
        self.column = column
        self.expected = expected
        self.nearest = nearest


class QuerySyntaxError(QueryError):
    """A query that cannot be read."""


def shown(text: str) -> str:
    """A text as a sentence quotes it: control characters escaped, long texts cut."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
