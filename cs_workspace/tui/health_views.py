"""A health score in words and lines: what it is, how it came about, why it changed, and how it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import day_of, local_day
from cs_workspace.domain.health import CUT_OFFS, Category, Group, GroupChange, RuleChange, RulePoints, category, points
from cs_workspace.tui import format as shown
from cs_workspace.tui.text import Cell, Part, cell, part
from cs_workspace.tui.widgets.charts import Drawing, Lines, burn_up, gauge
from cs_workspace.tui.widgets.record_table import Column

if TYPE_CHECKING:
    from cs_workspace.workspace.health import Change, Explanation

TONES = {Category.AT_RISK: "bad", Category.NEUTRAL: "warn", Category.HEALTHY: "good"}
COLUMNS = (
    Column("label", "What counts", 24, 48, sortable=False),
    Column("matched", "", 10, 10, sortable=False),
    Column("points", "Points", 8, 9, right=True, sortable=False),
)
BAR = 10  # cells
TOLD = 4  # rules that a change is told by


def score(value: int | None) -> Cell:
    """Symbol and number, for a column: `▲ 34`."""
    if value is None:
        return ()
    found = category(value)
    return (Part(f"{found.symbol} {value}", TONES[found]),)


def arrow(points: int) -> str:
    """How much more or less: `↓ 12`."""
    return f"{'↓' if points < 0 else '↑'} {abs(points)}" if points else "unchanged"


def headline(found: Explanation, tz: ZoneInfo) -> Sequence[Part]:
    """`▲ At risk 34   ↓ 12 in 30 days   since 20 Nov 2026`."""
    if found.score is None or found.category is None:
        return (part("○ No score", "quiet"),)
    parts = [part(f"{found.category.symbol} {found.category.word} {found.score}", TONES[found.category])]
    if found.since_month is not None:
        change = found.since_month.points
        parts.append(part(f"   {arrow(change)} in 30 days", "bad" if change < 0 else "good" if change else "quiet"))
    if found.at is not None:
        parts.append(part(f"   since {_day(found.at, tz)}", "quiet"))
    return parts


def reasons(found: Explanation, tz: ZoneInfo) -> list[Sequence[Part]]:
    """Why the score changed, in words (HEA-9)."""
    if found.score is None:
        return [
            (part("This record has no health score.", ""),),
            (part("A score comes once a health score counts for it and has been calculated.", "quiet"),),
        ]
    if found.at is None:
        return [(part("How this score came about was not kept.", "quiet"),)]
    if found.since_last is None:
        return [(part("This is its first score.", "quiet"),)]
    rows = _change(found.since_last, found.score, f"On {_day(found.at, tz)}")
    month = found.since_month
    if month is not None and month.at != found.since_last.at:
        rows += _change(month, found.score, "In 30 days")
    return rows


def _change(change: Change, score: int, when: str) -> list[Sequence[Part]]:
    tone = "bad" if change.points < 0 else "good"
    if not change.points:
        return [(part(f"{when} it stayed at {score}", "strong"),)]
    head = (part(f"{when} it went from {change.score} to {score}", "strong"), part(f"   {arrow(change.points)}", tone))
    rules = [(group, rule) for group in change.groups for rule in group.rules]
    rows: list[Sequence[Part]] = [head, *(_rule_change(group, rule) for group, rule in rules[:TOLD])]
    if len(rules) > TOLD:
        rows.append((part(f"  and {len(rules) - TOLD} more rules", "quiet"),))
    return rows


def _rule_change(group: GroupChange, rule: RuleChange) -> Sequence[Part]:
    counted = f"{rule.before.matched} → {rule.after.matched}"
    return (
        part(f"  {rule.points:+d}  ".replace("-", "−"), "bad" if rule.points < 0 else "good"),
        part(rule.label),
        part(f"  {counted} · {group.label}", "quiet"),
    )


class Line(NamedTuple):
    """A group, or one of its rules."""

    number: int
    group: Group
    rule: RulePoints | None


def lines_of(found: Explanation) -> list[Line]:
    """Groups with their rules below them."""
    pairs = [(group, rule) for group in found.groups for rule in (None, *group.rules)]
    return [Line(number, group, rule) for number, (group, rule) in enumerate(pairs)]


def line_cells(line: Line, names: Sequence[str]) -> list[Cell]:
    """A line of the table: a bar for a group, what matched for a rule."""
    group, rule = line.group, line.rule

    def one(name: str) -> Cell:
        if rule is None:
            match name:
                case "label":
                    return cell(group.label, "strong")
                case "matched":
                    return gauge(points(group) / group.maximum if group.maximum else 0.0, None, BAR)
                case _:
                    return cell(f"{points(group)} of {group.maximum}", "strong")
        tone = "" if rule.points else "quiet"
        match name:
            case "label":
                return cell(f"  {rule.label}", tone)
            case "matched":
                return cell(f"{rule.matched} ×" if rule.matched else "–", "quiet")
            case _:
                return cell(f"{rule.points:+d}".replace("-", "−") if rule.points else "0", tone)

    return [one(name) for name in names]


def sentence(line: Line) -> str:
    """What a line of the table says, in full."""
    group, rule = line.group, line.rule
    if rule is not None:
        times = "nothing" if not rule.matched else "once" if rule.matched == 1 else f"{rule.matched} times"
        return f"{rule.label}: matched {times}, {rule.points:+d} points of {group.label}.".replace(" -", " −")
    together = sum(each.points for each in group.rules)
    limit = f", and its rules give {together:+d}" if together != points(group) else ""
    return f"{group.label} counts {points(group)} of at most {group.maximum}{limit}.".replace(" -", " −")


def trend(found: Sequence[tuple[int, int]], now: int, days: int, tz: ZoneInfo) -> Drawing:
    """The score day by day, with a line below which a record is at risk."""
    last = local_day(now, tz)
    steps = [day_of(last - timedelta(days=ago)) for ago in range(days, -1, -1)]
    values: list[float | None] = []
    known = [(day_of(local_day(at, tz)), score) for at, score in found]
    for step in steps:
        held = [score for day, score in known if day <= step]
        values.append(held[-1] if held else None)
    labels = [(0, _short(steps[0])), (days // 2, _short(steps[days // 2])), (days, "today")]
    lines = Lines(values, [CUT_OFFS.neutral] * len(steps), (), None, labels, lambda value: str(round(value)))
    return lambda width, height: burn_up(lines, width, height)


def _short(day: int) -> str:
    return shown.day(day).rpartition(" ")[0]


def _day(instant: int, tz: ZoneInfo) -> str:
    return shown.day(day_of(local_day(instant, tz)))
