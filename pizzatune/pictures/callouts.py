"""Names on a map: the first, the best and the last trial, as pizzas where there are any."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray
from pizzatune.pictures import ground
from pizzatune.pictures.marks import Dots, Image, Links, Mark, Panel, Symbol, Text
from pizzatune.pictures.pizza import pizza_symbol

if TYPE_CHECKING:
    from pizzatune.pictures.score_map import MapNumbers

PIZZA = 34.0  # px
LINE = 17.0  # px that words are high
FAR = 36.0  # px from a spot to its name that want a line between them
_ANGLES = np.array([0, 12, 6, 18, 3, 21, 9, 15, 1, 23, 11, 13]) * np.pi / 12  # to the right is best
TURNS = np.stack([np.cos(_ANGLES), -np.sin(_ANGLES)], axis=-1)  # (12, 2)
REACHES = np.array([22.0, 42.0, 66.0, 92.0])[:, None, None]


def symbol_of(menu: Menu | None, params: Mapping[str, Any]) -> Symbol | None:
    """The pizza that a menu makes of params; None where it makes none."""
    try:
        return None if menu is None else pizza_symbol(menu.pizza(params), "tiny")
    except TypeError:  # a menu of somebody's own function has no recipe
        return None


def call_out(panel: Panel, numbers: MapNumbers, limits: tuple[float, float], menu: Menu | None) -> list[Mark]:
    """The first, the last and the best trial, larger than the others, each with its name beside it."""
    marks: list[Mark] = []
    spots = np.column_stack([panel.across(numbers.x), panel.down(numbers.y)])
    colours = ground.colours_of(numbers.scores, limits)
    for place in numbers.named:
        x, y, tip = float(numbers.x[place]), float(numbers.y[place]), numbers.tips[place]
        symbol = symbol_of(menu, numbers.trials[place].params)
        marks.append(Dots(panel, [x], [y], "halo", sizes=[11.5 if symbol is None else PIZZA / 2 + 1]))
        if symbol is not None:
            marks.append(Image(panel, x, y, PIZZA, symbol, tip))
        elif colours[place]:
            marks.append(Dots(panel, [x], [y], "scored", tips=[tip], colours=[colours[place]], sizes=[9.0]))
        if not colours[place]:
            marks.append(Dots(panel, [x], [y], "failed", tips=[tip], sizes=[7.0]))
    called = list(numbers.named.items())
    widths = [ground.LETTER * len(word) for _, word in called]
    free = beside(panel, spots, [place for place, _ in called], widths)
    for (place, _), middle, wide in zip(called, free, widths, strict=True):
        half = np.array([wide, LINE]) / 2
        edge = np.clip(spots[place], middle - half, middle + half)
        if math.dist(spots[place], edge) > FAR:
            marks.append(Links(None, spots[place, :1], spots[place, 1:], edge[:1], edge[1:], "next"))
    return marks + [
        Text(None, float(x), float(y) + 4.5, word, "halo", "middle")
        for (x, y), (_, word) in zip(free, called, strict=True)
    ]


def beside(panel: Panel, spots: FloatArray, wanted: list[int], widths: list[float]) -> list[FloatArray]:
    """Find places beside wanted spots for words so wide: on the panel, off other words, then off the spots.

    Returns
    -------
    list of ndarray, shape (2,)
        The middles of the words, in px.

    Examples
    --------
    >>> from pizzatune.pictures.marks import Scale
    >>> panel = Panel(0, 0, 200, 100, Scale(0, 1), Scale(0, 1))
    >>> [spot.round().tolist() for spot in beside(panel, np.array([[190.0, 50.0]]), [0], [30.0])]
    [[153.0, 50.0]]
    """
    taken: list[tuple[FloatArray, FloatArray]] = []
    large = spots[wanted]
    corners = np.array([[panel.left, panel.top], [panel.right, panel.floor]])
    for spot, wide in zip(large, widths, strict=True):
        half = np.array([wide, LINE]) / 2
        places = spot + (TURNS * (REACHES + half)).reshape(-1, 2)
        cost = np.arange(len(places), dtype=float)
        cost += 1000.0 * ((places - half < corners[0]) | (places + half > corners[1])).any(axis=1)
        for other, size in taken:
            cost += 500.0 * _near(places, other[None], half + size)
        cost += 60.0 * _near(places, large, half + PIZZA / 2 - 1) + 8.0 * _near(places, spots, half + 4)
        taken.append((places[int(cost.argmin())], half))
    return [middle for middle, _ in taken]


def _near(places: FloatArray, spots: FloatArray, reach: FloatArray) -> FloatArray:
    """How many spots lie nearer than `reach` to each place, across and down; shape (n,)."""
    near: FloatArray = (np.abs(places[:, None] - spots[None]) < reach).all(axis=2).sum(axis=1).astype(float)
    return near
