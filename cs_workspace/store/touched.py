"""What the journal says has changed since a position, as far as goals are concerned (WRK-2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from cs_workspace.store.journal import batches
from cs_workspace.store.tables.registry import JOURNALED, code_of
from cs_workspace.store.tables.system import changes

MANY = 20_000  # changes after which looking at each costs more than calculating everything


@dataclass(slots=True)
class Touched:
    """Owners and dates between which something moved, by object and dating property; or everything."""

    everything: bool = False
    goals: set[int] = field(default_factory=set)
    contributors: set[int] = field(default_factory=set)
    slices: set[int] = field(default_factory=set)
    owners: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    dates: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))


# A change to any of these may move any number: who is in a team, what closed means, what an amount is worth.
SETTINGS = ("teams", "stages", "pipelines", "account")
MEMBERSHIP = ("teams", "active")


def pending(connection: Connection, position: int) -> bool:
    """Whether the journal has grown."""
    newest = connection.scalar(select(func.max(changes.c.id))) or 0
    return newest > position


def touched_since(
    connection: Connection, position: int, dated: dict[str, Collection[str]], owner_of: dict[str, str]
) -> Touched:
    """What moved since a position: `dated` names, by object, the properties that goals are dated by."""
    c = changes.c
    touched = Touched()
    count = connection.scalar(select(func.count()).select_from(changes).where(c.id > position)) or 0
    if count > MANY:
        touched.everything = True
        return touched
    codes = {code_of(name): name for name in JOURNALED}
    records: dict[str, set[int]] = defaultdict(set)
    for row in connection.execute(select(c.object, c.record, c.kind, c.property, c.old, c.new).where(c.id > position)):
        name = codes.get(row.object, "")
        if name in SETTINGS or (name == "users" and (row.property in MEMBERSHIP or row.property is None)):
            touched.everything = True
            return touched
        if name in ("goals", "contributors", "slices"):
            getattr(touched, name).add(row.record)
        elif name in dated:
            records[name].add(row.record)
            if row.property == owner_of[name]:
                touched.owners[name].update(v for v in (row.old, row.new) if v is not None)
            elif row.property in dated[name]:
                touched.dates[name, row.property].update(v for v in (row.old, row.new) if v is not None)
    for name, ids in records.items():
        _add_present(connection, touched, name, ids, dated[name], owner_of[name])
    return touched


def _add_present(
    connection: Connection, touched: Touched, name: str, ids: Iterable[int], dated: Collection[str], owner: str
) -> None:
    table = JOURNALED[name]
    properties = list(dated)
    for batch in batches(ids):
        query = select(table.c[owner], *(table.c[p] for p in properties)).where(table.c.id.in_(batch))
        for user, *dates in connection.execute(query):
            if user is not None:
                touched.owners[name].add(user)
            for prop, date in zip(properties, dates, strict=True):
                if date is not None:
                    touched.dates[name, prop].add(date)
