"""The help, which lists the keys of the place one is at, and the palette, which finds tabs, actions and companies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.domain.query.printer import print_word
from cs_workspace.tui.messages import OpenRecord
from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import plain
from cs_workspace.tui.widgets.record_table import Column

HELP = (
    Column("front", "", 12, 18),
    Column("help", "", 24, 80),
)
PALETTE = (
    Column("label", "", 20, 40),
    Column("help", "", 10, 60, rank=1),
    Column("front", "", 8, 12, right=True),
)
FOUND = 8  # companies at most
PAUSE = 0.05  # seconds of no typing before companies are looked for


class Help(ChoiceDrawer):
    """`?`: what can be done here."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__("What can be done here; type to narrow it down", choices, HELP)


class Palette(ChoiceDrawer):
    """`:` and ctrl+p: everything by name."""

    def __init__(self, choices: Sequence[Choice], host: Host, open_record: Callable[[OpenRecord], object]) -> None:
        super().__init__("A tab, an action or a company", choices, PALETTE)
        self._host = host
        self._open = open_record

    def searched(self, text: str) -> None:
        """Look for companies of that name."""
        if self._host.session is None or len(text.strip()) < 2:
            self.add(())
            return
        self.run_worker(self._search(self._host.session, text), group="search", exclusive=True, exit_on_error=False)

    async def _search(self, session: Session, text: str) -> None:
        from cs_workspace.workspace import records

        await asyncio.sleep(PAUSE)
        query = " ".join(print_word(word) for word in text.split())
        read = partial(session.run, records.page, "companies", query, columns=("name", "domain"), limit=FOUND)
        try:
            rows = await self._host.loader.run(read)
        except WorkspaceError as error:
            self.add([Choice("", "", error.message, None)])
            return
        self.add(
            [
                Choice(
                    "company",
                    plain(row.text["name"]),
                    plain(row.text["domain"]),
                    partial(_tell, self._open, OpenRecord("companies", row.id)),
                )
                for row in rows
            ]
        )


def _tell(receive: Callable[[OpenRecord], object], message: OpenRecord) -> None:
    receive(message)
