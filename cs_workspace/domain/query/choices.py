"""The one thing somebody means by a name, a label or a beginning of one (QRY-2, QRY-6)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import TypeVar

from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.query.errors import QueryError, shown
from cs_workspace.domain.query.folding import fold, squash
from cs_workspace.domain.query.tree import Value

T = TypeVar("T", bound=Hashable)

# Every value of a query is compared with every name, and a store may have thousands of users.
_key = lru_cache(2**16)(squash)


def choose(written: Value, choices: Iterable[tuple[str, T]], what: str) -> frozenset[T]:
    """What the written text names among (name, thing) pairs.

    Tried in turn, ignoring case and accents: the whole name, the name without blanks and punctuation, a beginning.
    Things of one name are all meant, as stages of several pipelines; a beginning of two names is refused. `what` says
    in an error what the names are of. Raises QueryError.
    """
    pairs = [(name, thing) for name, thing in choices if name]
    text, short = fold(written.text).strip(), squash(written.text)
    begun = [(name, key, thing) for name, thing in pairs if (key := _key(name)).startswith(short)] if text else []
    whole = [each for each in begun if each[1] == short]
    exact = [each for each in whole if fold(each[0]).strip() == text]
    if found := exact or whole or begun:
        things = frozenset(thing for _, _, thing in found)
        if len(things) > 1 and len({key for _, key, _ in found}) > 1:
            some = ", ".join(sorted({shown(name) for name, _, _ in found})[:5])
            raise QueryError(f"{shown(written.text)} may be {some}", column=written.at, expected=f"one {what}")
        return things
    raise QueryError(
        f"no {what} {shown(written.text)} here",
        column=written.at,
        expected=f"a {what}",
        nearest=nearest(written.text[:100], (name for name, _ in pairs)),
    )


def choose_one(written: Value, choices: Iterable[tuple[str, T]], what: str) -> T:
    """The single thing the written text names; as `choose`, and two things of one name are refused too."""
    things = choose(written, choices, what)
    if len(things) > 1:
        raise QueryError(
            f"{shown(written.text)} names {len(things)} of them", column=written.at, expected=f"one {what}"
        )
    return next(iter(things))
