"""One palette for every picture: warm, and safe for colour-blind readers.

The series colours stay apart for readers with any of the three kinds of colour blindness, and each has a
marker and a line style of its own, so that nobody depends on colour. Scores run from night to melted cheese,
lighter for better, evenly in lightness.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from pizzatune.parameters import FloatArray

Colour = str | tuple[float, float, float] | tuple[float, float, float, float]

PAPER = "#fffaf2"
"""What every picture is drawn on."""

INK = "#2b2118"
"""Text, and anything that must be read."""

PENCIL = "#6b5d50"
"""Quieter text: ticks, notes."""

LINE = "#d9cbb8"
"""Spines and other lines that only help the eye; never data."""

TOMATO = "#e05a43"
NIGHT = "#123f70"
BASIL = "#3a9683"
AUBERGINE = "#7a63d2"
CRUST = "#803c0a"


class Pen(NamedTuple):
    """How one series looks: colour, marker and line style, all three different from the other pens'."""

    colour: str
    marker: str
    dashes: str | tuple[int, tuple[float, ...]]


PENS: tuple[Pen, ...] = (
    Pen(TOMATO, "o", "-"),
    Pen(NIGHT, "s", (0, (5.0, 1.5))),
    Pen(BASIL, "^", (0, (3.0, 1.2, 1.0, 1.2))),
    Pen(AUBERGINE, "D", (0, (1.0, 1.2))),
    Pen(CRUST, "v", (0, (7.0, 1.5, 1.0, 1.5, 1.0, 1.5))),
    Pen(INK, "P", (0, (2.5, 2.5))),
)

SCORES = LinearSegmentedColormap.from_list(
    "pizzatune_scores",
    [  # positions follow CIE lightness, 10 to 95, so that equal steps of score are equal steps of lightness
        (0.000, "#1f1633"),
        (0.147, "#57204f"),
        (0.294, "#97293f"),
        (0.471, "#cf4b2c"),
        (0.671, "#ec8b3a"),
        (0.847, "#f6c463"),
        (1.000, "#fdf0c4"),
    ],
).with_extremes(bad=PAPER)
"""Scores, dark for bad and light for good."""


def pen(number: int) -> Pen:
    """The pen of series `number`, from 0; after the last the first comes again.

    Examples
    --------
    >>> pen(0).colour == TOMATO, pen(len(PENS)) == pen(0)
    (True, True)
    """
    return PENS[number % len(PENS)]


def luminance(colour: Colour) -> float:
    """Relative luminance of a colour: 0 is black, 1 is white (WCAG 2.2).

    Parameters
    ----------
    colour : str or tuple
        Anything that matplotlib takes as a colour; transparency is left out.

    Examples
    --------
    >>> luminance("black"), round(luminance("white"), 6)
    (0.0, 1.0)
    """
    channels: FloatArray = np.array([*to_rgb(colour)], dtype=float)
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: Colour, other: Colour) -> float:
    """Contrast of two colours, from 1 (the same) to 21 (black on white); text needs 4.5, marks 3 (WCAG 2.2).

    Examples
    --------
    >>> round(contrast("black", "white"), 6), contrast(PAPER, PAPER)
    (21.0, 1.0)
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: Colour) -> str:
    """Black or white, whichever reads better on `colour`: its contrast is always 4.5 or more.

    Examples
    --------
    >>> text_on("#1f1633"), text_on("#fdf0c4")
    ('white', 'black')
    """
    return max(("black", "white"), key=lambda text: contrast(text, colour))
