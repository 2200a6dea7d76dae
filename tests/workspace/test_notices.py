"""Each event is told once to each contributor, whoever looks and how often (GOL-30, GOL-31)."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace

import pytest

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.goals.notices import Event
from cs_workspace.domain.permissions import Permission
from cs_workspace.store.worker_state import remember
from cs_workspace.workspace import calculation, goal_changes, goal_grid, goal_making, goals, notices, records, undo
from cs_workspace.workspace.door import writes
from cs_workspace.workspace.goal_making import NewGoal
from tests.workspace.account import account, at, go_to

EVERY = tuple(Event)


def as_(workspace, login):
    return replace(workspace, login=login, _settings=None)


def look(workspace):
    """What the worker does; how many notices it made."""
    worker = as_(workspace, None)
    worker.run(calculation.catch_up)
    return worker.run(notices.write)


def make(workspace, *, users=("lee",), teams=(), target="4", notify=EVERY, duration="monthly", **more):
    new = NewGoal(
        "tickets_closed", "Close", users=users, teams=teams, duration=duration, year=2026, target=target, notify=notify
    )
    return str(workspace.run(goal_making.create, replace(new, **more)))


def close(workspace, owner, count=1):
    for _ in range(count):
        ticket = workspace.run(records.add, "tickets", {"subject": "Help", "owner": owner})
        workspace.run(records.change, "tickets", str(ticket), {"stage": "Closed"})


def told(workspace, login, **how):
    """What a user was told, oldest first: event, label, and team."""
    found = as_(workspace, login).run(notices.listing, **how)
    return [f"{each.event} {each.label}{f' {each.team}' if each.team else ''}" for each in reversed(found)]


def test_gol_31_each_event_fires_once_even_if_progress_drops_and_rises_again(store_url):
    with account(store_url) as dana:
        goal = make(dana)
        assert look(dana) == 1
        close(dana, "lee", 2)
        assert look(dana) == 1
        dana.run(undo.undo)
        assert look(dana) == 0
        close(dana, "lee", 2)
        assert look(dana) == 1
        dana.run(goal_changes.set_target, goal, "lee", "2026-03", "3")
        assert look(dana) == 2
        dana.run(goal_changes.set_target, goal, "lee", "2026-03", "2")
        assert look(dana) == 0
        go_to(dana, "2026-03-25T00:00")
        assert look(dana) == 1
        go_to(dana, "2026-04-01T00:00")
        assert look(dana) == 1
        go_to(dana, "2026-05-01T00:00")
        assert look(dana) == 1
        assert look(dana) == 0
        assert told(dana, "lee") == [
            "assigned 2026-01",
            "50_percent 2026-03",
            "75_percent 2026-03",
            "target_changed 2026-03",
            "100_percent 2026-03",
            "7_days_left 2026-03",
            "exceeded 2026-03",
            "missed 2026-04",
        ]


def test_gol_31_only_what_was_chosen_is_told_and_what_was_over_before_is_past(store_url):
    """January and February were over when the goal was made."""
    with account(store_url) as dana:
        make(dana, notify=("75_percent", "missed"))
        close(dana, "lee", 4)
        assert look(dana) == 1
        go_to(dana, "2026-04-02T00:00")
        assert look(dana) == 0
        go_to(dana, "2026-05-02T00:00")
        assert look(dana) == 1
        assert told(dana, "lee") == ["75_percent 2026-03", "missed 2026-04"]


def test_gol_30_what_is_chosen_later_is_told_of_what_runs(store_url):
    """Not of what was over by then: nobody waited for it."""
    with account(store_url, "2026-01-10T10:00") as dana:
        goal = make(dana, notify=())
        go_to(dana, "2026-03-10T10:00")
        close(dana, "lee", 2)
        assert look(dana) == 0
        dana.run(goal_grid.set_notify, goal, ["50_percent", "missed"])
        assert as_(dana, None).run(notices.is_due)
        assert look(dana) == 1
        assert told(dana, "lee") == ["50_percent 2026-03"]


def test_gol_30_a_milestones_own_choice_comes_before_the_goals(store_url):
    """Also one made later, but not for what was over by then."""
    with account(store_url) as dana:
        goal = make(dana, target="2", notify=("50_percent", "missed"))
        (row,) = (each.key for each in dana.run(goal_grid.grid, goal).sheet.rows)
        dana.run(goal_grid.set_notify, goal, ["100_percent"], [(row, 2)])
        dana.run(goal_grid.set_notify, goal, [], [(row, 3)])
        close(dana, "lee", 2)
        look(dana)
        go_to(dana, "2026-06-02T00:00")
        look(dana)
        assert told(dana, "lee") == ["100_percent 2026-03", "missed 2026-05"]
        dana.run(goal_grid.set_notify, goal, ["missed", "50_percent"], [(row, column) for column in range(6)])
        close(dana, "lee")
        assert look(dana) == 1
        assert told(dana, "lee")[2:] == ["50_percent 2026-06"]
        dana.run(goal_grid.set_notify, goal, ["75_percent"], [(row, 5)])
        close(dana, "lee")
        dana.run(goal_grid.set_notify, goal, ["100_percent"], [(row, 5)])
        assert as_(dana, None).run(notices.is_due)
        assert look(dana) == 1
        assert told(dana, "lee")[3:] == ["100_percent 2026-06"]


def test_gol_31_seven_days_left_is_a_moment_to_wake_for(store_url):
    with account(store_url) as dana:
        make(dana, notify=("7_days_left",))
        look(dana)
        border = "2026-03-24T23:00"  # the clocks change within the week
        assert dana.run(calculation.standpoint).next_border == at(border)
        go_to(dana, border)
        assert look(dana) == 1
        assert dana.run(calculation.standpoint).next_border == at("2026-04-01T00:00")


def test_gol_30_recipients_are_the_contributors(store_url):
    """A team's active main members, those of teams within it too; a user of their own row; nobody of own doing."""
    with account(store_url) as dana:
        dana.run(records.change, "users", "kari", {"active": "no"})
        goal = make(dana, users=("lee",), teams=("EMEA",), include_others=True, notify=("assigned", "target_changed"))
        assert look(dana) == 3
        assert told(dana, "lee") == ["assigned 2026-01 EMEA", "assigned 2026-01"]
        assert told(dana, "ewa") == ["assigned 2026-01 EMEA"]
        assert told(dana, "dana") == []
        dana.run(records.change, "users", "lee", {"goals_edit": "everyone"})
        as_(dana, "lee").run(goal_changes.set_target, goal, "EMEA", "2026-03", "9")
        as_(dana, "lee").run(goal_changes.set_target, goal, "lee", "2026-03", "9")
        assert look(dana) == 2
        assert told(dana, "dana") == ["target_changed 2026-03 EMEA"]
        assert told(dana, "ewa")[1:] == ["target_changed 2026-03 EMEA"]
        assert len(told(dana, "lee")) == 2
        dana.run(goal_changes.set_target, goal, "lee", "2026-03", "8")
        assert look(dana) == 1
        assert told(dana, "lee")[2:] == ["target_changed 2026-03"]


def test_gol_31_who_comes_back_or_joins_is_told_of_what_runs(store_url):
    with account(store_url) as dana:
        make(dana, users=(), teams=("Poland",), whole_team=True, target="1", notify=("50_percent",))
        dana.run(records.change, "users", "ewa", {"active": "no"})
        close(dana, "ewa")
        look(dana)
        assert told(dana, "lee") == []
        dana.run(records.change, "users", "lee", {"teams": "Poland"})
        close(dana, "lee")
        look(dana)
        assert told(dana, "lee") == ["50_percent 2026-03 Poland"]
        dana.run(records.change, "users", "ewa", {"active": "yes"})
        look(dana)
        assert told(dana, "ewa") == ["50_percent 2026-03 Poland"]


def test_gol_31_what_is_undone_is_not_listed(store_url):
    with account(store_url) as dana:
        goal = make(dana)
        look(dana)
        assert as_(dana, "lee").run(notices.mailbox).unread == 1
        dana.run(goal_changes.delete, goal, ["lee"])
        look(dana)
        assert told(dana, "lee") == []
        assert as_(dana, "lee").run(notices.mailbox).unread == 0
        dana.run(undo.undo)
        assert look(dana) == 0
        assert told(dana, "lee") == ["assigned 2026-01"]


@writes(Permission.SESSION, "forget", undoable=False)
def forget(tx):
    remember(tx.connection, notices.LOOKED, None)


def test_wrk_5_a_look_that_is_repeated_tells_nothing_twice(store_url):
    """Two workers, or one that died and its successor: the second finds everything told."""
    with account(store_url) as dana:
        make(dana, target="2")
        close(dana, "lee", 2)
        assert look(dana) == 4
        assert not as_(dana, None).run(notices.is_due)
        assert as_(dana, None).run(notices.write) == 0
        dana.run(forget)
        assert as_(dana, None).run(notices.is_due)
        assert look(dana) == 0


def test_wrk_1_a_store_nobody_looked_at_has_no_old_news(store_url):
    """Of goals made long ago only what runs, or ended within a week, is told."""
    with account(store_url, "2025-12-01T10:00") as dana:
        goal = make(dana)
        make(dana, name="Past", year=2025)
        dana.run(goal_changes.set_target, goal, "lee", "2026-01", "2")
        go_to(dana, "2026-03-05T10:00")
        look(dana)
        assert told(dana, "lee") == ["assigned 2026-01", "missed 2026-02"]


def test_gol_31_notices_are_private_and_read_by_their_user_only(store_url):
    with account(store_url) as dana:
        make(dana, users=("lee", "ewa"), target="1", notify=("assigned", "50_percent"))
        close(dana, "lee")
        look(dana)
        lee, ewa = as_(dana, "lee"), as_(dana, "ewa")
        first, second = (each.id for each in lee.run(notices.listing))
        assert lee.run(notices.mailbox) == notices.Mailbox(2, first)
        before = lee.run(calculation.standpoint)
        assert ewa.run(notices.mark, [first, second]) == 0
        assert lee.run(notices.mark, [second]) == 1
        after = lee.run(calculation.standpoint)
        assert (after.position, after.run, after.noticed) == (before.position, before.run, before.noticed + 1)
        assert [each.id for each in lee.run(notices.listing, unread=True)] == [first]
        assert [each.read for each in lee.run(notices.listing)] == [False, True]
        assert lee.run(notices.mark) == 1
        assert lee.run(notices.mark, [first], read=False) == 1
        assert lee.run(notices.listing, after=first) == []
        assert lee.run(notices.mailbox).unread == 1
        assert ewa.run(notices.mailbox).unread == 1


def step(dana, rng, made):
    """Something happens; refusals are fine."""
    login = rng.choice(("dana", "lee", "ewa", "kari"))
    month = f"2026-{rng.randint(2, 7):02}"
    with suppress(WorkspaceError):
        match rng.randrange(10):
            case 0:
                choice = [e for e in EVERY if rng.random() < 0.7]
                users, teams = rng.choice(((("lee", "ewa"), ()), ((login,), ()), ((), ("EMEA",)), ((), ("Italy",))))
                duration = rng.choice(("monthly", "weekly"))
                made.append(make(dana, users=users, teams=teams, notify=choice, duration=duration, target="3"))
            case 1 | 2 | 3:
                close(dana, login, rng.randint(1, 3))
            case 4:
                as_(dana, login).run(undo.undo)
            case 5:
                row = rng.choice(("lee", "ewa", "EMEA"))
                as_(dana, rng.choice(("dana", "lee"))).run(
                    goal_changes.set_target, rng.choice(made), row, month, str(rng.randint(1, 4))
                )
            case 6:
                dana.run(records.change, "users", rng.choice(("ewa", "kari")), {"active": rng.choice(("yes", "no"))})
            case 7:
                dana.run(records.change, "users", login, {"teams": rng.choice(("Italy", "Poland", "EMEA", ""))})
            case 8:
                goal, events = rng.choice(made), [e for e in EVERY if rng.random() < 0.7]
                rows = dana.run(goal_grid.grid, goal).sheet.rows
                cells = [(rng.choice(rows).key, place) for place in range(2, 7)]
                dana.run(goal_grid.set_notify, goal, *rng.choice(((events,), (events, cells), (None, cells))))
            case _:
                dana.clock.instant += rng.choice((1, 5, 9)) * 24 * 3_600_000


@pytest.mark.parametrize("seed", [1, 2])
def test_wrk_4_looking_at_everything_finds_nothing_that_was_missed(store_url, seed):
    """After any history a full run, behind which every slice is looked at, has nothing to add."""
    rng = random.Random(seed)
    with account(store_url) as dana:
        dana.run(records.change, "users", "lee", {"goals_edit": "everyone"})
        made = [make(dana, users=("lee", "ewa"), teams=("EMEA",), include_others=True)]
        number = 0
        for _ in range(24):
            step(dana, rng, made)
            if rng.random() < 0.6:
                number += look(dana)
            if rng.random() < 0.2:
                number += look(dana)
                as_(dana, None).run(calculation.full)
                assert as_(dana, None).run(notices.write) == 0
        assert number > 10
        assert dana.run(goals.progress)
