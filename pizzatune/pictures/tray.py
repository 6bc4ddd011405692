"""The tray of a grid: a cell for each combination, which takes its colour when it is baked."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pizzatune.parameters import FloatArray, Parameter
from pizzatune.pictures import palette
from pizzatune.pictures.marks import Bars, Dots, Image, Layers, Links, Mark, Symbol, Text
from pizzatune.space import Space
from pizzatune.words import score_text, settings, spoken

GAP = 8.0  # px between two blocks, and between two cells a quarter of it
NAMES, LABELS = 66.0, 20.0  # px for the labels of rows, and a line of labels above
LETTER, SHORT = 7.3, 4  # px; letters that are never cut


@dataclass(frozen=True)
class GridTray:
    """Where the cells lie: the first parameters go down, the last ones across; of two, one forms blocks.

    Parameters
    ----------
    space : Space
        Up to four parameters that can be counted.
    left, top, width, height : float
        Of all, labels included, in px.

    Examples
    --------
    >>> from pizzatune.menus import four_factors
    >>> tray = GridTray(four_factors().space, 0, 0, 660, 440)
    >>> pizza = {"cheese": "Mild", "sauce": "White", "temperature": "Low", "baking_time": "Long"}
    >>> tray.shape, tray.place(pizza)
    ((9, 9), (2, 2))
    """

    space: Space
    left: float
    top: float
    width: float
    height: float

    @property
    def down(self) -> tuple[Parameter, ...]:
        """The parameters of the rows, the one that forms blocks first."""
        return self.space.parameters[: len(self.space) // 2]

    @property
    def across(self) -> tuple[Parameter, ...]:
        """The parameters of the columns, the one that forms blocks first."""
        return self.space.parameters[len(self.space) // 2 :]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = (math.prod(len(_levels(one)) for one in side) for side in (self.down, self.across))
        return rows, columns

    def place(self, params: Mapping[str, Any]) -> tuple[int, int]:
        """Row and column of a combination."""
        row, column = 0, 0
        for one in self.down:
            row = row * len(_levels(one)) + _levels(one).index(params[one.name])
        for one in self.across:
            column = column * len(_levels(one)) + _levels(one).index(params[one.name])
        return row, column

    @property
    def columns(self) -> FloatArray:
        """The left and the right edge of each column, shape (columns, 2)."""
        start = self.left + NAMES * len(self.down)
        return _edges(start, self.left + self.width - start, self.across)

    @property
    def rows(self) -> FloatArray:
        """The upper and the lower edge of each row, shape (rows, 2)."""
        start = self.top + LABELS * (1 + len(self.across)) + 4
        return _edges(start, self.top + self.height - start, self.down)


def _levels(one: Parameter) -> list[Any]:
    return list(one.values())


def _edges(start: float, length: float, side: Sequence[Parameter]) -> FloatArray:
    """Both edges of each cell along a side, in px."""
    counts = [len(_levels(one)) for one in side] or [1]
    blocks = counts[0] if len(counts) > 1 else 1
    inner = math.prod(counts) // blocks
    cell = (length - GAP * (blocks - 1)) / (blocks * inner)
    at = np.arange(blocks * inner)
    low = start + at * cell + at // inner * GAP
    return np.column_stack([low, low + cell - GAP / 4])


def tray_layers(
    tray: GridTray,
    scores: Sequence[float | None],
    symbols: Sequence[Symbol | None] = (),
    *,
    latest: int | None = None,
    limits: tuple[float, float] = (0.0, 10.0),
    tips: Mapping[int, str] | None = None,
) -> Layers:
    """The tray as marks: labels and empty cells, a layer for each row, the best and the latest.

    Parameters
    ----------
    tray : GridTray
        Where the cells lie.
    scores : sequence of float or None
        Of each combination, in the order of its row and column; None where it is not baked yet, nan where it
        failed.
    symbols : sequence of Symbol or None
        What lies in each cell once it is baked.
    latest : int, optional
        The combination that came out last.
    limits : (float, float)
        The scores of the darkest and the lightest colour.
    tips : dict, optional
        Combination -> what its cell says under a mouse; by default its options and its score.

    Returns
    -------
    dict
        Layer -> marks.
    """
    combinations = list(itertools.product(*(_levels(one) for one in tray.space.parameters)))
    columns, rows = tray.columns, tray.rows
    layers: Layers = {"tray": [*_labels(tray), *_empty(tray.space, combinations, columns, rows)]}
    for row, (top, floor) in enumerate(rows.tolist()):
        first = row * len(columns)
        numbers = [n for n in range(first, first + len(columns)) if scores[n] is not None]
        marks: list[Mark] = []
        layers[f"tray row {row}"] = marks
        if not numbers:
            continue
        told = [(tips or {}).get(n) or _tip(tray.space, combinations[n], scores[n]) for n in numbers]
        left, right = columns[[n - first for n in numbers]].T
        tops, floors = np.full(len(numbers), top), np.full(len(numbers), floor)
        colours = [_colour(scores[n], limits) for n in numbers]
        covered = bool(len(symbols)) and all(symbols[n] is not None for n in numbers)
        tips_below = () if covered else told  # what lies on a cell speaks for it
        marks.append(Bars(None, left, right, tops, floors, "cell", colours=colours, tips=tips_below))
        size = 0.86 * min(floor - top, float(columns[0, 1] - columns[0, 0]))
        for number, tip, x in zip(numbers, told, ((left + right) / 2).tolist(), strict=True):
            if len(symbols) and (symbol := symbols[number]) is not None:
                marks.append(Image(None, x, (top + floor) / 2, size, symbol, tip=tip))
    layers["tray marks"] = _marked(columns, rows, scores, latest)
    return layers


def _tip(space: Space, values: Sequence[Any], score: float | None) -> str:
    params = dict(zip(space.names, values, strict=True))
    result = "failed" if score is None or not math.isfinite(score) else score_text(score)
    return f"{settings(space, params)}: {result}"


def _colour(score: float | None, limits: tuple[float, float]) -> str:
    if score is None or not math.isfinite(score):
        return palette.LIGHT["pencil"]
    low, high = limits
    return palette.score_colour((score - low) / ((high - low) or 1.0))


def _empty(
    space: Space, combinations: Sequence[Sequence[Any]], columns: FloatArray, rows: FloatArray
) -> list[Mark]:
    """All cells before anything is baked; each says which combination it is."""
    tips = [settings(space, dict(zip(space.names, values, strict=True))) for values in combinations]
    left, right = np.tile(columns, (len(rows), 1)).T
    tops, floors = np.repeat(rows, len(columns), axis=0).T
    return [Bars(None, left, right, tops, floors, "track", tips=tips)]


def _labels(tray: GridTray) -> list[Mark]:
    """The options of each parameter along its side; before them, outside first, what they are options of."""
    first = float(tray.columns[0, 0])
    marks: list[Mark] = [Text(None, first, tray.top + 13, _nested(tray.across), "title")]
    for depth in range(len(tray.across)):
        y, style = tray.top + LABELS * (depth + 2) - 7, _style(tray.across, depth)
        for words, start, end in _spans(tray.across, depth, tray.columns):
            fits = len(words) <= SHORT or LETTER * len(words) <= end - start
            short = words if fits else words[:3]
            tip = words if short != words else ""
            marks.append(Text(None, (start + end) / 2, y, short, style, "middle", tip=tip))
    for depth, one in enumerate(tray.down):
        x, inner = tray.left + NAMES * depth, depth == len(tray.down) - 1
        y = float(tray.rows[0, 0]) - 11 - (0 if inner else LABELS)
        name = spoken(one.name)
        if not inner:
            marks.append(Text(None, x, y, f"{name} ›", "title"))
        else:
            marks.append(Text(None, first - 10, y, name, "title", "end"))
        for words, start, end in _spans(tray.down, depth, tray.rows):
            marks.append(Text(None, x, (start + end) / 2 + 5, words, _style(tray.down, depth), fit=NAMES - 4))
    return marks


def _nested(side: Sequence[Parameter]) -> str:
    return " › ".join(spoken(one.name) for one in side)


def places(left: float, top: float, side: float, across: Sequence[int], down: Sequence[int]) -> list[Mark]:
    """More combinations than a tray can name: small squares in blocks of blocks, the outer size first."""
    cell = min((side - _spread(sizes, 0.0)[1]) / math.prod(sizes) for sizes in (across, down))
    columns, rows = _spread(across, cell)[0], _spread(down, cell)[0]
    x, y = (grid.ravel() for grid in np.meshgrid(columns, rows))
    half = 0.42 * cell
    return [Links(None, left + x, top + y - half, left + x, top + y + half, "place")]


def _spread(sizes: Sequence[int], cell: float) -> tuple[FloatArray, float]:
    """Middles of cells in blocks of blocks, and how long they are together."""
    middles, length = np.array([cell / 2]), cell
    for depth, size in enumerate(reversed(sizes)):
        gap = 0.75 * GAP * min(depth, 2)
        middles = np.concatenate([block * (length + gap) + middles for block in range(size)])
        length = size * length + (size - 1) * gap
    return middles, length


def _style(side: Sequence[Parameter], depth: int) -> str:
    return "bold" if depth < len(side) - 1 else ""


def _spans(side: Sequence[Parameter], depth: int, edges: FloatArray) -> list[tuple[str, float, float]]:
    """What each option of a parameter is called, and from where to where its cells reach."""
    one = side[depth]
    cells = math.prod(len(_levels(other)) for other in side[depth + 1 :])
    labels = [one.label(value) for value in _levels(one)]
    return [
        (labels[number % len(labels)], float(edges[start, 0]), float(edges[start + cells - 1, 1]))
        for number, start in enumerate(range(0, len(edges), cells))
    ]


def _marked(
    columns: FloatArray, rows: FloatArray, scores: Sequence[float | None], latest: int | None
) -> list[Mark]:
    """A frame around the latest, and a star on the best."""
    marks: list[Mark] = []
    if latest is not None:
        row, column = divmod(latest, len(columns))
        (left, right), (top, floor) = columns[column, :, None], rows[row, :, None]
        marks.append(Bars(None, left, right, top, floor, "chosen"))
    numbers = np.array([np.nan if score is None else score for score in scores], dtype=float)
    if np.isfinite(numbers).any():
        row, column = divmod(int(np.nanargmax(numbers)), len(columns))
        x, y = columns[column, 1] - 8, rows[row, 0] + 8
        marks.append(Dots(None, [x], [y], "best", tips=["the best so far"], sizes=[8.0]))
    return marks
