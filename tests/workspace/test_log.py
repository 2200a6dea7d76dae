"""Notes, calls, e-mails, meetings and tasks about a record, from its panel (CUS-9)."""

from __future__ import annotations

import pytest

from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.workspace import log, records, undo
from tests.workspace.account import account, at

NOW = at("2026-03-15T10:00")


def show(dana, object, id):
    return dana.run(records.show, object, str(id))


def test_cus_9_a_call_with_a_contact_is_one_with_its_company_too(store_url):
    """Owner and time by themselves; last activity moves on, never back; one entry takes all of it back."""
    with account(store_url) as dana:
        for name in ("Acme", "Other"):
            dana.run(records.add, "companies", {"name": name})
        contact = dana.run(records.add, "contacts", {"first_name": "Ada", "companies": "Acme;Other"})
        call = dana.run(log.log, "calls", {"body": "Renewal\nin May", "outcome": "Connected"}, ("contacts", contact))
        found = show(dana, "calls", call)
        assert (found["title"], found["owner"], found["contacts"]) == ("Renewal", "dana", ["Ada"])
        assert (found["companies"], found["at"]) == (["Acme"], "2026-03-15T10:00:00+01:00")
        for where, which in (("companies", "Acme"), ("contacts", contact)):
            assert show(dana, where, which)["last_activity_at"] == "2026-03-15T10:00:00+01:00"
        assert show(dana, "companies", "Other")["last_activity_at"] is None
        newest = dana.run(undo.entries, 1)[0]
        assert newest.label == "log a call with Ada"
        dana.run(log.log, "notes", {"title": "Old", "at": "2026-01-01"}, ("contacts", contact))
        assert show(dana, "companies", "Acme")["last_activity_at"] == "2026-03-15T10:00:00+01:00"
        dana.run(undo.undo)
        dana.run(undo.undo)
        assert show(dana, "companies", "Acme")["last_activity_at"] is None
        assert dana.run(records.count, "calls") == 0


def test_cus_9_what_is_about_a_deal_is_about_its_company_and_contacts(store_url):
    with account(store_url) as dana:
        dana.run(records.add, "companies", {"name": "Acme"})
        dana.run(records.add, "contacts", {"email": "ada@acme.com", "companies": "Acme"})
        deal = dana.run(records.add, "deals", {"name": "Big", "companies": "Acme", "contacts": "ada@acme.com"})
        texts = {"title": "Demo", "at": "tomorrow 9:00", "duration": "45m"}
        meeting = dana.run(log.log, "meetings", texts, ("deals", deal))
        found = show(dana, "meetings", meeting)
        assert (found["deals"], found["companies"], found["contacts"]) == (["Big"], ["Acme"], ["ada@acme.com"])
        assert (found["starts_at"], found["ends_at"]) == ("2026-03-16T09:00:00+01:00", "2026-03-16T09:45:00+01:00")
        assert show(dana, "deals", deal)["last_activity_at"] is None, "it has not been yet"
        dana.run(log.log, "emails", {"title": "Offer"}, ("deals", deal))
        assert show(dana, "deals", deal)["last_activity_at"] == "2026-03-15T10:00:00+01:00"


def test_cus_9_a_task_is_for_tomorrow_and_for_oneself_unless_said(store_url):
    with account(store_url) as dana:
        company = dana.run(records.add, "companies", {"name": "Acme"})
        task = dana.run(log.log, "tasks", {"title": "Ring"}, ("companies", company))
        found = show(dana, "tasks", task)
        assert (found["due_at"], found["assignee"]) == ("2026-03-16T09:00:00+01:00", "dana")
        assert (found["status"], found["companies"]) == ("open", ["Acme"])
        texts = {"title": "Ring", "due_at": "next tue", "assignee": "lee"}
        other = dana.run(log.log, "tasks", texts, ("companies", company))
        assert show(dana, "tasks", other)["due_at"] == "2026-03-17T17:00:00+01:00"
        call = dana.run(log.log, "calls", {"at": "tue 9:00"}, ("companies", company))
        assert show(dana, "calls", call)["at"] == "2026-03-10T09:00:00+01:00", "a call has been"
        dana.run(undo.undo)
        assert show(dana, "companies", company)["last_activity_at"] is None


def test_cus_9_what_cannot_be_logged_is_refused_and_leaves_nothing(store_url):
    with account(store_url) as dana:
        ticket = dana.run(records.add, "subscriptions", {"name": "Alone"})
        company = dana.run(records.add, "companies", {"name": "Acme"})
        for wanted, error in (
            (("calls", {}, ("subscriptions", ticket)), Invalid),
            (("calls", {}, ("companies", 99)), NotFound),
            (("companies", {}, ("companies", company)), Invalid),
            (("calls", {"at": "soon"}, ("companies", company)), Invalid),
            (("tasks", {"title": ""}, ("companies", company)), Invalid),
            (("tasks", {"title": "Ring", "due_at": "this month"}, ("companies", company)), Invalid),
        ):
            with pytest.raises(error):
                dana.run(log.log, *wanted)
        assert dana.run(records.count, "calls") == 0
