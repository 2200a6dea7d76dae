"""Two records become one (REC-4), and the bin (UND-4)."""

from __future__ import annotations

from contextlib import closing

import pytest

from cs_workspace.domain.clock import DAY, FixedClock
from cs_workspace.domain.errors import Conflict, Invalid, NotFound, Refused
from cs_workspace.domain.selection import Selection
from cs_workspace.store.engine import Store
from cs_workspace.workspace import bin as the_bin
from cs_workspace.workspace import (
    follows,
    imports,
    links,
    merge,
    pipelines,
    properties,
    record_page,
    records,
    undo,
    upkeep,
)
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.import_plan import Column, Plan, Rejected
from cs_workspace.workspace.setup import NewAccount, found_account

NOW = 1_790_000_000_000
SEATED = {"service_seat": "enterprise", "workspace": "yes"}


class Office:
    """Ann, who is super admin, and Bob at one store; a clock that is set by hand."""

    def __init__(self, store):
        self.clock = FixedClock(NOW)
        found_account(store, NewAccount("Acme", "ann"), self.clock)
        self.ann, self.bob = (Workspace(store, self.clock, login) for login in ("ann", "bob"))
        self.ann.run(records.add, "users", {"login": "bob", "name": "Bob", **SEATED})

    def add(self, kind, /, **texts):
        self.clock.instant += 1000
        return self.ann.run(records.add, kind, texts)

    def show(self, kind, record):
        return self.ann.run(records.show, kind, str(record))


@pytest.fixture
def office(store_url):
    with closing(Store(store_url)) as store:
        yield Office(store)


@pytest.fixture
def two(office):
    """A company and another of the same name, each with people and work of its own."""
    a = office.add("companies", name="Acme", domain="acme.io", industry="Tools", lifecycle_stage="Lead")
    b = office.add(
        "companies", name="ACME Ltd", domain="acme.com", phone="123", external_id="X-2", lifecycle_stage="Customer",
        created_at="2020-01-01",
    )  # fmt: skip
    return a, b


def test_rec_4_one_record_of_two(office, two):
    a, b = two
    both = office.add("contacts", email="both@x.io", companies=f"#{b};#{a}")
    theirs = office.add("contacts", email="theirs@x.io", companies=f"#{b}")
    call = office.add("calls", title="Hello", at="2026-01-01", companies=f"#{b}", contacts=f"#{theirs}")
    office.bob.run(follows.follow, Selection.of("companies", b))
    seen = office.ann.run(merge.preview, "companies", a, b, {"name": "secondary"})
    assert seen.moves == {"contacts": 2, "call": 1}
    assert seen.followers == 1
    texts = {each.standing.prop.name: (each.result, each.standing.why) for each in seen.differing}
    assert texts == {
        "name": ("ACME Ltd", "chosen"),
        "domain": ("acme.io", "the primary's is kept"),
        "industry": ("Tools", "the primary's"),
        "phone": ("123", "fills a blank"),
        "external_id": ("X-2", "fills a blank"),
        "lifecycle_stage": ("customer", "the furthest is kept"),
        "created_at": ("2020-01-01T00:00:00+00:00", "the earliest is kept"),
    }
    before = [office.show("companies", each) for each in two]
    assert office.ann.run(merge.merge, "companies", a, b, {"name": "secondary"}) == 3
    now = office.show("companies", a)
    assert {name: now[name] for name in texts} == {name: text for name, (text, _) in texts.items()}
    assert [office.show("contacts", each)["companies"] for each in (both, theirs)] == [["ACME Ltd"], ["ACME Ltd"]]
    assert office.show("calls", call)["companies"] == ["ACME Ltd"]
    assert office.ann.run(records.count, "companies") == 1
    assert office.bob.run(follows.followers, "companies", a) == ["Bob"]
    newest = office.ann.run(undo.entries, 1)[0]
    assert newest.label == "merge company ACME Ltd into Acme"
    # former ids
    for reference in (str(b), f"#{b}", "X-2", "acme.com"):
        assert office.show("companies", reference)["id"] == a
    assert office.ann.run(records.change, "companies", str(b), {"phone": "456"}) == (a, True)
    assert office.ann.run(record_page.record, "companies", b).id == a
    # both histories
    lines = office.ann.run(records.history, "companies", str(a))
    assert [line.kind for line in lines].count("created") == 2
    assert "merged" in [line.kind for line in lines]
    changes = office.ann.run(record_page.changes, "companies", a)
    assert {each.former for each in changes} == {"", "ACME Ltd"}
    assert [each.kind for each in changes if each.former] == ["merged", "created"]
    # one undo takes it all back
    assert office.ann.run(undo.undo).left == ()
    assert office.ann.run(undo.undo).left == ()
    after = [office.show("companies", each) for each in two]
    assert [{**each, "updated_at": None} for each in after] == [{**each, "updated_at": None} for each in before]
    assert office.show("contacts", both)["companies"] == ["ACME Ltd", "Acme"]
    assert office.bob.run(follows.followers, "companies", a) == []
    assert "merged" not in [line.kind for line in office.ann.run(records.history, "companies", str(a))]
    # and forward again, as a merge
    assert office.ann.run(undo.redo).left == ()
    assert office.show("companies", b)["id"] == a


def test_rec_4_a_former_id_leads_on_through_several_merges_and_an_empty_bin(office):
    first, second, third = (office.add("companies", name=name, external_id=f"{name}-1") for name in "FGH")
    office.ann.run(merge.merge, "companies", second, first)
    office.ann.run(merge.merge, "companies", third, first)  # it stands for the second by now
    office.clock.instant += 91 * DAY
    worker = Workspace(office.ann.store, office.clock, None)
    assert worker.run(upkeep.empty_bin) == 0, "former records stay with the one that stands for them"
    assert [office.show("companies", each)["id"] for each in (first, second)] == [third, third]
    assert office.ann.run(record_page.record, "companies", first).id == third
    assert [line.kind for line in office.ann.run(records.history, "companies", str(first))].count("created") == 3
    assert office.show("companies", "F-1")["id"] == third
    assert [row.days_left for row in office.ann.run(the_bin.listing)] == [None, None]
    merging = office.ann.run(undo.entries, 1)[0].id
    office.ann.run(records.delete, "companies", [str(third)])
    office.clock.instant += 91 * DAY
    assert worker.run(upkeep.empty_bin) == 3, "and go with it"
    done = office.ann.run(undo.undo, merging)
    assert done.names == (f"company {second}, which is gone for good",)  # so nothing of the merge is taken back
    assert office.ann.run(records.count, "companies") == 0


def load(office, kind, names, *rows):
    plan = Plan(kind, "a.csv", len(names), tuple(Column(name, (i,)) for i, name in enumerate(names)))
    rejected: list[Rejected] = []
    numbered = [(line, list(row)) for line, row in enumerate(rows, 2)]
    report = imports.load(office.ann, plan, numbered, rejected.append, lambda *_: None)
    return (report.new, report.changed, report.unchanged), [(each.line, each.reason) for each in rejected]


def test_rec_4_a_file_that_names_a_former_record_is_about_the_one_that_stands(office, two):
    a, b = two
    office.ann.run(records.change, "companies", str(a), {"external_id": "X-1"})
    office.ann.run(merge.merge, "companies", a, b)
    names = ("external_id", "domain", "phone")
    assert load(office, "companies", names, ["X-2", "acme.com", "555"]) == ((0, 1, 0), [])
    now = office.show("companies", a)
    assert [now[name] for name in names] == ["X-1", "acme.io", "555"], "it keeps its own keys"
    assert load(office, "companies", names, ["X-2", "acme.com", "555"]) == ((0, 0, 1), [])
    assert load(office, "companies", ("domain", "phone"), ["acme.com", "556"]) == ((0, 1, 0), [])
    assert load(office, "companies", ("id", "name", "phone"), [str(b), "ACME Ltd", "557"])[0] == (0, 1, 0)
    both = (["X-2", "acme.com", "1"], ["X-1", "acme.io", "2"])
    assert load(office, "companies", names, *both) == ((0, 1, 0), [(2, "the same company as on line 3")])
    assert office.show("companies", a)["phone"] == "2", "what names the record itself goes first"
    # and what is in the bin is made anew
    office.ann.run(records.delete, "companies", [str(a)])
    assert load(office, "companies", ("external_id", "name"), ["X-2", "New"])[0] == (1, 0, 0)


def test_rec_4_what_cannot_be_merged(office, two):
    a, b = two
    contact = office.add("contacts", email="x@x.io")
    for arguments, error, words in (
        (("companies", a, a), Invalid, "with itself"),
        (("companies", a, 999), NotFound, "no company 999"),
        (("users", 1, 2), Invalid, "cannot be merged"),
        (("companies", a, b, {"nome": "secondary"}), Invalid, "no such property"),
    ):
        with pytest.raises(error, match=words):
            office.ann.run(merge.merge, *arguments)
    office.ann.run(records.delete, "contacts", [str(contact)])
    with pytest.raises(NotFound, match="no contact"):
        office.ann.run(merge.merge, "contacts", office.add("contacts", email="y@x.io"), contact)
    office.ann.run(records.add, "users", {"login": "guest"})
    with pytest.raises(Refused):
        Workspace(office.ann.store, office.clock, "guest").run(merge.merge, "companies", a, b)


def test_und_3_taking_a_merge_back_leaves_what_others_changed_since(office, two):
    a, b = two
    contact = office.add("contacts", email="c@x.io", companies=f"#{b}")
    moved = office.add("contacts", email="d@x.io", companies=f"#{b}")
    office.ann.run(merge.merge, "companies", a, b)
    office.bob.run(records.change, "companies", str(a), {"phone": "999"})
    office.bob.run(records.change, "contacts", str(contact), {"companies": ""})
    office.bob.run(records.add, "companies", {"name": "New", "domain": "acme.com"})
    done = office.ann.run(undo.undo)
    assert set(done.names) == {"phone of Acme", "companies of c@x.io", "domain of ACME Ltd"}
    assert office.show("companies", a)["phone"] == "999"
    assert (office.show("companies", b)["domain"], office.show("companies", b)["phone"]) == (None, "123")
    assert office.show("contacts", contact)["companies"] == []
    assert office.show("contacts", moved)["companies"] == ["ACME Ltd"]


def test_und_3_a_record_others_merged_into_is_not_unmade(office):
    mine = office.bob.run(records.add, "companies", {"name": "Mine"})
    office.ann.run(merge.merge, "companies", mine, office.add("companies", name="Old"))
    assert office.bob.run(undo.undo).names == ("Mine",)
    assert office.show("companies", mine)["name"] == "Mine"


def test_und_3_what_was_made_and_merged_by_others_is_not_unmade_twice(office):
    mine = office.bob.run(records.add, "companies", {"name": "Mine"})
    office.ann.run(merge.merge, "companies", office.add("companies", name="Old"), mine)
    assert office.bob.run(undo.undo).names == ("Mine",), "it is part of another one"
    assert office.ann.run(undo.undo).left == ()
    assert office.show("companies", mine)["name"] == "Mine"


def test_rec_4_a_key_goes_back_to_the_one_that_had_it(office):
    """Values go back before records come out of the bin: so their keys are free."""
    a, b = (office.add("contacts", email=f"{name}@x.io") for name in "ab")
    office.ann.run(merge.merge, "contacts", a, b, {"email": "secondary"})
    assert office.show("contacts", a)["email"] == "b@x.io"
    for operation, emails in ((undo.undo, ["a@x.io", "b@x.io"]), (undo.redo, ["b@x.io", "b@x.io"])):
        assert office.ann.run(operation).left == ()
        assert [office.show("contacts", each)["email"] for each in (a, b)] == emails


def test_und_3_two_records_are_not_merged_into_each_other(office):
    """A merge that was taken back is not done again once its primary has become part of the other one, or is gone."""
    a, b = (office.add("companies", name=name) for name in "AB")
    office.ann.run(merge.merge, "companies", a, b)
    merged = office.ann.run(undo.entries, 1)[0].id
    office.ann.run(undo.undo)
    office.ann.run(merge.merge, "companies", b, a)
    assert office.ann.run(undo.redo, merged).names == ("B",)
    assert [office.show("companies", each)["name"] for each in (a, b)] == ["B", "B"]


def test_und_3_what_records_stand_on_is_not_unmade(office):
    """A pipeline with others' tickets in it, a user who did something; and no record goes back to where nothing is."""
    ticket = office.add("tickets", subject="T")
    office.ann.run(pipelines.add, "tickets", "Extra", ["One", "Two=closed"])
    office.bob.run(records.change, "tickets", "T", {"pipeline": "Extra"})
    done = office.ann.run(undo.undo)
    assert (done.names, done.changed) == (("One", "Extra"), 1)
    assert office.show("tickets", ticket)["stage"] == "One"
    office.ann.run(undo.redo)
    office.bob.run(undo.undo)
    assert office.ann.run(undo.undo).left == ()
    assert set(office.bob.run(undo.redo).names) == {"pipeline of T", "stage of T"}
    assert office.show("tickets", ticket)["stage"] == "New"
    office.ann.run(records.add, "users", {"login": "cat", "name": "Cat", **SEATED})
    Workspace(office.ann.store, office.clock, "cat").run(records.change, "tickets", "T", {"priority": "high"})
    assert office.ann.run(undo.undo).names == ("Cat",)
    assert office.ann.run(records.history, "tickets", "T")[0].user == "cat"
    office.ann.run(records.add, "users", {"login": "dog"})
    assert office.ann.run(undo.undo).left == ()


def test_und_2_what_others_did_with_custom_values_outlives_the_property(office):
    """Values of a property that is deleted in between are taken back and come back with it."""
    office.ann.run(properties.add, "companies", "Tier")
    a, b = (office.add("companies", name=name, tier=name) for name in "AB")
    office.bob.run(records.change, "companies", "A", {"tier": "new"})
    office.ann.run(properties.delete, "companies", "tier")
    office.bob.run(undo.undo)
    office.ann.run(merge.merge, "companies", b, a)
    assert office.ann.run(undo.undo).left == ()
    assert office.ann.run(undo.undo).left == ()
    assert [office.show("companies", each)["tier"] for each in (a, b)] == ["A", "B"]
    office.bob.run(undo.redo)
    assert office.show("companies", a)["tier"] == "new"


def test_und_3_a_link_somebody_added_across_a_merge_stays(office):
    a, b, d = (office.add("companies", name=name) for name in "ABD")
    contact = office.add("contacts", email="c@x.io", companies=f"#{b}")
    office.ann.run(merge.merge, "companies", a, b)
    office.bob.run(links.link, "contacts", contact, "companies", [d])
    assert office.ann.run(undo.undo).names == ("companies of c@x.io",)
    assert office.show("contacts", contact)["companies"] == ["A", "D"]
    assert office.show("companies", b)["id"] == b


def test_und_4_the_bin(office, two):
    a, b = two
    contact = office.add("contacts", email="c@x.io", companies=f"#{a}")
    office.bob.run(records.delete, "companies", [str(a)])
    assert office.bob.run(undo.entries, 1)[0].label == "delete company Acme"
    office.clock.instant += 3 * DAY
    office.ann.run(records.delete, "contacts", [str(contact)])
    rows = office.ann.run(the_bin.listing)
    assert [(row.kind.name, row.title, row.user, row.days_left) for row in rows] == [
        ("contacts", "c@x.io", "ann", 90),
        ("companies", "Acme", "Bob", 87),
    ]
    assert [row.title for row in office.ann.run(the_bin.listing, limit=1, before=rows[0].place)] == ["Acme"]
    assert [row.title for row in office.ann.run(the_bin.listing, words="ÀCM")] == ["Acme"]
    counts = [office.ann.run(the_bin.count, *arguments) for arguments in ((), ("companies",), (None, "zzz"))]
    assert counts == [2, 1, 0]
    with pytest.raises(NotFound, match="in the bin"):
        office.ann.run(the_bin.restore, "companies", [b])
    assert office.ann.run(the_bin.restore, "companies", [a]) == 1
    assert office.ann.run(undo.entries, 1)[0].label == "restore company Acme"
    assert office.ann.run(the_bin.restore, "contacts", [contact]) == 1
    assert office.show("contacts", contact)["companies"] == ["Acme"]
    office.ann.run(undo.undo)
    assert office.ann.run(the_bin.count) == 1
    # a key that is taken, and a merged record
    office.ann.run(records.add, "contacts", {"email": "c@x.io"})
    with pytest.raises(Conflict, match=r"cannot come back: email .* belongs to contact"):
        office.ann.run(the_bin.restore, "contacts", [contact])
    office.ann.run(merge.merge, "companies", a, b)
    assert [row.into for row in office.ann.run(the_bin.listing, "companies")] == ["Acme"]
    with pytest.raises(Conflict, match="was merged into Acme"):
        office.ann.run(the_bin.restore, "companies", [b])
    office.ann.run(records.add, "users", {"login": "guest"})
    assert Workspace(office.ann.store, office.clock, "guest").run(the_bin.listing) == []


def test_cus_2_an_owner_that_comes_back_has_been_there_since_it_came_first(office):
    a = office.add("companies", name="Acme", owner="ann")
    first = office.show("companies", a)["owner_assigned_at"]
    office.clock.instant += DAY
    office.ann.run(records.change, "companies", str(a), {"owner": "bob"})
    second = office.show("companies", a)["owner_assigned_at"]
    office.clock.instant += DAY
    for operation, expected in ((undo.undo, first), (undo.redo, second), (undo.undo, first)):
        office.ann.run(operation)
        assert office.show("companies", a)["owner_assigned_at"] == expected
    assert first != second
