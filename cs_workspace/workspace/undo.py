"""The acting user's undo list (UND-2, UND-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_workspace.domain.errors import NotFound, Refused
from cs_workspace.domain.permissions import Permission, management_refusal, refusal
from cs_workspace.store import goals as goal_store
from cs_workspace.store import lookups
from cs_workspace.store import undo as undo_store
from cs_workspace.store.journal import Entry, Kind
from cs_workspace.store.undo import EntryRow, Left
from cs_workspace.workspace import views
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.goals import refuse, scope_refusal
from cs_workspace.workspace.records import check_may

_RIGHTS = {
    "goals": Permission.GOALS_EDIT,
    "contributors": Permission.GOALS_EDIT,
    "slices": Permission.GOALS_EDIT,
    "ssh_keys": Permission.PEOPLE,
    "follows": Permission.WORKSPACE,
    **dict.fromkeys(("account", "pipelines", "stages", "properties", "objects", "panels"), Permission.SETTINGS),
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and what was left alone because it was changed or is needed since."""

    label: str
    changed: int
    left: tuple[Left, ...]
    names: tuple[str, ...] = ()  # what was left alone, in words (UND-3)


@reads(Permission.SESSION)
def entries(tx: Tx, limit: int = 50, before: int | None = None) -> list[EntryRow]:
    """The actor's own entries, newest first; older ones than the entry `before`."""
    return undo_store.undo_list(tx.connection, tx.actor.id, limit, before)


@writes(Permission.SESSION, "undo")
def undo(tx: Tx, entry: int | None = None) -> Undone:
    """Take back the actor's newest entry, or the one picked. Raises NotFound when there is none."""
    if entry is None:
        found = undo_store.next_undo(tx.connection, tx.actor.id)
    else:
        found = undo_store.one_entry(tx.connection, tx.actor.id, entry)
        if found is not None and found.undone:
            raise NotFound(f"Entry {entry} is undone already.")
    if found is None:
        raise NotFound("There is nothing to undo.")
    return _take_back(tx, found, f"undo: {found.label}")


@writes(Permission.SESSION, "redo")
def redo(tx: Tx, entry: int | None = None) -> Undone:
    """Do again what was undone last, or the entry picked. Raises NotFound when there is nothing."""
    if entry is None:
        found = undo_store.next_redo(tx.connection, tx.actor.id)
    else:
        found = undo_store.taking_back_of(tx.connection, tx.actor.id, entry)
        if found is None:
            raise NotFound(f"Entry {entry} is not undone.")
    if found is None:
        raise NotFound("There is nothing to redo.")
    return _take_back(tx, found, f"redo: {found.label.removeprefix('undo: ')}")


def _check_may(tx: Tx, names: set[str]) -> None:
    """Taking back is changing: it asks for the right that the action asked for, as it stands today."""
    kinds = [tx.schema[name] for name in names if name in tx.schema.objects]
    for kind in kinds:
        check_may(tx, kind, write=True)
    needed = {permission for name, permission in _RIGHTS.items() if name in names}
    if kinds:
        needed.discard(Permission.SETTINGS)  # an import makes pipelines and properties along with its records
    for permission in sorted(needed):
        reason = refusal(tx.actor, permission)
        if reason is not None:
            raise Refused(f"{tx.actor.name} may not take this back: it {reason}.", "Ask a super admin.")


def _check_goal_rows(tx: Tx, entry: int) -> None:
    """Rows of goals ask for their scope, as editing them does (PER-7, PER-9, PER-10); not those of a goal just made."""
    touched = {name: undo_store.records_of(tx.journal, entry, name) for name in ("goals", "contributors", "slices")}
    made = undo_store.records_of(tx.journal, entry, "goals", Kind.CREATED)
    slices = tx.journal.rows("slices", touched["slices"]).values()
    ids = touched["contributors"] | {each["contributor"] for each in slices}
    ids |= goal_store.load_contributors(tx.connection, touched["goals"] - made).keys()
    rows = [row for row in tx.journal.rows("contributors", ids).values() if row["goal"] not in made]
    goals = tx.journal.rows("goals", {row["goal"] for row in rows})
    for goal in goals.values():
        refuse(management_refusal(tx.actor, goal["template"]), tx, f"take back a change of {goal['name']}")
    for row in rows:
        goal = goals[row["goal"]]
        reason = scope_refusal(tx, "edit", goal["creator"], row["user"], row["team"])
        refuse(reason, tx, f"take back a change of this row of {goal['name']}")


def _take_back(tx: Tx, found: EntryRow, label: str) -> Undone:
    names = undo_store.objects_of(tx.journal, found.id)
    _check_may(tx, names)
    if names & {"goals", "contributors", "slices"}:
        _check_goal_rows(tx, found.id)
    seen = undo_store.records_of(tx.journal, found.id, "views") if "views" in names else set()
    if seen:
        views.check_undo(tx, seen, undo_store.records_with(tx.journal, found.id, "views", "shared"))
    old = tx.journal.entry
    tx.journal.entry = Entry(old.at, old.user, old.source, label, undoes=found.id)
    tx.journal.begin()  # also when nothing could be given back: the entry is dealt with
    left = undo_store.take_back(tx.journal, found.id, tx.actor.id or None)
    views.check_undone(tx, seen)
    tx.reload()
    records = {each for each in tx.journal.touched if each[0] != "follows"}  # who follows them is no record of its own
    return Undone(found.label, len(records or tx.journal.touched), tuple(left), _in_words(tx, left))


def _in_words(tx: Tx, left: Sequence[Left]) -> tuple[str, ...]:
    """`target of Dana Kim in Tickets closed, 2026-11`, `name of Acme`: each thing that was left alone, once."""
    rows = {
        name: tx.journal.rows(name, {each.record for each in left if each.object == name})
        for name in {each.object for each in left}
    }
    slices = rows.get("slices", {})
    contributors = tx.journal.rows("contributors", {each["contributor"] for each in slices.values()})
    goals = tx.journal.rows("goals", {each["goal"] for each in contributors.values()})
    followed = _titles_of_followed(tx, rows.get("follows", {}).values())

    def name(each: Left) -> str:
        row = rows[each.object].get(each.record, {})
        if each.object == "slices" and row:
            whose = contributors[row["contributor"]]
            person, team = tx.directory.people.get(whose["user"]), tx.directory.teams.get(whose["team"])
            who = person.name if person else team.name if team else f"#{whose['id']}"
            return f"{who} in {goals[whose['goal']]['name']}, {row['label']}"
        if each.object == "follows":
            if not row:
                return "who follows a record that is gone for good"
            person = tx.directory.people.get(row["user"])
            what = followed.get((row["object"], row["record"])) or f"#{row['record']}"
            return f"{what}, which {person.name if person else 'somebody'} follows"
        kind = tx.schema.objects.get(each.object)
        if kind and not row:
            return f"{kind.label.lower()} {each.record}, which is gone for good"
        title = row.get(kind.title) if kind else row.get("name") or row.get("label")
        return str(title or f"{each.object} {each.record}")

    return tuple(dict.fromkeys(f"{each.property} of {name(each)}" if each.property else name(each) for each in left))


def _titles_of_followed(tx: Tx, follows: Iterable[Mapping[str, Any]]) -> dict[tuple[int, int], str]:
    """What the followed records are called, by the code of their object and their id."""
    ids: dict[int, set[int]] = {}
    for row in follows:
        ids.setdefault(row["object"], set()).add(row["record"])
    return {
        (code, record): title
        for code, wanted in ids.items()
        for record, title in lookups.titles(tx.connection, tx.schema.by_code(code), wanted).items()
    }
