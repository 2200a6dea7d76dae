"""A what-if in words and cells: what could count, where it would count, and what would come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from cs_workspace.domain.clock import day_of, local_day
from cs_workspace.domain.goals.model import Kpi, Unit
from cs_workspace.domain.goals.what_if import WhatIf
from cs_workspace.tui import format as shown
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Cell, Part, cell, part
from cs_workspace.tui.widgets.record_table import Column

if TYPE_CHECKING:
    from cs_workspace.store.goals import SliceRow
    from cs_workspace.workspace.what_if import Candidates, Supposed, SupposedRow
    from cs_workspace.workspace.what_if_desk import Candidate


def contributor_columns(kpi: Kpi | None) -> Sequence[Column]:
    """The columns of what would be; amounts of money are wider than counts."""
    wide = 14 if kpi is not None and kpi.unit is Unit.CURRENCY else 8
    return (
        Column("contributor", "Contributor", 10, 24, sortable=False),
        Column("actual", "Actual", wide, 20, right=True, sortable=False),
        Column("progress", "", 10, 12, right=True, sortable=False),
        Column("state", "Pace", 14, 18, sortable=False),
        Column("forecast", "Forecast", wide, 20, right=True, rank=1, sortable=False),
    )


def candidate_columns(found: Candidates) -> Sequence[Column]:
    """The columns of what could count, by what the goal measures."""
    kind, amount = found.counting.kind, found.counting.amount
    dated = kind.properties[found.goal.kpi.dated_by]
    columns = [Column("title", kind.label, 22, 44, sortable=False)]
    if amount is not None:
        columns.append(Column("value", amount.label, 8, 13, right=True, sortable=False))
    if found.counting.is_movable:
        columns.append(Column("date", dated.label, 11, 13, sortable=False))
    if "is_won" in kind.properties:
        columns.append(Column("likely", "Likely", 6, 6, right=True, rank=3, sortable=False))
    columns.append(Column("owner", "Owner", 12, 18, rank=2, sortable=False))
    if kind.has_pipeline:
        columns.append(Column("stage", "Stage", 14, 22, rank=4, sortable=False))
    if "companies" in kind.properties:
        columns.append(Column("company", "Company", 14, 28, rank=5, sortable=False))
    return columns


def day(raw: int | None, found: Candidates, session: Session) -> str:
    """When a record counts, as the goal dates its records; this year goes without saying."""
    if raw is None:
        return "–"
    text = shown.day(raw if found.counting.by_day else day_of(local_day(raw, session.tz)))
    return text.removesuffix(f" {local_day(session.clock.now(), session.tz).year}")


@dataclass(frozen=True, slots=True)
class Sight:
    """What could count, seen from one milestone with all that is supposed."""

    found: Candidates
    supposed: Supposed | None  # none while it is not calculated
    what_if: WhatIf
    position: int | None  # the milestone
    session: Session

    def candidate(self, row: Candidate, names: Sequence[str]) -> list[Cell]:
        """A record that could count."""
        kpi, supposed = self.found.goal.kpi, self.what_if.of(row.id)
        would = row if supposed.is_empty or self.supposed is None else self.supposed.records.get(row.id, row)

        def one(name: str) -> Cell:
            match name:
                case "title":
                    return (
                        part("☑ " if supposed.won else "☐ ", "accent" if supposed.won else "quiet"),
                        part(row.title),
                    )
                case "value":
                    tone = _tone(would.value != row.value)
                    return shown.amount_cell(would.value, kpi, self.session.around.currency, tone)
                case "date":
                    late = would.date is not None and would.date < self.found.counting.today
                    mark = self._elsewhere(would) if supposed.won and would is not row else ""
                    tone = "warn" if mark or (late and would.date == row.date) else "quiet"
                    text = f"{day(would.date, self.found, self.session)}{mark}"
                    return cell(text, _tone(would.date != row.date and not mark) or tone)
                case "likely":
                    return cell("" if row.probability is None else f"{round(row.probability * 100)} %", "quiet")
                case _:
                    return cell(getattr(would, name), _tone(getattr(would, name) != getattr(row, name)) or "quiet")

        return [one(name) for name in names]

    def where(self, record: int) -> Part | None:
        """Where a ticked record counts if not, on its own date, in the milestone one looks at."""
        would = self.supposed.records.get(record) if self.supposed is not None else None
        supposed, counting = self.what_if.of(record), self.found.counting
        if would is None or not supposed.won:
            return None
        if not would.counts or would.date is None:
            why = "something else of it is not as the goal asks"
            if counting.amount is not None and would.value is None:
                why = f"it has no {counting.amount.label.lower()}; e gives it one"
            return part(f"Ticked, but it would not count: {why}.", "warn")
        place = self._place_of(would)
        dated = counting.kind.properties[self.found.goal.kpi.dated_by].label.lower()
        on = f"on its {dated} {day(would.date, self.found, self.session)}"
        was = next((each.date for each in self.found.rows if each.id == record), None)
        edit = "; e changes the date" if counting.is_movable else ""
        if place is None:
            return part(f"Counts in none of the milestones, {on}{edit}.", "warn")
        label = shown.milestone(place.label)
        if self._is_over(place):
            return part(f"Would count in {label}, which is over and frozen: it changes nothing{edit}.", "warn")
        if supposed.date is None and was is not None and was < would.date:
            past = day(was, self.found, self.session)
            return part(f"Counts in {label}, today: its {dated} {past} is over{edit}.")
        return part(f"Counts in {label}, {on}{edit}.") if place.position != self.position else None

    def _elsewhere(self, row: Candidate) -> str:
        """What marks a ticked record that does not count in the shown milestone: later, earlier, or to no effect."""
        place = self._place_of(row)
        if not row.counts or place is None or self._is_over(place):
            return " ×"
        if self.position is None or place.position == self.position:
            return ""
        return " ›" if place.position > self.position else " ‹"

    def _is_over(self, place: SliceRow) -> bool:
        return place.end <= self.session.clock.now()

    def _place_of(self, row: Candidate) -> SliceRow | None:
        """The milestone a record's date lies in."""
        if self.supposed is None or row.date is None:
            return None
        date, by_day = row.date, self.found.counting.by_day
        return next(
            (
                each
                for each in (row.before.slice for row in self.supposed.rows)
                if (each.first_day <= date <= each.last_day if by_day else each.start <= date < each.end)
            ),
            None,
        )


def contributor_cells(row: SupposedRow, names: Sequence[str], currency: str) -> list[Cell]:
    """A contributor's milestone, as it is and as it would be."""
    one, other, kpi = row.before.reading, row.after.reading, row.before.kpi
    percents = (_percent(one.progress_percent), _percent(other.progress_percent))
    return [
        {
            "contributor": lambda: cell(row.before.contributor_name, "accent" if row.moved else ""),
            "actual": lambda: _amounts(one.actual, other.actual, kpi, currency),
            "progress": lambda: _change(percents[0].removesuffix(" %"), percents[1], percents[0]),
            "state": lambda: _change_of_state(row),
            "forecast": lambda: _amounts(row.forecast_before, row.forecast_after, kpi, currency),
        }[name]()
        for name in names
    ]


def heading(row: SupposedRow, currency: str) -> list[Sequence[Part]]:
    """All there is to say of one contributor's milestone, line by line."""
    one, other, kpi = row.before.reading, row.after.reading, row.before.kpi
    amount = partial(shown.amount, kpi=kpi, currency=currency)
    needs = [shown.needed_a_day(each.needed_per_day or Fraction(0), kpi, currency) for each in (one, other)]

    def line(word: str, before: str, after: str, tone: str = "", more: str = "") -> Sequence[Part]:
        pieces = [part(f"{word:<10}", "quiet")]
        pieces += [part(before, "strong")] if before == after else [part(f"{before} → "), part(after, tone or "accent")]
        return [*pieces, part(more, "quiet")]

    status, after_status = (shown.STATUS[each.status] for each in (one, other))
    pace, after_pace = (shown.PACE[each.pace] for each in (one, other))
    rows: list[Sequence[Part]] = [
        [part(row.before.contributor_name, "strong")],
        line("Target", amount(one.target), amount(other.target)),
        line("Actual", amount(one.actual), amount(other.actual)),
        line("Progress", _percent(one.progress_percent), _percent(other.progress_percent)),
        line("Status", status[0] or "–", after_status[0] or "–", after_status[1]),
        line("Pace", pace[0] or "–", after_pace[0] or "–", after_pace[1]),
    ]
    if one.needed_per_day is not None or other.needed_per_day is not None:
        rows.append(line("Needs", needs[0], needs[1], more=" per working day"))
    of = "" if None in (other.target, row.forecast_after) else f" of {amount(other.target)}"
    return [*rows, line("Forecast", amount(row.forecast_before), amount(row.forecast_after), more=of), []]


def in_words(what_if: WhatIf) -> str:
    """`2 ticked · 1 changed · 1 target`."""
    won = sum(each.won for each in what_if.records.values())
    other = len(what_if.records) - won
    said = [f"{won} ticked"] if won else []
    said += [f"{other} changed"] if other else []
    said += [counted(len(what_if.targets), "target")] if what_if.targets else []
    return " · ".join(said)


def counted(number: int, what: str) -> str:
    """`1 task`, `2 tasks`."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def nothing(found: Candidates) -> str:
    """Why there is nothing to suppose."""
    what = found.counting.kind.plural.lower()
    if not found.counting.is_movable:
        return f"All {what} count as soon as they are there: there is none to suppose."
    return f"No open {what} of these contributors could count."


def _percent(value: int | None) -> str:
    return shown.percent(value) or "–"


def _tone(changed: bool) -> str:
    return "accent" if changed else ""


def _amounts(before: Fraction | None, after: Fraction | None, kpi: Kpi, currency: str) -> Cell:
    """`339 → 421 k €`: the sign is said once, and so is what makes thousands of both."""
    one, other = (shown.short_amount(v, kpi, currency) or shown.amount(v, kpi, currency) for v in (before, after))
    if kpi.unit is Unit.CURRENCY and before is not None and after is not None:
        sign = shown.money(0, currency).partition(" ")[2]
        figures = one.removesuffix(f" {sign}")
        for suffix in (" k", " M"):
            if f"{suffix} {sign}" in other:
                figures = figures.removesuffix(suffix)
        return _change(figures, other, one)
    return _change(one, other, one)


def _change(before: str, after: str, same: str) -> Cell:
    """`68 → 84 %`; what does not change is said once."""
    if same == after:
        return cell(after)
    return (part(f"{before} → ", "quiet"), part(after, "accent"))


def _change_of_state(row: SupposedRow) -> Cell:
    """The pace of a milestone that runs, the status of another; of what it was before, the symbol."""
    before, after = (
        shown.PACE[each.reading.pace] if each.reading.pace is not None else shown.STATUS[each.reading.status]
        for each in (row.before, row.after)
    )
    return (part(*after),) if before == after else (part(f"{before[0][:1] or '–'} → ", "quiet"), part(*after))
