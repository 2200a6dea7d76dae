"""One changed ticket until its goals are right again (WRK-2), against the least that any program must do.

The least: one indexed update of the ticket, its journal entry, and for each slice that counts it one look at its
covering index and one update, in two durable commits as ours.
"""

import sqlite3
import statistics
import time
from contextlib import closing

from parts.figures import against_floor, duration, interleaved, table
from parts.stores import arguments, demo_store

from cs_workspace.domain.clock import SystemClock
from cs_workspace.store.engine import Store
from cs_workspace.workspace import calculation, records
from cs_workspace.workspace.door import Workspace

TICKET = """
SELECT id, owner FROM tickets WHERE is_closed = 0 AND deleted_at IS NULL AND first_reply_at IS NOT NULL AND stage = ?
AND owner IN (SELECT c."user" FROM slices s JOIN contributors c ON c.id = s.contributor JOIN goals g ON g.id = c.goal
              WHERE g.template = 'tickets_closed' AND s.pipelines IS NULL AND s.start <= ? AND s."end" > ?)
ORDER BY owner, id DESC LIMIT 2
"""
SLICES = """
SELECT s.id, s.start, s."end" FROM slices s JOIN contributors c ON c.id = s.contributor JOIN goals g ON g.id = c.goal
WHERE s.frozen = 0 AND s.deleted_at IS NULL AND s.start <= ? AND s."end" > ? AND c."user" = ?
AND g.template = 'tickets_closed'
"""
COUNT = """
SELECT count(*) FROM tickets WHERE deleted_at IS NULL AND is_closed = 1 AND owner = ?
AND closed_at >= ? AND closed_at < ?
"""


class ByHand:
    def __init__(self, path, ticket: int, owner: int, stages: tuple[int, int]) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA synchronous=FULL")
        self.ticket, self.owner, self.stages, self.closed = ticket, owner, stages, False

    def run(self) -> None:
        db, now = self.db, int(time.time() * 1000)
        self.closed = not self.closed
        db.execute("BEGIN IMMEDIATE")
        db.execute(
            "UPDATE tickets SET stage = ?, is_closed = ?, closed_at = ?, updated_at = ? WHERE id = ?",
            (self.stages[self.closed], int(self.closed), now if self.closed else None, now, self.ticket),
        )
        (entry,) = db.execute("SELECT max(id) + 1 FROM entries").fetchone()
        (change,) = db.execute("SELECT max(id) + 1 FROM changes").fetchone()
        db.execute("INSERT INTO entries VALUES (?, ?, 1, 'bench', 'close a ticket', NULL, 0)", (entry, now))
        for number, (prop, new) in enumerate((("stage", self.stages[self.closed]), ("closed_at", now))):
            db.execute(
                "INSERT INTO changes VALUES (?, ?, 6, ?, 'changed', ?, NULL, ?)",
                (change + number, entry, self.ticket, prop, str(new)),
            )
        db.execute("COMMIT")
        db.execute("BEGIN IMMEDIATE")
        for i, start, end in db.execute(SLICES, (now, now, self.owner)).fetchall():
            (count,) = db.execute(COUNT, (self.owner, start, end)).fetchone()
            db.execute(
                "UPDATE slices SET total = ?, records = ?, calculated_at = ? WHERE id = ?", (count, count, now, i)
            )
        db.execute("UPDATE worker_state SET value = ? WHERE name = 'goals_position'", (str(change + 1),))
        db.execute("COMMIT")


def main() -> None:
    parser = arguments(__doc__.splitlines()[0])
    parser.set_defaults(runs=30)
    options = parser.parse_args()
    path = demo_store(options.size, options.store)
    with closing(sqlite3.connect(path)) as db:
        waiting, closed = (
            db.execute(
                "SELECT s.id FROM stages s JOIN pipelines p ON p.id = s.pipeline WHERE p.object = 6 AND s.label = ?",
                (label,),
            ).fetchone()[0]
            for label in ("Waiting on us", "Closed")
        )
        now = int(time.time() * 1000)
        (theirs, owner), (ticket, _) = db.execute(TICKET, (waiting, now, now)).fetchall()
    with closing(Store(str(path))) as store:
        clock = SystemClock()
        dana, worker = Workspace(store, clock, "dana"), Workspace(store, clock, None)
        worker.run(calculation.full)
        hand = ByHand(path, theirs, owner, (waiting, closed))
        parts: dict[str, list[float]] = {"change": [], "catch up": []}

        def ours() -> None:
            stage = "Closed" if ours.open else "Waiting on us"
            ours.open = not ours.open
            start = time.perf_counter()
            dana.run(records.change, "tickets", str(ticket), {"stage": stage})
            middle = time.perf_counter()
            changed = worker.run(calculation.catch_up)
            parts["change"].append(middle - start)
            parts["catch up"].append(time.perf_counter() - middle)
            assert changed, "a closed ticket moves at least one slice"

        ours.open = True
        found = interleaved(options.runs, **{"by hand": hand.run, "change + catch_up": ours})
        if not ours.open:
            ours()
        if hand.closed:
            hand.run()
        worker.run(calculation.full)
        hand.db.close()
    against_floor(f"one ticket closed or opened again ({path.name})", found, "by hand")
    table("of which", ["", "median"], [[name, duration(statistics.median(taken))] for name, taken in parts.items()])


if __name__ == "__main__":
    main()
