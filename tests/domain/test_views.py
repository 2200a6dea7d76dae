"""Who may do what with saved lists, and what a view cannot be (PER-5, PER-6, PER-14, CUS-4 to CUS-8, SUM-9)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cs_workspace.domain import views
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.permissions import Person
from cs_workspace.domain.views import View

CSM = Person(1, "csm", "Csm", service_seat="professional", workspace=True)
MANAGER = replace(CSM, id=2, login="manager", manage_settings=True)
ADMIN = replace(CSM, id=3, login="admin", super_admin=True)
NO_SEAT = replace(MANAGER, id=4, service_seat="none")
NO_RIGHT = replace(CSM, id=5, workspace=False)
SETTINGS = "needs super admin or the Manage Customer Success Settings permission"

PRIVATE = View(10, "companies", "Mine", None, "", (), (), owner=1, position=3)
SHARED = replace(PRIVATE, id=11, name="Ours", shared=True, position=4)
DEFAULT = replace(SHARED, id=12, name="First", default_position=2)
BUILT_IN = replace(DEFAULT, id=13, name="Owned by me", owner=None, builtin="owned_by_me", default_position=1)


@pytest.mark.parametrize(
    ("person", "shared", "reason"),
    [
        (CSM, False, None),
        (CSM, True, SETTINGS),
        (MANAGER, True, None),
        (ADMIN, True, None),
        (NO_SEAT, False, "needs a Service seat"),
        (NO_RIGHT, False, "needs the Customer Success Workspace permission"),
    ],
)
def test_per_5_who_may_make_a_view(person, shared, reason):
    assert views.making_refusal(person, shared=shared) == reason


@pytest.mark.parametrize(
    ("person", "view", "reason"),
    [
        (CSM, PRIVATE, None),
        (CSM, SHARED, SETTINGS),  # the one who made it, too
        (CSM, DEFAULT, SETTINGS),
        (MANAGER, SHARED, None),
        (MANAGER, DEFAULT, None),
        (ADMIN, SHARED, None),
        (replace(CSM, id=6), PRIVATE, SETTINGS),
        (NO_SEAT, replace(PRIVATE, owner=4), "needs a Service seat"),
        (NO_RIGHT, replace(PRIVATE, owner=5), "needs the Customer Success Workspace permission"),
        (NO_SEAT, SHARED, "needs a Service seat"),
    ],
)
def test_per_6_who_may_change_and_delete_a_view(person, view, reason):
    assert views.change_refusal(person, view) == reason


def test_per_6_only_who_manages_settings_changes_what_everyone_sees():
    assert [views.managing_refusal(each) for each in (CSM, MANAGER, ADMIN)] == [SETTINGS, None, None]


def test_a_private_view_is_seen_by_its_owner_only():
    assert [views.is_seen(MANAGER, each) for each in (PRIVATE, SHARED, BUILT_IN)] == [False, True, True]
    assert views.is_seen(CSM, PRIVATE)


def test_defaults_come_first_then_private_ones_then_the_others():
    shuffled = [SHARED, PRIVATE, DEFAULT, BUILT_IN]
    assert sorted(shuffled, key=lambda each: each.place) == [BUILT_IN, DEFAULT, PRIVATE, SHARED]


@pytest.mark.parametrize("name", ["Renewing this quarter", "Łódź & Błę\u0301dne", "x" * 60, "  trimmed  "])
def test_a_name_is_what_can_be_shown(name):
    assert views.checked_name(name) == name.strip()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\nlines", "\x1b[31mred", "turned\u202eround"])
def test_a_name_is_one_to_sixty_characters_that_can_be_shown(name):
    with pytest.raises(Invalid, match="name: "):
        views.checked_name(name)


def test_names_are_told_apart_without_case_and_accents():
    with pytest.raises(Invalid, match="there is a view 'øurs' already"):
        views.check_free("øurs", [replace(SHARED, name="ØURS")])
    views.check_free("Others", [SHARED, PRIVATE])
    twice = [replace(SHARED, name="Twice"), replace(PRIVATE, name="twice")]
    assert views.find(twice, "Twice") == twice[0]
    assert views.find(twice, "TWICE") == twice[1]
    assert views.find(twice, "thrice") is None


def test_cus_8_a_built_in_view_cannot_be_edited():
    with pytest.raises(Invalid, match=r"Owned by me: is built in and cannot be edited. Save the list under another"):
        views.check_editable(BUILT_IN)
    views.check_editable(SHARED)


def test_cus_5_sum_9_a_default_is_for_everyone_and_one_of_six():
    five = [replace(DEFAULT, id=20 + i, default_position=i) for i in range(5)]
    views.check_default(SHARED, five)
    with pytest.raises(Invalid, match="only a view for everyone can be a default"):
        views.check_default(PRIVATE, five)
    with pytest.raises(Invalid, match="there are 6 already"):
        views.check_default(SHARED, [*five, DEFAULT])
    views.check_default(DEFAULT, [*five, DEFAULT])  # which is a default already: described anew
    for description in ("", "  ", None, "x" * 201, "a\tb"):
        with pytest.raises(Invalid, match="description: "):
            views.checked_description(description)
    assert views.checked_description(" What is due. ") == "What is due."
