"""Start, keys and memory of the workspace on a real terminal, against an empty Textual app in the same run."""

import statistics
import sys
from pathlib import Path

from parts.figures import duration, note, table
from parts.stores import BUILD, arguments, demo_store
from parts.terminal import Terminal

EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("ready")

Empty().run()
"""
FRAME = r"Customers"  # a tab's name: the first frame is there
DATA = r"sqlite .*\.db|goals "  # the status line knows the store
ROWS = r"shown|of \d|S\.r\.l\.|AS |Sp\. z"  # a list shows customers


def once(command: list[str], patterns: dict[str, str], steps: bool) -> dict[str, float]:
    found: dict[str, float] = {}
    with Terminal(command) as terminal:
        for name, pattern in patterns.items():
            seconds = terminal.until(pattern)
            if seconds is None:
                terminal.quiet()
                last = "\n    ".join(line.rstrip() for line in terminal.screen.display if line.strip())
                note(f"  {name}: never seen; the screen was\n    {last}")
                return found
            found[name] = seconds
        terminal.quiet()
        if steps:
            seconds, _ = terminal.press("2")
            if seconds is not None:
                found["switch to Customers"] = seconds
            terminal.until(ROWS, limit=60)
            terminal.quiet()
            terminal.press("down")
            downs = [terminal.press("down") for _ in range(20)]
            if all(seconds is not None for seconds, _ in downs):
                found["cursor down"] = statistics.median(seconds for seconds, _ in downs)
                found["bytes per down"] = statistics.median(count for _, count in downs)
            seconds, _ = terminal.press("G")
            if seconds is not None:
                found["jump to the end"] = seconds
        terminal.quiet(1.0)  # what comes late belongs to the last key
        before = terminal.bytes
        terminal.quiet(2.0, 2.0)
        found["idle bytes in 2 s"] = terminal.bytes - before
        found["memory"] = terminal.memory()
    return found


def main() -> None:
    parser = arguments(__doc__)
    parser.set_defaults(runs=3)
    options = parser.parse_args()
    program = Path(sys.executable).with_name("cs-workspace")
    if not (Path(__file__).resolve().parents[1] / "cs_workspace/tui/app.py").exists() or not program.exists():
        print("The workspace has no screens yet: nothing to start.")
        return
    empty = BUILD / "empty_app.py"
    empty.parent.mkdir(exist_ok=True)
    empty.write_text(EMPTY)
    stores = [demo_store("small")]
    large = options.store or BUILD / "bench-large.db"
    if large.exists():
        stores.append(large)
    else:
        note("there is no large store yet: goals_full.py makes it")
    programs = {"empty Textual app": ([sys.executable, str(empty)], {"first frame": "ready"}, False)}
    for path in stores:
        command = [str(program), "--db", str(path), "--as", "dana"]
        programs[path.name] = (command, {"first frame": FRAME, "first data": DATA}, True)
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in programs}
    for number in range(options.runs + 1):
        for name, program_ in programs.items():
            found = once(*program_)
            if number:
                rounds[name].append(found)
    floor = [each["first frame"] for each in rounds["empty Textual app"]]
    rows = []
    for name, each in rounds.items():
        for key in dict.fromkeys(key for found in each for key in found):
            values = [found[key] for found in each if key in found]
            middle = statistics.median(values)
            if key == "memory":
                text = f"{middle:.0f} MB"
            elif "bytes" in key:
                text = f"{middle:,.0f}"
            else:
                text = duration(middle)
            to_floor = (
                f"{statistics.median(v / f for v, f in zip(values, floor, strict=False)):.2f}×"
                if key.startswith("first")
                else ""
            )
            rows.append([f"{name}: {key}", text, to_floor])
    table(
        "start and keys (aims: first frame 1.15×, first data 1.5×, down ≤ 10 ms, end ≤ 33 ms, ≤ 400 bytes, ≤ 80 MB)",
        ["", "median", "to the empty app"],
        rows,
    )


if __name__ == "__main__":
    main()
