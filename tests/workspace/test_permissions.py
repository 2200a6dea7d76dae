"""Every operation, asked for by everybody: denied unless this table says otherwise (PER-1 to PER-14, IDN-3, S9)."""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import closing
from dataclasses import replace

import pytest

from cs_workspace import workspace as package
from cs_workspace.domain.clock import FixedClock
from cs_workspace.domain.errors import Refused
from cs_workspace.domain.selection import Selection
from cs_workspace.domain.views import Shape
from cs_workspace.store.engine import Store
from cs_workspace.workspace import bin as the_bin
from cs_workspace.workspace import (
    bulk,
    door,
    duplicates,
    exports,
    follows,
    health,
    links,
    log,
    merge,
    notices,
    panels,
    properties,
    record_edit,
    record_page,
    records,
    search,
    undo,
    views,
)
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.setup import NewAccount, found_account

for module in pkgutil.iter_modules(package.__path__):
    importlib.import_module(f"{package.__name__}.{module.name}")

# Tests make operations of their own; they are nobody's business here.
OPERATIONS = {
    name: each for name, each in door.OPERATIONS.items() if each.function.__module__.startswith(package.__name__)
}
NOW = 1_790_000_000_000

# Everybody, by login: seats and rights. Ada is super admin with every seat; the worker has no login.
PEOPLE = {
    "bare": {"super_admin": "yes"},
    "manager": {"service_seat": "professional", "workspace": "yes", "manage_settings": "yes"},
    "manager-without-seat": {"workspace": "yes", "manage_settings": "yes"},
    "csm": {"service_seat": "professional", "workspace": "yes"},
    "seat-only": {"service_seat": "enterprise"},
    "workspace-without-seat": {"workspace": "yes", "sales_seat": "enterprise"},
    "goal-viewer": {"goals_view": "own"},
    "goal-editor": {"goals_view": "team", "goals_edit": "own"},
    "nobody": {},
}
EVERYBODY = {None, "ada", *PEOPLE}
ADMINS = {None, "ada", "bare"}
SETTINGS = ADMINS | {"manager"}  # PER-2, PER-3
WORKSPACE = {None, "ada", "manager", "csm"}  # PER-1
GOALS_EDIT = ADMINS | {"goal-editor"}  # PER-7
GOALS_VIEW = GOALS_EDIT | {"goal-viewer"}

# Who passes the door. Operations on records of any object ask again for the object's right: see below.
MAY = {
    **dict.fromkeys(
        (
            "account.account",
            "account.problems",
            "account.settings",
            "bulk.change",
            "bulk.delete",
            "bulk.preview",
            "calculation.catch_up",
            "calculation.full",
            "calculation.full_is_due",
            "calculation.is_behind",
            "calculation.standpoint",
            "bin.count",
            "bin.listing",
            "bin.restore",
            "care.holdings",
            "drafts.find",
            "drafts.keep",
            "duplicates.possible",
            "exports.columns",
            "follows.followers",
            "follows.is_following",
            "follows.listing",
            "goal_preview.choices",
            "exports.records",
            "exports.selected",
            "imports.run_import",
            "imports.shape",
            "list_states.find",
            "list_states.keep",
            "notices.is_due",
            "notices.listing",
            "notices.mailbox",
            "notices.mark",
            "notices.write",
            "people.keys",
            "people.members",
            "people.owner_of_key",
            "people.teams",
            "pipelines.pipelines",
            "links.link",
            "links.links",
            "links.make_primary",
            "links.unlink",
            "properties.listing",
            "record_edit.change",
            "record_edit.editable",
            "panels.layout",
            "panels.relatable_to",
            "record_page.changes",
            "record_page.gone",
            "record_page.page",
            "record_page.record",
            "record_page.related",
            "record_page.timeline",
            "records.add",
            "records.change",
            "records.change_many",
            "records.columns",
            "records.count",
            "records.delete",
            "records.history",
            "records.ids_of",
            "records.owner_property",
            "records.listing",
            "records.page",
            "records.show",
            "records.write_listing",
            "search.find",
            "search.views",
            "goal_making.create",  # asks again for what the template needs (PER-8)
            "goal_preview.preview",
            "session.surroundings",
            "merge.merge",
            "merge.preview",
            "merge.two",
            "undo.entries",
            "undo.redo",
            "undo.undo",
            "upkeep.bin_is_due",
            "upkeep.empty_bin",
            "upkeep.failure",
            "upkeep.holder",
            "upkeep.note_failure",
            "upkeep.release",
            "upkeep.tick",
            "views.count",
            "views.find",
            "views.listing",
        ),
        EVERYBODY,
    ),
    **dict.fromkeys(("account.set_rate", "pipelines.add"), SETTINGS),
    **dict.fromkeys(("panels.reset", "panels.set_layout"), SETTINGS),
    **dict.fromkeys(("properties.add", "properties.change", "properties.delete"), SETTINGS),
    **dict.fromkeys(("care.copy_or_replace", "people.add_key", "people.change_members", "people.remove_key"), ADMINS),
    **dict.fromkeys(("exports.targets", "goals.explain", "goals.goals", "goals.progress"), GOALS_VIEW),
    **dict.fromkeys(("goals.matching", "goals.milestones"), GOALS_VIEW),
    **dict.fromkeys(("goal_page.log", "goal_page.page"), GOALS_VIEW),
    **dict.fromkeys(("goal_grid.grid", "goal_grid.last_year"), GOALS_VIEW),
    **dict.fromkeys(("what_if.candidates", "what_if.suppose", "what_if.understand"), GOALS_VIEW),
    "what_if_tasks.as_tasks": WORKSPACE - {None},  # the worker has no seat
    **dict.fromkeys(("follows.follow", "follows.toggle", "follows.unfollow", "log.log"), WORKSPACE - {None}),
    **dict.fromkeys(
        (
            "views.create",
            "views.delete",
            "views.edit",
            "views.move",
            "views.remove_default",
            "views.restore_builtin",
            "views.set_default",
        ),
        WORKSPACE - {None},  # ask again for what everyone sees (PER-5, PER-6)
    ),
    **dict.fromkeys(("health.at_many", "health.explain", "health.trend"), WORKSPACE - {None}),
    **dict.fromkeys(
        (
            "goal_making.as_new",
            "goal_making.clone",
            "goal_changes.delete",
            "goal_changes.delete_rows",
            "goal_changes.ended",
            "goal_changes.recalculate_ended",
            "goal_changes.set_target",
            "goal_grid.save",
            "goal_grid.set_notify",
            "goal_grid.set_targets",
            "imports.run_targets",
        ),
        GOALS_EDIT,
    ),
}


@pytest.fixture
def enter(store_url):
    """The workspace of a login."""
    with closing(Store(store_url)) as store:
        clock = FixedClock(NOW)
        found_account(store, NewAccount("Acme", "ada"), clock)
        ada = Workspace(store, clock, "ada")
        for login, rights in PEOPLE.items():
            ada.run(records.add, "users", {"login": login, "name": login.title(), **rights})
        for login in ("gone", "gone-admin"):
            ada.run(records.add, "users", {"login": login, "super_admin": "yes", "service_seat": "enterprise"})
            ada.run(records.change, "users", login, {"active": "no"})
        yield lambda login: Workspace(store, clock, login)


def who_is_it(tx):
    return tx.actor.login


def test_s9_the_table_knows_every_operation():
    assert sorted(OPERATIONS) == sorted(MAY)


def test_s9_everybody_at_every_door(enter):
    for login in (*sorted(EVERYBODY, key=str), "gone", "gone-admin", "stranger"):
        workspace = enter(login)
        for name, operation in OPERATIONS.items():
            inside = replace(operation, function=who_is_it)
            if login in MAY.get(name, ()):
                assert workspace.run(inside) == (login or ""), (login, name)
            else:
                with pytest.raises(Refused, match=r"needs|deactivated|no user"):
                    workspace.run(inside)


def test_per_14_a_refusal_names_the_seat_or_the_right_that_is_missing(enter):
    for login, name, missing in (
        ("manager-without-seat", "pipelines.add", "needs a Service seat"),
        ("csm", "pipelines.add", "needs super admin or the Manage Customer Success Settings permission"),
        ("manager", "people.add_key", "needs super admin"),
        ("csm", "goals.progress", "needs the Goals permission to view"),
        ("goal-viewer", "goal_grid.set_targets", "needs the Goals permission to edit"),
        ("gone", "records.count", "gone is deactivated and cannot use the workspace"),
        ("stranger", "records.count", "There is no user 'stranger' in this store"),
    ):
        with pytest.raises(Refused, match=missing):
            enter(login).run(replace(OPERATIONS[name], function=who_is_it))


def asked(company, other, contact, team):
    """What can be done with records, as (operation, arguments, who may)."""
    marked = Selection.of("companies", company)
    of_workspace = [
        (records.count, ("companies",)),
        (records.page, ("companies",)),
        (records.listing, ("companies",)),
        (records.show, ("companies", str(company))),
        (records.history, ("companies", str(company))),
        (records.ids_of, ("companies", [str(company)])),
        (record_page.record, ("companies", company)),
        (record_page.related, ("companies", company)),
        (record_page.changes, ("companies", company)),
        (record_page.page, ("companies", company)),
        (record_page.timeline, ("companies", company)),
        (records.add, ("companies", {"name": "New"})),
        (records.change, ("companies", str(company), {"employees": "3"})),
        (records.change_many, ("companies", [str(company)], {"employees": "4"})),
        (record_edit.editable, ("companies", company, "employees")),
        (record_edit.change, ("companies", company, {"employees": "6"}, {"employees": 4})),
        (links.links, ("companies", company)),
        (links.link, ("companies", company, "contacts.companies", [contact])),
        (links.make_primary, ("contacts", contact, "companies", company)),
        (links.unlink, ("companies", company, "contacts.companies", [contact])),
        (properties.listing, ("companies",)),
        (views.listing, ("companies",)),
        (search.find, ("Acme",)),
        (search.find, ("Acme", 8, ["companies"])),
        (bulk.preview, (marked, {"employees": "5"})),
        (bulk.change, (marked, {"employees": "5"})),
        (duplicates.possible, ("companies", {"name": "Acme"})),
        (exports.records, ("companies", "", ("name",), "", lambda _: None)),
        (exports.selected, (marked, ("name",), "", lambda _: None)),
        (follows.followers, ("companies", company)),
        (merge.two, ("companies", str(company), str(other))),
        (merge.preview, ("companies", company, other)),
        (merge.merge, ("companies", company, other)),
        (bulk.delete, (marked,)),
        (record_page.gone, ("companies", company)),
        (the_bin.listing, ("companies",)),
        (the_bin.count, ("companies",)),
        (the_bin.restore, ("companies", [company])),
        (records.delete, ("companies", [str(company)])),
        (undo.undo, ()),
    ]
    of_seated = [
        (follows.follow, (marked,)),
        (follows.toggle, (marked,)),
        (follows.unfollow, (Selection.of("companies", company),)),
        (log.log, ("notes", {"body": "Hello"}, ("companies", company))),
        (views.create, ("companies", "Mine", Shape(query=""))),
        (health.explain, ("companies", company)),
    ]
    of_everybody = [
        (records.count, ("users",)),
        (records.page, ("teams",)),
        (records.show, ("users", "ada")),
        (records.history, ("teams", str(team))),
        (record_page.related, ("teams", team)),
        (record_edit.editable, ("teams", team, "name")),
        (properties.listing, ("users",)),
        (properties.listing, ()),
        (the_bin.listing, ()),
        (panels.layout, ("companies",)),
        (panels.relatable_to, ("companies",)),
    ]
    of_settings = [
        (properties.add, ("companies", "Tier")),
        (panels.set_layout, ("companies",)),
    ]
    of_admins = [
        (records.add, ("teams", {"name": "Nordics"})),
        (records.change, ("users", "nobody", {"super_admin": "yes"})),
        (records.change_many, ("users", ["nobody"], {"goals_view": "everyone"})),
        (record_edit.change, ("teams", team, {"name": "North 2"}, {})),
        (bulk.change, (Selection.of("users", 1), {"super_admin": "yes"})),
        (the_bin.listing, ("users",)),
        (bulk.delete, (Selection.of("teams", team),)),
        (the_bin.restore, ("teams", [team])),
        (records.delete, ("teams", [str(team)])),
    ]
    for operations, who in (
        (of_seated, WORKSPACE - {None}),
        (of_workspace, WORKSPACE),
        (of_everybody, EVERYBODY),
        (of_settings, SETTINGS),
        (of_admins, ADMINS),
    ):
        yield from ((operation, arguments, who) for operation, arguments in operations)


def test_per_1_records_are_for_workspace_users_and_people_for_super_admins(enter):
    ada = enter("ada")
    company, other = (ada.run(records.add, "companies", {"name": name}) for name in ("Acme", "Other"))
    contact = ada.run(records.add, "contacts", {"email": "c@x.io"})
    team = ada.run(records.add, "teams", {"name": "North"})
    every = list(asked(company, other, contact, team))
    for operation, arguments, who in every:
        if operation is not undo.undo:  # it asks for the right that was needed for what is taken back
            for login in sorted(EVERYBODY - who, key=str):
                with pytest.raises(Refused, match="needs"):
                    enter(login).run(operation, *arguments)
    assert ada.run(records.history, "companies", str(company))[0].kind == "created", "nothing was done so far"
    for operation, arguments, who in every:
        login = next(each for each in ("csm", "manager", "bare") if each in who)
        enter(login).run(operation, *arguments)
    enter("ada").run(records.change, "users", "csm", {"workspace": "no"})
    with pytest.raises(Refused, match="may not"):
        enter("csm").run(undo.undo)
    with pytest.raises(Refused, match="may not"):
        enter("csm").run(undo.redo)


def test_per_1_who_may_no_longer_see_records_reads_no_notices_of_them(enter):
    company = enter("ada").run(records.add, "companies", {"name": "Acme"})
    enter("csm").run(follows.follow, Selection.of("companies", company))
    enter("ada").run(records.change, "companies", "Acme", {"employees": "3"})
    enter(None).run(notices.write)
    assert enter("csm").run(notices.mailbox).unread == len(enter("csm").run(notices.listing)) == 1
    enter("ada").run(records.change, "users", "csm", {"workspace": "no"})
    assert (enter("csm").run(notices.mailbox).unread, enter("csm").run(notices.listing)) == (0, [])


def test_s11_a_right_that_is_taken_away_is_gone_at_the_next_action(enter):
    csm = enter("csm")
    company = str(csm.run(records.add, "companies", {"name": "Acme"}))
    enter("ada").run(records.change, "users", "csm", {"workspace": "no"})
    with pytest.raises(Refused, match="Customer Success Workspace permission"):
        csm.run(records.change, "companies", company, {"employees": "3"})
    enter("ada").run(records.change, "users", "csm", {"workspace": "yes"})
    assert csm.run(records.count, "companies") == 1
    enter("ada").run(records.change, "users", "csm", {"active": "no"})
    with pytest.raises(Refused, match="deactivated"):
        csm.run(records.count, "companies")


def test_s9_a_refused_write_leaves_no_trace(enter):
    before = enter("ada").run(records.count, "users"), len(enter("ada").run(undo.entries))
    with pytest.raises(Refused):
        enter("csm").run(records.add, "users", {"login": "evil", "super_admin": "yes"})
    assert (enter("ada").run(records.count, "users"), len(enter("ada").run(undo.entries))) == before
    assert enter("csm").run(undo.entries) == []
