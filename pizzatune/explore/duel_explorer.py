"""You against a strategy: ten pizzas each, blind, in an oven that nobody knows; then it is uncovered."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from pizzatune.checks import one_of
from pizzatune.explore.explorer import Button, Card, Explorer, Knob, Pick, Switch
from pizzatune.explore.verdicts import nothing_yet, served
from pizzatune.menus.menu import Menu
from pizzatune.menus.secret import secret_oven
from pizzatune.pictures.duel import MAP, SPACE, Duel, duel_layers, short, uncovered, where
from pizzatune.pictures.ground import Truth
from pizzatune.pictures.marks import Layers
from pizzatune.result import Result
from pizzatune.space import Params, Space
from pizzatune.strategies.base import Strategy, Suggestion
from pizzatune.strategies.bayesian_optimization import BayesianOptimization
from pizzatune.strategies.genetic_algorithm import GeneticAlgorithm
from pizzatune.strategies.grid_search import GridSearch
from pizzatune.strategies.random_search import RandomSearch
from pizzatune.trial import Trial
from pizzatune.words import points

HEATS, TIMES = (150.0, 300.0), (3.0, 30.0)  # °C and minutes


@dataclass(frozen=True)
class Rival:
    """An opponent: its name, how it bakes, and the strategy for a space, a seed and so many pizzas."""

    name: str
    how: str
    strategy: Callable[[Space, int, int], Strategy]


RIVALS = {
    "Bayesian": Rival(
        "Dottoressa Bayes",
        "bakes where hope is greatest",
        lambda space, seed, _: BayesianOptimization(space, seed=seed),
    ),
    "Genetic": Rival(
        "Mamma Darwin",
        "lets good pizzas have children",
        lambda space, seed, _: GeneticAlgorithm(space, population=4, seed=seed),
    ),
    "Grid": Rival(
        "Signor Righello",
        "rules lines and bakes where they cross",
        lambda space, seed, pizzas: GridSearch(space, resolution=math.ceil(math.sqrt(pizzas)), seed=seed),
    ),
    "Random": Rival("Nonno Dado", "throws dice", lambda space, seed, _: RandomSearch(space, seed=seed)),
}
WON = ("Signora, your table.", "The oven bows to you.", "The recipe, please!", "Bravissimo!")
LOST = ("Pazienza. Rematch?", "It has no nose, and yet!", "Even Nonna lost once.", "The next oven is yours.")
DRAWN = ("Share the last slice.", "Two forks, one pizza.")
BAKED_BY_HAND = "you baked here"


class ByHand(RandomSearch):
    """You: what you bake is told to it. Asked for more without you, it draws at random."""


class DuelExplorer(Explorer):
    """Bake against a strategy in a secret oven, and see who came nearer to its best pizza.

    The strategy bakes when you bake, under a lid. ``put_in`` counts your pizzas; set it to 0 to clear the
    table. ``rematch`` moves to the next oven.
    """

    title = "A duel at the oven"
    size = (660.0, 426.0)
    lines = 3
    recorded = ("opponent",)

    opponent = Pick(
        {f"{rival.name} ({name})": name for name, rival in RIVALS.items()}, label="Against", reruns=True,
        help="Who bakes against you; after the last pizza, see how another would have fared",
    )  # fmt: skip
    temperature = Knob(*HEATS, 225.0, 5.0, "°C", help="On the map: arrow keys to the left and right")
    minutes = Knob(*TIMES, 9.5, 50, "min", log=True, help="On the map: arrow keys up and down")
    put_in = Button(
        "Bake", main=True, reruns=True, help="Bake where the dials stand; on the map a click or Enter does it"
    )
    rematch = Button("Rematch", main=True, reruns=True, help="Another oven, which nobody knows")
    peek = Switch(label="Show their best so far", more=True, help="By the rules, nobody knows before the end")
    pizzas = Knob(3, 20, 10, label="Pizzas each", reruns=True, more=True, help="A new number starts anew")
    seed = Knob(1, 99, 1, label="Oven", reruns=True, more=True, help="Each has its secrets; it starts anew")

    menu: Menu
    _me: Strategy
    _rival: Strategy
    _truth: tuple[Truth, Trial] | None  # the map and the best pizza on it, drawn while you think

    def prepare(self) -> None:
        """Nothing is baked."""
        self._rematches = 0
        self._oven: tuple[int, int] = (0, 0)  # seed and pizzas of the duel that is on
        self._against: tuple[Any, ...] = ()
        self._tally: dict[tuple[Any, ...], tuple[float, float]] = {}  # what both missed in each duel

    # -- baking

    def rerun(self) -> Iterator[int]:
        """Bake what you ordered; then let the strategy bake, and draw the map that nobody sees yet."""
        self._set_table()
        while len(self._me.trials) < min(self.put_in.value, self.pizzas.value):
            params = self._me.ask_again(Suggestion(self._aim, BAKED_BY_HAND))
            self._me.tell(params, self.menu.taste(params))
        self.put_in.value = len(self._me.trials)
        yield len(self._rival.trials)
        while len(self._rival.trials) < self.pizzas.value:  # it never sees yours, so it may bake ahead
            params = self._rival.ask()
            self._rival.tell(params, self.menu.taste(params))
            yield len(self._rival.trials)
        if self._truth is None:
            self._truth = uncovered(self.menu)
            yield len(self._rival.trials)

    @property
    def _aim(self) -> Params:
        return {"temperature": float(self.temperature.value), "minutes": float(self.minutes.value)}

    def _set_table(self) -> None:
        """The oven, you and the strategy as the controls say."""
        if self.rematch.value > self._rematches:
            self.seed.value = self.seed.value % int(self.seed.high) + 1
        self._rematches = self.rematch.value
        oven = self.seed.value, self.pizzas.value
        if oven != self._oven:
            self._oven, self._truth, self.menu = oven, None, secret_oven(oven[0])
            self._me = ByHand(SPACE, seed=oven[0], repeats=True)
            self.put_in.value = 0
        elif self.put_in.value < len(self._me.trials):
            self._me = self._me.rebuilt(self._me.trials[: max(self.put_in.value, 0)])
        if self._against != (self.opponent.value, *oven):
            self._against = self.opponent.value, *oven
            self._rival = RIVALS[self.opponent.value].strategy(SPACE, *oven)

    def enough(self) -> bool:
        """The opening is shown at once."""
        return True

    def clicked(self, name: str, x: float, y: float) -> None:
        """Bake at this place of the map."""
        if len(self._me.trials) < self.pizzas.value:
            heat, minutes = 5.0 * round(MAP.x.value(x) / 5), float(f"{MAP.y.value(y):.3g}")
            self.set(
                temperature=min(max(heat, HEATS[0]), HEATS[1]),
                minutes=min(max(minutes, TIMES[0]), TIMES[1]),
                put_in=self.put_in.value + 1,
            )

    def bake(self, temperature: float | None = None, minutes: float | None = None) -> Self:
        """Bake one pizza as if by hand: the dials stay where they are not given.

        Raises
        ------
        TypeError, ValueError
            If a dial cannot be turned there, or all pizzas of the duel are baked.
        """
        if len(self._me.trials) >= self.pizzas.value:
            raise ValueError(
                f"all {self.pizzas.value} pizzas of this duel are baked; write explorer.rematch.value += 1"
            )
        dials = {"temperature": temperature, "minutes": minutes}
        turned = {name: value for name, value in dials.items() if value is not None}
        self.set(**turned, put_in=self.put_in.value + 1)
        return self.settle()

    def memory(self) -> Any:
        """Your pizzas, and what both missed in the duels before."""
        mine = [[trial.params["temperature"], trial.params["minutes"]] for trial in self._me.trials]
        tally = [[*against, *missed] for against, missed in self._tally.items()]
        return [mine, tally] if mine or tally else None

    def remember(self, memory: Any) -> None:
        """Bake your pizzas again, and leave the dials where they stand."""
        mine, tally = memory
        dials = {"temperature": self.temperature.value, "minutes": self.minutes.value}
        for opponent, seed, pizzas, *missed in tally:
            ours, theirs = map(float, missed)
            against = self.opponent.check(opponent), self.seed.check(seed), self.pizzas.check(pizzas)
            self._tally[against] = ours, theirs
        for temperature, minutes in mine:
            self.bake(temperature, minutes)
        self.set(**dials)
        self._refresh()

    # -- what came of it

    @property
    def result(self) -> Result:
        """What you baked, as the result of a search."""
        return self._result(self._me)

    @property
    def opponent_result(self) -> Result:
        """What the strategy baked meanwhile."""
        return self._result(self._rival)

    def _result(self, strategy: Strategy) -> Result:
        baked = len(self._me.trials)
        own = strategy.rebuilt(strategy.trials[:baked])  # who goes on with it changes nothing here
        labels = self.menu.score_label, self.menu.trial_label
        stopped = f"{baked} of {self.pizzas.value} baked"
        return Result(tuple(own.trials), own, stopped, *labels, objective=self.menu.taste)

    def model(self) -> Duel:
        """The duel as it stands; the truth only once both have baked all."""
        mine, whole = tuple(self._me.trials), int(self.pizzas.value)
        over = len(mine) == self.run == whole and self._truth is not None
        name, theirs = RIVALS[self.opponent.value].name, tuple(self._rival.trials[: len(mine)])
        truth, top = self._truth if over and self._truth is not None else (None, None)
        peek = self.peek.value
        duel = Duel(self.menu, name, whole, self._aim, mine, theirs, truth, top, peek)
        if duel.missed is not None:  # the first time counts: the second time you know the map
            self._tally.setdefault(self._against, duel.missed)
        for control in (self.temperature, self.minutes, self.put_in):
            control.enabled = len(mine) < whole
        self.peek.enabled = 0 < len(mine) < whole
        self.rematch.shown = duel.missed is not None  # one takes the place of the other
        self.put_in.shown = not self.rematch.shown
        return replace(duel, tally=self._won())

    def _won(self) -> tuple[int, int]:
        """How many duels against this opponent each has won; to a tenth of a point, as people are told."""
        both = [missed for against, missed in self._tally.items() if against[0] == self.opponent.value]
        ahead = [np.sign(round(theirs, 1) - round(mine, 1)) for mine, theirs in both]
        return ahead.count(1), ahead.count(-1)

    def picture(self, numbers: Duel) -> Layers:
        """The map, both climbs, and who missed what."""
        return duel_layers(numbers)

    # -- in words

    def read(self, numbers: Duel) -> str:
        """What to do; then the last pizza and what it lost most to; in the end who won."""
        rival = RIVALS[self.opponent.value]
        if numbers.missed is not None:
            return self._verdict(numbers, numbers.missed)
        aim = f"your crosshair: {where(numbers.aim)}."
        if not numbers.mine:
            return (
                f"You bake {numbers.pizzas} pizzas, so does {rival.name}. Who finds the better one?\n"
                f"{rival.name} {rival.how}.\nClick the map, or bake at {aim}"
            )
        last, best = numbers.mine[-1], numbers.best[0]
        assert best is not None
        so_far = "your best so far" if last is best else f"your best is still {points(best.score or 0.0)}"
        worst = min(self.menu.judge(last.params), key=lambda part: part.points)
        lost = (
            f"{worst.label.lower()} (−{points(-worst.points)})" if worst.points < -0.05 else "nothing at all"
        )
        after = f"Next, {aim}" if len(numbers.mine) < numbers.pizzas else "Lids off!"
        said = f"Pizza {len(numbers.mine)}, {where(last.params)}: {points(last.score or 0.0)} points"
        alone = " That hint is for you alone." if last.number == 0 else ""
        return f"{said}, {so_far}.\nIt lost most to: {lost}.{alone}\n{after}"

    def _verdict(self, numbers: Duel, missed: tuple[float, float]) -> str:
        assert numbers.top is not None
        mine, theirs = (round(one, 1) for one in missed)
        kind = WON if mine < theirs else LOST if mine > theirs else DRAWN
        rival, best = short(numbers), points(numbers.top.score or 0.0)
        return (
            f"{_told(mine, rival, theirs)}. {kind[self.seed.value % len(kind)]}\n"
            f"This oven's best: {best} points at {where(numbers.top.params)}. "
            "Points missed are called regret.\n"
            f"Duels won: you {numbers.tally[0]}, {rival} {numbers.tally[1]}. Ready for another oven?"
        )

    def table(self, numbers: Duel) -> Mapping[str, Any]:
        """A row for each pizza of the duel; nan where it is not baked, or lies under a lid."""
        theirs = numbers.theirs if numbers.missed is not None else ()
        columns: dict[str, Any] = {"pizza": np.arange(1, numbers.pizzas + 1)}
        for before, trials in (("", numbers.mine), ("opponent_", theirs)):
            for name in ("temperature", "minutes", "score"):
                known = [_value(trial, name) for trial in trials]
                columns[before + name] = known + [math.nan] * (numbers.pizzas - len(known))
        return columns

    def card(self, numbers: Duel) -> Card:
        """Your last pizza and your best; in the end the best of both."""
        mine, theirs = numbers.best
        if mine is None or theirs is None:
            return Card(nothing_yet())
        last = theirs if numbers.missed is not None else numbers.mine[-1]
        mine_out, out = (served(self.menu.pizza(one.params), one.score) for one in (mine, last))
        if numbers.missed is not None:
            return Card(mine_out, out, "Your best", f"{short(numbers)}'s best")
        return Card(out, mine_out if mine is not last else None)


def _told(mine: float, rival: str, theirs: float) -> str:
    """Who missed the best pizza by how much.

    Examples
    --------
    >>> _told(0.4, "Bayes", 0.9), _told(0.0, "Bayes", 0.0)
    ('You missed the best by 0.4 points, Bayes by 0.9', 'You found the best there is, and so did Bayes')
    """
    if mine:
        return f"You missed the best by {points(mine)} points, {rival} by {points(theirs)}"
    other = f"{rival} missed it by {points(theirs)}" if theirs else f"and so did {rival}"
    return f"You found the best there is, {other}"


def _value(trial: Trial, name: str) -> float:
    return (trial.score or 0.0) if name == "score" else float(trial.params[name])


def duel(opponent: str = "Bayesian", seed: int = 1, pizzas: int = 10) -> DuelExplorer:
    """Bake against a strategy in an oven that nobody knows; in the end it is uncovered under both paths.

    Parameters
    ----------
    opponent : {"Bayesian", "Genetic", "Grid", "Random"}
        Who bakes against you.
    seed : int
        Which oven, from 1 to 99; the seed of the strategy, too.
    pizzas : int
        How many each of you bakes, from 3 to 20.

    Returns
    -------
    DuelExplorer
        To be shown in a notebook. Its numbers are in ``.data``, its sentence in ``.reading``; what you did is
        in ``.result``, as of any search, and the strategy's run in ``.opponent_result``.

    Raises
    ------
    TypeError, ValueError
        If there is no such opponent, oven or number of pizzas.

    Examples
    --------
    >>> import pizzatune as pt
    >>> explorer = pt.explore.duel("Grid", pizzas=3)
    >>> for heat in (200, 240, 260):
    ...     print(explorer.bake(temperature=heat, minutes=14).result.trials[-1])
    trial 0: temperature=200, minutes=14 -> 2.707
    trial 1: temperature=240, minutes=14 -> 6.904
    trial 2: temperature=260, minutes=14 -> 8.13
    >>> print(explorer.reading.splitlines()[0])
    You missed the best by 0.2 points, Righello by 0.6. The oven bows to you.
    """
    one_of("opponent", opponent, tuple(RIVALS))
    return DuelExplorer(opponent=opponent, seed=seed, pizzas=pizzas)
