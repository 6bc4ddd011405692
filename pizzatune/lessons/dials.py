"""The lesson on dials and dough: what one dial at a time finds, what both at once do, and the exercises."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pizzatune.lessons.tried import Taste
from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray
from pizzatune.space import Params
from pizzatune.trial import Trial

IntArray = NDArray[np.int_]


@dataclass(frozen=True)
class Walk:
    """What a search bakes that turns one dial at a time.

    Attributes
    ----------
    places : ndarray, shape (n, 2)
        Where both dials stood at each bake: column and row of the table of scores.
    sweep : ndarray, shape (n,)
        Which sweep each bake belongs to, from 0; even ones turn the first dial, odd ones the second.
    stands : bool
        Whether it stopped by itself: its last sweep of either dial, in the smallest steps, found none better.
    """

    places: IntArray
    sweep: IntArray
    stands: bool


def one_at_a_time(scores: FloatArray, start: int, levels: int = 7, budget: int = 30) -> Walk:
    """Sweep the first dial with the second held, keep the best, sweep the second, and so on.

    Each sweep tries so many levels, evenly spread. The first sweep of a dial spans all of it, each later one
    half as much, around the best, until its levels are neighbours. No pizza is baked twice.

    Parameters
    ----------
    scores : ndarray, shape (rows, columns)
        Scores of all pizzas; the first dial picks the column, the second the row.
    start : int
        The row that the first sweep holds.
    levels : int
        How many pizzas a sweep bakes at most, 2 or more.
    budget : int
        How many pizzas all sweeps bake at most.

    Returns
    -------
    Walk

    Examples
    --------
    >>> valley = -np.abs(np.arange(5.0) - np.array([[3.0]] * 5))
    >>> one_at_a_time(valley, start=0, levels=5, budget=6).places.tolist()
    [[0, 0], [1, 0], [2, 0], [3, 0], [4, 0], [3, 1]]
    """
    sizes = scores.shape[1], scores.shape[0]
    at, reach = [sizes[0] // 2, start], [1.0, 1.0]
    baked: dict[tuple[int, int], int] = {}  # place -> sweep
    number = idle = 0
    while len(baked) < budget and idle < 2:
        dial, whole = number % 2, sizes[number % 2] - 1
        finest = min((levels - 1) / whole, 1.0)
        wide = reach[dial] * whole
        low = min(max(at[dial] - wide / 2, 0.0), whole - wide)
        for level in np.rint(np.linspace(low, low + wide, levels)).astype(int).tolist():
            place = (level, at[1]) if dial == 0 else (at[0], level)
            if len(baked) < budget:
                baked.setdefault(place, number)
        line = [place for place in baked if place[1 - dial] == at[1 - dial]]
        best = max(line, key=lambda place: scores[place[1], place[0]])
        idle = idle + 1 if list(best) == at and reach[dial] <= finest else 0
        at, reach[dial], number = list(best), max(reach[dial] / 2, finest), number + 1
    return Walk(np.array(list(baked)), np.array(list(baked.values())), idle == 2)


def missed(scores: FloatArray, places: IntArray) -> float:
    """By how many points the best of some bakes misses the best of the table."""
    return float(scores.max() - scores[places[:, 1], places[:, 0]].max())


def missed_at_random(scores: FloatArray, budget: int) -> float:
    """By how many points the best of so many random pizzas misses, on average over all draws without repeats.

    Exact: of n pizzas, the one of rank k is the best of b drawn in C(k - 1, b - 1) of C(n, b) draws.

    Examples
    --------
    >>> missed_at_random(np.array([[1.0, 2.0], [3.0, 4.0]]), budget=3)
    0.25
    """
    ranked = np.sort(scores, axis=None)
    ways = [math.comb(below, budget - 1) for below in range(len(ranked))]
    draws = sum(ways)
    return float(ranked[-1] - sum(many / draws * score for many, score in zip(ways, ranked, strict=True)))


def watch(menu: Menu, search: Callable[[Taste], Any]) -> tuple[Trial, ...]:
    """All that a search bakes, in order; it is given the function that tastes an order.

    Examples
    --------
    >>> import pizzatune as pt
    >>> from pizzatune.lessons.tried import one_dial
    >>> [round(trial.score, 1) for trial in watch(pt.menus.ridge(), one_dial)][:2]
    [5.6, 6.1]
    """
    trials: list[Trial] = []

    def taste(params: Params) -> float:
        trials.append(Trial(len(trials), dict(params), menu.taste(params)))
        return menu.taste(params)

    search(taste)
    return tuple(trials)


def in_turn(score: Taste, start: Params, steps: Mapping[str, Sequence[Any]]) -> tuple[Trial, ...]:
    """Score `start`, then turn each dial through its steps once, the others held where they did best.

    Examples
    --------
    >>> found = in_turn(lambda at: -abs(at["x"] - at["y"]), {"x": 0, "y": 3}, {"x": [1, 2], "y": [2, 5]})
    >>> [(trial.params["x"], trial.params["y"]) for trial in found]
    [(0, 3), (1, 3), (2, 3), (2, 2), (2, 5)]
    """
    best, highest = dict(start), score(dict(start))
    trials = [Trial(0, best, highest, why="the start")]
    for dial, values in steps.items():
        held = best
        for value in values:
            params = {**held, dial: value}
            found = score(dict(params))
            trials.append(Trial(len(trials), params, found, why=f"{dial} turned"))
            if found > highest:
                best, highest = params, found
    return tuple(trials)
