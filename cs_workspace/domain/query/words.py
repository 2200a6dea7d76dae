"""Queries in words: how a sentence says what a filter asks."""

from __future__ import annotations

from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.query.tree import And, Compare, Everything, Is, Known, Node, Not, Or, Range, Term, Test
from cs_workspace.domain.schema.model import ObjectType


def in_words(filter: str, kind: ObjectType) -> str:
    """A filter as a sentence would say it: `closed is yes and first reply is known`."""

    def test(each: Test) -> str:
        match each:
            case Is(value):
                return f"is {value.text}"
            case Compare(sign, value):
                return f"{sign} {value.text}"
            case Range(low, high):
                return " and ".join([*([f"from {low.text}"] if low else []), *([f"up to {high.text}"] if high else [])])
            case Known():
                return "is known"
            case _:
                return "is unknown"

    def say(node: Node) -> str:
        match node:
            case Everything():
                return ""
            case Term(name, tests):
                label = kind.properties[name].label.lower() if name in kind.properties else name
                return f"{label} {' or '.join(test(each) for each in tests)}"
            case Not(part):
                return f"not ({say(part)})"
            case And(parts):
                return " and ".join(f"({say(p)})" if isinstance(p, Or) else say(p) for p in parts)
            case Or(parts):
                return " or ".join(say(p) for p in parts)
            case _:
                return print_tree(node)

    return say(parse(filter))
