"""Full calculation of goals (WRK-4) against the best SQL written by hand for the same store, in the same run.

The 12 monthly slices of each of the store's 1,000 goals made in bulk are opened again, so that all periods of the year
are measured and not only those still running; the store is left as it was. By hand means: a table of distinct cells
(KPI, owner, period), each measured once over its covering index, summed per slice, written in one update. Whose records
count for which row is given to it for nothing. Several ways are tried each time; the floor is the quickest.
"""

import sqlite3
import statistics
import time
from collections import defaultdict
from contextlib import closing, contextmanager
from pathlib import Path

from cs_workspace.domain.clock import FixedClock
from cs_workspace.domain.permissions import Permission
from cs_workspace.store import goals as goal_store
from cs_workspace.store.engine import Store
from cs_workspace.workspace import calculation
from cs_workspace.workspace.door import Operation, Workspace

from parts.figures import against_floor, duration, interleaved, table
from parts.stores import arguments, demo_store

# What makes the bulk goals' slices out of the others: template, what is counted and how it is dated.
FACTS = {
    "tickets_closed": ("tickets", "closed_at", "t.is_closed = 1", "NULL"),
    "avg_ticket_resolution_time": ("tickets", "closed_at", "t.is_closed = 1", "sum((t.closed_at - t.created_at) / 1000)"),
    "avg_ticket_response_time": (
        "tickets", "first_reply_at", "t.first_reply_at IS NOT NULL", "sum((t.first_reply_at - t.created_at) / 1000)",
    ),
    "revenue": ("deals", "close_date", "t.is_won = 1", "sum(t.amount_home)"),
    "deals_created": ("deals", "created_at", "1", "NULL"),
    "calls_made": ("calls", "at", "1", "NULL"),
    "meetings_booked": ("meetings", "booked_at", "1", "NULL"),
}  # fmt: skip
BULK = "SELECT s.id FROM slices s JOIN contributors c ON c.id = s.contributor JOIN goals g ON g.id = c.goal WHERE g.name LIKE '%#%'"
TABLES = """
DROP TABLE IF EXISTS temp.wanted; DROP TABLE IF EXISTS temp.cells; DROP TABLE IF EXISTS temp.measured;
CREATE TEMP TABLE wanted (slice INTEGER, template TEXT, owner INTEGER, pipeline INTEGER, start INTEGER, until INTEGER);
CREATE TEMP TABLE cells (id INTEGER PRIMARY KEY, template TEXT, owner INTEGER, pipeline INTEGER, start INTEGER, until INTEGER);
CREATE TEMP TABLE measured (template TEXT, owner INTEGER, start INTEGER, pipeline INTEGER, records INTEGER, total INTEGER,
                            PRIMARY KEY (template, owner, start, pipeline)) WITHOUT ROWID;
"""
WANTED = """
INSERT INTO wanted SELECT s.id, c.template, c.owner, p.value, s.start, s."end"
FROM slices s JOIN counted c ON c.contributor = s.contributor LEFT JOIN json_each(s.pipelines) p WHERE s.frozen = 0
"""
RESULT = """
INSERT INTO temp.result SELECT w.slice, coalesce(sum(m.records), 0), sum(m.total)
FROM wanted w LEFT JOIN measured m
ON m.template = w.template AND m.owner = w.owner AND m.start = w.start AND {which} GROUP BY w.slice
"""
WRITE = """
UPDATE slices SET total = r.total, records = r.records, calculated_at = 1 FROM temp.result r
WHERE r.slice = slices.id AND (slices.total IS NOT r.total OR slices.records IS NOT r.records OR {always})
"""


class ByHand:
    """The floor: the same connection settings as ours, plain sqlite3, and everything prepared that may be."""

    def __init__(self, path: Path, counted: list[tuple[int, int, str]]) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("synchronous=FULL", "cache_size=-16000", "temp_store=MEMORY"):
            self.db.execute(f"PRAGMA {pragma}")
        self.db.execute("CREATE TEMP TABLE counted (contributor INTEGER, owner INTEGER, template TEXT)")
        self.db.executemany("INSERT INTO counted VALUES (?, ?, ?)", counted)
        self.db.execute("CREATE INDEX temp.of_contributor ON counted (contributor, owner, template)")
        self.db.execute("CREATE TEMP TABLE result (slice INTEGER PRIMARY KEY, records INTEGER, total INTEGER)")

    def run(self, measure, which: str, *, always: bool) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            self.db.execute("DELETE FROM temp.result")
            measure()
            self.db.execute(RESULT.format(which=which))
            self.db.execute(WRITE.format(always=int(always)))
        finally:
            self.db.execute("COMMIT")

    def _wanted(self, columns: str) -> None:
        for statement in TABLES.split(";"):
            self.db.execute(statement)
        self.db.execute(WANTED)
        self.db.execute(
            f"INSERT INTO cells (template, owner, start, until, pipeline) SELECT DISTINCT template, owner, start, until, "
            f"{columns} FROM wanted ORDER BY template, owner, start"
        )

    def cell_by_cell(self) -> None:
        """All pipelines and single ones each on their own, as cells are asked for."""
        self._wanted("pipeline")
        for template, (kind, dated, where, value) in FACTS.items():
            for single in (False, True):
                if single and kind not in {"tickets", "deals"}:
                    continue
                condition = "t.pipeline = c.pipeline" if single else "c.pipeline IS NULL"
                known = "c.pipeline IS NOT NULL" if single else "1"
                self.db.execute(
                    f"INSERT INTO measured SELECT c.template, c.owner, c.start, coalesce(c.pipeline, 0), count(*), {value} "
                    f"FROM cells c CROSS JOIN {kind} t ON t.owner = c.owner AND t.{dated} >= c.start AND t.{dated} < c.until "
                    f"WHERE c.template = ? AND {known} AND {condition} AND t.deleted_at IS NULL AND {where} GROUP BY c.id",
                    [template],
                )

    def pipeline_by_pipeline(self) -> None:
        """Each owner's period once, split by pipeline: those of all pipelines are sums of the same rows."""
        self._wanted("NULL")
        for template, (kind, dated, where, value) in FACTS.items():
            piped = kind in {"tickets", "deals"}
            self.db.execute(
                f"INSERT INTO measured SELECT c.template, c.owner, c.start, {'t.pipeline' if piped else '0'}, count(*), {value} "
                f"FROM cells c CROSS JOIN {kind} t ON t.owner = c.owner AND t.{dated} >= c.start AND t.{dated} < c.until "
                f"WHERE c.template = ? AND t.deleted_at IS NULL AND {where} GROUP BY c.id{', t.pipeline' if piped else ''}",
                [template],
            )


WAYS = {
    "by hand, cell by cell": (ByHand.cell_by_cell, "m.pipeline = coalesce(w.pipeline, 0)"),
    "by hand, split by pipeline": (ByHand.pipeline_by_pipeline, "(w.pipeline IS NULL OR m.pipeline = w.pipeline)"),
}


@contextmanager
def opened(path: Path):
    """The bulk goals' slices open, as at the start of their year; frozen again at the end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        frozen = db.execute("SELECT id, frozen FROM slices").fetchall()
        db.execute(f"UPDATE slices SET frozen = id NOT IN ({BULK})")
    try:
        yield
    finally:
        with closing(sqlite3.connect(path)) as db, db:
            db.executemany("UPDATE slices SET frozen = ? WHERE id = ?", [(flag, i) for i, flag in frozen])


def forget(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE slices SET total = -1, records = -1 WHERE frozen = 0")


def results(path: Path) -> list[tuple[int, int, int]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT id, coalesce(total, 0), records FROM slices WHERE frozen = 0 ORDER BY id").fetchall()


def split(workspace: Workspace, runs: int) -> None:
    """Where our time goes, by wrapping what is called."""
    spent: dict[str, float] = defaultdict(float)

    def wrapped(module, name: str, label: str):
        inner = getattr(module, name)

        def outer(*args, **kwargs):
            start = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                spent[label] += time.perf_counter() - start

        setattr(module, name, outer)
        return lambda: setattr(module, name, inner)

    undo = [
        wrapped(goal_store, "load_goals", "load goals, rows and slices"),
        wrapped(goal_store, "load_contributors", "load goals, rows and slices"),
        wrapped(goal_store, "load_slices", "load goals, rows and slices"),
        wrapped(calculation, "load", "load, and whose records count"),
        wrapped(goal_store, "measure", "SQL over cells"),
        wrapped(calculation, "measure", "measure: cells, SQL, pool"),
        wrapped(goal_store, "store_measured", "store"),
    ]
    start = time.perf_counter()
    for _ in range(runs):
        workspace.run(calculation.full)
    total = time.perf_counter() - start
    for each in undo:
        each()
    rows = [[label, duration(seconds / runs), f"{seconds / total:.0%}"] for label, seconds in spent.items()]
    table("where the time goes (some lines lie within others)", ["", "per run", "of all"], [*rows, ["all", duration(total / runs), "100%"]])


def main() -> None:
    options = arguments(__doc__.splitlines()[0]).parse_args()
    path = demo_store(options.size, options.store)
    with closing(Store(str(path))) as store, opened(path):
        with store.reading() as connection:
            start = min(s.start for s in goal_store.load_slices(connection, goal_store.not_frozen()))
        workspace = Workspace(store, FixedClock(start - 1), None)
        counted = counted_rows(workspace)
        hand = ByHand(path, counted)
        with closing(sqlite3.connect(path)) as db:
            sizes = ", ".join(f"{db.execute(f'SELECT count(*) FROM {t}').fetchone()[0]:,} {t}" for t in ("tickets", "deals", "companies"))
            (slices,) = db.execute("SELECT count(*) FROM slices WHERE frozen = 0").fetchone()
        print(f"{path.name}: {sizes}; {slices:,} slices")
        for always, title in ((False, "nothing changed since the last time"), (True, "every value is new")):
            programs = {
                name: lambda way=way, which=which: hand.run(lambda: way(hand), which, always=always)
                for name, (way, which) in WAYS.items()
            }

            def ours() -> float:
                if always:
                    forget(path)
                begun = time.perf_counter()
                workspace.run(calculation.full)
                return time.perf_counter() - begun

            found = interleaved(options.runs, **programs, **{"calculation.full": ours})
            mine = results(path)
            for name, (way, which) in WAYS.items():
                forget(path)
                hand.run(lambda way=way: way(hand), which, always=True)
                assert results(path) == mine, f"{name} gives other values"
            floor = min(WAYS, key=lambda name: statistics.median(found[name]))
            against_floor(title, found, floor, "≤ 1.3×")
        split(workspace, options.runs)
        hand.db.close()


def counted_rows(workspace: Workspace) -> list[tuple[int, int, str]]:
    look = Operation("bench.load", Permission.SESSION, writes=False, label="", undoable=False, function=calculation.load)
    loaded = workspace.run(look)
    return [(row, owner, loaded.goals[c.goal].template) for row, c in loaded.contributors.items() for owner in loaded.counted[row]]


if __name__ == "__main__":
    main()
