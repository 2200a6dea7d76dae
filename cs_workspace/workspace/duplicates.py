"""What may be the same as a record that is about to be made: the same key, or the same name (IMP-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cs_workspace.domain.permissions import Permission
from cs_workspace.store import lookups
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.records import check_may, kind_of


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A living record, and what it shares."""

    id: int
    title: str
    why: str


@reads(Permission.SESSION)
def possible(tx: Tx, object: str, texts: Mapping[str, str]) -> list[Duplicate]:
    """Living records that share a unique key or the name with what was written. Raises NotFound, Refused."""
    kind = kind_of(tx, object)
    check_may(tx, kind, write=False)
    why: dict[int, str] = {}
    for key in kind.unique_keys:
        text = texts.get(key.name, "").strip()
        value = text.casefold() if key.name in {"email", "domain", "login"} else text
        if value:
            for record in lookups.by_key(tx.connection, kind, key.name, [value]).values():
                why.setdefault(record, f"the same {key.label.lower()}")
    name = texts.get(kind.title) or " ".join(filter(None, (texts.get("first_name"), texts.get("last_name"))))
    if name.strip():
        for ids in lookups.by_name(tx.connection, kind, [name.strip()]).values():
            for record in ids:
                why.setdefault(record, "the same name")
    titles = lookups.titles(tx.connection, kind, why)
    return [Duplicate(record, titles[record] or f"#{record}", reason) for record, reason in why.items()]
