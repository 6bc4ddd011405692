"""Time ``import pizzatune`` against ``import numpy`` in fresh processes, and see that it loads nothing heavy.

Run from the top of the checkout::

    python benchmarks/import_time.py

Prints a markdown table; the exit status is 0 where the target is met and 1 where it is not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
TARGET = 1.3  # times numpy
HEAVY = ("scipy", "pandas", "matplotlib", "ipywidgets")
YARDSTICK = "import numpy"
JUDGED = "import pizzatune"
# Public names load when first used, so that line alone flatters us: the next is what a small search needs.
FIRST_USE = "from pizzatune import RandomSearch, Space, menus, tune"

IN_A_FRESH_PROCESS = """
import json, sys, time
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
print(json.dumps([seconds, [name for name in {heavy} if name in sys.modules]]))
"""


def time_once(statement: str) -> tuple[float, list[str]]:
    """Seconds that `statement` takes in a new interpreter, and which heavy packages it loaded."""
    code = IN_A_FRESH_PROCESS.format(statement=statement, heavy=HEAVY)
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    seconds, loaded = json.loads(run.stdout)
    return seconds, loaded


def measure(runs: int) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Median seconds of each statement over `runs` processes, and what heavy packages it loaded."""
    statements = (YARDSTICK, JUDGED, FIRST_USE)
    loaded = {statement: time_once(statement)[1] for statement in statements}  # also warms the disk's cache
    seconds: dict[str, list[float]] = {statement: [] for statement in statements}
    for _ in range(runs):
        for statement in statements:  # in turns, so that a busy moment of the machine hits all alike
            seconds[statement].append(time_once(statement)[0])
    return {statement: statistics.median(times) for statement, times in seconds.items()}, loaded


def table(medians: dict[str, float], loaded: dict[str, list[str]], runs: int) -> str:
    lines = [
        f"| statement | median of {runs}, ms | times `{YARDSTICK}` | loads, of {', '.join(HEAVY)} |",
        "| --- | ---: | ---: | --- |",
    ]
    for statement, median in medians.items():
        ratio = median / medians[YARDSTICK]
        lines.append(
            f"| `{statement}` | {1e3 * median:.0f} | {ratio:.2f} | {', '.join(loaded[statement]) or 'none'} |"
        )
    return "\n".join(lines)


def met(medians: dict[str, float], loaded: dict[str, list[str]]) -> bool:
    """Whether `JUDGED` keeps to the target and loads nothing heavy."""
    return medians[JUDGED] <= TARGET * medians[YARDSTICK] and not loaded[JUDGED]


def main() -> int:
    parser = argparse.ArgumentParser(description="Time `import pizzatune` against `import numpy`.")
    parser.add_argument("--runs", type=int, default=21, help="fresh processes for each line (default 21)")
    runs = parser.parse_args().runs
    if runs < 1:
        parser.error(f"--runs must be 1 or more, got {runs}")
    medians, loaded = measure(runs)
    print(table(medians, loaded, runs))
    good = met(medians, loaded)
    verdict = "met" if good else "not met"
    print(f"\n**{verdict}**: `{JUDGED}` takes at most {TARGET} times `{YARDSTICK}` and loads nothing heavy.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
