"""The list of any object: contacts, deals, tickets, custom objects."""

from __future__ import annotations

from cs_workspace.tui.record_list import RecordList
from cs_workspace.tui.session import Host


class RecordsScreen(RecordList):
    """Opened from the palette and wherever all records of an object are meant."""

    PLACEHOLDER = "filter: words, owner:me, created_at:-30d.."

    def __init__(self, host: Host, object: str, view: int | None = None) -> None:
        session = host.session
        kind = None if session is None else session.around.schema.objects.get(object)
        self.TITLE = kind.plural if kind is not None else object.capitalize()
        one, many = (kind.label.lower(), kind.plural.lower()) if kind is not None else (object, object)
        self.NOTHING_YET = (
            f"There are no {many} yet.",
            f"n makes the first {one}; many come from the shell: cs-workspace import FILE --object {object}",
            "What is made elsewhere appears here by itself.",
        )
        super().__init__(host, object)
        self.asked_view = view
