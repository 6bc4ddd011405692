"""The loop that brings a strategy and an objective together: `tune`, and the `Result` it gives back."""

from __future__ import annotations

import html
import inspect
import math
import numbers
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from pizzatune.space import Params, Space
from pizzatune.strategies.base import Exhausted, Strategy
from pizzatune.trial import Trial, best_trial, to_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Objective = Callable[..., float]
PATIENCE = 2.0  # seconds before a progress bar appears by itself


@dataclass(frozen=True)
class Result:
    """What a search found.

    Attributes
    ----------
    trials : tuple of Trial
        All of them in order, those that failed too.
    strategy : Strategy
        The strategy as it stands after the search; `tune` with it again goes on where it stopped.
    stopped : str
        Why the search ended, in a few words.
    score_label, trial_label : str
        What a score and a trial are called in pictures and tables.
    """

    trials: tuple[Trial, ...]
    strategy: Strategy
    stopped: str
    score_label: str = "score"
    trial_label: str = "trial"

    @property
    def space(self) -> Space:
        """The space that was searched."""
        return self.strategy.space

    @property
    def best(self) -> Trial | None:
        """The trial with the highest score, or None where all failed."""
        return best_trial(self.trials)

    @property
    def best_params(self) -> Params:
        """The settings of the best trial; a ValueError where none succeeded."""
        return dict(self._need_best().params)

    @property
    def best_score(self) -> float:
        """The highest score; a ValueError where none succeeded."""
        score = self._need_best().score
        assert score is not None
        return score

    @property
    def failed(self) -> tuple[Trial, ...]:
        """The trials that gave no score."""
        return tuple(trial for trial in self.trials if not trial.ok)

    def to_frame(self) -> pd.DataFrame:
        """A pandas table with one row a trial."""
        return to_frame(self.trials)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the best score so far over the trials; return the Axes."""
        from pizzatune import plots

        return plots.best_so_far(self, ax=ax)

    def _need_best(self) -> Trial:
        if self.best is None:
            why = self.trials[0].error if self.trials else "there were no trials"
            raise ValueError(f"no trial gave a score, so there is no best; the first problem was: {why}")
        return self.best

    def __repr__(self) -> str:
        failed = f" ({len(self.failed)} failed)" if self.failed else ""
        head = (
            f"{type(self.strategy).__name__}: {len(self.trials)} {self.trial_label}s{failed}, {self.stopped}"
        )
        if self.best is None:
            return f"{head}\nno {self.score_label} yet"
        return f"{head}\nbest {self.score_label} {self.best_score:.4g}: {self.space.label(self.best_params)}"

    def _repr_html_(self) -> str:
        head, best = (html.escape(line) for line in repr(self).split("\n", 1))
        return f"<p>{head}<br><b>{best}</b></p>"


def tune(
    objective: Objective,
    strategy: Strategy,
    budget: int | None = None,
    *,
    seconds: float | None = None,
    progress: bool | None = None,
) -> Result:
    """Ask the strategy, try what it suggests, tell it the score; again until the budget is spent.

    A trial whose objective raises, or gives no finite number, is kept as a failed trial and counts toward the
    budget. The stop button (KeyboardInterrupt) ends the search and gives back all that was tried before.

    Parameters
    ----------
    objective : callable
        ``objective(params) -> float``, higher is better (for a loss, return ``-loss``). One that has an
        argument called `rng` is given a `numpy.random.Generator` that belongs to this trial and no other.
    strategy : Strategy
        One that already has trials goes on from them.
    budget : int, optional
        How many trials to make. May be left out where the space or the grid has an end, or with `seconds`.
    seconds : float, optional
        Start no further trial after so many seconds.
    progress : bool, optional
        Whether to show a progress bar; by default one appears when the search takes longer than two seconds.

    Returns
    -------
    Result

    Raises
    ------
    TypeError, ValueError
        If the objective is no function, or the budget no whole number from 0 up, or the search has no end.

    Examples
    --------
    >>> from pizzatune.space import Real
    >>> from pizzatune.strategies import GridSearch
    >>> result = tune(lambda params: -abs(params["x"] - 3), GridSearch(Space(Real("x", 0, 10))))
    >>> result.best_params, result.best_score, len(result.trials)
    ({'x': 3.0}, -0.0, 5)
    """
    _check(objective, strategy, budget, seconds)
    start = time.perf_counter()
    first = len(strategy.trials)
    stopped = "budget spent"
    with _Progress(budget, progress) as bar:
        try:
            while budget is None or len(strategy.trials) - first < budget:
                if seconds is not None and time.perf_counter() - start >= seconds:
                    stopped = f"stopped after {seconds:g} s"
                    break
                bar.update(_try_one(objective, strategy), strategy)
        except Exhausted:
            stopped = "every combination tried"
        except KeyboardInterrupt:
            stopped = "stopped by hand"
    owner = getattr(objective, "__self__", objective)  # a menu knows what its scores and trials are called
    labels = getattr(owner, "score_label", "score"), getattr(owner, "trial_label", "trial")
    return Result(tuple(strategy.trials), strategy, stopped, *labels)


def _try_one(objective: Objective, strategy: Strategy) -> Trial:
    """One round: ask, try, tell. What was asked is told or taken back, whatever happens."""
    number = len(strategy.trials)
    params = strategy.ask()
    extra = {"rng": np.random.default_rng([strategy.seed, number, 1])} if _takes_rng(objective) else {}
    begin = time.perf_counter()
    try:
        score = objective(dict(params), **extra)
    except Exception as error:  # an objective may raise anything; the search must outlive it
        took = time.perf_counter() - begin
        return strategy.tell(params, error=f"{type(error).__name__}: {error}", seconds=took)
    except BaseException:  # the stop button: nothing was tasted
        strategy.withdraw(params)
        raise
    took = time.perf_counter() - begin
    try:
        return strategy.tell(params, score, seconds=took)
    except TypeError as error:
        return strategy.tell(params, error=str(error), seconds=took)


def _takes_rng(objective: Objective) -> bool:
    try:
        return "rng" in inspect.signature(objective).parameters
    except (TypeError, ValueError):  # some built-in functions have no signature to read
        return False


def _check(objective: Any, strategy: Any, budget: Any, seconds: Any) -> None:
    if not callable(objective):
        raise TypeError(
            f"objective must be a function of params, got {objective!r}; for a menu, pass menu.taste"
        )
    if not isinstance(strategy, Strategy):
        made = "; call it with a space first" if isinstance(strategy, type) else ""
        raise TypeError(f"strategy must be a strategy such as RandomSearch(space), got {strategy!r}{made}")
    if budget is not None:
        if isinstance(budget, bool) or not isinstance(budget, numbers.Integral):
            raise TypeError(
                f"budget must be a whole number of trials, got {budget!r}; for a time, use seconds="
            )
        if int(budget) < 0:
            raise ValueError(f"budget must be 0 or more trials, got {budget}; for no limit, leave it out")
    if seconds is not None:
        if isinstance(seconds, bool) or not isinstance(seconds, numbers.Real):
            raise TypeError(f"seconds must be a number, got {seconds!r}; for no limit, leave it out")
        if not float(seconds) >= 0:
            raise ValueError(f"seconds must be 0 or more, got {seconds}; for no limit, leave it out")
    ends = not strategy.repeats and (hasattr(strategy, "__len__") or math.isfinite(strategy.space.size))
    if budget is None and seconds is None and not ends:
        raise ValueError(
            "this search would never end; say how many trials with budget=..., or how long with seconds=..."
        )


class _Progress:
    """A tqdm bar, in notebook or terminal, that appears only when the search turns out to take long."""

    def __init__(self, budget: int | None, wanted: bool | None) -> None:
        self.budget = budget
        self.wanted = wanted
        self.start = time.perf_counter()
        self.done = 0
        self.bar: Any = None

    def __enter__(self) -> Self:
        if self.wanted:
            self._open()
        return self

    def update(self, trial: Trial, strategy: Strategy) -> None:
        self.done += 1
        if self.bar is None and self.wanted is None and time.perf_counter() - self.start > PATIENCE:
            self._open()
        if self.bar is not None:
            best = strategy.best
            self.bar.set_postfix_str("" if best is None else f"best {best.score:.4g}", refresh=False)
            self.bar.update(self.done - self.bar.n)

    def _open(self) -> None:
        from tqdm.auto import tqdm  # loads only when a bar is due

        self.bar = tqdm(total=self.budget, unit="trial", leave=False)

    def __exit__(self, *problem: object) -> None:
        if self.bar is not None:
            self.bar.close()
