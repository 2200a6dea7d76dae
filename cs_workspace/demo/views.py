"""The views somebody has saved for everyone in a demo store."""

from __future__ import annotations

from cs_workspace.demo.days import HOUR, MINUTE
from cs_workspace.demo.world import World
from cs_workspace.domain.clock import FixedClock
from cs_workspace.domain.views import Shape
from cs_workspace.store.engine import Store
from cs_workspace.workspace import views
from cs_workspace.workspace.door import Workspace

SAVED_DAYS_AGO = 150

# (name, what it shows, description of a default one)
SHARED: tuple[tuple[str, Shape, str | None], ...] = (
    (
        "Renewing this quarter",
        Shape("renewal_date:this-quarter", sort=("renewal_date",)),
        "Renewals of this quarter, the next first.",
    ),
    (
        "Red and renewing",
        Shape("health:<40 renewal_date:today..+90d", sort=("-arr",)),
        "At risk with a renewal within 90 days, the largest first.",
    ),
    ("Quiet for a month", Shape("last_activity_at:<-30d", sort=("last_activity_at",)), None),
)


def make(store: Store, world: World) -> None:
    """Save them as Dana did."""
    for number, (name, shape, description) in enumerate(SHARED):
        then = FixedClock(world.days.start(-SAVED_DAYS_AGO) + 9 * HOUR + number * MINUTE)
        dana = Workspace(store, then, "dana", "tui")
        dana.run(views.create, "companies", name, shape, shared=True, description=description)
