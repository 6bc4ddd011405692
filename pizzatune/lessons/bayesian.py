"""What the lesson on Bayesian optimization computes and asks: bands and rules, counted over many kitchens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.menus.article import topping_and_heat
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import Oven
from pizzatune.menus.taste import Pizza
from pizzatune.parameters import FloatArray
from pizzatune.space import Key, Params
from pizzatune.strategies.base import Strategy
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.strategies.random_search import RandomSearch
from pizzatune.tuning import tune

OFF = 40.0  # °C by which an oven's dial may be off, either way
STREAM = 2006  # keeps a kitchen's own luck apart from that of a strategy with the same seed
BAND = 2.0  # standard deviations, as drawn


def kitchen(seed: int) -> Menu:
    """The menu `topping_and_heat` in an oven whose dial is off by up to 40 °C.

    So the best heat lies elsewhere in each.

    Examples
    --------
    >>> [kitchen(seed).best.params["temperature"] for seed in (0, 1, 2)]
    [195.0, 200.0, 250.0]
    """
    offset = float(np.random.default_rng([seed, STREAM]).uniform(-OFF, OFF))
    menu = topping_and_heat()
    recipe = partial(_in_oven, recipe=menu.recipe, oven=Oven(f"Oven {seed}", offset=offset))
    return replace(menu, name=f"kitchen {seed}", recipe=recipe)


def _in_oven(params: Params, recipe: Callable[[Params], Pizza], oven: Oven) -> Pizza:
    return replace(recipe(params), oven=oven)


def mixed_up(seed: int) -> Menu:
    """The menu `topping_and_heat` with a waiter who mixes up all orders, always in the same way.

    All scores are there, but what one pizza tells says nothing about any other.

    Examples
    --------
    >>> menu = mixed_up(0)
    >>> menu.best.score == topping_and_heat().best.score
    True
    """
    menu = topping_and_heat()
    pizzas = list(menu.space.enumerate())
    order = np.random.default_rng([seed, STREAM]).permutation(len(pizzas))
    served = {menu.space.key(pizzas[i]): pizzas[j] for i, j in enumerate(order)}
    recipe = partial(_someone_elses, menu=menu, served=served)
    return replace(menu, name=f"mixed up {seed}", recipe=recipe, about="one pizza says nothing about another")


def _someone_elses(params: Params, menu: Menu, served: dict[Key, Params]) -> Pizza:
    return menu.recipe(served[menu.space.key(params)])


def coverage(seeds: Iterable[int], length: float | None = None, pizzas: int = 12) -> tuple[float, float]:
    """How often the truth lies in the band, counted over kitchens, and how wide the band is.

    In each kitchen some pizzas are drawn at random and tasted. Then the model guesses all the others.

    Parameters
    ----------
    seeds : iterable of int
        One kitchen each.
    length : float, optional
        Length scale that the model must take, as a share of the dial; by default it is learned.
    pizzas : int
        How many are tasted.

    Returns
    -------
    inside : float
        Share of the pizzas not tasted whose true score lies within mean ± 2 std.
    width : float
        Mean width of the band there, in points.

    Examples
    --------
    >>> inside, width = coverage(range(4))
    >>> 0.5 < inside < 1, 2 < width < 8
    (True, True)
    """
    inside, width = [], []
    for seed in seeds:
        menu = kitchen(seed)
        tasted = tune(menu.taste, RandomSearch(menu.space, seed=seed), budget=pizzas).trials
        model = BayesianOptimization(menu.space, length=length, seed=seed).rebuilt(tasted)
        others = [params for params in menu.space.enumerate() if params not in [t.params for t in tasted]]
        mean, std = model.posterior(others)
        truth = np.array([menu.taste(params) for params in others])
        inside.append((np.abs(truth - mean) <= BAND * std).mean())
        width.append((2 * BAND * std).mean())
    return float(np.mean(inside)), float(np.mean(width))


def shortfalls(seeds: Iterable[int], budget: int = 20, repeats: bool = True, **rule: Any) -> FloatArray:
    """By how many points a rule misses the best pizza of a kitchen, shape (number of seeds,).

    Parameters
    ----------
    seeds : iterable of int
        One kitchen and one search each; equal seeds open with the same pizza, whatever the rule.
    budget : int
        Pizzas baked.
    repeats : bool
        Whether the same pizza may be baked again.
    **rule
        ``acquisition="ucb", kappa=0`` and the like, as `BayesianOptimization` takes them.

    Examples
    --------
    >>> shortfalls(range(2), acquisition="ei").shape
    (2,)
    """
    menus = {seed: kitchen(seed) for seed in seeds}
    return np.array(
        [
            _missed(menu, BayesianOptimization(menu.space, repeats=repeats, seed=seed, **rule), budget)
            for seed, menu in menus.items()
        ]
    )


def duel(
    menus: Callable[[int], Menu], seeds: Iterable[int], budget: int = 20, more: int = 1
) -> tuple[FloatArray, FloatArray]:
    """Bayesian optimization against random search: by how many points each misses the best, shape (n,) each.

    Parameters
    ----------
    menus : callable
        ``menus(seed) -> Menu``, what is searched with this seed.
    seeds : iterable of int
        One search of each kind for each.
    budget : int
        Pizzas for Bayesian optimization.
    more : int
        How many times as many pizzas random search gets, because it need not think.

    Examples
    --------
    >>> bayes, blind = duel(kitchen, range(2), budget=6)
    >>> bayes.shape == blind.shape == (2,)
    True
    """
    pairs = [(seed, menus(seed)) for seed in seeds]
    bayes = [_missed(menu, BayesianOptimization(menu.space, seed=seed), budget) for seed, menu in pairs]
    blind = [_missed(menu, RandomSearch(menu.space, seed=seed), budget * more) for seed, menu in pairs]
    return np.array(bayes), np.array(blind)


def _missed(menu: Menu, strategy: Strategy, budget: int) -> float:
    result = tune(menu.taste, strategy, budget=budget, progress=False)
    return menu.taste(menu.best.params) - result.best_score


# -- exercises ---------------------------------------------------------------------------------------------

STUCK_SEED, STUCK_PIZZAS, CLOSE = 4, 12, 0.1


@lru_cache(maxsize=64)
def missed_with(kappa: float) -> float:
    """By how many points twelve pizzas chosen with `kappa` miss the best of the menu, in the stuck search.

    Examples
    --------
    >>> missed_with(0.0) > 0.5
    True
    """
    menu = topping_and_heat()
    stuck = BayesianOptimization(
        menu.space, acquisition="ucb", kappa=float(kappa), repeats=True, seed=STUCK_SEED
    )
    return _missed(menu, stuck, STUCK_PIZZAS)


def _letters(answer: Any) -> str:
    """An answer such as "abc" or ["A", "B", "C"] as capital letters."""
    return "".join(answer).upper().replace(" ", "").replace(",", "")


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="bayesian.kappas",
        task=(
            "Three pizzas: A is guessed at 8.0 with a std of 0.1, B at 7.6 with 0.6, C at 5.0 with 2.0. The "
            "rule is mean + kappa × std. Which is baked at kappa 0, at kappa 1 and at kappa 3? Answer with "
            "three letters."
        ),
        right=lambda answer: _letters(answer) == "ABC",
        kind="three letters in quotes",
        reference="ABC",
        because=(
            "At kappa 0 only the guess counts, 8.0 for A. At kappa 1 the sums are 8.1, 8.2 and 7.0, so B. "
            "At kappa 3 they are 8.3, 9.4 and 11.0, so C."
        ),
        mistakes=(
            Mistake(
                lambda answer: _letters(answer) == "AAA",
                "A has the highest guess, and that decides at kappa 0 only. Add kappa times the doubt.",
                "M8",
                "AAA",
            ),
            Mistake(
                lambda answer: _letters(answer) == "CCC",
                "C has the greatest doubt, but doubt alone never decides; at kappa 0 it does not count.",
                "M8",
                "CCC",
            ),
            Mistake(
                lambda answer: _letters(answer) == "CBA",
                "That is the wrong way round: kappa is not caution. The larger, the more doubt attracts.",
                "M8",
                "CBA",
            ),
        ),
        hints=(
            "Write three sums for each kappa, one for each pizza.",
            "At kappa 0 the sums are the guesses themselves.",
            "At kappa 1 the sums are 8.1, 8.2 and 7.0. At kappa 3, C has 5.0 + 3 × 2.0.",
        ),
    ),
    Exercise(
        name="bayesian.stuck",
        task=(
            "With seed 4 and the rule mean + kappa × std, kappa 0 bakes the same pizza again and again. "
            "Find a kappa with which twelve pizzas come within 0.1 points of the best on the menu (9.15)."
        ),
        right=lambda answer: missed_with(answer) <= CLOSE,
        kind="a number",
        reference=4,
        because=(
            "With enough weight on doubt the search tries all toppings before it settles on one; with not "
            "too much, it tries them at a heat that may suit them, not at an end of the dial."
        ),
        mistakes=(
            Mistake(
                lambda answer: 0 <= answer < 2 and missed_with(answer) > CLOSE,
                "With so little weight on doubt it soon stays where its guess is highest. What it never "
                "bakes, it never learns about.",
                "M8",
                0,
            ),
            Mistake(
                lambda answer: answer > 8 and missed_with(answer) > CLOSE,
                "With so much weight on doubt it goes on asking about everything, and has no pizza left to "
                "bake the best one at its best heat.",
                "M8",
                10,
            ),
        ),
        hints=(
            "Choose 'Optimism (UCB)' in the explorer, press Reset, turn kappa, then step to 12 pizzas.",
            "Both ends of the slider fail. Look about its middle.",
            "Try something between 3 and 7.",
        ),
    ),
    Exercise(
        name="bayesian.band",
        task=(
            "A model draws a band of mean ± 2 std, and its beliefs are exactly right. It guesses 100 pizzas "
            "that nobody has tasted. About how many of their true scores lie outside the band?"
        ),
        right=lambda answer: 4 <= answer <= 6,
        kind="a whole number",
        reference=5,
        because="Two std either way hold some 95 of 100, if the beliefs are right; the others lie outside.",
        mistakes=(
            Mistake(
                lambda answer: answer == 0,
                "The band is no wall: it says where the truth probably is, not where it must be.",
                "M7",
                0,
            ),
            Mistake(
                lambda answer: 30 <= answer <= 34,
                "That would be a band of one standard deviation either way; this one has two.",
                "M7",
                32,
            ),
            Mistake(
                lambda answer: 94 <= answer <= 96,
                "So many lie inside. The question was how many lie outside.",
                "M7",
                95,
            ),
        ),
        hints=(
            "The truth is believed to be normally distributed about the mean.",
            "One std either way holds some 68 of 100. Two hold more.",
            "Two std either way hold some 95 of 100.",
        ),
    ),
)
