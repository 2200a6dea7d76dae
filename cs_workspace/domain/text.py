"""Text from the store made harmless for terminals, logs and spreadsheets, and its width in cells (IMP-6, IMP-7).

The store keeps every character as it came; only what is shown or written passes here.
"""

from __future__ import annotations

import re
import unicodedata

MARKS = 4  # combining marks in a row that are shown; more only pile up
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_COLOURS = frozenset("🏻🏼🏽🏾🏿")

# What a terminal may obey, what makes text look like something else, and what terminals disagree on the width of.
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f\ud800-\udfff]"
)
_SELECTORS = re.compile("[\ufe0e\ufe0f]")  # of two looks of one character, of which one is wider in some terminals
_MEDIALS = re.compile("[\u1160-\u11ff\ud7b0-\ud7fb]")  # written into the Hangul letter before them
_VISIBLE = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")  # signs of category Cf
_PILED_UP = re.compile(r"[^\x00-\x7f]{5}")
_FORMULA = "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def printable(text: str, limit: int | None = None) -> str:
    """The text as it may be shown on a terminal: one line, nothing a terminal obeys, at most `limit` characters.

    Control characters become their pictures (ESC is shown as ␛), other invisible ones the replacement character.
    Letters are composed and joined emoji taken apart, so that the text is equally wide on every terminal. What is cut
    ends in `…`.
    """
    long = limit is not None and len(text) > limit
    text = text[:limit] if long else text
    if not text.isascii():
        text = unicodedata.normalize("NFC", _SELECTORS.sub("", text))
    if not (text.isascii() and text.isprintable()):
        text = _HARMFUL.sub(_picture, text)
        text = _without_piles(text) if _PILED_UP.search(text) else text
    if limit is not None and (long or len(text) > limit):
        text = text[: max(limit - 1, 0)] + "…"
    return text


def _picture(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    around, place = found.string, found.start()
    before, after = around[max(place - 1, 0) : place], around[place + 1 : place + 2]
    if character == _ZWNJ and all(_is_joining(each) for each in (before, after)):
        return character
    # Emoji that are joined or coloured are one letter to some terminals and several to others: they stand side by side.
    joins = character == _ZWJ and _is_emoji(before) and _is_emoji(after)
    return "" if joins or (character in _COLOURS and _is_emoji(before)) else "\ufffd"


def _is_emoji(character: str) -> bool:
    return character != "" and (unicodedata.category(character) == "So" or character in _COLOURS)


def _is_joining(character: str) -> bool:
    """Whether it is a letter of a script whose letters join."""
    return character != "" and unicodedata.category(character)[0] in "LM" and ord(character) >= 0x600


def _without_piles(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MARKS:
            kept.append(character)
    return "".join(kept)


def cell_width(text: str) -> int:
    """How many terminal cells a printable text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} and character not in _VISIBLE:
        return 0
    if _MEDIALS.match(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def fit(text: str, width: int) -> str:
    """A printable text cut to so many cells, with `…` where something is missing."""
    if cell_width(text) <= width:
        return text
    kept: list[str] = []
    used = 0
    for character in text:
        used += _cells(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…" if width > 0 else ""


def guard_formula(text: str) -> str:
    """A text cell of a CSV file that no spreadsheet takes for a formula (IMP-6); plain numbers are left alone.

    `unguard_formula` gives the text back.
    """
    if not text or _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text[0] in _FORMULA or _is_guarded(text) else text


def unguard_formula(text: str) -> str:
    """The text that `guard_formula` wrote."""
    return text[1:] if _is_guarded(text) else text


def _is_guarded(text: str) -> bool:
    bare = text.lstrip("'")
    return text[:1] == "'" and bare[:1] != "" and bare[0] in _FORMULA


_PASSWORD = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/]*(?P<tail>@)", re.IGNORECASE)


def masked(text: str) -> str:
    """The text without the passwords of addresses in it."""
    return _PASSWORD.sub(r"\g<head>***\g<tail>", text)
