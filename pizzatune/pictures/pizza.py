"""A pizza as a symbol: a picture that is sent once and used by its name, large, small or tiny."""

from __future__ import annotations

import functools
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.menus.oven import Oven
from pizzatune.menus.taste import HOUSE_HEAT, Pizza, doneness
from pizzatune.parameters import FloatArray
from pizzatune.pictures import palette
from pizzatune.pictures.marks import Symbol
from pizzatune.pictures.outlines import Colour, as_rgb, blend, circle, moved, sector
from pizzatune.pictures.palette import hexed
from pizzatune.pictures.pizza_shapes import (
    CHARCOAL,
    CHEESE_COLOURS,
    HOT_QUARTER,
    SAUCE_COLOURS,
    Bake,
    crust_colour,
    pizza_shapes,
    roast,
)
from pizzatune.pictures.toppings import LOOKS, generic

DOSES = (0.15, 0.35, 0.6, 0.8, 1.0, 1.25, 1.6, 2.2, 3.5)
"""Bakes that symbols are drawn at; others look like the nearest of them."""

UNIT, FINE = 200, 800  # units of a symbol's square on each side
MARGIN = 14  # around a pizza in a box
REACH_OUT = 1.06  # radii from the middle of the square to its edge
DETAILS = {"fine": (0.0, 40), "small": (0.055, 12), "tiny": (0.0, 0)}  # least size of a piece, most corners

BOXES = ("#e05a43", "#2c6cb0", "#3a9683", "#7a63d2")
"""The colours of boxes: of the first pens by day, with a blue that can be seen by night, too."""


def crust_word(dose: float) -> str:
    """The dose in a word.

    Examples
    --------
    >>> [crust_word(dose) for dose in (0.2, 0.6, 1.0, 1.4, 2.0)]
    ['raw', 'pale', 'golden', 'dark', 'burnt']
    """
    words = ("raw", "pale", "golden", "dark", "burnt")
    return words[int(np.searchsorted([0.35, 0.8, 1.2, 1.6], dose, side="right"))]


def whole_pizza(order: Pizza | Mapping[str, Any], menu: Menu | None = None) -> Pizza:
    """The pizza itself, or what `menu` makes of params."""
    if isinstance(order, Pizza):
        return order
    if menu is None:
        raise TypeError(f"params are not a whole pizza, got {order!r}; pass menu=... beside them, or a Pizza")
    return menu.pizza(order)


def nearest_dose(dose: float) -> float:
    """The bake that a symbol of this dose is drawn at.

    Examples
    --------
    >>> nearest_dose(1.07), nearest_dose(9.0)
    (1.0, 3.5)
    """
    return min(DOSES, key=lambda known: abs(math.log(known / max(dose, 1e-9))))


def pizza_symbol(pizza: Pizza, detail: str = "small", *, box: int | None = None) -> Symbol:
    """A pizza as a small picture, at the nearest of `DOSES`.

    Parameters
    ----------
    pizza : Pizza
        The pizza, baked as it says.
    detail : {"fine", "small", "tiny"}
        For 300 px and more, for 70 to 300 px, and for less: then a few large pieces stand for all.
    box : int, optional
        Lay a tiny one into a box with the colour and the marker of pen 0, 1, 2 or 3.

    Returns
    -------
    Symbol

    Examples
    --------
    >>> pizza_symbol(Pizza(("Olives",))).name == pizza_symbol(Pizza(("Olives",), minutes=11.01)).name
    True
    """
    assert detail in DETAILS, f"a symbol's detail is one of {', '.join(DETAILS)}, got {detail!r}"
    house = Oven("any", hot_spot=round(pizza.oven.hot_spot_at(pizza.temperature), -1))  # they look the same
    minutes = house.minutes_until_done(HOUSE_HEAT, pizza.load) * nearest_dose(doneness(pizza))
    plain = replace(pizza, temperature=HOUSE_HEAT, minutes=minutes, oven=house)
    return _tiny(plain, box) if detail == "tiny" else _symbol(plain, detail)


@functools.lru_cache(maxsize=64)  # some 30 kB each
def _symbol(pizza: Pizza, detail: str) -> Symbol:
    name = f"pizza-{detail}-{zlib.crc32(repr(pizza).encode()):08x}"
    side, wide = (FINE, 400) if detail == "fine" else (UNIT, 200)
    return Symbol(name, functools.partial(_drawn, pizza, detail), side, wide)


def _drawn(pizza: Pizza, detail: str) -> str:
    least, corners = DETAILS[detail]
    kept = []
    for shape in pizza_shapes(pizza):
        size = float(np.ptp(shape.outline, axis=0).max())
        if size >= least and shape.layer != "shadow":  # what lies below it is not always light
            step = max(1, math.ceil(len(shape.outline) / (corners if size < 0.6 else 3 * corners)))
            kept.append((shape.outline[::step], hexed(shape.colour), shape.colour[3]))
    return _paths(kept, FINE if detail == "fine" else UNIT)


def _paths(pieces: list[tuple[FloatArray, str, float]], unit: int = UNIT) -> str:
    """Outlines, colours and covers as SVG, neighbours of one colour in one path."""
    parts: list[str] = []
    before: tuple[str, str] | None = None
    for number, (outline, colour, cover) in enumerate(pieces):
        look = colour, f"{cover:.2g}"
        if look == before and (cover == 1 or not _touch(outline, pieces[number - 1][0])):
            parts[-1] += _closed(outline, unit)
            continue
        before = look
        shown = "" if look[1] == "1" else f' opacity="{look[1]}"'
        parts.append(f'<path fill="{colour}"{shown} d="{_closed(outline, unit)}')
    return "".join(f'{part}"/>' for part in parts)


def _touch(one: FloatArray, other: FloatArray) -> bool:
    """Whether outlines may overlap: in one path, what shines through would not add up."""
    return bool((one.min(axis=0) < other.max(axis=0)).all() and (other.min(axis=0) < one.max(axis=0)).all())


def _closed(outline: FloatArray, unit: int) -> str:
    """A closed path, in whole units from corner to corner."""
    places = np.round(unit / 2 * (1 + outline / REACH_OUT * (1, -1))).astype(int)
    steps = np.diff(places, axis=0)
    return (
        f"M{places[0, 0]} {places[0, 1]}l"
        + "".join(
            f"{x}{'' if y < 0 else ' '}{y}{'' if i == len(steps) - 1 or steps[i + 1, 0] < 0 else ' '}"
            for i, (x, y) in enumerate(steps.tolist())
        )
        + "z"
    )


@functools.lru_cache(maxsize=64)
def piece_symbol(topping: str) -> Symbol:
    """One piece of a topping before the oven.

    Examples
    --------
    >>> piece_symbol("Ham").name == piece_symbol("Ham").name != piece_symbol("Figs").name
    True
    """
    look = LOOKS[topping][1] if topping in LOOKS else generic(topping)
    pieces = look(np.random.default_rng(1))
    drawn = _paths([(outline, hexed(as_rgb(colour)), 1.0) for outline, colour in pieces])
    return Symbol(f"piece-{zlib.crc32(drawn.encode()):08x}", drawn, UNIT)


# -- tiny ----------------------------------------------------------------------------------------------------

PIECES = (9, 10, 12)  # on a pizza of one topping, of two, of more
LARGE = (0.27, 0.26, 0.245)  # radius of a piece
SUNFLOWER = 2.39996  # radians from one seed to the next


@functools.lru_cache(maxsize=512)
def _tiny(pizza: Pizza, box: int | None) -> Symbol:
    """So small a pizza has room for few pieces, so they are large and simply cut."""
    bake = Bake(doneness(pizza), doneness(pizza, in_hot_spot=True))
    toppings = pizza.toppings or ("Basil",)
    drawn = _base(pizza.sauce, pizza.cheese, pizza.amount, bake)
    drawn += "".join(_pieces(one, slot, len(toppings), bake) for slot, one in enumerate(toppings))
    side = UNIT
    if box is not None:
        drawn, side = _boxed(drawn, box), UNIT + 2 * MARGIN
    return Symbol(f"tiny-{zlib.crc32(drawn.encode()):08x}", drawn, side, wide=80)


@functools.lru_cache(maxsize=64)
def _base(sauce: str, cheese: str, amount: str, bake: Bake) -> str:
    """Crust, sauce and cheese; a burnt one with char."""
    crust = crust_colour(bake.evenly)
    disc, ashes = circle(1.0, 32), float(np.interp(bake.evenly, [1.6, 2.4], [0.0, 0.6]))
    discs: list[tuple[FloatArray, Colour]] = [
        (disc, blend(blend(crust, CHARCOAL, 0.35), "#8a7a6c", ashes)),  # black on black would not be seen
        (0.96 * disc, crust),
    ]
    if bake.uneven:
        discs.append((sector(0.8, 0.97, *HOT_QUARTER), crust_colour(bake.in_hot_spot)))
    discs.append((0.83 * disc, roast(SAUCE_COLOURS.get(sauce, "#bd3a1c"), bake.evenly)))
    if cheese in CHEESE_COLOURS:
        size = {"Mild": 0.68, "Extra": 0.79}.get(amount, 0.75)
        golden = float(np.interp(bake.evenly, [0.3, 1.0], [0.0, 0.2]))
        melted = blend(CHEESE_COLOURS[cheese], "#f0b040", golden)
        discs.append((size * disc, roast(melted, bake.evenly)))
    char = round(float(np.interp(bake.evenly, [1.3, 2.5], [0, 14])))
    spots = [(moved(circle(0.09, 7), at=_seed(i, 14, 0.9)), CHARCOAL) for i in range(char)]
    return _paths([(outline, hexed(as_rgb(colour)), 1.0) for outline, colour in (*discs, *spots)])


def _seed(number: int, count: int, reach: float) -> tuple[float, float]:
    """Where seed `number` of a sunflower of so many lies."""
    radius, angle = reach * math.sqrt((number + 0.6) / count), SUNFLOWER * number
    return radius * math.cos(angle), radius * math.sin(angle)


@functools.lru_cache(maxsize=512)
def _pieces(topping: str, slot: int, slots: int, bake: Bake) -> str:
    """The pieces of one of so many toppings; those of the others lie between them."""
    few = min(slots, 3) - 1
    count, size = max(PIECES[few], slots), LARGE[few]
    places = [_seed(number, count, 0.66) for number in range(slot, count, slots)]
    return _paths(
        [
            (
                moved(outline, scale=size, angle=1.3 * slot + 2.1 * number, at=at),
                hexed(roast(colour, bake.at(*at))),
                1.0,
            )
            for outline, colour in _cut(topping)
            for number, at in enumerate(places)
        ]
    )


@functools.lru_cache(maxsize=64)
def _cut(topping: str) -> tuple[tuple[FloatArray, Colour], ...]:
    """One piece of a topping, of radius 1: what of it can be seen at a few px, with few corners."""
    look = LOOKS[topping][1] if topping in LOOKS else generic(topping)
    pieces = look(np.random.default_rng(1))
    large = [(outline, colour) for outline, colour in pieces if np.ptp(outline, axis=0).min() > 0.25]
    return tuple((_simpler(outline), colour) for outline, colour in large[:4])


def _simpler(outline: FloatArray, most: int = 12, least: float = 0.015) -> FloatArray:
    """Leave out corner after corner, the one that changes the shape least (Visvalingam, Whyatt 1993)."""
    while len(outline) > 4:
        before, after = np.roll(outline, 1, axis=0) - outline, np.roll(outline, -1, axis=0) - outline
        areas = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) / 2
        if len(outline) <= most and areas.min() > least:
            break
        outline = np.delete(outline, areas.argmin(), axis=0)
    return outline


def _boxed(drawn: str, pen: int) -> str:
    """A drawing moved into the middle of a box, with the pen's marker in two corners."""
    box = np.sign(circle(1.0, 40)) * np.abs(circle(1.0, 40)) ** 0.25 * REACH_OUT * 0.97
    marker = np.array(palette.MARKERS[palette.PEN_MARKERS[pen]] or circle(1.0, 12)) * (0.11, -0.11)
    marks = [(marker + place, "#fffaf2", 1.0) for place in (-0.82, 0.82)]
    inside = re.sub(
        r"M(\d+) (\d+)", lambda found: f"M{int(found[1]) + MARGIN} {int(found[2]) + MARGIN}", drawn
    )
    return _paths([(box, BOXES[pen], 1.0), *marks], UNIT + 2 * MARGIN) + inside
