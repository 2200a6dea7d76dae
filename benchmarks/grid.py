"""Keys in a grid of 50 contributors by 53 weeks on a real terminal, against an empty Textual app in the same run."""

import statistics
import sys

from parts.figures import duration, table
from parts.stores import BUILD, arguments
from parts.terminal import Terminal

EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    BINDINGS = [("down", "count", "Count")]
    pressed = 0

    def compose(self):
        yield Static("ready", markup=False)

    def action_count(self):
        self.pressed += 1
        self.query_one(Static).update(f"ready {self.pressed:04}")

Empty().run()
"""
GRID = """
from textual.app import App

from cs_workspace.domain.goals.model import Aggregate, Unit
from cs_workspace.domain.goals.sheet import Sheet, SheetRow
from cs_workspace.tui.theme import DARK, sheets
from cs_workspace.tui.widgets.milestone_grid import MilestoneGrid

class Grid(App):
    ENABLE_COMMAND_PALETTE = False

    def __init__(self):
        super().__init__(css_path=list(sheets()))
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self):
        yield MilestoneGrid()

    def on_mount(self):
        grid = self.query_one(MilestoneGrid)
        rows = tuple(SheetRow(number, f"Person {number}", team=1) for number in range(50))
        weeks = tuple(f"W{week:02}" for week in range(1, 54))
        targets = {(row, week): (40 + (row + week) % 20) * 1_000_000 for row in range(50) for week in range(53)}
        grid.show(Sheet(Unit.NUMBER, Aggregate.COUNT, "EUR", rows, weeks, targets))
        grid.focus()

    def on_milestone_grid_planned(self, event):
        event.grid.show(event.grid.sheet.carried_out(event.plan))

Grid().run()
"""
RIGHT, SHIFT_RIGHT, PAGE, END, HOME = "\x1b[C", "\x1b[1;2C", "\x1b[6~", "\x1b[1;5F", "\x1b[1;5H"
STEPS = {
    "down, in view": ["down"] * 12,
    "right, in view": [RIGHT] * 6,
    "select right, in view": [SHIFT_RIGHT] * 4,
    "a digit": (["5", "6", "7"]),
    "enter": (["\r"]),
    "page down": [PAGE],
    "to the end and back": [END, HOME, END, HOME],
    "right through all weeks": [RIGHT] * 52,
}


def presses(terminal: Terminal, keys: list[str]) -> tuple[list[float], list[int]]:
    found = [terminal.press(key) for key in keys]
    return [seconds for seconds, _ in found if seconds is not None], [count for _, count in found]


def main() -> None:
    parser = arguments(__doc__)
    parser.set_defaults(runs=3)
    options = parser.parse_args()
    BUILD.mkdir(exist_ok=True)
    for name, source in (("empty_keys", EMPTY), ("grid_app", GRID)):
        (BUILD / f"{name}.py").write_text(source)
    floors: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in STEPS}
    ratios: dict[str, list[float]] = {name: [] for name in STEPS}
    sizes: dict[str, list[int]] = {name: [] for name in STEPS}
    for _ in range(options.runs):
        with (
            Terminal([sys.executable, str(BUILD / "empty_keys.py")]) as empty,
            Terminal([sys.executable, str(BUILD / "grid_app.py")]) as grid,
        ):
            empty.until("ready")
            grid.until("Person 1")
            presses(empty, ["down"] * 3)
            presses(grid, ["down", "up"])
            for name, keys in STEPS.items():
                floor = statistics.median(presses(empty, ["down"] * len(keys))[0])
                seconds, counts = presses(grid, keys)
                floors.append(floor)
                times[name] += seconds
                sizes[name] += counts
                ratios[name].append(statistics.median(seconds) / floor)
    rows = [["a key in the empty app", duration(statistics.median(floors)), "", "1.00×"]]
    rows += [
        [
            name,
            duration(statistics.median(times[name])),
            f"{statistics.median(sizes[name]):,.0f}",
            f"{statistics.median(ratios[name]):.2f}×",
        ]
        for name in STEPS
    ]
    table(
        "grid of 50 × 53, key to paint (aims: in view 2×, 400 bytes; scrolling 5×)",
        ["", "median", "bytes", "to the empty app"],
        rows,
    )


if __name__ == "__main__":
    main()
