"""The rows of the goals overview as an object type, so that one query language filters them too (GOL-43)."""

from __future__ import annotations

from cs_workspace.domain.goals.model import Category, Duration, Pace, Status
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES
from cs_workspace.domain.schema.model import ObjectType, Option, Property, PropertyType

T = PropertyType


def _words(names: type[Status | Pace | Duration | Category]) -> tuple[Option, ...]:
    return tuple(Option(str(each), str(each).replace("_", " ").capitalize()) for each in names)


_TEMPLATES = (*(Option(t.name, t.label) for t in TEMPLATES.values()), Option(CUSTOM, "Custom"))

# Filters with several values inside one mean any of them; different filters combine with AND, as everywhere (QRY-1).
GOAL_ROWS = ObjectType(
    "goals",
    30,
    "Goal",
    "Goals",
    "goal",
    {
        p.name: p
        for p in (
            Property("goal", "Goal", T.TEXT, searchable=True),
            Property("goal_id", "Goal id", T.INTEGER),
            Property("template", "Template", T.ENUMERATION, options=_TEMPLATES),
            Property("category", "Category", T.ENUMERATION, options=_words(Category)),
            Property("contributor", "Contributor", T.TEXT, searchable=True),
            Property("user", "User", T.USER),
            Property("team", "Team", T.TEXT, target="teams"),
            Property("milestone", "Milestone", T.TEXT),
            Property("duration", "Duration", T.ENUMERATION, options=_words(Duration)),
            Property("pipelines", "Pipelines", T.TEXT, target="pipelines"),
            Property("start", "Start", T.DATE),
            Property("end", "End", T.DATE),
            Property("status", "Status", T.ENUMERATION, options=_words(Status)),
            Property("pace", "Pace", T.ENUMERATION, options=_words(Pace)),
            Property("progress", "Progress %", T.INTEGER),
            Property("frozen", "Frozen", T.BOOLEAN),
        )
    },
    owner="user",
)
