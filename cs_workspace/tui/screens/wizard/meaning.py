"""What a goal will mean, as the wizard shows it: the sentence, the numbers, and what stands against it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from cs_workspace.domain.errors import Invalid, Refused, WorkspaceError
from cs_workspace.tui import format as shown
from cs_workspace.tui.text import Part, fit, part

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_preview import Preview

MOST = 18  # rows that are listed
_NAME, _NUMBER = 18, 11  # cells

Lines = list[Sequence[Part]]


def meaning_lines(preview: Preview | None, currency: str, *, reached: Collection[str], now: int, beside: bool) -> Lines:
    """The lines of the pane; `reached` are the parts one has come to, so that nothing is blamed before its turn."""
    rows: Lines = [(part("What this means", "strong"),)] if beside else []
    if preview is None or preview.kpi is None:
        return (
            [*rows, (part("Choose what to measure.", "quiet"),)]
            if preview is None
            else [*rows, *_against(preview, reached)]
        )
    rows.append((part(preview.meaning),))
    if preview.forecastable:
        rows.append((part("It is classified as forecasted revenue and shows in the forecast.", "quiet"),))
    if preview.milestones:
        rows += _numbers(preview, currency, now, beside=beside)
    return [*rows, *_against(preview, reached)]


def _numbers(preview: Preview, currency: str, now: int, *, beside: bool) -> Lines:
    """What would have been measured so far and in the year before, in all and by contributor."""
    kpi = preview.kpi
    assert kpi is not None
    this, last = _years(preview, now)
    so_far = shown.amount(preview.so_far, kpi, currency) if this else "not begun"
    before = shown.amount(preview.last_year, kpi, currency)
    if not beside:
        return [
            (
                part("Would have been measured: ", "quiet"),
                part(f"{this or preview.year} ", "quiet"),
                part(so_far, "strong"),
                part(f"   {last} ", "quiet"),
                part(before, "strong"),
            )
        ]
    rows: Lines = [
        (),
        (part("Would have been measured", "quiet"),),
        _line("", this or preview.year, last, "quiet"),
        _line("All", so_far, before, "strong"),
    ]
    rows += (
        _line(
            f"{'' if row.is_team else '  '}{row.name}",
            shown.amount(row.so_far, kpi, currency) if this else "",
            shown.amount(row.last_year, kpi, currency),
        )
        for row in preview.rows[:MOST]
    )
    if len(preview.rows) > MOST:
        rows.append((part(f"and {len(preview.rows) - MOST} more", "quiet"),))
    return rows


def _years(preview: Preview, now: int) -> tuple[str, str]:
    """What the two columns are called: `2026 so far`, `2025`; the first is empty for a goal that begins later."""
    first, last = preview.periods[0], preview.periods[-1]
    year = preview.year or "this period"
    before = "a year before"
    if preview.year.isdigit():
        before = str(int(preview.year) - 1)
    if first.start > now:
        return "", f"{before} so far" if preview.year.isdigit() else before
    return (f"{year} so far" if last.end > now else year), before


def _line(name: str, this: str, last: str, tone: str = "") -> Sequence[Part]:
    return (
        Part(fit(part(name).text, _NAME), tone),
        Part(" "),
        Part(fit(part(this).text, _NUMBER, right=True), tone),
        Part(" "),
        Part(fit(part(last).text, _NUMBER, right=True), tone or "quiet"),
    )


def sentence(error: WorkspaceError) -> str:
    """What is wrong as a form says it, without the name an option has."""
    if not isinstance(error, Invalid):
        return str(error)
    why = f"{error.field} {error.why}" if error.why.startswith(("is ", "has ", "goes ")) else error.why
    return f"{why[:1].upper()}{why[1:]}. {error.hint}".strip()


def _against(preview: Preview, reached: Collection[str]) -> Lines:
    rows: Lines = []
    for name, error in preview.refusals.items():
        if name in reached:
            refused = isinstance(error, Refused)
            rows.append((part(f"{'▲' if refused else '·'} {sentence(error)}", "warn" if refused else "quiet"),))
    if "contributors" in reached:
        rows += (
            (part(f"? {each.name} is in {' and '.join(each.teams)}: tick one.", "warn"),) for each in preview.questions
        )
    return [(), *rows] if rows else []
