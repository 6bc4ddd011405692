"""One dial at a time, beside both at once, where hotter wants shorter: two maps, uncovered bake by bake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from pizzatune.explore.explorer import Button, Card, Explorer, Knob, Pick, Steps
from pizzatune.explore.ridge_picture import (
    HEATS,
    MAPS,
    SPACE,
    TIMES,
    Ridge,
    picture,
    place_text,
    trials_of,
)
from pizzatune.explore.verdicts import nothing_yet, served
from pizzatune.lessons.dials import Walk, missed, missed_at_random, one_at_a_time
from pizzatune.menus.menu import Menu
from pizzatune.menus.tricky import ridge as kitchen_with
from pizzatune.parameters import FloatArray
from pizzatune.pictures import ground
from pizzatune.pictures.ground import Truth
from pizzatune.pictures.marks import Layers
from pizzatune.space import Params
from pizzatune.strategies.base import Strategy
from pizzatune.strategies.random_search import RandomSearch
from pizzatune.trial import Trial
from pizzatune.words import points

ONE = "One at a time"
MOST = 35
BOTH = {"Random search": "random", "Bayesian search": "bayesian", "You": "you"}


@lru_cache(maxsize=24)
def kitchen(slant: int) -> tuple[Menu, Truth]:
    """The kitchen whose ridge is so slanted, in per cent, and its whole map."""
    menu = kitchen_with(slant / 100)
    return menu, ground.survey(menu, "temperature", "minutes", {})


@lru_cache(maxsize=24)
def walks(slant: int, levels: int, budget: int) -> tuple[tuple[Walk, ...], FloatArray]:
    """One dial at a time from every start, and what each misses."""
    scores = kitchen(slant)[1].score
    every = tuple(one_at_a_time(scores, row, levels, budget) for row in range(len(TIMES)))
    return every, np.array([missed(scores, walk.places) for walk in every])


class RidgeExplorer(Explorer):
    """Turn how slanted the ridge is, and where a search starts that turns one dial at a time."""

    title = "One dial at a time?"
    size = (660.0, 442.0)
    lines = 3

    step = Steps(0, MOST, label="Pizzas", seconds=0.35, help="How many pizzas each of the two has baked")
    slant = Knob(
        0, 100, 100, 5, "%", reruns=True, marks={0: "smart timer", 100: "plain timer"},
        help="A plain timer: hotter wants shorter. A smart one shortens hot bakes itself; the ridge is level",
    )  # fmt: skip
    start = Knob(
        TIMES[0], TIMES[-1], 14, unit="min", label="Starts at", help="Minutes that the first sweep holds"
    )
    both = Pick(
        BOTH, label="Both at once", reruns=True, help="Who turns both dials at once, on the right map"
    )
    put_in = Button(
        "Bake", main=True, reruns=True, help="Bake at the crosshair; on the map a click or Enter does"
    )
    temperature = Knob(
        HEATS[0], HEATS[-1], 190.0, 10.0, "°C", more=True, help="On the map: arrow keys to the left and right"
    )
    minutes = Knob(TIMES[0], TIMES[-1], 9, unit="min", more=True, help="On the map: arrow keys up and down")
    budget = Knob(
        10, MOST, 30, unit="pizzas", reruns=True, more=True, help="How many pizzas each of the two bakes"
    )
    levels = Knob(
        4, 13, 7, label="Pizzas per sweep", more=True, help="Evenly spread; each sweep half as wide"
    )
    seed = Knob(1, 99, 1, reruns=True, more=True, help="The seed of random search")

    def prepare(self) -> None:
        """Nothing is baked by hand."""
        self._orders: list[Params] = []

    def rerun(self) -> Iterator[tuple[Trial, ...]]:
        """Turn both dials at once: as a strategy asks, or as you ordered."""
        menu, budget = kitchen(self.slant.value)[0], self.budget.value
        if self.both.value == "you":
            yield self._by_hand(menu, budget)
            return
        strategy: Strategy = self._strategy(menu)
        for number in range(budget):
            params = strategy.ask()
            strategy.tell(params, menu.taste(params))
            if self.both.value == "bayesian" or number == budget - 1:
                yield tuple(strategy.trials)

    def _strategy(self, menu: Menu) -> Strategy:
        if self.both.value == "random":
            return RandomSearch(menu.space, seed=self.seed.value)
        from pizzatune.strategies.bayesian_optimization import BayesianOptimization  # brings scipy

        return BayesianOptimization(menu.space, seed=self.seed.value)

    def _by_hand(self, menu: Menu, budget: int) -> tuple[Trial, ...]:
        del self._orders[max(min(self.put_in.value, budget), 0) :]
        if len(self._orders) < min(self.put_in.value, budget) and self._aim not in self._orders:
            self._orders.append(self._aim)
        self.put_in.value = len(self._orders)
        return tuple(
            Trial(number, dict(order), menu.taste(order), why="you baked here")
            for number, order in enumerate(self._orders)
        )

    @property
    def _aim(self) -> Params:
        return {"temperature": 10.0 * round(self.temperature.value / 10), "minutes": int(self.minutes.value)}

    def enough(self) -> bool:
        """The opening is shown at once."""
        return True

    def clicked(self, name: str, x: float, y: float) -> None:
        """Start the first sweep there, or bake there."""
        panel, you = MAPS[name == "bake"], name == "bake"
        minutes = int(np.clip(round(panel.y.value(y)), TIMES[0], TIMES[-1]))
        if not you:
            self.start.value = minutes
        elif self.put_in.enabled:
            heat = float(np.clip(10 * round(panel.x.value(x) / 10), HEATS[0], HEATS[-1]))
            self.set(temperature=heat, minutes=minutes, put_in=self.put_in.value + 1)

    def dragged(self, name: str, x: float, y: float) -> None:
        """The start follows the hand."""
        self.clicked(name, x, y)

    def memory(self) -> Any:
        """Your pizzas."""
        return [[order["temperature"], order["minutes"]] for order in self._orders] or None

    def remember(self, memory: Any) -> None:
        """Bake your pizzas again."""
        checks = self.temperature.check, self.minutes.check
        places = [[check(value) for check, value in zip(checks, one, strict=True)] for one in memory]
        self._orders = [
            dict(zip(SPACE.names, place, strict=True)) for place in places[: int(self.budget.value)]
        ]
        self.set(put_in=len(self._orders))

    def model(self) -> Ridge:
        """Both searches as they stand."""
        you, budget = self.both.value == "you", self.budget.value
        self.step.high = budget
        for control in (self.temperature, self.minutes, self.put_in):
            control.shown = you
        self.step.shown = not you
        self.seed.enabled = self.both.value == "random"
        self.put_in.enabled = self.temperature.enabled = self.minutes.enabled = len(self._orders) < budget
        menu, truth = kitchen(self.slant.value)
        every, misses = walks(self.slant.value, self.levels.value, budget)
        walk = every[TIMES.index(self.start.value)]
        steps = len(self._orders) if you else self.step.value
        return Ridge(
            menu, truth, (ONE, self.both.text), (trials_of(walk, truth.score)[:steps], self.run[:steps]),
            walk, self.start.value, budget, steps == budget == len(self.run), misses,
            missed_at_random(truth.score, budget), self._aim if you else None,
        )  # fmt: skip

    def picture(self, numbers: Ridge) -> Layers:
        """Two maps, and who missed what."""
        return picture(numbers)

    def read(self, numbers: Ridge) -> str:
        """What both baked last, why, and the best so far; in the end what they missed."""
        return "\n".join(_verdict(numbers) if numbers.over else _on_the_way(numbers))

    def table(self, numbers: Ridge) -> Mapping[str, Any]:
        """A row for each pizza."""
        trials = [
            (name, trial) for name, side in zip(numbers.names, numbers.baked, strict=True) for trial in side
        ]
        columns: dict[str, Any] = {"search": [name for name, _ in trials]}
        columns["pizza"] = [trial.number + 1 for _, trial in trials]
        for name in SPACE.names:
            columns[name] = [trial.params[name] for _, trial in trials]
        return columns | {
            "score": [trial.score for _, trial in trials],
            "why": [trial.why for _, trial in trials],
        }

    def card(self, numbers: Ridge) -> Card:
        """The last pizza of both; in the end the best."""
        ends = numbers.best if numbers.over else tuple(side[-1] if side else None for side in numbers.baked)
        if ends[0] is None or ends[1] is None:
            return Card(nothing_yet())
        out = [served(numbers.menu.pizza(one.params), one.score) for one in ends if one is not None]
        return Card(out[0], out[1], ONE, numbers.names[1])


def _on_the_way(numbers: Ridge) -> tuple[str, str, str]:
    left, right = numbers.baked
    other = numbers.other
    if not left or not right:
        return (
            f"{numbers.budget} pizzas each, from {len(HEATS)} temperatures and {len(TIMES)} times.",
            "Left: sweep the temperature, keep the best; sweep the minutes; and again.",
            f"Right: {other} {'turn' if other == 'you' else 'turns'} both dials at once. Who finds the best?",
        )
    best = [(points(one.score or 0.0), place_text(one.params)) for one in numbers.best if one is not None]
    return (
        f"Left: {place_text(left[-1].params)}: {points(left[-1].score or 0.0)} points. "
        f"Right: {place_text(right[-1].params)}: {points(right[-1].score or 0.0)}.",
        f"One dial at a time stands still at {best[0][1]}: neither dial alone led on."
        if numbers.stuck
        else f"Left, {left[-1].why}.",
        f"Best so far: one dial at a time {best[0][0]}, {other} {best[1][0]}.",
    )


def _verdict(numbers: Ridge) -> tuple[str, str, str]:
    """Who missed what, whether the dials mind each other, and whether it was luck."""
    missed_by, best = [points(one) for one in numbers.missed], numbers.best[0]
    assert best is not None
    other = numbers.other
    times = [TIMES[row] for row in numbers.truth.score.argmax(axis=0)]
    if len(set(times)) == 1:
        why = f"The best time is {times[0]} min at any temperature: here each dial can be turned alone."
    else:
        why = f"{HEATS[0]:.0f} °C wants {times[0]} min, {HEATS[-1]:.0f} °C wants {times[-1]}: "
        why += "what is best on one dial depends on the other."
    return (
        f"Points missed: one dial at a time {missed_by[0]}, {other} {missed_by[1]}.",
        why,
        f"From all {len(TIMES)} starts it misses {points(numbers.misses.mean())} on average; "
        f"{numbers.budget} random pizzas miss {points(numbers.at_random)}.",
    )


def ridge(
    slant: int = 100,
    start: int = 14,
    both: str = "random",
    budget: int = 30,
    *,
    levels: int = 7,
    seed: int = 1,
) -> RidgeExplorer:
    """Tune one dial at a time, beside both at once, where good pizzas lie along a slanted ridge.

    Parameters
    ----------
    slant : int
        In per cent: 100 is a plain timer, where hotter wants shorter; 0 a smart one that shortens hot bakes
        by itself, so that each dial can be turned alone.
    start : int
        Minutes that the first sweep holds, from 3 to 18.
    both : {"random", "bayesian", "you"}
        Who turns both dials at once.
    budget : int
        How many pizzas each of the two bakes, from 10 to 35.
    levels : int
        How many pizzas a sweep bakes, from 4 to 13; each sweep of a dial is half as wide as the one before.
    seed : int
        Of random search, from 1 to 99; Bayesian search draws nothing here.

    Returns
    -------
    RidgeExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``.

    Raises
    ------
    TypeError, ValueError
        If a start lies outside its knob.

    References
    ----------
    Box, Hunter and Hunter (2005), Statistics for Experimenters, 2nd edition, chapter 11: on one factor at a
    time, and the ridge that it cannot climb.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.ridge()
    >>> explorer.step.value = 30
    >>> print(explorer.reading.splitlines()[0])
    Points missed: one dial at a time 3.5, random search 1.3.
    >>> explorer.slant.value = 0
    >>> round(explorer.data.missed[0], 1)
    0.0
    """
    return RidgeExplorer(slant=slant, start=start, both=both, budget=budget, levels=levels, seed=seed)
