"""Amounts in the home currency, made anew when what a currency is worth has changed."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, update

from cs_workspace.domain.schema.derived import Facts, derive
from cs_workspace.domain.schema.standard import DEALS
from cs_workspace.store.tables.records import RECORD_TABLES

_BATCH = 5000


def rederive_amounts(connection: Connection, facts: Facts) -> int:
    """Recompute what deals in foreign currencies are worth, those in the bin too; how many changed.

    It follows from the account's rates and has no journal entry of its own. Raises Invalid for a currency that is used
    and has no rate.
    """
    deals = RECORD_TABLES[DEALS.name]
    d = deals.c
    foreign = d.currency.is_not(None) & (d.currency != facts.home)
    query = select(d.id, d.amount, d.currency, d.amount_home).where(foreign).order_by(d.id).limit(_BATCH)
    statement = update(deals).where(d.id == bindparam("_id")).values(amount_home=bindparam("_home"))
    changed = last = 0
    while rows := connection.execute(query.where(d.id > last)).all():
        last = rows[-1].id
        new = [
            {"_id": row.id, "_home": home}
            for row in rows
            if (home := derive(DEALS, dict(row._mapping), facts)["amount_home"]) != row.amount_home  # noqa: SLF001
        ]
        if new:
            connection.execute(statement, new)
        changed += len(new)
    return changed
