"""Undo and redo of whole actions, by several users (UND-1 to UND-5, R25)."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_workspace.domain.clock import FixedClock
from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.domain.selection import Selection
from cs_workspace.store.account import load_schema
from cs_workspace.store.engine import Store
from cs_workspace.store.journal import Entry, Journal, read_rows
from cs_workspace.store.undo import Left
from cs_workspace.workspace import follows, records, undo
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.setup import NewAccount, found_account

NOW = 1_790_000_000_000
KINDS = ("companies", "contacts", "tickets")
SEATED = {"service_seat": "enterprise", "workspace": "yes"}
# Two stores and a dozen statements an action: an example costs more than it does elsewhere.
HISTORIES = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=max(8, settings().max_examples // 6),
)


class Office:
    """Ann, who is super admin, and Bob at one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = FixedClock(NOW)
        found_account(store, NewAccount("Acme", "ann"), self.clock)
        self.ann = Workspace(store, self.clock, "ann")
        self.bob = Workspace(store, self.clock, "bob")
        self.ann.run(records.add, "users", {"login": "bob", "name": "Bob", **SEATED})
        with store.writing() as connection:
            Journal(connection, STANDARD, Entry(NOW, None, "test", "")).create(
                "properties",
                [
                    {"object": 3, "name": "tier", "label": "Tier", "type": "text"},
                    {"object": 3, "name": "vip", "label": "VIP", "type": "boolean"},
                ],
            )

        with store.reading() as connection:
            self.schema = load_schema(connection)

    def row(self, name, record):
        with self.store.reading() as connection:
            return read_rows(connection, self.schema, name, [record])[record]

    def state(self, known):
        """Every value of the known records but the time of the last change, by (object, id, property)."""
        with self.store.reading() as connection:
            return {
                (name, record, prop): value
                for name, ids in known.items()
                for record, row in read_rows(connection, self.schema, name, ids).items()
                for prop, value in row.items()
                if prop != "updated_at" and value is not None
            }


@pytest.fixture
def office(store_url):
    with closing(Store(store_url)) as store:
        yield Office(store)


def add(workspace, kind, /, **texts):
    return workspace.run(records.add, kind, texts)


def change(workspace, kind, record, /, **texts):
    return workspace.run(records.change, kind, str(record), texts)


DERIVED = {kind: {"search_text", *(p.name for p in STANDARD[kind].properties.values() if p.computed)} for kind in KINDS}


State = dict[tuple[str, int, str], Any]


# --- Any history, undone and done again


COMPANY_TEXTS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Łódź Works", "Blåbær", "x"]),
        "domain": st.sampled_from(["", "a", "b"]),
        "employees": st.sampled_from(["", "5", "40"]),
        "owner": st.sampled_from(["", "ann", "bob"]),
        "tier": st.sampled_from(["", "gold", "silver"]),
        "vip": st.sampled_from(["", "yes", "no"]),
        "renewal_date": st.sampled_from(["", "2026-12-31"]),
    },
)
CONTACT_TEXTS = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(["", "Dana", "Lee"]),
        "companies": st.lists(st.integers(0, 2), unique=True, max_size=3),
        "owner": st.sampled_from(["", "ann"]),
    },
)
TICKET_TEXTS = st.fixed_dictionaries(
    {},
    optional={
        "subject": st.sampled_from(["Help", "Łost"]),
        "stage": st.sampled_from(["New", "Waiting on us", "Closed"]),
        "priority": st.sampled_from(["", "High"]),
        "companies": st.lists(st.integers(0, 2), unique=True, max_size=2),
    },
)


TEXTS = {"companies": COMPANY_TEXTS, "contacts": CONTACT_TEXTS, "tickets": TICKET_TEXTS}
SOME = st.lists(st.integers(0, 2), min_size=1, unique=True)
DOINGS = st.one_of(
    *(st.tuples(st.just("change"), st.just(name), SOME, texts) for name, texts in TEXTS.items()),
    *(st.tuples(st.just("add"), st.just(name), st.just([]), texts) for name, texts in TEXTS.items()),
    st.tuples(st.just("delete"), st.sampled_from(KINDS), SOME, st.none()),
)


class Story:
    """Some records of an example's own, and what is done to them."""

    numbers = count(1)

    def __init__(self, office: Office, tag: str) -> None:
        self.office, self.tag = office, tag
        self.serial = count(1)
        self.known = {
            "companies": [add(office.ann, "companies", name=f"C{i}") for i in range(3)],
            "contacts": [add(office.ann, "contacts", email=self.email()) for _ in range(2)],
            "tickets": [add(office.ann, "tickets", subject="T") for _ in range(2)],
        }

    def email(self) -> str:
        return f"{self.tag}-{next(self.serial)}@x.io"

    def state(self):
        return self.office.state(self.known)

    def do(self, workspace, doing) -> bool:
        """Whether the action went into the undo list; one that is refused changes nothing."""
        verb, name, places, texts = doing
        mine = self.known[name]
        ids = [str(mine[place]) for place in places if place < len(mine)]
        written = dict(texts or {})
        if written.get("domain"):
            written["domain"] += f".{self.tag}"
        if "companies" in written:
            written["companies"] = ";".join(f"#{self.known['companies'][i]}" for i in written["companies"])
        newest = self.newest(workspace)
        try:
            match verb:
                case "add":
                    needed = {"companies": "name", "contacts": "email", "tickets": "subject"}[name]
                    mine.append(workspace.run(records.add, name, {needed: self.email(), **written}))
                case "change" if ids and written:
                    workspace.run(records.change_many, name, ids, written)
                case "delete" if ids:
                    workspace.run(records.delete, name, ids)
        except (Invalid, NotFound):
            assert self.newest(workspace) == newest
        return bool(self.newest(workspace) != newest)

    @staticmethod
    def newest(workspace):
        return max((entry.id for entry in workspace.run(undo.entries, 1)), default=0)


def test_und_2_undoing_everything_restores_every_property_and_redoing_it_does_it_again(office):
    @HISTORIES
    @given(st.data())
    def history(data):
        tag = f"t{next(Story.numbers)}"
        story = Story(office, tag)
        states = [story.state()]
        doings = data.draw(st.lists(DOINGS, max_size=6))
        states += [story.state() for doing in doings if story.do(office.bob, doing)]
        states = [living(state) for state in states]
        place = len(states) - 1
        for step in (*data.draw(st.lists(st.booleans(), max_size=6)), *[True] * len(states), *[False] * len(states)):
            if step and place > 0:
                assert office.bob.run(undo.undo).left == ()
                place -= 1
            elif not step and place < len(states) - 1:
                assert office.bob.run(undo.redo).left == ()
                place += 1
            assert living(story.state()) == states[place]
        assert place == len(states) - 1

    def living(state):
        """Records that were not made yet look like records that were made and are in the bin."""
        gone = {(name, record) for name, record, prop in state if prop == "deleted_at"}
        return {key: value for key, value in state.items() if key[:2] not in gone}

    history()


def test_und_3_undo_takes_back_what_still_stands_and_names_the_rest(office):
    @HISTORIES
    @given(st.data())
    def history(data):
        story = Story(office, f"s{next(Story.numbers)}")
        done: dict[int, tuple[Workspace, State, State]] = {}
        for _ in range(data.draw(st.integers(1, 7))):
            workspace = data.draw(st.sampled_from([office.ann, office.bob]))
            own = [i for i, (author, _, _) in done.items() if author is workspace]
            if own and data.draw(st.booleans()):
                take_back(story, workspace, data.draw(st.sampled_from(own)), done)
                continue
            before = story.state()
            if story.do(workspace, data.draw(DOINGS)):
                done[story.newest(workspace)] = (workspace, before, story.state())

    def take_back(story, workspace, entry, done):
        _, old, new = done.pop(entry)
        before = story.state()
        left = workspace.run(undo.undo, entry).left
        after = story.state()
        named = {(each.object, each.record, each.property) for each in left}
        records_left = {(each.object, each.record) for each in left if each.property is None}
        made = {key[:2] for key in new} - {key[:2] for key in old}
        for name, record in made:
            assert ((name, record, "deleted_at") in after) or (name, record) in records_left
        for key in {*before, *after, *old, *new}:
            name, record, prop = key
            derived = prop == "search_text" or (
                prop in STANDARD[name].properties and STANDARD[name].properties[prop].computed
            )
            if (name, record) in made or derived:
                continue
            if old.get(key) == new.get(key):
                assert after.get(key) == before.get(key), f"{key} was no part of the action"
            elif prop == "deleted_at":
                assert (key in after) == (key in old) or (name, record) in {each[:2] for each in named}
            elif before.get(key) != new.get(key):
                assert after.get(key) == before.get(key), f"somebody's later {key} was overwritten"
                assert key in named
            else:
                assert after.get(key) == old.get(key) or key in named

    history()


# --- Single cases


def test_und_3_a_later_change_by_somebody_else_stays_and_is_named(office):
    company = add(office.ann, "companies", name="A", employees="1")
    change(office.ann, "companies", company, name="B", employees="2", tier="gold")
    change(office.bob, "companies", company, employees="3")
    undone = office.ann.run(undo.undo)
    assert undone.left == (Left("companies", company, "employees"),)
    assert undone.label == "set employees, name, tier of company A"
    row = office.row("companies", company)
    assert (row["name"], row["employees"], row.get("tier")) == ("A", 3, None)


def test_und_3_a_record_somebody_else_worked_on_is_not_unmade(office):
    company = add(office.ann, "companies", name="A")
    change(office.bob, "companies", company, employees="3")
    assert office.ann.run(undo.undo).left == (Left("companies", company, None),)
    assert office.row("companies", company)["deleted_at"] is None


def test_und_3_a_key_somebody_else_has_by_now_is_left_alone_and_named(office):
    company = add(office.ann, "companies", name="A", domain="a.io")
    change(office.ann, "companies", company, domain="b.io", employees="5")
    other = add(office.bob, "companies", name="B", domain="a.io")
    assert office.ann.run(undo.undo).left == (Left("companies", company, "domain"),)
    row = office.row("companies", company)
    assert (row["domain"], row["employees"]) == ("b.io", None)
    assert office.row("companies", other)["domain"] == "a.io"


def test_und_4_a_deleted_record_whose_key_is_taken_stays_in_the_bin_and_is_named(office):
    first, second = (add(office.ann, "companies", name=n, domain=f"{n}.io") for n in "ab")
    office.ann.run(records.delete, "companies", [str(first), str(second)])
    add(office.bob, "companies", name="New", domain="a.io")
    assert office.ann.run(undo.undo).left == (Left("companies", first, "domain"),)
    assert office.row("companies", first)["deleted_at"] == NOW
    assert office.row("companies", second)["deleted_at"] is None


def test_und_4_a_deleted_record_comes_back_with_its_associations_and_custom_values(office):
    company = add(office.bob, "companies", name="A", domain="a.io", tier="gold", vip="no")
    contact = add(office.bob, "contacts", email="x@x.io", companies="a.io")
    before = office.state({"companies": [company], "contacts": [contact]})
    office.bob.run(records.delete, "companies", [str(company)])
    office.bob.run(records.delete, "contacts", [str(contact)])
    assert office.bob.run(records.count, "contacts") == 0
    office.bob.run(undo.undo)
    office.bob.run(undo.undo)
    assert office.state({"companies": [company], "contacts": [contact]}) == before
    assert office.bob.run(records.show, "contacts", "x@x.io")["companies"] == ["A"]
    assert office.bob.run(records.count, "contacts", "x") == 1


def test_und_2_a_bulk_edit_is_one_entry(office):
    ids = [str(add(office.bob, "companies", name=f"C{i}")) for i in range(30)]
    assert office.bob.run(records.change_many, "companies", ids, {"owner": "bob", "tier": "gold"}) == 30
    newest = office.bob.run(undo.entries, 1)[0]
    assert (newest.label, newest.changes) == ("set owner, tier of 30 companies", 60)  # that bob follows them is none
    assert office.bob.run(undo.undo).changed == 30
    assert office.bob.run(records.count, "companies", "owner:none tier:none") == 30


def test_und_2_the_list_shows_ones_own_actions_and_what_is_undone(office):
    company = add(office.bob, "companies", name="A")
    change(office.bob, "companies", company, employees="1")
    change(office.ann, "companies", company, employees="2")
    office.bob.run(undo.undo)
    assert [(e.label, e.undone) for e in office.bob.run(undo.entries)] == [
        ("set employees of company A", True),
        ("create company A", False),
    ]
    assert [e.label for e in office.ann.run(undo.entries, 1)] == ["set employees of company A"]


def test_und_2_any_entry_can_be_picked_once_and_only_ones_own(office):
    company = add(office.bob, "companies", name="A")
    change(office.bob, "companies", company, employees="1")
    change(office.bob, "companies", company, tier="gold")
    latest, picked, _ = office.bob.run(undo.entries)
    office.bob.run(undo.undo, picked.id)
    row = office.row("companies", company)
    assert (row["employees"], row["tier"]) == (None, "gold")
    with pytest.raises(NotFound, match="undone already"):
        office.bob.run(undo.undo, picked.id)
    with pytest.raises(NotFound):
        office.ann.run(undo.undo, latest.id)


def test_und_2_nothing_to_undo_and_nothing_to_redo(office):
    with pytest.raises(NotFound, match="nothing to undo"):
        office.bob.run(undo.undo)
    with pytest.raises(NotFound, match="nothing to redo"):
        office.bob.run(undo.redo)
    add(office.bob, "companies", name="A")
    office.bob.run(undo.undo)
    with pytest.raises(NotFound, match="nothing to undo"):
        office.bob.run(undo.undo)
    office.bob.run(undo.redo)
    with pytest.raises(NotFound, match="nothing to redo"):
        office.bob.run(undo.redo)


def test_und_2_something_new_ends_redoing(office):
    company = add(office.bob, "companies", name="A")
    change(office.bob, "companies", company, employees="1")
    office.bob.run(undo.undo)
    change(office.bob, "companies", company, tier="gold")
    with pytest.raises(NotFound, match="nothing to redo"):
        office.bob.run(undo.redo)


def test_und_2_the_list_survives_a_restart(office):
    company = add(office.bob, "companies", name="A")
    change(office.bob, "companies", company, employees="1")
    office.store.close()
    with closing(Store(office.store.url)) as store:
        again = Workspace(store, office.clock, "bob")
        assert again.run(undo.undo).label == "set employees of company A"
        assert again.run(undo.redo).changed == 1
        assert [e.undone for e in again.run(undo.entries)] == [False, False]


def test_und_2_closing_a_ticket_is_one_entry_with_all_that_follows(office):
    ticket = add(office.bob, "tickets", subject="Help")
    open_ = office.state({"tickets": [ticket]})
    change(office.bob, "tickets", ticket, stage="Closed")
    assert office.row("tickets", ticket)["closed_at"] == NOW
    assert office.row("tickets", ticket)["is_closed"]
    office.bob.run(undo.undo)
    assert office.state({"tickets": [ticket]}) == open_


def test_und_1_undo_is_in_the_history_like_every_change(office):
    company = add(office.bob, "companies", name="A")
    change(office.bob, "companies", company, employees="1")
    office.bob.run(undo.undo)
    line = office.bob.run(records.history, "companies", str(company))[0]
    assert (line.user, line.action, line.property, line.old, line.new) == (
        "bob",
        "undo: set employees of company A",
        "employees",
        "1",
        "",
    )


def test_s11_who_lost_a_right_cannot_win_it_back_by_undo(office):
    change(office.ann, "users", "bob", super_admin="yes")
    change(office.bob, "users", "bob", goals_view="everyone")
    change(office.bob, "users", "bob", goals_view="none")
    change(office.ann, "users", "bob", super_admin="no")
    with pytest.raises(Refused, match="super admin"):
        office.bob.run(undo.undo)
    assert office.row("users", 2)["goals_view"] == "none"


def test_s11_who_lost_the_seat_cannot_undo(office):
    company = add(office.bob, "companies", name="A")
    change(office.ann, "users", "bob", service_seat="none")
    with pytest.raises(Refused, match="needs a Service seat"):
        office.bob.run(undo.undo)
    assert office.row("companies", company)["deleted_at"] is None


def test_und_3_what_somebody_follows_is_named_by_the_record(office):
    """Bob was given the customer and so follows it (REC-5); his following was changed since: it is left alone."""
    acme = add(office.ann, "companies", name="Acme")
    change(office.ann, "companies", acme, owner="bob")
    given = office.ann.run(undo.entries, 1)[0].id
    one = Selection.of("companies", acme)
    office.bob.run(follows.unfollow, one)
    office.bob.run(follows.follow, one)
    done = office.ann.run(undo.undo, given)
    assert done.changed == 1
    assert done.names == ("Acme, which Bob follows",)
