"""What the lesson on transfer learning computes and asks: what an old oven's bakes are worth in a new one.

Searches are told apart by a `Plan` and remembered, so that lesson and explorer bake none of them twice.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.menus import new_oven, old_oven
from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.strategies.transfer_learning import TransferLearning
from pizzatune.trial import Trial, best_so_far

Trials = tuple[Trial, ...]

BUDGET = 12
"""Pizzas that are baked in a new oven."""

OLD_BAKES = 20
"""Pizzas that the old oven had, where nothing else is said."""

CLOSE = 0.3
"""Points: a pizza this near to the best one is as good as found."""

OLD_LUCK = 1000
"""Added to a seed for the search in the old oven, which must not share its luck with the one in the new."""

SEEDS = range(1, 7)
"""The searches of the lesson; the explorer has the same."""

REMEMBERED = 240  # searches; each of them is some twenty trials


# -- searches ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """One search: in which oven, with what luck, and knowing what.

    Attributes
    ----------
    likeness : float or None
        Of the new oven; None is the old oven.
    seed : int
        Luck. Searches of one seed that know of the old oven know the same bakes.
    old_bakes : int
        How many bakes of the old oven it knows of; 0 is a search from scratch.
    trust : float or None
        As in `TransferLearning`.

    Examples
    --------
    >>> trials = bake(Plan(likeness=0.9, seed=1, old_bakes=20), count=3)
    >>> trials[0].why
    'the best of the source'
    """

    likeness: float | None
    seed: int
    old_bakes: int = 0
    trust: float | None = None

    @property
    def menu(self) -> Menu:
        """The oven."""
        return oven_of(self.likeness)


@lru_cache(maxsize=32)
def oven_of(likeness: float | None) -> Menu:
    """The new oven of some likeness, or with None the old one; the same object each time."""
    return old_oven() if likeness is None else new_oven(likeness)


@lru_cache(maxsize=16)
def strategy_of(plan: Plan) -> BayesianOptimization:
    """The strategy of a plan before its first bake; ask a copy of it (``.rebuilt(())``)."""
    if plan.likeness is None:
        return BayesianOptimization(plan.menu.space, seed=OLD_LUCK + plan.seed)
    if not plan.old_bakes:
        return BayesianOptimization(plan.menu.space, seed=plan.seed)
    source = list(bake(Plan(None, plan.seed), plan.old_bakes))
    return TransferLearning(plan.menu.space, source=source, trust=plan.trust, seed=plan.seed)


_baked: OrderedDict[Plan, Trials] = OrderedDict()


def baking(plan: Plan, count: int) -> Iterator[Trials]:
    """Bake `count` pizzas one by one, and look at all of them after each.

    What was baked before is not baked again: it comes first, all at once.

    Examples
    --------
    >>> [len(trials) for trials in baking(Plan(likeness=-0.37, seed=5), count=2)]
    [1, 2]
    >>> [len(trials) for trials in baking(Plan(likeness=-0.37, seed=5), count=3)]
    [2, 3]
    """
    trials = _baked.get(plan, ())[:count]
    if trials:
        _baked.move_to_end(plan)
        yield trials
    if len(trials) == count:
        return
    strategy = strategy_of(plan).rebuilt(trials)
    while len(trials) < count:
        params = strategy.ask()
        strategy.tell(params, plan.menu.taste(params))
        trials = tuple(strategy.trials)
        if len(trials) > len(_baked.get(plan, ())):
            _baked[plan] = trials
            _baked.move_to_end(plan)
            while len(_baked) > REMEMBERED:
                _baked.popitem(last=False)
        yield trials


def bake(plan: Plan, count: int = BUDGET) -> Trials:
    """All of `count` pizzas.

    Examples
    --------
    >>> len(bake(Plan(likeness=None, seed=1), count=4))
    4
    """
    no_bakes: Trials = ()
    *_, trials = no_bakes, *baking(plan, count)
    return trials


def until_close(trials: Trials, top: float) -> float:
    """After how many trials the best is within `CLOSE` of `top`; inf where it never is.

    Examples
    --------
    >>> trials = [Trial(0, {}, 5.0), Trial(1, {}, 8.9), Trial(2, {}, 9.0)]
    >>> until_close(tuple(trials), 9.1), until_close(tuple(trials), 9.9)
    (2.0, inf)
    """
    return _first(best_so_far(trials), top)


def _first(best: FloatArray, top: float) -> float:
    there = np.flatnonzero(best >= top - CLOSE)
    return float(there[0] + 1) if len(there) else np.inf


# -- many searches -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """Searches in a new oven that know of the old one, beside as many that start from scratch.

    Attributes
    ----------
    likeness, old_bakes, trust
        As in `Plan`.
    warm, scratch : ndarray, shape (searches, bakes)
        Best score so far after each bake in the new oven, with and without the old oven's bakes.
    trusts : ndarray, shape (searches, bakes)
        How far each search trusted the old oven when it chose each bake.
    top : float
        The best score that the new oven can give.
    """

    likeness: float
    old_bakes: int
    trust: float | None
    warm: FloatArray
    scratch: FloatArray
    trusts: FloatArray
    top: float

    @property
    def curves(self) -> dict[str, FloatArray]:
        """Best so far of each kind of search, as `pizzatune.plots.spread` takes it."""
        return {"transferred": self.warm, "from scratch": self.scratch}

    def lead(self, bakes: int) -> float:
        """By how many points the transferred searches are ahead after some bakes, on average."""
        return float((self.warm - self.scratch)[:, bakes - 1].mean())

    @property
    def until(self) -> tuple[float, float]:
        """Bakes in the new oven until a search is within `CLOSE` of the top, median with and without the
        old oven; inf where most never are."""
        warm, scratch = (
            np.median([_first(row, self.top) for row in best]) for best in (self.warm, self.scratch)
        )
        return float(warm), float(scratch)

    @property
    def bill(self) -> str:
        """All bakes that were needed, the old oven's included."""
        warm, scratch = self.until
        return (
            f"{self.old_bakes:2} bakes in the old oven + {_count(warm, self.warm.shape[1])} in the new one; "
            f"from scratch {_count(scratch, self.warm.shape[1])}"
        )

    def __str__(self) -> str:
        searches, bakes = self.warm.shape
        how = "trust learned" if self.trust is None else f"trust fixed at {self.trust:g}"
        lines = [f"Likeness {self.likeness:g}, {how}; best so far, mean of {searches} searches:"]
        for name, best, until in zip(
            ("transferred", "from scratch"), (self.warm, self.scratch), self.until, strict=True
        ):
            points = ", ".join(f"{best[:, bake - 1].mean():.1f} after {bake}" for bake in _looks(bakes))
            close = f"half of them within {CLOSE:g} of the top after {_count(until, bakes)}"
            lines.append(f"  {name:12}  {points};  {close}")
        if self.trust is None:
            trusts = (f"{self.trusts[:, bake - 1].mean():.1f} at bake {bake}" for bake in _looks(bakes))
            lines.append(f"  mean trust    {', '.join(trusts)}")
        return "\n".join(lines)


def _looks(bakes: int) -> list[int]:
    """After which bakes to look: the first, the last, and some between."""
    return [bake for bake in (1, 3, 6) if bake < bakes] + [bakes]


def _count(bakes: float, most: int) -> str:
    return f"{bakes:g}" if np.isfinite(bakes) else f"more than {most}"


def compare(
    likeness: float,
    *,
    old_bakes: int = OLD_BAKES,
    trust: float | None = None,
    seeds: Iterable[int] = SEEDS,
    bakes: int = BUDGET,
) -> Comparison:
    """Search a new oven with and without the old oven's bakes, once for each seed.

    Parameters
    ----------
    likeness : float
        Of the new oven, from 1 to -1, as in `new_oven`.
    old_bakes : int
        How many bakes in the old oven are known; each seed has bakes of its own.
    trust : float, optional
        As in `TransferLearning`.
    seeds : iterable of int
        One pair of searches each.
    bakes : int
        Bakes in the new oven.

    Returns
    -------
    Comparison

    Examples
    --------
    >>> twin = compare(1.0, seeds=(1, 2), bakes=5)
    >>> twin.warm.shape, twin.until[0], twin.lead(1) > 1
    ((2, 5), 1.0, True)
    """
    plans = [Plan(likeness, seed, old_bakes, trust) for seed in seeds]
    warm = [bake(plan, bakes) for plan in plans]
    scratch = [bake(Plan(likeness, plan.seed), bakes) for plan in plans]
    top = oven_of(likeness).best.score
    assert top is not None
    return Comparison(
        likeness,
        old_bakes,
        trust,
        np.array([best_so_far(trials) for trials in warm]),
        np.array([best_so_far(trials) for trials in scratch]),
        np.array([[trial.origin.get("trust", 0.0) for trial in trials] for trials in warm]),
        top,
    )


# -- three shared bakes ------------------------------------------------------------------------------------

SHARED: tuple[dict[str, Any], ...] = (
    {"temperature": 252.0, "minutes": 13.7},
    {"temperature": 225.0, "minutes": 10.0},
    {"temperature": 280.0, "minutes": 12.0},
)
"""Three pizzas that were baked in the old oven and in three new ones: its best, one paler and one darker."""

STRANGERS: dict[str, tuple[float, float]] = {"A": (0.9, 10.0), "B": (0.0, 1.0), "C": (0.8, 1.0)}
"""Likeness of each of the three new ovens, and how many points its taster gives for one of ours."""


def shared_bakes() -> str:
    """How three pizzas taste in the old oven and in three new ones, as a table.

    Examples
    --------
    >>> print(shared_bakes().splitlines()[1])
    252 °C, 13.7 min     9.0   89.3    2.4    8.7
    """
    lines = [f"{'':17}" + "".join(f"{name:>7}" for name in ("old", *STRANGERS))]
    for params in SHARED:
        scores = [old_oven().taste(params)]
        scores += [unit * oven_of(likeness).taste(params) for likeness, unit in STRANGERS.values()]
        label = f"{params['temperature']:.0f} °C, {params['minutes']:g} min"
        lines.append(f"{label:17}" + "".join(f"{score:7.1f}" for score in scores).rstrip())
    return "\n".join(lines)


def trust_in(stranger: str, seed: int = 1) -> float:
    """How far the strategy trusts the old oven after the three shared bakes in one of the new ones.

    Examples
    --------
    >>> trust_in("A") > 0.7, trust_in("B")
    (True, 0.0)
    """
    likeness, unit = STRANGERS[stranger]
    oven = oven_of(likeness)
    strategy = TransferLearning(oven.space, source=list(bake(Plan(None, seed), OLD_BAKES)), seed=seed)
    for params in SHARED:
        strategy.tell(params, unit * oven.taste(params))
    return strategy.trust
