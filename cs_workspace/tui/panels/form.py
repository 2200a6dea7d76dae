"""A drawer with fields one below the other; what was typed and not saved may be kept for the next time (UND-5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from cs_workspace.domain.errors import Invalid, WorkspaceError
from cs_workspace.tui import faults
from cs_workspace.tui.keys import some
from cs_workspace.tui.messages import Say
from cs_workspace.tui.page import Draft, LastWords, Page, keep
from cs_workspace.tui.panels.drawer import Drawer
from cs_workspace.tui.session import Host, Session
from cs_workspace.tui.text import Part, content, lines
from cs_workspace.tui.text import part as part_of
from cs_workspace.tui.widgets.fields import Field, Go

T = TypeVar("T")
BACK = "Begun before and not saved: back again."


class Form(Drawer[T]):
    """Enter and the arrows lead through the fields, ctrl+s saves from anywhere."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.save", "panel.apply", "app.next_pane", "app.previous_pane")
    HINTS: Sequence[str] = ("↑↓ field", "←→ choose", "ctrl+s save", "esc close")
    SAVES = "Save"

    def __init__(self, host: Host, session: Session) -> None:
        super().__init__()
        self.host = host
        self.session = session
        self._saving = False

    def heading(self) -> Sequence[Sequence[Part | str]]:
        """What the form is about, line by line."""
        raise NotImplementedError

    def fields(self) -> Iterable[Widget]:
        """What is filled in."""
        raise NotImplementedError

    async def write(self) -> T | None:
        """Save; none keeps the form open. Raises whatever the store has to say."""
        raise NotImplementedError

    def changed(self) -> None:
        """Something else is filled in."""

    # --- what it holds

    def inside(self) -> Iterable[Widget]:
        """The heading, the fields, the line that saves, and what there is to say."""
        yield Static(lines(self.heading()), classes="heading", markup=False)
        with VerticalScroll(can_focus=False, id="form"):
            yield from self.fields()
            yield Go(self.SAVES, "ctrl+s")
        yield Static("", id="echo", markup=False)

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.stops[0].focus()

    @property
    def stops(self) -> list[Widget]:
        """What takes the keys, in order."""
        return [*(field.target for field in self.query(Field) if field.display), *self.query(Go)]

    def echo(self, *pieces: Part) -> None:
        """Say something below the form, or nothing."""
        self.query_one("#echo", Static).update(content(*pieces))

    # --- going through it

    def _go_from(self, widget: Widget, step: int) -> None:
        stops = self.stops
        place = stops.index(widget) + step
        if 0 <= place < len(stops):
            stops[place].focus()

    def on_field_left(self, event: Field.Left) -> None:
        """On to the field after or before."""
        event.stop()
        self._go_from(event.field.target, event.step)

    def on_field_changed(self, event: Field.Changed) -> None:
        """What was wrong may be right now."""
        event.stop()
        self.echo()
        self.changed()

    def on_go_went(self, event: Go.Went) -> None:
        event.stop()
        self._go_from(self.query_one(Go), event.step)

    def on_go_pressed(self, event: Go.Pressed) -> None:
        event.stop()
        self.action_save()

    def action_next_pane(self) -> None:
        """To the next field."""
        self.focus_next()

    def action_previous_pane(self) -> None:
        """To the field before."""
        self.focus_previous()

    def action_apply(self) -> None:
        """Enter on the last line saves, on a choice it goes on."""
        focused = self.focused
        if isinstance(focused, Go):
            self.action_save()
        elif focused is not None and focused in self.stops:
            self._go_from(focused, 1)

    # --- saving

    def action_save(self) -> None:
        """Save and close; pressed twice it saves once."""
        if not self._saving:
            self._saving = True
            self.run_worker(self._save(), group="save", exit_on_error=False)

    async def _save(self) -> None:
        try:
            saved = await self.write()
        except WorkspaceError as error:
            self._refused(error)
        except Exception as error:  # noqa: BLE001 - a bug is logged and said; what was typed stays
            self.echo(part_of(f"▲ {faults.record(error)}", "bad"))
        else:
            if saved is not None and self.is_current:
                self.dismiss(saved)
        finally:
            self._saving = False

    def _refused(self, error: WorkspaceError) -> None:
        """Say it at the field it is about."""
        field = next((f for f in self.query(Field) if isinstance(error, Invalid) and f.id == error.field), None)
        if field is None or not field.display or not isinstance(error, Invalid):
            self.echo(part_of(f"▲ {error}", "bad"))
            return
        field.hint(part_of(f"▲ {error.why[:1].upper()}{error.why[1:]}. {error.hint}".rstrip(), "warn"))
        field.target.focus()

    # --- what was typed before

    def draft(self) -> Draft | None:
        """What is typed and not saved; it is kept when the form closes or the program ends, however it ends (UND-5)."""
        return None

    def last_words(self) -> LastWords | None:
        """What to write when the program ends."""
        draft = self.draft()
        return None if draft is None else partial(keep, draft)

    def action_close(self) -> None:
        """Close; what was typed is there the next time."""
        draft = self.draft()
        if draft is not None:
            self.app.run_worker(self.keep(draft), group="draft", exit_on_error=False)
            self.app.post_message(Say("What you typed is kept for the next time.", "quiet"))
        self.dismiss(None)

    async def keep(self, draft: Draft) -> None:
        """Keep what was typed, or forget it."""
        await self.host.loader.run(partial(keep, draft, self.session))


async def people_of(page: Page, session: Session) -> list[tuple[str, str]]:
    """Login and name of everybody who works here, the acting user first."""
    from cs_workspace.workspace import records

    columns = ("login", "name")
    read = partial(session.run, records.page, "users", "active:yes", columns=columns, sort="name", limit=1_000)
    rows = await page.host.loader.run(read)
    own = session.around.actor.id
    rows.sort(key=lambda row: row.id != own)
    return [(row.text["login"], row.text["name"]) for row in rows]
