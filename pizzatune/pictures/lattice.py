"""A grid on a map: each pizza has a cell, the part of the dials that it stands for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures.ground import colours_of
from pizzatune.pictures.marks import Axes, Bars, Dots, Land, Layers, Mark, Panel, Text
from pizzatune.pictures.palette import text_on
from pizzatune.space import Params, Space
from pizzatune.trial import Trial, best_trial
from pizzatune.words import points

GAP = 6.0  # px between blocks
FEW = 49  # cells that each have a tip
ROOM = (32.0, 20.0)  # px that a score needs, across and down
LIMITS = (0.0, 10.0)
LETTERS = 44.0  # px that a number needs below a block

Place = tuple[int, int, int, int]  # block across, block down, column and row inside


@dataclass(frozen=True)
class Lattice:
    """The cells of a grid over one dial, two, or blocks of two.

    Attributes
    ----------
    space : Space
        The dials: across, up, then what the blocks across and the blocks down stand for.
    levels : dict
        Name of a dial -> its levels in order.
    panel : Panel
        The whole map, with the scales of the first two dials; of one dial, up is its score.
    """

    space: Space
    levels: Mapping[str, tuple[float, ...]]
    panel: Panel

    @cached_property
    def blocks(self) -> dict[tuple[int, int], Panel]:
        """The map cut into blocks, by their place across and up."""
        across, up = (len(self.levels.get(name, (0,))) for name in (*self.space.names[2:], "", "")[:2])
        one = self.panel
        wide, tall = (one.width - GAP * (across - 1)) / across, (one.height - GAP * (up - 1)) / up
        return {
            (i, j): Panel(
                one.left + i * (wide + GAP), one.floor - tall - j * (tall + GAP), wide, tall, one.x, one.y
            )
            for i, j in itertools.product(range(across), range(up))
        }

    @cached_property
    def borders(self) -> tuple[FloatArray, FloatArray]:
        """Where the cells end, along both dials in their units; of one dial, up has one cell."""
        names = self.space.names[:2]
        across, *up = (self._borders(name) for name in names)
        return across, up[0] if up else np.array([self.panel.y.low, self.panel.y.high])

    def _borders(self, name: str) -> FloatArray:
        dial = self.space[name]
        codes = np.array([dial.encode(level) for level in self.levels[name]])
        middles = (codes[:-1] + codes[1:]) / 2
        return np.array([dial.decode(float(code)) for code in (0.0, *middles, 1.0)])

    @property
    def room(self) -> tuple[float, float]:
        """The narrowest and the lowest of all cells, in px."""
        first = self.blocks[0, 0]
        x, y = self.borders
        return float(np.diff(first.across(x)).min()), float(-np.diff(first.down(y)).max())

    @property
    def size(self) -> int:
        """How many cells there are."""
        return int(np.prod([len(levels) for levels in self.levels.values()]))

    def place(self, params: Params) -> Place:
        """The cell of a pizza."""
        at = [self.levels[name].index(value) for name, value in params.items()]
        column, row, across, up = (*at, 0, 0, 0)[:4]
        return across, up, column, row

    def cell(self, place: Place) -> tuple[Panel, float, float, float, float]:
        """The block of a cell, and its left, right, low and high end in units of the dials."""
        across, up, column, row = place
        x, y = self.borders
        ends = float(x[column]), float(x[column + 1]), float(y[row]), float(y[row + 1])
        return self.blocks[across, up], *ends

    def point(self, params: Params) -> tuple[Panel, float, float]:
        """Where a pizza lies, in units of the dials; of one dial on its floor."""
        values = list(params.values())
        across, up, _, _ = self.place(params)
        return self.blocks[across, up], values[0], values[1] if len(values) > 1 else self.panel.y.low


def cells(lattice: Lattice, trials: Sequence[Trial], tip: Callable[[Trial], str]) -> Layers:
    """The cells of the pizzas that are baked, in the colours of their scores, row by row."""
    layers: Layers = {"to come": _to_come(lattice)}
    scores = np.array([trial.score for trial in trials], dtype=float)
    places = [lattice.place(trial.params) for trial in trials]
    if lattice.size > FEW:
        return layers | {"cells": _land(lattice, places, scores)}
    roomy = all(has >= needs for has, needs in zip(lattice.room, ROOM, strict=True))
    rows: dict[str, list[Mark]] = {}
    for block, row in itertools.product(lattice.blocks, range(len(lattice.borders[1]) - 1)):
        rows[f"cells {block[0]} {block[1]} {row}"] = []
    for place, trial, colour in zip(places, trials, colours_of(scores, LIMITS), strict=True):
        panel, left, right, low, high = lattice.cell(place)
        marks = rows[f"cells {place[0]} {place[1]} {place[3]}"]
        marks.append(Bars(panel, [left], [right], [low], [high], "cell", colours=[colour], tips=[tip(trial)]))
        if roomy:
            x, y = np.mean(panel.across([left, right])), np.mean(panel.down([low, high])) + 4.5
            score = points(trial.score or 0.0)
            marks.append(Text(None, float(x), float(y), score, "", "middle", colour=text_on(colour)))
    return layers | rows


def bars(lattice: Lattice, trials: Sequence[Trial], tip: Callable[[Trial], str]) -> Layers:
    """Of one dial: a bar for each pizza, as wide as its cell and as high as its score."""
    scores = np.array([trial.score for trial in trials], dtype=float)
    borders, columns = lattice.borders[0], [lattice.place(trial.params)[2] for trial in trials]
    marks: list[Mark] = [
        Bars(
            lattice.panel,
            borders[columns],
            borders[[column + 1 for column in columns]],
            np.zeros(len(trials)),
            scores,
            "cell",
            colours=colours_of(scores, LIMITS),
            tips=[tip(trial) for trial in trials],
        )
    ]
    for column, score in zip(columns, scores, strict=True):
        left, right = lattice.panel.across(borders[column : column + 2])
        if right - left >= ROOM[0] - 4:
            y = float(lattice.panel.down(score)) - 6
            marks.append(Text(None, float(left + right) / 2, y, points(float(score)), "bold", "middle"))
    return {"cells": marks}


def named(lattice: Lattice, trials: Sequence[Trial]) -> list[Mark]:
    """A frame around the last pizza, and a star on the best."""
    marks: list[Mark] = []
    best = best_trial(trials)
    for trial, style in ((trials[-1] if trials else None, "chosen"), (best, "best")):
        if trial is None:
            continue
        panel, left, right, low, high = lattice.cell(lattice.place(trial.params))
        if len(lattice.space) == 1:
            high = trial.score or 0.0
        if style == "chosen":
            marks.append(Bars(panel, [left], [right], [low], [high], style))
            continue
        (x, edge), (floor, top) = panel.across([left, right]), panel.down([low, high])
        middle = (x + edge) / 2, (top + floor) / 2
        if len(lattice.space) == 1:
            middle = middle[0], floor - 10
        elif min(edge - x, floor - top) >= ROOM[0] - 6:
            middle = edge - 9, top + 9  # the score stands in the middle
        marks.append(Dots(None, [middle[0]], [middle[1]], style, tips=["the best so far"], sizes=[8.0]))
    return marks


def spots(lattice: Lattice, trials: Sequence[Trial], tip: Callable[[Trial], str]) -> list[Mark]:
    """The pizzas as dots where they lie, on the score where there is one dial; a star for the best."""
    marks: list[Mark] = []
    best = best_trial(trials)
    for panel, group in itertools.groupby(trials, key=lambda trial: lattice.point(trial.params)[0]):
        some = list(group)
        x = [lattice.point(trial.params)[1] for trial in some]
        y = [lattice.point(trial.params)[2] for trial in some]
        if len(lattice.space) == 1:
            y = [trial.score or 0.0 for trial in some]
        few = len(trials) <= FEW
        tips = [tip(trial) for trial in some] if few else ()
        marks.append(Dots(panel, x, y, "seen", tips=tips, sizes=[4.5 if few else 2.0] * len(x)))
    if best is not None:
        panel, heat, minutes = lattice.point(best.params)
        up = best.score or 0.0 if len(lattice.space) == 1 else minutes
        marks.append(Dots(panel, [heat], [up], "best", tips=[f"the best: {tip(best)}"]))
    return marks


def grips(lattice: Lattice) -> list[Mark]:
    """Handles above the first dial's levels; dragging one moves the grid. Called "grip 0" and so on."""
    heats = lattice.levels[lattice.space.names[0]]
    names = [f"grip {number}" for number in range(len(heats))]
    tips = [f"{heat:.1f} °C: drag me" for heat in heats]
    top = [lattice.panel.y.high] * len(heats)
    return [Dots(lattice.panel, heats, top, "grip", tips=tips, names=names, drag=True)]


def axes(lattice: Lattice) -> list[Mark]:
    """The axes of the map; with three dials or four, what its blocks stand for."""
    one, names = lattice.panel, lattice.space.names
    if len(names) <= 2:
        up = "points" if len(names) == 1 else names[1]
        return [Axes(one), Text(None, one.left - 6, one.top - 10, up, "axis", "end")]
    marks: list[Mark] = []
    every = max(1, math.ceil(len(lattice.levels[names[2]]) * LETTERS / one.width))
    for (across, row), block in lattice.blocks.items():
        if row == 0 and across % every == 0:
            x, level = block.left + block.width / 2, lattice.levels[names[2]][across]
            marks.append(Text(None, x, one.floor + 17, f"{level:.1f}", "tick", "middle"))
        if across == 0 and len(names) > 3:
            y, level = block.top + block.height / 2 + 4.5, lattice.levels[names[3]][row]
            marks.append(Text(None, one.left - 6, y, f"{level:.0f}", "tick", "end"))
    words = f"{names[2]}; in each block {names[0]} × {names[1]}"
    marks.append(Text(None, one.left + one.width / 2, one.floor + 36, words, "axis", "middle"))
    if len(names) > 3:
        marks.append(Text(None, one.left - 6, one.top - 10, names[3], "axis", "end"))
    return marks


def _to_come(lattice: Lattice) -> list[Mark]:
    """An empty cell for each pizza; where there are many, the empty blocks."""
    x, y = lattice.borders
    marks: list[Mark] = []
    for panel in lattice.blocks.values():
        if lattice.size > FEW:
            marks.append(Bars(panel, [x[0]], [x[-1]], [y[0]], [y[-1]], "cell"))
            continue
        left, low = (grid.ravel() for grid in np.meshgrid(x[:-1], y[:-1]))
        right, high = (grid.ravel() for grid in np.meshgrid(x[1:], y[1:]))
        marks.append(Bars(panel, left, right, low, high, "cell"))
    return marks


def _land(lattice: Lattice, places: Sequence[Place], scores: FloatArray) -> list[Mark]:
    """Many cells as one picture a block: a dot a px, coloured by the cell it lies in."""
    x, y = lattice.borders
    table = np.full((len(lattice.blocks), len(y), len(x)), np.nan)  # the last row and column are no cells
    order = {block: number for number, block in enumerate(lattice.blocks)}
    for (across, up, column, row), score in zip(places, scores, strict=True):
        table[order[across, up], row, column] = score
    shown = np.full((round(lattice.panel.height), round(lattice.panel.width)), np.nan)
    for panel, known in zip(lattice.blocks.values(), table, strict=True):
        columns = _cells(panel.across(x) - panel.left, panel.width)
        rows = _cells(panel.floor - panel.down(y), panel.height)
        right, up = round(panel.left - lattice.panel.left), round(lattice.panel.floor - panel.floor)
        shown[up : up + len(rows), right : right + len(columns)] = known[rows][:, columns]
    return [Land(lattice.panel, shown, smooth=False)]


def _cells(borders: FloatArray, length: float) -> Any:
    """For each px of a length: in which cell it lies; -1 is none."""
    cells = np.searchsorted(borders, np.arange(int(length)) + 0.5) - 1
    return np.where(cells < len(borders) - 1, cells, -1)
