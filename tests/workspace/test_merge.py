"""Two records become one (REC-4), and the bin (UND-4)."""

from __future__ import annotations

from contextlib import closing

import pytest

from cs_workspace.domain.clock import DAY, FixedClock
from cs_workspace.domain.errors import Conflict, Invalid, NotFound, Refused
from cs_workspace.domain.selection import Selection
from cs_workspace.store.engine import Store
from cs_workspace.workspace import bin as the_bin
from cs_workspace.workspace import follows, merge, record_page, records, undo, upkeep
from cs_workspace.workspace.door import Workspace
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
    first, second, third = (office.add("companies", name=name) for name in "ABC")
    office.ann.run(merge.merge, "companies", second, first)
    office.ann.run(merge.merge, "companies", third, first)  # it stands for the second by now
    office.clock.instant += 91 * DAY
    assert Workspace(office.ann.store, office.clock, None).run(upkeep.empty_bin) == 2
    assert [office.show("companies", each)["id"] for each in (first, second)] == [third, third]
    assert office.ann.run(record_page.record, "companies", first).id == third
    assert [line.kind for line in office.ann.run(records.history, "companies", str(first))].count("created") == 3
    done = office.ann.run(undo.undo)
    assert done.names == (f"company {second}, which is gone for good",)  # so nothing of the merge is taken back
    assert office.ann.run(records.count, "companies") == 1


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
