"""Race several strategies on one problem: equal budgets, equal noise, many seeds, and the spread."""

from __future__ import annotations

import html
import math
import multiprocessing
import numbers
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from pizzatune.menus.menu import checked_number
from pizzatune.space import FloatArray, Params, Space
from pizzatune.strategies.base import Exhausted, Strategy
from pizzatune.tuning import _Progress

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

RANDOM_DRAWS = 20_000  # for the median where there are more combinations than that
NOISE_STREAM = (
    2  # the noise of trial n comes from [seed, n, 2]; ask number n of a strategy draws from [seed, n]
)
RESAMPLES = 10_000  # of the seeds, for an interval
EQUAL = 9  # decimals: regrets that differ by less share a win


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


# -- what regret is measured by ------------------------------------------------------------------------------


class Yardstick(NamedTuple):
    """What normalised regret is measured by: 0 is the best score there is, 1 the median of random params."""

    best: float
    median: float

    def regret(self, scores: FloatArray) -> FloatArray:
        """Normalised regret of scores, any shape.

        Examples
        --------
        >>> Yardstick(best=9.0, median=5.0).regret(np.array([9.0, 5.0, 8.0, 1.0]))
        array([0.  , 1.  , 0.25, 2.  ])
        """
        return (self.best - scores) / (self.best - self.median)


def yardstick(problem: Problem) -> Yardstick | None:
    """The best score of a problem and the median of random params; None where the best is not known.

    The median is the problem's own where it has one. Else up to `RANDOM_DRAWS` combinations are all scored,
    and where there are more, so many drawn at random.

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
        raise TypeError(f"a problem's best must be a Trial with a score, or None, got {best!r}")
    median = getattr(problem, "median", None)
    scale = Yardstick(float(score), _median(problem) if median is None else float(median))
    if not scale.best > scale.median:
        raise ValueError(
            f"regret is measured between the best score, {scale.best:g}, and the median of random params, "
            f"{scale.median:g}, which must be lower; race on a problem where it is"
        )
    return scale


def _median(problem: Problem) -> float:
    space = problem.space
    if space.size <= RANDOM_DRAWS:
        draws = list(space.enumerate())
    else:
        rng = np.random.default_rng(0)
        draws = [space.sample(rng) for _ in range(RANDOM_DRAWS)]
    return float(np.median([problem.taste(params) for params in draws]))


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


class _Runner:
    """One entrant searching one problem; `doing` says what it is at, should it raise."""

    def __init__(self, problem: Problem, seed: int, rules: Rules) -> None:
        self.problem = problem
        self.seed = seed
        self.rules = rules
        self.lap = Lap()
        self.doing = "making it"
        self.entrant: Any = None
        self.truth: dict[tuple[float, ...], float] = {}
        self.told: dict[tuple[float, ...], list[float]] = {}

    def run(self, make: Entrant) -> Lap:
        """Search until the budget is spent or nothing is left to suggest."""
        try:
            self.entrant = make(self.problem.space, seed=self.seed)
            self.lap.borrowed = int(getattr(self.entrant, "borrowed", 0))
            number = self.lap.borrowed if self.rules.count_source else 0
            if number >= self.rules.budget:
                self.lap.failure = (
                    f"{number} borrowed trials leave nothing of a budget of {self.rules.budget}"
                )
                return self.lap
            for trial in range(self.rules.budget - number):
                if not self._try_one(trial):
                    break
        except (
            Exception
        ) as error:  # anyone's code runs here; one that raises must not cost the others the race
            self.lap.failure = f"{self.doing} raised {type(error).__name__}: {error}"
            return self.lap
        if not self.lap.served:
            self.lap.failure = "it suggested nothing"
        return self.lap

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
            return self.truth[max(self.told, key=lambda key: np.mean(self.told[key]))]  # the first of equals
        params = getattr(served, "params", served)
        self.doing = f"tasting {params!r}, which it would serve after trial {number + 1},"
        return self._taste(params)[1]

    def _taste(self, params: Params) -> tuple[tuple[float, ...], float]:
        """The key and the true score of params; each combination is tasted once."""
        plain = self.problem.space.check(params)
        key = self.problem.space.key(plain)
        if key not in self.truth:
            true = float(self.problem.taste(plain))
            if not math.isfinite(true):
                raise ValueError(f"the score was {true}, not a finite number")
            self.truth[key] = true
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


def _run_heat(entrants: Mapping[str, Entrant], problem: Field, rules: Rules, seed: int) -> Heat:
    """Run all entrants with one seed, in this process."""
    here = _problem_of(problem, seed)
    scale = yardstick(here) if rules.own_problems else None
    return Heat(scale, {name: _Runner(here, seed, rules).run(make) for name, make in entrants.items()})


# -- several processes ---------------------------------------------------------------------------------------


def _heats(
    entrants: Mapping[str, Entrant], problem: Field, rules: Rules, seeds: Sequence[int], workers: int
) -> Iterator[Heat]:
    """The heats in the order of the seeds, from this process or from several."""
    if workers == 1:
        yield from (_run_heat(entrants, problem, rules, seed) for seed in seeds)
        return
    _check_travel(entrants, problem)
    context = multiprocessing.get_context("spawn")  # the same on every system, and safe beside threads
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_one_thread) as pool:
        try:
            yield from pool.map(_run_heat, repeat(entrants), repeat(problem), repeat(rules), seeds)
        except BrokenProcessPool as error:
            raise RuntimeError(
                "a worker process ended before its time; in a script, call race below "
                "`if __name__ == '__main__':`, or leave out workers="
            ) from error


def _one_thread() -> None:
    """Linear algebra on one thread in each process: more would fight over the cores."""
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


# -- the race ------------------------------------------------------------------------------------------------


def race(
    entrants: Mapping[str, Entrant] | Sequence[Entrant],
    menu: Field,
    budget: int,
    seeds: int | Sequence[int] = 20,
    *,
    noise: float = 0.0,
    at: int | Sequence[int] | None = None,
    workers: int | None = None,
    count_source: bool = False,
    progress: bool | None = None,
) -> Board:
    """Let several strategies search one problem with equal budgets, once for each seed, and compare them.

    What counts is the true score of what each would serve after every trial (`recommend`), not the luckiest
    score that it saw. Everything is paired: seed s gives all entrants the same problem, and their trials
    number n the same noise. So the board does not depend on the order of the entrants, nor on the number of
    processes; only the times do.

    Parameters
    ----------
    entrants : dict, or list of classes
        By name, anything that called with ``(space, seed=seed)`` gives an object with ``ask() -> params`` and
        ``tell(params, score)``. One that has no ``recommend()`` serves the params with the best mean score.
        `Exhausted` or StopIteration from ``ask`` ends its search early, and what it would serve stays.
        One that raises anything else is left out, and the board says why.
    menu : Menu or other Problem, or callable
        What is searched: it has ``space``, ``taste(params)``, and perhaps ``best`` and ``median`` (see
        `Problem`). Or a function that gives a problem for each seed; whatever it draws should come from
        a stream of its own, such as ``default_rng([seed, 0, 7])``, since strategies draw from ``[seed, n]``.
    budget : int
        Trials for each entrant and seed, 1 or more.
    seeds : int or sequence of int
        How many seeds (0, 1, 2 and so on), or which; at least 2, since one says nothing about the spread.
    noise : float
        Standard deviation of the normal noise that is added to what entrants are told, in score units.
    at : int or sequence of int, optional
        After how many trials the table looks; by default after each third of the budget.
    workers : int, optional
        How many processes to use; by default only this one. Entrants and problem must then travel (pickle).
    count_source : bool
        Whether trials of an earlier search that an entrant starts from (its attribute ``borrowed``, which
        `TransferLearning` has) count toward its budget. Its regret is then nan before its first own trial.
    progress : bool, optional
        Whether to show a progress bar; by default one appears when the race takes longer than two seconds.

    Returns
    -------
    Board

    Raises
    ------
    TypeError, ValueError
        If an argument cannot be used; the message says which, and what to pass.
    RuntimeError
        If a worker process died.

    Examples
    --------
    >>> import pizzatune as pt
    >>> menu = pt.menus.four_factors()  # 81 pizzas: after as many trials the best is found
    >>> board = pt.race({"grid": pt.GridSearch, "random": pt.RandomSearch}, menu, budget=81, seeds=5)
    >>> board.regrets["random"].shape
    (5, 81)
    >>> board.table(at=81)[["median at 81", "mean at 81", "wins at 81"]]
            median at 81  mean at 81  wins at 81
    grid             0.0         0.0         0.5
    random           0.0         0.0         0.5
    """
    racers = _entrants(entrants)
    noise = checked_number("noise", noise, 0, math.inf, "0 is none")
    rules = Rules(_whole("budget", budget, 1), noise, bool(count_source), _is_factory(menu))
    chosen, looks = _seeds(seeds), _looks(at, rules.budget)
    processes = 1 if workers is None else _whole("workers", workers, 1)
    first = _problem_of(menu, chosen[0])
    shared = None if rules.own_problems else yardstick(first)
    heats = []
    with _Progress(len(chosen), progress, unit="seed") as bar:
        for heat in _heats(racers, menu, rules, chosen, processes):
            heats.append(heat if rules.own_problems else heat._replace(scale=shared))
            bar.advance()
    return _board(first, heats, rules, chosen, looks)


def _entrants(entrants: Any) -> dict[str, Entrant]:
    """Entrants by name."""
    if isinstance(entrants, Mapping):
        named = [(name, make) for name, make in entrants.items()]
    elif isinstance(entrants, Sequence) and not isinstance(entrants, str):
        named = [(getattr(make, "__name__", None), make) for make in entrants]
    else:
        raise TypeError(
            f"entrants must be a dict, {{'grid': pt.GridSearch}}, or a list of classes, got {entrants!r}"
        )
    if not named:
        raise ValueError("entrants is empty; a race needs one at least, e.g. {'grid': pt.GridSearch}")
    for name, make in named:
        if isinstance(make, Strategy) or not callable(make):
            raise TypeError(
                f"an entrant must be a class or a function of (space, seed=), got {make!r}; "
                "for one with settings, functools.partial(pt.GridSearch, resolution=3)"
            )
        if not isinstance(name, str) or not name:
            raise TypeError(
                f"an entrant needs a name, got {name!r} for {make!r}; pass a dict of name: entrant"
            )
    racers = dict(named)
    if len(racers) < len(named):
        raise ValueError(
            f"entrants share a name in {[name for name, _ in named]}; pass a dict of name: entrant"
        )
    return racers


def _is_factory(problem: Any) -> bool:
    return callable(problem) and not hasattr(problem, "taste")


def _problem_of(problem: Any, seed: int) -> Problem:
    """The problem of one seed, checked."""
    made = problem(seed) if _is_factory(problem) else problem
    if not isinstance(getattr(made, "space", None), Space) or not callable(getattr(made, "taste", None)):
        raise TypeError(
            "a race needs a menu, or another problem with .space and .taste(params), or a function that "
            f"gives one for each seed; got {made!r}"
        )
    return made  # type: ignore[no-any-return]  # its two doors were just looked at


def _whole(name: str, value: Any, low: int) -> int:
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r}; pass e.g. {name}={max(low, 20)}")
    if value < low:
        raise ValueError(f"{name} must be {low} or more, got {value}; pass e.g. {name}={max(low, 20)}")
    return int(value)


def _seeds(seeds: Any) -> tuple[int, ...]:
    """Which seeds, from a number of them or a list."""
    if isinstance(seeds, str) or not isinstance(seeds, Sequence | np.ndarray):
        return tuple(range(_whole("seeds", seeds, 2)))
    chosen = tuple(_whole("seeds", seed, 0) for seed in seeds)
    if len(chosen) < 2 or len(set(chosen)) < len(chosen):
        raise ValueError(f"seeds must be two or more different ones, got {list(chosen)}; pass e.g. seeds=20")
    return chosen


def _looks(at: Any, budget: int) -> tuple[int, ...]:
    """After how many trials the table looks, in order."""
    if at is None:
        return tuple(sorted({max(1, round(budget * part / 3)) for part in (1, 2, 3)}))
    given = [at] if isinstance(at, numbers.Integral) else list(at)
    looks = tuple(sorted({_whole("at", look, 1) for look in given}))
    if not looks or looks[-1] > budget:
        raise ValueError(
            f"at must name trials from 1 to the budget, {budget}, got {at!r}; pass e.g. at={budget}"
        )
    return looks


def _board(
    problem: Problem, heats: Sequence[Heat], rules: Rules, seeds: tuple[int, ...], looks: tuple[int, ...]
) -> Board:
    """Turn laps into regrets."""
    failed: dict[str, str] = {}
    for seed, heat in zip(seeds, heats, strict=True):
        for entrant, lap in heat.laps.items():
            if lap.failure:
                failed.setdefault(entrant, f"not run: with seed {seed}, {lap.failure}")
    ran = {name: [heat.laps[name] for heat in heats] for name in heats[0].laps if name not in failed}
    known = [heat.scale for heat in heats if heat.scale is not None]
    scales = known if len(known) == len(heats) else _best_met(list(ran.values()), rules)

    def table(row: Callable[[Lap], FloatArray]) -> dict[str, FloatArray]:
        return {entrant: np.array([row(lap) for lap in laps]) for entrant, laps in ran.items()}

    scores = table(lambda lap: _placed(lap.served, lap, rules, carry=True))
    return Board(
        name=getattr(problem, "name", ""),
        trial_label=getattr(problem, "trial_label", "trial"),
        budget=rules.budget,
        seeds=seeds,
        at=looks,
        noise=rules.noise,
        count_source=rules.count_source,
        best_known=scales is known,
        regrets={
            entrant: np.array([scale.regret(row) for scale, row in zip(scales, rows, strict=True)])
            for entrant, rows in scores.items()
        },
        scores=scores,
        seconds=table(lambda lap: _placed(lap.seconds, lap, rules, carry=False)),
        trials=table(lambda lap: np.array(len(lap.served))),
        borrowed=table(lambda lap: np.array(lap.borrowed)),
        failed=failed,
    )


def _best_met(ran: Sequence[Sequence[Lap]], rules: Rules) -> list[Yardstick]:
    """For each seed, a regret of so many points below the best score that any entrant met."""
    tops = np.array([[lap.top for lap in laps] for laps in ran])
    if tops.size and not rules.own_problems:
        tops[:] = tops.max()
    return [Yardstick(top, top - 1.0) for top in tops.max(axis=0, initial=-math.inf)]


# -- the board -----------------------------------------------------------------------------------------------


class Ratio(NamedTuple):
    """A ratio of two mean regrets, and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, eq=False, repr=False)
class Board:
    """How a race went.

    Attributes
    ----------
    name, trial_label : str
        What the problem and a trial of it are called.
    budget : int
        Trials for each entrant and seed.
    seeds : tuple of int
    at : tuple of int
        After how many trials the table looks.
    noise : float
        Standard deviation of the noise, in score units.
    count_source : bool
        Whether borrowed trials count toward the budget.
    best_known : bool
        Whether regret is normalised: 0 the best score there is, 1 the median of random params. If not, it is
        the distance to the best true score that any entrant met, in score units.
    regrets, scores : dict of ndarray, shape (seeds, budget)
        For each entrant the simple regret, and the true score, of what it would serve after each trial. After
        the end of its search the last one stays; nan while borrowed trials use up the budget.
    seconds : dict of ndarray, shape (seeds, budget)
        For each entrant the time inside ask and tell, and with noise inside recommend too, of each trial; nan
        where it made none.
    trials, borrowed : dict of ndarray, shape (seeds,)
        For each entrant, how many trials it made and how many it started from.
    failed : dict of str
        Who could not be run, and why.

    Examples
    --------
    >>> from pizzatune import GridSearch, RandomSearch, menus
    >>> board = race({"grid": GridSearch, "random": RandomSearch}, menus.four_factors(), budget=81, seeds=5)
    >>> board.wins(), str(board.ratio("grid", "random"))
    ({'grid': 0.5, 'random': 0.5}, '1.00 [1.00, 1.00]')
    """

    name: str
    trial_label: str
    budget: int
    seeds: tuple[int, ...]
    at: tuple[int, ...]
    noise: float
    count_source: bool
    best_known: bool
    regrets: dict[str, FloatArray]
    scores: dict[str, FloatArray]
    seconds: dict[str, FloatArray]
    trials: dict[str, FloatArray]
    borrowed: dict[str, FloatArray]
    failed: dict[str, str]

    @property
    def regret_label(self) -> str:
        """What regret is called on an axis."""
        return "normalised regret" if self.best_known else "regret in score units"

    def table(self, at: int | Sequence[int] | None = None) -> pd.DataFrame:
        """How the entrants stand, with one row each.

        Parameters
        ----------
        at : int or sequence of int, optional
            After how many trials; by default those the race was given.

        Returns
        -------
        pandas.DataFrame
            For each of `at` the median and the mean regret and the 95 % interval of the mean, low to high
            (see `mean_interval`; the same resamples for every entrant). Then the share of seeds that it wins
            at the last of `at`, ties shared; the milliseconds of a trial inside the strategy (the median over
            seeds, since a first run loads libraries, and the mean of that over trials); how many trials it
            made and borrowed, at most; and, where there are such, why it was not run.
        """
        import pandas as pd

        looks = self.at if at is None else _looks(at, self.budget)
        rows = {name: self._standing(name, looks) for name in self.regrets}
        rows |= {name: {"not run": why.removeprefix("not run: ")} for name, why in self.failed.items()}
        return pd.DataFrame.from_dict(rows, orient="index")

    def _standing(self, name: str, looks: Sequence[int]) -> dict[str, Any]:
        standing: dict[str, Any] = {}
        for look in looks:
            regret = self.regrets[name][:, look - 1]
            low, high = mean_interval(regret)
            standing[f"median at {look}"] = float(np.median(regret))
            standing |= {
                f"mean at {look}": float(regret.mean()),
                f"low at {look}": low,
                f"high at {look}": high,
            }
        standing[f"wins at {looks[-1]}"] = self.wins(looks[-1])[name]
        made = self.seconds[name][:, ~np.isnan(self.seconds[name]).all(axis=0)]
        standing["ms a trial"] = 1000.0 * float(np.nanmedian(made, axis=0).mean())
        standing["trials"] = int(self.trials[name].max())
        standing["borrowed"] = int(self.borrowed[name].max())
        return standing

    def wins(self, at: int | None = None) -> dict[str, float]:
        """The share of seeds in which each entrant has the lowest regret after `at` trials; ties are shared.

        Those add up to 1. Regrets that agree to nine decimals are a tie.
        """
        look = self._look(at)
        if not self.regrets:
            return {}
        regrets = np.array([rows[:, look - 1] for rows in self.regrets.values()]).round(EQUAL)
        regrets[np.isnan(regrets)] = math.inf
        first = regrets == regrets.min(axis=0)
        return dict(zip(self.regrets, (first / first.sum(axis=0)).mean(axis=1).tolist(), strict=True))

    def ratio(self, a: str, b: str, at: int | None = None, *, seed: int = 0) -> Ratio:
        """Mean regret of entrant `a` divided by that of `b` after `at` trials: below 1, `a` is better.

        Parameters
        ----------
        a, b : str
            Names of entrants.
        at : int, optional
            After how many trials; by default at the end.
        seed : int
            Of the resamples; the same seed gives the same interval.

        Returns
        -------
        Ratio
            With a 95 % interval; see `ratio_of_means`.

        Raises
        ------
        ValueError
            If there is no such entrant, or it was not run, or had no trial of its own by then.
        """
        look = self._look(at)
        for name in (a, b):
            if name not in self.regrets:
                known = ", ".join(map(repr, self.regrets)) or "none"
                raise ValueError(
                    self.failed.get(name, f"no entrant is called {name!r}") + f"; there are {known}"
                )
            if np.isnan(self.regrets[name][:, look - 1]).any():
                raise ValueError(f"{name!r} had no trial of its own after {look} trials; look later with at=")
        return ratio_of_means(self.regrets[a][:, look - 1], self.regrets[b][:, look - 1], seed=seed)

    def _look(self, at: int | None) -> int:
        return self.budget if at is None else _looks(_whole("at", at, 1), self.budget)[0]

    def to_frame(self) -> pd.DataFrame:
        """A long table: entrant, seed, trial (from 1), regret, score and seconds.

        The score is the true one of what the entrant would serve after that trial.
        """
        import pandas as pd

        shape = (len(self.regrets), len(self.seeds), self.budget)
        entrant, seed, trial = np.indices(shape).reshape(3, -1)
        frame = {
            "entrant": np.array([*self.regrets, ""], dtype=object)[entrant],
            "seed": np.array(self.seeds)[seed],
        }
        numbers = {"regret": self.regrets, "score": self.scores, "seconds": self.seconds}
        columns = {name: np.reshape([*rows.values()], -1) for name, rows in numbers.items()}
        return pd.DataFrame({**frame, "trial": trial + 1, **columns})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the median regret of each entrant over the trials, and the middle half of the seeds."""
        from pizzatune import plots

        return plots.race(self, ax=ax)

    def _head(self) -> str:
        where = f" on {self.name!r}" if self.name else ""
        noise = f", noise {self.noise:g}" if self.noise else ""
        return f"Race{where}: {len(self.seeds)} seeds, {self.budget} trials each{noise}"

    def _notes(self) -> list[str]:
        """What one must know to read the table, and who was not run."""
        notes = [
            "Regret after so many trials: median | mean [95 % interval of the mean, bootstrap over seeds]."
        ]
        if self.best_known:
            notes.append("0 is the best score there is, 1 the median of random params.")
        else:
            notes.append("The best is not known: in score units, from the best that any entrant met.")
        if self._borrows:
            counted = "count" if self.count_source else "do not count"
            notes.append(f"Borrowed trials {counted} toward the budget.")
        return notes + [f"{name} was {why}" for name, why in self.failed.items()]

    @property
    def _borrows(self) -> bool:
        return any(rows.any() for rows in self.borrowed.values())

    def _cells(self) -> list[list[str]]:
        """The table as text, its head first."""
        last = self.at[-1]
        head = ["entrant", *(f"after {look}" for look in self.at), f"wins at {last}", "ms a trial"]
        cells = [head + (["trials", "borrowed"] if self._borrows else [])]
        for name in self.regrets:
            at = self._standing(name, self.at)
            row = [name, *(self._regret_text(at, look) for look in self.at)]
            row += [f"{at[f'wins at {last}']:.0%}", f"{at['ms a trial']:.2f}"]
            cells.append(row + ([str(at["trials"]), str(at["borrowed"])] if self._borrows else []))
        return cells

    def _regret_text(self, standing: Mapping[str, float], look: int) -> str:
        numbers = [standing[f"{what} at {look}"] for what in ("median", "mean", "low", "high")]
        if np.isnan(numbers).any():
            return "no trial yet"
        median, mean, low, high = (f"{n:.3f}" if self.best_known else f"{n:.4g}" for n in numbers)
        return f"{median} | {mean} [{low}, {high}]"

    def __repr__(self) -> str:
        cells = self._cells()
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(
                [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
            )
            for row in cells
        ]
        return "\n".join([self._head(), *lines, *self._notes()])

    def _repr_html_(self) -> str:
        head, *rows = self._cells()
        top = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        notes = "<br>".join(html.escape(note) for note in self._notes())
        return (
            f"<p><b>{html.escape(self._head())}</b></p><table><thead><tr>{top}</tr></thead>"
            f"<tbody>{body}</tbody></table><p>{notes}</p>"
        )


def _placed(values: Sequence[float], lap: Lap, rules: Rules, carry: bool) -> FloatArray:
    """Values of a lap's trials where they stand in the budget, nan elsewhere; the last may be carried on."""
    first = lap.borrowed if rules.count_source else 0
    row = np.full(rules.budget, math.nan)
    row[first : first + len(values)] = values
    if carry:
        row[first + len(values) :] = values[-1]
    return row


# -- intervals -----------------------------------------------------------------------------------------------


def mean_interval(values: FloatArray, *, seed: int = 0) -> tuple[float, float]:
    """A 95 % interval of the mean of values, shape (n,), one for each seed (percentile bootstrap).

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.

    Examples
    --------
    >>> low, high = mean_interval(np.array([0.1, 0.3, 0.2, 0.4]))
    >>> round(low, 2), round(high, 2)
    (0.15, 0.35)
    """
    low, high = np.quantile(values[_resamples(len(values), seed)].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)


def ratio_of_means(ours: FloatArray, theirs: FloatArray, *, seed: int = 0) -> Ratio:
    """The mean of `ours` divided by that of `theirs`, paired by seed, with a 95 % interval.

    The interval is that of the percentile bootstrap: seeds are drawn with replacement, and the ratio is taken
    of the means over them. Where both means are 0 the ratio is 1. With few seeds it is a little too narrow:
    in simulations with strongly skewed regrets and 20 or 30 seeds, 91 to 95 of 100 held the true ratio.

    Parameters
    ----------
    ours, theirs : ndarray, shape (n,)
        One number for each seed, in the same order.
    seed : int
        Of the resamples; the same seed gives the same interval.

    Raises
    ------
    ValueError
        If the two are not of one length, or empty.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.

    Examples
    --------
    >>> print(ratio_of_means(np.array([0.1, 0.2, 0.1, 0.4]), np.array([0.2, 0.4, 0.2, 0.8])))
    0.50 [0.50, 0.50]
    """
    if ours.shape != theirs.shape or ours.ndim != 1 or not len(ours):
        raise ValueError(
            "a paired ratio needs one number for each seed from both, "
            f"got shapes {ours.shape} and {theirs.shape}; pass the same seeds of both, shape (n,)"
        )
    draws = _resamples(len(ours), seed)
    over = _divide(ours[draws].mean(axis=1), theirs[draws].mean(axis=1))
    # The nearest of the ratios, not a mixture of two: some may be infinite.
    low, high = np.quantile(over, (0.025, 0.975), method="nearest")
    return Ratio(float(_divide(ours.mean(), theirs.mean())), float(low), float(high))


def _divide(above: Any, below: Any) -> FloatArray:
    """Ratios, 1 where both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):  # a mean regret of 0 is no mistake
        return np.where((above == 0) & (below == 0), 1.0, np.divide(above, below))


def _resamples(number: int, seed: int) -> Any:
    """Seeds drawn with replacement, as places; shape (RESAMPLES, number)."""
    return np.random.default_rng(seed).integers(number, size=(RESAMPLES, number))
