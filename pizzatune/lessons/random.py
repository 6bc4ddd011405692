"""What the lesson on random search computes and asks: grid against random in many salty kitchens."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pizzatune.lessons.exercise import Exercise, Mistake
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

    def __repr__(self) -> str:
        return (
            f"{len(self.grid)} kitchens: best of the grid {self.grid.mean():.1f}, best random "
            f"{self.drawn.mean():.1f} on average; random better in {100 * self.random_wins:.0f} %"
        )


def duel(
    matters: float = 0.0,
    per_dial: int = 3,
    *,
    dials: int = 2,
    sampler: str = "independent",
    seeds: Iterable[int] = range(400),
) -> Duel:
    """Let grid and random search bake as many pizzas in each of many kitchens, and compare their best.

    Parameters
    ----------
    matters : float
        What salt matters: 0 not at all, 1 as much as temperature.
    per_dial : int
        Levels of the grid on each dial; random search gets as many pizzas as the grid has.
    dials, sampler
        As in `draws`.
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
        drawn = draws(seed, len(planned), dials=dials, sampler=sampler)
        best.append([kitchen.scores(planned).max(), kitchen.scores(drawn).max()])
    both = np.array(best)
    return Duel(both[:, 0], both[:, 1])


def chance_of_top(share: float, number: int) -> float:
    """How likely at least one of `number` independent draws lies in the best `share` of all combinations.

    Examples
    --------
    >>> round(chance_of_top(0.05, 60), 2)
    0.95
    """
    return float(1.0 - (1.0 - share) ** number)


CHOICES = ("grid", "random", "grid")  # the answer to random.choose

EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="random.places",
        task=(
            "Three dials now: temperature, salt and light. A grid with three levels on each bakes 27 pizzas, "
            "and random search bakes 27 as well. How many different temperatures does each of them try? "
            "Answer with a pair: (grid, random)."
        ),
        right=lambda answer: tuple(answer) == (3, 27),
        kind="a pair of whole numbers: (grid, random)",
        reference=(3, 27),
        because=(
            "The grid bakes 9 pizzas at each of its 3 temperatures; a random draw never meets one again."
        ),
        mistakes=(
            Mistake(
                lambda answer: tuple(answer) == (3, 3),
                "the grid does try only 3, but random draws keep to no levels: each has its own temperature.",
                "M5",
                (3, 3),
            ),
            Mistake(
                lambda answer: tuple(answer) == (3, 9),
                "9 is what nine draws tried above. Here random search bakes as many pizzas as the grid, 27.",
                "M5",
                (3, 9),
            ),
            Mistake(
                lambda answer: answer[0] == 27,
                "27 pizzas are not 27 temperatures: on a grid, 9 of them share each level.",
                "M4",
                (27, 27),
            ),
            Mistake(
                lambda answer: answer[0] == 9,
                "9 is how many pizzas of the grid share a temperature; how many do they have to share?",
                "M5",
                (9, 27),
            ),
        ),
        hints=(
            "Print the temperatures of the nine pizzas above once more. A third dial changes nothing about "
            "how many levels there are on the first.",
            "Look at the grid from above: pizzas of one column cast the same shadow. Random ones stand in no "
            "columns.",
            "The grid has as many temperatures as it has levels, random search as many as it has pizzas.",
        ),
    ),
    Exercise(
        name="random.catch_up",
        task=(
            "In the explorer, with 3 levels per dial and independent draws, turn up what salt matters. From "
            "about how many per cent on is the grid ahead, on average over the 100 kitchens?"
        ),
        right=lambda answer: 10 <= answer <= 45,
        kind="a number of per cent from 0 to 100",
        reference=25,
        because=(
            "Nine pizzas each, and the grid catches up when salt matters about a quarter of what temperature "
            "does. Random search needs a dial that hardly matters, not just one that matters less."
        ),
        mistakes=(
            Mistake(
                lambda answer: answer > 45,
                "by then the grid has long been ahead; two dials need not be equal for that. Watch the two "
                "averages under the maps while you turn the knob up from 0.",
                "M5b",
                100,
            ),
            Mistake(
                lambda answer: 0 <= answer < 10,
                "there random search is still ahead: it tries nine temperatures, the grid three. Turn on.",
                "M5",
                0,
            ),
        ),
        hints=(
            "The knob is called Salt matters, and its arrow keys turn it by 5 %. What counts is the line "
            "above the bar, not the one kitchen in the maps.",
            "Compare the averages. At 0 % random search is ahead, at 100 % the grid; somewhere they cross.",
            "They cross well below 50 %. Try 20, 25 and 30 %; any of these is close enough.",
        ),
    ),
    Exercise(
        name="random.choose",
        task=(
            "Scores are smooth. Which would you choose, 'grid' or 'random', (a) with one dial and dough for "
            "9; (b) with three dials and dough for 27, where one dial matters and nobody knows which; "
            "(c) with two dials that matter alike and dough for 9? Answer with a list of three words."
        ),
        right=lambda answer: tuple(answer) == CHOICES,
        kind="a list of three words, 'grid' or 'random',",
        reference=list(CHOICES),
        because=(
            "On one dial a grid leaves no gaps, nor on two that matter alike. Of three dials it tries the "
            "one that matters at three places, random search at 27."
        ),
        mistakes=(
            Mistake(
                lambda answer: tuple(answer) == ("random",) * 3,
                "random search does not always win: draws leave gaps and clumps, which cost it (a) and (c).",
                "M5b",
                ["random", "random", "random"],
            ),
            Mistake(
                lambda answer: answer[1] == "grid",
                "in (b) the grid tries the dial that matters at three places only, however orderly it looks.",
                "M5",
                ["grid", "grid", "grid"],
            ),
            Mistake(
                lambda answer: answer[0] == "random",
                "in (a) there is no dial to waste pizzas on: evenly spread beats drawn, gaps and all.",
                "M5b",
                ["random", "random", "grid"],
            ),
            Mistake(
                lambda answer: answer[2] == "random",
                "in (c) both dials count: no two pizzas of the grid are the same where it matters.",
                "M5b",
                ["grid", "random", "random"],
            ),
        ),
        hints=(
            "Ask of each kitchen: on how many dials are pizzas wasted?",
            "With no dial to waste pizzas on, evenly spread is better than drawn. With idle dials it is the "
            "other way round.",
            "Only one of the three kitchens has idle dials.",
        ),
    ),
)
