"""Menus that grow dial by dial: those of an oven, and the article's cheese, sauce, temperature and time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from pizzatune.menus.article import four_factors, four_factors_pizza
from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import Oven
from pizzatune.menus.taste import Pizza
from pizzatune.menus.tricky import electric_oven
from pizzatune.parameters import Real
from pizzatune.space import Params, Space
from pizzatune.words import count

HELD_MINUTES = 10.0
"""Where minutes are held as long as they are no dial of the search."""

LOW, HIGH = 150.0, 350.0
"""°C at the ends of the dial for temperature."""

QUICK, SLOW = 3.0, 30.0
"""Minutes at the ends of the dial for time."""

HELD = {"cheese": "Medium", "sauce": "Tomato", "temperature": "Medium", "baking_time": "Medium"}
"""Where a factor of the article's table is held as long as it is not varied."""


def oven_dials(oven: Oven, dials: int, ratios: bool = True, shift: float = 0.0) -> Menu:
    """A sausage pizza in an oven, with the first so many of the dials temperature, minutes, fan and light.

    Parameters
    ----------
    oven : Oven
        The oven with its fan standing still.
    dials : int
        How many dials, from 1 to 4. The others are held: minutes at 10, the fan off.
    ratios : bool
        Whether equal steps of the minutes are equal ratios.
    shift : float
        °C by which the range of temperatures lies higher than from 150 to 350.

    Returns
    -------
    Menu

    Examples
    --------
    >>> from pizzatune.menus.oven import PLAIN_OVEN
    >>> menu = oven_dials(PLAIN_OVEN, 2)
    >>> menu.space.names, round(menu.taste({"temperature": 225, "minutes": 11}), 1)
    (('temperature', 'minutes'), 9.2)
    """
    every = (
        Real("temperature", LOW + shift, HIGH + shift, unit="°C"),
        Real("minutes", QUICK, SLOW, log=ratios, unit="min"),
        Real("fan", 0, 3),
        Real("light", 0, 100, unit="%"),
    )
    recipe = partial(_oven_pizza, oven=oven)
    return Menu(f"{oven.name}, {count(dials, 'dial')}", Space(*every[:dials]), recipe, "each dial multiplies")


def _oven_pizza(params: Params, oven: Oven) -> Pizza:
    """The fan does what it does in the electric oven. Nobody has ever tasted the light."""
    fan = params.get("fan", 0.0)
    if fan:
        windy, still = electric_oven(fan), electric_oven(0.0)
        oven = replace(oven, heat=oven.heat * windy.heat / still.heat, dryness=oven.dryness * windy.dryness)
    minutes = params.get("minutes", HELD_MINUTES)
    return Pizza(("Sausage",), temperature=params["temperature"], minutes=minutes, oven=oven)


def first_factors(factors: int) -> Menu:
    """The first so many of the four factors of the article's grid example; the others are held.

    Examples
    --------
    >>> menu = first_factors(2)
    >>> menu.space.names, menu.space.size
    (('cheese', 'sauce'), 9)
    >>> first_factors(4).space.size
    81
    """
    space = Space(*four_factors().space.parameters[:factors])
    return Menu(f"{count(factors, 'factor')} of four", space, _table_pizza, "each factor multiplies")


def _table_pizza(params: Params) -> Pizza:
    return four_factors_pizza(HELD | params)
