"""Following records and following them no longer (REC-5)."""

from __future__ import annotations

from functools import partial

from cs_workspace.domain.selection import Selection
from cs_workspace.tui.messages import Say
from cs_workspace.tui.record_keys import RecordKeys
from cs_workspace.tui.session import Session


def toggle(page: RecordKeys, selection: Selection) -> None:
    """Follow the records, or none of them any more where all are followed."""
    session = page.host.session
    if session is not None:
        page.doing(_toggle(page, session, selection))


async def _toggle(page: RecordKeys, session: Session, selection: Selection) -> None:
    from cs_workspace.workspace import follows

    begins, count = await page.host.loader.run(partial(session.run, follows.toggle, selection))
    kind = session.around.schema[selection.object]
    what = f"1 {kind.label.lower()}" if count == 1 else f"{count:,} {kind.plural.lower()}"
    if begins:
        page.post_message(Say(f"You follow {what} now: N tells what others do with it · u undoes"))
    else:
        page.post_message(Say(f"You follow {what} no longer · u undoes"))
    page.acted()
