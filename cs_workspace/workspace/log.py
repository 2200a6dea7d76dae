"""Logging what was done with a customer: an activity or a task, with all that it is about (CUS-9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType, PropertyType
from cs_workspace.domain.times import meant, parse_time
from cs_workspace.store import lookups
from cs_workspace.workspace import changing
from cs_workspace.workspace.door import Tx, writes
from cs_workspace.workspace.records import check_may, checked_names, kind_of
from cs_workspace.workspace.references import References

KINDS = ("notes", "calls", "emails", "meetings", "tasks")
TOUCHED = ("companies", "contacts", "deals")  # what keeps when something was done with it last
TOMORROW = "tomorrow 9:00"  # when a task is due unless it is said
LONGEST = 100  # characters of a title made of the body


@writes(Permission.WORKSPACE, "log an activity")
def log(tx: Tx, kind: str, texts: Mapping[str, str], about: tuple[str, int]) -> int:
    """Note, call, e-mail, meeting or task about a record: its id. Raises Invalid, Refused, NotFound.

    It is also about the company of a contact, and about the company and the contacts of a deal or ticket. Times may be
    in words; without one it is now, or for a task tomorrow morning.
    """
    if kind not in KINDS:
        raise Invalid("kind", f"{kind!r} cannot be logged", f"Choose one of {', '.join(KINDS)}.")
    made, subject = kind_of(tx, kind), kind_of(tx, about[0])
    for each in (made, subject):
        check_may(tx, each, write=True)
    checked_names(made, list(texts))
    row = changing.tx_rows(tx, subject, [about[1]]).get(about[1])
    if row is None or about[1] not in lookups.living(tx.connection, subject, [about[1]]):
        raise NotFound(f"There is no {subject.label.lower()} {about[1]}.", "It may have been deleted.")
    linked = _linked(tx, made, subject, row)
    values = _values(tx, made, texts)
    values |= {name: ids for name, ids in linked.items() if name not in values}
    title = str(row.get("name") if subject.name == "contacts" else row.get(subject.title)) or f"#{row['id']}"
    article = "an" if made.label[0] in "EA" else "a"
    tx.describe(f"log {article} {made.label.lower()} with {title}" if kind != "tasks" else f"add a task for {title}")
    record = changing.make(tx, made, values)
    if kind != "tasks" and values["at"] <= tx.now:
        _touch(tx, linked, values["at"])
    return record


def _values(tx: Tx, kind: ObjectType, texts: Mapping[str, str]) -> dict[str, Any]:
    moments = {name: text for name, text in texts.items() if kind.properties[name].type is PropertyType.DATETIME}
    rest = {name: text for name, text in texts.items() if name not in moments}
    parsed = References(tx).parse(kind, rest, None)
    values = {name: value for name, value in parsed.items() if value not in (None, ())}
    bare, past = meant(kind.name)
    wrote = {name: text for name, text in moments.items() if text.strip()}
    values |= {name: parse_time(text, now=tx.now, tz=tx.tz, bare=bare, past=past) for name, text in wrote.items()}
    values.setdefault(kind.owner, tx.actor.id or None)
    if kind.name == "tasks":
        values.setdefault("due_at", parse_time(TOMORROW, now=tx.now, tz=tx.tz))
        return values
    values.setdefault("at", tx.now)
    if not values.get("title"):
        first = str(values.get("body") or "").strip().partition("\n")[0].strip()
        values["title"] = first[:LONGEST].strip() or kind.label
    if kind.name == "meetings" and values.get("duration") and not values.get("ends_at"):
        values["ends_at"] = values["at"] + values["duration"] * 1_000
    return values


def _linked(tx: Tx, made: ObjectType, subject: ObjectType, row: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """What the activity is about, by the property that says so: the record, and those it belongs to."""
    targets = {prop.target: prop.name for prop in made.associations}
    found: dict[str, tuple[int, ...]] = defaultdict(tuple)
    if subject.name in targets:
        found[targets[subject.name]] = (row["id"],)
    for prop in subject.associations:
        if prop.target in {"companies", "contacts"} and prop.target != subject.name:
            ids = row[prop.name][:1] if subject.name == "contacts" else row[prop.name]
            alive = lookups.living(tx.connection, tx.schema[prop.target], ids)
            found[targets[prop.target]] += tuple(each for each in ids if each in alive)
    found = {name: ids for name, ids in found.items() if ids}
    if not found:
        hint = "Give it a company first."
        raise Invalid(made.name, f"a {subject.label.lower()} without a company cannot have any", hint)
    return found


def _touch(tx: Tx, linked: Mapping[str, tuple[int, ...]], at: int) -> None:
    """Keep when something was done with each of them last."""
    for name in TOUCHED:
        rows = changing.tx_rows(tx, tx.schema[name], linked.get(name, ()))
        later = [i for i, row in rows.items() if row["last_activity_at"] is None or row["last_activity_at"] < at]
        if later:
            tx.journal.update(name, {i: {"last_activity_at": at} for i in later})
