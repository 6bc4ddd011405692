"""The exercises of lesson 07: a rule that weighs guess against doubt, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Any

import numpy as np

from pizzatune.lessons.choosing import Rule, both, kitchen
from pizzatune.lessons.exercise import Exercise, Mistake
from pizzatune.lessons.front_door import Number
from pizzatune.parameters import FloatArray
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.tuning import tune

PIZZAS, KITCHENS, ENOUGH = 12, 12, 0.3
"""Pizzas baked, kitchens they are baked in, and the points by which the best may be missed on average."""

MOST = 1000.0  # a kappa beyond is the doubt alone


def missed_with(kappa: float) -> Iterator[float]:
    """By how many points twelve pizzas chosen by mean + kappa std miss the best, kitchen by kitchen.

    Examples
    --------
    >>> sum(missed_with(0.0)) > KITCHENS
    True
    """
    for seed in range(KITCHENS):
        menu = kitchen(seed)
        strategy = BayesianOptimization(menu.space, acquisition="ucb", kappa=kappa, repeats=True, seed=seed)
        found = tune(menu.taste, strategy, PIZZAS, progress=False)
        yield menu.taste(menu.best.params) - found.best_score


@lru_cache(maxsize=64)
def _is_enough(kappa: float) -> bool:
    """Whether it misses little enough on average; looks no further once it has missed too much for all."""
    if not 0 <= kappa <= MOST:
        return False
    return all(missed <= ENOUGH * KITCHENS for missed in accumulate(missed_with(float(kappa))))


@lru_cache(maxsize=1)
def _cases() -> tuple[tuple[FloatArray, FloatArray], ...]:
    """Guesses and doubts, in points, of some pizzas each."""
    rng = np.random.default_rng(2012)
    return tuple((rng.uniform(0, 9, 5).round(1), rng.uniform(0.1, 3, 5).round(1)) for _ in range(20))


@lru_cache(maxsize=1)  # asked anew for each mistake
def _told(answer: Any) -> list[Any]:
    """What a learner's rule says; it gets arrays of its own, whatever it does to them."""
    return [answer(mean.copy(), std.copy()) for mean, std in _cases()]


def _says(*wanted: Rule) -> Callable[[Any], bool]:
    """Whether a learner's rule says the same as one of these."""

    def agrees(answer: Any) -> bool:
        told = np.array(_told(answer), dtype=float)
        return any(np.allclose(told, [rule(*case) for case in _cases()]) for rule in wanted)

    return agrees


CHECK = 'pt.lessons.check("choosing.rule", hope)'
STARTERS = (
    f"def hope(mean, std):\n    return mean + 2 * std\n\n\n{CHECK}",
    f"def hope(mean, std):\n    return mean  # and the doubt?\n\n\n{CHECK}",
    f"def hope(mean, std):\n    ...\n\n\n{CHECK}",
)

EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        name="choosing.rule",
        task="Write the rule of the third cook: the guess of each pizza, plus twice its doubt.",
        right=_says(both),
        kind="the function itself, hope without brackets",
        reference=both,
        starters=STARTERS,
        because="It is called upper confidence bound: as good as a pizza may turn out, with some luck.",
        mistakes=(
            Mistake(
                _says(lambda mean, std: mean),
                "that is the cook who always trusts the guess. Let the doubt count as hope: add twice std.",
                "M8",
                lambda mean, std: mean,
            ),
            Mistake(
                _says(lambda mean, std: std, lambda mean, std: 2 * std),
                "that is the cook who is only curious. The guess must count as well: add it.",
                "M8",
                lambda mean, std: 2 * std,
            ),
            Mistake(
                _says(lambda mean, std: mean - 2 * std, lambda mean, std: mean - std),
                "that is caution: it stays away from all that it does not know. Add the doubt.",
                "M8",
                lambda mean, std: mean - 2 * std,
            ),
            Mistake(
                _says(lambda mean, std: mean + std),
                "nearly: the doubt counts once here. The third cook counts it twice.",
                "M8",
                lambda mean, std: mean + std,
                near=True,
            ),
            Mistake(
                _says(lambda mean, std: 2 * mean + std, lambda mean, std: 2 * (mean + std)),
                "nearly: both count. But only the doubt is doubled, so only std is multiplied by 2.",
                "M8",
                lambda mean, std: 2 * (mean + std),
                near=True,
            ),
            Mistake(
                lambda answer: all(one is not None and np.ndim(one) == 0 for one in _told(answer)),
                "that is one number. Give one back for each pizza; the cook looks for the largest.",
                "M8",
                lambda mean, std: float(np.max(mean + 2 * std)),
            ),
        ),
        hints=(
            "mean and std hold a number for each pizza. You can add them like single numbers.",
            "Twice the doubt is 2 * std.",
            "The line is return mean + 2 * std.",
        ),
    ),
    Exercise(
        name="choosing.kappa",
        task=(
            "Find a kappa with which twelve pizzas, chosen by mean + kappa * std, miss the best by 0.3 "
            "points or less, on average over twelve kitchens."
        ),
        right=_is_enough,
        kind="a number",
        reference=2,
        door=Number(0, MOST),
        because=(
            "With some weight on the doubt it tries the other toppings before it settles on one. With too "
            "much it never settles."
        ),
        mistakes=(
            Mistake(
                lambda answer: 0 <= answer < 1 and not _is_enough(answer),
                "with so little weight on the doubt it soon stays where its guess is highest. What it never "
                "bakes, it never learns about. Take more.",
                "M8",
                0,
            ),
            Mistake(
                lambda answer: 3 < answer < 5 and not _is_enough(answer),
                "nearly: it explores, and it settles late. Take a bit less.",
                "M8",
                4,
                near=True,
            ),
            Mistake(
                lambda answer: 5 <= answer <= MOST and not _is_enough(answer),
                "with so much weight on the doubt it goes on asking about everything. No pizza is left for "
                "the best topping at its best heat. Take less.",
                "M8",
                10,
            ),
        ),
        hints=(
            "At 0 only the guess counts. At 10 it is nearly the doubt alone.",
            "Both ends are bad. Try something between them.",
            "Try 2.",
        ),
    ),
)
