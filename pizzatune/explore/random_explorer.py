"""Toss the dough: as many pizzas at random as on a grid, with the shadows that both cast on each dial."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pizzatune.explore.explorer import Card, Explorer, Knob, Out, Pick, Steps
from pizzatune.lessons.random import draws, grid
from pizzatune.menus.salty import DIALS, FLAVOUR, SaltyKitchen
from pizzatune.menus.taste import HEAT_COST
from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Axes, Band, Bars, Dots, Land, Layers, Links, Mark, Panel, Scale, Text
from pizzatune.words import points

KITCHENS = 100
BATCH = 5  # kitchens between two looks at what the learner does
MOST_COST = 1.15 * HEAT_COST  # points that the shadows have room for: more than one dial ever costs
FINE = 64  # places of the map on each dial
HEAT = Scale(
    DIALS[0].low, DIALS[0].high, "temperature (°C)", tuple((t, f"{t}") for t in (150, 200, 250, 300))
)
SALT = Scale(DIALS[1].low, DIALS[1].high, "salt (g)", tuple((s, f"{s}") for s in (0, 10, 20, 30)))
LEFTS, TOP, SIDE, SHADOW, GAP = (46, 376), 118, 208, 48, 6
BAR = Panel(46, 396, 584, 26, Scale(0, 1, ticks=()), Scale(0, 1, ticks=()))


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

    @property
    def names(self) -> tuple[str, str]:
        """What the two searches are called."""
        return "Grid", "Sobol" if self.sampler == "sobol" else "Random"


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
    """Turn how much salt matters; see whom it hurts."""

    title = "Toss the dough"
    size = (660.0, 440.0)
    seed = Steps(
        1, KITCHENS, value=1, label="Kitchen", seconds=0.35,
        help="Another kitchen and other draws: the seed of both",
    )  # fmt: skip
    matters = Knob(
        0, 100, value=0, step=5, unit="%", label="Salt matters",
        help="How much salt matters, compared with temperature: 0 not at all, 100 as much",
    )  # fmt: skip
    levels = Knob(
        2, 6, value=3, label="Levels per dial", reruns=True,
        help="Levels of the grid on each dial; random search gets as many pizzas as the grid has",
    )  # fmt: skip
    sampler = Pick(
        {"Independent": "independent", "Sobol": "sobol"},
        label="Random draws",
        help="Each on its own, or the points of a Sobol sequence, which keep apart",
        buttons=True,
        reruns=True,
        more=True,
    )

    def rerun(self) -> Iterator[Tally]:
        """Let both strategies ask in kitchen after kitchen."""
        if self.run is not None and self.sampler.value == "sobol" and "scipy.stats" not in sys.modules:
            yield self.run  # Sobol's sequence takes a second to load: until then, the picture of before
        levels, sampler = self.levels.value, self.sampler.value
        planned = grid(levels)
        costs = np.empty((2, KITCHENS, len(planned), 2))
        for number in range(KITCHENS):
            kitchen = SaltyKitchen(number + 1)
            drawn = draws(number + 1, len(planned), sampler=sampler)
            for row, pizzas in zip(costs[:, number], (planned, drawn), strict=True):
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
        best = tally.best(kitchen.matters)
        return Tossed(kitchen, tally.sampler, side(planned, kitchen), side(drawn, kitchen), *best)

    def picture(self, numbers: Tossed) -> Layers:
        """Two maps with the shadows on their sides, and below a bar for all kitchens."""
        layers: Layers = {"axes": [Axes(_map(left, first=not i)) for i, left in enumerate(LEFTS)], "land": []}
        both = (numbers.grid, numbers.drawn)
        for number, (left, one, name) in enumerate(zip(LEFTS, both, numbers.names, strict=True)):
            panel = _map(left, first=not number)
            layers["land"].append(Land(panel, _scores(numbers.kitchen), opacity=0.85))
            layers[name] = [
                *_headings(panel, number, name, one),
                *_pizzas(panel, number, one, numbers.kitchen),
            ]
        layers["bar"] = _all_kitchens(numbers)
        return layers

    def read(self, numbers: Tossed) -> str:
        """How much salt matters, this kitchen, all kitchens."""
        percent = round(100 * numbers.kitchen.matters)
        salt = f"{percent} % as much as temperature" if percent else "not at all"
        kind = numbers.names[1].replace("Random", "random")
        grid, drawn, kitchens = numbers.grid, numbers.drawn, len(numbers.grid_best)
        return (
            f"Salt matters {salt}. The grid's {len(grid.scores)} pizzas try {grid.places[0]} temperatures, "
            f"the {len(drawn.scores)} {kind} ones {drawn.places[0]}.\n"
            f"Kitchen {numbers.kitchen.seed}: the grid's best has {points(grid.scores.max())} points, "
            f"the best {kind} one {points(drawn.scores.max())}.\n"
            f"In {kitchens} kitchens the {kind} best is ahead in {numbers.random_wins}; on average "
            f"{points(numbers.drawn_best.mean(), 2)} to {points(numbers.grid_best.mean(), 2)}."
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

    def card(self, numbers: Tossed) -> Card:
        """The best pizza of each search."""
        outs = [
            Out(
                None,
                points(one.scores.max()),
                f"{one.pizzas[one.best, 0]:.0f} °C, {one.pizzas[one.best, 1]:.0f} g salt",
            )
            for one in (numbers.drawn, numbers.grid)
        ]
        return Card(outs[0], outs[1], heading=numbers.names[1])


# -- marks --------------------------------------------------------------------------------------------------


def _map(left: float, first: bool) -> Panel:
    salt = SALT if first else Scale(SALT.low, SALT.high, "", SALT.ticks)
    return Panel(left, TOP, SIDE, SIDE, HEAT, salt)


def _along(dial: int) -> FloatArray:
    """Values of a dial from end to end, shape (FINE,)."""
    return np.linspace(DIALS[dial].low, DIALS[dial].high, FINE)


def _scores(kitchen: SaltyKitchen) -> FloatArray:
    """The true scores all over the map, shape (FINE, FINE)."""
    salt_cost = kitchen.matters * kitchen.salt_cost(_along(1))
    scores: FloatArray = FLAVOUR - kitchen.heat_cost(_along(0))[np.newaxis, :] - salt_cost[:, np.newaxis]
    return scores


def _headings(panel: Panel, number: int, name: str, one: Side) -> list[Mark]:
    many = f"{len(one.scores)} pizzas: {one.places[0]} temperatures, {one.places[1]} salts"
    right = panel.right + GAP + SHADOW
    return [
        Dots(None, [panel.left + 7], [18], f"pen{number}", sizes=[7.0]),
        Text(None, panel.left + 22, 24, name, "big"),
        Text(None, right, 24, f"best {points(one.scores.max())}", "big", "end"),
        Text(None, panel.left, 44, many, "quiet"),
    ]


def _pizzas(panel: Panel, number: int, one: Side, kitchen: SaltyKitchen) -> list[Mark]:
    """The pizzas, and their shadows on the hills of each dial."""
    above = Panel(panel.left, TOP - GAP - SHADOW, SIDE, SHADOW, panel.x, Scale(MOST_COST, 0))
    beside = Panel(panel.right + GAP, TOP, SHADOW, SIDE, Scale(MOST_COST, 0), panel.y)
    heat, salt = one.pizzas.T
    heat_cost, salt_cost = kitchen.heat_cost(heat), kitchen.matters * kitchen.salt_cost(salt)
    hill = kitchen.matters * kitchen.salt_cost(_along(1))
    style, crowd = f"pen{number}", {value: int((heat == value).sum()) for value in np.unique(heat)}
    tips = [
        f"{t:.0f} °C, {s:.0f} g salt: {points(score)} points"
        for t, s, score in zip(heat, salt, one.scores, strict=True)
    ]
    x, y = panel.across(heat), panel.down(salt)
    wide, high = beside.across(hill), panel.down(_along(1))
    several = [(value, n) for value, n in crowd.items() if n > 1]
    return [
        Band(above, _along(0), np.full(FINE, MOST_COST), kitchen.heat_cost(_along(0)), "hill"),
        Band(None, wide, high, np.full(FINE, panel.floor), "hill"),
        Links(None, x, y, x, np.full(len(x), above.floor), "faint"),
        Links(None, x, y, np.full(len(x), beside.left), y, "faint"),
        Links(None, x, np.full(len(x), above.floor), x, above.down(heat_cost), f"thin{number}"),
        Links(None, np.full(len(x), beside.left), y, beside.across(salt_cost), y, f"thin{number}"),
        Dots(above, heat, heat_cost, style, tips=tips),
        Dots(beside, salt_cost, salt, style, tips=tips),
        Dots(panel, heat, salt, style, tips=tips),
        Dots(
            panel, [heat[one.best]], [salt[one.best]], f"star{number}", tips=[f"the best: {tips[one.best]}"]
        ),
        *(
            Text(
                None,
                float(panel.across(value)) + 7,
                float(above.down(kitchen.heat_cost(value))) - 6,
                f"×{n}",
                "bold",
            )
            for value, n in several
        ),
    ]


def _all_kitchens(numbers: Tossed) -> list[Mark]:
    kitchens, wins = len(numbers.grid_best), numbers.random_wins
    grid, drawn = numbers.names
    share = 1 - wins / kitchens
    tips = [
        f"{name}: the best pizza in {n} of {kitchens} kitchens; {points(best.mean(), 2)} points on average"
        for name, n, best in ((grid, kitchens - wins, numbers.grid_best), (drawn, wins, numbers.drawn_best))
    ]
    middle = BAR.floor - BAR.height / 2 + 4.5
    return [
        Text(None, BAR.left, BAR.top - 9, f"Who bakes the best pizza in {kitchens} kitchens?", "title"),
        Bars(BAR, [0, share], [share, 1], [0, 0], [1, 1], styles=["pen1", "pen0"], tips=tips),
        Text(None, BAR.left + 9, middle, f"{grid} {kitchens - wins}", "on-dark"),
        Text(None, BAR.right - 9, middle, f"{drawn} {wins}", "on-dark", "end"),
    ]


def random(
    levels: int = 3, sampler: str = "independent", matters: float = 0, seed: int = 1
) -> RandomExplorer:
    """Toss pizzas at random beside as many on a grid, and see what shadows they cast on each dial.

    Parameters
    ----------
    levels : int
        Levels of the grid on each of the two dials, from 2 to 6; random search gets as many pizzas.
    sampler : {"independent", "sobol"}
        As in `RandomSearch`.
    matters : float
        How much salt matters compared with temperature, in per cent from 0 to 100.
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
