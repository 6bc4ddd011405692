"""One dial on two axes, as marks: pizzas where the draws fall, in grams and in factors of ten."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pizzatune.lessons.ranges import BEST_YEAST, GOOD_YEAST, TOP, share_of, taste_of
from pizzatune.menus.taste import Pizza
from pizzatune.parameters import FloatArray, Real
from pizzatune.pictures.marks import (
    Axes,
    Bars,
    Dots,
    Image,
    Layers,
    Line,
    Mark,
    Panel,
    Scale,
    Symbol,
    Text,
)
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.words import count, number_text, points

POWERS = range(-4, 2)  # each factor of ten begins at such a power of ten
LEFT, WIDE = 40, 604  # px
TRAY = 10  # draws on a layer
DONE = Pizza(("Pepperoni",)).baked_minutes
_FINE = np.geomspace(10.0 ** POWERS[0], 10.0 ** (POWERS[-1] + 1), 121)
RATIOS = Panel(
    LEFT, 234, WIDE, 180,
    Scale(float(_FINE[0]), float(_FINE[-1]), "yeast (g), each tick ten times the one before",
          tuple((10.0**p, number_text(10.0**p)) for p in (*POWERS, POWERS[-1] + 1)), log=True),
    Scale(-1.1, 11.6, "points", tuple((float(t), f"{t}") for t in (0, 2, 4, 6, 8, 10))), grid="x",
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A dial, and what was drawn on it.

    Attributes
    ----------
    low, high : float
        Its ends, in grams.
    dial : Real or None
        The dial itself; None where there can be none.
    refused : str
        Why not, in its own words.
    grams, scores : ndarray, shape (n,)
        What was drawn, and its points.
    """

    low: float
    high: float
    dial: Real | None
    refused: str
    grams: FloatArray
    scores: FloatArray

    @cached_property
    def best(self) -> int:
        """The best draw; -1 without any."""
        return int(self.scores.argmax()) if len(self.scores) else -1

    @property
    def last_tenfold(self) -> int:
        """How many draws lie in the last factor of ten."""
        return int((self.grams >= self.high / 10).sum())

    @property
    def left_out(self) -> float:
        """Points by which the best inside the range stays below the best there is."""
        return float(TOP - taste_of(min(max(BEST_YEAST, self.low), self.high)))

    @property
    def good(self) -> float:
        """The share of the dial that tastes good."""
        return share_of(self.dial, *GOOD_YEAST) if self.dial else 0.0


def grams_text(grams: float) -> str:
    """Yeast as people write it.

    Examples
    --------
    >>> grams_text(0.02134), grams_text(7.25), grams_text(0.00004)
    ('0.021 g', '7.2 g', '0.00004 g')
    """
    text = f"{grams:.2g}"
    return (f"{grams:.{1 - math.floor(math.log10(grams))}f}".rstrip("0") if "e" in text else text) + " g"


def verdict(grams: float) -> str:
    """What the chef says of a dough with so much yeast.

    Examples
    --------
    >>> verdict(0.001), verdict(0.02), verdict(5)
    ('flat as a plate', 'light as a cloud', 'it tastes of beer')
    """
    if GOOD_YEAST[0] <= grams <= GOOD_YEAST[1]:
        return "light as a cloud"
    off = math.log10(max(grams, 1e-9) / BEST_YEAST)
    words = ("flat as a plate", "it tastes of beer") if abs(off) > 1 else ("a little tired", "a little wild")
    return words[off > 0]


def symbol(grams: float) -> Symbol:
    """A pizza pale and flat with too little yeast, blown up and dark with too much."""
    return pizza_symbol(Pizza(("Pepperoni",), minutes=DONE * dose(grams)), "tiny")


def dose(grams: float) -> float:
    """How brown it comes out of the oven; 1 is golden.

    Examples
    --------
    >>> [round(dose(grams), 2) for grams in (0.0002, 0.02, 2.0)]
    [0.63, 1.0, 1.58]
    """
    return math.exp(0.1 * math.log(max(grams, 1e-4) / BEST_YEAST))


def _size(grams: float) -> float:
    """Px across: a dough with more yeast rises more."""
    return min(max(24.0 + 5.0 * math.log10(max(grams, 1e-9) / BEST_YEAST), 13.0), 34.0)


def picture(now: Drawn) -> Layers:
    """The dial in grams above, the same dial in ratios below, and the pizzas on both."""
    steps = Panel(LEFT, 62, WIDE, 84, Scale(0, now.high, "yeast (g)"), Scale(0, 3, ticks=()))
    layers: Layers = {"axes": _axes(steps, now), "ratios": _ratios(now), "counts": _counts(now)}
    for start in range(0, len(now.grams), TRAY):
        places = range(start, min(start + TRAY, len(now.grams)))
        layers[f"tray {start // TRAY}"] = [
            mark for one in places if one != now.best for mark in _pizza(steps, now, one)
        ]
    layers["best"] = _best(steps, now) if len(now.grams) else []
    return layers


def _even(panel: Panel, is_even: bool) -> list[Mark]:
    """A word where the draws are spread evenly."""
    words = "draws are spread evenly here" if is_even else ""
    return [Text(None, panel.right, panel.top - 12, words, "good", "end")]


def _axes(steps: Panel, now: Drawn) -> list[Mark]:
    """The dial in grams, with the sliver that is good."""
    low, high = (min(max(end, now.low), now.high) for end in GOOD_YEAST)
    middle = float(steps.across(max(low, min(BEST_YEAST, now.high))))
    wide = max(3.0, float(steps.across(high) - steps.across(low))) if high > low else 0.0
    marks: list[Mark] = [
        Axes(steps),
        Text(None, LEFT, 24, "The dial in grams", "big"),
        *_key(),
        *_even(steps, bool(now.dial and not now.dial.log)),
    ]
    if wide:
        left = min(max(middle - wide / 2, steps.left), steps.right - wide)
        tip = f"good: {grams_text(low)} to {grams_text(high)}"
        marks.append(Bars(None, [left], [left + wide], [steps.top], [steps.floor], "gave", tips=[tip]))
        marks.append(Text(None, left, steps.top - 8, "good", "quiet"))
    return marks


def _key() -> list[Mark]:
    """What yeast does to a pizza."""
    marks: list[Mark] = []
    shown = (300, 0.001, "too little"), (428, BEST_YEAST, "just right"), (560, 5.0, "too much")
    for x, grams, words in shown:
        tip = f"{grams_text(grams)}: {verdict(grams)}"
        marks.append(Image(None, x - 22, 19, _size(grams), symbol(grams), tip))
        marks.append(Text(None, x, 24, words, "quiet"))
    return marks


def _ratios(now: Drawn) -> list[Mark]:
    """The dial in ratios, with what is good, the score all along, and what the range leaves out."""
    ends = RATIOS.x.low, RATIOS.x.high
    low, high = (min(max(end, ends[0]), ends[1]) for end in (now.low, now.high))
    outside = [(ends[0], low), (high, ends[1])] if low < high else [ends]
    floor, top = RATIOS.y.low, RATIOS.y.high
    said = f"left out by the range: the best there is, −{points(now.left_out)} points"
    tips = [said if a <= BEST_YEAST <= b and now.left_out else "left out by the range" for a, b in outside]
    marks: list[Mark] = [
        Axes(RATIOS),
        Text(None, LEFT, 208, "The same dial in ratios", "big"),
        *_even(RATIOS, bool(now.dial and now.dial.log)),
        Bars(RATIOS, [GOOD_YEAST[0]], [GOOD_YEAST[1]], [floor], [top], "good", tips=["8 points or more"]),
        Line(RATIOS, _FINE, taste_of(_FINE), "mean", tip="points all along the dial"),
        Bars(RATIOS, [a for a, _ in outside], [b for _, b in outside], [floor] * len(outside),
             [top] * len(outside), "outside", tips=tips),
    ]  # fmt: skip
    if now.left_out > 0.05 and not now.refused:
        x = float(RATIOS.across(BEST_YEAST))
        marks.append(
            Text(None, x, float(RATIOS.down(TOP)) - 8, f"left out: −{points(now.left_out)}", "halo", "middle")
        )
    return marks


def _counts(now: Drawn) -> list[Mark]:
    """How many draws lie in each factor of ten."""
    marks: list[Mark] = []
    if not len(now.grams):
        return marks
    for power in POWERS:
        low, high = 10.0**power, 10.0 ** (power + 1)
        if now.low < 0.99 * high and low < 0.99 * now.high:
            many = int(((now.grams >= low) & (now.grams < high)).sum())
            x = float(RATIOS.across(math.sqrt(low * high)))
            tip = f"{count(many, 'draw')} from {number_text(low)} to {number_text(high)} g"
            words = f"{many} drawn" if high > 0.99 * now.high else f"{many}"
            marks.append(Text(None, x, RATIOS.top + 20, words, "big", "middle", tip=tip))
    return marks


def _spots(steps: Panel, now: Drawn, one: int) -> list[tuple[Panel, float, float]]:
    """Where a draw stands on both axes; above, in one of three rows."""
    grams = float(now.grams[one])
    return [(steps, grams, 0.6 + 0.9 * (one % 3)), (RATIOS, max(grams, RATIOS.x.low), float(now.scores[one]))]


def _tip(now: Drawn, one: int) -> str:
    grams = float(now.grams[one])
    return f"draw {one + 1}: {grams_text(grams)}, {points(now.scores[one])} points, {verdict(grams)}"


def _pizza(steps: Panel, now: Drawn, one: int) -> list[Mark]:
    grams = float(now.grams[one])
    return [
        Image(panel, x, y, _size(grams), symbol(grams), _tip(now, one))
        for panel, x, y in _spots(steps, now, one)
    ]


def _best(steps: Panel, now: Drawn) -> list[Mark]:
    """The best draw, ringed, with its score."""
    marks: list[Mark] = []
    grams = float(now.grams[now.best])
    for panel, x, y in _spots(steps, now, now.best):
        size = _size(grams) + (14 if panel is RATIOS else 5)
        marks += [
            Dots(panel, [x], [y], "halo", sizes=[size / 2 + 2]),
            Image(panel, x, y, size, symbol(grams), f"the best, {_tip(now, now.best)}"),
        ]
    across, down = float(RATIOS.across(max(grams, RATIOS.x.low))), float(RATIOS.down(now.scores[now.best]))
    at = min(across + 30, RATIOS.right - 62)
    return [*marks, Text(None, at, down + 5, f"best {points(now.scores[now.best])}", "halo")]
