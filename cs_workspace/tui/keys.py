"""Every key, declared once: bindings, the bottom line, the help, the palette and docs/keys.md are made from this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType

TABS = ("Summary", "Customers", "Services", "Revenue", "Actions", "Schedule", "Feed", "Goals")
SHORT_TABS = ("Sum", "Cust", "Serv", "Rev", "Act", "Sched", "Feed", "Goals")


class Where(StrEnum):
    """Where a key means something; the order is that of the help."""

    LIST = "In a list"
    GOALS = "On Goals"
    GOAL = "On a goal's page"
    GRID = "In the grid of targets"
    WIZARD = "In the wizard"
    WHAT_IF = "In a what-if"
    NOTICES = "In the notifications"
    CUSTOMERS = "On Customers"
    QUERY = "In the filter line"
    PANEL = "In a panel"
    EVERYWHERE = "Everywhere"


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does. `action` is the handler's name, `label` two or three words, `help` a sentence."""

    id: str
    where: Where
    keys: tuple[str, ...]
    action: str
    label: str
    help: str
    footer: str = ""  # how the bottom line shows it; "" leaves it out
    palette: bool = True
    priority: bool = False  # also within panels; only for what must always work


W = Where

KEYS = (
    Key("list.filter", W.LIST, ("slash",), "filter", "Filter", "Write what the list should show.", "/ filter"),
    Key("list.down", W.LIST, ("down", "j"), "move(1)", "Down", "Go to the next row.", palette=False),
    Key("list.up", W.LIST, ("up", "k"), "move(-1)", "Up", "Go to the row before.", palette=False),
    Key("list.first", W.LIST, ("g", "home"), "first", "First row", "Go to the first row.", palette=False),
    Key("list.last", W.LIST, ("G", "end"), "last", "Last row", "Go to the last row.", palette=False),
    Key("list.half_down", W.LIST, ("ctrl+d",), "half(1)", "Half a page down", "Go half a page down.", palette=False),
    Key("list.half_up", W.LIST, ("ctrl+u",), "half(-1)", "Half a page up", "Go half a page up.", palette=False),
    Key("list.page_down", W.LIST, ("pagedown",), "page(1)", "Page down", "Go a page down.", palette=False),
    Key("list.page_up", W.LIST, ("pageup",), "page(-1)", "Page up", "Go a page up.", palette=False),
    Key("list.preview", W.LIST, ("enter",), "preview", "Preview", "Show what is behind the row.", "enter preview"),
    Key("list.sort", W.LIST, ("s",), "sort", "Sort by next column", "Sort by the next column.", "s sort"),
    Key("list.reverse", W.LIST, ("S",), "reverse", "Reverse the order", "Turn the order round."),
    Key(
        "goals.why", W.GOALS, ("w",), "why", "Why this number",
        "Explain the number and list the records behind it.", "w why",
    ),
    Key("customers.open", W.CUSTOMERS, ("o",), "open", "Open", "Show the record with all its properties.", "o open"),
    Key(
        "query.complete", W.QUERY, ("tab",), "complete", "Complete",
        "Take the first suggestion.", "tab complete", palette=False,
    ),
    Key(
        "query.list", W.QUERY, ("down",), "leave", "To the list",
        "Go to the list and keep the filter.", "enter to the list", palette=False,
    ),
    Key(
        "query.clear", W.QUERY, ("escape",), "clear", "Clear",
        "Take the filter away, then go to the list.", "esc clear", palette=False,
    ),
    Key("panel.down", W.PANEL, ("down",), "move(1)", "Down", "Go to the next line.", palette=False),
    Key("panel.up", W.PANEL, ("up",), "move(-1)", "Up", "Go to the line before.", palette=False),
    Key("panel.close", W.PANEL, ("escape",), "close", "Close", "Close the panel.", "esc close", palette=False),
    *(
        Key(f"tab.{number}", W.EVERYWHERE, (str(number),), f"tab({number})", name, f"Go to {name}.")
        for number, name in enumerate(TABS, 1)
    ),
    Key(
        "app.palette", W.EVERYWHERE, ("colon", "ctrl+p"), "palette", "Palette",
        "Find a tab, an action or a company by name.", ": palette", palette=False,
    ),
    Key(
        "app.help", W.EVERYWHERE, ("question_mark", "f1"), "help", "Keys here",
        "Show what can be done here.", "? here",
    ),
    Key("app.next_pane", W.EVERYWHERE, ("tab",), "next_pane", "Next pane", "Go to the next pane.", palette=False),
    Key(
        "app.previous_pane", W.EVERYWHERE, ("shift+tab",), "previous_pane", "Previous pane",
        "Go to the pane before.", palette=False,
    ),
    Key(
        "app.back", W.EVERYWHERE, ("escape",), "back", "Back",
        "Go back one step: out of a panel, out of a filter, out of a page.", "esc back", palette=False,
    ),
    Key(
        "app.previous_place", W.EVERYWHERE, ("minus",), "previous_place", "Previous place",
        "Go where you were before.",
    ),
    Key("app.undo", W.EVERYWHERE, ("u",), "undo", "Undo", "Take back what you did last.", "u undo"),
    Key("app.redo", W.EVERYWHERE, ("U",), "redo", "Redo", "Do again what was undone last."),
    Key("app.refresh", W.EVERYWHERE, ("r",), "refresh", "Refresh", "Read this screen again."),
    Key(
        "app.refresh_all", W.EVERYWHERE, ("R",), "refresh_all", "Calculate all goals",
        "Measure every running milestone anew.",
    ),
    Key(
        "app.close", W.EVERYWHERE, ("q",), "leave", "Close",
        "Close the page; on a tab, close the workspace.", "q quit",
    ),
    Key(
        "app.quit", W.EVERYWHERE, ("ctrl+q",), "quit", "Quit at once",
        "Close the workspace from anywhere.", palette=False, priority=True,
    ),
)  # fmt: skip

BY_ID = {key.id: key for key in KEYS}
ACTIONS = frozenset(key.action.partition("(")[0] for key in KEYS)

# The digits are one entry of the bottom line.
FOOTER: tuple[tuple[str, str], ...] = (
    ("app.back", "esc back"),
    ("tab.1", "1–8 tabs"),
    *((key.id, key.footer) for key in KEYS if key.footer and key.id != "app.back"),
)

_SPELLED = {
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "down": "↓",
    "up": "↑",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "escape": "esc",
    "minus": "-",
}


def bindings(*where: Where) -> list[BindingType]:
    """The bindings of a widget that handles the keys of a place."""
    return _bound(key for key in KEYS if key.where in where)


def some(*ids: str) -> list[BindingType]:
    """The bindings of a widget that handles these keys only."""
    return _bound(BY_ID[each] for each in ids)


def _bound(keys: Iterable[Key]) -> list[BindingType]:
    return [
        Binding(name, key.action, key.label, id=key.id, show=bool(key.footer), priority=key.priority, tooltip=key.help)
        for key in keys
        for name in key.keys
    ]


def spelled(keys: Iterable[str]) -> str:
    """Keys as people write them."""
    return " ".join(_SPELLED.get(key, key) for key in keys)


def page() -> str:
    """docs/keys.md."""
    parts = [
        "# Keys",
        "",
        "Made from `cs_workspace/tui/keys.py`; `python -m cs_workspace.tui.keys` writes it anew.",
        "",
        "Every action is also in the palette (`:`), and `?` lists what can be done where you are.",
    ]
    for where in (each for each in Where if any(key.where is each for key in KEYS)):
        parts += ["", f"## {where}", "", "| Key | Does |", "|---|---|"]
        parts += [
            f"| {' '.join(f'`{spelled((name,))}`' for name in key.keys)} | {key.help} |"
            for key in KEYS
            if key.where is where
        ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    from pathlib import Path

    Path("docs/keys.md").write_text(page(), encoding="utf-8")
