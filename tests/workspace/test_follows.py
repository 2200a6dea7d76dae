"""Following records: on purpose, and by owning them (REC-5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.selection import Selection
from cs_workspace.workspace import bulk, follows, imports, records, undo
from cs_workspace.workspace.import_plan import Column, Plan
from tests.workspace.account import account


def as_(workspace, login):
    return replace(workspace, login=login, _settings=None)


def followed(workspace, login):
    return [each.title for each in as_(workspace, login).run(follows.listing)]


def test_rec_5_following_is_one_entry_and_can_be_taken_back(store_url):
    with account(store_url) as dana:
        ids = [dana.run(records.add, "companies", {"name": name}) for name in ("Beta", "Acme", "Gone")]
        chosen = Selection.of("companies", *ids)
        assert dana.run(follows.follow, chosen) == 3
        assert dana.run(undo.entries, 1)[0].label == "follow 3 companies"
        assert dana.run(follows.follow, chosen) == 0
        dana.run(records.delete, "companies", [str(ids[2])])
        assert followed(dana, "dana") == ["Acme", "Beta"]
        assert followed(dana, "lee") == []
        assert dana.run(follows.is_following, "companies", ids[0])
        one = Selection.of("companies", ids[0])
        assert as_(dana, "lee").run(follows.toggle, one) == (True, 1)
        assert dana.run(follows.followers, "companies", ids[0]) == ["Lee", "dana"]
        assert dana.run(follows.toggle, chosen) == (False, 2)
        assert followed(dana, "dana") == []
        dana.run(undo.undo)
        assert followed(dana, "dana") == ["Acme", "Beta"]
        dana.run(follows.unfollow, one)
        assert dana.run(follows.toggle, chosen) == (True, 1), "where some are followed, all are"
        dana.run(undo.undo)
        dana.run(undo.undo)
        assert followed(dana, "dana") == ["Acme", "Beta"]


def test_rec_5_what_cannot_be_followed_is_refused(store_url):
    with account(store_url) as dana:
        task = dana.run(records.add, "tasks", {"title": "T", "due_at": "2026-03-16"})
        with pytest.raises(Invalid, match="cannot be followed"):
            dana.run(follows.follow, Selection.of("tasks", task))
        with pytest.raises(NotFound):
            dana.run(follows.follow, Selection.of("companies", 99))


def test_rec_5_a_new_owner_follows_in_the_same_entry(store_url):
    """By an edit, a bulk assignment and an import alike; nobody who has left does."""
    with account(store_url) as dana:
        dana.run(records.change, "users", "ola", {"active": "no"})
        acme = dana.run(records.add, "companies", {"name": "Acme"})
        other = dana.run(records.add, "companies", {"name": "Other"})
        dana.run(records.change, "companies", "Acme", {"owner": "lee"})
        assert followed(dana, "lee") == ["Acme"]
        dana.run(records.change, "companies", "Acme", {"owner": "ewa"})
        assert (followed(dana, "ewa"), followed(dana, "lee")) == (["Acme"], ["Acme"])
        dana.run(bulk.change, Selection.of("companies", acme, other), {"owner": "kari"})
        assert followed(dana, "kari") == ["Acme", "Other"]
        dana.run(undo.undo)
        dana.run(undo.undo)
        assert (followed(dana, "kari"), followed(dana, "ewa")) == ([], [])
        dana.run(records.change, "companies", "Acme", {"owner": "ola"})
        assert dana.run(follows.followers, "companies", acme) == ["Lee"]
        rows = [(2, ["Acme", "ewa"]), (3, ["Other", "lee"])]
        plan = Plan("companies", "a.csv", 2, (Column("name", (0,)), Column("owner", (1,))))
        imports.load(dana, plan, rows, lambda _: None, lambda *_: None)
        assert (followed(dana, "ewa"), followed(dana, "lee")) == (["Acme"], ["Acme", "Other"])
        dana.run(undo.undo)
        assert followed(dana, "ewa") == []
