"""Saved lists: private ones, those for everyone, and the defaults among them (CUS-1 to CUS-8, LST-2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from cs_workspace.domain import views as rules
from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.query.binding import bind, canonical
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.views import BUILT_IN, LAYOUTS, Shape, View
from cs_workspace.store import lists
from cs_workspace.store import views as store
from cs_workspace.workspace import records
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.names import query_context


@reads(Permission.SESSION)
def listing(tx: Tx, object: str) -> list[View]:
    """The views of an object that the acting user sees: defaults, private ones, the others for everyone."""
    kind = records.kind_of(tx, object)
    records.check_may(tx, kind, write=False)
    return _seen(tx, kind)


@reads(Permission.SESSION)
def count(tx: Tx, view: int) -> int:
    """How many records a view shows now. Raises Invalid where its query means nothing any more."""
    found = _one(tx, view)
    kind = tx.schema[found.object]
    return lists.count(tx.connection, tx.compiler(kind), records.bound_query(tx, kind, found.query).where)


@reads(Permission.SESSION)
def find(tx: Tx, object: str, name: str) -> View:
    """The view of this name. Raises NotFound with the nearest."""
    views = listing(tx, object)
    found = rules.find(views, name)
    if found is None:
        raise NotFound(f"{object} has no view {name!r}.", nearest(name, [each.name for each in views]))
    return found


@writes(Permission.WORKSPACE, "create a view")
def create(
    tx: Tx, object: str, name: str, shape: Shape, *, shared: bool = False, description: str | None = None
) -> View:
    """Save a list as a view (CUS-4); with a description as a default view. Raises Invalid, Refused."""
    kind = records.kind_of(tx, object)
    records.check_may(tx, kind, write=False)
    name = rules.checked_name(name)
    _refuse(tx, rules.making_refusal(tx.actor, shared=shared), "make a view for everyone")
    views = _seen(tx, kind)
    rules.check_free(name, views)
    row = {
        "object": kind.code,
        "name": name,
        **_checked(tx, kind, shape),
        "owner": tx.actor.id,
        "shared": shared,
        "position": max((each.position for each in views), default=0) + 1,
    }
    if description is not None:
        row |= _as_default(tx, store.view_of(object, {**_BLANK, **row}), views, description)
    tx.describe(f"create the view {name}")
    (id_,) = tx.journal.create("views", [row])
    return _one(tx, id_)


@writes(Permission.WORKSPACE, "edit a view")
def edit(tx: Tx, view: int, *, name: str | None = None, shared: bool | None = None, shape: Shape | None = None) -> View:
    """Change a view's name, sharing, or what it shows (CUS-6); what is not given stays. Raises Invalid, Refused."""
    found = _one(tx, view)
    rules.check_editable(found)
    _refuse(tx, rules.change_refusal(tx.actor, found), f"edit the view {found.name}")
    kind = tx.schema[found.object]
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = rules.checked_name(name)
        rules.check_free(values["name"], [each for each in _seen(tx, kind) if each.id != view])
    if shared is not None and shared is not found.shared:
        _refuse(tx, rules.managing_refusal(tx.actor), f"change who sees the view {found.name}")
        values["shared"] = shared
        if not shared:
            values["default_position"] = None
    if shape is not None:
        values |= _checked(tx, kind, shape)
    tx.describe(f"edit the view {found.name}")
    tx.journal.update("views", {view: values})
    return store.view_of(found.object, tx.journal.rows("views", [view])[view])


@writes(Permission.WORKSPACE, "delete a view")
def delete(tx: Tx, view: int) -> View:
    """Put a view into the bin (CUS-7, CUS-8). Raises Refused."""
    found = _one(tx, view)
    _refuse(tx, rules.change_refusal(tx.actor, found), f"delete the view {found.name}")
    tx.describe(f"delete the view {found.name}")
    tx.journal.delete("views", [view])
    return found


@writes(Permission.WORKSPACE, "set a default view")
def set_default(tx: Tx, view: int, description: str) -> View:
    """Highlight a view on the Summary (CUS-5), or describe a default one anew. Raises Invalid, Refused."""
    found = _one(tx, view)
    values = _as_default(tx, found, _seen(tx, tx.schema[found.object]), description)
    tx.describe(f"make the view {found.name} a default")
    tx.journal.update("views", {view: values})
    return _one(tx, view)


@writes(Permission.WORKSPACE, "remove a default view")
def remove_default(tx: Tx, view: int) -> View:
    """Highlight a view on the Summary no longer; the view stays. Raises Refused."""
    found = _one(tx, view)
    _refuse(tx, rules.managing_refusal(tx.actor), f"remove the view {found.name} from the defaults")
    tx.describe(f"remove the view {found.name} from the defaults")
    tx.journal.update("views", {view: {"default_position": None}})
    return _one(tx, view)


@writes(Permission.WORKSPACE, "move a view")
def move(tx: Tx, view: int, step: int) -> bool:
    """Move a view up or down among its like: defaults, private ones, the others; whether it moved. Raises Refused."""
    found = _one(tx, view)
    _refuse(tx, rules.change_refusal(tx.actor, found), f"move the view {found.name}")
    group = [each for each in _seen(tx, tx.schema[found.object]) if each.group == found.group]
    before = next(i for i, each in enumerate(group) if each.id == view)
    after = max(0, min(before + step, len(group) - 1))
    group.insert(after, group.pop(before))
    tx.describe(f"move the view {found.name}")
    _number(tx, group)
    return before != after


@writes(Permission.WORKSPACE, "restore built-in views")
def restore_builtin(tx: Tx, object: str) -> list[View]:
    """Bring the built-in views of an object back (CUS-8): those that were missing. Raises Invalid, Refused."""
    kind = records.kind_of(tx, object)
    _refuse(tx, rules.managing_refusal(tx.actor), "restore built-in views")
    if not rules.has_built_in(kind):
        raise Invalid(object, "has no built-in views")
    there = store.built_in(tx.connection, kind.code)
    missing = [key for key in BUILT_IN if key not in there or there[key][1]]
    views = _seen(tx, kind)
    for key in missing:
        rules.check_free(BUILT_IN[key].name, views)
    ids = tx.journal.restore("views", [there[key][0] for key in missing if key in there])
    new = [store.built_in_row(kind.code, key) for key in missing if key not in there]
    ids |= set(tx.journal.create("views", new)) if new else set()
    # Those that are defaults stay it; of the restored ones as many become defaults again as there is room for.
    room = rules.MOST_DEFAULTS - sum(each.is_default for each in views)
    after = _seen(tx, kind)
    late = [each.id for each in after if each.id in ids and each.is_default][max(room, 0) :]
    tx.journal.update("views", {id_: {"default_position": None} for id_ in late})
    _number(tx, [each for each in after if each.is_default and each.id not in late])
    return [each for each in _seen(tx, kind) if each.id in ids]


# --- What undo asks


def check_undo(tx: Tx, touched: Collection[int], opened: Collection[int]) -> None:
    """Raise Refused where the acting user may not change these views; `opened` had their sharing changed (PER-6)."""
    for id_, row in tx.journal.rows("views", touched).items():
        view = store.view_of("", row)
        reason = rules.managing_refusal(tx.actor) if id_ in opened else rules.change_refusal(tx.actor, view)
        _refuse(tx, reason, f"take back a change of the view {view.name}")


def check_undone(tx: Tx, touched: Collection[int]) -> None:
    """Raise Invalid where taking back has left views as they cannot be: two of a name, too many defaults."""
    living = [row for row in tx.journal.rows("views", touched).values() if row["deleted_at"] is None]
    for row in living:
        kind = tx.schema.by_code(row["object"])
        view, views = store.view_of(kind.name, row), _seen(tx, kind)
        rules.check_free(view.name, [each for each in views if each.id != view.id])
        if view.is_default:
            rules.check_default(view, views)


# --- How


_BLANK: dict[str, Any] = {"id": 0, "description": None, "default_position": None, "builtin": None}


def _seen(tx: Tx, kind: ObjectType) -> list[View]:
    views = store.load(tx.connection, kind.code, kind.name, tx.actor.id)
    return sorted(views, key=lambda each: each.place)


def _one(tx: Tx, view: int) -> View:
    row = store.load_one(tx.connection, view)
    if row is not None:
        kind = tx.schema.by_code(row["object"])
        found = store.view_of(kind.name, row)
        if rules.is_seen(tx.actor, found):
            records.check_may(tx, kind, write=False)
            return found
    raise NotFound(f"There is no view {view}.", "It may have been deleted meanwhile.")


def _checked(tx: Tx, kind: ObjectType, shape: Shape) -> dict[str, Any]:
    """What a view keeps of its shape: canonical text, names of properties. Raises Invalid."""
    columns = tuple(dict.fromkeys(shape.columns))
    for name in columns:
        if name != "id":
            records.property_of(kind, name)
    for each in shape.sort:
        records.order_of(kind, each)
    if shape.layout not in LAYOUTS:
        raise Invalid("layout", f"{shape.layout!r} is not one of {', '.join(LAYOUTS)}")
    if shape.group_by is not None:
        records.property_of(kind, shape.group_by)
    return {
        "query": canonical(bind(parse(shape.query), kind, query_context(tx))),
        "columns": list(columns) or None,
        "sort": list(shape.sort) or None,
        "layout": shape.layout,
        "group_by": shape.group_by,
    }


def _as_default(tx: Tx, view: View, views: Sequence[View], description: str) -> dict[str, Any]:
    _refuse(tx, rules.managing_refusal(tx.actor), f"make the view {view.name} a default")
    rules.check_default(view, views)
    last = max((each.default_position or 0 for each in views), default=0)
    place = view.default_position if view.default_position is not None else last + 1
    return {"description": rules.checked_description(description), "default_position": place}


def _number(tx: Tx, views: Sequence[View]) -> None:
    """Give views of one group their places in this order."""
    place = "default_position" if views and views[0].is_default else "position"
    tx.journal.update("views", {each.id: {place: number} for number, each in enumerate(views, 1)})


def _refuse(tx: Tx, reason: str | None, deed: str) -> None:
    if reason is not None:
        raise Refused(f"{tx.actor.name} may not {deed}: it {reason}.", "Ask a super admin.")
