"""The account, its pipelines and stages, and the schema with its custom objects and properties."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, select

from cs_workspace.domain.errors import Usage
from cs_workspace.domain.schema.derived import Facts, StageFacts
from cs_workspace.domain.schema.model import ObjectType, Option, Property, PropertyType, Schema
from cs_workspace.domain.schema.standard import ASSIGNED, COMMON, CUSTOM_BASE, OWNER, STANDARD
from cs_workspace.store.tables.system import account, objects, pipelines, properties, stages


@dataclass(frozen=True, slots=True)
class Account:
    """Settings of the whole account (SET-12)."""

    name: str
    time_zone: str
    currency: str
    fiscal_start: int  # month, 1 to 12
    week_start: int  # 0 is Monday
    subscription: str
    rates: dict[str, str]
    refresh_hours: int
    admin: int | None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a pipeline."""

    id: int
    pipeline: int
    label: str
    is_closed: bool
    probability: float | None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline of an object type with its stages in order."""

    id: int
    object: int
    label: str
    stages: tuple[Stage, ...]
    external_id: str | None = None
    forecast_period: str = "monthly"


def load_account(connection: Connection) -> Account:
    """The account. Raises Usage when the store holds none."""
    row = connection.execute(select(account)).mappings().first()
    if row is None:
        raise Usage("The store holds no account.", "Make one with `cs-workspace init`.")
    return Account(**{name: row[name] for name in Account.__dataclass_fields__})


def load_pipelines(connection: Connection) -> tuple[Pipeline, ...]:
    """All living pipelines in display order, with their living stages."""
    held: dict[int, list[Stage]] = {}
    s, p = stages.c, pipelines.c
    columns = (s.id, s.pipeline, s.label, s.is_closed, s.probability, s.external_id)
    for row in connection.execute(
        select(*columns).where(s.deleted_at.is_(None)).order_by(s.pipeline, s.position, s.id)
    ):
        held.setdefault(row.pipeline, []).append(Stage(*row))
    rows = connection.execute(select(pipelines).where(p.deleted_at.is_(None)).order_by(p.object, p.position, p.id))
    return tuple(
        Pipeline(row.id, row.object, row.label, tuple(held.get(row.id, ())), row.external_id, row.forecast_period)
        for row in rows
    )


def load_facts(connection: Connection) -> Facts:
    """What derived values need: every stage, deleted ones too, and the exchange rates."""
    settings = connection.execute(select(account.c.currency, account.c.rates)).first()
    s = stages.c
    known = {
        row.id: StageFacts(row.pipeline, row.is_closed, row.probability)
        for row in connection.execute(select(s.id, s.pipeline, s.is_closed, s.probability))
    }
    rates = {code: Fraction(rate) for code, rate in (settings.rates if settings else {}).items()}
    return Facts(known, settings.currency if settings else "EUR", rates)


OWN_NAME = Property("name", "Name", PropertyType.TEXT, required=True, searchable=True)  # of a custom object


def load_schema(connection: Connection) -> Schema:
    """The standard object types with this store's custom properties and custom objects."""
    p = properties.c
    custom: dict[int, list[Property]] = {}
    for row in connection.execute(select(properties).where(p.deleted_at.is_(None)).order_by(p.id)):
        options = tuple(Option(*pair) for pair in row.options or ())
        custom.setdefault(row.object, []).append(
            Property(row.name, row.label, PropertyType(row.type), options=options, custom=True)
        )
    own = [
        ObjectType(
            row.name,
            CUSTOM_BASE + row.id,
            row.label,
            row.plural,
            "name",
            {q.name: q for q in (OWN_NAME, OWNER, ASSIGNED, *COMMON)},
            custom=True,
        )
        for row in connection.execute(select(objects).where(objects.c.deleted_at.is_(None)).order_by(objects.c.id))
    ]
    if not custom and not own:
        return STANDARD
    return Schema(
        {kind.name: _extended(kind, custom.get(kind.code, ())) for kind in (*STANDARD.objects.values(), *own)}
    )


def _extended(kind: ObjectType, custom: list[Property] | tuple[()]) -> ObjectType:
    if not custom:
        return kind
    every = {**kind.properties, **{q.name: q for q in custom if q.name not in kind.properties}}
    return ObjectType(
        kind.name,
        kind.code,
        kind.label,
        kind.plural,
        kind.title,
        every,
        has_pipeline=kind.has_pipeline,
        owner=kind.owner,
        custom=kind.custom,
    )
