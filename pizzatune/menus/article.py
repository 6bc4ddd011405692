"""The five worked examples of the article, each as a menu, and the tables it printed.

Every menu is a slice of the one kitchen: a few things may be chosen, all others are held still. `published`
reads a table; `genetic_pizza`, `bayesian_pizza` and `random_pizza` turn one of its rows into a pizza that can
be baked.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pizzatune._files import data_dir
from pizzatune.checks import real_number
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import PLAIN_OVEN, Oven
from pizzatune.menus.taste import CHEESES, Pizza
from pizzatune.parameters import Choice, Ordered, Real
from pizzatune.space import Params, Space

HEATS = {"Low": 195.0, "Medium": 220.0, "High": 245.0}
"""What the grid example's three temperatures mean here, in °C."""

TIMES = {"Short": 8.0, "Medium": 11.0, "Long": 15.0}
"""What the grid example's three baking times mean here, in minutes."""

RANDOM_HEAT = 210.0
"""The temperature, in °C, of the random search example: gentle enough that chicken has a chance."""

AS_PRINTED = {"Mushroom": "Mushrooms"}
"""Names in the tables that the kitchen spells otherwise."""

OLD_OVEN = Oven("Old oven", offset=-25.0, heat=0.75)
"""Weak, and cooler than its dial says."""

NEW_OFFSET, NEW_STRENGTH, NEW_HOT_SPOT = 44.0, 2.5, 20.0
"""How far the least alike new oven is from the old: °C on the dial, times as strong, °C in the hot spot."""


def four_factors() -> Menu:
    """The grid example: cheese, sauce, temperature and baking time of a prosciutto pizza, 81 pizzas.

    Low, Medium and High are 195, 220 and 245 °C; Short, Medium and Long are 8, 11 and 15 minutes; cheese says
    how much of it. It teaches that options belong together: a hotter oven wants a shorter bake, and more
    cheese a longer one.

    Examples
    --------
    >>> menu = four_factors()
    >>> menu.space.size, menu.best.params
    (81, {'cheese': 'Extra', 'sauce': 'Pesto', 'temperature': 'High', 'baking_time': 'Medium'})
    """
    space = Space(
        Ordered("cheese", ["Mild", "Medium", "Extra"]),
        Choice("sauce", ["Tomato", "Pesto", "White"]),
        Ordered("temperature", list(HEATS)),
        Ordered("baking_time", list(TIMES)),
    )
    return Menu("four factors", space, four_factors_pizza, "heat, time and cheese belong together")


def four_factors_pizza(params: Params) -> Pizza:
    """Make the pizza of params of `four_factors`."""
    return Pizza(
        toppings=("Prosciutto",),
        sauce=params["sauce"],
        amount=params["cheese"],
        temperature=HEATS[params["temperature"]],
        minutes=TIMES[params["baking_time"]],
    )


def toppings() -> Menu:
    """The random search example: cheese, meat, vegetable and sauce, 1,080 pizzas baked at 210 °C until done.

    It has every option that the article drew, and more, except that Pepperoni is no cheese here. It teaches
    that the best pizza is not made of the best parts: what goes together counts.

    Examples
    --------
    >>> menu = toppings()
    >>> menu.space.size, menu.best.params
    (1080, {'cheese': 'Swiss', 'meat': 'Ham', 'vegetable': 'Mushrooms', 'sauce': 'Alfredo'})
    """
    space = Space(
        Choice("cheese", ["Parmesan", "Swiss", "Mozzarella", "Cheddar", "Gorgonzola"]),
        Choice("meat", ["Bacon", "Chicken", "Pepperoni", "Ham", "Sausage", "Prosciutto"]),
        Choice("vegetable", ["Peppers", "Onions", "Mushrooms", "Pineapple", "Spinach", "Artichokes"]),
        Choice("sauce", ["BBQ", "Marinara", "Alfredo", "Tomato", "Pesto", "White"]),
    )
    return Menu("toppings", space, random_pizza, "the best pizza is not made of the best parts")


def topping_and_heat() -> Menu:
    """The Bayesian example: one topping and the oven temperature, 248 pizzas baked until done.

    It teaches that one look says little: every topping has a best heat of its own, and a good one tried at
    the wrong heat seems poor. "Mushroom" is written as the article wrote it, for the kitchen's Mushrooms.

    Examples
    --------
    >>> menu = topping_and_heat()
    >>> menu.space.size, menu.best.params
    (248, {'topping': 'Sausage', 'temperature': 225.0})
    >>> round(menu.taste({"topping": "Sausage", "temperature": 200}), 1)
    6.9
    """
    space = Space(
        Choice(
            "topping", ["Pepperoni", "Mushroom", "Chicken", "Sausage", "Ham", "Bacon", "Chorizo", "Prawns"]
        ),
        Real("temperature", 150, 300, step=5, unit="°C"),
    )
    return Menu("topping and heat", space, _topping_and_heat_pizza, "each topping has a best heat of its own")


def _topping_and_heat_pizza(params: Params) -> Pizza:
    printed: str = params["topping"]
    return Pizza((AS_PRINTED.get(printed, printed),), temperature=params["temperature"])


def three_toppings() -> Menu:
    """The genetic example: three toppings with cheese, 216 pizzas baked the house's way.

    It has every topping of the article's three generations, which leave each other alone, and others, which
    do not. It teaches that good parents pass on good parts, and that some parts are good only together.

    Examples
    --------
    >>> menu = three_toppings()
    >>> menu.space.size, menu.best.params
    (216, {'topping_1': 'Prosciutto', 'topping_2': 'Artichokes', 'topping_3': 'Figs'})
    >>> round(menu.taste({"topping_1": "Sausage", "topping_2": "Mushrooms", "topping_3": "Bacon"}), 2)
    8.55
    """
    space = Space(
        Choice("topping_1", ["Pepperoni", "Ham", "Sausage", "Chicken", "Prosciutto", "Chorizo"]),
        Choice(
            "topping_2", ["Mushrooms", "Pineapple", "Green Peppers", "Spinach", "Artichokes", "Aubergines"]
        ),
        Choice("topping_3", ["Onions", "Olives", "Bacon", "Figs", "Capers", "Walnuts"]),
    )
    return Menu("three toppings", space, genetic_pizza, "some toppings are good only together")


def old_oven() -> Menu:
    """The transfer example's old oven: temperature and minutes of a sausage pizza, two smooth dials.

    Weak, and 25 °C cooler than its dial says. It teaches that hotter needs shorter: golden pizzas lie along a
    curved ridge, with one best point on it.

    Examples
    --------
    >>> best = old_oven().best
    >>> round(best.params["temperature"]), round(best.params["minutes"], 1), round(best.score, 2)
    (252, 13.7, 8.96)
    """
    recipe = partial(two_dials_pizza, oven=OLD_OVEN)
    return Menu("old oven", two_dials(), recipe, "golden pizzas lie along a curved ridge")


def new_oven(likeness: float = 1.0) -> Menu:
    """The transfer example's new oven: the pizza and dials of `old_oven`, in an oven of another character.

    The less alike, the hotter behind its dial and the stronger it is, with a hot spot of its own, so that the
    ridge of golden pizzas moves toward cooler and shorter. It teaches when old experience helps, and when it
    harms.

    Parameters
    ----------
    likeness : float
        From 1 (a twin: every pizza scores the same) through 0 (unrelated: scores of pizzas all over the two
        dials correlate by less than 0.15 with the old oven's) to -1 (misleading: they correlate by about
        -0.7, and what was best in the old oven burns).

    Raises
    ------
    TypeError, ValueError
        If `likeness` is not a number from -1 to 1.

    Examples
    --------
    >>> old, twin, stranger = old_oven(), new_oven(1.0), new_oven(-1.0)
    >>> twin.taste(old.best.params) == old.best.score
    True
    >>> round(stranger.best.score, 1), round(stranger.taste(old.best.params), 1)
    (9.2, 0.0)
    """
    likeness = real_number("likeness", likeness, -1, 1, hint="1 is a twin, 0 unrelated, -1 misleading")
    drift = (1.0 - likeness) / 2.0
    oven = Oven(
        f"New oven, likeness {likeness:g}",
        offset=OLD_OVEN.offset + NEW_OFFSET * drift,
        heat=OLD_OVEN.heat * NEW_STRENGTH**drift,
        hot_spot=NEW_HOT_SPOT * drift,
    )
    about = f"what the old oven taught, worth more or less; likeness {likeness:g}"
    return Menu("new oven", two_dials(), partial(two_dials_pizza, oven=oven), about)


def two_dials() -> Space:
    """Temperature and minutes, as all ovens of the transfer example have them."""
    return Space(Real("temperature", 150, 300, unit="°C"), Real("minutes", 3, 30, log=True, unit="min"))


def two_dials_pizza(params: Params, oven: Oven = PLAIN_OVEN) -> Pizza:
    """A sausage pizza baked as the two dials say; other entries of `params` make no difference to it."""
    return Pizza(("Sausage",), temperature=params["temperature"], minutes=params["minutes"], oven=oven)


# -- the published tables ----------------------------------------------------------------------------------

TABLES = ("grid", "random", "bayesian", "genetic", "transfer")
"""Names of the article's tables."""

Row = dict[str, Any]
"""One row of a table: its columns by name, text or numbers."""

_NUMBERS: Mapping[str, Callable[[str], Any]] = {
    "iteration": int,
    "temperature_c": float,
    "taste": float,
    "generation": int,
    "fitness": float,
}


def published(name: str) -> list[Row]:
    """Read one of the article's tables, as it was printed.

    Parameters
    ----------
    name : {"grid", "random", "bayesian", "genetic", "transfer"}
        Which table; `data/README.md` explains the columns.

    Returns
    -------
    list of dict
        One dict for each row, column -> text or number.

    Raises
    ------
    ValueError
        If there is no such table.

    Examples
    --------
    >>> published("bayesian")[0]
    {'iteration': 1, 'topping': 'Pepperoni', 'temperature_c': 180.0, 'taste': 6.5}
    """
    if name not in TABLES:
        raise ValueError(f"there is no table {name!r}; choose one of {', '.join(TABLES)}")
    with (data_dir() / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [{column: _NUMBERS.get(column, str)(text) for column, text in row.items()} for row in rows]


def genetic_pizza(row: Mapping[str, Any]) -> Pizza:
    """Make the pizza of a row of the genetic table, or of params of `three_toppings`; cheese is the house's.

    Examples
    --------
    >>> genetic_pizza(published("genetic")[0]).toppings
    ('Pepperoni', 'Mushrooms', 'Onions')
    """
    return Pizza((row["topping_1"], row["topping_2"], row["topping_3"]))


def bayesian_pizza(row: Mapping[str, Any]) -> Pizza:
    """Make the pizza of a row of the Bayesian table, baked until done at its temperature.

    Examples
    --------
    >>> bayesian_pizza(published("bayesian")[1]).toppings
    ('Mushrooms',)
    """
    return _topping_and_heat_pizza({"topping": row["topping"], "temperature": row["temperature_c"]})


def random_pizza(row: Mapping[str, Any]) -> Pizza:
    """Make the pizza of a row of the random table, or of params of `toppings`.

    The second row lists Pepperoni as a cheese. Such a pizza gets it as a third topping, and no cheese.

    Examples
    --------
    >>> pizza = random_pizza(published("random")[1])
    >>> pizza.toppings, pizza.cheese
    (('Chicken', 'Onions', 'Pepperoni'), 'No cheese')
    """
    toppings: tuple[str, ...] = (row["meat"], row["vegetable"])
    cheese = row["cheese"]
    if cheese not in CHEESES:
        toppings, cheese = (*toppings, cheese), "No cheese"
    return Pizza(toppings, sauce=row["sauce"], cheese=cheese, temperature=RANDOM_HEAT)
