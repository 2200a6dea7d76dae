"""What people call things: users, teams, pipelines, stages and related records by the names the store knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cs_workspace.domain.query.binding import Context
from cs_workspace.workspace.door import Settings, Tx


@dataclass(frozen=True, slots=True)
class StoreNames:
    """`domain.query.binding.Names` over the settings of one moment."""

    settings: Settings

    def users(self) -> Iterable[tuple[str, int]]:
        """Logins, e-mail addresses and names."""
        directory = self.settings.directory
        for person in directory.people.values():
            yield person.login, person.id
            yield person.name, person.id
        yield from ((email, user) for user, email in directory.emails.items())

    def teams(self) -> Iterable[tuple[str, int]]:
        """Names of teams."""
        return ((team.name, team.id) for team in self.settings.directory.teams.values())

    def pipelines(self, object_type: str) -> Iterable[tuple[str, int]]:
        """Labels of an object's pipelines."""
        code = self.settings.schema[object_type].code
        return ((p.label, p.id) for p in self.settings.pipelines if p.object == code)

    def stages(self, object_type: str) -> Iterable[tuple[str, int]]:
        """Labels of the stages of all pipelines of an object."""
        code = self.settings.schema[object_type].code
        return ((s.label, s.id) for p in self.settings.pipelines if p.object == code for s in p.stages)


def query_context(tx: Tx) -> Context:
    """Who asks, when and where, for binding a query."""
    return Context(
        tx.now, tx.tz, tx.account.currency, tx.actor.id, StoreNames(tx.settings), week_start=tx.account.week_start
    )
