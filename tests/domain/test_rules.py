"""What must hold of a record, and what follows when a person changes it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cs_workspace.domain import rules
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.schema.derived import Facts, StageFacts
from cs_workspace.domain.schema.standard import COMPANIES, DEALS, MEETINGS, SERVICES, TASKS, TICKETS, USERS

OPEN, CLOSED, WON, LOST = 1, 2, 3, 4
FACTS = Facts(
    {
        OPEN: StageFacts(1, is_closed=False),
        CLOSED: StageFacts(1, is_closed=True),
        WON: StageFacts(1, is_closed=True, probability=1),
        LOST: StageFacts(1, is_closed=True, probability=0),
    },
    "EUR",
    {"USD": Fraction(9, 10)},
)
NOW = 1000


def follow(kind, old, new):
    return rules.follow_ups(kind, old, new, FACTS, NOW)


def test_a_required_property_is_named():
    with pytest.raises(Invalid, match="name: a company needs one"):
        rules.check(COMPANIES, {"domain": "x.io"})
    rules.check(COMPANIES, {"name": "Acme"})


@pytest.mark.parametrize(
    ("kind", "row", "sentence"),
    [
        (TICKETS, {"created_at": 5, "closed_at": 4}, "the close date lies before the create date"),
        (TICKETS, {"created_at": 5, "first_reply_at": 4}, "the first agent reply lies before the create date"),
        (MEETINGS, {"starts_at": 5, "ends_at": 4}, "the ends lies before the starts"),
        (SERVICES, {"start_date": 5, "target_end_date": 4}, "the target end date lies before the start date"),
    ],
)
def test_what_comes_later_is_not_before_what_comes_first(kind, row, sentence):
    whole = {p.name: 1 for p in kind.properties.values() if p.required}
    with pytest.raises(Invalid, match=sentence):
        rules.check(kind, whole | row)
    rules.check(kind, whole | dict.fromkeys(row, 5))
    for name in row:
        rules.check(kind, whole | {name: row[name]})


def test_per_7_a_user_cannot_edit_more_goals_than_see():
    user = {"login": "a", "name": "A"}
    with pytest.raises(Invalid, match="everyone is wider than goals_view, which is team"):
        rules.check(USERS, user | {"goals_view": "team", "goals_edit": "everyone"})
    with pytest.raises(Invalid, match="goals_edit"):
        rules.check(USERS, user | {"goals_edit": "own"})
    rules.check(USERS, user | {"goals_view": "team", "goals_edit": "team"})


def test_a_time_zone_must_exist():
    with pytest.raises(Invalid, match="not a time zone"):
        rules.check(USERS, {"login": "a", "name": "A", "time_zone": "Europe/Atlantis"})


def test_what_a_new_record_gets():
    assert rules.defaults(USERS, {"login": "ann", "workspace": True}, NOW) == {
        **{k: v for k, v in rules.USER_DEFAULTS.items() if k != "workspace"},
        "name": "ann",
    }
    assert rules.defaults(TASKS, {"status": "completed"}, NOW) == {"type": "to_do"}
    assert rules.defaults(MEETINGS, {"at": 5}, NOW) == {"starts_at": 5, "at": 5, "booked_at": NOW}
    assert rules.defaults(MEETINGS, {"at": 5, "starts_at": 7, "created_at": 3}, NOW) == {
        "starts_at": 7,
        "at": 7,
        "booked_at": 3,
    }
    assert rules.defaults(COMPANIES, {}, NOW) == {}


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        (None, {"stage": CLOSED}, {"closed_at": NOW}),
        (None, {"stage": OPEN}, {}),
        (None, {"stage": CLOSED, "closed_at": 5}, {}),
        ({"stage": OPEN}, {"stage": CLOSED}, {"closed_at": NOW}),
        ({"stage": OPEN}, {"stage": CLOSED, "closed_at": None}, {}),
        ({"stage": CLOSED, "closed_at": 5}, {"stage": OPEN}, {"closed_at": None}),
        ({"stage": CLOSED, "closed_at": 5}, {"stage": WON}, {}),
        ({"stage": CLOSED, "closed_at": 5}, {"subject": "x"}, {}),
    ],
)
def test_a_ticket_is_closed_when_its_stage_is(old, new, more):
    assert follow(TICKETS, old, new) == more


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ({"stage": OPEN, "close_date": None}, {"stage": WON}, {"close_date": NOW}),
        ({"stage": OPEN, "close_date": NOW + 1}, {"stage": LOST}, {"close_date": NOW}),
        ({"stage": OPEN, "close_date": NOW - 1}, {"stage": WON}, {}),
        ({"stage": OPEN, "close_date": NOW + 1}, {"stage": WON, "close_date": NOW + 9}, {}),
        ({"stage": LOST, "close_date": NOW + 1}, {"stage": WON}, {}),
        ({"stage": WON, "close_date": 5}, {"stage": OPEN}, {}),
    ],
)
def test_a_deal_is_closed_today_at_the_latest(old, new, more):
    assert follow(DEALS, old, new) == more


def test_a_task_and_a_user_remember_when():
    assert follow(TASKS, {"status": "open"}, {"status": "completed"}) == {"completed_at": NOW}
    assert follow(TASKS, {"status": "completed"}, {"status": "open"}) == {"completed_at": None}
    assert follow(USERS, {"active": True}, {"active": False}) == {"deactivated_at": NOW}
    assert follow(USERS, {"active": False}, {"active": True}) == {"deactivated_at": None}
