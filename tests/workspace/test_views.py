"""Saved lists: making, sharing, defaults, order, built-in ones, undo, and who may (CUS-1 to CUS-8, PER-5, PER-6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.views import Shape
from cs_workspace.workspace import list_states, records, undo, views
from tests.workspace.account import account, go_to

BUILT_IN = ["Owned by me", "Assigned in the last 30 days"]


@pytest.fixture
def dana(store_url):
    with account(store_url) as workspace:
        yield workspace


@pytest.fixture
def lee(dana):
    """Somebody with the workspace, but without a right to manage settings."""
    return replace(dana, login="lee", _settings=None)


def names(workspace, object="companies"):
    return [each.name for each in workspace.run(views.listing, object)]


def shown(workspace, view):
    """The names of the records that a view shows."""
    rows = workspace.run(records.listing, "companies", view.query, columns=["name"])
    assert workspace.run(views.count, view.id) == len(rows)
    return {row["name"] for row in rows}


def company(workspace, name, owner="dana"):
    return workspace.run(records.add, "companies", {"name": name, "owner": owner})


def test_cus_2_a_store_has_its_built_in_views(dana):
    found = dana.run(views.listing, "companies")
    assert [each.name for each in found] == BUILT_IN == names(dana, "contacts")
    assert names(dana, "deals") == []
    assert [(each.default_position, each.shared, each.owner) for each in found] == [(1, True, None), (2, True, None)]
    assert all(each.description for each in found)


def test_cus_2_assigned_lately_is_what_became_mine_within_720_hours(dana):
    owned, lately = dana.run(views.listing, "companies")
    go_to(dana, "2026-02-20T12:00")
    for name in ("Old", "Given", "Given back", "Merely edited", "Undone", "Returned"):
        company(dana, name)
    company(dana, "Taken", "lee")
    go_to(dana, "2026-03-01T12:00")
    dana.run(records.change, "companies", "Given back", {"owner": "lee"})
    dana.run(records.change, "companies", "Undone", {"owner": "lee"})
    dana.run(undo.undo)
    for owner in ("lee", "dana"):
        dana.run(records.change, "companies", "Returned", {"owner": owner})
    go_to(dana, "2026-03-10T12:00")
    dana.run(records.change, "companies", "Taken", {"owner": "dana"})
    dana.run(records.change, "companies", "Given back", {"owner": "dana"})
    dana.run(records.change, "companies", "Given", {"owner": "lee"})
    # The clocks went forward in between: thirty days are 720 hours all the same.
    go_to(dana, "2026-03-31T13:00:00.000")
    dana.run(records.change, "companies", "Merely edited", {"employees": "3", "owner": "dana"})
    assert shown(dana, lately) == {"Taken", "Given back", "Returned"}
    go_to(dana, "2026-03-31T13:00:00.001")
    assert shown(dana, lately) == {"Taken", "Given back"}
    assert shown(dana, owned) == {"Old", "Given back", "Merely edited", "Undone", "Returned", "Taken"}
    assert replace(dana, login="lee", _settings=None).run(views.count, owned.id) == 1, "me is who looks"


def test_cus_4_qry_3_a_view_keeps_canonical_text_and_is_seen_by_whom_it_is_for(dana, lee):
    shape = Shape("OWNER:me  renewal:..+90d lifecycle:Cust", ("name", "arr", "name"), ("-arr", "name"))
    made = lee.run(views.create, "companies", " My renewals ", shape)
    assert (made.name, made.query) == ("My renewals", "owner:me renewal_date:..+90d lifecycle_stage:customer")
    assert (made.columns, made.sort, made.shared) == (("name", "arr"), ("-arr", "name"), False)
    assert names(lee) == [*BUILT_IN, "My renewals"]
    assert names(dana) == BUILT_IN
    with pytest.raises(NotFound, match="There is no view"):
        dana.run(views.count, made.id)
    ours = dana.run(views.create, "companies", "Ours", Shape("health:<50"), shared=True, description="Below 50.")
    assert ours.default_position == 3
    assert names(lee) == [*BUILT_IN, "Ours", "My renewals"]
    assert lee.run(views.find, "companies", "my RENEWALS") == made
    with pytest.raises(NotFound, match=r"companies has no view 'Hours'. Did you mean Ours\?"):
        lee.run(views.find, "companies", "Hours")


def test_qry_4_a_view_that_means_nothing_is_not_kept(dana):
    for shape, said in (
        (Shape("helth:<50"), "helth"),
        (Shape("health:<"), "nothing after <"),
        (Shape(columns=("nme",)), "no such property"),
        (Shape(sort=("-nme",)), "no such property"),
        (Shape(layout="pile"), "'pile' is not one of table, board"),
    ):
        with pytest.raises(Invalid, match=said):
            dana.run(views.create, "companies", "Broken", shape)
    with pytest.raises(Invalid, match="there is a view 'owned BY me' already"):
        dana.run(views.create, "companies", "owned BY me", Shape())
    with pytest.raises(Invalid, match="only a view for everyone can be a default"):
        dana.run(views.create, "companies", "Private", Shape(), description="No.")
    assert names(dana) == BUILT_IN


def test_cus_6_editing_renames_shares_and_saves_over_and_making_private_removes_the_default(dana, lee):
    made = dana.run(views.create, "companies", "Ours", Shape("health:<50"), shared=True, description="Below 50.")
    again = dana.run(views.edit, made.id, name="Low", shape=Shape("health:<40", ("name",), ("health",)))
    assert (again.name, again.query, again.columns, again.sort) == ("Low", "health:<40", ("name",), ("health",))
    assert again.is_default
    private = dana.run(views.edit, made.id, shared=False)
    assert not private.is_default
    assert names(lee) == BUILT_IN
    with pytest.raises(Invalid, match="only a view for everyone"):
        dana.run(views.set_default, made.id, "Below 40.")
    dana.run(undo.undo)
    assert dana.run(views.find, "companies", "Low") == again, "shared and default again"


def test_cus_5_sum_9_six_defaults_with_a_description_in_an_order(dana):
    made = [dana.run(views.create, "companies", f"View {i}", Shape(), shared=True) for i in range(5)]
    for each in made[:4]:
        dana.run(views.set_default, each.id, f"About {each.name}.")
    with pytest.raises(Invalid, match=r"there are 6 already, the most there can be. Remove one"):
        dana.run(views.set_default, made[4].id, "One more.")
    with pytest.raises(Invalid, match="description: is empty"):
        dana.run(views.set_default, made[0].id, " ")
    assert dana.run(views.move, made[3].id, -1)
    assert names(dana) == [*BUILT_IN, "View 0", "View 1", "View 3", "View 2", "View 4"]
    dana.run(undo.undo)
    assert names(dana) == [*BUILT_IN, "View 0", "View 1", "View 2", "View 3", "View 4"]
    dana.run(views.remove_default, made[0].id)
    dana.run(views.set_default, made[4].id, "One more.")
    assert names(dana) == [*BUILT_IN, "View 1", "View 2", "View 3", "View 4", "View 0"]
    with pytest.raises(Invalid, match="there are 6 already"):  # taking the removal back would be a seventh
        dana.run(undo.undo, dana.run(undo.entries)[1].id)
    assert names(dana)[-1] == "View 0"
    assert not dana.run(views.move, made[0].id, 1), "it is the last of its kind"


def test_cus_8_built_in_views_are_not_edited_but_deleted_and_restored(dana, lee):
    owned, lately = dana.run(views.listing, "companies")
    with pytest.raises(Invalid, match="Owned by me: is built in and cannot be edited"):
        dana.run(views.edit, owned.id, name="Mine")
    for each in (owned, lately):
        dana.run(views.delete, each.id)
    assert names(dana) == []
    mine = lee.run(views.create, "companies", "Assigned in the last 30 days", Shape())
    assert [each.name for each in dana.run(views.restore_builtin, "companies")] == BUILT_IN
    assert dana.run(views.listing, "companies") == [owned, lately]
    assert dana.run(views.restore_builtin, "companies") == []
    dana.run(views.delete, owned.id)
    for i in range(5):
        dana.run(views.create, "companies", f"View {i}", Shape(), shared=True, description="So.")
    assert [each.is_default for each in dana.run(views.restore_builtin, "companies")] == [False], "six there are"
    assert lee.run(views.find, "companies", mine.name).id == mine.id
    with pytest.raises(Invalid, match="deals: has no built-in views"):
        dana.run(views.restore_builtin, "deals")


def test_per_5_per_6_what_everyone_sees_needs_the_right_and_ones_own_does_not(dana, lee):
    missing = "needs super admin or the Manage Customer Success Settings permission"
    owned = lee.run(views.listing, "companies")[0]
    shared = dana.run(views.create, "companies", "Ours", Shape(), shared=True)
    own = lee.run(views.create, "companies", "Own", Shape())
    refused: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (views.create, ("companies", "New", Shape()), {"shared": True}),
        (views.edit, (shared.id,), {"name": "Mine now"}),
        (views.edit, (own.id,), {"shared": True}),
        (views.delete, (shared.id,), {}),
        (views.delete, (owned.id,), {}),
        (views.set_default, (shared.id, "So."), {}),
        (views.remove_default, (owned.id,), {}),
        (views.move, (owned.id, 1), {}),
        (views.restore_builtin, ("companies",), {}),
    ]
    for operation, arguments, named in refused:
        with pytest.raises(Refused, match=missing):
            lee.run(operation, *arguments, **named)
    assert names(lee) == [*BUILT_IN, "Own", "Ours"]
    assert lee.run(views.edit, own.id, name="Mine").name == "Mine"
    lee.run(views.delete, own.id)
    assert names(lee) == [*BUILT_IN, "Ours"]
    lee.run(undo.undo)
    assert "Mine" in names(lee)
    dana.run(records.change, "users", "lee", {"workspace": "no"})
    with pytest.raises(Refused, match="Customer Success Workspace permission"):
        lee.run(views.listing, "companies")


def test_per_6_taking_back_a_change_of_a_shared_view_needs_the_right_too(dana, lee):
    dana.run(records.change, "users", "lee", {"manage_settings": "yes"})
    made = lee.run(views.create, "companies", "Lee's", Shape(), shared=True)
    lee.run(views.delete, made.id)
    private = lee.run(views.create, "companies", "Shared once", Shape(), shared=True)
    lee.run(views.edit, private.id, shared=False)
    dana.run(records.change, "users", "lee", {"manage_settings": "no"})
    newest = lee.run(undo.entries)
    for each in (newest[0], newest[1], newest[2]):  # sharing, deleting, making
        if each.label == "create the view Shared once":
            continue  # a private view of Lee's by now
        with pytest.raises(Refused, match="may not take back a change of the view"):
            lee.run(undo.undo, each.id)
    assert names(lee) == [*BUILT_IN, "Shared once"]


def test_und_2_a_name_that_was_taken_meanwhile_does_not_come_back_twice(dana):
    made = dana.run(views.create, "companies", "Mine", Shape())
    dana.run(views.delete, made.id)
    dana.run(views.create, "companies", "mine", Shape())
    with pytest.raises(Invalid, match="there is a view 'Mine' already"):
        dana.run(undo.undo, dana.run(undo.entries)[1].id)
    assert names(dana) == [*BUILT_IN, "mine"]


def test_lst_2_how_a_list_was_left_is_kept_per_user_and_not_in_the_undo_list(dana, lee):
    before = dana.run(undo.entries)
    assert dana.run(list_states.find, "companies") is None
    dana.run(list_states.keep, "companies", {"query": "acme"})
    dana.run(list_states.keep, "companies", {"query": "owner:me", "sort": ["-arr"]})
    assert dana.run(list_states.find, "companies") == {"query": "owner:me", "sort": ["-arr"]}
    assert lee.run(list_states.find, "companies") is None
    assert dana.run(list_states.find, "contacts") is None
    assert dana.run(undo.entries) == before
