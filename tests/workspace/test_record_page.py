"""A record as its page shows it: values, what belongs to it, what happened to it (REC-1, PER-1, UND-4)."""

from __future__ import annotations

import pytest

from cs_workspace.domain.errors import NotFound, Refused
from cs_workspace.workspace import record_page, records, undo
from cs_workspace.workspace.door import Workspace
from tests.workspace.account import account, at

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
    calls = (3, ["Call 03", "Call 02", "Call 01"])
    assert related(dana, "companies", company) == {"Contacts": (1, ["Kari"]), "Calls": calls}
    assert related(dana, "contacts", kari) == {"Companies": (1, ["Blåbær"]), "Calls": calls}
    assert related(dana, "teams", EMEA) == {"Users": (1, ["Kari"]), "Teams": (2, ["Poland", "Italy"])}


def test_of_many_the_first_are_read_and_all_are_counted(dana):
    company = add(dana, "companies", name="Blåbær")
    for number in range(record_page.RELATED + 2):
        add(dana, "notes", title=f"{number}", at="2026-02-01", companies="Blåbær")
    total, titles = related(dana, "companies", company)["Notes"]
    assert total == record_page.RELATED + 2
    assert titles == [str(number) for number in range(total - 1, 1, -1)]


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
    for operation in (record_page.record, record_page.related, record_page.changes):
        with pytest.raises(NotFound, match=r"The company Blåbær was deleted\."):
            dana.run(operation, "companies", company)
        with pytest.raises(NotFound, match=r"There is no company 999\."):
            dana.run(operation, "companies", 999)
    dana.run(undo.undo)
    assert read(dana, "companies", company).title == "Blåbær"


def test_per_1_nothing_is_shown_that_the_user_may_not_see(dana):
    dana.run(records.add, "users", {"login": "bare"})
    add(dana, "companies", name="Blåbær")
    bare = Workspace(dana.store, dana.clock, "bare")
    with pytest.raises(Refused, match="may not see companies"):
        read(bare, "companies", 1)
    assert read(bare, "users", DANA).values["login"] == "dana"
    assert related(bare, "users", DANA) == {"Teams": (1, ["Italy"])}
