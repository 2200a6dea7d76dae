"""One line of text under a caret, for whoever draws and drives it himself."""

from __future__ import annotations

from dataclasses import dataclass

from cs_workspace.domain.text import printable

LONGEST = 200  # characters; what is longer was not typed


@dataclass(slots=True)
class LineEdit:
    """A text that is being typed, and the place in it where the next character goes."""

    text: str = ""
    caret: int = -1

    def __post_init__(self) -> None:
        if self.caret < 0:
            self.caret = len(self.text)

    def write(self, text: str) -> None:
        """Put something in at the caret, as far as there is room."""
        text = printable(text)[: LONGEST - len(self.text)]
        self.text = self.text[: self.caret] + text + self.text[self.caret :]
        self.caret += len(text)

    def press(self, key: str) -> bool:
        """Move or delete; whether the key means something here."""
        match key:
            case "left":
                self.caret = max(0, self.caret - 1)
            case "right":
                self.caret = min(len(self.text), self.caret + 1)
            case "home":
                self.caret = 0
            case "end":
                self.caret = len(self.text)
            case "backspace":
                self.text = self.text[: max(0, self.caret - 1)] + self.text[self.caret :]
                self.caret = max(0, self.caret - 1)
            case "delete":
                self.text = self.text[: self.caret] + self.text[self.caret + 1 :]
            case _:
                return False
        return True
