"""A field for a property, by its type; what was typed is echoed as it was understood, and answers with ISO text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from cs_workspace.domain.clock import local_day, print_instant
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.folding import fold
from cs_workspace.domain.schema.model import Property, PropertyType
from cs_workspace.domain.times import meant, parse_day, parse_time
from cs_workspace.tui import format as shown
from cs_workspace.tui.keys import some
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import part, plain
from cs_workspace.tui.widgets.fields import Field, OneOf, TextField

T = PropertyType
NONE = ("", "none")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be chosen."""

    login: str
    name: str


class Lines(TextArea):
    """Several lines of text; the arrows leave it at its ends."""

    BINDINGS: ClassVar[list[BindingType]] = some("form.next", "form.before")

    class Went(Message):
        """An end was left."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, text: str) -> None:
        super().__init__(text, compact=True, show_line_numbers=False, highlight_cursor_line=False)
        self.cursor_blink = False

    def action_field(self, step: int) -> None:
        """A line on, or out of it."""
        if (step > 0 and self.cursor_at_last_line) or (step < 0 and self.cursor_at_first_line):
            self.post_message(self.Went(step))
        elif step > 0:
            self.action_cursor_down()
        else:
            self.action_cursor_up()


class LongText(Field):
    """Several lines of text."""

    def __init__(self, label: str, value: str = "", *, id: str) -> None:
        super().__init__(label, id=id)
        self._lines = Lines(value)
        self.add_class("long")

    def inside(self) -> Iterable[Widget]:
        """The lines."""
        yield self._lines

    @property
    def value(self) -> str:
        """The text."""
        return self._lines.text

    @property
    def target(self) -> Widget:
        """The lines."""
        return self._lines

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Changed(self))

    def on_lines_went(self, event: Lines.Went) -> None:
        """So do the arrows."""
        event.stop()
        self.post_message(self.Left(self, event.step))


class EchoField(TextField):
    """Says below what was understood, or why nothing was."""

    def on_mount(self) -> None:
        """Echo what is there."""
        self.understood()

    def understood(self) -> None:
        """The same in words."""
        text = super().value.strip()
        if not text:
            self.hint()
            return
        try:
            self.hint(part(self.in_words(text), "quiet"))
        except Invalid as error:
            self.hint(part(f"▲ {error.why}. {error.hint}".rstrip(), "warn"))

    def in_words(self, text: str) -> str:
        """What a text means. Raises Invalid."""
        raise NotImplementedError

    def written(self, text: str) -> str:
        """How the store is told. Raises Invalid."""
        raise NotImplementedError

    @property
    def typed(self) -> str:
        """What was typed."""
        return super().value

    @property
    def value(self) -> str:
        """What the store is told; what means nothing as it was typed, for the store to refuse."""
        text = super().value.strip()
        try:
            return self.written(text) if text else ""
        except Invalid:
            return text


class DayField(EchoField):
    """A day: ISO 8601, or in words such as `tomorrow`, `next fri`, `+90d`."""

    def __init__(self, label: str, session: Session, value: str = "", *, id: str) -> None:
        super().__init__(label, value, id=id, placeholder="2026-03-31, tomorrow, fri, +30d")
        self._session = session

    def _day(self, text: str) -> date:
        return parse_day(text, now=self._session.clock.now(), tz=self._session.tz)

    def in_words(self, text: str) -> str:
        """The day with its weekday."""
        return shown.weekday_and_day(self._day(text))

    def written(self, text: str) -> str:
        """ISO 8601."""
        return self._day(text).isoformat()


class TimeField(EchoField):
    """A time: ISO 8601, or in words such as `14:30`, `yesterday 9:00`, `-2h`, as they are meant of an object."""

    def __init__(self, label: str, session: Session, value: str = "", *, id: str, object: str = "") -> None:
        self._bare, self._past = meant(object)
        example = "now, 14:30, yesterday 9:00, -2h" if self._past else "tomorrow 9:00, fri 14:30, +2h"
        super().__init__(label, value, id=id, placeholder=example)
        self._session = session

    def _instant(self, text: str) -> int:
        now, tz = self._session.clock.now(), self._session.tz
        return parse_time(text, now=now, tz=tz, bare=self._bare, past=self._past)

    def in_words(self, text: str) -> str:
        """The day, with its weekday, and the time."""
        instant, tz = self._instant(text), self._session.tz
        return f"{shown.weekday_and_day(local_day(instant, tz))} {shown.clock_time(instant, tz)}"

    def written(self, text: str) -> str:
        """ISO 8601."""
        return print_instant(self._instant(text), self._session.tz)


class PersonField(EchoField):
    """A user, by login or the beginning of the name."""

    def __init__(self, label: str, people: Sequence[Person], value: str = "", *, id: str) -> None:
        super().__init__(label, value, id=id, placeholder="login or name")
        self._people = people

    def _find(self, text: str) -> Person:
        wanted = fold(text)
        exact = [each for each in self._people if wanted in (fold(each.login), fold(each.name))]
        found = exact or [each for each in self._people if f" {wanted}" in f" {fold(f'{each.name} {each.login}')}"]
        if not found:
            raise Invalid(self.id or "", f"nobody is called {text!r}")
        if len(found) > 1:
            names = ", ".join(plain(each.name, 40) for each in found[:4])
            raise Invalid(self.id or "", f"{names}{' and others' if len(found) > 4 else ''}: who is meant?")
        return found[0]

    def in_words(self, text: str) -> str:
        """Who is meant."""
        return plain(self._find(text).name)

    def written(self, text: str) -> str:
        """The login."""
        return self._find(text).login


def field_for(object: str, prop: Property, session: Session, people: Sequence[Person], value: str = "") -> Field:
    """What a value of this property of an object is filled in with."""
    label = plain(prop.label, 40)
    match prop.type:
        case T.ENUMERATION:
            options = [NONE, *((each.name, plain(each.label)) for each in prop.options)]
            return OneOf(label, options, value, id=prop.name)
        case T.BOOLEAN:
            return OneOf(label, [NONE, ("no", "no"), ("yes", "yes")], value, id=prop.name)
        case T.DATE:
            return DayField(label, session, value, id=prop.name)
        case T.DATETIME:
            return TimeField(label, session, value, id=prop.name, object=object)
        case T.USER:
            return PersonField(label, people, value, id=prop.name)
        case T.LONG_TEXT:
            return LongText(label, value, id=prop.name)
        case _:
            return TextField(label, value, id=prop.name, placeholder=_EXAMPLES.get(prop.type, ""), max_length=1_000)


def typed_in(fields: Iterable[Field]) -> dict[str, str]:
    """What was typed into fields, as it was typed."""
    return {str(each.id): each.typed if isinstance(each, EchoField) else str(each.value) for each in fields}


_EXAMPLES = {
    T.MONEY: "900, 12k, 1.5m",
    T.INTEGER: "40, 12k",
    T.NUMBER: "0.5, 12k",
    T.DURATION: "90m, 1h30",
    T.ASSOCIATION: "domain, e-mail or exact name; several by ;",
}
