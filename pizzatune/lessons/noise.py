"""The lesson on tasters who disagree: the best of many tastings, its true worth, and the exercises."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pizzatune.parameters import FloatArray

LADDER = (1, 2, 5, 10, 20, 50, 100, 200)
"""How many pizzas an evening may have."""

EVENINGS, MOST_AGAIN = 400, 50
HOUSE = 6.0
"""Points that a pizza of the house is worth on average."""


@dataclass(frozen=True)
class Evenings:
    """Many evenings, each with as many pizzas as `LADDER` goes up to; fewer are the first of them.

    Attributes
    ----------
    truths : ndarray, shape (evenings, pizzas)
        What each pizza is worth, in points.
    tasted : ndarray, shape (evenings, pizzas)
        What its tasting said.
    again : ndarray, shape (evenings, MOST_AGAIN)
        What mood the taster has when the winner is tasted again, for the first, the second time and so on.
    """

    truths: FloatArray
    tasted: FloatArray
    again: FloatArray

    def too_high(self) -> FloatArray:
        """Tasting minus truth of the best-tasting pizza of each evening, shape (evenings, sizes of `LADDER`).

        Examples
        --------
        >>> drops = evenings(noise=1.0, differ=0.5).too_high()
        >>> bool((np.diff(drops.mean(axis=0)) > 0).all())
        True
        """
        rows = np.arange(len(self.tasted))
        best = np.stack([self.tasted[:, :pizzas].argmax(axis=1) for pizzas in LADDER], axis=1)
        drops: FloatArray = (self.tasted - self.truths)[rows[:, None], best]
        return drops


def evenings(noise: float = 1.0, differ: float = 0.5, tastings: int = 1) -> Evenings:
    """Let a taster who wavers judge pizzas, evening after evening.

    Parameters
    ----------
    noise : float
        Standard deviation of the taster's mood, in points, 0 or more.
    differ : float
        Standard deviation of what the pizzas are worth, in points, 0 or more.
    tastings : int
        How often each pizza is tasted, at least once; its score is their mean.

    Returns
    -------
    Evenings
        The same moods and the same pizzas each time, stretched by `noise` and `differ`.

    References
    ----------
    Cawley and Talbot (2010), On Over-fitting in Model Selection and Subsequent Selection Bias in Performance
    Evaluation, JMLR 11, pp. 2079-2107: the best of many noisy estimates is too good to be true.

    Examples
    --------
    >>> night = evenings(noise=0.0)
    >>> bool((night.tasted == night.truths).all())
    True
    """
    worth, moods, later = _draws()
    wavers = noise / math.sqrt(tastings)
    truths = HOUSE + differ * worth
    return Evenings(truths, truths + wavers * moods, wavers * later)


@lru_cache(maxsize=1)
def _draws() -> tuple[FloatArray, FloatArray, FloatArray]:
    """What makes pizzas differ, the moods of their tastings, and those of later ones; standard normal."""
    worth, moods, later = np.random.default_rng(2010).standard_normal((3, EVENINGS, LADDER[-1]))
    return worth.copy(), moods.copy(), later[:, :MOST_AGAIN].copy()  # so that the rest is not kept
