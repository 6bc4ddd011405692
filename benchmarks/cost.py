"""What a suggestion costs: time inside ask and tell, how it grows, importing, and memory; all as ratios.

    python -m benchmarks.cost            # writes RESULTS.md; a quarter of an hour on a quiet machine
    python -m benchmarks.cost --quick    # 40 trials at most, only printed

Every search runs in a process of its own, with one thread for linear algebra, on the same space of seven
dials: two with options, one with ordered ones, one with whole numbers, three smooth. They take turns, so
that a busy moment of the machine hits all alike.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks import functions
from benchmarks.entrants import ENTRANTS
from benchmarks.page import Page, markdown, versions
from benchmarks.problems import turned
from benchmarks.runs import THREADS

CHECKOUT = Path(__file__).resolve().parents[1]
KINDS = "ccoirrl"
LOOK = 100  # the trial whose cost is compared
AROUND = 10  # trials before and after a look that are timed with it: a refit may come only now and then
LOOKS = (50, 100, 200, 500, 1000)
TRIALS = {  # how far each is run; what takes seconds a suggestion is not run to a thousand
    "our bayesian": 1010,
    "our genetic": 1010,
    "our random": 1010,
    "optuna gp": 210,
    "scikit-optimize": 110,
    "bayesian-optimization": 110,
    "optuna tpe": 1010,
    "optuna random": 1010,
    "deap": 1010,
}
AIMS = (  # ours, theirs, at most this ratio
    ("our bayesian", "optuna gp", 0.2),
    ("our bayesian", "scikit-optimize", 0.05),
    ("our bayesian", "bayesian-optimization", 0.05),
    ("our genetic", "deap", 1.0),
    ("our random", "optuna random", 1.0),
)
IMPORTS = {
    "numpy": "import numpy",
    "pizzatune": "import pizzatune",
    "pizzatune, a strategy": "from pizzatune import BayesianOptimization, Space, Real",
    "optuna": "import optuna",
    "scikit-optimize": "import skopt",
    "bayesian-optimization": "import bayes_opt",
    "hyperopt": "import hyperopt",
    "nevergrad": "import sys; sys.modules['bayes_opt'] = None; import nevergrad",  # see peers_evolution.py
    "deap": "import deap.algorithms, deap.base, deap.creator, deap.tools",
    "pygad": "import pygad",
    "pymoo": "import pymoo.core.mixed",
    "scikit-learn": "import sklearn.model_selection",
    "botorch": "import botorch",
    "smac": "import smac, ConfigSpace",
    "ax": "import ax",
}
# Linux keeps the peak of a program in /proc; what `resource` tells may be that of the one which started it.
IN_A_FRESH_PROCESS = """
import json, time
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
try:
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
except OSError:
    peak = float("nan")
print(json.dumps([seconds, peak]))
"""
Times = dict[str, list[list[float]]]  # entrant -> for each repeat, the seconds of each trial


def search(name: str, trials: int, seed: int) -> list[float]:
    """Run one search here; seconds inside ask and tell for each trial."""
    space, score = turned(functions.styblinski_tang(len(KINDS)), KINDS, seed)
    entrant = ENTRANTS[name].make(space, seed=seed)
    seconds = []
    for _ in range(trials):
        start = time.perf_counter()
        params = entrant.ask()
        inside = time.perf_counter() - start
        told = float(score(space.encode([params]))[0])
        start = time.perf_counter()
        entrant.tell(params, told)
        seconds.append(inside + time.perf_counter() - start)
    return seconds


def in_own_process(arguments: Sequence[str]) -> str | None:
    """What Python prints when run with these arguments; None where it fails, a package missing."""
    environment = os.environ | dict.fromkeys(THREADS, "1")
    environment["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [sys.executable, *arguments], cwd=CHECKOUT, capture_output=True, text=True, env=environment
    )
    return run.stdout.splitlines()[-1] if run.returncode == 0 and run.stdout else None


def measure(trials: Mapping[str, int], repeats: int) -> Times:
    """Every search `repeats` times, in turns."""
    times: Times = {}
    for seed in range(repeats):
        for name, count in trials.items():
            print(f"{name}, {count} trials", file=sys.stderr, flush=True)
            told = in_own_process(["-m", "benchmarks.cost", "--one", name, str(count), str(seed)])
            if told is not None:
                times.setdefault(name, []).append(json.loads(told))
    return times


def at(times: Times, name: str, look: int) -> float:
    """Mean milliseconds a trial around trial `look`, the median over repeats; nan where not run."""
    if name not in times or len(times[name][0]) < look + AROUND:
        return math.nan
    windows = [seconds[look - AROUND : look + AROUND] for seconds in times[name]]
    return 1000 * statistics.median(statistics.mean(window) for window in windows)


def exponent(times: Times, name: str) -> float:
    """How the cost of a suggestion grows: the slope of log time over log trials, from the first look on."""
    looks = [look for look in LOOKS if not math.isnan(at(times, name, look))]
    if len(looks) < 3:
        return math.nan
    return float(np.polyfit(np.log(looks), np.log([at(times, name, look) for look in looks]), 1)[0])


def number(value: float, digits: int = 2) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def judgments(times: Times, look: int) -> str:
    lines = []
    for ours, theirs, most in AIMS:
        ratio = at(times, ours, look) / at(times, theirs, look)
        verdict = "*not run*" if math.isnan(ratio) else f"**{'met' if ratio <= most else 'not met'}**"
        lines.append(
            f"- {verdict}: {ours} at most {most:g} times {theirs} at trial {look}: {number(ratio, 3)}"
        )
    return "\n".join(lines)


def suggestion_table(times: Times, look: int) -> str:
    """Milliseconds around one trial, and how many times ours that is."""
    bayesian = at(times, "our bayesian", look)
    rows = [
        [name, number(at(times, name, look), 3), number(at(times, name, look) / bayesian, 3)]
        for name in times
    ]
    return markdown(["search", f"ms around trial {look}", "times our bayesian"], rows)


def growth_table(times: Times) -> str:
    rows = [
        [name, *(number(at(times, name, look), 2) for look in LOOKS), number(exponent(times, name))]
        for name in times
    ]
    return markdown(["search", *(f"{look}, ms" for look in LOOKS), "exponent"], rows)


def import_table(repeats: int) -> str:
    """Seconds and memory of importing, beside numpy."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in IMPORTS}
    for repeat in range(repeats + 1):
        for name, statement in IMPORTS.items():
            told = in_own_process(["-c", IN_A_FRESH_PROCESS.format(statement=statement)])
            if told is not None and repeat:  # the first round only warms the disk's cache
                found[name].append(tuple(json.loads(told)))
    middle = {
        name: [statistics.median(values) for values in zip(*runs, strict=True)]
        for name, runs in found.items()
        if runs
    }
    seconds, memory = middle["numpy"]
    rows = [
        [name, f"{1000 * took:.0f}", f"{took / seconds:.2f}", f"{peak:.0f}", f"{peak / memory:.2f}"]
        for name, (took, peak) in middle.items()
    ]
    rows += [[name, *["not installed"] * 4] for name in IMPORTS if name not in middle]
    return markdown(["import", "ms", "times numpy", "peak memory, MB", "times numpy"], rows)


def report(times: Times, look: int, imports: int) -> str:
    absent = [name for name in TRIALS if name not in times]
    packages = ("optuna", "scikit-optimize", "bayesian-optimization", "deap", "torch")
    return "\n\n".join(
        [
            f"With {versions(packages).split(', ', 1)[-1]}. Not run: {', '.join(absent) or 'none'}.",
            "### What should hold",
            judgments(times, look),
            "### Time inside ask and tell",
            suggestion_table(times, look),
            "### How it grows",
            "The exponent is the slope of log time over log trials; 0 would be no growth.",
            growth_table(times),
            "### Importing",
            import_table(imports),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3, help="how often each search is run (default 3)")
    parser.add_argument("--only", nargs="+", choices=TRIALS, metavar="NAME", help="only some searches")
    parser.add_argument("--quick", action="store_true", help="40 trials at most, only printed")
    parser.add_argument("--one", nargs=3, metavar=("NAME", "TRIALS", "SEED"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # peers have much to say
            print(json.dumps(search(options.one[0], int(options.one[1]), int(options.one[2]))))
        return
    look = 30 if options.quick else LOOK
    trials = {name: 40 if options.quick else TRIALS[name] for name in options.only or TRIALS}
    times = measure(trials, 1 if options.quick else options.repeats)
    page = Page("cost", "What a suggestion costs", "python -m benchmarks.cost")
    page.tell(report(times, look, 1 if options.quick else 5))
    if not (options.quick or options.only):
        page.write()


if __name__ == "__main__":
    main()
