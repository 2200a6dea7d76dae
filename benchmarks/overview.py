"""The Goals overview with 1,000 goals of 12 slices against 10: opening, keys and filtering, on a real terminal."""

import statistics
import sys
import time
from pathlib import Path

from parts.figures import duration, note, table
from parts.stores import BUILD
from parts.terminal import Terminal

from cs_workspace.domain.clock import FixedClock, SystemClock
from cs_workspace.domain.permissions import Permission
from cs_workspace.store.engine import Store
from cs_workspace.workspace import goal_making, goals, records
from cs_workspace.workspace.door import Tx, Workspace, writes
from cs_workspace.workspace.goal_making import NewGoal
from cs_workspace.workspace.setup import NewAccount, make_store

MANY, FEW, USERS, ROUNDS, DOWNS = 1_000, 10, 5, 3, 8
NOW = 1_795_336_320_000  # 2026-11-22 09:32 in Rome
TEMPLATES = ("tickets_closed", "deals_created", "revenue", "avg_ticket_response_time")
COUNTED = r"goals? · [\d,]+ rows?"
FILTERED = r"of [\d,]+ rows?"


@writes(Permission.GOALS_EDIT, "make goals", undoable=False)
def make(tx: Tx, number: int) -> None:
    """So many monthly goals of one user each."""
    for each in range(number):
        template = TEMPLATES[each % len(TEMPLATES)]
        name = f"{template.replace('_', ' ').capitalize()} {each}"
        user = f"user{each % USERS}"
        goal_making.create(tx, NewGoal(template, name, users=[user], duration="monthly", year=2026, target="50"))


def store_of(number: int) -> Path:
    """The file of a store with so many goals, made now if it is not there."""
    path = BUILD / f"bench-overview-{number}.db"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    note(f"making {path}: {number:,} goals")
    store = Store(str(path))
    make_store(store, NewAccount("Bench", "dana", time_zone="Europe/Rome"), SystemClock())
    workspace = Workspace(store, FixedClock(NOW), "dana")
    seats = {"service_seat": "enterprise", "sales_seat": "enterprise", "workspace": "yes"}
    for each in range(USERS):
        workspace.run(records.add, "users", {"login": f"user{each}", "name": f"User {each}", **seats})
    workspace.run(make, number)
    store.close()
    return path


def reads(path: Path) -> dict[str, float]:
    """What the operations take without a screen."""
    store = Store(str(path))
    workspace = Workspace(store, FixedClock(NOW), "dana")
    found = {}
    for name, run in (
        ("read rows", lambda: workspace.run(goals.progress, current_only=True)),
        ("read filtered", lambda: workspace.run(goals.progress, "status:in_progress user 3", current_only=True)),
        ("list goals", lambda: workspace.run(goals.goals)),
    ):
        run()
        times = []
        for _ in range(3):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        found[name] = statistics.median(times)
    store.close()
    return found


def screen(path: Path) -> dict[str, float]:
    """One session at a terminal."""
    program = str(Path(sys.executable).with_name("cs-workspace"))
    found: dict[str, float] = {}
    with Terminal([program, "--db", str(path), "--as", "dana", "--now", "2026-11-22T09:32"]) as terminal:
        first = terminal.until(COUNTED)
        if first is None:
            note("the rows never came")
            return found
        found["open: first data"] = first
        terminal.quiet()
        downs = [terminal.press("j")[0] for _ in range(DOWNS)]  # fewer than the small list has rows
        found["key to paint: down"] = statistics.median(seconds for seconds in downs if seconds is not None)
        to_the_end, _ = terminal.press("G")
        if to_the_end is not None:
            found["key to paint: to the end"] = to_the_end
        terminal.press("g")
        terminal.press("/")
        before = time.perf_counter() - terminal.started
        terminal.press("3")
        seen = terminal.until(FILTERED)
        if seen is not None:
            found["filter as you type"] = seen - before
    return found


def main() -> None:
    """Both stores in turn, and the ratio of each round."""
    stores = {number: store_of(number) for number in (FEW, MANY)}
    found: dict[int, list[dict[str, float]]] = {number: [] for number in stores}
    for number in range(ROUNDS + 1):
        for size, path in stores.items():
            taken = {**reads(path), **screen(path)}
            if number:
                found[size].append(taken)
    rows = []
    for name in found[MANY][0]:
        pairs = [(few[name], many[name]) for few, many in zip(found[FEW], found[MANY], strict=True) if name in few]
        few, many = ([pair[i] for pair in pairs] for i in (0, 1))
        ratio = statistics.median(m / f for f, m in pairs)
        rows.append([name, duration(statistics.median(few)), duration(statistics.median(many)), f"{ratio:.2f}×"])
    table(f"the overview: {MANY:,} goals of 12 slices against {FEW}", ["", f"{FEW} goals", f"{MANY:,}", "ratio"], rows)


if __name__ == "__main__":
    main()
