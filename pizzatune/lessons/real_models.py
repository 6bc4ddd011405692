"""What the lesson on real models computes and asks: a test part opened once, flattery, the clock, and a kill.

scikit-learn is loaded only where a model is needed, so that the exercises can be checked without it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from pizzatune.parameters import Choice, FloatArray, Integer, Real
from pizzatune.result import Result
from pizzatune.space import Params, Space
from pizzatune.store import load
from pizzatune.strategies.base import Strategy
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.strategies.random_search import RandomSearch
from pizzatune.trial import Trial, best_so_far
from pizzatune.tuning import tune

# -- a test part that is opened once -------------------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """What may be said of a model once its test part was opened.

    Attributes
    ----------
    score : float
        Share of the sealed cases that it got right.
    cases : int
        How many these are.
    searched : float
        The best score of the search, which is the one that chose the settings.
    trials : int
        Of how many it was the best.
    openings : int
        How often the test part had been opened by then, this time included.
    """

    score: float
    cases: int
    searched: float
    trials: int
    openings: int

    def __repr__(self) -> str:
        often = f"opened {self.openings} times, so it is no test any more"
        times = "opened once" if self.openings == 1 else often
        return (
            f"{self.score:.2f} on {self.cases} sealed cases ({times}); "
            f"the search had said {self.searched:.2f}, the best of {self.trials}"
        )


class Sealed:
    """A test part in an envelope: it can be opened as often as you like, but it counts.

    Parameters
    ----------
    x : ndarray, shape (n, d)
    y : ndarray, shape (n,)

    Examples
    --------
    >>> from types import SimpleNamespace as Made
    >>> always_yes = Made(score=lambda x, y: float(np.mean(y)))  # in place of a fitted model
    >>> search = Made(best_score=0.9, trials=[1, 2, 3])
    >>> sealed = Sealed(np.zeros((4, 1)), np.array([1, 1, 1, 0]))
    >>> sealed.open(always_yes, search)
    0.75 on 4 sealed cases (opened once); the search had said 0.90, the best of 3
    >>> sealed.open(always_yes, search).openings
    2
    """

    def __init__(self, x: Any, y: Any) -> None:
        self._x, self._y = x, y
        self.openings = 0

    def __repr__(self) -> str:
        return f"Sealed: {len(self._y)} cases, opened {self.openings} times"

    def open(self, model: Any, search: Result) -> Report:
        """Score a fitted model on the sealed part; `search` is the one that chose its settings."""
        self.openings += 1
        score = float(model.score(self._x, self._y))
        return Report(score, len(self._y), search.best_score, len(search.trials), self.openings)


# -- wines labelled by a coin --------------------------------------------------------------------------------

FEW = 60
"""Wines that the search may see; the others are sealed."""

TREE_DIALS = Space(
    Integer("max_depth", 1, 8),
    Integer("min_samples_leaf", 1, 8),
    Integer("max_features", 1, 13),
    Choice("criterion", ["gini", "entropy"]),
    Choice("splitter", ["best", "random"]),
)
"""Dials of a decision tree on the wines, which have 13 measurements."""

Rows = tuple[Any, Any]  # measurements, shape (n, 13), and labels, shape (n,)


def coin_wines(seed: int = 1) -> tuple[Rows, Rows]:
    """Wines with heads or tails for a label, as many of each: a few for the search, and the others.

    Examples
    --------
    >>> (x, coins), (_, sealed) = coin_wines()
    >>> x.shape, len(coins), len(sealed)
    ((60, 13), 60, 118)
    """
    from sklearn.datasets import load_wine

    wines, _ = load_wine(return_X_y=True)
    rng = np.random.default_rng([seed, 9])
    rows, coins = rng.permutation(len(wines)), rng.permutation(np.arange(len(wines)) % 2)
    return (wines[rows[:FEW]], coins[rows[:FEW]]), (wines[rows[FEW:]], coins[rows[FEW:]])


@dataclass(frozen=True)
class Flattery:
    """Searches on coin tosses.

    Attributes
    ----------
    searched : ndarray, shape (searches, tries)
        Best cross-validated accuracy after each try.
    sealed : ndarray, shape (searches, tries)
        Accuracy of that best tree on wines that the search has not seen.
    """

    searched: FloatArray
    sealed: FloatArray

    @property
    def curves(self) -> dict[str, FloatArray]:
        """Both scores, as `pizzatune.plots.spread` takes them."""
        return {"best by the search's own score": self.searched, "the same tree on sealed wines": self.sealed}

    def __repr__(self) -> str:
        looks = [1, *(tries for tries in (5, 20, 50) if tries <= self.searched.shape[1])]
        lines = [f"Accuracy on coin tosses, mean of {len(self.searched)} searches:"]
        for name, rows in (("the best by the search's own score", self.searched), ("sealed", self.sealed)):
            means = ", ".join(f"{rows[:, tries - 1].mean():.2f} of {tries}" for tries in looks)
            lines.append(f"  {name:36}{means}")
        return "\n".join(lines)


def flattery(seeds: Iterable[int] = range(1, 7), tries: int = 50) -> Flattery:
    """Search, with random settings, for the tree that predicts a coin best; once for each seed.

    Examples
    --------
    >>> flattery(seeds=[1, 2], tries=3).searched.shape
    (2, 3)
    """
    both = np.array([_flattered(seed, tries) for seed in seeds])
    return Flattery(both[..., 0], both[..., 1])


def _flattered(seed: int, tries: int) -> list[tuple[float, float]]:
    """Best score, and that tree's score on the sealed wines, after each try."""
    from sklearn.model_selection import StratifiedKFold
    from sklearn.tree import DecisionTreeClassifier

    (x, coins), sealed = coin_wines(seed)
    folds = list(StratifiedKFold(5).split(x, coins))

    def fitted(params: Params, rows: Any) -> Any:
        return DecisionTreeClassifier(random_state=0, **params).fit(x[rows], coins[rows])

    def accuracy(params: Params) -> float:
        return float(np.mean([fitted(params, fit).score(x[out], coins[out]) for fit, out in folds]))

    trials = tune(accuracy, RandomSearch(TREE_DIALS, seed=seed), tries, progress=False).trials
    path, best, honest = [], -np.inf, np.nan
    for trial in trials:
        assert trial.score is not None, trial.error
        if trial.score > best:
            best, honest = trial.score, fitted(trial.params, slice(None)).score(*sealed)
        path.append((best, honest))
    return path


# -- forests, by the fit and by the clock --------------------------------------------------------------------

FOREST_DIALS = Space(
    Integer("n_estimators", 1, 32, log=True),
    Integer("min_samples_leaf", 1, 50, log=True),
    Real("max_features", 0.1, 1.0, step=0.1),
)
"""Dials of a forest; the first is the number of its trees, and decides what a fit costs."""

FITS = 15
MOST_FITS = 60  # where the other search needs more to have grown as many trees, the race ends


def explained(params: Params) -> float:
    """How much of the differences between diabetes patients a forest explains (R squared, three folds).

    Examples
    --------
    >>> 0.3 < explained({"n_estimators": 4, "min_samples_leaf": 5, "max_features": 0.5}) < 0.6
    True
    """
    return float(np.mean(explained_by_fold(params)))


def explained_by_fold(params: Params) -> FloatArray:
    """The same for each of the three folds, shape (3,)."""
    from sklearn.datasets import load_diabetes
    from sklearn.ensemble import ExtraTreesRegressor
    from sklearn.model_selection import cross_val_score

    forest = ExtraTreesRegressor(random_state=0, **params)
    scores: FloatArray = cross_val_score(forest, *load_diabetes(return_X_y=True), cv=3)
    return scores


@dataclass(frozen=True)
class Lap:
    """One search with a stopwatch beside it; all arrays of shape (fits,).

    Attributes
    ----------
    best : ndarray
        Best score after each trial.
    trees : ndarray
        How many trees were planted by then.
    seconds : ndarray
        How long it took until then: fitting, and thinking about what to fit.
    trials : tuple of Trial
    """

    best: FloatArray
    trees: FloatArray
    seconds: FloatArray
    trials: tuple[Trial, ...]


def run(strategy: Strategy, fits: int = FITS, trees: int = 0) -> Lap:
    """Make so many fits, and then go on until so many trees are planted; look at the clock after each fit.

    Examples
    --------
    >>> lap = run(RandomSearch(FOREST_DIALS, seed=0), fits=2)
    >>> len(lap.best), bool(lap.seconds[1] > lap.seconds[0] > 0)
    (2, True)
    """
    seconds: list[float] = []
    start = time.perf_counter()

    def timed(params: Params) -> float:
        score = explained(params)
        seconds.append(time.perf_counter() - start)
        return score

    tune(timed, strategy, fits, progress=False)
    while sum(_planted(strategy.trials)) < trees and len(strategy.trials) < MOST_FITS:
        tune(timed, strategy, 1, progress=False)
    trials = tuple(strategy.trials)
    return Lap(best_so_far(trials), np.cumsum(_planted(trials)), np.array(seconds), trials)


def _planted(trials: Iterable[Trial]) -> list[float]:
    return [float(trial.params["n_estimators"]) for trial in trials]


@dataclass(frozen=True)
class Race:
    """Random and Bayesian searches, paired by seed; the random ones go on until the work is the same."""

    random: tuple[Lap, ...]
    bayesian: tuple[Lap, ...]

    @property
    def curves(self) -> dict[str, FloatArray]:
        """Best so far in the fits that both have, as `pizzatune.plots.spread` takes it."""
        laps = {"random": self.random, "Bayesian": self.bayesian}
        return {name: np.array([lap.best[:FITS] for lap in kind]) for name, kind in laps.items()}

    def mean(self, name: str, what: str, at: int = FITS) -> float:
        """Mean over seeds of "best", "trees" or "seconds" after some fits; at 0 after the last of each."""
        laps: tuple[Lap, ...] = getattr(self, name)
        return float(np.mean([getattr(lap, what)[at - 1] for lap in laps]))

    def __repr__(self) -> str:
        laps = {"random": self.random, "Bayesian": self.bayesian}
        lines = [f"R squared, mean of {len(self.random)} searches each:"]
        for name in laps:
            best, trees = (self.mean(name.lower(), what) for what in ("best", "trees"))
            lines.append(f"  {name:9}{best:.3f} after {FITS} fits, {trees:.0f} trees planted")
        fits = np.mean([len(lap.best) for lap in self.random])
        best, trees = (self.mean("random", what, 0) for what in ("best", "trees"))
        lines.append(f"  {'random':9}{best:.3f} after {fits:.0f} fits, {trees:.0f} trees planted")
        return "\n".join(lines)


@cache
def race(seeds: tuple[int, ...] = (1, 2, 3)) -> Race:
    """Race random against Bayesian search on the forest, once for each seed.

    Examples
    --------
    >>> one = race(seeds=(1,))
    >>> len(one.bayesian[0].best), bool(one.random[0].trees[-1] >= one.bayesian[0].trees[-1])
    (15, True)
    """
    explained({"n_estimators": 2})  # the first fit of all loads libraries, and nobody should pay for that
    bayesian = tuple(run(BayesianOptimization(FOREST_DIALS, seed=seed)) for seed in seeds)
    random = tuple(
        run(RandomSearch(FOREST_DIALS, seed=seed), trees=int(lap.trees[-1]))
        for seed, lap in zip(seeds, bayesian, strict=True)
    )
    return Race(random, bayesian)


# -- a night that ends badly ---------------------------------------------------------------------------------

TUMOUR_DIALS = Space(Real("svc__C", 0.01, 1000, log=True), Real("svc__gamma", 1e-5, 1, log=True))
"""Dials of the pipeline that tells tumours apart."""

BEFORE_THE_KILL = 7
"""Trials that the search in the other process finishes; its next fit never ends."""

PATIENCE = 120.0  # seconds; a process that is forgotten ends by itself after that


def told_apart(params: Params) -> float:
    """The share of tumours that a support vector machine tells apart, in five-fold cross-validation.

    Examples
    --------
    >>> told_apart({"svc__C": 1.0, "svc__gamma": 0.03}) > 0.95
    True
    """
    from sklearn.datasets import load_breast_cancer
    from sklearn.model_selection import cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    model = make_pipeline(StandardScaler(), SVC()).set_params(**params)
    return float(cross_val_score(model, *load_breast_cancer(return_X_y=True), cv=5).mean())


class Night:
    """A search in a process of its own that keeps a file, in a folder of its own until `end`.

    Attributes
    ----------
    file : Path
        What the search was told to keep its trials in.

    Examples
    --------
    >>> night = Night()
    >>> night.begin()
    >>> night.wait()
    >>> night.kill()
    >>> len(load(night.file).trials)
    7
    >>> night.end()
    """

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="pizzatune-night-", ignore_cleanup_errors=True)
        self._child: subprocess.Popen[str] | None = None
        self.file = Path(self._folder.name) / "night.sqlite"

    def begin(self) -> None:
        """Start the search: `search_all_night` below, in a Python of its own."""
        # The path goes along: a checkout need not be installed, nor named in PYTHONPATH.
        code = f"import sys; sys.path[:] = {sys.path!r}\n"
        code += f"from pizzatune.lessons import real_models\nreal_models.search_all_night({str(self.file)!r})"
        self._child = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)

    def wait(self, trials: int = BEFORE_THE_KILL) -> None:
        """Wait until the file holds so many trials.

        Raises
        ------
        RuntimeError
            If the process ends before, with what it said, or takes longer than two minutes.
        """
        assert self._child is not None, "begin() first"
        deadline = time.monotonic() + PATIENCE
        while not self.file.exists() or len(load(self.file).trials) < trials:
            if self._child.poll() is not None or time.monotonic() > deadline:
                self._child.kill()
                raise RuntimeError(f"the night's search did not get far: {self._child.communicate()[1]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End the process as a power cut would: it is not asked, and can tidy up nothing."""
        assert self._child is not None, "begin() first"
        self._child.kill()
        self._child.communicate()

    def end(self) -> None:
        """Remove the folder with the file."""
        self._folder.cleanup()


def search_all_night(file: str) -> None:
    """The search that will be killed; after some trials a fit begins that does not end."""
    strategy = BayesianOptimization(TUMOUR_DIALS, seed=0)

    def until_it_hangs(params: Params) -> float:
        if len(strategy.trials) == BEFORE_THE_KILL:
            time.sleep(PATIENCE)
        return told_apart(params)

    tune(until_it_hangs, strategy, budget=12, store=file, progress=False)


# -- what a lesson sorts ------------------------------------------------------------------------------------

THINGS = """\
A  C of a support vector machine       E  the first question of a decision tree
B  which wines it remembers            F  the greatest depth of that tree
C  the mean that the scaler subtracts  G  the weights of a neural network
D  how many neighbours to ask          H  the learning rate of that network"""
"""Four dials and four kinds of dough."""
