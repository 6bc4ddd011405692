"""What a picture is made of: marks, as plain data.

A mark knows where it lies and what it is called; how it looks is written in `palette`, and `svg` and `ink`
draw it. A mark that belongs to a `Panel` is placed in the units of its axes; one with ``panel=None`` lies
on the sheet, in px from the upper left.

Marks that stand for something carry a tip, the sentence that appears when a mouse rests on them. A name
says what an explorer is told when the mark is clicked, or dragged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pizzatune import words
from pizzatune.parameters import FloatArray
from pizzatune.pictures.symbol import Symbol as Symbol  # a mark uses it, so it is found here, too

Numbers = FloatArray | Sequence[float]
PLATE = 0.5  # radius of a plate, in sides of its picture; a pizza on it has 0.47
LETTER = 7.3  # px that a letter of 13 px is wide, on average


@dataclass(frozen=True)
class Scale:
    """From the numbers on an axis to shares of its length, and back.

    Parameters
    ----------
    low, high : float
        The ends of the axis.
    label : str
        Written along it.
    ticks : tuple of (float, str), optional
        Where ticks stand and what they say; by default round numbers.
    log : bool
        Whether equal steps are equal ratios.
    whole : bool
        Whether something is counted along it, so that no tick stands at a half.

    Examples
    --------
    >>> heat = Scale(150, 350)
    >>> heat.share([150, 200, 350]).tolist(), heat.value(0.5)
    ([0.0, 0.25, 1.0], 250.0)
    """

    low: float
    high: float
    label: str = ""
    ticks: tuple[tuple[float, str], ...] | None = None
    log: bool = False
    whole: bool = False

    def share(self, values: Any) -> FloatArray:
        """Where values lie: 0 is the low end, 1 the high one; nan stays nan."""
        values = np.asarray(values, dtype=float)
        low, high = self.low, self.high
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.log(values)
            low, high = np.log(low), np.log(high)
        # Halves first: the whole range of finite numbers is wider than the largest of them.
        spread = high / 2 - low / 2
        shares: FloatArray = (values / 2 - low / 2) / (spread if spread else 1.0)
        return shares

    def value(self, share: float) -> float:
        """The number at a share of the length."""
        share = min(max(share, 0.0), 1.0)
        if self.log:
            return float(np.exp(np.log(self.low) * (1 - share) + np.log(self.high) * share))
        return self.low * (1 - share) + self.high * share

    @property
    def moderate(self) -> bool:
        """Whether anything that draws can take its numbers as they are; else it is given shares.

        Examples
        --------
        >>> Scale(0, 10).moderate, Scale(-1.7e308, 1.7e308).moderate, Scale(1e-300, 1e300, log=True).moderate
        (True, False, False)
        """
        low, high = sorted((self.low, self.high))
        if self.log:
            return 1e-100 < low < high < 1e100 and high / low < 1e60
        largest = max(abs(low), abs(high))
        return largest < 1e100 and high - low > max(1e-9 * largest, 1e-100)

    @property
    def marked(self) -> tuple[tuple[float, str], ...]:
        """The ticks as they are drawn."""
        if self.ticks is not None:
            return self.ticks
        found = words.ticks(self.low, self.high, log=self.log, whole=self.whole)
        return tuple((value, words.number_text(value)) for value in found)


@dataclass(frozen=True)
class Panel:
    """Axes: a box on the sheet in px, with a scale along each side.

    Parameters
    ----------
    left, top, width, height : float
        The box inside the axes, in px from the upper left of the sheet.
    x, y : Scale
        Along the floor, and up the left side.
    title : str
        A heading above it.
    grid : {"", "x", "y", "both"}
        Which ticks have a line across.

    Examples
    --------
    >>> panel = Panel(40, 20, 200, 100, Scale(0, 10), Scale(0, 1))
    >>> panel.across([0, 5]).tolist(), panel.down([0, 1]).tolist()
    ([40.0, 140.0], [120.0, 20.0])
    """

    left: float
    top: float
    width: float
    height: float
    x: Scale
    y: Scale
    title: str = ""
    grid: str = ""

    @property
    def right(self) -> float:
        """The right edge, in px."""
        return self.left + self.width

    @property
    def floor(self) -> float:
        """The lower edge, in px."""
        return self.top + self.height

    def across(self, x: Any) -> FloatArray:
        """Px from the left edge of the sheet."""
        return self.left + self.width * self.x.share(x)

    def down(self, y: Any) -> FloatArray:
        """Px from the upper edge of the sheet."""
        return self.floor - self.height * self.y.share(y)


@dataclass(frozen=True, eq=False)
class Axes:
    """The frame of a panel: its edges, ticks, labels and title. `bare` leaves out the edges."""

    panel: Panel
    bare: bool = False


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points, broken at nan; with `steps` a staircase that rises at each point."""

    panel: Panel | None
    x: Numbers
    y: Numbers
    style: str
    steps: bool = False
    tip: str = ""


@dataclass(frozen=True, eq=False)
class Band:
    """What lies between two lines over the same `x`."""

    panel: Panel | None
    x: Numbers
    low: Numbers
    high: Numbers
    style: str
    tip: str = ""


@dataclass(frozen=True, eq=False)
class Dots:
    """A marker at each point.

    `colours` ("#rrggbb") replace the fill of the style, `sizes` (px) its radius. `drag` says that a hand may
    move them; then, and when they are clicked, the explorer is told the name. `ids` are as those of `Image`.
    """

    panel: Panel | None
    x: Numbers
    y: Numbers
    style: str
    tips: Sequence[str] = ()
    names: Sequence[str] = ()
    colours: Sequence[str] = ()
    sizes: Sequence[float] = ()
    ids: Sequence[str] = ()
    drag: bool = False


@dataclass(frozen=True, eq=False)
class Bars:
    """Rectangles, each from (`left`, `low`) to (`right`, `high`); `styles` gives each its own."""

    panel: Panel | None
    left: Numbers
    right: Numbers
    low: Numbers
    high: Numbers
    style: str = ""
    styles: Sequence[str] = ()
    colours: Sequence[str] = ()
    tips: Sequence[str] = ()
    names: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Land:
    """A heat map all over a panel: scores of shape (rows, columns), the lowest row first.

    `limits` are the scores of the darkest and the lightest colour; where a score is nan, nothing is drawn.
    """

    panel: Panel
    scores: FloatArray
    limits: tuple[float, float] = (0.0, 10.0)
    smooth: bool = True
    opacity: float = 1.0


@dataclass(frozen=True, eq=False)
class Links:
    """Straight lines from points to points; one with the id "3-7" is lit where both 3 and 7 are."""

    panel: Panel | None
    x: Numbers
    y: Numbers
    to_x: Numbers
    to_y: Numbers
    style: str
    ids: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Shapes:
    """Polygons with colours of their own: corners of shape (n, 2) each."""

    panel: Panel | None
    outlines: Sequence[FloatArray]
    colours: Sequence[str]
    opacities: Sequence[float] = ()


@dataclass(frozen=True, eq=False)
class Image:
    """A picture that is sent once and used by the name of its `Symbol`; `x`, `y` is its middle.

    When a mouse rests on it, the marks whose ids are in `kin` light up and the others fade. A round one that
    stands on paper has a `plate` below it: by night, charcoal alone would not be seen.
    """

    panel: Panel | None
    x: float
    y: float
    size: float
    symbol: Symbol
    tip: str = ""
    name: str = ""
    id: str = ""
    kin: Sequence[str] = ()
    opacity: float = 1.0
    plate: bool = False

    @property
    def below(self) -> Dots | None:
        """Its plate."""
        if not self.plate:
            return None
        ids = [self.id] if self.id else []
        return Dots(self.panel, [self.x], [self.y], "plate", sizes=[PLATE * self.size], ids=ids)


@dataclass(frozen=True, eq=False)
class Text:
    """Words; `anchor` is what of them lies at the point. With `fit`, no wider than so many px."""

    panel: Panel | None
    x: float
    y: float
    text: str
    style: str = ""
    anchor: str = "start"
    fit: float = 0.0
    tip: str = ""
    colour: str = ""
    id: str = ""


@dataclass(frozen=True, eq=False)
class Rule:
    """A line all across a panel, at a place of its x axis (`along="y"`) or of its y axis (`along="x"`)."""

    panel: Panel
    at: float
    style: str
    along: str = "y"
    tip: str = ""


@dataclass(frozen=True, eq=False)
class Key:
    """What the marks mean: a row of (words, kind, style), such as ("mean", "line", "mean")."""

    x: float
    y: float
    entries: Sequence[tuple[str, str, str]]
    wide: float = 640.0

    @property
    def laid(self) -> list[tuple[float, float, str]]:
        """Where each entry stands, in px, and its words; the next line starts where they would be too wide.

        Examples
        --------
        >>> Key(10, 20, [("mean", "line", "mean"), ("truth", "line", "truth")], wide=100).laid
        [(10, 20, 'mean'), (10, 40.0, 'truth')]
        """
        x, y, found = self.x, self.y, []
        for words_, _, _ in self.entries:
            said = words.shortened(words_, max(int((self.wide - 46) / LETTER), 3))
            wide = 46 + LETTER * len(said)
            if x > self.x and x + wide > self.x + self.wide:
                x, y = self.x, y + 20.0
            found.append((x, y, said))
            x += wide
        return found

    @property
    def floor(self) -> float:
        """The line its last words stand on, in px."""
        return self.laid[-1][1] if self.entries else self.y


@dataclass(frozen=True, eq=False)
class Target:
    """A panel that can be clicked, or with `drag` dragged across; the explorer is told its name and where.

    By keyboard: `keys` are the controls that arrows across, arrows up and down, and Enter turn and press.
    """

    panel: Panel
    name: str
    drag: bool = False
    tip: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Arrival:
    """Whenever its layer changes, on a page that welcomes motion, all of it comes from `x`, `y` px away."""

    x: float
    y: float
    seconds: float


Mark = Arrival | Axes | Band | Bars | Dots | Image | Key | Land | Line | Links | Rule | Shapes | Target | Text
Layers = dict[str, list[Mark]]
"""Marks by the name of their layer, from the bottom up."""


def symbols_of(marks: Sequence[Mark]) -> dict[str, Symbol]:
    """The symbols that marks use, by name."""
    return {mark.symbol.name: mark.symbol for mark in marks if isinstance(mark, Image)}
