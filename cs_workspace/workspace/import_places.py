"""Where an imported record stands: its pipeline and stage, found by name or external id, or made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.query.folding import squash, words
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.store.account import Pipeline, Stage
from cs_workspace.workspace.door import Tx
from cs_workspace.workspace.setup import create_pipeline

WON = frozenset({"won", "closedwon", "win"})
LOST = frozenset({"lost", "closedlost"})
CLOSED = frozenset(
    {*WON, *LOST, "closed", "solved", "resolved", "done", "complete", "completed", "cancelled", "canceled", "finished"}
    | {"archived", "churned", "expired"}
)
OPEN_PROBABILITY = 0.5  # of a deal's stage nobody has judged
LONGEST = 200  # characters of a label

# What other programs call the usual stages, by object; squashed on both sides.
SAME: dict[str, dict[str, str]] = {
    "deals": {
        "won": "closedwon",
        "lost": "closedlost",
        "prospecting": "appointmentscheduled",
        "engaging": "qualifiedtobuy",
    },
    "tickets": {
        "1": "new",
        "2": "waitingoncontact",
        "3": "waitingonus",
        "4": "closed",
        "open": "waitingonus",
        "working": "waitingonus",
        "hold": "waitingonus",
        "onhold": "waitingonus",
        "escalated": "waitingonus",
        "pending": "waitingoncontact",
        "snoozed": "waitingoncontact",
        "solved": "closed",
        "resolved": "closed",
    },
    "services": {"done": "closed", "completed": "closed"},
    "subscriptions": {"cancelled": "canceled", "expired": "canceled", "unpaid": "pastdue"},
}
FIRST_PIPELINE = frozenset({"default", "0"})  # what HubSpot calls the one every account begins with


@dataclass(slots=True)
class Places:
    """Finds pipelines and stages for one import, and makes those it may make."""

    tx: Tx
    kind: ObjectType
    create_missing: bool = False
    made: list[str] = field(default_factory=list)
    _memory: dict[tuple[str, str, int | None, bool], dict[str, Any] | Invalid] = field(default_factory=dict)

    def of(self, pipeline: str, stage: str, current: int | None, *, over: bool = False) -> dict[str, Any]:
        """Pipeline and stage by what was written; `current` is the pipeline of a record that is there.

        A new record without a stage begins in the first one, or, when it is `over`, in the first closed one. Raises
        Invalid.
        """
        key = (pipeline, stage, current, over)
        found = self._memory.get(key)
        if found is None:
            try:
                found = self._find(pipeline, stage, current, over=over)
            except Invalid as error:
                found = error
            self._memory[key] = found
        if isinstance(found, Invalid):
            raise found
        return found

    def prepare(self, wanted: Collection[tuple[str, str, bool]]) -> None:
        """Make what these pairs of pipeline and stage lack; the flag says that all their records are over."""
        if not self.create_missing:
            return
        for pipeline, stage, over in wanted:
            place = self._pipeline(pipeline) if pipeline else None
            if pipeline and place is None:
                place = self._make_pipeline(pipeline)
            if stage and self._stage(place, stage) is None:
                self._make_stage(place or self._first(), stage, over=over)

    def _own(self) -> list[Pipeline]:
        return [p for p in self.tx.pipelines if p.object == self.kind.code]

    def _first(self) -> Pipeline:
        own = self._own()
        return own[0] if own else self._make_pipeline(f"{self.kind.label} pipeline")

    def _find(self, pipeline: str, stage: str, current: int | None, *, over: bool) -> dict[str, Any]:
        own = self._own()
        place = self._pipeline(pipeline) if pipeline else next((p for p in own if p.id == current), None)
        if pipeline and place is None:
            raise Invalid("pipeline", f"there is no pipeline {pipeline!r}", nearest(pipeline, (p.label for p in own)))
        if stage:
            found = self._stage(place, stage)
            if found is None:
                where = f" in {place.label}" if place else ""
                labels = [s.label for p in ([place] if place else own) for s in p.stages]
                raise Invalid("stage", f"there is no stage {stage!r}{where}", nearest(stage, labels))
            return {"pipeline": found.pipeline, "stage": found.id}
        if current is not None and (not pipeline or (place is not None and place.id == current)):
            return {}
        place = place or next(iter(own), None)
        if place is None or not place.stages:
            named = f"the pipeline {place.label} has no stages" if place else f"{self.kind.plural} have no pipeline"
            raise Invalid("stage", f"is missing, and {named}", "Add one with `cs-workspace pipelines add`.")
        closed = next((s for s in place.stages if s.is_closed), place.stages[-1])
        return {"pipeline": place.id, "stage": closed.id if over else place.stages[0].id}

    def _pipeline(self, text: str) -> Pipeline | None:
        own = self._own()
        found = next((p for p in own if text == p.external_id), None)
        found = found or next((p for p in own if squash(p.label) == squash(text)), None)
        return found or (own[0] if own and text.casefold() in FIRST_PIPELINE else None)

    def _stage(self, place: Pipeline | None, text: str) -> Stage | None:
        """A stage of the pipeline, or of whichever has it; the object's first pipeline goes before others."""
        stages = [s for p in ([place] if place is not None else self._own()) for s in p.stages]
        wanted = squash(text)
        other = SAME.get(self.kind.name, {}).get(wanted)
        for found in (
            [s for s in stages if text == s.external_id],
            [s for s in stages if squash(s.label) == wanted],
            [s for s in stages if other is not None and squash(s.label) == other],
        ):
            if found:
                return found[0]
        return None

    def _make_pipeline(self, text: str) -> Pipeline:
        label = text[:LONGEST]
        made = create_pipeline(self.tx.journal, self.kind.name, label, (), position=len(self._own()), external_id=text)
        self.made.append(f"pipeline {label}")
        self._reload()
        return next(p for p in self.tx.pipelines if p.id == made)

    def _make_stage(self, place: Pipeline, text: str, *, over: bool) -> None:
        label = text[:LONGEST]
        said = {squash(label), *words(label)}
        is_closed = bool(said & CLOSED) or (over and self.kind.name == "tickets")
        probability: float | None = None
        if self.kind.name == "deals":
            probability = 1.0 if said & WON else 0.0 if said & LOST else None if is_closed else OPEN_PROBABILITY
        self.tx.journal.create(
            "stages",
            [
                {
                    "pipeline": place.id,
                    "label": label,
                    "position": len(place.stages),
                    "is_closed": is_closed,
                    "probability": probability,
                    "external_id": text,
                }
            ],
        )
        self.made.append(f"stage {label} in {place.label}")
        self._reload()

    def _reload(self) -> None:
        self.tx.reload()
        self._memory.clear()
