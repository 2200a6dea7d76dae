"""Since when records have their owners, where a taking back gave them an earlier one again (CUS-2)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, or_, select, update

from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store.journal import Kind, batches
from cs_workspace.store.tables.registry import table_of
from cs_workspace.store.tables.system import changes, entries


def date_back(connection: Connection, kind: ObjectType, records: Collection[int]) -> None:
    """Give these records the time at which their present owner really became theirs.

    A change of the owner begins a time; a taking back leads to the time there was before what it took back.
    """
    table, c, e = table_of(kind), changes.c, entries.c
    for batch in batches(records):
        since: dict[int, int] = {}
        before: dict[tuple[int, int], int | None] = {}
        query = (
            select(c.record, c.entry, e.at, e.undoes)
            .join(entries, e.id == c.entry)
            .where(c.object == kind.code, c.record.in_(batch))
            .where(or_(c.property == kind.owner, c.kind == str(Kind.CREATED)))
            .order_by(c.id)
        )
        for record, entry, at, undoes in connection.execute(query):
            before.setdefault((record, entry), since.get(record))
            since[record] = before.get((record, undoes)) or at if undoes is not None else at
        statement = update(table).where(table.c.id == bindparam("_id"), table.c[kind.owner].is_not(None))
        connection.execute(
            statement.values(owner_assigned_at=bindparam("_since")),
            [{"_id": record, "_since": at} for record, at in since.items()],
        )
