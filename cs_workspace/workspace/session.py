"""What a session shows around every screen: the account, the acting user, and the names queries may use."""

from __future__ import annotations

from dataclasses import dataclass

from cs_workspace.domain.permissions import Permission, Person
from cs_workspace.domain.query.binding import Names
from cs_workspace.domain.schema.model import Schema
from cs_workspace.workspace.door import Tx, reads
from cs_workspace.workspace.names import StoreNames


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The account and its people as one user sees them at one moment."""

    account: str
    currency: str
    time_zone: str
    actor: Person
    schema: Schema
    names: Names


@reads(Permission.SESSION)
def surroundings(tx: Tx) -> Surroundings:
    """What is around the acting user. Raises Refused for somebody who may not open the store."""
    account = tx.account
    return Surroundings(account.name, account.currency, account.time_zone, tx.actor, tx.schema, StoreNames(tx.settings))
