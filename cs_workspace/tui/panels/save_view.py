"""Saving a list as a view, changing a view's name and sharing, describing a default one (CUS-4 to CUS-6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.views import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    Shape,
    View,
    change_refusal,
    managing_refusal,
)
from cs_workspace.tui.messages import Say
from cs_workspace.tui.panels.form import Form
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Part, part
from cs_workspace.tui.widgets.fields import Field, OneOf, TextField, YesNo

if TYPE_CHECKING:
    from cs_workspace.tui.page import Page

PRIVATE, EVERYONE = "private", "everyone"
NEW, OVER = "new", "over"


def start(page: Page, object: str, shape: Shape, used: View | None, saved: Callable[[View], object]) -> None:
    """Ask how the list that is shown should be saved; `used` is the view it was opened with."""
    session = page.host.session
    if session is not None:

        def closed(view: View | None) -> None:
            if view is not None:
                saved(view)

        page.app.push_screen(SaveView(page.host, session, object, shape, used), closed)


class ViewForm(Form[View]):
    """A form about a view; what is filled in is not dropped without a word."""

    def __init__(self, host: Host, session: Session) -> None:
        super().__init__(host, session)
        self._begun = False
        self._warned = False

    def on_field_changed(self, event: Field.Changed) -> None:
        """What was wrong may be right now."""
        event.field.hint()
        self._begun, self._warned = True, False

    def done(self, view: View, said: str) -> View:
        """The view is saved: say so."""
        self.host.look()
        self.app.post_message(Say(f"{said} · u undoes"))
        return view

    def action_close(self) -> None:
        """Close; what is not saved is said once before it is dropped."""
        if self._begun and not self._warned:
            self._warned = True
            self.echo(part("▲ Not saved yet: ctrl+s saves, esc again drops it.", "warn"))
        else:
            super().action_close()


class SaveView(ViewForm):
    """Opened by `V` on a list, and by `e` among the views."""

    def __init__(
        self,
        host: Host,
        session: Session,
        object: str,
        shape: Shape | None,
        used: View | None = None,
        *,
        editing: bool = False,
    ) -> None:
        """With `editing` it is about the view that is used: its name and sharing, and nothing else."""
        super().__init__(host, session)
        self._object = object
        self._shape = shape
        self._used = used
        self._editing = editing
        actor = session.around.actor
        self._no_everyone = managing_refusal(actor)
        self._no_over = self._why_not_over(used) if used is not None else None
        who = [(PRIVATE, "Private"), *([] if self._no_everyone else [(EVERYONE, "Everyone")])]
        shared = used.shared if used is not None and editing else False
        self.name_field = TextField(
            "Name", used.name if used and editing else "", id="name", placeholder="such as Renewing this quarter",
            max_length=LONGEST_NAME,
        )  # fmt: skip
        how = [(NEW, "a new view"), *([(OVER, f"over {used.name}")] if used else [])]
        self.how = OneOf("Save as", how, NEW, id="how")
        self.sharing = OneOf("Share with", who, EVERYONE if shared else PRIVATE, id="sharing")
        self.default = YesNo("Default", value=False, id="default")
        self.about = TextField(
            "Description",
            id="description",
            placeholder="what it shows, for the Summary",
            max_length=LONGEST_DESCRIPTION,
        )

    @classmethod
    def to_edit(cls, host: Host, session: Session, view: View) -> SaveView:
        """The drawer that changes a view's name and sharing (CUS-6)."""
        return cls(host, session, view.object, None, view, editing=True)

    def _why_not_over(self, used: View) -> str | None:
        if used.builtin is not None:
            return f"{used.name} is built in and cannot be saved over."
        reason = change_refusal(self.session.around.actor, used)
        return None if reason is None else f"Saving over {used.name} {reason}."

    def heading(self) -> Sequence[Sequence[Part | str]]:
        """Of which object, and what will be saved."""
        title = "Edit view" if self._editing else "Save view"
        rows: list[Sequence[Part]] = [
            (part(title, "strong"), part(f"   {self.session.around.schema[self._object].plural}", "quiet"))
        ]
        if self._shape is not None:
            rows += [(), *self._shown(self._shape)]
            rows += [(part(self._no_over, "quiet"),)] if self._no_over else []
        return rows

    def fields(self) -> Iterable[Widget]:
        """As what it will be saved."""
        return self.how, self.name_field, self.sharing, self.default, self.about

    def on_mount(self) -> None:
        """Show what has a meaning now."""
        self.changed()

    def _shown(self, shape: Shape) -> list[tuple[Part, ...]]:
        kind = self.session.around.schema[self._object]
        rows = [("Filter", shape.query or "none")]
        if shape.columns:
            rows.append(("Columns", ", ".join(_label(kind, name) for name in shape.columns)))
        if shape.sort:
            order = (f"{_label(kind, name.removeprefix('-'))} {'↓' if name[0] == '-' else '↑'}" for name in shape.sort)
            rows.append(("Sorted by", ", ".join(order)))
        return [(part(f"{word:<16}", "quiet"), part(text)) for word, text in rows]

    @property
    def _over(self) -> bool:
        return self.how.value == OVER

    def changed(self) -> None:
        """Sharing over a view stays as it is; only a view for everyone can be a default."""
        self.how.display = not self._editing and self._used is not None and not self._no_over
        for field in (self.name_field, self.sharing):
            field.display = not self._over
        everyone = self.sharing.value == EVERYONE
        if self._no_everyone is not None:
            self.sharing.hint(part(f"Sharing with everyone {self._no_everyone}.", "quiet"))
        elif self._editing and self._used is not None and self._used.is_default and not everyone:
            self.sharing.hint(part("▲ It will be no default any more.", "warn"))
        elif not everyone and not self._editing:
            self.sharing.hint(part("A view for everyone may be a default, too.", "quiet"))
        else:
            self.sharing.hint()
        self.default.display = everyone and not self._over and not self._editing
        self.about.display = self.default.display and self.default.is_yes
        if self.default.display:
            self.default.hint(part("Set as default and highlight on the Summary.", "quiet"))

    async def write(self) -> View:
        """Save the list as a view, or over one."""
        from cs_workspace.workspace import views

        run, shared = self.session.run, self.sharing.value == EVERYONE
        if self._editing or self._over:
            assert self._used is not None, "there is a view to change"
            if self._over:
                deed = partial(run, views.edit, self._used.id, shape=self._shape)
            else:
                deed = partial(run, views.edit, self._used.id, name=self.name_field.value, shared=shared)
            view = await self.host.loader.run(deed)
        else:
            about = self.about.value if self.about.display else None
            shape = self._shape or Shape()
            view = await self.host.loader.run(
                partial(run, views.create, self._object, self.name_field.value, shape, shared=shared, description=about)
            )
        return self.done(view, f"View {view.name} saved")


def _label(kind: ObjectType, name: str) -> str:
    return kind.properties[name].label if name in kind.properties else name


class Describe(ViewForm):
    """What a default view says of itself on the Summary (CUS-5)."""

    HINTS = ("ctrl+s set as default", "esc close")
    SAVES = "Set as default"

    def __init__(self, host: Host, session: Session, view: View) -> None:
        super().__init__(host, session)
        self._view = view
        self.about = TextField(
            "Description",
            view.description or "",
            id="description",
            placeholder="what it shows, in a sentence",
            max_length=LONGEST_DESCRIPTION,
        )

    def heading(self) -> Sequence[Sequence[Part | str]]:
        """Which view, and what it means for it."""
        told = "Everybody sees it on the Summary, with its description and its count."
        return [(part(f"Make {self._view.name} a default", "strong"),), (part(told, "quiet"),)]

    def fields(self) -> Iterable[Widget]:
        """Its description."""
        return (self.about,)

    async def write(self) -> View:
        """Set it as a default."""
        from cs_workspace.workspace import views

        view = await self.host.loader.run(partial(self.session.run, views.set_default, self._view.id, self.about.value))
        return self.done(view, f"View {view.name} is a default")
