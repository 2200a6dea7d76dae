"""Making a record: what it needs first, then what matters most; what may be the same is shown before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType
from cs_workspace.tui.messages import OpenRecord, Say
from cs_workspace.tui.page import Draft
from cs_workspace.tui.panels.form import BACK, Form, people_of
from cs_workspace.tui.record_keys import RecordKeys
from cs_workspace.tui.session import Session
from cs_workspace.tui.text import Part, part, plain
from cs_workspace.tui.widgets.fields import Field, OneOf
from cs_workspace.tui.widgets.property_fields import Person, field_for, typed_in

T = PropertyType
NAMES = ("first_name", "last_name", "email")  # of a contact, whose name follows from them
FIELDS = 9  # at most; the rest is filled in on the record's page


def start(page: RecordKeys, object: str) -> None:
    """Ask for a new record of this object."""
    session = page.host.session
    if session is not None:
        page.doing(_start(page, session, object))


async def _start(page: RecordKeys, session: Session, object: str) -> None:
    from cs_workspace.workspace import drafts, panels, pipelines

    kind = session.around.schema[object]
    layout = await page.host.loader.run(partial(session.run, panels.layout, object))
    kept = await page.host.loader.run(partial(session.run, drafts.find, _place(object)))
    people = [Person(login, name) for login, name in await people_of(page, session)]
    places: list[tuple[str, str]] = []
    if kind.has_pipeline:
        found = await page.host.loader.run(partial(session.run, pipelines.pipelines, object))
        several = len(found) > 1
        places = [
            (f"{each.label}\n{one.label}", plain(f"{each.label}: {one.label}" if several else one.label))
            for each in found
            for one in each.stages
        ]
    form = NewRecord(page, session, kind, layout.properties, people, places, kept or {})

    def made(record: int | None) -> None:
        if record is not None:
            page.host.look()
            page.post_message(Say(f"{kind.label} made · u undoes"))
            page.post_message(OpenRecord(object, record))

    page.app.push_screen(form, made)


class NewRecord(Form[int]):
    """Opened by `n`; answers with the record's id."""

    def __init__(
        self,
        page: RecordKeys,
        session: Session,
        kind: ObjectType,
        names: Sequence[str],
        people: Sequence[Person],
        places: Sequence[tuple[str, str]],
        kept: Mapping[str, str],
    ) -> None:
        """`names` are properties in the order in which they matter, `places` pipelines with their stages.

        `kept` is what was typed the last time and not saved.
        """
        super().__init__(page.host, session)
        self._kind = kind
        self._kept = kept
        self._seen: dict[str, str] | None = None  # what was filled in when duplicates were shown
        me = session.around.actor.login
        self._fields: list[Field] = []
        for prop in _wanted(kind, names):
            first = me if prop.name == kind.owner else places[0][0] if prop.type is T.STAGE and places else ""
            text = str(kept.get(prop.name, first))
            if prop.type is T.STAGE:
                self._fields.append(OneOf(prop.label, places, text, id="stage"))
            else:
                self._fields.append(field_for(kind.name, prop, session, people, text))
        self._begin = {} if kept else typed_in(self._fields)

    def heading(self) -> Sequence[Sequence[Part | str]]:
        """What is made."""
        title = (part(f"New {self._kind.label.lower()}", "strong"), part("   The rest is on its page.", "quiet"))
        return [title, *([(part(BACK, "accent"),)] if self._kept else [])]

    def fields(self) -> Iterable[Field]:
        """Those that matter most."""
        return self._fields

    @property
    def _texts(self) -> dict[str, str]:
        texts = {str(field.id): str(field.value) for field in self._fields}
        if "stage" in texts:
            texts["pipeline"], _, texts["stage"] = texts["stage"].partition("\n")
        return {name: text for name, text in texts.items() if text.strip()}

    async def write(self) -> int | None:
        """Make it; where it may be there already, that is shown first."""
        from cs_workspace.workspace import duplicates, records

        texts = self._texts
        if self._seen != texts:
            run = partial(self.session.run, duplicates.possible, self._kind.name, texts)
            found = await self.host.loader.run(run)
            if found:
                self._seen = texts
                names = "; ".join(f"{plain(each.title, 40)} ({plain(each.why, 60)})" for each in found[:3])
                more = f" and {len(found) - 3} more" if len(found) > 3 else ""
                self.echo(part(f"▲ May be there already: {names}{more}. ctrl+s again makes it all the same.", "warn"))
                return None
        made = await self.host.loader.run(partial(self.session.run, records.add, self._kind.name, texts))
        await self.keep(Draft(_place(self._kind.name), None))
        return made

    def draft(self) -> Draft | None:
        """What was typed; it is there the next time."""
        typed = typed_in(self._fields)
        return Draft(_place(self._kind.name), typed) if typed != self._begin else None


def _place(object: str) -> str:
    return f"new {object}"


def _wanted(kind: ObjectType, names: Sequence[str]) -> list[Property]:
    """The properties that are asked for: the title, what is required, then what matters most."""
    title = NAMES if kind.properties[kind.title].computed else (kind.title,)
    required = [prop.name for prop in kind.properties.values() if prop.required]
    order = dict.fromkeys((*title, *required, *names))
    found = [kind.properties[name] for name in order if name in kind.properties]
    return [prop for prop in found if not prop.computed and prop.type is not T.PIPELINE][:FIELDS]
