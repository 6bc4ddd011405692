"""Secret ovens: as many as there are seeds, each with a character and a pizza of the day of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from pizzatune.menus.article import two_dials
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import Oven
from pizzatune.menus.taste import Pizza
from pizzatune.space import Params

TOPPINGS = ("Pepperoni", "Ham", "Sausage", "Prosciutto", "Chorizo")
OFFSET, STRENGTH, HOT_SPOT = 40.0, 2.0, 25.0
"""How odd a secret oven is at most: °C its dial is off, times as strong or weak, °C in its hot spot."""
STREAM = 1973  # keeps an oven's own luck apart from that of a strategy with the same seed


def secret_oven(seed: int) -> Menu:
    """Temperature and minutes of an oven that nobody knows: the best pizza lies elsewhere in each.

    Examples
    --------
    >>> pizzas = [secret_oven(seed).pizza({"temperature": 225, "minutes": 11}) for seed in (1, 2)]
    >>> [pizza.toppings[0] for pizza in pizzas]
    ['Prosciutto', 'Chorizo']
    """
    rng = np.random.default_rng([seed, STREAM])
    offset, strength, hot_spot = rng.uniform([-OFFSET, -1.0, 0.0], [OFFSET, 1.0, HOT_SPOT]).tolist()
    oven = Oven(f"Oven {seed}", offset=offset, heat=STRENGTH**strength, hot_spot=hot_spot)
    topping = TOPPINGS[rng.integers(len(TOPPINGS))]
    about = "nobody knows where its best pizza lies"
    return Menu(oven.name, two_dials(), partial(_pizza, topping=topping, oven=oven), about)


def _pizza(params: Params, topping: str, oven: Oven) -> Pizza:
    return Pizza((topping,), temperature=params["temperature"], minutes=params["minutes"], oven=oven)


def uphill(taste: Callable[[Params], float], start: Params) -> tuple[Params, float]:
    """Climb from a pizza of two dials to the top of its hill, in ever smaller steps: params and score.

    `Menu.best` looks at far more pizzas, which takes longer than a turn of a knob may take.

    Examples
    --------
    >>> from pizzatune.menus.article import old_oven
    >>> top, score = uphill(old_oven().taste, {"temperature": 240.0, "minutes": 12.0})
    >>> round(top["temperature"]), round(top["minutes"], 1), round(score, 2)
    (252, 13.7, 8.96)
    """
    best, score, stride = dict(start), taste(start), 1.0
    while stride > 1e-3:
        around = [
            {
                "temperature": min(max(best["temperature"] + 5.0 * stride * x, 150.0), 300.0),
                "minutes": min(max(best["minutes"] * math.exp(0.1 * stride * y), 3.0), 30.0),
            }
            for x in (-1, 0, 1)
            for y in (-1, 0, 1)
        ]
        scores = [taste(params) for params in around]
        if max(scores) > score:
            score = max(scores)
            best = around[scores.index(score)]
        else:
            stride /= 2
    return best, score
