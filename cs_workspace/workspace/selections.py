"""From a selection to the records it means at the moment it is acted on (LST-4, ACT-5)."""

from __future__ import annotations

from cs_workspace.domain.errors import NotFound
from cs_workspace.domain.selection import Selection
from cs_workspace.store import lists, lookups
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.records import bound_query, kind_of


def resolve(tx: Tx, selection: Selection) -> list[int]:
    """Ids of the living records that are meant. Raises Invalid for the query, NotFound where there is none."""
    kind = kind_of(tx, selection.object)
    if selection.query is not None:
        found = lists.matching_ids(tx.connection, tx.compiler(kind), bound_query(tx, kind, selection.query).where)
    else:
        living = lookups.living(tx.connection, kind, selection.ids)
        found = [each for each in dict.fromkeys(selection.ids) if each in living]
    if not found and selection.query is not None:
        raise NotFound(f"No {kind.plural.lower()} match.", "Change what they are looked for by.")
    if not found:
        raise NotFound(f"There are no such {kind.plural.lower()} any more.", "Somebody may have deleted them.")
    return found
