"""What the grid of targets says about the cell or the range that is selected."""

from __future__ import annotations

from collections.abc import Sequence

from cs_workspace.domain.goals.sheet import Box, Sheet
from cs_workspace.tui.text import Part, part
from cs_workspace.tui.widgets.grid_prompt import counted


def of_cell(sheet: Sheet, row: int, column: int, title: str) -> Sequence[Part]:
    """Whose target it is, in full; and why it cannot be edited."""
    each = sheet.rows[row]
    said = [part(f"{each.name} · {title}  ", "quiet"), part(sheet.spelled(sheet.targets.get((row, column))))]
    return [*said, part(f"  {each.locked}", "quiet")] if each.locked else said


def of_range(sheet: Sheet, box: Box) -> Sequence[Part]:
    """How large it is, and what its targets add up to."""
    targets = [sheet.targets[place] for place in box.places if place in sheet.targets]
    rows, columns = box.bottom - box.top + 1, box.right - box.left + 1
    said = f"{counted(rows, 'row')} × {counted(columns, 'milestone')}"
    if targets and sheet.aggregate.additive:
        said += f", together {sheet.spelled(sum(targets))}"
    return [part(said, "quiet")]


def of_gap(sheet: Sheet, row: int, column: int, title: str) -> Sequence[Part]:
    """How the users' targets stand against their team's, in this milestone and in all; nothing for a user (GOL-15)."""
    said: list[Part] = []
    for where, gap, team in (
        (f"{title}: users add up to ", sheet.gap(row, column), sheet.targets.get((row, column))),
        ("in all ", sheet.gap(row), sheet.total(row)),
    ):
        if gap is None or team is None:
            continue
        less = f"{sheet.spelled(abs(gap))} {'more' if gap > 0 else 'less'} than" if gap else "the same as"
        sentence = f"{where}{sheet.spelled(team + gap)}, {less} the team's {sheet.spelled(team)}"
        tone = "warn" if gap else "good"
        said.append(part(f" · {sentence}", tone)._replace(short="") if said else part(sentence, tone))
    return said
