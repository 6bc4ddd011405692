"""What an old oven's bakes are worth in a new one: searches with and without them, in numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pizzatune.lessons.transfer import Plan, Trials, bake, oven_of, strategy_of, until_close
from pizzatune.menus.secret import uphill
from pizzatune.parameters import FloatArray
from pizzatune.trial import Trial, best_trial

HEATS, TIMES = np.linspace(150.0, 300.0, 31), np.geomspace(3.0, 30.0, 22)  # °C, minutes
PIZZAS = tuple({"temperature": float(heat), "minutes": float(time)} for time in TIMES for heat in HEATS)


@lru_cache(maxsize=32)
def true_scores(likeness: float | None) -> FloatArray:
    """How each of `PIZZAS` scores in a new oven, or with None in the old one; shape (22, 31)."""
    taste = oven_of(likeness).taste
    return np.array([taste(params) for params in PIZZAS]).reshape(len(TIMES), len(HEATS))


@lru_cache(maxsize=32)
def summit(likeness: float | None) -> tuple[float, float, float]:
    """Temperature, minutes and score of an oven's best pizza: uphill from the best of `PIZZAS`.

    Examples
    --------
    >>> heat, minutes, score = summit(None)
    >>> round(heat), round(minutes, 1), round(score, 2)
    (252, 13.7, 8.96)
    """
    top, score = uphill(oven_of(likeness).taste, PIZZAS[int(true_scores(likeness).argmax())])
    return top["temperature"], top["minutes"], score


@lru_cache(maxsize=48)
def believed_scores(plan: Plan, count: int) -> FloatArray:
    """What the strategy of a plan guesses for each of `PIZZAS` after so many bakes; shape (22, 31)."""
    mean, _ = strategy_of(plan).rebuilt(bake(plan, count)).posterior(PIZZAS)
    return mean.reshape(len(TIMES), len(HEATS))


@dataclass(frozen=True)
class Searches:
    """How far the strategies are.

    Attributes
    ----------
    plans : tuple of Plan
        The searches that know of the old oven; the first is the one on the maps.
    old : tuple of Trial
        What that one knows of the old oven.
    warm, scratch : tuple of tuple of Trial
        Trials in the new oven: with that knowledge, and without. As long as they run there may be fewer of
        them than plans.
    """

    plans: tuple[Plan, ...]
    old: Trials = ()
    warm: tuple[Trials, ...] = ()
    scratch: tuple[Trials, ...] = ()


@dataclass(frozen=True)
class Transferred:
    """What is on the picture.

    Attributes
    ----------
    plan : Plan
        The search on the maps.
    old, warm, scratch : tuple of Trial
        Its bakes so far: in the old oven, and in the new one with and without knowing of it.
    warm_best, scratch_best : ndarray, shape (searches, step)
        Best score so far after each bake in the new oven; nan where the search is not there yet.
    trust : ndarray, shape (searches, step)
        How far each search trusted the old oven when it chose each bake.
    top : float
        The best score that the new oven can give.
    until : tuple of float
        After how many bakes a search is within 0.3 points of that, the median with and without the old
        oven; inf where most searches are not there yet, nan where none has come so far.
    asked : int
        How many searches there are to be of each kind.
    """

    plan: Plan
    old: Trials
    warm: Trials
    scratch: Trials
    warm_best: FloatArray
    scratch_best: FloatArray
    trust: FloatArray
    top: float
    until: tuple[float, float]
    asked: int

    @property
    def done(self) -> int:
        """How many searches of each kind have come as far as the first one."""
        return min(int(np.isfinite(table).all(axis=1).sum()) for table in (self.warm_best, self.scratch_best))

    @property
    def step(self) -> int:
        """Bakes in the new oven."""
        return len(self.warm)

    def spent(self, old: int = 0) -> tuple[str, str]:
        """`until` in words, with the old oven's bakes where these count."""
        mine, theirs = (
            f"{bakes + before:g}" if np.isfinite(bakes) else f"over {self.step + before}"
            for bakes, before in zip(self.until, (old, 0), strict=True)
        )
        return mine, theirs

    @property
    def old_best(self) -> Trial | None:
        """The best pizza of the old oven."""
        return best_trial(self.old)


def table_of(
    searches: Sequence[Trials], steps: int, look: Callable[[Trials], Sequence[float] | FloatArray]
) -> FloatArray:
    """A number for each trial, shape (searches, steps); nan where there is none yet."""
    table = np.full((len(searches), steps), np.nan)
    for row, trials in zip(table, searches, strict=True):
        row[: len(trials)] = look(trials)
    return table


def trusts(trials: Trials) -> list[float]:
    """How far a search trusted the old oven at each bake."""
    return [float(trial.origin.get("trust", 0.0)) for trial in trials]


def median_until(searches: Sequence[Trials], steps: int, top: float) -> float:
    """The median number of bakes until a search is close to the top; of searches that came so far."""
    there = [until_close(trials, top) for trials in searches if len(trials) == steps]
    return float(np.median(there)) if there and steps else np.nan
