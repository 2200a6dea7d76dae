"""Two people do anything to the same records, take it back and forward; whatever happened, it can all be taken back.

UND-2, UND-3, UND-4, REC-4, R25: taking everything back, newest first and each by its author, restores every property,
association, following and deletion; and no taking back overwrites what somebody else wrote later.
"""

from __future__ import annotations

import os
from contextlib import closing
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from cs_workspace.domain.clock import FixedClock
from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.domain.selection import Selection
from cs_workspace.store.account import load_schema
from cs_workspace.store.engine import Store
from cs_workspace.store.journal import Entry, Journal, read_rows
from cs_workspace.store.tables.system import entries, follows
from cs_workspace.store.undo import take_back
from cs_workspace.workspace import bin as the_bin
from cs_workspace.workspace import bulk, merge, records, undo
from cs_workspace.workspace import follows as following
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.setup import NewAccount, found_account

NOW = 1_790_000_000_000
KINDS = ("companies", "contacts", "tickets", "tasks")
FOLLOWED = ("companies", "contacts", "tickets")
State = dict[tuple[str, int, str], Any]
TELLING = {"updated_at"}  # when a record was touched last does not come back
CALCULATED = {
    kind: {"search_text", "owner_assigned_at", *(p.name for p in STANDARD[kind].properties.values() if p.computed)}
    for kind in KINDS
}

DOERS = st.sampled_from(["ann", "bob"])
PLACES = st.integers(0, 2)
MANY = st.lists(PLACES, min_size=1, max_size=3, unique=True)
TEXTS = {
    "companies": st.fixed_dictionaries(
        {},
        optional={
            "domain": st.sampled_from(["", "a", "b"]),
            "owner": st.sampled_from(["", "ann", "bob"]),
            "tier": st.sampled_from(["", "gold", "silver"]),
        },
    ),
    "contacts": st.fixed_dictionaries(
        {},
        optional={
            "email": st.sampled_from(["a", "b", "c"]),
            "companies": st.lists(PLACES, unique=True, max_size=3),
        },
    ),
    "tickets": st.fixed_dictionaries(
        {},
        optional={
            "stage": st.sampled_from(["New", "Closed"]),
            "companies": st.lists(PLACES, unique=True, max_size=2),
            "contacts": st.lists(PLACES, unique=True, max_size=2),
        },
    ),
    "tasks": st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(["Open", "Completed"]),
            "companies": st.lists(PLACES, unique=True, max_size=2),
            "tickets": st.lists(PLACES, unique=True, max_size=2),
        },
    ),
}
EDITS = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), TEXTS[kind]))


class Office:
    """Ann, who is super admin, and Bob at one store."""

    tags = count(1)

    def __init__(self, store: Store) -> None:
        self.store = store
        clock = FixedClock(NOW)
        found_account(store, NewAccount("Acme", "ann"), clock)
        self.people = {login: Workspace(store, clock, login) for login in ("ann", "bob")}
        seats = {"service_seat": "enterprise", "workspace": "yes"}
        self.people["ann"].run(records.add, "users", {"login": "bob", **seats})
        with store.writing() as connection:
            tier = {"object": 3, "name": "tier", "label": "Tier", "type": "text"}
            Journal(connection, STANDARD, Entry(NOW, None, "test", "")).create("properties", [tier])
        with store.reading() as connection:
            self.schema = load_schema(connection)

    def newest(self) -> int:
        with self.store.reading() as connection:
            return connection.scalar(select(entries.c.id).order_by(entries.c.id.desc()).limit(1)) or 0


class Together(RuleBasedStateMachine):
    """What both do; `done` has, by entry, what everything was before and after it."""

    office: Office

    @initialize()
    def begin(self) -> None:
        ann, self.tag = self.office.people["ann"], f"t{next(Office.tags)}"
        self.serial = count(1)
        self.known = {  # few of them, so that they meet
            "companies": [ann.run(records.add, "companies", {"name": f"C{i}"}) for i in range(2)],
            "contacts": [ann.run(records.add, "contacts", {"email": self.unique()}) for _ in range(2)],
            "tickets": [ann.run(records.add, "tickets", {"subject": "T"})],
            "tasks": [ann.run(records.add, "tasks", {"title": "D", "due_at": "2026-01-01"})],
        }
        self.first = self.last = self.office.newest()
        self.start = self.state()
        self.now = self.start
        self.done: dict[int, tuple[str, State, State]] = {}
        self.taken: dict[int, int] = {}  # what each taking back took back

    def unique(self) -> str:
        return f"{next(self.serial)}.{self.tag}@x.io"

    def state(self) -> State:
        found: State = {}
        with self.office.store.reading() as connection:
            for kind, ids in self.known.items():
                for record, row in read_rows(connection, self.office.schema, kind, ids).items():
                    values = {k: v for k, v in row.items() if k not in TELLING and v not in (None, ())}
                    found.update(((kind, record, prop), value) for prop, value in values.items())
                    if "deleted_at" in values:
                        found[kind, record, "deleted_at"] = True
            codes = {STANDARD[kind].code: kind for kind in FOLLOWED}
            rows = connection.execute(select(follows).where(follows.c.deleted_at.is_(None))).mappings()
            for each in rows:
                if each["record"] in self.known.get(codes.get(each["object"], ""), ()):
                    found["follows", each["id"], "living"] = True
        return found

    def act(self, who: str, operation, *arguments):
        """Do something, and keep what it changed if it became an entry."""
        try:
            answer = self.office.people[who].run(operation, *arguments)
        except WorkspaceError:
            assert self.office.newest() == self.last
            return None
        before, self.last = self.last, self.office.newest()
        if self.last != before:
            assert self.last == before + 1, "one action is one entry"
            was, self.now = self.now, self.state()
            self.done[self.last] = (who, was, self.now)
        return answer

    def of(self, kind: str, place: int) -> int:
        return self.known[kind][place % len(self.known[kind])]

    def written(self, texts: dict[str, Any]) -> dict[str, str]:
        found = dict(texts)
        for kind in KINDS:
            if kind in found:
                ids = dict.fromkeys(self.of(kind, place) for place in found[kind])
                with self.office.store.reading() as connection:
                    rows = read_rows(connection, self.office.schema, kind, ids)
                found[kind] = ";".join(f"#{i}" for i in ids if rows[i]["deleted_at"] is None)
        if found.get("domain"):
            found["domain"] += f".{self.tag}"
        if found.get("email"):
            found["email"] += f".{self.tag}@x.io"
        return found

    @rule(who=DOERS, edit=EDITS, place=PLACES)
    def change(self, who, edit, place):
        kind, texts = edit
        if texts:
            self.act(who, records.change, kind, f"#{self.of(kind, place)}", self.written(texts))

    @rule(who=DOERS, edit=EDITS, places=MANY)
    def change_many(self, who, edit, places):
        kind, texts = edit
        if texts:
            self.act(who, bulk.change, Selection.of(kind, *(self.of(kind, p) for p in places)), self.written(texts))

    @rule(who=DOERS, edit=EDITS)
    def make(self, who, edit):
        kind, texts = edit
        needed = {
            "companies": {"name": "New"},
            "contacts": {"email": self.unique()},
            "tickets": {"subject": "New"},
            "tasks": {"title": "New", "due_at": "2026-02-02"},
        }[kind]
        made = self.act(who, records.add, kind, needed | self.written(texts))
        if made is not None:
            self.known[kind].append(made)
            entry = max(self.done)
            self.now = self.state()
            self.done[entry] = (*self.done[entry][:2], self.now)

    @rule(who=DOERS, kind=st.sampled_from(KINDS), places=MANY)
    def delete(self, who, kind, places):
        self.act(who, bulk.delete, Selection.of(kind, *(self.of(kind, place) for place in places)))

    @rule(who=DOERS, kind=st.sampled_from(KINDS), place=PLACES)
    def restore(self, who, kind, place):
        binned = [i for i in self.known[kind] if (kind, i, "deleted_at") in self.now]
        if binned:
            self.act(who, the_bin.restore, kind, [binned[place % len(binned)]])

    @rule(who=DOERS, kind=st.sampled_from(KINDS), one=PLACES, other=PLACES, data=st.data())
    def unite(self, who, kind, one, other, data):
        names = [p.name for p in STANDARD[kind].properties.values()]
        sides = st.sampled_from(["primary", "secondary"])
        choices = data.draw(st.dictionaries(st.sampled_from(names), sides, max_size=2))
        self.act(who, merge.merge, kind, self.of(kind, one), self.of(kind, other), choices)

    @rule(who=DOERS, kind=st.sampled_from(FOLLOWED), places=MANY)
    def follow(self, who, kind, places):
        self.act(who, following.toggle, Selection.of(kind, *(self.of(kind, place) for place in places)))

    @rule(who=DOERS, place=st.integers(0, 3))
    def undo(self, who, place):
        listed = [e for e in self.office.people[who].run(undo.entries, 50) if e.id > self.first and not e.undone]
        if listed:
            self.take(who, undo.undo, listed[min(place, len(listed) - 1)].id)

    @rule(who=DOERS)
    def redo(self, who):
        own = [e for e in self.office.people[who].run(undo.entries, 50) if e.id > self.first and e.undone]
        takings = [t for t, e in self.taken.items() if e in {each.id for each in own} and self.done[t][0] == who]
        if takings:
            self.take(who, undo.redo, self.taken[max(takings)], of=max(takings))

    def take(self, who, operation, entry, of=None):
        before = self.now
        answer = self.act(who, operation, entry)
        assert answer is not None, "taking back is never refused here"
        of = entry if of is None else of
        self.taken[max(self.done)] = of
        self.nothing_later_is_lost(of, before, answer.left)

    def nothing_later_is_lost(self, entry, before, left):
        _, old, new = self.done[entry]
        named = {(each.object, each.record, each.property) for each in left}
        whole = {(each.object, each.record) for each in left if each.property is None}
        for key in {*before, *self.now, *old, *new}:
            kind, record, prop = key
            if kind != "follows" and prop in CALCULATED[kind]:
                continue
            became, was, is_now = new.get(key), before.get(key), self.now.get(key)
            made = (kind, record) in {each[:2] for each in new} - {each[:2] for each in old}
            if made and prop not in ("deleted_at", "living"):
                assert is_now == was
            elif became == old.get(key) and not made:
                # Of a merged record, a key that another one has by now is left out, and named.
                assert is_now == was or key in named, f"{key} was no part of what was taken back"
            elif prop not in ("deleted_at", "living") and was != became:
                assert is_now == was, f"a later {key} was overwritten"
                assert key in named or whole, f"{key} was left alone and not named"

    @invariant()
    def nobody_points_at_two_of_the_same(self):
        for (kind, record, prop), value in getattr(self, "now", {}).items():
            if isinstance(value, tuple):
                assert len(set(value)) == len(value), (kind, record, prop)

    def teardown(self):
        """Take everything back, newest first, each by its author."""
        if not hasattr(self, "done"):
            return
        users = {login: each.run(records.show, "users", login)["id"] for login, each in self.office.people.items()}
        for entry, (who, _, _) in sorted(self.done.items(), reverse=True):
            with self.office.store.writing() as connection:
                doing = Entry(NOW, users[who], "test", "back", undoes=entry)
                journal = Journal(connection, load_schema(connection), doing)
                journal.begin()
                assert take_back(journal, entry, users[who]) == [], f"entry {entry} by {who}"
        gone = {(kind, record) for kind, record, prop in self.state() if prop == "deleted_at"}
        made = {key[:2] for key in self.state()} - {key[:2] for key in self.start}
        assert made <= gone
        assert {key: value for key, value in self.state().items() if key[:2] not in made} == self.start


def test_und_2_und_3_whatever_two_people_did_can_all_be_taken_back(store_url):
    with closing(Store(store_url)) as store:
        Together.office = Office(store)
        nightly = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
        checks = settings(
            max_examples=500 if nightly else 8,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Together, settings=checks)
