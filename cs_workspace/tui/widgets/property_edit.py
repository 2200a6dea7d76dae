"""Editing a record's properties in the rows in which they are shown (CUS-10, REC-7, UND-5).

A page makes one `PropertyEditing` for its list of properties and asks it to `edit`. What its type needs opens: a line
over the value, a drawer for a long text, a list to choose from, the panel of related records. What is typed is saved at
once; a value that somebody else changed meanwhile asks mine, theirs or original; nothing that was typed gets lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.geometry import Region

from cs_workspace.domain.clock import date_of, day_of, local_day, moment_of
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.folding import squash
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.domain.schema.values import Edge, parse_value
from cs_workspace.domain.times import editable_instant, meant, plainly
from cs_workspace.tui import format as shown
from cs_workspace.tui import record_views as views
from cs_workspace.tui.messages import Say
from cs_workspace.tui.page import Draft
from cs_workspace.tui.panels.choice import Choice
from cs_workspace.tui.panels.clashes import ClashDrawer, Contested, Taken
from cs_workspace.tui.panels.value_editors import Attempt, LineEditor, TextEditor, ValueDrawer, ValueEditor
from cs_workspace.tui.record_keys import RecordKeys, Subject
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Part, part
from cs_workspace.tui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from cs_workspace.workspace.record_edit import Clash, Editable, Edited

T = PropertyType
R = TypeVar("R")
CHOSEN = frozenset({T.ENUMERATION, T.BOOLEAN, T.USER, T.PIPELINE, T.STAGE})
TEXTS = frozenset({T.TEXT, T.LONG_TEXT})  # typing goes on at the end; of other types it begins anew


class PropertyEditing(Generic[R]):
    """Edits properties of records in the rows of one list.

    What the page does: its `action_edit` calls `edit(subject, name)`; its `is_changing` is true while `is_opening`, so
    that fast typing goes into the editor; its `draft` gives `draft()`; and when a record was shown for the first time
    it awaits `bring_back(subject)`, which opens the editor again with what was typed and never saved.
    """

    def __init__(
        self, page: RecordKeys, table: RecordTable[R], prop_of: Callable[[R], str], left: Callable[[], int]
    ) -> None:
        """`prop_of` a row is the property it shows, or empty; `left` is how many cells stand before its value."""
        self._page = page
        self._table = table
        self._prop_of = prop_of
        self._left = left
        self._editor: ValueEditor | None = None
        self._edited: tuple[Editable, Subject] | None = None  # what the open editor is about
        self._drafted: Subject | None = None  # whose draft is in the store
        self.is_opening = False

    # --- opening

    def edit(
        self, subject: Subject, name: str, *, text: str | None = None, seen: Mapping[str, Any] | None = None
    ) -> None:
        """Open the editor of a property; `text` was typed before, when the property was as `seen`."""
        session = self._page.host.session
        if session is None or self._editor is not None:
            return
        if session.read_only:
            self._say("The store is open for reading only.", "warn")
            return
        self.is_opening = True
        self._page.doing(self._open(session, subject, name, text, seen))

    async def _open(
        self, session: Session, subject: Subject, name: str, text: str | None, seen: Mapping[str, Any] | None
    ) -> None:
        from cs_workspace.workspace import record_edit

        try:
            read = partial(session.run, record_edit.editable, *subject, name)
            found: Editable = await self._page.host.loader.run(read)
            if found.locked:
                self._say(found.locked, "warn")
                return
            if seen is not None:
                found = replace(found, seen=seen)
            self._go_to(name)
            if found.prop.type is T.ASSOCIATION:
                from cs_workspace.tui.panels import links

                links.start(self._page, subject, name)
            elif found.prop.type in CHOSEN:
                await self._choose(session, found)
            else:
                await self._write(session, found, subject, text)
        finally:
            self.is_opening = False

    async def _write(self, session: Session, found: Editable, subject: Subject, text: str | None) -> None:
        began = _text(found, session)
        read = partial(_understood, session, found)
        keep = partial(self._keep, session, found)
        editor: ValueEditor
        if found.prop.type is T.LONG_TEXT:
            editor = TextEditor(f"{found.prop.label} of {_called(found)}", began, read, keep, text=text)
        else:
            replaces = text is None and found.prop.type not in TEXTS
            place = partial(self._place, found.prop.name)
            editor = LineEditor(began, read, keep, place, text=text, replaces=replaces)
        self._editor, self._edited = editor, (found, subject)
        await self._page.app.push_screen(editor, partial(self._closed, found, subject))

    async def _choose(self, session: Session, found: Editable) -> None:
        held = squash(_text(found, session))
        options = [("", "none")] if found.may_be_empty else []
        options += [(each.text, each.label) for each in found.choices]
        current = next((n for n, (text, _) in enumerate(options) if squash(text) == held), 0)
        choices = [
            Choice("✓" if n == current else "", label, _note(found, text), partial(self._chose, session, found, text))
            for n, (text, label) in enumerate(options)
        ]
        drawer = ValueDrawer(f"{found.prop.label} of {_called(found)}", choices, current)
        await self._page.app.push_screen(drawer, lambda choice: choice and choice.run and choice.run())

    def _chose(self, session: Session, found: Editable, text: str) -> None:
        def settled(done: bool) -> None:
            if not done:
                self._say(f"{found.prop.label} stays as somebody else changed it.", "warn")

        if squash(text) != squash(_text(found, session)):
            self._page.doing(self._keep(session, found, text, Attempt(self._page.doing, settled)))

    # --- where it stands

    def _names(self) -> list[str]:
        rows = (self._table.window.row(index) for index in range(self._table.window.total))
        return ["" if row is None else self._prop_of(row) for row in rows]

    def _go_to(self, name: str) -> None:
        names = self._names()
        if name in names:
            self._table.cursor = names.index(name)

    def _place(self, name: str) -> Region:
        """Where a property's value stands on the screen."""
        names, region = self._names(), self._table.region
        line = self._table.line_of(names.index(name)) if name in names else None
        left = min(self._left(), max(0, region.width - 1))
        return Region(region.x + left, region.y + (line or 0), region.width - left, 1)

    def _closed(self, found: Editable, subject: Subject, step: int | None) -> None:
        self._editor = self._edited = None
        if self._drafted == subject:
            self._drafted = None
            self._page.doing(self._forget(subject))
        if step:
            names = list(dict.fromkeys(name for name in self._names() if name))
            here = names.index(found.prop.name) if found.prop.name in names else 0
            rest = names[here + 1 :] if step > 0 else names[:here][::-1]
            typed = (name for name in rest if _can_be_typed(found, name))
            if (name := next(typed, None)) is not None:
                self.edit(subject, name)

    # --- saving

    async def _keep(self, session: Session, found: Editable, text: str, attempt: Attempt) -> None:
        await self._change(session, found, {found.prop.name: text}, found.seen, attempt)

    async def _change(
        self,
        session: Session,
        found: Editable,
        texts: Mapping[str, str],
        seen: Mapping[str, Any],
        attempt: Attempt,
    ) -> None:
        """Save texts; where somebody else was first, ask what stands (REC-7)."""
        from cs_workspace.workspace import record_edit

        change = partial(session.run, record_edit.change, found.kind.name, found.id, texts, seen)
        edited: Edited = await self._page.host.loader.run(change)
        self._page.host.look()
        if not edited.clashes:
            if edited.changed:
                self._say(f"{found.prop.label} saved · undo u")
            attempt.settled(True)
            return
        (clash,) = edited.clashes
        drawer = ClashDrawer([_contested(session, clash)], session.tz, "property", figures=False)
        answered = partial(self._answered, session, found, clash, attempt)
        await self._page.app.push_screen(drawer, answered)

    def _answered(self, session: Session, found: Editable, clash: Clash, attempt: Attempt, taken: Taken | None) -> None:
        which = taken.get(0) if taken else None
        if which is None or which == "theirs":
            attempt.settled(which is not None)
        else:
            texts = clash.texts if which == "mine" else clash.original_texts
            attempt.run(self._change(session, found, texts, clash.seen, attempt))

    # --- drafts

    def draft(self) -> Draft | None:
        """What is typed and not saved; none inside where a stored one is to be forgotten."""
        if self._editor is not None and self._edited is not None and self._editor.typed is not None:
            found, subject = self._edited
            kept = {"prop": found.prop.name, "text": self._editor.typed, "seen": dict(found.seen)}
            return Draft(_draft_of(subject), kept)
        return Draft(_draft_of(self._drafted), None) if self._drafted is not None else None

    async def bring_back(self, subject: Subject) -> None:
        """Open the editor with what was typed into it and never saved."""
        from cs_workspace.workspace import drafts

        session = self._page.host.session
        if session is None or session.read_only:
            return
        kept = await self._page.host.loader.run(partial(session.run, drafts.find, _draft_of(subject)))
        if kept is not None and self._editor is None:
            self._drafted = subject
            self._say("What you typed is back; it is not saved yet.")
            self.edit(subject, kept["prop"], text=kept["text"], seen=kept["seen"])

    async def _forget(self, subject: Subject) -> None:
        from cs_workspace.workspace import drafts

        session = self._page.host.session
        if session is not None:
            await self._page.host.loader.run(partial(session.run, drafts.keep, _draft_of(subject), None))

    def _say(self, text: str, tone: str = "") -> None:
        self._page.post_message(Say(text, tone))


def _contested(session: Session, clash: Clash) -> Contested:
    def words(value: Any) -> str:
        return views.value(session, clash.prop, value, clash.currency or None) or "–"

    mine, theirs, original = map(words, (clash.mine, clash.theirs, clash.original))
    return Contested(clash.prop.label, mine, theirs, original, clash.who, clash.at)


def _draft_of(subject: Subject) -> str:
    return "record {} {}".format(*subject)


def _called(found: Editable) -> str:
    return found.title or f"#{found.id}"


def _note(found: Editable, text: str) -> str:
    """What tells two people of one name apart."""
    return text if found.prop.type is T.USER else ""


def _can_be_typed(found: Editable, name: str) -> bool:
    prop = found.kind.properties.get(name)
    return prop is not None and not prop.computed and prop.type is not T.ASSOCIATION


def _text(found: Editable, session: Session) -> str:
    """The value as one begins to edit it."""
    if found.prop.type is T.DATETIME and found.raw is not None:
        return editable_instant(found.raw, session.tz)
    return found.text.removesuffix(".00") if found.prop.type is T.MONEY else found.text


def _understood(session: Session, found: Editable, text: str) -> tuple[str, Sequence[Part]]:
    """What a text is saved as, and what it means. Raises Invalid."""
    prop = found.prop
    if not text.strip():
        if not found.may_be_empty:
            raise Invalid(prop.name, f"a {found.kind.label.lower()} needs one")
        return "", [part("→ nothing" if found.raw is not None else "", "quiet")]
    bare, past = meant(found.kind.name)
    if prop.type is T.DATETIME and found.raw is not None:  # on another day it stays at its time of the day
        bare = moment_of(found.raw, session.tz).time().replace(microsecond=0)
    plain = plainly(prop, text, now=session.clock.now(), tz=session.tz, bare=bare, past=past)
    raw = parse_value(
        prop, plain, Edge(session.tz, session.around.currency, _nothing, _no_name), found.currency or None
    )
    if prop.type in TEXTS:
        return plain, [part(f"→ {raw}", "accent")] if raw != text.strip() else []
    words = views.value(session, prop, raw, found.currency or None)
    if prop.type in {T.DATE, T.DATETIME} and isinstance(raw, int):
        day = date_of(raw) if prop.type is T.DATE else local_day(raw, session.tz)
        words = shown.weekday_and_day(day) + (words.removeprefix(shown.day(day_of(day))))
    return plain, [part("as it is", "quiet") if raw == found.raw else part(f"→ {words}", "accent")]


def _nothing(*_: object) -> None:
    """Nothing that is typed here stands for another record."""


def _no_name(*_: object) -> str:
    return ""
