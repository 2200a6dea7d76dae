"""What an undo or a redo did, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cs_workspace.workspace.undo import Undone


def what_was_done(done: Undone, *, redo: bool) -> str:
    """What was taken back or forward; what was changed since is left alone and named (UND-3)."""
    label = done.label.removeprefix("undo: ")
    if not done.names:
        return f"{'Done again' if redo else 'Undone'}: {label}"
    more = f" and {len(done.names) - 1} more" if len(done.names) > 1 else ""
    rest = f" The rest is {'done again' if redo else 'undone'}." if done.changed else ""
    return f"Left alone, changed or needed since: {done.names[0]}{more}.{rest}"
