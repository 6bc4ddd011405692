"""The shapes that make up a drawn pizza: coloured outlines, from the bottom layer to the top.

Numbers only. A pizza is a disc of radius 1 around (0, 0), and all that lies on it is a polygon with a colour.
Where each piece lies is drawn from a stream that the recipe itself seeds, so the same pizza always looks the
same. Crust, cheese and toppings darken with the dose of heat that the kitchen says they got; the quarter in
an oven's hot spot gets a dose of its own.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pizzatune.menus.taste import Pizza, doneness
from pizzatune.parameters import FloatArray
from pizzatune.pictures.outlines import Colour, as_rgb, blend, circle, moved, somewhere, wobbly
from pizzatune.pictures.toppings import LOOKS, generic

RGBA = tuple[float, float, float, float]

RIM = 0.85  # where the crust ends and the sauce begins
CHEESE = 0.79  # how far out the cheese goes
REACH = 0.70  # how far out toppings lie
CHARCOAL = "#241510"
SHADE = (0.2, 0.09, 0.03, 0.16)
HOT_QUARTER = (math.radians(15), math.radians(105))  # which quarter is drawn in the hot spot

SAUCE_COLOURS = {
    "Tomato": "#bd3a1c",
    "Marinara": "#a32c13",
    "Pesto": "#6d8433",
    "White": "#f1e5cb",
    "Alfredo": "#f3e0b0",
    "BBQ": "#642a17",
}
CHEESE_COLOURS = {
    "Mozzarella": "#fbe9b9",
    "Cheddar": "#f6b445",
    "Parmesan": "#f2dd9c",
    "Swiss": "#f8e293",
    "Gorgonzola": "#f3ead0",
}
POOLS = {"Mild": 34, "Medium": 16, "Extra": 5}  # places where sauce shows through the cheese


@dataclass(frozen=True)
class Shape:
    """A polygon on the pizza: corners of shape (n, 2), colour with transparency, and what it belongs to."""

    outline: FloatArray
    colour: RGBA
    layer: str


def pizza_shapes(pizza: Pizza) -> list[Shape]:
    """All polygons of a pizza, bottom layer first.

    Parameters
    ----------
    pizza : Pizza
        The pizza, baked as it says.

    Returns
    -------
    list of Shape
        Corners in pizza radii around (0, 0). The layers are "shadow", "crust", "sauce", "cheese", the name of
        each topping, and "char". The same pizza gives the same shapes.

    Examples
    --------
    >>> shapes = pizza_shapes(Pizza(("Olives",), temperature=225))
    >>> list(dict.fromkeys(shape.layer for shape in shapes))
    ['shadow', 'crust', 'sauce', 'cheese', 'Olives']
    """
    recipe = repr((pizza.toppings, pizza.sauce, pizza.cheese, pizza.amount, pizza.crust))
    seed = zlib.crc32(
        recipe.encode()
    )  # the bake has no part in it: a pale and a burnt twin differ in colour alone
    rngs = [np.random.default_rng([seed, layer]) for layer in range(5)]
    bake = Bake(doneness(pizza), doneness(pizza, in_hot_spot=True))
    shapes = _crust(rngs[0], bake, thin=pizza.crust == "Thin")
    shapes += _sauce(rngs[1], bake, pizza.sauce)
    if pizza.cheese != "No cheese":
        shapes += _cheese(rngs[2], bake, pizza)
    shapes += _toppings(rngs[3], bake, pizza.toppings)
    shapes += _char(rngs[4], bake)
    return shapes


def crust_colour(dose: float) -> tuple[float, float, float]:
    """The colour of crust after a dose of heat: pale dough at 0, golden at 1, burnt from 2 on.

    Examples
    --------
    >>> sum(crust_colour(0.3)) > sum(crust_colour(1.0)) > sum(crust_colour(2.0))
    True
    """
    steps = [0.0, 0.35, 0.7, 1.0, 1.3, 1.7, 2.3, 3.5]
    colours = ["#f7edd8", "#f3dfb8", "#ebc37c", "#d8923f", "#ab6426", "#6b381a", "#382014", "#1f1613"]
    channels = zip(*map(as_rgb, colours), strict=True)
    red, green, blue = (np.interp(dose, steps, channel) for channel in channels)
    return float(red), float(green), float(blue)


def roast(colour: Colour, dose: float) -> tuple[float, float, float]:
    """The colour of a topping or of cheese after a dose of heat: a little paler when raw, black when burnt.

    Examples
    --------
    >>> sum(roast("#b3301c", 2.5)) < sum(roast("#b3301c", 1.0))
    True
    """
    rawness = np.interp(dose, [0.0, 0.8], [0.16, 0.0])
    browning = np.interp(dose, [1.0, 1.3, 1.8], [0.0, 0.22, 0.55])
    charring = np.interp(dose, [1.2, 1.7, 2.5, 4.0], [0.0, 0.3, 0.76, 0.93])
    return blend(
        blend(blend(colour, "#fff6e6", float(rawness)), "#8f4413", float(browning)),
        CHARCOAL,
        float(charring),
    )


@dataclass(frozen=True)
class Bake:
    """The dose of heat, over most of the pizza and in the hot quarter."""

    evenly: float
    in_hot_spot: float

    def at(self, x: float, y: float) -> float:
        low, high = HOT_QUARTER
        return self.in_hot_spot if low <= math.atan2(y, x) <= high else self.evenly

    @property
    def uneven(self) -> bool:
        return self.in_hot_spot > self.evenly * 1.01


# -- layers --------------------------------------------------------------------------------------------------


def _crust(rng: np.random.Generator, bake: Bake, thin: bool) -> list[Shape]:
    """A puffed rim: nested outlines, dark outside, light on the crown, dark where it dips to the sauce."""
    shapes = [
        Shape(moved(circle(1.0 + 0.012 * i), at=(0.012, -0.03)), (0.22, 0.13, 0.06, 0.045), "shadow")
        for i in range(6, -1, -1)
    ]
    rim = wobbly(rng, 1.0, 0.014 if thin else 0.022, count=144)
    colour = crust_colour(bake.evenly)
    crown = 0.965 if thin else 0.935
    for size in np.linspace(1.0, RIM, 16):
        height = 1.0 - abs(size - crown) / (1.0 - crown if size > crown else crown - RIM)
        shade = blend(blend(colour, CHARCOAL, 0.3), blend(colour, "#fff1cf", 0.16), height)
        shapes.append(Shape(rim * size, (*shade, 1.0), "crust"))
    if bake.uneven:
        shapes += _hot_rim(rim, bake)
    for i in range(60):  # blisters, more and more of them
        angle, radius = rng.uniform(0, 2 * math.pi), rng.uniform(0.88, 0.93)
        spot = wobbly(rng, rng.uniform(0.01, 0.03), 0.2, count=14) * (1.0, 0.7)
        at = radius * math.cos(angle), radius * math.sin(angle)
        dark = blend(crust_colour(bake.at(*at)), "#3a1a08", 0.5)
        if i < np.interp(bake.at(*at), [0.3, 0.6, 1.0, 1.5], [0, 6, 28, 60]):
            shapes.append(Shape(moved(spot, angle=angle + math.pi / 2, at=at), (*dark, 0.45), "crust"))
    return shapes


def _hot_rim(rim: FloatArray, bake: Bake) -> list[Shape]:
    """Wedges laid over the crust in the hot quarter, each a little wider, so that their ends fade."""
    low, high = HOT_QUARTER
    middle, half = (low + high) / 2, (high - low) / 2
    angles = np.arctan2(rim[:, 1], rim[:, 0])
    radii = np.hypot(rim[:, 0], rim[:, 1])
    order = np.argsort(angles)
    wedges = []
    for width in np.linspace(0.7, 1.15, 7):
        turn = np.linspace(middle - half * width, middle + half * width, 60)
        reach = np.interp(turn, angles[order], radii[order], period=2 * math.pi)
        ray = np.column_stack([np.cos(turn), np.sin(turn)])
        outline = np.vstack([ray * reach[:, None], (ray * RIM)[::-1]])
        wedges.append(Shape(outline, (*crust_colour(bake.in_hot_spot), 0.34), "crust"))
    return wedges


def _sauce(rng: np.random.Generator, bake: Bake, sauce: str) -> list[Shape]:
    base = SAUCE_COLOURS.get(sauce, "#bd3a1c")
    outline = wobbly(rng, RIM, 0.018, count=120)
    layer: list[tuple[FloatArray, Colour, float]] = [
        (outline * 1.015, blend(base, CHARCOAL, 0.35), 1.0),
        (outline, base, 1.0),
    ]
    for i in range(60):  # spread with a spoon: some places lie thicker
        at = somewhere(rng, RIM * 0.88)
        spot = wobbly(rng, rng.uniform(0.03, 0.09), 0.2, count=24, waves=(2, 5))
        tone = blend(base, "#ffd9a0", 0.22) if i % 2 else blend(base, CHARCOAL, 0.22)
        layer.append((moved(spot, at=at), tone, 0.35))
    return [Shape(o, (*roast(c, _local(bake, o)), a), "sauce") for o, c, a in layer]


def _cheese(rng: np.random.Generator, bake: Bake, pizza: Pizza) -> list[Shape]:
    """A melted sheet with an uneven edge, pools of sauce in it, and bubbles that brown with the bake."""
    base = CHEESE_COLOURS.get(pizza.cheese, CHEESE_COLOURS["Mozzarella"])
    sauce = SAUCE_COLOURS.get(pizza.sauce, "#bd3a1c")
    golden = float(np.interp(bake.evenly, [0.3, 1.0], [0.0, 0.2]))
    melted = blend(base, "#f0b040", golden)
    size = CHEESE * {"Mild": 0.95, "Extra": 1.03}.get(pizza.amount, 1.0)
    sheet = wobbly(rng, size, 0.05, count=160, waves=(3, 13))
    layer: list[tuple[FloatArray, Colour, float]] = [
        (sheet * 1.012, blend(melted, "#8a3a12", 0.55), 0.75),
        (sheet, melted, 1.0),
    ]
    for _ in range(POOLS[pizza.amount]):  # sauce shows through, with a soft edge
        at = somewhere(rng, size * 0.93)
        pool = wobbly(rng, rng.uniform(0.03, 0.085), 0.22, count=32, waves=(2, 5))
        layer += [
            (moved(pool * k, at=at), blend(sauce, melted, 0.25), alpha)
            for k, alpha in ((1.25, 0.35), (1.0, 0.75))
        ]
    for _ in range(46):  # thick and thin places
        at = somewhere(rng, size * 0.9)
        light = blend(melted, "#fffdf3", rng.uniform(0.2, 0.75))
        layer.append(
            (moved(wobbly(rng, rng.uniform(0.03, 0.1), 0.2, count=32, waves=(2, 5)), at=at), light, 0.5)
        )
    if pizza.cheese == "Gorgonzola":
        for _ in range(40):
            at = somewhere(rng, size * 0.9)
            layer.append((moved(wobbly(rng, rng.uniform(0.012, 0.03), 0.3, count=12), at=at), "#5f7a86", 0.8))
    for i in range(34):  # bubbles brown one after the other
        at = somewhere(rng, size * 0.92)
        bubble = moved(wobbly(rng, rng.uniform(0.02, 0.055), 0.18, count=20), at=at)
        if i < np.interp(bake.at(*at), [0.55, 1.0, 1.4], [0, 17, 34]):
            layer += [
                (bubble, blend(melted, "#b5651d", 0.75), 0.55),
                (0.4 * bubble + 0.6 * np.array(at), "#8a4513", 0.35),
            ]
    return [Shape(o, (*roast(c, _local(bake, o)), a), "cheese") for o, c, a in layer]


def _toppings(rng: np.random.Generator, bake: Bake, toppings: Iterable[str]) -> list[Shape]:
    """Each topping's pieces where there is most room, large ones first, each with a small shadow."""
    names = list(toppings) or ["Basil"]  # a margherita
    room = (0.52, 0.56, 0.60)[min(len(names), 3) - 1] * math.pi * REACH**2 / len(names)  # for each topping
    pieces = []
    for name in names:
        size = LOOKS[name][0] if name in LOOKS else 0.11
        count = int(np.clip(round(room / (math.pi * size**2)), 4, 24))
        pieces += [(size, name)] * count
    pieces.sort(key=lambda piece: -piece[0])
    spots = _spread(rng, np.array([size for size, _ in pieces]))
    shapes = []
    for (size, name), (x, y) in zip(pieces, spots, strict=True):
        angle, grown = rng.uniform(0, 2 * math.pi), size * rng.uniform(0.92, 1.08)
        look = LOOKS[name][1] if name in LOOKS else generic(name)
        dose = bake.at(x, y)
        drawn = [
            (moved(outline, scale=grown, angle=angle, at=(x, y)), colour) for outline, colour in look(rng)
        ]
        under = drawn[0][0]
        shapes += [Shape(moved(under, at=(0.010 * k, -0.013 * k)), SHADE, name) for k in (2, 1)]
        shapes += [Shape(outline, (*roast(colour, dose), 1.0), name) for outline, colour in drawn]
    return shapes


def _spread(rng: np.random.Generator, sizes: FloatArray) -> FloatArray:
    """A place for each piece, shape (n, 2): thrown on at random, then spread by a cook who likes order."""
    spots = np.array([somewhere(rng, REACH) for _ in sizes])
    # They push one another as if they were too large for the pizza, so that all get the same room.
    wanted = (sizes[:, None] + sizes[None, :]) * max(REACH * math.sqrt(1.7 / float(sizes @ sizes)), 1.1)
    for _ in range(150):
        gap = spots[:, None, :] - spots[None, :, :]
        distance = np.hypot(gap[..., 0], gap[..., 1]) + np.eye(len(sizes)) * 9.0
        push = np.maximum(wanted - distance, 0.0) / distance
        spots = spots + 0.25 * (gap * push[..., None]).sum(axis=1)
        reach = REACH + 0.04 - 0.6 * sizes
        far = np.maximum(np.hypot(spots[:, 0], spots[:, 1]) / reach, 1.0)
        spots = spots / far[:, None]
    return spots


def _char(rng: np.random.Generator, bake: Bake) -> list[Shape]:
    """Black patches where the dose is well above golden."""
    shapes = []
    for i in range(70):
        radius, angle = math.sqrt(rng.uniform(0.02, 1.0)) * 0.92, rng.uniform(-math.pi, math.pi)
        at = radius * math.cos(angle), radius * math.sin(angle)
        spot = wobbly(rng, rng.uniform(0.015, 0.06), 0.3, count=20)
        if i < np.interp(bake.at(*at), [1.3, 1.8, 2.5], [0, 26, 70]):
            spot *= min(1.0, (0.95 - radius) / (1.3 * np.abs(spot).max()))  # stays on the pizza
            shapes += [
                Shape(moved(spot * k, at=at), (*as_rgb(CHARCOAL), a), "char")
                for k, a in ((1.3, 0.25), (0.8, 0.6))
            ]
    return shapes


def _local(bake: Bake, outline: FloatArray) -> float:
    """The dose where a piece lies; a piece that surrounds the middle is baked as most of the pizza."""
    x, y = outline.mean(axis=0)
    return bake.evenly if math.hypot(x, y) < 0.02 else bake.at(float(x), float(y))
