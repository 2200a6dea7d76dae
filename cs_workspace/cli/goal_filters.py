"""The options that filter goals, as one text of the query language (GOL-43, QRY-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.query.tree import Compare, Is, Node, Term, Test, Value, all_of

# Option to property of a row of the goals overview.
PROPERTIES = {
    "template": "template",
    "name": "goal",
    "duration": "duration",
    "team": "team",
    "user": "user",
    "pipeline": "pipelines",
    "milestone": "milestone",
    "status": "status",
}


def filter_text(query: str, filters: Mapping[str, Any]) -> str:
    """The query and the filters joined by AND, several values of one by OR. Raises Invalid."""
    nodes: list[Node] = [
        Term(prop, tuple(Is(Value(text)) for text in filters[option]))
        for option, prop in PROPERTIES.items()
        if filters.get(option)
    ]
    if filters.get("progress"):
        nodes.append(Term("progress", tuple(test for text in filters["progress"] for test in _progress(text))))
    if filters.get("from_"):
        nodes.append(Term("end", (Compare(">=", Value(filters["from_"])),)))
    if filters.get("to"):
        nodes.append(Term("start", (Compare("<=", Value(filters["to"])),)))
    if not nodes:
        return query  # as it was written, so that a mistake is shown at its column
    return print_tree(all_of([parse(query), *nodes]))


def _progress(text: str) -> Sequence[Test]:
    """`50..80`, `>=100`, `<50`, several by a comma; a per cent sign is taken too. Raises Invalid."""
    try:
        node = parse(f"progress:{text.replace('%', '').strip()}")
    except Invalid as error:
        raise Invalid("progress", f"{text!r} is not a range of per cent", "Write it as 50..80 or '>=100'.") from error
    if not isinstance(node, Term):
        raise Invalid("progress", f"{text!r} is not a range of per cent", "Write it as 50..80 or '>=100'.")
    return node.tests
