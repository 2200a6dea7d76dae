"""One action on many records: one entry of the undo list; what the rules refuse does not hold the others up (ACT-7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.selection import Selection
from cs_workspace.store import lookups
from cs_workspace.store.journal import batches
from cs_workspace.workspace import changing
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.records import PEOPLE, check_may, checked_names, kind_of
from cs_workspace.workspace.selections import resolve

BATCH = 1_000  # records in memory at a time
Progress = Callable[[int, int], object]  # so many of so many; raising gives the whole up


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that stays as it is, and why."""

    id: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the records."""

    total: int
    changed: int
    unchanged: int
    refused: tuple[Refusal, ...] = ()


@writes(Permission.SESSION, "edit records")
def change(tx: Tx, selection: Selection, texts: Mapping[str, str], progress: Progress | None = None) -> Outcome:
    """Give records the same new values, written as text. Raises Invalid, Refused, NotFound."""
    kind, ids = _meant(tx, selection, texts)
    what = f"{len(ids):,} {kind.plural.lower()}" if len(ids) > 1 else f"{kind.label.lower()} {_title(tx, kind, ids[0])}"
    tx.describe(f"set {_and([kind.properties[name].label.lower() for name in texts])} of {what}")
    changed = 0

    def write(planned: changing.Plan) -> None:
        nonlocal changed
        changed += len(changing.carry_out(tx, kind, planned))

    refused = _each_batch(tx, kind, ids, texts, write, progress)
    _no_such_value(ids, refused)
    return _outcome(tx, kind, len(ids), changed, refused)


@reads(Permission.SESSION)
def preview(tx: Tx, selection: Selection, texts: Mapping[str, str]) -> Outcome:
    """What `change` would do now. Raises Invalid, Refused, NotFound."""
    kind, ids = _meant(tx, selection, texts)
    would = 0

    def note(planned: changing.Plan) -> None:
        nonlocal would
        would += len(planned.values)

    refused = _each_batch(tx, kind, ids, texts, note)
    _no_such_value(ids, refused)
    return _outcome(tx, kind, len(ids), would, refused)


@writes(Permission.SESSION, "delete records")
def delete(tx: Tx, selection: Selection) -> Outcome:
    """Put records into the bin (UND-4). Raises Invalid, Refused, NotFound."""
    kind = kind_of(tx, selection.object)
    check_may(tx, kind, write=True)
    if kind.name == "users":
        raise Invalid("users", "cannot be deleted", "Deactivate the user instead.")
    ids = resolve(tx, selection)
    what = f"{len(ids):,} {kind.plural.lower()}" if len(ids) > 1 else f"{kind.label.lower()} {_title(tx, kind, ids[0])}"
    tx.describe(f"delete {what}")
    done = tx.journal.delete(kind.name, ids)
    if kind.name in PEOPLE:
        tx.reload()
    return Outcome(len(ids), len(done), len(ids) - len(done))


def _meant(tx: Tx, selection: Selection, texts: Mapping[str, str]) -> tuple[ObjectType, list[int]]:
    kind = kind_of(tx, selection.object)
    check_may(tx, kind, write=True)
    if not texts:
        raise Invalid("values", "nothing is to be changed", "Name a property and its value.")
    checked_names(kind, list(texts))
    ids = resolve(tx, selection)
    for prop in kind.unique_keys:
        if len(ids) > 1 and texts.get(prop.name, "").strip():
            raise Invalid(prop.name, f"can belong to one of {len(ids):,} {kind.name} only")
    return kind, ids


def _no_such_value(ids: Sequence[int], refused: Mapping[int, Invalid]) -> None:
    """What all of them are refused for alike is wrong with the value, not with a record. Raises Invalid."""
    if len(refused) == len(ids) and len({str(error) for error in refused.values()}) == 1:
        raise refused[ids[0]]


def _each_batch(
    tx: Tx,
    kind: ObjectType,
    ids: Sequence[int],
    texts: Mapping[str, str],
    take: Callable[[changing.Plan], None],
    progress: Progress | None = None,
) -> dict[int, Invalid]:
    refused: dict[int, Invalid] = {}
    done = 0
    for batch in batches(ids, BATCH):
        planned = changing.plan(tx, kind, dict.fromkeys(batch, texts))
        refused |= planned.refused
        take(planned)
        done += len(batch)
        if progress is not None:
            progress(done, len(ids))
    return refused


def _outcome(tx: Tx, kind: ObjectType, total: int, changed: int, refused: Mapping[int, Invalid]) -> Outcome:
    titles = lookups.titles(tx.connection, kind, refused)
    named = [Refusal(i, titles[i], str(error)) for i, error in refused.items()]
    return Outcome(total, changed, total - changed - len(named), tuple(named))


def _title(tx: Tx, kind: ObjectType, record: int) -> str:
    return lookups.titles(tx.connection, kind, [record]).get(record) or f"#{record}"


def _and(words: Sequence[str]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]
