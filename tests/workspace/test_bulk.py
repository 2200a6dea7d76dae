"""One action on many records: a summary, one entry, and nobody held up by another (ACT-7, UND-2, LST-4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import event

from cs_workspace.domain.errors import Invalid, NotFound, Refused, WorkspaceError
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.selection import Selection
from cs_workspace.workspace import bulk, exports, records, undo
from cs_workspace.workspace.bulk import Refusal
from cs_workspace.workspace.door import writes
from tests.workspace.account import account


def companies(dana, count, **texts):
    return [dana.run(records.add, "companies", {"name": f"C{i}", **texts}) for i in range(count)]


def values(dana, object, name, query=""):
    return [row[name] for row in dana.run(records.listing, object, query, columns=("id", name), sort="id")]


def test_act_7_the_summary_says_what_changed_what_did_not_and_what_was_refused(store_url):
    """A ticket cannot be closed before it was opened; the others are closed all the same, in one entry."""
    with account(store_url) as dana:
        first, second, third = (dana.run(records.add, "tickets", {"subject": f"T{i}"}) for i in range(3))
        dana.run(records.change, "tickets", str(second), {"created_at": "2026-04-01"})
        dana.run(records.change, "tickets", str(third), {"stage": "Closed"})
        chosen = Selection.of("tickets", first, second, third)
        seen = dana.run(bulk.preview, chosen, {"stage": "Closed"})
        done = dana.run(bulk.change, chosen, {"stage": "Closed"})
        assert seen == done
        assert (done.total, done.changed, done.unchanged) == (3, 1, 1)
        reason = "closed_at: the close date lies before the create date"
        assert done.refused == (Refusal(second, "T1", reason),)
        assert values(dana, "tickets", "stage") == ["Closed", "New", "Closed"]
        newest = dana.run(undo.entries, 1)[0]
        assert newest.label == "set stage of 3 tickets"
        given = dana.run(bulk.change, chosen, {"owner": "lee"})
        assert (given.changed, dana.run(undo.entries, 1)[0].changes) == (3, 3), "that Lee follows them is no change"
        assert dana.run(undo.undo).changed == 3
        dana.run(undo.undo)
        assert values(dana, "tickets", "stage") == ["New", "New", "Closed"]


def test_act_7_of_one_record_a_refusal_is_an_error(store_url):
    with account(store_url) as dana:
        (company,) = companies(dana, 1)
        with pytest.raises(Invalid, match="needs one"):
            dana.run(bulk.change, Selection.of("companies", company), {"name": ""})
        with pytest.raises(Invalid, match="number"):
            dana.run(bulk.change, Selection.of("companies", company), {"employees": "many"})


def test_lst_4_a_query_means_what_matches_when_it_is_carried_out(store_url):
    with account(store_url) as dana:
        ids = companies(dana, 4, country="IT")
        every = Selection("companies", query="country:IT", count=4)
        dana.run(records.change, "companies", str(ids[0]), {"country": "PL"})
        dana.run(records.delete, "companies", [str(ids[1])])
        assert dana.run(bulk.change, every, {"industry": "Steel"}).total == 2
        marked = Selection.of("companies", *ids)
        assert dana.run(bulk.delete, marked).changed == 3
        assert dana.run(undo.entries, 1)[0].label == "delete 3 companies"
        with pytest.raises(NotFound, match="no such companies"):
            dana.run(bulk.change, marked, {"industry": "Iron"})
        with pytest.raises(NotFound, match="No companies match"):
            dana.run(bulk.change, every, {"industry": "Iron"})
        with pytest.raises(Invalid, match="nothing is to be changed"):
            dana.run(bulk.change, marked, {})
        dana.run(undo.undo)
        assert dana.run(records.count, "companies", "industry:Steel") == 2


def test_lst_1_marked_records_are_exported_in_the_order_of_the_list(store_url):
    with account(store_url) as dana:
        countries = ("PL", "", "IT", "SE")
        ids = [dana.run(records.add, "companies", {"name": f"C{i}", "country": c}) for i, c in enumerate(countries)]
        marked = Selection.of("companies", ids[3], ids[1], ids[0], ids[2])
        for sort in ("", "-name", "country,-name", "-country", "id"):
            seen: list[Mapping[str, Any]] = []
            dana.run(exports.selected, marked, ("id",), sort, seen.append)
            listed = dana.run(records.page, "companies", sort=sort)
            assert [row["id"] for row in seen] == [row.id for row in listed], sort


def test_act_7_a_key_is_nothing_to_give_to_many(store_url):
    with account(store_url) as dana:
        chosen = Selection.of("companies", *companies(dana, 2))
        with pytest.raises(Invalid, match="one of 2 companies only"):
            dana.run(bulk.change, chosen, {"domain": "acme.com"})
        assert dana.run(bulk.change, chosen, {"domain": ""}).unchanged == 2


def test_act_7_users_are_never_left_without_a_super_admin(store_url):
    with account(store_url) as dana:
        dana.run(records.change, "users", "lee", {"super_admin": "yes"})
        dana.run(records.change, "users", "dana", {"workspace": "yes"})
        admins = Selection("users", query="super_admin:yes")
        done = dana.run(bulk.change, admins, {"super_admin": "no"})
        assert (done.changed, len(done.refused)) == (1, 1)
        dana.login = "lee"
        with pytest.raises(Invalid, match="Deactivate"):
            dana.run(bulk.delete, admins)


def test_per_1_who_may_not_change_records_may_not_in_bulk(store_url):
    with account(store_url) as dana:
        (company,) = companies(dana, 1)
        dana.run(records.change, "users", "ola", {"workspace": "no"})
        dana.login = "ola"
        for operation, more in ((bulk.change, ({"country": "IT"},)), (bulk.delete, ()), (bulk.preview, ({},))):
            with pytest.raises(Refused, match="it needs"):
                dana.run(operation, Selection.of("companies", company), *more)


@writes(Permission.SESSION, "fill")
def fill(tx, count):
    tx.journal.create("companies", [{"name": f"C{i}"} for i in range(count)])


def test_lst_3_five_thousand_records_take_a_few_statements_and_can_be_given_up(store_url):
    """Statements grow with batches, not with records; whoever gives up half-way has changed nothing."""
    with account(store_url) as dana:
        dana.run(fill, 3_000)
        every = Selection("companies", query="", count=3_000)
        counted: list[str] = []
        seen: list[tuple[int, int]] = []

        def count(*args):
            counted.append(args[2])

        event.listen(dana.store.engine, "before_cursor_execute", count)
        done = dana.run(bulk.change, every, {"owner": "lee", "country": "IT"}, lambda *so_far: seen.append(so_far))
        event.remove(dana.store.engine, "before_cursor_execute", count)
        assert (done.changed, seen[-1]) == (3_000, (3_000, 3_000))
        assert len(counted) < 120

        def give_up(done: int, total: int) -> None:
            raise WorkspaceError("Stopped.")

        with pytest.raises(WorkspaceError, match="Stopped"):
            dana.run(bulk.change, every, {"country": "PL"}, give_up)
        assert dana.run(records.count, "companies", "country:IT") == 3_000
