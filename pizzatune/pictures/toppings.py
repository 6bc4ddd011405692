"""How 24 toppings look: each is a few coloured outlines around (0, 0), of radius about 1, before the oven."""

from __future__ import annotations

import colorsys
import math
import zlib
from collections.abc import Callable

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures.outlines import (
    Colour,
    arc,
    circle,
    fillet,
    leaf,
    moved,
    mushroom_slice,
    ribbon,
    rounded_square,
    sector,
    somewhere,
    wobbly,
)

Piece = tuple[FloatArray, Colour]
"""An outline and its colour before the oven; the first piece of a topping is its whole silhouette."""

Look = Callable[[np.random.Generator], list[Piece]]


def _pepperoni(rng: np.random.Generator) -> list[Piece]:
    disc = wobbly(rng, 1.0, 0.03)
    flecks = [
        (moved(wobbly(rng, rng.uniform(0.06, 0.12), 0.3, 12), at=somewhere(rng, 0.7)), "#e39a78")
        for _ in range(9)
    ]
    return [(disc, "#7a1a10"), (disc * 0.9, "#a92a18"), (disc * 0.74 + (-0.06, 0.07), "#bd3a22"), *flecks]


def _chorizo(rng: np.random.Generator) -> list[Piece]:
    disc = wobbly(rng, 1.0, 0.04) * (1.0, 0.78)
    fat = [
        (moved(wobbly(rng, rng.uniform(0.07, 0.14), 0.3, 12), at=somewhere(rng, 0.58)), "#f2cfa4")
        for _ in range(7)
    ]
    specks = [(moved(circle(0.06, 10), at=somewhere(rng, 0.6)), "#7c200c") for _ in range(5)]
    return [(disc, "#74200d"), (disc * 0.9, "#c14d1c"), *specks, *fat]


def _sausage(rng: np.random.Generator) -> list[Piece]:
    lump = wobbly(rng, 1.0, 0.16, waves=(2, 7)) * (1.0, rng.uniform(0.75, 0.95))
    bumps = [
        (moved(wobbly(rng, rng.uniform(0.15, 0.3), 0.2, 16), at=somewhere(rng, 0.55)), "#b58156")
        for _ in range(5)
    ]
    specks = [(moved(circle(0.06, 8), at=somewhere(rng, 0.6)), "#4d2d1a") for _ in range(7)]
    return [(lump, "#5a351d"), (lump * 0.87 + (-0.04, 0.05), "#956240"), *bumps, *specks]


def _ham(rng: np.random.Generator) -> list[Piece]:
    square = rounded_square(0.86) * (1.0, rng.uniform(0.85, 1.0)) * (1 + 0.05 * rng.normal())
    streaks = [
        (moved(ribbon(0.35, 0.05, 0.05, rng.uniform(0, 6)), angle=0.6, at=somewhere(rng, 0.4)), "#fadcd5")
        for _ in range(3)
    ]
    fold = np.array([[-0.74, 0.14], [-0.14, 0.74], [-0.74, 0.74]])
    return [(square, "#c2686a"), (square * 0.9, "#eea6a0"), *streaks, (fold, "#f5c3bb")]


def _prosciutto(rng: np.random.Generator) -> list[Piece]:
    phase = rng.uniform(0, 6)
    stripes = [
        (ribbon(0.93, 0.2, 0.05, phase, offset=y), tone)
        for y, tone in ((-0.17, "#d9837a"), (0.08, "#f0b7ab"), (0.2, "#c8625c"))
    ]
    return [
        (ribbon(1.0, 0.2, 0.4, phase), "#8f2f31"),
        (ribbon(0.96, 0.2, 0.34, phase), "#bb4f4d"),
        *stripes,
        (ribbon(0.93, 0.2, 0.07, phase, offset=0.3), "#fbe8da"),
    ]


def _bacon(rng: np.random.Generator) -> list[Piece]:
    phase = rng.uniform(0, 6)
    return [
        (ribbon(1.0, 0.13, 0.31, phase, turns=2.2), "#6b1f12"),
        (ribbon(0.97, 0.13, 0.26, phase, turns=2.2), "#a93c26"),
        (ribbon(0.96, 0.13, 0.07, phase, turns=2.2, offset=0.13), "#f6d8ae"),
        (ribbon(0.96, 0.13, 0.045, phase, turns=2.2, offset=-0.08), "#f0c493"),
        (ribbon(0.96, 0.13, 0.03, phase, turns=2.2, offset=-0.2), "#7c2818"),
    ]


def _chicken(rng: np.random.Generator) -> list[Piece]:
    chunk = wobbly(rng, 1.0, 0.1, waves=(2, 6)) * (1.0, 0.72)
    marks = [
        (moved(ribbon(0.36, 0.02, 0.06, 0.0), angle=1.2, at=(x, 0.0)), "#94602c") for x in (-0.45, 0.0, 0.45)
    ]
    return [(chunk, "#a8763b"), (chunk * 0.9, "#e9c88d"), (chunk * 0.62 + (-0.08, 0.1), "#f5dfb4"), *marks]


def _prawns(rng: np.random.Generator) -> list[Piece]:
    start, end = math.radians(-40), math.radians(215)
    body = arc(0.66, start, end, 0.62, 0.2)
    segments = [
        (arc(0.66, a, a + 0.07, 0.4, 0.36), "#fcd9c6") for a in np.linspace(start + 0.5, end - 0.7, 6)
    ]
    at = 0.66 * math.cos(end), 0.66 * math.sin(end)
    tail = [(moved(leaf(0.45, 0.16), angle=end + turn, at=at), "#cf5335") for turn in (1.2, 1.9)]
    return [(body, "#c65a3b"), (arc(0.66, start, end, 0.48, 0.12), "#f6a081"), *segments, *tail]


def _anchovies(rng: np.random.Generator) -> list[Piece]:
    bend = rng.uniform(-0.25, 0.25)
    return [
        (fillet(1.0, 0.2, bend), "#4c4038"),
        (fillet(0.95, 0.15, bend), "#8b7a69"),
        (moved(fillet(0.8, 0.045, bend), at=(0.0, 0.05)), "#d8cdbb"),
    ]


def _mushrooms(rng: np.random.Generator) -> list[Piece]:
    slice_ = mushroom_slice()
    gills = arc(0.52, math.radians(200), math.radians(340), 0.13, 0.13) * (1.0, 0.55)
    return [
        (slice_, "#8a6844"),
        (slice_ * 0.88 + (0.0, 0.02), "#f1e3c9"),
        (moved(gills, at=(0.0, 0.30)), "#a5845c"),
        (moved(gills, at=(0.0, 0.33)), "#cdb48d"),
    ]


def _pineapple(rng: np.random.Generator) -> list[Piece]:
    half = math.radians(34)

    def wedge(inner: float, outer: float, spread: float) -> FloatArray:
        return sector(inner, outer, -spread, spread) - (0.75, 0.0)

    lines = [
        (sector(0.5, 1.3, a - 0.018, a + 0.018) - (0.75, 0.0), "#e3a21f") for a in (-0.36, -0.12, 0.12, 0.36)
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
        (arc(radius, start, end, 0.36, 0.36), edge),
        (arc(radius, start + 0.05, end - 0.05, 0.24, 0.24), flesh),
        (arc(radius + 0.06, start + 0.25, end - 0.35, 0.07, 0.05), light),
    ]


def _spinach(rng: np.random.Generator) -> list[Piece]:
    blade = leaf(2.0, 0.72) - (1.0, 0.0)
    blade = blade * (1 + 0.07 * np.sin(9 * np.arctan2(blade[:, 1], blade[:, 0]) + rng.uniform(0, 6)))[:, None]
    return [(blade, "#1f431b"), (blade * 0.9, "#3b7030"), *_veins("#8db46d", 0.9)]


def _basil(rng: np.random.Generator) -> list[Piece]:
    blade = leaf(2.0, 0.62) - (1.0, 0.0)
    half = blade[blade[:, 1] >= -1e-9]
    return [
        (blade, "#2a6420"),
        (blade * 0.92, "#4f9a35"),
        (half * 0.86 + (0.0, 0.02), "#6bb548"),
        *_veins("#bfe096", 0.85),
    ]


def _veins(colour: str, length: float) -> list[Piece]:
    rib: list[Piece] = [(ribbon(length, 0.0, 0.03, 0.0), colour)]
    for x in (-0.4, 0.0, 0.4):
        rib += [
            (moved(ribbon(0.2, 0.0, 0.016, 0.0), angle=turn, at=(x + 0.16, 0.14 * np.sign(turn))), colour)
            for turn in (0.75, -0.75)
        ]
    return rib


def _artichokes(rng: np.random.Generator) -> list[Piece]:
    petals: list[Piece] = []
    for turn in (0.75, -0.75, 0.38, -0.38, 0.0):
        petal = moved(leaf(1.75, 0.36), angle=turn, at=(-0.85, 0.0))
        petals += [(petal, "#66722f"), (petal * 0.88 - (0.08, 0.0), "#b3bb6d")]
    heart = wobbly(rng, 0.36, 0.08) - (0.6, 0.0)
    return [*petals, (heart, "#e9e3b0")]


def _aubergines(rng: np.random.Generator) -> list[Piece]:
    disc = wobbly(rng, 1.0, 0.04)
    seeds = [
        (
            moved(circle(0.07, 8) * (1.5, 0.8), angle=a, at=(0.52 * math.cos(a), 0.52 * math.sin(a))),
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
            (arc(radius, start, start + span, width, width), "#843a78"),
            (arc(radius - 0.03, start + 0.03, start + span - 0.03, width * 0.6, width * 0.6), "#eed5ea"),
        ]
    return rings


def _olives(rng: np.random.Generator) -> list[Piece]:
    around = 2 * math.pi + 0.4  # the ends overlap, so that no gap shows where corners are left out
    return [
        (arc(0.7, 0.0, around, 0.56, 0.56), "#1b181b"),
        (arc(0.72, 0.0, around, 0.3, 0.3), "#3b343c"),
        (arc(0.8, 1.7, 3.1, 0.09, 0.05), "#8d858f"),
    ]


def _figs(rng: np.random.Generator) -> list[Piece]:
    outline = wobbly(rng, 1.0, 0.03)
    outline = outline * (1.0, 0.85) + np.column_stack(
        [0.35 * np.maximum(outline[:, 0], 0) ** 3, np.zeros(len(outline))]
    )
    seeds = [(moved(circle(0.055, 8), at=somewhere(rng, 0.45)), "#f7dfae") for _ in range(14)]
    return [(outline, "#43203f"), (outline * 0.86, "#f0d3b8"), (outline * 0.66, "#b63d43"), *seeds]


def _capers(rng: np.random.Generator) -> list[Piece]:
    ball = wobbly(rng, 1.0, 0.05, 20)
    return [
        (ball, "#3e4c1c"),
        (ball * 0.82, "#76893a"),
        (moved(circle(0.3, 12), at=(-0.25, 0.3)), "#b9c67c"),
    ]


def _walnuts(rng: np.random.Generator) -> list[Piece]:
    half = wobbly(rng, 1.0, 0.12, waves=(4, 9)) * (1.0, 0.78)
    folds = [
        (ribbon(0.62, 0.12, 0.06, phase, turns=2.0, offset=y), "#6d4322")
        for y, phase in ((-0.32, 0.0), (0.0, 2.0), (0.32, 4.0))
    ]
    return [(half, "#5f3a1d"), (half * 0.87, "#b5824c"), *folds]


def _garlic(rng: np.random.Generator) -> list[Piece]:
    clove = leaf(2.0, 0.6) - (1.0, 0.0)
    return [
        (clove, "#b98f4a"),
        (clove * 0.88, "#f7e8c4"),
        (moved(leaf(1.3, 0.12), at=(-0.65, -0.05)), "#d9bd83"),
    ]


def _clams(rng: np.random.Generator) -> list[Piece]:
    shell = sector(0.12, 1.0, math.radians(-78), math.radians(78)) - (0.5, 0.0)
    inside = sector(0.12, 0.86, math.radians(-72), math.radians(72)) - (0.48, 0.0)
    meat = wobbly(rng, 0.42, 0.16, 24) * (0.8, 1.0)
    ribs = [
        (sector(0.5, 0.97, a - 0.03, a + 0.03) - (0.5, 0.0), "#8d7f70") for a in np.linspace(-1.1, 1.1, 7)
    ]
    return [
        (shell, "#6f6256"),
        (inside, "#d9cfc0"),
        *ribs,
        (meat, "#c98a3e"),
        (meat * 0.8 + (-0.03, 0.05), "#f3c987"),
    ]


def generic(name: str) -> Look:
    """For a topping nobody has drawn yet: a lump in a colour of its own."""
    hue = zlib.crc32(name.encode()) % 360 / 360
    tones = [colorsys.hls_to_rgb(hue, light, 0.45) for light in (0.28, 0.48, 0.66)]

    def look(rng: np.random.Generator) -> list[Piece]:
        lump = wobbly(rng, 1.0, 0.1, waves=(2, 6))
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
