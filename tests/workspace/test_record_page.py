"""A record as its page shows it: values, what belongs to it, what happened to it (REC-1, PER-1, UND-4)."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.event import listen, remove

from cs_workspace.domain.clock import FixedClock
from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.workspace import record_page, records, undo
from cs_workspace.workspace.door import Workspace
from tests.workspace.account import account, at, go_to

EMEA = DANA = 1  # the first team, the first user


@pytest.fixture
def dana(store_url):
    with account(store_url) as workspace:
        yield workspace


def add(workspace, kind, /, **texts):
    return workspace.run(records.add, kind, texts)


def read(workspace, kind, id):
    return workspace.run(record_page.record, kind, id)


def related(workspace, kind, id):
    groups = workspace.run(record_page.related, kind, id)
    return {group.label: (group.total, [row.title for row in group.rows]) for group in groups}


def happened(workspace, kind, id, **which):
    return [item.title for item in workspace.run(record_page.timeline, kind, id, **which)]


def test_values_are_raw_and_what_stands_for_something_has_its_name(dana):
    company = add(dana, "companies", name="Blåbær", owner="lee", arr="48k", renewal_date="2027-01-12")
    found = read(dana, "companies", company)
    assert found.title == "Blåbær"
    assert found.values["owner"] == "Lee"
    assert found.values["arr"] == 48_000_00
    assert found.values["renewal_date"] == 20_830
    assert "domain" not in found.values
    assert list(found.values) == [name for name in found.kind.properties if name in found.values]


def test_related_records_of_both_directions_the_latest_first(dana):
    company = add(dana, "companies", name="Blåbær")
    kari = add(dana, "contacts", first_name="Kari", email="kari@b.no", companies="Blåbær")
    for day in ("01", "03", "02"):
        add(dana, "calls", title=f"Call {day}", at=f"2026-02-{day}", companies="Blåbær", contacts="kari@b.no")
    gone = add(dana, "calls", title="Gone", at="2026-02-04", companies="Blåbær")
    dana.run(records.delete, "calls", [str(gone)])
    add(dana, "deals", name="Renewal", close_date="2026-05-01", companies="Blåbær")
    add(dana, "deals", name="Add-on", close_date="2026-06-01", companies="Blåbær")
    deals = (2, ["Add-on", "Renewal"])
    assert related(dana, "companies", company) == {"Contacts": (1, ["Kari"]), "Deals": deals}
    assert related(dana, "contacts", kari) == {"Companies": (1, ["Blåbær"])}
    assert happened(dana, "companies", company) == happened(dana, "contacts", kari) == ["Call 03", "Call 02", "Call 01"]
    assert related(dana, "teams", EMEA) == {"Users": (1, ["Kari"]), "Teams": (2, ["Poland", "Italy"])}


def test_of_many_the_first_are_read_and_all_are_counted(dana):
    company = add(dana, "companies", name="Blåbær")
    for number in range(record_page.RELATED + 2):
        add(dana, "tasks", title=f"{number}", due_at="2026-02-01", companies="Blåbær")
    total, titles = related(dana, "companies", company)["Tasks"]
    assert total == record_page.RELATED + 2
    assert titles == [str(number) for number in range(total - 1, 1, -1)]
    (group,) = dana.run(record_page.related, "companies", company, more={"tasks": 60})
    assert (group.total, len(group.rows)) == (total, total)


def test_rec_1_the_history_has_names_and_is_read_page_by_page(dana):
    company = add(dana, "companies", name="Blåbær", owner="lee")
    for arr in range(1, 6):
        dana.run(records.change, "companies", str(company), {"arr": str(arr)})
    dana.run(records.change, "companies", str(company), {"owner": "ewa"})
    every = dana.run(record_page.changes, "companies", company)
    assert [(each.old, each.new) for each in every[:2]] == [("Lee", "Ewa"), (400, 500)]
    assert [each.kind for each in every] == ["changed"] * 6 + ["created"]
    assert (every[0].prop.label, every[0].user, every[0].at) == ("Owner", "dana", at("2026-03-15T10:00"))
    assert every[-1].prop is None
    assert dana.run(record_page.changes, "companies", company, before=every[3].id, limit=2) == every[4:6]
    lines = dana.run(records.history, "companies", str(company))
    assert [(line.at, line.source, line.action, line.kind) for line in lines] == [
        (each.at, each.source, each.action, each.kind) for each in every
    ]


def test_und_4_a_deleted_or_unknown_record_is_a_sentence(dana):
    company = add(dana, "companies", name="Blåbær")
    dana.run(records.delete, "companies", [str(company)])
    for operation in (record_page.record, record_page.related, record_page.changes, record_page.page):
        with pytest.raises(NotFound, match=r"The company Blåbær was deleted\."):
            dana.run(operation, "companies", company)
        with pytest.raises(NotFound, match=r"There is no company 999\."):
            dana.run(operation, "companies", 999)
    gone = dana.run(record_page.gone, "companies", company)
    assert (gone.title, gone.user, gone.at) == ("Blåbær", "dana", dana.clock.now())
    dana.run(undo.undo)
    assert read(dana, "companies", company).title == "Blåbær"
    with pytest.raises(NotFound, match="in the bin"):
        dana.run(record_page.gone, "companies", company)


def test_cus_9_what_happened_is_merged_newest_first_and_read_on(dana):
    """All kinds in one order, also where many have the same time; tasks by when they are due."""
    company = add(dana, "companies", name="Blåbær")
    add(dana, "contacts", first_name="Kari", email="kari@b.no", companies="Blåbær")
    add(dana, "contacts", first_name="Else", email="else@c.no")
    for number in range(4):
        both = {"companies": "Blåbær", "contacts": "kari@b.no", "owner": "lee"}
        add(dana, "calls", title=f"Call {number}", at="2026-02-03T10:00", outcome="Busy", **both)
        add(dana, "notes", title=f"Note {number}", at=f"2026-02-0{number + 1}", companies="Blåbær")
        add(dana, "activities", kind="page_view", title=f"View {number}", at="2026-02-03T10:00", contact="kari@b.no")
    add(dana, "tasks", title="Later", due_at="2026-08-01", companies="Blåbær", assignee="ewa")
    add(dana, "calls", title="Of the contact only", at="2026-02-03", contacts="kari@b.no")
    add(dana, "activities", kind="page_view", title="Somebody else", at="2026-02-03", contact="else@c.no")
    every = dana.run(record_page.timeline, "companies", company)
    assert [item.key for item in every] == sorted((item.key for item in every), reverse=True)
    assert len(every) == 13
    assert (every[0].title, every[0].owner, every[0].state_value) == ("Later", "Ewa", "open")
    assert (every[2].what, every[2].contact, every[2].owner) == ("page view", "Kari", "")
    call = next(item for item in every if item.title == "Call 3")
    assert (call.what, call.contact, call.owner, call.state_value) == ("Call", "Kari", "Lee", "Busy")
    found, before = [], None
    while page := dana.run(record_page.timeline, "companies", company, before=before, limit=3):
        found += page
        before = page[-1].key
    assert found == every


def test_rec_6_the_main_company_is_known_on_both_sides(dana):
    one, other = (add(dana, "companies", name=name) for name in ("Blåbær", "Łódź"))
    kari = add(dana, "contacts", first_name="Kari", companies="Blåbær; Łódź")
    main = {name: dana.run(record_page.related, *which)[0].rows for name, which in (
        ("one", ("companies", one)), ("other", ("companies", other)), ("kari", ("contacts", kari)),
    )}  # fmt: skip
    assert [row.is_primary for rows in main.values() for row in rows] == [True, False, True, False]


def test_lst_6_one_operation_reads_a_whole_page_and_no_more_for_many_records(dana):
    """As many statements for a customer with many records as for one with few."""
    few, many = (add(dana, "companies", name=name) for name in ("Few", "Many"))
    for name, count in (("Few", 2), ("Many", 30)):
        for number in range(count):
            add(dana, "calls", title=f"{number}", at="2026-02-01", companies=name)
            add(dana, "contacts", first_name=f"{name} {number}", companies=name)
            add(dana, "tickets", subject=f"{number}", companies=name) if number < 2 else None
    statements: Counter[int] = Counter()
    read(dana, "companies", few)
    for company in (few, many):
        note = partial(lambda which, *_: statements.update([which]), company)
        listen(dana.store.engine, "before_cursor_execute", note)
        assert dana.run(record_page.page, "companies", company).record.id == company
        remove(dana.store.engine, "before_cursor_execute", note)
    assert statements[few] == statements[many]


# --- as of


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.sampled_from(["name", "arr", "owner", "renewal_date"]), st.integers(0, 3)),
        st.tuples(st.sampled_from(["delete", "undo", "link"]), st.just(""), st.integers(0, 2)),
    ),
    min_size=1,
    max_size=8,
)
VALUES = {
    "name": ("Blåbær", "Łódź", "Ægir", "Łódź"),
    "arr": ("1", "2", "", "3"),
    "owner": ("lee", "", "ewa", "dana"),
    "renewal_date": ("2027-01-01", "", "2027-02-01", "2026-12-31"),
}


def test_a_record_as_of_a_time_is_the_one_seen_then(dana):
    """REC-1: whatever happened since, edits, deletions, undos, associations of its own."""

    @settings(max_examples=5, deadline=None)
    @given(edits=EDITS)
    def holds(edits):
        dana.clock.instant = max(dana.clock.instant, at("2026-03-15T10:00")) + 1_000
        company = add(dana, "companies", name="Blåbær")
        contact = add(dana, "contacts", first_name="Kari", companies=f"#{company}")
        seen = []
        for edit in edits:
            seen.append((dana.clock.instant, seen_as(dana, company, contact)))
            dana.clock.instant += 60_000
            with suppress(NotFound, Invalid):
                do(dana, edit, company, contact)
        for then, snapshot in seen:
            assert seen_as(dana, company, contact, then) == snapshot
            past = Workspace(dana.store, FixedClock(then), "dana")
            assert seen_as(past, company, contact) == snapshot

    holds()


def seen_as(workspace, company, contact, then=None):
    found = {}
    for kind, record in (("companies", company), ("contacts", contact)):
        with suppress(NotFound):
            seen = workspace.run(record_page.record, kind, record, then)
            found[kind] = {**seen.values, "companies": seen.raw.get("companies")}  # by whatever name it has now
    return found


def do(workspace, edit, company, contact):
    what, prop, number = edit
    match what:
        case "set":
            workspace.run(records.change, "companies", str(company), {prop: VALUES[prop][number]})
        case "delete":
            workspace.run(records.delete, "companies", [str(company)])
        case "link":
            workspace.run(records.change, "contacts", str(contact), {"companies": "" if number else f"#{company}"})
        case _:
            workspace.run(undo.undo)


def test_before_it_was_made_and_after_it_was_deleted(dana):
    """UND-4: what was not there yet says so; what is in the bin now is shown as it was."""
    go_to(dana, "2026-03-16T10:00")
    company = add(dana, "companies", name="Blåbær")
    with pytest.raises(NotFound, match=r"did not exist yet on 2026-03-16 09:00\. It was created on 2026-03-16 10:00"):
        dana.run(record_page.page, "companies", company, at("2026-03-16T09:00"))
    add(dana, "notes", title="First", at="2026-03-16", companies="Blåbær")
    go_to(dana, "2026-03-17T10:00")
    add(dana, "notes", title="Second", at="2026-03-16", companies="Blåbær")
    dana.run(records.change, "companies", str(company), {"name": "Ægir"})
    dana.run(records.delete, "companies", [str(company)])
    page = dana.run(record_page.page, "companies", company, at("2026-03-16T12:00"))
    assert (page.record.title, page.record.as_of) == ("Blåbær", at("2026-03-16T12:00"))
    assert [item.title for item in page.items] == ["First"]
    assert [change.kind for change in page.changes] == ["created"]
    go_to(dana, "2026-03-16T12:00")
    assert read(dana, "companies", company).title == "Blåbær"


def test_per_1_nothing_is_shown_that_the_user_may_not_see(dana):
    dana.run(records.add, "users", {"login": "bare"})
    add(dana, "companies", name="Blåbær")
    bare = Workspace(dana.store, dana.clock, "bare")
    with pytest.raises(Refused, match="may not see companies"):
        read(bare, "companies", 1)
    assert read(bare, "users", DANA).values["login"] == "dana"
    assert related(bare, "users", DANA) == {"Teams": (1, ["Italy"])}
