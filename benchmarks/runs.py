"""Runs of entrants on problems, kept on disk one by one: an interrupted benchmark goes on where it stopped.

A run is known by the entrant and its version, the problem and its fingerprint, and the seed. Files lie in
the folder `.runs` beside this one, which git ignores; deleting it only costs time. The peers take hours, and
change with a release only: their runs also travel with the repository, packed, in `tables/runs`.

    python -m benchmarks.runs            # pack the peers' runs that lie in `.runs`
"""

from __future__ import annotations

import gzip
import importlib
import json
import math
import multiprocessing
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

import pizzatune as pt
from benchmarks.peer import Cannot, Entry
from benchmarks.problems import RECIPES, fingerprint, problem

FOLDER = Path(__file__).with_name(".runs")
PACKED = Path(__file__).with_name("tables") / "runs"
CHUNK = 3  # seeds in one job
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

Run = dict[str, Any]  # problem, print, seed, served (true scores), seconds, failed


@dataclass(frozen=True)
class Course:
    """A set of problems with one budget, and how one of its problems is made and an entrant for it."""

    name: str
    budget: int
    problem: Callable[[str, int], Any]  # name, seed -> problem
    fingerprint: Callable[[str, int], str]
    entrant: Callable[[Entry, str], Callable[..., Any]] = lambda entry, name: entry.make
    noise: Callable[[str], float] = lambda name: 0.0


SEARCH = Course(
    "search",
    40,
    problem,
    cache(lambda name, seed: fingerprint(problem(name, seed))),
    noise=lambda name: RECIPES[name].noise,
)


class Store:
    """The runs of one entrant, as it is today, on one course."""

    def __init__(self, course: Course, name: str, entry: Entry) -> None:
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        self.path = FOLDER / course.name / f"{slug}@{entry.version}.jsonl"
        self.packed = PACKED / course.name / f"{self.path.name}.gz"
        self.course = course
        self.runs: dict[tuple[str, str, int], Run] = {}
        if self.packed.exists():
            self._read(gzip.decompress(self.packed.read_bytes()))
        if self.path.exists():
            self._read(self.path.read_bytes())

    def _read(self, lines: bytes) -> None:
        for line in lines.splitlines():
            if line.endswith(b"}"):  # the last one may be torn
                self._take(json.loads(line))

    def _take(self, run: Run) -> None:
        self.runs[run["problem"], run["print"], run["seed"]] = run

    def get(self, name: str, seed: int) -> Run | None:
        return self.runs.get((name, self.course.fingerprint(name, seed), seed))

    def add(self, runs: Sequence[Run]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            for run in runs:
                self._take(run)
                file.write(json.dumps(run) + "\n")

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self.packed.unlink(missing_ok=True)
        self.runs.clear()

    def pack(self) -> None:
        """Write all runs to one small file, the same bytes for the same runs."""
        lines = [json.dumps(self.runs[key]) for key in sorted(self.runs)]
        self.packed.parent.mkdir(parents=True, exist_ok=True)
        self.packed.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


@contextmanager
def switched(constants: Mapping[str, Any]) -> Iterator[None]:
    """Set constants of modules, named ``module:CONSTANT``, for a while."""
    places = {name: (importlib.import_module(name.split(":")[0]), name.split(":")[1]) for name in constants}
    before = {name: getattr(module, constant) for name, (module, constant) in places.items()}
    try:
        for name, (module, constant) in places.items():
            setattr(module, constant, constants[name])
        yield
    finally:
        for name, (module, constant) in places.items():
            setattr(module, constant, before[name])


def run_chunk(course: Course, entry: Entry, name: str, seeds: Sequence[int]) -> list[Run]:
    """Race one entrant alone on one problem with some seeds."""
    raced = [*seeds] if len(seeds) > 1 else [*seeds, seeds[0] + 1]  # a race is about two seeds at least
    with switched(getattr(entry, "constants", {})), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # peers have much to say
        board = pt.race(
            {"it": course.entrant(entry, name)},
            partial(course.problem, name),
            course.budget,
            seeds=raced,
            noise=course.noise(name),
            progress=False,
        )
    failed = board.failed.get("it", "")
    return [
        {
            "problem": name,
            "print": course.fingerprint(name, seed),
            "seed": seed,
            "served": [] if failed else [float(f"{score:.9g}") for score in board.scores["it"][place]],
            "seconds": 0.0 if failed else round(float(np.nansum(board.seconds["it"][place])), 4),
            "failed": failed,
        }
        for place, seed in enumerate(raced)
        if seed in seeds
    ]


def jobs_for(
    course: Course, store: Store, problems: Sequence[str], seeds: int
) -> list[tuple[str, list[int]]]:
    """What is still to be run: problems, and some seeds of each."""
    jobs = []
    for name in problems:
        missing = [seed for seed in range(seeds) if store.get(name, seed) is None]
        jobs += [(name, missing[start : start + CHUNK]) for start in range(0, len(missing), CHUNK)]
    return jobs


def run_missing(
    course: Course, entrants: Mapping[str, Entry], problems: Sequence[str], seeds: int, workers: int = 2
) -> dict[str, Store]:
    """Run what no file holds yet; the stores of all entrants that are installed."""
    stores = {name: Store(course, name, entry) for name, entry in entrants.items() if entry.version}
    jobs = [
        (name, place, chunk)
        for name, store in stores.items()
        for place, chunk in jobs_for(course, store, problems, seeds)
    ]
    if not jobs:
        return stores
    os.environ.update(
        dict.fromkeys(THREADS, "1")
    )  # read when numpy loads, which a spawned process does itself
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool, tqdm(total=len(jobs), unit="job") as bar:
        running = {
            pool.submit(_run_named, course.name, entrants[name], place, chunk): name
            for name, place, chunk in jobs
        }
        for done in as_completed(running):
            made = done.result()
            stores[running[done]].add(made)
            failures = {
                run["failed"] for run in made if run["failed"] and Cannot.__name__ not in run["failed"]
            }
            for failure in failures:
                bar.write(f"{running[done]} on {made[0]['problem']} was {failure}")
            bar.set_description(running[done])
            bar.update()
    return stores


def _run_named(course: str, entry: Entry, name: str, seeds: Sequence[int]) -> list[Run]:
    return run_chunk(courses()[course], entry, name, seeds)


def courses() -> dict[str, Course]:
    """All courses by name: they hold functions, which do not travel to other processes."""
    from benchmarks.pairs import TRANSFER

    return {course.name: course for course in (SEARCH, TRANSFER)}


def regrets(course: Course, store: Store, name: str, seeds: int) -> np.ndarray | None:
    """Normalised regret after each trial, shape (seeds, budget); None where it was not run, or cannot be."""
    rows = []
    for seed in range(seeds):
        run = store.get(name, seed)
        if run is None or run["failed"]:
            return None
        made = course.problem(name, seed)
        rows.append((made.best.score - np.array(run["served"])) / (made.best.score - made.median))
    return np.array(rows)


def why_not(course: Course, store: Store, name: str, seeds: int) -> str:
    """In a word, why there are no regrets: 'cannot', 'failed' or 'not run'."""
    found = [run for seed in range(seeds) if (run := store.get(name, seed)) is not None]
    if any(Cannot.__name__ in run["failed"] for run in found):
        return "cannot"
    return "failed" if any(run["failed"] for run in found) else "not run"


# -- over problems and seeds ---------------------------------------------------------------------------------

RESAMPLES = 4000


def mean_of(regret: np.ndarray) -> tuple[float, float]:
    """The mean over problems and seeds, and half of its 95 % interval; regret of shape (problems, seeds)."""
    means = resampled(regret)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(regret.mean()), float(high - low) / 2


def resampled(regret: np.ndarray) -> np.ndarray:
    """The mean over problems when seeds are drawn anew, the same for all problems; shape (resamples,).

    A seed's luck may hold on several problems: a search may draw the same points wherever there are as many
    dials. The draws are the same for all arrays of one shape, so that two entrants stay paired.
    """
    each = regret.mean(axis=0)  # (seeds,)
    draws = np.random.default_rng(0).integers(len(each), size=(RESAMPLES, len(each)))
    return each[draws].mean(axis=1)


@dataclass(frozen=True)
class Ratio:
    """Our mean regret divided by another's, paired by problem and seed, with a 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


def ratio_of(ours: np.ndarray, theirs: np.ndarray) -> Ratio:
    """Percentile bootstrap (Efron and Tibshirani, 1993, section 13.3) over paired seeds."""
    if not theirs.mean():
        return Ratio(1.0 if not ours.mean() else math.inf, math.nan, math.nan)
    over = resampled(ours) / resampled(theirs)
    low, high = np.quantile(over, [0.025, 0.975])
    return Ratio(float(ours.mean() / theirs.mean()), float(low), float(high))


def win_rate(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The share of problems and seeds in which ours has the lower regret; half for a tie."""
    gap = (ours - theirs).round(9)
    return float((gap < 0).mean() + 0.5 * (gap == 0).mean())


def main() -> None:
    """Pack what the peers did."""
    from benchmarks.peers import PEERS
    from benchmarks.transfer_peers import TRANSFER_PEERS

    for course, peers in ((courses()["search"], PEERS), (courses()["transfer"], TRANSFER_PEERS)):
        for name, entry in peers.items():
            store = Store(course, name, entry) if entry.version else None
            if store and store.runs:
                store.pack()
                print(f"{len(store.runs)} runs of {name} {entry.version}")


if __name__ == "__main__":
    main()
