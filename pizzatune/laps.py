"""The laps of a race: one entrant searching one problem with one seed, in this process or in several."""

from __future__ import annotations

import inspect
import math
import multiprocessing
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple, Protocol

import numpy as np

from pizzatune.checks import score_of, shown
from pizzatune.complaints import said
from pizzatune.parameters import FloatArray
from pizzatune.pools import leave_with_parent
from pizzatune.space import Key, Params, Space
from pizzatune.strategies.base import Exhausted
from pizzatune.trial import mean_score, unit_of

WORST = 1e290  # a regret beyond counts as this, so that means of regrets stay finite
RANDOM_DRAWS = 20_000  # for the median where there are more combinations than that
NOISE_STREAM = (
    2  # the noise of trial n comes from [seed, n, 2]; ask number n of a strategy draws from [seed, n]
)


class Problem(Protocol):
    """What can be raced on: a `Menu`, or anything else with a space and a taste.

    It may have `best` too (a Trial with the highest score there is, or None) and `median` (the median score
    of random params). Where the best is known and the median is not, up to `RANDOM_DRAWS` params are tasted
    to learn it, so one whose taste is slow should bring its own.
    """

    @property
    def space(self) -> Space:
        """What may be chosen."""

    def taste(self, params: Mapping[str, Any], /) -> float:
        """The true score of params, higher is better, without noise."""


Entrant = Callable[..., Any]
"""``entrant(space, seed=seed)`` gives an object with ``ask() -> params`` and ``tell(params, score)``."""

Field = Problem | Callable[[int], Problem]
"""One problem for all seeds, or a function that gives each seed its own."""


def is_factory(problem: Any) -> bool:
    """Whether it is a function that gives each seed a problem of its own."""
    return callable(problem) and not hasattr(problem, "taste")


def _wants_nothing(function: Any) -> bool:
    """Whether it is a function without arguments, such as `menus.four_factors`."""
    return inspect.isfunction(function) and not inspect.signature(function).parameters


def problem_of(problem: Any, seed: int) -> Problem:
    """The problem of one seed, checked."""
    wanted = (
        "a race needs a menu, or another problem with .space and .taste(params), or a function that gives "
        "one for each seed"
    )
    wrap = "for an objective, pass pt.menus.from_function(objective, space)"
    try:
        made = problem(seed) if is_factory(problem) else problem
    except Exception as error:
        failed = said(error)
        if _wants_nothing(problem):
            raise TypeError(f"{wanted}; got {shown(problem)}; call it first: {problem.__name__}()") from None
        raise TypeError(f"{wanted}; {shown(problem)} given seed {seed} raised {failed}; {wrap}") from error
    if not isinstance(getattr(made, "space", None), Space) or not callable(getattr(made, "taste", None)):
        given = f"{shown(made)} from {shown(problem)}" if is_factory(problem) else shown(made)
        fitting = "call it first, e.g. " + f"pt.menus.{problem}()" if isinstance(problem, str) else wrap
        raise TypeError(f"{wanted}; got {given}; {fitting}")
    return made  # type: ignore[no-any-return]  # its two doors were just looked at


# -- what regret is measured by ------------------------------------------------------------------------------


class Yardstick(NamedTuple):
    """What normalised regret is measured by: 0 is the best score there is, 1 the median of random params."""

    best: float
    median: float | None  # None: regret is in score units

    def regret(self, scores: FloatArray) -> FloatArray:
        """Normalised regret of scores, any shape; one beyond `WORST` counts as `WORST`.

        Examples
        --------
        >>> Yardstick(best=9.0, median=5.0).regret(np.array([9.0, 5.0, 8.0, 1.0]))
        array([0.  , 1.  , 0.25, 2.  ])
        """
        unit = unit_of([self.best, *scores.ravel()])
        lost = self.best / unit - scores / unit
        scale = 1.0 / unit if self.median is None else self.best / unit - self.median / unit
        with np.errstate(over="ignore"):  # what is lost here is cut off in the next line
            return np.clip(lost / scale, -WORST, WORST)


def yardstick(problem: Problem) -> Yardstick | None:
    """The best score of a problem and the median of random params; None where the best is not known.

    The median is the problem's own where it has one. Else up to `RANDOM_DRAWS` combinations are all scored,
    and where there are more, so many drawn at random. Those that give no score are left out; where none gives
    one, there is nothing to measure by, as where the best is not known.

    Raises
    ------
    TypeError, ValueError
        If `best` is no trial, or the best is not above the median, so that regret has no unit.

    Examples
    --------
    >>> from pizzatune.menus import four_factors
    >>> best, median = yardstick(four_factors())
    >>> round(best, 2), round(median, 2)
    (8.83, 6.34)
    """
    best = getattr(problem, "best", None)
    if best is None:
        return None
    score = getattr(best, "score", None)
    if score is None:
        raise TypeError(
            f"a problem's best must be a Trial with a score, or None, got {shown(best)}; "
            "leave it out where it is not known"
        )
    median = getattr(problem, "median", None)
    median = _median(problem) if median is None else score_of(median, "give")
    if median is None:
        return None
    if not (top := score_of(score, "give")) > median:
        raise ValueError(
            f"regret is measured between the best score, {top:g}, and the median of random params, "
            f"{median:g}, which must be lower; race on a problem where it is"
        )
    return Yardstick(top, median)


def _median(problem: Problem) -> float | None:
    """The median score of random params; None where none of them gives a score."""
    space = problem.space
    if space.size <= RANDOM_DRAWS:
        draws = list(space.enumerate())
    else:
        rng = np.random.default_rng(0)
        draws = [space.sample(rng) for _ in range(RANDOM_DRAWS)]
    scores = []
    for params in draws:
        with suppress(Exception):  # the entrants will meet it, and the board say what it was
            scores.append(score_of(problem.taste(params)))
    unit = unit_of(scores)
    return float(np.median(np.array(scores) / unit)) * unit if scores else None


# -- one entrant, one seed -----------------------------------------------------------------------------------


class Rules(NamedTuple):
    """What is the same for every entrant."""

    budget: int
    noise: float
    count_source: bool
    own_problems: bool  # whether each seed has a problem of its own


@dataclass
class Lap:
    """How one entrant did on one problem with one seed.

    Attributes
    ----------
    served : list of float
        After each of its own trials, the true score of what it would serve.
    seconds : list of float
        The time inside the strategy for each trial.
    top : float
        The highest true score that it met.
    borrowed : int
        How many trials of an earlier search it started from.
    failure : str
        Why it could not be run, in words.
    """

    served: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    top: float = -math.inf
    borrowed: int = 0
    failure: str = ""


class Runner:
    """One entrant searching one problem; `doing` says what it is at, should it raise."""

    def __init__(self, problem: Problem, seed: int, rules: Rules) -> None:
        self.problem = problem
        self.seed = seed
        self.rules = rules
        self.lap = Lap()
        self.doing = "making it"
        self.entrant: Any = None
        self.truth: dict[Key, float] = {}
        self.told: dict[Key, list[float]] = {}

    def run(self, make: Entrant) -> Lap:
        """Search until the budget is spent or nothing is left to suggest."""
        for _ in self.running(make):
            pass
        return self.lap

    def running(self, make: Entrant) -> Iterator[Lap]:
        """The same, with a look at the lap after each trial."""
        try:
            self.entrant = make(self.problem.space, seed=self.seed)
            self.lap.borrowed = int(getattr(self.entrant, "borrowed", 0))
            number = self.lap.borrowed if self.rules.count_source else 0
            if number >= self.rules.budget:
                self.lap.failure = (
                    f"{number} borrowed trials leave nothing of a budget of {self.rules.budget}"
                )
                return
            for trial in range(self.rules.budget - number):
                if not self._try_one(trial):
                    break
                yield self.lap
        except (
            Exception
        ) as error:  # anyone's code runs here; one that raises must not cost the others the race
            self.lap.failure = f"{self.doing} raised {said(error)}"
            return
        if not self.lap.served:
            self.lap.failure = "it suggested nothing"

    def _try_one(self, number: int) -> bool:
        """Ask, taste, tell, and judge what it would serve now; False where it has no more to suggest."""
        self.doing = f"ask() in trial {number + 1}"
        start = time.perf_counter()
        try:
            params = self.entrant.ask()
        except (Exhausted, StopIteration):
            return False
        took = time.perf_counter() - start
        self.doing = f"tasting {params!r} in trial {number + 1}"
        key, true = self._taste(params)
        score = true
        if self.rules.noise:
            score += self.rules.noise * noise_draw(self.seed, number)
        self.told.setdefault(key, []).append(score)
        self.doing = f"tell() in trial {number + 1}"
        start = time.perf_counter()
        self.entrant.tell(params, score)
        took += time.perf_counter() - start
        start = time.perf_counter()
        true = self._judge(number)
        if self.rules.noise:  # recommend() may do work that the next ask() then finds done
            took += time.perf_counter() - start
        self.lap.served.append(true)
        self.lap.seconds.append(took)
        return True

    def _judge(self, number: int) -> float:
        """The true score of what it would serve now."""
        if not self.rules.noise:  # every score is true, and the best of them is what to serve
            return self.lap.top
        self.doing = f"recommend() after trial {number + 1}"
        served = self.entrant.recommend() if hasattr(self.entrant, "recommend") else None
        if served is None:
            return self.truth[
                max(self.told, key=lambda key: mean_score(self.told[key]))
            ]  # the first of equals
        params = getattr(served, "params", served)
        self.doing = f"tasting {params!r}, which it would serve after trial {number + 1},"
        return self._taste(params)[1]

    def _taste(self, params: Params) -> tuple[Key, float]:
        """The key and the true score of params; each combination is tasted once."""
        plain = self.problem.space.check(params)
        key = self.problem.space.key(plain)
        if key not in self.truth:
            self.truth[key] = true = score_of(self.problem.taste(plain))
            self.lap.top = max(self.lap.top, true)
        return key, self.truth[key]


def noise_draw(seed: int, number: int) -> float:
    """The noise of trial `number` with `seed`, the same for every entrant, in standard deviations.

    Examples
    --------
    >>> noise_draw(3, 0) == noise_draw(3, 0), noise_draw(3, 0) == noise_draw(3, 1)
    (True, False)
    """
    return float(np.random.default_rng([seed, number, NOISE_STREAM]).standard_normal())


class Heat(NamedTuple):
    """All entrants with one seed; `scale` where each seed has a problem of its own."""

    scale: Yardstick | None
    laps: dict[str, Lap]


def run_heat(entrants: Mapping[str, Entrant], problem: Field, rules: Rules, seed: int) -> Heat:
    """Run all entrants with one seed, in this process."""
    here = problem_of(problem, seed)
    scale = yardstick(here) if rules.own_problems else None
    return Heat(scale, {name: Runner(here, seed, rules).run(make) for name, make in entrants.items()})


# -- several processes ---------------------------------------------------------------------------------------


def heats_of(
    entrants: Mapping[str, Entrant], problem: Field, rules: Rules, seeds: Sequence[int], workers: int
) -> Iterator[Heat]:
    """The heats in the order of the seeds, from this process or from several."""
    if workers == 1:
        yield from (run_heat(entrants, problem, rules, seed) for seed in seeds)
        return
    _check_travel(entrants, problem)
    context = multiprocessing.get_context("spawn")  # the same on every system, and safe beside threads
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_one_thread) as pool:
        try:
            yield from pool.map(run_heat, repeat(entrants), repeat(problem), repeat(rules), seeds)
        except BrokenProcessPool as error:
            raise RuntimeError(
                "a worker process ended before its time; in a script, call race below "
                "`if __name__ == '__main__':`, or leave out workers="
            ) from error


def _one_thread() -> None:
    """Linear algebra on one thread in each process: more would fight over the cores. It ends when we do."""
    leave_with_parent()
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


def _check_travel(entrants: Mapping[str, Entrant], problem: Field) -> None:
    """Whether all can be sent to another process, with an error that names who cannot."""
    # A process that is spawned can read a script again, but not what was typed into a notebook.
    typed = not hasattr(sys.modules["__main__"], "__file__")
    for name, thing in {
        **{f"entrant {name!r}": make for name, make in entrants.items()},
        "menu": problem,
    }.items():
        try:
            pickled = pickle.dumps(thing)
            reason = "it was typed in here, where other processes cannot read it"
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            pickled, reason = b"", str(error)
        if not pickled or (typed and b"__main__" in pickled):
            raise TypeError(
                f"{name} cannot travel to another process ({reason}); leave out workers=, or define it in a "
                "module: functools.partial(pt.RandomSearch, sampler='sobol') travels where a lambda does not"
            )
