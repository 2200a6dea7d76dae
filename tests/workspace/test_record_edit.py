"""Properties edited in place by several people at once, and records that belong to each other (REC-6, REC-7, UND-5)."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.workspace import links, pipelines, properties, record_edit, records, undo
from cs_workspace.workspace.door import Workspace
from tests.workspace.account import account


@pytest.fixture
def dana(store_url):
    with account(store_url) as workspace:
        yield workspace


@pytest.fixture
def lee(dana):
    return Workspace(dana.store, dana.clock, "lee")


def add(workspace, kind, /, **texts):
    return workspace.run(records.add, kind, texts)


def begin(workspace, kind, record, prop):
    return workspace.run(record_edit.editable, kind, record, prop)


def write(workspace, begun, text):
    return workspace.run(record_edit.change, begun.kind.name, begun.id, {begun.prop.name: text}, begun.seen)


def value(workspace, kind, record, prop):
    return begin(workspace, kind, record, prop).raw


def test_rec_7_the_same_property_asks_and_different_ones_do_not(dana, lee):
    acme = add(dana, "companies", name="Acme", phone="1", employees="5")
    phone, employees = begin(dana, "companies", acme, "phone"), begin(dana, "companies", acme, "employees")
    assert (phone.text, phone.may_be_empty, phone.locked) == ("1", True, "")
    write(lee, begin(lee, "companies", acme, "phone"), "2")
    dana.clock.instant += 60_000
    assert write(dana, employees, "6").changed == ("employees",)
    entries = len(dana.run(undo.entries))

    (clash,) = write(dana, phone, "3").clashes
    assert (clash.mine, clash.theirs, clash.original) == ("3", "2", "1")
    assert (clash.who, clash.at) == ("Lee", dana.clock.instant - 60_000)
    assert value(dana, "companies", acme, "phone") == "2"
    assert len(dana.run(undo.entries)) == entries

    assert write(dana, phone, "2") == record_edit.Edited(())
    both = dana.run(record_edit.change, "companies", acme, {"phone": "3", "industry": "Steel"}, phone.seen)
    assert (both.changed, [each.prop.name for each in both.clashes]) == (("industry",), ["phone"])
    write(lee, begin(lee, "companies", acme, "phone"), "4")
    (again,) = dana.run(record_edit.change, "companies", acme, clash.texts, clash.seen).clashes
    assert again.theirs == "4"
    assert dana.run(record_edit.change, "companies", acme, again.original_texts, again.seen).changed == ("phone",)
    assert value(dana, "companies", acme, "phone") == "2"
    assert dana.run(undo.undo).label == "set phone of company Acme"
    assert value(dana, "companies", acme, "phone") == "4"


def test_rec_7_what_was_seen_may_come_back_from_a_draft(dana, lee):
    one, two = add(dana, "companies", name="One"), add(dana, "companies", name="Two")
    contact = add(dana, "contacts", email="x@x.io", companies=f"#{one};#{two}")
    begun = begin(dana, "contacts", contact, "companies")
    assert begun.text == f"#{one};#{two}"
    seen = {"companies": [one, two]}
    assert dana.run(record_edit.change, "contacts", contact, {"companies": f"#{two}"}, seen).changed == ("companies",)
    (clash,) = dana.run(record_edit.change, "contacts", contact, {"companies": f"#{one}"}, seen).clashes
    assert (clash.mine, clash.theirs, clash.original) == ("One", "Two", "One, Two")
    assert dana.run(record_edit.change, "contacts", contact, clash.original_texts, clash.seen).changed


def test_rec_7_pipeline_and_stage_are_one_value(dana, lee):
    dana.run(pipelines.add, "tickets", "Billing", ["Open", "Done=closed"])
    ticket = add(dana, "tickets", subject="Help", pipeline="Support pipeline")
    stage, place = begin(dana, "tickets", ticket, "stage"), begin(dana, "tickets", ticket, "pipeline")
    assert [each.text for each in stage.choices][:1] == ["New"]
    assert not stage.may_be_empty
    write(lee, begin(lee, "tickets", ticket, "pipeline"), "Billing")
    (clash,) = write(dana, stage, "Closed").clashes
    assert (clash.mine, clash.theirs) == ("Support pipeline · Closed", "Billing · Open")
    assert write(dana, place, "Billing") == record_edit.Edited(())
    settled = dana.run(record_edit.change, "tickets", ticket, clash.texts, clash.seen)
    assert set(settled.changed) == {"pipeline", "stage"}
    assert dana.run(records.show, "tickets", str(ticket))["closed_at"] is not None
    with pytest.raises(Invalid, match="cannot be empty"):
        write(dana, begin(dana, "tickets", ticket, "stage"), "")


def test_what_cannot_be_edited_says_why_and_what_is_refused_changes_nothing(dana):
    acme = add(dana, "companies", name="Acme", domain="acme.io")
    add(dana, "companies", name="Bolt", domain="bolt.io")
    assert "is calculated" in begin(dana, "companies", acme, "health").locked
    assert not begin(dana, "companies", acme, "name").may_be_empty
    for texts, sentence in (
        ({"health": "3"}, "is calculated"),
        ({"employees": "many"}, "is not a number"),
        ({"domain": "bolt.io"}, "already"),
        ({"name": ""}, "needs one"),
        ({"arr": "12k", "sentiment": "odd"}, "is not one of its choices"),
    ):
        with pytest.raises(Invalid, match=sentence):
            dana.run(record_edit.change, "companies", acme, texts, {})
    assert value(dana, "companies", acme, "arr") is None
    dana.run(records.delete, "companies", [str(acme)])
    with pytest.raises(NotFound, match="Acme was deleted"):
        dana.run(record_edit.change, "companies", acme, {"phone": "1"}, {})


NUMBERS = count()
PROPS = ("phone", "industry", "employees", "arr", "renewal_date", "sentiment", "owner", "tier", "close_call")
TEXTS = {
    "phone": ["", "1", "2", "3"],
    "industry": ["", "Steel", "Łódź ", "⠀"],
    "employees": ["", "5", "1,200", "12k"],
    "arr": ["", "12k", "0.5", "99.99 €"],
    "renewal_date": ["", "2026-12-31", "2027-01-01"],
    "sentiment": ["", "positive", "Negative"],
    "owner": ["", "dana", "lee"],
    "tier": ["", "Gold", "Tin"],
    "close_call": ["", "yes", "no"],
}


def test_und_5_two_people_editing_at_once_lose_nothing(dana, lee):
    """REC-7: whatever anybody wrote stands until somebody who saw it writes something else."""
    dana.run(properties.add, "companies", "Tier", "enumeration", options=["Gold", "Tin"])
    dana.run(properties.add, "companies", "Close call", "boolean")

    @settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        max_examples=max(8, settings().max_examples // 6),
    )
    @given(
        st.lists(
            st.tuples(st.booleans(), st.sampled_from(PROPS), st.booleans(), st.integers(0, 3)), min_size=1, max_size=12
        )
    )
    def story(steps):
        company = add(dana, "companies", name=f"C{next(NUMBERS)}")
        stored = dict.fromkeys(PROPS)
        begun = {}
        for is_dana, prop, begins, which in steps:
            who = dana if is_dana else lee
            if begins or (is_dana, prop) not in begun:
                begun[is_dana, prop] = begin(who, "companies", company, prop)
                continue
            held = begun[is_dana, prop]
            text = TEXTS[prop][which % len(TEXTS[prop])]
            edited = write(who, held, text)
            now = value(dana, "companies", company, prop)
            if held.raw == stored[prop]:
                assert not edited.clashes
            if edited.clashes:
                (clash,) = edited.clashes
                assert now == stored[prop] != held.raw
                assert clash.seen == {prop: stored[prop]}
                which_one = which % 3
                if which_one:
                    texts = clash.texts if which_one == 1 else clash.original_texts
                    settled = who.run(record_edit.change, "companies", company, texts, clash.seen)
                    assert not settled.clashes
                    now = value(dana, "companies", company, prop)
                    assert which_one == 1 or now == held.raw
            else:
                assert edited.changed == ((prop,) if now != stored[prop] else ())
            stored[prop] = now
            for other in PROPS:
                if other != prop:
                    assert value(dana, "companies", company, other) == stored[other]

    story()


def titles(workspace, kind, record, key):
    (found,) = [each for each in workspace.run(links.links, kind, record) if each.relation.key == key]
    return [(each.record.title, each.first) for each in found.linked]


def test_rec_6_records_belong_to_each_other_from_either_side_one_of_them_first(dana, lee):
    acme, bolt = add(dana, "companies", name="Acme"), add(dana, "companies", name="Bolt", domain="bolt.io")
    ann, ben = add(dana, "contacts", first_name="Ann"), add(dana, "contacts", first_name="Ben", companies="Bolt")
    assert dana.run(links.link, "companies", acme, "contacts.companies", [ann, ben]) == 2
    assert lee.run(links.link, "companies", acme, "contacts.companies", [ann]) == 0
    assert dana.run(undo.entries)[0].label == "add 2 contacts to company Acme"
    assert titles(dana, "contacts", ben, "companies") == [("Bolt", True), ("Acme", False)]
    assert titles(dana, "companies", acme, "contacts.companies") == [("Ben", False), ("Ann", True)]
    assert dana.run(links.make_primary, "companies", acme, "contacts.companies", ben) == 1
    assert titles(dana, "contacts", ben, "companies") == [("Acme", True), ("Bolt", False)]
    assert dana.run(links.make_primary, "contacts", ben, "companies", bolt) == 1
    assert titles(dana, "companies", acme, "contacts.companies") == [("Ben", False), ("Ann", True)]
    assert dana.run(links.unlink, "contacts", ben, "companies", [acme]) == 1
    assert dana.run(undo.undo).label == "remove company Acme from contact Ben"
    assert titles(dana, "contacts", ben, "companies") == [("Bolt", True), ("Acme", False)]
    assert dana.run(links.unlink, "companies", acme, "contacts.companies", [ann, ben]) == 2
    assert titles(dana, "companies", acme, "contacts.companies") == []
    assert dana.run(undo.undo).changed == 2

    task = add(dana, "activities", kind="viewed", at="2026-03-01")
    dana.run(links.link, "activities", task, "contact", [ann])
    assert dana.run(links.link, "activities", task, "contact", [ben]) == 1
    assert titles(dana, "activities", task, "contact") == [("Ben", True)]
    for arguments, sentence in (
        (("activities", task, "contact", [ann, ben]), "takes one only"),
        (("companies", acme, "contacts", [ann]), "not related by it"),
        (("companies", acme, "contacts.companies", [999]), "There is no contact 999"),
    ):
        with pytest.raises((Invalid, NotFound), match=sentence):
            dana.run(links.link, *arguments)
    with pytest.raises(Invalid, match="Add it first"):
        dana.run(links.make_primary, "contacts", ann, "companies", bolt)
