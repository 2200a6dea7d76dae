"""What users, pipelines, stages and related records are called."""

from __future__ import annotations

from typing import Any

from cs_workspace.domain.schema.model import Property, PropertyType
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.references import References

T = PropertyType


class Naming:
    """Reads each title once, however often it is asked for."""

    def __init__(self, tx: Tx) -> None:
        self.references = References(tx)
        self._people = tx.directory.people

    def user(self, raw: Any) -> str:
        """A user as colleagues say it."""
        if raw is None:
            return ""
        person = self._people.get(raw)
        return (person.name or person.login) if person else f"#{raw}"

    def person(self, id: int | None) -> str:
        """Who did something; what nobody did was done by the system."""
        return "system" if id is None or id not in self._people else self.user(id)

    def readable(self, prop: Property | None, raw: Any) -> Any:
        """A raw value, or the name of what it stands for."""
        if prop is None or raw is None:
            return raw
        match prop.type:
            case T.USER:
                return self.user(raw)
            case T.PIPELINE | T.STAGE:
                return self.references.name(prop, raw)
            case T.ASSOCIATION:
                titles = self.references.titles(prop.target, raw)
                return ", ".join(titles.get(each) or f"#{each}" for each in raw)
            case _:
                return raw
