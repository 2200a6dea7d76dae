"""How somebody left a list: what comes back at the next start (LST-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ListState:
    """Filter, columns by property name, their widths where somebody chose them, order, and the view it came from."""

    query: str = ""
    columns: tuple[str, ...] = ()  # none: those the list opens with
    widths: Mapping[str, int] = field(default_factory=dict)
    sort: tuple[str, ...] = ()  # such as `-arr`
    view: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As the store keeps it."""
        return {
            "query": self.query,
            "columns": list(self.columns),
            "widths": dict(self.widths),
            "sort": list(self.sort),
            "view": self.view,
        }


def from_json(kept: Mapping[str, Any]) -> ListState:
    """As the store kept it; another version of the program may have written something else."""
    query, view, widths = kept.get("query"), kept.get("view"), kept.get("widths")
    return ListState(
        query if isinstance(query, str) else "",
        _words(kept.get("columns")),
        {str(name): width for name, width in widths.items() if isinstance(width, int)}
        if isinstance(widths, dict)
        else {},
        _words(kept.get("sort")),
        view if isinstance(view, int) else None,
    )


def _words(kept: Any) -> tuple[str, ...]:
    return tuple(each for each in kept if isinstance(each, str)) if isinstance(kept, list) else ()
