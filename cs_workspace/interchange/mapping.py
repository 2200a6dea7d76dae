"""Which column of a file stands for which property (IMP-2).

What the user says comes first, then internal names, then labels, then what other programs call things. What nobody
knows is kept as a custom property of type text; a warehouse's own columns and calculated values are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from cs_workspace.domain.errors import Usage
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.query.folding import squash
from cs_workspace.domain.schema.custom import RESERVED, property_name
from cs_workspace.domain.schema.model import ObjectType, PropertyType
from cs_workspace.domain.text import printable
from cs_workspace.interchange.sources import AUTO, BOOKKEEPING, DELETED, SOURCES, Source, bare, recognised, tables
from cs_workspace.workspace.import_plan import ID, Column, NewProperty, Reading

LEFT_OUT = ("", "-")  # what --map gives a column nobody wants
REJECTED_COLUMNS = ("rejected_line", "rejected_reason")  # what a file of rejected rows has besides
_PARTS = {"first": "name", "last": "name"}  # of users: one property out of two columns


@dataclass(frozen=True, slots=True)
class Understanding:
    """How a file is understood."""

    source: str  # the program that was recognised, or ""
    columns: tuple[Column, ...]
    new_properties: tuple[NewProperty, ...]
    understood: dict[str, str | None]  # by header: the property, none where the column is left out
    left_out: dict[str, str]  # by header: why
    deleted_column: int | None = None


@dataclass(slots=True)
class _Draft:
    kind: ObjectType
    headers: Sequence[str]
    filled: Sequence[bool]
    taken: dict[str, list[int]] = field(default_factory=dict)  # property or part: columns
    placed: dict[int, str] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)

    def free(self, number: int) -> bool:
        return number not in self.placed and number not in self.left_out

    def take(self, number: int, name: str, reading: Reading = Reading.PLAIN) -> bool:
        """Let a column stand for a property nobody else stands for."""
        whole = _PARTS.get(name, name)
        if not self.free(number) or name in self.taken or (whole != name and whole in self.taken):
            return False
        if name in ("first_name", "last_name") and "full" in self.taken:
            return False
        if name == "full" and ("first_name" in self.taken or "last_name" in self.taken):
            return False
        if whole == name and any(part in self.taken for part, of in _PARTS.items() if of == name):
            return False
        self.taken[name] = [number]
        self.placed[number] = name
        self.readings[number] = Reading.PLAIN if reading is Reading.HOST and name != "domain" else reading
        return True


def understand(
    kind: ObjectType,
    headers: Sequence[str],
    *,
    asked: Mapping[str, str],
    filled: Sequence[bool] | None = None,
    source: str = AUTO,
) -> Understanding:
    """The mapping of a file's columns; `filled` says which hold anything at all. Raises Usage."""
    draft = _Draft(kind, headers, filled if filled is not None else [True] * len(headers))
    ours = ID in headers and _is_ours(kind, headers)
    program = (None if ours else recognised(headers)) if source == AUTO else SOURCES[source]
    _as_asked(draft, asked)
    _as_rejected(draft)
    deleted = _bookkeeping(draft)
    _by_name(draft, program)
    _by_source(draft, program)
    title = _title_columns(draft, program)
    new = _custom(draft)
    return Understanding(
        program.name if program else "",
        _columns(draft, title),
        tuple(new.values()),
        {
            header: new[number].name if number in new else _shown(draft.placed.get(number))
            for number, header in enumerate(headers)
        },
        {headers[number]: why for number, why in draft.left_out.items()},
        deleted,
    )


def _shown(name: str | None) -> str | None:
    return {"first": "name", "last": "name", "full": "name"}.get(name, name) if name is not None else None


def _as_asked(draft: _Draft, asked: Mapping[str, str]) -> None:
    by_name = {squash(header): number for number, header in enumerate(draft.headers)}
    exact = {header: number for number, header in enumerate(draft.headers)}
    for header, wanted in asked.items():
        number = exact.get(header, by_name.get(squash(header)))
        if number is None:
            raise Usage(f"--map: the file has no column {header!r}.", nearest(header, draft.headers))
        if wanted in LEFT_OUT:
            draft.left_out[number] = "as asked"
            continue
        name = _property_named(draft.kind, wanted)
        if name is None:
            names = [p.name for p in draft.kind.properties.values() if not p.computed]
            raise Usage(f"--map: {draft.kind.plural.lower()} have no property {wanted!r}.", nearest(wanted, names))
        if not draft.take(number, name):
            raise Usage(f"--map: two columns cannot both be {name}.")


def _property_named(kind: ObjectType, wanted: str) -> str | None:
    if wanted == ID:
        return ID
    for prop in kind.properties.values():
        if wanted == prop.name and prop.computed:
            raise Usage(f"--map: {prop.name} is calculated and cannot be set.")
    for prop in kind.properties.values():
        if not prop.computed and squash(wanted) in (squash(prop.name), squash(prop.label)):
            return prop.name
    return None


def _as_rejected(draft: _Draft) -> None:
    """A file of rejected rows, put right, comes back with the two columns it was given."""
    if tuple(draft.headers[-2:]) == REJECTED_COLUMNS:
        for number in (len(draft.headers) - 2, len(draft.headers) - 1):
            if draft.free(number):
                draft.left_out[number] = "of the rejected rows"


def _bookkeeping(draft: _Draft) -> int | None:
    deleted: int | None = None
    for number, header in enumerate(draft.headers):
        if not draft.free(number):
            continue
        if squash(header) in DELETED:
            deleted = number if deleted is None else deleted
            draft.left_out[number] = "says which rows are deleted in the source"
        elif header.lower().startswith(BOOKKEEPING):
            draft.left_out[number] = "a warehouse's own"
    return deleted


def _by_name(draft: _Draft, program: Source | None) -> None:
    """Internal names as they are, then however they are written, then labels; with and without a warehouse's prefix."""
    kind = draft.kind
    settable = [p for p in kind.properties.values() if not p.computed]
    computed = {p.name for p in kind.properties.values() if p.computed}
    if program is None and ID in draft.headers and _is_ours(kind, draft.headers):
        draft.take(draft.headers.index(ID), ID)
    spellings: Sequence[tuple[Callable[[str], str], Mapping[str, str]]] = (
        (str, {p.name: p.name for p in settable}),
        (squash, {squash(p.name): p.name for p in settable}),
        (squash, {squash(p.label): p.name for p in settable}),
        (lambda header: squash(bare(header)), {squash(p.name): p.name for p in settable}),
    )
    meant_otherwise = program.headers.get(kind.name, {}) if program else {}
    for spelled, names in spellings:
        for number, header in enumerate(draft.headers):
            found = names.get(spelled(header))
            if found is None or (program is not None and _is_said_better(draft, program, number, found)):
                continue
            if meant_otherwise.get(squash(bare(header)), found) == found:
                draft.take(number, found, _reading(program, header))
    for number, header in enumerate(draft.headers):
        if (
            draft.free(number)
            and header.lower() in computed
            and not (kind.name == "contacts" and squash(header) == "name")
        ):
            draft.left_out[number] = "calculated"
    if kind.name == "contacts":
        _full_name(draft)


def _is_said_better(draft: _Draft, program: Source, number: int, name: str) -> bool:
    """Whether a header that is free text in this program names a property another column holds there."""
    if squash(bare(draft.headers[number])) not in program.own:
        return False
    table = program.headers.get(draft.kind.name, {})
    return any(table.get(squash(bare(h))) == name for n, h in enumerate(draft.headers) if n != number)


def _full_name(draft: _Draft) -> None:
    """A contact's name in one column is read where there are no columns for its parts."""
    parts = {"firstname", "lastname", "givenname", "surname", "familyname"}
    whole = [n for n, header in enumerate(draft.headers) if squash(header) == "name" and draft.free(n)]
    if any(squash(bare(header)) in parts for header in draft.headers):
        draft.left_out.update((n, "calculated") for n in whole)
    for number in whole:
        draft.take(number, "full")


def _is_ours(kind: ObjectType, headers: Sequence[str]) -> bool:
    """Whether every column has an internal name, as our own exports have: then `id` is ours too."""
    return all(header == ID or header in kind.properties for header in headers)


def _by_source(draft: _Draft, program: Source | None) -> None:
    for source in tables(program):
        names = source.headers.get(draft.kind.name, {})
        if program is not None and source is not program:
            names = {header: name for header, name in names.items() if header not in program.own}
        ranked = sorted(
            ((list(names).index(squashed), number) for number, squashed in _squashed(draft) if squashed in names),
        )
        for _, number in ranked:
            header = draft.headers[number]
            if squash(header) == ID and ID in draft.taken:
                continue
            draft.take(number, names[squash(bare(header))], _reading(source, header))
        if source is program:
            for number, squashed in _squashed(draft):
                if squashed in source.computed and draft.free(number):
                    draft.left_out[number] = "calculated"


def _squashed(draft: _Draft) -> list[tuple[int, str]]:
    return [(number, squash(bare(header))) for number, header in enumerate(draft.headers) if draft.free(number)]


def _reading(source: Source | None, header: str) -> Reading:
    for each in tables(source):
        transform = each.transforms.get(squash(bare(header)))
        if transform is not None:
            return Reading(transform)
    return Reading.PLAIN


def _title_columns(draft: _Draft, program: Source | None) -> tuple[int, ...]:
    """The columns a record's name is put together from where no column holds it."""
    kind = draft.kind
    if kind.name == "targets" or kind.title in draft.taken or not kind.properties[kind.title].required:
        return ()
    by_name = {squash(bare(header)): number for number, header in enumerate(draft.headers)}
    for source in tables(program):
        names = source.titles.get(kind.name, ())
        if names and all(name in by_name for name in names):
            return tuple(by_name[name] for name in names)
    return ()


def _custom(draft: _Draft) -> dict[int, NewProperty]:
    """Custom properties for columns nobody knows; those that are there already are taken by `_by_name`."""
    new: dict[int, NewProperty] = {}
    used = {*draft.kind.properties, *RESERVED}
    for number, header in enumerate(draft.headers):
        if not draft.free(number):
            continue
        if draft.kind.name == "targets":
            draft.left_out[number] = "targets have no such property"
        elif not draft.filled[number]:
            draft.left_out[number] = "empty"
        elif (made := _made_before(draft, header)) is not None:
            draft.take(number, made)
        else:
            name = property_name(bare(header), used)
            used.add(name)
            label = printable(bare(header), 100)
            new[number] = NewProperty(name, label)
            draft.placed[number] = name
            draft.taken[name] = [number]
    return new


def _made_before(draft: _Draft, header: str) -> str | None:
    """The custom property an earlier import made for such a column."""
    for prop in draft.kind.properties.values():
        if prop.custom and prop.name not in draft.taken and squash(prop.label) == squash(bare(header)):
            return prop.name
    return None


def _columns(draft: _Draft, title: tuple[int, ...]) -> tuple[Column, ...]:
    columns: list[Column] = []
    for name, numbers in draft.taken.items():
        number = numbers[0]
        match name:
            case "first":
                both = (number, *draft.taken.get("last", ()))
                columns.append(Column("name", both, Reading.JOINED))
            case "last":
                if "first" not in draft.taken:
                    columns.append(Column("name", (number,), Reading.JOINED))
            case "full":
                columns.append(Column("first_name", (number,), Reading.FIRST_WORDS))
                columns.append(Column("last_name", (number,), Reading.LAST_WORD))
            case _:
                columns.append(Column(name, (number,), draft.readings.get(number, Reading.PLAIN)))
    if title:
        columns.append(Column(draft.kind.title, title, Reading.DASHED))
    return tuple(columns)


def missing(kind: ObjectType, columns: Collection[Column]) -> tuple[str, ...]:
    """Labels of what a new record needs and no column gives; empty where the file can only change what is there."""
    given = {column.property for column in columns}
    keys = {ID, "external_id", *(key.name for key in kind.unique_keys)}
    followed = {  # given by something else
        "login": {"email", "name"},
        "name": {"login", "email"} if kind.name == "users" else set(),
        "at": {"starts_at"} if kind.name == "meetings" else set(),
    }
    required = [
        prop.label
        for prop in kind.properties.values()
        if prop.required
        and prop.type not in {PropertyType.PIPELINE, PropertyType.STAGE}
        and prop.name not in given
        and not followed.get(prop.name, set()) & given
    ]
    others = {name for name in given - keys if name in kind.properties and not kind.properties[name].custom}
    return () if given & keys and others else tuple(required)
