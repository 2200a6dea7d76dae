"""Matching without case and accents (QRY-6): the one place the store, the evaluator and the tests share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

WORD_LIMIT = 100  # characters of a word that count; longer ones are cut alike on both sides, so prefixes still match

# Letters whose stroke or shape is part of the letter: decomposition leaves them as they are.
LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
        "ɓ": "b", "ɖ": "d", "ɗ": "d", "ƒ": "f", "ǥ": "g", "ɨ": "i", "ƙ": "k", "ĸ": "k", "ŀ": "l", "ɵ": "o", "ƀ": "b",
        "ƶ": "z", "ȼ": "c", "ɇ": "e", "ɉ": "j", "ɍ": "r", "ʉ": "u", "ɏ": "y", "ⱥ": "a", "ⱦ": "t",
    }
)  # fmt: skip
DROPPED = frozenset({"Mn", "Mc", "Me", "Cf", "Cs"})  # marks, invisible characters and halves of characters
_SEPARATORS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Text without case, accents and invisible characters; punctuation and blanks stay.

    Folding twice gives what folding once gave. The result holds no NUL and no lone surrogate: every store can keep it.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(LETTERS)
        text = "".join(c for c in text if unicodedata.category(c) not in DROPPED)
    return text.lower().replace("\0", "")


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text: runs of letters and digits, each cut to `WORD_LIMIT` characters."""
    return tuple(word for piece in text.split() for word in _words_of_piece(piece))


@lru_cache(maxsize=8192)  # names and subjects repeat their words, and an import or a demo folds millions of them
def _words_of_piece(piece: str) -> tuple[str, ...]:
    return tuple(word[:WORD_LIMIT] for word in _SEPARATORS.split(fold(piece)) if word)


def search_text(values: Iterable[str]) -> str:
    """The folded words of several texts with one blank between, which every full-text index splits alike."""
    return " ".join(word for value in values for word in words(value))


def squash(text: str) -> str:
    """The folded letters and digits of a text: how names and labels are compared; the folded text if there are none."""
    return _SEPARATORS.sub("", fold(text)) or fold(text)


def tails(name: str) -> list[str]:
    """What a name is from each of its later words on, as it is compared: of `Last activity`, `activity`."""
    every = words(name)
    return ["".join(every[place:]) for place in range(1, len(every))]
