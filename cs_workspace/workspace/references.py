"""From what people write to the ids the store keeps, and back: users, pipelines, stages and related records.

Look-ups are made by set and remembered for the transaction, so that a list or an import asks once, not once per row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.query.folding import squash
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType, Raw
from cs_workspace.domain.schema.values import Edge, parse_value
from cs_workspace.store import lookups, merges
from cs_workspace.store.account import Stage
from cs_workspace.workspace.door import Tx

T = PropertyType


class References:
    """Resolves and names references within one transaction."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._titles: dict[str, dict[int, str]] = defaultdict(dict)
        self._found: dict[str, dict[str, list[int]]] = defaultdict(dict)
        people = tx.directory.people
        self._users: dict[str, set[int]] = defaultdict(set)
        for person in people.values():
            self._users[squash(person.login)].add(person.id)
            self._users[squash(person.name)].add(person.id)
        for user, email in tx.directory.emails.items():
            self._users[squash(email)].add(user)
        self._users_by_external_id: dict[str, int | None] = {}
        self._stages = {stage.id: stage for p in tx.pipelines for stage in p.stages}
        self._pipelines = {p.id: p for p in tx.pipelines}
        self.edge = Edge(tx.tz, tx.account.currency, self.resolve, self.name)

    # --- text to ids

    def resolve(self, prop: Property, text: str) -> Raw:
        """The raw value of a reference. Raises Invalid."""
        match prop.type:
            case T.USER:
                return self.user(text)
            case T.ASSOCIATION:
                return self.records(prop, text)
            case _:
                raise Invalid(prop.name, "cannot be read without its record")

    def user(self, text: str) -> int:
        """A user by login, e-mail, name or external id. Raises Invalid."""
        found = self._users.get(squash(text), set())
        exact = {p.id for p in self._tx.directory.people.values() if p.login.casefold() == text.strip().casefold()}
        if len(found) > 1 and len(exact) != 1:
            raise Invalid("user", f"{text!r} may be several users", "Give the login.")
        if not found:
            self.prefetch_users([text])
            external = self._users_by_external_id.get(text.strip())
            if external is not None:
                return external
            logins = [p.login for p in self._tx.directory.people.values()]
            raise Invalid("user", f"there is no user {text!r}", nearest(text, logins))
        return next(iter(exact or found))

    def prefetch_users(self, texts: Iterable[str]) -> None:
        """Look many external ids up at once."""
        known = self._users_by_external_id
        wanted = [text for each in texts if (text := each.strip()) not in known]
        if wanted:
            known.update(dict.fromkeys(wanted))
            known.update(lookups.by_key(self._tx.connection, self._tx.schema["users"], "external_id", wanted))

    def forget(self, kind: ObjectType) -> None:
        """Look this object's records up again: some were made."""
        self._found.pop(kind.name, None)

    def records(self, prop: Property, text: str) -> tuple[int, ...]:
        """Related records, several by `;`: by external id, key, exact name or #id. Raises Invalid."""
        kind = self._tx.schema[prop.target]
        names = [part.strip() for part in text.split(";") if part.strip()]
        if prop.single and len(names) > 1:
            raise Invalid(prop.name, "takes one only")
        self.prefetch(kind, names)
        ids: list[int] = []
        for name in names:
            found = self._found[kind.name][name]
            if not found:
                close = lookups.similar(self._tx.connection, kind, name)
                hint = f"Did you mean {close}?" if close else ""
                raise Invalid(prop.name, f"there is no {kind.label.lower()} {name!r}", hint)
            if len(found) > 1:
                raise Invalid(prop.name, f"{name!r} may be any of {len(found)} {kind.name}", "Give an external id.")
            if found[0] not in ids:
                ids.append(found[0])
        return tuple(ids)

    def meant(self, prop: Property, names: Iterable[str]) -> Mapping[str, list[int]]:
        """The records each name may mean."""
        kind = self._tx.schema[prop.target]
        self.prefetch(kind, names)
        return self._found[kind.name]

    def prefetch(self, kind: ObjectType, names: Iterable[str]) -> None:
        """Look many names up at once."""
        known = self._found[kind.name]
        wanted = [name for name in dict.fromkeys(names) if name not in known]
        if not wanted:
            return
        known.update((name, []) for name in wanted)
        numbered = {
            int(name[1:]): name
            for name in wanted
            if name.startswith("#") and name[1:].isascii() and name[1:].isdigit() and len(name) < 20
        }
        into = merges.all_standing_for(self._tx.connection, kind.code, numbered)
        alive = lookups.living(self._tx.connection, kind, into.values())
        known.update((numbered[each], [record]) for each, record in into.items() if record in alive)
        keys = [p.name for p in kind.unique_keys]
        for key in ("external_id", *(k for k in keys if k != "external_id")):
            missing: dict[str, list[str]] = defaultdict(list)
            for name in wanted:
                if not known[name]:
                    missing[name if key in ("external_id", "name") else name.casefold()].append(name)
            for written, record in lookups.by_key(self._tx.connection, kind, key, missing).items():
                known.update((name, [record]) for name in missing[written])
        for name, ids in lookups.by_name(self._tx.connection, kind, [n for n in wanted if not known[n]]).items():
            known[name] = ids
        for key in keys:
            former = {n if key in ("external_id", "name") else n.casefold(): n for n in wanted if not known[n]}
            found = merges.former_by_key(self._tx.connection, kind, key, former) if former else {}
            alive = lookups.living(self._tx.connection, kind, found.values())
            known.update((former[written], [record]) for written, record in found.items() if record in alive)

    def pipeline(self, kind: ObjectType, text: str) -> int:
        """A pipeline of an object by label or external id. Raises Invalid."""
        own = [p for p in self._tx.pipelines if p.object == kind.code]
        for p in own:
            if text == p.external_id or squash(p.label) == squash(text):
                return p.id
        raise Invalid("pipeline", f"there is no pipeline {text!r}", nearest(text, (p.label for p in own)))

    def stage(self, kind: ObjectType, pipeline: int | None, text: str) -> Stage:
        """A stage by label or external id, of the given pipeline or the only one that has it. Raises Invalid."""
        own = [p for p in self._tx.pipelines if p.object == kind.code and pipeline in (None, p.id)]
        stages = [s for p in own for s in p.stages]
        found = [s for s in stages if text == s.external_id] or [s for s in stages if squash(s.label) == squash(text)]
        if not found:
            where = f" in {own[0].label}" if pipeline is not None and own else ""
            raise Invalid("stage", f"there is no stage {text!r}{where}", nearest(text, (s.label for s in stages)))
        if len(found) > 1:
            default = next((s for s in found if s.pipeline == own[0].id), None)
            if default is None:
                raise Invalid("stage", f"{text!r} is a stage of several pipelines", "Give the pipeline too.")
            return default
        return found[0]

    def parse(self, kind: ObjectType, texts: Mapping[str, str], current: Mapping[str, Any] | None) -> dict[str, Any]:
        """Raw values of written ones, in the order in which they depend on each other. Raises Invalid."""
        raw: dict[str, Any] = {}
        if kind.has_pipeline:
            raw.update(self._place(kind, texts, current))
        for name, text in sorted(texts.items(), key=lambda item: item[0] != "currency"):
            prop = kind.properties[name]
            if prop.type in (T.PIPELINE, T.STAGE):
                continue
            currency = None
            if prop.currency:
                currency = raw.get(prop.currency) or (current or {}).get(prop.currency)
            raw[name] = parse_value(prop, text, self.edge, currency)
        return raw

    def _place(self, kind: ObjectType, texts: Mapping[str, str], current: Mapping[str, Any] | None) -> dict[str, int]:
        """Pipeline and stage, each following from the other or from the object's first pipeline."""
        written_pipeline, written_stage = texts.get("pipeline", "").strip(), texts.get("stage", "").strip()
        if current is not None and not written_pipeline and not written_stage:
            if "pipeline" in texts or "stage" in texts:
                raise Invalid("stage", "cannot be empty")
            return {}
        pipeline = self.pipeline(kind, written_pipeline) if written_pipeline else None
        if pipeline is None and current is not None:
            pipeline = current["pipeline"]
        if written_stage:
            stage = self.stage(kind, pipeline, written_stage)
            return {"pipeline": stage.pipeline, "stage": stage.id}
        own = [p for p in self._tx.pipelines if p.object == kind.code]
        place = self._pipelines[pipeline] if pipeline is not None else next(iter(own), None)
        if place is None or not place.stages:
            raise Invalid(
                "pipeline", f"{kind.plural} have no pipeline yet", "Add one with `cs-workspace pipelines add`."
            )
        if current is not None and current["pipeline"] == place.id:
            return {}
        return {"pipeline": place.id, "stage": place.stages[0].id}

    # --- ids to text

    def name(self, prop: Property, raw: Any) -> str:
        """What a reference is called."""
        match prop.type:
            case T.USER:
                person = self._tx.directory.people.get(raw)
                return person.login if person else f"#{raw}"
            case T.PIPELINE:
                return self._pipelines[raw].label if raw in self._pipelines else f"#{raw}"
            case T.STAGE:
                return self._stages[raw].label if raw in self._stages else f"#{raw}"
            case _:
                return "; ".join(self.titles(prop.target, raw).get(i, f"#{i}") for i in raw)

    def titles(self, target: str, ids: Iterable[int]) -> dict[int, str]:
        """Titles of records, looked up once each."""
        known = self._titles[target]
        missing = [i for i in ids if i not in known]
        if missing:
            known.update(lookups.titles(self._tx.connection, self._tx.schema[target], missing))
        return known

    def prefetch_titles(self, kind: ObjectType, rows: Iterable[Mapping[str, Any]]) -> None:
        """Look up at once what all related records of some rows are called."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            for prop in kind.associations:
                wanted[prop.target].update(row.get(prop.name) or ())
        for target, ids in wanted.items():
            self.titles(target, ids)
