"""Values that follow from others: never typed, never in the journal, always recomputed with their source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.money import convert
from cs_workspace.domain.query.folding import search_text
from cs_workspace.domain.schema.model import ObjectType, Raw


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What a record inherits from its stage; `probability` is of deals (REV-3)."""

    pipeline: int
    is_closed: bool
    probability: float | None = None

    @property
    def is_won(self) -> bool:
        """Closed with certainty."""
        return self.is_closed and self.probability == 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What derivation needs to know of the account: its stages by id and the worth of foreign currencies."""

    stages: Mapping[int, StageFacts]
    home: str
    rates: Mapping[str, Fraction]


def derive(kind: ObjectType, row: Mapping[str, Any], facts: Facts) -> dict[str, Raw]:
    """The derived values of a record. Raises Invalid for a currency without a rate."""
    derived: dict[str, Raw] = {}
    if kind.has_pipeline and row.get("stage") is not None:
        stage = facts.stages[row["stage"]]
        derived["is_closed"] = stage.is_closed
        if "is_won" in kind.properties:
            derived["is_won"] = stage.is_won
    if "amount_home" in kind.properties:
        derived["amount_home"] = _home_amount(row, facts)
    if kind.name == "contacts":
        derived["name"] = " ".join(p for p in (row.get("first_name"), row.get("last_name")) if p) or row.get("email")
    derived["search_text"] = record_search_text(kind, {**row, **derived})
    return derived


def _home_amount(row: Mapping[str, Any], facts: Facts) -> int | None:
    amount, currency = row.get("amount"), row.get("currency") or facts.home
    if amount is None or currency == facts.home:
        return amount
    rate = facts.rates.get(currency)
    if rate is None:
        raise Invalid(
            "currency",
            f"no exchange rate from {currency} to {facts.home}",
            f"Set one with `cs-workspace config rate {currency} VALUE`.",
        )
    return convert(amount, currency, facts.home, rate)


def record_search_text(kind: ObjectType, row: Mapping[str, Any]) -> str:
    """The folded words a bare word finds a record by (QRY-6); the title comes first, so it also sorts by name."""
    names = [kind.title, *(p.name for p in kind.properties.values() if p.searchable and p.name != kind.title)]
    return search_text(str(row[name]) for name in names if row.get(name))
