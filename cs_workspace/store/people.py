"""Users, teams and who belongs to which."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from cs_workspace.domain.goals.teams import Membership, Team
from cs_workspace.domain.numbers import NumberFormat
from cs_workspace.domain.permissions import Person
from cs_workspace.domain.schema.standard import TEAMS, USERS
from cs_workspace.store.tables.records import RECORD_TABLES, associations

users, teams = RECORD_TABLES["users"], RECORD_TABLES["teams"]


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody in the account, deactivated users too, and all living teams."""

    people: dict[int, Person]
    emails: dict[int, str]
    teams: dict[int, Team]
    memberships: tuple[Membership, ...]
    deactivated_at: dict[int, int]

    def by_login(self, login: str) -> Person | None:
        """The user of this login, case ignored."""
        wanted = login.casefold()
        return next((p for p in self.people.values() if p.login.casefold() == wanted), None)


def load_directory(connection: Connection) -> Directory:
    """Everybody, in a handful of queries."""
    a = associations.c
    of_user: dict[int, list[int]] = {}
    memberships: list[Membership] = []
    links = (
        select(a.from_id, a.to_id, a.rank)
        .where(a.from_object == USERS.code, a.to_object == TEAMS.code)
        .order_by(a.from_id, a.rank)
    )
    for user, team, rank in connection.execute(links):
        of_user.setdefault(user, []).append(team)
        memberships.append(Membership(user, team, rank == 0))
    parents = dict(
        connection.execute(
            select(a.from_id, a.to_id).where(a.from_object == TEAMS.code, a.to_object == TEAMS.code, a.rank == 0)
        ).all()
    )
    people: dict[int, Person] = {}
    emails: dict[int, str] = {}
    deactivated: dict[int, int] = {}
    for row in connection.execute(select(users).where(users.c.deleted_at.is_(None)).order_by(users.c.id)):
        people[row.id] = Person(
            id=row.id,
            login=row.login,
            name=row.name,
            active=bool(row.active),
            service_seat=row.service_seat or "none",
            sales_seat=row.sales_seat or "none",
            super_admin=bool(row.super_admin),
            workspace=bool(row.workspace),
            manage_settings=bool(row.manage_settings),
            goals_view=row.goals_view or "none",
            goals_edit=row.goals_edit or "none",
            time_zone=row.time_zone,
            number_format=NumberFormat[(row.number_format or "point").upper()],
            teams=tuple(of_user.get(row.id, ())),
        )
        if row.email:
            emails[row.id] = row.email
        if not row.active and row.deactivated_at is not None:
            deactivated[row.id] = row.deactivated_at
    every_team = {
        row.id: Team(row.id, row.name, parents.get(row.id))
        for row in connection.execute(select(teams.c.id, teams.c.name).where(teams.c.deleted_at.is_(None)))
    }
    living = tuple(m for m in memberships if m.user_id in people and m.team_id in every_team)
    return Directory(people, emails, every_team, living, deactivated)
