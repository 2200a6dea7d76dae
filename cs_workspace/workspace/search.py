"""Finding any record by a few letters of its name (QRY-6): the palette and the command `search`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.query.folding import words as words_of
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.views import View
from cs_workspace.store import lists, merges, search
from cs_workspace.workspace import views as saved
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.records import check_may, kind_of, may_see, text_of
from cs_workspace.workspace.references import References

OBJECTS = ("companies", "contacts", "deals", "tickets", "services", "subscriptions")  # and the custom ones
BESIDE = {"companies": ("domain",), "contacts": ("companies", "email")}  # what tells one from its namesakes
OTHERS = ("companies", "stage")
POOL = 4  # times as many titles are read as are shown, so that the best of them come first


@dataclass(frozen=True, slots=True)
class Found:
    """A record: what it is called, what tells it from its namesakes, and the login of its owner."""

    object: str
    id: int
    title: str
    beside: str
    owner: str


def searched(tx: Tx) -> tuple[str, ...]:
    """The objects whose records are looked for, in the order of their groups."""
    return (*OBJECTS, *(name for name, kind in tx.schema.objects.items() if kind.custom))


@reads(Permission.SESSION)
def find(tx: Tx, text: str, limit: int = 8, objects: Sequence[str] | None = None) -> list[Found]:
    """At most `limit` records of each object in which every word of a text begins a word; `#12` is a number only.

    Numbers come first, then titles that begin with the text, then the rest; the actor's own before others'. Raises
    Refused, NotFound.
    """
    kinds = [kind_of(tx, name) for name in (searched(tx) if objects is None else objects)]
    if objects is not None or not any(may_see(tx, kind) for kind in kinds):
        for kind in kinds:
            check_may(tx, kind, write=False)
    references = References(tx)
    return [found for kind in kinds if may_see(tx, kind) for found in _of_kind(tx, kind, text, limit, references)]


@reads(Permission.SESSION)
def views(tx: Tx) -> list[View]:
    """The views the acting user sees, of all objects that are searched."""
    kinds = [kind_of(tx, name) for name in searched(tx)]
    return [view for kind in kinds if may_see(tx, kind) for view in saved.listing(tx, kind.name)]


def _of_kind(tx: Tx, kind: ObjectType, text: str, limit: int, references: References) -> list[Found]:
    compiler, words = tx.compiler(kind), words_of(text)
    beside = [name for name in BESIDE.get(kind.name, OTHERS) if name in kind.properties]
    columns = tuple(dict.fromkeys((kind.title, *beside, *((kind.owner,) if kind.owner else ()))))
    rows: dict[int, dict[str, Any]] = {}

    def rank(row: Mapping[str, Any]) -> tuple[bool, bool]:
        return words_of(str(row[kind.title] or "")) != words, row.get(kind.owner or "") != tx.actor.id

    def take(found: Sequence[dict[str, Any]]) -> None:
        for row in sorted(found, key=rank):
            rows.setdefault(row["id"], row)

    digits = text.strip().removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        ids = merges.all_standing_for(tx.connection, kind.code, [int(digits)]).values()
        take(search.numbered(tx.connection, compiler, ids, columns))
    if words and not text.strip().startswith("#"):
        take(search.titled(tx.connection, compiler, words, columns, limit * POOL))
        if len(rows) < limit and len("".join(words)) > 1:
            take(search.worded(tx.connection, compiler, words, columns, limit * 2))
    chosen = list(rows.values())[:limit]
    lists.fill_links(tx.connection, compiler, columns, chosen)
    references.prefetch_titles(kind, chosen)
    return [
        Found(
            kind.name,
            row["id"],
            text_of(kind, kind.title, row, references),
            " · ".join(text for name in beside if (text := text_of(kind, name, row, references))),
            text_of(kind, kind.owner, row, references) if kind.owner else "",
        )
        for row in chosen
    ]
