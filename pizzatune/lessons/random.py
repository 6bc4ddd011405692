"""The lesson on random search: grid against random in many salty kitchens, and what a learner's loop does."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pizzatune.menus.salty import SaltyKitchen
from pizzatune.parameters import FloatArray
from pizzatune.strategies.base import Strategy
from pizzatune.strategies.grid_search import GridSearch
from pizzatune.strategies.random_search import RandomSearch


@lru_cache(maxsize=32)
def grid(per_dial: int = 3, *, dials: int = 2) -> FloatArray:
    """The pizzas that `GridSearch` asks for in a salty kitchen, in its order.

    Parameters
    ----------
    per_dial : int
        Levels on each dial.
    dials : int
        How many dials there are, from 1 to 6.

    Returns
    -------
    ndarray, shape (n, 2)
        Temperature (°C) and salt (g) of each; nan where there is no dial for salt. Not to be written to.

    Examples
    --------
    >>> np.unique(grid(3)[:, 0]).tolist()
    [175.0, 225.0, 275.0]
    """
    strategy = GridSearch(SaltyKitchen(0, dials=dials).space, resolution=per_dial, order="rows")
    return _asked(strategy, len(strategy))


@lru_cache(maxsize=2048)
def draws(seed: int, number: int = 9, *, dials: int = 2, sampler: str = "independent") -> FloatArray:
    """The first pizzas that `RandomSearch` asks for in a salty kitchen.

    No score is told to it, nor to the grid: neither would look at one.

    Parameters
    ----------
    seed, sampler
        As in `RandomSearch`.
    number : int
        How many pizzas.
    dials : int
        As in `grid`.

    Returns
    -------
    ndarray, shape (number, 2)
        As from `grid`.

    Examples
    --------
    >>> len(set(draws(seed=1)[:, 0]))
    9
    """
    space = SaltyKitchen(0, dials=dials).space
    return _asked(RandomSearch(space, sampler=sampler, seed=seed), number)


def _asked(strategy: Strategy, number: int) -> FloatArray:
    """Temperature and salt of what a strategy asks for, shape (number, 2)."""
    orders = [strategy.ask() for _ in range(number)]
    pizzas = np.array([[params["temperature"], params.get("salt", math.nan)] for params in orders])
    pizzas.flags.writeable = False  # it is remembered, and handed out again
    return pizzas


@dataclass(frozen=True)
class Duel:
    """The best pizza of the grid and the best random one, in each of many kitchens.

    Attributes
    ----------
    grid, drawn : ndarray, shape (kitchens,)
        Their scores, in points.
    """

    grid: FloatArray
    drawn: FloatArray

    @property
    def random_wins(self) -> float:
        """In which share of the kitchens the random one was better."""
        return float((self.drawn > self.grid).mean())

    @property
    def lead(self) -> float:
        """By how many points the random one was better, on average; below 0 the grid was."""
        return float((self.drawn - self.grid).mean())


def duel(
    matters: float = 0.0,
    per_dial: int = 3,
    *,
    dials: int = 2,
    seeds: Iterable[int] = range(400),
) -> Duel:
    """Let grid and random search bake as many pizzas in each of many kitchens, and compare their best.

    Parameters
    ----------
    matters : float
        What salt matters: 0 not at all, 1 as much as temperature.
    per_dial : int
        Levels of the grid on each dial; random search gets as many pizzas as the grid has.
    dials : int
        As in `grid`.
    seeds : iterable of int
        Which kitchens; each has its best temperature and salt elsewhere, and draws of its own.

    Returns
    -------
    Duel

    References
    ----------
    Bergstra and Bengio (2012), Random Search for Hyper-Parameter Optimization, JMLR 13, pp. 281-305.

    Examples
    --------
    >>> salt_is_idle, salt_is_equal = duel(0.0, seeds=range(60)), duel(1.0, seeds=range(60))
    >>> salt_is_idle.random_wins > 0.5 > salt_is_equal.random_wins
    True
    """
    planned = grid(per_dial, dials=dials)
    best = []
    for seed in seeds:
        kitchen = SaltyKitchen(seed, matters, dials)
        drawn = draws(seed, len(planned), dials=dials)
        best.append([kitchen.scores(planned).max(), kitchen.scores(drawn).max()])
    both = np.array(best)
    return Duel(both[:, 0], both[:, 1])
