"""Records of any object through the door: made, changed, found, shown, refused (LST, REC, UND, QRY-4)."""

from __future__ import annotations

from contextlib import closing

import pytest

from cs_workspace.domain.clock import FixedClock, parse_instant, zone
from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.store.engine import Store
from cs_workspace.workspace import records, undo
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.setup import NewAccount, found_account

ROME = zone("Europe/Rome")
NOW = parse_instant("2026-03-15T10:00", ROME)


@pytest.fixture
def ann(store_url):
    """The workspace of Ann, who is super admin of an account in Rome that counts in euro."""
    with closing(Store(store_url)) as store:
        found_account(store, NewAccount("Acme", "ann", "Europe/Rome", rates={"JPY": "0.006"}), FixedClock(NOW))
        yield Workspace(store, FixedClock(NOW), "ann")


def add(workspace, kind, /, **texts):
    return str(workspace.run(records.add, kind, texts))


def change(workspace, kind, reference, /, **texts):
    return workspace.run(records.change, kind, reference, texts)[1]


def show(workspace, kind, reference):
    return workspace.run(records.show, kind, reference)


def refused(workspace, operation, *arguments):
    with pytest.raises((Invalid, NotFound)) as caught:
        workspace.run(operation, *arguments)
    return str(caught.value)


# --- Made and changed


def test_values_are_written_as_people_write_them_and_shown_for_machines(ann):
    company = add(
        ann,
        "companies",
        name=" Łódź Works ",
        domain="LODZ.IO",
        owner="Ann",
        arr="12k",
        employees="1,200",
        renewal_date="2026-12-31",
        last_activity_at="2026-03-01 9:30",
        sentiment="positive",
    )
    shown = show(ann, "companies", company)
    assert shown["id"] == int(company)
    assert (
        shown.items()
        >= {
            "name": "Łódź Works",
            "domain": "lodz.io",
            "owner": "ann",
            "arr": "12000.00",
            "employees": 1200,
            "renewal_date": "2026-12-31",
            "last_activity_at": "2026-03-01T09:30:00+01:00",
            "sentiment": "positive",
            "created_at": "2026-03-15T10:00:00+01:00",
            "phone": None,
        }.items()
    )


def test_changing_to_the_same_changes_nothing(ann):
    company = add(ann, "companies", name="Acme", domain="acme.io")
    before = len(ann.run(undo.entries))
    assert not change(ann, "companies", company, name="Acme", domain="ACME.io ")
    assert len(ann.run(undo.entries)) == before
    assert change(ann, "companies", company, domain="")
    assert show(ann, "companies", company)["domain"] is None


def test_money_is_in_the_currency_of_the_record(ann):
    deal = add(ann, "deals", name="D", amount="5000", currency="jpy")
    assert show(ann, "deals", deal).items() >= {"amount": "5000", "currency": "JPY", "amount_home": "30.00"}.items()
    assert ann.run(records.page, "deals", columns=["amount", "currency"])[0].text == {
        "amount": "5000",
        "currency": "JPY",
    }
    change(ann, "deals", deal, amount="100")
    line = ann.run(records.history, "deals", deal, "amount")[0]
    assert (line.old, line.new) == ("5000", "100")
    assert "no exchange rate from CHF to EUR" in refused(ann, records.change, "deals", deal, {"currency": "CHF"})


def test_rec_3_a_record_begins_in_the_first_stage_of_the_first_pipeline(ann):
    ticket = show(ann, "tickets", add(ann, "tickets", subject="Help"))
    assert (ticket["pipeline"], ticket["stage"], ticket["is_closed"]) == ("Support pipeline", "New", False)
    late = show(ann, "tickets", add(ann, "tickets", subject="Help", stage="waiting on us"))
    assert late["stage"] == "Waiting on us"


def test_a_ticket_that_is_closed_and_opened_again(ann):
    ticket = add(ann, "tickets", subject="Help")
    ann.clock.instant += 60_000
    change(ann, "tickets", ticket, stage="Closed")
    assert show(ann, "tickets", ticket).items() >= {"closed_at": "2026-03-15T10:01:00+01:00", "is_closed": True}.items()
    change(ann, "tickets", ticket, stage="New")
    assert show(ann, "tickets", ticket).items() >= {"closed_at": None, "is_closed": False}.items()
    change(ann, "tickets", ticket, stage="Closed", closed_at="2026-03-15T10:00:30")
    assert show(ann, "tickets", ticket)["closed_at"] == "2026-03-15T10:00:30+01:00"
    lines = ann.run(records.history, "tickets", ticket, "closed_at")
    assert [line.new for line in lines] == [
        "2026-03-15T10:00:30+01:00",
        "",
        "2026-03-15T10:01:00+01:00",
    ]


def test_und_2_a_bulk_change_is_one_entry_that_counts_what_moved(ann):
    ids = [add(ann, "companies", name=f"C{i}") for i in range(5)]
    change(ann, "companies", ids[0], employees="5")
    before = len(ann.run(undo.entries))
    assert ann.run(records.change_many, "companies", ids, {"employees": "5"}) == 4
    assert len(ann.run(undo.entries)) == before + 1


def test_und_2_a_bulk_change_with_one_mistake_changes_nothing(ann):
    ids = [add(ann, "companies", name=f"C{i}", domain=f"c{i}.io") for i in range(3)]
    assert "There is no company '77'" in refused(
        ann, records.change_many, "companies", [*ids, "77"], {"employees": "5"}
    )
    assert ann.run(records.count, "companies", "employees:any") == 0


def test_rec_6_a_bulk_change_cannot_give_one_key_to_several(ann):
    ids = [add(ann, "companies", name=f"C{i}") for i in range(2)]
    sentence = refused(ann, records.change_many, "companies", ids, {"domain": "same.io"})
    assert "same.io" in sentence
    assert ann.run(records.count, "companies", "domain:any") == 0


# --- Refused


IMPOSSIBLE: list[tuple[str, dict[str, str], str]] = [
    ("company", {"name": "A"}, "There is no object 'company'. Did you mean companies?"),
    ("companies", {"nme": "A"}, "companies have no such property. Did you mean name?"),
    ("companies", {"domain": "x.io"}, "name: a company needs one"),
    ("companies", {"name": "  "}, "name: a company needs one"),
    ("companies", {"name": "A", "health": "5"}, "health: is calculated and cannot be set"),
    ("companies", {"name": "A", "owner": "anne"}, "there is no user 'anne'. Did you mean ann?"),
    ("companies", {"name": "A", "sentiment": "positve"}, "Did you mean Positive?"),
    ("companies", {"name": "A", "employees": "many"}, "employees: 'many' is not a number"),
    ("contacts", {"companies": "Nowhere"}, "companies: there is no company 'Nowhere'"),
    ("tickets", {"subject": "T", "stage": "Closd"}, "there is no stage 'Closd'. Did you mean Closed?"),
    ("tickets", {"subject": "T", "pipeline": "Suport"}, "there is no pipeline 'Suport'"),
    ("tickets", {"subject": "T", "closed_at": "2026-01-01"}, "the close date lies before the create date"),
    ("deals", {"name": "D", "currency": "EURO"}, "currency: 'EURO' is not a currency"),
    ("tasks", {"title": "T"}, "due_at: a task needs one"),
    ("users", {"login": "bob", "goals_edit": "own"}, "own is wider than goals_view"),
]


def test_what_cannot_be_is_refused_with_the_nearest_and_leaves_nothing(ann):
    before = len(ann.run(undo.entries))
    for kind, texts, sentence in IMPOSSIBLE:
        assert sentence in refused(ann, records.add, kind, texts)
    assert len(ann.run(undo.entries)) == before


def test_a_key_belongs_to_one_living_record(ann):
    first = add(ann, "companies", name="A", domain="a.io", external_id="x1")
    other = add(ann, "companies", name="B")
    for key, value in (("domain", "A.IO"), ("external_id", "x1")):
        assert f"belongs to company {first} already" in refused(
            ann, records.add, "companies", {"name": "C", key: value}
        )
        assert "already" in refused(ann, records.change, "companies", other, {key: value})
    assert change(ann, "companies", first, domain="a.io", phone="1")
    ann.run(records.delete, "companies", [first])
    assert change(ann, "companies", other, domain="a.io")


def test_the_last_super_admin_stays(ann):
    for texts in ({"super_admin": "no"}, {"active": "no"}):
        assert "ann is the last super admin" in refused(ann, records.change, "users", "ann", texts)
    add(ann, "users", login="bob", super_admin="yes")
    assert change(ann, "users", "ann", super_admin="no")


def test_users_are_deactivated_and_not_deleted(ann):
    add(ann, "users", login="bob")
    assert "Deactivate the user instead" in refused(ann, records.delete, "users", ["bob"])
    change(ann, "users", "bob", active="no")
    assert show(ann, "users", "bob")["deactivated_at"] == "2026-03-15T10:00:00+01:00"


# --- Found


def test_a_record_goes_by_id_external_id_key_or_exact_name(ann):
    company = add(ann, "companies", name="Acme", domain="acme.io", external_id="ext-1")
    for reference in (company, f"#{company}", "acme.io", "ACME.io", "ext-1", "Acme"):
        assert show(ann, "companies", reference)["id"] == int(company)
    for reference in ("acme", "99", "#99", "", "9" * 30):
        assert "There is no company" in refused(ann, records.show, "companies", reference)


def test_a_name_that_several_have_is_refused_with_how_many(ann):
    for _ in range(2):
        add(ann, "companies", name="Acme")
    assert "There is no company 'Acme'" in refused(ann, records.show, "companies", "Acme")
    assert "may be any of 2 companies" in refused(
        ann, records.add, "contacts", {"email": "x@x.io", "companies": "Acme"}
    )


def test_und_4_a_deleted_record_is_nowhere_to_be_found(ann):
    company = add(ann, "companies", name="Acme", domain="acme.io")
    assert ann.run(records.delete, "companies", ["acme.io"]) == 1
    for reference in (company, "acme.io", "Acme", f"#{company}"):
        assert "There is no company" in refused(ann, records.show, "companies", reference)
    assert ann.run(records.count, "companies") == 0
    assert ann.run(records.listing, "companies") == []


# --- Lists


def test_lst_3_rows_of_a_list_as_text_and_for_machines(ann):
    acme = add(ann, "companies", name="Acme", domain="acme.io", owner="ann", arr="1234.5")
    add(ann, "companies", name="Bolt")
    add(ann, "contacts", email="x@x.io", first_name="Dana", companies="Bolt;acme.io")
    rows = ann.run(records.page, "companies", columns=["name", "owner", "arr"], sort="-name")
    assert [row.text["name"] for row in rows] == ["Bolt", "Acme"]
    assert rows[1].text == {"name": "Acme", "owner": "ann", "arr": "1234.50"}
    assert rows[1].raw["arr"] == 123_450
    assert ann.run(records.page, "contacts", columns=["companies"])[0].text["companies"] == "Bolt; Acme"
    assert ann.run(records.listing, "companies", "owner:me", columns=["id", "arr"]) == [
        {"id": int(acme), "arr": "1234.50"}
    ]
    assert len(ann.run(records.listing, "companies", limit=1)) == 1
    assert ann.run(records.count, "companies", "acme or bolt") == 2


def test_qry_4_a_list_that_cannot_be_says_why(ann):
    assert "Did you mean owner?" in refused(ann, records.count, "companies", "ownr:me")
    with pytest.raises(Invalid, match="no such property"):
        ann.run(records.page, "companies", sort="nme")
    with pytest.raises(Invalid, match="cannot be sorted by related records"):
        ann.run(records.page, "contacts", sort="companies")
    with pytest.raises(Invalid, match="no such property"):
        ann.run(records.listing, "companies", columns=["nme"])


def test_lst_3_a_list_longer_than_a_page_comes_whole(ann, monkeypatch):
    for number in range(7):
        add(ann, "companies", name=f"C{number}")
    rows = ann.run(records.page, "companies", limit=3)
    rows += ann.run(records.page, "companies", limit=9, after=rows[-1].key)
    assert [row.raw["name"] for row in rows] == [f"C{n}" for n in range(7)]
    last = ann.run(records.page, "companies", limit=2, backwards=True)
    assert [row.raw["name"] for row in last] == ["C5", "C6"]


# --- History


def test_rec_1_the_history_of_a_record_and_of_one_property(ann):
    company = add(ann, "companies", name="Acme", owner="ann")
    change(ann, "companies", company, renewal_date="2026-12-31", owner="")
    lines = ann.run(records.history, "companies", company)
    assert [(line.kind, line.property, line.old, line.new) for line in lines] == [
        ("changed", "owner", "ann", ""),
        ("changed", "renewal_date", "", "2026-12-31"),
        ("created", None, "", ""),
    ]
    assert {(line.user, line.source, line.at) for line in lines} == {("ann", "cli", NOW)}
    assert lines[0].action == "set owner, renewal_date of company Acme"
    assert [line.property for line in ann.run(records.history, "companies", company, "owner")] == ["owner"]
    assert "no such property" in refused(ann, records.history, "companies", company, "ownr")
    assert len(ann.run(records.history, "companies", company, None, 2)) == 2
