"""A search that is killed again and again: what the tests of the store run as a process of its own.

``python -m tests.store_tools 100 folder`` forks a search, kills it (SIGKILL) at a random moment, looks at
what its file holds, and goes on, until so many were killed; it prints the counts as JSON. Being a small
process with one thread it can fork, which is what makes a hundred kills quick.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from pizzatune.parameters import Choice, Integer, Real
from pizzatune.space import Params, Space
from pizzatune.store import Store, load
from pizzatune.strategies import GeneticAlgorithm, GridSearch, RandomSearch, Strategy
from pizzatune.trial import Trial
from pizzatune.tuning import tune

SPACE = Space(
    Choice("oven", ["Stone", "Electric"]),
    Real("heat", 150, 300),
    Real("fan", 0, 3, when={"oven": ["Electric"]}),
    Integer("minutes", 4, 20),
)
FAST = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # where syncing costs nothing, if there is such
BUDGET = 40
OPENED = 255  # told before the numbers of the trials, each in one byte


def bake(params: Params) -> float:
    """A score; the hottest pizzas burn."""
    if params["heat"] > 285:
        raise ValueError("burnt")
    return 10 - abs(params["heat"] / 20 - params["minutes"]) - params.get("fan", 0.0) / 7


def step(strategy: Strategy) -> Trial:
    """Ask, bake and tell."""
    params = strategy.ask()
    try:
        return strategy.tell(params, bake(params), seconds=0.125)
    except ValueError as error:
        return strategy.tell(params, error=f"{type(error).__name__}: {error}")


def search(path: Path, strategy: Strategy, budget: int, tell: Callable[[int], object] = id) -> Strategy:
    """Go on with the search in a file up to `budget` trials, and `tell` of each that was recorded."""
    with Store.open(path, strategy) as store:
        tell(OPENED)
        strategy = strategy.rebuilt(store.trials)
        while len(strategy.trials) < budget:
            trial = step(strategy)
            store.record(trial)
            tell(trial.number)
    return strategy


def tuned(path: Path, strategy: Strategy, budget: int, tell: Callable[[int], object] = id) -> Strategy:
    """The same by `tune`: it tries a trial only once the one before is kept."""
    tell_once = iter([tell])

    def objective(params: Params) -> float:
        for first in tell_once:
            first(OPENED)
        if strategy.trials:
            tell(strategy.trials[-1].number)
        return bake(params)

    tune(objective, strategy, budget, store=path, progress=False)
    return strategy


def undisturbed(strategy: Strategy, budget: int) -> list[Trial]:
    """The trials of a search that nobody kills, and that keeps no file."""
    while len(strategy.trials) < budget:
        step(strategy)
    return strategy.trials


@dataclass
class Counts:
    """What came of the kills."""

    kills: int = 0
    searches: int = 0  # brought to their end, in spite of it
    before_the_file: int = 0  # kills that came before there was a file
    acknowledged: int = 0  # trials of which `record` returned
    unheard: int = 0  # trials in the file that were not acknowledged before a kill or the end
    lost: int = 0  # acknowledged, but not in the file
    doubled: int = 0  # in the file twice
    differing: int = 0  # not what the same search does undisturbed


def forked(
    go_on: Callable[..., Strategy], path: Path, strategy: Strategy, patience: float, once_opened: bool
) -> tuple[set[int], bool]:
    """Search in a child that is killed after `patience` seconds: what it acknowledged, and if it was killed.

    The seconds count from the fork or, `once_opened`, from the moment when the child has opened its file.
    """
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            go_on(path, strategy, BUDGET, tell=lambda number: os.write(tell, bytes([number])))
            os._exit(0)
        except BaseException as error:
            print(f"the search failed: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
    os.close(tell)
    told = os.read(hear, 1) if once_opened else b""
    deadline = time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0 and select.select([hear], [], [], left)[0]:
        told += (part := os.read(hear, BUDGET))
        if not part:  # it has ended
            break
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while part := os.read(hear, BUDGET):
        told += part
    os.close(hear)
    killed = os.WIFSIGNALED(status)
    assert killed or os.WEXITSTATUS(status) == 0, "a search could not go on after a kill"
    return set(told) - {OPENED}, killed


def seconds_a_trial(folder: Path) -> float:
    """How long a trial and its commit take on this disk today."""
    begin = time.monotonic()
    search(folder / "pace.sqlite", RandomSearch(SPACE, seed=0), budget=20)
    return (time.monotonic() - begin) / 20


def look(path: Path, acknowledged: set[int], expected: Sequence[Trial], counts: Counts) -> None:
    """Hold what the file has now against what was acknowledged, and against an undisturbed search."""
    if not path.exists():
        counts.before_the_file += 1
        counts.lost += len(acknowledged)
        return
    trials = load(path).trials
    numbers = [trial.number for trial in trials]
    pizzas = [repr(trial.params) for trial in trials]
    counts.lost += len(acknowledged - set(numbers))
    counts.doubled += len(numbers) - len(set(numbers)) + len(pizzas) - len(set(pizzas))
    counts.differing += sum(map(differ, trials, expected))


def differ(one: Trial, other: Trial) -> bool:
    """Whether two trials are not the same to the last digit."""
    return (one, repr(one.params), repr(one.score), repr(one.origin)) != (
        other,
        repr(other.params),
        repr(other.score),
        repr(other.origin),
    )


def kill_often(kills: int, folder: Path, luck: random.Random) -> Counts:
    """Kill searches until `kills` were killed; let the last one end in peace."""
    counts = Counts()
    pace = seconds_a_trial(folder)
    while counts.kills < kills:
        number = counts.searches
        path = folder / f"run-{number}.sqlite"
        kind = RandomSearch if number % 2 else GeneticAlgorithm
        go_on = search if number % 3 else tuned
        expected = undisturbed(kind(SPACE, seed=number), BUDGET)
        acknowledged: set[int] = set()
        killed = True
        while killed:
            late = luck.random() < 0.75  # the others while the file is made or opened
            patience = luck.uniform(0, min((12 if late else 4) * pace, 0.2)) if counts.kills < kills else 60
            heard, killed = forked(go_on, path, kind(SPACE, seed=number), patience, late)
            counts.kills += killed
            acknowledged |= heard
            look(path, acknowledged, expected, counts)
        counts.searches += 1
        counts.acknowledged += len(acknowledged)
        counts.unheard += BUDGET - len(acknowledged)
        counts.differing += load(path).trials != tuple(expected)
    return counts


# -- several at once -----------------------------------------------------------------------------------------

DRAWING: tuple[Callable[[int], Strategy], ...] = (
    lambda seed: RandomSearch(SPACE, seed=seed),
    lambda seed: RandomSearch(SPACE, sampler="sobol", seed=seed),
    lambda seed: GridSearch(SPACE, resolution=4, seed=seed),
)


def moody(params: Params, rng: np.random.Generator) -> float:
    """A score that only the trial's own stream tells."""
    return float(rng.random())


def together(path: Path, strategy: Strategy, budget: int, tell: Callable[[int], object]) -> Strategy:
    """Go on with the search in a file, three trials at once."""
    tell_once = iter([tell])

    def objective(params: Params, rng: np.random.Generator) -> float:
        for first in tell_once:
            first(OPENED)
        score = moody(params, rng)
        time.sleep(score / 200)
        return score

    return tune(objective, strategy, budget, store=path, progress=False, workers=3).strategy


@dataclass
class Together:
    """What came of kills of searches with several workers."""

    kills: int = 0
    searches: int = 0  # brought to their end, in spite of it
    running: int = 0  # asked for and not told when a kill came
    lost: int = 0  # in the file, and later not
    differing: int = 0  # not what the unbroken search has under the number of the same ask


def kill_together(kills: int, folder: Path, luck: random.Random) -> Together:
    """Kill searches with several workers; let each end, and hold it against one that nobody kills."""
    counts = Together()
    while counts.kills < kills:
        number = counts.searches
        path, make = folder / f"together-{number}.sqlite", DRAWING[number % len(DRAWING)]
        whole = {trial.asked: told(trial) for trial in tune(moody, make(number), BUDGET).trials}
        seen: dict[int | None, str] = {}
        killed = True
        while killed:
            patience = luck.uniform(0, 0.06) if counts.kills < kills else 60
            _, killed = forked(together, path, make(number), patience, once_opened=luck.random() < 0.9)
            counts.kills += killed
            if not path.exists():
                continue
            kept = {trial.asked: told(trial) for trial in load(path).trials}
            counts.lost += len(seen.keys() - kept.keys())
            counts.differing += sum(whole[asked] != what for asked, what in kept.items())
            seen = kept
            with Store.open(path, make(number)) as file:
                counts.running += len(file.asked)
        counts.searches += 1
        counts.differing += seen != whole
    return counts


def told(trial: Trial) -> str:
    return repr((trial.params, trial.score, trial.why))


if __name__ == "__main__":
    kill = kill_together if "together" in sys.argv else kill_often
    print(json.dumps(asdict(kill(int(sys.argv[1]), Path(sys.argv[2]), random.Random(1)))))
