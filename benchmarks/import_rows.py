"""Rows a second of an import of tickets from CSV, against plain sqlite3 `executemany` of the same rows in the same run.

Both begin with the small demo store; the floor writes the rows, their associations and one journal row each, with all
indexes in place. What an import does besides (reading and checking text, matching, undo) is what the ratio shows.
"""

import csv
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from calendar import timegm
from contextlib import closing
from pathlib import Path

from parts.figures import against_floor, note, table
from parts.stores import BUILD, arguments, demo_store

HEADER = ["external_id", "subject", "pipeline", "stage", "priority", "owner", "companies", "created_at", "closed_at"]
DAY = 24 * 3600


def rows_of(path: Path, count: int) -> list[list[str]]:
    rng = random.Random(1)
    with closing(sqlite3.connect(path)) as db:
        domains = [row[0] for row in db.execute("SELECT domain FROM companies ORDER BY id")]
        logins = [row[0] for row in db.execute("SELECT login FROM users WHERE active ORDER BY id")]
    start = int(time.time()) - 700 * DAY
    found = []
    for number in range(count):
        created = start + rng.randrange(600 * DAY)
        closed = rng.random() < 0.8
        iso = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(created))
        then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(created + rng.randrange(5 * DAY))) if closed else ""
        found.append(
            [
                f"bench-{number}", f"Imported ticket {number}: printer says no", "Support pipeline",
                "Closed" if closed else "Waiting on us", rng.choice(("Low", "Medium", "High")), rng.choice(logins),
                rng.choice(domains), iso, then,
            ]
        )  # fmt: skip
    return found


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def by_hand(path: Path, rows: list[list[str]]) -> float:
    """The rows as the store keeps them, written with one executemany per table."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA cache_size=-16000")
        (first,) = db.execute("SELECT max(id) + 1 FROM tickets").fetchone()
        (change,) = db.execute("SELECT max(id) + 1 FROM changes").fetchone()
        (entry,) = db.execute("SELECT max(id) + 1 FROM entries").fetchone()
        companies = dict(db.execute("SELECT domain, id FROM companies"))
        users = dict(db.execute("SELECT login, id FROM users"))
        (pipeline,) = db.execute("SELECT id FROM pipelines WHERE object = 6 ORDER BY position, id").fetchone()
        stages = dict(db.execute("SELECT label, id FROM stages WHERE pipeline = ?", [pipeline]))
        tickets, links, changes = [], [], []
        for number, (external, subject, _, stage, priority, owner, domain, created, closed) in enumerate(rows):
            at, done = (timegm(time.strptime(t, "%Y-%m-%dT%H:%M:%SZ")) * 1000 if t else None for t in (created, closed))
            search = subject.lower().replace(":", "")
            tickets.append((first + number, subject, pipeline, stages[stage], priority.lower(), users[owner], done,
                            int(done is not None), external, at, at, search))  # fmt: skip
            links.append((6, first + number, 3, companies[domain], 0))
            changes.append((change + number, entry, 6, first + number, "created"))
        begun = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "INSERT INTO tickets (id, subject, pipeline, stage, priority, owner, closed_at, is_closed, external_id, "
            "created_at, updated_at, search_text) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            tickets,
        )
        db.executemany("INSERT INTO associations VALUES (?,?,?,?,?)", links)
        db.execute("INSERT INTO entries VALUES (?, 0, 1, 'bench', 'import', NULL, 1)", [entry])
        db.executemany("INSERT INTO changes (id, entry, object, record, kind) VALUES (?,?,?,?,?)", changes)
        db.execute("COMMIT")
        return time.perf_counter() - begun


def main() -> None:
    parser = arguments(__doc__.splitlines()[0])
    parser.set_defaults(runs=2)
    parser.add_argument("--rows", type=int, default=50_000)
    options = parser.parse_args()
    small = demo_store("small")
    program = Path(sys.executable).with_name("cs-workspace")
    rows = rows_of(small, options.rows)
    file = write(BUILD / "bench-import.csv", rows)
    one = write(BUILD / "bench-import-one.csv", rows[:1])
    copy = BUILD / "bench-import.db"

    def ours(source: Path) -> float:
        shutil.copy(small, copy)
        begun = time.perf_counter()
        done = subprocess.run(
            [program, "--db", copy, "--as", "dana", "--format", "json", "import", source, "--object", "tickets"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        taken = time.perf_counter() - begun
        if done.returncode:
            raise SystemExit(f"The import cannot be measured yet: {(done.stderr or done.stdout).strip()[-500:]}")
        said = json.loads(done.stdout)
        assert said["new"] == (1 if source == one else options.rows), said
        return taken

    def floor() -> float:
        shutil.copy(small, copy)
        return by_hand(copy, rows)

    found: dict[str, list[float]] = {"executemany": [], "cs-workspace import": [], "import, without start": []}
    note(f"importing {options.rows:,} rows, {options.runs + 1} times")
    for number in range(options.runs + 1):
        hand, single, all_ = floor(), ours(one), ours(file)
        if number:
            found["executemany"].append(hand)
            found["cs-workspace import"].append(all_)
            found["import, without start"].append(all_ - single)
    against_floor(f"{options.rows:,} tickets from CSV", found, "executemany")
    table("rows a second", ["", "best"], [[name, f"{options.rows / min(taken):,.0f}"] for name, taken in found.items()])
    for path in (copy, file, one):
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
