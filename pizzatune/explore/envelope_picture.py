"""The picture of `envelope()`: a class of pizzas, a sealed envelope, what is reported, and the truth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pizzatune.lessons.honest import Honesty, wilson
from pizzatune.menus.article import genetic_pizza
from pizzatune.menus.taste import Pizza
from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import (
    Axes,
    Bars,
    Dots,
    Image,
    Layers,
    Line,
    Mark,
    Panel,
    Rule,
    Scale,
    Shapes,
    Target,
    Text,
)
from pizzatune.pictures.outlines import circle
from pizzatune.pictures.pizza import pizza_symbol
from pizzatune.pictures.spread import Spread, spread_marks
from pizzatune.space import Params
from pizzatune.words import count

ROW, STEP, PIZZA = 10, 64.0, 46.0  # pizzas in a row, px from one to the next, and px of each
ROWS = 54.0, 144.0  # px down to their middles
SHARE = Scale(0.3, 1.02, "", tuple((share / 100, f"{share} %") for share in range(40, 101, 20)))
LINE = Panel(226, 231, 416, 68, SHARE, Scale(0, 3, ticks=()), "Guests who like it")
OFF = Scale(-25, 35, "", ((-20, "−20"), (0, "0"), (20, "20")))  # percentage points
TOP, LEFT, WIDE, HIGH = 266.0, 14.0, 160.0, 96.0  # of the envelope, in px
KRAFT, FLAP, FOLD, PAPER, WAX, PEN = "#e2c493", "#cfa96f", "#b98f55", "#fffaf2", "#c23b2a", "#5b3a1e"


@dataclass(frozen=True)
class Envelope:
    """A class of candidates as it stands.

    Attributes
    ----------
    seed, guests : int
        Which class it is, and how many guests each of the two panels asks.
    orders : tuple of dict
        The candidates.
    truth, panel, found : ndarray, shape (candidates,)
        The share of all guests who like each, of the panel, and of those in the envelope.
    judged : int
        How many the panel has judged.
    opened : tuple of int
        The candidates for which the envelope was opened, in that order.
    honesty : Honesty or None
        What a report is worth by the number of openings, over all classes.
    """

    seed: int
    guests: int
    orders: tuple[Params, ...]
    truth: FloatArray
    panel: FloatArray
    found: FloatArray
    judged: int
    opened: tuple[int, ...]
    honesty: Honesty | None

    @property
    def favourite(self) -> int | None:
        """The best of the panel so far."""
        return int(self.panel[: self.judged].argmax()) if self.judged else None

    @property
    def reported(self) -> int | None:
        """The best that was found in the envelope."""
        return max(self.opened, key=lambda one: (self.found[one], -self.opened.index(one)), default=None)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Between which shares the report says that the truth lies."""
        assert self.reported is not None
        return wilson(float(self.found[self.reported]), self.guests)

    @property
    def off(self) -> int:
        """The per cent that are reported minus the true ones, both as people are told them."""
        assert self.reported is not None
        found, truth = float(self.found[self.reported]), float(self.truth[self.reported])
        return round(100 * found) - round(100 * truth)

    @property
    def too_high(self) -> float:
        """The share that is reported minus the true one."""
        assert self.reported is not None
        return float(self.found[self.reported] - self.truth[self.reported])

    def pizza(self, one: int) -> Pizza:
        """A candidate as a pizza."""
        return genetic_pizza(self.orders[one])


def percent(share: float) -> str:
    """A share as people write it.

    Examples
    --------
    >>> percent(0.7333)
    '73 %'
    """
    return f"{100 * share:.0f} %"


def times(number: int) -> str:
    """How often something was opened.

    Examples
    --------
    >>> times(0), times(1), times(5)
    ('sealed', 'opened once', 'opened 5 times')
    """
    return "sealed" if not number else "opened once" if number == 1 else f"opened {number} times"


def picture(numbers: Envelope) -> Layers:
    """The candidates above; below them the envelope, the report beside the truth, and how honest it is."""
    layers: Layers = {"title": [_title(numbers)]}
    for row in range(math.ceil(len(numbers.orders) / ROW)):
        layers[f"class {row}"] = _class(numbers, row)
    layers["envelope"] = _envelope(numbers)
    layers["axes"] = [Axes(LINE), Axes(_openings(numbers))]
    return layers | {"report": _report(numbers), "honesty": _honesty(numbers)}


def _title(numbers: Envelope) -> Mark:
    many = (
        f"Class {numbers.seed}: {count(len(numbers.orders), 'pizza')}, and a panel of {numbers.guests} guests"
    )
    return Text(None, 8, 20, many, "title")


# -- the candidates ------------------------------------------------------------------------------------------


def _class(numbers: Envelope, row: int) -> list[Mark]:
    """A row of pizzas with what the panel says of each, and what was found in the envelope."""
    marks: list[Mark] = []
    for one in range(row * ROW, min((row + 1) * ROW, len(numbers.orders))):
        x, y = 40 + STEP * (one % ROW), ROWS[row]
        symbol = pizza_symbol(numbers.pizza(one), "tiny")
        if one >= numbers.judged:
            marks.append(Image(None, x, y, PIZZA, symbol, f"pizza {one + 1}: not judged yet", opacity=0.3))
            continue
        said = f"the panel: {percent(numbers.panel[one])} like it"
        name = "" if one in numbers.opened else f"pizza {one}"
        tip = f"pizza {one + 1}: {', '.join(numbers.orders[one].values())}\n{said}"
        if one == numbers.reported:
            marks.append(Dots(None, [x], [y], "ring", sizes=[PIZZA / 2 + 3]))
        if one in numbers.opened:
            tip += (
                f"\nin the envelope: {percent(numbers.found[one])}\nthe truth: {percent(numbers.truth[one])}"
            )
            marks += _slip(x, y + 53, percent(numbers.found[one]), one == numbers.reported)
        else:
            tip += "\nclick: open the envelope for it"
        marks.append(Image(None, x, y, PIZZA, symbol, tip, name, plate=True))
        style = "bold" if one == numbers.favourite else ""
        marks.append(Text(None, x, y + 38, percent(numbers.panel[one]), style, "middle"))
    return marks


def _slip(x: float, y: float, words: str, reported: bool) -> list[Mark]:
    """A slip of paper from the envelope."""
    box = Bars(None, [x - 22], [x + 22], [y + 7], [y - 9], "panel", colours=[WAX if reported else KRAFT])
    colour = "#ffffff" if reported else "#2b2118"
    return [box, Text(None, x, y + 4, words, "bold" if reported else "", "middle", colour=colour)]


# -- the envelope --------------------------------------------------------------------------------------------


def _envelope(numbers: Envelope) -> list[Mark]:
    """Sealed with wax, or open with the report looking out; a stroke on it for each opening."""
    right, middle, floor = LEFT + WIDE, LEFT + WIDE / 2, TOP + HIGH
    body = np.array([[LEFT, TOP], [right, TOP], [right, floor], [LEFT, floor]])
    tip = 52.0 if not numbers.opened else -46.0
    flap = np.array([[LEFT, TOP], [right, TOP], [middle, TOP + tip]])
    sides = np.array([[LEFT, floor], [middle, TOP + 46], [right, floor]])
    below = f"test panel: {numbers.guests} guests"
    words: list[Mark] = [
        Text(None, middle, floor + 24, times(len(numbers.opened)), "big", "middle"),
        Text(None, middle, floor + 44, below, "quiet", "middle"),
    ]
    one = numbers.reported
    if one is None:
        wax, ring = (circle(radius, 24) + np.array([middle, TOP + 50]) for radius in (15.0, 10.0))
        shapes = Shapes(None, [body, sides, flap, wax, ring], [KRAFT, FOLD, FLAP, WAX, "#d9604f"])
        return [shapes, *words, *_hit("the envelope: what as many other guests say of each pizza")]
    rim, sheet = (
        np.array([[left, up], [2 * middle - left, up], [2 * middle - left, TOP + 40], [left, TOP + 40]])
        for left, up in ((LEFT + 17, TOP - 37), (LEFT + 18, TOP - 36))
    )
    pocket = np.array([[LEFT, TOP], [middle, TOP + 46], [right, TOP], [right, floor], [LEFT, floor]])
    inside = percent(numbers.found[one])
    return [
        Shapes(None, [body, flap, rim, sheet, pocket], [FOLD, FLAP, FOLD, PAPER, KRAFT]),
        Text(None, middle, TOP - 14, f"pizza {one + 1}", "", "middle", colour="#2b2118"),
        Text(None, middle, TOP + 16, inside, "big", "middle", colour="#2b2118"),
        *_strokes(len(numbers.opened), floor - 26),
        *words,
        *_hit(f"{times(len(numbers.opened))}; the best number in it: {inside}, of pizza {one + 1}"),
    ]


def _hit(tip: str) -> list[Mark]:
    """Takes the mouse: a click opens the envelope."""
    share = Scale(0, 1, ticks=())
    return [Target(Panel(LEFT, TOP, WIDE, HIGH, share, share), "envelope", tip=tip)]


def _strokes(openings: int, y: float) -> list[Mark]:
    """Tally marks, in fives."""
    groups, wide = math.ceil(openings / 5), 30.0
    left = LEFT + WIDE / 2 - wide * groups / 2
    upright = [n for n in range(openings) if n % 5 < 4]
    x = np.array([left + wide * (n // 5) + 6 + 5 * (n % 5) for n in upright])
    marks: list[Mark] = [
        Bars(None, x - 1, x + 1, np.full(len(x), y + 18), np.full(len(x), y), "quiet", colours=[PEN] * len(x))
    ]
    across = [
        np.array([[start + 2, y + 15], [start + 3, y + 17], [start + 26, y + 3], [start + 25, y + 1]])
        for start in (left + wide * group for group in range(openings // 5))
    ]
    return [*marks, Shapes(None, across, [PEN] * len(across))]


# -- the report and its honesty ------------------------------------------------------------------------------


def _report(numbers: Envelope) -> list[Mark]:
    """The best of the panel, the report with its interval, and the truth."""
    favourite, one = numbers.favourite, numbers.reported
    marks: list[Mark] = []
    if favourite is not None:
        share = float(numbers.panel[favourite])
        tip = f"the panel's best, pizza {favourite + 1}: {percent(share)}"
        marks += [*_label(2.5, "panel's best", share), Dots(LINE, [share], [2.5], "pen1", [tip], sizes=[6.0])]
    if one is None:
        words = "The envelope is sealed: nothing to report yet."
        return [*marks, Text(None, LINE.left + 8, float(LINE.down(0.85)), words, "quiet")]
    share, truth, ends = float(numbers.found[one]), float(numbers.truth[one]), numbers.ends
    tip = f"you report {percent(share)}; with {numbers.guests} guests, 95 % sure of {percent(ends[0])} to "
    tip += percent(ends[1])
    said = f"the truth about pizza {one + 1}, which only a simulation knows: {percent(truth)}"
    return [
        *marks,
        Rule(LINE, truth, "truth", tip=said),
        *_label(1.5, "you report", share),
        Line(LINE, [*ends], [1.5, 1.5], "best", tip=tip),
        *(Line(LINE, [end, end], [1.2, 1.8], "best") for end in ends),
        Dots(LINE, [share], [1.5], "pen0", [tip], sizes=[7.0]),
        *_label(0.5, "the truth", truth),
        Dots(LINE, [truth], [0.5], "truth", [said]),
    ]


def _label(row: float, words: str, share: float) -> list[Mark]:
    y = float(LINE.down(row)) + 4.5
    return [Text(None, LINE.left + 8, y, words, ""), Text(None, LINE.left + 100, y, percent(share), "bold")]


def _openings(numbers: Envelope) -> Panel:
    """The axes below: they reach as far as the envelope can be opened."""
    most = len(numbers.orders)
    every = 1 if most < 12 else 2
    ticks = tuple((float(n), f"{n}") for n in range(1, most + 1, every))
    across = Scale(0.5, most + 0.5, "openings of the envelope", ticks)
    return Panel(LINE.left, 347, LINE.width, 58, across, OFF, "Report minus truth (percentage points)", "y")


def _honesty(numbers: Envelope) -> list[Mark]:
    """How much too high reports are, by the number of openings: the mean of all classes, and most of them."""
    panel, found = _openings(numbers), numbers.honesty
    if found is None:
        words, down = "How much too high? 400 classes will tell.", float(panel.down(5)) + 4.5
        return [Text(None, (panel.left + panel.right) / 2, down, words, "halo", "middle")]
    rows = 100 * found.too_high
    x = np.arange(1.0, rows.shape[1] + 1)
    low, high = np.clip(np.percentile(rows, [5, 95], axis=0), OFF.low, OFF.high)
    marks = spread_marks(panel, x, Spread(rows.mean(axis=0), low, high, len(rows)), 1, "nine of ten classes")
    marks.append(Line(panel, [panel.x.low, panel.x.high], [0, 0], "limit"))
    if numbers.opened:
        off = 100 * numbers.too_high
        tip = f"yours, {times(len(numbers.opened))}: {numbers.off:+d} percentage points".replace("-", "−")
        at = [min(max(off, OFF.low + 2), OFF.high - 2)]
        marks.append(Dots(panel, [len(numbers.opened)], at, "best", [tip]))
    return marks
