"""The shapes that make up a drawn pizza: coloured outlines, from the bottom layer to the top.

Numbers only. A pizza is a disc of radius 1 around (0, 0), and all that lies on it is a polygon with a colour.
Where each piece lies is drawn from a stream that the recipe itself seeds, so the same pizza always looks the
same. Crust, cheese and toppings darken with the dose of heat that the kitchen says they got; the quarter in
an oven's hot spot gets a dose of its own.
"""

from __future__ import annotations

import colorsys
import math
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_rgb

from pizzatune.menus.taste import Pizza, doneness
from pizzatune.parameters import FloatArray

Colour = str | tuple[float, float, float]
Piece = tuple[
    FloatArray, Colour
]  # an outline around (0, 0), of radius about 1, and its colour before the oven
Look = Callable[[np.random.Generator], list[Piece]]
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
    bake = _Bake(doneness(pizza), doneness(pizza, in_hot_spot=True))
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
    red, green, blue = (np.interp(dose, steps, channel) for channel in zip(*map(_rgb, colours), strict=True))
    return float(red), float(green), float(blue)


def crust_word(dose: float) -> str:
    """The dose in a word.

    Examples
    --------
    >>> [crust_word(dose) for dose in (0.2, 0.6, 1.0, 1.4, 2.0)]
    ['raw', 'pale', 'golden', 'dark', 'burnt']
    """
    words = ("raw", "pale", "golden", "dark", "burnt")
    return words[int(np.searchsorted([0.35, 0.8, 1.2, 1.6], dose, side="right"))]


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
    return _blend(
        _blend(_blend(colour, "#fff6e6", float(rawness)), "#8f4413", float(browning)),
        CHARCOAL,
        float(charring),
    )


@dataclass(frozen=True)
class _Bake:
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


def _crust(rng: np.random.Generator, bake: _Bake, thin: bool) -> list[Shape]:
    """A puffed rim: nested outlines, dark outside, light on the crown, dark where it dips to the sauce."""
    shapes = [
        Shape(_moved(_circle(1.0 + 0.012 * i), at=(0.012, -0.03)), (0.22, 0.13, 0.06, 0.045), "shadow")
        for i in range(6, -1, -1)
    ]
    rim = _wobbly(rng, 1.0, 0.014 if thin else 0.022, count=144)
    colour = crust_colour(bake.evenly)
    crown = 0.965 if thin else 0.935
    for size in np.linspace(1.0, RIM, 16):
        height = 1.0 - abs(size - crown) / (1.0 - crown if size > crown else crown - RIM)
        shade = _blend(_blend(colour, CHARCOAL, 0.3), _blend(colour, "#fff1cf", 0.16), height)
        shapes.append(Shape(rim * size, (*shade, 1.0), "crust"))
    if bake.uneven:
        shapes += _hot_rim(rim, bake)
    for i in range(60):  # blisters, more and more of them
        angle, radius = rng.uniform(0, 2 * math.pi), rng.uniform(0.88, 0.975)
        spot = _wobbly(rng, rng.uniform(0.01, 0.03), 0.2, count=14) * (1.0, 0.7)
        at = radius * math.cos(angle), radius * math.sin(angle)
        dark = _blend(crust_colour(bake.at(*at)), "#3a1a08", 0.5)
        if i < np.interp(bake.at(*at), [0.3, 0.6, 1.0, 1.5], [0, 6, 28, 60]):
            shapes.append(Shape(_moved(spot, angle=angle + math.pi / 2, at=at), (*dark, 0.45), "crust"))
    return shapes


def _hot_rim(rim: FloatArray, bake: _Bake) -> list[Shape]:
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


def _sauce(rng: np.random.Generator, bake: _Bake, sauce: str) -> list[Shape]:
    base = SAUCE_COLOURS.get(sauce, "#bd3a1c")
    outline = _wobbly(rng, RIM, 0.018, count=120)
    layer: list[tuple[FloatArray, Colour, float]] = [
        (outline * 1.015, _blend(base, CHARCOAL, 0.35), 1.0),
        (outline, base, 1.0),
    ]
    for i in range(60):  # spread with a spoon: some places lie thicker
        at = _somewhere(rng, RIM * 0.88)
        spot = _wobbly(rng, rng.uniform(0.03, 0.09), 0.2, count=24, waves=(2, 5))
        tone = _blend(base, "#ffd9a0", 0.22) if i % 2 else _blend(base, CHARCOAL, 0.22)
        layer.append((_moved(spot, at=at), tone, 0.35))
    return [Shape(o, (*roast(c, _local(bake, o)), a), "sauce") for o, c, a in layer]


def _cheese(rng: np.random.Generator, bake: _Bake, pizza: Pizza) -> list[Shape]:
    """A melted sheet with an uneven edge, pools of sauce in it, and bubbles that brown with the bake."""
    base = CHEESE_COLOURS.get(pizza.cheese, CHEESE_COLOURS["Mozzarella"])
    sauce = SAUCE_COLOURS.get(pizza.sauce, "#bd3a1c")
    golden = float(np.interp(bake.evenly, [0.3, 1.0], [0.0, 0.2]))
    melted = _blend(base, "#f0b040", golden)
    size = CHEESE * {"Mild": 0.95, "Extra": 1.03}.get(pizza.amount, 1.0)
    sheet = _wobbly(rng, size, 0.05, count=160, waves=(3, 13))
    layer: list[tuple[FloatArray, Colour, float]] = [
        (sheet * 1.012, _blend(melted, "#8a3a12", 0.55), 0.75),
        (sheet, melted, 1.0),
    ]
    for _ in range(POOLS[pizza.amount]):  # sauce shows through, with a soft edge
        at = _somewhere(rng, size * 0.93)
        pool = _wobbly(rng, rng.uniform(0.03, 0.085), 0.22, count=32, waves=(2, 5))
        layer += [
            (_moved(pool * k, at=at), _blend(sauce, melted, 0.25), alpha)
            for k, alpha in ((1.25, 0.35), (1.0, 0.75))
        ]
    for _ in range(46):  # thick and thin places
        at = _somewhere(rng, size * 0.9)
        light = _blend(melted, "#fffdf3", rng.uniform(0.2, 0.75))
        layer.append(
            (_moved(_wobbly(rng, rng.uniform(0.03, 0.1), 0.2, count=32, waves=(2, 5)), at=at), light, 0.5)
        )
    if pizza.cheese == "Gorgonzola":
        for _ in range(40):
            at = _somewhere(rng, size * 0.9)
            layer.append(
                (_moved(_wobbly(rng, rng.uniform(0.012, 0.03), 0.3, count=12), at=at), "#5f7a86", 0.8)
            )
    for i in range(34):  # bubbles brown one after the other
        at = _somewhere(rng, size * 0.92)
        bubble = _moved(_wobbly(rng, rng.uniform(0.02, 0.055), 0.18, count=20), at=at)
        if i < np.interp(bake.at(*at), [0.55, 1.0, 1.4], [0, 17, 34]):
            layer += [
                (bubble, _blend(melted, "#b5651d", 0.75), 0.55),
                (0.4 * bubble + 0.6 * np.array(at), "#8a4513", 0.35),
            ]
    return [Shape(o, (*roast(c, _local(bake, o)), a), "cheese") for o, c, a in layer]


def _toppings(rng: np.random.Generator, bake: _Bake, toppings: Iterable[str]) -> list[Shape]:
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
        look = LOOKS[name][1] if name in LOOKS else _generic(name)
        dose = bake.at(x, y)
        drawn = [
            (_moved(outline, scale=grown, angle=angle, at=(x, y)), colour) for outline, colour in look(rng)
        ]
        under = drawn[0][0]
        shapes += [Shape(_moved(under, at=(0.010 * k, -0.013 * k)), SHADE, name) for k in (2, 1)]
        shapes += [Shape(outline, (*roast(colour, dose), 1.0), name) for outline, colour in drawn]
    return shapes


def _spread(rng: np.random.Generator, sizes: FloatArray) -> FloatArray:
    """A place for each piece, shape (n, 2): thrown on at random, then spread by a cook who likes order."""
    spots = np.array([_somewhere(rng, REACH) for _ in sizes])
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


def _char(rng: np.random.Generator, bake: _Bake) -> list[Shape]:
    """Black patches where the dose is well above golden."""
    shapes = []
    for i in range(70):
        radius, angle = math.sqrt(rng.uniform(0.02, 1.0)) * 0.92, rng.uniform(-math.pi, math.pi)
        at = radius * math.cos(angle), radius * math.sin(angle)
        spot = _wobbly(rng, rng.uniform(0.015, 0.06), 0.3, count=20)
        if i < np.interp(bake.at(*at), [1.3, 1.8, 2.5], [0, 26, 70]):
            spot *= min(1.0, (0.95 - radius) / (1.3 * np.abs(spot).max()))  # stays on the pizza
            shapes += [
                Shape(_moved(spot * k, at=at), (*to_rgb(CHARCOAL), a), "char")
                for k, a in ((1.3, 0.25), (0.8, 0.6))
            ]
    return shapes


# -- looks of the toppings, each of radius about 1; the first piece is the whole silhouette ------------------


def _pepperoni(rng: np.random.Generator) -> list[Piece]:
    disc = _wobbly(rng, 1.0, 0.03)
    flecks = [
        (_moved(_wobbly(rng, rng.uniform(0.06, 0.12), 0.3, 12), at=_somewhere(rng, 0.7)), "#e39a78")
        for _ in range(9)
    ]
    return [(disc, "#7a1a10"), (disc * 0.9, "#a92a18"), (disc * 0.74 + (-0.06, 0.07), "#bd3a22"), *flecks]


def _chorizo(rng: np.random.Generator) -> list[Piece]:
    disc = _wobbly(rng, 1.0, 0.04) * (1.0, 0.78)
    fat = [
        (_moved(_wobbly(rng, rng.uniform(0.07, 0.14), 0.3, 12), at=_somewhere(rng, 0.58)), "#f2cfa4")
        for _ in range(7)
    ]
    specks = [(_moved(_circle(0.06, 10), at=_somewhere(rng, 0.6)), "#7c200c") for _ in range(5)]
    return [(disc, "#74200d"), (disc * 0.9, "#c14d1c"), *specks, *fat]


def _sausage(rng: np.random.Generator) -> list[Piece]:
    lump = _wobbly(rng, 1.0, 0.16, waves=(2, 7)) * (1.0, rng.uniform(0.75, 0.95))
    bumps = [
        (_moved(_wobbly(rng, rng.uniform(0.15, 0.3), 0.2, 16), at=_somewhere(rng, 0.55)), "#b58156")
        for _ in range(5)
    ]
    specks = [(_moved(_circle(0.06, 8), at=_somewhere(rng, 0.6)), "#4d2d1a") for _ in range(7)]
    return [(lump, "#5a351d"), (lump * 0.87 + (-0.04, 0.05), "#956240"), *bumps, *specks]


def _ham(rng: np.random.Generator) -> list[Piece]:
    square = _rounded_square(0.86) * (1.0, rng.uniform(0.85, 1.0)) * (1 + 0.05 * rng.normal())
    streaks = [
        (_moved(_ribbon(0.35, 0.05, 0.05, rng.uniform(0, 6)), angle=0.6, at=_somewhere(rng, 0.4)), "#fadcd5")
        for _ in range(3)
    ]
    fold = np.array([[-0.74, 0.14], [-0.14, 0.74], [-0.74, 0.74]])
    return [(square, "#c2686a"), (square * 0.9, "#eea6a0"), *streaks, (fold, "#f5c3bb")]


def _prosciutto(rng: np.random.Generator) -> list[Piece]:
    phase = rng.uniform(0, 6)
    stripes = [
        (_ribbon(0.93, 0.2, 0.05, phase, offset=y), tone)
        for y, tone in ((-0.17, "#d9837a"), (0.08, "#f0b7ab"), (0.2, "#c8625c"))
    ]
    return [
        (_ribbon(1.0, 0.2, 0.4, phase), "#8f2f31"),
        (_ribbon(0.96, 0.2, 0.34, phase), "#bb4f4d"),
        *stripes,
        (_ribbon(0.93, 0.2, 0.07, phase, offset=0.3), "#fbe8da"),
    ]


def _bacon(rng: np.random.Generator) -> list[Piece]:
    phase = rng.uniform(0, 6)
    return [
        (_ribbon(1.0, 0.13, 0.31, phase, turns=2.2), "#6b1f12"),
        (_ribbon(0.97, 0.13, 0.26, phase, turns=2.2), "#a93c26"),
        (_ribbon(0.96, 0.13, 0.07, phase, turns=2.2, offset=0.13), "#f6d8ae"),
        (_ribbon(0.96, 0.13, 0.045, phase, turns=2.2, offset=-0.08), "#f0c493"),
        (_ribbon(0.96, 0.13, 0.03, phase, turns=2.2, offset=-0.2), "#7c2818"),
    ]


def _chicken(rng: np.random.Generator) -> list[Piece]:
    chunk = _wobbly(rng, 1.0, 0.1, waves=(2, 6)) * (1.0, 0.72)
    marks = [
        (_moved(_ribbon(0.36, 0.02, 0.06, 0.0), angle=1.2, at=(x, 0.0)), "#94602c")
        for x in (-0.45, 0.0, 0.45)
    ]
    return [(chunk, "#a8763b"), (chunk * 0.9, "#e9c88d"), (chunk * 0.62 + (-0.08, 0.1), "#f5dfb4"), *marks]


def _prawns(rng: np.random.Generator) -> list[Piece]:
    start, end = math.radians(-40), math.radians(215)
    body = _arc(0.66, start, end, 0.62, 0.2)
    segments = [
        (_arc(0.66, a, a + 0.07, 0.4, 0.36), "#fcd9c6") for a in np.linspace(start + 0.5, end - 0.7, 6)
    ]
    at = 0.66 * math.cos(end), 0.66 * math.sin(end)
    tail = [(_moved(_leaf(0.45, 0.16), angle=end + turn, at=at), "#cf5335") for turn in (1.2, 1.9)]
    return [(body, "#c65a3b"), (_arc(0.66, start, end, 0.48, 0.12), "#f6a081"), *segments, *tail]


def _anchovies(rng: np.random.Generator) -> list[Piece]:
    bend = rng.uniform(-0.25, 0.25)
    return [
        (_fillet(1.0, 0.2, bend), "#4c4038"),
        (_fillet(0.95, 0.15, bend), "#8b7a69"),
        (_moved(_fillet(0.8, 0.045, bend), at=(0.0, 0.05)), "#d8cdbb"),
    ]


def _mushrooms(rng: np.random.Generator) -> list[Piece]:
    slice_ = _mushroom_slice()
    gills = _arc(0.52, math.radians(200), math.radians(340), 0.13, 0.13) * (1.0, 0.55)
    return [
        (slice_, "#8a6844"),
        (slice_ * 0.88 + (0.0, 0.02), "#f1e3c9"),
        (_moved(gills, at=(0.0, 0.30)), "#a5845c"),
        (_moved(gills, at=(0.0, 0.33)), "#cdb48d"),
    ]


def _pineapple(rng: np.random.Generator) -> list[Piece]:
    half = math.radians(34)

    def wedge(inner: float, outer: float, spread: float) -> FloatArray:
        return _sector(inner, outer, -spread, spread) - (0.75, 0.0)

    lines = [
        (_sector(0.5, 1.3, a - 0.018, a + 0.018) - (0.75, 0.0), "#e3a21f") for a in (-0.36, -0.12, 0.12, 0.36)
    ]
    return [
        (wedge(0.3, 1.5, half), "#c98512"),
        (wedge(0.37, 1.42, half * 0.88), "#f8cf3e"),
        (wedge(0.6, 1.2, half * 0.5), "#fde07a"),
        *lines,
    ]


def _green_peppers(rng: np.random.Generator) -> list[Piece]:
    return _pepper_strip(rng, "#2a5c22", "#5fa53f", "#b4dc8d")


def _peppers(rng: np.random.Generator) -> list[Piece]:
    return _pepper_strip(
        rng, *(("#8f1d12", "#d8402a", "#f7957d"), ("#b97708", "#f3b52b", "#fbe08a"))[rng.integers(2)]
    )


def _pepper_strip(rng: np.random.Generator, edge: str, flesh: str, light: str) -> list[Piece]:
    start = 0.0
    end = rng.uniform(2.6, 4.0)
    radius = 0.78
    return [
        (_arc(radius, start, end, 0.36, 0.36), edge),
        (_arc(radius, start + 0.05, end - 0.05, 0.24, 0.24), flesh),
        (_arc(radius + 0.06, start + 0.25, end - 0.35, 0.07, 0.05), light),
    ]


def _spinach(rng: np.random.Generator) -> list[Piece]:
    leaf = _leaf(2.0, 0.72) - (1.0, 0.0)
    leaf = leaf * (1 + 0.07 * np.sin(9 * np.arctan2(leaf[:, 1], leaf[:, 0]) + rng.uniform(0, 6)))[:, None]
    return [(leaf, "#1f431b"), (leaf * 0.9, "#3b7030"), *_veins("#8db46d", 0.9)]


def _basil(rng: np.random.Generator) -> list[Piece]:
    leaf = _leaf(2.0, 0.62) - (1.0, 0.0)
    half = leaf[leaf[:, 1] >= -1e-9]
    return [
        (leaf, "#2a6420"),
        (leaf * 0.92, "#4f9a35"),
        (half * 0.86 + (0.0, 0.02), "#6bb548"),
        *_veins("#bfe096", 0.85),
    ]


def _veins(colour: str, length: float) -> list[Piece]:
    rib: list[Piece] = [(_ribbon(length, 0.0, 0.03, 0.0), colour)]
    for x in (-0.4, 0.0, 0.4):
        rib += [
            (_moved(_ribbon(0.2, 0.0, 0.016, 0.0), angle=turn, at=(x + 0.16, 0.14 * np.sign(turn))), colour)
            for turn in (0.75, -0.75)
        ]
    return rib


def _artichokes(rng: np.random.Generator) -> list[Piece]:
    petals: list[Piece] = []
    for turn in (0.75, -0.75, 0.38, -0.38, 0.0):
        petal = _moved(_leaf(1.75, 0.36), angle=turn, at=(-0.85, 0.0))
        petals += [(petal, "#66722f"), (petal * 0.88 - (0.08, 0.0), "#b3bb6d")]
    heart = _wobbly(rng, 0.36, 0.08) - (0.6, 0.0)
    return [*petals, (heart, "#e9e3b0")]


def _aubergines(rng: np.random.Generator) -> list[Piece]:
    disc = _wobbly(rng, 1.0, 0.04)
    seeds = [
        (
            _moved(_circle(0.07, 8) * (1.5, 0.8), angle=a, at=(0.52 * math.cos(a), 0.52 * math.sin(a))),
            "#a98650",
        )
        for a in np.linspace(0, 2 * math.pi, 11)[:-1]
    ]
    return [(disc, "#331640"), (disc * 0.88, "#ead7a6"), (disc * 0.66, "#dcc389"), *seeds]


def _onions(rng: np.random.Generator) -> list[Piece]:
    start, span = 0.0, rng.uniform(3.6, 5.4)
    rings: list[Piece] = []
    for radius, width in ((0.88, 0.2), (0.52, 0.16)):
        rings += [
            (_arc(radius, start, start + span, width, width), "#843a78"),
            (_arc(radius - 0.03, start + 0.03, start + span - 0.03, width * 0.6, width * 0.6), "#eed5ea"),
        ]
    return rings


def _olives(rng: np.random.Generator) -> list[Piece]:
    return [
        (_arc(0.7, 0.0, 2 * math.pi, 0.56, 0.56), "#1b181b"),
        (_arc(0.72, 0.0, 2 * math.pi, 0.3, 0.3), "#3b343c"),
        (_arc(0.8, 1.7, 3.1, 0.09, 0.05), "#8d858f"),
    ]


def _figs(rng: np.random.Generator) -> list[Piece]:
    outline = _wobbly(rng, 1.0, 0.03)
    outline = outline * (1.0, 0.85) + np.column_stack(
        [0.35 * np.maximum(outline[:, 0], 0) ** 3, np.zeros(len(outline))]
    )
    seeds = [(_moved(_circle(0.055, 8), at=_somewhere(rng, 0.45)), "#f7dfae") for _ in range(14)]
    return [(outline, "#43203f"), (outline * 0.86, "#f0d3b8"), (outline * 0.66, "#b63d43"), *seeds]


def _capers(rng: np.random.Generator) -> list[Piece]:
    ball = _wobbly(rng, 1.0, 0.05, 20)
    return [
        (ball, "#3e4c1c"),
        (ball * 0.82, "#76893a"),
        (_moved(_circle(0.3, 12), at=(-0.25, 0.3)), "#b9c67c"),
    ]


def _walnuts(rng: np.random.Generator) -> list[Piece]:
    half = _wobbly(rng, 1.0, 0.12, waves=(4, 9)) * (1.0, 0.78)
    folds = [
        (_ribbon(0.62, 0.12, 0.06, phase, turns=2.0, offset=y), "#6d4322")
        for y, phase in ((-0.32, 0.0), (0.0, 2.0), (0.32, 4.0))
    ]
    return [(half, "#5f3a1d"), (half * 0.87, "#b5824c"), *folds]


def _garlic(rng: np.random.Generator) -> list[Piece]:
    clove = _leaf(2.0, 0.6) - (1.0, 0.0)
    return [
        (clove, "#b98f4a"),
        (clove * 0.88, "#f7e8c4"),
        (_moved(_leaf(1.3, 0.12), at=(-0.65, -0.05)), "#d9bd83"),
    ]


def _clams(rng: np.random.Generator) -> list[Piece]:
    shell = _sector(0.12, 1.0, math.radians(-78), math.radians(78)) - (0.5, 0.0)
    inside = _sector(0.12, 0.86, math.radians(-72), math.radians(72)) - (0.48, 0.0)
    meat = _wobbly(rng, 0.42, 0.16, 24) * (0.8, 1.0)
    ribs = [
        (_sector(0.5, 0.97, a - 0.03, a + 0.03) - (0.5, 0.0), "#8d7f70") for a in np.linspace(-1.1, 1.1, 7)
    ]
    return [
        (shell, "#6f6256"),
        (inside, "#d9cfc0"),
        *ribs,
        (meat, "#c98a3e"),
        (meat * 0.8 + (-0.03, 0.05), "#f3c987"),
    ]


def _generic(name: str) -> Look:
    """For a topping nobody has drawn yet: a lump in a colour of its own."""
    hue = zlib.crc32(name.encode()) % 360 / 360
    tones = [colorsys.hls_to_rgb(hue, light, 0.45) for light in (0.28, 0.48, 0.66)]

    def look(rng: np.random.Generator) -> list[Piece]:
        lump = _wobbly(rng, 1.0, 0.1, waves=(2, 6))
        return [(lump, tones[0]), (lump * 0.86, tones[1]), (lump * 0.4 + (-0.2, 0.22), tones[2])]

    return look


LOOKS: dict[str, tuple[float, Look]] = {
    "Pepperoni": (0.150, _pepperoni),
    "Ham": (0.150, _ham),
    "Sausage": (0.105, _sausage),
    "Chicken": (0.135, _chicken),
    "Bacon": (0.190, _bacon),
    "Prosciutto": (0.210, _prosciutto),
    "Chorizo": (0.130, _chorizo),
    "Prawns": (0.135, _prawns),
    "Anchovies": (0.190, _anchovies),
    "Mushrooms": (0.135, _mushrooms),
    "Pineapple": (0.125, _pineapple),
    "Green Peppers": (0.125, _green_peppers),
    "Peppers": (0.125, _peppers),
    "Spinach": (0.130, _spinach),
    "Artichokes": (0.155, _artichokes),
    "Aubergines": (0.150, _aubergines),
    "Onions": (0.130, _onions),
    "Olives": (0.075, _olives),
    "Figs": (0.115, _figs),
    "Capers": (0.038, _capers),
    "Walnuts": (0.085, _walnuts),
    "Basil": (0.135, _basil),
    "Garlic": (0.070, _garlic),
    "Clams": (0.120, _clams),
}
"""How large each topping's pieces are, in pizza radii, and how one looks."""


# -- outlines ------------------------------------------------------------------------------------------------


def _circle(radius: float, count: int = 96) -> FloatArray:
    turn = np.linspace(0.0, 2 * math.pi, count, endpoint=False)
    return radius * np.column_stack([np.cos(turn), np.sin(turn)])


def _wobbly(
    rng: np.random.Generator, radius: float, wobble: float, count: int = 40, waves: tuple[int, int] = (2, 6)
) -> FloatArray:
    """A circle with a hand-made edge: a few waves of random phase, together `wobble` of the radius deep."""
    turn = np.linspace(0.0, 2 * math.pi, count, endpoint=False)
    numbers = np.arange(*waves)
    depth = rng.uniform(0.2, 1.0, len(numbers))
    swing = (depth / depth.sum()) @ np.cos(
        numbers[:, None] * turn + rng.uniform(0, 2 * math.pi, (len(numbers), 1))
    )
    reach = radius * (1.0 + wobble * (swing if radius < 1.0 else swing - 1.0))  # nothing hangs over the rim
    return np.column_stack([reach * np.cos(turn), reach * np.sin(turn)])


def _ribbon(
    half: float, wave: float, width: float, phase: float, turns: float = 1.2, offset: float = 0.0
) -> FloatArray:
    """A strip along x from -half to half that waves up and down."""
    x = np.linspace(-half, half, 40)
    middle = offset + wave * np.sin(turns * math.pi * x + phase)
    return np.vstack([np.column_stack([x, middle + width]), np.column_stack([x, middle - width])[::-1]])


def _fillet(half: float, width: float, bend: float) -> FloatArray:
    """A bent strip that tapers to both ends."""
    x = np.linspace(-half, half, 30)
    middle, thick = bend * (x**2 - 0.3), width * np.sqrt(np.maximum(1 - (x / half) ** 2, 0.0))
    return np.vstack([np.column_stack([x, middle + thick]), np.column_stack([x, middle - thick])[::-1]])


def _arc(radius: float, start: float, end: float, width: float, end_width: float) -> FloatArray:
    """A piece of a ring whose width changes from one end to the other."""
    turn = np.linspace(start, end, 48)
    half = np.linspace(width, end_width, 48) / 2
    ray = np.column_stack([np.cos(turn), np.sin(turn)])
    return np.vstack([ray * (radius + half)[:, None], (ray * (radius - half)[:, None])[::-1]])


def _sector(inner: float, outer: float, start: float, end: float) -> FloatArray:
    turn = np.linspace(start, end, 16)
    ray = np.column_stack([np.cos(turn), np.sin(turn)])
    return np.vstack([ray * outer, (ray * inner)[::-1]])


def _leaf(length: float, width: float) -> FloatArray:
    """A leaf along x from 0 to length, broad near its stem, pointed at its end."""
    t = np.linspace(0.0, 1.0, 24)
    half = width * np.sin(math.pi * t**0.75)
    return np.vstack([np.column_stack([t * length, half]), np.column_stack([t * length, -half])[::-1]])


def _rounded_square(half: float) -> FloatArray:
    circle = _circle(1.0, 48)
    return half * np.sign(circle) * np.abs(circle) ** 0.45


def _mushroom_slice() -> FloatArray:
    """A mushroom cut lengthwise: a cap above, a stem below."""
    turn = np.linspace(math.radians(-12), math.radians(192), 30)
    cap = np.column_stack([np.cos(turn), 0.15 + 0.78 * np.sin(turn)])
    stem = np.array(
        [
            [-0.72, -0.16],
            [-0.34, -0.02],
            [-0.26, -0.3],
            [-0.34, -0.8],
            [-0.2, -0.92],
            [0.2, -0.92],
            [0.34, -0.8],
            [0.26, -0.3],
            [0.34, -0.02],
            [0.72, -0.16],
        ]
    )
    return np.vstack([cap, stem])


def _moved(
    outline: FloatArray, *, scale: float = 1.0, angle: float = 0.0, at: tuple[float, float] = (0.0, 0.0)
) -> FloatArray:
    cos, sin = math.cos(angle), math.sin(angle)
    turn: FloatArray = np.array([[cos, sin], [-sin, cos]])
    moved: FloatArray = scale * outline @ turn + np.array(at)
    return moved


def _somewhere(rng: np.random.Generator, radius: float) -> tuple[float, float]:
    """A point drawn evenly from a disc."""
    reach, turn = radius * math.sqrt(rng.random()), rng.uniform(0.0, 2 * math.pi)
    return reach * math.cos(turn), reach * math.sin(turn)


# -- colours -------------------------------------------------------------------------------------------------


def _blend(one: Colour, other: Colour, share: float) -> tuple[float, float, float]:
    """`one` with a share of `other` mixed in."""
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return red, green, blue


def _rgb(colour: Colour) -> tuple[float, float, float]:
    """Red, green and blue; matplotlib would remember each mixed colour for good."""
    return to_rgb(colour) if isinstance(colour, str) else colour


def _local(bake: _Bake, outline: FloatArray) -> float:
    """The dose where a piece lies; a piece that surrounds the middle is baked as most of the pizza."""
    x, y = outline.mean(axis=0)
    return bake.evenly if math.hypot(x, y) < 0.02 else bake.at(float(x), float(y))
