"""Records as they stood: the row of now, with what the journal says came later taken back, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cs_workspace.domain.clock import moment_of
from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.schema.derived import derive
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store import health, history
from cs_workspace.store.account import load_facts
from cs_workspace.store.journal import Kind
from cs_workspace.workspace import records
from cs_workspace.workspace.door import Tx

_WRITTEN = (Kind.CREATED, Kind.CHANGED)


def moment_shown(tx: Tx, kind: ObjectType, id: int, as_of: int | None) -> int | None:
    """The instant at which a record is looked at; None where that is how it stands.

    A session whose clock stands in the past looks at that past.
    """
    moment = tx.now if as_of is None else min(as_of, tx.now)
    if as_of is not None and as_of < tx.now:
        return moment
    return moment if history.last_changed(tx.connection, kind.code, id) > moment else None


def find_at(tx: Tx, kind: ObjectType, reference: str, as_of: int | None) -> dict[str, Any]:
    """A record by what it is called now, or by its number if it is gone by now, as it stood then. Raises NotFound."""
    number = int(reference) if reference.isascii() and reference.isdigit() and len(reference) < 19 else None
    row = None if number is None else records.tx_rows(tx, kind, [number]).get(number)
    moment = None if row is None else moment_shown(tx, kind, row["id"], as_of)
    if row is None or moment is None:
        found = records.find(tx, kind, reference)
        row = records.tx_rows(tx, kind, [found])[found]
        moment = moment_shown(tx, kind, found, as_of)
    then = row if moment is None else row_at(tx, kind, row, moment)
    if then["deleted_at"] is not None:
        raise NotFound(f"The {kind.label.lower()} {then.get(kind.title) or then['id']} was deleted.")
    return then


def row_at(tx: Tx, kind: ObjectType, row: Mapping[str, Any], moment: int) -> dict[str, Any]:
    """A record's values at an instant; in the bin where it was deleted then. Raises NotFound before it was made."""
    then = dict(row)
    for change in history.history(tx.connection, kind.code, row["id"], None, None, since=moment):
        match change.kind:
            case Kind.CREATED:
                title = then.get(kind.title) or f"#{row['id']}"
                raise NotFound(
                    f"The {kind.label.lower()} {title} did not exist yet on {_written(tx, moment)}.",
                    f"It was created on {_written(tx, change.at)}.",
                )
            case Kind.CHANGED if change.property is not None:
                then[change.property] = tuple(change.old) if isinstance(change.old, list) else change.old
            case Kind.DELETED | Kind.MERGED:
                then["deleted_at"] = None
            case _:
                then["deleted_at"] = moment  # it was restored later
    return _followed(tx, kind, then, moment)


def _followed(tx: Tx, kind: ObjectType, then: dict[str, Any], moment: int) -> dict[str, Any]:
    """With what is not in the journal because it follows from what is."""
    record = then["id"]
    with suppress(Invalid, KeyError):  # a currency or a stage of then that is gone by now
        then.update(derive(kind, then, load_facts(tx.connection)))
    earlier = history.history(tx.connection, kind.code, record, None, None, until=moment)
    written = [change for change in earlier if change.kind in _WRITTEN]
    if written:
        then["updated_at"] = written[0].at
    if "owner_assigned_at" in kind.properties:
        given = (c.at for c in written if c.kind == Kind.CREATED or c.property == kind.owner)
        then["owner_assigned_at"] = None if then.get(kind.owner) is None else next(given, then["created_at"])
    if "health" in kind.properties:
        then["health"] = _health(tx, kind, record, moment, then["health"])
    return then


def _health(tx: Tx, kind: ObjectType, record: int, moment: int, now: int | None) -> int | None:
    points = health.last(tx.connection, kind.code, record, moment)
    if points:
        return points[0].score
    return None if health.last(tx.connection, kind.code, record, tx.now) else now  # no score yet; or none was ever kept


def _written(tx: Tx, moment: int) -> str:
    return f"{moment_of(moment, tx.tz):%Y-%m-%d %H:%M}"
