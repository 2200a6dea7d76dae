"""The journal: what changed is written with the change, once, for good (UND-1, REC-1, R26)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.store.account import load_pipelines
from cs_workspace.store.history import history
from cs_workspace.store.journal import Journal, Kind
from cs_workspace.store.tables.records import RECORD_TABLES, associations
from cs_workspace.store.tables.system import changes, entries

NOW = 1_790_000_000_000
T = PropertyType


def written(desk, since=0):
    """Changes after a number, as (object, record, kind, property, old, new)."""
    c = changes.c
    with desk.store.reading() as connection:
        query = select(c.object, c.record, c.kind, c.property, c.old, c.new).where(c.id > since).order_by(c.id)
        return [tuple(row) for row in connection.execute(query)]


def newest(desk):
    with desk.store.reading() as connection:
        return connection.scalar(select(func.max(changes.c.id)))


def count_entries(desk):
    with desk.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(entries))


def stages(desk, name):
    """The stages of an object's first pipeline as {label: (pipeline, stage)}."""
    with desk.store.reading() as connection:
        code = desk.schema[name].code
        pipeline = next(p for p in load_pipelines(connection) if p.object == code)
    return {stage.label: {"pipeline": pipeline.id, "stage": stage.id} for stage in pipeline.stages}


# --- What is written


def test_und_1_creating_a_record_is_one_change_and_changing_it_one_per_property(desk):
    before, entries_before = newest(desk), count_entries(desk)
    (company,) = desk.create("companies", {"name": "Acme", "domain": "acme.io", "employees": 4, "owner": 1})
    assert written(desk, before) == [(3, company, "created", None, None, None)]
    changed = desk.update("companies", {company: {"name": "Acme Ltd", "employees": 5, "owner": 1}})
    assert changed == {company}
    assert written(desk, before)[1:] == [
        (3, company, "changed", "name", "Acme", "Acme Ltd"),
        (3, company, "changed", "employees", 4, 5),
    ]
    assert count_entries(desk) == entries_before + 2


def test_und_1_one_action_is_one_entry_whatever_it_touched(desk):
    before = count_entries(desk)
    with desk.journal("edit 1,200 companies", user=1) as journal:
        ids = journal.create("companies", [{"name": f"C{i}"} for i in range(1200)])
        journal.update("companies", {i: {"employees": i} for i in ids})
        journal.delete("companies", ids[:1100])
        assert len(journal.touched) == 1200
    assert count_entries(desk) == before + 1
    assert ids == list(range(ids[0], ids[0] + 1200))


def test_und_1_nothing_changed_writes_nothing(desk):
    (company,) = desk.create("companies", {"name": "Acme", "employees": 4})
    before, entries_before, row = newest(desk), count_entries(desk), desk.row("companies", company)
    assert desk.update("companies", {company: {"name": "Acme", "employees": 4, "domain": None}}, at=NOW + 5) == set()
    with desk.journal() as journal:
        assert journal.delete("companies", [9999]) == set()
        assert journal.restore("companies", [company]) == set()
        assert journal.create("companies", []) == []
    assert newest(desk) == before
    assert count_entries(desk) == entries_before
    assert desk.row("companies", company) == row


def test_rec_1_a_change_has_time_source_action_and_user(desk):
    (company,) = desk.create("companies", {"name": "Acme"})
    desk.update("companies", {company: {"name": "Acme Ltd"}}, user=1, label="rename", at=NOW + 7)
    with desk.store.reading() as connection:
        change, creation = history(connection, 3, company, None, 10)
        assert history(connection, 3, company, "name", 10) == [change]
    assert (change.at, change.user, change.source, change.label) == (NOW + 7, 1, "test", "rename")
    assert (change.kind, change.property, change.old, change.new) == ("changed", "name", "Acme", "Acme Ltd")
    assert (creation.kind, creation.user) == ("created", None)


def test_und_1_change_and_journal_are_one_transaction(desk):
    (company,) = desk.create("companies", {"name": "Acme"})
    before = newest(desk)

    class Stop(Exception):
        pass

    def fail():
        with desk.journal() as journal:
            journal.update("companies", {company: {"name": "Other"}})
            journal.create("companies", [{"name": "New"}])
            raise Stop

    with pytest.raises(Stop):
        fail()
    assert newest(desk) == before
    assert desk.row("companies", company)["name"] == "Acme"
    assert desk.row("companies", company)["search_text"] == "acme"


@pytest.mark.parametrize("table", [changes, entries], ids=["changes", "entries"])
def test_r26_the_journal_is_append_only(desk, table):
    for statement in (delete(table), update(table).values(id=table.c.id + 1_000)):
        with pytest.raises(DatabaseError, match="append-only"), desk.store.writing() as connection:
            connection.execute(statement)


def test_und_1_a_record_that_is_not_there_cannot_change_and_is_named(desk):
    (company,) = desk.create("companies", {"name": "Acme"})
    before = newest(desk)
    with pytest.raises(NotFound, match="There is no company 77"):
        desk.update("companies", {company: {"name": "Other"}, 77: {"name": "New"}})
    assert newest(desk) == before


def test_und_1_ids_are_never_used_twice_not_even_after_a_purge(desk):
    first, second = desk.create("companies", {"name": "Acme"}, {"name": "Bolt"})
    table = RECORD_TABLES["companies"]
    with desk.store.writing() as connection:
        connection.execute(delete(table).where(table.c.id.in_([first, second])))
    assert desk.create("companies", {"name": "New"}) == [second + 1]


def test_und_1_ids_of_custom_objects_that_share_a_table_do_not_meet(desk):
    desk.object("sites", "Site")
    desk.object("ships", "Ship")
    with desk.journal() as journal:
        ids = journal.create("sites", [{"name": "Oslo"}]) + journal.create("ships", [{"name": "Oslo"}])
        ids += journal.create("sites", [{"name": "Rome"}])
    assert len(set(ids)) == 3


# --- What follows from others


def test_und_1_derived_values_follow_their_source_and_have_no_change_of_their_own(desk):
    deal_stages, before = stages(desk, "deals"), newest(desk)
    (deal,) = desk.create("deals", {"name": "Łódź", "amount": 1000, "currency": "USD", **deal_stages["Contract sent"]})
    row = desk.row("deals", deal)
    assert (row["is_closed"], row["is_won"], row["amount_home"], row["search_text"]) == (False, False, 900, "lodz")
    desk.update("deals", {deal: {**deal_stages["Closed won"], "amount": 2000}})
    desk.update("deals", {deal: {"name": "Blåbær"}})
    row = desk.row("deals", deal)
    assert (row["is_closed"], row["is_won"], row["amount_home"], row["search_text"]) == (True, True, 1800, "blabaer")
    desk.update("deals", {deal: {"currency": None, **deal_stages["Closed lost"]}})
    row = desk.row("deals", deal)
    assert (row["is_closed"], row["is_won"], row["amount_home"]) == (True, False, 2000)
    assert {change[3] for change in written(desk, before)} == {None, "stage", "amount", "name", "currency"}
    with pytest.raises(Invalid, match="no exchange rate from NOK to EUR"):
        desk.update("deals", {deal: {"currency": "NOK"}})


def test_und_1_a_contact_is_called_by_its_names_or_its_email(desk):
    (contact,) = desk.create("contacts", {"email": "dana@x.io"})
    assert desk.row("contacts", contact)["name"] == "dana@x.io"
    desk.update("contacts", {contact: {"first_name": "Dana", "last_name": "Kim"}})
    row = desk.row("contacts", contact)
    assert row["name"] == "Dana Kim"
    assert row["search_text"].split() == ["dana", "kim", "dana", "kim", "dana", "x", "io"]
    desk.update("contacts", {contact: {"first_name": None}})
    assert desk.row("contacts", contact)["name"] == "Kim"


def test_und_1_creation_and_modification_times(desk):
    given_time, own_time = desk.create("companies", {"name": "A", "created_at": 5}, {"name": "B"}, at=NOW)
    assert desk.row("companies", given_time)["created_at"] == 5
    assert desk.row("companies", own_time)["created_at"] == NOW
    desk.update("companies", {own_time: {"name": "C"}}, at=NOW + 9)
    row = desk.row("companies", own_time)
    assert (row["created_at"], row["updated_at"]) == (NOW, NOW + 9)


def test_und_1_custom_values(desk):
    desk.custom("companies", ("tier", T.TEXT), ("score", T.NUMBER), ("vip", T.BOOLEAN))
    first, second = desk.create("companies", {"name": "A", "tier": "gold", "score": 0.1, "vip": False}, {"name": "B"})
    assert {**desk.row("companies", first), "name": ""}.items() >= {"tier": "gold", "score": 0.1, "vip": False}.items()
    assert "tier" not in desk.row("companies", second)
    before = newest(desk)
    desk.update("companies", {first: {"tier": None, "vip": True}, second: {"score": 2.5}})
    assert written(desk, before) == [
        (3, first, "changed", "tier", "gold", None),
        (3, first, "changed", "vip", False, True),
        (3, second, "changed", "score", None, 2.5),
    ]
    assert desk.row("companies", first).items() >= {"score": 0.1, "vip": True}.items()
    assert "tier" not in desk.row("companies", first)


def test_rec_6_related_records_keep_their_order_and_change_as_one_value(desk):
    a, b, c = desk.create("companies", {"name": "A"}, {"name": "B"}, {"name": "C"})
    (contact,) = desk.create("contacts", {"email": "x@x.io", "companies": (b, a)})
    assert desk.row("contacts", contact)["companies"] == (b, a)
    before = newest(desk)
    assert desk.update("contacts", {contact: {"companies": (b, a)}}) == set()
    desk.update("contacts", {contact: {"companies": (c, b)}})
    assert written(desk, before) == [(4, contact, "changed", "companies", [b, a], [c, b])]
    assert desk.row("contacts", contact)["companies"] == (c, b)
    with desk.store.reading() as connection:
        rows = connection.execute(select(associations.c.to_id, associations.c.rank).order_by(associations.c.rank))
        assert [tuple(row) for row in rows] == [(c, 0), (b, 1)]
    desk.update("contacts", {contact: {"companies": ()}})
    assert desk.row("contacts", contact)["companies"] == ()


def test_rec_6_relations_of_several_kinds_do_not_disturb_each_other(desk):
    (company,) = desk.create("companies", {"name": "A"})
    (contact,) = desk.create("contacts", {"email": "x@x.io"})
    (task,) = desk.create("tasks", {"title": "Call", "due_at": NOW, "companies": (company,), "contacts": (contact,)})
    desk.update("tasks", {task: {"companies": ()}})
    row = desk.row("tasks", task)
    assert (row["companies"], row["contacts"], row["deals"]) == ((), (contact,), ())


def test_und_4_the_bin_keeps_everything(desk):
    (company,) = desk.create("companies", {"name": "A"})
    (contact,) = desk.create("contacts", {"email": "x@x.io", "companies": (company,)})
    row = desk.row("contacts", contact)
    with desk.journal(at=NOW + 3) as journal:
        assert journal.delete("contacts", [contact, contact]) == {contact}
    assert desk.row("contacts", contact) == {**row, "deleted_at": NOW + 3}
    with desk.journal() as journal:
        assert journal.delete("contacts", [contact]) == set()
        assert journal.restore("contacts", [contact]) == {contact}
    assert desk.row("contacts", contact) == row


# --- The journal is the history of every value


COMPANIES, CONTACTS = 3, 2
VALUES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "companies": {
        "name": st.sampled_from(["A", "Łódź", "x%"]),
        "employees": st.none() | st.integers(0, 3),
        "owner": st.none() | st.just(1),
        "tier": st.none() | st.sampled_from(["gold", "silver"]),
        "vip": st.none() | st.booleans(),
    },
    "contacts": {
        "first_name": st.none() | st.sampled_from(["Dana", "Lee"]),
        "companies": st.lists(st.integers(1, COMPANIES), unique=True).map(tuple),
        "last_activity_at": st.none() | st.integers(0, 2),
    },
}
UPDATES = st.sampled_from([("companies", COMPANIES), ("contacts", CONTACTS)]).flatmap(
    lambda which: st.tuples(
        st.just(which[0]),
        st.dictionaries(
            st.integers(1, which[1]),
            st.fixed_dictionaries({}, optional=VALUES[which[0]]),
            min_size=1,
            max_size=which[1],
        ),
    )
)
BIN = st.tuples(st.sampled_from(["delete", "restore"]), st.sampled_from(["companies", "contacts"]), st.integers(1, 2))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(actions=st.lists(UPDATES | BIN, max_size=8))
def test_r26_the_journal_read_backwards_gives_every_earlier_state(desk, actions):
    if "tier" not in desk.schema["companies"].properties:
        desk.custom("companies", ("tier", T.TEXT), ("vip", T.BOOLEAN))
        desk.create("companies", *({"name": f"C{i}"} for i in range(COMPANIES)))
        desk.create("contacts", *({"email": f"{i}@x.io"} for i in range(CONTACTS)))

    def state() -> dict[tuple[str, int, str], Any]:
        counts = (("companies", COMPANIES), ("contacts", CONTACTS))
        return {
            (name, i, prop): row.get(prop)
            for name, count in counts
            for i, row in desk.rows(name, range(1, count + 1)).items()
            for prop in (*VALUES[name], "deleted_at")
        }

    codes = {desk.schema[name].code: name for name in VALUES}
    states, marks = [state()], [newest(desk)]
    for number, action in enumerate(actions):
        with desk.journal(at=NOW + number) as journal:
            match action:
                case "delete", name, record:
                    journal.delete(name, [record])
                case "restore", name, record:
                    journal.restore(name, [record])
                case name, values:
                    journal.update(name, values)
        states.append(state())
        marks.append(newest(desk))
    replayed = dict(states[-1])
    for earlier, mark, until in zip(states[-2::-1], marks[-2::-1], marks[:0:-1], strict=True):
        for code, record, kind, prop, old, new in reversed(written(desk, mark)[: until - mark]):
            if kind == Kind.CHANGED:
                key = (codes[code], record, prop)
                assert replayed[key] == (tuple(new) if isinstance(new, list) else new)
                replayed[key] = tuple(old) if isinstance(old, list) else old
            else:
                replayed[codes[code], record, "deleted_at"] = earlier[codes[code], record, "deleted_at"]
        assert replayed == earlier


def test_und_1_a_journal_counts_on_within_its_transaction(desk):
    """Two journals of one transaction, as an import in parts makes them, never give a number twice."""
    with desk.journal() as journal:
        (first,) = journal.create("companies", [{"name": "A"}])
        other = Journal(journal.connection, journal.schema, journal.entry)
        (second,) = other.create("companies", [{"name": "B"}])
    assert second == first + 1
