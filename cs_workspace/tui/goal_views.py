"""What a goal's page says, from the goal's numbers to lines, cells and drawings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from cs_workspace.domain.clock import date_of, day_of, local_day
from cs_workspace.domain.goals.model import Aggregate, Direction, Kpi, Unit
from cs_workspace.domain.goals.progress import Reading
from cs_workspace.domain.goals.summary import Summary
from cs_workspace.domain.query.words import in_words
from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.tui import format as shown
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Cell, Part, cell, part
from cs_workspace.tui.widgets.charts import Drawing, Lines, against, burn_up, gauge
from cs_workspace.tui.widgets.charts import legend as chart_legend

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_page import Change, GoalPage, Line

GAUGE, SHORT_GAUGE = 30, 12  # cells
MOST = 6  # rows that are named in a sentence
WIDE = 100  # cells from which the head says everything
LONG = 92  # days from which a chart is labelled by months
_CATEGORIES = {"service": "Customer service", "sales": "Sales", "forecast": "Forecasted revenue", "custom": "Custom"}
_HOW = {
    Aggregate.COUNT: "Number of",
    Aggregate.SUM: "Sum over",
    Aggregate.AVERAGE: "Average over",
    Aggregate.MINIMUM: "Smallest of",
    Aggregate.MAXIMUM: "Largest of",
}


def number(day: date) -> int:
    """The day's number."""
    return day_of(day)


def today(session: Session) -> int:
    """The account's calendar day."""
    return day_of(local_day(session.clock.now(), session.tz))


def days(first: int, last: int) -> str:
    """`1 Jan – 31 Dec 2026`."""
    start, end = date_of(first), date_of(last)
    if first == last:
        return shown.day(first)
    begin = f"{start.day} {shown.MONTHS[start.month - 1]}" + (f" {start.year}" if start.year != end.year else "")
    return f"{begin} – {shown.day(last)}"


# --- the head


def head(page: GoalPage, session: Session, width: int) -> list[Sequence[Part]]:
    """What goal it is, what it measures, what came of it, and what of it is shown."""
    goal, kpi, currency = page.goal, page.goal.kpi, session.around.currency
    whole = page.milestones
    named = [page.template, goal.duration, f"{', '.join(page.pipelines)} pipelines" * (page.pipelines == ("All",))]
    if page.pipelines != ("All",):
        named[2] = ", ".join(page.pipelines)
    named += [days(whole[0].first, whole[-1].last), *([f"by {page.creator}"] if page.creator else [])]
    lines: list[Sequence[Part]] = [
        (part(goal.name, "strong"), part(f"   {_CATEGORIES[page.category]}", "quiet"), *_in_forecast(page)),
        (part(" · ".join(each for each in named if each), "quiet"),),
    ]
    if width >= WIDE:
        lines.append((part(measures(kpi, session.around.schema[kpi.object]), "quiet"),))
    lines.append(total(page, currency, GAUGE if width >= WIDE else SHORT_GAUGE))
    beside = notes(page, currency)
    lines += [(part(" · ".join(beside), "quiet"),)] if beside else []
    lines.append(_range(page, width))
    return lines


def _in_forecast(page: GoalPage) -> Sequence[Part]:
    """Whether the forecast shows the goal (GOL-23, GOL-24)."""
    if not page.forecastable:
        return ()
    text = "in the forecast" if page.in_forecast else "not in the forecast: its pipeline's period is another"
    return (part(f" · {text}", "quiet"),)


def measures(kpi: Kpi, kind: ObjectType) -> str:
    """What is measured, as a sentence."""
    what = kind.plural.lower()
    if kpi.aggregate is not Aggregate.COUNT:
        label = kind.properties[kpi.measure].label.lower()
        what += f": {label}" if not kpi.since else f": from {kind.properties[kpi.since].label.lower()} to {label}"
    where = in_words(kpi.filter, kind)
    better = "higher is better" if kpi.direction is Direction.HIGHER else "lower is better"
    dated = kind.properties[kpi.dated_by].label.lower()
    return f"{_HOW[kpi.aggregate]} {what}{f', where {where}' if where else ''}, dated by {dated}; {better}"


def total(page: GoalPage, currency: str, width: int, *, needs: bool = True) -> Sequence[Part]:
    """The total progress (GOL-37): actual of target, a gauge, per cent, status and pace."""
    one, kpi = page.summary, page.goal.kpi
    of = "" if one.of is None else f"{shown.milestone(page.milestones[page.shown[0] + one.of].label)}: "
    parts = [part(of, "quiet"), part(shown.amount(one.actual, kpi, currency), "strong")]
    if one.target is None:
        if not any(line.is_aimed for line in page.lines):
            return [*parts, part("   no targets yet, e sets them", "quiet"), part("   "), *shown.status(one.status)]
        return [*parts, part("   together; each row has a target of its own", "quiet")]
    parts += [part(f" of {shown.amount(one.target, kpi, currency)}   ")]
    parts += gauge(_share(one.progress), _expected_share(one), width)
    parts += [part(f"   {shown.percent(one.progress_percent)}", "strong"), part("   "), *shown.status(one.status)]
    if one.pace is not None:
        parts += [part("   "), *shown.pace(one.pace, one.needed_per_day if needs else None, kpi, currency)]
    return parts


def notes(page: GoalPage, currency: str) -> list[str]:
    """What the total leaves out, and what of it is dated later."""
    one, kpi = page.summary, page.goal.kpi
    found = []
    if one.unaimed is not None:
        found.append(f"{shown.amount(one.unaimed, kpi, currency)} more without a target")
    if page.by_now is not None and one.actual is not None and one.actual != page.by_now:
        found.append(f"{shown.amount(one.actual - page.by_now, kpi, currency)} of it dated after today")
    return found


def ranked_by(page: GoalPage) -> str:
    """The milestone whose numbers contributors have, where milestones do not add up."""
    return "" if page.ranking is None else shown.milestone(page.ranking.label)


def explained(page: GoalPage, session: Session, label: str, *, total_of_all: bool) -> list[Sequence[Part]]:
    """How the total came about, or that of one milestone: what it is made of, expected and needed (GOL-37, GOL-38)."""
    kpi, currency = page.goal.kpi, session.around.currency
    one: Summary | Reading = page.summary
    low, high = page.shown
    head = total(page, currency, SHORT_GAUGE, needs=False)
    if not total_of_all:
        low = high = next(i for i, each in enumerate(page.milestones) if each.label == label)
        one = page.milestones[low].reading or page.summary
        of = part(f" of {shown.amount(one.target, kpi, currency)}   ")
        head = (part(shown.amount(one.actual, kpi, currency), "strong"), of, *shown.status(one.status))
    found = [(part(f"{page.goal.name} · The whole goal", "strong"),), head, (), *_made_of(page, low, high)]
    amount = partial(shown.amount, kpi=kpi, currency=currency)
    if one.target is not None:
        found.append(_fact("Target", amount(one.target)))
    found += [_fact("Beside", each) for each in notes(page, currency)] if total_of_all else []
    if total_of_all and page.summary.expected is not None and one.target is not None:
        by_now = amount(one.actual if page.by_now is None else page.by_now)
        found.append(_fact("Expected", f"{amount(page.summary.expected)} by now, and there is {by_now}"))
    if one.needed_per_day and one.target is not None:
        missing = one.target - (one.actual or 0)
        daily = shown.needed_a_day(one.needed_per_day, kpi, currency)
        may = "may still come" if kpi.direction is Direction.LOWER else "missing"
        days_left = round(missing / one.needed_per_day)
        found.append(_fact("Needs", f"{daily} on each of {days_left} working days left: {amount(missing)} {may}"))
    return [*found, (), (part(f"The rows in {shown.milestone(label)}; enter explains one.", "quiet"),)]


def _made_of(page: GoalPage, low: int, high: int) -> list[Sequence[Part]]:
    """Which rows and which milestones."""
    inside = [line for line in page.lines if line.contributor.id in page.whole]
    named = ", ".join(line.name for line in inside[:MOST])
    rest = f" and {len(inside) - MOST} more" if len(inside) > MOST else ""
    first, last = (shown.milestone(page.milestones[i].label) for i in (low, high))
    over = first if low == high else f"{high - low + 1} milestones, {first} to {last}"
    places = range(low - page.shown[0], high - page.shown[0] + 1)
    bare = sum(all(line.milestones[i].slice.target is None for line in inside) for i in places)
    if 0 < bare < len(places):
        over += f"; not the {bare} without a target"
    if page.goal.kpi.aggregate.additive:
        return [_fact("Sum of", named + rest), _fact("Over", over)]
    if page.summary.of is not None and low != high:
        over = f"{shown.milestone(page.milestones[low + page.summary.of].label)}: milestones do not add up here"
    return [_fact("Records of", named + rest), _fact("In", over)]


def _fact(word: str, text: str) -> Sequence[Part]:
    return (part(f"{word:<11}", "quiet"), part(text))


def _share(progress: Fraction | None) -> float | None:
    return None if progress is None else float(progress) / 100


def _expected_share(one: Summary) -> float | None:
    return float(one.expected / one.target) if one.expected is not None and one.target else None


def _range(page: GoalPage, width: int) -> Sequence[Part]:
    low, high = page.shown
    every, shown_now = len(page.milestones), high - low + 1
    first, last = (shown.milestone(page.milestones[i].label) for i in page.shown)
    if every == 1:
        what, rest = first, ""
    elif shown_now == every:
        what, rest = "whole goal", f"   {every} milestones"
    else:
        what = first if low == high else f"{first} – {last}"
        rest = f"   {shown_now} of {every}{' milestones' * (width >= WIDE)}"
    who = page.creator or "nobody"
    return (
        part("Shown ", "quiet"),
        part(what),
        part(rest, "quiet"),
        part(f"   User goals by {who}: " if width >= WIDE else "   their user goals: ", "quiet"),
        part(str(page.running)),
        part(" in progress, ", "quiet"),
        part(str(page.reached)),
        part(" achieved", "quiet"),
        *([part("   some rows are not shown to you", "quiet")] if page.hidden else []),
    )


# --- the chart


def legend(page: GoalPage, currency: str) -> Cell:
    """What the lines mean and where they are now."""
    lines, kpi = page.burn_up, page.goal.kpi
    names = [("actual", "actual"), *([("ahead", "later")] if lines.ahead else [])]
    target = next((each for each in reversed(lines.target) if each is not None), None)
    if target is not None:
        names.append(("target", f"target {_short(target, kpi, currency)}"))
    if any(each is not None for each in lines.pace):
        now = page.summary.expected
        names.append(("pace", f"pace {_short(now, kpi, currency)}" if now is not None else "pace"))
    if 0 < len(lines.actual) < len(lines.target):
        names.append(("today", "today"))
    title = "Burn-up" if kpi.aggregate.additive else "By day" if page.shown[0] == page.shown[1] else "By milestone"
    return (part(f"{title}  "), *chart_legend(names))


def _short(value: Fraction, kpi: Kpi, currency: str) -> str:
    return shown.short_amount(value, kpi, currency) or shown.amount(value, kpi, currency)


def chart(page: GoalPage, currency: str) -> Drawing:
    """The burn-up of what is shown."""
    series, kpi = page.burn_up, page.goal.kpi
    if not any(series.actual) and not any(series.ahead) and not any(each is not None for each in series.target):
        words = ((part("No record counts yet.", "quiet"),), (part("What does appears here by itself.", "quiet"),))
        return lambda _width, _height: ((), *words)

    def written(value: float) -> str:
        exact = Fraction(value).limit_denominator(1_000_000)
        return _short(exact, kpi, currency) if exact else "0"

    lines = Lines(
        _floats(series.actual),
        _floats(series.target),
        _floats(series.pace),
        len(series.actual) - 1 if 0 < len(series.actual) < len(series.target) else None,
        _labels(series.first, series.last),
        written,
        times=kpi.unit is Unit.DURATION,
        ahead=_floats(series.ahead),
    )
    return lambda width, height: burn_up(lines, width, height)


def _floats(values: Sequence[Fraction | None]) -> list[float | None]:
    return [None if each is None else float(each) for each in values]


def _labels(first: int, last: int) -> list[tuple[int, str]]:
    """Months of a long range, weeks of a short one."""
    found = []
    for day in range(first, last + 1):
        each = date_of(day)
        if last - first >= LONG:
            if each.day == 1 or (day == first and each.day < 15):
                found.append((day - first, shown.MONTHS[each.month - 1]))
        elif (day - first) % 7 == 0:
            found.append((day - first, f"{each.day} {shown.MONTHS[each.month - 1]}"))
    return found


# --- cells


def leader(page: GoalPage, line: Line | None, name: str, currency: str) -> Cell:
    """A cell of the leaderboard; no line is the goal as a whole."""
    kpi = page.goal.kpi
    one = page.ranked if line is None else line.summary
    match name:
        case "name":
            return _name(line)
        case "bar" if line is None:
            return gauge(_share(one.progress), _expected_share(one), 8)
        case "bar":
            return against(_float(one.actual), _float(one.target), _top(page.lines), 8)
        case "progress":
            return cell(shown.percent(one.progress_percent), "strong" if one.progress_percent is not None else "")
        case "status":
            return shown.status(one.status)
        case "pace":
            return shown.pace(one.pace, one.needed_per_day, kpi, currency)
        case _:
            value = one.actual if name == "actual" else one.target
            return shown.amount_cell(value, kpi, currency, "" if name == "actual" else "quiet")


def _name(line: Line | None) -> Cell:
    if line is None:
        return cell("The whole goal")
    if line.rank is not None:
        return (part(f"{line.rank:>2}  ", "quiet"), part(line.name))
    return cell(f"{'  ' * line.depth if line.is_team else '    '}{line.name}")


def of_milestone(line: Line, label: str, currency: str) -> str:
    """What came of a contributor's milestone, in a few words."""
    row = next(each for each in line.milestones if each.slice.label == label)
    actual, target = (shown.amount(v, row.kpi, currency) for v in (row.reading.actual, row.reading.target))
    return f"{actual} of {target} in {shown.milestone(label)}"


def _top(lines: Sequence[Line]) -> float:
    """What the longest bar stands for: the bars of users compare with each other."""
    users = [line for line in lines if not line.is_team] or lines
    values = [v for line in users for v in (line.summary.actual, line.summary.target) if v is not None]
    return float(max(values, default=0))


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def reading(one: Reading | None, name: str, kpi: Kpi, currency: str) -> Cell:
    """A cell of a milestone."""
    if one is None:
        return ()
    match name:
        case "target":
            return shown.amount_cell(one.target, kpi, currency)
        case "actual":
            return shown.amount_cell(one.actual, kpi, currency, "strong")
        case "progress":
            return cell(shown.percent(one.progress_percent))
        case "status":
            return shown.status(one.status)
        case _:
            return shown.pace(one.pace, None, kpi, currency)


def team(line: Line, name: str, kpi: Kpi, currency: str) -> Cell:
    """A cell of a team's own target against that of its users together (GOL-15)."""
    own, users = line.summary, line.users
    match name:
        case "name":
            return cell(f"{'  ' * line.depth}{line.name}")
        case "target":
            return shown.amount_cell(own.target, kpi, currency)
        case "users":
            return shown.amount_cell(users.target if users else None, kpi, currency)
        case "gap":
            return gap(own, users, kpi, currency)
        case _:
            return cell(shown.percent(own.progress_percent))


def gap(own: Summary, users: Summary | None, kpi: Kpi, currency: str) -> Cell:
    """How far the users' targets are above the team's, or below it."""
    if users is None or users.target is None or own.target is None:
        return cell("–", "quiet")
    more = users.target - own.target
    if not more:
        return cell("=", "good")
    sign, tone = ("+", "") if more > 0 else ("−", "warn")
    short = shown.short_amount(abs(more), kpi, currency)
    return (Part(f"{sign}{shown.amount(abs(more), kpi, currency)}", tone, f"{sign}{short}" if short else None),)


def change(one: Change, name: str, kpi: Kpi, session: Session) -> Cell:
    """A cell of the log."""
    currency = session.around.currency
    match name:
        case "when":
            day = local_day(one.at, session.tz)
            rest = day.day if day.year == date_of(today(session)).year else day.year
            month = shown.MONTHS[day.month - 1]
            short = f"{month} {rest}" if rest == day.year else f"{rest} {month}"
            return (Part(shown.day_and_time(one.at, session.tz), "quiet", short),)
        case "contributor":
            return cell(one.contributor)
        case "milestone":
            return cell(shown.milestone(one.milestone))
        case "change" if one.measured:
            return cell("calculated anew", "quiet")
        case "change":
            old = "–" if one.old is None else _short(one.old, kpi, currency)
            return (part(f"{old} → ", "quiet"), *shown.amount_cell(one.new, kpi, currency, "strong"))
        case _:
            return cell(one.user, "quiet")


# --- as text


def as_text(page: GoalPage, currency: str) -> str:
    """A summary to paste somewhere."""
    kpi, one = page.goal.kpi, page.summary
    first, last = page.milestones[page.shown[0]], page.milestones[page.shown[1]]

    def said(each: Summary) -> str:
        of = f" of {shown.amount(each.target, kpi, currency)}" if each.target is not None else ""
        more = [shown.percent(each.progress_percent), *(p.text for p in shown.status(each.status))]
        more += [p.text for p in shown.pace(each.pace, each.needed_per_day, kpi, currency)]
        return f"{shown.amount(each.actual, kpi, currency)}{of}  {'  '.join(m.strip() for m in more if m)}"

    rows = [f"{page.goal.name} ({days(first.first, last.last)})", said(one), *notes(page, currency), ""]
    rows += [f"In {ranked_by(page)}:"] if page.ranking is not None else []
    for line in page.leaders or page.lines:
        place = f"{line.rank}. " if line.rank is not None else "   "
        rows.append(f"{place}{line.name}: {said(line.summary)}")
    return "\n".join(row.rstrip() for row in rows)
