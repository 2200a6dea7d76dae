"""Followers hear of what others do with their records, each thing once (REC-5)."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace

import pytest

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.selection import Selection
from cs_workspace.store import record_notices as record_notice_store
from cs_workspace.store.worker_state import remember
from cs_workspace.workspace import bulk, follows, links, log, merge, notices, records, undo, upkeep
from cs_workspace.workspace.door import writes
from tests.workspace.account import account, go_to


def as_(workspace, login):
    return replace(workspace, login=login, _settings=None)


def look(workspace):
    """What the worker does."""
    return as_(workspace, None).run(notices.write)


def told(workspace, login, **how):
    """What a user was told of records, oldest first."""
    found = as_(workspace, login).run(notices.listing, **how)
    return [" ".join(filter(None, (each.who, each.event, each.title, each.what))) for each in reversed(found)]


@writes(Permission.SESSION, "forget", undoable=False)
def forget(tx):
    remember(tx.connection, notices.LOOKED, None)


@writes(Permission.SESSION, "fill")
def fill(tx, count):
    tx.journal.create("companies", [{"name": f"C{i}"} for i in range(count)])


def test_rec_5_followers_hear_of_what_others_do_each_thing_once(store_url):
    with account(store_url) as dana:
        lee = as_(dana, "lee")
        acme = dana.run(records.add, "companies", {"name": "Acme", "country": "IT"})
        dana.run(records.change, "companies", str(acme), {"industry": "Steel"})
        lee.run(follows.follow, Selection.of("companies", acme))
        assert look(dana) == 0, "of what was before nobody is told"
        lee.run(records.change, "companies", str(acme), {"country": "PL"})
        assert look(dana) == 0, "nor of own doing"
        dana.run(records.change, "companies", str(acme), {"country": "SE", "employees": "3"})
        go_to(dana, "2026-03-15T11:00")
        dana.run(log.log, "calls", {"title": "Hello"}, ("companies", acme))
        dana.run(log.log, "tasks", {"title": "Ring"}, ("companies", acme))
        dana.run(records.add, "tickets", {"subject": "Broken", "companies": "Acme"})
        dana.run(records.change, "companies", str(acme), {"owner": "lee", "country": "NO"})
        dana.run(records.delete, "companies", [str(acme)])
        dana.run(undo.undo)
        assert as_(dana, None).run(notices.is_due)
        assert look(dana) == 7
        assert told(dana, "lee") == [
            "dana changed Acme country, employees",
            "dana activity Acme a call",
            "dana added Acme a task",
            "dana added Acme a ticket",
            "dana assigned Acme",
            "dana deleted Acme",
            "dana restored Acme",
        ]
        assert lee.run(notices.mailbox).unread == 7
        assert not as_(dana, None).run(notices.is_due)
        assert look(dana) == 0
        dana.run(forget)
        assert look(dana) == 0, "a second worker finds everything told"
        assert lee.run(notices.mark) == 7
        assert (lee.run(notices.mailbox).unread, told(dana, "lee", unread=True)) == (0, [])
        assert told(dana, "dana") == []


def test_rec_5_followers_hear_of_what_is_linked_to_their_records(store_url):
    """Whatever was there already, from either side; not once more of what came along in a merge."""
    with account(store_url) as dana:
        acme, other = (dana.run(records.add, "companies", {"name": name}) for name in ("Acme", "Other"))
        ticket, deal = dana.run(records.add, "tickets", {"subject": "T"}), dana.run(records.add, "deals", {"name": "D"})
        as_(dana, "lee").run(follows.follow, Selection.of("companies", acme))
        dana.run(records.change, "tickets", str(ticket), {"companies": "Acme"})
        dana.run(links.link, "companies", acme, "deals.companies", [deal])
        assert look(dana) == 2
        dana.run(records.change, "tickets", str(ticket), {"companies": "Other;Acme"})
        dana.run(links.unlink, "companies", acme, "deals.companies", [deal])
        as_(dana, "lee").run(records.change, "deals", "D", {"companies": "Acme"})
        dana.run(merge.merge, "companies", acme, other)
        assert look(dana) == 0
        assert told(dana, "lee") == ["dana added Acme a ticket", "dana added Acme a deal"]
        dana.run(undo.undo)
        dana.run(forget)
        assert look(dana) == 0


def test_rec_5_who_follows_no_longer_or_left_hears_nothing(store_url):
    with account(store_url) as dana:
        acme = dana.run(records.add, "companies", {"name": "Acme"})
        for login in ("lee", "ewa", "kari"):
            as_(dana, login).run(follows.follow, Selection.of("companies", acme))
        as_(dana, "lee").run(follows.unfollow, Selection.of("companies", acme))
        dana.run(records.change, "users", "ewa", {"active": "no"})
        dana.run(records.change, "companies", str(acme), {"country": "IT"})
        as_(dana, "lee").run(follows.follow, Selection.of("companies", acme))
        assert look(dana) == 1
        assert told(dana, "kari") == ["dana changed Acme country"]


def test_rec_5_of_a_sweep_over_thousands_nobody_is_told(store_url, monkeypatch):
    with account(store_url) as dana:
        monkeypatch.setattr(record_notice_store, "MASS", 3)
        dana.run(fill, 5)
        every = Selection("companies", query="", count=5)
        as_(dana, "lee").run(follows.follow, every)
        dana.run(bulk.change, every, {"country": "IT"})
        dana.run(bulk.change, Selection.of("companies", 1, 2), {"country": "SE"})
        assert look(dana) == 2


def test_rec_5_notices_of_long_ago_are_cleared_away(store_url):
    with account(store_url) as dana:
        acme = dana.run(records.add, "companies", {"name": "Acme"})
        as_(dana, "lee").run(follows.follow, Selection.of("companies", acme))
        dana.run(records.change, "companies", str(acme), {"country": "IT"})
        look(dana)
        go_to(dana, "2026-06-01T10:00")
        dana.run(records.change, "companies", str(acme), {"country": "SE"})
        look(dana)
        go_to(dana, "2026-06-20T10:00")
        as_(dana, None).run(upkeep.empty_bin)
        assert len(told(dana, "lee")) == 1


def step(dana, rng, made):
    """Something happens; refusals are fine."""
    who = as_(dana, rng.choice(("dana", "lee", "ewa")))
    one = rng.choice(made)
    chosen = Selection.of("companies", *rng.sample(made, 2))
    with suppress(WorkspaceError):
        match rng.randrange(8):
            case 0:
                who.run(follows.toggle, chosen)
            case 1:
                who.run(bulk.change, chosen, {"owner": rng.choice(("dana", "lee", "ewa"))})
            case 2:
                who.run(bulk.change, chosen, {"country": rng.choice(("IT", "SE"))})
            case 3:
                who.run(log.log, rng.choice(("calls", "tasks")), {"title": "T"}, ("companies", one))
            case 4:
                who.run(bulk.delete, Selection.of("companies", one))
            case 5:
                who.run(undo.undo)
            case 6:
                who.run(undo.redo)
            case _:
                ticket = who.run(records.add, "tickets", {"subject": "T", "companies": f"#{one}"})
                if rng.random() < 0.5:
                    who.run(records.change, "tickets", str(ticket), {"companies": f"#{rng.choice(made)}"})


@pytest.mark.parametrize("seed", [1, 2])
def test_rec_5_looking_at_everything_finds_nothing_that_was_missed(store_url, seed):
    """The law of incremental work: after any history, a look from the beginning has nothing to add."""
    rng = random.Random(seed)
    with account(store_url) as dana:
        made = [dana.run(records.add, "companies", {"name": f"C{i}"}) for i in range(4)]
        number = 0
        for _ in range(30):
            step(dana, rng, made)
            number += look(dana)
        assert number > 5
        dana.run(forget)
        assert look(dana) == 0
