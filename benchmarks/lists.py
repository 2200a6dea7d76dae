"""Lists and the palette on 100,000 customers and 1,000,000 tickets against 100 of each: operations, then a terminal."""

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from parts.figures import duration, note, table
from parts.stores import BUILD, arguments, demo_store
from parts.terminal import Terminal

from cs_workspace.domain.clock import FixedClock, SystemClock
from cs_workspace.domain.permissions import Permission
from cs_workspace.store.engine import Store
from cs_workspace.workspace import records, search
from cs_workspace.workspace.door import Tx, Workspace, writes
from cs_workspace.workspace.setup import NewAccount, make_store

FEW, DOWNS, PAGE = 100, 20, 128
NOW = 1_795_336_320_000  # 2026-11-22 09:32 in Rome
TOP, HEADER, FIRST, IN_PALETTE = 2, 4, 5, 5  # lines of the screen
ROWS = r"[\d,]+ compan"
LETTERS = ("lo", "in", "re", "th", "error", "molde data", "zq")  # frequent, rare, none


@writes(Permission.WORKSPACE, "make records", undoable=False)
def make(tx: Tx, number: int) -> None:
    """So many companies and tickets."""
    for kind, name, texts in (
        ("companies", "name", ("Łódź Robotics", "Molde Data", "Insight Roma")),
        ("tickets", "subject", ("Error 502 when saving", "Reports in Portal are slow", "How do I log in")),
    ):
        for each in range(number):
            records.add(tx, kind, {name: f"{texts[each % len(texts)]} {each}", "owner": "dana"})


def few() -> Path:
    """The store with a hundred of each, made now if it is not there."""
    path = BUILD / "bench-lists-few.db"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        note(f"making {path}")
        store = Store(str(path))
        make_store(store, NewAccount("Bench", "dana", time_zone="Europe/Rome"), SystemClock())
        workspace = Workspace(store, FixedClock(NOW), "dana")
        seats = {"service_seat": "enterprise", "sales_seat": "enterprise", "workspace": "yes"}
        workspace.run(records.change, "users", "dana", seats)
        workspace.run(make, FEW)
        store.close()
    return path


def reads(workspace: Workspace) -> dict[str, Callable[[], object]]:
    """What a list and the palette ask for."""

    def page(kind: str, query: str = "", **how: Any) -> Callable[[], object]:
        return partial(workspace.run, records.page, kind, query, limit=PAGE, **how)

    found: dict[str, Callable[[], object]] = {}
    for kind in ("companies", "tickets"):
        key = workspace.run(records.page, kind, limit=PAGE)[FEW // 2].key
        found[f"{kind}: first page"] = page(kind)
        found[f"{kind}: next page"] = page(kind, after=key)
        found[f"{kind}: the end"] = page(kind, backwards=True)
        found[f"{kind}: by -created_at"] = page(kind, sort="-created_at")
        found[f"{kind}: by owner,-created_at"] = page(kind, sort="owner,-created_at")
        found[f"{kind}: all counted"] = partial(workspace.run, records.count, kind)
    for name in ("priority", "stage", "category"):  # the last one has no index
        found[f"tickets: by {name}"] = page("tickets", sort=name)
    for text in LETTERS:
        found[f"tickets: filter {text!r}"] = page("tickets", text, sort="-created_at")
        found[f"tickets: filter {text!r} by title"] = page("tickets", text)
    for text in LETTERS:
        found[f"palette {text!r}"] = partial(workspace.run, search.find, text)
    return found


def screen(path: Path) -> dict[str, float]:
    """One session at a terminal."""
    program = str(Path(sys.executable).with_name("cs-workspace"))
    found: dict[str, float] = {}
    with Terminal([program, "--db", str(path), "--as", "dana", "--now", "2026-11-22T09:32"]) as terminal:

        def press(name: str, key: str, times: int = 1) -> None:
            pressed = [terminal.press(key) for _ in range(times)]
            seconds = [each for each, _ in pressed if each is not None]
            if not seconds:
                note(f"  {name}: nothing was painted")
                return
            found[f"key to paint: {name}"] = statistics.median(seconds)
            found[f"bytes: {name}"] = statistics.median(count for _, count in pressed)

        def answered(name: str, key: str, row: int) -> None:
            seconds = terminal.answered(key, row)
            if seconds is None:
                note(f"  {name}: never seen")
            else:
                found[f"key to answer: {name}"] = seconds

        if terminal.until("sqlite") is None:
            note("  the store was not opened")
            return found
        terminal.quiet()
        terminal.press("2")
        if terminal.until(ROWS) is None:
            note("  Customers: never seen")
            return found
        terminal.quiet()
        for key in ("/", "\x15", "\r"):  # of all customers
            terminal.press(key)
            terminal.quiet()
        terminal.press("down")
        press("down", "down", DOWNS)
        press("page down", "pagedown", 2)
        press("to the end", "G")
        press("to the top", "g")
        answered("sort by another column", "s", HEADER)
        terminal.quiet()
        there = {word[:1].lower() for word in terminal.screen.display[FIRST].split()}
        terminal.press("/")
        answered("filter as you type", next(each for each in "milrs" if each not in there), FIRST)
        terminal.quiet()
        terminal.press("\r")
        answered("open a record", "o", TOP)
        terminal.quiet()
        terminal.press(":")
        terminal.press("r")
        answered("palette as you type", "o", IN_PALETTE)
        terminal.quiet()
        found["memory"] = terminal.memory()
    return found


def shown(name: str, value: float) -> str:
    if name.startswith("bytes"):
        return f"{value:,.0f}"
    return f"{value:.0f} MB" if name == "memory" else duration(value)


def main() -> None:
    """Both stores in turn, and the ratio of each round."""
    parser = arguments(__doc__)
    parser.add_argument("--no-screen", action="store_true", help="only the operations")
    parser.set_defaults(runs=3)
    options = parser.parse_args()
    paths = {"few": few(), "many": demo_store(options.size, options.store)}
    stores = {name: Store(str(path)) for name, path in paths.items()}
    programs = {name: reads(Workspace(store, FixedClock(NOW), "dana")) for name, store in stores.items()}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in paths}
    for number in range(options.runs + 1):
        for name, path in paths.items():
            taken = {}
            for what, run in programs[name].items():
                start = time.perf_counter()
                run()
                taken[what] = time.perf_counter() - start
            if not options.no_screen:
                taken |= screen(path)
            if number:
                found[name].append(taken)
    rows = []
    rounds = list(zip(found["few"], found["many"], strict=True))
    for what in found["many"][0]:
        pairs = [(a[what], b[what]) for a, b in rounds if what in a and what in b]
        if pairs:
            small, large = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
            ratio = statistics.median(b / a for a, b in pairs)
            rows.append([what, shown(what, small), shown(what, large), f"{ratio:.2f}×"])
    for store in stores.values():
        store.close()
    title = f"lists and palette: the {options.size} store against {FEW} rows"
    table(title, ["", f"{FEW} rows", options.size, "ratio"], rows)


if __name__ == "__main__":
    main()
