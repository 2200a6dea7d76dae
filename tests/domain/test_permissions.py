"""Who may do what (PER-1 to PER-12)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.goals.model import Category
from cs_workspace.domain.goals.templates import TEMPLATES
from cs_workspace.domain.permissions import (
    SCOPES,
    GoalRow,
    Permission,
    Person,
    assignment_refusal,
    creation_refusal,
    goals_scope,
    in_scope,
    making_refusal,
    management_refusal,
    members_refusal,
    refusal,
)

P = Permission
SALES_TEMPLATES = {name for name, template in TEMPLATES.items() if template.category is Category.SALES}
REVENUE = {"revenue", "forecasted_revenue"}  # the measure of every tier (PER-12)
SERVICE_TEMPLATES = set(TEMPLATES) - SALES_TEMPLATES
SEATS = ("none", "starter", "professional", "enterprise")
NOBODY = Person(1, "n", "Nobody")
PEOPLE = st.builds(
    Person,
    st.just(1),
    st.just("p"),
    st.just("P"),
    active=st.booleans(),
    service_seat=st.sampled_from(SEATS),
    sales_seat=st.sampled_from(SEATS),
    super_admin=st.booleans(),
    workspace=st.booleans(),
    manage_settings=st.booleans(),
    goals_view=st.sampled_from(SCOPES),
    goals_edit=st.sampled_from(SCOPES),
)


def person(**rights):
    return replace(NOBODY, **rights)


@pytest.mark.parametrize("permission", [p for p in Permission if p is not P.SESSION])
def test_nobody_may_anything_but_have_a_session(permission):
    assert refusal(NOBODY, permission)
    assert refusal(NOBODY, P.SESSION) is None


@given(PEOPLE, st.sampled_from(list(Permission)))
def test_idn_3_who_is_deactivated_may_nothing(somebody, permission):
    assert refusal(replace(somebody, active=False), permission)


@given(PEOPLE)
def test_per_1_the_workspace_needs_the_permission_and_a_service_seat(somebody):
    allowed = somebody.active and somebody.service_seat != "none" and (somebody.workspace or somebody.super_admin)
    assert (refusal(somebody, P.WORKSPACE) is None) == allowed


def test_per_1_what_is_missing_is_named():
    assert refusal(person(workspace=True), P.WORKSPACE) == "needs a Service seat"
    assert "Workspace permission" in str(refusal(person(service_seat="starter"), P.WORKSPACE))


@given(PEOPLE)
def test_per_3_settings_need_super_admin_or_a_seat_and_the_permission(somebody):
    allowed = somebody.super_admin or (somebody.manage_settings and somebody.service_seat != "none")
    assert (refusal(somebody, P.SETTINGS) is None) == (allowed and somebody.active)


def test_per_2_a_super_admin_without_a_seat_may_open_settings_and_not_the_workspace():
    bare = person(super_admin=True)
    assert refusal(bare, P.SETTINGS) is None
    assert refusal(bare, P.WORKSPACE) == "needs a Service seat"
    assert refusal(bare, P.PEOPLE) is None


@given(PEOPLE)
def test_per_7_edit_is_never_wider_than_view(somebody):
    assert SCOPES.index(goals_scope(somebody, "edit")) <= SCOPES.index(goals_scope(somebody, "view"))


ROW = GoalRow(creator=7, user=1, team=20, user_teams=frozenset({20, 10}))


@pytest.mark.parametrize(
    ("scope", "who", "seen"),
    [
        ("none", {}, False),
        ("own", {}, True),
        ("own", {"id": 7}, True),
        ("own", {"id": 2, "teams": (20,)}, False),
        ("team", {"id": 2, "teams": (20,)}, True),
        ("team", {"id": 2, "teams": (10,)}, True),
        ("team", {"id": 2, "teams": (30,)}, False),
        ("team", {"id": 7}, True),
        ("everyone", {"id": 2}, True),
    ],
)
def test_per_7_scopes(scope, who, seen):
    assert in_scope(person(**who), scope, ROW) is seen


@given(st.sampled_from(SCOPES), st.sampled_from(SCOPES), st.integers(1, 3), st.sets(st.integers(1, 3)))
def test_per_7_a_wider_scope_sees_no_less(one, other, number, teams):
    narrow, wide = sorted((one, other), key=SCOPES.index)
    who = person(id=number, teams=tuple(teams))
    row = GoalRow(creator=1, user=2, team=3, user_teams=frozenset({3}))
    assert in_scope(who, wide, row) or not in_scope(who, narrow, row)


@pytest.mark.parametrize("template", sorted(SERVICE_TEMPLATES))
def test_per_8_service_goals_need_a_professional_account_or_seat(template):
    assert creation_refusal(NOBODY, template, "professional") is None
    assert creation_refusal(NOBODY, template, "enterprise") is None
    assert creation_refusal(NOBODY, template, "starter")
    assert creation_refusal(person(service_seat="professional"), template, "starter") is None


@pytest.mark.parametrize("template", sorted(SALES_TEMPLATES - REVENUE))
def test_per_9_sales_goals_need_a_sales_seat_or_super_admin(template):
    for seat in SEATS:
        allowed = seat in ("professional", "enterprise")
        assert (creation_refusal(person(sales_seat=seat), template, "enterprise") is None) is allowed
        assert (assignment_refusal(person(sales_seat=seat), template) is None) is allowed
    assert creation_refusal(person(super_admin=True), template, "starter") is None
    assert assignment_refusal(person(super_admin=True), template), "being admin does not make one a seller"


def test_per_9_service_goals_may_be_given_to_anybody():
    assert all(assignment_refusal(NOBODY, template) is None for template in SERVICE_TEMPLATES)


@given(PEOPLE)
def test_per_10_managing_goals_needs_a_paid_seat(somebody):
    paid = somebody.service_seat != "none" or somebody.sales_seat != "none"
    assert (management_refusal(somebody, "tickets_closed") is None) == paid


def test_per_9_a_super_admin_manages_sales_goals_without_a_seat():
    assert management_refusal(person(super_admin=True), "deals_created") is None


@pytest.mark.parametrize("template", sorted(SERVICE_TEMPLATES))
def test_per_8_every_user_of_a_service_professional_account_makes_service_goals(template):
    assert making_refusal(NOBODY, template, "professional") is None
    assert making_refusal(NOBODY, "calls_made", "professional") == "needs the Goals permission to edit"
    editor = person(goals_view="own", goals_edit="own")
    assert making_refusal(editor, "calls_made", "professional") == "needs a Sales Professional or Enterprise seat"
    assert making_refusal(editor, "revenue", "professional") == "needs a paid Sales or Service seat"


@given(PEOPLE)
def test_per_11_users_inside_a_team_goal(somebody):
    allowed = somebody.super_admin or somebody.sales_seat != "none" or somebody.service_seat == "enterprise"
    assert (members_refusal(somebody) is None) == allowed


@pytest.mark.parametrize("seat", ["service_seat", "sales_seat"])
def test_per_12_measures_by_tier(seat):
    starter, professional, enterprise = (person(**{seat: tier}) for tier in SEATS[1:])
    for template in REVENUE:
        assert creation_refusal(starter, template, "starter") is None
        assert creation_refusal(NOBODY, template, "starter")
    assert creation_refusal(professional, "custom", "enterprise")
    assert creation_refusal(enterprise, "custom", "enterprise") is None
    assert creation_refusal(enterprise, "custom", "professional")
