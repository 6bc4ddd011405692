"""The lesson on random search: grid against random in many salty kitchens, and what a learner's loop does."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.tossed import BAKES, Taste, outcome, search, toss
from pizzatune.menus.salty import SaltyKitchen
from pizzatune.parameters import FloatArray
from pizzatune.space import Params
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


# -- exercises -----------------------------------------------------------------------------------------------


def _held(taste: Taste, rng: np.random.Generator) -> Params | None:
    return search(taste, lambda: {"temperature": rng.uniform(150, 300), "salt": 15.0})


def _outside_the_loop(taste: Taste, rng: np.random.Generator) -> Params | None:
    order = {"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)}
    return search(taste, lambda: order)


def _three_levels(taste: Taste, rng: np.random.Generator) -> Params | None:
    return search(
        taste, lambda: {"temperature": rng.choice([175, 225, 275]), "salt": rng.choice([5, 15, 25])}
    )


def _the_last(taste: Taste, rng: np.random.Generator) -> Params:
    orders = [{"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)} for _ in range(BAKES)]
    return [order for order in orders if taste(order) > -math.inf][-1]


def _the_worst(taste: Taste, rng: np.random.Generator) -> Params:
    orders = [{"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)} for _ in range(BAKES)]
    return min(orders, key=taste)


def _points(taste: Taste, rng: np.random.Generator) -> float:
    orders = [{"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)} for _ in range(BAKES)]
    return max(map(taste, orders))


def _without_keeping(taste: Taste, rng: np.random.Generator) -> None:
    _the_last(taste, rng)


def _own_luck(taste: Taste, rng: np.random.Generator) -> Params | None:
    own = np.random.default_rng()
    return search(taste, lambda: {"temperature": own.uniform(150, 300), "salt": own.uniform(0, 30)})


def _many(taste: Taste, rng: np.random.Generator) -> Params | None:
    return search(taste, lambda: {"temperature": rng.uniform(150, 300), "salt": rng.uniform(0, 30)}, 100)


def _ends(wanted: str) -> Callable[[Any], bool]:
    return lambda answer: callable(answer) and outcome(answer) == wanted


CHOICES = ("grid", "random", "grid")  # the answer to random.choose


def _words(answer: Any) -> tuple[str, ...]:
    """Each grid or random of an answer: a list, or one text; what else is in it does not count."""
    return tuple(re.findall("grid|random", (answer if isinstance(answer, str) else " ".join(answer)).lower()))


def _chose(test: Callable[[tuple[str, ...]], bool]) -> Callable[[Any], bool]:
    return lambda answer: len(_words(answer)) == len(CHOICES) and test(_words(answer))


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="random.loop",
        task=(
            "Write toss(taste, rng): bake nine pizzas, both dials drawn anew for each, temperature from 150 "
            "to 300 and salt from 0 to 30. Return the order that tasted best."
        ),
        right=_ends("good"),
        kind="the function itself, toss without brackets",
        reference=toss,
        because="That is all of random search: draw, bake, keep the best. It never looks back.",
        mistakes=(
            Mistake(
                _ends("one dial"),
                "one of your dials never moves. Draw it inside the loop as well, anew for each pizza.",
                "M2",
                _held,
            ),
            Mistake(
                _ends("one pizza"),
                "that is the same pizza nine times. Draw inside the loop, anew for each.",
                "M5",
                _outside_the_loop,
            ),
            Mistake(
                _ends("levels"),
                "these are the levels of a grid, out of order. rng.uniform draws any value in between.",
                "M5",
                _three_levels,
            ),
            Mistake(
                _ends("nothing"),
                "the draws are right, but nothing comes back. Is a return missing, or is best never set?",
                "M5",
                _without_keeping,
            ),
            Mistake(
                _ends("the last"),
                "the draws are right, but this returns the last pizza. With a better one, `top` must rise.",
                "M5",
                _the_last,
            ),
            Mistake(
                _ends("not the best"),
                "the draws are right, but what you return is not the best of them. Is `top` kept as well?",
                "M5",
                _the_worst,
            ),
            Mistake(
                _ends("no order"),
                "that is not an order. Return the best one alone, without its points.",
                "M5",
                _points,
            ),
            Mistake(
                _ends("not baked"),
                "that order was never baked. Return one of those that you gave to taste.",
                "M5",
                lambda taste, rng: {"temperature": 0, **(toss(taste, rng) or {}), "salt": 1},
            ),
            Mistake(
                _ends("its own luck"),
                "the same rng gives other pizzas each time. Draw from rng: same seed, same pizzas.",
                "M5",
                _own_luck,
            ),
            Mistake(
                _ends("too many"),
                "those are more than nine pizzas. Anyone can win with more.",
                "M5",
                _many,
            ),
            Mistake(
                _ends("too few"),
                "those are fewer than nine pizzas. Taste one in each of nine turns; return after the loop.",
                "M5",
                lambda taste, rng: None,
            ),
            Mistake(
                _ends("outside"),
                "an order does not fit: temperature must be from 150 to 300, and salt from 0 to 30.",
                "M5",
                lambda taste, rng: taste({"temperature": 400, "salt": 15}),
            ),
            Mistake(
                _ends("broken"),
                "your function stops with an error. Run toss(kitchen.taste, np.random.default_rng(1)) alone.",
                "M5",
                lambda taste, rng: rng["salt"],
            ),
            Mistake(
                lambda answer: isinstance(answer, Mapping),
                "that is what it found. Pass the function itself: toss, without brackets behind it.",
                "M5",
                {"temperature": 220.0, "salt": 3.0},
            ),
        ),
        hints=(
            "15 is the same salt for every pizza. How is the temperature drawn?",
            'Write "salt": rng.uniform(0, 30). When a pizza is better, what must the next one beat?',
            "Below best = order, and as far to the right, write top = points.",
        ),
    ),
    Exercise(
        name="random.choose",
        task=(
            "Scores are smooth. Which would you choose, 'grid' or 'random': (a) one dial, nine pizzas; "
            "(b) three dials, 27 pizzas, only one dial matters, and nobody knows which; (c) two dials that "
            "matter alike, nine pizzas? Answer with three words."
        ),
        right=_chose(lambda found: found == CHOICES),
        kind="three words, such as 'grid, grid, random'",
        reference="grid, random, grid",
        because=(
            "With no dial to waste pizzas on, an even spread leaves no gaps. In (b) the grid tries the dial "
            "that matters at three places, random search at 27."
        ),
        mistakes=(
            Mistake(
                lambda answer: 0 < len(_words(answer)) != len(CHOICES),
                "there are three kitchens, so three words: one for (a), one for (b), one for (c).",
                "M5",
                "grid, random",
            ),
            Mistake(
                _chose(lambda found: found == ("random",) * 3),
                "(b) is right. But random search does not always win: draws clump and leave gaps.",
                "M5b",
                ["random", "random", "random"],
            ),
            Mistake(
                _chose(lambda found: found == ("random", "grid", "random")),
                "that is just the other way round. On how many dials are pizzas wasted in each kitchen?",
                "M5",
                "random, grid, random",
            ),
            Mistake(
                _chose(lambda found: found[1] == "grid"),
                "look at (b) again: the grid tries the dial that matters at three places only.",
                "M5",
                ["Grid", "grid", "grid"],
            ),
            Mistake(
                _chose(lambda found: found[0] == "random"),
                "look at (a) again: there is no dial to waste pizzas on, so evenly spread beats drawn.",
                "M5b",
                ["random", "random", "grid"],
            ),
            Mistake(
                _chose(lambda found: found[2] == "random"),
                "look at (c) again: both dials count, so no two pizzas of the grid are alike.",
                "M5b",
                ["grid", "random", "random"],
            ),
        ),
        hints=(
            "Ask of each kitchen: on how many dials are pizzas wasted?",
            "With none to waste them on, evenly spread is better than drawn. With idle dials it is not.",
            "Only one of the three kitchens has idle dials.",
        ),
    ),
)
