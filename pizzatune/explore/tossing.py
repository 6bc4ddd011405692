"""The two dials of `random()`: as many pizzas at random as on a grid, in one kitchen after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pizzatune.explore.page import Card
from pizzatune.explore.verdicts import served
from pizzatune.lessons.random import draws, grid
from pizzatune.menus.oven import PLAIN_OVEN
from pizzatune.menus.salty import FLAVOUR, SaltyKitchen
from pizzatune.menus.taste import Pizza
from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Axes, Bars, Dots, Layers, Mark, Panel, Rule, Scale, Text
from pizzatune.pictures.shadows import GAP, STRIP, Side, land, map_panel, shadows, side
from pizzatune.words import count, points

KITCHENS = 100
BATCH = 5  # kitchens between two looks at what the learner does
SIZE, TOP = 196, 114  # px: the side of a map, and how far down it lies
MAPS = tuple(map_panel(left, TOP, SIZE) for left in (58, 378))
BAR = Panel(58, 392, 574, 26, Scale(0, KITCHENS, ticks=()), Scale(0, 1, ticks=()))


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


def tallies(levels: int, sampler: str, before: Any = None) -> Iterator[Tally]:
    """Let both searches ask in kitchen after kitchen; until the first are known, show what was `before`."""
    if isinstance(before, Tally) and sampler == "sobol" and "scipy.stats" not in sys.modules:
        yield before  # Sobol's sequence takes a second to load
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


@dataclass(frozen=True)
class Tossed:
    """One kitchen with the pizzas of both searches, and how they fared in the kitchens up to it.

    Attributes
    ----------
    kitchen : SaltyKitchen
        The kitchen in the picture.
    sampler : str
        How the random search draws.
    grid, drawn : Side
        The pizzas of the grid and of the random search.
    grid_best, drawn_best : ndarray, shape (kitchens,)
        The best score of each in kitchens 1, 2 and so on, up to the one in the picture.
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
    def wins(self) -> tuple[int, int]:
        """In how many kitchens each search was ahead."""
        return len(self.grid_best) - self.random_wins, self.random_wins

    @property
    def names(self) -> tuple[str, str]:
        """What the two searches are called."""
        return "Grid", "Sobol" if self.sampler == "sobol" else "Random"


def toss(tally: Tally, kitchen: SaltyKitchen) -> Tossed:
    """The pizzas of a kitchen, and the best ones of every kitchen up to it."""
    planned = grid(tally.levels)
    drawn = draws(kitchen.seed, len(planned), sampler=tally.sampler)
    best = (scores[: kitchen.seed] for scores in tally.best(kitchen.matters))
    return Tossed(kitchen, tally.sampler, side(planned, kitchen), side(drawn, kitchen), *best)


def picture(numbers: Tossed) -> Layers:
    """Two maps with the shadows on their sides, and below a bar that fills kitchen by kitchen."""
    both = tuple(zip(MAPS, numbers.names, (numbers.grid, numbers.drawn), strict=True))
    layers: Layers = {
        "axes": [
            *(Axes(panel) for panel in MAPS),
            *(Text(None, panel.left - 7, panel.top - 10, "salt (g)", "", "end") for panel in MAPS),
        ],
        "land": [land(panel, numbers.kitchen) for panel in MAPS],
    }
    for number, (panel, name, one) in enumerate(both):
        marks = [*_heading(panel, number, name, one), *shadows(panel, one, numbers.kitchen, number)]
        layers[f"pizzas {number}"] = marks
    layers["bar"] = _bar(numbers)
    return layers


def _heading(panel: Panel, number: int, name: str, one: Side) -> list[Mark]:
    many = f"{count(len(one.scores), 'pizza')}: {one.places[0]} temperatures, {one.places[1]} salts"
    return [
        Dots(None, [panel.left + 7], [15], f"pen{number}", sizes=[7.0]),
        Text(None, panel.left + 22, 21, name, "big"),
        Text(None, panel.right + GAP + STRIP, 21, f"best {points(one.scores.max())}", "big", "end"),
        Text(None, panel.left, 40, many, "quiet"),
    ]


def _bar(numbers: Tossed) -> list[Mark]:
    """Like seats in a parliament: the grid's kitchens from the left, the random ones from the right."""
    ends, over, (grid, drawn) = (BAR.left, BAR.right), BAR.top - 10, numbers.wins
    bests = numbers.grid_best.mean(), numbers.drawn_best.mean()
    tips = [
        f"{name} is ahead in {count(wins, 'kitchen')}, with {points(best, 2)} points on average"
        for name, wins, best in zip(numbers.names, numbers.wins, bests, strict=True)
    ]
    left, right, styles = [0, KITCHENS - drawn], [grid, KITCHENS], ["pen0", "pen1"]
    so_far = f"Who won so far, after {count(len(numbers.grid_best), 'kitchen')}"
    marks: list[Mark] = [
        Bars(BAR, [0], [KITCHENS], [0], [1], "track"),
        Bars(BAR, left, right, [0, 0], [1, 1], styles=styles, tips=tips),
        Rule(BAR, KITCHENS / 2, "limit", tip="half of the kitchens"),
        Text(None, (BAR.left + BAR.right) / 2, over, so_far, "", "middle"),
    ]
    for end, name, wins, anchor in zip(ends, numbers.names, numbers.wins, ("start", "end"), strict=True):
        marks.append(Text(None, end, over, f"{name} {wins}", "title", anchor))
    return marks


def read(numbers: Tossed) -> str:
    """This kitchen, why, and all kitchens so far."""
    percent = round(100 * numbers.kitchen.matters)
    salt = (
        f"matters {f'{percent} % ' if percent < 100 else ''}as much as heat" if percent else "does not matter"
    )
    kind = numbers.names[1].replace("Random", "random")
    one, other, kitchens = numbers.grid, numbers.drawn, len(numbers.grid_best)
    return (
        f"Kitchen {numbers.kitchen.seed}: the best {kind} pizza has {points(other.scores.max())} points, "
        f"the grid's best {points(one.scores.max())}.\n"
        f"Salt {salt}: the grid tries {one.places[0]} temperatures, {kind} search {other.places[0]}.\n"
        f"So far {kind} search won {numbers.random_wins} of {count(kitchens, 'kitchen')}: "
        f"{points(numbers.drawn_best.mean(), 2)} points to {points(numbers.grid_best.mean(), 2)} on average."
    )


def table(numbers: Tossed) -> Mapping[str, Any]:
    """A row for each pizza in the picture."""
    sides = numbers.grid, numbers.drawn
    return {
        "search": [name for name, one in zip(("grid", "random"), sides, strict=True) for _ in one.scores],
        "temperature": np.concatenate([one.pizzas[:, 0] for one in sides]),
        "salt": np.concatenate([one.pizzas[:, 1] for one in sides]),
        "score": np.concatenate([one.scores for one in sides]),
    }


def card(numbers: Tossed) -> Card:
    """The best pizza of each search, as brown as its temperature is right."""
    minutes = PLAIN_OVEN.minutes_until_done(numbers.kitchen.best_temperature)
    grid, drawn = (
        served(Pizza(("Sausage",), temperature=float(one.pizzas[one.best, 0]), minutes=minutes), score)
        for one in (numbers.grid, numbers.drawn)
        for score in [float(one.scores[one.best])]
    )
    return Card(grid, drawn, "Best of the grid", f"Best of {numbers.names[1].replace('Random', 'random')}")
