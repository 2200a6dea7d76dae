"""Trees as canonical text (QRY-3): `parse(print_tree(tree)) == tree`."""

from __future__ import annotations

import re

from cs_workspace.domain.query.tree import (
    And,
    Compare,
    Everything,
    Is,
    Known,
    Node,
    Not,
    Or,
    Range,
    Term,
    Test,
    Value,
    Word,
)

# What needs no quotes, position by position; the parser reads no less than this bare.
_BARE_WORD = re.compile(r'(?!(?i:or|and)\Z)[^\s()":<>!-][^\s()":<>]*')
_BARE_NAME = re.compile(r'[^\s()":<>!-][^\s()":<>]*')
_BARE_VALUE = re.compile(r'(?!(?i:none|any)\Z)(?![<>=])(?:(?!\.\.)[^\s()",])+(?<!\.)')


def print_tree(node: Node) -> str:
    """The canonical text of a tree; `Everything` is the empty text."""
    return "" if isinstance(node, Everything) else _print(node)


def quoted(text: str) -> str:
    """The text in quotes, quotes within it doubled."""
    return '"' + text.replace('"', '""') + '"'


def print_word(text: str) -> str:
    """A word or phrase to look for, in quotes where it needs them."""
    return _safe(text, _BARE_WORD)


def print_name(text: str) -> str:
    """The name of a property, in quotes where it needs them."""
    return _safe(text, _BARE_NAME)


def print_value(text: str) -> str:
    """A value, in quotes where it needs them."""
    return _safe(text, _BARE_VALUE)


def _safe(text: str, bare: re.Pattern[str]) -> str:
    return text if bare.fullmatch(text) else quoted(text)


def _print(node: Node) -> str:
    match node:
        case Everything():
            return "()"
        case Word(text):
            return print_word(text)
        case Term(name, tests):
            return f"{print_name(name)}:{','.join(_print_test(t) for t in tests)}"
        case Not(part):
            return "-" + (f"({_print(part)})" if isinstance(part, And | Or) else _print(part))
        case And(parts):
            return " ".join(f"({_print(p)})" if isinstance(p, Or) else _print(p) for p in parts)
        case Or(parts):
            return " or ".join(_print(p) for p in parts)


def _print_test(test: Test) -> str:
    match test:
        case Is(value):
            return print_value(value.text)
        case Compare(sign, value):
            return sign + print_value(value.text)
        case Range(low, high):
            return f"{_print_border(low)}..{_print_border(high)}"
        case Known():
            return "any"
        case _:
            return "none"


def _print_border(value: Value | None) -> str:
    return print_value(value.text) if value else ""
