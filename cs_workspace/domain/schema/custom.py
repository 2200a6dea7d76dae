"""What custom properties may be: their types, their names, and the names of an enumeration's options."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.folding import fold, squash
from cs_workspace.domain.schema.model import Option, PropertyType

T = PropertyType
# Pipelines, stages and associations are kept elsewhere than in a record's custom values.
TYPES = tuple(each for each in T if each not in {T.PIPELINE, T.STAGE, T.ASSOCIATION})

# Names a custom property may not have: columns every record has, and those of a file of rejected rows.
RESERVED = frozenset(
    {"id", "object", "custom", "search_text", "deleted_at", "rejected_line", "rejected_reason", "me", "none", "any"}
)
LONGEST_NAME = 60
LONGEST_LABEL = 100
_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")


def property_name(header: str, used: Collection[str]) -> str:
    """An internal name for a header that nobody has yet."""
    name = re.sub(r"[^a-z0-9]+", "_", fold(header)).strip("_")[:LONGEST_NAME].rstrip("_")
    if not name or not name[0].isalpha():
        name = f"p_{name}".rstrip("_")
    if name not in used:
        return name
    return next(each for n in range(2, len(used) + 3) if (each := f"{name}_{n}") not in used)


def check_name(name: str) -> None:
    """Raise Invalid for what is no internal name."""
    if not _NAME.fullmatch(name) or name in RESERVED:
        hint = f"Use small letters, digits and _, a letter first, at most {LONGEST_NAME}."
        raise Invalid("name", f"{name!r} cannot be the name of a property", hint)


def check_label(field: str, label: str) -> str:
    """A label without blanks around it. Raises Invalid."""
    label = label.strip()
    if not label:
        raise Invalid(field, "is empty")
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise Invalid(field, f"is longer than {LONGEST_LABEL} characters or holds control characters")
    return label


def property_type(text: str) -> PropertyType:
    """The type of this name that a custom property may have. Raises Invalid."""
    wanted = text.strip().lower().replace(" ", "_").replace("-", "_")
    for each in TYPES:
        if wanted == each:
            return each
    raise Invalid("type", f"{text!r} is no type of a property", f"Use one of {', '.join(TYPES)}.")


def options_of(texts: Sequence[str], before: Sequence[Option] = ()) -> tuple[Option, ...]:
    """The options written as `LABEL`, or as `NAME=LABEL` to call one that is there otherwise. Raises Invalid."""
    found: list[Option] = []
    for text in texts:
        name, sign, label = (piece.strip() for piece in text.partition("="))
        if sign and not _NAME.fullmatch(name):
            raise Invalid("options", f"{name!r} cannot be the name of an option", "Use small letters, digits and _.")
        if not sign:
            name, label = "", name
        label = check_label("options", label)
        known = next((each for each in before if squash(each.label) == squash(label)), None)
        if not name:
            name = known.name if known else property_name(label, {each.name for each in (*found, *before)})
        if any(each.name == name or squash(each.label) == squash(label) for each in found):
            raise Invalid("options", f"{label!r} is there twice")
        found.append(Option(name, label))
    if not found:
        raise Invalid("options", "an enumeration needs at least one", "Say --option LABEL for each.")
    return tuple(found)
