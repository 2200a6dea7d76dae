"""Logging what was done with a customer: first what it was, then a short form (CUS-9). Esc keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from cs_workspace.domain.errors import Invalid
from cs_workspace.tui.messages import Say
from cs_workspace.tui.page import Draft
from cs_workspace.tui.panels.choice import Choice, ChoiceDrawer
from cs_workspace.tui.panels.form import BACK, Form, people_of
from cs_workspace.tui.record_keys import RecordKeys, Subject
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Part, part, plain
from cs_workspace.tui.widgets.fields import Field, OneOf, TextField
from cs_workspace.tui.widgets.property_fields import LongText, Person, PersonField, TimeField, typed_in
from cs_workspace.tui.widgets.record_table import Column

if TYPE_CHECKING:
    from cs_workspace.workspace.panels import Layout

KINDS: Mapping[str, tuple[str, str]] = {
    "notes": ("Note", "write something down"),
    "calls": ("Call", "what was said, and how it went"),
    "emails": ("E-mail", "one that was sent or came in"),
    "meetings": ("Meeting", "one that was held or is planned"),
    "tasks": ("Task", "something to be done"),
}
OUTCOMES = ("Connected", "Left voicemail", "No answer", "Busy", "Wrong number")
NONE = ("", "none")
_COLUMNS = (Column("label", "", 10, 16, sortable=False), Column("help", "", 20, 50, sortable=False))


def start(page: RecordKeys, subject: Subject) -> None:
    """Ask what is to be logged with a record."""
    session = page.host.session
    if session is not None:
        page.doing(_start(page, session, subject))


async def _start(page: RecordKeys, session: Session, subject: Subject) -> None:
    from cs_workspace.workspace import drafts, panels, record_page

    def read() -> tuple[Layout, str, dict[str, dict[str, str]]]:
        found: dict[str, dict[str, str]] = {}
        for kind in KINDS:
            draft = session.run(drafts.find, _place(kind, subject))
            found[kind] = draft or {}
        return session.run(panels.layout, subject[0]), session.run(record_page.record, *subject).title, found

    layout, title, kept = await page.host.loader.run(read)
    people = [Person(login, name) for login, name in await people_of(page, session)]

    def choose(kind: str) -> None:
        form = LogForm(page, session, kind, subject, title, people, kept[kind])
        page.app.push_screen(form, partial(_logged, page))

    choices = [
        Choice("", KINDS[kind][0], "begun before: back again" if kept[kind] else KINDS[kind][1], partial(choose, kind))
        for kind in layout.activities or KINDS
    ]

    def chosen(choice: Choice | None) -> None:
        if choice is not None and choice.run is not None:
            choice.run()

    page.app.push_screen(ChoiceDrawer(f"Log with {plain(title, 60)}: what?", choices, _COLUMNS), chosen)


def _place(kind: str, subject: Subject) -> str:
    return f"log {kind} {subject[0]} {subject[1]}"


def _logged(page: RecordKeys, said: str | None) -> None:
    if said:
        page.host.look()
        page.post_message(Say(said))


class LogForm(Form[str]):
    """The fields of one kind of activity; answers with what was logged."""

    HINTS = ("↑↓ field", "tab next", "ctrl+s save", "esc later")

    def __init__(
        self,
        page: RecordKeys,
        session: Session,
        kind: str,
        subject: Subject,
        title: str,
        people: Sequence[Person],
        kept: Mapping[str, str],
    ) -> None:
        """`kept` is what was typed the last time and not saved."""
        super().__init__(page.host, session)
        self.kind = kind
        self._subject = subject
        self._title = title
        self._kept = {name: str(text) for name, text in kept.items()}
        self._fields = self._made(people)
        self._begin = {} if kept else typed_in(self._fields)

    def _made(self, people: Sequence[Person]) -> list[Field]:
        session = self.session

        def text(name: str, otherwise: str = "") -> str:
            return self._kept.get(name, otherwise)

        title = TextField("Title", text("title"), id="title", max_length=200)
        if self.kind == "tasks":
            types = [("to_do", "to-do"), ("call", "call"), ("email", "e-mail")]
            ranks = [("none", "none"), ("low", "low"), ("medium", "medium"), ("high", "high")]
            return [
                title,
                TimeField("Due", session, text("due_at", "tomorrow 9:00"), id="due_at", object="tasks"),
                PersonField("For", people, text("assignee", session.around.actor.login), id="assignee"),
                OneOf("Type", types, text("type", "to_do"), id="type"),
                OneOf("Priority", ranks, text("priority", "none"), id="priority"),
                LongText("Notes", text("notes"), id="notes"),
            ]
        body = LongText("Text", text("body"), id="body")
        at = TimeField("When", session, text("at", "now"), id="at", object=self.kind)
        if self.kind == "notes":
            return [body, at]
        directions = [NONE, ("outbound", "to them"), ("inbound", "from them")]
        direction = OneOf("Direction", directions, text("direction", "outbound"), id="direction")
        duration = TextField("Duration", text("duration"), id="duration", placeholder="15m, 1h30", max_length=20)
        if self.kind == "calls":
            words = [NONE, *((each, each.lower()) for each in OUTCOMES)]
            return [OneOf("Outcome", words, text("outcome"), id="outcome"), title, body, at, duration, direction]
        if self.kind == "emails":
            return [title, body, at, direction]
        return [title, body, at, duration, TextField("Place", text("location"), id="location", max_length=200)]

    def heading(self) -> Sequence[Sequence[Part | str]]:
        """What, and with whom."""
        words = "Task for" if self.kind == "tasks" else f"{KINDS[self.kind][0]} with"
        back = [(part(BACK, "accent"),)] if self._kept else []
        return [(part(f"{words} {plain(self._title, 60)}", "strong"),), *back]

    def fields(self) -> Iterable[Field]:
        """Those of the kind."""
        return self._fields

    async def write(self) -> str | None:
        """Log it."""
        from cs_workspace.workspace import log

        texts = {str(field.id): str(field.value) for field in self._fields}
        texts = {name: text for name, text in texts.items() if text.strip()}
        if self.kind in {"notes", "emails"} and not (texts.get("title") or texts.get("body")):
            raise Invalid("body", "there is nothing to keep yet")
        await self.host.loader.run(partial(self.session.run, log.log, self.kind, texts, self._subject))
        await self.keep(Draft(_place(self.kind, self._subject), None))
        what = "Task added for" if self.kind == "tasks" else f"{KINDS[self.kind][0]} logged with"
        return f"{what} {plain(self._title, 60)} · u undoes"

    def draft(self) -> Draft | None:
        """What was typed; it is there the next time."""
        typed = typed_in(self._fields)
        return Draft(_place(self.kind, self._subject), typed) if typed != self._begin else None
