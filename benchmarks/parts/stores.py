"""The stores that benchmarks look at: made once, kept under build/."""

import argparse
import time
from pathlib import Path

from parts.figures import note

from cs_workspace.demo.generate import make_demo
from cs_workspace.demo.sizes import SIZES
from cs_workspace.domain.clock import SystemClock
from cs_workspace.store.engine import Store

BUILD = Path(__file__).resolve().parents[2] / "build"


def arguments(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--size", choices=list(SIZES), default="large", help="of the demo store (default large)")
    parser.add_argument("--store", type=Path, help="its file (default build/bench-SIZE.db, made on first use)")
    parser.add_argument("--runs", type=int, default=5, help="counted rounds (default 5)")
    return parser


def demo_store(size: str, path: Path | None = None) -> Path:
    """The file of the demo store of this size, made now if it is not there."""
    path = path or BUILD / f"bench-{size}.db"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    note(f"making {path}: the {size} demo store")
    start = last = time.monotonic()

    def progress(what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > 5:
            last = time.monotonic()
            note(f"  {last - start:4.0f} s  {what} {done:,} of {total:,}")

    store = Store(str(path))
    make_demo(store, size=size, clock=SystemClock(), progress=progress)
    store.close()
    note(f"  {time.monotonic() - start:4.0f} s  done, {path.stat().st_size / 1e6:,.0f} MB")
    return path
