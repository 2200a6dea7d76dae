"""The look: one accent colour on quiet greys; good, warning and bad only where a word says the same."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from textual.theme import Theme

DARK = Theme(
    name="workspace",
    primary="#7cb7ff",
    secondary="#7cb7ff",
    accent="#7cb7ff",
    foreground="#c3cad4",
    background="#14171c",
    surface="#14171c",
    panel="#1c2129",
    boost="#232a34",
    success="#86b97c",
    warning="#d9ab5a",
    error="#e07a7a",
    dark=True,
    variables={
        "tone-strong": "#f2f5f9",
        "tone-quiet": "#76818f",
        "tone-bar": "#4a76a8",
        "tone-track": "#333c47",
        "tone-cursor": "#24344a",
        "tone-cursor-blurred": "#222831",
        "block-cursor-background": "#24344a",
        "block-cursor-foreground": "#f2f5f9",
        "input-cursor-background": "#7cb7ff",
        "input-cursor-foreground": "#14171c",
        "input-selection-background": "#2c4464",
    },
)

# One fixed order: later files win. A screen's file has one root selector, its class.
SHEETS = (
    "base.tcss",
    "widgets.tcss",
    "panels.tcss",
    "screens/goals.tcss",
    "screens/goal_grid.tcss",
    "screens/goal_page.tcss",
    "screens/goal_wizard.tcss",
    "screens/record_list.tcss",
    "screens/building.tcss",
    "screens/what_if.tcss",
    "screens/record.tcss",
)


def sheets() -> list[Path]:
    """The style sheets in their order, from the installed package or from the source tree."""
    package = Path(str(files("cs_workspace")))
    folder = package / "styles" if (package / "styles").is_dir() else package.parent / "styles"
    return [folder / name for name in SHEETS]
