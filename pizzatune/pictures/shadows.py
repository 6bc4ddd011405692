"""Pizzas on a map of two dials, and the shadows they cast on each (Bergstra and Bengio, 2012, figure 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pizzatune.menus.salty import DIALS, FLAVOUR, SaltyKitchen
from pizzatune.menus.taste import HEAT_COST
from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Band, Dots, Land, Line, Links, Mark, Panel, Scale, Text
from pizzatune.words import count, points

HEAT = Scale(DIALS[0].low, DIALS[0].high, "temperature (°C)")
SALT = Scale(DIALS[1].low, DIALS[1].high)
STRIP, GAP = 50, 7  # px: how deep a strip of shadows is, and how far from the map
FINE = 28  # places on each dial
COSTS = Scale(1.15 * HEAT_COST, 0.0)  # points lost, so that hills are good; more than a dial ever costs


@dataclass(frozen=True)
class Side:
    """The pizzas of one search in one kitchen.

    Attributes
    ----------
    pizzas : ndarray, shape (n, 2)
        Temperature (°C) and salt (g), in the order in which the search asked for them.
    scores : ndarray, shape (n,)
        In points.
    places : tuple of int
        How many different temperatures and salts there are among them.
    """

    pizzas: FloatArray
    scores: FloatArray
    places: tuple[int, int]

    @property
    def best(self) -> int:
        """Which pizza is the best."""
        return int(self.scores.argmax())


def side(pizzas: FloatArray, kitchen: SaltyKitchen) -> Side:
    """Bake pizzas in a kitchen.

    Examples
    --------
    >>> side(np.array([[200.0, 5.0], [200.0, 9.0]]), SaltyKitchen(1)).places
    (1, 2)
    """
    heats, salts = (len(set(dial.tolist())) for dial in pizzas.T)
    return Side(pizzas, kitchen.scores(pizzas), (heats, salts))


def map_panel(left: float, top: float, size: float) -> Panel:
    """The map of both dials; the strips of shadows take `STRIP` + `GAP` px above it and to its right."""
    return Panel(left, top, size, size, HEAT, SALT)


def land(panel: Panel, kitchen: SaltyKitchen) -> Land:
    """The true scores all over the map."""
    salt = kitchen.matters * kitchen.salt_cost(_along(1))
    return Land(panel, FLAVOUR - kitchen.heat_cost(_along(0))[np.newaxis, :] - salt[:, np.newaxis])


def shadows(panel: Panel, one: Side, kitchen: SaltyKitchen, number: int) -> list[Mark]:
    """The pizzas in the colour of pen `number`, and their shadows on the hill of each dial."""
    above = Panel(panel.left, panel.top - GAP - STRIP, panel.width, STRIP, panel.x, COSTS)
    beside = Panel(panel.right + GAP, panel.top, STRIP, panel.height, COSTS, panel.y)
    heat, salt = one.pizzas.T
    heat_cost, salt_cost = kitchen.heat_cost(heat), kitchen.matters * kitchen.salt_cost(salt)
    tips = [
        f"{t:.0f} °C, {s:.0f} g: {points(score)} points"
        for t, s, score in zip(heat, salt, one.scores, strict=True)
    ]
    x, y = panel.across(heat), panel.down(salt)
    up, right = _farthest(heat, y), _farthest(salt, -x)
    foot, start = np.full(len(up), above.floor), np.full(len(right), beside.left)
    hill = beside.across(kitchen.matters * kitchen.salt_cost(_along(1)))
    edge = [beside.left, *hill, beside.left, beside.left]
    style, best = f"pen{number}", one.best
    return [
        Band(above, _along(0), np.full(FINE, COSTS.low), kitchen.heat_cost(_along(0)), "hill"),
        Line(None, edge, [beside.floor, *panel.down(_along(1)), beside.top, beside.floor], "hill"),
        Links(None, x[up], y[up], x[up], foot, "faint"),
        Links(None, x[right], y[right], start, y[right], "faint"),
        Links(None, x[up], foot, x[up], above.down(heat_cost[up]), f"tick{number}"),
        Links(None, start, y[right], beside.across(salt_cost[right]), y[right], f"tick{number}"),
        *_shadow(above, heat, heat_cost, style, "°C"),
        *_shadow(beside, salt_cost, salt, style, "g of salt", along=1),
        Dots(panel, heat, salt, style, tips=tips),
        Dots(panel, [heat[best]], [salt[best]], f"star{number}", tips=[f"the best: {tips[best]}"]),
    ]


def _along(dial: int) -> FloatArray:
    """Values of a dial from end to end, shape (FINE,)."""
    return np.linspace(DIALS[dial].low, DIALS[dial].high, FINE)


def _farthest(values: FloatArray, distances: FloatArray) -> Any:
    """Of each value of a dial, the pizza that is farthest from its shadow: one line leads past the others."""
    order = np.lexsort((-distances, values))
    return order[np.unique(values[order], return_index=True)[1]]


def _shadow(panel: Panel, x: FloatArray, y: FloatArray, style: str, unit: str, along: int = 0) -> list[Mark]:
    """A dot for each value of a dial, along x or y; where it hides others it says so, as in ×3."""
    values, first, many = np.unique(y if along else x, return_index=True, return_counts=True)
    dots = x[first], y[first]
    right, down, anchor = (9, 5, "start") if along else (0, -9, "middle")
    tips = [
        f"{value:.0f} {unit}" + (f": {count(int(n), 'pizza')}" if n > 1 else "")
        for n, value in zip(many, values, strict=True)
    ]
    places = zip(panel.across(dots[0]) + right, panel.down(dots[1]) + down, many, strict=True)
    times = [Text(None, float(a), float(b), f"×{n}", "halo", anchor) for a, b, n in places if n > 1]
    return [Dots(panel, *dots, style, tips=tips), *times]
