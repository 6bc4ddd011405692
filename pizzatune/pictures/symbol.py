"""Small pictures that marks use by name: a pizza, or a piece of a topping."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pizzatune.parameters import FloatArray


@dataclass(frozen=True, eq=False)
class Symbol:
    """A small picture, drawn once: its name, and SVG inside a square of `side` units.

    A page makes an image of it that is sharp up to `wide` px; more than needed is slow to paint. What takes
    long to draw is handed in as a function: it is called when the picture is first needed, and an explorer
    does that after it has answered the hand.
    """

    name: str
    drawing: str | Callable[[], str] = field(repr=False)
    side: float = 100.0
    wide: float = 200.0

    @cached_property
    def svg(self) -> str:
        """The picture itself."""
        return self.drawing if isinstance(self.drawing, str) else self.drawing()

    @property
    def is_drawn(self) -> bool:
        """Whether `svg` costs nothing."""
        return isinstance(self.drawing, str) or "svg" in vars(self)

    @property
    def pieces(self) -> list[tuple[FloatArray, str, float]]:
        """Its polygons: corners around its middle, in sides of the square; colour; and cover."""
        return [
            (np.reshape(steps, (-1, 2)).cumsum(axis=0) / self.side - 0.5, colour, float(cover or 1))
            for colour, cover, path in _PATHS.findall(self.svg)
            for steps in ([float(step) for step in _STEPS.findall(part)] for part in path.split("M")[1:])
        ]


_STEPS = re.compile(r"-?\d+")
_PATHS = re.compile(r'<path fill="([^"]+)"(?: opacity="([^"]+)")? d="([^"]+)"/>')
