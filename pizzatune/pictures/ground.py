"""What lies below a map: the truth over two parameters, axes for it, and what its colours mean."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from pizzatune.menus.menu import Menu
from pizzatune.parameters import FloatArray, Parameter
from pizzatune.pictures.marks import Axes, Land, Mark, Panel, Scale, Text
from pizzatune.pictures.palette import score_colours
from pizzatune.pictures.source import completed, is_dial, places, scale_of
from pizzatune.space import Params
from pizzatune.words import number_text, score_text

FINE = 61  # points along a smooth dial
LETTER = 7.3  # px of one letter of a tick


@dataclass(frozen=True)
class Truth:
    """The true scores over two parameters, all others held still.

    Attributes
    ----------
    x, y : ndarray, shape (k,) and (m,)
        Places along the axes, evenly spread over them: numbers, or 0, 1, 2 ... for options.
    score : ndarray, shape (m, k)
        True scores; nan where a combination is ruled out.
    held : dict
        What the other parameters are held at.
    smooth : bool
        Whether both are dials.
    """

    x: FloatArray
    y: FloatArray
    score: FloatArray
    held: Params
    smooth: bool = True

    @property
    def top(self) -> tuple[float, float, float] | None:
        """Place and height of the highest point: x, y, score; None where all is ruled out."""
        if not np.isfinite(self.score).any():
            return None
        row, column = np.unravel_index(np.nanargmax(self.score), self.score.shape)
        return float(self.x[column]), float(self.y[row]), float(self.score[row, column])


def survey(menu: Menu, x: str, y: str, around: Params) -> Truth:
    """Taste all over two parameters, the others held as in `around`."""
    space = menu.space
    columns, rows = along(space[x]), along(space[y])
    score = np.full((len(rows), len(columns)), math.nan)
    for row, second in enumerate(rows):
        for column, first in enumerate(columns):
            params = completed(space, {**around, x: first, y: second})
            if params is not None and params.get(x, first) == first and params.get(y, second) == second:
                score[row, column] = menu.taste(params)
    held = {name: value for name, value in around.items() if name not in (x, y)}
    smooth = is_dial(space[x]) and is_dial(space[y])
    return Truth(places(space[x], columns), places(space[y], rows), score, held, smooth)


def along(parameter: Parameter, most: int = FINE) -> list[Any]:
    """Values that lie evenly on the axis of a parameter: all of them, or of a dial `most` where it has more.

    Examples
    --------
    >>> from pizzatune import Integer
    >>> along(Integer("minutes", 4, 8)), along(Integer("trees", 1, 1000, log=True), most=4)
    ([4, 5, 6, 7, 8], [1, 10, 100, 1000])
    """
    if not is_dial(parameter) or (parameter.size <= most and not getattr(parameter, "log", False)):
        return list(parameter.values())
    return [parameter.decode(float(code)) for code in np.linspace(0.0, 1.0, most)]


def value_at(parameter: Parameter, place: float) -> Any:
    """The value at a place of an axis."""
    return place if is_dial(parameter) else parameter.values()[int(place)]


def map_panel(
    across: Parameter,
    up: Parameter,
    left: float,
    top: float,
    width: float,
    height: float,
    *,
    fine: int = FINE,
) -> Panel:
    """Axes for two parameters in a box, of which labels take some at the left; `Land` fills them to the edge.

    `fine` is how many points lie along a smooth dial. Below the box, 42 px are for ticks and a label.
    """
    words = [text for _, text in _edged(up, height, fine, letters=int(0.24 * width / LETTER)).marked]
    margin = min(LETTER * max(map(len, words), default=0) + 10, 0.3 * width)
    upright = _edged(up, height, fine, letters=max(int((margin - 8) / LETTER), 3))
    return Panel(left + margin, top, width - margin, height, _edged(across, width - margin, fine), upright)


def _edged(parameter: Parameter, length: float, fine: int, letters: int | None = None) -> Scale:
    """An axis that reaches half a step beyond the ends of a dial."""
    return scale_of(parameter, length, letters=letters, room=0.5 / max(len(along(parameter, fine)) - 1, 1))


def land(panel: Panel, truth: Truth, limits: tuple[float, float], opacity: float = 1.0) -> list[Mark]:
    """The truth in the colours of its scores."""
    return [Land(panel, truth.score, limits, smooth=truth.smooth, opacity=opacity)]


def ends_of(scores: FloatArray) -> tuple[float, float]:
    """Lowest and highest of scores, some apart; (0, 1) where there is none.

    Examples
    --------
    >>> ends_of(np.array([3.0, np.nan, 1.0])), ends_of(np.array([2.0])), ends_of(np.array([]))
    ((1.0, 3.0), (1.5, 2.5), (0.0, 1.0))
    """
    known = scores[np.isfinite(scores)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def colours_of(scores: FloatArray, limits: tuple[float, float]) -> list[str]:
    """The colour of each score as "#rrggbb"; "" where there is none.

    Examples
    --------
    >>> colours_of(np.array([0.0, 10.0, np.nan]), (0, 10))
    ['#1f1633', '#fdf0c4', '']
    """
    known = np.isfinite(scores)
    shares = Scale(*limits).share(np.where(known, scores, limits[0]))
    parts = np.rint(255 * score_colours(shares)).astype(int).tolist()
    return [
        f"#{red:02x}{green:02x}{blue:02x}" if there else ""
        for (red, green, blue), there in zip(parts, known.tolist(), strict=True)
    ]


def ends_in_words(low: float, high: float) -> tuple[str, str]:
    """Two ends with no more figures than their distance is worth.

    Examples
    --------
    >>> ends_in_words(8.39e-49, 9.2412), ends_in_words(0.00385, 8.96), ends_in_words(0.8603, 0.98)
    (('0', '9.2'), ('0', '9'), ('0.86', '0.98'))
    """
    apart = high / 2 - low / 2  # half of it: the whole may be larger than any number
    if not 1e-290 < apart < 1e15 or max(abs(low), abs(high)) > 1e15:
        return score_text(low), score_text(high)
    digits = 1 - math.floor(math.log10(apart) + math.log10(2))
    texts = [number_text(round(end, digits)) for end in (low, high)]
    return texts[0], texts[1]


def colour_key(left: float, top: float, width: float, limits: tuple[float, float], label: str) -> list[Mark]:
    """A bar with all colours, the scores at its ends below and what is scored before it; 34 px high."""
    low, high = limits
    ends = tuple(zip(limits, ends_in_words(low, high), strict=True))
    bar = Panel(left, top, width, 12, Scale(low, high, ticks=ends), Scale(0, 1, ticks=()))
    scores = np.array([[bar.x.value(share) for share in np.linspace(0, 1, 64)]])
    return [
        Land(bar, scores, limits),
        Axes(bar, bare=True),
        Text(None, left - 10, top + 11, label, "", "end"),
    ]
