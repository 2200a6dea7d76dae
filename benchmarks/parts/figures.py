"""Timing and printing: medians of interleaved runs, and ratios to the floor of the same run."""

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager


@contextmanager
def timed(into: list[float]):
    start = time.perf_counter()
    yield
    into.append(time.perf_counter() - start)


def interleaved(runs: int, **programs: Callable[[], float | None]) -> dict[str, list[float]]:
    """Run each program in turn, so that neighbours in time share the noise; one round first is not counted.

    A program returns the seconds that count, or nothing when all of it does.
    """
    found: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(runs + 1):
        for name, program in programs.items():
            start = time.perf_counter()
            counted = program()
            taken = time.perf_counter() - start if counted is None else counted
            if number:
                found[name].append(taken)
    return found


def ratio(mine: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(m / f for m, f in zip(mine, floor, strict=True))


def duration(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    every = [header, *rows]
    widths = [max(len(row[i]) for row in every) for i in range(len(header))]
    print(f"\n{title}")
    for number, row in enumerate(every):
        first, *others = (
            cell.ljust(w) if not i else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        print("  " + "  ".join([first, *others]))
        if not number:
            print("  " + "  ".join("-" * w for w in widths))


def against_floor(title: str, found: Mapping[str, list[float]], floor: str, aim: str = "") -> None:
    """One row per program: its median, its best, and its ratio to the floor."""
    rows = [
        [name, duration(statistics.median(taken)), duration(min(taken)), f"{ratio(taken, found[floor]):.2f}×"]
        for name, taken in found.items()
    ]
    table(f"{title}{f'  (aim {aim})' if aim else ''}", ["", "median", "best", "to the floor"], rows)


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
