"""Toss the dough: as many pizzas at random as on a grid, with the shadows that both cast on each dial."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pizzatune.explore.bitmaps import Bitmap, Pixels, coloured
from pizzatune.explore.frame import Explorer, Knob, Pick, Steps
from pizzatune.lessons.random import DIALS, FLAVOUR, SaltyKitchen, draws, grid
from pizzatune.menus.taste import HEAT_COST
from pizzatune.parameters import FloatArray
from pizzatune.plots.palette import INK, LINE, NIGHT, PAPER, PENCIL, SCORES, TOMATO, text_on

KITCHENS = 100
BATCH = 5  # kitchens between two looks at what the learner does
TINT = 0.62  # how much of the scores' colours is left under the marks
DEAREST = 1.15 * HEAT_COST  # points that the strips have room for: more than one dial ever costs

# Where things lie, in dots of the picture.
LEFT, APART = 70, 474  # the left map, and how far from it the right one
TOP, MAP, STRIP, GAP = 144, 292, 60, 7  # the maps, and the strips above and beside them
BAR, BAR_TALL, BAR_LEFT, BAR_RIGHT = 531, 36, 70, 909  # who wins how often

COLOURS: Pixels = np.array(
    np.round(255 * (TINT * np.array(SCORES(np.arange(256))) + (1 - TINT) * np.array([1.0, 0.98, 0.95, 1.0]))),
    dtype=np.uint8,
)


@dataclass(frozen=True)
class Tally:
    """What grid and random search asked for in kitchens 1, 2, 3 and so on.

    Attributes
    ----------
    levels, sampler
        Of the grid and of the random search.
    grid_costs, drawn_costs : ndarray, shape (kitchens, n, 2)
        Points that its temperature costs each pizza, and that its salt would if it mattered as much.
    """

    levels: int
    sampler: str
    grid_costs: FloatArray
    drawn_costs: FloatArray

    def best(self, matters: float) -> tuple[FloatArray, FloatArray]:
        """The best score of grid and random search in each kitchen, each of shape (kitchens,)."""
        weights = np.array([1.0, matters])
        grid, drawn = ((costs @ weights).min(axis=1) for costs in (self.grid_costs, self.drawn_costs))
        return FLAVOUR - grid, FLAVOUR - drawn


@dataclass(frozen=True)
class Side:
    """The pizzas of one strategy in one kitchen.

    Attributes
    ----------
    pizzas : ndarray, shape (n, 2)
        Temperature (°C) and salt (g), in the order in which the strategy asked for them.
    scores : ndarray, shape (n,)
        In points.
    places : tuple of int
        How many different temperatures and salts there are among them.
    """

    pizzas: FloatArray
    scores: FloatArray
    places: tuple[int, int]

    @property
    def best(self) -> int:
        """Which pizza is the best."""
        return int(self.scores.argmax())


@dataclass(frozen=True)
class Tossed:
    """One kitchen with both strategies' pizzas, and how they fared in all kitchens so far.

    Attributes
    ----------
    kitchen : SaltyKitchen
        The kitchen in the picture.
    sampler : str
        How the random search draws.
    grid, drawn : Side
        The pizzas of the grid and of the random search.
    grid_best, drawn_best : ndarray, shape (kitchens,)
        The best score of each in every kitchen.
    """

    kitchen: SaltyKitchen
    sampler: str
    grid: Side
    drawn: Side
    grid_best: FloatArray
    drawn_best: FloatArray

    @property
    def random_wins(self) -> int:
        """In how many kitchens the best random pizza was the better one."""
        return int((self.drawn_best > self.grid_best).sum())


def side(pizzas: FloatArray, kitchen: SaltyKitchen) -> Side:
    """Bake pizzas in a kitchen.

    Examples
    --------
    >>> side(grid(3), SaltyKitchen(1)).places, side(draws(1), SaltyKitchen(1)).places
    ((3, 3), (9, 9))
    """
    places = len(np.unique(pizzas[:, 0])), len(np.unique(pizzas[:, 1]))
    return Side(pizzas, kitchen.scores(pizzas), places)


class RandomExplorer(Explorer):
    """Turn what salt matters; see whom it hurts."""

    title = "Toss the dough"
    levels = Knob(
        2, 6, value=3, label="Levels per dial", reruns=True, group="The search",
        help="Levels of the grid on each dial; random search gets as many pizzas as the grid has",
    )  # fmt: skip
    sampler = Pick(
        {"Independent": "independent", "Sobol": "sobol"},
        label="Random draws",
        help="Each on its own, or the points of a Sobol sequence, which keep apart",
        buttons=True,
        reruns=True,
    )
    matters = Knob(
        0, 100, value=0, step=5, unit="%", label="Salt matters", group="The kitchen",
        help="What salt matters, against temperature: 0 not at all, 100 as much",
    )  # fmt: skip
    seed = Steps(
        1,
        KITCHENS,
        value=13,
        label="Kitchen",
        seconds=0.8,
        help="Another kitchen, and other draws: the seed of both",
    )

    def build(self, figure: Figure) -> None:
        """Two maps with the shadows on their sides, and below a bar for all kitchens."""
        self.panels = Panel(LEFT), Panel(LEFT + APART)
        for panel in self.panels:
            self._frame(panel)
            figure.add_artist(self.moves(panel.land))
        sheet = self.sheet()
        pens: tuple[dict[str, Any], ...] = ({"color": NIGHT, "marker": "s"}, {"color": TOMATO, "marker": "o"})

        def line(**look: Any) -> Line2D:
            return self.moves(sheet.plot([], [], **look)[0])

        self.hills = self.moves(PolyCollection([], facecolors=LINE, edgecolors=PENCIL, linewidths=1.2))
        self.rays = line(color=INK, linewidth=0.7, alpha=0.35, zorder=2)
        edge: dict[str, Any] = {"markeredgecolor": PAPER, "markeredgewidth": 1.2, "linestyle": "none"}
        self.stems = [line(color=pen["color"], linewidth=1.6, zorder=2) for pen in pens]
        self.marks = [line(markersize=9, zorder=4, **pen, **edge) for pen in pens]
        edge |= {"markeredgecolor": INK, "marker": "*", "markersize": 23}
        self.stars = [line(zorder=5, **pen | edge) for pen in pens]
        self.headings, self.bests, self.counts = [], [], []
        for panel, pen in zip(self.panels, pens, strict=True):
            sheet.plot([panel.left + 9], [29], markersize=13, **pen)
            self.headings.append(self.label(panel.left + 26, 36, size=18, bold=True))
            self.counts.append(self.label(panel.left, 66, colour=PENCIL))
            self.bests.append(self.label(panel.right, 36, size=18, lean=1, bold=True))

        above, half = BAR - 14, (BAR_LEFT + BAR_RIGHT) / 2
        self.averages = self.label(BAR_LEFT, above), self.label(BAR_RIGHT, above, lean=1)
        self.counted = self.label(half, above, colour=PENCIL, lean=0.5)
        self.bar = self.moves(PolyCollection([], facecolors=[NIGHT, TOMATO], edgecolors=PAPER, linewidths=2))
        for collection in (self.hills, self.bar):
            sheet.add_collection(collection)
        sheet.plot([half, half], [BAR + BAR_TALL, BAR + BAR_TALL + 6], color=PENCIL, linewidth=1.5)
        sheet.text(half, BAR + BAR_TALL + 23, "half of them", fontsize=14, color=PENCIL, ha="center")
        y = BAR + BAR_TALL / 2 + 5
        self.shares = [
            self.label(BAR_LEFT + 12, y, colour=text_on(NIGHT)),
            self.label(BAR_RIGHT - 12, y, colour=text_on(TOMATO), lean=1),
        ]
        for share in self.shares:
            share.set_zorder(6)

    def _frame(self, panel: Panel) -> None:
        """Draw the ticks and labels around a map."""
        wide, high = (100 * inches for inches in self.size)
        ax = self.axes(panel.left / wide, 1 - (TOP + MAP) / high, MAP / wide, MAP / high)
        temperature, salt = DIALS[:2]
        ax.set(
            xlim=(temperature.low, temperature.high), xticks=[150, 200, 250, 300], xlabel="temperature (°C)"
        )
        ax.set(ylim=(salt.low, salt.high), yticks=[0, 10, 20, 30])
        ax.set_ylabel("salt (g)", labelpad=2)

    def rerun(self) -> Iterator[Tally]:
        """Let both strategies ask in kitchen after kitchen."""
        if self.run is not None and self.sampler.value == "sobol" and "scipy.stats" not in sys.modules:
            yield self.run  # Sobol's sequence takes a second to load: until then, the picture of before
        levels, sampler = self.levels.value, self.sampler.value
        planned = grid(levels)
        costs = np.empty((2, KITCHENS, len(planned), 2))
        for number in range(KITCHENS):
            kitchen = SaltyKitchen(number + 1)
            for row, pizzas in zip(
                costs[:, number], (planned, draws(number + 1, len(planned), sampler=sampler)), strict=True
            ):
                row[:, 0] = kitchen.heat_cost(pizzas[:, 0])
                row[:, 1] = kitchen.salt_cost(pizzas[:, 1])
            if (number + 1) % BATCH == 0:
                yield Tally(levels, sampler, *costs[:, : number + 1])

    def model(self) -> Tossed:
        """The pizzas of the kitchen that is chosen, and the best ones of every kitchen."""
        tally: Tally = self.run
        kitchen = SaltyKitchen(self.seed.value, self.matters.value / 100)
        planned = grid(tally.levels)
        drawn = draws(kitchen.seed, len(planned), sampler=tally.sampler)
        return Tossed(
            kitchen,
            tally.sampler,
            side(planned, kitchen),
            side(drawn, kitchen),
            *tally.best(kitchen.matters),
        )

    def draw(self, numbers: Tossed) -> None:
        """Move the pizzas and their shadows."""
        kitchen, sides = numbers.kitchen, (numbers.grid, numbers.drawn)
        heat_cost = kitchen.heat_cost(_along(0))
        salt_cost = kitchen.matters * kitchen.salt_cost(_along(1))
        picture = _land(heat_cost, salt_cost)
        hills, rays = [], []
        for number, (panel, one) in enumerate(zip(self.panels, sides, strict=True)):
            panel.land.pixels = picture
            x, y = panel.x(one.pizzas[:, 0]), panel.y(one.pizzas[:, 1])
            above = panel.above(kitchen.heat_cost(one.pizzas[:, 0]))
            beside = panel.beside(kitchen.matters * kitchen.salt_cost(one.pizzas[:, 1]))
            hills += panel.hills(heat_cost, salt_cost)
            rays += [_lines(x, y, x, panel.floor), _lines(x, y, panel.wall, y)]
            stems = np.hstack([_lines(x, panel.floor, x, above), _lines(panel.wall, y, beside, y)])
            self.stems[number].set_data(stems)
            self.marks[number].set_data(np.concatenate([x, x, beside]), np.concatenate([y, above, y]))
            self.stars[number].set_data([x[one.best]], [y[one.best]])
            self.bests[number].set_text(f"best {one.scores.max():.1f}")
        self.hills.set_verts(hills)
        self.rays.set_data(np.hstack(rays))
        self._write_headings(numbers)
        self._draw_bar(numbers)

    def _write_headings(self, numbers: Tossed) -> None:
        """Say what each map shows."""
        for heading, count, name, one in zip(
            self.headings, self.counts, _names(numbers), (numbers.grid, numbers.drawn), strict=True
        ):
            heading.set_text(name)
            count.set_text(f"{len(one.scores)} pizzas: {one.places[0]} temperatures, {one.places[1]} salts")

    def _draw_bar(self, numbers: Tossed) -> None:
        """Show how both fared in all kitchens."""
        names = _names(numbers)
        kitchens, wins = len(numbers.grid_best), numbers.random_wins
        split = BAR_LEFT + (BAR_RIGHT - BAR_LEFT) * (1 - wins / kitchens)
        self.bar.set_verts([_box(BAR_LEFT, split), _box(split, BAR_RIGHT)])
        for share, name, count in zip(self.shares, names, (kitchens - wins, wins), strict=True):
            share.set_text(f"{name} better in {count}" if count > kitchens / 4 else str(count or ""))
        for average, best in zip(self.averages, (numbers.grid_best, numbers.drawn_best), strict=True):
            average.set_text(f"{best.mean():.2f} on average")
        self.counted.set_text(f"best pizzas in {kitchens} kitchens")

    def read(self, numbers: Tossed) -> str:
        """One kitchen in a sentence, all kitchens in another."""
        percent = round(100 * numbers.kitchen.matters)
        salt = f"{percent} % as much as temperature" if percent else "not at all"
        kind = "Sobol" if numbers.sampler == "sobol" else "random"
        grid, drawn, kitchens = numbers.grid, numbers.drawn, len(numbers.grid_best)
        return (
            f"Salt matters {salt}. In kitchen {numbers.kitchen.seed}, the grid's {len(grid.scores)} pizzas "
            f"try {grid.places[0]} temperatures, best {grid.scores.max():.1f}; {len(drawn.scores)} {kind} "
            f"ones try {drawn.places[0]}, best {drawn.scores.max():.1f}. The {kind} best is ahead in "
            f"{numbers.random_wins} of {kitchens} kitchens, on average {numbers.drawn_best.mean():.2f} to "
            f"{numbers.grid_best.mean():.2f}."
        )

    def table(self, numbers: Tossed) -> Mapping[str, Any]:
        """A row for each pizza in the picture."""
        sides = numbers.grid, numbers.drawn
        return {
            "search": [name for name, one in zip(("grid", "random"), sides, strict=True) for _ in one.scores],
            "temperature": np.concatenate([one.pizzas[:, 0] for one in sides]),
            "salt": np.concatenate([one.pizzas[:, 1] for one in sides]),
            "score": np.concatenate([one.scores for one in sides]),
        }


class Panel:
    """Where the map of one strategy lies on the sheet, with a strip above it and one beside, in dots."""

    def __init__(self, left: float) -> None:
        self.left = left
        self.land = Bitmap(left, TOP, opaque=True)
        self.floor = TOP - GAP  # of the strip above
        self.wall = left + MAP + GAP  # of the strip beside
        self.right = self.wall + STRIP

    def x(self, temperature: FloatArray) -> FloatArray:
        """How far to the right temperatures lie."""
        low, high = DIALS[0].low, DIALS[0].high
        return self.left + MAP * (temperature - low) / (high - low)

    def y(self, salt: FloatArray) -> FloatArray:
        """How far down amounts of salt lie."""
        low, high = DIALS[1].low, DIALS[1].high
        return TOP + MAP * (high - salt) / (high - low)

    def above(self, cost: FloatArray) -> FloatArray:
        """How far down the strip above shows a cost in points: the less, the higher."""
        return self.floor - STRIP * (1 - cost / DEAREST)

    def beside(self, cost: FloatArray) -> FloatArray:
        """How far to the right the strip beside shows a cost in points: the less, the farther."""
        return self.wall + STRIP * (1 - cost / DEAREST)

    def hills(self, heat_cost: FloatArray, salt_cost: FloatArray) -> list[FloatArray]:
        """Outlines of what temperature and salt leave of the points, from costs along each dial."""
        x, y = self.x(_along(0)), self.y(_along(1))
        above = np.column_stack([x, self.above(heat_cost)])
        beside = np.column_stack([self.beside(salt_cost), y])
        return [
            np.vstack([[x[0], self.floor], above, [x[-1], self.floor]]),
            np.vstack([[self.wall, y[0]], beside, [self.wall, y[-1]]]),
        ]


def _names(numbers: Tossed) -> tuple[str, str]:
    """What the two maps are called."""
    return "Grid", "Sobol" if numbers.sampler == "sobol" else "Random"


def _along(dial: int) -> FloatArray:
    """Values of a dial at the middles of the map's dots, shape (MAP,)."""
    low, high = DIALS[dial].low, DIALS[dial].high
    return low + (high - low) * (np.arange(MAP) + 0.5) / MAP


def _land(heat_cost: FloatArray, salt_cost: FloatArray) -> Pixels:
    """The true scores all over the map, in tints of their colours, from costs along each dial."""
    scores = (FLAVOUR - heat_cost)[np.newaxis, :] - salt_cost[::-1, np.newaxis]  # the top row first
    return coloured((25.5 * scores.clip(0, 10)).astype(np.uint8), COLOURS)


def _lines(x: Any, y: Any, to_x: Any, to_y: Any) -> FloatArray:
    """Coordinates of separate lines for one artist, from each point to another; shape (2, 3 n)."""
    columns = np.broadcast_arrays(x, to_x, np.nan), np.broadcast_arrays(y, to_y, np.nan)
    return np.array([np.column_stack(ends).ravel() for ends in columns])


def _box(left: float, right: float) -> list[tuple[float, float]]:
    """The corners of a part of the bar."""
    return [(left, BAR), (right, BAR), (right, BAR + BAR_TALL), (left, BAR + BAR_TALL)]


def random(
    levels: int = 3, sampler: str = "independent", matters: float = 0, seed: int = 13
) -> RandomExplorer:
    """Toss pizzas at random beside as many on a grid, and see what shadows they cast on each dial.

    Parameters
    ----------
    levels : int
        Levels of the grid on each of the two dials, from 2 to 6; random search gets as many pizzas.
    sampler : {"independent", "sobol"}
        As in `RandomSearch`.
    matters : float
        What salt matters against temperature, in per cent from 0 to 100.
    seed : int
        Which kitchen, from 1 to 100: its best temperature and salt lie elsewhere, and its draws are its own.

    Returns
    -------
    RandomExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    References
    ----------
    Bergstra and Bengio (2012), Random Search for Hyper-Parameter Optimization, JMLR 13, pp. 281-305; after
    its figure 1.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.random(levels=4)
    >>> explorer.data.grid.places, explorer.data.drawn.places
    ((4, 4), (16, 16))
    >>> ahead = explorer.data.random_wins
    >>> explorer.matters.value = 100
    >>> explorer.data.random_wins < 50 < ahead
    True
    """
    return RandomExplorer(levels=levels, sampler=sampler, matters=matters, seed=seed)
