"""The simulated kitchen, and every problem of the course as a menu of it.

The function that scores a pizza is ``pizzatune.menus.taste.taste``; the menus, and what goes with a pizza,
are here.
"""

from __future__ import annotations

from pizzatune.menus.article import (
    bayesian_pizza,
    four_factors,
    genetic_pizza,
    new_oven,
    old_oven,
    published,
    random_pizza,
    three_toppings,
    topping_and_heat,
    toppings,
)
from pizzatune.menus.menu import Menu, Taster
from pizzatune.menus.oven import Oven
from pizzatune.menus.own import OwnMenu, from_function
from pizzatune.menus.taste import Part, Pizza, doneness, judge
from pizzatune.menus.tasted import GuessedMenu, TastedMenu
from pizzatune.menus.tastings import from_csv
from pizzatune.menus.tricky import (
    cool_kitchen,
    idle_dial,
    reversed_twin,
    ridge,
    stone_or_electric,
    striped,
    two_hills,
)

__all__ = [
    "GuessedMenu",
    "Menu",
    "Oven",
    "OwnMenu",
    "Part",
    "Pizza",
    "TastedMenu",
    "Taster",
    "bayesian_pizza",
    "cool_kitchen",
    "doneness",
    "four_factors",
    "from_csv",
    "from_function",
    "genetic_pizza",
    "idle_dial",
    "judge",
    "new_oven",
    "old_oven",
    "published",
    "random_pizza",
    "reversed_twin",
    "ridge",
    "stone_or_electric",
    "striped",
    "three_toppings",
    "topping_and_heat",
    "toppings",
    "two_hills",
]
