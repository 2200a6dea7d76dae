"""The Customers tab: the accounts one looks after (CUS-1)."""

from __future__ import annotations

from collections.abc import Mapping

from cs_workspace.tui.record_list import RecordList
from cs_workspace.tui.session import Host


class CustomersScreen(RecordList):
    """One row per company; at first those that are one's own."""

    TITLE = "Customers"
    PLACEHOLDER = "filter: owner:me  renewal_date:..+90d  arr:>50k"
    NOTHING_YET = (
        "There are no customers yet.",
        "n makes the first one; many come from the shell: cs-workspace import FILE --object companies",
        "What is made elsewhere appears here by itself.",
    )
    LABELS: Mapping[str, str] = {"owner": "CSM", "renewal_date": "Renewal"}
    FIRST_VIEW = "owned_by_me"

    def __init__(self, host: Host) -> None:
        super().__init__(host, "companies")
