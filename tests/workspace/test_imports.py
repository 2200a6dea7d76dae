"""Files taken in: matched, counted, refused by row, taken back (IMP-2 to IMP-5, UND-2, GOL-29)."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_workspace.domain.errors import Refused, WorkspaceError
from cs_workspace.workspace import calculation, goal_making, goals, imports, records, undo
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.goal_making import NewGoal
from tests.interchange.desk import counts, desk

COMPANIES = (
    "external_id,name,domain,owner,arr\n1,Acme,acme.example,boss,1200.50\n2,Łódź Sp.,lodz.example,,\n3,Gone,,,\n"
)
TICKETS = (
    "Ticket ID,Subject,Status,Created,Closed at\n7,Printer,New,2026-01-05,\n8,Printer,Closed,2026-01-06,2026-01-07\n"
)


@pytest.fixture
def at_desk(store_url, tmp_path):
    with desk(store_url, tmp_path) as made:
        yield made


@pytest.fixture
def at_sqlite_desk(fresh_sqlite_url, tmp_path):
    with desk(fresh_sqlite_url, tmp_path) as made:
        yield made


def test_a_file_is_new_then_unchanged_then_changed(at_desk):
    """IMP-3, IMP-4"""
    assert counts(at_desk.take("companies", COMPANIES)) == (3, 0, 0, 0)
    assert counts(at_desk.take("companies", COMPANIES)) == (0, 0, 3, 0)
    assert counts(at_desk.take("companies", COMPANIES.replace("Gone", "Here"))) == (0, 1, 2, 0)
    assert at_desk.rows("companies", "external_id", "name", "domain", "owner", "arr") == [
        ("1", "Acme", "acme.example", "boss", "1200.50"),
        ("2", "Łódź Sp.", "lodz.example", None, None),
        ("3", "Here", None, None, None),
    ]


def test_a_dry_run_gives_the_same_numbers_and_keeps_nothing(at_desk):
    """IMP-3"""
    text = f"{COMPANIES}1,Again,,,\n4,,,,\n5,Right,,nobody,\n"
    dry = at_desk.take("companies", f"{text}", dry_run=True)
    reasons = at_desk.reasons
    assert at_desk.rows("companies", "id") == []
    assert at_desk.workspace.run(undo.entries) == []
    assert at_desk.take("companies", text) == dry
    assert at_desk.reasons == reasons
    assert counts(dry) == (3, 0, 0, 3)


def test_an_import_is_one_entry_and_undo_takes_all_of_it_back(at_desk):
    """IMP-5, UND-2"""
    at_desk.take("companies", COMPANIES)
    before = at_desk.rows("companies", "external_id", "name", "arr")
    at_desk.take("companies", "external_id,name,arr,Colour\n1,Acme Corp,5,red\n9,New,,blue\n")
    assert at_desk.workspace.run(undo.entries)[0].label == "import companies from file.csv"
    assert len(at_desk.workspace.run(undo.entries)) == 2
    at_desk.workspace.run(undo.undo)
    assert at_desk.rows("companies", "external_id", "name", "arr") == before
    assert "colour" not in at_desk.workspace.run(imports.shape, "companies").properties
    at_desk.workspace.run(undo.redo)
    assert at_desk.rows("companies", "name", "colour")[-1] == ("New", "blue")


def test_an_import_that_changes_nothing_leaves_no_entry(at_desk):
    """IMP-4, UND-2"""
    at_desk.take("companies", COMPANIES)
    at_desk.take("companies", f"{COMPANIES[:-1]}\n")
    at_desk.take("companies", "name,Colour,owner\n,red,nobody\n")
    assert len(at_desk.workspace.run(undo.entries)) == 1
    assert "colour" not in at_desk.workspace.run(imports.shape, "companies").properties


def test_a_row_is_matched_by_external_id_then_key_then_name(at_desk):
    """IMP-3"""
    at_desk.take("companies", "external_id,name,domain\nA,One,one.example\n,Two,two.example\n,Three,\n")
    report = at_desk.take(
        "companies",
        "external_id,name,domain,country\nA,Uno,,Italy\nB,Due,TWO.example,Italy\n,Three,,Italy\nC,One,,Malta\n",
    )
    assert counts(report) == (1, 3, 0, 0)
    assert at_desk.rows("companies", "external_id", "name", "domain", "country") == [
        ("A", "Uno", "one.example", "Italy"),
        ("B", "Due", "two.example", "Italy"),
        (None, "Three", None, "Italy"),
        ("C", "One", None, "Malta"),
    ]


def test_rows_of_one_file_never_become_one_record_by_chance(at_desk):
    """IMP-3"""
    text = (
        "external_id,name,domain\nA,One,\nA,Two,\n,Three,three.example\n,Four,three.example\n,Five,\n,Five,\nB,Five,\n"
    )
    assert counts(at_desk.take("companies", text)) == (4, 0, 0, 3)
    assert at_desk.reasons == [
        (3, "external_id: the same as on line 2"),
        (5, "domain: the same as on line 4"),
        (7, "the same name as on line 6. Give external_id or domain."),
    ]
    assert counts(at_desk.take("companies", text)) == (0, 0, 4, 3)


def test_a_name_that_may_mean_several_is_refused(at_desk):
    """IMP-3"""
    at_desk.take("companies", "external_id,name\n1,Acme\n2,Acme\n")
    assert counts(at_desk.take("companies", "name,country\nAcme,Italy\n")) == (0, 0, 0, 1)
    assert at_desk.reasons == [(2, "'Acme' may be any of 2 companies. Give external_id or domain.")]


def test_a_key_of_another_record_is_refused(at_desk):
    """IMP-3"""
    at_desk.take("contacts", "external_id,last_name,email\n1,Ash,a@example.org\n2,Birch,b@example.org\n")
    assert counts(at_desk.take("contacts", "external_id,email\n1,B@example.org\n")) == (0, 0, 0, 1)
    assert "'b@example.org' belongs to contact 2 already" in at_desk.reasons[0][1]


def test_tickets_without_a_key_are_told_apart_and_found_again(at_desk):
    """IMP-3, IMP-4"""
    text = (
        "subject,stage,created_at\nPrinter,New,2026-01-05\nPrinter,New,2026-01-06\nPrinter,New,2026-01-06\nPrinter,,\n"
    )
    assert counts(at_desk.take("tickets", text)) == (4, 0, 0, 0)
    assert counts(at_desk.take("tickets", text)) == (0, 0, 4, 0)
    moved = text.replace("New,2026-01-05", "Waiting on us,2026-01-05")
    assert counts(at_desk.take("tickets", moved)) == (0, 1, 3, 0)


def test_calls_without_a_title_are_found_again(at_desk):
    """IMP-4"""
    text = "at,owner,outcome\n2026-01-05T10:00,boss,ok\n2026-01-05T10:00,boss,ok\n2026-01-05T10:00,,no\n"
    assert counts(at_desk.take("calls", text)) == (3, 0, 0, 0)
    assert counts(at_desk.take("calls", text)) == (0, 0, 3, 0)


def test_a_blank_cell_leaves_a_value_as_it_is(at_desk):
    """IMP-3"""
    at_desk.take("companies", COMPANIES)
    assert counts(at_desk.take("companies", "external_id,name,domain,arr\n1,,,\n")) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("object", "text", "reason"),
    [
        ("companies", "name,owner\nA,nobody\n", "owner: there is no user 'nobody'"),
        ("companies", "name,arr,renewal_date\nA,lots,soon\n", "renewal_date: 'soon' is not a date"),
        ("companies", "name,employees,arr\nA,many,lots\n", "arr: 'lots' is not an amount"),
        ("companies", "domain,country\na.example,Italy\n", "name: a company needs one"),
        ("companies", "name,country\nA\n", "the row has 1 cells where the first line has 2"),
        ("companies", "name,country\nA,B,C\n", "the row has 3 cells where the first line has 2"),
        ("companies", "name,is_deleted\nA,TRUE\n", "deleted in the source"),
        ("companies", "id,name\n77,A\n", "id: there is no company 77"),
        ("contacts", "last_name,companies\nA,Acme\n", "companies: there is no company 'Acme'"),
        ("tickets", "subject,stage\nA,Done and dusted\n", "stage: there is no stage 'Done and dusted'"),
        ("tickets", "subject,pipeline\nA,Sales\n", "pipeline: there is no pipeline 'Sales'"),
        ("tickets", "subject,priority\nA,extreme\n", "priority: 'extreme' is not one of its choices"),
        ("tickets", "subject,created_at,closed_at\nA,2026-02-02,2026-01-01\n", "closed_at: the close date lies before"),
        ("deals", "name,amount,currency\nA,5,GBP\n", "currency: no exchange rate from GBP to EUR"),
        ("tasks", "title,due_at\nA,\n", "due_at: a task needs one"),
        ("users", "login,goals_view,goals_edit\nx,none,own\n", "goals_edit: own is wider than goals_view"),
        ("users", "login,super_admin\nboss,no\n", "super_admin: boss is the last super admin"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_reason(at_sqlite_desk, object, text, reason):
    """IMP-4"""
    assert counts(at_sqlite_desk.take(object, text)) == (0, 0, 0, 1)
    ((line, said),) = at_sqlite_desk.reasons
    assert line == 2
    assert reason in said


def test_all_that_is_wrong_with_a_row_is_said_at_once(at_sqlite_desk):
    """IMP-4"""
    at_sqlite_desk.take("companies", "name,owner,employees\nA,nobody,many\n")
    assert "owner: " in at_sqlite_desk.reasons[0][1]
    assert "employees: " in at_sqlite_desk.reasons[0][1]


def test_a_near_name_is_suggested_never_taken(at_desk):
    """IMP-3"""
    at_desk.take("companies", "name\nDambase\n")
    assert counts(at_desk.take("deals", "name,companies\nA,dambase\n")) == (0, 0, 0, 1)
    assert at_desk.reasons[0][1].endswith("Did you mean Dambase?")


def test_what_is_missing_is_made_when_asked_for(at_desk):
    """IMP-3"""
    text = "name,pipeline,stage\nA,Partners,Won\nB,Partners,Talking\nC,,Closed lost\nD,,Talking\n"
    assert counts(at_desk.take("deals", text)) == (1, 0, 0, 3)
    report = at_desk.take("deals", text, create_missing=True)
    assert counts(report) == (3, 0, 1, 0)
    assert report.made == ("pipeline Partners", "stage Won in Partners", "stage Talking in Partners")
    assert at_desk.rows("deals", "name", "pipeline", "stage", "is_closed", "is_won") == [
        ("C", "Sales pipeline", "Closed lost", True, False),
        ("A", "Partners", "Won", True, True),
        ("B", "Partners", "Talking", False, False),
        ("D", "Partners", "Talking", False, False),
    ]
    assert counts(at_desk.take("deals", text)) == (0, 0, 4, 0)
    at_desk.workspace.run(undo.undo)
    assert counts(at_desk.take("deals", text)) == (0, 0, 1, 3)


def test_stages_of_other_programs_are_known(at_desk):
    """IMP-2"""
    at_desk.take("deals", "name,stage\nA,Won\nB,engaging\nC,closedlost\nD,\n")
    at_desk.take("tickets", "subject,status\nA,Solved\nB,pending\nC,\n")
    stages = at_desk.rows("deals", "stage") + at_desk.rows("tickets", "stage")
    assert [stage for (stage,) in stages] == [
        *("Closed won", "Qualified to buy", "Closed lost", "Appointment scheduled"),
        *("Closed", "Waiting on contact", "New"),
    ]


def test_a_new_closed_ticket_keeps_the_dates_it_brings(at_desk):
    """IMP-3"""
    at_desk.take("tickets", TICKETS)
    assert at_desk.rows("tickets", "stage", "closed_at") == [("New", None), ("Closed", "2026-01-07T00:00:00+01:00")]
    at_desk.take("tickets", "subject,created_at,closed_at\nLate,2026-01-01,2026-01-02\n")
    assert at_desk.rows("tickets", "stage")[-1] == ("Closed",)
    at_desk.take("tickets", "Ticket ID,Status\n7,Closed\n")
    assert at_desk.rows("tickets", "closed_at")[0] == ("2026-03-08T21:00:00+01:00",)


def test_users_come_without_a_login_and_are_owners_by_external_id(at_desk):
    """IMP-3"""
    text = "owner_id,email,first_name,last_name,active_user_id\n77,Ann@example.org,Ann,Ash,\n78,,Bob,Birch,\n"
    assert counts(at_desk.take("users", text)) == (2, 0, 0, 0)
    assert counts(at_desk.take("users", text)) == (0, 0, 2, 0)
    assert at_desk.rows("users", "login", "name", "email")[1:] == [
        ("ann@example.org", "Ann Ash", "ann@example.org"),
        ("bob.birch", "Bob Birch", None),
    ]
    at_desk.take("companies", "name,owner\nA,77\nB,Bob Birch\nC,ann@example.org\n")
    assert at_desk.rows("companies", "owner") == [("ann@example.org",), ("bob.birch",), ("ann@example.org",)]


def test_teams_may_come_in_any_order(at_desk):
    """IMP-1"""
    text = "name,parent\nItaly,South\nSouth,EMEA\nEMEA,\nLost,Nowhere\n"
    assert counts(at_desk.take("teams", text)) == (3, 0, 0, 1)
    assert at_desk.rows("teams", "name", "parent") == [("EMEA", None), ("South", "EMEA"), ("Italy", "South")]
    assert counts(at_desk.take("teams", text)) == (0, 0, 3, 1)


def test_unknown_columns_are_kept(at_desk):
    """IMP-2"""
    text = "name,Favourite colour,=odd\nA,red,'=1+1\nB,,\n"
    at_desk.take("companies", text)
    assert at_desk.rows("companies", "favourite_colour", "odd") == [("red", "=1+1"), (None, None)]
    assert counts(at_desk.take("companies", text)) == (0, 0, 2, 0)


def test_characters_that_terminals_obey_are_data(at_desk):
    """IMP-7"""
    name = "[red]\x1b]52;c;\x07 \u202etxt"
    at_desk.take("companies", f"name\n{name}\n")
    assert at_desk.rows("companies", "name") == [(name,)]


def test_an_id_is_only_believed_with_a_witness(at_desk):
    """IMP-3"""
    at_desk.take("companies", "name\nAcme\n")
    assert counts(at_desk.take("companies", "id,name\n1,Other\n")) == (0, 0, 0, 1)
    assert "--map id=external_id" in at_desk.reasons[0][1]
    assert counts(at_desk.take("companies", "id,name,country\n1,Acme,Italy\n")) == (0, 1, 0, 0)
    assert counts(at_desk.take("companies", "id,name\n1,Other\n", asked={"id": "id"})) == (0, 1, 0, 0)


def test_a_closed_ticket_of_unknown_birth_counts_but_has_no_time_to_resolution(at_desk):
    """GOL-6, GOL-32"""
    for template in ("tickets_closed", "avg_ticket_resolution_time"):
        goal = NewGoal(template, template, users=["boss"], duration="monthly", year=2026)
        at_desk.workspace.run(goal_making.create, goal)
    assert counts(at_desk.take("tickets", "subject,owner,closed_at\nA,boss,2026-12-01\n")) == (1, 0, 0, 0)
    at_desk.workspace.run(calculation.catch_up)
    assert [r.reading.actual for r in at_desk.workspace.run(goals.progress, "milestone:2026-12")] == [1, None]


def test_who_may_not_change_records_may_not_import_them(at_desk):
    """PER-1, IDN-4"""
    at_desk.workspace.run(records.add, "users", {"login": "eve", "name": "Eve"})
    eve = Workspace(at_desk.workspace.store, at_desk.workspace.clock, "eve")
    for name in ("companies", "users", "teams"):
        with pytest.raises(Refused):
            eve.run(imports.shape, name)
    seated = {"login": "dan", "name": "Dan", "service_seat": "starter", "workspace": "yes"}
    at_desk.workspace.run(records.add, "users", seated)
    dan = Workspace(at_desk.workspace.store, at_desk.workspace.clock, "dan")
    assert dan.run(imports.shape, "companies").name == "companies"
    with pytest.raises(Refused):
        dan.run(imports.shape, "users")


def test_targets_come_from_a_file(at_desk):
    """GOL-29, IMP-1"""
    goal = NewGoal("tickets_closed", "Closing", users=["boss"], duration="quarterly", year=2026)
    at_desk.workspace.run(goal_making.create, goal)
    text = (
        "goal,contributor,slice,target\nClosing,boss,2026-Q1,50\nClosing,Boss,2026-q2,60\nClosing,boss,2026-Q3,-1\n"
        "Closing,nobody,2026-Q3,1\nOther,boss,2026-Q3,1\nClosing,boss,2026-13,1\nClosing,boss,2026-Q1,9\n"
    )
    assert counts(at_desk.take("targets", text, dry_run=True)) == (0, 2, 0, 5)
    assert counts(at_desk.take("targets", text)) == (0, 2, 0, 5)
    assert [line for line, _ in at_desk.reasons] == [4, 5, 6, 7, 8]
    targets = [row.slice.target for row in at_desk.workspace.run(goals.progress)]
    assert [None if t is None else t // 1_000_000 for t in targets] == [50, 60, None, None]
    assert counts(at_desk.take("targets", text)) == (0, 0, 2, 5)
    at_desk.workspace.run(undo.undo)
    assert [row.slice.target for row in at_desk.workspace.run(goals.progress)] == [None] * 4


# --- laws

WORDS = st.sampled_from(["", "", "Acme", "acme", "Łódź", "=1+1", " x ", "a;b", "1", "2", "boss"])
COLUMNS = ("external_id", "name", "domain", "owner", "employees", "Note")


def as_csv(header, rows):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=max(8, settings().max_examples // 6)
)
@given(
    st.lists(st.tuples(*[WORDS] * len(COLUMNS)), min_size=1, max_size=6), st.lists(st.tuples(*[WORDS] * 6), max_size=4)
)
def test_the_laws_of_imports(new_store_url, tmp_path, rows, later):
    """IMP-3, IMP-4, IMP-5"""
    with desk(new_store_url(), tmp_path) as at_desk:
        for some in (rows, [*later, ("x", "Y", "", "", "", "")]):
            text = as_csv(COLUMNS, some)
            before = state(at_desk)
            dry = at_desk.take("companies", text, dry_run=True)
            assert state(at_desk) == before
            assert at_desk.take("companies", text) == dry
            after = state(at_desk)
            again = at_desk.take("companies", text)
            assert (again.new, again.changed) == (0, 0)
            assert again.rejected == dry.rejected
            assert state(at_desk) == after
            if dry.new or dry.changed:
                at_desk.workspace.run(undo.undo)
                assert state(at_desk) == before
                at_desk.workspace.run(undo.redo)
                assert state(at_desk) == after


def state(at_desk):
    names = [n for n in at_desk.workspace.run(imports.shape, "companies").properties if n != "updated_at"]
    return names, at_desk.rows("companies", "id", *names)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from([b"name", b"id", b",", b'"', b"\n", b"x", b"\xff"])).map(b"".join)
)
def test_whatever_a_file_holds_it_is_taken_or_refused(at_sqlite_desk, content):
    """IMP-4, S5"""
    with suppress(WorkspaceError):
        report = at_sqlite_desk.take("companies", content, dry_run=True)
        assert report.rejected == len(at_sqlite_desk.rejected)
