"""An explained number, for programs and for people."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cs_workspace.cli.goals import progress_fields
from cs_workspace.cli.session import Session
from cs_workspace.domain.clock import print_date, print_instant, zone
from cs_workspace.domain.goals.model import Kpi, scale
from cs_workspace.domain.goals.targets import number, print_value
from cs_workspace.domain.money import exponent
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.domain.text import printable

if TYPE_CHECKING:
    from cs_workspace.workspace.goals import Explanation


def explained(session: Session, found: Explanation, currency: str) -> dict[str, Any]:
    """Everything about the number: the milestone's fields, how it is counted, and the records."""
    kpi = found.row.kpi
    return {
        **progress_fields(found.row, currency, session.time_zone),
        "object": kpi.object,
        "aggregate": str(kpi.aggregate),
        "measure": kpi.measure or None,
        "since": kpi.since or None,
        "dated_by": kpi.dated_by,
        "filter": kpi.filter,
        "counted_users": list(found.counted),
        "stands": found.stands,
        "withheld": list(found.withheld),
        "records": [
            {
                "id": record["id"],
                "title": record["title"],
                "owner": record["owner"],
                "date": _date(session, kpi, record["date"]),
                **({"value": _value(kpi, record["value"], currency)} if "value" in record else {}),
            }
            for record in found.records
        ],
    }


def print_explanation(session: Session, found: Explanation, currency: str) -> None:
    """The same in sentences, and a table of the records."""
    row, kpi, output = found.row, found.row.kpi, session.output
    actual, target = (
        "none" if value is None else print_value(value, kpi.unit, currency)
        for value in (row.reading.actual, row.reading.target)
    )
    for sentence in (
        f"{row.goal.name} · {row.contributor_name} · {row.slice.label}",
        f"Actual {actual}, target {target}.",
        _measure(found),
        *((f"Records owned by {', '.join(found.counted)} count.",) if found.counted else ()),
        *((_standing(found),) if found.records or not found.withheld else ()),
        *found.withheld,
    ):
        output.line(printable(sentence))
    output.line("")
    output.rows(explained(session, found, currency)["records"], ("id", "title", "owner", "date", "value"))


def _measure(found: Explanation) -> str:
    row, kpi = found.row, found.row.kpi
    what = (
        f"the time from {kpi.since} to {kpi.measure} of " if kpi.since else f"{kpi.measure} of " if kpi.measure else ""
    )
    matching = f" that match {kpi.filter}" if kpi.filter else ""
    days = f"{print_date(row.slice.first_day)} to {print_date(row.slice.last_day)}"
    where = "" if row.pipelines == ("All",) else f", in {', '.join(row.pipelines)}"
    return f"It is the {kpi.aggregate} of {what}{kpi.object}{matching}, dated by {kpi.dated_by} from {days}{where}."


def _standing(found: Explanation) -> str:
    if found.row.slice.frozen:
        rest = "" if found.stands else " Today's records below would give another number: they have changed since."
        return f"The milestone is over and its value is frozen.{rest}"
    return "The records below give this number." if found.stands else "The number is behind the records below."


def _date(session: Session, kpi: Kpi, raw: int) -> str:
    from cs_workspace.domain.schema.standard import STANDARD

    kind = STANDARD.objects.get(kpi.object)
    prop = kind.properties.get(kpi.dated_by) if kind else None
    if prop is not None and prop.type is PropertyType.DATE:
        return print_date(raw)
    return print_instant(raw, zone(session.time_zone))


def _value(kpi: Kpi, steps: int | None, currency: str) -> int | float | str | None:
    if steps is None:
        return None
    return number(Fraction(steps, scale(kpi.unit, exponent(currency))), kpi.unit, currency)
