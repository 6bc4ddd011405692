"""What the lesson on grid search computes and asks.

The lesson's ovens differ by seed: in how far their dial is off, how strong they are, and, where they are
striped, in how many degrees lie between two clicks of the burner. All bake the sausage pizza of `old_oven`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.menus.article import two_dials_pizza
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import Oven
from pizzatune.menus.taste import Pizza
from pizzatune.menus.tricky import CLICKING_OVEN
from pizzatune.parameters import FloatArray, Real
from pizzatune.space import Params, Space
from pizzatune.strategies.grid_search import GridSearch

TEN_MINUTES = 10.0
LEVELS = range(4, 22)  # that the lesson tries on one dial
DECADES = ((0.1, 1.0), (1.0, 10.0), (10.0, 100.0))  # grams of yeast

# -- one dial: does a finer grid find a better pizza? --------------------------------------------------------


def one_dial(oven: Oven = CLICKING_OVEN) -> Menu:
    """A menu with one dial, the temperature; every pizza stays ten minutes in the oven.

    Examples
    --------
    >>> menu = one_dial()
    >>> round(menu.taste({"temperature": 225}), 1), round(menu.taste({"temperature": 230}), 1)
    (9.1, 5.4)
    """
    return Menu(oven.name, Space(Real("temperature", 150, 350, unit="°C")), partial(_ten_minutes, oven=oven))


def _ten_minutes(params: Params, oven: Oven) -> Pizza:
    return two_dials_pizza({**params, "minutes": TEN_MINUTES}, oven)


def an_oven(seed: int, striped: bool = False) -> Oven:
    """An oven with a character of its own; the same seed gives the same oven.

    Examples
    --------
    >>> an_oven(1).cycling, an_oven(1, striped=True).cycling, an_oven(1).offset == an_oven(2).offset
    (0.0, 80.0, False)
    """
    rng = np.random.default_rng(seed)
    offset, strength, cycle = rng.uniform(-30, 30), rng.uniform(-0.35, 0.35), rng.uniform(8, 12)
    return Oven(
        f"Oven {seed}",
        offset=float(offset),
        heat=math.exp(strength),
        cycling=CLICKING_OVEN.cycling if striped else 0.0,
        cycle=float(cycle),
    )


def best_of_grid(menu: Menu, levels: int, edges: bool = False) -> float:
    """The best score on a grid with so many levels on every dial.

    Examples
    --------
    >>> [round(best_of_grid(one_dial(), levels, edges=True), 1) for levels in (5, 9, 11)]
    [5.3, 9.1, 6.0]
    """
    return max(menu.taste(params) for params in GridSearch(menu.space, resolution=levels, edges=edges).grid)


def one_level_more(seeds: Iterable[int], striped: bool) -> tuple[float, float]:
    """How often one level more on one dial makes the best pizza of the grid worse.

    Parameters
    ----------
    seeds : iterable of int
        An oven for each. In each, grids of 4, 5, 6 ... 21 levels are compared with the next finer one.
    striped : bool
        Whether the ovens' burners click.

    Returns
    -------
    worse, much_worse : float
        Shares of the comparisons, from 0 to 1; much worse is by more than half a point.

    Examples
    --------
    >>> worse, much_worse = one_level_more(range(3), striped=True)
    >>> 0 < much_worse < worse < 1
    True
    """
    menus = [one_dial(an_oven(seed, striped)) for seed in seeds]
    best = np.array([[best_of_grid(menu, levels) for levels in LEVELS] for menu in menus])
    change = np.diff(best, axis=1)
    return float((change < 0).mean()), float((change < -0.5).mean())


def three_times_the_levels(seeds: Iterable[int], striped: bool) -> float:
    """How often three times as many levels make the best pizza of the grid worse: they keep all the old ones.

    Examples
    --------
    >>> three_times_the_levels(range(3), striped=True)
    0.0
    """
    menus = [one_dial(an_oven(seed, striped)) for seed in seeds]
    pairs = [(best_of_grid(menu, n), best_of_grid(menu, 3 * n)) for menu in menus for n in range(4, 8)]
    return float(np.mean([fine < coarse - 1e-9 for coarse, fine in pairs]))


# -- two dials: what is known when the dough runs out? -------------------------------------------------------


def stopped_early(order: str, pizzas: int, seeds: Iterable[int]) -> float:
    """The mean best score, over ovens, of a grid of five by five of which only the first pizzas were baked.

    Parameters
    ----------
    order : {"spread", "rows"}
        As `GridSearch` takes it.
    pizzas : int
        How many were baked.
    seeds : iterable of int
        An oven for each.

    Examples
    --------
    >>> stopped_early("spread", 25, range(3)) == stopped_early("rows", 25, range(3))
    True
    """
    best = []
    for seed in seeds:
        recipe = partial(two_dials_pizza, oven=an_oven(seed))
        space = Space(Real("temperature", 150, 350, unit="°C"), Real("minutes", 3, 30, log=True, unit="min"))
        menu, search = Menu(f"oven {seed}", space, recipe), GridSearch(space, resolution=5, order=order)
        while len(search.trials) < pizzas:
            params = search.ask()
            search.tell(params, menu.taste(params))
        best.append(max(trial.score for trial in search.trials if trial.score is not None))
    return float(np.mean(best))


# -- a dial that wants ratios --------------------------------------------------------------------------------


def rise(grams: float, ideal: float) -> float:
    """How well a dough rises, from 0 to 10: half the ideal yeast costs as much as twice.

    Examples
    --------
    >>> rise(7, ideal=7), round(rise(3.5, ideal=7), 1), round(rise(14, ideal=7), 1)
    (10.0, 6.1, 6.1)
    """
    return 10.0 * math.exp(-0.5 * math.log2(grams / ideal) ** 2)


def yeast_levels(levels: int, ratios: bool) -> tuple[float, ...]:
    """The grid's amounts of yeast, in grams, from 0.1 to 100.

    Examples
    --------
    >>> [round(grams, 1) for grams in yeast_levels(4, ratios=False)]
    [12.6, 37.6, 62.5, 87.5]
    """
    space = Space(Real("yeast", 0.1, 100, log=ratios, unit="g"))
    return tuple(params["yeast"] for params in GridSearch(space, resolution=levels, order="rows").grid)


def yeast_by_decade(seeds: Iterable[int], levels: int = 8) -> dict[str, tuple[float, float]]:
    """How well the best level of a grid lets a dough rise that wants little yeast, some, or much.

    Parameters
    ----------
    seeds : iterable of int
        For each, three doughs: one's ideal lies below 1 g, one's below 10 g, one's below 100 g; equal ratios
        are equally likely.
    levels : int
        Levels of the grid.

    Returns
    -------
    dict
        ``{"0.1 to 1 g": (equal steps, equal ratios), ...}``: mean scores of the best level.

    Examples
    --------
    >>> steps, ratios = yeast_by_decade(range(5))["0.1 to 1 g"]
    >>> steps < 1 < 8 < ratios
    True
    """
    grids = [yeast_levels(levels, ratios) for ratios in (False, True)]
    means: dict[str, tuple[float, float]] = {}
    for number, (low, high) in enumerate(DECADES):
        wants = [
            low * (high / low) ** float(np.random.default_rng([seed, number]).random()) for seed in seeds
        ]
        steps, ratios = (
            float(np.mean([max(rise(grams, ideal) for grams in grid) for ideal in wants])) for grid in grids
        )
        means[f"{low:g} to {high:g} g"] = (steps, ratios)
    return means


# -- exercises -----------------------------------------------------------------------------------------------

ON_THE_STRIPES = [levels for levels in range(5, 22) if 20 % (levels - 1) == 0]
"""Numbers of levels whose steps, from 150 to 350 °C, are whole tens."""


def _numbers(answer: Sequence[float]) -> FloatArray:
    found = np.array(sorted(answer), dtype=float)
    if found.ndim != 1:
        raise ValueError(f"a plain list of numbers is wanted, got {answer!r}")
    return found


def _is_stripes(answer: Sequence[int]) -> bool:
    return bool(_numbers(answer).tolist() == ON_THE_STRIPES)


def _in_range(answer: Sequence[float]) -> bool:
    found = _numbers(answer)
    return bool(len(found) == 4 and 0.1 <= found[0] < found[-1] <= 100)


def _equal(steps: FloatArray) -> bool:
    return bool(np.ptp(steps) <= 0.15 * np.abs(steps).mean())  # amounts may be rounded


def _is_fair(answer: Sequence[float]) -> bool:
    found = np.log(_numbers(answer))
    return _in_range(answer) and _equal(np.diff(found)) and bool(found[-1] - found[0] >= math.log(150))


def _is_narrow(answer: Sequence[float]) -> bool:
    return _in_range(answer) and _equal(np.diff(np.log(_numbers(answer)))) and not _is_fair(answer)


def _is_even(answer: Sequence[float]) -> bool:
    return _in_range(answer) and _equal(np.diff(_numbers(answer)))


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="grid.count",
        task="A grid gives each of five dials four levels. How many pizzas does it bake?",
        right=lambda answer: answer == 1024,
        kind="a whole number",
        reference=1024,
        because="4 × 4 × 4 × 4 × 4 = 1,024: every dial multiplies what was there before.",
        mistakes=(
            Mistake(
                lambda answer: answer == 20,
                "20 is 5 × 4: that many levels there are, but each is baked with each of the other dials' "
                "levels. Multiply the dials, do not add them.",
                "M4",
                20,
            ),
            Mistake(
                lambda answer: answer == 625,
                "625 is four dials of five levels. Here there are five dials, each of which multiplies by "
                "four.",
                "M4",
                625,
            ),
        ),
        hints=(
            "Start with one dial: four pizzas. How many are there with a second one?",
            "Each further dial makes four pizzas out of every one.",
            "4 × 4 × 4 × 4 × 4, in Python 4**5.",
        ),
    ),
    Exercise(
        name="grid.stripes",
        task=(
            "The striped oven is bad at every round ten degrees, and the levels lie evenly from 150 to 350 "
            "°C, both ends included. Which numbers of levels, from 5 to 21, meet nothing but bad "
            "temperatures? Give them as a list."
        ),
        right=_is_stripes,
        kind="a list of whole numbers",
        reference=ON_THE_STRIPES,
        because=(
            "n levels have n - 1 steps between them. A step is a multiple of ten degrees where n - 1 "
            "divides 20, so that all levels are round tens: the finest grid of all is among them."
        ),
        mistakes=(
            Mistake(
                lambda answer: _numbers(answer).tolist() == [n - 1 for n in ON_THE_STRIPES],
                "those are the steps between the levels. There is one level more than steps, like posts "
                "of a fence.",
                "M4",
                [4, 5, 10, 20],
            ),
            Mistake(
                lambda answer: (
                    len(_numbers(answer)) > 0 and 21 not in answer and set(answer) < {*ON_THE_STRIPES}
                ),
                "those are bad, but not the only ones: look at finer grids too. A step of 10 °C, "
                "twenty-one levels, is as blind as one of 50.",
                "M4",
                [5, 6, 11],
            ),
            Mistake(
                lambda answer: _numbers(answer).tolist() == [21],
                "21 is one of them, but a step of 10 °C is not the only one that never leaves the round "
                "tens.",
                "M4",
                [21],
            ),
        ),
        hints=(
            "From 150 to 350 there are 200 °C. How long is one step with 5 levels? With 6, with 7?",
            "All levels are round tens where the step, 200 / (levels - 1), is a multiple of 10.",
            "[n for n in range(5, 22) if 20 % (n - 1) == 0]",
        ),
    ),
    Exercise(
        name="grid.spacing",
        task=(
            "A dough may get from 0.1 to 100 g of yeast, and you know nothing of how much it wants. Choose "
            "four amounts that are fair to small and large ones alike. Give them as a list."
        ),
        right=_is_fair,
        kind="a list of four amounts in grams",
        reference=[0.1, 1, 10, 100],
        because=(
            "each amount is the same number of times the one before, so that every dough finds one about "
            "equally near. Such a dial is Real('yeast', 0.1, 100, log=True)."
        ),
        mistakes=(
            Mistake(
                _is_even,
                "those are equal steps. Whether a dough gets 66 or 100 g is a small difference, whether "
                "it gets 0.1 or 33 g is a vast one: a dough that wants 1 g finds nothing near. Yeast "
                "counts in ratios.",
                "M6",
                [0.1, 33.4, 66.7, 100],
            ),
            Mistake(
                _is_narrow,
                "those are equal ratios, which is right, but they leave most of the dial untried. Spread "
                "them from one end to the other.",
                "M6",
                [1, 2, 4, 8],
            ),
        ),
        hints=(
            "Is a dough with 2 g of yeast to one with 1 g as 92 g to 91 g, or as 182 g to 91 g?",
            "Multiply in place of adding: each amount so many times the one before.",
            "From 0.1 to 100 is a thousand times, in three steps of ten times each.",
        ),
    ),
)
"""Exercises: a task, a check, the wrong answers that teach, three hints and a solution."""
