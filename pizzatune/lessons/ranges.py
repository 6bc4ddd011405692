"""What the lesson on ratios and ranges computes: yeast on a dial, drawn in equal steps or in equal ratios."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.parameters import FloatArray, Real
from pizzatune.space import Space
from pizzatune.strategies.random_search import RandomSearch

BEST_YEAST, TOP = 0.02, 9.2  # grams in the dough of one pizza that rises for days, and its points
REACH = 0.6  # factors of ten from the best at which four tenths of the points are lost
GOOD = 8.0  # points
MOST = 40  # draws


def taste_of(grams: Any) -> FloatArray:
    """What a slow dough with so much yeast scores: ten times too much hurts as much as ten times too little.

    Examples
    --------
    >>> taste_of([0.002, 0.02, 0.2]).round(1).tolist()
    [2.3, 9.2, 2.3]
    """
    with np.errstate(divide="ignore"):
        off = np.log10(np.asarray(grams, dtype=float) / BEST_YEAST)
    return np.asarray(TOP * np.exp(-((off / REACH) ** 2) / 2))


_FACTOR = 10 ** (REACH * math.sqrt(2 * math.log(TOP / GOOD)))
GOOD_YEAST = BEST_YEAST / _FACTOR, BEST_YEAST * _FACTOR
"""Grams between which a pizza has `GOOD` points or more."""


def draws(dial: Real, seed: int) -> FloatArray:
    """The first `MOST` values that `RandomSearch` asks for on a dial, in its order. Not to be written to.

    Examples
    --------
    >>> steps, ratios = (draws(Real("yeast", 0.001, 10, log=log), 1) for log in (False, True))
    >>> int((steps >= 1).sum()), int((ratios >= 1).sum())
    (37, 9)
    """
    return _draws(dial.low, dial.high, dial.log, seed)


@lru_cache(maxsize=64)
def _draws(low: float, high: float, log: bool, seed: int) -> FloatArray:
    search = RandomSearch(Space(Real("yeast", low, high, log=log, unit="g")), seed=seed)
    drawn = np.array([search.ask()["yeast"] for _ in range(MOST)])
    drawn.flags.writeable = False
    return drawn


def share_of(dial: Real, low: float, high: float) -> float:
    """How much of a dial's turn lies between two values, from 0 to 1.

    Examples
    --------
    >>> [round(share_of(Real("yeast", 0.001, 10, log=log), 1, 10), 2) for log in (False, True)]
    [0.9, 0.25]
    """
    start, end = (dial.encode(min(max(value, dial.low), dial.high)) for value in (low, high))
    return end - start
