"""A custom property for all records of an object: its label, its type, its options (REC-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from textual.widget import Widget

from cs_workspace.domain.permissions import Permission, refusal
from cs_workspace.domain.schema.custom import LONGEST_LABEL, TYPES
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.tui.messages import Say
from cs_workspace.tui.page import Page
from cs_workspace.tui.panels.form import Form
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Part, part
from cs_workspace.tui.widgets.fields import OneOf, TextField

WORDS = {
    PropertyType.TEXT: "Text, one line",
    PropertyType.LONG_TEXT: "Text, several lines",
    PropertyType.INTEGER: "Whole number",
    PropertyType.NUMBER: "Number",
    PropertyType.MONEY: "Money",
    PropertyType.DATE: "Day",
    PropertyType.DATETIME: "Day and time",
    PropertyType.DURATION: "Length of time",
    PropertyType.BOOLEAN: "Yes or no",
    PropertyType.ENUMERATION: "One of several options",
    PropertyType.USER: "User",
}


def start(page: Page, object: str, added: Callable[[str], object] | None = None) -> None:
    """Ask for a new property of an object; `added` hears its internal name."""
    session = page.host.session
    if session is None:
        return
    reason = refusal(session.around.actor, Permission.SETTINGS)
    if session.read_only or reason is not None:
        why = (
            "The store is open for reading only." if session.read_only else f"You may not add a property: it {reason}."
        )
        page.post_message(Say(why, "warn"))
        return

    def closed(name: str | None) -> None:
        if name is not None and added is not None:
            added(name)

    page.app.push_screen(PropertyForm(page.host, session, object), closed)


class PropertyForm(Form[str]):
    """Opened from what is shown of a record."""

    SAVES = "Add"

    def __init__(self, host: Host, session: Session, object: str) -> None:
        super().__init__(host, session)
        self._object = object
        self.label = TextField(
            "Label", id="label", placeholder="as people read it, such as Tier", max_length=LONGEST_LABEL
        )
        self.type = OneOf("Type", [(str(each), WORDS[each]) for each in TYPES], str(TYPES[0]), id="type")
        self.options = TextField("Options", id="options", placeholder="Gold; Silver; Bronze", max_length=2_000)

    def heading(self) -> Sequence[Sequence[Part | str]]:
        """Of which object."""
        plural = self.session.around.schema[self._object].plural
        return [(part("New property", "strong"), part(f"   {plural}", "quiet"))]

    def fields(self) -> Iterable[Widget]:
        """What it is called, what it holds."""
        yield from (self.label, self.type, self.options)

    def on_mount(self) -> None:
        """Options are of an enumeration."""
        self.changed()

    def changed(self) -> None:
        """Ask for options where there are some."""
        self.options.display = self.type.value == PropertyType.ENUMERATION
        self.label.hint()
        self.options.hint(part("Separated by semicolons, in the order in which they are offered.", "quiet"))

    async def write(self) -> str:
        """Make it."""
        from cs_workspace.workspace import properties

        texts = [each for each in self.options.value.split(";") if each.strip()] if self.options.display else []
        add = partial(self.session.run, properties.add, self._object, self.label.value, self.type.value, options=texts)
        name = await self.host.loader.run(add)
        self.host.look()
        self.app.post_message(Say(f"Property {self.label.value.strip()} added · u undoes"))
        return name
