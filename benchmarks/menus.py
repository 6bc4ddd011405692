"""Run every strategy on every menu over many seeds, and judge what should hold of them.

Run from the top of the checkout::

    python benchmarks/menus.py            # 30 seeds on two processes; writes benchmarks/MENUS.md
    python benchmarks/menus.py --quick    # 3 seeds, only printed
    python benchmarks/menus.py --menus striped two_hills    # some menus, only printed

README.md beside this file says what is measured and how to read it.
"""

from __future__ import annotations

import argparse
import inspect
import math
import multiprocessing
import os
import platform
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy
from scipy.stats import t as student
from tqdm import tqdm

import pizzatune as pt
from pizzatune.board import Board
from pizzatune.menus import Menu
from pizzatune.space import Space
from pizzatune.trial import Trial

FloatArray = np.ndarray  # of floats

RESULTS = Path(__file__).with_name("MENUS.md")
BUDGET = 30
CLOSE = 0.1  # points: a pizza this near to the best one has found it
LOOKS = (5, 10, 20)  # after how many trials transfer is compared with a search from scratch
LIKENESSES = (1.0, 0.9, 0.5, 0.0, -0.5, -1.0)
TARGETS = (*(f"new_oven({likeness:g})" for likeness in LIKENESSES), "reversed_twin")
STRATEGIES = {
    "grid": pt.GridSearch,
    "random": pt.RandomSearch,
    "sobol": partial(pt.RandomSearch, sampler="sobol"),
    "genetic": pt.GeneticAlgorithm,
    "bayesian": pt.BayesianOptimization,
}

# -- running -------------------------------------------------------------------------------------------------


def all_menus() -> dict[str, Menu]:
    """Every menu that `pizzatune.menus` makes, by name; the new oven at each likeness."""
    makers = {name: getattr(pt.menus, name) for name in pt.menus.__all__}
    makers = {
        name: make
        for name, make in makers.items()
        if inspect.isfunction(make) and inspect.signature(make).return_annotation in (Menu, "Menu")
    }
    new_oven = makers.pop("new_oven")
    found = {name: make() for name, make in makers.items()}
    return found | {f"new_oven({likeness:g})": new_oven(likeness) for likeness in LIKENESSES}


@cache
def old_trials(seed: int) -> list[Trial]:
    """What transfer starts from: 40 trials in the old oven, 20 spread over it and 20 that Bayes chose."""
    menu = pt.menus.old_oven()
    other_seed = 1000 + seed  # the old search must not share its luck with the new one
    strategy = pt.BayesianOptimization(menu.space, start=20, seed=other_seed)
    return list(pt.tune(menu.taste, strategy, 40, progress=False).trials)


def transfer(space: Space, seed: int) -> pt.TransferLearning:
    return pt.TransferLearning(space, source=old_trials(seed), seed=seed)


def run(name: str, menu: Menu, seeds: int, budget: int) -> Board:
    """Race all strategies on one menu, over seeds 0, 1, 2 and so on."""
    racers = STRATEGIES | ({"transfer": transfer} if name in TARGETS else {})
    board = pt.race(racers, menu, budget, seeds, progress=False)
    if board.failed:
        raise RuntimeError(f"{name}: {board.failed}")
    return board


def run_all(
    menus: dict[str, Menu], seeds: int, budget: int, mapper: Callable[..., Iterable]
) -> dict[str, Board]:
    """Race on all menus; `mapper` may spread them over processes."""
    jobs = [(name, menu, seeds, budget) for name, menu in menus.items()]
    done = mapper(run, *zip(*jobs, strict=True))
    return dict(zip(menus, tqdm(done, total=len(jobs), unit="menu"), strict=True))


def pool_of(processes: int) -> ProcessPoolExecutor:
    """New processes, each with one thread for linear algebra: more would fight over the cores."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    # Read when numpy loads, which a spawned process does itself.
    os.environ.update(dict.fromkeys(threads, "1"))
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))


# -- measuring -----------------------------------------------------------------------------------------------


def looked_at(menu: Menu, budget: int) -> int:
    """Over how many trials regret is averaged: a search of a small menu soon finds all."""
    return min(budget, int(menu.space.size // 4)) if math.isfinite(menu.space.size) else budget


def mean_regret(board: Board, strategy: str, trials: int) -> FloatArray:
    """Normalised regret averaged over the first trials, 0 the best and 1 the median pizza; shape (seeds,)."""
    return board.regrets[strategy][:, :trials].mean(axis=1)


def trials_until_close(best: FloatArray, top: float) -> FloatArray:
    """The first trial, from 1, within `CLOSE` of `top`; budget + 1 where none was; shape (seeds,)."""
    close = best >= top - CLOSE
    return np.where(close.any(axis=1), close.argmax(axis=1) + 1, best.shape[1] + 1)


class Interval(NamedTuple):
    """A mean over seeds, and half the width of its 95 % interval (Student's t)."""

    mean: float
    half: float

    def text(self, digits: int = 3, signed: bool = False) -> str:
        return f"{self.mean:{'+' if signed else ''}.{digits}f} ± {self.half:.{digits}f}"


def interval(values: FloatArray) -> Interval:
    seeds = len(values)
    half = student.ppf(0.975, seeds - 1) * np.std(values, ddof=1) / math.sqrt(seeds)
    return Interval(float(np.mean(values)), float(half))


# -- telling -------------------------------------------------------------------------------------------------


def markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def regret_table(menus: dict[str, Menu], boards: dict[str, Board]) -> str:
    rows = []
    for name, board in boards.items():
        size, trials = menus[name].space.size, looked_at(menus[name], board.budget)
        cells = [f"{size:,}" if math.isfinite(size) else "no end", str(trials)]
        cells += [interval(mean_regret(board, strategy, trials)).text() for strategy in STRATEGIES]
        rows.append([name, *cells])
    return markdown(["menu", "pizzas", "trials", *STRATEGIES], rows)


def against_random(menu: Menu, strategy: str, board: Board) -> Interval:
    """Mean regret of a strategy minus that of random search, seed by seed; below 0 is better."""
    trials = looked_at(menu, board.budget)
    return interval(mean_regret(board, strategy, trials) - mean_regret(board, "random", trials))


def difference_table(menus: dict[str, Menu], boards: dict[str, Board]) -> str:
    others = [strategy for strategy in STRATEGIES if strategy != "random"]
    rows = [
        [name, *(against_random(menus[name], other, board).text(signed=True) for other in others)]
        for name, board in boards.items()
    ]
    return markdown(["menu", *(f"{strategy} - random" for strategy in others)], rows)


def transfer_table(menus: dict[str, Menu], boards: dict[str, Board]) -> str:
    rows = []
    for name in targets(menus):
        top = menus[name].best.score
        for strategy in ("bayesian", "transfer"):
            best = boards[name].scores[strategy]
            first = trials_until_close(best, top)
            missed = int((first > best.shape[1]).sum())
            regrets = [interval(top - best[:, look - 1]).text() for look in LOOKS]
            label = "scratch" if strategy == "bayesian" else strategy
            rows.append([name, label, interval(first).text(1), f"{missed} of {len(best)}", *regrets])
    head = ["menu", "search", f"trials until within {CLOSE}", "never within it"]
    return markdown(head + [f"regret after {look}" for look in LOOKS], rows)


def targets(menus: dict[str, Menu]) -> list[str]:
    return [name for name in TARGETS if name in menus]


class Judgment(NamedTuple):
    """A sentence that should hold, whether it does, and the numbers."""

    claim: str
    met: bool
    numbers: str


def judgments(menus: dict[str, Menu], boards: dict[str, Board]) -> Iterator[Judgment]:
    gaps = {name: against_random(menus[name], "bayesian", board) for name, board in boards.items()}
    worse = {name: gap for name, gap in gaps.items() if gap.mean > 0}
    yield Judgment(
        "Bayesian is never worse than random: the mean difference is at most 0 on every menu",
        not worse,
        told(worse),
    )
    large = {name: gap for name, gap in gaps.items() if menus[name].space.size > 100}
    unproven = {name: gap for name, gap in large.items() if gap.mean + gap.half >= 0}
    yield Judgment(
        "Bayesian is better than random on every menu of over 100 pizzas: the whole interval lies below 0",
        not unproven,
        told(unproven),
    )
    if board := boards.get(name := "new_oven(0.9)"):
        top = menus[name].best.score
        warm, cold = (trials_until_close(board.scores[which], top) for which in ("transfer", "bayesian"))
        yield Judgment(
            f"Transfer at likeness 0.9 is within {CLOSE} of the best in at most half the trials of scratch",
            *at_most(0.5, warm, cold, "trials"),
        )
    if board := boards.get(name := "new_oven(-1)"):
        last = LOOKS[-1]
        warm, cold = (mean_regret(board, which, last) for which in ("transfer", "bayesian"))
        yield Judgment(
            f"Transfer at likeness -1 has at most 1.1 times scratch's mean regret over trials 1 to {last}",
            *at_most(1.1, warm, cold, "normalised"),
        )
        top = menus[name].best.score
        warm, cold = (top - board.scores[which][:, last - 1] for which in ("transfer", "bayesian"))
        yield Judgment(
            f"Transfer at likeness -1 has at most 1.1 times scratch's regret after trial {last}",
            *at_most(1.1, warm, cold, "points"),
        )


def at_most(times: float, warm: FloatArray, cold: FloatArray, unit: str) -> tuple[bool, str]:
    """Whether the mean of `warm` is at most so many times that of `cold`, and the numbers."""
    gap = interval(warm - times * cold)
    numbers = f"{warm.mean():.3g} against {cold.mean():.3g} {unit}"
    numbers += f"; transfer - {times:g} x scratch: {gap.mean:+.2g} ± {gap.half:.2g}"
    return bool(warm.mean() <= times * cold.mean()), numbers


def told(gaps: dict[str, Interval]) -> str:
    return "; ".join(f"{name}: {gap.text(signed=True)}" for name, gap in gaps.items()) or "no exception"


def report(menus: dict[str, Menu], boards: dict[str, Board], command: str) -> str:
    """All tables and judgments as one markdown page."""
    first = next(iter(boards.values()))
    budget, seeds = first.budget, len(first.seeds)
    judged = [
        f"- **{'met' if judgment.met else 'not met'}**: {judgment.claim} ({judgment.numbers})."
        for judgment in judgments(menus, boards)
    ]
    versions = {
        "pizzatune": pt.__version__,
        "Python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }
    parts = [
        "# How the strategies compare on the menus",
        f"Made by `{command}` with {', '.join(f'{name} {number}' for name, number in versions.items())}. "
        "[README.md](README.md) says what is measured and how to read it.",
        f"Over {seeds} seeds; ± is half of a 95 % interval of the mean over seeds.",
        "## What should hold",
        "\n".join(judged),
        "## Mean normalised regret",
        "0 is the best pizza there is, 1 the median of random pizzas; lower is better.",
        regret_table(menus, boards),
        "## Mean normalised regret, less that of random search with the same seed",
        "Below 0 is better than random search.",
        difference_table(menus, boards),
    ]
    if targets(menus):
        parts += [
            "## Transfer from the old oven, against Bayesian optimization from scratch",
            f"Regret in points. A search that was never within {CLOSE} in {budget} trials counts as "
            f"{budget + 1}, so where there are such, the true mean is higher.",
            transfer_table(menus, boards),
        ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    known = all_menus()
    parser = argparse.ArgumentParser(description="Compare the strategies on every menu over many seeds.")
    parser.add_argument("--seeds", type=int, default=30, help="how many seeds, at least 2 (default 30)")
    parser.add_argument("--processes", type=int, default=2, help="how many processes (default 2)")
    parser.add_argument("--quick", action="store_true", help="3 seeds, and the page is only printed")
    parser.add_argument(
        "--menus", nargs="+", choices=known, metavar="MENU", help=f"only some of: {', '.join(known)}"
    )
    options = parser.parse_args()
    seeds = 3 if options.quick else options.seeds
    if seeds < 2:
        parser.error(f"--seeds must be 2 or more, got {seeds}; one seed says nothing about the spread")
    menus = {name: known[name] for name in options.menus or known}
    command = ["python benchmarks/menus.py", "--quick" if options.quick else f"--seeds {seeds}"]
    if options.menus:
        command += ["--menus", *menus]
    with pool_of(options.processes) as pool:
        boards = run_all(menus, seeds, BUDGET, pool.map)
    page = report(menus, boards, " ".join(command))
    print(page)
    if not options.quick and not options.menus:
        RESULTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
