"""Time `Store.record` against a bare SQLite commit of one row, both on the same disk with the same pragmas.

Run from the top of the checkout::

    python benchmarks/store_cost.py

Prints a markdown table; the exit status is 0 where the target is met and 1 where it is not.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pizzatune.menus import two_hills
from pizzatune.store import Store
from pizzatune.strategies import GeneticAlgorithm, Strategy
from pizzatune.trial import Trial

TARGET = 2.0  # times a bare commit
PRAGMAS = ("journal_mode=DELETE", "synchronous=EXTRA", "fullfsync=1")  # those of the store
ROW = "x" * 300  # about as long as a trial in the store


def searched(count: int) -> tuple[Strategy, list[Trial]]:
    """A fresh strategy, and the trials that it makes."""
    menu = two_hills()
    strategy = GeneticAlgorithm(menu.space, seed=0)
    while len(strategy.trials) < count:
        params = strategy.ask()
        strategy.tell(params, menu.taste(params), seconds=0.01)
    return strategy.rebuilt([]), strategy.trials


def timed(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def measure(trials: int, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds of each bare commit and of each `record`."""
    strategy, made = searched(trials)
    bare, kept = [], []
    with (
        closing(sqlite3.connect(folder / "bare.sqlite", isolation_level=None)) as connection,
        Store.open(folder / "run.sqlite", strategy) as store,
    ):
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, row TEXT)")
        for number, trial in enumerate(made):  # in turns, so that a busy moment of the disk hits both alike
            row = number, ROW
            bare.append(timed(lambda row=row: connection.execute("INSERT INTO rows VALUES (?, ?)", row)))
            kept.append(timed(lambda trial=trial: store.record(trial)))
    return bare, kept


def table(bare: list[float], kept: list[float]) -> str:
    yardstick = statistics.median(bare)
    lines = [
        f"| one row | median of {len(bare)}, ms | times a bare commit |",
        "| --- | ---: | ---: |",
    ]
    for name, seconds in {"bare SQLite commit": bare, "`Store.record`": kept}.items():
        median = statistics.median(seconds)
        lines.append(f"| {name} | {1e3 * median:.3f} | {median / yardstick:.2f} |")
    return "\n".join(lines)


def met(bare: list[float], kept: list[float]) -> bool:
    """Whether recording keeps to the target."""
    return statistics.median(kept) <= TARGET * statistics.median(bare)


def main() -> int:
    parser = argparse.ArgumentParser(description="Time `Store.record` against a bare SQLite commit.")
    parser.add_argument("--trials", type=int, default=300, help="rows written to each file (default 300)")
    parser.add_argument("--folder", help="where to write; by default the folder for temporary files")
    given = parser.parse_args()
    if given.trials < 1:
        parser.error(f"--trials must be 1 or more, got {given.trials}")
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        bare, kept = measure(given.trials, Path(folder))
    print(table(bare, kept))
    good = met(bare, kept)
    verdict = "met" if good else "not met"
    print(f"\n**{verdict}**: `Store.record` takes at most {TARGET:g} times a bare SQLite commit.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
