"""Contributors and teams (GOL-9 to GOL-14)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.goals.model import Aggregate
from cs_workspace.domain.goals.progress import actual
from cs_workspace.domain.goals.teams import (
    ContributorKind,
    Membership,
    Team,
    carrier_teams,
    counted_users,
    main_members,
    pool,
)

# Europe holds North and South; North holds Oslo. Ann, Bo, Cy, Di, Ed are users 1 to 5; Ed is deactivated.
EUROPE, NORTH, SOUTH, OSLO = 10, 11, 12, 13
TEAMS = (Team(EUROPE, "Europe"), Team(NORTH, "North", EUROPE), Team(SOUTH, "South", EUROPE), Team(OSLO, "Oslo", NORTH))
MEMBERSHIPS = (
    Membership(1, NORTH, main=True),
    Membership(2, NORTH, main=True),
    Membership(2, SOUTH, main=False),
    Membership(3, SOUTH, main=True),
    Membership(4, OSLO, main=True),
    Membership(4, EUROPE, main=True),
    Membership(5, NORTH, main=True),
)
ACTIVE = {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("team", "users"), [(EUROPE, {1, 2, 3, 4}), (NORTH, {1, 2, 4}), (SOUTH, {3}), (OSLO, {4}), (99, set())]
)
def test_gol_13_a_parent_team_holds_nested_teams_each_user_once(team, users):
    assert main_members(team, TEAMS, MEMBERSHIPS, ACTIVE) == users


def test_gol_12_extra_members_do_not_count_for_the_team():
    assert 2 not in main_members(SOUTH, TEAMS, MEMBERSHIPS, ACTIVE)


def test_gol_12_a_user_may_have_several_main_teams():
    both = [*MEMBERSHIPS, Membership(1, SOUTH, main=True)]
    assert 1 in main_members(NORTH, TEAMS, both, ACTIVE)
    assert 1 in main_members(SOUTH, TEAMS, both, ACTIVE)


def test_gol_13_teams_in_a_circle_come_to_an_end():
    circle = (Team(1, "a", 2), Team(2, "b", 1))
    assert main_members(1, circle, [Membership(7, 2, main=True)], {7}) == {7}


def _counted(team, selected, **options):
    return counted_users(
        ContributorKind.TEAM, team, teams=TEAMS, memberships=MEMBERSHIPS, active=ACTIVE, selected=selected, **options
    )


def test_gol_10_a_team_counts_its_users_with_a_row():
    assert _counted(NORTH, {1, 3}) == {1}


@pytest.mark.parametrize("option", ["include_others", "whole_team"])
def test_gol_10_others_count_on_request(option):
    assert _counted(NORTH, {1}, **{option: True}) == {1, 2, 4}


def test_gol_41_a_deactivated_user_with_a_row_still_counts_for_the_team():
    assert _counted(NORTH, {1, 5}) == {1, 5}
    assert 5 not in _counted(NORTH, {1, 5}, include_others=True)


def test_gol_14_who_left_the_team_counts_no_longer():
    left = [each for each in MEMBERSHIPS if each.user_id != 1]
    users = counted_users(ContributorKind.TEAM, NORTH, teams=TEAMS, memberships=left, active=ACTIVE, selected={1, 2})
    assert users == {2}


def test_gol_7_a_user_counts_for_themselves():
    assert counted_users(ContributorKind.USER, 3) == {3}


@pytest.mark.parametrize(
    ("user", "picked", "teams"),
    [
        (2, {NORTH, SOUTH}, (NORTH,)),  # the main team goes first
        (2, {SOUTH}, (SOUTH,)),
        (1, {SOUTH}, ()),
        (1, {EUROPE}, (EUROPE,)),  # nested in it
        (1, {EUROPE, NORTH}, (NORTH,)),  # the nearest
        (4, {EUROPE, SOUTH}, (EUROPE,)),
        (4, {EUROPE, OSLO}, (EUROPE, OSLO)),  # two main teams
    ],
)
def test_gol_11_a_user_carries_the_goal_for_one_team(user, picked, teams):
    assert carrier_teams(user, picked, TEAMS, MEMBERSHIPS) == teams


def test_gol_11_without_a_main_team_among_them_the_wizard_asks():
    extra = [Membership(9, NORTH, main=False), Membership(9, SOUTH, main=False), Membership(9, 99, main=True)]
    assert carrier_teams(9, {NORTH, SOUTH}, TEAMS, extra) == (NORTH, SOUTH)


@pytest.mark.parametrize(
    ("aggregate", "pooled"),
    [
        (Aggregate.COUNT, (12, 5)),
        (Aggregate.SUM, (12, 5)),
        (Aggregate.AVERAGE, (12, 5)),
        (Aggregate.MINIMUM, (2, 5)),
        (Aggregate.MAXIMUM, (10, 5)),
    ],
)
def test_gol_13_values_are_pooled(aggregate, pooled):
    assert pool(aggregate, [(10, 4), (None, 0), (2, 1)]) == pooled


@pytest.mark.parametrize("aggregate", Aggregate)
def test_gol_13_nobody_has_nothing(aggregate):
    assert pool(aggregate, []) == (None, 0)
    assert pool(aggregate, [(None, 0)]) == (None, 0)


@given(st.lists(st.lists(st.integers(-1000, 1000), max_size=5), max_size=5))
def test_gol_13_an_average_is_that_of_all_records(users):
    every = [value for values in users for value in values]
    total, records = pool(Aggregate.AVERAGE, [(sum(values) if values else None, len(values)) for values in users])
    assert actual(Aggregate.AVERAGE, 1, total, records) == (Fraction(sum(every), len(every)) if every else None)
