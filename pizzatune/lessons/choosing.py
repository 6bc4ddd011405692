"""The lesson on where to bake next: rules that weigh guess against doubt, and kitchens to try them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from pizzatune.acquisition import upper_confidence_bound
from pizzatune.menus.article import topping_and_heat
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import Oven
from pizzatune.menus.taste import Pizza
from pizzatune.parameters import FloatArray
from pizzatune.space import Key, Params, Space
from pizzatune.strategies.bayesian_optimization import BayesianOptimization

OFF = 40.0  # °C by which an oven's dial may be off, either way
STREAM = 2006  # keeps a kitchen's own luck apart from that of a strategy with the same seed

Rule = Callable[[FloatArray, FloatArray], Any]
"""Guesses and doubts of many pizzas -> how much each one promises."""


def kitchen(seed: int) -> Menu:
    """The menu `topping_and_heat` in an oven whose dial is off by up to 40 °C: each has its best elsewhere.

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
    >>> mixed_up(0).best.score == topping_and_heat().best.score
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


class Cook:
    """Bakes where a rule promises most: a model guesses and doubts, the rule chooses.

    The first pizza is an opening of the model's. A pizza may be baked again, if the rule asks for it.

    Parameters
    ----------
    rule : callable
        ``rule(mean, std)`` takes the guesses and doubts of all pizzas, arrays of shape (n,), in points, and
        gives how much each one promises, shape (n,).
    space : Space
        Its combinations must be countable.
    seed : int
    """

    def __init__(self, rule: Rule, space: Space, seed: int = 0) -> None:
        self.rule, self.pizzas = rule, list(space.enumerate())
        self.model = BayesianOptimization(space, seed=seed)

    def ask(self) -> Params:
        """The pizza that promises most; the first of several."""
        if not self.model.trials:
            return self.model.ask()
        return self.pizzas[int(np.argmax(self.rule(*self.model.posterior(self.pizzas))))]

    def tell(self, params: Params, score: float) -> None:
        """What it tasted like."""
        self.model.tell(params, score)


def cook(rule: Rule) -> Callable[..., Cook]:
    """A cook who bakes by this rule, for a race.

    Examples
    --------
    >>> import pizzatune as pt
    >>> careful = cook(lambda mean, std: mean)
    >>> board = pt.race({"careful": careful}, kitchen, budget=2, seeds=2, progress=False)
    >>> board.wins()
    {'careful': 1.0}
    """
    return partial(Cook, rule)


def both(mean: FloatArray, std: FloatArray) -> FloatArray:
    """Guess and doubt together: the upper confidence bound, with two standard deviations.

    Examples
    --------
    >>> both(np.array([7.9, 6.0]), np.array([0.1, 2.0]))
    array([ 8.1, 10. ])
    """
    return upper_confidence_bound(mean, std, kappa=2.0)
