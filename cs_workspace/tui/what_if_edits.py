"""What somebody types in a what-if: another date or amount of a record, another target of a contributor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.targets import parse_target, print_target
from cs_workspace.domain.goals.what_if import WhatIf, read_amount, read_date
from cs_workspace.domain.money import print_money
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.tui.session import Session
from cs_workspace.tui.what_if_views import day

if TYPE_CHECKING:
    from cs_workspace.workspace.what_if import Candidates, SupposedRow
    from cs_workspace.workspace.what_if_desk import Candidate

Understood = tuple[WhatIf, str]  # what is supposed then, and how the text was understood


def means(found: Candidates) -> str:
    """What may be typed of a record; nothing where it can only be ticked."""
    kinds = ["a day such as +7d or 2026-11-30"] if found.counting.is_movable else []
    kinds += ["an amount such as 48k"] if found.counting.amount is not None else []
    return " or ".join(kinds)


def edited(what_if: WhatIf, found: Candidates, session: Session, row: Candidate, text: str) -> Understood:
    """A text typed of a record: a day or an amount; nothing means as it is. Raises Invalid."""
    supposed, counting = what_if.of(row.id), found.counting
    if not text.strip():
        return what_if.suppose(replace(supposed, date=None, amount=None)), "as it is"
    won = supposed.won or not found.is_weighted
    try:
        amount, said = _worth(found, session, row, text)
        new = replace(supposed, won=won, amount=amount)
    except Invalid as error:
        if not counting.is_movable or "below zero" in error.why:
            raise
        dated = counting.kind.properties[counting.kpi.dated_by]
        try:
            date = read_date(text, dated.type, now=session.clock.now(), tz=session.tz)
        except Invalid as other:
            if counting.amount is None or "longer" in other.why:
                raise other from error
            why = f"{text.strip()!r} is neither a day nor an amount"
            raise Invalid("edit", why, "Write +7d, 2026-11-30 or 48k.") from other
        new = replace(supposed, won=won, date=date)
        said = f"{dated.label.lower()} {day(date, found, session)}"
    return what_if.suppose(new), said


def _worth(found: Candidates, session: Session, row: Candidate, text: str) -> tuple[int | float, str]:
    prop, style = found.counting.amount, session.around.actor.number_format
    if prop is None:
        raise Invalid("amount", "is not what counts here")
    amount = read_amount(text, prop, row.currency, style)
    is_money = prop.type is PropertyType.MONEY
    said = print_money(int(amount), row.currency, style) if is_money else f"{amount:,}"
    return amount, f"{prop.label.lower()} {said}"


def aimed(what_if: WhatIf, session: Session, row: SupposedRow, text: str) -> Understood:
    """A target typed of a contributor's milestone; nothing means as it is. Raises Invalid."""
    if not text.strip():
        return what_if.forget_target(row.before.slice.id), "as it is"
    unit, style, currency = row.before.kpi.unit, session.around.actor.number_format, session.around.currency
    steps = parse_target(text, unit, currency, style)
    return what_if.aim([row.before.slice.id], steps), print_target(steps, unit, currency, style)
