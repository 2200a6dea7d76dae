"""What to copy of a record: its name, its link, its number, an address, or all of it as text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cs_workspace.domain.text import printable
from cs_workspace.tui import record_views as views
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.record_keys import RecordKeys, Subject
from cs_workspace.tui.session import Session
from cs_workspace.tui.widgets.record_table import Column

if TYPE_CHECKING:
    from cs_workspace.workspace.record_page import Record

_COLUMNS = (Column("label", "", 12, 16, sortable=False), Column("help", "", 20, 60, sortable=False))
_ADDRESSES = {"url": "Link", "email": "E-mail", "phone": "Phone", "domain": "Domain"}


def start(page: RecordKeys, subject: Subject) -> None:
    """Offer what can be copied of a record."""
    if page.host.session is not None:
        page.doing(_offer(page, page.host.session, subject))


async def _offer(page: RecordKeys, session: Session, subject: Subject) -> None:
    from cs_workspace.workspace import record_page

    record = await page.host.loader.run(partial(session.run, record_page.record, *subject))

    def choice(label: str, text: str, shown: str = "") -> Choice:
        return Choice("", label, shown or text, partial(_copy, page, label, text))

    found = [choice("Name", views.called(record)), choice("Name and number", views.reference(record))]
    found += [choice(label, str(record.values[n])) for n, label in _ADDRESSES.items() if n in record.values]
    found += [choice("Number", str(record.id)), choice("All of it", _all(record, session), "every property, as text")]
    page.app.push_screen(ChoiceDrawer("what to copy", found, _COLUMNS), _do)


def _do(choice: Choice | None) -> None:
    if choice is not None and choice.run is not None:
        choice.run()


def _copy(page: RecordKeys, label: str, text: str) -> None:
    page.app.copy_to_clipboard(text)
    page.post_message(Say(f"Copied: {label.lower()}", "good"))


def _all(record: Record, session: Session) -> str:
    named = ((detail.label, detail.text) for detail in views.details(record, session))
    rows = [views.reference(record), "", *(f"{label}: {text}" for label, text in named)]
    return "\n".join(printable(row) for row in rows)
