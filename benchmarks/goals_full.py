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

from parts.figures import against_floor, duration, interleaved, table
from parts.stores import arguments, demo_store

from cs_workspace.domain.clock import FixedClock
from cs_workspace.domain.permissions import Permission
from cs_workspace.store import goals as goal_store
from cs_workspace.store.engine import Store
from cs_workspace.workspace import calculation
from cs_workspace.workspace.door import Operation, Workspace

# What makes the bulk goals' slices out of the others: template, what is counted and how it is dated.
FACTS = {
    "tickets_closed": ("tickets", "closed_at", "t.is_closed = 1", "count(*)"),
    "avg_ticket_resolution_time": (
        "tickets", "closed_at", "t.is_closed = 1", "sum((t.closed_at - t.created_at) / 1000)",
    ),
    "avg_ticket_response_time": (
        "tickets", "first_reply_at", "t.first_reply_at IS NOT NULL", "sum((t.first_reply_at - t.created_at) / 1000)",
    ),
    "revenue": ("deals", "close_date", "t.is_won = 1", "sum(t.amount_home)"),
    "deals_created": ("deals", "created_at", "1", "count(*)"),
    "calls_made": ("calls", "at", "1", "count(*)"),
    "meetings_booked": ("meetings", "booked_at", "1", "count(*)"),
}  # fmt: skip
BULK = """
SELECT s.id FROM slices s JOIN contributors c ON c.id = s.contributor JOIN goals g ON g.id = c.goal
WHERE g.name LIKE '%#%'
"""
TABLES = """
DROP TABLE IF EXISTS temp.wanted; DROP TABLE IF EXISTS temp.cells; DROP TABLE IF EXISTS temp.measured;
CREATE TEMP TABLE wanted (slice INTEGER, template TEXT, owner INTEGER, pipeline INTEGER, start INTEGER, until INTEGER);
CREATE TEMP TABLE cells (id INTEGER PRIMARY KEY, template TEXT, owner INTEGER, pipeline INTEGER, start INTEGER,
                         until INTEGER);
CREATE TEMP TABLE measured (template TEXT, owner INTEGER, start INTEGER, pipeline INTEGER, records INTEGER,
                            total INTEGER, PRIMARY KEY (template, owner, start, pipeline)) WITHOUT ROWID;
"""
WANTED = """
INSERT INTO wanted SELECT s.id, c.template, c.owner, p.value, s.start, s."end"
FROM slices s JOIN counted c ON c.contributor = s.contributor LEFT JOIN json_each(s.pipelines) p WHERE s.frozen = 0
"""
RESULT = """
INSERT INTO temp.result SELECT w.slice, coalesce(sum(m.records), 0), sum(m.total)
FROM wanted w LEFT JOIN measured m
ON m.template = w.template AND m.owner = w.owner AND m.start = w.start AND m.pipeline = coalesce(w.pipeline, 0)
GROUP BY w.slice
"""
DISTINCT = """
INSERT INTO cells (template, owner, start, until, pipeline)
SELECT DISTINCT template, owner, start, until, pipeline FROM wanted ORDER BY template, owner, start
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

    def run(self, measure, *, always: bool) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            self.db.execute("DELETE FROM temp.result")
            for statement in TABLES.split(";"):
                self.db.execute(statement)
            self.db.execute(WANTED)
            self.db.execute(DISTINCT)
            measure(self)
            self.db.execute(RESULT)
            self.db.execute(WRITE.format(always=int(always)))
        finally:
            self.db.execute("COMMIT")

    def statements(self):
        """One for each template, twice where there are pipelines."""
        for template, (kind, dated, where, value) in FACTS.items():
            for single in (False, True) if kind in {"tickets", "deals"} else (False,):
                counted = (
                    f"t.owner = c.owner AND t.{dated} >= c.start AND t.{dated} < c.until AND t.deleted_at IS NULL "
                    f"AND {where}{' AND t.pipeline = c.pipeline' if single else ''}"
                )
                asked = f"c.template = '{template}' AND c.pipeline IS {'NOT ' if single else ''}NULL"
                yield kind, value, counted, asked

    def joined(self) -> None:
        """Cells joined with records, in the order of the cells so that nothing is sorted."""
        self.db.execute("ANALYZE temp.cells")  # else an index is made on the spot for each statement
        for kind, value, counted, asked in self.statements():
            self.db.execute(
                f"INSERT INTO measured SELECT c.template, c.owner, c.start, coalesce(c.pipeline, 0), count(*), "
                f"{value} FROM cells c CROSS JOIN {kind} t ON {counted} WHERE {asked} GROUP BY c.id"
            )

    def one_by_one(self) -> None:
        """A subquery for each cell, both values packed."""
        for kind, value, counted, asked in self.statements():
            self.db.execute(
                "INSERT INTO measured WITH pairs AS MATERIALIZED (SELECT c.template, c.owner, c.start, c.pipeline, "
                f"(SELECT json_array(count(*), {value}) FROM {kind} t WHERE {counted}) AS pair "
                f"FROM cells c WHERE {asked}) "
                "SELECT template, owner, start, coalesce(pipeline, 0), pair ->> 0, pair ->> 1 FROM pairs"
            )


WAYS = {"by hand, joined": ByHand.joined, "by hand, a subquery per cell": ByHand.one_by_one}


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
    table(
        "where the time goes (some lines lie within others)",
        ["", "per run", "of all"],
        [*rows, ["all", duration(total / runs), "100%"]],
    )


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
            sizes = ", ".join(
                f"{db.execute(f'SELECT count(*) FROM {t}').fetchone()[0]:,} {t}"
                for t in ("tickets", "deals", "companies")
            )
            (slices,) = db.execute("SELECT count(*) FROM slices WHERE frozen = 0").fetchone()
        print(f"{path.name}: {sizes}; {slices:,} slices")
        for always, title in ((False, "nothing changed since the last time"), (True, "every value is new")):
            programs = {name: lambda way=way, always=always: hand.run(way, always=always) for name, way in WAYS.items()}

            def ours(always: bool = always) -> float:
                if always:
                    forget(path)
                begun = time.perf_counter()
                workspace.run(calculation.full)
                return time.perf_counter() - begun

            found = interleaved(options.runs, **programs, **{"calculation.full": ours})
            mine = results(path)
            for name, way in WAYS.items():
                forget(path)
                hand.run(way, always=True)
                assert results(path) == mine, f"{name} gives other values"
            floor = min(WAYS, key=lambda name: statistics.median(found[name]))
            against_floor(title, found, floor, "≤ 1.3×")
        split(workspace, options.runs)
        hand.db.close()


def counted_rows(workspace: Workspace) -> list[tuple[int, int, str]]:
    look = Operation(
        "bench.load", Permission.SESSION, writes=False, label="", undoable=False, function=calculation.load
    )
    loaded = workspace.run(look)
    return [
        (row, owner, loaded.goals[c.goal].template)
        for row, c in loaded.contributors.items()
        for owner in loaded.counted[row]
    ]


if __name__ == "__main__":
    main()
