"""Any record by a few letters of its name (QRY-6), among those one may see (PER-1)."""

from __future__ import annotations

import pytest

from cs_workspace.domain.errors import NotFound, Refused
from cs_workspace.store import search as store
from cs_workspace.workspace import records, search, undo
from cs_workspace.workspace.door import Workspace
from tests.workspace.account import account


@pytest.fixture
def dana(store_url):
    with account(store_url) as workspace:
        yield workspace


def add(workspace, kind, /, **texts):
    return workspace.run(records.add, kind, texts)


def titles(workspace, text, **how):
    return [(found.object, found.title) for found in workspace.run(search.find, text, **how)]


def test_qry_6_every_object_is_found_without_case_and_accents_with_what_tells_it_apart(dana):
    add(dana, "companies", name="Łódź Robotics", domain="lodz.pl", owner="lee")
    add(dana, "contacts", first_name="Łucja", last_name="Lodz", email="l@x.pl", companies="Łódź Robotics")
    add(dana, "deals", name="Big LODZ deal", companies="Łódź Robotics", owner="ewa")
    add(dana, "tickets", subject="Nothing works in Łódź")
    add(dana, "companies", name="Lodging")
    add(dana, "companies", name="Oslo")
    found = dana.run(search.find, "lodz")
    assert [(each.object, each.title, each.beside.split(" · ")[0], each.owner) for each in found] == [
        ("companies", "Łódź Robotics", "lodz.pl", "lee"),
        ("contacts", "Łucja Lodz", "Łódź Robotics", ""),
        ("deals", "Big LODZ deal", "Łódź Robotics", "ewa"),
        ("tickets", "Nothing works in Łódź", "New", ""),
    ]
    assert titles(dana, "ROB łó") == [("companies", "Łódź Robotics")]
    assert titles(dana, "in wo noth") == [("tickets", "Nothing works in Łódź")]
    assert titles(dana, "lodz nowhere") == titles(dana, "—") == titles(dana, "") == []


def test_qry_6_exact_titles_come_first_then_beginnings_one_s_own_before_others_then_words(dana):
    for name, owner in (
        ("Nord Acme", "dana"), ("Acme Abc", "lee"), ("Acme Xyz", "dana"), ("Acme", "lee"), ("Acme Def", "lee"),
    ):  # fmt: skip
        add(dana, "companies", name=name, owner=owner)
    order = ["Acme", "Acme Xyz", "Acme Abc", "Acme Def", "Nord Acme"]
    assert [title for _, title in titles(dana, "acme")] == order
    assert [title for _, title in titles(dana, "acme", limit=2)] == order[:2]


def test_a_number_is_an_id_and_may_be_a_word(dana):
    first = add(dana, "companies", name="First")
    add(dana, "companies", name=f"{first} Route")
    deal = add(dana, "deals", name="A deal")
    assert deal == first
    assert titles(dana, f"#{first}") == [("companies", "First"), ("deals", "A deal")]
    assert titles(dana, str(first)) == [("companies", "First"), ("companies", f"{first} Route"), ("deals", "A deal")]
    assert titles(dana, "#99999999999999999999999") == titles(dana, "#") == titles(dana, "#first") == []


def test_what_is_in_the_bin_is_not_found_until_it_is_back(dana):
    company = add(dana, "companies", name="Acme")
    dana.run(records.delete, "companies", [str(company)])
    assert titles(dana, "acme") == titles(dana, f"#{company}") == []
    dana.run(undo.undo)
    assert titles(dana, "acme") == [("companies", "Acme")]


@pytest.mark.parametrize("latest", [1, 2_000])
def test_qry_6_rare_words_are_found_however_old_their_record_is(dana, monkeypatch, latest):
    """What PostgreSQL sees among the latest records and what it asks its index for are the same to the user."""
    monkeypatch.setattr(store, "LATEST", latest)
    for subject in ("Old rare thing", "in the middle", "The newest"):
        add(dana, "tickets", subject=subject)
    assert titles(dana, "rare") == titles(dana, "thing o ra") == [("tickets", "Old rare thing")]
    assert [row.text["subject"] for row in dana.run(records.page, "tickets", "th", sort="-id")] == [
        "The newest", "in the middle", "Old rare thing",
    ]  # fmt: skip
    assert dana.run(records.count, "tickets", "the -newest or rare") == 2
    assert len(dana.run(records.page, "tickets", "the -newest or rare", sort="created_at,-subject")) == 2


def test_per_1_only_what_one_may_see_is_found(dana):
    add(dana, "companies", name="Acme")
    add(dana, "users", login="guest", name="Acme Guest")
    guest = Workspace(dana.store, dana.clock, "guest")
    with pytest.raises(Refused, match="Acme Guest"):
        guest.run(search.find, "acme")
    with pytest.raises(Refused):
        guest.run(search.find, "acme", objects=["companies"])
    assert titles(guest, "acme", objects=["users"]) == [("users", "Acme Guest")]
    with pytest.raises(NotFound, match="companys"):
        dana.run(search.find, "acme", objects=["companys"])
    assert {view.object for view in dana.run(search.views)} >= {"companies"}
    assert guest.run(search.views) == []
