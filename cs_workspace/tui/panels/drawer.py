"""A panel over the right side of the screen, within the frame; esc closes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from cs_workspace.tui.keys import ACTIONS, some
from cs_workspace.tui.messages import Hints

T = TypeVar("T")


class Drawer(ModalScreen[T]):
    """Base of what opens over the right side."""

    BINDINGS: ClassVar[list[BindingType]] = some("panel.close")
    HINTS: Sequence[str] = ("esc close",)
    ALLOW_SELECT = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def inside(self) -> Iterable[Widget]:
        """What the drawer holds."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(classes="drawer"):
            yield from self.inside()

    def on_screen_resume(self) -> None:
        """Say in the bottom line which keys work."""
        self.post_message(Hints(self.HINTS))

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what the table of keys names can be asked of a screen."""
        return action in ACTIONS and super().check_action(action, parameters)
