"""Outlines that toppings and crusts are cut from, and mixing of colours. Arrays only; no pizza in sight."""

from __future__ import annotations

import functools
import math

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures.palette import rgb

Colour = str | tuple[float, float, float]
"""\"#rrggbb\", or red, green and blue from 0 to 1."""


def circle(radius: float, count: int = 96) -> FloatArray:
    """A circle as a polygon, shape (count, 2)."""
    turn = np.linspace(0.0, 2 * math.pi, count, endpoint=False)
    return radius * np.column_stack([np.cos(turn), np.sin(turn)])


def wobbly(
    rng: np.random.Generator, radius: float, wobble: float, count: int = 40, waves: tuple[int, int] = (2, 6)
) -> FloatArray:
    """A circle with a hand-made edge: a few waves of random phase, together `wobble` of the radius deep."""
    turn, rays, numbers = _around(count, waves)
    depth = rng.uniform(0.2, 1.0, len(numbers))
    phases = rng.uniform(0, 2 * math.pi, (len(numbers), 1))
    swing = (depth / depth.sum()) @ np.cos(numbers * turn + phases)
    reach = radius * (1.0 + wobble * (swing if radius < 1.0 else swing - 1.0))  # nothing hangs over the rim
    outline: FloatArray = reach[:, np.newaxis] * rays
    return outline


@functools.lru_cache(maxsize=64)
def _around(count: int, waves: tuple[int, int]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Angles once around, the rays at them, and a column of wave numbers: the same for many outlines."""
    turn = np.linspace(0.0, 2 * math.pi, count, endpoint=False)
    return turn, np.column_stack([np.cos(turn), np.sin(turn)]), np.arange(*waves, dtype=float)[:, np.newaxis]


def ribbon(
    half: float, wave: float, width: float, phase: float, turns: float = 1.2, offset: float = 0.0
) -> FloatArray:
    """A strip along x from -half to half that waves up and down."""
    x = np.linspace(-half, half, 40)
    middle = offset + wave * np.sin(turns * math.pi * x + phase)
    return np.vstack([np.column_stack([x, middle + width]), np.column_stack([x, middle - width])[::-1]])


def fillet(half: float, width: float, bend: float) -> FloatArray:
    """A bent strip that tapers to both ends."""
    x = np.linspace(-half, half, 30)
    middle, thick = bend * (x**2 - 0.3), width * np.sqrt(np.maximum(1 - (x / half) ** 2, 0.0))
    return np.vstack([np.column_stack([x, middle + thick]), np.column_stack([x, middle - thick])[::-1]])


def arc(radius: float, start: float, end: float, width: float, end_width: float) -> FloatArray:
    """A piece of a ring whose width changes from one end to the other."""
    turn = np.linspace(start, end, 48)
    half = np.linspace(width, end_width, 48) / 2
    ray = np.column_stack([np.cos(turn), np.sin(turn)])
    return np.vstack([ray * (radius + half)[:, None], (ray * (radius - half)[:, None])[::-1]])


def sector(inner: float, outer: float, start: float, end: float) -> FloatArray:
    """A piece of a ring, from one angle to another."""
    turn = np.linspace(start, end, 16)
    ray = np.column_stack([np.cos(turn), np.sin(turn)])
    return np.vstack([ray * outer, (ray * inner)[::-1]])


def leaf(length: float, width: float) -> FloatArray:
    """A leaf along x from 0 to length, broad near its stem, pointed at its end."""
    t = np.linspace(0.0, 1.0, 24)
    half = width * np.sin(math.pi * t**0.75)
    return np.vstack([np.column_stack([t * length, half]), np.column_stack([t * length, -half])[::-1]])


def rounded_square(half: float) -> FloatArray:
    """A square with round corners; `half` is half its side."""
    round_one = circle(1.0, 48)
    return half * np.sign(round_one) * np.abs(round_one) ** 0.45


def mushroom_slice() -> FloatArray:
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


def moved(
    outline: FloatArray, *, scale: float = 1.0, angle: float = 0.0, at: tuple[float, float] = (0.0, 0.0)
) -> FloatArray:
    """An outline made larger, turned, and moved."""
    cos, sin = math.cos(angle), math.sin(angle)
    turn: FloatArray = np.array([[cos, sin], [-sin, cos]])
    moved: FloatArray = scale * outline @ turn + np.array(at)
    return moved


def somewhere(rng: np.random.Generator, radius: float) -> tuple[float, float]:
    """A point drawn evenly from a disc."""
    reach, turn = radius * math.sqrt(rng.random()), rng.uniform(0.0, 2 * math.pi)
    return reach * math.cos(turn), reach * math.sin(turn)


# -- colours -----------------------------------------------------------------------------------------------


def blend(one: Colour, other: Colour, share: float) -> tuple[float, float, float]:
    """`one` with a share of `other` mixed in."""
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(as_rgb(one), as_rgb(other), strict=True))
    return red, green, blue


def as_rgb(colour: Colour) -> tuple[float, float, float]:
    """Red, green and blue."""
    return rgb(colour) if isinstance(colour, str) else colour
