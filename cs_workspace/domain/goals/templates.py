"""The ready-made goals (GOL-5, GOL-6), who is offered them (PER-12), and the making of one's own (GOL-8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Aggregate, Category, Direction, Kpi, Unit
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType, Schema

CUSTOM = "custom"
MAX_CUSTOM_GOALS = 1_000  # per account (GOL-8)
TIERS = ("none", "starter", "professional", "enterprise")  # of a hub or a seat, lowest first


@dataclass(frozen=True, slots=True)
class Template:
    """A ready-made goal: its name in commands, what the wizard shows, and the KPI behind it."""

    name: str
    label: str
    category: Category  # where the wizard lists it
    kpi: Kpi
    has_pipelines: bool = False  # whether slices choose pipelines (GOL-21)
    sales: str = ""  # the lowest tier of Sales that has it, "" for none (PER-12)
    service: str = ""  # the lowest tier of Service that has it, "" for none (PER-12)

    def offered(self, *, sales_tier: str = "none", service_tier: str = "none") -> bool:
        """Whether an account with these tiers has the template (PER-12)."""
        return _reaches(sales_tier, self.sales) or _reaches(service_tier, self.service)


def custom_offered(*, sales_tier: str = "none", service_tier: str = "none") -> bool:
    """Whether an account with these tiers may make goals from scratch: Enterprise only (PER-12)."""
    return "enterprise" in {sales_tier, service_tier}


def _reaches(tier: str, lowest: str) -> bool:
    return bool(lowest) and TIERS.index(tier) >= TIERS.index(lowest)


def _revenue(name: str, label: str) -> Template:
    kpi = Kpi(
        "deals",
        Aggregate.SUM,
        measure="amount_home",
        filter="is_won:yes",
        dated_by="close_date",
        direction=Direction.HIGHER,
        unit=Unit.CURRENCY,
    )
    return Template(name, label, Category.SALES, kpi, has_pipelines=True, sales="starter", service="starter")


def _count(object_name: str, dated_by: str, filter_text: str = "") -> Kpi:
    return Kpi(
        object_name,
        Aggregate.COUNT,
        filter=filter_text,
        dated_by=dated_by,
        direction=Direction.HIGHER,
        unit=Unit.NUMBER,
    )


def _average_time(until: str, filter_text: str) -> Kpi:
    return Kpi(
        "tickets",
        Aggregate.AVERAGE,
        measure=until,
        since="created_at",
        filter=filter_text,
        dated_by=until,
        direction=Direction.LOWER,
        unit=Unit.DURATION,
    )


TEMPLATES = MappingProxyType(
    {
        each.name: each
        for each in (
            Template(
                "avg_ticket_response_time",
                "Average ticket response time",
                Category.SERVICE,
                _average_time("first_reply_at", "first_reply_at:any"),
                has_pipelines=True,
                service="professional",
            ),
            Template(
                "avg_ticket_resolution_time",
                "Average ticket resolution time",
                Category.SERVICE,
                _average_time("closed_at", "is_closed:yes"),
                has_pipelines=True,
                service="professional",
            ),
            Template(
                "tickets_closed",
                "Tickets closed",
                Category.SERVICE,
                _count("tickets", "closed_at", "is_closed:yes"),
                has_pipelines=True,
                service="professional",
            ),
            Template(
                "deals_created",
                "Deals created",
                Category.SALES,
                _count("deals", "created_at"),
                has_pipelines=True,
                sales="professional",
            ),
            Template("calls_made", "Calls made", Category.SALES, _count("calls", "at"), sales="professional"),
            # booked_at is the create time where nothing else was given.
            Template(
                "meetings_booked",
                "Meetings booked",
                Category.SALES,
                _count("meetings", "booked_at"),
                sales="professional",
            ),
            _revenue("revenue", "Revenue"),
            _revenue("forecasted_revenue", "Forecasted revenue"),
        )
    }
)


def find_template(name: str) -> Template:
    """The template of this name; raises Invalid, also for `custom`, which has no KPI of its own."""
    if name not in TEMPLATES:
        raise Invalid("template", f"{name!r} is not a template", nearest(name, TEMPLATES))
    return TEMPLATES[name]


def custom_kpi(
    schema: Schema,
    *,
    object: str,
    aggregate: Aggregate,
    dated_by: str,
    direction: Direction,
    measure: str = "",
    since: str = "",
    filter: str = "",
) -> Kpi:
    """The KPI of a from-scratch goal, its unit following from what is measured (GOL-8).

    A count measures nothing, or `id`. Everything else measures a number, an amount of money in the home currency, a
    duration, or the time from one date-time (`since`) to another. The filter is taken as it is: the query language
    checks it. Raises Invalid, naming the nearest property.
    """
    if object not in schema.objects:
        owned = [each.name for each in schema.objects.values() if _is_owned(each)]
        raise Invalid("object", f"{object!r} is not an object", nearest(object, owned))
    kind = schema[object]
    if not _is_owned(kind):
        raise Invalid("object", f"{kind.plural} have no owner to count for", "Choose an object with an owner.")
    _property(kind, "dated_by", dated_by, (PropertyType.DATE, PropertyType.DATETIME))
    if aggregate is Aggregate.COUNT:
        if measure not in {"", "id"} or since:
            raise Invalid("measure", "a count has no property to measure", "Leave it out, or choose another aggregate.")
        return Kpi(object, aggregate, dated_by, direction, Unit.NUMBER, filter=filter)
    if since:
        for field, name in (("measure", measure), ("since", since)):
            _property(kind, field, name, (PropertyType.DATETIME,))
        unit = Unit.DURATION
    else:
        measured = _property(kind, "measure", measure, tuple(_UNITS))
        if measured.currency:
            home = [each.name for each in kind.of_type(PropertyType.MONEY) if not each.currency]
            why = f"{measure} is in each record's own currency, which does not add up"
            raise Invalid("measure", why, nearest(measure, home))
        unit = _UNITS[measured.type]
    return Kpi(object, aggregate, dated_by, direction, unit, measure=measure, since=since, filter=filter)


_UNITS = {
    PropertyType.NUMBER: Unit.NUMBER,
    PropertyType.INTEGER: Unit.NUMBER,
    PropertyType.MONEY: Unit.CURRENCY,
    PropertyType.DURATION: Unit.DURATION,
}


def _is_owned(kind: ObjectType) -> bool:
    owner = kind.properties.get(kind.owner)
    return owner is not None and owner.type is PropertyType.USER


def _property(kind: ObjectType, field: str, name: str, types: Iterable[PropertyType]) -> Property:
    fitting = kind.of_type(*types)
    found = kind.properties.get(name)
    if found in fitting:
        return found
    why = f"{kind.plural} have no property {name!r}" if found is None else f"{name} is of type {found.type}"
    raise Invalid(field, why, nearest(name, (each.name for each in fitting)))
