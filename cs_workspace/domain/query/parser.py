"""Text to tree (QRY-1).

::

    query  = [ any ]
    any    = all { "or" all }
    all    = item { [ "and" ] item }
    item   = { "-" | "!" } ( "(" [ any ] ")" | word | term )
    term   = name ":" test { "," test }
    test   = "none" | "any" | ( "<" | "<=" | ">" | ">=" ) value | [ value ] ".." [ value ] | value

A word, name or value is bare or in double quotes, where a doubled quote is one quote. Blanks separate items and stand
nowhere inside a term. `or`, `and`, `none` and `any` are plain text in quotes.
"""

from __future__ import annotations

import re

from cs_workspace.domain.query.errors import QuerySyntaxError, shown
from cs_workspace.domain.query.folding import words
from cs_workspace.domain.query.tree import (
    Compare,
    Everything,
    Is,
    Known,
    Leaf,
    Node,
    Not,
    Range,
    Term,
    Test,
    Unknown,
    Value,
    Word,
    all_of,
    any_of,
)

MAX_LENGTH = 10_000
MAX_DEPTH = 50
MAX_TESTS = 300  # words and values; SQLite refuses expressions 1,000 deep, and an OR of n is n deep

_BLANKS = re.compile(r"\s*")
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')
_BARE = re.compile(r'[^\s()":<>]+')
_BARE_VALUE = re.compile(r'(?:(?!\.\.)[^\s()",])+')
_SIGN = re.compile(r"[<>]=?")
_END = re.compile(r"\s|\)|\Z")
_UNKEPT = re.compile("[\0\ud800-\udfff]")  # no store and no terminal takes these

ITEM = "a word, a term such as owner:me, or a group in parentheses"


def parse(text: str) -> Node:
    """The tree of a query; blank text is `Everything`. Raises QuerySyntaxError."""
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(f"longer than {MAX_LENGTH:,} characters", column=MAX_LENGTH + 1)
    if found := _UNKEPT.search(text):
        raise QuerySyntaxError(f"{shown(found[0])} is no character of a text", column=found.start() + 1)
    return _Parser(text).query()


class _Parser:
    """Recursive descent over one text; `at` is the next character to read, from 0."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.tests = 0

    def query(self) -> Node:
        self._blanks()
        if self.at == len(self.text):
            return Everything()
        node = self._any(0)
        if self.at < len(self.text):
            raise self._wrong("a parenthesis is closed that was not opened")
        return node

    def _any(self, depth: int) -> Node:
        nodes = [self._all(depth)]
        while self._keyword("or"):
            nodes.append(self._all(depth))
        return any_of(nodes)

    def _all(self, depth: int) -> Node:
        nodes = [self._item(depth)]
        while self._blanks() and not self._ahead(")") and not self._keyword("or", take=False):
            self._keyword("and")
            nodes.append(self._item(depth))
        return all_of(nodes)

    def _item(self, depth: int) -> Node:
        self._blanks()
        if depth > MAX_DEPTH:
            raise self._wrong(f"nested more than {MAX_DEPTH} deep", "fewer parentheses and negations")
        if self._take("-") or self._take("!"):
            if self.text[self.at : self.at + 1].isspace():
                raise self._wrong("a blank after the negation", "the word or term it negates")
            return Not(self._item(depth + 1))
        if self._take("("):
            return self._group(depth)
        return self._leaf()

    def _group(self, depth: int) -> Node:
        opened = self.at
        self._blanks()
        node: Node = Everything() if self._ahead(")") else self._any(depth + 1)
        if not self._take(")"):
            raise QuerySyntaxError("the parenthesis is not closed", column=opened, expected="a closing parenthesis")
        return node

    def _leaf(self) -> Leaf:
        if self._keyword("or", take=False) or self._keyword("and", take=False):
            raise self._wrong("nothing to join here", ITEM)
        start = self.at
        text = self._quoted()
        if text is None:
            text = self._bare(_BARE)
        if text is None:
            raise self._wrong(
                "the query ends too early" if start == len(self.text) else "nothing to look for here", ITEM
            )
        if not self._take(":"):
            self._end("a word")
            self._count(len(words(text)), start)
            return Word(text, start + 1)
        tests = [self._test()]
        while self._take(","):
            tests.append(self._test())
        self._end("a value")
        return Term(text, tuple(tests), start + 1)

    def _test(self) -> Test:
        start = self.at
        self._count(1, start)
        if sign := self._bare(_SIGN):
            value = self._value()
            if value is None:
                raise self._wrong(f"nothing after {sign}", "a value")
            return Compare(sign, value)
        low = self._value()
        if self._take(".."):
            high = self._value()
            if not low and not high:
                raise self._wrong("a range open on both sides", "a value before or after the dots")
            if self._ahead(".."):
                raise self._wrong("a second pair of dots", "one range, or the value in quotes")
            return Range(low, high)
        if low is None:
            raise self._wrong("a value is missing", "a value, none or any")
        if self.text[start] != '"' and low.text.lower() in {"none", "any"}:
            return Unknown() if low.text.lower() == "none" else Known()
        return Is(low)

    def _value(self) -> Value | None:
        start = self.at
        text = self._quoted()
        if text is None:
            text = self._bare(_BARE_VALUE)
        return None if text is None else Value(text, start + 1)

    def _count(self, number: int, start: int) -> None:
        self.tests += number
        if self.tests > MAX_TESTS:
            raise QuerySyntaxError(f"more than {MAX_TESTS} words and values", column=start + 1)

    def _quoted(self) -> str | None:
        found = _QUOTED.match(self.text, self.at)
        if found:
            self.at = found.end()
            return found[1].replace('""', '"')
        if self._ahead('"'):
            raise self._wrong("the quote is not closed", "a closing quote")
        return None

    def _bare(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self.text, self.at)
        if not found:
            return None
        self.at = found.end()
        return found[0]

    def _keyword(self, keyword: str, *, take: bool = True) -> bool:
        self._blanks()
        found = _BARE.match(self.text, self.at)
        if not found or found[0].lower() != keyword or self.text.startswith(":", found.end()):
            return False
        if take:
            self.at = found.end()
        return True

    def _end(self, what: str) -> None:
        if _END.match(self.text, self.at):
            return
        sign = self.text[self.at]
        raise self._wrong(
            f"{shown(sign)} right after {what}",
            "a colon before the comparison, as in health:<40, or quotes around the text"
            if sign in "<>"
            else "a blank, or quotes around text with blanks, commas, colons or parentheses",
        )

    def _ahead(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def _take(self, text: str) -> bool:
        if not self._ahead(text):
            return False
        self.at += len(text)
        return True

    def _blanks(self) -> bool:
        """Skips blanks; whether there is more to read."""
        found = _BLANKS.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at < len(self.text)

    def _wrong(self, why: str, expected: str = "") -> QuerySyntaxError:
        return QuerySyntaxError(why, column=self.at + 1, expected=expected)
