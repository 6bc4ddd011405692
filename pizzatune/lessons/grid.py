"""What the lesson on grid search computes.

Its ovens differ by seed: in how far their dial is off, how strong they are, and, where they are striped, in
how many degrees lie between two clicks of the burner. All bake the sausage pizza of `old_oven`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial

import numpy as np

from pizzatune.menus.article import two_dials_pizza
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import Oven
from pizzatune.menus.taste import Pizza
from pizzatune.menus.tricky import CLICKING_OVEN
from pizzatune.parameters import Real
from pizzatune.space import Params, Space
from pizzatune.strategies.grid_search import GridSearch

TEN_MINUTES = 10.0
LEVELS = range(4, 22)  # that the lesson tries on one dial

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
