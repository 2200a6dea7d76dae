"""The help, which lists the keys of the place one is at, and the palette, which finds everything by name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from cs_workspace.domain.errors import WorkspaceError
from cs_workspace.tui import places
from cs_workspace.tui.messages import OpenPage, OpenRecord
from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import plain
from cs_workspace.tui.widgets.record_table import Column

if TYPE_CHECKING:
    from cs_workspace.domain.views import View

HELP = (
    Column("front", "", 12, 18),
    Column("help", "", 24, 80),
)
PALETTE = (
    Column("label", "", 20, 40),
    Column("help", "", 10, 60, rank=1),
    Column("front", "", 8, 12, right=True),
)
FOUND = 8  # records of an object at most
PAUSE = 0.05  # seconds of no typing before records are looked for
NO_LISTS = frozenset({"companies", "users", "teams"})  # they have tabs


class Help(ChoiceDrawer):
    """`?`: what can be done here."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__("What can be done here; type to narrow it down", choices, HELP)


class Palette(ChoiceDrawer):
    """`:` and ctrl+p: tabs, lists, actions and views, and the records of all objects as one types (QRY-6)."""

    def __init__(self, choices: Sequence[Choice], host: Host, post: Callable[[Message], object]) -> None:
        super().__init__("A tab, a list, an action, a view or a record", choices, PALETTE)
        self._host = host
        self._post = post

    def on_mount(self) -> None:
        """Offer the lists behind the tabs, and the views as soon as they are read."""
        session = self._host.session
        if session is not None:
            tabs = [choice for choice in self._choices if choice.help.startswith("Go to ")]
            others = [choice for choice in self._choices if not choice.help.startswith("Go to ")]
            self._choices = [*tabs, *self._lists(session), *others]
            self.run_worker(self._read_views(session), group="views", exit_on_error=False)

    def _lists(self, session: Session) -> list[Choice]:
        kinds = [kind for kind in session.around.schema.objects.values() if kind.name not in NO_LISTS]
        return [
            Choice("list", plain(kind.plural), plain(f"All {kind.plural.lower()}"), partial(self._open_list, kind.name))
            for kind in kinds
        ]

    def _open_list(self, object: str, view: int | None = None) -> None:
        self._post(OpenPage(places.record_list(self._host, object, view)))

    async def _read_views(self, session: Session) -> None:
        from cs_workspace.workspace import search

        try:
            views = await self._host.loader.run(partial(session.run, search.views))
        except WorkspaceError:
            return  # what one types is looked for all the same, and that says why
        self._choices = [*self._choices, *(self._view(session, view) for view in views)]
        self.add(self._more)

    def _view(self, session: Session, view: View) -> Choice:
        of = f"{session.around.schema[view.object].plural}: {view.description or view.query or 'all'}"
        return Choice("view", plain(view.name), plain(of), partial(self._open_list, view.object, view.id))

    def searched(self, text: str) -> None:
        """Look for records; what was looked for before is cancelled."""
        if self._host.session is None or len(text.strip()) < 2:
            self.workers.cancel_group(self, "search")
            self.add(())
            return
        self.run_worker(self._search(self._host.session, text), group="search", exclusive=True, exit_on_error=False)

    async def _search(self, session: Session, text: str) -> None:
        from cs_workspace.workspace import search

        await asyncio.sleep(PAUSE)
        try:
            found = await self._host.loader.run(partial(session.run, search.find, text, limit=FOUND))
        except WorkspaceError as error:
            self.add([Choice("", "", error.message, None)])
            return
        labels = {name: kind.label.lower() for name, kind in session.around.schema.objects.items()}
        self.add(
            [
                Choice(
                    plain(labels.get(each.object, each.object)),
                    plain(each.title) or f"#{each.id}",
                    plain(" · ".join(part for part in (each.beside, each.owner) if part)),
                    partial(self._open_record, each.object, each.id),
                )
                for each in found
            ]
        )

    def _open_record(self, object: str, id: int) -> None:
        self._post(OpenRecord(object, id))
