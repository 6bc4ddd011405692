"""What the lesson on an honest number computes: what choosing by a number adds to it, over many classes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pizzatune.menus.article import three_toppings
from pizzatune.parameters import FloatArray
from pizzatune.space import Params

CLASSES, MOST = 400, 20
"""How many classes are simulated, and how many candidates each has at most."""

ALIKE = 6.5, 7.5
"""Points of ten between which candidates lie that are much alike."""

WIDE = 1.959964
"""Standard deviations to either side that hold 95 %."""


def wilson(share: float, guests: int) -> tuple[float, float]:
    """Between which shares of all guests the truth lies, with 95 % confidence, when so many were asked.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, p. 209.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(0.8, 30)]
    [0.627, 0.905]
    """
    pull = WIDE**2 / guests
    middle = (share + pull / 2) / (1 + pull)
    half = WIDE / (1 + pull) * math.sqrt(share * (1 - share) / guests + pull / (4 * guests))
    return middle - half, middle + half


@dataclass(frozen=True)
class Votes:
    """Many classes of candidates, each judged by a panel and by another one in a sealed envelope.

    Attributes
    ----------
    orders : list of dict
        The pizzas that candidates are drawn from.
    drawn : ndarray, shape (classes, most)
        Which of them the candidates of each class are.
    truth, panel, envelope : ndarray, shape (classes, most)
        The share of all guests who like a candidate, and of those who were asked.
    guests : int
        How many each panel asks.
    """

    orders: list[Params]
    drawn: NDArray[np.intp]
    truth: FloatArray
    panel: FloatArray
    envelope: FloatArray
    guests: int


@lru_cache(maxsize=1)
def _menu() -> tuple[list[Params], FloatArray]:
    menu = three_toppings()
    orders = list(menu.space.enumerate())
    return orders, np.array([menu.taste(params) for params in orders])


@lru_cache(maxsize=8)
def votes(guests: int, alike: bool = True) -> Votes:
    """Ask so many guests on each panel about every candidate of every class.

    A pizza of 7.3 points is liked by 73 % of all guests. Each candidate is judged by guests of its own.

    Examples
    --------
    >>> asked = votes(30)
    >>> asked.panel.shape, bool(asked.truth.min() > 0.65)
    ((400, 20), True)
    """
    orders, scores = _menu()
    some = np.flatnonzero((scores >= ALIKE[0]) & (scores <= ALIKE[1])) if alike else np.arange(len(orders))
    rng = np.random.default_rng(2010)
    drawn = some[rng.random((CLASSES, len(some))).argsort(axis=1)[:, :MOST]]
    truth = scores[drawn] / 10
    panel, envelope = (rng.binomial(guests, truth) / guests for _ in range(2))
    return Votes(orders, drawn, truth, panel, envelope, guests)


@dataclass(frozen=True)
class Honesty:
    """What a report is worth after 1, 2, 3 ... openings.

    Attributes
    ----------
    too_high : ndarray, shape (classes, candidates)
        The share that is reported minus the true one.
    covered : ndarray, shape (candidates,)
        In which share of the classes the 95 % interval of the report holds the truth.
    """

    too_high: FloatArray
    covered: FloatArray


def honesty(asked: Votes, candidates: int) -> Honesty:
    """Open the envelope for the best of the panel, the second best and so on, and report the best in there.

    References
    ----------
    Cawley and Talbot (2010), On over-fitting in model selection and subsequent selection bias in performance
    evaluation, JMLR 11, pp. 2079-2107.

    Examples
    --------
    >>> rise = honesty(votes(30), candidates=12).too_high.mean(axis=0)
    >>> bool(abs(rise[0]) < 0.01), bool(rise[11] > 0.1)
    (True, True)
    """
    order = np.argsort(-asked.panel[:, :candidates], axis=1, kind="stable")
    found, truth = (np.take_along_axis(one, order, axis=1) for one in (asked.envelope, asked.truth))
    best = np.maximum.accumulate(found, axis=1)
    new = np.diff(best, axis=1, prepend=-1.0) > 0
    kept = np.maximum.accumulate(np.where(new, np.arange(candidates), 0), axis=1)
    true = np.take_along_axis(truth, kept, axis=1)
    ends = np.array([wilson(yes / asked.guests, asked.guests) for yes in range(asked.guests + 1)])
    low, high = ends[np.rint(best * asked.guests).astype(int)].transpose(2, 0, 1)
    return Honesty(best - true, ((low <= true) & (true <= high)).mean(axis=0))
