"""Ovens and pizzas made to teach: each is hard for some way of searching, and says for which.

All are slices of the one kitchen, as the menus of the article are; only the ovens are odder.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pizzatune.checks import real_number
from pizzatune.menus.article import OLD_OVEN, topping_and_heat, two_dials, two_dials_pizza
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import HEAT_SCALE, Oven
from pizzatune.menus.taste import Pizza
from pizzatune.parameters import Choice, Integer, Real
from pizzatune.space import Params, Space

CLICKING_OVEN = Oven("Clicking oven", cycling=80.0, cycle=10.0)
"""Its burner clicks at every round ten degrees on the dial, and a quarter of the pizza gets the worst."""

BLAST_OVEN = Oven("Blast oven", dryness=2.0)
"""Its hot wind dries pizzas out twice as fast, so that a long bake costs more."""

REVERSED_TWIN = replace(OLD_OVEN, name="Reversed twin", reversed_about=225.0)
"""The old oven with its dial wired backwards: only at 225 does it tell the truth."""

STONE_OVEN = Oven("Stone oven", offset=10.0, heat=1.3, hot_spot=30.0)
"""Strong, but hotter where the embers lie."""

TIMER_HEAT = 230.0
"""°C at which a timer that minds the heat runs like a plain one."""

BOXES = ("Red", "Blue", "Green", "Violet")
"""Colours of the box that a pizza is carried home in; nobody has ever eaten one."""


def ridge(slant: float = 1.0) -> Menu:
    """A thin crust, and two dials that click: 208 pizzas, of which the good ones lie along a narrow ridge.

    It teaches why one dial at a time is a poor way to search: on the ridge, every turn of one dial alone
    makes the pizza worse, so that such a search stops where it meets the ridge, most often far below the top.

    Parameters
    ----------
    slant : float
        From 1, a plain timer, to 0, a timer that shortens hot bakes and stretches cool ones by itself: then
        its dial says how done a pizza gets, at any temperature, and the ridge lies level. Models know such
        dials too: a learning rate that is scaled with the size of a batch (Goyal et al., 2017).

    Raises
    ------
    TypeError, ValueError
        If `slant` is not a number from 0 to 1.

    Examples
    --------
    >>> menu = ridge()
    >>> menu.best.params, round(menu.best.score, 2)
    ({'temperature': 230.0, 'minutes': 8}, 9.26)
    >>> hot = {"temperature": 280, "minutes": 8}
    >>> [round(ridge(slant).pizza(hot).minutes, 1) for slant in (1, 0)]
    [8.0, 4.4]
    """
    slant = real_number("slant", slant, 0, 1, hint="1 is a plain timer, 0 one that minds the heat")
    space = Space(Real("temperature", 180, 300, step=10, unit="°C"), Integer("minutes", 3, 18, unit="min"))
    recipe = partial(ridge_pizza, slant=slant)
    return Menu("ridge", space, recipe, "one dial at a time stops on the slope")


def ridge_pizza(params: Params, slant: float) -> Pizza:
    """The pizza that an order of `ridge` stands for."""
    heat = params["temperature"]
    minutes = params["minutes"] * math.exp((1.0 - slant) * (TIMER_HEAT - heat) / HEAT_SCALE)
    return Pizza(("Sausage",), crust="Thin", temperature=heat, minutes=minutes)


def striped() -> Menu:
    """An oven whose burner clicks at every round ten degrees, where a quarter of the pizza burns.

    It teaches that a regular grid can miss what it steps over: with 5, 6, 11 or 21 levels of temperature from
    end to end, every level is a round number, and every one of them is bad. Random levels fall between.

    Examples
    --------
    >>> menu = striped()
    >>> between, on = ({"temperature": heat, "minutes": 10} for heat in (225, 230))
    >>> round(menu.taste(between), 1), round(menu.taste(on), 1)
    (9.1, 5.4)
    """
    space = Space(Real("temperature", 150, 350, unit="°C"), Real("minutes", 3, 30, log=True, unit="min"))
    recipe = partial(two_dials_pizza, oven=CLICKING_OVEN)
    return Menu("striped", space, recipe, "a regular grid meets only the bad stripes")


def two_hills() -> Menu:
    """Garlic wants a gentle oven, clams a fierce one: a hill where most people start, a higher one far off.

    It teaches that a good pizza is no proof of the best one: who only improves what is already good stays on
    the first hill, near 200 °C and a quarter of an hour, and never sees the second, above 300 °C and below
    five minutes.

    Examples
    --------
    >>> menu = two_hills()
    >>> gentle, fierce = {"temperature": 200, "minutes": 14}, {"temperature": 320, "minutes": 3.5}
    >>> round(menu.taste(gentle), 1), round(menu.taste(fierce), 1)
    (8.1, 9.1)
    """
    space = Space(Real("temperature", 130, 350, unit="°C"), Real("minutes", 2, 40, log=True, unit="min"))
    return Menu("two hills", space, _two_hills_pizza, "the first hill is not the highest")


def _two_hills_pizza(params: Params) -> Pizza:
    toppings = ("Garlic", "Clams")
    return Pizza(toppings, temperature=params["temperature"], minutes=params["minutes"], oven=BLAST_OVEN)


def reversed_twin() -> Menu:
    """The old oven once more, with its temperature dial wired backwards; for transfer from `old_oven`.

    It teaches that experience can be half right: all that was learnt about minutes holds, while all that was
    learnt about the dial is upside down. (`new_oven` at likeness -1 misleads about both.)

    Examples
    --------
    >>> from pizzatune.menus import old_oven
    >>> old, twin = ({"temperature": heat, "minutes": 14} for heat in (250, 200))
    >>> old_oven().taste(old) == reversed_twin().taste(twin)
    True
    """
    recipe = partial(two_dials_pizza, oven=REVERSED_TWIN)
    return Menu("reversed twin", two_dials(), recipe, "the temperature dial of the old oven, wired backwards")


def idle_dial() -> Menu:
    """Temperature, minutes, and the oven's light, which no pizza has ever tasted.

    It teaches what a dial that does not matter costs: a grid spends most of its pizzas on it, while random
    draws try a new temperature every time (Bergstra and Bengio, 2012).

    Examples
    --------
    >>> menu = idle_dial()
    >>> dark, bright = ({"temperature": 225, "minutes": 11, "light": light} for light in (0, 100))
    >>> menu.taste(dark) == menu.taste(bright)
    True
    """
    space = Space(*two_dials().parameters, Real("light", 0, 100, unit="%"))
    return Menu("idle dial", space, two_dials_pizza, "one dial that does not matter")


def boxed(menu: Menu) -> Menu:
    """The same menu, with one more gene that no taste depends on: the colour of the box.

    Parameters
    ----------
    menu : Menu
        Its recipe must make nothing of further params, as those of `three_toppings` and `two_hills` do.

    Returns
    -------
    Menu

    Examples
    --------
    >>> from pizzatune.menus.article import three_toppings
    >>> menu = boxed(three_toppings())
    >>> pizza = {"topping_1": "Ham", "topping_2": "Spinach", "topping_3": "Figs"}
    >>> len({menu.taste({**pizza, "box": box}) for box in BOXES})
    1
    """
    space = Space(*menu.space.parameters, Choice("box", BOXES), where=menu.space.where)
    return Menu(f"{menu.name}, boxed", space, menu.recipe, "one gene that no taste depends on")


def stone_or_electric() -> Menu:
    """Two ovens to choose from, of which only one has a fan; and pineapple is not allowed on stone.

    It teaches dials that exist only for some choices and combinations that are ruled out: without its fan the
    electric oven is the worse one, with the fan just right it is the better one.

    Examples
    --------
    >>> menu = stone_or_electric()
    >>> sorted(menu.best.params), menu.best.params["oven"]
    (['fan', 'oven', 'temperature', 'topping'], 'Electric')
    """
    space = Space(
        Choice("oven", ["Stone", "Electric"]),
        Choice("topping", ["Pepperoni", "Chorizo", "Prosciutto", "Pineapple"]),
        Real("temperature", 150, 350, unit="°C"),
        Real("fan", 0, 3, when={"oven": ["Electric"]}),
        where=no_pineapple_on_stone,
    )
    return Menu("stone or electric", space, _stone_or_electric_pizza, "a dial that only one oven has")


def no_pineapple_on_stone(params: Params) -> bool:
    """Rule out pineapple in the stone oven: its juice would crack the stone.

    Examples
    --------
    >>> no_pineapple_on_stone({"oven": "Stone", "topping": "Pineapple", "temperature": 250})
    False
    """
    return not (params["oven"] == "Stone" and params["topping"] == "Pineapple")


def electric_oven(fan: float) -> Oven:
    """An electric oven at a speed of its fan, from 0 to 3: the faster, the stronger, evener and drier.

    Examples
    --------
    >>> still, windy = electric_oven(0), electric_oven(3)
    >>> still.heat < windy.heat, still.hot_spot > windy.hot_spot, still.dryness < windy.dryness
    (True, True, True)
    """
    return Oven(
        "Electric oven",
        offset=-10.0,
        heat=0.8 * (1.0 + 0.3 * fan),
        hot_spot=60.0 * math.exp(-fan),
        dryness=math.exp(0.7 * fan),
    )


def _stone_or_electric_pizza(params: Params) -> Pizza:
    oven = electric_oven(params["fan"]) if params["oven"] == "Electric" else STONE_OVEN
    return Pizza((params["topping"],), temperature=params["temperature"], oven=oven)


COOL_OVEN = Oven("Cool oven", offset=-40.0)
"""Forty degrees cooler than its dial says."""


def cool_kitchen() -> Menu:
    """The menu `topping_and_heat` in an oven that is cooler than its dial says: the best is off the middle.

    It teaches how a model of the scores works its way to a good pizza: an opening in the middle of the dial
    bakes everything a little pale.

    Examples
    --------
    >>> menu = cool_kitchen()
    >>> menu.best.params, round(menu.best.score, 2)
    ({'topping': 'Sausage', 'temperature': 265.0}, 9.15)
    """
    menu = topping_and_heat()
    recipe = partial(_in_cool_oven, recipe=menu.recipe)
    return replace(menu, name="cool kitchen", recipe=recipe, about="the best heat is not in the middle")


def _in_cool_oven(params: Params, recipe: Callable[[Params], Pizza]) -> Pizza:
    return replace(recipe(params), oven=COOL_OVEN)
