"""Whose records count for a contributor, and how values of several become one (GOL-9 to GOL-14)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from cs_workspace.domain.goals.model import Aggregate, Measured


class ContributorKind(StrEnum):
    """What a row of a goal is made for (GOL-9)."""

    USER = "user"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Team:
    """A team, perhaps within another."""

    id: int
    name: str
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A user in a team: a main member, or an extra one, who is no part of the team's values (GOL-12)."""

    user_id: int
    team_id: int
    main: bool


def main_members(
    team_id: int,
    teams: Iterable[Team],
    memberships: Iterable[Membership],
    active: Collection[int] | None = None,
) -> frozenset[int]:
    """The main members of a team and the teams nested in it, each once (GOL-12, GOL-13).

    With the `active` users given this is `U_all`; without, deactivated users are members too.
    """
    parents = _parents(teams)
    within = {team_id, *(each for each in parents if team_id in _upwards(each, parents))}
    members = frozenset(each.user_id for each in memberships if each.main and each.team_id in within)
    return members if active is None else members & frozenset(active)


def counted_users(
    kind: ContributorKind,
    id: int,
    *,
    teams: Collection[Team] = (),
    memberships: Collection[Membership] = (),
    active: Collection[int] = (),
    selected: Collection[int] = (),
    include_others: bool = False,
    whole_team: bool = False,
) -> frozenset[int]:
    """The users whose records count for a contributor (GOL-13).

    A user counts for themselves. A team counts `U_all`, its active main members, when it includes others or is taken as
    a whole; otherwise `U_sel`, the main members among `selected`, the users with a row on the goal. A deactivated user
    with a row stays in `U_sel` (GOL-41); one who left the team does not (GOL-14).
    """
    if kind is ContributorKind.USER:
        return frozenset({id})
    if include_others or whole_team:
        return main_members(id, teams, memberships, active)
    return main_members(id, teams, memberships) & frozenset(selected)


def carrier_teams(
    user_id: int, picked: Collection[int], teams: Iterable[Team], memberships: Iterable[Membership]
) -> tuple[int, ...]:
    """The picked teams a user may carry the goal for (GOL-11): none, the one, or several among which the wizard asks.

    A main team goes before all others. A member of a nested team belongs to the nearest picked team above it.
    """
    parents = _parents(teams)
    carriers: dict[bool, set[int]] = {True: set(), False: set()}
    for each in memberships:
        if each.user_id == user_id:
            nearest = next((team for team in _upwards(each.team_id, parents) if team in picked), None)
            if nearest is not None:
                carriers[each.main].add(nearest)
    return tuple(sorted(carriers[True] or carriers[False]))


def teams_around(users: Collection[int], teams: Iterable[Team], memberships: Iterable[Membership]) -> frozenset[int]:
    """The teams these users are in and all teams around those: whose values their records may count for (GOL-13)."""
    parents = _parents(teams)
    within = {each.team_id for each in memberships if each.user_id in users}
    return frozenset(around for team in within for around in _upwards(team, parents))


def pool(aggregate: Aggregate, values: Iterable[Measured]) -> Measured:
    """The value of several users together (GOL-13).

    Totals and records add up, so that an average is pooled and never the mean of means; a minimum or maximum is that of
    the users'. The total is None over nothing.
    """
    several = list(values)
    totals = [total for total, _ in several if total is not None]
    join = {Aggregate.MINIMUM: min, Aggregate.MAXIMUM: max}.get(aggregate, sum)
    return (join(totals) if totals else None), sum(records for _, records in several)


def _parents(teams: Iterable[Team]) -> dict[int, int | None]:
    return {each.id: each.parent_id for each in teams}


def _upwards(team_id: int, parents: dict[int, int | None]) -> list[int]:
    """The team and those around it, innermost first; a circle is walked once."""
    path: list[int] = []
    current: int | None = team_id
    while current is not None and current not in path:
        path.append(current)
        current = parents.get(current)
    return path
