"""A customer with 10,000 activities against one with 10: reading the page and the card, opening both on a terminal."""

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parts.figures import duration, interleaved, note, ratio, table
from parts.stores import BUILD
from parts.terminal import Terminal

from cs_workspace.domain.clock import DAY, FixedClock, SystemClock
from cs_workspace.store.account import load_schema
from cs_workspace.store.bulk import Bulk
from cs_workspace.store.engine import Store
from cs_workspace.workspace import record_page
from cs_workspace.workspace.door import Workspace
from cs_workspace.workspace.setup import NewAccount, make_store

MANY, FEW, ROUNDS = 10_000, 10, 5
NOW = 1_795_336_320_000  # 2026-11-22 09:32 in Rome
KINDS = ("calls", "emails", "notes", "meetings", "activities")
CUSTOMERS = {"A few": FEW, "B many": MANY}


def store_of() -> Path:
    """The file of a store with both customers, made now if it is not there."""
    path = BUILD / "bench-record.db"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    note(f"making {path}: customers with {FEW:,} and {MANY:,} activities")
    store = Store(str(path))
    make_store(store, NewAccount("Bench", "dana", time_zone="Europe/Rome"), SystemClock())
    with store.writing() as connection:
        bulk = Bulk(connection, load_schema(connection), "bench", "benchmark data")
        rows: list[dict[str, Any]] = [{"name": name, "owner": 1, "created_at": NOW - 900 * DAY} for name in CUSTOMERS]
        bulk.create("companies", rows)
        bulk.create("contacts", ({**_contact(each), "created_at": NOW - 800 * DAY} for each in (1, 2)))
        for kind in KINDS:
            bulk.create(kind, _rows(kind))
    store.close()
    return path


def _contact(company: int) -> dict[str, Any]:
    return {"first_name": f"Kari {company}", "email": f"kari{company}@b.no", "companies": (company,)}


def _rows(kind: str) -> Iterator[dict[str, Any]]:
    """A fifth of each customer's activities."""
    for company, count in enumerate(CUSTOMERS.values(), 1):
        for number in range(count // len(KINDS)):
            at = NOW - number * (700 * DAY // count)
            row = {"title": f"{kind} {number}", "at": at, "created_at": at}
            if kind == "activities":
                yield {**row, "kind": "page_view", "tool": "Website", "contact": (company,)}
            else:
                yield {**row, "owner": 1, "companies": (company,), "contacts": (company,)}


def main() -> None:
    """Both customers in turn, and the ratio of each round."""
    path = store_of()
    store = Store(str(path))
    workspace = Workspace(store, FixedClock(NOW), "dana")

    def page(company: int) -> None:
        workspace.run(record_page.page, "companies", company)

    def card(company: int) -> None:
        workspace.run(record_page.page, "companies", company, items=6, related=5, changes=0)

    def earlier(company: int) -> None:
        last = workspace.run(record_page.timeline, "companies", company)[-1].key
        workspace.run(record_page.timeline, "companies", company, before=last)

    rows = []
    for name, read in (("read the page", page), ("read the card", card), ("read on", earlier)):
        found = interleaved(ROUNDS, few=lambda read=read: read(1), many=lambda read=read: read(2))
        rows.append(_row(name, found["few"], found["many"]))
    store.close()
    opened: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(ROUNDS):
        for company, taken in opened.items():
            if (seconds := _open(path, company)) is not None:
                taken.append(seconds)
    if all(opened.values()):
        rows.append(_row("key to paint: open", opened[1], opened[2]))
    table(f"a customer: {MANY:,} activities against {FEW}", ["", f"{FEW}", f"{MANY:,}", "ratio"], rows)


def _row(name: str, few: list[float], many: list[float]) -> list[str]:
    return [
        name,
        duration(statistics.median(few)),
        duration(statistics.median(many)),
        f"{ratio(many, few):.2f}×",
    ]


def _open(path: Path, company: int) -> float | None:
    """Seconds from the key to the customer's page."""
    program = str(Path(sys.executable).with_name("cs-workspace"))
    with Terminal([program, "--db", str(path), "--as", "dana", "--now", "2026-11-22T09:32"]) as terminal:
        terminal.quiet()
        terminal.press("2")
        terminal.until("A few")
        terminal.quiet()
        if company == 2:
            terminal.press("j")
            terminal.quiet()
        return terminal.press("o")[0]


if __name__ == "__main__":
    main()
