"""The filter form's view of a tree: what is asked of each property, changed one property at a time (QRY-3).

The form edits the tree itself; whatever it has no field for, such as words, negations and groups, stays as it is.
Names in the tree are internal ones, as binding leaves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cs_workspace.domain.query.tree import And, Everything, Node, Term, Test, all_of


def parts_of(tree: Node) -> tuple[Node, ...]:
    """What must all be true: the parts that a form or a row of chips shows one by one."""
    return tree.parts if isinstance(tree, And) else () if isinstance(tree, Everything) else (tree,)


def asked(tree: Node, name: str) -> tuple[Test, ...]:
    """What is asked of a property, by the first term on it; nothing where there is none."""
    return next((part.tests for part in parts_of(tree) if isinstance(part, Term) and part.name == name), ())


def asking(tree: Node, name: str, tests: Sequence[Test]) -> Node:
    """The tree that asks this of a property: its first term changed in place, added, or taken away."""
    parts = list(parts_of(tree))
    for place, part in enumerate(parts):
        if isinstance(part, Term) and part.name == name:
            parts[place : place + 1] = [replace(part, tests=tuple(tests))] if tests else []
            return all_of(parts)
    return all_of([*parts, Term(name, tuple(tests))]) if tests else tree


def without(tree: Node, place: int) -> Node:
    """The tree without one of its parts."""
    return all_of(part for number, part in enumerate(parts_of(tree)) if number != place)
