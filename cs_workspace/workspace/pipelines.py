"""Pipelines of an object and their stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cs_workspace.domain.errors import Invalid, NotFound
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.numbers import parse_number
from cs_workspace.domain.permissions import Permission
from cs_workspace.domain.query.folding import squash
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store.account import Stage
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.setup import StageSpec, create_pipeline

LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class PipelineLine:
    """A pipeline with its stages in order."""

    id: int
    object: str
    label: str
    stages: tuple[Stage, ...]


@reads(Permission.SESSION)
def pipelines(tx: Tx, object: str | None = None) -> list[PipelineLine]:
    """Pipelines of one object or of all. Raises NotFound, Invalid."""
    code = None if object is None else _kind(tx, object).code
    return [
        PipelineLine(p.id, tx.schema.by_code(p.object).name, p.label, p.stages)
        for p in tx.pipelines
        if code in (None, p.object)
    ]


@writes(Permission.SETTINGS, "add a pipeline")
def add(tx: Tx, object: str, label: str, stages: Sequence[str]) -> int:
    """Make a pipeline; its id. A stage is `LABEL`, `LABEL=open`, `=closed`, `=won`, `=lost` or `=PROBABILITY`."""
    kind = _kind(tx, object)
    label = label.strip()
    own = [p for p in tx.pipelines if p.object == kind.code]
    _check_label("name", label)
    if any(squash(p.label) == squash(label) for p in own):
        raise Invalid("name", f"there is a pipeline {label!r} of {kind.name} already", "Choose another name.")
    specs = [parse_stage(kind, text) for text in stages]
    if not specs:
        raise Invalid("stage", "a pipeline needs at least one", "Say --stage LABEL for each.")
    seen: set[str] = set()
    for spec in specs:
        if squash(spec.label) in seen:
            raise Invalid("stage", f"{spec.label!r} is there twice")
        seen.add(squash(spec.label))
    tx.describe(f"add pipeline {label} of {kind.name}")
    pipeline = create_pipeline(tx.journal, kind.name, label, specs, position=len(own))
    tx.reload()
    return pipeline


def parse_stage(kind: ObjectType, text: str) -> StageSpec:
    """A stage as people write it. Raises Invalid."""
    label, sign, what = (part.strip() for part in text.rpartition("="))
    if not sign:
        label, what = text.strip(), "open"
    _check_label("stage", label)
    word = what.casefold()
    deals = kind.name == "deals"
    if word in {"won", "lost"} and deals:
        return StageSpec(label, is_closed=True, probability=float(word == "won"))
    if word == "closed":
        if deals:
            raise Invalid("stage", f"{label!r}: a closed deal is won or lost", "Write LABEL=won or LABEL=lost.")
        return StageSpec(label, is_closed=True)
    if word == "open":
        return StageSpec(label)
    if deals:
        return StageSpec(label, probability=_probability(label, what))
    raise Invalid("stage", f"{what!r} is neither open nor closed", f"Write {label}=open or {label}=closed.")


def _probability(label: str, text: str) -> float:
    hint = f"Write {label}=0.4, {label}=40%, {label}=won or {label}=lost."
    try:
        number = parse_number(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except Invalid as error:
        raise Invalid("stage", f"{text!r} is neither open, won, lost nor a probability", hint) from error
    if not 0 <= number <= 1:
        raise Invalid("stage", f"{text!r} is not between 0 and 1", hint)
    return float(number)


def _check_label(field: str, label: str) -> None:
    if not label:
        raise Invalid(field, "is empty")
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise Invalid(field, f"is longer than {LONGEST_LABEL} characters or holds control characters")


def _kind(tx: Tx, name: str) -> ObjectType:
    if name not in tx.schema.objects:
        raise NotFound(f"There is no object {name!r}.", nearest(name, tx.schema.objects))
    kind = tx.schema[name]
    if not kind.has_pipeline:
        some = (each.name for each in tx.schema.objects.values() if each.has_pipeline)
        raise Invalid("object", f"{kind.plural.lower()} have no pipelines", nearest(name, some))
    return kind
