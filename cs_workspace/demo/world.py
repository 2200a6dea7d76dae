"""What every part of the demo needs to know of the others."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from cs_workspace.demo.customers import Customers
from cs_workspace.demo.days import WorkDays, stream
from cs_workspace.demo.people import Staff
from cs_workspace.demo.sizes import Size
from cs_workspace.demo.stages import Way
from cs_workspace.store.bulk import PastChange


@dataclass(slots=True)
class World:
    """The made-up company while it is being made; `first_company` and `first_contact` are reserved ids."""

    seed: int
    size: Size
    days: WorkDays
    staff: Staff
    customers: Customers
    ways: dict[str, Way]
    first_company: int
    first_contact: int
    past: list[PastChange] = field(default_factory=list)

    @property
    def now(self) -> int:
        """The instant the store is made at."""
        return self.days.now

    def stream(self, name: str) -> random.Random:
        """The source of chance of one topic."""
        return stream(self.seed, name)

    def company(self, customer: int) -> tuple[int, ...]:
        """A customer's company as an association."""
        return (self.first_company + customer,)

    def contact(self, contact: int) -> tuple[int, ...]:
        """A contact as an association."""
        return (self.first_contact + contact,)
