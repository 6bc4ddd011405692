"""The great bake-off: strategies race for many evenings, and one sees how little a single one proves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pizzatune.board import Board, mean_interval
from pizzatune.explore.explorer import Card, Explorer, Knob, Pick, Steps
from pizzatune.explore.race_picture import Standing, picture
from pizzatune.explore.verdicts import nothing_yet, served
from pizzatune.laps import Heat, Lap, Rules, Runner, yardstick
from pizzatune.menus.article import three_toppings, topping_and_heat
from pizzatune.menus.menu import Menu
from pizzatune.menus.tricky import ridge, striped, two_hills
from pizzatune.pictures.marks import Layers
from pizzatune.racing import board_of
from pizzatune.space import Params
from pizzatune.strategies.base import Strategy
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.strategies.genetic_algorithm import GeneticAlgorithm
from pizzatune.strategies.grid_search import GridSearch
from pizzatune.strategies.random_search import RandomSearch
from pizzatune.words import count, listed, points

Factory = Callable[..., Strategy]
RACERS: dict[str, Factory] = {
    "Bayesian": BayesianOptimization,
    "Genetic": GeneticAlgorithm,
    "Random": RandomSearch,
    "Grid": GridSearch,
}
KITCHENS: dict[str, Callable[[], Menu]] = {
    "A topping and the heat": topping_and_heat,
    "Three toppings": three_toppings,
    "Two hills": two_hills,
    "Stripes": striped,
    "A slanted ridge": ridge,
}
MOST = 40  # evenings
ENOUGH = 10  # evenings before an interval of the lead is told: from fewer it is too narrow


class Dish(NamedTuple):
    """How one strategy fared on one evening, and what it would serve in the end."""

    lap: Lap
    params: Params


@lru_cache(maxsize=len(KITCHENS))
def kitchen(name: str) -> Menu:
    """One of the kitchens; its best pizza is looked for once."""
    return KITCHENS[name]()


class RaceExplorer(Explorer):
    """Let strategies bake for one evening after another, and see who is ahead, and whether that is luck.

    ``board`` has the same numbers as `pizzatune.race` would give, for the evenings that are over.
    """

    title = "The great bake-off"
    size = (660.0, 442.0)
    lines = 3
    recorded = ("kitchen",)

    evening = Steps(
        0, MOST, label="Evenings", seconds=0.45, help="How many evenings are over; each is a seed"
    )
    kitchen = Pick(list(KITCHENS), reruns=True, help="What is baked; who wins depends on it")
    racers = Pick(
        list(RACERS),
        list(RACERS),
        "Who bakes",
        several=True,
        reruns=True,
        help="Each with its own settings as they come",
    )
    budget = Knob(3, 40, 15, unit="pizzas", reruns=True, help="How many pizzas each bakes on an evening")
    noise = Knob(
        0.0, 2.0, 0.0, 0.1, "points", reruns=True, more=True,
        help="How far a taster wavers; what counts is the true score of the pizza that each would serve",
    )  # fmt: skip
    evenings = Knob(2, MOST, 20, label="Evenings in all", reruns=True, more=True, help="How many seeds")
    first = Knob(
        0, 900, 0, 20, label="First seed", reruns=True, more=True,
        help="Other seeds are other luck: does the same strategy win again?",
    )  # fmt: skip

    def prepare(self) -> None:
        """No evening is over."""
        self._bakes = self.racers.value  # who baked last
        self._kept: dict[tuple[Any, ...], Dish] = {}

    def forget(self) -> None:
        """Throw away the evenings that are over."""
        self._kept.clear()

    def rerun(self) -> Iterator[tuple[dict[str, Dish], ...]]:
        """Race on one evening after the other."""
        over: list[dict[str, Dish]] = []
        if not self.racers.value:  # somebody has to bake
            self.racers.value = self._bakes
        names = self._bakes = self.racers.value
        yield ()
        for seed in self._seeds(self.evenings.value):
            dishes: dict[str, Dish] = {}
            for name in names:
                evening = self.kitchen.value, name, seed, self.budget.value, self._noise
                if evening not in self._kept:
                    runner = Runner(self._menu, seed, self._rules)
                    for _ in runner.running(RACERS[name]):
                        yield tuple(over)
                    best = runner.entrant.recommend()
                    assert best is not None  # our kitchens taste whatever is asked
                    self._kept[evening] = Dish(runner.lap, best.params)
                dishes[name] = self._kept[evening]
            over.append(dishes)
            yield tuple(over)

    def enough(self) -> bool:
        """The opening is shown at once."""
        return bool(len(self.run) >= self.evening.value)

    def _seeds(self, number: int) -> range:
        return range(self.first.value, self.first.value + number)

    @property
    def _menu(self) -> Menu:
        return kitchen(self.kitchen.value)

    @property
    def _noise(self) -> float:
        return float(round(self.noise.value, 10))

    @property
    def _rules(self) -> Rules:
        return Rules(self.budget.value, self._noise, False, False)

    @property
    def board(self) -> Board:
        """The race as far as it is shown, as `pizzatune.race` gives it.

        Raises
        ------
        ValueError
            Before two evenings are over: one says nothing about the spread.
        """
        run = self.run[: self.evening.value]
        if len(run) < 2:
            raise ValueError(f"a board needs two evenings, got {len(run)}; press Play or set evening")
        scale = yardstick(self._menu)
        heats = [Heat(scale, {name: dish.lap for name, dish in heat.items()}) for heat in run]
        return board_of(self._menu, heats, self._rules, tuple(self._seeds(len(run))), (self.budget.value,))

    def model(self) -> Standing:
        """Who missed how much, pizza by pizza, on each evening that is shown."""
        self.evening.high = self.evenings.value
        run, budget, menu = self.run[: self.evening.value], self.budget.value, self._menu
        top = menu.best.score
        assert top is not None
        names = self.racers.value
        served_ = [[_filled(heat[name].lap.served, budget) for heat in run] for name in names]
        missed = top - np.array(served_).reshape(len(names), len(run), budget)
        return Standing(
            self.kitchen.value, menu, names, tuple(list(RACERS).index(name) for name in names), budget,
            missed, tuple({name: dish.params for name, dish in heat.items()} for heat in run),
            self.evenings.value, len(self.run),
        )  # fmt: skip

    def picture(self, numbers: Standing) -> Layers:
        """Points missed on the way; who won each evening; shares of the evenings won."""
        return picture(numbers)

    def read(self, numbers: Standing) -> str:
        """What happened last, how it stands, and whether that is more than luck."""
        if not numbers.over:
            pizzas = count(numbers.budget, "pizza")
            if len(numbers.names) == 1:
                return (
                    f"{numbers.names[0]} bakes {pizzas} on each of {numbers.asked} evenings.\n"
                    "Alone, one wins every evening: switch on somebody else."
                )
            return (
                f"{listed(numbers.names)} bake {pizzas} each.\n"
                f"They do so on {numbers.asked} evenings, each time with other luck.\n"
                "Press Play. Who will win most evenings?"
            )
        ends, last = numbers.ends, numbers.over - 1
        winners = [name for name, won in zip(numbers.names, numbers.won[:, last], strict=True) if won]
        ranked = np.argsort(ends.mean(axis=1), kind="stable").tolist()
        means = ", ".join(f"{numbers.names[one]} {points(ends[one].mean())}" for one in ranked)
        verb = "wins" if len(winners) == 1 else "share it"
        return (
            f"Evening {numbers.over}: {listed(winners)} {verb}, "
            f"{points(ends[:, last].min())} points from the best pizza there is.\n"
            f"Missed on average: {means}.\n"
            f"{_proof(numbers, *ranked[:2])}"
        )

    def table(self, numbers: Standing) -> Mapping[str, Any]:
        """A row for each strategy on each evening; nan on those to come."""
        names, asked = numbers.names, numbers.asked
        to_come = ((0, 0), (0, asked - numbers.over))
        return {
            "strategy": [name for name in names for _ in range(asked)],
            "seed": [seed for _ in names for seed in self._seeds(asked)],
            "missed": np.pad(numbers.ends, to_come, constant_values=np.nan).reshape(-1),
            "won": np.pad(numbers.won, to_come, constant_values=np.nan).reshape(-1),
        }

    def card(self, numbers: Standing) -> Card:
        """What the best and the worst of the last evening would serve."""
        if not numbers.over:
            return Card(nothing_yet())
        last, ends = numbers.over - 1, numbers.ends[:, -1]
        first, worst = (numbers.names[int(place)] for place in (ends.argmin(), ends.argmax()))
        dishes = [numbers.dishes[last][name] for name in (first, worst)]
        out = [served(numbers.menu.pizza(dish)) for dish in dishes]
        if first == worst:
            return Card(out[0], heading=f"{first} serves")
        return Card(out[0], out[1], f"{first} serves", f"{worst} serves")


def _filled(scores: list[float], budget: int) -> list[float]:
    """The true score of what is served after each pizza; at the end of a space the last one stays."""
    return [*scores, *scores[-1:] * (budget - len(scores))]


def _proof(numbers: Standing, first: int, second: int | None = None) -> str:
    """Whether the lead of the first is more than luck, by the interval of the mean difference."""
    names, over = numbers.names, numbers.over
    if second is None:
        return "Alone, one wins every evening: switch on somebody else."
    if over < ENOUGH:
        return f"{'One evening proves' if over == 1 else f'{over} evenings prove'} nothing yet."
    apart = numbers.ends[second] - numbers.ends[first]
    low, high = mean_interval(apart)
    lead = f"{names[first]} leads {names[second]} by {points(apart.mean(), 2)} points"
    return f"{lead} [{points(low, 2)} to {points(high, 2)}]: {'hardly' if low > 0 else 'perhaps only'} luck."


def race(
    kitchen: str = "A topping and the heat",
    racers: tuple[str, ...] | list[str] = tuple(RACERS),
    budget: int = 15,
    *,
    noise: float = 0.0,
    evenings: int = 20,
    first: int = 0,
    evening: int = 0,
) -> RaceExplorer:
    """Race strategies for many evenings: how far each stays from the best pizza, and how often it wins.

    Parameters
    ----------
    kitchen : str
        "A topping and the heat", "Three toppings", "Two hills", "Stripes" or "A slanted ridge".
    racers : sequence of str
        Some of "Bayesian", "Genetic", "Random" and "Grid", each with its default settings.
    budget : int
        Pizzas that each bakes on an evening, from 3 to 40.
    noise : float
        Standard deviation of a taster who wavers, in points from 0 to 2.
    evenings : int
        Seeds in all, from 2 to 40.
    first : int
        The first seed, from 0 to 900.
    evening : int
        How many evenings are shown, from 0.

    Returns
    -------
    RaceExplorer
        To be shown in a notebook. ``.board`` is the `Board` of the evenings shown.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3: the interval of the lead.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.race("Stripes", ["Random", "Grid"], evening=8)
    >>> explorer.board.wins()["Random"] > 0.5
    True
    """
    return RaceExplorer(
        kitchen=kitchen, racers=racers, budget=budget, noise=noise, evenings=evenings, first=first,
        evening=evening,
    )  # fmt: skip
